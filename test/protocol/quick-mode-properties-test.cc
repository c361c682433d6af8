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

constexpr size_t VERSION_OFFSET = 17;
constexpr size_t FLAGS_OFFSET = 19;

/// A pair with the quick mode message of this number on its way: 1 is QM1.
PeerPair
PairAt(size_t message,
       const std::string& phase1 = "pre-g1-des-md5",
       const std::string& phase2 = "nopfs-esp-des-md5")
{
    PeerPair pair(phase1, phase2);
    pair.Acquire(Side::A);
    pair.DeliverAll(6 + message - 1);
    EXPECT_EQ(pair.InFlight(), 1u);
    return pair;
}

bool
IsUp(const PeerPair& pair)
{
    return pair.IsIkeUp() && pair.AreTunnelsUp();
}

bool
IsBundleUp(const PeerPair& pair)
{
    return pair.IsIkeUp() && pair.AreTunnelsUp(2);
}

/// Negotiations beyond ESP in CBC, each with the test that says whether it is up.
struct Kind
{
    const char* phase2;
    ExtendedSequence sequence;
    bool (*isUp)(const PeerPair&);
};

constexpr Kind KINDS[] = {
    {"nopfs-ah-md5", ExtendedSequence::Off, IsUp},
    {"nopfs-esp-aes128gcm", ExtendedSequence::Off, IsUp},
    {"nopfs-esp-des-md5", ExtendedSequence::Prefer, IsUp},
    {"g1-ah-md5+esp-3des-sha g1-esp-des-md5", ExtendedSequence::Off, IsBundleUp},
    {"nopfs-ah-md5+esp-3des-sha", ExtendedSequence::Off, IsBundleUp},
    {"nopfs-ah-sha256+esp-aes256gcm", ExtendedSequence::Require, IsBundleUp},
};

/// A pair of one kind with the quick mode message of this number on its way.
PeerPair
PairAt(size_t message, const Kind& kind)
{
    EngineConfig configs[] = {SiteConfig(Side::A, "pre-g1-des-md5", kind.phase2),
                              SiteConfig(Side::B, "pre-g1-des-md5", kind.phase2)};
    for (EngineConfig& config : configs)
    {
        config.peers[0].children[0].extendedSequence = kind.sequence;
    }
    PeerPair pair(configs[0], configs[1]);
    pair.Acquire(Side::A);
    pair.DeliverAll(6 + message - 1);
    EXPECT_EQ(pair.InFlight(), 1u);
    return pair;
}

} // namespace

// F16
TEST(QuickModeProperties, EveryTruncationOfEveryMessageIsRefused)
{
    for (size_t message = 1; message <= 3; message++)
    {
        PeerPair pair = PairAt(message);
        ExpectTruncationsRefused(pair);
        pair.Settle();
        EXPECT_TRUE(IsUp(pair)) << "QM" << message;
    }
}

// Covers P1-24; F14, bad input 26.
TEST(QuickModeProperties, EveryChangeIsRefusedAndTheGoodCopyCompletes)
{
    for (size_t message = 1; message <= 3; message++)
    {
        ExpectOctetChangesRefused(PairAt(message), ISAKMP_HEADER_OCTETS, IsUp);
        ExpectOctetChangesRefused(PairAt(message, "pre-g1-aes128-sha"), ISAKMP_HEADER_OCTETS, IsUp);
    }
}

// F14
TEST(QuickModeProperties, EveryChangeOfAMessageWithPfsIsRefused)
{
    for (size_t message = 1; message <= 2; message++)
    {
        const PeerPair pair = PairAt(message, "pre-g1-des-md5", "g1-esp-des-md5");
        const Octets good = pair.Next().octets;
        PeerPair fork = pair;
        for (size_t offset = ISAKMP_HEADER_OCTETS; offset < good.size(); offset++)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                const auto value = static_cast<uint8_t>(good[offset] ^ (1 << bit));
                EXPECT_TRUE(WasRefused(fork.DeliverInstead(WithOctet(good, offset, value))))
                    << "QM" << message << " octet " << offset;
            }
        }
        fork.Settle();
        EXPECT_TRUE(IsUp(fork));
    }
}

// Covers P1-24. The header's version and flags are not covered by any HASH.
TEST(QuickModeProperties, EveryChangeOfTheHeaderIsRefusedButMinorVersionAndFlags)
{
    for (size_t message = 1; message <= 3; message++)
    {
        const PeerPair pair = PairAt(message);
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
                    << "QM" << message << " octet " << offset << " changed by " << change;
            }
            fork.Settle();
            EXPECT_TRUE(IsUp(fork)) << "QM" << message << " octet " << offset;
        }
    }
}

