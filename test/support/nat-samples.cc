// SPDX-License-Identifier: GPL-2.0-only
#include "nat-samples.h"

#include "ns3/nat-rewrite.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr size_t IPV4_OCTETS = 20;
constexpr size_t ICMP_OCTETS = 8;
constexpr uint8_t TTL = 64;

Octets
Body(size_t octets)
{
    Octets body(octets);
    for (size_t i = 0; i < octets; ++i)
    {
        body[i] = static_cast<uint8_t>(i * 7 + 1);
    }
    return body;
}

NatPacket
Packet(IpAddress from, IpAddress to, NatProtocol protocol, Octets payload)
{
    NatPacket packet;
    packet.source = from;
    packet.destination = to;
    packet.protocol = static_cast<uint8_t>(protocol);
    packet.payload = std::move(payload);
    return packet;
}

/// Returns what the checksum of a whole packet covers.
Octets
Covered(const NatPacket& packet)
{
    if (packet.protocol == static_cast<uint8_t>(NatProtocol::Icmp))
    {
        return packet.payload;
    }
    OctetWriter writer;
    writer.Append(packet.source.ToOctets()).Append(packet.destination.ToOctets());
    writer.U16(packet.protocol).U16(static_cast<uint16_t>(packet.payload.size()));
    writer.Append(packet.payload);
    return writer.Take();
}

void
FillChecksum(NatPacket& packet, size_t at)
{
    uint16_t checksum = InternetChecksum(Covered(packet));
    if (checksum == 0)
    {
        checksum = 0xffff; // 0 would say that there is none
    }
    packet.payload[at] = checksum >> 8;
    packet.payload[at + 1] = checksum & 0xff;
}

NatPacket
Echo(IpAddress from, IpAddress to, uint8_t type, uint16_t identifier, size_t octets)
{
    OctetWriter writer;
    writer.U8(type).U8(0).U16(0).U16(identifier).U16(1).Append(Body(octets));
    NatPacket packet = Packet(from, to, NatProtocol::Icmp, writer.Take());
    FillChecksum(packet, 2);
    return packet;
}

} // namespace

Endpoint
At(const std::string& text)
{
    const size_t colon = text.find(':');
    const auto port = static_cast<uint16_t>(std::stoul(text.substr(colon + 1)));
    return Endpoint{IpAddress::Parse(text.substr(0, colon)), port};
}

NatPacket
UdpPacket(const Endpoint& from, const Endpoint& to, size_t octets)
{
    OctetWriter writer;
    writer.U16(from.port).U16(to.port).U16(static_cast<uint16_t>(8 + octets)).U16(0);
    writer.Append(Body(octets));
    NatPacket packet = Packet(from.address, to.address, NatProtocol::Udp, writer.Take());
    FillChecksum(packet, 6);
    return packet;
}

NatPacket
TcpPacket(const Endpoint& from, const Endpoint& to, uint8_t flags, size_t octets)
{
    OctetWriter writer;
    writer.U16(from.port).U16(to.port).U32(1000).U32(2000).U8(0x50).U8(flags).U16(8192).U16(0).U16(
        0);
    writer.Append(Body(octets));
    NatPacket packet = Packet(from.address, to.address, NatProtocol::Tcp, writer.Take());
    FillChecksum(packet, 16);
    return packet;
}

NatPacket
EchoRequest(const Endpoint& from, IpAddress to, size_t octets)
{
    return Echo(from.address, to, 8, from.port, octets);
}

NatPacket
EchoReply(IpAddress from, const Endpoint& to, size_t octets)
{
    return Echo(from, to.address, 0, to.port, octets);
}

NatPacket
EspPacket(IpAddress from, IpAddress to, uint32_t spi)
{
    OctetWriter writer;
    writer.U32(spi).U32(1).Append(Body(40));
    return Packet(from, to, NatProtocol::Esp, writer.Take());
}

NatPacket
IkePacket(IpAddress from, IpAddress to, uint64_t initiatorCookie)
{
    OctetWriter writer;
    writer.U16(IKE_PORT).U16(IKE_PORT).U16(36).U16(0).U64(initiatorCookie).Append(Body(20));
    NatPacket packet = Packet(from, to, NatProtocol::Udp, writer.Take());
    FillChecksum(packet, 6);
    return packet;
}

NatPacket
IcmpError(IpAddress from,
          IpAddress to,
          const NatPacket& about,
          uint8_t type,
          uint8_t code,
          size_t quoted)
{
    OctetWriter writer;
    writer.U8(type).U8(code).U16(0).U32(0);
    writer.Append(OctetView(WithHeader(about)).First(IPV4_OCTETS + quoted));
    NatPacket packet = Packet(from, to, NatProtocol::Icmp, writer.Take());
    FillChecksum(packet, 2);
    return packet;
}

Octets
WithHeader(const NatPacket& packet)
{
    OctetWriter writer;
    writer.U8(0x45).U8(0).U16(static_cast<uint16_t>(IPV4_OCTETS + packet.payload.size()));
    const uint16_t more = packet.hasMoreFragments ? 0x2000 : 0;
    writer.U16(packet.identification).U16(more | packet.fragmentOffset / 8);
    writer.U8(TTL).U8(packet.protocol).U16(0);
    writer.Append(packet.source.ToOctets()).Append(packet.destination.ToOctets());
    Octets header = writer.Take();
    const uint16_t checksum = InternetChecksum(header);
    header[10] = checksum >> 8;
    header[11] = checksum & 0xff;
    return Concat({header, packet.payload});
}

