// SPDX-License-Identifier: GPL-2.0-only
// What must hold of a NAT whatever goes through it: random traffic with fixed seeds, through many
// configurations.
#include "nat-samples.h"

#include "ns3/nat-rewrite.h"

#include <gtest/gtest.h>
#include <map>
#include <set>

using namespace std::chrono_literals;

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr uint64_t SEEDS = 12;
constexpr int PACKETS = 1500;

/// Traffic, the NAT that it goes through, and what was seen of it.
class Traffic
{
  public:
    explicit Traffic(uint64_t seed)
        : draw(seed)
        , bench(DrawConfig())
    {
    }

    uint32_t
    Below(uint32_t limit)
    {
        return draw.DrawU32() % limit;
    }

    NatConfig
    DrawConfig()
    {
        NatConfig config;
        config.mapping = static_cast<NatBehaviour>(Below(3));
        config.filtering = static_cast<NatBehaviour>(Below(3));
        config.portChoice = static_cast<NatPortChoice>(Below(3));
        config.keepsParity = Below(2) == 0;
        config.keepsPortClass = Below(2) == 0;
        config.refreshesInbound = Below(2) == 0;
        config.esp = static_cast<EspPassThrough>(1 + Below(2));
        config.ike = static_cast<IkePassThrough>(Below(3));
        return config;
    }

    Endpoint
    Inside()
    {
        return Endpoint{{IpAddress::Parse("10.0.0.0").value + 2 + Below(30)},
                        static_cast<uint16_t>(Below(4) == 0 ? 500 : 2000 + Below(40))};
    }

    Endpoint
    Remote()
    {
        return Endpoint{{IpAddress::Parse("198.51.100.0").value + 1 + Below(6)},
                        static_cast<uint16_t>(Below(3) == 0 ? 500 : 50 + Below(5))};
    }

    NatPacket
    PacketOut()
    {
        const Endpoint from = Inside();
        const Endpoint to = Remote();
        const size_t octets = Below(60);
        switch (Below(6))
        {
        case 0:
            return TcpPacket(from, to, TCP_SYN, 0);
        case 1:
            return TcpPacket(from, to, TCP_ACK, octets);
        case 2:
            return EchoRequest(from, to.address, octets);
        case 3:
            return EspPacket(from.address, to.address, 0x1000 + from.address.value % 256);
        default:
            return from.port == IKE_PORT && to.port == IKE_PORT
                       ? IkePacket(from.address, to.address, from.address.value)
                       : UdpPacket(from, to, octets);
        }
    }

    SeededRandomSource draw;
    NatBench bench;
};

/// Makes the answer to a packet.
NatPacket
AnswerTo(const NatPacket& packet)
{
    const NatFlow flow = FlowOf(packet);
    switch (flow.protocol)
    {
    case NatProtocol::Tcp:
        return TcpPacket(flow.destination, flow.source, TCP_ACK, 11);
    case NatProtocol::Icmp:
        return EchoReply(flow.destination.address, flow.source, 33);
    case NatProtocol::Esp:
        return EspPacket(flow.destination.address,
                         flow.source.address,
                         0x2000 + OctetReader(packet.payload).U32() % 256);
    case NatProtocol::Udp:
        break;
    }
    if (flow.destination.port == IKE_PORT && packet.payload.size() >= 16)
    {
        OctetReader reader(OctetView(packet.payload).From(8));
        const uint64_t cookie = reader.U64();
        NatPacket answer = IkePacket(flow.destination.address, flow.source.address, cookie);
        TranslateDestination(answer, flow.source, true);
        return answer;
    }
    return UdpPacket(flow.destination, flow.source, 17);
}

