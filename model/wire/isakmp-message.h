// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Framing of ISAKMP messages: the header and the chain of payloads, bodies untouched.
 */
#ifndef ISAKMP_MESSAGE_H
#define ISAKMP_MESSAGE_H

#include "isakmp-constants.h"

#include "ns3/ipsec-fault.h"
#include "ns3/ipsec-octets.h"

namespace ns3
{
namespace ipsec
{

/// A cookie of RFC 2408 section 2.5.3.
using Cookie = std::array<uint8_t, 8>;

constexpr size_t ISAKMP_HEADER_OCTETS = 28;
constexpr size_t GENERIC_HEADER_OCTETS = 4;
constexpr uint8_t ISAKMP_VERSION = 0x10;
/// Most payloads in one message; the longest real messages (certificate chains with NAT-D and
/// vendor IDs) stay below 40.
constexpr size_t MAX_PAYLOADS = 64;

/**
 * The header of every message (RFC 2408 section 3.1).
 *
 *                      1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * !                          Initiator                            !
 * !                            Cookie                             !
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * !                          Responder                            !
 * !                            Cookie                             !
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * !  Next Payload ! MjVer ! MnVer ! Exchange Type !     Flags     !
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * !                          Message ID                           !
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * !                            Length                             !
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 */
struct IsakmpHeader
{
    Cookie initiatorCookie{};
    Cookie responderCookie{};
    PayloadType nextPayload = PayloadType::None;
    uint8_t version = ISAKMP_VERSION;
    ExchangeType exchange = ExchangeType::MainMode;
    uint8_t flags = 0;
    uint32_t messageId = 0;
    uint32_t length = ISAKMP_HEADER_OCTETS;

    /// Tells whether everything after the header is encrypted.
    bool
    IsEncrypted() const
    {
        return (flags & FLAG_ENCRYPTION) != 0;
    }
};

/// A payload as received: its type and its octets without the generic header.
struct RawPayload
{
    PayloadType type = PayloadType::None;
    Octets body;
    /// Where its generic header starts in the chain it was read from (hashes cover raw octets).
    size_t offset = 0;
};

/// The payloads of one message in order.
struct PayloadChain
{
    std::vector<RawPayload> payloads;
    /// Octets that the chain occupies; what follows in an encrypted message is padding.
    size_t octets = 0;

    /// Returns the first payload of this type, or null.
    const RawPayload* Find(PayloadType type) const;
    /// Returns how many payloads have this type.
    size_t Count(PayloadType type) const;
};

/**
 * Reads the header of a datagram.
 * @return TooShort, LengthMismatch (the length field must equal the datagram's size: a tail is
 * never parsed), BadVersion (major version), BadCookie (initiator cookie zero, or both cookies
 * equal), or the header. The exchange type is returned as it is.
 */
Result<IsakmpHeader> ParseIsakmpHeader(OctetView datagram);

/**
 * Reads a chain of payloads whose first has type @p first. The generic header is checked here:
 * lengths and a chain without any payload (MalformedPayload), the RESERVED octet (ReservedNotZero),
 * types 14 < t < 128 that are not known (UnknownPayload), more than MAX_PAYLOADS (TooManyPayloads).
 * Private types from 128 on are kept. The chain may end before @p octets do.
 */
Result<PayloadChain> ParsePayloadChain(PayloadType first, OctetView octets);

/// Writes a chain: generic headers and bodies. The offsets of @p payloads are not read.
Octets WritePayloadChain(const std::vector<RawPayload>& payloads);

/**
 * Writes a whole message: the header with its length filled in, then @p body as it is.
 * header.nextPayload must already say what the body starts with.
 */
Octets WriteIsakmpMessage(const IsakmpHeader& header, OctetView body);

} // namespace ipsec
} // namespace ns3

#endif // ISAKMP_MESSAGE_H
