// SPDX-License-Identifier: GPL-2.0-only
#include "key-holder.h"
#include "peer-pair.h"

#include "ns3/isakmp-sa-payload.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

const char BUNDLE[] = "nopfs-ah-md5+esp-3des-sha";

/// A pair with the quick mode message of this number on its way: 1 is QM1.
PeerPair
PairAt(size_t message, const std::string& phase2 = "nopfs-esp-des-md5")
{
    PeerPair pair("pre-g1-des-md5", phase2);
    pair.Acquire(Side::A);
    pair.DeliverAll(6 + message - 1);
    EXPECT_EQ(pair.InFlight(), 1u);
    return pair;
}

/// Returns the next message with changed payloads and a right HASH.
Octets
Rehashed(const PeerPair& pair, const PayloadChange& change)
{
    const KeyHolder holder(pair);
    const Octets& qm1 = pair.Sent().at(6).octets;
    const Octets iv = holder.FirstIv(ParseIsakmpHeader(qm1)->messageId);
    if (pair.Sent().size() == 7)
    {
        return holder.Rehashed(qm1, iv, {}, change);
    }
    const Octets ni = BodyOf(holder.Open(qm1, iv), PayloadType::Nonce);
    return holder.Rehashed(pair.Next().octets, holder.IvAfter(qm1), ni, change);
}

/// Delivers QM1 with changed payloads and a right HASH in place of the good one: no SA may come of
/// it, and the initiator learns of it, unless @p notify is 0.
void
ExpectQm1Refused(const PayloadChange& change,
                 Fault fault,
                 uint16_t notify,
                 const std::string& phase2 = "nopfs-esp-des-md5")
{
    PeerPair pair = PairAt(1, phase2);
    const Effects effects = pair.DeliverInstead(Rehashed(pair, change));
    pair.Lose();
    EXPECT_TRUE(WasRefused(effects));
    EXPECT_STREQ(FaultName(DroppedFault(effects)), FaultName(fault));
    EXPECT_TRUE(pair.End(Side::B).sas.empty());
    if (notify != 0)
    {
        ASSERT_EQ(pair.InFlight(), 1u);
        EXPECT_TRUE(pair.Next().summary.encrypted);
        EXPECT_EQ(pair.Next().summary.payloads.back().notify, notify);
    }
    else
    {
        EXPECT_EQ(pair.InFlight(), 0u);
    }
    EXPECT_TRUE(pair.IsIkeUp());
}

/// Delivers QM2 with changed payloads and a right HASH in place of the good one: the initiator must
/// abort for this reason, neither end may keep an SA, and another attempt must succeed.
void
ExpectQm2Refused(const PayloadChange& change,
                 Fault fault,
                 const std::string& phase2 = "nopfs-esp-des-md5")
{
    PeerPair pair = PairAt(2, phase2);
    const Effects effects = pair.DeliverInstead(Rehashed(pair, change));
    pair.Lose();
    EXPECT_STREQ(FaultName(DroppedFault(effects)), FaultName(fault));
    const auto* failed = FindEffect<AcquireFailed>(effects);
    ASSERT_NE(failed, nullptr);
    EXPECT_STREQ(FaultName(failed->reason), FaultName(fault));
    EXPECT_TRUE(pair.End(Side::A).sas.empty());
    pair.Settle();
    EXPECT_TRUE(pair.End(Side::B).sas.empty());
    pair.Acquire(Side::A);
    pair.Settle();
    const bool isBundle = phase2.find('+') != std::string::npos;
    EXPECT_TRUE(pair.AreTunnelsUp(isBundle ? 2 : 1));
}

PayloadChange
WithSa(const std::function<void(SaPayload&)>& change)
{
    return [change](std::vector<RawPayload>& payloads)
    {
        RawPayload& raw = PayloadOf(payloads, PayloadType::Sa);
        SaPayload sa = *ParseSaPayload(raw.body);
        change(sa);
        raw.body = WriteSaPayload(sa);
    };
}

