// SPDX-License-Identifier: GPL-2.0-only
// RFC 4787, requirement by requirement, with the defaults unless a test says otherwise.
//
// REQ-7 (a network that is both inside and outside) is a matter of the box's interfaces: see
// NatBoxTest.ANetworkBothInsideAndOutsideIsRefused in test/simulation. REQ-10 (no application level
// gateways by default) holds because there are none: Req10NoPayloadIsTouched. REQ-13 (DF) is a
// matter of links: NatBoxTest.APacketThatMustNotBeCutIsAnswered.
#include "nat-samples.h"

#include <gtest/gtest.h>

using namespace std::chrono_literals;

namespace ns3
{
namespace ipsec
{

namespace
{

const std::string HOST = "10.0.0.2:5000";
const std::string SERVER = "198.51.100.1:53";

NatConfig
Filtering(NatBehaviour filtering)
{
    NatConfig config;
    config.filtering = filtering;
    return config;
}

TEST(NatRfc4787, Req1TheMappingIsTheSameForAllRemotes)
{
    NatBench bench;
    const Endpoint first = bench.Mapped(HOST, SERVER);

    EXPECT_EQ(bench.Mapped(HOST, "198.51.100.1:54"), first);
    EXPECT_EQ(bench.Mapped(HOST, "203.0.113.9:53"), first);
    EXPECT_EQ(bench.nat.Table().MappingCount(), 1U);
}

TEST(NatRfc4787, Req1OtherBehavioursAreThereToBeStudied)
{
    NatConfig config;
    config.mapping = NatBehaviour::AddressDependent;
    NatBench byAddress(config);
    const Endpoint first = byAddress.Mapped(HOST, SERVER);
    EXPECT_EQ(byAddress.Mapped(HOST, "198.51.100.1:54"), first);
    EXPECT_NE(byAddress.Mapped(HOST, "203.0.113.9:53"), first);

    config.mapping = NatBehaviour::AddressAndPortDependent;
    NatBench byBoth(config);
    const Endpoint one = byBoth.Mapped(HOST, SERVER);
    EXPECT_EQ(byBoth.Mapped(HOST, SERVER), one);
    EXPECT_NE(byBoth.Mapped(HOST, "198.51.100.1:54"), one);
}

TEST(NatRfc4787, Req2AHostKeepsItsAddressOfAPool)
{
    NatBench bench;
    bench.nat.Table().SetOutside(bench.now, {bench.outside, IpAddress::Parse("192.0.2.2")});
    const IpAddress one = bench.Mapped(HOST, SERVER).address;
    const IpAddress two = bench.Mapped("10.0.0.3:5000", SERVER).address;

    EXPECT_NE(one, two);
    for (int port = 6000; port < 6010; ++port)
    {
        EXPECT_EQ(bench.Mapped("10.0.0.2:" + std::to_string(port), SERVER).address, one);
    }
}

TEST(NatRfc4787, Req3NoTwoInsideEndpointsShareAPort)
{
    NatBench bench;
    const Endpoint one = bench.Mapped("10.0.0.2:5000", SERVER);
    const Endpoint two = bench.Mapped("10.0.0.3:5000", "203.0.113.9:53");

    EXPECT_NE(one.port, two.port) << "not even for different remotes";
}

TEST(NatRfc4787, Req3aPortsKeepTheirClass)
{
    NatBench bench;
    for (int host = 2; host < 100; ++host)
    {
        const std::string address = "10.0.0." + std::to_string(host);
        EXPECT_LT(bench.Mapped(address + ":500", SERVER).port, 1024);
        EXPECT_GE(bench.Mapped(address + ":1024", SERVER).port, 1024);
    }
}

TEST(NatRfc4787, Req4PortsKeepTheirParity)
{
    NatBench bench;
    for (int host = 2; host < 50; ++host)
    {
        const std::string address = "10.0.0." + std::to_string(host);
        EXPECT_EQ(bench.Mapped(address + ":5004", SERVER).port % 2, 0);
        EXPECT_EQ(bench.Mapped(address + ":5005", SERVER).port % 2, 1);
    }
}

TEST(NatRfc4787, Req5AMappingLastsFiveMinutes)
{
    NatBench bench;
    bench.Mapped(HOST, SERVER);

    EXPECT_TRUE(bench.Wait(5min - 1ns).empty());
    const NatEvents events = bench.Wait(1ns);
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].kind, NatEvent::Kind::Expired);
    EXPECT_EQ(events[0].end, NatEnd::Timeout);
    EXPECT_EQ(events[0].mapping.inside, At(HOST));
}

TEST(NatRfc4787, Req6PacketsOutProlongAMapping)
{
    NatConfig config;
    config.refreshesInbound = false;
    NatBench bench(config);
    const Endpoint outside = bench.Mapped(HOST, SERVER);
    bench.Wait(4min);
    bench.Mapped(HOST, SERVER);
    bench.Wait(4min);
    EXPECT_TRUE(bench.IsLetIn(UdpPacket(At(SERVER), outside), At(HOST)));
    bench.Wait(1min);

    EXPECT_FALSE(bench.IsLetIn(UdpPacket(At(SERVER), outside), At(HOST)))
        << "the packet in must not have prolonged it";
}

TEST(NatRfc4787, Req6WithoutInboundRefreshNoStrangerKeepsAMapping)
{
    NatConfig config = Filtering(NatBehaviour::EndpointIndependent);
    config.refreshesInbound = false;
    NatBench bench(config);
    const Endpoint outside = bench.Mapped(HOST, SERVER);
    bench.Wait(4min);
    EXPECT_TRUE(bench.IsLetIn(UdpPacket(At("203.0.113.9:1"), outside), At(HOST)));

    EXPECT_EQ(bench.Wait(1min).size(), 1U);
}

TEST(NatRfc4787, Req6aPacketsInMayProlongAMapping)
{
    NatBench bench;
    const Endpoint outside = bench.Mapped(HOST, SERVER);
    bench.Wait(4min);
    EXPECT_TRUE(bench.IsLetIn(UdpPacket(At(SERVER), outside), At(HOST)));
    bench.Wait(4min);

    EXPECT_TRUE(bench.IsLetIn(UdpPacket(At(SERVER), outside), At(HOST)));
}

TEST(NatRfc4787, Req6OutboundRefreshCanBeOff)
{
    NatConfig config;
    config.refreshesOutbound = false;
    config.refreshesInbound = false;
    NatBench bench(config);
    bench.Mapped(HOST, SERVER);
    bench.Wait(4min);
    bench.Mapped(HOST, SERVER);

    EXPECT_EQ(bench.Wait(1min).size(), 1U);
}

TEST(NatRfc4787, Req8FiltersAreAsTheyAreNamed)
{
    const std::string sameAddress = "198.51.100.1:9999";
    const std::string stranger = "203.0.113.9:53";
    struct Row
    {
        NatBehaviour filtering;
        bool letsSameAddressIn;
        bool letsStrangerIn;
    };
    for (const Row& row : {Row{NatBehaviour::EndpointIndependent, true, true},
                           Row{NatBehaviour::AddressDependent, true, false},
                           Row{NatBehaviour::AddressAndPortDependent, false, false}})
    {
        NatBench bench(Filtering(row.filtering));
        const Endpoint outside = bench.Mapped(HOST, SERVER);
        const auto lets = [&](const std::string& from)
        { return bench.IsLetIn(UdpPacket(At(from), outside), At(HOST)); };
        EXPECT_TRUE(lets(SERVER)) << NatWord(row.filtering);
        EXPECT_EQ(lets(sameAddress), row.letsSameAddressIn) << NatWord(row.filtering);
        EXPECT_EQ(lets(stranger), row.letsStrangerIn) << NatWord(row.filtering);
    }
}

TEST(NatRfc4787, Req8WhatAFilterRefusesSaysSo)
{
    NatBench bench;
    const Endpoint outside = bench.Mapped(HOST, SERVER);
    const NatOutcome outcome = bench.In(UdpPacket(At("203.0.113.9:53"), outside));

    EXPECT_EQ(outcome.kind, NatOutcome::Kind::Own);
    EXPECT_EQ(outcome.fault, NatFault::Filtered);
}

TEST(NatRfc4787, Req9AHairpinShowsTheOutsideEndpoint)
{
    NatBench bench(Filtering(NatBehaviour::EndpointIndependent));
    const Endpoint server = bench.Mapped("10.0.0.3:7000", SERVER);
    const NatOutcome there = bench.Out(UdpPacket(At(HOST), server));
    ASSERT_EQ(there.kind, NatOutcome::Kind::Forward);
    const NatFlow seen = FlowOf(there.packets.at(0));
    EXPECT_EQ(seen.destination, At("10.0.0.3:7000"));
    EXPECT_EQ(seen.source.address, bench.outside);
    EXPECT_TRUE(HasValidChecksum(there.packets[0]));

    const NatOutcome back = bench.Out(UdpPacket(seen.destination, seen.source));
    ASSERT_EQ(back.kind, NatOutcome::Kind::Forward);
    EXPECT_EQ(FlowOf(back.packets.at(0)).source, server);
    EXPECT_EQ(FlowOf(back.packets.at(0)).destination, At(HOST));
    EXPECT_TRUE(HasValidChecksum(back.packets[0]));
}

TEST(NatRfc4787, Req9AHairpinMeetsTheFilter)
{
    NatBench bench;
    const Endpoint server = bench.Mapped("10.0.0.3:7000", SERVER);
    const NatOutcome refused = bench.Out(UdpPacket(At(HOST), server));

    EXPECT_EQ(refused.kind, NatOutcome::Kind::Drop);
    EXPECT_EQ(refused.fault, NatFault::Filtered);
}

TEST(NatRfc4787, Req9aTheFilterOfAHairpinSeesTheOutsideEndpoint)
{
    NatBench bench(Filtering(NatBehaviour::AddressAndPortDependent));
    const Endpoint alice = bench.Mapped(HOST, SERVER);
    const Endpoint bob = bench.Mapped("10.0.0.3:7000", SERVER);
    EXPECT_EQ(bench.Out(UdpPacket(At(HOST), bob)).fault, NatFault::Filtered);

    // Alice's attempt has opened her own filter, as it does between two NATs.
    EXPECT_EQ(bench.Out(UdpPacket(At("10.0.0.3:7000"), alice)).kind, NatOutcome::Kind::Forward);
    EXPECT_EQ(bench.Out(UdpPacket(At(HOST), bob)).kind, NatOutcome::Kind::Forward);
}

TEST(NatRfc4787, Req9HairpinsCanBeOff)
{
    NatConfig config = Filtering(NatBehaviour::EndpointIndependent);
    config.hairpins = false;
    NatBench bench(config);
    const Endpoint server = bench.Mapped("10.0.0.3:7000", SERVER);

    EXPECT_EQ(bench.Out(UdpPacket(At(HOST), server)).fault, NatFault::HairpinOff);
}

TEST(NatRfc4787, Req10NoPayloadIsTouched)
{
    NatBench bench;
    NatPacket packet = UdpPacket(At(HOST), At(SERVER), 0);
    const std::string text = "PORT 10,0,0,2,19,136 at 10.0.0.2:5000";
    packet.payload.insert(packet.payload.end(), text.begin(), text.end());
    const NatOutcome outcome = bench.Out(packet);

    ASSERT_EQ(outcome.packets.size(), 1U);
    EXPECT_EQ(OctetView(outcome.packets[0].payload).From(8), AsOctets(text));
}

TEST(NatRfc4787, Req11BehaviourDoesNotDependOnWhatIsGoingOn)
{
    // Port preservation gives way when a port is taken; mapping and filtering never change.
    NatBench bench;
    for (int host = 2; host < 200; ++host)
    {
        const std::string from = "10.0.0." + std::to_string(host) + ":5000";
        const Endpoint outside = bench.Mapped(from, SERVER);
        EXPECT_EQ(bench.Mapped(from, "203.0.113.9:1"), outside);
        EXPECT_FALSE(bench.IsLetIn(UdpPacket(At("203.0.113.10:1"), outside), At(from)));
    }
}

TEST(NatRfc4787, Req12NoIcmpMessageEndsAMapping)
{
    NatBench bench;
    const NatOutcome sent = bench.Out(UdpPacket(At(HOST), At(SERVER)));
    const Endpoint outside = FlowOf(sent.packets.at(0)).source;
    for (uint8_t code = 0; code < 16; ++code)
    {
        const NatPacket error =
            IcmpError(At(SERVER).address, bench.outside, sent.packets[0], 3, code);
        EXPECT_EQ(bench.In(error).kind, NatOutcome::Kind::Forward);
    }

    EXPECT_TRUE(bench.IsLetIn(UdpPacket(At(SERVER), outside), At(HOST)));
}

TEST(NatRfc4787, Req12aAnErrorMayComeFromAnyRouter)
{
    NatBench bench;
    const NatOutcome sent = bench.Out(UdpPacket(At(HOST), At(SERVER)));
    const NatOutcome error = bench.In(
        IcmpError(IpAddress::Parse("203.0.113.77"), bench.outside, sent.packets.at(0), 11, 0));

    ASSERT_EQ(error.kind, NatOutcome::Kind::Forward);
    EXPECT_EQ(error.packets.at(0).destination, At(HOST).address);
    EXPECT_EQ(FlowOf(QuotedIn(error.packets[0])).source, At(HOST));
}

TEST(NatRfc4787, Req14FragmentsAreTranslatedInAnyOrder)
{
    for (const std::vector<size_t>& order :
         {std::vector<size_t>{0, 1, 2}, {2, 1, 0}, {1, 0, 2}, {2, 0, 1}, {0, 2, 1}, {1, 2, 0}})
    {
        NatBench bench;
        NatPacket packet = UdpPacket(At(HOST), At(SERVER), 4000);
        packet.identification = 77;
        const std::vector<NatPacket> fragments = CutInto(packet, 1480);
        std::vector<NatPacket> sent;
        for (const size_t i : order)
        {
            const NatOutcome outcome = bench.Out(fragments.at(i));
            sent.insert(sent.end(), outcome.packets.begin(), outcome.packets.end());
        }
        ASSERT_EQ(sent.size(), fragments.size());
        const NatPacket whole = Joined(sent);
        EXPECT_EQ(whole.payload.size(), packet.payload.size());
        EXPECT_EQ(whole.source, bench.outside);
        EXPECT_TRUE(HasValidChecksum(whole));
    }
}

TEST(NatRfc4787, Req14aFragmentsThatWaitAreBoundedInNumberAndTime)
{
    NatConfig config;
    config.maxHeldFragments = 10;
    NatBench bench(config);
    NatPacket packet = UdpPacket(At(HOST), At(SERVER), 2000);
    for (uint16_t id = 0; id < 15; ++id)
    {
        packet.identification = id;
        const NatOutcome outcome = bench.Out(CutInto(packet, 1480).at(1));
        EXPECT_EQ(outcome.fault, id < 10 ? NatFault::None : NatFault::FragmentLimit) << id;
    }
    bench.now += 30s;
    const NatOutcome expired = bench.nat.Expire(bench.now);
    EXPECT_EQ(expired.lost.size(), 10U);
    EXPECT_EQ(expired.lost.at(0).fault, NatFault::FragmentTimeout);
    EXPECT_EQ(bench.Out(CutInto(packet, 1480).at(1)).fault, NatFault::None)
        << "there is room again";
}

} // namespace

} // namespace ipsec
} // namespace ns3