TEST(NatProperties, TheAnswerToAnyPacketComesToItsSenderWithValidChecksums)
{
    for (uint64_t seed = 1; seed <= SEEDS; ++seed)
    {
        Traffic traffic(seed);
        int answered = 0;
        for (int i = 0; i < PACKETS; ++i)
        {
            traffic.bench.Wait(std::chrono::milliseconds(traffic.Below(2000)));
            const NatPacket packet = traffic.PacketOut();
            const NatOutcome out = traffic.bench.Out(packet);
            if (out.kind != NatOutcome::Kind::Forward)
            {
                EXPECT_TRUE(out.fault == NatFault::EspBusy || out.fault == NatFault::IkeBusy)
                    << NatFaultName(out.fault);
                continue;
            }
            const NatPacket& sent = out.packets.at(0);
            EXPECT_EQ(sent.source, traffic.bench.outside);
            EXPECT_TRUE(HasValidChecksum(sent)) << FlowOf(packet).ToString();
            EXPECT_EQ(FlowOf(sent).destination, FlowOf(packet).destination);
            const NatOutcome in = traffic.bench.In(AnswerTo(sent));
            ASSERT_EQ(in.kind, NatOutcome::Kind::Forward)
                << "seed " << seed << ": " << FlowOf(packet).ToString() << " "
                << NatFaultName(in.fault);
            EXPECT_TRUE(HasValidChecksum(in.packets.at(0)));
            EXPECT_EQ(FlowOf(in.packets[0]).destination, FlowOf(packet).source);
            EXPECT_EQ(FlowOf(in.packets[0]).source, FlowOf(packet).destination);
            ++answered;
        }
        EXPECT_GT(answered, PACKETS / 2) << seed;
    }
}

TEST(NatProperties, AnErrorAboutAnyPacketQuotesWhatItsSenderSent)
{
    for (uint64_t seed = 1; seed <= SEEDS; ++seed)
    {
        Traffic traffic(seed);
        for (int i = 0; i < PACKETS; ++i)
        {
            const NatPacket packet = traffic.PacketOut();
            const NatOutcome out = traffic.bench.Out(packet);
            if (out.kind != NatOutcome::Kind::Forward)
            {
                continue;
            }
            const NatPacket& sent = out.packets.at(0);
            const size_t quoted = 16 + 4 * traffic.Below(5);
            const NatOutcome in = traffic.bench.In(
                IcmpError(IpAddress::Parse("203.0.113.1"), sent.source, sent, 11, 0, quoted));
            ASSERT_EQ(in.kind, NatOutcome::Kind::Forward) << FlowOf(packet).ToString();
            const NatPacket restored = QuotedIn(in.packets.at(0));
            EXPECT_EQ(in.packets[0].destination, packet.source);
            EXPECT_EQ(restored.source, packet.source);
            EXPECT_EQ(restored.payload, OctetView(packet.payload).First(quoted).Copy());
            EXPECT_TRUE(HasValidChecksum(in.packets[0]));
        }
    }
}

TEST(NatProperties, NoTwoInsideEndpointsShareAnOutsideOne)
{
    for (uint64_t seed = 1; seed <= SEEDS; ++seed)
    {
        Traffic traffic(seed);
        std::map<std::pair<NatProtocol, Endpoint>, Endpoint> owners;
        for (int i = 0; i < PACKETS; ++i)
        {
            const NatOutcome out = traffic.bench.Out(traffic.PacketOut());
            for (const NatEvent& event : out.events)
            {
                const NatMapping& mapping = event.mapping;
                const bool isShared =
                    mapping.protocol == NatProtocol::Esp || mapping.outside.port == 500;
                const auto key = std::make_pair(mapping.protocol, mapping.outside);
                if (!isShared && event.kind == NatEvent::Kind::Created)
                {
                    EXPECT_TRUE(owners.emplace(key, mapping.inside).second) << mapping.ToString();
                }
            }
        }
        EXPECT_FALSE(owners.empty());
    }
}

TEST(NatProperties, EveryMappingEndsAndNothingIsLeft)
{
    for (uint64_t seed = 1; seed <= SEEDS; ++seed)
    {
        Traffic traffic(seed);
        int64_t alive = 0;
        const auto count = [&alive](const NatEvents& events)
        {
            for (const NatEvent& event : events)
            {
                alive += event.kind == NatEvent::Kind::Created ? 1 : -1;
            }
        };
        for (int i = 0; i < PACKETS; ++i)
        {
            count(traffic.bench.Wait(std::chrono::milliseconds(traffic.Below(3000))));
            const NatOutcome out = traffic.bench.Out(traffic.PacketOut());
            count(out.events);
            if (out.kind == NatOutcome::Kind::Forward && traffic.Below(2) == 0)
            {
                count(traffic.bench.In(AnswerTo(out.packets.at(0))).events);
            }
            ASSERT_EQ(alive, static_cast<int64_t>(traffic.bench.nat.Table().MappingCount()));
        }
        EXPECT_GT(alive, 0);
        count(traffic.bench.Wait(3h));
        EXPECT_EQ(alive, 0);
        EXPECT_EQ(traffic.bench.nat.Table().SessionCount(), 0U);
        EXPECT_FALSE(traffic.bench.nat.NextDeadline()) << "nothing is due any more";
    }
}

