// SPDX-License-Identifier: GPL-2.0-only
#include "peer-pair.h"

#include <gtest/gtest.h>

// Renewals that both ends begin at once, in every order in which their messages can arrive (F19,
// F20): each direction keeps its own order, nothing else does.

namespace ns3
{
namespace ipsec
{

namespace
{

using std::chrono::seconds;

/// Long enough for everything that others took the place of to go.
const Duration TIDIED = Personality().retirementDelay + 3 * Personality().graceTime;

/// Returns the SA that an end sends on: the newest of those that are there.
std::optional<IpsecSa>
SendingSa(const PeerPair& pair, Side side)
{
    std::optional<IpsecSa> newest;
    for (const InstallSa& installed : pair.Seen<InstallSa>(side))
    {
        if (installed.sa.direction == SaDirection::Outbound &&
            pair.End(side).sas.count(installed.sa.Key()) > 0)
        {
            newest = installed.sa;
        }
    }
    return newest;
}

/// Checks that what an end sends now is received.
void
ExpectTrafficFlows(const PeerPair& pair)
{
    for (const Side from : {Side::A, Side::B})
    {
        const std::optional<IpsecSa> sending = SendingSa(pair, from);
        ASSERT_TRUE(sending) << from << " has no SA to send on";
        const std::vector<IpsecSa> receiving = pair.Sas(Other(from), SaDirection::Inbound);
        const bool isReceived =
            std::any_of(receiving.begin(),
                        receiving.end(),
                        [&](const IpsecSa& sa) { return sa.spi == sending->spi; });
        ASSERT_TRUE(isReceived) << from << " sends where nobody listens";
    }
    ASSERT_EQ(pair.Disagreement(), "");
}

/// Runs until @p end; traffic flows all the time.
void
RunUntil(PeerPair& pair, Instant end)
{
    while (pair.Now() < end)
    {
        while (pair.InFlight() > 0)
        {
            pair.Deliver();
            ASSERT_NO_FATAL_FAILURE(ExpectTrafficFlows(pair));
        }
        if (!pair.AdvanceToDeadline(end - pair.Now()))
        {
            pair.Advance(end - pair.Now());
        }
        ASSERT_NO_FATAL_FAILURE(ExpectTrafficFlows(pair));
    }
}

/// Goes every way in which the messages on the wire can arrive; @p atEnd judges each end.
/// @return how many ways there are
template <typename AtEnd>
size_t
GoEveryWay(const PeerPair& pair, const AtEnd& atEnd)
{
    size_t ways = 0;
    for (const Side from : {Side::A, Side::B})
    {
        PeerPair next = pair;
        if (!next.DeliverFrom(from))
        {
            continue;
        }
        ExpectTrafficFlows(next);
        if (testing::Test::HasFatalFailure())
        {
            return ways;
        }
        ways += GoEveryWay(next, atEnd);
    }
    if (ways == 0)
    {
        atEnd(pair);
        return 1;
    }
    return ways;
}

/// A tunnel that stands since some time, and both ends of which renew their SAs at once.
PeerPair
RenewingPair(const Personality& a, const Personality& b)
{
    EngineConfig configs[] = {SiteConfig(Side::A), SiteConfig(Side::B)};
    configs[0].peers[0].personality = a;
    configs[1].peers[0].personality = b;
    PeerPair pair(configs[0], configs[1]);
    pair.Acquire(Side::A);
    pair.DeliverAll();
    pair.Advance(seconds(100));
    pair.Timeout(Side::A);
    pair.Timeout(Side::B);
    pair.SoftExpiry(Side::A, pair.Sas(Side::A, SaDirection::Inbound).at(0).Key());
    pair.SoftExpiry(Side::B, pair.Sas(Side::B, SaDirection::Inbound).at(0).Key());
    return pair;
}

/// The same with IKE SAs.
PeerPair
ReauthenticatingPair(const Personality& personality = {})
{
    const Duration lifetime = seconds(1000);
    EngineConfig configs[] = {SiteConfig(Side::A), SiteConfig(Side::B)};
    for (EngineConfig& config : configs)
    {
        config.peers[0].lifetime = lifetime;
        config.peers[0].personality = personality;
        // Both at the same moment.
        config.peers[0].personality.Edit().responderMargin = 1.0;
    }
    PeerPair pair(configs[0], configs[1]);
    pair.Acquire(Side::A);
    pair.DeliverAll();
    pair.Advance(seconds(900));
    pair.Timeout(Side::A);
    pair.Timeout(Side::B);
    return pair;
}

Personality
With(RedundantPairs redundantPairs)
{
    Personality personality;
    personality.redundantPairs = redundantPairs;
    return personality;
}

/// Ways of three messages in each direction, and of six, all of which but the first wait for one of
/// the other direction.
constexpr size_t QUICK_MODE_WAYS = 8;
constexpr size_t MAIN_MODE_WAYS = 64;

} // namespace

// F20
TEST(CrossingOrders, QuickModesLeaveOnePairThatBothEndsChose)
{
    const PeerPair start = RenewingPair({}, {});
    ASSERT_EQ(start.InFlight(), 2u) << "nothing crosses";
    const size_t ways = GoEveryWay(start,
                                   [](PeerPair pair)
                                   {
                                       RunUntil(pair, pair.Now() + TIDIED);
                                       EXPECT_TRUE(pair.AreTunnelsUp(1));
                                       EXPECT_TRUE(pair.IsIkeUp());
                                   });
    EXPECT_EQ(ways, QUICK_MODE_WAYS);
}

// Nobody withdraws what the other end chose.
TEST(CrossingOrders, EndsWithDifferentPoliciesLoseNothing)
{
    for (const RedundantPairs a :
         {RedundantPairs::Keep, RedundantPairs::LetExpire, RedundantPairs::Delete})
    {
        for (const RedundantPairs b :
             {RedundantPairs::Keep, RedundantPairs::LetExpire, RedundantPairs::Delete})
        {
            SCOPED_TRACE(static_cast<int>(a) * 10 + static_cast<int>(b));
            GoEveryWay(RenewingPair(With(a), With(b)),
                       [&](PeerPair pair)
                       {
                           RunUntil(pair, pair.Now() + TIDIED);
                           const size_t kept = pair.Sas(Side::A, SaDirection::Inbound).size();
                           const bool isTidied =
                               a == RedundantPairs::Delete || b == RedundantPairs::Delete;
                           EXPECT_EQ(kept, isTidied ? 1u : 2u);
                       });
        }
    }
}

// What expires by itself is not renewed, so that the next renewals are single again.
TEST(CrossingOrders, RedundantPairIsNotRenewed)
{
    PeerPair pair = RenewingPair(With(RedundantPairs::LetExpire), With(RedundantPairs::LetExpire));
    pair.DeliverAll();
    RunUntil(pair, pair.Now() + TIDIED);
    ASSERT_EQ(pair.Sas(Side::A, SaDirection::Inbound).size(), 2u);
    for (const Side side : {Side::A, Side::B})
    {
        size_t renewals = 0;
        for (const IpsecSa& sa : pair.Sas(side, SaDirection::Inbound))
        {
            PeerPair fork = pair;
            fork.SoftExpiry(side, sa.Key());
            renewals += fork.InFlight();
        }
        EXPECT_EQ(renewals, 1u) << side;
    }
}

// F20: the last message of one of them is lost, until its responder gives up.
TEST(CrossingOrders, WinnerThatFailsLeavesTheOtherOneWhole)
{
    for (uint64_t seed = 1; seed <= 12; seed++)
    {
        SCOPED_TRACE(seed);
        PeerPair pair("pre-g1-des-md5", "nopfs-esp-des-md5", seed);
        pair.Acquire(Side::A);
        pair.DeliverAll();
        pair.Advance(seconds(100));
        pair.SoftExpiry(Side::A, pair.Sas(Side::A, SaDirection::Inbound).at(0).Key());
        pair.SoftExpiry(Side::B, pair.Sas(Side::B, SaDirection::Inbound).at(0).Key());
        const Instant end = pair.Now() + 4 * Personality().retransmission.Total();
        while (pair.Now() < end)
        {
            while (pair.InFlight() > 0)
            {
                const MessageSummary& next = pair.Next().summary;
                const bool isQm3 = next.exchange == ExchangeType::QuickMode &&
                                   pair.Next().from == Side::A && next.PayloadsText() == "HASH";
                if (isQm3)
                {
                    pair.Lose();
                    continue;
                }
                pair.Deliver();
            }
            if (!pair.AdvanceToDeadline(end - pair.Now()))
            {
                pair.Advance(end - pair.Now());
            }
        }
        ASSERT_NO_FATAL_FAILURE(ExpectTrafficFlows(pair));
        EXPECT_TRUE(pair.AreTunnelsUp(1));
    }
}

// F19: the same for main modes; the children do not notice.
TEST(CrossingOrders, MainModesLeaveIkeSasThatWork)
{
    const PeerPair start = ReauthenticatingPair();
    ASSERT_EQ(start.InFlight(), 2u) << "nothing crosses";
    const size_t ways = GoEveryWay(
        start,
        [](PeerPair pair)
        {
            RunUntil(pair, pair.Now() + TIDIED);
            EXPECT_TRUE(pair.AreTunnelsUp(1));
            const auto a = pair.End(Side::A).engine.IkeSas();
            const auto b = pair.End(Side::B).engine.IkeSas();
            ASSERT_EQ(a.size(), 2u) << "the old one stayed, or a new one went";
            ASSERT_EQ(b.size(), 2u);
            pair.SoftExpiry(Side::A, pair.Sas(Side::A, SaDirection::Inbound).at(0).Key());
            pair.DeliverAll();
            EXPECT_TRUE(pair.AreTunnelsUp(2));
            // The next renewal takes both along.
            const size_t messages = pair.CountSent(ExchangeType::MainMode);
            RunUntil(pair, pair.Now() + seconds(950));
            EXPECT_GT(pair.CountSent(ExchangeType::MainMode), messages);
            EXPECT_GE(pair.End(Side::A).engine.IkeSas().size(), 1u);
            EXPECT_LE(pair.End(Side::A).engine.IkeSas().size(), 2u);
        });
    EXPECT_EQ(ways, MAIN_MODE_WAYS);
}

// One of the two is given up, because nobody answers a quick mode under it; the other one may be
// the one that was not to be renewed.
TEST(CrossingOrders, IkeSaThatIsLeftIsRenewed)
{
    const size_t ways = GoEveryWay(
        ReauthenticatingPair(),
        [](PeerPair pair)
        {
            RunUntil(pair, pair.Now() + TIDIED);
            ASSERT_EQ(pair.End(Side::A).engine.IkeSas().size(), 2u);
            pair.SoftExpiry(Side::A, pair.Sas(Side::A, SaDirection::Inbound).at(0).Key());
            while (pair.End(Side::A).engine.IkeSas().size() == 2u)
            {
                pair.LoseAll();
                ASSERT_TRUE(pair.AdvanceToDeadline());
            }
            // The Delete arrives.
            pair.DeliverAll();
            ASSERT_EQ(pair.End(Side::B).engine.IkeSas().size(), 1u);
            const size_t messages = pair.CountSent(ExchangeType::MainMode);
            // It is renewed at 1800 s, and ends at 1900 s.
            RunUntil(pair, Instant(seconds(1890)));
            EXPECT_GT(pair.CountSent(ExchangeType::MainMode), messages);
        });
    EXPECT_EQ(ways, MAIN_MODE_WAYS);
}

// The one that both ends prefer is renewed, and takes the other one along.
TEST(CrossingOrders, CrossedMainModesDoNotPileUp)
{
    PeerPair pair = ReauthenticatingPair();
    pair.DeliverAll();
    for (int renewal = 0; renewal < 4; renewal++)
    {
        SCOPED_TRACE(renewal);
        RunUntil(pair, pair.Now() + seconds(1000));
        EXPECT_LE(pair.End(Side::A).engine.IkeSas().size(), 2u);
        EXPECT_LE(pair.End(Side::B).engine.IkeSas().size(), 2u);
        EXPECT_GE(pair.End(Side::A).engine.IkeSas().size(), 1u);
    }
}

} // namespace ipsec
} // namespace ns3
