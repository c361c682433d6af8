// SPDX-License-Identifier: GPL-2.0-only
#include "nat-rewrite.h"

#include <algorithm>
#include <array>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr size_t ICMP_HEADER_OCTETS = 8;
constexpr size_t ICMP_CHECKSUM_OFFSET = 2;
constexpr size_t ICMP_IDENTIFIER_OFFSET = 4;
constexpr size_t UDP_CHECKSUM_OFFSET = 6;
constexpr size_t TCP_CHECKSUM_OFFSET = 16;
constexpr size_t IPV4_HEADER_OCTETS = 20;
constexpr size_t IPV4_PROTOCOL_OFFSET = 9;
constexpr size_t IPV4_CHECKSUM_OFFSET = 10;
constexpr size_t IPV4_SOURCE_OFFSET = 12;
constexpr size_t IPV4_DESTINATION_OFFSET = 16;

/// Which end of a packet.
enum class Side
{
    Source,
    Destination,
};

/// An address that is replaced by another.
struct AddressChange
{
    std::array<uint8_t, 4> before{};
    std::array<uint8_t, 4> after{};
};

uint16_t
ReadU16(const Octets& octets, size_t at)
{
    return static_cast<uint16_t>(octets[at] << 8 | octets[at + 1]);
}

void
WriteU16(Octets& octets, size_t at, uint16_t value)
{
    octets[at] = value >> 8;
    octets[at + 1] = value & 0xff;
}

