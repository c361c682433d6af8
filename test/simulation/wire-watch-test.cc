// SPDX-License-Identifier: GPL-2.0-only
// Nothing that a policy wants protected leaves in clear, whatever happens to the tunnels.
#include "hub-and-spokes.h"
#include "tunnel-samples.h"

#include "ns3/esp-header.h"
#include "ns3/ipsec-conversions.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Two spokes that send through the hub and to it, by policies or by routes; every packet of
/// theirs that shows outside is a leak.
class WireWatch : public testing::TestWithParam<bool>
{
  protected:
    static void
    Connect(HubAndSpokes& net)
    {
        if (GetParam())
        {
            net.ConnectByRoutes();
        }
        else
        {
            net.ConnectByPolicies();
            net.Install();
        }
    }

    /// Small packets and such as are cut, in all directions.
    static void
    SendAllTheTime(HubAndSpokes& net, Time stop)
    {
        net.SendEvery(MilliSeconds(20), MilliSeconds(1), stop, 1, 2);
        net.SendEvery(MilliSeconds(50), MilliSeconds(2), stop, 2, 0, 3000);
        net.SendEvery(MilliSeconds(50), MilliSeconds(3), stop, 0, 1, 1450);
    }

    static void
    ExpectNoLeak(const HubAndSpokes& net)
    {
        EXPECT_GT(net.sent, 0U);
        EXPECT_EQ(net.leaked, 0U);
    }
};

// Covers PO-02: before, during and after the negotiation, with fragments.
TEST_P(WireWatch, NothingLeaksWhileTunnelsComeUp)
{
    HubAndSpokes net(3);
    Connect(net);
    SendAllTheTime(net, Seconds(3));
    net.RunUntil(Seconds(4));

    ExpectNoLeak(net);
    EXPECT_GT(net.seen[IP_PROTOCOL_ESP], 0U);
    EXPECT_EQ(net.received[0] + net.received[1] + net.received[2], net.sent);
}

// Covers PO-02, PO-03: nobody answers.
TEST_P(WireWatch, NothingLeaksWhenTheNegotiationFails)
{
    HubAndSpokes net(3);
    Connect(net);
    net.wires[0]->SetUp(false);
    SendAllTheTime(net, Seconds(200));
    net.RunUntil(Seconds(240));

    ExpectNoLeak(net);
    EXPECT_GT(DropsOf(*net.Plane(1), Fault::StagedAbandoned), 0U);
    EXPECT_GT(DropsOf(*net.Plane(1), Fault::StagedOverflow), 0U);
}

// Covers PO-01: what happens to packets while negotiating is a choice, and counted.
TEST_P(WireWatch, NothingLeaksWithoutAStage)
{
    HubAndSpokes net(3);
    net.helper.SetDataPlaneAttribute("StageLimit", UintegerValue(0));
    Connect(net);
    SendAllTheTime(net, Seconds(2));
    net.RunUntil(Seconds(3));

    ExpectNoLeak(net);
    uint64_t lost = 0;
    for (size_t site = 0; site < 3; ++site)
    {
        lost += DropsOf(*net.Plane(site), Fault::StagedOverflow);
    }
    EXPECT_GT(lost, 0U);
    EXPECT_GT(net.received[2], 0U);
}

// Covers PO-02: the SAs go, and come again.
TEST_P(WireWatch, NothingLeaksWhenSasAreRemoved)
{
    HubAndSpokes net(3);
    Connect(net);
    SendAllTheTime(net, Seconds(4));
    for (const size_t site : {0, 1, 2})
    {
        Simulator::Schedule(Seconds(2),
                            [&net, site]()
                            {
                                const Ptr<IpsecDataPlane> plane = net.Plane(site);
                                const auto all = plane->GetProcessor().Associations().Entries();
                                for (const auto& [key, entry] : all)
                                {
                                    plane->RemoveSa(key);
                                }
                            });
    }
    net.RunUntil(Seconds(6));
    ExpectNoLeak(net);
}

// Covers PO-02: the daemons stop.
TEST_P(WireWatch, NothingLeaksWhenTheDaemonIsGone)
{
    HubAndSpokes net(3);
    Connect(net);
    for (size_t site = 0; site < 3; ++site)
    {
        net.Daemon(site)->SetStopTime(Seconds(2));
    }
    SendAllTheTime(net, Seconds(4));
    net.RunUntil(Seconds(5));

    ExpectNoLeak(net);
    EXPECT_GT(DropsOf(*net.Plane(1), Fault::StagedAbandoned), 0U);
}

