// SPDX-License-Identifier: GPL-2.0-only
#include "key-holder.h"
#include "message-mutations.h"
#include "peer-pair.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Offset of the octet with major and minor version, and of the flags.
constexpr size_t VERSION_OFFSET = 17;
constexpr size_t FLAGS_OFFSET = 19;

/// A pair that negotiates phase 1 only, with the message of this number on its way: 1 is MM1.
PeerPair
PairAt(size_t message, const std::string& phase1 = "pre-g1-des-md5")
{
    EngineConfig a = SiteConfig(Side::A, phase1);
    EngineConfig b = SiteConfig(Side::B, phase1);
    a.peers[0].children.clear();
    b.peers[0].children.clear();
    PeerPair pair(a, b);
    pair.Initiate(Side::A);
    pair.DeliverAll(message - 1);
    EXPECT_EQ(pair.InFlight(), 1u);
    return pair;
}

bool
IsUp(const PeerPair& pair)
{
    return pair.IsIkeUp();
}

using Names = std::set<std::string>;

} // namespace

// F16
TEST(MainModeProperties, EveryTruncationOfEveryMessageIsRefused)
{
    for (size_t message = 1; message <= 6; message++)
    {
        PeerPair pair = PairAt(message);
        ExpectTruncationsRefused(pair);
        pair.Settle();
        EXPECT_TRUE(pair.IsIkeUp()) << "MM" << message;
    }
}

// F14. The initiator's cookie names the exchange: a changed one is another, unfinished exchange,
// and the repeated MM1 completes. Vendor IDs, version and flags are protected by nothing.
TEST(MainModeProperties, ChangesOfMm1AreNoticedOutsideWhatNothingProtects)
{
    EXPECT_EQ(UnnoticedRegions(PairAt(1)), (Names{"initiator cookie", "version", "flags", "VID"}));
}

// F14. HASH_I covers the initiator's SA payload only; the responder's answer must be what was
// offered, but its lifetime and its transform's number are its own.
TEST(MainModeProperties, ChangesOfMm2AreNoticedOutsideWhatNothingProtects)
{
    EXPECT_EQ(UnnoticedRegions(PairAt(2)), (Names{"version", "flags", "SA", "VID"}));
}

// F14. NAT-D is outside HASH_I and HASH_R: a change looks like a NAT (RFC 3947 section 7).
TEST(MainModeProperties, ChangesOfMm3AreNoticedOutsideWhatNothingProtects)
{
    EXPECT_EQ(UnnoticedRegions(PairAt(3)), (Names{"version", "flags", "NAT-D"}));
}

// F14
TEST(MainModeProperties, ChangesOfMm4AreNoticedOutsideWhatNothingProtects)
{
    EXPECT_EQ(UnnoticedRegions(PairAt(4)), (Names{"version", "flags", "NAT-D"}));
}

// Covers P1-24; F14, bad input 26.
TEST(MainModeProperties, EveryChangeOfAnEncryptedMessageIsRefusedAndTheGoodCopyCompletes)
{
    for (const size_t message : {5, 6})
    {
        for (const char* phase1 : {"pre-g1-des-md5", "pre-g1-aes128-sha"})
        {
            ExpectOctetChangesRefused(PairAt(message, phase1), ISAKMP_HEADER_OCTETS, IsUp);
        }
    }
}

// Covers P1-24.
TEST(MainModeProperties, EveryChangeOfTheHeaderOfAnEncryptedMessageIsRefused)
{
    for (const size_t message : {5, 6})
    {
        const PeerPair pair = PairAt(message);
        const Octets good = pair.Next().octets;
        for (size_t offset = 0; offset < ISAKMP_HEADER_OCTETS; offset++)
        {
            if (offset == FLAGS_OFFSET)
            {
                continue; // below
            }
            PeerPair fork = pair;
            for (int change = 1; change <= 255; change++)
            {
                if (offset == VERSION_OFFSET && change < 16)
                {
                    continue; // the minor version says nothing (bad input 15)
                }
                const auto value = static_cast<uint8_t>(good[offset] ^ change);
                EXPECT_TRUE(WasRefused(fork.DeliverInstead(WithOctet(good, offset, value))))
                    << "MM" << message << " octet " << offset << " changed by " << change;
            }
            fork.Settle();
            EXPECT_TRUE(fork.IsIkeUp()) << offset;
        }
    }
}

// bad input 18, 20
TEST(MainModeProperties, ChangedFlagsOfAnEncryptedMessageNeverEndInHalfAnSa)
{
    for (const size_t message : {5, 6})
    {
        const PeerPair pair = PairAt(message);
        const Octets good = pair.Next().octets;
        for (int change = 1; change <= 255; change++)
        {
            PeerPair fork = pair;
            const auto value = static_cast<uint8_t>(good[FLAGS_OFFSET] ^ change);
            const Effects effects = fork.DeliverInstead(WithOctet(good, FLAGS_OFFSET, value));
            EXPECT_TRUE(WasRefused(effects) || (change & FLAG_ENCRYPTION) == 0) << change;
            fork.Settle();
            EXPECT_TRUE(fork.IsIkeUp()) << change;
        }
    }
}

TEST(MainModeProperties, EveryPlanOfLossesAndDoublesEndsEstablished)
{
    for (const std::vector<Fate>& plan : AllPlans(6))
    {
        PeerPair pair = PairAt(1);
        const size_t deliveries = RunPlan(pair, plan);
        EXPECT_TRUE(pair.IsIkeUp()) << PlanText(plan);
        EXPECT_LE(deliveries, 40u) << PlanText(plan);
        EXPECT_EQ(pair.End(Side::B).engine.HalfOpen(), 0u) << PlanText(plan);
    }
}

// S7
TEST(MainModeProperties, EqualSeedsAndPlansGiveEqualOctets)
{
    const std::vector<Fate> plan = {
        Fate::Lose, Fate::Double, Fate::Lose, Fate::Deliver, Fate::Double, Fate::Lose};
    PeerPair first = PairAt(1);
    PeerPair second = PairAt(1);
    RunPlan(first, plan);
    RunPlan(second, plan);
    ASSERT_EQ(first.Sent().size(), second.Sent().size());
    for (size_t i = 0; i < first.Sent().size(); i++)
    {
        EXPECT_EQ(first.Sent()[i].octets, second.Sent()[i].octets) << i;
    }
    EXPECT_EQ(first.Now(), second.Now());
}

TEST(MainModeProperties, CopyOfAnEngineGoesItsOwnWay)
{
    for (size_t message = 1; message <= 6; message++)
    {
        PeerPair pair = PairAt(message);
        PeerPair fork = pair;
        fork.Settle();
        EXPECT_TRUE(fork.IsIkeUp());
        EXPECT_FALSE(pair.IsIkeUp());
        EXPECT_EQ(pair.InFlight(), 1u);
        pair.Settle();
        ASSERT_EQ(pair.Sent().size(), fork.Sent().size());
        EXPECT_EQ(pair.Sent().back().octets, fork.Sent().back().octets);
    }
}

} // namespace ipsec
} // namespace ns3
