// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Rewriting of messages: clear ones by anybody, encrypted ones by somebody who has the keys.
 */
#ifndef KEY_HOLDER_H
#define KEY_HOLDER_H

#include "peer-pair.h"

#include "ns3/isakmp-message.h"
#include "ns3/isakmp-payloads.h"

#include <functional>

namespace ns3
{
namespace ipsec
{

/// Changes the payloads of a message.
using PayloadChange = std::function<void(std::vector<RawPayload>& payloads)>;

/// Returns the payloads of a clear message.
std::vector<RawPayload> ClearPayloads(OctetView message);
/// Returns the body of the first payload of one type; fails the test if there is none.
Octets BodyOf(const std::vector<RawPayload>& payloads, PayloadType type);
/// Returns the first payload of one type; the test must know that it is there.
RawPayload& PayloadOf(std::vector<RawPayload>& payloads, PayloadType type);
/// Writes a clear message anew with other payloads.
Octets Rewritten(OctetView message, const PayloadChange& change);
/// Writes a clear message with the header @p like; next payload and length are filled in.
Octets ClearMessage(IsakmpHeader header, const std::vector<RawPayload>& payloads);
/// Sets one octet.
Octets WithOctet(OctetView message, size_t offset, uint8_t value);
/// Makes a notification payload for an ISAKMP SA.
RawPayload NotifyRaw(NotifyType type, OctetView spi = {});
/// Makes a deletion payload.
RawPayload DeleteRaw(ProtocolId protocol, const std::vector<Octets>& spis);

/// Knows the keys of one IKE SA: an authenticated peer with mistakes, or an attacker's dream.
class KeyHolder
{
  public:
    /// Takes the keys from an established pair.
    explicit KeyHolder(const PeerPair& established);

    /// Returns the header of a message under this IKE SA.
    IsakmpHeader Header(ExchangeType exchange, uint32_t messageId) const;
    /// Returns the first IV of an exchange of phase 2 (RFC 2409 appendix B).
    Octets FirstIv(uint32_t messageId) const;
    /// Returns the IV that follows a message: its last block.
    Octets IvAfter(OctetView message) const;
    /// Returns the first IV of phase 1, from the KE payloads of both ends.
    Octets Phase1Iv(const PeerPair& pair) const;

    /// Decrypts a message.
    std::vector<RawPayload> Open(OctetView message, OctetView iv) const;
    /// Encrypts a message; the payloads are padded with zeros.
    Octets Seal(const IsakmpHeader& header,
                const std::vector<RawPayload>& payloads,
                OctetView iv) const;
    /// Makes a HASH payload: prf(SKEYID_a, M-ID | @p before | payloads).
    RawPayload Hash(uint32_t messageId,
                    OctetView before,
                    const std::vector<RawPayload>& payloads) const;

    /// Makes an informational message with a correct HASH.
    Octets Informational(uint32_t messageId, const std::vector<RawPayload>& payloads) const;
    /// Opens a message, changes its payloads, and encrypts it again as it came.
    Octets Changed(OctetView message, OctetView iv, const PayloadChange& change) const;
    /// The same for QM1 and QM2, whose HASH is computed anew: @p change sees what follows it.
    /// @p before is empty for QM1 and Ni_b for QM2.
    Octets Rehashed(OctetView message,
                    OctetView iv,
                    OctetView before,
                    const PayloadChange& change) const;

  private:
    IkeSaInfo m_info;
    Octets m_lastBlock;
};

} // namespace ipsec
} // namespace ns3

#endif // KEY_HOLDER_H
