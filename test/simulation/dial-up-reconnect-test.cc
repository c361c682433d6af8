// SPDX-License-Identifier: GPL-2.0-only
// What a client does when it loses its tunnel: pauses, other networks.
#include "dial-up-world.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <cmath>
#include <gtest/gtest.h>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Alice, whose attempts end after 10 s and whose pauses are 5, 10, 20, 20 ... s.
struct Pausing : DialUpWorld
{
    explicit Pausing(uint64_t run = 1)
        : DialUpWorld(run)
    {
        dialUp.SetClientAttribute("ConnectTimeout", TimeValue(Seconds(10)));
        dialUp.SetClientAttribute("FirstBackOff", TimeValue(Seconds(5)));
        dialUp.SetClientAttribute("LongestBackOff", TimeValue(Seconds(20)));
    }

    Ptr<IkeDaemon>
    Hub() const
    {
        return IpsecHelper::GetDaemon(hub);
    }
};

/// Returns how long each begins after the first.
std::vector<double>
SinceFirst(const std::vector<double>& times)
{
    std::vector<double> since;
    for (const double time : times)
    {
        since.push_back(std::round((time - times.front()) * 1e6) / 1e6);
    }
    return since;
}

TEST(DialUpReconnect, PausesGrowUntilTheGatewayIsBack)
{
    Pausing world;
    const Ptr<DialUpClient> alice = world.InstallAlice();
    DialUpDiary diary(alice);
    Simulator::Schedule(MilliSeconds(1), [&world] { world.Hub()->Crash(); });
    Simulator::Schedule(Seconds(110), [&world] { world.Hub()->Restart(); });
    DialUpWorld::RunUntil(Seconds(200));
    // 10 s each, and pauses of 5, 10, 20 and 20.
    EXPECT_EQ(SinceFirst(diary.Times(DialUpState::Connecting)),
              (std::vector<double>{0, 15, 35, 65, 95, 125}));
    EXPECT_EQ(diary.failed, std::vector<Fault>(5, Fault::NegotiationTimeout));
    EXPECT_EQ(alice->GetState(), DialUpState::Connected);
    ASSERT_EQ(diary.connectedAfter.size(), 1U);
    EXPECT_GT(diary.connectedAfter[0], Seconds(125));
    EXPECT_LT(diary.connectedAfter[0], Seconds(126));
}

TEST(DialUpReconnect, JitterMakesPausesShorter)
{
    Pausing world;
    world.dialUp.SetClientAttribute("BackOffJitter", DoubleValue(0.5));
    const Ptr<DialUpClient> alice = world.InstallAlice();
    DialUpDiary diary(alice);
    Simulator::Schedule(MilliSeconds(1), [&world] { world.Hub()->Crash(); });
    DialUpWorld::RunUntil(Seconds(60));
    const std::vector<double> attempts = diary.Times(DialUpState::Connecting);
    ASSERT_GE(attempts.size(), 3U);
    EXPECT_GT(attempts[1] - attempts[0], 12.5);
    EXPECT_LT(attempts[1] - attempts[0], 15);
    EXPECT_GT(attempts[2] - attempts[1], 15);
    EXPECT_LT(attempts[2] - attempts[1], 20);
}

TEST(DialUpReconnect, LimitEndsTheAttempts)
{
    Pausing world;
    world.dialUp.SetClientAttribute("AttemptLimit", UintegerValue(2));
    const Ptr<DialUpClient> alice = world.InstallAlice();
    Simulator::Schedule(MilliSeconds(1), [&world] { world.Hub()->Crash(); });
    DialUpWorld::RunUntil(Seconds(200));
    EXPECT_EQ(alice->GetState(), DialUpState::Off);
    EXPECT_EQ(alice->GetCounters().attempts, 2U);
}

