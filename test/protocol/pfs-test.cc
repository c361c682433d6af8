// SPDX-License-Identifier: GPL-2.0-only
#include "key-holder.h"
#include "peer-pair.h"

#include "ns3/isakmp-sa-payload.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

const char* const CHOICES[] = {"nopfs", "g2", "g14"};

/// Whether an end takes PFS that it did not ask for.
enum class Lenience : uint8_t
{
    Strict,
    Lenient,
};

/// Runs with either side starting, and both kinds of responders.
class Pfs : public testing::TestWithParam<std::tuple<Side, Lenience>>
{
  protected:
    /// A pair whose initiator and responder chose so; the lenience is the responder's.
    PeerPair
    SettledPair(const std::string& ofInitiator, const std::string& ofResponder) const
    {
        const auto configOf = [](Side side, const std::string& pfs)
        { return SiteConfig(side, "pre-g1-des-md5", pfs + "-esp-des-md5"); };
        EngineConfig initiator = configOf(m_initiator, ofInitiator);
        EngineConfig responder = configOf(Other(m_initiator), ofResponder);
        responder.peers[0].personality.Edit().acceptUnrequestedPfs =
            m_lenience == Lenience::Lenient;
        PeerPair pair = m_initiator == Side::A ? PeerPair(initiator, responder)
                                               : PeerPair(responder, initiator);
        pair.Acquire(m_initiator);
        pair.Settle();
        return pair;
    }

    const Side m_initiator = std::get<0>(GetParam());
    const Lenience m_lenience = std::get<1>(GetParam());
};

std::string
NameOf(const testing::TestParamInfo<std::tuple<Side, Lenience>>& info)
{
    return std::string(std::get<0>(info.param) == Side::A ? "FromA" : "FromB") +
           (std::get<1>(info.param) == Lenience::Strict ? "ToStrict" : "ToLenient");
}

INSTANTIATE_TEST_SUITE_P(EitherSideStarts,
                         Pfs,
                         testing::Combine(testing::Values(Side::A, Side::B),
                                          testing::Values(Lenience::Strict, Lenience::Lenient)),
                         NameOf);

} // namespace

// Covers QM-10.
TEST_P(Pfs, NineMeetingsOfNoneGroup2AndGroup14)
{
    for (const std::string ofInitiator : CHOICES)
    {
        for (const std::string ofResponder : CHOICES)
        {
            const PeerPair pair = SettledPair(ofInitiator, ofResponder);
            const bool agree = ofInitiator == ofResponder ||
                               (m_lenience == Lenience::Lenient && ofResponder == "nopfs");
            ASSERT_EQ(pair.AreTunnelsUp(), agree) << ofInitiator << " and " << ofResponder;
            if (agree)
            {
                for (const Side side : {Side::A, Side::B})
                {
                    EXPECT_EQ(pair.Sas(side, SaDirection::Inbound).at(0).proposal,
                              ofInitiator + "-esp-des-md5");
                }
                continue;
            }
            const std::vector<AcquireFailed> failures = pair.Seen<AcquireFailed>(m_initiator);
            ASSERT_EQ(failures.size(), 1u);
            EXPECT_EQ(failures[0].notify, 14) << ofInitiator << " and " << ofResponder;
            EXPECT_TRUE(pair.End(Side::A).sas.empty());
            EXPECT_TRUE(pair.End(Side::B).sas.empty());
        }
    }
}

// Covers QM-10. bad input 59, 62: the value of another group
TEST(PfsGroup, ValueOfAnotherGroupIsInvalidKeyInformation)
{
    PeerPair pair("pre-g1-des-md5", "g14-esp-des-md5");
    pair.Acquire(Side::A);
    pair.DeliverAll(6);
    const KeyHolder holder(pair);
    const Octets qm1 = pair.Next().octets;
    const Octets iv = holder.FirstIv(ParseIsakmpHeader(qm1)->messageId);
    const Octets other =
        holder.Rehashed(qm1,
                        iv,
                        {},
                        [](std::vector<RawPayload>& payloads)
                        { PayloadOf(payloads, PayloadType::Ke).body = Octets(128, 5); });
    EXPECT_EQ(DroppedFault(pair.DeliverInstead(other)), Fault::BadKeyExchange);
    pair.Lose();
    ASSERT_EQ(pair.InFlight(), 1u);
    EXPECT_EQ(pair.Next().summary.payloads.back().notify, 17);
    pair.Settle();
    EXPECT_EQ(pair.Seen<AcquireFailed>(Side::A).at(0).notify, 17);
    EXPECT_TRUE(pair.End(Side::B).sas.empty());
}

// bad input 61: lenience is about requests; an answer adds nothing to what was offered
TEST(PfsGroup, LenientInitiatorTakesNoGroupThatItDidNotOffer)
{
    EngineConfig a = SiteConfig(Side::A);
    a.peers[0].personality.Edit().acceptUnrequestedPfs = true;
    PeerPair pair(a, SiteConfig(Side::B));
    pair.Acquire(Side::A);
    pair.DeliverAll(7);
    const KeyHolder holder(pair);
    const Octets& qm1 = pair.Sent().at(6).octets;
    const Octets ni = BodyOf(holder.Open(qm1, holder.FirstIv(ParseIsakmpHeader(qm1)->messageId)),
                             PayloadType::Nonce);
    const auto addGroup = [](std::vector<RawPayload>& payloads)
    {
        RawPayload& raw = PayloadOf(payloads, PayloadType::Sa);
        SaPayload sa = *ParseSaPayload(raw.body);
        sa.proposals[0].transforms[0].attributes.push_back(
            DataAttribute::Basic(static_cast<uint16_t>(IpsecAttribute::Group), 2));
        raw.body = WriteSaPayload(sa);
    };
    const Octets qm2 = holder.Rehashed(pair.Next().octets, holder.IvAfter(qm1), ni, addGroup);
    EXPECT_EQ(DroppedFault(pair.DeliverInstead(qm2)), Fault::ChangedProposal);
    EXPECT_TRUE(pair.End(Side::A).sas.empty());
}

} // namespace ipsec
} // namespace ns3
