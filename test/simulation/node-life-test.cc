// SPDX-License-Identifier: GPL-2.0-only
// A gateway crashes, starts again, ends in order, moves, and loses keys in mid-life: F27, F29, F30,
// F31 and F39.
#include "two-sites.h"

#include "ns3/ipsec-conversions.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <gtest/gtest.h>
#include <set>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Keeps names and ends of what a daemon negotiates.
class LifeWatcher
{
  public:
    explicit LifeWatcher(Ptr<IkeDaemon> daemon)
    {
        daemon->TraceConnectWithoutContext("IkeSaUp", MakeCallback(&LifeWatcher::Up, this));
        daemon->TraceConnectWithoutContext("IkeSaDown", MakeCallback(&LifeWatcher::Down, this));
        daemon->TraceConnectWithoutContext("SaInstalled",
                                           MakeCallback(&LifeWatcher::Installed, this));
        daemon->TraceConnectWithoutContext("SaRemoved", MakeCallback(&LifeWatcher::Removed, this));
        daemon->TraceConnectWithoutContext("AcquireFailed",
                                           MakeCallback(&LifeWatcher::Failed, this));
        daemon->TraceConnectWithoutContext("Tx", MakeCallback(&LifeWatcher::Sent, this));
    }

    std::vector<IkeSaInfo> up;
    std::vector<IkeSaDown> down;
    std::vector<IpsecSa> installed;
    std::vector<RemoveSa> removed;
    std::vector<AcquireFailed> failed;
    size_t sent = 0;

  private:
    void
    Up(const IkeSaInfo& info)
    {
        up.push_back(info);
    }

    void
    Down(const IkeSaDown& ended)
    {
        down.push_back(ended);
    }

    void
    Installed(const IpsecSa& sa)
    {
        installed.push_back(sa);
    }

    void
    Removed(const RemoveSa& one)
    {
        removed.push_back(one);
    }

    void
    Failed(const AcquireFailed& one)
    {
        failed.push_back(one);
    }

    void
    Sent(const MessageSummary&, const Endpoint&, const Endpoint&)
    {
        ++sent;
    }
};

size_t
SasOf(Ptr<IpsecDataPlane> plane)
{
    return plane->GetProcessor().Associations().Entries().size();
}

/// Lets pcA send a packet every second until @p end.
void
SendEverySecond(TwoSites& sites, int end)
{
    for (int second = 1; second < end; ++second)
    {
        sites.SendAt(Seconds(second), sites.pcA, TwoSites::PC_B);
    }
}

} // namespace

// F27: who crashed comes back, and its peer throws the old SAs away.
TEST(NodeLife, ACrashLosesEverythingAndTheTunnelComesBack)
{
    TwoSites sites;
    sites.Connect();
    const LifeWatcher watcher(sites.DaemonA());
    SendEverySecond(sites, 40);
    Simulator::Schedule(Seconds(10.5), &IkeDaemon::Crash, sites.DaemonA());
    sites.RunUntil(Seconds(10.6));
    EXPECT_EQ(sites.receivedB.size(), 10u);
    EXPECT_EQ(SasOf(sites.PlaneA()), 0u);
    EXPECT_EQ(SasOf(sites.PlaneB()), 2u);
    EXPECT_TRUE(sites.DaemonA()->GetEngine().IkeSas().empty());
    ASSERT_EQ(watcher.removed.size(), 2u);
    EXPECT_EQ(watcher.removed[0].reason, Fault::NodeDown);
    ASSERT_EQ(watcher.down.size(), 1u);

    const size_t sentBefore = watcher.sent;
    const size_t wireBefore = sites.wire.size();
    sites.RunUntil(Seconds(15.5));
    EXPECT_EQ(watcher.sent, sentBefore);
    EXPECT_EQ(sites.wire.size(), wireBefore);
    EXPECT_EQ(sites.PlaneA()->Drops().at(Fault::NodeDown), 5u);

    sites.DaemonA()->Restart();
    sites.RunUntil(Seconds(40));
    EXPECT_EQ(sites.receivedB.size(), 10u + 24u);
    EXPECT_EQ(SasOf(sites.PlaneA()), 2u);
    EXPECT_EQ(SasOf(sites.PlaneB()), 2u);
    for (const Octets& packet : sites.wire)
    {
        EXPECT_FALSE(HoldsPayload(packet));
    }
}

TEST(NodeLife, WhatComesToACrashedGatewayIsDroppedInSilence)
{
    TwoSites sites;
    sites.Connect();
    sites.SendAt(Seconds(1), sites.pcA, TwoSites::PC_B);
    Simulator::Schedule(Seconds(2), &IkeDaemon::Crash, sites.DaemonA());
    // The peer still has its SA, and sends: no ICMP error comes back, either.
    sites.SendAt(Seconds(3), sites.pcB, TwoSites::PC_A);
    sites.RunUntil(Seconds(2.5));
    const size_t before = sites.wire.size();
    sites.RunUntil(Seconds(5));
    ASSERT_EQ(sites.wire.size(), before + 1);
    EXPECT_EQ(sites.PlaneA()->Drops().at(Fault::NodeDown), 1u);
    EXPECT_TRUE(sites.receivedA.empty());
}

