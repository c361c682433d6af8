// SPDX-License-Identifier: GPL-2.0-only
// Stars and meshes of VpnTopologyHelper: who reaches whom, by which tunnels, and at what size.
#include "vpn-traffic.h"

#include "ns3/data-rate.h"
#include "ns3/ipsec-policy-routing.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/names.h"
#include "ns3/node-list.h"
#include "ns3/queue-disc.h"
#include "ns3/random-variable-stream.h"
#include "ns3/simulator.h"
#include "ns3/traffic-control-layer.h"

#include <gtest/gtest.h>
#include <set>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

using Pairs = std::vector<std::pair<uint32_t, uint32_t>>;

class VpnTopologyTest : public VpnTest
{
};

/// Sends from a host of each site to one of each other site; returns the pairs that got through,
/// and expects that nothing crossed the internet in clear.
std::set<std::pair<uint32_t, uint32_t>>
Reached(const VpnTopology& vpn)
{
    VpnTraffic traffic(vpn);
    const auto sites = static_cast<uint32_t>(vpn.sites.size());
    for (uint32_t from = 0; from < sites; ++from)
    {
        for (uint32_t to = 0; to < sites; ++to)
        {
            if (from != to)
            {
                traffic.SendAt(Seconds(1) + MilliSeconds(100 * from + to), from, to);
            }
        }
    }
    traffic.RunUntil(Seconds(60));
    EXPECT_EQ(traffic.leaked, 0u);
    std::set<std::pair<uint32_t, uint32_t>> reached;
    for (const auto& [pair, count] : traffic.received)
    {
        EXPECT_EQ(count, 1u);
        reached.insert(pair);
    }
    return reached;
}

/// Returns both directions of pairs.
std::set<std::pair<uint32_t, uint32_t>>
BothWays(const Pairs& pairs)
{
    std::set<std::pair<uint32_t, uint32_t>> both;
    for (const auto& [a, b] : pairs)
    {
        both.insert({a, b});
        both.insert({b, a});
    }
    return both;
}

TEST_F(VpnTopologyTest, SpokesOfAStarReachTheHub)
{
    const VpnTopology vpn = helper.CreateStar(3);
    EXPECT_EQ(vpn.tunnels, (Pairs{{1, 0}, {2, 0}, {3, 0}}));
    EXPECT_EQ(vpn.daemons.GetN(), 4u);
    EXPECT_EQ(Reached(vpn), BothWays({{0, 1}, {0, 2}, {0, 3}}));
}

TEST_F(VpnTopologyTest, SpokesReachEachOtherThroughTheHubIfTheyMay)
{
    helper.SetSpokeTraffic(SpokeTraffic::ThroughHub);
    const VpnTopology vpn = helper.CreateStar(3);
    EXPECT_EQ(vpn.tunnels.size(), 3u);
    EXPECT_EQ(Reached(vpn).size(), 12u);
}

TEST_F(VpnTopologyTest, WhatASpokeHasForItsOwnLanStaysThere)
{
    helper.SetSpokeTraffic(SpokeTraffic::ThroughHub);
    const VpnTopology vpn = helper.CreateStar(1);
    VpnTraffic traffic(vpn);
    traffic.SendFromGatewayAt(Seconds(1), 1, 1);
    traffic.RunUntil(Seconds(5));
    EXPECT_EQ((traffic.received[{1, 1}]), 1u);
    EXPECT_EQ(IpsecHelper::GetDataPlane(vpn.sites[1].gateway)->ProtectedPackets(), 0u);
}

TEST_F(VpnTopologyTest, FullMeshHasATunnelForEachPair)
{
    const VpnTopology vpn = helper.CreateFullMesh(4);
    EXPECT_EQ(vpn.tunnels, (Pairs{{0, 1}, {0, 2}, {0, 3}, {1, 2}, {1, 3}, {2, 3}}));
    EXPECT_EQ(Reached(vpn).size(), 12u);
}

