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

const Kinds SA_ONLY = {PayloadType::Sa};
const Kinds KE_NONCE_NATD = {PayloadType::Ke,
                             PayloadType::Nonce,
                             PayloadType::NatD,
                             PayloadType::NatD};

/// Runs with either side starting.
class MainMode : public testing::TestWithParam<Side>
{
  protected:
    const Side m_initiator = GetParam();
    const Side m_responder = Other(m_initiator);
};

INSTANTIATE_TEST_SUITE_P(EitherSideStarts,
                         MainMode,
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

bool
ContainsOctets(OctetView whole, OctetView part)
{
    return std::search(whole.begin(), whole.end(), part.begin(), part.end()) != whole.end();
}

} // namespace

// Covers MM-02, P1-22.
TEST_P(MainMode, EachMessageCarriesItsPayloadsAndMovesBothSides)
{
    PeerPair pair = Phase1Pair();
    pair.Initiate(m_initiator);

    // MM1 -->
    EXPECT_EQ(PayloadKinds(pair.Next().summary), SA_ONLY);
    pair.Deliver();
    EXPECT_EQ(pair.End(m_responder).engine.HalfOpen(), 1u);

    // <-- MM2
    EXPECT_EQ(PayloadKinds(pair.Next().summary), SA_ONLY);
    pair.Deliver();

    // MM3 -->
    EXPECT_EQ(PayloadKinds(pair.Next().summary), KE_NONCE_NATD);
    pair.Deliver();

    // <-- MM4
    EXPECT_EQ(PayloadKinds(pair.Next().summary), KE_NONCE_NATD);
    pair.Deliver();

    // MM5 -->
    EXPECT_EQ(PayloadKinds(pair.Next().summary),
              (Kinds{PayloadType::Id, PayloadType::Hash, PayloadType::Notify}));
    EXPECT_EQ(pair.Next().summary.payloads[2].notify,
              static_cast<uint16_t>(NotifyType::InitialContact));
    EXPECT_TRUE(pair.IsIkeDown());
    pair.Deliver();
    EXPECT_EQ(pair.End(m_responder).engine.IkeSas().size(), 1u);
    EXPECT_EQ(pair.End(m_responder).engine.HalfOpen(), 0u);
    EXPECT_TRUE(pair.End(m_initiator).engine.IkeSas().empty());

    // <-- MM6
    EXPECT_EQ(PayloadKinds(pair.Next().summary), (Kinds{PayloadType::Id, PayloadType::Hash}));
    pair.Deliver();
    EXPECT_TRUE(pair.IsIkeUp());
    EXPECT_EQ(pair.InFlight(), 0u);
}

// Covers MM-01.
TEST_P(MainMode, TakesSixMessagesThreeFromEachSide)
{
    PeerPair pair = Phase1Pair();
    pair.Initiate(m_initiator);
    pair.Settle();
    ASSERT_TRUE(pair.IsIkeUp());
    ASSERT_EQ(pair.CountSent(ExchangeType::MainMode), 6u);
    ASSERT_EQ(pair.Sent().size(), 6u);
    for (size_t i = 0; i < 6; i++)
    {
        EXPECT_EQ(pair.Sent()[i].from, i % 2 == 0 ? m_initiator : m_responder) << i;
        EXPECT_FALSE(pair.Sent()[i].summary.repeated) << i;
    }
    EXPECT_EQ(pair.Drops(Side::A) + pair.Drops(Side::B), 0u);
}

// Covers MM-03.
TEST_P(MainMode, IdentitiesNeverTravelInClear)
{
    EngineConfig a = SiteConfig(Side::A);
    EngineConfig b = SiteConfig(Side::B);
    a.peers[0].localId = b.peers[0].remoteId = Identity::Parse("alice@example.com");
    b.peers[0].localId = a.peers[0].remoteId = Identity::Parse("bob@example.com");
    PeerPair pair = Phase1Pair(a, b);
    pair.Initiate(m_initiator);
    pair.Settle();
    ASSERT_TRUE(pair.IsIkeUp());
    for (size_t i = 0; i < 6; i++)
    {
        const Octets& octets = pair.Sent()[i].octets;
        EXPECT_EQ(ParseIsakmpHeader(octets)->IsEncrypted(), i >= 4) << i;
        EXPECT_FALSE(ContainsOctets(octets, AsOctets("example.com"))) << i;
    }
}

