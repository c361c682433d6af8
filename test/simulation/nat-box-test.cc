// SPDX-License-Identifier: GPL-2.0-only
#include "nat-lan.h"

#include "ns3/bulk-send-helper.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipsec-conversions.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/packet-sink-helper.h"
#include "ns3/packet-sink.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/tcp-socket-factory.h"
#include "ns3/uinteger.h"

#include <gtest/gtest.h>
#include <set>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr const char* ECHO = "198.51.100.1:7";

TEST(NatBoxTest, AnswersFindTheirWayBack)
{
    NatLan net;
    net.Install();
    net.Listen(net.server, 7);
    net.SendAt(Seconds(1), net.Open(net.Host(0), 5000), ECHO);
    net.RunUntil(Seconds(2));

    ASSERT_EQ(net.ArrivalsAt(net.server).size(), 1U);
    EXPECT_EQ(net.ArrivalsAt(net.server)[0].from.ToString(), "192.0.2.1:5000");
    ASSERT_EQ(net.ArrivalsAt(net.Host(0)).size(), 1U);
    EXPECT_EQ(net.ArrivalsAt(net.Host(0))[0].from.ToString(), ECHO);
    EXPECT_EQ(net.nat->TranslatedPackets(), 2U);
    EXPECT_TRUE(net.nat->Drops().empty());
}

TEST(NatBoxTest, NoInsideAddressIsSeenOutside)
{
    NatLan net(5);
    net.Install();
    net.Listen(net.server, 7);
    for (uint32_t i = 0; i < 5; ++i)
    {
        net.SendAt(Seconds(1), net.Open(net.Host(i)), ECHO, 3000);
        net.PingAt(Seconds(2), net.Host(i), NatLan::SERVER);
    }
    net.RunUntil(Seconds(4));

    EXPECT_EQ(net.pingsAnswered, 5U);
    ASSERT_GT(net.wire.size(), 20U);
    for (const Octets& packet : net.wire)
    {
        EXPECT_NE(packet.at(12), 10) << "source";
        EXPECT_NE(packet.at(16), 10) << "destination";
    }
}

TEST(NatBoxTest, TwoHundredHostsShareOneAddress)
{
    constexpr uint32_t HOSTS = 200;
    NatLan net(HOSTS);
    net.Install();
    net.Listen(net.server, 7);
    for (uint32_t i = 0; i < HOSTS; ++i)
    {
        net.SendAt(Seconds(1) + MilliSeconds(i), net.Open(net.Host(i), 5000), ECHO);
    }
    net.RunUntil(Seconds(3));

    std::set<Endpoint> senders;
    for (const NatArrival& arrival : net.ArrivalsAt(net.server))
    {
        EXPECT_EQ(ToNs3(arrival.from.address), Ipv4Address(NatLan::OUTSIDE));
        senders.insert(arrival.from);
    }
    EXPECT_EQ(senders.size(), HOSTS);
    for (uint32_t i = 0; i < HOSTS; ++i)
    {
        EXPECT_EQ(net.ArrivalsAt(net.Host(i)).size(), 1U);
    }
    EXPECT_EQ(net.nat->MappingCount(), HOSTS);
}

TEST(NatBoxTest, ManyBoxesWorkSideBySide)
{
    constexpr uint32_t BOXES = 40;
    NatLan net;
    net.Listen(net.server, 7);
    std::vector<Ptr<Node>> hosts;
    for (uint32_t i = 0; i < BOXES; ++i)
    {
        const Ptr<Node> box = net.AddOutside("203.0.113." + std::to_string(i + 1));
        const Ptr<Node> host = net.AddOutside("100.64.0." + std::to_string(i + 1));
        const NetDeviceContainer link = net.ethernet.Install(NodeContainer(box, host));
        for (uint32_t end = 0; end < 2; ++end)
        {
            const Ptr<Ipv4> ipv4 = link.Get(end)->GetNode()->GetObject<Ipv4>();
            const uint32_t interface = ipv4->AddInterface(link.Get(end));
            ipv4->AddAddress(
                interface,
                Ipv4InterfaceAddress(end == 0 ? "10.9.0.1" : "10.9.0.2", "255.255.255.0"));
            ipv4->SetUp(interface);
        }
        const Ptr<Ipv4StaticRouting> routing =
            Ipv4StaticRoutingHelper().GetStaticRouting(host->GetObject<Ipv4>());
        routing->AddHostRouteTo(NatLan::SERVER, "10.9.0.1", 2);
        net.helper.Install(box, box->GetDevice(1));
        net.SendAt(Seconds(1), net.Open(host), ECHO);
        hosts.push_back(host);
    }
    net.RunUntil(Seconds(2));

    for (const Ptr<Node>& host : hosts)
    {
        EXPECT_EQ(net.ArrivalsAt(host).size(), 1U);
    }
}

