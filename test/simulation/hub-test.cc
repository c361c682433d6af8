// SPDX-License-Identifier: GPL-2.0-only
#include "hub-and-spokes.h"
#include "tunnel-samples.h"

#include "ns3/esp-header.h"
#include "ns3/ipsec-conversions.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <gtest/gtest.h>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

Policy
Rule(PolicyAction action, int32_t order, uint16_t remotePort = 0)
{
    Policy rule;
    rule.selector.local = Prefix::Parse(TwoSites::LAN_A);
    rule.selector.remote = Prefix::Parse(TwoSites::LAN_B);
    rule.selector.protocol = remotePort != 0 ? IP_PROTOCOL_UDP : 0;
    rule.selector.remotePort = remotePort;
    rule.action = action;
    rule.order = order;
    return rule;
}

// Covers PO-04.
TEST(Hub, LetsSpokesSpeakThroughItByPolicies)
{
    HubAndSpokes net(4);
    net.ConnectByPolicies();
    net.Install();
    net.SendAt(MilliSeconds(1), 1, 2);
    net.SendAt(MilliSeconds(2), 3, 0);
    net.SendAt(MilliSeconds(3), 0, 1);
    net.RunUntil(Seconds(5));

    EXPECT_EQ(net.received, (std::vector<size_t>{1, 1, 1, 0}));
    EXPECT_EQ(net.Plane(0)->UnprotectedPackets(), 2U);
    EXPECT_EQ(net.Plane(0)->ProtectedPackets(), 2U);
    EXPECT_EQ(net.leaked, 0U);
}

// Covers PO-02, PO-04.
TEST(Hub, LetsSpokesSpeakThroughItByRoutes)
{
    HubAndSpokes net(4);
    net.ConnectByRoutes();
    net.SendAt(MilliSeconds(1), 1, 2);
    net.SendAt(MilliSeconds(2), 3, 0);
    net.SendAt(MilliSeconds(3), 0, 1);
    net.RunUntil(Seconds(5));

    EXPECT_EQ(net.received, (std::vector<size_t>{1, 1, 1, 0}));
    EXPECT_EQ(net.leaked, 0U);
    EXPECT_EQ(net.gateways[0]->GetNDevices(), 4U) << "loopback, LAN, cloud and one tunnel device";
}

TEST(Hub, RouteBasedTunnelLeavesAloneWhatNoRouteLeadsToIt)
{
    HubAndSpokes net(2);
    net.helper.ConnectByRoutes(
        net.gateways[0], HubAndSpokes::Outside(0), net.gateways[1], HubAndSpokes::Outside(1));
    net.Install();
    net.SendAt(MilliSeconds(1), 0, 1);
    net.RunUntil(Seconds(1));

    EXPECT_EQ(net.seen[IP_PROTOCOL_ESP], 0U);
    EXPECT_EQ(net.leaked, 1U) << "it goes where the default route leads";
}

TEST(Hub, LongestPrefixChoosesAmongRouteBasedTunnels)
{
    HubAndSpokes net(3);
    const auto one = net.helper.ConnectByRoutes(
        net.gateways[0], HubAndSpokes::Outside(0), net.gateways[1], HubAndSpokes::Outside(1));
    const auto two = net.helper.ConnectByRoutes(
        net.gateways[0], HubAndSpokes::Outside(0), net.gateways[2], HubAndSpokes::Outside(2));
    net.Install();
    IpsecHelper::AddTunnelRoute(net.gateways[0], "10.0.0.0/8", one.first);
    IpsecHelper::AddTunnelRoute(net.gateways[0], HubAndSpokes::Lan(2), two.first);
    IpsecHelper::AddTunnelRoute(net.gateways[2], HubAndSpokes::Lan(0), two.second);
    net.SendAt(MilliSeconds(1), 0, 2);
    net.RunUntil(Seconds(5));

    EXPECT_EQ(net.received[2], 1U);
    EXPECT_EQ(net.Plane(1)->UnprotectedPackets(), 0U);
}

TEST(Hub, ClearPacketsFromBehindARouteBasedTunnelAreDropped)
{
    HubAndSpokes net(2);
    net.ConnectByRoutes();
    OctetWriter udp;
    udp.U16(4000).U16(TwoSites::PORT).U16(16).U16(0).U64(0);
    const Ptr<Packet> packet = ToPacket(udp.Take());
    Ipv4Header header;
    header.SetSource("10.1.0.2");
    header.SetDestination("10.0.0.2");
    header.SetProtocol(IP_PROTOCOL_UDP);
    header.SetTtl(64);
    header.SetPayloadSize(16);
    packet->AddHeader(header);
    Simulator::Schedule(MilliSeconds(1), &IpsecCloudNetDevice::Receive, net.wires[0], packet);
    net.RunUntil(MilliSeconds(50));

    EXPECT_EQ(net.received[0], 0U);
    EXPECT_EQ(DropsOf(*net.Plane(0), Fault::ClearTextForbidden), 1U);
}