PayloadChange
WithBody(PayloadType type, const Octets& body)
{
    return [type, body](std::vector<RawPayload>& payloads)
    { PayloadOf(payloads, type).body = body; };
}

PayloadChange
Without(PayloadType type)
{
    return [type](std::vector<RawPayload>& payloads)
    {
        payloads.erase(std::remove_if(payloads.begin(),
                                      payloads.end(),
                                      [type](const RawPayload& p) { return p.type == type; }),
                       payloads.end());
    };
}

PayloadChange
Twice(PayloadType type)
{
    return [type](std::vector<RawPayload>& payloads)
    {
        const RawPayload copy = PayloadOf(payloads, type);
        payloads.push_back(copy);
    };
}

constexpr uint16_t INVALID_PAYLOAD_TYPE = 1;
constexpr uint16_t PAYLOAD_MALFORMED = 16;
constexpr uint16_t INVALID_KEY_INFORMATION = 17;
constexpr uint16_t INVALID_ID_INFORMATION = 18;
constexpr uint16_t NO_PROPOSAL_CHOSEN = 14;
constexpr uint16_t INVALID_SPI = 11;

} // namespace

// bad input 36
TEST(BadPhase2Input, MissingPayloadsAreRefused)
{
    for (const PayloadType type : {PayloadType::Sa, PayloadType::Nonce})
    {
        // Without an SA it could be an informational message as well, which is never answered.
        const uint16_t notify = type == PayloadType::Sa ? 0 : PAYLOAD_MALFORMED;
        ExpectQm1Refused(Without(type), Fault::MissingPayload, notify);
        ExpectQm2Refused(Without(type), Fault::MissingPayload);
    }
}

// bad input 37
TEST(BadPhase2Input, DoubledPayloadsAreRefused)
{
    for (const PayloadType type : {PayloadType::Sa, PayloadType::Nonce})
    {
        ExpectQm1Refused(Twice(type), Fault::DuplicatePayload, PAYLOAD_MALFORMED);
        ExpectQm2Refused(Twice(type), Fault::DuplicatePayload);
    }
}

// bad input 37, 70
TEST(BadPhase2Input, ThreeIdentitiesAreRefused)
{
    ExpectQm1Refused(Twice(PayloadType::Id), Fault::DuplicatePayload, PAYLOAD_MALFORMED);
    ExpectQm2Refused(Twice(PayloadType::Id), Fault::DuplicatePayload);
}

// bad input 70
TEST(BadPhase2Input, OneIdentityAloneIsRefused)
{
    const auto removeLast = [](std::vector<RawPayload>& payloads) { payloads.pop_back(); };
    ExpectQm1Refused(removeLast, Fault::BadIdentity, INVALID_ID_INFORMATION);
    ExpectQm2Refused(removeLast, Fault::BadIdentity);
}

// bad input 35
TEST(BadPhase2Input, PayloadsThatHaveNoPlaceAreRefused)
{
    for (const PayloadType type : {PayloadType::Delete, PayloadType::Cert, PayloadType::Sig})
    {
        const auto add = [type](std::vector<RawPayload>& payloads) {
            payloads.push_back({type, Octets(16, 1)});
        };
        ExpectQm1Refused(add, Fault::UnexpectedPayload, INVALID_PAYLOAD_TYPE);
        ExpectQm2Refused(add, Fault::UnexpectedPayload);
    }
}

// bad input 38
TEST(BadPhase2Input, SaThatIsNotSecondIsRefused)
{
    const auto swap = [](std::vector<RawPayload>& payloads)
    { std::swap(payloads.at(0), payloads.at(1)); };
    ExpectQm1Refused(swap, Fault::UnexpectedPayload, INVALID_PAYLOAD_TYPE);
    ExpectQm2Refused(swap, Fault::UnexpectedPayload);
}

