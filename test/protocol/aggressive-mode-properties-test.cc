// SPDX-License-Identifier: GPL-2.0-only
#include "key-holder.h"
#include "message-mutations.h"
#include "test-credentials.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

using Names = std::set<std::string>;

constexpr size_t NEXT_PAYLOAD_OFFSET = 16;
constexpr size_t VERSION_OFFSET = 17;
constexpr size_t FLAGS_OFFSET = 19;

EngineConfig
AggressiveConfig(Side side, const std::string& phase1)
{
    EngineConfig config = SiteConfig(side, phase1);
    config.peers[0].mode = Phase1Mode::Aggressive;
    UseKeys(config, side);
    return config;
}

/// A pair that negotiates phase 1 only, with the message of this number on its way: 1 is AM1.
PeerPair
PairAt(size_t message, const std::string& phase1)
{
    EngineConfig a = AggressiveConfig(Side::A, phase1);
    EngineConfig b = AggressiveConfig(Side::B, phase1);
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

/// Runs with a pre-shared key and with signatures.
class AggressiveModeProperties : public testing::TestWithParam<std::string>
{
  protected:
    const std::string m_phase1 = GetParam();
};

INSTANTIATE_TEST_SUITE_P(EitherMethod,
                         AggressiveModeProperties,
                         testing::Values("pre-g1-aes128-sha", "rsa-g1-aes128-sha"),
                         [](const testing::TestParamInfo<std::string>& info)
                         { return info.param.substr(0, 3); });

} // namespace

// F16
TEST_P(AggressiveModeProperties, EveryTruncationOfEveryMessageIsRefused)
{
    for (size_t message = 1; message <= 3; message++)
    {
        PeerPair pair = PairAt(message, m_phase1);
        ExpectTruncationsRefused(pair);
        pair.Settle();
        EXPECT_TRUE(pair.IsIkeUp()) << "AM" << message;
    }
}

// F14. As in main mode: a changed cookie begins another, unfinished exchange; version, flags and
// vendor IDs are protected by nothing.
TEST(AggressiveModeChanges, OfAm1AreNoticedOutsideWhatNothingProtects)
{
    EXPECT_EQ(UnnoticedRegions(PairAt(1, "pre-g1-aes128-sha")),
              (Names{"initiator cookie", "version", "flags", "VID"}));
}

// F14. CERTREQ is protected by nothing: at worst no certificate comes, which is noticed; the case
// of letters in a name says nothing.
TEST(AggressiveModeChanges, OfAm1WithSignaturesAreNoticedOutsideWhatNothingProtects)
{
    EXPECT_EQ(UnnoticedRegions(PairAt(1, "rsa-g1-aes128-sha"), 1),
              (Names{"initiator cookie", "version", "flags", "VID", "CR"}));
}

// F14. HASH_R covers the initiator's SA payload only, and no NAT-D: a change looks like a NAT.
TEST(AggressiveModeChanges, OfAm2AreNoticedOutsideWhatNothingProtects)
{
    EXPECT_EQ(UnnoticedRegions(PairAt(2, "pre-g1-aes128-sha")),
              (Names{"version", "flags", "SA", "VID", "NAT-D"}));
}

// F14. The signature covers no certificate, but one that was changed is none.
TEST(AggressiveModeChanges, OfAm2WithSignaturesAreNoticedOutsideWhatNothingProtects)
{
    EXPECT_EQ(UnnoticedRegions(PairAt(2, "rsa-g1-aes128-sha"), 1),
              (Names{"version", "flags", "SA", "VID", "NAT-D"}));
}

// Covers P1-24; F14, bad input 26.
TEST(AggressiveModeChanges, OfTheEncryptedAm3AreAllRefusedAndTheGoodCopyCompletes)
{
    for (const char* phase1 : {"pre-g1-des-md5", "pre-g1-aes128-sha"})
    {
        ExpectOctetChangesRefused(PairAt(3, phase1), ISAKMP_HEADER_OCTETS, IsUp);
    }
}

