// SPDX-License-Identifier: GPL-2.0-only
// Two hubs, one preferred: who carries what, and what happens when one goes and comes back.
#include "vpn-traffic.h"

#include "ns3/ipsec-tunnel-failover.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Two hubs (sites 0 and 1) on one LAN whose host is at site 0, and two spokes (2 and 3).
class VpnHubPair : public VpnTest
{
  protected:
    static constexpr uint32_t LAN = 0;
    static constexpr uint32_t SPOKE = 2;

    void
    Build()
    {
        vpn = helper.CreateHubPair(2);
        traffic = std::make_unique<VpnTraffic>(vpn);
        failover = vpn.sites[SPOKE].gateway->GetObject<TunnelFailover>();
        failover->TraceConnectWithoutContext("Switched",
                                             MakeCallback(&VpnHubPair::NoteSwitch, this));
    }

    Ptr<IkeDaemon>
    Daemon(uint32_t site) const
    {
        return IpsecHelper::GetDaemon(vpn.sites[site].gateway);
    }

    /// Returns how many packets a hub opened and sealed so far.
    uint64_t
    CarriedBy(uint32_t hub) const
    {
        const Ptr<IpsecDataPlane> plane = IpsecHelper::GetDataPlane(vpn.sites[hub].gateway);
        return plane->ProtectedPackets() + plane->UnprotectedPackets();
    }

    void
    NoteSwitch(const ChildId& /* from */, const ChildId& to)
    {
        switches.emplace_back(Simulator::Now(), to.peer);
    }

    VpnTopology vpn;
    std::unique_ptr<VpnTraffic> traffic;
    Ptr<TunnelFailover> failover;
    /// When the spoke chose another hub, and which.
    std::vector<std::pair<Time, PeerId>> switches;
};

TEST_F(VpnHubPair, BothTunnelsAreUpAndTheFirstHubCarriesAll)
{
    Build();
    traffic->SendEverySecond(Seconds(5), Seconds(15), SPOKE, LAN);
    traffic->SendEverySecond(Seconds(5), Seconds(15), LAN, SPOKE);
    traffic->RunUntil(Seconds(20));
    EXPECT_EQ((traffic->received[{SPOKE, LAN}]), 10u);
    EXPECT_EQ((traffic->received[{LAN, SPOKE}]), 10u);
    EXPECT_EQ(CarriedBy(0), 20u);
    EXPECT_EQ(CarriedBy(1), 0u);
    for (const uint32_t hub : {0U, 1U})
    {
        EXPECT_EQ(Daemon(hub)->GetEngine().IkeSas().size(), 2u) << "one for each spoke";
    }
    EXPECT_EQ(traffic->leaked, 0u);
}

TEST_F(VpnHubPair, TheSecondHubTakesOverAndGivesBack)
{
    Build();
    traffic->SendEverySecond(Seconds(5), Seconds(200), SPOKE, LAN);
    traffic->SendEverySecond(Seconds(5), Seconds(200), LAN, SPOKE);
    Simulator::Schedule(Seconds(20.5), &IkeDaemon::Crash, Daemon(0));
    traffic->RunUntil(Seconds(20.6));
    const uint64_t before = CarriedBy(0);
    traffic->RunUntil(Seconds(60));
    ASSERT_EQ(switches.size(), 1u);
    EXPECT_EQ(switches[0].second, 1u);
    EXPECT_GT(switches[0].first, Seconds(20.5));
    EXPECT_LT(switches[0].first, Seconds(41)) << "two probes, 5 s apart, after 5 s of silence";
    EXPECT_EQ(CarriedBy(0), before);
    // The LAN knows at once, the spoke only when probes found out.
    EXPECT_EQ((traffic->received[{LAN, SPOKE}]), 55u);
    EXPECT_GE((traffic->received[{SPOKE, LAN}]), 35u);
    EXPECT_LT((traffic->received[{SPOKE, LAN}]), 55u);

    Daemon(0)->Restart();
    traffic->RunUntil(Seconds(190));
    ASSERT_EQ(switches.size(), 2u);
    EXPECT_EQ(switches[1].second, 0u);
    const uint64_t second = CarriedBy(1);
    traffic->RunUntil(Seconds(202));
    EXPECT_EQ(CarriedBy(1), second) << "all goes through the first hub again";
    EXPECT_EQ((traffic->received[{LAN, SPOKE}]), 195u);
    EXPECT_EQ(traffic->leaked, 0u);
}

