// SPDX-License-Identifier: GPL-2.0-only
#include "key-holder.h"
#include "peer-pair.h"

#include "ns3/isakmp-sa-payload.h"
#include "ns3/isakmp-vendor-ids.h"

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
using std::chrono::seconds;

/// Runs with either side starting.
class MainModeFailure : public testing::TestWithParam<Side>
{
  protected:
    const Side m_initiator = GetParam();
    const Side m_responder = Other(m_initiator);
};

INSTANTIATE_TEST_SUITE_P(EitherSideStarts,
                         MainModeFailure,
                         testing::Values(Side::A, Side::B),
                         testing::PrintToStringParamName());

/// A pair without children, so that phase 1 is all there is.
PeerPair
Phase1Pair(EngineConfig a, EngineConfig b)
{
    a.peers[0].children.clear();
    b.peers[0].children.clear();
    return PeerPair(std::move(a), std::move(b));
}

PeerPair
Phase1Pair(const std::string& ofA = "pre-g1-des-md5", const std::string& ofB = "")
{
    return Phase1Pair(SiteConfig(Side::A, ofA), SiteConfig(Side::B, ofB.empty() ? ofA : ofB));
}

/// Returns how phase 1 ended for the side that started it.
IkeSaDown
Failure(const PeerPair& pair, Side initiator)
{
    const std::vector<IkeSaDown> downs = pair.Seen<IkeSaDown>(initiator);
    EXPECT_EQ(downs.size(), 1u);
    return downs.empty() ? IkeSaDown{} : downs[0];
}

} // namespace

// Covers P1-08.
TEST_P(MainModeFailure, DisjointProposalsFailWithNoProposalChosen)
{
    PeerPair pair = Phase1Pair("pre-g1-des-md5", "pre-g1-des-sha");
    pair.Initiate(m_initiator);

    // MM1 -->
    EXPECT_EQ(DroppedFault(pair.Deliver()), Fault::NoProposalChosen);
    EXPECT_EQ(pair.End(m_responder).engine.HalfOpen(), 0u);

    // <-- N(NO-PROPOSAL-CHOSEN), in clear
    ASSERT_EQ(pair.InFlight(), 1u);
    EXPECT_EQ(pair.Next().summary.exchange, ExchangeType::Informational);
    EXPECT_FALSE(pair.Next().summary.encrypted);
    const Effects noted = pair.Deliver();
    EXPECT_EQ(DroppedFault(noted), Fault::UnauthenticatedNotify);
    EXPECT_EQ(FindEffect<Dropped>(noted)->notify, 14);

    pair.Settle();
    EXPECT_TRUE(pair.IsIkeDown());
    const IkeSaDown failure = Failure(pair, m_initiator);
    EXPECT_FALSE(failure.wasEstablished);
    EXPECT_EQ(failure.reason, Fault::NegotiationTimeout);
    EXPECT_EQ(failure.notify, static_cast<uint16_t>(NotifyType::NoProposalChosen));
}

// Covers AM-09.
TEST_P(MainModeFailure, AggressiveModeIsRefused)
{
    PeerPair pair = Phase1Pair();
    pair.Initiate(m_initiator);
    IsakmpHeader header = *ParseIsakmpHeader(pair.Next().octets);
    header.exchange = ExchangeType::AggressiveMode;
    const Octets aggressive = ClearMessage(header,
                                           {ClearPayloads(pair.Next().octets)[0],
                                            {PayloadType::Ke, Octets(96, 2)},
                                            {PayloadType::Nonce, Octets(16, 3)},
                                            {PayloadType::Id, {1, 0, 0, 0, 192, 0, 2, 1}}});
    EXPECT_EQ(DroppedFault(pair.DeliverInstead(aggressive)), Fault::ExchangeRefused);
    EXPECT_EQ(pair.End(m_responder).engine.HalfOpen(), 0u);
}

