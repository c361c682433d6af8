// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Informational exchanges (RFC 2409 section 5.7): one message, never answered, never repeated.
 */
#ifndef IKE_INFORMATIONAL_H
#define IKE_INFORMATIONAL_H

#include "ike-exchange.h"
#include "ike-sa.h"

#include "ns3/ipsec-sa.h"
#include "ns3/isakmp-payloads.h"

#include <optional>

namespace ns3
{
namespace ipsec
{

/// Returns the notification that tells the peer of a fault, or nothing if it is told nothing.
std::optional<NotifyType> NotifyFor(Fault fault);
/// Returns the same for messages whose HASH was right: a peer that has the keys learns of more.
std::optional<NotifyType> ProtectedNotifyFor(Fault fault);

/// Makes a clear notification about a phase 1 that never had keys.
OutgoingMessage MakeClearNotify(const Cookie& initiator,
                                const Cookie& responder,
                                uint32_t messageId,
                                NotifyType type);

/// Makes an encrypted informational message with these payloads behind HASH(1).
Result<OutgoingMessage> MakeProtectedInformational(const IkeKeys& keys,
                                                   uint32_t messageId,
                                                   std::vector<RawPayload> payloads,
                                                   Work& work);

/// In which order a DPD message has its payloads: as all others, or as Huawei's seq-notify-hash.
enum class DpdOrder : uint8_t
{
    HashFirst,
    NotifyFirst,
};

/// Makes an encrypted message with HASH(1) behind the notification that it covers.
Result<OutgoingMessage> MakeNotifyFirst(const IkeKeys& keys,
                                        uint32_t messageId,
                                        const RawPayload& notify,
                                        Work& work);

/// Makes a notification payload about an IPsec SA.
RawPayload MakeIpsecNotify(NotifyType type, ProtocolId protocol, OctetView spi);
/// Makes the Delete payloads for inbound SAs of ours: one for each protocol, AH first.
std::vector<RawPayload> MakeIpsecDeletes(const std::vector<SaKey>& inbound);
/// Makes a Delete payload for an IKE SA.
RawPayload MakeIsakmpDelete(const Cookie& initiator, const Cookie& responder);
/// Makes the Delete payloads of one message that ends an IKE SA and inbound SAs of ours.
std::vector<RawPayload> MakeDeletesOfAll(const Cookie& initiator,
                                         const Cookie& responder,
                                         const std::vector<SaKey>& inbound);

/// Decrypts an informational message and verifies HASH(1), which must be its first payload:
/// BadHash. With NotifyFirst, one whose first payload is a notification must end with the HASH.
Result<IncomingMessage> OpenInformational(const IkeKeys& keys,
                                          const IsakmpHeader& header,
                                          OctetView datagram,
                                          DpdOrder order,
                                          Work& work);

} // namespace ipsec
} // namespace ns3

#endif // IKE_INFORMATIONAL_H
