// SPDX-License-Identifier: GPL-2.0-only
#include "peer-pair.h"

#include <gtest/gtest.h>

// Both ends want the same at the same time. F19 and F20: they may end with more than
// they need, never with less, and no end sends where the other does not listen.

namespace ns3
{
namespace ipsec
{

namespace
{

using std::chrono::seconds;

/// Far more than both ends need to open, to cross and to tidy up once.
constexpr size_t FEW_DELETES = 8;

/// Returns how many outbound SAs of an end the other end listens on.
size_t
UsableSas(const PeerPair& pair, Side from)
{
    size_t usable = 0;
    for (const IpsecSa& outbound : pair.Sas(from, SaDirection::Outbound))
    {
        for (const IpsecSa& inbound : pair.Sas(Other(from), SaDirection::Inbound))
        {
            usable += inbound.spi == outbound.spi ? 1 : 0;
        }
    }
    return usable;
}

/// Checks that both ends can send, and send only where the other end listens.
void
ExpectNoBlackHole(const PeerPair& pair)
{
    for (const Side from : {Side::A, Side::B})
    {
        const size_t outbound = pair.Sas(from, SaDirection::Outbound).size();
        EXPECT_GE(outbound, 1u) << from << " has no SA to send on";
        EXPECT_EQ(UsableSas(pair, from), outbound) << from << " sends where nobody listens";
    }
    EXPECT_EQ(pair.Disagreement(), "");
}

/// Delivers everything and lets timers run out until @p end.
void
RunUntil(PeerPair& pair, Instant end)
{
    while (pair.Now() < end)
    {
        pair.DeliverAll();
        if (!pair.AdvanceToDeadline(end - pair.Now()))
        {
            pair.Advance(end - pair.Now());
        }
    }
    pair.DeliverAll();
}

/// Lets an end renew its newest SAs: those whose inbound half it installed last.
void
Renew(PeerPair& pair, Side side)
{
    std::optional<SaKey> newest;
    for (const InstallSa& installed : pair.Seen<InstallSa>(side))
    {
        if (installed.sa.direction == SaDirection::Inbound)
        {
            newest = installed.sa.Key();
        }
    }
    ASSERT_TRUE(newest);
    pair.SoftExpiry(side, *newest);
}

void
RenewAtBothEnds(PeerPair& pair)
{
    Renew(pair, Side::A);
    Renew(pair, Side::B);
}

/// A pair whose tunnel stands since some time.
PeerPair
OldPair()
{
    PeerPair pair;
    pair.Acquire(Side::A);
    RunUntil(pair, Instant(seconds(100)));
    EXPECT_TRUE(pair.AreTunnelsUp());
    return pair;
}

const Duration RETIREMENT_DELAY = Personality().retirementDelay;

} // namespace

// F19: B wants a tunnel after so many messages of A's negotiation were delivered.
TEST(Crossing, NegotiationsThatCrossAnywhereLeaveBothEndsWithATunnel)
{
    for (size_t delivered = 0; delivered <= 9; delivered++)
    {
        SCOPED_TRACE(delivered);
        PeerPair pair;
        pair.Acquire(Side::A);
        pair.DeliverAll(delivered);
        pair.Acquire(Side::B);
        pair.Settle();
        ExpectNoBlackHole(pair);
        EXPECT_LE(pair.CountSent(ExchangeType::Informational), FEW_DELETES);
    }
}

// F19: what stands is not given up for what comes.
TEST(Crossing, NoSaGoesWhileTheNegotiationsRun)
{
    PeerPair pair;
    pair.Acquire(Side::A);
    pair.Acquire(Side::B);
    pair.DeliverAll();
    ExpectNoBlackHole(pair);
    EXPECT_TRUE(pair.Seen<RemoveSa>(Side::A).empty());
    EXPECT_TRUE(pair.Seen<RemoveSa>(Side::B).empty());
}

// F19: each end must not retire the very pair that the other end believes to be the newer one.
TEST(Crossing, QuickModesThatCrossedAreNotBothRetired)
{
    PeerPair pair;
    pair.Acquire(Side::A);
    pair.Acquire(Side::B);
    pair.DeliverAll();
    ASSERT_EQ(pair.Sas(Side::A, SaDirection::Inbound).size(), 2u) << "nothing crossed";
    RunUntil(pair, pair.Now() + 2 * RETIREMENT_DELAY);
    ExpectNoBlackHole(pair);
}

// F20
TEST(Crossing, RenewalsThatCrossedAreNotBothRetired)
{
    PeerPair pair = OldPair();
    RenewAtBothEnds(pair);
    pair.DeliverAll();
    ASSERT_EQ(pair.Sas(Side::A, SaDirection::Inbound).size(), 3u) << "nothing crossed";
    RunUntil(pair, pair.Now() + 2 * RETIREMENT_DELAY);
    ExpectNoBlackHole(pair);
}

// F20
TEST(Crossing, RenewalsThatCrossedRetireTheOldPairAtBothEnds)
{
    PeerPair pair = OldPair();
    const SaKey old = pair.Sas(Side::A, SaDirection::Inbound).at(0).Key();
    RenewAtBothEnds(pair);
    RunUntil(pair, pair.Now() + 2 * RETIREMENT_DELAY);
    EXPECT_EQ(pair.End(Side::A).sas.count(old), 0u);
    EXPECT_LE(pair.Sas(Side::A, SaDirection::Inbound).size(), 2u);
    EXPECT_LE(pair.Sas(Side::B, SaDirection::Inbound).size(), 2u);
}

// F20
TEST(Crossing, RenewalsThatCrossEveryTimeDoNotPileUpPairs)
{
    PeerPair pair = OldPair();
    for (int renewal = 0; renewal < 5; renewal++)
    {
        SCOPED_TRACE(renewal);
        RenewAtBothEnds(pair);
        RunUntil(pair, pair.Now() + 2 * RETIREMENT_DELAY);
        ExpectNoBlackHole(pair);
        EXPECT_LE(pair.Sas(Side::A, SaDirection::Inbound).size(), 2u);
    }
}

// F20
TEST(Crossing, RenewalByOneEndClearsAwayWhatCrossed)
{
    PeerPair pair;
    pair.Acquire(Side::A);
    pair.Acquire(Side::B);
    RunUntil(pair, Instant(seconds(100)));
    Renew(pair, Side::A);
    RunUntil(pair, pair.Now() + 2 * RETIREMENT_DELAY);
    EXPECT_TRUE(pair.AreTunnelsUp(1));
}

// F19: an INITIAL-CONTACT that was lost comes again when its sender already has other SAs with us.
TEST(Crossing, LateInitialContactSparesWhatIsYoungerThanItsExchange)
{
    PeerPair pair;
    pair.Acquire(Side::A);
    pair.Acquire(Side::B);
    bool lost = false;
    for (int message = 0; message < 100 && pair.InFlight() > 0; message++)
    {
        const Flight& next = pair.Next();
        if (!lost && next.from == Side::B && next.summary.encrypted &&
            next.summary.PayloadsText().find("INITIAL-CONTACT") != std::string::npos)
        {
            lost = true;
            pair.Lose();
            continue;
        }
        pair.Deliver();
    }
    ASSERT_TRUE(lost) << "B sent no INITIAL-CONTACT";
    ASSERT_GE(UsableSas(pair, Side::B), 1u);
    ASSERT_EQ(pair.End(Side::A).engine.IkeSas().size(), 1u);

    // B's MM5 again
    ASSERT_TRUE(pair.AdvanceToDeadline());
    pair.DeliverAll();
    EXPECT_EQ(pair.End(Side::A).engine.IkeSas().size(), 2u);
    ExpectNoBlackHole(pair);
}

// The reason that INITIAL-CONTACT is there for: the peer lost its memory.
TEST(Crossing, InitialContactOfAPeerThatBeganAgainEndsWhatIsOlder)
{
    PeerPair before;
    before.Acquire(Side::A);
    before.DeliverAll();
    before.Advance(seconds(10));
    ASSERT_TRUE(before.AreTunnelsUp());

    // A starts anew, with another seed; B remembers.
    PeerPair after("pre-g1-des-md5", "nopfs-esp-des-md5", 2);
    after.End(Side::B) = before.End(Side::B);
    after.Advance(seconds(10));
    after.Acquire(Side::A);
    after.DeliverAll();
    EXPECT_TRUE(after.IsIkeUp());
    EXPECT_TRUE(after.AreTunnelsUp());
}

} // namespace ipsec
} // namespace ns3