TEST_F(VpnHubPair, AHubThatWasNeverThereIsNotWaitedForForever)
{
    Build();
    Simulator::Schedule(MilliSeconds(1), &IkeDaemon::Crash, Daemon(0));
    traffic->SendEverySecond(Seconds(5), Seconds(100), SPOKE, LAN);
    traffic->RunUntil(Seconds(102));
    EXPECT_GE((traffic->received[{SPOKE, LAN}]), 95u) << "the second tunnel is up, so it is used";
    EXPECT_EQ(traffic->leaked, 0u);
}

TEST_F(VpnHubPair, AHubBehindACutLinkIsReplacedOnBothSides)
{
    Build();
    traffic->SendEverySecond(Seconds(5), Seconds(60), SPOKE, LAN);
    traffic->SendEverySecond(Seconds(5), Seconds(60), LAN, SPOKE);
    const auto link = DynamicCast<IpsecCloudNetDevice>(vpn.sites[0].outside);
    Simulator::Schedule(Seconds(20.5), &IpsecCloudNetDevice::SetUp, link, false);
    traffic->RunUntil(Seconds(45));
    const size_t up = traffic->received[{LAN, SPOKE}];
    const size_t back = traffic->received[{SPOKE, LAN}];
    traffic->RunUntil(Seconds(62));
    EXPECT_EQ((traffic->received[{LAN, SPOKE}]), up + 15);
    EXPECT_EQ((traffic->received[{SPOKE, LAN}]), back + 15);
}

TEST_F(VpnHubPair, SettingsOfTheHelperAreThoseOfTheUserAfterwards)
{
    DpdConfig dpd;
    dpd.mode = DpdMode::Always;
    dpd.delay = std::chrono::seconds(1);
    dpd.retry = std::chrono::seconds(1);
    dpd.tries = 1;
    helper.GetIpsecHelper().SetDpd(dpd);
    Build();
    EXPECT_EQ(Daemon(SPOKE)->Config().peers[0].dpd.mode, DpdMode::Always);
    EXPECT_TRUE(Daemon(SPOKE)->Config().peers[0].keepUp);
    EXPECT_FALSE(Daemon(0)->Config().peers[0].keepUp) << "hubs do not call";
    const VpnTopology star = helper.CreateStar(1);
    EXPECT_FALSE(IpsecHelper::GetDaemon(star.sites[1].gateway)->Config().peers[0].keepUp);
}

TEST_F(VpnHubPair, FailoverRefusesGroupsThatCannotWork)
{
    Build();
    const auto refusal = [&](const std::vector<ChildId>& tunnels) -> std::string
    {
        try
        {
            failover->AddGroup(tunnels);
        }
        catch (const std::invalid_argument& refused)
        {
            return refused.what();
        }
        return "";
    };
    EXPECT_EQ(refusal({{0, 0}}), "A failover needs two tunnels or more.");
    EXPECT_EQ(refusal({{0, 0}, {1, 0}}), "Tunnel 0 with peer 0 is in a failover already.");
    EXPECT_EQ(refusal({{7, 0}, {8, 0}}),
              "Tunnel 0 with peer 7 has no rule that a failover could move.");
    EXPECT_EQ(failover->InUse({1, 0}), (ChildId{0, 0}));
    EXPECT_EQ(failover->InUse({9, 0}), (ChildId{9, 0}));
}

} // namespace

} // namespace ipsec
} // namespace ns3
