// SPDX-License-Identifier: GPL-2.0-only
#include "config-samples.h"

#include "ns3/ike-phase2-negotiation.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr IpsecSpis OURS = {0x1000, 0x2000};
constexpr IpsecSpis THEIRS = {0x3000, 0x4000};

ChildConfig
ChildOf(const std::string& proposals, ExtendedSequence sequence = ExtendedSequence::Off)
{
    ChildConfig child = GoodChild("lan");
    child.proposals = ParsePhase2Proposals(proposals);
    child.extendedSequence = sequence;
    return child;
}

/// Returns what a responder with @p child answers to an offer.
Result<Phase2Choice>
Choose(const SaPayload& offer, const ChildConfig& child)
{
    SaPayload answer;
    return ChoosePhase2(offer, {child}, OURS, answer);
}

/// Returns the text of a choice, or of its fault.
std::string
Text(const Result<Phase2Choice>& choice)
{
    return choice ? choice->proposal.ToString() : FaultName(choice.GetFault());
}

/// Returns what two ends agree on, as the initiator reads it.
std::string
Agreed(const ChildConfig& initiator, const ChildConfig& responder)
{
    const SaPayload offer = OfferPhase2({initiator}, THEIRS);
    SaPayload answer;
    const Result<Phase2Choice> chosen = ChoosePhase2(offer, {responder}, OURS, answer);
    if (!chosen)
    {
        return FaultName(chosen.GetFault());
    }
    const Result<Phase2Choice> read = CheckPhase2Answer(answer, {initiator});
    EXPECT_EQ(Text(read), Text(chosen));
    EXPECT_TRUE(read && read->extendedSequence == chosen->extendedSequence);
    return Text(chosen) + (chosen->extendedSequence ? " esn" : "");
}

void
AddAttribute(TransformPayload& transform, IpsecAttribute attribute, uint16_t value)
{
    transform.attributes.push_back(DataAttribute::Basic(static_cast<uint16_t>(attribute), value));
}

void
RemoveAttribute(TransformPayload& transform, IpsecAttribute attribute)
{
    auto& all = transform.attributes;
    for (size_t i = all.size(); i-- > 0;)
    {
        if (all[i].type == static_cast<uint16_t>(attribute))
        {
            all.erase(all.begin() + static_cast<std::ptrdiff_t>(i));
        }
    }
}

void
SetAttribute(TransformPayload& transform, IpsecAttribute attribute, uint16_t value)
{
    RemoveAttribute(transform, attribute);
    AddAttribute(transform, attribute, value);
}

} // namespace

// Covers QM-03, QM-09, QM-16.
TEST(Phase2Negotiation, EveryProposalMatchesItselfAndNoOther)
{
    const std::vector<std::string> proposals = {"nopfs-esp-null-sha",
                                                "nopfs-esp-3des-sha",
                                                "nopfs-esp-aes128-sha",
                                                "nopfs-esp-aes256-sha",
                                                "nopfs-esp-aes128ctr-sha",
                                                "nopfs-esp-aes256ctr-sha",
                                                "nopfs-esp-aes128gcm",
                                                "nopfs-esp-aes256gcm",
                                                "nopfs-ah-md5",
                                                "nopfs-ah-sha256",
                                                "nopfs-ah-md5+esp-3des-sha",
                                                "nopfs-ah-sha+esp-3des-sha",
                                                "nopfs-ah-md5+esp-3des-md5",
                                                "nopfs-ah-md5+esp-aes128gcm",
                                                "g2-ah-md5+esp-3des-sha"};
    for (const std::string& i : proposals)
    {
        for (const std::string& r : proposals)
        {
            EXPECT_EQ(Agreed(ChildOf(i), ChildOf(r)), i == r ? i : "NoProposalChosen");
        }
    }
}

