// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Somebody who captured everything and later got the keys of an IKE SA.
 */
#ifndef IPSEC_ATTACKER_H
#define IPSEC_ATTACKER_H

#include "ns3/ike-cipher-chain.h"
#include "ns3/ike-effects.h"
#include "ns3/ipsec-sa.h"
#include "ns3/isakmp-sa-payload.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// What a gateway's memory gave away of one IKE SA.
struct StolenKeys
{
    Cookie initiatorCookie{};
    Cookie responderCookie{};
    HashId hash = HashId::Sha1;
    CipherId cipher = CipherId::Aes128;
    SecretBytes skeyidD;
    /// Made of SKEYID_e: quick mode's nonces travel under it.
    SecretBytes encryptionKey;
};

/// What the attacker makes of one IPsec SA.
struct AttackedSa
{
    uint32_t spi = 0;
    ProtocolId protocol = ProtocolId::Esp;
    /// Quick mode had a Diffie-Hellman of its own, whose secret nobody has stolen.
    bool hasPfs = false;
    /// Outer addresses, from the sender to the receiver.
    IpAddress source;
    IpAddress destination;
    /// Packets that were captured and kept, and those of them that opened.
    uint64_t packets = 0;
    uint64_t read = 0;
    /// The first inner flow that was read, such as "10.1.0.2 -> 10.2.0.2 icmp"; empty if none was.
    std::string firstFlow;
};

/**
 * Captures packets while they pass, then uses stolen keys on the capture alone. KEYMAT needs
 * SKEYID_d, both SPIs and both nonces (RFC 2409 section 5.5): the attacker decrypts the quick modes
 * that it captured to read them. With PFS KEYMAT also needs g(qm)^xy, which was never stolen.
 */
class IpsecAttacker
{
  public:
    /// Captures an IPv4 packet; what is neither IKE nor ESP, bare, in UDP or
    /// behind AH, is left alone.
    void Capture(OctetView packet);
    /// Gets hold of the keys of an IKE SA.
    void Steal(const StolenKeys& keys);
    /// Reads whatever can be read, each SA of quick modes once, in the order of the capture.
    std::vector<AttackedSa> Attack() const;

    /// Returns how many packets of ESP were captured.
    uint64_t
    CapturedPackets() const
    {
        return m_espPackets;
    }

  private:
    /// A datagram of IKE on its way.
    struct CapturedMessage
    {
        IpAddress source;
        IpAddress destination;
        Octets datagram;
    };

    /// Packets of ESP to one SPI of one receiver.
    struct CapturedFlow
    {
        IpAddress source;
        /// Of very many only the first.
        std::vector<Octets> packets;
    };

    /// What QM1 and QM2 of one quick mode said.
    struct QuickMode
    {
        std::vector<SaPayload> offers;
        std::vector<Octets> nonces;
        std::vector<CapturedMessage> messages;
        bool hasPfs = false;
    };

    void CaptureIke(IpAddress source, IpAddress destination, OctetView datagram);
    void CaptureEsp(IpAddress source, IpAddress destination, OctetView esp);
    /// Returns the last block of phase 1 as it was captured, the base of quick mode's IVs.
    std::optional<Octets> LastPhase1Block(const StolenKeys& keys) const;
    /// Reads the quick modes of an IKE SA by their message IDs, in the order of the capture.
    std::vector<QuickMode> ReadQuickModes(const StolenKeys& keys) const;
    void AttackQuickMode(const StolenKeys& keys,
                         const QuickMode& quick,
                         std::vector<AttackedSa>& attacked) const;
    AttackedSa AttackSa(const IpsecSa& sa, const CapturedMessage& chosenBy) const;

    std::vector<CapturedMessage> m_messages;
    std::map<std::pair<IpAddress, uint32_t>, CapturedFlow> m_flows;
    std::vector<StolenKeys> m_stolen;
    uint64_t m_espPackets = 0;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_ATTACKER_H