// bad input 51, 52
TEST(BadPhase2Input, SpisThatNobodyMayUseAreRefused)
{
    for (const char* hex : {"00000000", "00000001", "000000ff"})
    {
        const auto change = WithSa([hex](SaPayload& sa) { sa.proposals[0].spi = FromHex(hex); });
        ExpectQm1Refused(change, Fault::BadSpi, INVALID_SPI);
        ExpectQm2Refused(change, Fault::BadSpi);
    }
}

// bad input 55, 56, 57
TEST(BadPhase2Input, OffersThatAreNotUnderstoodAreNotChosen)
{
    const auto add = [](IpsecAttribute attribute, uint16_t value)
    {
        return WithSa(
            [attribute, value](SaPayload& sa)
            {
                sa.proposals[0].transforms[0].attributes.push_back(
                    DataAttribute::Basic(static_cast<uint16_t>(attribute), value));
            });
    };
    ExpectQm1Refused(
        add(IpsecAttribute::Authentication, 2), Fault::NoProposalChosen, NO_PROPOSAL_CHOSEN);
    ExpectQm1Refused(
        add(IpsecAttribute::KeyLength, 128), Fault::NoProposalChosen, NO_PROPOSAL_CHOSEN);
    ExpectQm1Refused(
        add(IpsecAttribute::KeyRounds, 1), Fault::NoProposalChosen, NO_PROPOSAL_CHOSEN);
    ExpectQm1Refused(add(IpsecAttribute::Group, 2), Fault::NoProposalChosen, NO_PROPOSAL_CHOSEN);
}

// bad input 50
TEST(BadPhase2Input, IsakmpProposalIsNotChosen)
{
    ExpectQm1Refused(WithSa([](SaPayload& sa) { sa.proposals[0].protocol = ProtocolId::Isakmp; }),
                     Fault::NoProposalChosen,
                     NO_PROPOSAL_CHOSEN);
}

// bad input 60: ESP without integrity
TEST(BadPhase2Input, EspWithoutIntegrityIsNotChosen)
{
    ExpectQm1Refused(WithSa(
                         [](SaPayload& sa)
                         {
                             auto& attributes = sa.proposals[0].transforms[0].attributes;
                             attributes.erase(
                                 std::remove_if(attributes.begin(),
                                                attributes.end(),
                                                [](const DataAttribute& a) {
                                                    return a.type ==
                                                           static_cast<uint16_t>(
                                                               IpsecAttribute::Authentication);
                                                }),
                                 attributes.end());
                         }),
                     Fault::NoProposalChosen,
                     NO_PROPOSAL_CHOSEN);
}

// bad input 61
TEST(BadPhase2Input, AnswerThatWasNotOfferedIsRefused)
{
    ExpectQm2Refused(WithSa([](SaPayload& sa) { sa.proposals[0].transforms[0].id = 3; }),
                     Fault::ChangedProposal);
    ExpectQm2Refused(WithSa([](SaPayload& sa) { sa.proposals[0].number = 2; }),
                     Fault::ChangedProposal);
    ExpectQm2Refused(WithSa([](SaPayload& sa) { sa.proposals[0].protocol = ProtocolId::Ah; }),
                     Fault::ChangedProposal);
    ExpectQm2Refused(
        WithSa([](SaPayload& sa)
               { sa.proposals[0].transforms.push_back(sa.proposals[0].transforms[0]); }),
        Fault::ChangedProposal);
    ExpectQm2Refused(WithSa([](SaPayload& sa) { sa.proposals.push_back(sa.proposals[0]); }),
                     Fault::ChangedProposal);
}

// bad input 61: tunnel became transport
TEST(BadPhase2Input, AnswerInAnotherModeIsRefused)
{
    ExpectQm2Refused(WithSa(
                         [](SaPayload& sa)
                         {
                             for (DataAttribute& a : sa.proposals[0].transforms[0].attributes)
                             {
                                 if (a.type ==
                                     static_cast<uint16_t>(IpsecAttribute::EncapsulationMode))
                                 {
                                     a = DataAttribute::Basic(a.type, ENCAPSULATION_TRANSPORT);
                                 }
                             }
                         }),
                     Fault::ChangedProposal);
}

