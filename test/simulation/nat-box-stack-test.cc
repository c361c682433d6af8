// SPDX-License-Identifier: GPL-2.0-only
// A NAT and the stack of its own node: ICMP of routers, sizes, its own sockets, DHCP, routing.
#include "nat-lan.h"
#include "nat-samples.h"

#include "ns3/boolean.h"
#include "ns3/dhcp-helper.h"
#include "ns3/flow-id-tag.h"
#include "ns3/global-value.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipsec-conversions.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4-raw-socket-factory.h"
#include "ns3/ipv4-route.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <gtest/gtest.h>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr const char* ECHO = "198.51.100.1:7";

/// Host, NAT, router and server in a row, joined by wires.
class NatRow
{
  public:
    NatRow()
        : nodes(4)
    {
        GlobalValue::Bind("ChecksumEnabled", BooleanValue(true));
        InternetStackHelper stack;
        stack.SetIpv6StackInstall(false);
        stack.Install(nodes);
        PointToPointHelper wire;
        const char* networks[] = {"10.7.0.0", "192.0.2.0", "198.51.100.0"};
        for (uint32_t i = 0; i < 3; ++i)
        {
            const NetDeviceContainer link = wire.Install(nodes.Get(i), nodes.Get(i + 1));
            Ipv4AddressHelper(networks[i], "255.255.255.0").Assign(link);
            outside = i == 1 ? link.Get(0) : outside;
        }
        SetDefaultRoute(nodes.Get(0), "10.7.0.2");
        SetDefaultRoute(nodes.Get(1), "192.0.2.2", 2);
        SetDefaultRoute(nodes.Get(3), "198.51.100.1");
        nat = NatHelper().Install(nodes.Get(1), outside);
    }

    ~NatRow()
    {
        Simulator::Destroy();
        GlobalValue::Bind("ChecksumEnabled", BooleanValue(false));
    }

    NodeContainer nodes;
    Ptr<NetDevice> outside;
    Ptr<NatBox> nat;
};

TEST(NatBoxStack, TracerouteSeesEveryRouter)
{
    NatLan tools(0); // for its sockets
    NatRow row;
    for (uint8_t ttl = 1; ttl <= 4; ++ttl)
    {
        const Ptr<Socket> probe = tools.Open(row.nodes.Get(0));
        probe->SetIpTtl(ttl);
        tools.SendAt(Seconds(ttl), probe, "198.51.100.2:33434");
    }
    tools.RunUntil(Seconds(6));

    ASSERT_EQ(tools.errors.size(), 4U);
    EXPECT_EQ(tools.errors[0].from.ToString(), "10.7.0.2") << "the NAT, by its inside address";
    EXPECT_EQ(tools.errors[1].from.ToString(), "192.0.2.2");
    EXPECT_EQ(tools.errors[2].from.ToString(), "198.51.100.2");
    EXPECT_EQ(tools.errors[0].type, 11);
    EXPECT_EQ(tools.errors[1].type, 11);
    EXPECT_EQ(tools.errors[2].type, 3);
    EXPECT_EQ(tools.errors[2].code, 3);
}

TEST(NatBoxStack, APacketWhoseTimeIsOverInsideIsAnsweredOutside)
{
    NatLan tools(0);
    NatRow row;
    row.nat->AddPortForward(NatProtocol::Udp, 9, "10.7.0.1", 9);
    const Ptr<Socket> probe = tools.Open(row.nodes.Get(3));
    probe->SetIpTtl(2);
    tools.SendAt(Seconds(1), probe, "192.0.2.1:9");
    tools.RunUntil(Seconds(2));

    ASSERT_EQ(tools.errors.size(), 1U) << "the quotation names the probe as it was sent";
    EXPECT_EQ(tools.errors[0].from.ToString(), "192.0.2.1");
    EXPECT_EQ(tools.errors[0].type, 11);
}

/// Lets the first host send a datagram from port 5000 that must not be cut.
void
SendUncut(NatLan& net, Time at, size_t octets)
{
    const NatPacket udp = UdpPacket(At("10.0.0.2:5000"), At(ECHO), octets);
    Ipv4Header header;
    header.SetSource(ToNs3(udp.source));
    header.SetDestination(ToNs3(udp.destination));
    header.SetProtocol(udp.protocol);
    header.SetTtl(64);
    header.SetDontFragment();
    header.SetPayloadSize(static_cast<uint16_t>(udp.payload.size()));
    const Ptr<Ipv4> ipv4 = net.Host(0)->GetObject<Ipv4>();
    Simulator::Schedule(at - Simulator::Now(),
                        [ipv4, header, udp]()
                        {
                            const Ptr<Packet> packet = ToPacket(udp.payload);
                            Socket::SocketErrno error;
                            const Ptr<Ipv4Route> route = ipv4->GetRoutingProtocol()->RouteOutput(
                                packet, header, nullptr, error);
                            ipv4->SendWithHeader(packet, header, route);
                        });
}

