// SPDX-License-Identifier: GPL-2.0-only
#include "key-holder.h"
#include "peer-pair.h"

#include <gtest/gtest.h>

// What was refused once, or belongs to somebody else, comes again: it must not cost more each time.

namespace ns3
{
namespace ipsec
{

namespace
{

using std::chrono::seconds;

/// More than the message IDs of one IKE SA.
constexpr uint32_t MORE_THAN_ALL_MESSAGE_IDS = 5000;

/// Messages of main mode.
constexpr size_t MAIN_MODE = 6;

/// A pair that agrees about phase 1 and about nothing else, with QM1 on its way to B.
class RefusedRequest : public testing::Test
{
  protected:
    RefusedRequest()
        : m_pair(SiteConfig(Side::A), SiteConfig(Side::B, "pre-g1-des-md5", "nopfs-esp-3des-sha"))
    {
        m_pair.Acquire(Side::A);
        m_pair.DeliverAll(MAIN_MODE);
        m_qm1 = m_pair.Next().octets;
        m_pair.DeliverAll();
        m_refusals = m_pair.CountSent(ExchangeType::Informational);
    }

    PeerPair m_pair;
    Octets m_qm1;
    size_t m_refusals = 0;
};

/// A pair with a tunnel whose B has seen as many messages as it can remember.
PeerPair
PairWithoutMessageIds()
{
    PeerPair pair;
    pair.Initiate(Side::A);
    pair.DeliverAll();
    const KeyHolder keys(pair);
    for (uint32_t messageId = 1; messageId <= MORE_THAN_ALL_MESSAGE_IDS; messageId++)
    {
        pair.Inject(Side::B, keys.Informational(messageId, {NotifyRaw(NotifyType::Connected)}));
    }
    return pair;
}

/// A pair whose B refuses the first message of A, as it would from any address.
PeerPair
PairWithoutCommonProposal(const EngineLimits& limits)
{
    EngineConfig b = SiteConfig(Side::B, "pre-g2-3des-sha");
    b.peers[0].remoteAddress.reset();
    b.limits = limits;
    return PeerPair(SiteConfig(Side::A), b);
}

} // namespace

// F9
TEST_F(RefusedRequest, CopiesGetTheSameOctetsAgain)
{
    ASSERT_EQ(m_refusals, 1u);
    const Octets refusal = m_pair.Sent().back().octets;
    for (int copy = 0; copy < 10; copy++)
    {
        m_pair.Inject(Side::B, m_qm1);
        EXPECT_EQ(m_pair.Sent().back().octets, refusal);
    }
}

// F9: one recorded message must not use up the message IDs of the IKE SA.
TEST_F(RefusedRequest, CopiesWithoutEndLeaveTheIkeSaUsable)
{
    for (uint32_t copy = 0; copy < MORE_THAN_ALL_MESSAGE_IDS; copy++)
    {
        m_pair.Inject(Side::B, m_qm1);
        m_pair.LoseAll();
    }
    m_pair.Acquire(Side::A);
    m_pair.DeliverAll();
    EXPECT_EQ(m_pair.Drops(Side::B, Fault::TooManyExchanges), 0u);
    EXPECT_EQ(m_pair.Drops(Side::B, Fault::NoProposalChosen), 2u);
}

TEST_F(RefusedRequest, CopiesAreDecryptedOnlyOnce)
{
    EXPECT_TRUE(m_pair.Inject(Side::B, m_qm1).work.Items().empty());
}

TEST_F(RefusedRequest, CopiesAreNotAnsweredWhenTheLedgerIsForgotten)
{
    m_pair.Advance(Personality().ledgerTime);
    m_pair.Timeout(Side::B);
    EXPECT_EQ(DroppedFault(m_pair.Inject(Side::B, m_qm1)), Fault::Duplicate);
    EXPECT_EQ(m_pair.CountSent(ExchangeType::Informational), m_refusals);
}

// The initiator hears of a refusal even if the first copy of it got lost.
TEST(Refusal, ThatGotLostIsRepeatedForTheRepeatedRequest)
{
    PeerPair pair(SiteConfig(Side::A), SiteConfig(Side::B, "pre-g1-des-md5", "nopfs-esp-3des-sha"));
    pair.Acquire(Side::A);
    pair.DeliverAll(MAIN_MODE + 1);
    pair.LoseAll();
    ASSERT_TRUE(pair.AdvanceToDeadline());
    pair.DeliverAll();
    const std::vector<AcquireFailed> failed = pair.Seen<AcquireFailed>(Side::A);
    ASSERT_EQ(failed.size(), 1u);
    EXPECT_EQ(failed[0].reason, Fault::ErrorNotify);
}

// bad input 13: whatever has become of it meanwhile.
TEST(ReflectedFirstMessage, IsRefusedInEveryStateOfItsExchange)
{
    for (size_t delivered = 0; delivered <= MAIN_MODE; delivered++)
    {
        SCOPED_TRACE(delivered);
        PeerPair pair;
        pair.Initiate(Side::A);
        const Octets mm1 = pair.Next().octets;
        pair.DeliverAll(delivered);
        const Effects effects = pair.Inject(Side::A, mm1);
        EXPECT_TRUE(WasRefused(effects));
        EXPECT_EQ(DroppedFault(effects), Fault::BadCookie);
        EXPECT_EQ(pair.End(Side::A).engine.HalfOpen(), 0u);
    }
}

TEST(HalfOpenLimit, OfOneStillLetsOnePeerIn)
{
    EngineConfig b = SiteConfig(Side::B);
    b.limits.halfOpen = 1;
    b.limits.halfOpenPerAddress = 1;
    PeerPair pair(SiteConfig(Side::A), b);
    pair.Acquire(Side::A);
    pair.Settle();
    EXPECT_TRUE(pair.AreTunnelsUp());
}

// No quick mode fits any more, but what the peer deletes must not stay as an orphan.
TEST(UsedUpMessageIds, LeaveDeletionsThrough)
{
    PeerPair pair = PairWithoutMessageIds();
    pair.Terminate(Side::A);
    pair.DeliverAll();
    EXPECT_TRUE(pair.IsIkeDown());
    EXPECT_TRUE(pair.End(Side::B).sas.empty());
}

TEST(UsedUpMessageIds, RefuseQuickModes)
{
    PeerPair pair = PairWithoutMessageIds();
    pair.SoftExpiry(Side::A, pair.Sas(Side::A, SaDirection::Inbound).at(0).Key());
    EXPECT_EQ(DroppedFault(pair.Deliver()), Fault::TooManyExchanges);
}

TEST(UsedUpMessageIds, LetTheirOwnerStartANewIkeSa)
{
    PeerPair pair = PairWithoutMessageIds();
    pair.SoftExpiry(Side::B, pair.Sas(Side::B, SaDirection::Inbound).at(0).Key());
    pair.DeliverAll();
    EXPECT_EQ(pair.End(Side::B).engine.IkeSas().size(), 2u);
    EXPECT_TRUE(pair.AreTunnelsUp(2));
}

TEST(ClearRefusal, KnownAddressIsToldAgainAlthoughTheTableIsFull)
{
    EngineLimits limits;
    limits.notifySources = 1;
    PeerPair pair = PairWithoutCommonProposal(limits);
    pair.Initiate(Side::A);
    const Octets mm1 = pair.Next().octets;
    pair.DeliverAll();
    ASSERT_EQ(pair.CountSent(ExchangeType::Informational), 1u);

    pair.Advance(limits.notifyInterval);
    pair.Inject(Side::B, mm1);
    EXPECT_EQ(pair.CountSent(ExchangeType::Informational), 2u);
    EXPECT_EQ(pair.Drops(Side::B, Fault::RateLimited), 0u);
}

TEST(ClearRefusal, FullTableKeepsNewAddressesOut)
{
    EngineLimits limits;
    limits.notifySources = 1;
    limits.notifyInterval = seconds(10);
    PeerPair pair = PairWithoutCommonProposal(limits);
    pair.Initiate(Side::A);
    const Octets mm1 = pair.Next().octets;
    const Endpoint source = pair.Next().source;
    pair.DeliverAll();

    pair.Advance(seconds(1));
    pair.InjectFrom({IpAddress{source.address.value + 100}, IKE_PORT}, Side::B, mm1);
    EXPECT_EQ(pair.CountSent(ExchangeType::Informational), 1u);
    EXPECT_EQ(pair.Drops(Side::B, Fault::RateLimited), 1u);
}

} // namespace ipsec
} // namespace ns3