TEST(NatProperties, ACallBeforeTheDeadlineChangesNothing)
{
    Traffic traffic(3);
    for (int i = 0; i < 300; ++i)
    {
        traffic.bench.now += 100ms;
        traffic.bench.Out(traffic.PacketOut());
        const auto deadline = traffic.bench.nat.NextDeadline();
        ASSERT_TRUE(deadline);
        const size_t before = traffic.bench.nat.Table().MappingCount();
        const NatOutcome early = traffic.bench.nat.Expire(*deadline - 1ns);
        EXPECT_TRUE(early.events.empty());
        EXPECT_EQ(traffic.bench.nat.Table().MappingCount(), before);
        EXPECT_EQ(traffic.bench.nat.NextDeadline(), deadline);
        traffic.bench.Wait(0ns);
    }
}

TEST(NatProperties, EqualSeedsGiveEqualPackets)
{
    Traffic one(5);
    Traffic two(5);
    for (int i = 0; i < PACKETS; ++i)
    {
        const NatOutcome a = one.bench.Out(one.PacketOut());
        const NatOutcome b = two.bench.Out(two.PacketOut());
        ASSERT_EQ(a.packets.size(), b.packets.size());
        if (!a.packets.empty())
        {
            EXPECT_EQ(WithHeader(a.packets[0]), WithHeader(b.packets[0]));
        }
    }
}

TEST(NatProperties, FragmentsOfAnySizeAndOrderMakeTheWholePacketBothWays)
{
    Traffic traffic(7);
    for (int i = 0; i < 200; ++i)
    {
        NatPacket packet =
            UdpPacket(traffic.Inside(), {IpAddress::Parse("198.51.100.1"), 7}, 100 + i * 17);
        packet.identification = static_cast<uint16_t>(i);
        std::vector<NatPacket> fragments = CutInto(packet, 8 * (1 + traffic.Below(40)));
        for (size_t last = fragments.size(); last > 1; --last)
        {
            std::swap(fragments[last - 1], fragments[traffic.Below(static_cast<uint32_t>(last))]);
        }
        std::vector<NatPacket> sent;
        for (const NatPacket& fragment : fragments)
        {
            const NatOutcome out = traffic.bench.Out(fragment);
            sent.insert(sent.end(), out.packets.begin(), out.packets.end());
        }
        const NatPacket whole = Joined(sent);
        ASSERT_EQ(whole.payload.size(), packet.payload.size());
        EXPECT_TRUE(HasValidChecksum(whole));

        std::vector<NatPacket> back;
        for (const NatPacket& fragment : CutInto(AnswerTo(whole), 8))
        {
            const NatOutcome in = traffic.bench.In(fragment);
            back.insert(back.end(), in.packets.begin(), in.packets.end());
        }
        const NatPacket answer = Joined(back);
        EXPECT_EQ(FlowOf(answer).destination, FlowOf(packet).source);
        EXPECT_TRUE(HasValidChecksum(answer));
    }
}

TEST(NatProperties, NoOctetsFromEitherSideDoHarm)
{
    Traffic traffic(11);
    for (int i = 0; i < 20000; ++i)
    {
        NatPacket packet = traffic.PacketOut();
        if (traffic.Below(3) == 0)
        {
            packet = IcmpError(packet.source, packet.destination, packet);
        }
        packet.payload.resize(traffic.Below(static_cast<uint32_t>(packet.payload.size()) + 1));
        if (!packet.payload.empty())
        {
            packet.payload[traffic.Below(static_cast<uint32_t>(packet.payload.size()))] =
                static_cast<uint8_t>(traffic.Below(256));
        }
        packet.protocol = traffic.Below(20) == 0 ? 47 : packet.protocol;
        packet.fragmentOffset = traffic.Below(10) == 0 ? 8 * traffic.Below(10) : 0;
        packet.hasMoreFragments = traffic.Below(10) == 0;
        if (traffic.Below(2) == 0)
        {
            packet.destination = traffic.bench.outside;
            traffic.bench.In(packet);
        }
        traffic.bench.Out(packet);
        traffic.bench.Wait(1ms);
    }
    traffic.bench.Wait(3h);
    EXPECT_EQ(traffic.bench.nat.Table().MappingCount(), 0U);
}

} // namespace

} // namespace ipsec
} // namespace ns3
