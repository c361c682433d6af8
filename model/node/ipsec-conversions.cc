// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-conversions.h"

#include "ns3/simulator.h"
#include "ns3/tag.h"

#include <memory>

namespace ns3
{
namespace ipsec
{

namespace
{

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

Octets
ToOctets(const Ipv4Header& header, const Packet& packet)
{
    const uint32_t headerOctets = header.GetSerializedSize();
    Buffer buffer;
    buffer.AddAtStart(headerOctets);
    header.Serialize(buffer.Begin());

    Octets octets(headerOctets + packet.GetSize());
    buffer.CopyData(octets.data(), headerOctets);
    packet.CopyData(octets.data() + headerOctets, packet.GetSize());
    return octets;
}

Ptr<Packet>
ToPacket(OctetView octets)
{
    return Create<Packet>(octets.data(), static_cast<uint32_t>(octets.size()));
}

void
CopyTags(const Packet& from, Packet& to)
{
    PacketTagIterator packetTags = from.GetPacketTagIterator();
    while (packetTags.HasNext())
    {
        const PacketTagIterator::Item item = packetTags.Next();
        const std::unique_ptr<ObjectBase> made = MakeTag(item);
        if (auto* tag = dynamic_cast<Tag*>(made.get()))
        {
            item.GetTag(*tag);
            to.AddPacketTag(*tag);
        }
    }
    ByteTagIterator byteTags = from.GetByteTagIterator();
    while (byteTags.HasNext())
    {
        const ByteTagIterator::Item item = byteTags.Next();
        const std::unique_ptr<ObjectBase> made = MakeTag(item);
        if (auto* tag = dynamic_cast<Tag*>(made.get()))
        {
            item.GetTag(*tag);
            to.AddByteTag(*tag);
        }
    }
}

} // namespace ipsec
} // namespace ns3
