// SPDX-License-Identifier: GPL-2.0-only
#include "peer-pair.h"

#include <algorithm>
#include <gtest/gtest.h>

// How SAs end in good order: the other end hears of it before it sends where nobody listens.

namespace ns3
{
namespace ipsec
{

namespace
{

using Kinds = std::vector<PayloadType>;
using std::chrono::seconds;

/// Messages of main mode.
constexpr size_t MAIN_MODE = 6;

const Duration RETIREMENT_DELAY = Personality().retirementDelay;

/// Runs with either side starting.
class RetirementOrder : public testing::TestWithParam<Side>
{
  protected:
    /// A tunnel whose SAs have been renewed at this moment.
    PeerPair
    RenewedPair(const Personality& personality = {}) const
    {
        EngineConfig configs[] = {SiteConfig(Side::A), SiteConfig(Side::B)};
        for (EngineConfig& config : configs)
        {
            config.peers[0].personality = personality;
        }
        PeerPair pair(configs[0], configs[1]);
        pair.Acquire(m_initiator);
        pair.Settle();
        pair.Advance(seconds(3240));
        pair.Timeout(Side::A);
        pair.Timeout(Side::B);
        pair.SoftExpiry(m_initiator, pair.Sas(m_initiator, SaDirection::Outbound).at(0).Key());
        pair.DeliverAll();
        EXPECT_TRUE(pair.AreTunnelsUp(2));
        return pair;
    }

    /// Runs until nothing happens @p within that time while everything that the initiator says of
    /// quick mode gets lost.
    void
    RunWithoutQm3(PeerPair& pair, Duration within = std::chrono::minutes(10)) const
    {
        for (int step = 0; step < 100; step++)
        {
            if (pair.InFlight() == 0)
            {
                if (!pair.AdvanceToDeadline(within))
                {
                    return;
                }
                continue;
            }
            const Flight& next = pair.Next();
            if (next.from == m_initiator && next.summary.exchange == ExchangeType::QuickMode)
            {
                pair.Lose();
                continue;
            }
            pair.Deliver();
        }
    }