// F29: no half of anything stays, wherever the crash comes.
TEST(NodeLife, ACrashBetweenAnyTwoStepsLeavesNoHalf)
{
    for (int step = 0; step < 12; ++step)
    {
        TwoSites sites;
        sites.Connect();
        SendEverySecond(sites, 90);
        // Every message takes ten milliseconds; main and quick mode together are nine.
        const Time at = Seconds(1) + MilliSeconds(5 + 10 * step);
        Simulator::Schedule(at, &IkeDaemon::Crash, sites.DaemonB());
        Simulator::Schedule(at + MilliSeconds(1), &IkeDaemon::Restart, sites.DaemonB());
        Simulator::Schedule(Seconds(60), [&]() { sites.DaemonA()->Terminate(0); });
        sites.RunUntil(Seconds(90));
        EXPECT_EQ(SasOf(sites.PlaneA()), 2u) << step;
        EXPECT_EQ(SasOf(sites.PlaneB()), 2u) << step;
        EXPECT_GT(sites.receivedB.size(), 25u) << step;
    }
}

// F30
TEST(NodeLife, AHundredCrashesRepeatNoCookieAndNoSpi)
{
    TwoSites sites;
    sites.Connect();
    const LifeWatcher watcher(sites.DaemonA());
    for (int life = 0; life < 100; ++life)
    {
        const Time at = Seconds(10 * life);
        sites.SendAt(at + Seconds(1), sites.pcA, TwoSites::PC_B);
        Simulator::Schedule(at + Seconds(9), &IkeDaemon::Crash, sites.DaemonA());
        Simulator::Schedule(at + Seconds(9.5), &IkeDaemon::Restart, sites.DaemonA());
    }
    sites.RunUntil(Seconds(1000));
    ASSERT_EQ(watcher.up.size(), 100u);
    EXPECT_EQ(sites.receivedB.size(), 100u);
    std::set<Cookie> cookies;
    std::set<SecretBytes, bool (*)(const SecretBytes&, const SecretBytes&)> keys(
        [](const SecretBytes& a, const SecretBytes& b)
        {
            return std::lexicographical_compare(
                a.View().begin(), a.View().end(), b.View().begin(), b.View().end());
        });
    for (const IkeSaInfo& info : watcher.up)
    {
        cookies.insert(info.initiatorCookie);
        cookies.insert(info.responderCookie);
        keys.insert(info.skeyidD);
    }
    EXPECT_EQ(cookies.size(), 200u);
    EXPECT_EQ(keys.size(), 100u);
    std::set<uint32_t> spis;
    for (const IpsecSa& sa : watcher.installed)
    {
        spis.insert(sa.spi);
    }
    EXPECT_EQ(spis.size(), watcher.installed.size());
    // INITIAL-CONTACT cleans up at the peer.
    EXPECT_LE(SasOf(sites.PlaneB()), 2u);
}

TEST(NodeLife, AnOrderlyStopTellsThePeerAndMayBeginAgain)
{
    TwoSites sites;
    sites.Connect();
    for (int life = 0; life < 5; ++life)
    {
        const Time at = Seconds(10 * life);
        sites.SendAt(at + Seconds(1), sites.pcA, TwoSites::PC_B);
        Simulator::Schedule(at + Seconds(5), &IkeDaemon::Stop, sites.DaemonA());
        Simulator::Schedule(at + Seconds(6),
                            [&]()
                            {
                                EXPECT_EQ(SasOf(sites.PlaneA()), 0u);
                                EXPECT_EQ(SasOf(sites.PlaneB()), 0u);
                                EXPECT_FALSE(sites.DaemonA()->IsRunning());
                                EXPECT_FALSE(sites.DaemonA()->IsDown());
                            });
        Simulator::Schedule(at + Seconds(8), &IkeDaemon::Restart, sites.DaemonA());
    }
    sites.RunUntil(Seconds(50));
    EXPECT_EQ(sites.receivedB.size(), 5u);
}

TEST(NodeLife, AnAddressThatChangesBackBringsTheTunnelBack)
{
    TwoSites sites;
    sites.Connect();
    SendEverySecond(sites, 200);
    sites.RunUntil(Seconds(10.5));
    EXPECT_EQ(sites.receivedB.size(), 10u);
    IpsecHelper::ChangeAddress(sites.gatewayA, TwoSites::ADDRESS_A, "192.0.2.77");
    EXPECT_EQ(SasOf(sites.PlaneA()), 0u);
    sites.RunUntil(Seconds(30.5));
    // B knows nobody at the new address.
    EXPECT_EQ(sites.receivedB.size(), 10u);
    EXPECT_GT(sites.DaemonB()->Drops().at(Fault::UnknownPeer), 0u);
    IpsecHelper::ChangeAddress(sites.gatewayA, "192.0.2.77", TwoSites::ADDRESS_A);
    sites.RunUntil(Seconds(200));
    EXPECT_GT(sites.receivedB.size(), 10u + 100u);
}

