// SPDX-License-Identifier: GPL-2.0-only
// Lean stacks of gateways and routers: what they lack, what they hold once, and that packets do not
// know the difference.
#include "vpn-traffic.h"

#include "ns3/arp-l3-protocol.h"
#include "ns3/data-rate.h"
#include "ns3/double.h"
#include "ns3/flow-monitor-helper.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipsec-conversions.h"
#include "ns3/ipsec-report-json.h"
#include "ns3/ipsec-scenario-network.h"
#include "ns3/ipsec-scenario-reader.h"
#include "ns3/ipsec-scenario-runner.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/packet-socket-factory.h"
#include "ns3/queue-disc.h"
#include "ns3/queue-size.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/tcp-l4-protocol.h"
#include "ns3/traffic-control-helper.h"
#include "ns3/udp-socket-factory.h"

#include <gtest/gtest.h>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr uint32_t SPOKES = 40;

/// What passes devices, and when.
class Wire
{
  public:
    void
    Watch(Ptr<NetDevice> device)
    {
        device->TraceConnectWithoutContext("PromiscSniffer", MakeCallback(&Wire::Note, this));
    }

    std::vector<std::pair<Time, Octets>> packets;

  private:
    void
    Note(Ptr<const Packet> packet)
    {
        packets.emplace_back(Simulator::Now(), ToOctets(*packet));
    }
};

class LeanStacks : public VpnTest
{
  protected:
    /// Builds a star with one kind of stack, lets sites speak, and returns all packets of gateways.
    std::vector<std::pair<Time, Octets>>
    PacketsWith(NodeStack stack, VpnUnderlay underlay)
    {
        VpnTopologyHelper own = helper;
        RngSeedManager::SetRun(1);
        own.SetUnderlay(underlay);
        own.SetStack(stack);
        own.GetCloudHelper().SetDeviceAttribute("Loss", DoubleValue(0.1));
        own.GetLanHelper().SetDeviceAttribute("Jitter", TimeValue(MilliSeconds(1)));
        const VpnTopology vpn = own.CreateStar(SPOKES);
        VpnTraffic traffic(vpn);
        Wire wire;
        for (const VpnSite& site : vpn.sites)
        {
            wire.Watch(site.outside);
            wire.Watch(site.inside);
        }
        for (uint32_t spoke = 1; spoke <= SPOKES; ++spoke)
        {
            traffic.SendEverySecond(MilliSeconds(10 * spoke), Seconds(5), spoke, 0);
            traffic.SendAt(Seconds(4), 0, spoke);
        }
        traffic.RunUntil(Seconds(8));
        EXPECT_GT(traffic.arrivals.size(), 2 * SPOKES);
        Simulator::Destroy();
        return wire.packets;
    }
};

TEST_F(LeanStacks, ChangeNoPacketInTheCloud)
{
    const auto whole = PacketsWith(NodeStack::Whole, VpnUnderlay::Cloud);
    EXPECT_GT(whole.size(), 20 * SPOKES);
    EXPECT_TRUE(whole == PacketsWith(NodeStack::Lean, VpnUnderlay::Cloud));
}

TEST_F(LeanStacks, ChangeNoPacketOnLinks)
{
    const auto whole = PacketsWith(NodeStack::Whole, VpnUnderlay::Links);
    EXPECT_GT(whole.size(), 20 * SPOKES);
    EXPECT_TRUE(whole == PacketsWith(NodeStack::Lean, VpnUnderlay::Links));
}

TEST_F(LeanStacks, ChangeNoPacketOnLinksThatAreFullEither)
{
    helper.GetLinkHelper().SetDeviceAttribute("DataRate", DataRateValue(DataRate("64kbps")));
    helper.GetLinkHelper().SetQueue(
        "ns3::DropTailQueue<Packet>", "MaxSize", QueueSizeValue(QueueSize("3p")));
    const auto whole = PacketsWith(NodeStack::Whole, VpnUnderlay::Links);
    EXPECT_GT(whole.size(), 5 * SPOKES);
    EXPECT_TRUE(whole == PacketsWith(NodeStack::Lean, VpnUnderlay::Links));
}

