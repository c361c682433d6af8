// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-fragments.h"

#include "ipsec-conversions.h"

#include "ns3/esp-header.h"
#include "ns3/node.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr uint8_t DESTINATION_UNREACHABLE = 3;
constexpr uint8_t FRAGMENTATION_NEEDED = 4;
constexpr size_t ICMP_HEADER_OCTETS = 8;
constexpr size_t ICMP_CHECKSUM_OFFSET = 2;
constexpr size_t IPV4_HEADER_OCTETS = 20;
/// An ICMP error is no longer than this (RFC 1812 section 4.3.2.3).
constexpr size_t LONGEST_ICMP_ERROR = 576;
/// Fragments begin at multiples of it.
constexpr uint32_t FRAGMENT_UNIT = 8;
constexpr uint8_t ROUTER_TTL = 64;

/// Computes the checksum of the Internet (RFC 1071).
uint16_t
Checksum(OctetView octets)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < octets.size(); ++i)
    {
        sum += i % 2 == 0 ? octets[i] << 8 : octets[i];
    }
    while (sum > 0xffff)
    {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return static_cast<uint16_t>(~sum);
}

} // namespace

std::vector<Ptr<Packet>>
CutPacket(Ptr<const Packet> packet, uint32_t mtu)
{
    const Ptr<Packet> payload = packet->Copy();
    Ipv4Header header;
    payload->RemoveHeader(header);
    if (Node::ChecksumEnabled())
    {
        header.EnableChecksum();
    }
    const bool isLast = header.IsLastFragment();
    const uint16_t start = header.GetFragmentOffset();
    const uint32_t room = mtu > IPV4_HEADER_OCTETS ? mtu - IPV4_HEADER_OCTETS : 0;
    const uint32_t step = std::max(room / FRAGMENT_UNIT * FRAGMENT_UNIT, FRAGMENT_UNIT);

    std::vector<Ptr<Packet>> fragments;
    uint32_t offset = 0;
    do
    {
        const uint32_t left = payload->GetSize() - offset;
        const bool endsHere = left <= room;
        const uint32_t octets = endsHere ? left : std::min(step, left);
        Ptr<Packet> fragment = payload->CreateFragment(offset, octets);
        header.SetFragmentOffset(static_cast<uint16_t>(start + offset));
        header.SetPayloadSize(static_cast<uint16_t>(octets));
        offset += octets;
        if (isLast && offset == payload->GetSize())
        {
            header.SetLastFragment();
        }
        else
        {
            header.SetMoreFragments();
        }
        fragment->AddHeader(header);
        fragments.push_back(fragment);
    } while (offset < payload->GetSize());
    return fragments;
}

Ptr<Packet>
MakeFragmentationNeeded(Ipv4Address router, Ptr<const Packet> packet, uint16_t mtu)
{
    Ipv4Header refused;
    packet->PeekHeader(refused);
    const size_t quoted = std::min<size_t>(
        packet->GetSize(), LONGEST_ICMP_ERROR - IPV4_HEADER_OCTETS - ICMP_HEADER_OCTETS);
    OctetWriter writer;
    writer.U8(DESTINATION_UNREACHABLE).U8(FRAGMENTATION_NEEDED).U16(0).U16(0).U16(mtu);
    Octets icmp = Concat({writer.Take(), OctetView(ToOctets(*packet)).First(quoted)});
    const uint16_t checksum = Checksum(icmp);
    icmp[ICMP_CHECKSUM_OFFSET] = checksum >> 8;
    icmp[ICMP_CHECKSUM_OFFSET + 1] = checksum & 0xff;

    Ptr<Packet> message = ToPacket(icmp);
    Ipv4Header header;
    header.SetSource(router);
    header.SetDestination(refused.GetSource());
    header.SetProtocol(IP_PROTOCOL_ICMP);
    header.SetTtl(ROUTER_TTL);
    header.SetPayloadSize(static_cast<uint16_t>(icmp.size()));
    if (Node::ChecksumEnabled())
    {
        header.EnableChecksum();
    }
    message->AddHeader(header);
    return message;
}

std::optional<TooBigMessage>
ReadFragmentationNeeded(OctetView icmp)
{
    OctetReader reader(icmp);
    const bool isTooBig =
        reader.U8() == DESTINATION_UNREACHABLE && reader.U8() == FRAGMENTATION_NEEDED;
    if (!isTooBig)
    {
        return std::nullopt;
    }
    TooBigMessage message;
    reader.U16(); // checksum
    reader.U16(); // unused
    message.mtu = reader.U16();
    const size_t headerOctets = size_t{4} * (reader.U8() & 15);
    reader.Take(8); // type of service to time to live
    message.protocol = reader.U8();
    reader.U16(); // checksum
    message.source = Ipv4Address(reader.U32());
    message.destination = Ipv4Address(reader.U32());
    reader.Take(std::max(headerOctets, IPV4_HEADER_OCTETS) - IPV4_HEADER_OCTETS);
    message.payload = reader.TakeRest().Copy();
    if (!reader.Ok())
    {
        return std::nullopt;
    }
    return message;
}

} // namespace ipsec
} // namespace ns3