/// Sends octets by TCP from one node to an endpoint, and returns how many arrived at another.
uint64_t
TransferByTcp(NatLan& net, Ptr<Node> from, const std::string& to, uint16_t port, Ptr<Node> sink)
{
    constexpr uint16_t SINK_PORT = 80;
    const Address any = InetSocketAddress(Ipv4Address::GetAny(), SINK_PORT);
    const ApplicationContainer sinks =
        PacketSinkHelper(TcpSocketFactory::GetTypeId().GetName(), any).Install(sink);
    BulkSendHelper sender(TcpSocketFactory::GetTypeId().GetName(),
                          InetSocketAddress(Ipv4Address(to.c_str()), port));
    sender.SetAttribute("MaxBytes", UintegerValue(300000));
    sender.Install(from).Start(Seconds(1));
    net.RunUntil(Seconds(20));
    return DynamicCast<PacketSink>(sinks.Get(0))->GetTotalRx();
}

TEST(NatBoxTest, TcpCarriesAFileOut)
{
    NatLan net;
    net.Install();

    EXPECT_EQ(TransferByTcp(net, net.Host(0), NatLan::SERVER, 80, net.server), 300000U);
    net.RunUntil(Minutes(6));
    ASSERT_EQ(net.ended.size(), 1U) << "a closed connection ends soon";
    EXPECT_EQ(net.ended[0], NatEnd::Closed);
}

TEST(NatBoxTest, TcpReachesAServerBehindAForwardedPort)
{
    NatLan net;
    net.Install();
    net.nat->AddPortForward(NatProtocol::Tcp, 8080, "10.0.0.2", 80);

    EXPECT_EQ(TransferByTcp(net, net.server, NatLan::OUTSIDE, 8080, net.Host(0)), 300000U);
}

TEST(NatBoxTest, TcpReachesAForwardedPortFromInsideToo)
{
    NatLan net(2);
    net.Install();
    net.nat->AddPortForward(NatProtocol::Tcp, 8080, "10.0.0.2", 80);

    EXPECT_EQ(TransferByTcp(net, net.Host(1), NatLan::OUTSIDE, 8080, net.Host(0)), 300000U);
    for (const Octets& packet : net.wire)
    {
        ADD_FAILURE() << "a hairpin must not leave: " << ToHex(packet);
    }
}

TEST(NatBoxTest, LargeDatagramsCrossInFragmentsBothWays)
{
    NatLan net(3);
    net.Install();
    net.Listen(net.server, 7);
    for (uint32_t i = 0; i < 3; ++i)
    {
        // All with the same identification, as far as ns-3 is concerned.
        net.SendAt(Seconds(1), net.Open(net.Host(i)), ECHO, 4000);
    }
    net.RunUntil(Seconds(3));

    for (uint32_t i = 0; i < 3; ++i)
    {
        const std::vector<NatArrival> back = net.ArrivalsAt(net.Host(i));
        ASSERT_EQ(back.size(), 1U) << i;
        EXPECT_EQ(back[0].packet->GetSize(), 4000U);
    }
}

TEST(NatBoxTest, LargePingsCrossInFragments)
{
    NatLan net(2);
    net.Install();
    net.PingAt(Seconds(1), net.Host(0), NatLan::SERVER, 4000);
    net.PingAt(Seconds(1), net.Host(1), NatLan::SERVER, 4000);
    net.RunUntil(Seconds(3));

    EXPECT_EQ(net.pingsAnswered, 2U);
}

TEST(NatBoxTest, TwoInSeriesWork)
{
    NatLan net;
    net.Install();
    net.Listen(net.server, 7);
    // Behind 10.0.0.2, a NAT of its own, lives 192.168.1.2.
    const Ptr<Node> inner = net.Host(0);
    NodeContainer host(1);
    InternetStackHelper stack;
    stack.SetIpv6StackInstall(false);
    stack.Install(host);
    const NetDeviceContainer link = net.ethernet.Install(NodeContainer(NodeContainer(inner), host));
    Ipv4AddressHelper addresses("192.168.1.0", "255.255.255.0");
    addresses.Assign(link);
    SetDefaultRoute(host.Get(0), "192.168.1.1");
    const Ptr<NatBox> second = net.helper.Install(inner, net.lan.Get(1));
    net.SendAt(Seconds(1), net.Open(host.Get(0)), ECHO, 4000);
    net.PingAt(Seconds(2), host.Get(0), NatLan::SERVER);
    net.RunUntil(Seconds(4));

    EXPECT_EQ(net.ArrivalsAt(host.Get(0)).size(), 1U);
    EXPECT_EQ(net.pingsAnswered, 1U);
    EXPECT_EQ(second->MappingCount(), 2U);
    EXPECT_EQ(net.nat->MappingCount(), 2U);
}

