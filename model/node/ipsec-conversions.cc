// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-conversions.h"

#include "ns3/esp-header.h"
#include "ns3/simulator.h"
#include "ns3/tag.h"

#include <array>
#include <memory>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Both ports of TCP or UDP.
constexpr uint32_t PORTS_OCTETS = 4;

/// Makes an empty tag of the type of a tag found in a packet, or nothing if it cannot be made.
template <typename Item>
std::unique_ptr<ObjectBase>
MakeTag(const Item& item)
{
    const TypeId type = item.GetTypeId();
    if (!type.HasConstructor())
    {
        return nullptr;
    }
    return std::unique_ptr<ObjectBase>(type.GetConstructor()());
}

} // namespace

IpAddress
ToCore(Ipv4Address address)
{
    return IpAddress{address.Get()};
}

Ipv4Address
ToNs3(IpAddress address)
{
    return Ipv4Address(address.value);
}

Endpoint
ToCore(const InetSocketAddress& address)
{
    return Endpoint{ToCore(address.GetIpv4()), address.GetPort()};
}

InetSocketAddress
ToNs3(const Endpoint& endpoint)
{
    return InetSocketAddress(ToNs3(endpoint.address), endpoint.port);
}

Ipv4Mask
MaskOf(const Prefix& prefix)
{
    return Ipv4Mask(prefix.Mask().value);
}

Prefix
ToPrefix(Ipv4Address address, Ipv4Mask mask)
{
    return Prefix{ToCore(address.CombineMask(mask)), static_cast<uint8_t>(mask.GetPrefixLength())};
}

Instant
ToInstant(Time time)
{
    return Instant(ToDuration(time));
}

Time
ToTime(Instant instant)
{
    return ToTime(instant.time_since_epoch());
}

Duration
ToDuration(Time time)
{
    return Duration(time.GetNanoSeconds());
}

Time
ToTime(Duration duration)
{
    return NanoSeconds(duration.count());
}

Instant
InstantNow()
{
    return ToInstant(Simulator::Now());
}

Octets
ToOctets(const Packet& packet)
{
    Octets octets(packet.GetSize());
    packet.CopyData(octets.data(), packet.GetSize());
    return octets;
}

OctetView
BorrowOctets(const Packet& packet)
{
    // Never smaller than before, so that a packet costs neither an allocation nor zeros.
    // A simulation has one thread that handles packets.
    static Octets kept;
    const size_t size = packet.GetSize();
    if (kept.size() < size)
    {
        kept.resize(size);
    }
    packet.CopyData(kept.data(), packet.GetSize());
    return {kept.data(), size};
}

FlowKey
FlowOf(const Ipv4Header& header, const Packet& packet)
{
    FlowKey flow{
        ToCore(header.GetSource()), ToCore(header.GetDestination()), header.GetProtocol(), 0, 0};
    const bool hasPorts = flow.protocol == IP_PROTOCOL_TCP || flow.protocol == IP_PROTOCOL_UDP;
    std::array<uint8_t, PORTS_OCTETS> ports{};
    if (hasPorts && header.GetFragmentOffset() == 0 &&
        packet.CopyData(ports.data(), PORTS_OCTETS) == PORTS_OCTETS)
    {
        flow.sourcePort = static_cast<uint16_t>(ports[0] << 8 | ports[1]);
        flow.destinationPort = static_cast<uint16_t>(ports[2] << 8 | ports[3]);
    }
    return flow;
}

Ptr<Packet>
ToPacket(OctetView octets)
{
    return Create<Packet>(octets.data(), static_cast<uint32_t>(octets.size()));
}

Ptr<Packet>
ToPacketLike(const Packet& from, OctetView octets)
{
    ByteTagIterator tags = from.GetByteTagIterator();
    // An emptied copy has the packet tags, and the UID; making each anew by its type costs far
    // more.
    Ptr<Packet> packet = from.Copy();
    if (tags.HasNext())
    {
        packet->RemoveAllByteTags();
    }
    packet->RemoveAtStart(packet->GetSize());
    packet->AddAtEnd(ToPacket(octets));
    while (tags.HasNext())
    {
        const ByteTagIterator::Item item = tags.Next();
        const std::unique_ptr<ObjectBase> made = MakeTag(item);
        if (auto* tag = dynamic_cast<Tag*>(made.get()))
        {
            item.GetTag(*tag);
            packet->AddByteTag(*tag);
        }
    }
    return packet;
}

} // namespace ipsec
} // namespace ns3
