// SPDX-License-Identifier: GPL-2.0-only
#include "key-holder.h"
#include "peer-pair.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

using Kinds = std::vector<PayloadType>;
using std::chrono::hours;

/// Runs with either side starting.
class AggressiveMode : public testing::TestWithParam<Side>
{
  protected:
    const Side m_initiator = GetParam();
    const Side m_responder = Other(m_initiator);
};

INSTANTIATE_TEST_SUITE_P(EitherSideStarts,
                         AggressiveMode,
                         testing::Values(Side::A, Side::B),
                         testing::PrintToStringParamName());

/// A configuration for aggressive mode in which both ends go by names.
EngineConfig
AggressiveConfig(Side side, const std::string& phase1 = "pre-g1-des-md5")
{
    EngineConfig config = SiteConfig(side, phase1);
    PeerConfig& peer = config.peers[0];
    peer.mode = Phase1Mode::Aggressive;
    peer.localId = Identity::Parse(side == Side::A ? "alice@example.com" : "hub.example.com");
    peer.remoteId = Identity::Parse(side == Side::A ? "hub.example.com" : "alice@example.com");
    return config;
}

PeerPair
AggressivePair(const std::string& phase1 = "pre-g1-des-md5")
{
    return PeerPair(AggressiveConfig(Side::A, phase1), AggressiveConfig(Side::B, phase1));
}

PeerPair
Phase1Pair(EngineConfig a, EngineConfig b)
{
    a.peers[0].children.clear();
    b.peers[0].children.clear();
    return PeerPair(std::move(a), std::move(b));
}

PeerPair
Phase1Pair()
{
    return Phase1Pair(AggressiveConfig(Side::A), AggressiveConfig(Side::B));
}

bool
ContainsOctets(OctetView whole, OctetView part)
{
    return std::search(whole.begin(), whole.end(), part.begin(), part.end()) != whole.end();
}

/// The hub forgets A's address: only the identity tells who calls.
EngineConfig
HubConfig(const std::string& id, const std::string& key)
{
    EngineConfig config = AggressiveConfig(Side::B);
    PeerConfig& peer = config.peers[0];
    peer.name = id;
    peer.remoteAddress.reset();
    peer.remoteId = Identity::Parse(id);
    peer.preSharedKey = SecretBytes(AsOctets(key));
    return config;
}

} // namespace

// Covers AM-01, AM-02.
TEST_P(AggressiveMode, EachMessageCarriesItsPayloadsAndMovesBothSides)
{
    PeerPair pair = Phase1Pair();
    pair.Initiate(m_initiator);

    // AM1 -->
    EXPECT_EQ(PayloadKinds(pair.Next().summary),
              (Kinds{PayloadType::Sa, PayloadType::Ke, PayloadType::Nonce, PayloadType::Id}));
    pair.Deliver();
    EXPECT_EQ(pair.End(m_responder).engine.HalfOpen(), 1u);

    // <-- AM2
    EXPECT_EQ(PayloadKinds(pair.Next().summary),
              (Kinds{PayloadType::Sa,
                     PayloadType::Ke,
                     PayloadType::Nonce,
                     PayloadType::Id,
                     PayloadType::NatD,
                     PayloadType::NatD,
                     PayloadType::Hash}));
    EXPECT_FALSE(pair.Next().summary.encrypted);
    pair.Deliver();
    EXPECT_EQ(pair.End(m_initiator).engine.IkeSas().size(), 1u);
    EXPECT_TRUE(pair.End(m_responder).engine.IkeSas().empty());

    // AM3 -->
    EXPECT_EQ(
        PayloadKinds(pair.Next().summary),
        (Kinds{PayloadType::NatD, PayloadType::NatD, PayloadType::Notify, PayloadType::Hash}));
    EXPECT_TRUE(pair.Next().summary.encrypted);
    pair.Deliver();
    EXPECT_TRUE(pair.IsIkeUp());
    EXPECT_EQ(pair.End(m_responder).engine.HalfOpen(), 0u);
    EXPECT_EQ(pair.InFlight(), 0u);
}

// Covers AM-01.
TEST_P(AggressiveMode, TakesThreeMessages)
{
    PeerPair pair = Phase1Pair();
    pair.Initiate(m_initiator);
    pair.Settle();
    ASSERT_TRUE(pair.IsIkeUp());
    EXPECT_EQ(pair.CountSent(ExchangeType::AggressiveMode), 3u);
    EXPECT_EQ(pair.Sent().size(), 3u);
    EXPECT_EQ(pair.Drops(Side::A) + pair.Drops(Side::B), 0u);
    EXPECT_EQ(pair.End(m_initiator).engine.IkeSas()[0].mode, Phase1Mode::Aggressive);
    EXPECT_EQ(pair.End(m_responder).engine.IkeSas()[0].mode, Phase1Mode::Aggressive);
}

