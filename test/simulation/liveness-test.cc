// SPDX-License-Identifier: GPL-2.0-only
#include "tunnel-samples.h"

#include "ns3/ipv4.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <gtest/gtest.h>

// What the daemon and the data plane tell the engine: when SAs carried packets, and which SPIs
// nobody knows.

namespace ns3
{
namespace ipsec
{

namespace
{

/// Changes what a daemon knows of its peer, before it starts.
template <typename Change>
void
Configure(Ptr<IkeDaemon> daemon, Change change)
{
    EngineConfig config = daemon->GetEngine().Config();
    change(config.peers.at(0));
    daemon->SetConfig(config);
}

/// Watches what a daemon sends, and when IKE SAs of it went.
class Watcher
{
  public:
    explicit Watcher(Ptr<IkeDaemon> daemon)
    {
        daemon->TraceConnectWithoutContext("Tx", MakeCallback(&Watcher::Sent, this));
        daemon->TraceConnectWithoutContext("IkeSaDown", MakeCallback(&Watcher::Down, this));
    }

    /// Returns how many notifications of a type were sent.
    size_t
    Notifies(NotifyType type) const
    {
        return std::count(notifies.begin(), notifies.end(), static_cast<uint16_t>(type));
    }

    std::vector<uint16_t> notifies;
    std::vector<std::pair<Time, Fault>> downs;

  private:
    void
    Sent(const MessageSummary& message, const Endpoint&, const Endpoint&)
    {
        for (const PayloadLabel& label : message.payloads)
        {
            if (label.notify != 0)
            {
                notifies.push_back(label.notify);
            }
        }
    }

    void
    Down(const IkeSaDown& what)
    {
        downs.emplace_back(Simulator::Now(), what.reason);
    }
};

/// Takes the node's attachment to the internet away.
void
Unplug(Ptr<IpsecCloudNetDevice> wire)
{
    const Ptr<Ipv4> ipv4 = wire->GetNode()->GetObject<Ipv4>();
    ipv4->SetDown(static_cast<uint32_t>(ipv4->GetInterfaceForDevice(wire)));
}

/// Loses all SAs of a gateway, and the daemon's memory of them.
void
Forget(Ptr<IkeDaemon> daemon, Ptr<IpsecDataPlane> plane)
{
    daemon->SetConfig(EngineConfig(daemon->GetEngine().Config()));
    while (!plane->GetProcessor().Associations().Entries().empty())
    {
        plane->RemoveSa(SaKey(plane->GetProcessor().Associations().Entries().begin()->first));
    }
}

/// pcA asks pcB each second from the first on.
void
AskEachSecond(TwoSites& sites, int questions)
{
    sites.EchoFromNowOn();
    for (int second = 1; second <= questions; ++second)
    {
        sites.SendAt(Seconds(second), sites.pcA, TwoSites::PC_B);
    }
}

} // namespace

TEST(Liveness, PacketsOfTheTunnelAreSignsOfLife)
{
    TwoSites sites;
    sites.Connect();
    Configure(sites.DaemonA(),
              [](PeerConfig& peer)
              {
                  peer.dpd.mode = DpdMode::Periodic;
                  peer.dpd.delay = std::chrono::seconds(3);
              });
    const Watcher watcher(sites.DaemonA());
    AskEachSecond(sites, 20);
    sites.RunUntil(Seconds(22));
    EXPECT_EQ(watcher.Notifies(NotifyType::RUThere), 0U);
    sites.RunUntil(Seconds(30));
    EXPECT_EQ(watcher.Notifies(NotifyType::RUThere), 3U);
    EXPECT_TRUE(watcher.downs.empty());
}

// Covers DP-01: from the last packet that came, delay + tries * retry.
TEST(Liveness, UnpluggedPeerIsDeadInTimeWhicheverModeAsks)
{
    for (const DpdMode mode : {DpdMode::OnDemand, DpdMode::Periodic})
    {
        TwoSites sites;
        sites.Connect();
        Configure(
            sites.DaemonA(),
            [mode](PeerConfig& peer) {
                peer.dpd = {
                    mode, std::chrono::seconds(5), std::chrono::seconds(2), 3, DpdAction::Clear};
            });
        const Watcher watcher(sites.DaemonA());
        AskEachSecond(sites, 40);
        Simulator::Schedule(Seconds(10.5), &Unplug, sites.wireB);
        sites.RunUntil(Seconds(10.5));
        Time lastCame;
        for (const auto& [key, entry] : sites.PlaneA()->GetProcessor().Associations().Entries())
        {
            if (key.direction == SaDirection::Inbound)
            {
                lastCame = NanoSeconds(entry.lastUsed.value().time_since_epoch().count());
            }
        }
        sites.RunUntil(Seconds(50));
        ASSERT_EQ(watcher.downs.size(), 1U);
        EXPECT_EQ(watcher.downs[0].second, Fault::PeerDead);
        EXPECT_EQ(watcher.downs[0].first, lastCame + Seconds(5 + 3 * 2));
        // S2: from then on packets are lost, and none leaves in clear.
        EXPECT_TRUE(sites.PlaneA()->GetProcessor().Associations().Entries().empty());
        EXPECT_GT(DropsOf(*sites.PlaneA(), Fault::StagedAbandoned), 10U);
        EXPECT_TRUE(std::none_of(sites.wire.begin(),
                                 sites.wire.end(),
                                 [](const Octets& packet) { return HoldsPayload(packet); }));
    }
}

// F27: in ESP and in ESP in UDP.
TEST(Liveness, GatewayThatLostEverythingCallsWhoeverStillSends)
{
    for (const bool inUdp : {false, true})
    {
        TwoSites sites;
        sites.Connect();
        const NatTraversal natTraversal = inUdp ? NatTraversal::Force : NatTraversal::Off;
        for (const Ptr<IkeDaemon>& daemon : {sites.DaemonA(), sites.DaemonB()})
        {
            Configure(daemon,
                      [natTraversal](PeerConfig& peer)
                      {
                          peer.natTraversal = natTraversal;
                          peer.personality.Edit().invalidSpi = InvalidSpiReaction::NewIkeSa;
                      });
        }
        AskEachSecond(sites, 20);
        Simulator::Schedule(Seconds(10.5), &Forget, sites.DaemonB(), sites.PlaneB());
        sites.RunUntil(Seconds(25));
        EXPECT_EQ(DropsOf(*sites.PlaneB(), Fault::NoSuchSa), 1U);
        EXPECT_GE(sites.receivedA.size(), 18U);
    }
}

} // namespace ipsec
} // namespace ns3
