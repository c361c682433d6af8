// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Packets that are too large: cut into fragments, or answered with ICMP.
 */
#ifndef IPSEC_FRAGMENTS_H
#define IPSEC_FRAGMENTS_H

#include "ns3/ipsec-octets.h"
#include "ns3/ipv4-header.h"
#include "ns3/packet.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Cuts a whole IPv4 packet, or a fragment of one, into fragments of @p mtu octets at most (RFC 791
/// section 3.2), of which each has all its tags. IP options are not carried on.
std::vector<Ptr<Packet>> CutPacket(Ptr<const Packet> packet, uint32_t mtu);

/// Makes the ICMP message of a router that forwards no packet larger than @p mtu (RFC 1191 section
/// 4). Unlike those of ns-3 it quotes enough to name an SA behind UDP.
Ptr<Packet> MakeFragmentationNeeded(Ipv4Address router, Ptr<const Packet> packet, uint16_t mtu);

/// What an ICMP message says of a packet that was too big.
struct TooBigMessage
{
    /// What the next link takes; 0 if the router is older than RFC 1191.
    uint16_t mtu = 0;
    /// The IP header in the quotation, and what is quoted behind it.
    uint8_t protocol = 0;
    Ipv4Address source;
    Ipv4Address destination;
    Octets payload;
};

/// Reads an ICMP message behind its IP header; nothing if it says something else.
std::optional<TooBigMessage> ReadFragmentationNeeded(OctetView icmp);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_FRAGMENTS_H