// bad input 61: a bundle is answered whole
TEST(BadPhase2Input, AnswerToABundleWithoutEitherHalfIsRefused)
{
    for (const size_t half : {0, 1})
    {
        const auto drop =
            WithSa([half](SaPayload& sa) { sa.proposals.erase(sa.proposals.begin() + half); });
        ExpectQm2Refused(drop, Fault::ChangedProposal, BUNDLE);
    }
    ExpectQm2Refused(WithSa([](SaPayload& sa) { sa.proposals.push_back(sa.proposals[0]); }),
                     Fault::ChangedProposal,
                     BUNDLE);
}

// bad input 49: a third protocol under the same number makes another combination
TEST(BadPhase2Input, ThreeProposalsOfOneNumberAreNotChosen)
{
    for (const ProtocolId protocol : {ProtocolId::Ah, ProtocolId::Esp, ProtocolId::IpComp})
    {
        ExpectQm1Refused(WithSa(
                             [protocol](SaPayload& sa)
                             {
                                 sa.proposals.push_back(sa.proposals[1]);
                                 sa.proposals.back().protocol = protocol;
                             }),
                         Fault::NoProposalChosen,
                         NO_PROPOSAL_CHOSEN,
                         BUNDLE);
    }
}

// bad input 51, 52
TEST(BadPhase2Input, SpiThatNobodyMayUseInEitherHalfOfABundleIsRefused)
{
    for (const size_t half : {0, 1})
    {
        for (const char* hex : {"00000000", "000000ff", "001000", "0000100000"})
        {
            const auto change =
                WithSa([&](SaPayload& sa) { sa.proposals[half].spi = FromHex(hex); });
            ExpectQm1Refused(change, Fault::BadSpi, INVALID_SPI, BUNDLE);
            ExpectQm2Refused(change, Fault::BadSpi, BUNDLE);
        }
    }
}

// bad input 56: nobody asked for extended sequence numbers
TEST(BadPhase2Input, AnswerWithExtendedSequenceNumbersThatWereNotOfferedIsRefused)
{
    for (const char* phase2 : {"nopfs-esp-des-md5", "nopfs-ah-md5", BUNDLE})
    {
        ExpectQm2Refused(
            WithSa(
                [](SaPayload& sa)
                {
                    for (ProposalPayload& proposal : sa.proposals)
                    {
                        proposal.transforms[0].attributes.push_back(DataAttribute::Basic(
                            static_cast<uint16_t>(IpsecAttribute::ExtendedSequence), 1));
                    }
                }),
            Fault::ChangedProposal,
            phase2);
    }
}

// bad input 55, 57: what AH does not have, and what contradicts its transform
TEST(BadPhase2Input, AhWithOtherAttributesIsNotChosen)
{
    for (const IpsecAttribute attribute :
         {IpsecAttribute::KeyLength, IpsecAttribute::Authentication})
    {
        ExpectQm1Refused(WithSa(
                             [attribute](SaPayload& sa)
                             {
                                 sa.proposals[0].transforms[0].attributes.push_back(
                                     DataAttribute::Basic(static_cast<uint16_t>(attribute), 2));
                             }),
                         Fault::NoProposalChosen,
                         NO_PROPOSAL_CHOSEN,
                         "nopfs-ah-md5");
    }
}

// bad input 62, 63
TEST(BadPhase2Input, BadPublicValuesAreRefused)
{
    Octets one(96, 0);
    one.back() = 1;
    for (const Octets& value :
         {Octets(), Octets(95, 5), Octets(97, 5), Octets(96, 0), one, Octets(96, 0xff)})
    {
        ExpectQm1Refused(WithBody(PayloadType::Ke, value),
                         Fault::BadKeyExchange,
                         INVALID_KEY_INFORMATION,
                         "g1-esp-des-md5");
        ExpectQm2Refused(WithBody(PayloadType::Ke, value), Fault::BadKeyExchange, "g1-esp-des-md5");
    }
}