// Covers AM-08, QM-02.
TEST_P(AggressiveMode, IsFollowedByTheSameQuickMode)
{
    PeerPair pair = AggressivePair();
    pair.Initiate(m_initiator);
    pair.Settle();
    ASSERT_TRUE(pair.AreTunnelsUp());
    EXPECT_EQ(pair.CountSent(ExchangeType::AggressiveMode), 3u);
    EXPECT_EQ(pair.CountSent(ExchangeType::QuickMode), 3u);
    EXPECT_EQ(pair.Disagreement(), "");
}

// Covers AM-03.
TEST(AggressiveModeIdentities, OfBothEndsTravelInClear)
{
    PeerPair pair = Phase1Pair();
    pair.Initiate(Side::A);
    pair.Settle();
    ASSERT_EQ(pair.Sent().size(), 3u);
    EXPECT_TRUE(ContainsOctets(pair.Sent()[0].octets, AsOctets("alice@example.com")));
    EXPECT_TRUE(ContainsOctets(pair.Sent()[1].octets, AsOctets("hub.example.com")));
    EXPECT_FALSE(ContainsOctets(pair.Sent()[2].octets, AsOctets("alice@example.com")));
}

TEST(AggressiveModeIdentities, StandInTheSummariesOfClearMessagesOnly)
{
    PeerPair pair = Phase1Pair();
    pair.Initiate(Side::A);
    pair.Settle();
    ASSERT_EQ(pair.Sent().size(), 3u);
    EXPECT_EQ(pair.Sent()[0].summary.PayloadsText(), "SA KE NONCE ID(alice@example.com) VID VID");
    PeerPair discreet;
    discreet.Initiate(Side::A);
    discreet.Settle();
    EXPECT_EQ(discreet.Sent()[4].summary.PayloadsText(), "ID HASH N(INITIAL-CONTACT)");
}

// Covers AM-07.
TEST(AggressiveModeIdentities, TellTheKeyOfAPeerFromAnyAddress)
{
    EngineConfig hub = HubConfig("bob@example.com", "another-key");
    hub.peers.push_back(HubConfig("alice@example.com", "tiandihui2").peers[0]);
    PeerPair pair(AggressiveConfig(Side::A), hub);
    pair.PutBehindNat(IpAddress::Parse("198.51.100.7"));
    pair.Initiate(Side::A);
    pair.Settle();
    ASSERT_EQ(pair.End(Side::B).engine.IkeSas().size(), 1u);
    EXPECT_EQ(pair.End(Side::B).engine.IkeSas()[0].peerName, "alice@example.com");
}

TEST(AggressiveModeIdentities, UnknownOnesAreIgnoredInSilence)
{
    PeerPair pair(AggressiveConfig(Side::A), HubConfig("bob@example.com", "tiandihui2"));
    pair.Initiate(Side::A);
    const Effects effects = pair.Deliver();
    EXPECT_EQ(DroppedFault(effects), Fault::UnknownPeer);
    EXPECT_EQ(pair.InFlight(), 0u);
}

// Covers P1-29.
TEST_P(AggressiveMode, AWrongKeyFailsAtTheInitiatorWithItsReason)
{
    EngineConfig a = AggressiveConfig(Side::A);
    a.peers[0].preSharedKey = SecretBytes(AsOctets("another"));
    PeerPair pair(a, AggressiveConfig(Side::B));
    pair.Initiate(m_initiator);
    pair.Deliver();
    EXPECT_EQ(DroppedFault(pair.Deliver()), Fault::AuthenticationFailed);
    pair.Settle();
    EXPECT_TRUE(pair.IsIkeDown());
    EXPECT_EQ(pair.End(m_responder).engine.HalfOpen(), 0u);
}

TEST(AggressiveModeIdentities, AnUnexpectedResponderEndsTheExchange)
{
    EngineConfig a = AggressiveConfig(Side::A);
    a.peers[0].remoteId = Identity::Parse("other.example.com");
    PeerPair pair(a, AggressiveConfig(Side::B));
    pair.Initiate(Side::A);
    pair.Deliver();
    const Effects effects = pair.Deliver();
    EXPECT_EQ(DroppedFault(effects), Fault::IdentityMismatch);
    ASSERT_NE(FindEffect<IkeSaDown>(effects), nullptr);
    EXPECT_EQ(FindEffect<IkeSaDown>(effects)->reason, Fault::IdentityMismatch);
}