TEST(NatBoxTest, APacketThatMustNotBeCutIsAnswered)
{
    NatLan net;
    net.outside->SetMtu(1000);
    net.Install();
    net.Listen(net.server, 7);
    net.Open(net.Host(0), 5000);
    SendUncut(net, Seconds(1), 1200);
    SendUncut(net, Seconds(2), 900);
    net.RunUntil(Seconds(3));

    EXPECT_EQ(net.ArrivalsAt(net.server).size(), 1U);
    ASSERT_EQ(net.errors.size(), 1U);
    EXPECT_EQ(net.errors[0].type, 3);
    EXPECT_EQ(net.errors[0].code, 4);
    EXPECT_EQ(net.errors[0].info, 1000U);
    EXPECT_EQ(net.nat->Drops(NatFault::TooBig), 1U);
}

TEST(NatBoxStack, APacketThatMayBeCutIsCutOutside)
{
    NatLan net;
    net.outside->SetMtu(1000);
    net.Install();
    net.Listen(net.server, 7);
    net.SendAt(Seconds(1), net.Open(net.Host(0)), ECHO, 1400);
    net.RunUntil(Seconds(2));

    EXPECT_EQ(net.ArrivalsAt(net.Host(0)).size(), 1U);
}

TEST(NatBoxStack, TheBoxItselfSpeaksAndIsPinged)
{
    NatLan net;
    // ns-3 gives host and box the same ephemeral port; the box keeps its range for itself.
    net.helper.SetAttribute("LastPort", UintegerValue(49151));
    net.Install();
    net.Listen(net.server, 7);
    net.SendAt(Seconds(1), net.Open(net.Host(0)), ECHO);
    net.SendAt(Seconds(2), net.Open(net.box), "198.51.100.1:7");
    net.PingAt(Seconds(3), net.server, NatLan::OUTSIDE);
    net.PingAt(Seconds(4), net.Host(0), NatLan::OUTSIDE);
    net.PingAt(Seconds(5), net.Host(0), "10.0.0.1");
    net.PingAt(Seconds(6), net.box, NatLan::SERVER);
    net.RunUntil(Seconds(8));

    EXPECT_EQ(net.ArrivalsAt(net.Host(0)).size(), 1U);
    EXPECT_EQ(net.ArrivalsAt(net.box).size(), 1U);
    EXPECT_EQ(net.pingsAnswered, 4U);
    EXPECT_EQ(net.nat->MappingCount(), 1U) << "what the box sends is not a mapping";
}

TEST(NatBoxStack, AnAnswerToTheBoxIsNotTakenForAnInsideHost)
{
    NatLan net;
    net.Install();
    net.Listen(net.server, 7);
    net.SendAt(Seconds(1), net.Open(net.box, 6000), ECHO);
    net.SendAt(Seconds(2), net.Open(net.Host(0), 6000), ECHO);
    net.SendAt(Seconds(3), net.Open(net.box, 7000), ECHO);
    net.RunUntil(Seconds(4));

    EXPECT_EQ(net.ArrivalsAt(net.box).size(), 2U);
    ASSERT_EQ(net.ArrivalsAt(net.Host(0)).size(), 1U);
    EXPECT_EQ(net.ArrivalsAt(net.server)[1].from.ToString(), "192.0.2.1:6002");
}

TEST(NatBoxStack, WhatNobodyWantsIsDroppedInSilence)
{
    NatLan net;
    net.Install();
    net.Listen(net.box, 53);
    const Ptr<Socket> stranger = net.Open(net.server);
    net.SendAt(Seconds(1), stranger, "192.0.2.1:9");
    net.SendAt(Seconds(2), stranger, "192.0.2.1:53");
    net.RunUntil(Seconds(3));

    EXPECT_TRUE(net.errors.empty());
    EXPECT_EQ(net.nat->Drops(NatFault::NoMapping), 1U);
    EXPECT_EQ(net.ArrivalsAt(net.box).size(), 1U) << "the box has a socket there";
    EXPECT_EQ(net.ArrivalsAt(net.server).size(), 1U);
}

TEST(NatBoxStack, AReservedPortIsNotGivenAway)
{
    NatLan net;
    net.Install();
    net.nat->ReservePort(NatProtocol::Udp, 5000);
    net.SendAt(Seconds(1), net.Open(net.Host(0), 5000), ECHO);
    net.RunUntil(Seconds(2));

    ASSERT_EQ(net.created.size(), 1U);
    EXPECT_EQ(net.created[0].outside.port, 5002);
}