// F14. A certificate that was changed ends the exchange at both ends, and the next one completes;
// every other change is refused and the good copy completes.
TEST(AggressiveModeChanges, OfAm3WithACertificateNeverEndInHalfAnSa)
{
    const PeerPair pair = PairAt(3, "rsa-g1-aes128-sha");
    const Octets good = pair.Next().octets;
    size_t ended = 0;
    for (size_t offset = ISAKMP_HEADER_OCTETS; offset < good.size(); offset++)
    {
        for (const uint8_t change : {0x01, 0x80, 0xff})
        {
            PeerPair fork = pair;
            const auto value = static_cast<uint8_t>(good[offset] ^ change);
            EXPECT_TRUE(WasRefused(fork.DeliverInstead(WithOctet(good, offset, value)))) << offset;
            const bool over = fork.End(Side::B).engine.HalfOpen() == 0;
            ended += over ? 1 : 0;
            fork.Settle();
            EXPECT_TRUE(over ? fork.IsIkeDown() : fork.IsIkeUp()) << offset;
            if (over && offset % 16 == 0)
            {
                fork.Initiate(Side::A);
                fork.Settle();
                EXPECT_TRUE(fork.IsIkeUp()) << offset;
            }
        }
    }
    EXPECT_GT(ended, 0u);
}

// Covers P1-24; bad input 18. The first payload is NAT-D: its type is as free as itself.
TEST_P(AggressiveModeProperties, EveryChangeOfTheHeaderOfAm3IsRefused)
{
    const PeerPair pair = PairAt(3, m_phase1);
    const Octets good = pair.Next().octets;
    PeerPair fork = pair;
    for (size_t offset = 0; offset < ISAKMP_HEADER_OCTETS; offset++)
    {
        for (int change = 1; change <= 255; change++)
        {
            const bool isFree = offset == NEXT_PAYLOAD_OFFSET ||
                                (offset == VERSION_OFFSET && change < 16) ||
                                (offset == FLAGS_OFFSET && (change & FLAG_ENCRYPTION) == 0);
            if (isFree)
            {
                continue; // the minor version says nothing (bad input 15)
            }
            const auto value = static_cast<uint8_t>(good[offset] ^ change);
            EXPECT_TRUE(WasRefused(fork.DeliverInstead(WithOctet(good, offset, value))))
                << "octet " << offset << " changed by " << change;
        }
    }
    fork.Settle();
    EXPECT_TRUE(fork.IsIkeUp());
}

// bad input 18, 20
TEST_P(AggressiveModeProperties, ChangesOfWhatIsFreeInTheHeaderNeverEndInHalfAnSa)
{
    const PeerPair pair = PairAt(3, m_phase1);
    const Octets good = pair.Next().octets;
    for (const size_t offset : {NEXT_PAYLOAD_OFFSET, VERSION_OFFSET, FLAGS_OFFSET})
    {
        for (int change = 1; change <= 255; change++)
        {
            PeerPair fork = pair;
            const auto value = static_cast<uint8_t>(good[offset] ^ change);
            fork.DeliverInstead(WithOctet(good, offset, value));
            fork.Settle();
            EXPECT_TRUE(fork.IsIkeUp()) << "octet " << offset << " changed by " << change;
        }
    }
}

TEST_P(AggressiveModeProperties, EveryPlanOfLossesAndDoublesEndsEstablished)
{
    for (const std::vector<Fate>& plan : AllPlans(3))
    {
        PeerPair pair = PairAt(1, m_phase1);
        const size_t deliveries = RunPlan(pair, plan);
        EXPECT_TRUE(pair.IsIkeUp()) << PlanText(plan);
        EXPECT_LE(deliveries, 12u) << PlanText(plan);
        EXPECT_EQ(pair.End(Side::B).engine.HalfOpen(), 0u) << PlanText(plan);
    }
}