TEST(Phase2Negotiation, AhIsOfferedWithTransformAndAttributeThatAgree)
{
    const std::vector<std::pair<const char*, int>> numbers = {
        {"md5", 2}, {"sha", 3}, {"sha256", 5}, {"sha384", 6}, {"sha512", 7}};
    for (const auto& [hash, id] : numbers)
    {
        const ChildConfig child = ChildOf(std::string("nopfs-ah-") + hash);
        const SaPayload offer = OfferPhase2({child}, THEIRS);
        ASSERT_EQ(offer.proposals.size(), 1u);
        EXPECT_EQ(offer.proposals[0].protocol, ProtocolId::Ah);
        EXPECT_EQ(ToHex(offer.proposals[0].spi), "00003000");
        const TransformPayload& transform = offer.proposals[0].transforms.at(0);
        EXPECT_EQ(transform.id, id);
        bool conflict = false;
        const auto attribute =
            transform.Number(static_cast<uint16_t>(IpsecAttribute::Authentication), conflict);
        // RFC 2407 section 4.5 counts from 1 where section 4.4.3 counts from 2; later hashes agree.
        EXPECT_EQ(attribute, id > 3 ? id : id - 1);
    }
}

TEST(Phase2Negotiation, BundleIsTwoProposalsOfOneNumberWithTheirOwnSpis)
{
    const ChildConfig child = ChildOf("nopfs-esp-des-md5 nopfs-ah-md5+esp-3des-sha");
    const SaPayload offer = OfferPhase2({child}, THEIRS);
    ASSERT_EQ(offer.proposals.size(), 3u);
    EXPECT_EQ(offer.proposals[0].number, 1);
    EXPECT_EQ(offer.proposals[1].number, 2);
    EXPECT_EQ(offer.proposals[2].number, 2);
    EXPECT_EQ(offer.proposals[1].protocol, ProtocolId::Ah);
    EXPECT_EQ(offer.proposals[2].protocol, ProtocolId::Esp);
    EXPECT_EQ(ToHex(offer.proposals[1].spi), "00003000");
    EXPECT_EQ(ToHex(offer.proposals[2].spi), "00004000");
}

TEST(Phase2Negotiation, AnswerToABundleRepeatsBothInThePeersOrder)
{
    const ChildConfig child = ChildOf("nopfs-ah-md5+esp-3des-sha");
    SaPayload offer = OfferPhase2({child}, THEIRS);
    std::swap(offer.proposals[0], offer.proposals[1]);
    SaPayload answer;
    const Result<Phase2Choice> choice = ChoosePhase2(offer, {child}, OURS, answer);
    ASSERT_TRUE(choice.Ok());
    EXPECT_EQ(choice->peerSpis.ah, THEIRS.ah);
    EXPECT_EQ(choice->peerSpis.esp, THEIRS.esp);
    ASSERT_EQ(answer.proposals.size(), 2u);
    EXPECT_EQ(answer.proposals[0].protocol, ProtocolId::Esp);
    EXPECT_EQ(ToHex(answer.proposals[0].spi), "00002000");
    EXPECT_EQ(answer.proposals[1].protocol, ProtocolId::Ah);
    EXPECT_EQ(ToHex(answer.proposals[1].spi), "00001000");
    EXPECT_EQ(answer.proposals[0].number, answer.proposals[1].number);
    EXPECT_TRUE(CheckPhase2Answer(answer, {child}).Ok());
}

// Covers QM-15.
TEST(Phase2Negotiation, FirstOfTheInitiatorsListCountsWhateverProtocolsItNames)
{
    const std::string list = "nopfs-esp-aes128gcm nopfs-ah-md5 nopfs-ah-md5+esp-3des-sha "
                             "nopfs-esp-3des-sha";
    EXPECT_EQ(Agreed(ChildOf(list), ChildOf("nopfs-esp-3des-sha nopfs-ah-md5")), "nopfs-ah-md5");
    EXPECT_EQ(Agreed(ChildOf("nopfs-esp-3des-sha nopfs-ah-md5"), ChildOf(list)),
              "nopfs-esp-3des-sha");
    EXPECT_EQ(Agreed(ChildOf(list), ChildOf("nopfs-esp-3des-sha nopfs-ah-md5+esp-3des-sha")),
              "nopfs-ah-md5+esp-3des-sha");
}