TEST(DialUpReconnect, ConnectEndsAPause)
{
    Pausing world;
    const Ptr<DialUpClient> alice = world.InstallAlice();
    Simulator::Schedule(MilliSeconds(1), [&world] { world.Hub()->Crash(); });
    DialUpWorld::RunUntil(Seconds(12));
    ASSERT_EQ(alice->GetState(), DialUpState::BacksOff);
    world.Hub()->Restart();
    alice->Connect();
    DialUpWorld::RunUntil(Seconds(13));
    EXPECT_EQ(alice->GetState(), DialUpState::Connected);
}

TEST(DialUpReconnect, GatewayThatEndsTheTunnelIsCalledAgainAfterAPause)
{
    Pausing world;
    const Ptr<DialUpClient> alice = world.InstallAlice();
    DialUpDiary diary(alice);
    DialUpWorld::RunUntil(Seconds(2));
    for (const PeerId peer : world.Hub()->GetEngine().Peers())
    {
        world.Hub()->Terminate(peer);
    }
    DialUpWorld::RunUntil(Seconds(10));
    EXPECT_EQ(diary.States(), "WaitsForAddress Connecting Connected BacksOff Connecting Connected");
    EXPECT_EQ(diary.disconnected, std::vector<Fault>{Fault::Terminated});
    const std::vector<double> attempts = diary.Times(DialUpState::Connecting);
    EXPECT_NEAR(attempts[1], 7.01, 0.001);
    EXPECT_EQ(alice->GetCounters().losses, 1U);
}

TEST(DialUpReconnect, TunnelThatWasUpMakesPausesShortAgain)
{
    Pausing world;
    const Ptr<DialUpClient> alice = world.InstallAlice();
    DialUpDiary diary(alice);
    for (const int at : {2, 10})
    {
        Simulator::Schedule(Seconds(at),
                            [&world]
                            {
                                for (const PeerId peer : world.Hub()->GetEngine().Peers())
                                {
                                    world.Hub()->Terminate(peer);
                                }
                            });
    }
    DialUpWorld::RunUntil(Seconds(30));
    const std::vector<double> attempts = diary.Times(DialUpState::Connecting);
    ASSERT_EQ(attempts.size(), 3U);
    EXPECT_NEAR(attempts[2], 15.01, 0.001);
}

TEST(DialUpReconnect, WithoutReconnectALossIsTheEnd)
{
    Pausing world;
    world.dialUp.SetClientAttribute("Reconnect", BooleanValue(false));
    const Ptr<DialUpClient> alice = world.InstallAlice();
    DialUpWorld::RunUntil(Seconds(2));
    world.Hub()->Stop();
    DialUpWorld::RunUntil(Seconds(30));
    EXPECT_EQ(alice->GetState(), DialUpState::Off);
    EXPECT_EQ(alice->GetCounters().attempts, 1U);
}

TEST(DialUpReconnect, DeadGatewayIsNoticedAndCalledUntilItIsBack)
{
    Pausing world;
    world.InstallHub(DialUpWorld::GroupOfHub());
    PeerConfig gateway = DialUpWorld::HubForClient("alice@example.com");
    gateway.dpd.mode = DpdMode::Periodic;
    gateway.dpd.delay = std::chrono::seconds(10);
    gateway.dpd.retry = std::chrono::seconds(2);
    gateway.dpd.tries = 3;
    gateway.dpd.action = DpdAction::Clear;
    const Ptr<DialUpClient> alice = world.dialUp.Install(world.MakeLaptop("alice"), gateway);
    world.AssignStreams();
    DialUpDiary diary(alice);
    Simulator::Schedule(Seconds(5), [&world] { world.Hub()->Crash(); });
    Simulator::Schedule(Seconds(40), [&world] { world.Hub()->Restart(); });
    DialUpWorld::RunUntil(Seconds(90));
    EXPECT_EQ(diary.disconnected, std::vector<Fault>{Fault::PeerDead});
    EXPECT_EQ(alice->GetState(), DialUpState::Connected);
    ASSERT_EQ(diary.connectedAfter.size(), 2U);
}

