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

using std::chrono::seconds;

constexpr IpsecSpis OURS = {0x1000, 0x2000};
constexpr IpsecSpis THEIRS = {0x3000, 0x4000};

ChildConfig
ChildOf(const std::string& proposals)
{
    ChildConfig child = GoodChild("lan");
    child.proposals = ParsePhase2Proposals(proposals);
    return child;
}

const char*
FaultOf(const Result<Phase2Choice>& choice)
{
    return choice ? "none" : FaultName(choice.GetFault());
}

/// Returns the offer of a bundle whose halves were changed.
template <typename Change>
SaPayload
ChangedBundle(const ChildConfig& child, Change change)
{
    SaPayload sa = OfferPhase2({child}, THEIRS);
    change(sa);
    return sa;
}

} // namespace

// bad input 61
TEST(Phase2Answer, AnythingButBothHalvesOfABundleIsRefused)
{
    const ChildConfig child = ChildOf("nopfs-ah-md5+esp-3des-sha nopfs-esp-des-md5");
    using Change = void (*)(SaPayload&);
    const std::vector<Change> changes = {
        [](SaPayload& sa) { sa.proposals.resize(1); },
        [](SaPayload& sa) { sa.proposals.erase(sa.proposals.begin()); },
        [](SaPayload& sa) { sa.proposals[1].number = 2; },
        [](SaPayload& sa) { sa.proposals[0].number = sa.proposals[1].number = 2; },
        [](SaPayload& sa) { sa.proposals[0].number = sa.proposals[1].number = 3; },
        [](SaPayload& sa) { sa.proposals[0].number = sa.proposals[1].number = 0; },
        [](SaPayload& sa) { sa.proposals.push_back(sa.proposals[1]); },
        [](SaPayload& sa) { sa.proposals[0].transforms[0].id = 3; },
        [](SaPayload& sa) { sa.proposals[1].transforms[0].id = 2; },
        [](SaPayload& sa) { sa.proposals[1].transforms.push_back(sa.proposals[1].transforms[0]); }};
    const auto bundleOnly = [](SaPayload& sa) { sa.proposals.resize(2); };
    ASSERT_TRUE(CheckPhase2Answer(ChangedBundle(child, bundleOnly), {child}).Ok());
    for (size_t i = 0; i < changes.size(); i++)
    {
        SaPayload answer = ChangedBundle(child, bundleOnly);
        changes[i](answer);
        EXPECT_STREQ(FaultOf(CheckPhase2Answer(answer, {child})), "ChangedProposal") << i;
    }
}

// bad input 52
TEST(Phase2Answer, SpiBelow256InEitherHalfIsRefused)
{
    const ChildConfig child = ChildOf("nopfs-ah-md5+esp-3des-sha");
    for (const size_t half : {0, 1})
    {
        for (const char* spi : {"00000000", "000000ff"})
        {
            const SaPayload sa = ChangedBundle(
                child, [&](SaPayload& changed) { changed.proposals[half].spi = FromHex(spi); });
            SaPayload answer;
            EXPECT_STREQ(FaultOf(ChoosePhase2(sa, {child}, OURS, answer)), "BadSpi");
            EXPECT_STREQ(FaultOf(CheckPhase2Answer(sa, {child})), "BadSpi");
        }
    }
}

TEST(Phase2Answer, ShorterLifetimeOfBothHalvesCounts)
{
    const auto life = [](SaPayload& sa, size_t half, uint16_t unit, uint32_t amount)
    {
        auto& attributes = sa.proposals[half].transforms[0].attributes;
        attributes.push_back(
            DataAttribute::Basic(static_cast<uint16_t>(IpsecAttribute::LifeType), unit));
        attributes.push_back(
            DataAttribute::Number(static_cast<uint16_t>(IpsecAttribute::LifeDuration), amount));
    };
    const ChildConfig child = ChildOf("nopfs-ah-md5+esp-3des-sha");
    for (const size_t half : {0, 1})
    {
        const SaPayload offer = ChangedBundle(child,
                                              [&](SaPayload& sa)
                                              {
                                                  life(sa, half, LIFE_SECONDS, 300);
                                                  life(sa, half, LIFE_KILOBYTES, 5000);
                                                  life(sa, 1 - half, LIFE_KILOBYTES, 7000);
                                              });
        SaPayload answer;
        const Result<Phase2Choice> choice = ChoosePhase2(offer, {child}, OURS, answer);
        ASSERT_TRUE(choice.Ok());
        EXPECT_EQ(choice->lifetime, seconds(300));
        EXPECT_EQ(choice->lifetimeKilobytes, 5000u);
    }
}

// Covers LT-03.
TEST(Phase2Answer, LesserOfBothVolumesCountsAndNoneIsNoLimit)
{
    EXPECT_EQ(LesserLimit(0, 0), 0u);
    EXPECT_EQ(LesserLimit(0, 7), 7u);
    EXPECT_EQ(LesserLimit(7, 0), 7u);
    EXPECT_EQ(LesserLimit(5, 7), 5u);
    EXPECT_EQ(LesserLimit(7, 5), 5u);
}

