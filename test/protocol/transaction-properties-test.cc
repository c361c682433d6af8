// SPDX-License-Identifier: GPL-2.0-only
#include "message-mutations.h"
#include "remote-access.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr size_t VERSION_OFFSET = 17;
constexpr size_t FLAGS_OFFSET = 19;

/// What is negotiated between the phases; both ends take both roles.
struct Setup
{
    const char* name;
    Side client;
    bool hasXauth;
    std::optional<ConfigWay> way;
    /// Transaction messages until quick mode.
    size_t messages;
};

constexpr std::array<Setup, 6> SETUPS = {{
    {"XauthInitiator", Side::A, true, std::nullopt, 4},
    {"XauthResponder", Side::B, true, std::nullopt, 4},
    {"PullInitiator", Side::A, false, ConfigWay::Pull, 2},
    {"PullResponder", Side::B, false, ConfigWay::Pull, 2},
    {"PushInitiator", Side::A, false, ConfigWay::Push, 2},
    {"PushResponder", Side::B, false, ConfigWay::Push, 2},
}};

class TransactionProperties : public testing::TestWithParam<Setup>
{
};

INSTANTIATE_TEST_SUITE_P(AllRoles,
                         TransactionProperties,
                         testing::ValuesIn(SETUPS),
                         [](const auto& info) { return info.param.name; });

PeerPair
Begin(const Setup& setup, const char* phase1 = "pre-g1-des-md5")
{
    BothConfigs configs = setup.hasXauth ? XauthConfigs(setup.client)
                                         : BothConfigs{SiteConfig(Side::A), SiteConfig(Side::B)};
    if (setup.way)
    {
        AddModeConfig(configs, setup.client, *setup.way);
    }
    for (const Side side : {Side::A, Side::B})
    {
        configs.Of(side).proposals = ParsePhase1Proposals(phase1);
        configs.Of(side).personality.Edit().repeatConfigSet = true;
    }
    return AfterPhase1(configs);
}

/// A pair with the transaction message of this number on its way: 1 is the first.
PeerPair
PairAt(const Setup& setup, size_t message, const char* phase1 = "pre-g1-des-md5")
{
    PeerPair pair = Begin(setup, phase1);
    pair.DeliverAll(message - 1);
    EXPECT_EQ(pair.Next().summary.exchange, ExchangeType::Transaction);
    return pair;
}

bool
IsUp(const PeerPair& pair)
{
    return pair.IsIkeUp() && pair.AreTunnelsUp();
}

} // namespace

// F16
TEST_P(TransactionProperties, EveryTruncationOfEveryMessageIsRefused)
{
    for (size_t message = 1; message <= GetParam().messages; message++)
    {
        PeerPair pair = PairAt(GetParam(), message);
        ExpectTruncationsRefused(pair);
        pair.Settle();
        EXPECT_TRUE(IsUp(pair)) << message;
    }
}

// F14, bad input 26
TEST_P(TransactionProperties, EveryChangeIsRefusedAndTheGoodCopyCompletes)
{
    for (size_t message = 1; message <= GetParam().messages; message++)
    {
        ExpectOctetChangesRefused(PairAt(GetParam(), message), ISAKMP_HEADER_OCTETS, IsUp);
    }
}

// F14
TEST_P(TransactionProperties, EveryBitFlipUnderAesIsRefused)
{
    for (size_t message = 1; message <= GetParam().messages; message++)
    {
        PeerPair pair = PairAt(GetParam(), message, "pre-g1-aes128-sha");
        const Octets good = pair.Next().octets;
        for (size_t offset = ISAKMP_HEADER_OCTETS; offset < good.size(); offset++)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                const auto value = static_cast<uint8_t>(good[offset] ^ (1 << bit));
                EXPECT_TRUE(WasRefused(pair.DeliverInstead(WithOctet(good, offset, value))))
                    << "message " << message << " octet " << offset;
            }
        }
        pair.Settle();
        EXPECT_TRUE(IsUp(pair));
    }
}

// The header's version and flags are not covered by any HASH.
TEST_P(TransactionProperties, EveryChangeOfTheHeaderIsRefusedButMinorVersionAndFlags)
{
    for (size_t message = 1; message <= GetParam().messages; message++)
    {
        const PeerPair pair = PairAt(GetParam(), message);
        const Octets good = pair.Next().octets;
        for (size_t offset = 0; offset < ISAKMP_HEADER_OCTETS; offset++)
        {
            PeerPair fork = pair;
            for (int change = 1; change <= 255; change++)
            {
                if ((offset == VERSION_OFFSET && change < 16) || offset == FLAGS_OFFSET)
                {
                    continue;
                }
                const auto value = static_cast<uint8_t>(good[offset] ^ change);
                EXPECT_TRUE(WasRefused(fork.DeliverInstead(WithOctet(good, offset, value))))
                    << "message " << message << " octet " << offset << " changed by " << change;
            }
            fork.Settle();
            EXPECT_TRUE(IsUp(fork)) << "message " << message << " octet " << offset;
        }
    }
}