    const Side m_initiator = GetParam();
    const Side m_responder = Other(m_initiator);
};

INSTANTIATE_TEST_SUITE_P(EitherSideStarts,
                         RetirementOrder,
                         testing::Values(Side::A, Side::B),
                         testing::PrintToStringParamName());

/// Both ends with IKE SAs that live so long.
PeerPair
PairWithIkeLifetime(Duration lifetime)
{
    EngineConfig configs[] = {SiteConfig(Side::A), SiteConfig(Side::B)};
    for (EngineConfig& config : configs)
    {
        config.peers[0].lifetime = lifetime;
    }
    return PeerPair(configs[0], configs[1]);
}

/// The same with two tunnels.
PeerPair
PairOfTwo(Duration lifetime)
{
    EngineConfig configs[] = {SiteConfig(Side::A), SiteConfig(Side::B)};
    for (EngineConfig& config : configs)
    {
        config.peers[0].lifetime = lifetime;
        ChildConfig second = config.peers[0].children[0];
        second.name = "lan2";
        second.proxyId.local.address.value += 2 << 8;
        second.proxyId.remote.address.value += 2 << 8;
        config.peers[0].children.push_back(second);
    }
    return PeerPair(configs[0], configs[1]);
}

} // namespace

TEST_P(RetirementOrder, RenewedPairStaysForWhatIsStillUnderWay)
{
    PeerPair pair = RenewedPair();
    pair.Advance(RETIREMENT_DELAY - seconds(1));
    pair.Timeout(m_initiator);
    EXPECT_EQ(pair.InFlight(), 0u);
    EXPECT_TRUE(pair.AreTunnelsUp(2));
}

TEST_P(RetirementOrder, RenewedPairIsDeletedWhenItsSuccessorIsInUse)
{
    PeerPair pair = RenewedPair();
    const IpsecSa newer = pair.Seen<InstallSa>(m_initiator).back().sa;
    pair.Advance(RETIREMENT_DELAY);
    pair.Timeout(m_initiator);

    // HASH D -->
    ASSERT_EQ(pair.InFlight(), 1u);
    EXPECT_EQ(PayloadKinds(pair.Next().summary), (Kinds{PayloadType::Hash, PayloadType::Delete}));
    pair.Deliver();
    EXPECT_EQ(pair.InFlight(), 0u);
    ASSERT_EQ(pair.Sas(m_initiator, SaDirection::Outbound).size(), 1u);
    EXPECT_EQ(pair.Sas(m_initiator, SaDirection::Outbound).at(0).spi, newer.spi);
    // What the responder sent before it heard of it is still received.
    EXPECT_EQ(pair.Sas(m_initiator, SaDirection::Inbound).size(), 2u);
    pair.Advance(Personality().graceTime);
    pair.Timeout(m_initiator);
    EXPECT_EQ(pair.InFlight(), 0u);
    EXPECT_TRUE(pair.AreTunnelsUp(1));
}

// Huawei: at once if traffic flows on the new one, else a little later.
TEST_P(RetirementOrder, OldPairGoesWithTheFirstPacketOnTheNewOne)
{
    Personality personality;
    personality.retirement = Retirement::OnTraffic;
    personality.retirementDelay = seconds(10);
    PeerPair pair = RenewedPair(personality);
    const auto outbound = [&] { return pair.Sas(m_initiator, SaDirection::Outbound).size(); };
    pair.Advance(seconds(3));
    pair.Timeout(m_initiator);
    EXPECT_EQ(outbound(), 2u) << "nothing came yet";
    pair.Carry(m_responder);
    pair.Advance(seconds(1));
    pair.Timeout(m_initiator);
    EXPECT_EQ(outbound(), 1u);
}

TEST_P(RetirementOrder, OldPairGoesWithoutTrafficAfterTheDelay)
{
    Personality personality;
    personality.retirement = Retirement::OnTraffic;
    personality.retirementDelay = seconds(10);
    PeerPair pair = RenewedPair(personality);
    const Instant start = pair.Now();
    while (pair.Sas(m_initiator, SaDirection::Outbound).size() == 2)
    {
        ASSERT_TRUE(pair.AdvanceToDeadline(seconds(20)));
    }
    EXPECT_EQ(pair.Now() - start, seconds(10));
}

TEST_P(RetirementOrder, OldPairStaysToItsEndIfThePersonalitySaysSo)
{
    Personality personality;
    personality.retirement = Retirement::AtExpiry;
    PeerPair pair = RenewedPair(personality);
    pair.Settle();
    EXPECT_TRUE(pair.AreTunnelsUp(2));
}

TEST_P(RetirementOrder, OlderPairStaysIfItsSuccessorIsGoneAgain)
{
    PeerPair pair = RenewedPair();
    // The responder's last SA is the outbound one of the new pair.
    const IpsecSa newest = pair.Seen<InstallSa>(m_responder).back().sa;
    pair.HardExpiry(m_responder, newest.Key());
    pair.DeliverAll();
    ASSERT_TRUE(pair.AreTunnelsUp(1));
    pair.Advance(RETIREMENT_DELAY);
    pair.Timeout(m_initiator);
    pair.DeliverAll();
    EXPECT_TRUE(pair.AreTunnelsUp(1));
}

TEST_P(RetirementOrder, RenewedPairEndsBecauseItWasReplaced)
{
    PeerPair pair = RenewedPair();
    pair.Advance(RETIREMENT_DELAY);
    pair.Timeout(m_initiator);
    pair.Advance(Personality().graceTime);
    pair.Timeout(m_initiator);
    const std::vector<RemoveSa> removed = pair.Seen<RemoveSa>(m_initiator);
    ASSERT_EQ(removed.size(), 2u);
    EXPECT_EQ(removed[0].reason, Fault::Replaced);
    EXPECT_EQ(removed[1].reason, Fault::Replaced);
}

TEST_P(RetirementOrder, ResponderOfTheRenewalRetiresNothingByItself)
{
    PeerPair pair = RenewedPair();
    pair.Advance(RETIREMENT_DELAY);
    pair.Timeout(m_responder);
    EXPECT_EQ(pair.InFlight(), 0u);
    EXPECT_EQ(pair.Sas(m_responder, SaDirection::Inbound).size(), 2u);
}

TEST_P(RetirementOrder, FirstPairOfATunnelIsNotRetired)
{
    PeerPair pair;
    pair.Acquire(m_initiator);
    pair.DeliverAll();
    pair.Advance(RETIREMENT_DELAY);
    pair.Timeout(m_initiator);
    EXPECT_EQ(pair.InFlight(), 0u);
    EXPECT_TRUE(pair.AreTunnelsUp());
}

// F3
TEST_P(RetirementOrder, ResponderThatGivesUpQm3TellsTheInitiator)
{
    PeerPair pair;
    pair.Acquire(m_initiator);
    pair.DeliverAll(MAIN_MODE + 2);
    RunWithoutQm3(pair);
    EXPECT_TRUE(pair.End(m_responder).sas.empty());
    EXPECT_TRUE(pair.End(m_initiator).sas.empty());
}

// F3: the IKE SA under which QM3 should come ends, and there is another one to say so over.
TEST_P(RetirementOrder, IkeSaThatExpiresBeforeQm3LeavesNoHalfPair)
{
    PeerPair pair = PairOfTwo(seconds(30));
    pair.Acquire(m_initiator, 0);
    pair.DeliverAll(MAIN_MODE + 2);
    RunWithoutQm3(pair, seconds(9));
    ASSERT_EQ(pair.Sas(m_responder, SaDirection::Inbound).size(), 1u);
    pair.Advance(Instant(seconds(26)) - pair.Now());
    pair.Acquire(m_initiator, 1);
    EXPECT_EQ(pair.DeliverAll(), MAIN_MODE + 3);

    pair.Advance(seconds(4));
    pair.Timeout(m_initiator);
    pair.DeliverAll();
    for (const Side side : {m_initiator, m_responder})
    {
        EXPECT_EQ(pair.End(side).sas.size(), 2u);
        EXPECT_EQ(pair.Sas(side, SaDirection::Inbound).at(0).child.child, 1u);
    }
}

// F3: the same without another one. The initiator's is younger, for MM6 had to be repeated.
TEST_P(RetirementOrder, OnlyIkeSaThatExpiresBeforeQm3TakesTheHalfPairAlong)
{
    PeerPair pair = PairWithIkeLifetime(seconds(30));
    pair.Acquire(m_initiator);
    pair.DeliverAll(MAIN_MODE - 1);
    pair.Lose();
    ASSERT_TRUE(pair.AdvanceToDeadline());
    // MM5 --> <-- MM6, QM1 --> <-- QM2
    pair.DeliverAll(4);
    ASSERT_EQ(pair.Sas(m_initiator, SaDirection::Outbound).size(), 1u);
    RunWithoutQm3(pair);
    EXPECT_TRUE(pair.End(m_responder).sas.empty());
    EXPECT_TRUE(pair.End(m_initiator).sas.empty());
}

TEST_P(RetirementOrder, TerminateSaysEverythingInOneMessage)
{
    PeerPair pair;
    pair.Acquire(m_initiator);
    pair.DeliverAll();
    pair.Terminate(m_initiator);

    // HASH D(ISAKMP) D(ESP) -->
    ASSERT_EQ(pair.InFlight(), 1u);
    EXPECT_EQ(PayloadKinds(pair.Next().summary),
              (Kinds{PayloadType::Hash, PayloadType::Delete, PayloadType::Delete}));
    pair.Deliver();
    EXPECT_TRUE(pair.End(m_responder).sas.empty());
    EXPECT_TRUE(pair.IsIkeDown());
}

TEST_P(RetirementOrder, TerminateInAnyOrderOfDeliveryLeavesNoOrphan)
{
    PeerPair pair = RenewedPair();
    pair.Terminate(m_initiator);
    std::vector<Octets> messages;
    while (pair.InFlight() > 0)
    {
        messages.push_back(pair.Next().octets);
        pair.Lose();
    }
    std::reverse(messages.begin(), messages.end());
    for (const Octets& message : messages)
    {
        pair.Inject(m_responder, message);
    }
    EXPECT_TRUE(pair.End(m_responder).sas.empty());
}

// LT-01: a quick mode must not lose its IKE SA under way.
TEST_P(RetirementOrder, RenewalShortlyBeforeTheEndOfTheIkeSaStartsANewOne)
{
    const Duration lifetime = seconds(1000);
    PeerPair pair = PairWithIkeLifetime(lifetime);
    pair.Acquire(m_initiator);
    pair.DeliverAll();
    pair.Advance(lifetime - Personality().RenewalMargin(lifetime, true, 0));
    pair.SoftExpiry(m_initiator, pair.Sas(m_initiator, SaDirection::Outbound).at(0).Key());

    // MM1 -->
    ASSERT_EQ(pair.InFlight(), 1u);
    EXPECT_EQ(pair.Next().summary.exchange, ExchangeType::MainMode);
    EXPECT_EQ(pair.DeliverAll(), MAIN_MODE + 3);
    EXPECT_TRUE(pair.AreTunnelsUp(2));
}

TEST_P(RetirementOrder, RenewalWellBeforeTheEndOfTheIkeSaUsesIt)
{
    const Duration lifetime = seconds(1000);
    PeerPair pair = PairWithIkeLifetime(lifetime);
    pair.Acquire(m_initiator);
    pair.DeliverAll();
    pair.Advance(lifetime - Personality().RenewalMargin(lifetime, true, 0) - seconds(1));
    pair.SoftExpiry(m_initiator, pair.Sas(m_initiator, SaDirection::Outbound).at(0).Key());

    // QM1 -->
    ASSERT_EQ(pair.InFlight(), 1u);
    EXPECT_EQ(pair.Next().summary.exchange, ExchangeType::QuickMode);
}

// Nine tenths of a kilobyte are none, and none means never.
TEST_P(RetirementOrder, SaOfOneKilobyteIsRenewedToo)
{
    EngineConfig configs[] = {SiteConfig(Side::A), SiteConfig(Side::B)};
    for (EngineConfig& config : configs)
    {
        config.peers[0].children[0].lifetimeKilobytes = 1;
    }
    PeerPair pair(configs[0], configs[1]);
    pair.Acquire(m_initiator);
    pair.DeliverAll();
    for (const Side side : {Side::A, Side::B})
    {
        EXPECT_EQ(pair.Sas(side, SaDirection::Outbound).at(0).lifetime.softKilobytes, 1u);
    }
}

// However short an IKE SA lives, it carries what it was made for.
TEST_P(RetirementOrder, IkeSaOfOneSecondCarriesItsQuickMode)
{
    PeerPair pair = PairWithIkeLifetime(seconds(1));
    pair.Acquire(m_initiator);
    pair.DeliverAll();
    EXPECT_TRUE(pair.AreTunnelsUp());
    EXPECT_EQ(pair.CountSent(ExchangeType::MainMode), MAIN_MODE);
}

} // namespace ipsec
} // namespace ns3