// bad input 18, 20, 21
TEST(QuickModeProperties, ChangedFlagsNeverEndInHalfATunnel)
{
    for (size_t message = 1; message <= 3; message++)
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
            EXPECT_TRUE(IsUp(fork)) << "QM" << message << " flags changed by " << change;
        }
    }
}

TEST(QuickModeProperties, EveryPlanOfLossesAndDoublesEndsEstablished)
{
    for (const char* phase2 : {"nopfs-esp-des-md5", "g1-esp-des-md5"})
    {
        const PeerPair start = PairAt(1, "pre-g1-des-md5", phase2);
        for (const std::vector<Fate>& plan : AllPlans(3))
        {
            PeerPair pair = start;
            const size_t deliveries = RunPlan(pair, plan);
            EXPECT_TRUE(IsUp(pair)) << PlanText(plan);
            EXPECT_LE(deliveries, 14u) << PlanText(plan);
        }
    }
}

// F16
TEST(QuickModeProperties, EveryTruncationOfEveryKindIsRefused)
{
    for (const Kind& kind : KINDS)
    {
        for (size_t message = 1; message <= 3; message++)
        {
            PeerPair pair = PairAt(message, kind);
            ExpectTruncationsRefused(pair);
            pair.Settle();
            EXPECT_TRUE(kind.isUp(pair)) << kind.phase2 << " QM" << message;
        }
    }
}

// F14
TEST(QuickModeProperties, EveryFlippedBitOfEveryKindIsRefused)
{
    for (const Kind& kind : KINDS)
    {
        for (size_t message = 1; message <= 3; message++)
        {
            PeerPair pair = PairAt(message, kind);
            const Octets good = pair.Next().octets;
            for (size_t offset = ISAKMP_HEADER_OCTETS; offset < good.size(); offset++)
            {
                const auto value = static_cast<uint8_t>(good[offset] ^ (1 << (offset % 8)));
                EXPECT_TRUE(WasRefused(pair.DeliverInstead(WithOctet(good, offset, value))))
                    << kind.phase2 << " QM" << message << " octet " << offset;
            }
            pair.Settle();
            EXPECT_TRUE(kind.isUp(pair)) << kind.phase2 << " QM" << message;
        }
    }
}

TEST(QuickModeProperties, EveryPlanOfEveryKindEndsEstablished)
{
    for (const Kind& kind : KINDS)
    {
        const PeerPair start = PairAt(1, kind);
        for (const std::vector<Fate>& plan : AllPlans(3))
        {
            PeerPair pair = start;
            const size_t deliveries = RunPlan(pair, plan);
            EXPECT_TRUE(kind.isUp(pair)) << kind.phase2 << " " << PlanText(plan);
            EXPECT_LE(deliveries, 14u) << kind.phase2 << " " << PlanText(plan);
        }
    }
}

TEST(QuickModeProperties, EveryPlanForTwoTunnelsAtOnceEndsEstablished)
{
    EngineConfig configs[] = {SiteConfig(Side::A), SiteConfig(Side::B)};
    for (EngineConfig& config : configs)
    {
        ChildConfig child = config.peers[0].children[0];
        child.name = "second";
        child.proxyId.local.address.value += 256;
        child.proxyId.remote.address.value += 256;
        config.peers[0].children.push_back(child);
    }
    PeerPair start(configs[0], configs[1]);
    start.Initiate(Side::A);
    start.DeliverAll(6);
    ASSERT_EQ(start.InFlight(), 2u);
    for (const std::vector<Fate>& plan : AllPlans(6))
    {
        PeerPair pair = start;
        const size_t deliveries = RunPlan(pair, plan);
        EXPECT_TRUE(pair.AreTunnelsUp(2)) << PlanText(plan);
        EXPECT_LE(deliveries, 28u) << PlanText(plan);
    }
}

// bad input 24: only a byte-identical copy is the same message
TEST(QuickModeProperties, MessageIdReusedWithOtherContentIsRefused)
{
    PeerPair pair = PairAt(1);
    const Octets qm1 = pair.Next().octets;
    const KeyHolder holder(pair);
    const uint32_t messageId = ParseIsakmpHeader(qm1)->messageId;
    const Octets other = holder.Rehashed(qm1,
                                         holder.FirstIv(messageId),
                                         {},
                                         [](std::vector<RawPayload>& payloads)
                                         { PayloadOf(payloads, PayloadType::Nonce).body[0] ^= 1; });
    pair.Deliver();
    EXPECT_TRUE(WasRefused(pair.Inject(Side::B, other)));
    pair.Settle();
    EXPECT_TRUE(IsUp(pair));
    EXPECT_TRUE(WasRefused(pair.Inject(Side::B, other)));
    EXPECT_TRUE(IsUp(pair));
}

} // namespace ipsec
} // namespace ns3