// F39: what is there lives on, what is new is refused, at both ends.
TEST(NodeLife, ARemovedKeyLetsSasLiveAndRefusesNewOnes)
{
    TwoSites sites;
    sites.Connect();
    const LifeWatcher watcher(sites.DaemonA());
    SendEverySecond(sites, 60);
    sites.RunUntil(Seconds(10.5));
    EngineConfig keyless = sites.DaemonA()->Config();
    keyless.peers[0].preSharedKey = SecretBytes();
    sites.DaemonA()->ChangeConfig(keyless);
    sites.RunUntil(Seconds(20.5));
    EXPECT_EQ(sites.receivedB.size(), 20u);

    // We do not call,
    sites.DaemonA()->Terminate(0);
    sites.RunUntil(Seconds(30.5));
    EXPECT_EQ(sites.receivedB.size(), 20u);
    ASSERT_FALSE(watcher.failed.empty());
    EXPECT_EQ(watcher.failed[0].reason, Fault::NoKey);
    // and do not answer.
    sites.DaemonB()->Initiate(0);
    sites.RunUntil(Seconds(35));
    EXPECT_GT(sites.DaemonA()->Drops().at(Fault::UnknownPeer), 0u);
    EXPECT_EQ(watcher.up.size(), 1u);

    // Nor does a crash bring the key back.
    sites.DaemonA()->Crash();
    sites.DaemonA()->Restart();
    sites.RunUntil(Seconds(45));
    EXPECT_EQ(watcher.up.size(), 1u);
}

TEST(NodeLife, AnEngineKeepsItsPeers)
{
    TwoSites sites;
    sites.Connect();
    EngineConfig other = sites.DaemonA()->Config();
    other.peers.clear();
    EXPECT_THROW(sites.DaemonA()->ChangeConfig(other), std::invalid_argument);
}

// A certificate may name the address that it was made for, wherever its owner is by now.
TEST(NodeLife, ACrashAfterAnAddressChangedAsksForNoOtherCertificate)
{
    TwoSites sites;
    sites.helper.SetPhase1Proposals("rsa-g2-aes128-sha");
    sites.Connect();
    IpsecHelper::ChangeAddress(sites.gatewayA, TwoSites::ADDRESS_A, "192.0.2.77");
    sites.DaemonA()->Crash();
    sites.DaemonA()->Restart();
    EXPECT_TRUE(sites.DaemonA()->IsRunning());
    EXPECT_EQ(sites.DaemonA()->Config().peers[0].localAddress, IpAddress::Parse("192.0.2.77"));
}

TEST(StageTotal, LimitsWhatWaitsForAllTunnelsTogether)
{
    TwoSites sites;
    sites.helper.SetDataPlaneAttribute("StageTotal", UintegerValue(3));
    sites.Connect();
    for (int i = 0; i < 10; ++i)
    {
        sites.SendAt(Seconds(1), sites.pcA, TwoSites::PC_B);
    }
    sites.RunUntil(Seconds(5));
    EXPECT_EQ(sites.receivedB.size(), 3u);
    EXPECT_EQ(sites.PlaneA()->Drops().at(Fault::StagedOverflow), 7u);
}

TEST(IkeDaemonLimits, TakeThePlaceOfTheConfiguration)
{
    TwoSites sites;
    sites.helper.SetDaemonAttribute("HalfOpenLimit", UintegerValue(7));
    sites.Connect();
    EXPECT_EQ(sites.DaemonA()->GetEngine().Config().limits.halfOpen, 7u);
    EXPECT_EQ(sites.DaemonA()->GetEngine().Config().limits.halfOpenPerAddress,
              EngineLimits{}.halfOpenPerAddress);
}

TEST(IkeDaemonLimits, OutliveOtherConfigurationsAndAddresses)
{
    TwoSites sites;
    sites.helper.SetDaemonAttribute("HalfOpenLimit", UintegerValue(7));
    sites.helper.SetDaemonAttribute("StartDate", StringValue("2030-01-01"));
    sites.Connect();
    const CalendarSeconds start = sites.DaemonA()->GetEngine().Config().calendarStart;
    EngineConfig other = sites.DaemonA()->Config();
    other.limits = EngineLimits{};
    other.calendarStart = EngineConfig{}.calendarStart;
    sites.DaemonA()->ChangeConfig(other);
    IpsecHelper::ChangeAddress(sites.gatewayA, TwoSites::ADDRESS_A, "192.0.2.77");
    EXPECT_EQ(sites.DaemonA()->GetEngine().Config().limits.halfOpen, 7u);
    EXPECT_EQ(sites.DaemonA()->GetEngine().Config().calendarStart, start);
    EXPECT_NE(start, other.calendarStart);
    sites.DaemonA()->Crash();
    EXPECT_EQ(sites.DaemonA()->GetEngine().Config().limits.halfOpen, 7u);
}

} // namespace ipsec
} // namespace ns3