// bad input 59: a group without a KE, and a KE without a group
TEST(BadPhase2Input, GroupAndKeGoTogether)
{
    ExpectQm1Refused(
        Without(PayloadType::Ke), Fault::MissingPayload, PAYLOAD_MALFORMED, "g1-esp-des-md5");
    ExpectQm2Refused(Without(PayloadType::Ke), Fault::MissingPayload, "g1-esp-des-md5");
    const auto addKe = [](std::vector<RawPayload>& payloads) {
        payloads.insert(payloads.begin() + 2, {PayloadType::Ke, Octets(96, 5)});
    };
    ExpectQm1Refused(addKe, Fault::UnexpectedPayload, INVALID_PAYLOAD_TYPE);
    ExpectQm2Refused(addKe, Fault::UnexpectedPayload);
}

// bad input 64
TEST(BadPhase2Input, NonceOutside8To256OctetsIsRefused)
{
    for (const size_t octets : {0, 7, 257})
    {
        ExpectQm1Refused(
            WithBody(PayloadType::Nonce, Octets(octets, 5)), Fault::BadNonce, PAYLOAD_MALFORMED);
        ExpectQm2Refused(WithBody(PayloadType::Nonce, Octets(octets, 5)), Fault::BadNonce);
    }
}

// bad input 65
TEST(BadPhase2Input, OwnNonceAndKeReflectedInQm2AreRefused)
{
    for (const PayloadType type : {PayloadType::Nonce, PayloadType::Ke})
    {
        const PeerPair pair = PairAt(2, "g1-esp-des-md5");
        const KeyHolder holder(pair);
        const Octets& qm1 = pair.Sent().at(6).octets;
        const Octets own =
            BodyOf(holder.Open(qm1, holder.FirstIv(ParseIsakmpHeader(qm1)->messageId)), type);
        ExpectQm2Refused(WithBody(type, own), Fault::ReflectedValue, "g1-esp-des-md5");
    }
}

// bad input 66
TEST(BadPhase2Input, MalformedIdentitiesAreRefused)
{
    for (const char* hex : {"00000000 0a010000 ffffff00",
                            "04000000 0a010000",
                            "04000000 0a010000 ff00ff00",
                            "01000000 0a0100",
                            "0c000000 0a010001",
                            "07000000 0a010005 0a010001"})
    {
        ExpectQm1Refused(
            WithBody(PayloadType::Id, FromHex(hex)), Fault::BadIdentity, INVALID_ID_INFORMATION);
        ExpectQm2Refused(WithBody(PayloadType::Id, FromHex(hex)), Fault::BadIdentity);
    }
}

// bad input 70
TEST(BadPhase2Input, IdentityOfAnotherTypeIsAMismatch)
{
    const Octets name = Concat({Octets{2, 0, 0, 0}, AsOctets("gw.example.com")});
    ExpectQm1Refused(
        WithBody(PayloadType::Id, name), Fault::ProxyIdMismatch, INVALID_ID_INFORMATION);
    ExpectQm2Refused(WithBody(PayloadType::Id, name), Fault::ProxyIdMismatch);
}

// Covers QM-13: the answer must repeat the identities.
TEST(BadPhase2Input, AnswerWithOtherIdentitiesIsRefused)
{
    ExpectQm2Refused(WithBody(PayloadType::Id, FromHex("04000000 0a010000 ffff0000")),
                     Fault::ProxyIdMismatch);
    ExpectQm2Refused([](std::vector<RawPayload>& payloads)
                     { std::swap(payloads[payloads.size() - 2], payloads[payloads.size() - 1]); },
                     Fault::ProxyIdMismatch);
}

} // namespace ipsec
} // namespace ns3