// Covers MM-03.
TEST_P(MainMode, KeysOpenMessagesFiveAndSix)
{
    PeerPair pair = Phase1Pair();
    pair.Initiate(m_initiator);
    pair.Settle();
    const KeyHolder holder(pair);
    const Octets& mm5 = pair.Sent().at(4).octets;
    const Octets& mm6 = pair.Sent().at(5).octets;
    const Octets idI = BodyOf(holder.Open(mm5, holder.Phase1Iv(pair)), PayloadType::Id);
    const Octets idR = BodyOf(holder.Open(mm6, holder.IvAfter(mm5)), PayloadType::Id);
    EXPECT_EQ(OctetView(idI).From(4), OctetView(pair.End(m_initiator).address.ToOctets()));
    EXPECT_EQ(OctetView(idR).From(4), OctetView(pair.End(m_responder).address.ToOctets()));
}

// Covers P1-26.
TEST_P(MainMode, EndsWithOneSaPerPeerThatBothEndsDescribeAlike)
{
    PeerPair pair = Phase1Pair();
    pair.Initiate(m_initiator);
    pair.Settle();
    ASSERT_TRUE(pair.IsIkeUp());
    const IkeSaInfo i = pair.End(m_initiator).engine.IkeSas()[0];
    const IkeSaInfo r = pair.End(m_responder).engine.IkeSas()[0];
    EXPECT_EQ(i.role, Role::Initiator);
    EXPECT_EQ(r.role, Role::Responder);
    EXPECT_EQ(i.local, r.remote);
    EXPECT_EQ(i.remote, r.local);
    EXPECT_EQ(i.localId, r.remoteId);
    EXPECT_EQ(i.remoteId, r.localId);
    EXPECT_FALSE(i.natTraversal);
    EXPECT_FALSE(r.natTraversal);
    EXPECT_EQ(pair.Seen<IkeSaUp>(Side::A).size(), 1u);
    EXPECT_EQ(pair.Seen<IkeSaUp>(Side::B).size(), 1u);
    EXPECT_EQ(i.initiatorCookie, pair.Sent()[0].summary.initiatorCookie);
    EXPECT_EQ(i.responderCookie, pair.Sent()[1].summary.responderCookie);
}

// Covers P1-25.
TEST_P(MainMode, TheThreeKeysDiffer)
{
    PeerPair pair = Phase1Pair();
    pair.Initiate(m_initiator);
    pair.Settle();
    ASSERT_TRUE(pair.IsIkeUp());
    const IkeSaInfo info = pair.End(Side::A).engine.IkeSas()[0];
    EXPECT_EQ(info.skeyidD.size(), 16u);
    EXPECT_NE(info.skeyidD.View(), info.skeyidA.View());
    EXPECT_NE(info.skeyidD.View(), info.skeyidE.View());
    EXPECT_NE(info.skeyidA.View(), info.skeyidE.View());
}

// Covers P1-15, MM-04.
TEST(MainModeDefault, PeerWithoutAModeUsesMainMode)
{
    PeerPair pair = Phase1Pair();
    pair.Initiate(Side::A);
    EXPECT_EQ(pair.Next().summary.exchange, ExchangeType::MainMode);
}

// Covers P1-21.
TEST_P(MainMode, UnknownVendorIdsAreIgnoredAndNotEchoed)
{
    PeerPair pair = Phase1Pair();
    pair.Initiate(m_initiator);
    const Octets unknown = Octets(20, 0xa5);
    const auto add = [&unknown](std::vector<RawPayload>& payloads)
    {
        payloads.insert(payloads.begin() + 1, {PayloadType::VendorId, unknown});
        payloads.push_back({PayloadType::VendorId, {}});
    };

    // MM1 with two more vendor IDs -->
    pair.DeliverInstead(Rewritten(pair.Next().octets, add));
    pair.Lose();

    // <-- MM2 with two more vendor IDs
    ASSERT_EQ(pair.InFlight(), 1u);
    EXPECT_FALSE(ContainsOctets(pair.Next().octets, unknown));
    pair.DeliverInstead(Rewritten(pair.Next().octets, add));
    pair.Lose();

    pair.Settle();
    EXPECT_TRUE(pair.IsIkeUp());
}

// Covers P1-21, NT-04.
TEST_P(MainMode, KnownVendorIdIsAnswered)
{
    PeerPair pair = Phase1Pair();
    pair.Initiate(m_initiator);
    pair.Settle();
    const Octets rfc3947 = VendorIdOctets(VendorId::NatTraversalRfc3947);
    EXPECT_TRUE(ContainsOctets(pair.Sent()[0].octets, rfc3947));
    EXPECT_TRUE(ContainsOctets(pair.Sent()[1].octets, rfc3947));
}

// Covers MM-05, P1-20.
TEST_P(MainMode, DynamicPeerFromAnyAddressUsesTheSharedKey)
{
    EngineConfig a = SiteConfig(Side::A);
    EngineConfig b = SiteConfig(Side::B);
    PeerConfig& dynamic = (m_responder == Side::A ? a : b).peers[0];
    PeerConfig& caller = (m_responder == Side::A ? b : a).peers[0];
    dynamic.remoteAddress.reset();
    caller.localId = dynamic.remoteId = Identity::Parse("branch.example.com");
    PeerPair pair = Phase1Pair(a, b);
    pair.Initiate(m_initiator);
    pair.Settle();
    EXPECT_TRUE(pair.IsIkeUp());
}