TEST_F(LeanStacks, LookToFlowMonitorAndAsciiTracesAsWholeOnesDo)
{
    const auto seen = [this](NodeStack stack)
    {
        VpnTopologyHelper own = helper;
        own.SetUnderlay(VpnUnderlay::Links);
        own.SetStack(stack);
        const VpnTopology vpn = own.CreateStar(2);
        VpnTraffic traffic(vpn);
        traffic.SendEverySecond(Seconds(1), Seconds(9), 1, 0);
        FlowMonitorHelper flows;
        const Ptr<FlowMonitor> monitor = flows.InstallAll();
        std::ostringstream trace;
        own.GetLinkHelper().EnableAscii(Create<OutputStreamWrapper>(&trace), vpn.OutsideDevices());
        traffic.RunUntil(Seconds(10));
        const std::string text = monitor->SerializeToXmlString(0, false, false) + trace.str();
        Simulator::Destroy();
        return text;
    };
    const std::string whole = seen(NodeStack::Whole);
    EXPECT_NE(whole.find("rxPackets=\"1\""), std::string::npos);
    EXPECT_NE(whole.find("\nr 1."), std::string::npos);
    EXPECT_TRUE(whole == seen(NodeStack::Lean));
}

/// Tells whether a node has what only whole stacks have; fails if it has a part of it.
bool
IsWhole(Ptr<Node> node)
{
    const bool hasTcp = bool(node->GetObject<TcpL4Protocol>());
    EXPECT_EQ(bool(node->GetObject<ArpL3Protocol>()), hasTcp);
    EXPECT_EQ(bool(node->GetObject<PacketSocketFactory>()), hasTcp);
    EXPECT_TRUE(bool(node->GetObject<UdpSocketFactory>()));
    return hasTcp;
}

TEST_F(LeanStacks, AreForGatewaysAndRoutersThatAskForThem)
{
    helper.SetUnderlay(VpnUnderlay::Links);
    const VpnTopology whole = helper.CreateStar(1);
    EXPECT_TRUE(IsWhole(whole.sites[1].gateway));
    EXPECT_TRUE(IsWhole(whole.routers.Get(0)));
    Simulator::Destroy();
    helper.SetStack(NodeStack::Lean);
    const VpnTopology lean = helper.CreateStar(1);
    EXPECT_FALSE(IsWhole(lean.sites[1].gateway));
    EXPECT_FALSE(IsWhole(lean.routers.Get(0)));
    EXPECT_TRUE(IsWhole(lean.sites[1].hosts.Get(0)));
    EXPECT_EQ(lean.sites[1].gateway->GetObject<Ipv4>()->GetInstanceTypeId(),
              Ipv4L3Protocol::GetTypeId())
        << "for paths of Config";
}

TEST_F(LeanStacks, HoldADeviceInOneHandler)
{
    helper.SetUnderlay(VpnUnderlay::Links);
    const VpnTopology whole = helper.CreateStar(1);
    helper.SetStack(NodeStack::Lean);
    const VpnTopology lean = helper.CreateStar(1);
    const auto heldMore = [](Ptr<NetDevice> a, Ptr<NetDevice> b)
    { return a->GetReferenceCount() - b->GetReferenceCount(); };
    // Whole stacks have four: the node and its traffic control one each for IPv4 and for ARP.
    EXPECT_EQ(heldMore(whole.sites[1].outside, lean.sites[1].outside), 3u);
    EXPECT_EQ(heldMore(whole.sites[1].inside, lean.sites[1].inside), 3u);
    EXPECT_EQ(heldMore(whole.routers.Get(0)->GetDevice(1), lean.routers.Get(0)->GetDevice(1)), 3u);
}

/// Counts what a UDP socket of a node receives.
class Ear
{
  public:
    explicit Ear(Ptr<Node> node)
        : m_socket(Socket::CreateSocket(node, UdpSocketFactory::GetTypeId()))
    {
        m_socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), PORT));
        m_socket->SetRecvCallback(MakeCallback(&Ear::Hear, this));
    }

    void
    SayTo(Ipv4Address address)
    {
        m_socket->SendTo(Create<Packet>(10), 0, InetSocketAddress(address, PORT));
    }

    uint32_t heard = 0;

  private:
    static constexpr uint16_t PORT = 77;

    void
    Hear(Ptr<Socket> socket)
    {
        while (socket->Recv())
        {
            ++heard;
        }
    }

    Ptr<Socket> m_socket;
};