TEST(NatBoxTest, ARebootForgetsWhoAsked)
{
    NatLan net;
    net.Install();
    const Ptr<Socket> client = net.Open(net.Host(0), 5000);
    const Ptr<Socket> server = net.Open(net.server, 7);
    net.SendAt(Seconds(1), client, ECHO);
    Simulator::Schedule(Seconds(2), [&net]() { net.nat->Reboot(Seconds(1)); });
    net.SendAt(Seconds(2.5), client, ECHO);
    net.SendAt(Seconds(3.5), server, "192.0.2.1:5000");
    net.SendAt(Seconds(4), client, ECHO);
    net.SendAt(Seconds(5), server, "192.0.2.1:5000");
    net.RunUntil(Seconds(6));

    ASSERT_EQ(net.ended.size(), 1U);
    EXPECT_EQ(net.ended[0], NatEnd::Reboot);
    EXPECT_EQ(net.nat->Drops(NatFault::Down), 1U);
    EXPECT_EQ(net.nat->Drops(NatFault::NoMapping), 1U);
    EXPECT_EQ(net.ArrivalsAt(net.server).size(), 2U);
    EXPECT_EQ(net.ArrivalsAt(net.Host(0)).size(), 1U);
}

TEST(NatBoxTest, AnotherAddressEndsMappingsAndMovesForwardedPorts)
{
    NatLan net(2);
    net.Install();
    net.nat->AddPortForward(NatProtocol::Udp, 9, "10.0.0.3", 9);
    net.Listen(net.Host(1), 9);
    const Ptr<Socket> client = net.Open(net.Host(0), 5000);
    const Ptr<Socket> server = net.Open(net.server, 7);
    net.SendAt(Seconds(1), client, ECHO);
    Simulator::Schedule(
        Seconds(2),
        [&net]() { NatHelper::ChangeOutsideAddress(net.box, NatLan::OUTSIDE, "192.0.2.99"); });
    net.SendAt(Seconds(3), server, "192.0.2.99:9");
    net.SendAt(Seconds(4), client, ECHO);
    net.RunUntil(Seconds(5));

    EXPECT_EQ(net.ended, (std::vector<NatEnd>{NatEnd::AddressChange, NatEnd::AddressChange}));
    const std::vector<NatArrival> seen = net.ArrivalsAt(net.server);
    ASSERT_EQ(seen.size(), 3U);
    EXPECT_EQ(seen[1].from.ToString(), "192.0.2.99:9");
    EXPECT_EQ(seen[2].from.ToString(), "192.0.2.99:5000");
}

TEST(NatBoxTest, MappingsEndInTime)
{
    NatLan net;
    net.helper.SetAttribute("UdpTimeout", TimeValue(Seconds(30)));
    net.Install();
    net.SendAt(Seconds(1), net.Open(net.Host(0), 5000), ECHO);
    net.RunUntil(Seconds(30.9));
    EXPECT_EQ(net.nat->MappingCount(), 1U);
    net.RunUntil(Seconds(31.1));

    EXPECT_EQ(net.nat->MappingCount(), 0U);
    ASSERT_EQ(net.created.size(), 1U);
    EXPECT_EQ(net.created[0].ToString(), "udp 10.0.0.2:5000 = 192.0.2.1:5000");
    EXPECT_EQ(net.ended, std::vector<NatEnd>{NatEnd::Timeout});
}

TEST(NatBoxTest, AHostOverItsLimitIsToldByIcmp)
{
    NatLan net;
    net.helper.SetAttribute("MaxPerHost", UintegerValue(2));
    net.Install();
    for (uint16_t port = 5000; port < 5003; ++port)
    {
        net.SendAt(Seconds(1), net.Open(net.Host(0), port), ECHO);
    }
    net.RunUntil(Seconds(2));

    EXPECT_EQ(net.nat->Drops(NatFault::HostLimit), 1U);
    ASSERT_EQ(net.errors.size(), 3U) << "the server has no port 7 either";
    EXPECT_EQ(net.errors[0].type, 3);
    EXPECT_EQ(net.errors[0].code, 13);
}

} // namespace

} // namespace ipsec
} // namespace ns3
