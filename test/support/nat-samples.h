// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec-tests
 * Packets for a NAT, with checksums, and a NAT that they go through.
 */
#ifndef NAT_SAMPLES_H
#define NAT_SAMPLES_H

#include "ns3/nat-translator.h"

#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Reads "10.0.0.2:5000".
Endpoint At(const std::string& text);

/// @name Packets with right checksums
/// @{
NatPacket UdpPacket(const Endpoint& from, const Endpoint& to, size_t octets = 20);
NatPacket TcpPacket(const Endpoint& from, const Endpoint& to, uint8_t flags, size_t octets = 0);
NatPacket EchoRequest(const Endpoint& from, IpAddress to, size_t octets = 20);
NatPacket EchoReply(IpAddress from, const Endpoint& to, size_t octets = 20);
NatPacket EspPacket(IpAddress from, IpAddress to, uint32_t spi);
NatPacket IkePacket(IpAddress from, IpAddress to, uint64_t initiatorCookie);
/// An ICMP error that quotes the header of @p about and @p quoted octets behind it.
NatPacket IcmpError(IpAddress from,
                    IpAddress to,
                    const NatPacket& about,
                    uint8_t type = 3,
                    uint8_t code = 3,
                    size_t quoted = 8);
/// @}

/// Writes a packet with its IPv4 header.
Octets WithHeader(const NatPacket& packet);
/// Tells whether the checksum behind the IP header is right, and of an ICMP error that of the
/// header that it quotes, too.
bool HasValidChecksum(const NatPacket& packet);
/// Returns the packet that an ICMP error quotes, as far as it does.
NatPacket QuotedIn(const NatPacket& error);
/// Returns the ends of a packet.
NatFlow FlowOf(const NatPacket& packet);
/// Cuts a packet into fragments with so many octets each, a multiple of 8.
std::vector<NatPacket> CutInto(const NatPacket& packet, size_t octets);
/// Puts fragments together again, in any order; an empty payload if some are missing.
NatPacket Joined(std::vector<NatPacket> fragments);

/// A NAT with the outside address 192.0.2.1 and a clock that only the test moves.
class NatBench
{
  public:
    explicit NatBench(const NatConfig& config = {});

    NatOutcome Out(const NatPacket& packet);
    NatOutcome In(const NatPacket& packet);
    /// Sends a packet out and returns its new source; fails the test if it is refused.
    Endpoint Mapped(const NatPacket& packet);
    /// Sends UDP from an inside endpoint to a remote one, and returns the outside one.
    Endpoint Mapped(const std::string& from, const std::string& to);
    /// Tells whether a packet is let in, and to whom.
    bool IsLetIn(const NatPacket& packet, const Endpoint& inside);
    /// Lets time pass, with all that ends meanwhile.
    NatEvents Wait(Duration time);

    NatTranslator nat;
    SeededRandomSource random{1};
    Instant now;
    IpAddress outside = IpAddress::Parse("192.0.2.1");
};

} // namespace ipsec
} // namespace ns3

#endif // NAT_SAMPLES_H