TEST_F(VpnTopologyTest, PartialMeshHasTheTunnelsThatAreNamed)
{
    const Pairs pairs{{0, 1}, {3, 1}};
    const VpnTopology vpn = helper.CreatePartialMesh(4, pairs);
    EXPECT_EQ(vpn.tunnels, pairs);
    EXPECT_EQ(vpn.daemons.GetN(), 3u) << "site 2 has no tunnel and no IPsec";
    EXPECT_EQ(vpn.TunnelDevices().GetN(), 3u);
    EXPECT_FALSE(IpsecHelper::GetDaemon(vpn.sites[2].gateway));
    VpnTraffic traffic(vpn);
    traffic.SendAt(Seconds(1), 0, 1);
    traffic.SendAt(Seconds(1), 1, 3);
    traffic.RunUntil(Seconds(10));
    EXPECT_EQ((traffic.received[{0, 1}]), 1u);
    EXPECT_EQ((traffic.received[{1, 3}]), 1u);
    EXPECT_EQ(traffic.leaked, 0u);
}

TEST_F(VpnTopologyTest, NeighbourMeshJoinsEachSiteWithTheNextOnBothSides)
{
    const VpnTopology vpn = helper.CreateNeighbourMesh(5, 1);
    EXPECT_EQ(vpn.tunnels, (Pairs{{0, 1}, {0, 4}, {1, 2}, {2, 3}, {3, 4}}));
    Simulator::Destroy();
    EXPECT_EQ(helper.CreateNeighbourMesh(8, 2).tunnels.size(), 16u);
    Simulator::Destroy();
    EXPECT_EQ(helper.CreateNeighbourMesh(4, 9).tunnels.size(), 6u) << "no more than a full mesh";
}

TEST_F(VpnTopologyTest, RandomMeshIsDrawnFromItsStreamAlone)
{
    const Pairs first = helper.CreateRandomMesh(20, 0.5, 7).tunnels;
    EXPECT_GT(first.size(), 60u);
    EXPECT_LT(first.size(), 130u);
    // Somebody else draws, too.
    EXPECT_GE(CreateObject<UniformRandomVariable>()->GetValue(), 0);
    EXPECT_EQ(helper.CreateRandomMesh(20, 0.5, 7).tunnels, first);
    EXPECT_NE(helper.CreateRandomMesh(20, 0.5, 8).tunnels, first);
    EXPECT_EQ(helper.CreateRandomMesh(5, 0, 7).tunnels.size(), 0u);
    EXPECT_EQ(helper.CreateRandomMesh(5, 1, 7).tunnels.size(), 10u);
}

TEST_F(VpnTopologyTest, LinksCarryTheSameAsTheCloud)
{
    helper.SetUnderlay(VpnUnderlay::Links);
    helper.SetSpokeTraffic(SpokeTraffic::ThroughHub);
    // Two routers and a core: seventeen gateways do not fit one router.
    const VpnTopology vpn = helper.CreateStar(16);
    ASSERT_EQ(vpn.routers.GetN(), 3u);
    VpnTraffic traffic(vpn);
    traffic.SendAt(Seconds(1), 1, 16);
    traffic.SendAt(Seconds(1), 15, 0);
    traffic.SendAt(Seconds(1), 0, 14);
    traffic.RunUntil(Seconds(10));
    EXPECT_EQ((traffic.received[{1, 16}]), 1u);
    EXPECT_EQ((traffic.received[{15, 0}]), 1u);
    EXPECT_EQ((traffic.received[{0, 14}]), 1u);
    EXPECT_EQ(traffic.leaked, 0u);
}

TEST_F(VpnTopologyTest, OneRouterNeedsNoCore)
{
    helper.SetUnderlay(VpnUnderlay::Links);
    const VpnTopology vpn = helper.CreateFullMesh(3);
    ASSERT_EQ(vpn.routers.GetN(), 1u);
    DataRateValue rate;
    vpn.routers.Get(0)->GetDevice(1)->GetAttribute("DataRate", rate);
    EXPECT_EQ(rate.Get(), DataRate("1Gbps")) << "no modem, unless it is wanted";
    EXPECT_EQ(Reached(vpn).size(), 6u);
}