// Covers PO-06, AM-06.
TEST_P(MainMode, DynamicSiteThatGoesByItsAddressIsRefused)
{
    EngineConfig a = SiteConfig(Side::A);
    EngineConfig b = SiteConfig(Side::B);
    (m_responder == Side::A ? a : b).peers[0].remoteAddress.reset();
    PeerPair pair = Phase1Pair(a, b);
    pair.Initiate(m_initiator);
    pair.DeliverAll(4);
    EXPECT_EQ(DroppedFault(pair.Deliver()), Fault::BadIdentity);
    pair.Settle();
    EXPECT_TRUE(pair.IsIkeDown());
}

// S1: the key belongs to the local address at which the exchange began.
TEST(MainModeDynamic, PeerIsNotTakenForOneOfAnotherLocalAddressWhoseKeyItHasNot)
{
    EngineConfig a = SiteConfig(Side::A);
    EngineConfig b = SiteConfig(Side::B);
    b.peers[0].remoteAddress.reset();
    b.peers[0].remoteId = Identity::Parse("one.example");
    b.peers.push_back(b.peers[0]);
    b.peers[1].name = "two";
    b.peers[1].localAddress = IpAddress::Parse("192.0.2.77");
    b.peers[1].preSharedKey = SecretBytes(AsOctets("another key"));
    b.peers[1].remoteId = Identity::Parse("two.example");
    a.peers[0].localId = Identity::Parse("two.example");
    PeerPair pair(a, b);
    pair.Initiate(Side::A);
    pair.DeliverAll();
    EXPECT_TRUE(pair.Seen<IkeSaUp>(Side::B).empty());
    EXPECT_GT(pair.Drops(Side::B, Fault::IdentityMismatch), 0u);
}

// Covers PO-08.
TEST(MainModeTwice, InitiatingAgainChangesNothingWhileItRunsOrIsUp)
{
    PeerPair pair = Phase1Pair();
    pair.Initiate(Side::A);
    pair.Initiate(Side::A);
    EXPECT_EQ(pair.InFlight(), 1u);
    pair.Settle();
    EXPECT_TRUE(pair.IsIkeUp());
    pair.Initiate(Side::A);
    EXPECT_EQ(pair.InFlight(), 0u);
}

TEST(MainModeTwice, PeerWithoutAnAddressCannotBeCalled)
{
    EngineConfig a = SiteConfig(Side::A);
    a.peers[0].remoteAddress.reset();
    PeerPair pair = Phase1Pair(a, SiteConfig(Side::B));
    pair.Initiate(Side::A);
    EXPECT_EQ(pair.InFlight(), 0u);
    EXPECT_TRUE(pair.Sent().empty());
}

// Covers P1-23.
TEST_P(MainMode, EndsDownOnBothSidesWhenOneTerminates)
{
    PeerPair pair = Phase1Pair();
    pair.Initiate(m_initiator);
    pair.Settle();
    ASSERT_TRUE(pair.IsIkeUp());
    pair.Terminate(m_responder);

    // <-- HASH D
    EXPECT_EQ(PayloadKinds(pair.Next().summary), (Kinds{PayloadType::Hash, PayloadType::Delete}));
    pair.Deliver();
    EXPECT_TRUE(pair.IsIkeDown());
    const std::vector<IkeSaDown> downs = pair.Seen<IkeSaDown>(m_initiator);
    ASSERT_EQ(downs.size(), 1u);
    EXPECT_TRUE(downs[0].wasEstablished);
    EXPECT_EQ(downs[0].reason, Fault::Terminated);
}

// S7
TEST(MainModeSeeds, EqualSeedsGiveEqualOctetsAndOthersDoNot)
{
    const auto octets = [](uint64_t seed)
    {
        PeerPair pair("pre-g1-des-md5", "nopfs-esp-des-md5", seed);
        pair.Initiate(Side::A);
        pair.Settle();
        std::vector<Octets> all;
        for (const Flight& flight : pair.Sent())
        {
            all.push_back(flight.octets);
        }
        return all;
    };
    const std::vector<Octets> first = octets(1);
    EXPECT_EQ(first, octets(1));
    const std::vector<Octets> other = octets(2);
    ASSERT_EQ(first.size(), other.size());
    for (size_t i = 0; i < first.size(); i++)
    {
        EXPECT_NE(first[i], other[i]) << i;
    }
}

} // namespace ipsec
} // namespace ns3
