// SPDX-License-Identifier: GPL-2.0-only
#include "config-samples.h"

#include "ns3/ike-phase1-negotiation.h"
#include "ns3/ike-phase2-negotiation.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

using std::chrono::seconds;

/// Returns the seconds that a responder uses, or -1 if it refuses.
int64_t
Agreed(LifetimeRule rule, int own, std::optional<int> offered)
{
    const auto agreed =
        AgreeOnLifetime(rule,
                        seconds(own),
                        offered ? std::make_optional<Duration>(seconds(*offered)) : std::nullopt);
    return agreed ? std::chrono::duration_cast<seconds>(*agreed).count() : -1;
}

/// Returns what a responder takes of an offer in phase 1.
std::string
ChosenPhase1(const std::string& offered, const std::string& own, bool preferOwn)
{
    const SaPayload offer =
        OfferPhase1(ParsePhase1Proposals(offered), XauthUse::None, seconds(3600));
    const std::vector<Phase1Proposal> acceptable = ParsePhase1Proposals(own);
    Phase1Terms terms{acceptable, XauthUse::None, seconds(3600)};
    terms.preferOwnProposals = preferOwn;
    SaPayload answer;
    const Result<Phase1Choice> choice = ChoosePhase1(offer, terms, answer);
    return choice ? choice->proposal.ToString() : FaultName(choice.GetFault());
}

std::string
ChosenPhase2(const std::string& offered, const std::string& own, bool preferOwn)
{
    ChildConfig initiator = GoodChild("lan");
    initiator.proposals = ParsePhase2Proposals(offered);
    ChildConfig responder = GoodChild("lan");
    responder.proposals = ParsePhase2Proposals(own);
    Phase2Terms terms{responder};
    terms.preferOwnProposals = preferOwn;
    SaPayload answer;
    const Result<Phase2Choice> choice =
        ChoosePhase2(OfferPhase2({initiator}, {1000, 2000}), terms, {3000, 4000}, answer);
    return choice ? choice->proposal.ToString() : FaultName(choice.GetFault());
}

} // namespace

TEST(LifetimeRuleTest, EachRuleDecidesAboutShorterEqualAndLongerOffers)
{
    EXPECT_EQ(Agreed(LifetimeRule::Shorter, 100, 50), 50);
    EXPECT_EQ(Agreed(LifetimeRule::Shorter, 100, 100), 100);
    EXPECT_EQ(Agreed(LifetimeRule::Shorter, 100, 150), 100);
    EXPECT_EQ(Agreed(LifetimeRule::Obey, 100, 50), 50);
    EXPECT_EQ(Agreed(LifetimeRule::Obey, 100, 150), 150);
    EXPECT_EQ(Agreed(LifetimeRule::Strict, 100, 50), 50);
    EXPECT_EQ(Agreed(LifetimeRule::Strict, 100, 100), 100);
    EXPECT_EQ(Agreed(LifetimeRule::Strict, 100, 101), -1);
    EXPECT_EQ(Agreed(LifetimeRule::Exact, 100, 100), 100);
    EXPECT_EQ(Agreed(LifetimeRule::Exact, 100, 99), -1);
    EXPECT_EQ(Agreed(LifetimeRule::Exact, 100, 101), -1);
}

TEST(LifetimeRuleTest, OfferWithoutLifetimeGetsOurOwn)
{
    for (const LifetimeRule rule :
         {LifetimeRule::Shorter, LifetimeRule::Obey, LifetimeRule::Strict, LifetimeRule::Exact})
    {
        EXPECT_EQ(Agreed(rule, 100, std::nullopt), 100);
    }
}

TEST(LifetimeRuleTest, RefusedLifetimeIsARefusedProposal)
{
    const std::vector<Phase1Proposal> proposals = ParsePhase1Proposals("pre-g2-3des-sha");
    const SaPayload offer = OfferPhase1(proposals, XauthUse::None, seconds(7200));
    Phase1Terms terms{proposals, XauthUse::None, seconds(3600)};
    SaPayload answer;
    EXPECT_TRUE(ChoosePhase1(offer, terms, answer).Ok());
    terms.lifetimeRule = LifetimeRule::Strict;
    const Result<Phase1Choice> strict = ChoosePhase1(offer, terms, answer);
    ASSERT_FALSE(strict.Ok());
    EXPECT_EQ(strict.GetFault(), Fault::NoProposalChosen);
    terms.lifetimeRule = LifetimeRule::Obey;
    const Result<Phase1Choice> obeying = ChoosePhase1(offer, terms, answer);
    ASSERT_TRUE(obeying.Ok());
    EXPECT_EQ(obeying->lifetime, seconds(7200));

    ChildConfig longer = GoodChild("lan");
    longer.lifetime = seconds(7200);
    const ChildConfig own = GoodChild("lan");
    Phase2Terms phase2{own};
    phase2.lifetimeRule = LifetimeRule::Exact;
    EXPECT_FALSE(
        ChoosePhase2(OfferPhase2({longer}, {1000, 2000}), phase2, {3000, 4000}, answer).Ok());
    phase2.lifetimeRule = LifetimeRule::Obey;
    const auto choice =
        ChoosePhase2(OfferPhase2({longer}, {1000, 2000}), phase2, {3000, 4000}, answer);
    ASSERT_TRUE(choice.Ok());
    EXPECT_EQ(choice->lifetime, seconds(7200));
}

TEST(LifetimeRuleTest, OrderOfProposalsIsTheInitiatorsUnlessWePreferOurOwn)
{
    const std::string first = "pre-g2-3des-sha, pre-g2-aes128-sha";
    const std::string second = "pre-g2-aes128-sha, pre-g2-3des-sha";
    EXPECT_EQ(ChosenPhase1(first, second, false), "pre-g2-3des-sha");
    EXPECT_EQ(ChosenPhase1(first, second, true), "pre-g2-aes128-sha");
    const std::string firstEsp = "nopfs-esp-3des-sha, nopfs-esp-aes128-sha";
    const std::string secondEsp = "nopfs-esp-aes128-sha, nopfs-esp-3des-sha";
    EXPECT_EQ(ChosenPhase2(firstEsp, secondEsp, false), "nopfs-esp-3des-sha");
    EXPECT_EQ(ChosenPhase2(firstEsp, secondEsp, true), "nopfs-esp-aes128-sha");
}

} // namespace ipsec
} // namespace ns3