/// Counts what a node pays for in every packet: devices, routes, and queue disciplines.
struct Cost
{
    explicit Cost(Ptr<Node> node)
        : devices(node->GetNDevices())
    {
        const Ptr<Ipv4> ipv4 = node->GetObject<Ipv4>();
        routes = Ipv4StaticRoutingHelper().GetStaticRouting(ipv4)->GetNRoutes();
        const Ptr<TrafficControlLayer> control = node->GetObject<TrafficControlLayer>();
        for (uint32_t i = 0; i < devices; ++i)
        {
            queueDiscs += control->GetRootQueueDiscOnDevice(node->GetDevice(i)) ? 1 : 0;
        }
    }

    uint32_t devices = 0;
    uint32_t routes = 0;
    uint32_t queueDiscs = 0;
};

TEST_F(VpnTopologyTest, ManySpokesCostNoNodeMoreThanAFew)
{
    helper.SetHostsPerSite(0);
    const VpnTopology few = helper.CreateStar(2);
    const VpnTopology many = helper.CreateStar(1000);
    for (const uint32_t site : {0U, 1U})
    {
        const Cost small(few.sites[site].gateway);
        const Cost large(many.sites[site].gateway);
        EXPECT_EQ(large.devices, small.devices);
        EXPECT_EQ(large.devices, 4u) << "loopback, LAN, internet and one tunnel device";
        EXPECT_EQ(large.routes, small.routes);
        EXPECT_EQ(large.queueDiscs, 0u);
    }
    EXPECT_EQ(many.sites[1000].lan, "10.3.232.0/24");
    EXPECT_EQ(many.sites[1000].address, "198.18.3.233");
}

TEST_F(VpnTopologyTest, ManyLinksMeetInATree)
{
    helper.SetUnderlay(VpnUnderlay::Links);
    helper.SetHostsPerSite(0);
    const VpnTopology vpn = helper.CreateStar(1000);
    for (uint32_t i = 0; i < vpn.routers.GetN(); ++i)
    {
        EXPECT_LE(Cost(vpn.routers.Get(i)).devices, 34u) << "router " << i;
        EXPECT_EQ(Cost(vpn.routers.Get(i)).queueDiscs, 0u);
    }
}

TEST_F(VpnTopologyTest, NamesTellWhoIsWho)
{
    helper.SetNames("shop");
    helper.SetHostsPerSite(2);
    const VpnTopology vpn = helper.CreateStar(1);
    EXPECT_EQ(Names::Find<Node>("shop-1"), vpn.sites[1].gateway);
    EXPECT_EQ(Names::Find<Node>("shop-0-host-1"), vpn.sites[0].hosts.Get(1));
    EXPECT_EQ(vpn.HostAddress(0, 1), Ipv4Address("10.0.0.3"));
    EXPECT_EQ(IpsecHelper::GetDaemon(vpn.sites[1].gateway)->Config().peers[0].name, "shop-0");
}

TEST_F(VpnTopologyTest, AHubPairThatFailsLeavesTheSettingsAlone)
{
    // Without a key there is nothing to install.
    VpnTopologyHelper keyless;
    EXPECT_THROW(keyless.CreateHubPair(1), std::invalid_argument);
    EXPECT_FALSE(keyless.GetIpsecHelper().GetDpd());
    keyless.GetIpsecHelper().SetPreSharedKey("secret");
    EXPECT_EQ(keyless.CreateStar(1).daemons.GetN(), 2u) << "nothing is left of the pair";
}

/// What a user may get wrong, and the sentence about it.
struct Mistake
{
    const char* name;
    void (*make)(VpnTopologyHelper& helper);
    const char* sentence;
};

class VpnTopologyMistake : public VpnTest, public testing::WithParamInterface<Mistake>
{
};

TEST_P(VpnTopologyMistake, IsRefusedInOneSentence)
{
    try
    {
        GetParam().make(helper);
        FAIL() << "nothing was refused";
    }
    catch (const std::invalid_argument& refusal)
    {
        EXPECT_EQ(std::string(refusal.what()), GetParam().sentence);
    }
    EXPECT_EQ(NodeList::GetNNodes(), 0u) << "nothing was built";
}