TEST(NatBoxStack, NobodyOutsideReachesAnInsideAddress)
{
    NatLan net;
    net.Install();
    net.Listen(net.Host(0), 9);
    net.cloud.GetChannel()->AddNetwork("10.0.0.0", "255.255.0.0", net.outside);
    net.SendAt(Seconds(1), net.Open(net.server), "10.0.0.2:9");
    net.RunUntil(Seconds(2));

    EXPECT_TRUE(net.ArrivalsAt(net.Host(0)).empty());
    EXPECT_EQ(net.nat->Drops(NatFault::Bypass), 1U);
}

TEST(NatBoxStack, PacketTagsAndByteTagsSurvive)
{
    NatLan net;
    net.Install();
    net.Listen(net.server, 7);
    const Ptr<Socket> client = net.Open(net.Host(0));
    Simulator::Schedule(Seconds(1),
                        [client]()
                        {
                            const Ptr<Packet> packet = Create<Packet>(50);
                            packet->AddPacketTag(FlowIdTag(42));
                            packet->AddByteTag(FlowIdTag(43));
                            client->SendTo(packet, 0, InetSocketAddress("198.51.100.1", 7));
                        });
    net.RunUntil(Seconds(2));

    ASSERT_EQ(net.ArrivalsAt(net.server).size(), 1U);
    const Ptr<Packet> packet = net.ArrivalsAt(net.server)[0].packet;
    FlowIdTag tag;
    EXPECT_TRUE(packet->PeekPacketTag(tag));
    EXPECT_EQ(tag.GetFlowId(), 42U);
    EXPECT_TRUE(packet->FindFirstMatchingByteTag(tag));
    EXPECT_EQ(tag.GetFlowId(), 43U);
}

/// Sends raw ESP, and keeps what came.
class EspEnd
{
  public:
    explicit EspEnd(Ptr<Node> node)
        : m_socket(Socket::CreateSocket(node, Ipv4RawSocketFactory::GetTypeId()))
    {
        m_socket->SetAttribute("Protocol", UintegerValue(50));
        m_socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), 0));
        m_socket->SetRecvCallback(MakeCallback(&EspEnd::Keep, this));
    }

    void
    SendAt(Time at, const char* to, uint32_t spi)
    {
        const Octets packet = OctetWriter().U32(spi).U32(1).Zeros(40).Take();
        const InetSocketAddress target(Ipv4Address(to), 0);
        const Ptr<Socket> socket = m_socket;
        Simulator::Schedule(at - Simulator::Now(),
                            [socket, packet, target]()
                            { socket->SendTo(ToPacket(packet), 0, target); });
    }

    std::vector<uint32_t> spis;

  private:
    void
    Keep(Ptr<Socket> socket)
    {
        Address from;
        while (const Ptr<Packet> packet = socket->RecvFrom(from))
        {
            Ipv4Header header;
            packet->RemoveHeader(header);
            spis.push_back(OctetReader(ToOctets(*packet)).U32());
        }
    }

    Ptr<Socket> m_socket;
};

TEST(NatBoxStack, EspPassesWithItsAddressesTranslated)
{
    NatLan net(2);
    net.helper.SetAttribute("EspPassThrough", StringValue("learn-spi"));
    net.Install();
    EspEnd alice(net.Host(0));
    EspEnd bob(net.Host(1));
    EspEnd hub(net.server);
    alice.SendAt(Seconds(1), NatLan::SERVER, 0x1001);
    hub.SendAt(Seconds(2), NatLan::OUTSIDE, 0x2001);
    bob.SendAt(Seconds(3), NatLan::SERVER, 0x1002);
    hub.SendAt(Seconds(4), NatLan::OUTSIDE, 0x2002);
    hub.SendAt(Seconds(5), NatLan::OUTSIDE, 0x2001);
    net.RunUntil(Seconds(6));

    EXPECT_EQ(hub.spis, (std::vector<uint32_t>{0x1001, 0x1002}));
    EXPECT_EQ(alice.spis, (std::vector<uint32_t>{0x2001, 0x2001}));
    EXPECT_EQ(bob.spis, (std::vector<uint32_t>{0x2002}));
}