// bad input 18, 20, 21
TEST_P(TransactionProperties, ChangedFlagsNeverEndInHalfATunnel)
{
    for (size_t message = 1; message <= GetParam().messages; message++)
    {
        const PeerPair pair = PairAt(GetParam(), message);
        const Octets good = pair.Next().octets;
        for (int change = 1; change <= 255; change++)
        {
            PeerPair fork = pair;
            const auto value = static_cast<uint8_t>(good[FLAGS_OFFSET] ^ change);
            const Effects effects = fork.DeliverInstead(WithOctet(good, FLAGS_OFFSET, value));
            EXPECT_TRUE(WasRefused(effects) || (change & FLAG_ENCRYPTION) == 0) << change;
            fork.Settle();
            EXPECT_TRUE(IsUp(fork)) << "message " << message << " flags changed by " << change;
        }
    }
}

// Covers MC-04.
TEST_P(TransactionProperties, EveryPlanOfLossesAndDoublesEndsEstablished)
{
    const size_t messages = GetParam().messages + 1; // and the first of quick mode
    const PeerPair start = Begin(GetParam());
    for (const std::vector<Fate>& plan : AllPlans(messages))
    {
        PeerPair pair = start;
        const size_t deliveries = RunPlan(pair, plan);
        EXPECT_TRUE(IsUp(pair)) << PlanText(plan);
        EXPECT_LE(deliveries, 30u) << PlanText(plan);
        EXPECT_EQ(pair.Disagreement(), "") << PlanText(plan);
    }
}

TEST(TransactionPlans, XauthWithPullEndsEstablishedWhateverIsLostOrDoubled)
{
    const PeerPair start = Begin({"", Side::A, true, ConfigWay::Pull, 6});
    for (const std::vector<Fate>& plan : AllPlans(6))
    {
        PeerPair pair = start;
        const size_t deliveries = RunPlan(pair, plan);
        EXPECT_TRUE(IsUp(pair)) << PlanText(plan);
        EXPECT_LE(deliveries, 40u) << PlanText(plan);
    }
}

// The SET that is not repeated: what is not lost succeeds, what is lost leaves nothing behind.
TEST(TransactionPlans, PushWithoutRepetitionEitherSucceedsOrLeavesNothing)
{
    for (const Side client : {Side::A, Side::B})
    {
        const PeerPair start = AfterPhase1(ModeConfigs(client, ConfigWay::Push));
        for (const std::vector<Fate>& plan : AllPlans(2))
        {
            PeerPair pair = start;
            RunPlan(pair, plan);
            // A network that doubles the SET has it acknowledged twice.
            const bool isLost =
                plan[0] == Fate::Lose || (plan[0] == Fate::Deliver && plan[1] == Fate::Lose);
            EXPECT_EQ(IsUp(pair), !isLost) << PlanText(plan);
            EXPECT_EQ(pair.IsIkeDown() && pair.AreTunnelsUp(0), isLost) << PlanText(plan);
        }
    }
}

TEST_P(TransactionProperties, TimeoutBeforeTheDeadlineChangesNothing)
{
    for (size_t message = 1; message <= GetParam().messages; message++)
    {
        PeerPair pair = PairAt(GetParam(), message);
        for (const Side side : {Side::A, Side::B})
        {
            EXPECT_TRUE(pair.Timeout(side).list.empty());
        }
    }
}

TEST_P(TransactionProperties, CopyOfAnEngineGoesItsOwnWay)
{
    for (size_t message = 1; message <= GetParam().messages; message++)
    {
        PeerPair pair = PairAt(GetParam(), message);
        PeerPair fork = pair;
        fork.Settle();
        EXPECT_TRUE(IsUp(fork));
        EXPECT_FALSE(pair.AreTunnelsUp());
        pair.Settle();
        ASSERT_EQ(pair.Sent().size(), fork.Sent().size());
        EXPECT_EQ(pair.Sent().back().octets, fork.Sent().back().octets);
    }
}

// The header is not covered: what was said in one exchange is nothing in another.
TEST_P(TransactionProperties, MessageUnderAnotherExchangeTypeIsRefused)
{
    constexpr size_t EXCHANGE_OFFSET = 18;
    const PeerPair pair = PairAt(GetParam(), 1);
    for (const ExchangeType other : {ExchangeType::QuickMode, ExchangeType::Informational})
    {
        PeerPair fork = pair;
        const Octets changed =
            WithOctet(fork.Next().octets, EXCHANGE_OFFSET, static_cast<uint8_t>(other));
        EXPECT_TRUE(WasRefused(fork.DeliverInstead(changed)));
        fork.Settle();
        EXPECT_TRUE(IsUp(fork));
    }
}

// bad input 24: only a byte-identical copy is the same message
TEST_P(TransactionProperties, MessageIdOfAFinishedTransactionIsNotUsedAgain)
{
    PeerPair pair = PairAt(GetParam(), 1);
    const Octets first = pair.Next().octets;
    const Side to = Other(pair.Next().from);
    const KeyHolder keys(pair);
    const Octets other = TransactionMessage(
        keys, ParseIsakmpHeader(first)->messageId, {ConfigMessage::Request, 3, {}});
    pair.Settle();
    ASSERT_TRUE(IsUp(pair));
    EXPECT_TRUE(WasRefused(pair.Inject(to, other)));
    EXPECT_TRUE(WasRefused(pair.Inject(to, first)));
    EXPECT_TRUE(IsUp(pair));
}

} // namespace ipsec
} // namespace ns3
