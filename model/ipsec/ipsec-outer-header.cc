// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-outer-header.h"

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr uint8_t VERSION_AND_LENGTH = 0x45;
constexpr size_t HEADER_OCTETS = 20;
constexpr uint16_t DONT_FRAGMENT = 0x4000;
constexpr size_t CHECKSUM_POSITION = 10;
constexpr uint8_t ECN_MASK = 0x03;
constexpr uint8_t DSCP_SHIFT = 2;

/// Computes the header checksum (RFC 791 section 3.1) of a header whose checksum field is zero.
uint16_t
Checksum(OctetView header)
{
    uint32_t sum = 0;
    for (OctetReader reader(header); reader.Left() > 0;)
    {
        sum += reader.U16();
    }
    while (sum > 0xffff)
    {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return static_cast<uint16_t>(~sum);
}

} // namespace

Octets
OuterHeader::Write(size_t payloadOctets) const
{
    OctetWriter writer;
    writer.U8(VERSION_AND_LENGTH).U8(typeOfService);
    writer.U16(static_cast<uint16_t>(HEADER_OCTETS + payloadOctets)).U16(identification);
    writer.U16(dontFragment ? DONT_FRAGMENT : 0).U8(timeToLive).U8(protocol).U16(0);
    writer.U32(source.value).U32(destination.value);
    Octets header = writer.Take();
    const uint16_t checksum = Checksum(header);
    header[CHECKSUM_POSITION] = checksum >> 8;
    header[CHECKSUM_POSITION + 1] = checksum & 0xff;
    return header;
}

OuterHeader
OuterHeaderForTunnel(const OuterHeaderRules& rules, OctetView inner)
{
    const OuterHeader from = ReadOuterHeader(inner);
    OuterHeader header;
    const uint8_t dscp = rules.dscp.value_or(from.typeOfService >> DSCP_SHIFT);
    const uint8_t ecn = rules.ecn ? from.typeOfService & ECN_MASK : 0;
    header.typeOfService = static_cast<uint8_t>(dscp << DSCP_SHIFT | ecn);
    header.dontFragment =
        rules.df == DfRule::Set || (rules.df == DfRule::Copy && from.dontFragment);
    header.timeToLive = rules.ttl;
    return header;
}

OuterHeader
ReadOuterHeader(OctetView packet)
{
    OctetReader reader(packet);
    OuterHeader header;
    reader.U8(); // version and length
    header.typeOfService = reader.U8();
    reader.U16(); // total length
    header.identification = reader.U16();
    header.dontFragment = (reader.U16() & DONT_FRAGMENT) != 0;
    header.timeToLive = reader.U8();
    header.protocol = reader.U8();
    reader.U16(); // checksum
    header.source = {reader.U32()};
    header.destination = {reader.U32()};
    return header;
}

} // namespace ipsec
} // namespace ns3
