// SPDX-License-Identifier: GPL-2.0-only
#include "watched-pair.h"

#include <gtest/gtest.h>

// What follows when a peer is dead, and how tunnels that went are started again.

namespace ns3
{
namespace ipsec
{

namespace
{

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Duration DETECTION_TIME = seconds(16);

PeerChange
Acting(DpdAction action)
{
    return Watching({DpdMode::Periodic, seconds(10), seconds(2), 3, action});
}

/// Answers soon fail: one repetition after a second, then two more seconds.
void
GivesUpSoon(PeerConfig& peer)
{
    peer.personality.Edit().retransmission.tries = 1;
}

/// From the first message until a negotiation has failed.
constexpr Duration NEGOTIATION = seconds(3);

void
KeptUp(PeerConfig& peer)
{
    GivesUpSoon(peer);
    peer.keepUp = true;
}

/// Cuts the link, and notes when an end begins main mode until that much time is over.
std::vector<Duration>
StartsWithoutLink(PeerPair& pair, Side side, Duration time)
{
    std::vector<Duration> starts;
    const Instant begin = pair.Now();
    std::set<Cookie> seen;
    for (const Flight& flight : pair.Sent())
    {
        seen.insert(flight.summary.initiatorCookie);
    }
    while (pair.AdvanceToDeadline(begin + time - pair.Now()))
    {
        pair.LoseAll();
        const Flight& last = LastFrom(pair, side);
        if (last.summary.exchange == ExchangeType::MainMode &&
            seen.insert(last.summary.initiatorCookie).second)
        {
            starts.push_back(pair.Now() - begin);
        }
    }
    return starts;
}

/// A pair of which A has found B dead; the link works again.
PeerPair
BereavedPair(const PeerChange& change)
{
    PeerPair pair = UpPair(change, AsItIs);
    RunCut(pair, DETECTION_TIME);
    EXPECT_EQ(WhyDown(pair, Side::A), Fault::PeerDead);
    EXPECT_TRUE(pair.End(Side::A).sas.empty());
    return pair;
}

} // namespace

// Covers DP-02: actions clear / hold / restart.
TEST(DpdAction, HoldWaitsForThePacketThatStartsItAgain)
{
    PeerPair pair = BereavedPair(Acting(DpdAction::Hold));
    const size_t sent = pair.Sent().size();
    RunFor(pair, minutes(10));
    EXPECT_EQ(pair.Sent().size(), sent) << "nobody asked for it";
    pair.Acquire(Side::A);
    pair.DeliverAll();
    EXPECT_TRUE(pair.AreTunnelsUp());
}

TEST(DpdAction, ClearDropsPacketsUntilSomebodyStartsItByHand)
{
    PeerPair pair = BereavedPair(Acting(DpdAction::Clear));
    const size_t sent = pair.Sent().size();
    for (int i = 0; i < 3; i++)
    {
        const Effects effects = pair.Acquire(Side::A);
        const auto* failed = FindEffect<AcquireFailed>(effects);
        ASSERT_NE(failed, nullptr);
        EXPECT_EQ(failed->reason, Fault::PeerDead);
    }
    EXPECT_EQ(pair.Sent().size(), sent);
    PeerPair byHand = pair;
    byHand.Initiate(Side::A);
    byHand.DeliverAll();
    EXPECT_TRUE(byHand.AreTunnelsUp());
}

TEST(DpdAction, ClearEndsWhenThePeerCalls)
{
    PeerPair pair = BereavedPair(Acting(DpdAction::Clear));
    pair.Crash(Side::B);
    pair.Initiate(Side::B);
    pair.DeliverAll();
    EXPECT_TRUE(pair.AreTunnelsUp());
    pair.Terminate(Side::B);
    pair.DeliverAll();
    pair.Acquire(Side::A);
    pair.DeliverAll();
    EXPECT_TRUE(pair.AreTunnelsUp()) << "packets may start it again";
}

TEST(DpdAction, ClearIsStrongerThanKeepingUp)
{
    PeerPair pair = BereavedPair(
        [](PeerConfig& peer)
        {
            Acting(DpdAction::Clear)(peer);
            peer.keepUp = true;
        });
    const size_t sent = pair.Sent().size();
    RunFor(pair, hours(1));
    EXPECT_EQ(pair.Sent().size(), sent);
}

TEST(DpdAction, RestartBeginsAtOnce)
{
    PeerPair pair = UpPair(Acting(DpdAction::Restart), AsItIs);
    RunCut(pair, DETECTION_TIME - Duration(1));
    EXPECT_TRUE(pair.AreTunnelsUp());
    RunFor(pair, Duration(1));
    EXPECT_EQ(pair.CountSent(ExchangeType::MainMode), 12u);
    EXPECT_EQ(pair.Sas(Side::A, SaDirection::Outbound).size(), 1u);
    EXPECT_EQ(pair.Drops(Side::A), 0u);
}

TEST(DpdAction, RestartGoesOnWithGrowingPauses)
{
    PeerPair pair = UpPair(
        [](PeerConfig& peer)
        {
            Acting(DpdAction::Restart)(peer);
            GivesUpSoon(peer);
            peer.personality.Edit().firstPause = seconds(5);
            peer.personality.Edit().longestPause = seconds(15);
        },
        AsItIs);
    const std::vector<Duration> starts = StartsWithoutLink(pair, Side::A, minutes(2));
    // 16 s until it is dead; 3 s for each attempt; pauses of 5, 10, and then 15 s.
    const std::vector<Duration> expected = {seconds(16),
                                            seconds(16 + 8),
                                            seconds(16 + 8 + 13),
                                            seconds(16 + 8 + 13 + 18),
                                            seconds(16 + 8 + 13 + 2 * 18),
                                            seconds(16 + 8 + 13 + 3 * 18),
                                            seconds(16 + 8 + 13 + 4 * 18)};
    EXPECT_EQ(starts, expected);
    // Once the link is back, the next attempt succeeds.
    RunFor(pair, seconds(18));
    EXPECT_EQ(pair.Sas(Side::A, SaDirection::Outbound).size(), 1u);
}

TEST(DpdAction, RestartStartsWhatWasThereAndNothingElse)
{
    PeerPair pair = UpPair(
        [](PeerConfig& peer)
        {
            Acting(DpdAction::Restart)(peer);
            GivesUpSoon(peer);
        },
        AsItIs);
    // The tunnel ends in good order before the peer dies: only the IKE SA is left.
    const SaKey inbound = pair.Sas(Side::A, SaDirection::Inbound).at(0).Key();
    pair.HardExpiry(Side::A, inbound);
    pair.DeliverAll();
    RunCutUntilDown(pair, Side::A);
    const size_t sent = pair.Sent().size();
    RunCut(pair, hours(1));
    EXPECT_EQ(pair.Sent().size(), sent);
}

TEST(DpdAction, PeerThatCannotBeCalledIsWaitedFor)
{
    PeerPair pair = UpPair(
        [](PeerConfig& peer)
        {
            peer.mode = Phase1Mode::Aggressive;
            peer.localId = Identity::Parse("a.example.com");
        },
        [](PeerConfig& peer)
        {
            Acting(DpdAction::Restart)(peer);
            peer.keepUp = true;
            peer.mode = Phase1Mode::Aggressive;
            peer.remoteAddress.reset();
            peer.remoteId = Identity::Parse("a.example.com");
        });
    RunCutUntilDown(pair, Side::B);
    EXPECT_EQ(WhyDown(pair, Side::B), Fault::PeerDead);
    EXPECT_FALSE(pair.End(Side::B).engine.NextDeadline());
    const Effects effects = pair.Acquire(Side::B);
    EXPECT_EQ(FindEffect<AcquireFailed>(effects)->reason, Fault::UnknownPeer);
}

// Keeping up

TEST(KeepUp, FailedNegotiationIsTriedAgainWithGrowingPauses)
{
    PeerPair pair(ChangedSite(Side::A, KeptUp), ChangedSite(Side::B, AsItIs));
    pair.Initiate(Side::A);
    pair.LoseAll();
    const std::vector<Duration> starts = StartsWithoutLink(pair, Side::A, seconds(100));
    const std::vector<Duration> expected = {NEGOTIATION + seconds(5),
                                            2 * NEGOTIATION + seconds(5 + 10),
                                            3 * NEGOTIATION + seconds(5 + 10 + 20),
                                            4 * NEGOTIATION + seconds(5 + 10 + 20 + 40)};
    EXPECT_EQ(starts, expected);
    RunFor(pair, seconds(100));
    EXPECT_TRUE(pair.AreTunnelsUp());
}

TEST(KeepUp, WithoutItNothingIsTriedAgain)
{
    PeerPair pair(ChangedSite(Side::A, GivesUpSoon), ChangedSite(Side::B, AsItIs));
    pair.Initiate(Side::A);
    pair.LoseAll();
    EXPECT_TRUE(StartsWithoutLink(pair, Side::A, hours(1)).empty());
    EXPECT_FALSE(pair.End(Side::A).engine.NextDeadline());
}

TEST(KeepUp, PausesAreBounded)
{
    PeerPair pair(ChangedSite(Side::A, KeptUp), ChangedSite(Side::B, AsItIs));
    pair.Initiate(Side::A);
    pair.LoseAll();
    const std::vector<Duration> starts = StartsWithoutLink(pair, Side::A, hours(2));
    ASSERT_GT(starts.size(), 10u);
    EXPECT_EQ(starts.back() - starts[starts.size() - 2], NEGOTIATION + seconds(300));
}

TEST(KeepUp, AttemptsAreCounted)
{
    for (const uint32_t tries : {1u, 2u, 5u})
    {
        PeerPair pair(ChangedSite(Side::A,
                                  [tries](PeerConfig& peer)
                                  {
                                      KeptUp(peer);
                                      peer.personality.Edit().keyingTries = tries;
                                  }),
                      ChangedSite(Side::B, AsItIs));
        pair.Initiate(Side::A);
        pair.LoseAll();
        EXPECT_EQ(StartsWithoutLink(pair, Side::A, hours(2)).size(), tries - 1);
        EXPECT_FALSE(pair.End(Side::A).engine.NextDeadline());
    }
}

TEST(KeepUp, SuccessBeginsTheCountAnew)
{
    PeerPair pair(ChangedSite(Side::A,
                              [](PeerConfig& peer)
                              {
                                  KeptUp(peer);
                                  peer.personality.Edit().keyingTries = 3;
                              }),
                  ChangedSite(Side::B, AsItIs));
    pair.Initiate(Side::A);
    RunCut(pair, 2 * NEGOTIATION + seconds(5));
    RunFor(pair, seconds(10));
    ASSERT_TRUE(pair.AreTunnelsUp());
    pair.Terminate(Side::B);
    pair.DeliverAll();
    const std::vector<Duration> starts = StartsWithoutLink(pair, Side::A, hours(1));
    ASSERT_EQ(starts.size(), 3u);
    EXPECT_EQ(starts[0], seconds(5));
    EXPECT_EQ(starts[1], seconds(5 + 10) + NEGOTIATION);
}

TEST(KeepUp, ThePeersDeleteIsFollowedByANewStart)
{
    PeerPair pair = UpPair(KeptUp, AsItIs);
    pair.Terminate(Side::B);
    pair.DeliverAll();
    EXPECT_TRUE(pair.IsIkeDown());
    RunFor(pair, seconds(5));
    EXPECT_TRUE(pair.AreTunnelsUp());
}

TEST(KeepUp, ErrorNotifyIsFollowedByANewStart)
{
    PeerPair pair(ChangedSite(Side::A, KeptUp),
                  ChangedSite(Side::B,
                              [](PeerConfig& peer) {
                                  peer.children[0].proposals =
                                      ParsePhase2Proposals("nopfs-esp-aes128-sha");
                              }));
    pair.Initiate(Side::A);
    RunFor(pair, seconds(5 + 10 + 20));
    EXPECT_EQ(pair.CountSent(ExchangeType::MainMode), 6u) << "the IKE SA serves every attempt";
    EXPECT_EQ(pair.CountSent(ExchangeType::QuickMode), 4u);
}

TEST(KeepUp, DeadPeerIsCalledAgain)
{
    PeerPair pair = UpPair(
        [](PeerConfig& peer)
        {
            Acting(DpdAction::Hold)(peer);
            KeptUp(peer);
        },
        AsItIs);
    const std::vector<Duration> starts = StartsWithoutLink(pair, Side::A, seconds(22));
    EXPECT_EQ(starts, std::vector<Duration>{DETECTION_TIME + seconds(5)});
}

TEST(KeepUp, OrderlyEndIsTheEnd)
{
    PeerPair pair = UpPair(KeptUp, AsItIs);
    pair.Terminate(Side::A);
    pair.DeliverAll();
    RunFor(pair, hours(1));
    EXPECT_TRUE(pair.IsIkeDown());
    EXPECT_EQ(pair.CountSent(ExchangeType::MainMode), 6u);
}

TEST(KeepUp, OrderlyEndStopsWhatWaits)
{
    PeerPair pair(ChangedSite(Side::A, KeptUp), ChangedSite(Side::B, AsItIs));
    pair.Initiate(Side::A);
    RunCut(pair, seconds(5));
    ASSERT_TRUE(pair.End(Side::A).engine.NextDeadline());
    pair.Terminate(Side::A);
    EXPECT_FALSE(pair.End(Side::A).engine.NextDeadline());
    pair.Initiate(Side::A);
    pair.DeliverAll();
    ASSERT_TRUE(pair.AreTunnelsUp()) << "by hand it can be started again";
    pair.Terminate(Side::B);
    pair.DeliverAll();
    RunFor(pair, seconds(5));
    EXPECT_TRUE(pair.AreTunnelsUp()) << "and is kept up again";
}

TEST(KeepUp, PacketNeedNotWaitForThePause)
{
    PeerPair pair(ChangedSite(Side::A, KeptUp), ChangedSite(Side::B, AsItIs));
    pair.Initiate(Side::A);
    RunCut(pair, seconds(4));
    pair.Acquire(Side::A);
    pair.DeliverAll();
    EXPECT_TRUE(pair.AreTunnelsUp());
    RunFor(pair, minutes(10));
    EXPECT_EQ(pair.Sas(Side::A, SaDirection::Outbound).size(), 1u);
}

TEST(KeepUp, PausesHaveARandomPartOnlyIfThePersonalityHasJitter)
{
    const auto firstStart = [](double jitter, uint64_t seed)
    {
        PeerPair pair(ChangedSite(Side::A,
                                  [jitter](PeerConfig& peer)
                                  {
                                      KeptUp(peer);
                                      peer.personality.Edit().retransmission.jitter = jitter;
                                      peer.personality.Edit().retransmission.tries = 0;
                                  }),
                      ChangedSite(Side::B, AsItIs),
                      seed);
        pair.Initiate(Side::A);
        pair.LoseAll();
        EXPECT_TRUE(pair.AdvanceToDeadline());
        const Instant failed = pair.Now();
        return *pair.End(Side::A).engine.NextDeadline() - failed;
    };
    EXPECT_EQ(firstStart(0, 1), seconds(5));
    EXPECT_EQ(firstStart(0, 2), seconds(5));
    EXPECT_NE(firstStart(0.2, 1), firstStart(0.2, 2));
    EXPECT_LE(firstStart(0.2, 1), seconds(5));
    EXPECT_GE(firstStart(0.2, 1), seconds(4));
}

} // namespace ipsec
} // namespace ns3