// What the tunnel carried must not leave in clear because the tunnel went.
TEST(DialUpReconnect, NothingLeaksWhileTheTunnelIsLost)
{
    for (const bool blocks : {true, false})
    {
        Pausing world;
        world.dialUp.SetClientAttribute("BlockWhileLost", BooleanValue(blocks));
        world.InstallAlice();
        DialUpWorld::RunUntil(Seconds(2));
        world.Hub()->Stop();
        world.SendAt(Seconds(4), world.laptops.Get(0), DialUpWorld::WEB);
        world.SendAt(Seconds(4), world.laptops.Get(0), DialUpWorld::PRINTER);
        DialUpWorld::RunUntil(Seconds(5));
        EXPECT_EQ(world.clearPackets, blocks ? 0U : 2U);
        EXPECT_EQ(world.answers.size(), blocks ? 1U : 2U);
    }
}

// Roaming

TEST(DialUpRoaming, TunnelComesBackOnAnotherNetwork)
{
    Pausing world;
    const Ptr<DialUpClient> alice = world.InstallAlice();
    const Ptr<Node> laptop = world.laptops.Get(0);
    DialUpDiary diary(alice);
    for (int i = 0; i < 20; ++i)
    {
        world.SendAt(Seconds(2) + i * MilliSeconds(500), laptop, DialUpWorld::SERVER);
    }
    // In mid-flight of the seventh.
    Simulator::Schedule(Seconds(5) + MilliSeconds(5),
                        [&] { DialUpHelper::Move(laptop, world.cafe); });
    DialUpWorld::RunUntil(Seconds(20));
    EXPECT_EQ(diary.States(),
              "WaitsForAddress Connecting Connected WaitsForAddress Connecting Connected");
    EXPECT_EQ(*alice->GetLocalAddress(), Ipv4Address("192.168.2.100"));
    EXPECT_EQ(diary.disconnected, std::vector<Fault>{Fault::NoRoute});
    // DHCP waits 100 ms for offers; the rest is a handful of round trips.
    ASSERT_EQ(diary.connectedAfter.size(), 2U);
    EXPECT_GT(diary.connectedAfter[1], MilliSeconds(200));
    EXPECT_LT(diary.connectedAfter[1], MilliSeconds(400));
    // Lost is only the one that was on its way.
    EXPECT_EQ(world.answers.size(), 19U);
    EXPECT_EQ(world.clearPackets, 0U);
    EXPECT_EQ(world.Hub()->GetEngine().AddressesInUse("pool"), 1U);
    EXPECT_EQ(world.Hub()->GetEngine().IkeSas().size(), 1U);
}

// ns-3's DHCP gives a device 0.0.0.0 with everything around it until there is a lease.
TEST(DialUpRoaming, NothingLeavesInClearWhileThereIsNoAddress)
{
    Pausing world;
    world.InstallAlice();
    const Ptr<Node> laptop = world.laptops.Get(0);
    uint32_t clear = 0;
    for (uint32_t i = 0; i < laptop->GetNDevices(); ++i)
    {
        if (DynamicCast<IpsecCloudNetDevice>(laptop->GetDevice(i)))
        {
            laptop->GetDevice(i)->TraceConnectWithoutContext(
                "MacTx",
                Callback<void, Ptr<const Packet>>(
                    [&](Ptr<const Packet> packet)
                    {
                        Ipv4Header header;
                        packet->PeekHeader(header);
                        clear +=
                            header.GetDestination() == Ipv4Address(DialUpWorld::SERVER) ? 1 : 0;
                    }));
        }
    }
    Simulator::Schedule(Seconds(5), [&] { DialUpHelper::Move(laptop, world.cafe); });
    for (int i = 0; i < 50; ++i)
    {
        world.SendAt(Seconds(5) + i * MilliSeconds(10), laptop, DialUpWorld::SERVER);
    }
    DialUpWorld::RunUntil(Seconds(8));
    EXPECT_EQ(clear, 0U);
    EXPECT_GT(world.answers.size(), 0U);
    EXPECT_LT(world.answers.size(), 50U);
}

