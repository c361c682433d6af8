// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-outer-header.h"

#include <array>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr uint8_t VERSION_AND_LENGTH = 0x45;
constexpr uint16_t DONT_FRAGMENT = 0x4000;
constexpr size_t CHECKSUM_POSITION = 10;
constexpr uint8_t ECN_MASK = 0x03;
constexpr uint8_t DSCP_SHIFT = 2;

// The values of the ECN field (RFC 3168 section 5).
constexpr uint8_t NOT_ECT = 0;
constexpr uint8_t ECT_1 = 1;
constexpr uint8_t CONGESTION_EXPERIENCED = 3;

constexpr size_t TYPE_OF_SERVICE_POSITION = 1;

/// Adds with the carry brought around, as the checksum of RFC 791 does.
uint16_t
OnesComplementSum(uint32_t a, uint32_t b)
{
    const uint32_t sum = a + b;
    return static_cast<uint16_t>((sum & 0xffff) + (sum >> 16));
}

/// Changes the type of service of a header and its checksum by the difference (RFC 1624 section 3).
void
ReplaceTypeOfService(Octets& packet, uint8_t value)
{
    const uint16_t before = OctetReader(packet).U16();
    packet[TYPE_OF_SERVICE_POSITION] = value;
    const uint16_t after = OctetReader(packet).U16();
    const uint16_t checksum = OctetReader(OctetView(packet).From(CHECKSUM_POSITION)).U16();
    const uint16_t difference = OnesComplementSum(static_cast<uint16_t>(~before), after);
    const uint16_t corrected =
        ~OnesComplementSum(static_cast<uint16_t>(~checksum), difference) & 0xffff;
    packet[CHECKSUM_POSITION] = corrected >> 8;
    packet[CHECKSUM_POSITION + 1] = corrected & 0xff;
}

constexpr size_t HEADER_WORDS = OUTER_HEADER_OCTETS / 2;
constexpr size_t CHECKSUM_WORD = CHECKSUM_POSITION / 2;

/// A header as the checksum sees it, in 16-bit words.
using HeaderWords = std::array<uint16_t, HEADER_WORDS>;

/// Joins two octets.
uint16_t
Word(uint8_t high, uint8_t low)
{
    return static_cast<uint16_t>(high << 8 | low);
}

/// Computes the header checksum (RFC 791 section 3.1) of a header whose checksum field is zero.
uint16_t
Checksum(const HeaderWords& header)
{
    uint32_t sum = 0;
    for (const uint16_t word : header)
    {
        sum += word;
    }
    while (sum > 0xffff)
    {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return static_cast<uint16_t>(~sum);
}

} // namespace

std::array<uint8_t, OUTER_HEADER_OCTETS>
OuterHeader::Write(size_t payloadOctets) const
{
    HeaderWords words{
        Word(VERSION_AND_LENGTH, typeOfService),
        static_cast<uint16_t>(OUTER_HEADER_OCTETS + payloadOctets),
        identification,
        dontFragment ? DONT_FRAGMENT : uint16_t{0},
        Word(timeToLive, protocol),
        0, // checksum
        static_cast<uint16_t>(source.value >> 16),
        static_cast<uint16_t>(source.value & 0xffff),
        static_cast<uint16_t>(destination.value >> 16),
        static_cast<uint16_t>(destination.value & 0xffff),
    };
    words[CHECKSUM_WORD] = Checksum(words);
    std::array<uint8_t, OUTER_HEADER_OCTETS> header;
    for (size_t i = 0; i < words.size(); i++)
    {
        header[2 * i] = words[i] >> 8;
        header[2 * i + 1] = words[i] & 0xff;
    }
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

Result<Done>
CombineEcn(uint8_t outerTypeOfService, Octets& inner)
{
    const uint8_t outer = outerTypeOfService & ECN_MASK;
    const uint8_t before = inner[TYPE_OF_SERVICE_POSITION];
    const uint8_t ecn = before & ECN_MASK;
    if (ecn == NOT_ECT)
    {
        return outer == CONGESTION_EXPERIENCED ? Result<Done>(Fault::EcnMismatch) : Done{};
    }
    // Congestion never goes away again, and ECT(1) may stand for a lower level of it (section 4.2).
    const bool outerCounts = outer == CONGESTION_EXPERIENCED || outer == ECT_1;
    if (outerCounts && ecn != CONGESTION_EXPERIENCED && ecn != outer)
    {
        ReplaceTypeOfService(inner, static_cast<uint8_t>((before & ~ECN_MASK) | outer));
    }
    return Done{};
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