TEST(AhAndNat, AhIsLeftOutOfAnOfferThroughANat)
{
    const ChildConfig child =
        ChildOf("nopfs-ah-md5 nopfs-esp-3des-sha nopfs-ah-md5+esp-3des-sha nopfs-esp-des-md5");
    const SaPayload offer = OfferPhase2({child, UdpEncapsulation::Rfc3947}, THEIRS);
    ASSERT_EQ(offer.proposals.size(), 2u);
    EXPECT_EQ(offer.proposals[0].number, 1);
    EXPECT_EQ(offer.proposals[1].number, 2);
    SaPayload answer;
    const Result<Phase2Choice> choice =
        ChoosePhase2(offer, {child, UdpEncapsulation::Rfc3947}, OURS, answer);
    ASSERT_TRUE(choice.Ok());
    EXPECT_EQ(choice->proposal.ToString(), "nopfs-esp-3des-sha");
    EXPECT_EQ(CheckPhase2Answer(answer, {child, UdpEncapsulation::Rfc3947})->proposal.ToString(),
              "nopfs-esp-3des-sha");
}

TEST(AhAndNat, ResponderSaysThatAhFailedForTheNat)
{
    for (const char* text : {"nopfs-ah-md5", "nopfs-ah-md5+esp-3des-sha"})
    {
        const ChildConfig child = ChildOf(text);
        const SaPayload offer = OfferPhase2({child}, THEIRS);
        SaPayload answer;
        EXPECT_STREQ(FaultOf(ChoosePhase2(offer, {child, UdpEncapsulation::Rfc3947}, OURS, answer)),
                     "AhThroughNat");
        EXPECT_TRUE(UsableProposals({child, UdpEncapsulation::Rfc3947}).empty());
    }
}

TEST(AhAndNat, ResponderWithoutAhSaysThatNothingIsInCommon)
{
    const SaPayload offer = OfferPhase2({ChildOf("nopfs-ah-md5")}, THEIRS);
    SaPayload answer;
    EXPECT_STREQ(
        FaultOf(ChoosePhase2(
            offer, {ChildOf("nopfs-esp-3des-sha"), UdpEncapsulation::Rfc3947}, OURS, answer)),
        "NoProposalChosen");
}

TEST(UnrequestedPfs, IsTakenByALenientResponderThatWantsNone)
{
    const ChildConfig without = ChildOf("nopfs-ah-md5+esp-3des-sha");
    const ChildConfig with = ChildOf("g14-ah-md5+esp-3des-sha");
    const SaPayload offer = OfferPhase2({with}, THEIRS);
    SaPayload answer;
    EXPECT_STREQ(FaultOf(ChoosePhase2(offer, {without}, OURS, answer)), "NoProposalChosen");
    const Result<Phase2Choice> choice =
        ChoosePhase2(offer, {without, UdpEncapsulation::None, true}, OURS, answer);
    ASSERT_TRUE(choice.Ok());
    EXPECT_EQ(choice->proposal.ToString(), "g14-ah-md5+esp-3des-sha");
}

TEST(UnrequestedPfs, LenienceMakesUpForNoMissingOrOtherGroup)
{
    SaPayload answer;
    for (const char* offered : {"nopfs-esp-3des-sha", "g2-esp-3des-sha"})
    {
        const SaPayload offer = OfferPhase2({ChildOf(offered)}, THEIRS);
        EXPECT_STREQ(
            FaultOf(ChoosePhase2(
                offer, {ChildOf("g14-esp-3des-sha"), UdpEncapsulation::None, true}, OURS, answer)),
            "NoProposalChosen");
    }
}

// bad input 48: as many transforms as a payload may have, and none of them acceptable together
TEST(Phase2Answer, BundleOfAsManyTransformsAsThereMayBeIsJudged)
{
    const ChildConfig child = ChildOf("nopfs-ah-md5+esp-3des-sha");
    SaPayload offer = OfferPhase2({ChildOf("nopfs-ah-sha+esp-3des-sha")}, THEIRS);
    for (ProposalPayload& proposal : offer.proposals)
    {
        const TransformPayload transform = proposal.transforms[0];
        proposal.transforms.assign(MAX_TRANSFORMS / 2, transform);
    }
    SaPayload answer;
    EXPECT_STREQ(FaultOf(ChoosePhase2(offer, {child}, OURS, answer)), "NoProposalChosen");
    const SaPayload good = OfferPhase2({child}, THEIRS);
    offer.proposals[0].transforms.back() = good.proposals[0].transforms[0];
    EXPECT_STREQ(FaultOf(ChoosePhase2(offer, {child}, OURS, answer)), "none");
}

} // namespace ipsec
} // namespace ns3