// Covers QM-15.
TEST(Phase2Negotiation, TransformsOfOneProposalAreAnOrderedListToo)
{
    const ChildConfig both = ChildOf("nopfs-esp-aes128-sha nopfs-esp-3des-sha");
    SaPayload offer = OfferPhase2({both}, THEIRS);
    offer.proposals[0].transforms.insert(offer.proposals[0].transforms.begin(),
                                         offer.proposals[1].transforms[0]);
    offer.proposals.pop_back();
    EXPECT_EQ(Text(Choose(offer, both)), "nopfs-esp-3des-sha");
    EXPECT_EQ(Text(Choose(offer, ChildOf("nopfs-esp-aes128-sha"))), "nopfs-esp-aes128-sha");
}

// Covers QM-15.
TEST(Phase2Negotiation, TheFirstProposalOfABundleHasTheFirstWord)
{
    // ESP: aes128, 3des; AH: md5, sha.
    SaPayload offer = OfferPhase2({ChildOf("nopfs-ah-md5+esp-aes128-sha")}, THEIRS);
    const SaPayload second = OfferPhase2({ChildOf("nopfs-ah-sha+esp-3des-sha")}, THEIRS);
    offer.proposals[0].transforms.push_back(second.proposals[0].transforms[0]);
    offer.proposals[1].transforms.push_back(second.proposals[1].transforms[0]);
    const ChildConfig mixed = ChildOf("nopfs-ah-sha+esp-aes128-sha nopfs-ah-md5+esp-3des-sha");
    EXPECT_EQ(Text(Choose(offer, mixed)), "nopfs-ah-md5+esp-3des-sha");
    std::swap(offer.proposals[0], offer.proposals[1]);
    EXPECT_EQ(Text(Choose(offer, mixed)), "nopfs-ah-sha+esp-aes128-sha");
}

// bad input 49
TEST(Phase2Negotiation, CombinationsThatWeDoNotHaveAreSkipped)
{
    const ChildConfig child =
        ChildOf("nopfs-esp-3des-sha nopfs-ah-md5 nopfs-ah-md5+esp-3des-sha nopfs-esp-des-md5");
    const SaPayload known = OfferPhase2({child}, THEIRS);
    const ProposalPayload esp = known.proposals[0];
    const ProposalPayload ah = known.proposals[1];
    ProposalPayload compressed = esp;
    compressed.protocol = ProtocolId::IpComp;
    ProposalPayload isakmp = esp;
    isakmp.protocol = ProtocolId::Isakmp;
    ProposalPayload last = known.proposals.back();
    last.number = 2;
    for (const std::vector<ProposalPayload>& strange : {std::vector<ProposalPayload>{esp, esp},
                                                        {ah, ah},
                                                        {esp, compressed},
                                                        {compressed},
                                                        {isakmp},
                                                        {ah, esp, esp},
                                                        {ah, esp, compressed}})
    {
        SaPayload offer;
        offer.proposals = strange;
        for (ProposalPayload& proposal : offer.proposals)
        {
            proposal.number = 1;
        }
        EXPECT_EQ(Text(Choose(offer, child)), "NoProposalChosen") << strange.size();
        offer.proposals.push_back(last);
        EXPECT_EQ(Text(Choose(offer, child)), "nopfs-esp-des-md5") << strange.size();
    }
}

// bad input 49: halves of a bundle that do not stand together, and numbers that descend
TEST(Phase2Negotiation, NumbersJoinProposalsWhereverTheyStand)
{
    const ChildConfig child = ChildOf("nopfs-ah-md5+esp-3des-sha");
    SaPayload offer = OfferPhase2({child}, THEIRS);
    ProposalPayload other = offer.proposals[1];
    other.number = 0;
    offer.proposals.insert(offer.proposals.begin() + 1, other);
    EXPECT_EQ(Text(Choose(offer, child)), "nopfs-ah-md5+esp-3des-sha");
    EXPECT_EQ(Text(Choose(offer, ChildOf("nopfs-esp-3des-sha"))), "nopfs-esp-3des-sha");
    EXPECT_EQ(Text(Choose(offer, ChildOf("nopfs-ah-md5"))), "NoProposalChosen");
}