const Mistake MISTAKES[] = {
    {"NoSpoke",
     [](VpnTopologyHelper& helper) { helper.CreateStar(0); },
     "A VPN of 1 sites is too small; 2 is the least here."},
    {"NoSpokeOfAPair",
     [](VpnTopologyHelper& helper) { helper.CreateHubPair(0); },
     "A VPN of 2 sites is too small; 3 is the least here."},
    {"SiteThatIsNotThere",
     [](VpnTopologyHelper& helper) {
         helper.CreatePartialMesh(3, {{0, 3}});
     },
     "The tunnel between sites 0 and 3 does not join two of the sites, which are 0 to 2."},
    {"TunnelToItself",
     [](VpnTopologyHelper& helper) {
         helper.CreatePartialMesh(3, {{1, 1}});
     },
     "The tunnel between sites 1 and 1 does not join two of the sites, which are 0 to 2."},
    {"TunnelNamedTwice",
     [](VpnTopologyHelper& helper) {
         helper.CreatePartialMesh(3, {{0, 1}, {1, 0}});
     },
     "The tunnel between sites 1 and 0 is named twice."},
    {"NoProbability",
     [](VpnTopologyHelper& helper) { helper.CreateRandomMesh(3, 1.5, 1); },
     "The probability of a tunnel is from 0 to 1."},
    {"TooFewLans",
     [](VpnTopologyHelper& helper)
     {
         helper.SetLans("10.0.0.0/24", 26);
         helper.CreateFullMesh(5);
     },
     "There are 4 LANs of /26 in 10.0.0.0/24, too few for 5 sites."},
    {"MeshTooLargeForMemory",
     [](VpnTopologyHelper& helper) { helper.CreateFullMesh(200000); },
     "There are 65536 LANs of /24 in 10.0.0.0/8, too few for 200000 sites."},
    {"RandomMeshTooLargeForMemory",
     [](VpnTopologyHelper& helper) { helper.CreateRandomMesh(4000000000, 1, 1); },
     "There are 65536 LANs of /24 in 10.0.0.0/8, too few for 4000000000 sites."},
    {"MoreSpokesThanNumbers",
     [](VpnTopologyHelper& helper) { helper.CreateStar(4294967295); },
     "There are 65536 LANs of /24 in 10.0.0.0/8, too few for 4294967296 sites."},
    {"MoreHostsThanNumbers",
     [](VpnTopologyHelper& helper)
     {
         helper.SetHostsPerSite(4294967295);
         helper.CreateStar(1);
     },
     "A LAN of /24 has no room for 4294967295 hosts."},
    {"TooManyHosts",
     [](VpnTopologyHelper& helper)
     {
         helper.SetHostsPerSite(254);
         helper.CreateStar(1);
     },
     "A LAN of /24 has no room for 254 hosts."},
    {"LansLargerThanTheirBlock",
     [](VpnTopologyHelper& helper) { helper.SetLans("10.0.0.0/16", 8); },
     "LANs of /8 in 10.0.0.0/16 are not from /16 to /30."},
    {"TooFewAddresses",
     [](VpnTopologyHelper& helper)
     {
         helper.SetOutside("192.0.2.0/29");
         helper.CreateFullMesh(7);
     },
     "There are too few outside addresses in 192.0.2.0/29 for 7 sites."},
    {"LansOutside",
     [](VpnTopologyHelper& helper)
     {
         helper.SetOutside("10.1.0.0/16");
         helper.CreateStar(1);
     },
     "LANs in 10.0.0.0/8 and outside addresses in 10.1.0.0/16 are not apart."},
};

INSTANTIATE_TEST_SUITE_P(All,
                         VpnTopologyMistake,
                         testing::ValuesIn(MISTAKES),
                         [](const testing::TestParamInfo<Mistake>& info)
                         { return std::string(info.param.name); });

} // namespace

} // namespace ipsec
} // namespace ns3