// Order of rules

TEST(PolicyOrder, RuleBeforeTheTunnelDecides)
{
    TwoSites sites;
    sites.Connect();
    IpsecHelper::AddPolicy(sites.gatewayA, Rule(PolicyAction::Discard, -1, TwoSites::PORT));
    sites.SendAt(MilliSeconds(1), sites.pcA, TwoSites::PC_B);
    sites.RunUntil(MilliSeconds(100));

    EXPECT_EQ(DropsOf(*sites.PlaneA(), Fault::PolicyDiscard), 1U);
    EXPECT_TRUE(sites.wire.empty());
}

TEST(PolicyOrder, BypassBeforeTheTunnelLetsOnePortPass)
{
    TwoSites sites;
    sites.Connect();
    sites.InstallSasByHand();
    IpsecHelper::AddPolicy(sites.gatewayA, Rule(PolicyAction::Bypass, -1, TwoSites::PORT));
    sites.SendAt(MilliSeconds(1), sites.pcA, TwoSites::PC_B);
    sites.RunUntil(MilliSeconds(100));

    ASSERT_EQ(sites.wire.size(), 1U);
    EXPECT_TRUE(HoldsPayload(sites.wire[0]));
}

TEST(PolicyOrder, RuleBehindTheTunnelNeverComesToIt)
{
    TwoSites sites;
    sites.Connect();
    sites.InstallSasByHand();
    IpsecHelper::AddPolicy(sites.gatewayA, Rule(PolicyAction::Discard, 1));
    sites.SendAt(MilliSeconds(1), sites.pcA, TwoSites::PC_B);
    sites.RunUntil(MilliSeconds(100));

    EXPECT_EQ(sites.receivedB.size(), 1U);
}

TEST(PolicyOrder, OrderCountsAndNotWhoCameFirst)
{
    Spd policies;
    policies.Add(Rule(PolicyAction::Discard, 5));
    policies.Add(Rule(PolicyAction::Protect, 0));
    policies.Add(Rule(PolicyAction::Bypass, -5, 9));
    policies.Add(Rule(PolicyAction::Bypass, 0));
    const FlowKey flow{
        IpAddress::Parse("10.1.0.2"), IpAddress::Parse("10.2.0.2"), IP_PROTOCOL_UDP, 7, 9};
    FlowKey other = flow;
    other.destinationPort = 10;

    EXPECT_EQ(policies.FindOutbound(flow)->action, PolicyAction::Bypass);
    EXPECT_EQ(policies.FindOutbound(other)->action, PolicyAction::Protect);
    EXPECT_TRUE(policies.HasPorts());
    EXPECT_EQ(policies.Policies().back().action, PolicyAction::Discard);
}

TEST(PolicyOrder, RuleThatProtectsNeedsATunnel)
{
    TwoSites sites;
    sites.Connect();
    Policy rule = Rule(PolicyAction::Protect, 0);
    rule.child = {3, 0};
    EXPECT_THROW(IpsecHelper::AddPolicy(sites.gatewayA, rule), std::invalid_argument);
    EXPECT_THROW(IpsecHelper::AddPolicy(sites.pcA, Rule(PolicyAction::Bypass, 0)),
                 std::invalid_argument);
    EXPECT_THROW(IpsecHelper::AddTunnelRoute(sites.pcA, "10.9.0.0/24", {}), std::invalid_argument);
}

TEST(PolicyRouting, RawSocketWithTheOuterAddressIsProtectedToo)
{
    TwoSites sites;
    sites.helper.InstallManual(sites.gatewayA, sites.gatewayB, TransportByHand(IP_PROTOCOL_ICMP));
    const Ptr<Socket> socket =
        Socket::CreateSocket(sites.gatewayA, TypeId::LookupByName("ns3::Ipv4RawSocketFactory"));
    socket->SetAttribute("Protocol", UintegerValue(IP_PROTOCOL_ICMP));
    socket->Bind(InetSocketAddress(Ipv4Address(TwoSites::ADDRESS_A), 0));
    Simulator::Schedule(MilliSeconds(1),
                        [socket]()
                        {
                            socket->SendTo(ToPacket(Octets(50, TwoSites::PAYLOAD)),
                                           0,
                                           InetSocketAddress(Ipv4Address(TwoSites::ADDRESS_B), 0));
                        });
    sites.RunUntil(MilliSeconds(100));

    ASSERT_EQ(sites.wire.size(), 1U);
    EXPECT_EQ(ProtocolOf(sites.wire[0]), IP_PROTOCOL_ESP);
}

} // namespace

} // namespace ipsec
} // namespace ns3
