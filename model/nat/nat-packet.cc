// SPDX-License-Identifier: GPL-2.0-only
#include "nat-packet.h"

#include "nat-rewrite.h"

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr uint8_t IP_VERSION_4 = 4;
constexpr size_t IPV4_HEADER_OCTETS = 20;
constexpr size_t ICMP_HEADER_OCTETS = 8;
constexpr uint16_t FRAGMENT_OFFSET_MASK = 0x1fff;
/// Those below are reserved, and 0 is never sent (RFC 4303 section 2.1).
constexpr uint32_t FIRST_SPI = 256;

/// How a NAT treats a type of ICMP (RFC 5508 section 2).
enum class IcmpKind
{
    Request,
    Reply,
    Error,
    Other,
};

IcmpKind
KindOf(uint8_t type)
{
    switch (type)
    {
    case 8:  // echo
    case 13: // timestamp
    case 15: // information
    case 17: // address mask
        return IcmpKind::Request;
    case 0:
    case 14:
    case 16:
    case 18:
        return IcmpKind::Reply;
    case 3:  // destination unreachable
    case 4:  // source quench
    case 11: // time exceeded
    case 12: // parameter problem
        return IcmpKind::Error;
    default:
        return IcmpKind::Other;
    }
}

bool
IsTranslated(uint8_t protocol)
{
    return protocol == static_cast<uint8_t>(NatProtocol::Icmp) ||
           protocol == static_cast<uint8_t>(NatProtocol::Tcp) ||
           protocol == static_cast<uint8_t>(NatProtocol::Udp) ||
           protocol == static_cast<uint8_t>(NatProtocol::Esp);
}

/// Reads what tells flows apart at the start of a transport header; false if it is not there.
bool
ReadFlow(OctetReader& reader, NatFlow& flow, uint32_t& spi, uint64_t& cookie)
{
    if (flow.protocol == NatProtocol::Esp)
    {
        spi = reader.U32();
        return reader.Ok();
    }
    flow.source.port = reader.U16();
    flow.destination.port = reader.U16();
    const bool isIke = flow.protocol == NatProtocol::Udp && flow.source.port == IKE_PORT &&
                       flow.destination.port == IKE_PORT;
    if (!reader.Ok())
    {
        return false;
    }
    if (isIke)
    {
        OctetReader rest = reader;
        rest.U32(); // length and checksum
        cookie = rest.U64();
    }
    return true;
}

/// Reads the header in front of a query of ICMP.
NatReading
ReadQuery(OctetReader& reader, NatFlow& flow, bool& isReply)
{
    const IcmpKind kind = KindOf(reader.U8());
    reader.U8();  // code
    reader.U16(); // checksum
    const uint16_t identifier = reader.U16();
    if (!reader.Ok())
    {
        return NatReading::Malformed;
    }
    if (kind != IcmpKind::Request && kind != IcmpKind::Reply)
    {
        return NatReading::Unknown;
    }
    isReply = kind == IcmpKind::Reply;
    (isReply ? flow.destination : flow.source).port = identifier;
    return NatReading::Ok;
}

NatReading
ReadQuotation(OctetView quotation, bool hasChecksums, NatFacts& facts)
{
    OctetReader reader(quotation);
    const uint8_t versionAndLength = reader.U8();
    const size_t headerOctets = size_t{4} * (versionAndLength & 15);
    reader.U8();  // type of service
    reader.U16(); // length
    reader.U16(); // identification
    const uint16_t fragment = reader.U16();
    reader.U8(); // time to live
    const uint8_t protocol = reader.U8();
    reader.U16(); // checksum
    NatFlow flow;
    flow.source.address = {reader.U32()};
    flow.destination.address = {reader.U32()};
    if (!reader.Ok() || versionAndLength >> 4 != IP_VERSION_4 ||
        headerOctets < IPV4_HEADER_OCTETS || headerOctets > quotation.size())
    {
        return NatReading::Malformed;
    }
    if (hasChecksums && InternetChecksum(quotation.First(headerOctets)) != 0)
    {
        return NatReading::BadQuotation;
    }
    if (!IsTranslated(protocol) || (fragment & FRAGMENT_OFFSET_MASK) != 0)
    {
        return NatReading::Unknown;
    }
    flow.protocol = static_cast<NatProtocol>(protocol);
    OctetReader transport(quotation.From(headerOctets));
    NatReading reading = NatReading::Ok;
    if (flow.protocol == NatProtocol::Icmp)
    {
        bool isReply = false;
        reading = ReadQuery(transport, flow, isReply);
    }
    else if (!ReadFlow(transport, flow, facts.quotedSpi, facts.quotedCookie))
    {
        reading = NatReading::Malformed;
    }
    facts.quoted = flow;
    return reading;
}

NatReading
ReadIcmp(const NatPacket& packet, bool hasChecksums, NatFacts& facts)
{
    const OctetView octets = packet.payload;
    if (octets.size() < ICMP_HEADER_OCTETS)
    {
        return NatReading::Malformed;
    }
    if (KindOf(octets[0]) != IcmpKind::Error)
    {
        OctetReader reader(octets);
        return ReadQuery(reader, facts.flow, facts.isIcmpReply);
    }
    if (packet.IsFragment())
    {
        return NatReading::Unknown;
    }
    if (hasChecksums && InternetChecksum(octets) != 0)
    {
        return NatReading::BadQuotation;
    }
    return ReadQuotation(octets.From(ICMP_HEADER_OCTETS), hasChecksums, facts);
}

} // namespace

const char*
NatProtocolName(NatProtocol protocol)
{
    switch (protocol)
    {
    case NatProtocol::Icmp:
        return "icmp";
    case NatProtocol::Tcp:
        return "tcp";
    case NatProtocol::Udp:
        return "udp";
    case NatProtocol::Esp:
        return "esp";
    }
    return "?";
}

NatFlow
NatFlow::Reversed() const
{
    return NatFlow{protocol, destination, source};
}

std::string
NatFlow::ToString() const
{
    return std::string(NatProtocolName(protocol)) + " " + source.ToString() + " -> " +
           destination.ToString();
}

NatReading
ReadNatFacts(const NatPacket& packet, bool hasChecksums, NatFacts& facts)
{
    if (!IsTranslated(packet.protocol))
    {
        return NatReading::Unknown;
    }
    facts = NatFacts{};
    facts.flow.protocol = static_cast<NatProtocol>(packet.protocol);
    facts.flow.source.address = packet.source;
    facts.flow.destination.address = packet.destination;
    if (facts.flow.protocol == NatProtocol::Icmp)
    {
        return ReadIcmp(packet, hasChecksums, facts);
    }
    OctetReader reader(packet.payload);
    if (!ReadFlow(reader, facts.flow, facts.spi, facts.initiatorCookie))
    {
        return NatReading::Malformed;
    }
    if (facts.flow.protocol == NatProtocol::Esp && facts.spi < FIRST_SPI)
    {
        return NatReading::Malformed;
    }
    if (facts.flow.protocol == NatProtocol::Tcp)
    {
        reader.U64(); // sequence numbers
        reader.U8();  // data offset
        facts.tcpFlags = reader.U8();
    }
    else
    {
        reader.U32(); // length and checksum of UDP; sequence number of ESP
    }
    return reader.Ok() ? NatReading::Ok : NatReading::Malformed;
}

} // namespace ipsec
} // namespace ns3