TEST_F(LeanStacks, HearThemselvesAsWholeOnesDo)
{
    std::vector<uint32_t> heard;
    for (const NodeStack stack : {NodeStack::Whole, NodeStack::Lean})
    {
        helper.SetStack(stack);
        const VpnTopology vpn = helper.CreateStar(1);
        Ear ear(vpn.sites[1].gateway);
        const Ipv4Address own[] = {"127.0.0.1", "10.0.1.1", vpn.sites[1].address.c_str()};
        for (const Ipv4Address& address : own)
        {
            Simulator::Schedule(Seconds(1), &Ear::SayTo, &ear, address);
            VpnTraffic::RunUntil(Simulator::Now() + Seconds(2));
            heard.push_back(ear.heard);
        }
        Simulator::Destroy();
    }
    EXPECT_EQ(heard[1], 2u) << "the loopback, and its own address in the LAN";
    EXPECT_EQ(std::vector<uint32_t>(heard.begin(), heard.begin() + 3),
              std::vector<uint32_t>(heard.begin() + 3, heard.end()));
}

TEST_F(LeanStacks, TakeInterfacesThatAreAddedLater)
{
    helper.SetUnderlay(VpnUnderlay::Links);
    helper.SetStack(NodeStack::Lean);
    const VpnTopology vpn = helper.CreateStar(1);
    const Ptr<Node> gateway = vpn.sites[1].gateway;
    const Ptr<Node> server = CreateObject<Node>();
    InternetStackHelper().Install(server);
    const NetDeviceContainer link = PointToPointHelper().Install(server, gateway);
    const char* const addresses[] = {"203.0.113.1", "203.0.113.2"};
    for (uint32_t i = 0; i < 2; ++i)
    {
        const Ptr<Ipv4> ipv4 = link.Get(i)->GetNode()->GetObject<Ipv4>();
        const uint32_t interface = ipv4->AddInterface(link.Get(i));
        ipv4->AddAddress(interface, Ipv4InterfaceAddress(addresses[i], "255.255.255.0"));
        ipv4->SetUp(interface);
    }
    Ear atServer(server);
    Ear atGateway(gateway);
    Simulator::Schedule(Seconds(1), &Ear::SayTo, &atServer, Ipv4Address(addresses[1]));
    Simulator::Schedule(Seconds(1), &Ear::SayTo, &atGateway, Ipv4Address(addresses[0]));
    VpnTraffic::RunUntil(Seconds(2));
    EXPECT_EQ(atServer.heard, 1u);
    EXPECT_EQ(atGateway.heard, 1u);
}

TEST_F(LeanStacks, WorkWithQueueDisciplines)
{
    helper.SetUnderlay(VpnUnderlay::Links);
    helper.SetStack(NodeStack::Lean);
    const VpnTopology vpn = helper.CreateStar(1);
    TrafficControlHelper control;
    control.SetRootQueueDisc("ns3::PfifoFastQueueDisc");
    const QueueDiscContainer discs = control.Install(vpn.OutsideDevices());
    VpnTraffic traffic(vpn);
    traffic.SendAt(Seconds(1), 1, 0);
    traffic.RunUntil(Seconds(5));
    EXPECT_EQ((traffic.received[{1, 0}]), 1u);
    EXPECT_GT(discs.Get(1)->GetStats().nTotalSentPackets, 4u);
}

TEST(Branches, HaveWholeStacksForAProgramsHookAndTheSameRun)
{
    const Scenario scenario = ReadScenarioText("[simulation]\nstop = 10s\n"
                                               "[gateway hub]\n"
                                               "address = 192.0.2.1\nlan = 10.0.0.0/24\n"
                                               "[branches shop]\n"
                                               "count = 4\nhub = hub\naddresses = 198.18.0.0/24\n"
                                               "lans = 172.16.0.0/16\n"
                                               "jitter = 3ms\nloss = 5%\n"
                                               "phase1-proposals = pre-g1-des-md5\n"
                                               "phase2-proposals = nopfs-esp-des-md5\n"
                                               "traffic = ping\n"
                                               "traffic-interval = 500ms to 1500ms\n",
                                               "x.ini");
    RunRecord lean = RunScenario(scenario);
    bool isWhole = false;
    RunOptions options;
    options.prepare = [&](const ScenarioNetwork& network)
    { isWhole = IsWhole(network.NodeOf("shop-2")); };
    RunRecord whole = RunScenario(scenario, options);
    EXPECT_TRUE(isWhole);
    lean.wallSeconds = 0;
    whole.wallSeconds = 0;
    EXPECT_GT(lean.traffic[0].received, 20u);
    EXPECT_TRUE(ReportJson(lean) == ReportJson(whole));
}

} // namespace

} // namespace ipsec
} // namespace ns3