// bad input 55, 56, 57, 60
TEST(Phase2Negotiation, TransformsThatContradictTheirAlgorithmAreNotChosen)
{
    using Change = void (*)(TransformPayload&);
    const std::vector<std::pair<const char*, Change>> wrong = {
        {"nopfs-ah-md5",
         [](TransformPayload& t) { SetAttribute(t, IpsecAttribute::Authentication, 2); }},
        {"nopfs-ah-md5",
         [](TransformPayload& t) { RemoveAttribute(t, IpsecAttribute::Authentication); }},
        {"nopfs-ah-md5",
         [](TransformPayload& t) { AddAttribute(t, IpsecAttribute::KeyLength, 128); }},
        {"nopfs-ah-md5", [](TransformPayload& t) { t.id = 1; }},
        {"nopfs-ah-md5", [](TransformPayload& t) { t.id = 0; }},
        {"nopfs-esp-aes128gcm",
         [](TransformPayload& t) { AddAttribute(t, IpsecAttribute::Authentication, 2); }},
        {"nopfs-esp-aes128gcm",
         [](TransformPayload& t) { SetAttribute(t, IpsecAttribute::KeyLength, 192); }},
        {"nopfs-esp-aes128gcm",
         [](TransformPayload& t) { RemoveAttribute(t, IpsecAttribute::KeyLength); }},
        {"nopfs-esp-aes128gcm", [](TransformPayload& t) { t.id = 18; }},
        {"nopfs-esp-aes128gcm", [](TransformPayload& t) { t.id = 23; }},
        {"nopfs-esp-aes128ctr-sha",
         [](TransformPayload& t) { RemoveAttribute(t, IpsecAttribute::Authentication); }},
        {"nopfs-esp-aes128ctr-sha",
         [](TransformPayload& t) { RemoveAttribute(t, IpsecAttribute::KeyLength); }},
        {"nopfs-esp-null-sha",
         [](TransformPayload& t) { RemoveAttribute(t, IpsecAttribute::Authentication); }}};
    for (size_t i = 0; i < wrong.size(); i++)
    {
        const ChildConfig child = ChildOf(wrong[i].first);
        SaPayload offer = OfferPhase2({child}, THEIRS);
        ASSERT_EQ(Text(Choose(offer, child)), wrong[i].first);
        wrong[i].second(offer.proposals[0].transforms[0]);
        EXPECT_EQ(Text(Choose(offer, child)), "NoProposalChosen") << wrong[i].first << " " << i;
    }
}

// Covers QM-16.
TEST(Phase2Negotiation, BothHalvesOfABundleMustBeInTheMode)
{
    const ChildConfig child = ChildOf("nopfs-ah-md5+esp-3des-sha");
    for (const size_t half : {0, 1})
    {
        SaPayload offer = OfferPhase2({child}, THEIRS);
        SetAttribute(offer.proposals[half].transforms[0],
                     IpsecAttribute::EncapsulationMode,
                     ENCAPSULATION_TRANSPORT);
        EXPECT_EQ(Text(Choose(offer, child)), "NoProposalChosen") << half;
    }
}

TEST(Phase2Negotiation, HalvesOfABundleThatDisagreeAreNotChosen)
{
    ChildConfig child = ChildOf("g2-ah-md5+esp-3des-sha", ExtendedSequence::Prefer);
    const SaPayload good = OfferPhase2({child}, THEIRS);
    for (const size_t half : {0, 1})
    {
        SaPayload offer = good;
        RemoveAttribute(offer.proposals[half].transforms[0], IpsecAttribute::Group);
        RemoveAttribute(offer.proposals[half].transforms[1], IpsecAttribute::Group);
        EXPECT_EQ(Text(Choose(offer, child)), "NoProposalChosen") << half;

        offer = good;
        // One half has only long numbers, the other only short ones.
        offer.proposals[half].transforms.pop_back();
        offer.proposals[1 - half].transforms.erase(offer.proposals[1 - half].transforms.begin());
        EXPECT_EQ(Text(Choose(offer, child)), "NoProposalChosen") << half;
    }
}

