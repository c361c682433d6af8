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
class MainModeNegotiation : public testing::TestWithParam<Side>
{
  protected:
    const Side m_initiator = GetParam();
    const Side m_responder = Other(m_initiator);
};

INSTANTIATE_TEST_SUITE_P(EitherSideStarts,
                         MainModeNegotiation,
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

std::string
AgreedProposal(const PeerPair& pair)
{
    return pair.IsIkeUp() ? pair.End(Side::A).engine.IkeSas()[0].proposal.ToString() : "none";
}

SaPayload
OfferOf(const Flight& mm1)
{
    const Octets body = BodyOf(ClearPayloads(mm1.octets), PayloadType::Sa);
    return *ParseSaPayload(body);
}

} // namespace

// Covers P1-01, P1-02.
TEST_P(MainModeNegotiation, EveryCipherAndHashEstablishes)
{
    for (const char* cipher : {"des", "3des", "aes128", "aes192", "aes256"})
    {
        for (const char* hash : {"md5", "sha", "sha256", "sha384", "sha512"})
        {
            const std::string proposal = std::string("pre-g1-") + cipher + "-" + hash;
            PeerPair pair = Phase1Pair(proposal);
            pair.Initiate(m_initiator);
            pair.Settle();
            EXPECT_EQ(AgreedProposal(pair), proposal);
            const CipherAlgorithm& row = *FindCipherByName(cipher);
            EXPECT_EQ(pair.End(Side::A).engine.IkeSas().at(0).encryptionKey.size(), row.keyOctets)
                << proposal;
        }
    }
}

// Covers P1-03.
TEST(MainModeGroups, EveryGroupEstablishesWithItsLengthOfKe)
{
    for (const uint16_t number : {1, 2, 5, 14, 15, 16, 17, 18, 19, 20, 21})
    {
        PeerPair pair = Phase1Pair("pre-g" + std::to_string(number) + "-aes128-sha");
        pair.Initiate(Side::A);
        pair.Settle();
        ASSERT_TRUE(pair.IsIkeUp()) << number;
        for (const size_t message : {2, 3})
        {
            EXPECT_EQ(BodyOf(ClearPayloads(pair.Sent()[message].octets), PayloadType::Ke).size(),
                      FindDhGroup(number)->keOctets)
                << number;
        }
    }
}

// Covers P1-10.
TEST(MainModeOffer, StandardSetIsTwoTransformsInItsOrder)
{
    PeerPair pair = Phase1Pair("standard");
    pair.Initiate(Side::A);
    const SaPayload sa = OfferOf(pair.Next());
    ASSERT_EQ(sa.proposals.size(), 1u);
    EXPECT_EQ(sa.proposals[0].protocol, ProtocolId::Isakmp);
    ASSERT_EQ(sa.proposals[0].transforms.size(), 2u);
    bool conflict = false;
    const TransformPayload& first = sa.proposals[0].transforms[0];
    const TransformPayload& second = sa.proposals[0].transforms[1];
    EXPECT_EQ(first.number, 1);
    EXPECT_EQ(first.Number(static_cast<uint16_t>(IkeAttribute::Encryption), conflict), 7u);
    EXPECT_EQ(first.Number(static_cast<uint16_t>(IkeAttribute::KeyLength), conflict), 128u);
    EXPECT_EQ(first.Number(static_cast<uint16_t>(IkeAttribute::Hash), conflict), 2u);
    EXPECT_EQ(first.Number(static_cast<uint16_t>(IkeAttribute::Authentication), conflict), 1u);
    EXPECT_EQ(first.Number(static_cast<uint16_t>(IkeAttribute::Group), conflict), 2u);
    EXPECT_EQ(second.number, 2);
    EXPECT_EQ(second.Number(static_cast<uint16_t>(IkeAttribute::Encryption), conflict), 5u);
    EXPECT_FALSE(
        second.Number(static_cast<uint16_t>(IkeAttribute::KeyLength), conflict).has_value());
    EXPECT_FALSE(conflict);
}

// Covers P1-11, P1-12, P1-17.
TEST(MainModeOffer, SetsGoOutWhole)
{
    const std::vector<std::pair<std::string, size_t>> sets = {{"compatible", 4}, {"basic", 2}};
    for (const auto& [set, count] : sets)
    {
        PeerPair pair = Phase1Pair(set);
        pair.Initiate(Side::A);
        EXPECT_EQ(OfferOf(pair.Next()).proposals[0].transforms.size(), count) << set;
        pair.Settle();
        EXPECT_EQ(AgreedProposal(pair), ParsePhase1Proposals(set)[0].ToString());
    }
}