bool
HasValidChecksum(const NatPacket& packet)
{
    if (packet.protocol == static_cast<uint8_t>(NatProtocol::Esp))
    {
        return true;
    }
    const bool isIcmpError = packet.protocol == static_cast<uint8_t>(NatProtocol::Icmp) &&
                             (packet.payload[0] == 3 || packet.payload[0] == 11);
    const OctetView quotedHeader = OctetView(packet.payload).From(ICMP_OCTETS).First(IPV4_OCTETS);
    return InternetChecksum(Covered(packet)) == 0 &&
           (!isIcmpError || InternetChecksum(quotedHeader) == 0);
}

NatPacket
QuotedIn(const NatPacket& error)
{
    const OctetView quoted = OctetView(error.payload).From(ICMP_OCTETS);
    NatPacket packet;
    packet.protocol = quoted[9];
    packet.source = IpAddress::FromOctets(quoted.From(12).First(4));
    packet.destination = IpAddress::FromOctets(quoted.From(16).First(4));
    packet.payload = quoted.From(IPV4_OCTETS).Copy();
    return packet;
}

NatFlow
FlowOf(const NatPacket& packet)
{
    NatFlow flow;
    flow.protocol = static_cast<NatProtocol>(packet.protocol);
    flow.source.address = packet.source;
    flow.destination.address = packet.destination;
    OctetReader reader(packet.payload);
    switch (flow.protocol)
    {
    case NatProtocol::Udp:
    case NatProtocol::Tcp:
        flow.source.port = reader.U16();
        flow.destination.port = reader.U16();
        break;
    case NatProtocol::Icmp:
    {
        const bool isReply = reader.U8() == 0;
        reader.Take(3);
        (isReply ? flow.destination : flow.source).port = reader.U16();
        break;
    }
    case NatProtocol::Esp:
        break;
    }
    return flow;
}

std::vector<NatPacket>
CutInto(const NatPacket& packet, size_t octets)
{
    std::vector<NatPacket> fragments;
    for (size_t offset = 0; offset < packet.payload.size(); offset += octets)
    {
        NatPacket fragment = packet;
        fragment.payload = OctetView(packet.payload).From(offset).First(octets).Copy();
        fragment.fragmentOffset = static_cast<uint16_t>(offset);
        fragment.hasMoreFragments = offset + octets < packet.payload.size();
        fragment.ticket = packet.ticket + offset;
        fragments.push_back(fragment);
    }
    return fragments;
}

NatPacket
Joined(std::vector<NatPacket> fragments)
{
    std::sort(fragments.begin(),
              fragments.end(),
              [](const NatPacket& a, const NatPacket& b)
              { return a.fragmentOffset < b.fragmentOffset; });
    NatPacket whole = fragments.front();
    whole.payload.clear();
    whole.hasMoreFragments = false;
    for (const NatPacket& fragment : fragments)
    {
        const bool fits = fragment.fragmentOffset == whole.payload.size() &&
                          fragment.identification == whole.identification &&
                          fragment.source == whole.source &&
                          fragment.destination == whole.destination;
        if (!fits)
        {
            whole.payload.clear();
            return whole;
        }
        whole.payload = Concat({whole.payload, fragment.payload});
    }
    if (fragments.back().hasMoreFragments)
    {
        whole.payload.clear();
    }
    return whole;
}

NatBench::NatBench(const NatConfig& config)
    : nat(config)
{
    nat.Table().SetOutside(now, {outside});
}

NatOutcome
NatBench::Out(const NatPacket& packet)
{
    return nat.FromInside(now, packet, random);
}

NatOutcome
NatBench::In(const NatPacket& packet)
{
    return nat.FromOutside(now, packet);
}

Endpoint
NatBench::Mapped(const NatPacket& packet)
{
    const NatOutcome outcome = Out(packet);
    if (outcome.kind != NatOutcome::Kind::Forward || outcome.packets.size() != 1)
    {
        ADD_FAILURE() << "refused: " << NatFaultName(outcome.fault);
        return Endpoint{{}, 0};
    }
    EXPECT_TRUE(HasValidChecksum(outcome.packets[0]));
    return FlowOf(outcome.packets[0]).source;
}

Endpoint
NatBench::Mapped(const std::string& from, const std::string& to)
{
    return Mapped(UdpPacket(At(from), At(to)));
}

bool
NatBench::IsLetIn(const NatPacket& packet, const Endpoint& inside)
{
    const NatOutcome outcome = In(packet);
    if (outcome.kind != NatOutcome::Kind::Forward || outcome.packets.size() != 1)
    {
        return false;
    }
    EXPECT_TRUE(HasValidChecksum(outcome.packets[0]));
    EXPECT_EQ(FlowOf(outcome.packets[0]).destination.ToString(), inside.ToString());
    return true;
}

NatEvents
NatBench::Wait(Duration time)
{
    const Instant end = now + time;
    NatEvents events;
    while (nat.NextDeadline() && *nat.NextDeadline() <= end)
    {
        now = *nat.NextDeadline();
        const NatOutcome outcome = nat.Expire(now);
        events.insert(events.end(), outcome.events.begin(), outcome.events.end());
    }
    now = end;
    return events;
}

} // namespace ipsec
} // namespace ns3