// RFC 4304
TEST(ExtendedSequenceNegotiation, EveryPairOfWishesEndsAsBothAllow)
{
    const auto off = ExtendedSequence::Off;
    const auto prefer = ExtendedSequence::Prefer;
    const auto require = ExtendedSequence::Require;
    for (const std::string text :
         {"nopfs-esp-3des-sha", "nopfs-ah-md5", "nopfs-ah-md5+esp-aes128gcm"})
    {
        const auto agreed = [&text](ExtendedSequence i, ExtendedSequence r)
        { return Agreed(ChildOf(text, i), ChildOf(text, r)); };
        EXPECT_EQ(agreed(off, off), text);
        EXPECT_EQ(agreed(off, prefer), text);
        EXPECT_EQ(agreed(off, require), "NoProposalChosen");
        EXPECT_EQ(agreed(prefer, off), text);
        EXPECT_EQ(agreed(prefer, prefer), text + " esn");
        EXPECT_EQ(agreed(prefer, require), text + " esn");
        EXPECT_EQ(agreed(require, off), "NoProposalChosen");
        EXPECT_EQ(agreed(require, prefer), text + " esn");
        EXPECT_EQ(agreed(require, require), text + " esn");
    }
}

TEST(ExtendedSequenceNegotiation, ResponderThatPrefersThemTakesWhatComesFirst)
{
    const ChildConfig child = ChildOf("nopfs-esp-3des-sha", ExtendedSequence::Prefer);
    SaPayload offer = OfferPhase2({child}, THEIRS);
    auto& transforms = offer.proposals[0].transforms;
    ASSERT_EQ(transforms.size(), 2u);
    EXPECT_EQ(transforms[0].number, 1);
    EXPECT_EQ(transforms[1].number, 2);
    EXPECT_TRUE(Choose(offer, child)->extendedSequence);
    std::swap(transforms[0], transforms[1]);
    EXPECT_FALSE(Choose(offer, child)->extendedSequence);
}

TEST(ExtendedSequenceNegotiation, OtherValuesAndEncodingsAreNotChosen)
{
    const ChildConfig child = ChildOf("nopfs-esp-3des-sha", ExtendedSequence::Require);
    for (const uint16_t value : {0, 2, 64})
    {
        SaPayload offer = OfferPhase2({child}, THEIRS);
        SetAttribute(offer.proposals[0].transforms[0], IpsecAttribute::ExtendedSequence, value);
        EXPECT_EQ(Text(Choose(offer, child)), "NoProposalChosen") << value;
    }
    SaPayload offer = OfferPhase2({child}, THEIRS);
    RemoveAttribute(offer.proposals[0].transforms[0], IpsecAttribute::ExtendedSequence);
    offer.proposals[0].transforms[0].attributes.push_back(DataAttribute::Variable(
        static_cast<uint16_t>(IpsecAttribute::ExtendedSequence), FromHex("0001")));
    EXPECT_EQ(Text(Choose(offer, child)), "NoProposalChosen");
}

TEST(ExtendedSequenceNegotiation, AnswerThatTurnsThemOffAgainstOurWishIsRefused)
{
    const ChildConfig child = ChildOf("nopfs-esp-3des-sha", ExtendedSequence::Require);
    SaPayload answer = OfferPhase2({child}, OURS);
    ASSERT_TRUE(CheckPhase2Answer(answer, {child}).Ok());
    RemoveAttribute(answer.proposals[0].transforms[0], IpsecAttribute::ExtendedSequence);
    EXPECT_EQ(CheckPhase2Answer(answer, {child}).GetFault(), Fault::ChangedProposal);
}

} // namespace ipsec
} // namespace ns3