// Covers P1-13, P1-17.
TEST(MainModeOffer, OneProposalGoesOutAlone)
{
    PeerPair pair = Phase1Pair("pre-g5-aes192-sha384");
    pair.Initiate(Side::A);
    EXPECT_EQ(OfferOf(pair.Next()).proposals[0].transforms.size(), 1u);
    pair.Settle();
    EXPECT_EQ(AgreedProposal(pair), "pre-g5-aes192-sha384");
}

// Covers P1-08, P1-16.
TEST_P(MainModeNegotiation, ResponderTakesTheFirstOfTheInitiatorsListThatItAccepts)
{
    const std::string a = "pre-g1-aes128-sha pre-g1-3des-sha pre-g1-des-md5";
    const std::string b = "pre-g1-des-md5 pre-g1-3des-sha";
    PeerPair pair = m_initiator == Side::A ? Phase1Pair(a, b) : Phase1Pair(b, a);
    pair.Initiate(m_initiator);
    pair.Settle();
    EXPECT_EQ(AgreedProposal(pair), "pre-g1-3des-sha");
}

// Covers P1-18.
TEST_P(MainModeNegotiation, EachOfTheFourPartsMustMatch)
{
    for (const char* other : {"pre-g2-des-md5", "pre-g1-3des-md5", "pre-g1-des-sha"})
    {
        PeerPair pair = Phase1Pair("pre-g1-des-md5", other);
        pair.Initiate(m_initiator);
        pair.Settle();
        EXPECT_TRUE(pair.IsIkeDown()) << other;
        EXPECT_GT(pair.Drops(m_responder, Fault::NoProposalChosen), 0u) << other;
    }
}

// Covers P1-18.
TEST_P(MainModeNegotiation, AnotherAuthenticationMethodIsNotChosen)
{
    PeerPair pair = Phase1Pair();
    pair.Initiate(m_initiator);
    const Octets changed = Rewritten(
        pair.Next().octets,
        [](std::vector<RawPayload>& payloads)
        {
            SaPayload sa = *ParseSaPayload(payloads[0].body);
            for (DataAttribute& attribute : sa.proposals[0].transforms[0].attributes)
            {
                if (attribute.type == static_cast<uint16_t>(IkeAttribute::Authentication))
                {
                    attribute = DataAttribute::Basic(
                        attribute.type, static_cast<uint16_t>(AuthMethodId::RsaSignature));
                }
            }
            payloads[0].body = WriteSaPayload(sa);
        });
    EXPECT_EQ(DroppedFault(pair.DeliverInstead(changed)), Fault::NoProposalChosen);
}

// Covers P1-18, P1-19, LT-03.
TEST_P(MainModeNegotiation, ShorterLifetimeCountsAtBothEndsAndNeverFails)
{
    const std::vector<std::pair<Duration, Duration>> pairs = {{hours(24), hours(1)},
                                                              {hours(1), hours(24)},
                                                              {seconds(70000), seconds(65536)},
                                                              {seconds(600), seconds(600)}};
    for (const auto& [ofA, ofB] : pairs)
    {
        EngineConfig a = SiteConfig(Side::A);
        EngineConfig b = SiteConfig(Side::B);
        a.peers[0].lifetime = ofA;
        b.peers[0].lifetime = ofB;
        PeerPair pair = Phase1Pair(a, b);
        pair.Initiate(m_initiator);
        pair.DeliverAll();
        ASSERT_TRUE(pair.IsIkeUp());
        const Duration shorter = std::min(ofA, ofB);
        for (const Side side : {Side::A, Side::B})
        {
            const IkeSaInfo info = pair.End(side).engine.IkeSas()[0];
            EXPECT_EQ(info.expiresAt - info.establishedAt, shorter) << side;
        }
    }
}

// Covers P1-20.
TEST(MainModeResponder, StaticPeersGetTheirOwnList)
{
    EngineConfig a = SiteConfig(Side::A, "pre-g1-aes256-sha");
    PeerConfig second = a.peers[0];
    a.peers[0].children.clear();
    second.name = "second";
    second.remoteAddress = IpAddress::Parse("192.0.2.3");
    second.proposals = ParsePhase1Proposals("pre-g1-des-md5");
    second.children.clear();
    a.peers.insert(a.peers.begin(), second);
    PeerPair pair(a, SiteConfig(Side::B, "pre-g1-des-md5 pre-g1-aes256-sha"));
    pair.Initiate(Side::B);
    for (int message = 1; message <= 6; message++)
    {
        pair.Deliver();
    }
    EXPECT_EQ(AgreedProposal(pair), "pre-g1-aes256-sha");
    EXPECT_EQ(pair.End(Side::A).engine.IkeSas().at(0).peer, 1u);
    EXPECT_EQ(pair.End(Side::A).engine.IkeSas().at(0).peerName, "other");
}

} // namespace ipsec
} // namespace ns3
