// SPDX-License-Identifier: GPL-2.0-only
#include "tunnel-samples.h"

#include "ns3/esp-header.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipsec-conversions.h"
#include "ns3/ipsec-policy-routing.h"
#include "ns3/ipv4-global-routing-helper.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/simulator.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr size_t PROTOCOL_OFFSET = 9;

/// Returns a configuration of gatewayA that protects UDP to port @p port of everybody only.
EngineConfig
ConfigForPort(uint16_t port)
{
    ChildConfig child;
    child.name = "port";
    child.proposals = ParsePhase2Proposals("nopfs-esp-aes128-sha");
    child.proxyId.protocol = IP_PROTOCOL_UDP;
    child.proxyId.remotePort = port;
    PeerConfig peer;
    peer.name = "b";
    peer.localAddress = IpAddress::Parse(TwoSites::ADDRESS_A);
    peer.remoteAddress = IpAddress::Parse(TwoSites::ADDRESS_B);
    peer.proposals = ParsePhase1Proposals("pre-g2-aes128-sha");
    peer.preSharedKey = SecretBytes(AsOctets("key"));
    peer.children.push_back(child);
    EngineConfig config;
    config.peers.push_back(peer);
    return config;
}

/// Lets the gateway itself send a datagram from a socket that is not bound.
void
SendFromGateway(TwoSites& sites, uint16_t port)
{
    const Ptr<Socket> socket = Socket::CreateSocket(sites.gatewayA, UdpSocketFactory::GetTypeId());
    Simulator::Schedule(MilliSeconds(1),
                        [socket, port]()
                        {
                            socket->SendTo(ToPacket(Octets(50, TwoSites::PAYLOAD)),
                                           0,
                                           InetSocketAddress(Ipv4Address("203.0.113.5"), port));
                        });
}

// Covers PO-02: S2, no part of what matches leaves in clear.
TEST(PolicyRouting, LaterFragmentsDoNotSlipPastAPolicyWithPorts)
{
    TwoSites sites;
    sites.helper.Install(sites.gatewayA, ConfigForPort(TwoSites::PORT));
    sites.SendAt(MilliSeconds(1), sites.pcA, TwoSites::PC_B, 3000);
    sites.RunUntil(MilliSeconds(100));

    EXPECT_FALSE(sites.wire.empty()) << "the negotiation did not start";
    for (const Octets& packet : sites.wire)
    {
        EXPECT_FALSE(HoldsPayload(packet));
    }
}

TEST(PolicyRouting, HelpersStillFindTheStaticRouting)
{
    TwoSites sites;
    const Ptr<Ipv4> ipv4 = sites.gatewayA->GetObject<Ipv4>();
    const Ptr<Ipv4StaticRouting> before = Ipv4StaticRoutingHelper().GetStaticRouting(ipv4);
    sites.Connect();

    EXPECT_TRUE(before);
    EXPECT_EQ(Ipv4StaticRoutingHelper().GetStaticRouting(ipv4), before);
}

TEST(PolicyRouting, GlobalRoutingStillWorks)
{
    TwoSites sites;
    sites.Connect();
    Ipv4GlobalRoutingHelper::PopulateRoutingTables();
    sites.InstallSasByHand();
    sites.SendAt(MilliSeconds(1), sites.pcA, TwoSites::PC_B);
    sites.RunUntil(MilliSeconds(100));

    EXPECT_EQ(sites.receivedB.size(), 1U);
}

TEST(PolicyRouting, PortsOfAnUnboundSocketDecideAtTheDevice)
{
    TwoSites sites;
    sites.helper.Install(sites.gatewayA, ConfigForPort(7));
    SendFromGateway(sites, 8);
    sites.RunUntil(MilliSeconds(100));

    EXPECT_EQ(sites.PlaneA()->BypassedPackets(), 1U);
    ASSERT_EQ(sites.wire.size(), 1U);
    EXPECT_TRUE(HoldsPayload(sites.wire[0]));
}

TEST(PolicyRouting, APortPolicyCatchesAnUnboundSocket)
{
    TwoSites sites;
    sites.helper.Install(sites.gatewayA, ConfigForPort(7));
    SendFromGateway(sites, 7);
    sites.RunUntil(MilliSeconds(100));

    EXPECT_EQ(sites.PlaneA()->BypassedPackets(), 0U);
    for (const Octets& packet : sites.wire)
    {
        EXPECT_FALSE(HoldsPayload(packet));
    }
}

TEST(PolicyRouting, ADiscardPolicyDropsAndIsTraced)
{
    TwoSites sites;
    sites.Connect();
    ProxyId selector;
    selector.local = Prefix::Parse(TwoSites::LAN_A);
    selector.remote = Prefix::Parse("203.0.113.0/24");
    sites.PlaneA()->Policies().Add(Policy{selector, PolicyAction::Discard, {}});
    sites.SendAt(MilliSeconds(1), sites.pcA, "203.0.113.5");
    sites.RunUntil(MilliSeconds(100));

    EXPECT_EQ(sites.PlaneA()->Drops().at(Fault::PolicyDiscard), 1U);
    EXPECT_TRUE(sites.wire.empty());
}