INSTANTIATE_TEST_SUITE_P(Vpn,
                         WireWatch,
                         testing::Bool(),
                         [](const testing::TestParamInfo<bool>& info)
                         { return info.param ? "ByRoutes" : "ByPolicies"; });

/// Returns a configuration of two gateways whose SAs live for 20 s.
EngineConfig
ShortLived(const char* own, const char* other, const std::vector<ProxyId>& tunnels)
{
    PeerConfig peer;
    peer.name = "other";
    peer.localAddress = IpAddress::Parse(own);
    peer.remoteAddress = IpAddress::Parse(other);
    peer.proposals = ParsePhase1Proposals("pre-g2-aes128-sha");
    peer.preSharedKey = SecretBytes(AsOctets("key"));
    for (const ProxyId& proxyId : tunnels)
    {
        ChildConfig child;
        child.name = proxyId.ToString();
        child.proposals = ParsePhase2Proposals("nopfs-esp-aes128-sha");
        child.proxyId = proxyId;
        child.lifetime = std::chrono::seconds(20);
        peer.children.push_back(child);
    }
    EngineConfig config;
    config.peers.push_back(peer);
    return config;
}

// Covers PO-02: make before break, and nothing leaks meanwhile.
TEST(Rekey, LosesAndLeaksNothingUnderTraffic)
{
    HubAndSpokes net(2);
    ProxyId lans;
    lans.local = Prefix::Parse(HubAndSpokes::Lan(0));
    lans.remote = Prefix::Parse(HubAndSpokes::Lan(1));
    const std::string a = HubAndSpokes::Outside(0);
    const std::string b = HubAndSpokes::Outside(1);
    net.helper.Install(net.gateways[0], ShortLived(a.c_str(), b.c_str(), {lans}));
    net.helper.Install(net.gateways[1], ShortLived(b.c_str(), a.c_str(), {lans.Mirror()}));
    net.SendEvery(MilliSeconds(5), MilliSeconds(1), Seconds(100), 0, 1);
    net.SendEvery(MilliSeconds(7), MilliSeconds(1), Seconds(100), 1, 0, 1450);
    size_t renewed = 0;
    net.Daemon(0)->TraceConnectWithoutContext(
        "SaInstalled", Callback<void, const IpsecSa&>([&renewed](const IpsecSa&) { ++renewed; }));
    net.RunUntil(Seconds(101));

    EXPECT_GE(renewed, 8U);
    EXPECT_EQ(net.received[0] + net.received[1], net.sent);
    EXPECT_EQ(net.leaked, 0U);
}

// Covers QM-21: traffic that flows is not disturbed when a second tunnel comes up.
TEST(Rekey, SecondTunnelDisturbsNoTrafficThatFlows)
{
    HubAndSpokes net(2);
    ProxyId lower;
    lower.local = Prefix::Parse(HubAndSpokes::Lan(0));
    lower.remote = Prefix::Parse("10.1.0.0/25");
    ProxyId upper = lower;
    upper.remote = Prefix::Parse("10.1.0.128/25");
    const std::string a = HubAndSpokes::Outside(0);
    const std::string b = HubAndSpokes::Outside(1);
    net.helper.Install(net.gateways[0], ShortLived(a.c_str(), b.c_str(), {lower, upper}));
    net.helper.Install(net.gateways[1],
                       ShortLived(b.c_str(), a.c_str(), {lower.Mirror(), upper.Mirror()}));
    net.SendEvery(MilliSeconds(2), MilliSeconds(1), Seconds(5), 0, 1);
    Simulator::Schedule(Seconds(2),
                        [&net]()
                        {
                            net.Daemon(0)->Acquire({0, 1},
                                                   FlowKey{IpAddress::Parse("10.0.0.2"),
                                                           IpAddress::Parse("10.1.0.200"),
                                                           IP_PROTOCOL_UDP,
                                                           1,
                                                           2});
                        });
    net.RunUntil(Seconds(6));

    EXPECT_EQ(net.Plane(0)->GetProcessor().Associations().OfChild({0, 1}).size(), 2U);
    EXPECT_EQ(net.received[1], net.sent);
}

} // namespace

} // namespace ipsec
} // namespace ns3
