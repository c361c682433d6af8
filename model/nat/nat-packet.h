// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * A packet as a NAT sees it, and what it looks at in one.
 */
#ifndef NAT_PACKET_H
#define NAT_PACKET_H

#include "ns3/ipsec-endpoint.h"
#include "ns3/ipsec-octets.h"

#include <optional>
#include <tuple>

namespace ns3
{
namespace ipsec
{

/// What a NAT translates, by IP's numbers.
enum class NatProtocol : uint8_t
{
    Icmp = 1, ///< queries, by their identifier; errors, by what they quote
    Tcp = 6,
    Udp = 17,
    Esp = 50, ///< without ports
};

/// Returns the name of a protocol, such as "udp".
const char* NatProtocolName(NatProtocol protocol);

/// An IPv4 packet: of the header what matters, behind it all octets.
struct NatPacket
{
    IpAddress source;
    IpAddress destination;
    /// Number of what is behind the header.
    uint8_t protocol = 0;
    uint16_t identification = 0;
    /// Where a fragment belongs, in octets.
    uint16_t fragmentOffset = 0;
    bool hasMoreFragments = false;
    Octets payload;
    /// Whatever the caller wants to find its packet again by.
    uint64_t ticket = 0;

    bool
    IsFragment() const
    {
        return fragmentOffset > 0 || hasMoreFragments;
    }
};

/// Who speaks to whom. For a query of ICMP the asking end has its identifier for a port and the
/// other end has 0; ESP has no ports.
struct NatFlow
{
    NatProtocol protocol = NatProtocol::Udp;
    Endpoint source{{}, 0};
    Endpoint destination{{}, 0};

    /// Returns the flow of the answer.
    NatFlow Reversed() const;
    /// Writes "udp 10.0.0.2:5000 -> 192.0.2.1:53".
    std::string ToString() const;
};

inline bool
operator<(const NatFlow& a, const NatFlow& b)
{
    return std::tie(a.protocol, a.source, a.destination) <
           std::tie(b.protocol, b.source, b.destination);
}

inline bool
operator==(const NatFlow& a, const NatFlow& b)
{
    return a.protocol == b.protocol && a.source == b.source && a.destination == b.destination;
}

/// Flags of TCP that a NAT looks at (RFC 793 section 3.1).
constexpr uint8_t TCP_FIN = 0x01;
constexpr uint8_t TCP_SYN = 0x02;
constexpr uint8_t TCP_RST = 0x04;
constexpr uint8_t TCP_ACK = 0x10;

/// What a NAT looks at in a packet that is whole, or the first fragment of one.
struct NatFacts
{
    NatFlow flow;
    /// Of TCP.
    uint8_t tcpFlags = 0;
    /// Of ESP.
    uint32_t spi = 0;
    /// Of IKE between two ports 500; 0 if there is none.
    uint64_t initiatorCookie = 0;
    /// Whether it is an answer to a query of ICMP.
    bool isIcmpReply = false;
    /// Of an error of ICMP: the packet that it is about.
    std::optional<NatFlow> quoted;
    /// The SPI or initiator cookie in the quotation.
    uint32_t quotedSpi = 0;
    uint64_t quotedCookie = 0;
};

/// What became of the attempt to read a packet.
enum class NatReading : uint8_t
{
    Ok,
    Malformed,    ///< shorter than its headers, or headers that contradict each other
    Unknown,      ///< a protocol, or a kind of ICMP, that no NAT translates
    BadQuotation, ///< a checksum of an ICMP error, or of the header it quotes, is wrong
};

/// Reads a whole packet or a first fragment; only of packets with checksums they are looked at.
NatReading ReadNatFacts(const NatPacket& packet, bool hasChecksums, NatFacts& facts);

} // namespace ipsec
} // namespace ns3

#endif // NAT_PACKET_H