TEST(NatBoxStack, ADhcpServerInsideAndADhcpClientOutsideWork)
{
    // A provider's Ethernet: router 203.0.113.1 with a DHCP server, and the box as its client.
    NodeContainer nodes(3);
    const Ptr<Node> provider = nodes.Get(0);
    const Ptr<Node> box = nodes.Get(1);
    const Ptr<Node> host = nodes.Get(2);
    GlobalValue::Bind("ChecksumEnabled", BooleanValue(true));
    InternetStackHelper stack;
    stack.SetIpv6StackInstall(false);
    stack.Install(nodes);
    CsmaHelper ethernet;
    const NetDeviceContainer wan = ethernet.Install(NodeContainer(provider, box));
    const NetDeviceContainer lan = ethernet.Install(NodeContainer(box, host));
    DhcpHelper dhcp;
    dhcp.InstallFixedAddress(wan.Get(0), "203.0.113.1", "255.255.255.0");
    dhcp.InstallFixedAddress(lan.Get(0), "10.5.0.1", "255.255.255.0");
    dhcp.InstallDhcpServer(wan.Get(0),
                           "203.0.113.1",
                           "203.0.113.0",
                           "255.255.255.0",
                           "203.0.113.50",
                           "203.0.113.60",
                           "203.0.113.1")
        .Start(Seconds(0));
    dhcp.InstallDhcpServer(lan.Get(0),
                           "10.5.0.1",
                           "10.5.0.0",
                           "255.255.255.0",
                           "10.5.0.50",
                           "10.5.0.60",
                           "10.5.0.1")
        .Start(Seconds(0));
    dhcp.InstallDhcpClient(wan.Get(1)).Start(Seconds(1));
    dhcp.InstallDhcpClient(lan.Get(1)).Start(Seconds(1));
    const Ptr<NatBox> nat = NatHelper().Install(box, wan.Get(1));

    NatLan tools(0);
    tools.Listen(provider, 7);
    tools.SendAt(Seconds(20), tools.Open(host), "203.0.113.1:7");
    tools.RunUntil(Seconds(25));

    ASSERT_EQ(tools.ArrivalsAt(provider).size(), 1U);
    EXPECT_EQ(tools.ArrivalsAt(provider)[0].from.address.ToString(), "203.0.113.50");
    EXPECT_EQ(tools.ArrivalsAt(host).size(), 1U);
    EXPECT_EQ(nat->MappingCount(), 1U);
}

TEST(NatBoxTest, ANetworkBothInsideAndOutsideIsRefused)
{
    NatLan net;
    net.box->GetObject<Ipv4>()->AddAddress(2, Ipv4InterfaceAddress("10.0.7.1", "255.255.255.0"));

    EXPECT_THROW(net.Install(), std::invalid_argument);
}

TEST(NatBoxStack, WordsThatNobodyKnowsAreRefused)
{
    NatLan net;
    net.helper.SetAttribute("MappingBehaviour", StringValue("full-cone"));

    EXPECT_THROW(net.Install(), std::invalid_argument);
}

TEST(NatBoxStack, ASecondNatOnANodeIsRefused)
{
    NatLan net;
    net.Install();

    EXPECT_THROW(net.helper.Install(net.box, net.outside), std::invalid_argument);
}

TEST(NatBoxStack, HelpersStillFindTheStaticRouting)
{
    NatLan net;
    const Ptr<Ipv4> ipv4 = net.box->GetObject<Ipv4>();
    const Ptr<Ipv4StaticRouting> before = Ipv4StaticRoutingHelper().GetStaticRouting(ipv4);
    net.Install();

    EXPECT_TRUE(before);
    EXPECT_EQ(Ipv4StaticRoutingHelper().GetStaticRouting(ipv4), before);
}

TEST(NatBoxStack, InterfacesThatAreNeitherAreRoutedAsBefore)
{
    NatLan net;
    const Ptr<Node> guest = CreateObject<Node>();
    InternetStackHelper stack;
    stack.SetIpv6StackInstall(false);
    stack.Install(guest);
    const NetDeviceContainer link = net.ethernet.Install(NodeContainer(net.box, guest));
    Ipv4AddressHelper("203.0.113.0", "255.255.255.0").Assign(link);
    SetDefaultRoute(guest, "203.0.113.1");
    net.cloud.GetChannel()->AddNetwork("203.0.113.0", "255.255.255.0", net.outside);
    net.helper.Install(net.box, net.outside, {net.lan.Get(0)});
    net.Listen(net.server, 7);
    net.SendAt(Seconds(1), net.Open(guest), ECHO);
    net.RunUntil(Seconds(2));

    ASSERT_EQ(net.ArrivalsAt(net.server).size(), 1U);
    EXPECT_EQ(net.ArrivalsAt(net.server)[0].from.address.ToString(), "203.0.113.2");
    EXPECT_EQ(net.ArrivalsAt(guest).size(), 1U);
}

} // namespace

} // namespace ipsec
} // namespace ns3