/// Adds 16-bit words to a sum in ones' complement.
uint32_t
Sum(OctetView octets, uint32_t sum, uint16_t flip)
{
    for (size_t i = 0; i + 1 < octets.size(); i += 2)
    {
        sum += static_cast<uint16_t>((octets[i] << 8 | octets[i + 1]) ^ flip);
    }
    if (octets.size() % 2 == 1)
    {
        sum += static_cast<uint16_t>((octets[octets.size() - 1] << 8) ^ flip);
    }
    while (sum > 0xffff)
    {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return sum;
}

/// The checksum field of a header, and what 0 in it means.
struct ChecksumField
{
    size_t at = 0;
    bool isUdp = false;
    bool isUsed = true;
};

/// Applies a change to a checksum, if the field is there and in use.
void
PatchChecksum(Octets& octets, const ChecksumField& field, OctetView before, OctetView after)
{
    if (field.at + 2 > octets.size())
    {
        return;
    }
    const uint16_t old = ReadU16(octets, field.at);
    if (old == 0 && (field.isUdp || !field.isUsed))
    {
        return;
    }
    const uint16_t patched = UpdatedChecksum(old, before, after);
    WriteU16(octets, field.at, field.isUdp && patched == 0 ? 0xffff : patched);
}

/// Replaces a port or identifier.
void
PatchPort(Octets& octets, size_t at, uint16_t port, const ChecksumField& field)
{
    const std::array<uint8_t, 2> before = {octets[at], octets[at + 1]};
    WriteU16(octets, at, port);
    PatchChecksum(octets, field, before, OctetView(octets).From(at).First(2));
}

/// Replaces one end in a transport header that begins at @p start; as much of it as there is.
void
PatchTransport(Octets& octets,
               size_t start,
               NatProtocol protocol,
               Side side,
               const AddressChange& address,
               uint16_t port,
               bool hasChecksums)
{
    ChecksumField field;
    field.isUsed = hasChecksums;
    size_t portAt = start + (side == Side::Source ? 0 : 2);
    switch (protocol)
    {
    case NatProtocol::Esp:
        return;
    case NatProtocol::Icmp:
        portAt = start + ICMP_IDENTIFIER_OFFSET;
        field.at = start + ICMP_CHECKSUM_OFFSET;
        break;
    case NatProtocol::Udp:
        field.at = start + UDP_CHECKSUM_OFFSET;
        field.isUdp = true;
        break;
    case NatProtocol::Tcp:
        field.at = start + TCP_CHECKSUM_OFFSET;
        break;
    }
    if (portAt + 2 > octets.size())
    {
        return;
    }
    PatchPort(octets, portAt, port, field);
    if (protocol != NatProtocol::Icmp)
    {
        // The pseudo header (RFC 768, RFC 793).
        PatchChecksum(octets, field, address.before, address.after);
    }
}

/// Tells whether a query of ICMP has its identifier for a port at this end: the asking one.
bool
HasIdentifierAt(Side side, uint8_t icmpType)
{
    const bool isReply = icmpType == 0 || icmpType == 14 || icmpType == 16 || icmpType == 18;
    const bool isError = icmpType == 3 || icmpType == 4 || icmpType == 11 || icmpType == 12;
    return !isError && isReply == (side == Side::Destination);
}

void
Translate(NatPacket& packet, Side side, const Endpoint& to, bool hasChecksums)
{
    IpAddress& end = side == Side::Source ? packet.source : packet.destination;
    const AddressChange address{end.ToOctets(), to.address.ToOctets()};
    end = to.address;
    const auto protocol = static_cast<NatProtocol>(packet.protocol);
    const bool isIcmp = protocol == NatProtocol::Icmp;
    if (packet.fragmentOffset > 0 || packet.payload.empty() ||
        (isIcmp && !HasIdentifierAt(side, packet.payload[0])))
    {
        return;
    }
    PatchTransport(packet.payload, 0, protocol, side, address, to.port, hasChecksums);
}

void
TranslateQuoted(NatPacket& error, Side side, const Endpoint& to, bool hasChecksums)
{
    Octets& octets = error.payload;
    const size_t header = ICMP_HEADER_OCTETS;
    if (octets.size() < header + IPV4_HEADER_OCTETS)
    {
        return;
    }
    const size_t transport = header + size_t{4} * (octets[header] & 15);
    const size_t at =
        header + (side == Side::Source ? IPV4_SOURCE_OFFSET : IPV4_DESTINATION_OFFSET);
    AddressChange address;
    address.after = to.address.ToOctets();
    std::copy_n(&octets[at], address.before.size(), address.before.begin());
    std::copy_n(address.after.begin(), address.after.size(), &octets[at]);
    PatchChecksum(octets,
                  {header + IPV4_CHECKSUM_OFFSET, false, hasChecksums},
                  address.before,
                  address.after);

    const auto protocol = static_cast<NatProtocol>(octets[header + IPV4_PROTOCOL_OFFSET]);
    const bool isIcmp = protocol == NatProtocol::Icmp;
    const bool hasType = transport < octets.size();
    if (!isIcmp || (hasType && HasIdentifierAt(side, octets[transport])))
    {
        PatchTransport(octets, transport, protocol, side, address, to.port, hasChecksums);
    }
    if (hasChecksums)
    {
        WriteU16(octets, ICMP_CHECKSUM_OFFSET, 0);
        WriteU16(octets, ICMP_CHECKSUM_OFFSET, InternetChecksum(octets));
    }
}

} // namespace

uint16_t
InternetChecksum(OctetView octets)
{
    return static_cast<uint16_t>(~Sum(octets, 0, 0));
}

uint16_t
UpdatedChecksum(uint16_t checksum, OctetView before, OctetView after)
{
    const uint32_t without = Sum(before, static_cast<uint16_t>(~checksum), 0xffff);
    return static_cast<uint16_t>(~Sum(after, without, 0));
}

void
TranslateSource(NatPacket& packet, const Endpoint& to, bool hasChecksums)
{
    Translate(packet, Side::Source, to, hasChecksums);
}

void
TranslateDestination(NatPacket& packet, const Endpoint& to, bool hasChecksums)
{
    Translate(packet, Side::Destination, to, hasChecksums);
}

void
TranslateQuotedSource(NatPacket& error, const Endpoint& to, bool hasChecksums)
{
    TranslateQuoted(error, Side::Source, to, hasChecksums);
}

void
TranslateQuotedDestination(NatPacket& error, const Endpoint& to, bool hasChecksums)
{
    TranslateQuoted(error, Side::Destination, to, hasChecksums);
}

} // namespace ipsec
} // namespace ns3