TEST_P(AggressiveModeProperties, TimeoutsBeforeADeadlineChangeNothing)
{
    for (size_t message = 1; message <= 3; message++)
    {
        PeerPair pair = PairAt(message, m_phase1);
        PeerPair often = pair;
        for (const Side side : {Side::A, Side::B})
        {
            const Effects effects = often.Timeout(side);
            EXPECT_TRUE(effects.list.empty()) << message;
            EXPECT_TRUE(effects.work.Items().empty()) << message;
        }
        pair.Settle();
        often.Settle();
        ASSERT_EQ(often.Sent().size(), pair.Sent().size());
        EXPECT_EQ(often.Sent().back().octets, pair.Sent().back().octets);
    }
}

// S7
TEST_P(AggressiveModeProperties, EqualSeedsAndPlansGiveEqualOctets)
{
    const std::vector<Fate> plan = {Fate::Lose, Fate::Double, Fate::Lose};
    PeerPair first = PairAt(1, m_phase1);
    PeerPair second = PairAt(1, m_phase1);
    RunPlan(first, plan);
    RunPlan(second, plan);
    ASSERT_EQ(first.Sent().size(), second.Sent().size());
    for (size_t i = 0; i < first.Sent().size(); i++)
    {
        EXPECT_EQ(first.Sent()[i].octets, second.Sent()[i].octets) << i;
    }
    EXPECT_EQ(first.Now(), second.Now());
}

TEST_P(AggressiveModeProperties, CopyOfAnEngineGoesItsOwnWay)
{
    for (size_t message = 1; message <= 3; message++)
    {
        PeerPair pair = PairAt(message, m_phase1);
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

namespace
{

/// Checks that both ends can send, and send only where the other end listens.
void
ExpectNoBlackHole(const PeerPair& pair)
{
    for (const Side from : {Side::A, Side::B})
    {
        const std::vector<IpsecSa> outbound = pair.Sas(from, SaDirection::Outbound);
        EXPECT_GE(outbound.size(), 1u) << from << " has no SA to send on";
        for (const IpsecSa& sa : outbound)
        {
            EXPECT_EQ(pair.End(Other(from))
                          .sas.count({SaDirection::Inbound, sa.Key().protocol, sa.spi, {}}),
                      1u)
                << from << " sends where nobody listens";
        }
    }
    EXPECT_EQ(pair.Disagreement(), "");
}

} // namespace

// F19: B begins after so many messages of A's negotiation were delivered.
TEST_P(AggressiveModeProperties, NegotiationsThatCrossAnywhereLeaveBothEndsWithATunnel)
{
    for (size_t delivered = 0; delivered <= 6; delivered++)
    {
        SCOPED_TRACE(delivered);
        PeerPair pair(AggressiveConfig(Side::A, m_phase1), AggressiveConfig(Side::B, m_phase1));
        pair.Acquire(Side::A);
        pair.DeliverAll(delivered);
        pair.Acquire(Side::B);
        pair.Settle();
        ExpectNoBlackHole(pair);
        EXPECT_LE(pair.CountSent(ExchangeType::Informational), 8u);
    }
}

// F19: one end begins aggressive mode and the other end main mode. The one that wants main mode
// refuses the other's.
TEST_P(AggressiveModeProperties, CrossesMainModeWithoutHarm)
{
    for (size_t delivered = 0; delivered <= 6; delivered++)
    {
        SCOPED_TRACE(delivered);
        EngineConfig main = AggressiveConfig(Side::B, m_phase1);
        main.peers[0].mode = Phase1Mode::Main;
        PeerPair pair(AggressiveConfig(Side::A, m_phase1), main);
        pair.Acquire(Side::B);
        pair.DeliverAll(delivered);
        pair.Acquire(Side::A);
        pair.Settle();
        ExpectNoBlackHole(pair);
        EXPECT_LE(pair.CountSent(ExchangeType::Informational), 8u);
    }
}

} // namespace ipsec
} // namespace ns3