TEST(DialUpRoaming, ThereAndBackAgain)
{
    Pausing world;
    const Ptr<DialUpClient> alice = world.InstallAlice();
    const Ptr<Node> laptop = world.laptops.Get(0);
    Simulator::Schedule(Seconds(5), [&] { DialUpHelper::Move(laptop, world.cafe); });
    Simulator::Schedule(Seconds(8), [&] { DialUpHelper::Move(laptop, world.home); });
    world.SendAt(Seconds(10), laptop, DialUpWorld::SERVER);
    DialUpWorld::RunUntil(Seconds(11));
    EXPECT_EQ(alice->GetState(), DialUpState::Connected);
    EXPECT_EQ(*alice->GetLocalAddress(), Ipv4Address("192.168.1.100"));
    EXPECT_EQ(world.answers.size(), 1U);
    EXPECT_EQ(world.Hub()->GetEngine().AddressesInUse("pool"), 1U);
}

TEST(DialUpRoaming, MoveInMidAttemptBeginsAnew)
{
    Pausing world;
    const Ptr<DialUpClient> alice = world.InstallAlice();
    const Ptr<Node> laptop = world.laptops.Get(0);
    DialUpDiary diary(alice);
    bool moved = false;
    alice->TraceConnectWithoutContext(
        "State",
        Callback<void, DialUpState, DialUpState>(
            [&](DialUpState, DialUpState to)
            {
                if (to == DialUpState::Connecting && !moved)
                {
                    moved = true;
                    Simulator::Schedule(MilliSeconds(30),
                                        [&] { DialUpHelper::Move(laptop, world.cafe); });
                }
            }));
    DialUpWorld::RunUntil(Seconds(5));
    EXPECT_EQ(diary.States(), "WaitsForAddress Connecting WaitsForAddress Connecting Connected");
    EXPECT_EQ(alice->GetCounters().attempts, 2U);
    EXPECT_EQ(alice->GetCounters().abandoned, 1U);
    EXPECT_EQ(alice->GetCounters().connections, 1U);
}

TEST(DialUpRoaming, OtherAddressAtTheSamePlaceIsFollowedAtOnce)
{
    Pausing world;
    world.InstallHub(DialUpWorld::GroupOfHub());
    const Ptr<Node> laptop = DialUpWorld::MakeNode("alice");
    world.dialUp.Join(laptop, world.cloud.GetChannel(), "203.0.113.50", "255.255.255.0");
    world.laptops.Add(laptop);
    const Ptr<DialUpClient> alice =
        world.dialUp.Install(laptop, DialUpWorld::HubForClient("alice@example.com"));
    world.AssignStreams();
    DialUpDiary diary(alice);
    Simulator::Schedule(
        Seconds(5),
        [&]
        { DialUpHelper::Move(laptop, world.cloud.GetChannel(), "203.0.113.51", "255.255.255.0"); });
    // The same address again, as behind another NAT.
    Simulator::Schedule(
        Seconds(8),
        [&]
        { DialUpHelper::Move(laptop, world.cloud.GetChannel(), "203.0.113.51", "255.255.255.0"); });
    world.SendAt(Seconds(6), laptop, DialUpWorld::SERVER);
    world.SendAt(Seconds(9), laptop, DialUpWorld::SERVER);
    DialUpWorld::RunUntil(Seconds(10));
    EXPECT_EQ(diary.States(), "Connecting Connected Connecting Connected Connecting Connected");
    EXPECT_EQ(world.answers.size(), 2U);
    EXPECT_THROW(DialUpHelper::Move(laptop, world.home), std::invalid_argument);
}

} // namespace
} // namespace ipsec
} // namespace ns3