// Covers P1-23, P1-29; bad input 72.
TEST_P(MainModeFailure, WrongPreSharedKeyLeavesNoSaOnEitherSide)
{
    EngineConfig b = SiteConfig(Side::B);
    b.peers[0].preSharedKey = SecretBytes(AsOctets("tiandihui3"));
    PeerPair pair = Phase1Pair(SiteConfig(Side::A), b);
    pair.Initiate(m_initiator);
    for (int message = 1; message <= 4; message++)
    {
        pair.Deliver();
    }

    // MM5 -->
    EXPECT_TRUE(pair.Next().summary.encrypted);
    EXPECT_EQ(DroppedFault(pair.Deliver()), Fault::Undecryptable);
    EXPECT_TRUE(pair.IsIkeDown());

    pair.Settle();
    EXPECT_TRUE(pair.IsIkeDown());
    EXPECT_EQ(Failure(pair, m_initiator).reason, Fault::NegotiationTimeout);
    EXPECT_EQ(pair.End(m_responder).engine.HalfOpen(), 0u);
    EXPECT_TRUE(pair.Seen<IkeSaUp>(Side::A).empty());
    EXPECT_TRUE(pair.Seen<IkeSaUp>(Side::B).empty());
}

// Covers P1-23, P1-29.
TEST_P(MainModeFailure, WrongIdentityOfTheInitiatorIsRefusedByTheResponder)
{
    EngineConfig a = SiteConfig(Side::A);
    EngineConfig b = SiteConfig(Side::B);
    EngineConfig& own = m_initiator == Side::A ? a : b;
    own.peers[0].localId = Identity::Parse("mallory@example.com");
    PeerPair pair = Phase1Pair(a, b);
    pair.Initiate(m_initiator);
    for (int message = 1; message <= 4; message++)
    {
        pair.Deliver();
    }

    // MM5 -->
    EXPECT_EQ(DroppedFault(pair.Deliver()), Fault::IdentityMismatch);

    pair.Settle();
    EXPECT_TRUE(pair.IsIkeDown());
    EXPECT_TRUE(pair.Seen<IkeSaUp>(m_responder).empty());
    EXPECT_EQ(pair.Seen<IkeSaDown>(m_initiator).size(), 1u);
}

// Covers P1-23, P1-29.
TEST_P(MainModeFailure, WrongIdentityOfTheResponderIsRefusedByTheInitiator)
{
    EngineConfig a = SiteConfig(Side::A);
    EngineConfig b = SiteConfig(Side::B);
    EngineConfig& other = m_initiator == Side::A ? b : a;
    other.peers[0].localId = Identity::Parse("mallory.example.com");
    PeerPair pair = Phase1Pair(a, b);
    pair.Initiate(m_initiator);
    for (int message = 1; message <= 5; message++)
    {
        pair.Deliver();
    }

    // <-- MM6
    EXPECT_EQ(DroppedFault(pair.Deliver()), Fault::IdentityMismatch);
    EXPECT_TRUE(pair.End(m_initiator).engine.IkeSas().empty());
    pair.Settle();
    EXPECT_TRUE(pair.Seen<IkeSaUp>(m_initiator).empty());
}

// Covers P1-29, PO-05.
TEST_P(MainModeFailure, NameThatIsNotTheConfiguredOneIsRefused)
{
    EngineConfig configs[] = {SiteConfig(Side::A), SiteConfig(Side::B)};
    EngineConfig& initiator = configs[m_initiator == Side::A ? 0 : 1];
    EngineConfig& responder = configs[m_initiator == Side::A ? 1 : 0];
    initiator.peers[0].localId = Identity::Parse("alice@example.com");
    responder.peers[0].remoteId = Identity::Parse("alice@example.org");
    PeerPair pair = Phase1Pair(configs[0], configs[1]);
    pair.Initiate(m_initiator);
    pair.DeliverAll(4);

    // MM5 -->
    EXPECT_EQ(DroppedFault(pair.Deliver()), Fault::IdentityMismatch);
    pair.Settle();
    EXPECT_TRUE(pair.IsIkeDown());
}

// Covers P1-29, MM-05, PO-05.
TEST_P(MainModeFailure, AddressThatNoPeerHasIsRefused)
{
    PeerPair pair = Phase1Pair();
    pair.Initiate(m_initiator);
    const Endpoint stranger{IpAddress::Parse("203.0.113.9"), IKE_PORT};
    const Effects effects = pair.InjectFrom(stranger, m_responder, pair.Next().octets);
    EXPECT_EQ(DroppedFault(effects), Fault::UnknownPeer);
    EXPECT_EQ(pair.End(m_responder).engine.HalfOpen(), 0u);
}

} // namespace ipsec
} // namespace ns3