TEST(AggressiveModeIdentities, AnUnexpectedInitiatorIsRefusedBeforeAnythingIsComputed)
{
    EngineConfig a = AggressiveConfig(Side::A);
    a.peers[0].localId = Identity::Parse("mallory@example.com");
    PeerPair pair(a, AggressiveConfig(Side::B));
    pair.Initiate(Side::A);
    const Effects effects = pair.Deliver();
    EXPECT_EQ(DroppedFault(effects), Fault::IdentityMismatch);
    EXPECT_TRUE(effects.work.Items().empty());
}

// Covers AM-06, PO-06.
TEST(AggressiveModeIdentities, ASiteWithADynamicAddressMustGoByAName)
{
    EngineConfig a = AggressiveConfig(Side::A);
    a.peers[0].localId.reset();
    EngineConfig hub = HubConfig("alice@example.com", "tiandihui2");
    hub.peers[0].remoteId.reset();
    PeerPair pair(a, hub);
    pair.Initiate(Side::A);
    const Effects effects = pair.Deliver();
    EXPECT_TRUE(WasRefused(effects));
    EXPECT_EQ(DroppedFault(effects), Fault::UnknownPeer);
}

// Covers AM-05.
TEST(AggressiveModeIdentities, ADialUpUserMayGoByMailAddressNameOrAddress)
{
    for (const char* id : {"alice@example.com", "pc.example.com", "192.0.2.1"})
    {
        EngineConfig a = AggressiveConfig(Side::A);
        a.peers[0].localId = Identity::Parse(id);
        EngineConfig hub = HubConfig(id, "tiandihui2");
        hub.peers[0].kind = PeerKind::DialUp;
        PeerPair pair(a, hub);
        pair.Initiate(Side::A);
        pair.Settle();
        EXPECT_TRUE(pair.IsIkeUp()) << id;
    }
}

// Covers AM-09.
TEST_P(AggressiveMode, IsRefusedWithANotificationWhereMainModeIsWanted)
{
    EngineConfig refusing = AggressiveConfig(m_responder);
    refusing.peers[0].mode = Phase1Mode::Main;
    PeerPair refused = m_responder == Side::B ? PeerPair(AggressiveConfig(Side::A), refusing)
                                              : PeerPair(refusing, AggressiveConfig(Side::B));
    refused.Initiate(m_initiator);
    const Effects effects = refused.Deliver();
    EXPECT_EQ(DroppedFault(effects), Fault::ExchangeRefused);
    EXPECT_TRUE(effects.work.Items().empty());
    ASSERT_NE(FindEffect<Transmit>(effects), nullptr);
    EXPECT_EQ(FindEffect<Transmit>(effects)->summary.payloads[0].notify,
              static_cast<uint16_t>(NotifyType::InvalidExchangeType));
    refused.Settle();
    EXPECT_TRUE(refused.IsIkeDown());
}

// Covers AM-09.
TEST(AggressiveModeRefusal, MayBeSilent)
{
    EngineConfig refusing = AggressiveConfig(Side::B);
    refusing.peers[0].mode = Phase1Mode::Main;
    refusing.peers[0].aggressiveRefusal = AggressiveRefusal::Silent;
    PeerPair pair(AggressiveConfig(Side::A), refusing);
    pair.Initiate(Side::A);
    const Effects effects = pair.Deliver();
    EXPECT_EQ(DroppedFault(effects), Fault::ExchangeRefused);
    EXPECT_EQ(FindEffect<Transmit>(effects), nullptr);
}

// Covers P1-15: main mode is the stronger one, and answered where the address tells the key.
TEST(AggressiveModeRefusal, DoesNotExtendToMainMode)
{
    EngineConfig caller = AggressiveConfig(Side::A);
    caller.peers[0].mode = Phase1Mode::Main;
    PeerPair pair(caller, AggressiveConfig(Side::B));
    pair.Initiate(Side::A);
    pair.Settle();
    EXPECT_TRUE(pair.AreTunnelsUp());
    EXPECT_EQ(pair.CountSent(ExchangeType::MainMode), 6u);
}

TEST(AggressiveModeNat, BothFloatWithTheThirdMessage)
{
    PeerPair pair = AggressivePair();
    pair.PutBehindNat(IpAddress::Parse("192.0.2.1"));
    pair.Initiate(Side::A);
    pair.Settle();
    ASSERT_TRUE(pair.AreTunnelsUp());
    ASSERT_GE(pair.Sent().size(), 3u);
    EXPECT_EQ(pair.Sent()[0].destination.port, IKE_PORT);
    EXPECT_EQ(pair.Sent()[1].source.port, IKE_PORT);
    EXPECT_EQ(pair.Sent()[2].destination.port, NATT_PORT);
    EXPECT_TRUE(pair.End(Side::A).engine.IkeSas()[0].natTraversal);
    EXPECT_TRUE(pair.End(Side::B).engine.IkeSas()[0].natTraversal);
}

