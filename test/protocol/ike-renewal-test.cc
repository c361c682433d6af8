// SPDX-License-Identifier: GPL-2.0-only
#include "peer-pair.h"
#include "test-credentials.h"

#include <gtest/gtest.h>

// How an IKE SA is followed by another one: in time, by whom, and what that proves.

namespace ns3
{
namespace ipsec
{

namespace
{

using std::chrono::seconds;

constexpr size_t MAIN_MODE = 6;
constexpr Duration LIFETIME = seconds(1000);

struct Configs
{
    Configs()
    {
        for (EngineConfig* config : {&a, &b})
        {
            config->peers[0].lifetime = LIFETIME;
        }
    }

    void
    SetPersonality(const Personality& personality)
    {
        a.peers[0].personality = b.peers[0].personality = personality;
    }

    PeerPair
    Established(Side initiator, uint64_t seed = 1) const
    {
        PeerPair pair(a, b, seed);
        pair.Acquire(initiator);
        pair.DeliverAll();
        EXPECT_TRUE(pair.IsIkeUp());
        EXPECT_TRUE(pair.AreTunnelsUp());
        return pair;
    }

    EngineConfig a = SiteConfig(Side::A);
    EngineConfig b = SiteConfig(Side::B);
};

/// Lets time pass, message by message and deadline by deadline.
void
RunFor(PeerPair& pair, Duration time)
{
    const Instant end = pair.Now() + time;
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

/// Returns who began the renewal that is next, and when; nobody within @p within.
std::optional<std::pair<Side, Duration>>
NextRenewal(PeerPair& pair, Duration within = LIFETIME)
{
    const Instant start = pair.Now();
    while (pair.InFlight() == 0)
    {
        if (!pair.AdvanceToDeadline(within - (pair.Now() - start)))
        {
            return std::nullopt;
        }
    }
    if (pair.Next().summary.exchange != ExchangeType::MainMode)
    {
        return std::nullopt;
    }
    return std::make_pair(pair.Next().from, pair.Now() - start);
}

/// Runs with either side starting.
class IkeRenewal : public testing::TestWithParam<Side>
{
  protected:
    const Side m_initiator = GetParam();
    const Side m_responder = Other(m_initiator);
};

INSTANTIATE_TEST_SUITE_P(EitherSideStarts,
                         IkeRenewal,
                         testing::Values(Side::A, Side::B),
                         testing::PrintToStringParamName());

} // namespace

// LT-01, LT-06
TEST_P(IkeRenewal, MainModeWithoutQuickModeGivesNewKeysInTime)
{
    PeerPair pair = Configs().Established(m_initiator);
    const IkeSaInfo before = pair.End(m_initiator).engine.IkeSas().at(0);
    const size_t quickModes = pair.CountSent(ExchangeType::QuickMode);

    const auto renewal = NextRenewal(pair);
    ASSERT_TRUE(renewal);
    EXPECT_EQ(renewal->first, m_initiator);
    EXPECT_EQ(renewal->second, seconds(900));
    EXPECT_EQ(pair.DeliverAll(), MAIN_MODE);
    RunFor(pair, seconds(30));

    ASSERT_TRUE(pair.IsIkeUp()) << "the old one stayed";
    const IkeSaInfo after = pair.End(m_initiator).engine.IkeSas().at(0);
    EXPECT_FALSE(ConstantTimeEqual(before.skeyidD.View(), after.skeyidD.View()));
    EXPECT_FALSE(ConstantTimeEqual(before.skeyidA.View(), after.skeyidA.View()));
    EXPECT_FALSE(ConstantTimeEqual(before.skeyidE.View(), after.skeyidE.View()));
    EXPECT_EQ(pair.CountSent(ExchangeType::QuickMode), quickModes);
    EXPECT_TRUE(pair.AreTunnelsUp()) << "children live on";
}

// LT-01
TEST_P(IkeRenewal, QuickModeIsRenewedWithoutMainMode)
{
    PeerPair pair = Configs().Established(m_initiator);
    pair.SoftExpiry(m_initiator, pair.Sas(m_initiator, SaDirection::Outbound).at(0).Key());
    pair.DeliverAll();
    EXPECT_EQ(pair.CountSent(ExchangeType::MainMode), MAIN_MODE);
    EXPECT_EQ(pair.CountSent(ExchangeType::QuickMode), 6u);
    EXPECT_TRUE(pair.AreTunnelsUp(2));
}

TEST_P(IkeRenewal, OldIkeSaIsDeletedByTheEndThatBegan)
{
    PeerPair pair = Configs().Established(m_initiator);
    ASSERT_TRUE(NextRenewal(pair));
    pair.DeliverAll();
    ASSERT_EQ(pair.End(m_responder).engine.IkeSas().size(), 2u);
    ASSERT_TRUE(pair.AdvanceToDeadline(Personality().oldIkeSaDelay));
    ASSERT_EQ(pair.InFlight(), 1u);
    EXPECT_EQ(pair.Next().from, m_initiator);
    EXPECT_EQ(pair.Next().summary.exchange, ExchangeType::Informational);
    pair.DeliverAll();
    EXPECT_TRUE(pair.IsIkeUp());
}

TEST_P(IkeRenewal, LostDeleteOfTheOldIkeSaIsMadeGoodByTheOtherEnd)
{
    PeerPair pair = Configs().Established(m_initiator);
    ASSERT_TRUE(NextRenewal(pair));
    pair.DeliverAll();
    ASSERT_TRUE(pair.AdvanceToDeadline(Personality().oldIkeSaDelay));
    pair.LoseAll();
    RunFor(pair, Personality().ledgerTime);
    EXPECT_TRUE(pair.IsIkeUp());
}

TEST_P(IkeRenewal, ResponderRenewsLaterIfTheInitiatorDoesNot)
{
    Configs configs;
    EngineConfig& initiator = m_initiator == Side::A ? configs.a : configs.b;
    initiator.peers[0].personality.Edit().ikeRenewer = Renewer::Nobody;
    PeerPair pair = configs.Established(m_initiator);
    const auto renewal = NextRenewal(pair);
    ASSERT_TRUE(renewal);
    EXPECT_EQ(renewal->first, m_responder);
    EXPECT_EQ(renewal->second, seconds(950));
}

TEST_P(IkeRenewal, OnlyTheInitiatorRenewsIfThePersonalitySaysSo)
{
    Personality personality;
    personality.ikeRenewer = Renewer::Initiator;
    Configs configs;
    configs.SetPersonality(personality);
    EngineConfig& initiator = m_initiator == Side::A ? configs.a : configs.b;
    initiator.peers[0].personality.Edit().ikeRenewer = Renewer::Nobody;
    PeerPair pair = configs.Established(m_initiator);
    EXPECT_FALSE(NextRenewal(pair));
    RunFor(pair, seconds(10));
    EXPECT_TRUE(pair.IsIkeDown());
    EXPECT_TRUE(pair.AreTunnelsUp()) << "they outlive it";
}

// A quick mode that comes late must not make the responder begin what it may not.
TEST_P(IkeRenewal, ResponderThatMayNotRenewUsesTheIkeSaToItsEnd)
{
    Personality personality;
    personality.ikeRenewer = Renewer::Initiator;
    Configs configs;
    configs.SetPersonality(personality);
    PeerPair pair = configs.Established(m_initiator);
    pair.Advance(seconds(899));
    pair.SoftExpiry(m_responder, pair.Sas(m_responder, SaDirection::Outbound).at(0).Key());
    ASSERT_EQ(pair.InFlight(), 1u);
    EXPECT_EQ(pair.Next().summary.exchange, ExchangeType::QuickMode);
}

// A renewal that nobody answers is tried again while the old IKE SA lives.
TEST_P(IkeRenewal, LostRenewalIsTriedAgain)
{
    Configs configs;
    for (EngineConfig* config : {&configs.a, &configs.b})
    {
        config->peers[0].lifetime = seconds(2000);
    }
    PeerPair pair = configs.Established(m_initiator);
    ASSERT_TRUE(NextRenewal(pair, seconds(2000)));
    const Duration attempt = Personality().retransmission.Total();
    const Instant givenUp = pair.Now() + attempt;
    while (pair.Now() < givenUp)
    {
        pair.LoseAll();
        ASSERT_TRUE(pair.AdvanceToDeadline());
    }
    pair.LoseAll();
    const auto again = NextRenewal(pair);
    ASSERT_TRUE(again);
    pair.DeliverAll();
    RunFor(pair, seconds(30));
    EXPECT_TRUE(pair.IsIkeUp());
    EXPECT_TRUE(pair.AreTunnelsUp());
}

// No wait of a personality may be so short that time stands still.
TEST_P(IkeRenewal, DelaysOfZeroDoNotStopTime)
{
    Personality personality;
    personality.oldIkeSaDelay = {};
    personality.graceTime = {};
    personality.retirementDelay = {};
    Configs configs;
    configs.SetPersonality(personality);
    PeerPair pair = configs.Established(m_initiator);
    const Instant end = pair.Now() + 3 * LIFETIME;
    while (pair.Now() < end && pair.AdvanceToDeadline(end - pair.Now()))
    {
        pair.DeliverAll();
        pair.Timeout(Side::A);
        pair.Timeout(Side::B);
        for (const Side side : {Side::A, Side::B})
        {
            const auto next = pair.End(side).engine.NextDeadline();
            ASSERT_TRUE(!next || *next > pair.Now());
        }
        pair.SoftExpiry(m_responder, pair.Sas(m_responder, SaDirection::Outbound).at(0).Key());
        pair.DeliverAll(1);
    }
    EXPECT_GE(pair.CountSent(ExchangeType::MainMode), 3 * MAIN_MODE);
}

// A hub that cannot call uses the IKE SA of its peer to the end.
TEST_P(IkeRenewal, EndThatCannotCallUsesTheIkeSaToItsEnd)
{
    Configs configs;
    EngineConfig& hub = m_initiator == Side::A ? configs.b : configs.a;
    EngineConfig& branch = m_initiator == Side::A ? configs.a : configs.b;
    hub.peers[0].remoteAddress.reset();
    hub.peers[0].remoteId = Identity::Parse("branch.example.test");
    branch.peers[0].localId = hub.peers[0].remoteId;
    branch.peers[0].personality.Edit().ikeRenewer = Renewer::Nobody;
    PeerPair pair = configs.Established(m_initiator);
    pair.Advance(LIFETIME - seconds(20));
    pair.SoftExpiry(m_responder, pair.Sas(m_responder, SaDirection::Outbound).at(0).Key());
    ASSERT_EQ(pair.InFlight(), 1u);
    EXPECT_EQ(pair.Next().summary.exchange, ExchangeType::QuickMode);
}

// Fuzz spreads renewals, and the same seed spreads them the same way.
TEST_P(IkeRenewal, FuzzLetsTheMarginGrowByARandomPart)
{
    Personality personality;
    personality.renewalFuzz = 1.0;
    Configs configs;
    configs.SetPersonality(personality);
    std::set<Duration> times;
    for (uint64_t seed = 1; seed <= 8; seed++)
    {
        PeerPair pair = configs.Established(m_initiator, seed);
        PeerPair twin = configs.Established(m_initiator, seed);
        const auto renewal = NextRenewal(pair);
        ASSERT_TRUE(renewal);
        EXPECT_LE(renewal->second, seconds(900));
        EXPECT_GE(renewal->second, seconds(800));
        EXPECT_EQ(NextRenewal(twin), renewal);
        times.insert(renewal->second);
    }
    EXPECT_GE(times.size(), 7u);
}

// The responder's margin is a share of the initiator's, without a random part.
TEST_P(IkeRenewal, LifetimeThatTheResponderShortenedCountsForTheRenewal)
{
    Configs configs;
    EngineConfig& responder = m_initiator == Side::A ? configs.b : configs.a;
    responder.peers[0].lifetime = LIFETIME / 2;
    PeerPair pair = configs.Established(m_initiator);
    const auto renewal = NextRenewal(pair);
    ASSERT_TRUE(renewal);
    EXPECT_EQ(renewal->first, m_initiator);
    EXPECT_EQ(renewal->second, seconds(450));
}

// LT-05: the same with a key that was taken out of the configuration, of either end.
TEST_P(IkeRenewal, RemovedKeyEndsTheTunnelAtItsRenewal)
{
    for (const Side removing : {m_initiator, m_responder})
    {
        SCOPED_TRACE(removing);
        PeerPair pair = Configs().Established(m_initiator);
        EngineConfig without = pair.End(removing).engine.Config();
        without.peers[0].preSharedKey = SecretBytes();
        PairEnd& end = pair.End(removing);
        EXPECT_TRUE(end.engine.Reconfigure(pair.Now(), without, end.random).list.empty());
        EXPECT_TRUE(pair.IsIkeUp()) << "what is up stays";
        RunFor(pair, LIFETIME + seconds(100));
        EXPECT_TRUE(pair.IsIkeDown());
        EXPECT_EQ(pair.CountSent(ExchangeType::QuickMode), 3u);
        EXPECT_EQ(pair.Seen<IkeSaUp>(removing).size(), 1u);
    }
}

// LT-05: who is no longer entitled gets no new IKE SA, and in the end no tunnel.
TEST_P(IkeRenewal, ExpiredCertificateEndsTheTunnelAtItsRenewal)
{
    Configs configs;
    const std::string phase1 = "rsa-g1-3des-sha";
    configs.a = SiteConfig(Side::A, phase1);
    configs.b = SiteConfig(Side::B, phase1);
    UseKeys(configs.a, Side::A);
    UseKeys(configs.b, Side::B);
    CertificateRequest request = TestRequest(m_initiator);
    request.notAfter = TEST_DAY + 500;
    EngineConfig& initiator = m_initiator == Side::A ? configs.a : configs.b;
    for (OwnKey& own : EditKeys(initiator).own)
    {
        own.chain = {TestCertificate(m_initiator, own.key.Kind(), request)};
    }
    for (EngineConfig* config : {&configs.a, &configs.b})
    {
        config->peers[0].lifetime = LIFETIME;
    }
    PeerPair pair = configs.Established(m_initiator);
    ASSERT_TRUE(NextRenewal(pair));
    RunFor(pair, seconds(90));
    EXPECT_GE(pair.Drops(m_responder, Fault::CertificateExpired), 1u);
    RunFor(pair, seconds(20));
    EXPECT_TRUE(pair.IsIkeDown());
    // The children's own renewal needs an IKE SA.
    pair.SoftExpiry(m_initiator, pair.Sas(m_initiator, SaDirection::Outbound).at(0).Key());
    RunFor(pair, seconds(200));
    EXPECT_TRUE(pair.AreTunnelsUp(1)) << "no new pair";
    pair.HardExpiry(m_initiator, pair.Sas(m_initiator, SaDirection::Outbound).at(0).Key());
    pair.Acquire(m_initiator);
    RunFor(pair, seconds(200));
    EXPECT_TRUE(pair.Sas(m_initiator, SaDirection::Outbound).empty());
}

} // namespace ipsec
} // namespace ns3
