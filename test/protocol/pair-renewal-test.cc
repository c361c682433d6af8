// SPDX-License-Identifier: GPL-2.0-only
#include "watched-pair.h"

#include <gtest/gtest.h>

// Renewals of IPsec SAs that fail are tried again while the SAs live.

namespace ns3
{
namespace ipsec
{

namespace
{

using std::chrono::seconds;

/// Of IPsec SAs: their end, and when the initiator renews them.
constexpr Duration HARD = seconds(3600);
constexpr Duration SOFT = seconds(3240);

/// Takes the time to the soft end of A's SAs, and tells A of it.
void
Wear(PeerPair& pair)
{
    RunFor(pair, Instant(SOFT) - pair.Now());
    pair.SoftExpiry(Side::A, pair.Sas(Side::A, SaDirection::Outbound).at(0).Key());
}

/// Gives an end other proposals of phase 2.
void
Offer(PeerPair& pair, Side side, const std::string& phase2)
{
    PairEnd& end = pair.End(side);
    EngineConfig changed = end.engine.Config();
    changed.peers[0].children[0].proposals = ParsePhase2Proposals(phase2);
    EXPECT_TRUE(end.engine.Reconfigure(pair.Now(), changed, end.random).list.empty());
}

/// Lets time pass up to @p end; returns when A began quick modes.
std::vector<Instant>
Attempts(PeerPair& pair, Instant end)
{
    std::vector<Instant> begun;
    while (pair.Now() < end)
    {
        const size_t before = pair.Seen<StateChanged>(Side::A).size();
        if (!pair.AdvanceToDeadline(end - pair.Now()))
        {
            pair.Advance(end - pair.Now());
        }
        pair.DeliverAll();
        const std::vector<StateChanged> changes = pair.Seen<StateChanged>(Side::A);
        for (size_t i = before; i < changes.size(); i++)
        {
            if (std::string(changes[i].to) == "ExpectQm2")
            {
                begun.push_back(pair.Now());
            }
        }
    }
    return begun;
}

} // namespace

TEST(PairRenewal, ThatNobodyAnsweredIsTriedAgainBeforeTheEnd)
{
    PeerPair pair = UpPair(AsItIs, AsItIs);
    Wear(pair);
    const Instant cut = pair.Now();
    RunCut(pair, Personality().retransmission.Total());
    ASSERT_EQ(pair.Seen<AcquireFailed>(Side::A).size(), 1u);
    ASSERT_TRUE(pair.AreTunnelsUp(1)) << "the old pair lives on";
    RunFor(pair, 2 * Personality().firstPause);
    EXPECT_TRUE(pair.AreTunnelsUp(2));
    EXPECT_LT(pair.Now(), cut + (HARD - SOFT));
    // The old one is retired as after any renewal.
    RunFor(pair, Personality().retirementDelay + Personality().graceTime);
    EXPECT_TRUE(pair.AreTunnelsUp(1));
}

TEST(PairRenewal, ThatTakesTwoOutagesIsTriedAThirdTime)
{
    PeerPair pair = UpPair(AsItIs, AsItIs);
    Wear(pair);
    RunCut(pair, 3 * Personality().retransmission.Total());
    ASSERT_GE(pair.Seen<AcquireFailed>(Side::A).size(), 2u);
    RunFor(pair, seconds(60));
    EXPECT_TRUE(pair.AreTunnelsUp(2));
    EXPECT_LT(pair.Now(), Instant(HARD));
}

TEST(PairRenewal, ThatIsRefusedIsTriedAgainAfterGrowingPauses)
{
    PeerPair pair = UpPair(AsItIs, AsItIs);
    Offer(pair, Side::B, "nopfs-esp-aes128-sha");
    Wear(pair);
    pair.DeliverAll();
    ASSERT_EQ(pair.Seen<AcquireFailed>(Side::A).size(), 1u);
    const std::vector<Instant> begun = Attempts(pair, Instant(HARD));
    ASSERT_GE(begun.size(), 5u);
    EXPECT_LE(begun.size(), 12u);
    EXPECT_EQ(begun[0] - Instant(SOFT), seconds(5));
    EXPECT_EQ(begun[1] - begun[0], seconds(10));
    EXPECT_EQ(begun[2] - begun[1], seconds(20));
    // The last one comes shortly before the end.
    EXPECT_GT(begun.back(), Instant(HARD) - seconds(20));
}

TEST(PairRenewal, ThatIsNoLongerRefusedSucceeds)
{
    PeerPair pair = UpPair(AsItIs, AsItIs);
    Offer(pair, Side::B, "nopfs-esp-aes128-sha");
    Wear(pair);
    RunFor(pair, seconds(20));
    EXPECT_TRUE(pair.AreTunnelsUp(1));
    Offer(pair, Side::B, "nopfs-esp-des-md5");
    RunFor(pair, seconds(30));
    EXPECT_TRUE(pair.AreTunnelsUp(2));
}

// The other end's quick mode was under way when the time came, and came to nothing.
TEST(PairRenewal, IsBegunWhenTheOtherEndsFailed)
{
    const auto patient = [](PeerConfig& peer)
    {
        peer.personality.Edit().firstPause = peer.personality.Edit().longestPause =
            std::chrono::hours(2);
    };
    PeerPair pair = UpPair(AsItIs, patient);
    RunFor(pair, Instant(SOFT) - pair.Now());
    pair.SoftExpiry(Side::B, pair.Sas(Side::B, SaDirection::Outbound).at(0).Key());
    // QM1 -->
    pair.Deliver();
    pair.SoftExpiry(Side::A, pair.Sas(Side::A, SaDirection::Outbound).at(0).Key());
    RunCut(pair, Personality().retransmission.Total());
    ASSERT_TRUE(pair.AreTunnelsUp(1));
    // B's IKE SA went with its quick mode, which A finds out first.
    RunFor(pair, Personality().retransmission.Total() + seconds(30));
    EXPECT_TRUE(pair.AreTunnelsUp(2));
}

TEST(PairRenewal, IsTriedAgainIfTheNewPairIsGoneAgain)
{
    PeerPair pair = UpPair(AsItIs, AsItIs);
    Wear(pair);
    pair.DeliverAll();
    ASSERT_TRUE(pair.AreTunnelsUp(2));
    const IpsecSa newest = pair.Seen<InstallSa>(Side::B).back().sa;
    pair.HardExpiry(Side::B, newest.Key());
    pair.DeliverAll();
    ASSERT_TRUE(pair.AreTunnelsUp(1));
    RunFor(pair, Personality().retirementDelay + seconds(10));
    EXPECT_TRUE(pair.AreTunnelsUp(2));
}

TEST(PairRenewal, StopsWithItsPair)
{
    PeerPair pair = UpPair(AsItIs, AsItIs);
    Wear(pair);
    RunCut(pair, Personality().retransmission.Total());
    pair.HardExpiry(Side::A, pair.Sas(Side::A, SaDirection::Outbound).at(0).Key());
    const size_t sent = pair.Sent().size();
    RunCut(pair, std::chrono::minutes(10));
    EXPECT_EQ(pair.Sent().size(), sent);
}

// A hub that cannot call its branch does not fail again and again.
TEST(PairRenewal, WaitsForAPeerThatCannotBeCalled)
{
    const Identity id = Identity::Parse("a.example.com");
    PeerPair pair = UpPair([&](PeerConfig& peer) { peer.localId = id; },
                           [&](PeerConfig& peer)
                           {
                               peer.remoteAddress.reset();
                               peer.remoteId = id;
                           });
    RunFor(pair, Instant(SOFT) - pair.Now());
    pair.SoftExpiry(Side::B, pair.Sas(Side::B, SaDirection::Outbound).at(0).Key());
    RunCut(pair, seconds(300));
    EXPECT_TRUE(pair.End(Side::B).engine.IkeSas().empty());
    EXPECT_EQ(pair.Seen<AcquireFailed>(Side::B).size(), 1u);
    ASSERT_TRUE(pair.AreTunnelsUp(1));
    // Then the branch calls, as soon as it finds out that its IKE SA is of no use any more.
    pair.SoftExpiry(Side::A, pair.Sas(Side::A, SaDirection::Outbound).at(0).Key());
    RunFor(pair, Personality().retransmission.Total() + seconds(30));
    EXPECT_TRUE(pair.AreTunnelsUp(2));
}

} // namespace ipsec
} // namespace ns3