// Covers P1-19.
TEST_P(AggressiveMode, AShorterLifetimeOfTheResponderCountsAtBothEnds)
{
    EngineConfig a = AggressiveConfig(Side::A);
    EngineConfig b = AggressiveConfig(Side::B);
    (m_responder == Side::A ? a : b).peers[0].lifetime = hours(1);
    PeerPair pair = Phase1Pair(a, b);
    pair.Initiate(m_initiator);
    pair.DeliverAll();
    ASSERT_TRUE(pair.IsIkeUp());
    for (const Side side : {Side::A, Side::B})
    {
        const IkeSaInfo info = pair.End(side).engine.IkeSas()[0];
        EXPECT_EQ(info.expiresAt - info.establishedAt, hours(1)) << side;
    }
}

// RFC 2409 section 5: the last message may be in clear.
TEST(AggressiveModeThirdMessage, IsAcceptedInClear)
{
    PeerPair pair = Phase1Pair();
    pair.Initiate(Side::A);
    pair.DeliverAll(2);
    PeerPair informed = pair;
    informed.DeliverAll();
    const KeyHolder holder(informed);
    const std::vector<RawPayload> payloads = holder.Open(pair.Next().octets, holder.Phase1Iv(pair));
    IsakmpHeader header = *ParseIsakmpHeader(pair.Next().octets);
    header.flags = 0;
    pair.DeliverInstead(ClearMessage(header, payloads));
    EXPECT_EQ(pair.End(Side::B).engine.IkeSas().size(), 1u);
}

TEST(AggressiveModeThirdMessage, InClearSaysNothingOfAnInitialContact)
{
    PeerPair pair = Phase1Pair();
    pair.Initiate(Side::A);
    pair.DeliverAll(2);
    PeerPair informed = pair;
    informed.DeliverAll();
    const KeyHolder holder(informed);
    std::vector<RawPayload> payloads = holder.Open(pair.Next().octets, holder.Phase1Iv(pair));
    ASSERT_EQ(std::count_if(payloads.begin(),
                            payloads.end(),
                            [](const RawPayload& p) { return p.type == PayloadType::Notify; }),
              1);
    IsakmpHeader header = *ParseIsakmpHeader(pair.Next().octets);
    header.flags = 0;
    pair.Lose();
    // An older SA that an initial contact would end.
    pair.Initiate(Side::B);
    pair.Settle();
    const size_t before = pair.End(Side::B).engine.IkeSas().size();
    ASSERT_GE(before, 1u);
    pair.Inject(Side::B, ClearMessage(header, payloads));
    EXPECT_GE(pair.End(Side::B).engine.IkeSas().size(), before);
}

// CVE-2016-5361: what goes to an unproven address is bounded.
TEST(AggressiveModeReplies, AreRepeatedTwiceAndThenGivenUp)
{
    PeerPair pair = Phase1Pair();
    pair.Initiate(Side::A);
    pair.Deliver();
    pair.LoseAll();
    size_t replies = 1;
    while (pair.End(Side::B).engine.HalfOpen() > 0)
    {
        ASSERT_TRUE(pair.AdvanceToDeadline());
        for (; pair.InFlight() > 0; pair.Lose())
        {
            replies += pair.Next().from == Side::B ? 1 : 0;
        }
    }
    EXPECT_EQ(replies, 3u);
}

TEST(AggressiveModeReplies, AnswerDuplicatesWhereNoTimerRepeatsThem)
{
    EngineConfig b = AggressiveConfig(Side::B);
    b.peers[0].personality.Edit().aggressiveReplyTries = 0;
    PeerPair pair = Phase1Pair(AggressiveConfig(Side::A), b);
    pair.Initiate(Side::A);
    pair.Duplicate();
    pair.Deliver();
    pair.Deliver();
    size_t replies = 0;
    for (const Flight& flight : pair.Sent())
    {
        replies += flight.from == Side::B ? 1 : 0;
    }
    EXPECT_EQ(replies, 2u);
    pair.Settle();
    EXPECT_TRUE(pair.IsIkeUp());
}

// bad input 17
TEST(AggressiveModeExchange, DoesNotChangeItsType)
{
    PeerPair pair = Phase1Pair();
    pair.Initiate(Side::A);
    pair.Deliver();
    constexpr size_t EXCHANGE_OFFSET = 18;
    const Octets asMain = WithOctet(
        pair.Next().octets, EXCHANGE_OFFSET, static_cast<uint8_t>(ExchangeType::MainMode));
    EXPECT_TRUE(WasRefused(pair.DeliverInstead(asMain)));
    pair.Settle();
    EXPECT_TRUE(pair.IsIkeUp());
}

} // namespace ipsec
} // namespace ns3
