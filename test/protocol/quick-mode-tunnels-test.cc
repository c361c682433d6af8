// SPDX-License-Identifier: GPL-2.0-only
#include "key-holder.h"
#include "peer-pair.h"

#include "ns3/crypto-hash.h"
#include "ns3/isakmp-sa-payload.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <set>

namespace ns3
{
namespace ipsec
{

namespace
{

using Kinds = std::vector<PayloadType>;
using std::chrono::hours;
using std::chrono::seconds;

/// Runs with either side starting.
class Tunnels : public testing::TestWithParam<Side>
{
  protected:
    /// Runs phase 1 until QM1 is on its way.
    void
    RunToQm1(PeerPair& pair) const
    {
        pair.Acquire(m_initiator);
        for (int message = 1; message <= 6; message++)
        {
            pair.Deliver();
        }
        ASSERT_TRUE(pair.IsIkeUp());
        ASSERT_EQ(pair.InFlight(), 1u);
        ASSERT_EQ(pair.Next().summary.exchange, ExchangeType::QuickMode);
    }

    const Side m_initiator = GetParam();
    const Side m_responder = Other(m_initiator);
};

INSTANTIATE_TEST_SUITE_P(EitherSideStarts,
                         Tunnels,
                         testing::Values(Side::A, Side::B),
                         testing::PrintToStringParamName());

/// A pair with three tunnels.
PeerPair
PairOfThree()
{
    EngineConfig configs[] = {SiteConfig(Side::A), SiteConfig(Side::B)};
    for (EngineConfig& config : configs)
    {
        for (const uint32_t octet : {1, 2})
        {
            ChildConfig child = config.peers[0].children[0];
            child.name = "lan" + std::to_string(octet);
            child.proxyId.local.address.value += octet << 8;
            child.proxyId.remote.address.value += octet << 8;
            config.peers[0].children.push_back(child);
        }
    }
    return PeerPair(configs[0], configs[1]);
}

/// Returns how the negotiation of the only child failed.
AcquireFailed
FailureOf(const PeerPair& pair, Side initiator)
{
    const std::vector<AcquireFailed> failures = pair.Seen<AcquireFailed>(initiator);
    EXPECT_EQ(failures.size(), 1u);
    return failures.empty() ? AcquireFailed{} : failures[0];
}

} // namespace

// Covers QM-21, P1-26.
TEST_P(Tunnels, SeveralTunnelsShareOneIkeSa)
{
    PeerPair pair = PairOfThree();
    pair.Initiate(m_initiator);
    pair.Settle();
    EXPECT_TRUE(pair.AreTunnelsUp(3));
    EXPECT_TRUE(pair.IsIkeUp());
    EXPECT_EQ(pair.CountSent(ExchangeType::MainMode), 6u);
    EXPECT_EQ(pair.CountSent(ExchangeType::QuickMode), 9u);
    std::set<uint32_t> messageIds;
    for (const Flight& flight : pair.Sent())
    {
        messageIds.insert(flight.summary.messageId);
    }
    EXPECT_EQ(messageIds.size(), 4u);
}

// Covers QM-21.
TEST_P(Tunnels, FailureOfOneTunnelLeavesTheOthersAlone)
{
    EngineConfig a = PairOfThree().End(Side::A).engine.Config();
    EngineConfig b = PairOfThree().End(Side::B).engine.Config();
    b.peers[0].children[1].proposals = ParsePhase2Proposals("nopfs-esp-3des-sha");
    PeerPair pair(a, b);
    pair.Initiate(m_initiator);
    pair.Settle();
    EXPECT_TRUE(pair.AreTunnelsUp(2));
    EXPECT_EQ(FailureOf(pair, m_initiator).child, (ChildId{0, 1}));
}

// Covers QM-21.
TEST_P(Tunnels, TunnelsBeyondTheLimitWaitTheirTurn)
{
    EngineConfig a = PairOfThree().End(Side::A).engine.Config();
    EngineConfig b = PairOfThree().End(Side::B).engine.Config();
    a.peers[0].personality.Edit().maxQuickModes = b.peers[0].personality.Edit().maxQuickModes = 1;
    PeerPair pair(a, b);
    pair.Initiate(m_initiator);
    pair.DeliverAll(6);
    EXPECT_EQ(pair.InFlight(), 1u);
    pair.Settle();
    EXPECT_TRUE(pair.AreTunnelsUp(3));
}

// Covers QM-21.
TEST_P(Tunnels, ResponderCountsWhatIsBeyondItsLimitAndTakesItLater)
{
    EngineConfig a = PairOfThree().End(Side::A).engine.Config();
    EngineConfig b = PairOfThree().End(Side::B).engine.Config();
    (m_responder == Side::A ? a : b).peers[0].personality.Edit().maxQuickModes = 1;
    PeerPair pair(a, b);
    pair.Initiate(m_initiator);
    pair.DeliverAll(6);

    // three QM1 -->
    ASSERT_EQ(pair.InFlight(), 3u);
    pair.DeliverAll(3);
    EXPECT_EQ(pair.Drops(m_responder, Fault::TooManyExchanges), 2u);
    pair.Settle();
    EXPECT_TRUE(pair.AreTunnelsUp(3));
    EXPECT_EQ(pair.Seen<AcquireFailed>(m_initiator).size(), 0u);
}

// Covers QM-21. F20
TEST_P(Tunnels, CrossingQuickModesForDifferentTunnelsDoNotDisturbEachOther)
{
    PeerPair pair = PairOfThree();
    pair.Acquire(m_initiator, 0);
    pair.Settle();
    ASSERT_TRUE(pair.AreTunnelsUp());
    pair.Acquire(m_initiator, 1);
    pair.Acquire(m_responder, 2);
    ASSERT_EQ(pair.InFlight(), 2u);
    EXPECT_EQ(pair.DeliverAll(), 6u);
    EXPECT_TRUE(pair.AreTunnelsUp(3));
    EXPECT_EQ(pair.CountSent(ExchangeType::MainMode), 6u);
    EXPECT_EQ(pair.Drops(Side::A) + pair.Drops(Side::B), 0u);
}

// Covers QM-21.
TEST_P(Tunnels, OneAfterTheOtherUsesTheSameIkeSa)
{
    PeerPair pair = PairOfThree();
    for (const uint32_t child : {2, 0, 1})
    {
        pair.Acquire(child == 0 ? m_responder : m_initiator, child);
        pair.Settle();
    }
    EXPECT_TRUE(pair.AreTunnelsUp(3));
    EXPECT_TRUE(pair.IsIkeUp());
    EXPECT_EQ(pair.Sent().size(), 6u + 3 * 3);
}

// Covers P1-26, QM-01.
TEST_P(Tunnels, ResponderOfPhase1MayStartOverTheSameIkeSa)
{
    PeerPair pair = PairOfThree();
    pair.Acquire(m_initiator, 0);
    pair.Settle();
    ASSERT_TRUE(pair.AreTunnelsUp());
    pair.Acquire(m_responder, 1);

    // <-- QM1
    ASSERT_EQ(pair.InFlight(), 1u);
    EXPECT_EQ(pair.Next().from, m_responder);
    EXPECT_EQ(pair.Next().summary.exchange, ExchangeType::QuickMode);
    pair.Settle();
    EXPECT_TRUE(pair.AreTunnelsUp(2));
    EXPECT_EQ(pair.CountSent(ExchangeType::MainMode), 6u);
}

// Covers PO-01.
TEST_P(Tunnels, TrafficDuringOrAfterNegotiationStartsNothingNew)
{
    PeerPair pair;
    pair.Acquire(m_initiator);
    pair.Acquire(m_initiator);
    EXPECT_EQ(pair.InFlight(), 1u);
    RunToQm1(pair);
    pair.Acquire(m_initiator);
    EXPECT_EQ(pair.InFlight(), 1u);
    pair.Settle();
    EXPECT_TRUE(pair.AreTunnelsUp());
    pair.Acquire(m_initiator);
    EXPECT_EQ(pair.InFlight(), 0u);
}

TEST_P(Tunnels, SoftExpiryNegotiatesASuccessorWithOtherKeys)
{
    PeerPair pair;
    pair.Acquire(m_initiator);
    pair.Settle();
    ASSERT_TRUE(pair.AreTunnelsUp());
    const IpsecSa old = pair.Sas(m_initiator, SaDirection::Inbound)[0];
    pair.Advance(old.lifetime.soft);
    pair.SoftExpiry(m_initiator, old.Key());

    // QM1 -->, <-- QM2, QM3 -->
    EXPECT_EQ(pair.DeliverAll(), 3u);
    EXPECT_TRUE(pair.AreTunnelsUp(2));
    const std::vector<IpsecSa> sas = pair.Sas(m_initiator, SaDirection::Inbound);
    ASSERT_EQ(sas.size(), 2u);
    EXPECT_NE(sas[0].spi, sas[1].spi);
    EXPECT_NE(sas[0].cipherKey.View(), sas[1].cipherKey.View());
    EXPECT_EQ(pair.CountSent(ExchangeType::MainMode), 6u);
}

TEST_P(Tunnels, HardExpiryTellsThePeerWhichForgetsItsEnd)
{
    PeerPair pair;
    pair.Acquire(m_initiator);
    pair.Settle();
    ASSERT_TRUE(pair.AreTunnelsUp());
    const IpsecSa in = pair.Sas(m_initiator, SaDirection::Inbound)[0];
    pair.HardExpiry(m_initiator, in.Key());

    // HASH D -->
    ASSERT_EQ(pair.InFlight(), 1u);
    EXPECT_EQ(PayloadKinds(pair.Next().summary), (Kinds{PayloadType::Hash, PayloadType::Delete}));
    pair.Deliver();
    for (const IpsecSa& out : pair.Sas(m_responder, SaDirection::Outbound))
    {
        EXPECT_NE(out.spi, in.spi);
    }
}

TEST_P(Tunnels, TerminateRemovesEverySaAtBothEnds)
{
    PeerPair pair = PairOfThree();
    pair.Initiate(m_initiator);
    pair.Settle();
    ASSERT_TRUE(pair.AreTunnelsUp(3));
    pair.Terminate(m_initiator);
    pair.Settle();
    EXPECT_TRUE(pair.End(Side::A).sas.empty());
    EXPECT_TRUE(pair.End(Side::B).sas.empty());
    EXPECT_TRUE(pair.IsIkeDown());
}

TEST_P(Tunnels, TunnelComesUpAgainAfterTerminate)
{
    PeerPair pair;
    pair.Initiate(m_initiator);
    pair.Settle();
    pair.Terminate(m_responder);
    pair.Settle();
    ASSERT_TRUE(pair.IsIkeDown());
    pair.Initiate(m_initiator);
    pair.Settle();
    EXPECT_TRUE(pair.AreTunnelsUp());
    EXPECT_TRUE(pair.IsIkeUp());
}

} // namespace ipsec
} // namespace ns3
