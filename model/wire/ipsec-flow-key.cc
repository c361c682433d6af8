// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-flow-key.h"

#include "esp-header.h"

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr uint8_t IP_VERSION_4 = 4;
/// Shortest IPv4 header, in octets.
constexpr size_t IPV4_HEADER_OCTETS = 20;
/// Fragment offset in the field that it shares with three flags (RFC 791 section 3.1).
constexpr uint16_t FRAGMENT_OFFSET_MASK = 0x1fff;

/// Both ports of TCP or UDP.
constexpr size_t PORTS_OCTETS = 4;

std::string
ProtocolText(uint8_t protocol)
{
    switch (protocol)
    {
    case IP_PROTOCOL_ICMP:
        return "icmp";
    case IP_PROTOCOL_TCP:
        return "tcp";
    case IP_PROTOCOL_UDP:
        return "udp";
    default:
        return std::to_string(protocol);
    }
}

std::string
SideText(IpAddress address, uint16_t port)
{
    return port == 0 ? address.ToString() : Endpoint{address, port}.ToString();
}

} // namespace

std::string
FlowKey::ToString() const
{
    return SideText(source, sourcePort) + " -> " + SideText(destination, destinationPort) + " " +
           ProtocolText(protocol);
}

Result<FlowKey>
ParseFlowKey(OctetView packet)
{
    OctetReader reader(packet);
    const uint8_t versionAndLength = reader.U8();
    const size_t headerOctets = size_t{4} * (versionAndLength & 15);
    reader.U8(); // type of service
    const uint16_t totalLength = reader.U16();
    reader.U16(); // identification
    const uint16_t fragment = reader.U16();
    reader.U8(); // time to live
    FlowKey key;
    key.protocol = reader.U8();
    reader.U16(); // checksum
    key.source = {reader.U32()};
    key.destination = {reader.U32()};
    if (!reader.Ok() || versionAndLength >> 4 != IP_VERSION_4 ||
        headerOctets < IPV4_HEADER_OCTETS || totalLength != packet.size())
    {
        return Fault::InnerMalformed;
    }
    reader.Take(headerOctets - IPV4_HEADER_OCTETS);
    if (!reader.Ok())
    {
        return Fault::InnerMalformed;
    }
    const bool hasPorts = key.protocol == IP_PROTOCOL_TCP || key.protocol == IP_PROTOCOL_UDP;
    if (hasPorts && (fragment & FRAGMENT_OFFSET_MASK) == 0 && reader.Left() >= PORTS_OCTETS)
    {
        key.sourcePort = reader.U16();
        key.destinationPort = reader.U16();
    }
    return key;
}

} // namespace ipsec
} // namespace ns3