TEST(PolicyRouting, ARouteIntoTheTunnelWithoutPolicyLeaksNothing)
{
    TwoSites sites;
    sites.Connect();
    const Ptr<Ipv4> ipv4 = sites.gatewayA->GetObject<Ipv4>();
    const int32_t tunnel = ipv4->GetInterfaceForDevice(IpsecHelper::GetDevice(sites.gatewayA));
    Ipv4StaticRoutingHelper().GetStaticRouting(ipv4)->AddNetworkRouteTo(
        "203.0.113.0", "255.255.255.0", static_cast<uint32_t>(tunnel));
    sites.SendAt(MilliSeconds(1), sites.pcA, "203.0.113.5");
    sites.RunUntil(MilliSeconds(100));

    EXPECT_EQ(sites.PlaneA()->Drops().at(Fault::NoPolicy), 1U);
    EXPECT_TRUE(sites.wire.empty());
}

/// Checks that the wire carried ESP only, and some of it.
void
ExpectOnlyEsp(const TwoSites& sites)
{
    EXPECT_FALSE(sites.wire.empty());
    for (const Octets& packet : sites.wire)
    {
        EXPECT_EQ(packet.at(PROTOCOL_OFFSET), IP_PROTOCOL_ESP);
        EXPECT_FALSE(HoldsPayload(packet));
    }
}

// Covers PO-02: S2. An ICMP error quotes the packet that came through the tunnel.
TEST(PolicyRouting, PortUnreachableOfTheGatewayGoesBackThroughTheTunnel)
{
    TwoSites sites;
    sites.Connect();
    sites.InstallSasByHand();
    const IcmpWatcher icmp(sites.pcB);
    sites.SendAt(MilliSeconds(1), sites.pcB, "10.1.0.1");
    sites.RunUntil(MilliSeconds(100));

    ExpectOnlyEsp(sites);
    EXPECT_EQ(icmp.received.size(), 1U);
}

// Covers PO-02: S2.
TEST(PolicyRouting, TimeExceededOfTheGatewayGoesBackThroughTheTunnel)
{
    TwoSites sites;
    sites.Connect();
    sites.InstallSasByHand();
    const IcmpWatcher icmp(sites.pcB);
    // pcB's own gateway takes one of two.
    const Ptr<Socket> socket = Socket::CreateSocket(sites.pcB, UdpSocketFactory::GetTypeId());
    socket->SetIpTtl(2);
    Simulator::Schedule(MilliSeconds(1),
                        [socket]()
                        {
                            socket->SendTo(ToPacket(Octets(50, TwoSites::PAYLOAD)),
                                           0,
                                           InetSocketAddress(TwoSites::PC_A, TwoSites::PORT));
                        });
    sites.RunUntil(MilliSeconds(100));

    EXPECT_TRUE(sites.receivedA.empty());
    ExpectOnlyEsp(sites);
    EXPECT_EQ(icmp.received.size(), 1U);
}

// Covers PO-02: S2.
TEST(PolicyRouting, UnboundSocketOfTheGatewaySendsThroughTheTunnel)
{
    TwoSites sites;
    sites.Connect();
    sites.InstallSasByHand();
    const Ptr<Socket> socket = Socket::CreateSocket(sites.gatewayA, UdpSocketFactory::GetTypeId());
    Simulator::Schedule(MilliSeconds(1),
                        [socket]()
                        {
                            socket->SendTo(ToPacket(Octets(50, TwoSites::PAYLOAD)),
                                           0,
                                           InetSocketAddress(TwoSites::PC_B, TwoSites::PORT));
                        });
    sites.RunUntil(MilliSeconds(100));

    EXPECT_EQ(sites.receivedB.size(), 1U);
    ExpectOnlyEsp(sites);
}

TEST(IpsecHelper, RefusesANodeWithoutStackAndASecondInstall)
{
    TwoSites sites;
    sites.Connect();
    EXPECT_THROW(sites.helper.Install(sites.gatewayA, EngineConfig()), std::invalid_argument);
    EXPECT_THROW(sites.helper.Install(CreateObject<Node>(), EngineConfig()), std::invalid_argument);
}

TEST(IpsecHelper, RefusedConfigurationLeavesTheNodeAlone)
{
    TwoSites sites;
    EngineConfig config = ConfigForPort(7);
    config.peers[0].preSharedKey = SecretBytes();
    const uint32_t devices = sites.gatewayA->GetNDevices();

    EXPECT_THROW(sites.helper.Install(sites.gatewayA, config), std::invalid_argument);
    EXPECT_EQ(sites.gatewayA->GetNDevices(), devices);
    EXPECT_FALSE(IpsecHelper::GetDataPlane(sites.gatewayA));
}

TEST(IpsecCloudHelper, RefusesTheSameAddressTwice)
{
    TwoSites sites;
    const Ptr<Node> node = CreateObject<Node>();
    EXPECT_THROW(sites.cloud.Attach(node, "203.0.113.1", "255.255.255.0"), std::invalid_argument);
    InternetStackHelper().Install(node);
    EXPECT_THROW(sites.cloud.Attach(node, TwoSites::ADDRESS_A, "255.255.255.0"),
                 std::invalid_argument);
}

TEST(IpsecCloudHelper, SaysWhyATapDeviceCannotBeUsed)
{
    TwoSites sites;
    EXPECT_THROW(sites.cloud.AttachTap("a-name-that-is-too-long-for-linux",
                                       "203.0.113.1",
                                       "255.255.255.0",
                                       "10.9.0.1",
                                       "255.255.255.0"),
                 std::runtime_error);
}

} // namespace

} // namespace ipsec
} // namespace ns3
