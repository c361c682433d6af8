// SPDX-License-Identifier: GPL-2.0-only
// What users of ns-3 are used to: paths of Config, ascii traces and captures by the usual helpers,
// FlowMonitor on all nodes, attributes with help, and random streams.
#include "folder-test.h"
#include "nat-lan.h"
#include "two-sites.h"

#include "ns3/config.h"
#include "ns3/flow-monitor-helper.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-flow-classifier.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"
#include "ns3/vpn-topology-helper.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

namespace ns3
{
namespace ipsec
{

namespace
{

namespace fs = std::filesystem;

/// Counts the lines that begin with a letter.
size_t
LinesWith(const std::string& text, const std::string& start)
{
    std::istringstream lines(text);
    size_t count = 0;
    for (std::string line; std::getline(lines, line);)
    {
        count += line.rfind(start, 0) == 0 ? 1 : 0;
    }
    return count;
}

class Ns3Habits : public FolderTest
{
};

// Config

TEST_F(Ns3Habits, PathsSetTheLimitsOfDaemonsBeforeARunAndInIt)
{
    TwoSites sites;
    sites.Connect();
    const auto limits = [](Ptr<IkeDaemon> daemon) { return daemon->GetEngine().Config().limits; };
    const char* const path = "/NodeList/*/ApplicationList/*/$ns3::ipsec::IkeDaemon/HalfOpenLimit";
    Config::Set(path, UintegerValue(7));
    EXPECT_EQ(limits(sites.DaemonA()).halfOpen, 7u);
    EXPECT_EQ(limits(sites.DaemonB()).halfOpen, 7u);
    sites.SendAt(Seconds(1), sites.pcA, TwoSites::PC_B);
    sites.RunUntil(Seconds(5));
    Config::Set("/NodeList/*/ApplicationList/*/$ns3::ipsec::IkeDaemon/ClientLimit",
                UintegerValue(3));
    EXPECT_EQ(limits(sites.DaemonA()).clients, 3u);
    // The tunnel lives on, and zero means what the configuration says.
    Config::Set(path, UintegerValue(0));
    EXPECT_EQ(limits(sites.DaemonA()).halfOpen, EngineLimits{}.halfOpen);
    EXPECT_EQ(limits(sites.DaemonA()).clients, 3u);
    sites.SendAt(Seconds(1), sites.pcA, TwoSites::PC_B);
    sites.RunUntil(Seconds(8));
    EXPECT_EQ(sites.receivedB.size(), 2u);
    EXPECT_EQ(sites.DaemonA()->GetEngine().IkeSas().size(), 1u);
}

TEST_F(Ns3Habits, DaemonsAndTheirEnginesShareAConfigurationUntilAnAttributeChangesIt)
{
    TwoSites sites;
    sites.Connect();
    const Ptr<IkeDaemon> daemon = sites.DaemonA();
    EXPECT_EQ(&daemon->Config(), &daemon->GetEngine().Config());
    const auto config = std::make_shared<const EngineConfig>(daemon->Config());
    daemon->SetConfig(config);
    EXPECT_EQ(&daemon->Config(), config.get());
    EXPECT_EQ(&daemon->GetEngine().Config(), config.get());
    daemon->ChangeConfig(config);
    EXPECT_EQ(&daemon->GetEngine().Config(), config.get());
    daemon->SetAttribute("HalfOpenLimit", UintegerValue(7));
    EXPECT_EQ(daemon->Config().limits.halfOpen, 7u);
    EXPECT_EQ(&daemon->Config(), &daemon->GetEngine().Config());
    EXPECT_EQ(config->limits.halfOpen, EngineLimits{}.halfOpen) << "others hold it";
}

TEST_F(Ns3Habits, PathsSetTheCalendarOfDaemons)
{
    TwoSites sites;
    sites.Connect();
    Config::Set("/NodeList/*/ApplicationList/*/$ns3::ipsec::IkeDaemon/StartDate",
                StringValue("2030-01-01"));
    EXPECT_EQ(sites.DaemonA()->GetEngine().Config().calendarStart, 1893456000);
}

TEST_F(Ns3Habits, PathsSetHowManyPacketsWaitInADataPlane)
{
    TwoSites sites;
    sites.Connect();
    Config::Set("/NodeList/*/$ns3::ipsec::IpsecDataPlane/StageLimit", UintegerValue(2));
    for (int i = 0; i < 5; ++i)
    {
        sites.SendAt(Seconds(1), sites.pcA, TwoSites::PC_B);
    }
    sites.RunUntil(Seconds(5));
    EXPECT_EQ(sites.receivedB.size(), 2u);
    EXPECT_EQ(sites.PlaneA()->Policies().Policies().size(), 1u) << "rules stay";
}

TEST_F(Ns3Habits, PathsSetDevices)
{
    TwoSites sites;
    sites.Connect();
    Config::Set("/NodeList/*/DeviceList/*/$ns3::ipsec::IpsecNetDevice/Mtu", UintegerValue(1300));
    Config::Set("/NodeList/*/DeviceList/*/$ns3::ipsec::IpsecCloudNetDevice/Delay",
                TimeValue(MilliSeconds(100)));
    EXPECT_EQ(IpsecHelper::GetDevice(sites.gatewayA)->GetMtu(), 1300);
    EXPECT_EQ(sites.wireB->GetDelay(), MilliSeconds(100));
}

TEST_F(Ns3Habits, PathsSetANatThatIsInstalledAlready)
{
    NatLan lan;
    lan.Install();
    Config::Set("/NodeList/*/$ns3::ipsec::NatBox/UdpTimeout", TimeValue(Seconds(5)));
    Config::Set("/NodeList/*/$ns3::ipsec::NatBox/FirstPort", UintegerValue(40000));
    lan.nat->AddPortForward(NatProtocol::Udp, 99, "10.0.0.2", 9);
    Simulator::Stop(MilliSeconds(1));
    Simulator::Run();
    lan.SendAt(Seconds(1), lan.Open(lan.Host(0), 5000), "198.51.100.1:7");
    lan.RunUntil(Seconds(2));
    ASSERT_EQ(lan.nat->MappingCount(), 2u);
    bool isInRange = false;
    for (const NatMapping& mapping : lan.nat->Mappings())
    {
        isInRange = isInRange || mapping.outside.port >= 40000;
    }
    EXPECT_TRUE(isInRange);
    lan.RunUntil(Seconds(10));
    EXPECT_EQ(lan.nat->MappingCount(), 1u) << "the forwarding stays, the mapping is over";
}

TEST_F(Ns3Habits, ContextsOfTracesTellTheNode)
{
    TwoSites sites;
    sites.Connect();
    static std::vector<std::string> contexts;
    contexts.clear();
    Config::Connect(
        "/NodeList/*/ApplicationList/*/$ns3::ipsec::IkeDaemon/IkeSaUp",
        Callback<void, std::string, const IkeSaInfo&>([](std::string context, const IkeSaInfo&)
                                                      { contexts.push_back(context); }));
    sites.SendAt(Seconds(1), sites.pcA, TwoSites::PC_B);
    sites.RunUntil(Seconds(5));
    std::sort(contexts.begin(), contexts.end());
    EXPECT_EQ(
        contexts,
        (std::vector<std::string>{"/NodeList/1/ApplicationList/0/$ns3::ipsec::IkeDaemon/IkeSaUp",
                                  "/NodeList/2/ApplicationList/0/$ns3::ipsec::IkeDaemon/IkeSaUp"}));
}

// Ascii traces and captures

TEST_F(Ns3Habits, AsciiTracesOfDevicesHaveAFileEach)
{
    TwoSites sites;
    sites.Connect();
    const std::string prefix = (m_folder / "vpn").string();
    sites.cloud.EnableAscii(prefix, NodeContainer(sites.gatewayA));
    sites.helper.EnableAscii(prefix, NodeContainer(sites.gatewayA));
    sites.EchoFromNowOn();
    sites.SendAt(Seconds(1), sites.pcA, TwoSites::PC_B);
    sites.SendAt(Seconds(2), sites.pcA, "198.51.100.99");
    sites.RunUntil(Seconds(5));
    Simulator::Destroy();
    // Devices of gateway-a: loopback, LAN, cloud, tunnel.
    const std::string cloud = Contents(m_folder / "vpn-gateway-a-2.tr");
    EXPECT_EQ(LinesWith(cloud, "+ "), 5u + 1u + 1u) << "IKE, ESP, and what nobody has\n" << cloud;
    EXPECT_EQ(LinesWith(cloud, "r "), 4u + 1u);
    EXPECT_EQ(LinesWith(cloud, "d "), 1u);
    EXPECT_NE(cloud.find("ns3::Ipv4Header"), std::string::npos);
    EXPECT_NE(cloud.find("198.51.100.1"), std::string::npos);
    const std::string tunnel = Contents(m_folder / "vpn-gateway-a-3.tr");
    EXPECT_EQ(LinesWith(tunnel, "+ "), 1u) << tunnel;
    EXPECT_EQ(LinesWith(tunnel, "r "), 1u);
    EXPECT_EQ(LinesWith(tunnel, "d "), 0u);
    EXPECT_FALSE(fs::exists(m_folder / "vpn-gateway-a-1.tr"))
        << "point-to-point links have a helper of "
           "their own";
}

TEST_F(Ns3Habits, AsciiTracesInOneStreamTellThePath)
{
    TwoSites sites;
    sites.Connect();
    std::ostringstream text;
    sites.cloud.EnableAsciiAll(Create<OutputStreamWrapper>(&text));
    sites.SendAt(Seconds(1), sites.pcA, TwoSites::PC_B);
    sites.RunUntil(Seconds(5));
    EXPECT_NE(text.str().find("/NodeList/1/DeviceList/2/$ns3::ipsec::IpsecCloudNetDevice/MacTx"),
              std::string::npos)
        << text.str();
    EXPECT_NE(text.str().find("/NodeList/2/DeviceList/2/$ns3::ipsec::IpsecCloudNetDevice/MacRx"),
              std::string::npos);
}

TEST_F(Ns3Habits, CapturesOfDevicesAndOfTheStackWork)
{
    {
        TwoSites sites;
        InternetStackHelper stack;
        stack.EnablePcapIpv4((m_folder / "ip").string(), NodeContainer(sites.gatewayA));
        stack.EnableAsciiIpv4((m_folder / "ip").string(), NodeContainer(sites.gatewayA));
        sites.Connect();
        sites.cloud.EnablePcap((m_folder / "cloud").string(), NodeContainer(sites.gatewayA));
        sites.helper.EnablePcapAll((m_folder / "tunnel").string());
        sites.SendAt(Seconds(1), sites.pcA, TwoSites::PC_B);
        sites.RunUntil(Seconds(5));
    }
    constexpr size_t FILE_HEADER = 24;
    EXPECT_GT(fs::file_size(m_folder / "cloud-gateway-a-2.pcap"), FILE_HEADER);
    EXPECT_GT(fs::file_size(m_folder / "tunnel-gateway-a-3.pcap"), FILE_HEADER);
    EXPECT_GT(fs::file_size(m_folder / "tunnel-gateway-b-3.pcap"), FILE_HEADER);
    // ns-3 writes these when the program ends.
    EXPECT_TRUE(fs::exists(m_folder / "ip-gateway-a-i2.pcap"));
    EXPECT_TRUE(fs::exists(m_folder / "ip-gateway-a-i2.tr"));
}

// FlowMonitor

/// What FlowMonitor on all nodes says of 20 packets from PC to PC, by the port that they are for.
std::map<uint16_t, FlowMonitor::FlowStats>
MeasureEverywhere(NatTraversal natTraversal)
{
    TwoSites sites;
    sites.helper.SetNatTraversal(natTraversal);
    sites.Connect();
    FlowMonitorHelper helper;
    const Ptr<FlowMonitor> monitor = helper.InstallAll();
    for (int i = 0; i < 20; ++i)
    {
        sites.SendAt(Seconds(1) + MilliSeconds(10 * i), sites.pcA, TwoSites::PC_B, 500);
    }
    sites.RunUntil(Seconds(30));
    monitor->CheckForLostPackets();
    const auto classifier = DynamicCast<Ipv4FlowClassifier>(helper.GetClassifier());
    std::map<uint16_t, FlowMonitor::FlowStats> byPort;
    for (const auto& [flow, stats] : monitor->GetFlowStats())
    {
        FlowMonitor::FlowStats& sum = byPort[classifier->FindFlow(flow).destinationPort];
        sum.txPackets += stats.txPackets;
        sum.rxPackets += stats.rxPackets;
        sum.lostPackets += stats.lostPackets;
    }
    EXPECT_EQ(sites.receivedB.size(), 20u);
    return byPort;
}

TEST_F(Ns3Habits, FlowMonitorOnAllNodesSeesFlowsThroughATunnel)
{
    auto byPort = MeasureEverywhere(NatTraversal::Auto);
    EXPECT_EQ(byPort[TwoSites::PORT].txPackets, 20u);
    EXPECT_EQ(byPort[TwoSites::PORT].rxPackets, 20u);
    EXPECT_EQ(byPort[TwoSites::PORT].lostPackets, 0u);
    EXPECT_EQ(byPort[IKE_PORT].rxPackets, 9u) << "main and quick mode";
    EXPECT_EQ(byPort[IKE_PORT].lostPackets, 0u);
    EXPECT_EQ(byPort.size(), 2u) << "ESP has no ports, so it is no flow";
}

TEST_F(Ns3Habits, FlowMonitorOnAllNodesIsNotConfusedWhereUdpCarriesEsp)
{
    auto byPort = MeasureEverywhere(NatTraversal::Force);
    EXPECT_EQ(byPort[TwoSites::PORT].rxPackets, 20u);
    EXPECT_EQ(byPort[TwoSites::PORT].lostPackets, 0u);
    EXPECT_EQ(byPort[NATT_PORT].txPackets, byPort[NATT_PORT].rxPackets);
    EXPECT_GE(byPort[NATT_PORT].rxPackets, 5u) << "IKE; ESP has the tag of what is inside";
    EXPECT_EQ(byPort[NATT_PORT].lostPackets, 0u);
}

// Random streams

/// Runs a VPN over a lossy internet and returns what its hub's capture holds.
std::string
CaptureOf(const fs::path& folder, bool othersDraw, int64_t* used)
{
    // Whoever makes random variables before takes the automatic streams.
    std::vector<Ptr<UniformRandomVariable>> others;
    for (int i = 0; othersDraw && i < 17; ++i)
    {
        others.push_back(CreateObject<UniformRandomVariable>());
        static_cast<void>(others.back()->GetValue());
    }
    VpnTopologyHelper helper;
    helper.GetIpsecHelper().SetPreSharedKey("tiandihui2");
    helper.GetIpsecHelper().SetStart(SiteStart::AtOnce);
    helper.GetCloudHelper().SetDeviceAttribute("Loss", StringValue("0.2"));
    helper.GetCloudHelper().SetDeviceAttribute("Jitter", StringValue("3ms"));
    const VpnTopology vpn = helper.CreateStar(3);
    *used = VpnTopologyHelper::AssignStreams(vpn, 1000);
    helper.GetCloudHelper().EnablePcap(
        (folder / "hub.pcap").string(), vpn.sites[0].outside, true, true);
    Simulator::Stop(Seconds(60));
    Simulator::Run();
    Simulator::Destroy();
    return Contents(folder / "hub.pcap");
}

TEST_F(Ns3Habits, AssignedStreamsMakeARunIndependentOfOtherRandomVariables)
{
    int64_t used = 0;
    const std::string alone = CaptureOf(m_folder, false, &used);
    EXPECT_GT(alone.size(), 3000u);
    int64_t usedAgain = 0;
    EXPECT_TRUE(alone == CaptureOf(m_folder, true, &usedAgain));
    EXPECT_EQ(used, usedAgain);
}

TEST_F(Ns3Habits, AssignStreamsReturnsHowManyWereUsed)
{
    TwoSites sites;
    sites.Connect();
    // One for the data plane and one for the daemon of each gateway.
    EXPECT_EQ(IpsecHelper::AssignStreams(NodeContainer(sites.gatewayA), 50), 2);
    EXPECT_EQ(IpsecHelper::AssignStreams(NodeContainer(sites.gatewayA, sites.gatewayB), 50), 4);
    EXPECT_EQ(IpsecHelper::AssignStreams(NodeContainer(sites.pcA), 50), 0);
    // Loss, jitter, reordering, duplication and corruption.
    EXPECT_EQ(IpsecCloudHelper::AssignStreams(NetDeviceContainer(NetDeviceContainer(sites.wireA),
                                                                 NetDeviceContainer(sites.wireB)),
                                              50),
              10);
    EXPECT_EQ(NatHelper::AssignStreams(NodeContainer(sites.gatewayA), 50), 0);
}

TEST_F(Ns3Habits, AssignStreamsOfATopologyCountsAllItsParts)
{
    VpnTopologyHelper helper;
    helper.GetIpsecHelper().SetPreSharedKey("tiandihui2");
    const VpnTopology vpn = helper.CreateStar(1);
    // Two gateways: data plane, daemon, two cloud devices; two hosts: a device; each stack: ARP.
    const int64_t stacks =
        InternetStackHelper().AssignStreams(NodeContainer(vpn.Gateways(), vpn.Hosts()), 50);
    EXPECT_EQ(VpnTopologyHelper::AssignStreams(vpn, 50), stacks + 2 * (2 + 2 * 5) + 2 * 5);
    Simulator::Destroy();
}

} // namespace

} // namespace ipsec
} // namespace ns3
