// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-personality-setters.h"
#include "ipsec-scenario-rows.h"

namespace ns3
{
namespace ipsec
{

namespace
{

using P = Personality;
using Text = const std::string;

Renewer
ParseRenewer(const std::string& text)
{
    return ParseChoice<Renewer>(text,
                                {{"either", Renewer::Either},
                                 {"initiator", Renewer::Initiator},
                                 {"nobody", Renewer::Nobody}});
}

std::vector<ScenarioKey>
RenewalKeys()
{
    return {
        {"ike-lifetime",
         "TIME",
         "",
         "lifetime of IKE SAs where the tunnel says none",
         SetLifetime<&P::ikeLifetime>,
         nullptr},
        {"ipsec-lifetime",
         "TIME",
         "",
         "the same of IPsec SAs",
         SetLifetime<&P::ipsecLifetime>,
         nullptr},
        {"ipsec-lifesize",
         "SIZE",
         "",
         "what they may carry where the tunnel says nothing; 0kB is no limit",
         [](Scenario& s, size_t i, Text& t) { At(s, i).ipsecLifetimeKilobytes = ParseLifesize(t); },
         nullptr},
        {"renewal-at",
         "PERCENT",
         "",
         "part of a lifetime after which an SA is renewed",
         [](Scenario& s, size_t i, Text& t)
         {
             const double part = ParsePercent(t);
             if (part <= 0)
             {
                 throw std::invalid_argument("'" + t +
                                             "' is at once; allowed: more than 0%, at most 100%");
             }
             At(s, i).softLifetimePercent = part * 100;
         },
         nullptr},
        {"renewal-margin",
         "TIME",
         "",
         "how long before its end an SA is renewed; 0s goes by renewal-at",
         SetWaitOrNone<&P::renewalMargin>,
         nullptr},
        {"renewal-fuzz",
         "PERCENT",
         "",
         "random part by which the margin may grow, of itself, up to 1000%",
         SetShare<&P::renewalFuzz>,
         nullptr},
        {"responder-margin",
         "PERCENT",
         "",
         "the responder's margin, of the initiator's, up to 1000%",
         SetShare<&P::responderMargin>,
         nullptr},
        {"responder-fuzz",
         "true|false",
         "",
         "whether it grows by a random part, too",
         SetFlag<&P::responderFuzz>,
         nullptr},
        {"least-renewal-margin",
         "TIME",
         "",
         "least margin; short lifetimes give half",
         SetWaitOrNone<&P::leastRenewalMargin>,
         nullptr},
        {"ike-renewer",
         "either|initiator|nobody",
         "",
         "which end renews IKE SAs",
         [](Scenario& s, size_t i, Text& t) { At(s, i).ikeRenewer = ParseRenewer(t); },
         nullptr},
        {"ipsec-renewer",
         "either|initiator|nobody",
         "",
         "which end renews IPsec SAs",
         [](Scenario& s, size_t i, Text& t) { At(s, i).ipsecRenewer = ParseRenewer(t); },
         nullptr},
        {"old-ike-sa-delay",
         "TIME",
         "",
         "how long a replaced IKE SA stays",
         SetWaitOrNone<&P::oldIkeSaDelay>,
         nullptr},
    };
}

std::vector<ScenarioKey>
EndKeys()
{
    return {
        {"children-at-end",
         "keep|adopt|drop",
         "",
         "IPsec SAs of an IKE SA that ends: they stay, go to another IKE SA with the peer or go, "
         "or go",
         [](Scenario& s, size_t i, Text& t)
         {
             At(s, i).childrenAtEnd = ParseChoice<ChildrenAtEnd>(t,
                                                                 {{"keep", ChildrenAtEnd::Keep},
                                                                  {"adopt", ChildrenAtEnd::Adopt},
                                                                  {"drop", ChildrenAtEnd::Drop}});
         },
         nullptr},
        {"retirement",
         "after-delay|on-traffic|at-expiry",
         "",
         "when a replaced pair of IPsec SAs goes",
         [](Scenario& s, size_t i, Text& t)
         {
             At(s, i).retirement = ParseChoice<Retirement>(t,
                                                           {{"after-delay", Retirement::AfterDelay},
                                                            {"on-traffic", Retirement::OnTraffic},
                                                            {"at-expiry", Retirement::AtExpiry}});
         },
         nullptr},
        {"retirement-delay",
         "TIME",
         "",
         "the delay of that, at most",
         SetWaitOrNone<&P::retirementDelay>,
         nullptr},
        {"grace-time",
         "TIME",
         "",
         "how long a pair still receives after the peer was told that it goes",
         SetWaitOrNone<&P::graceTime>,
         nullptr},
        {"redundant-pairs",
         "keep|let-expire|delete",
         "",
         "one of two pairs that crossing quick modes made: it stays, is not renewed, or goes",
         [](Scenario& s, size_t i, Text& t)
         {
             At(s, i).redundantPairs =
                 ParseChoice<RedundantPairs>(t,
                                             {{"keep", RedundantPairs::Keep},
                                              {"let-expire", RedundantPairs::LetExpire},
                                              {"delete", RedundantPairs::Delete}});
         },
         nullptr},
        {"uniqueness",
         "no|keep|replace|never",
         "",
         "a new IKE SA with an identity that has one: both live, it is refused, the old one goes, "
         "both live whatever the peer announces",
         [](Scenario& s, size_t i, Text& t)
         {
             At(s, i).uniqueness = ParseChoice<Uniqueness>(t,
                                                           {{"no", Uniqueness::No},
                                                            {"keep", Uniqueness::Keep},
                                                            {"replace", Uniqueness::Replace},
                                                            {"never", Uniqueness::Never}});
         },
         nullptr},
        {"contact-scope",
         "identity|address",
         "",
         "whose older SAs INITIAL-CONTACT ends",
         [](Scenario& s, size_t i, Text& t)
         {
             At(s, i).contactScope = ParseChoice<ContactScope>(
                 t, {{"identity", ContactScope::Identity}, {"address", ContactScope::Address}});
         },
         nullptr},
        {"invalid-spi",
         "ignore|notify|new-ike-sa",
         "",
         "what follows packets with an unknown SPI: nothing, INVALID-SPI if there is an IKE SA, or "
         "one is begun for it",
         [](Scenario& s, size_t i, Text& t)
         {
             At(s, i).invalidSpi =
                 ParseChoice<InvalidSpiReaction>(t,
                                                 {{"ignore", InvalidSpiReaction::Ignore},
                                                  {"notify", InvalidSpiReaction::Notify},
                                                  {"new-ike-sa", InvalidSpiReaction::NewIkeSa}});
         },
         nullptr},
        {"send-deletes",
         "true|false",
         "",
         "whether the peer is told when a tunnel is stopped",
         SetFlag<&P::sendDeletes>,
         nullptr},
    };
}

std::vector<ScenarioKey>
LivenessKeys()
{
    constexpr uint64_t MOST_SEQUENCE = 0x7fffffff;
    return {
        {"announce-dpd",
         "true|false",
         "",
         "whether dead peer detection is announced even if it is off",
         SetFlag<&P::announceDpd>,
         nullptr},
        {"dpd-delay",
         "TIME",
         "",
         "silence before a peer is probed where the tunnel says nothing; 0s is off",
         SetWaitOrNone<&P::dpdDelay>,
         nullptr},
        {"dpd-retry", "TIME", "", "wait between probes", SetWait<&P::dpdRetry>, nullptr},
        {"dpd-tries",
         "NUMBER",
         "",
         "probes without answer that a peer survives, and the last one",
         SetCount<&P::dpdTries, 1, 100>,
         nullptr},
        {"dpd-first-sequence",
         "NUMBER",
         "",
         "mask of the first probe's random number, up to 2147483647",
         SetCount<&P::dpdFirstSequenceMask, 0, MOST_SEQUENCE>,
         nullptr},
        {"dpd-repeats-sequence",
         "true|false",
         "",
         "whether a repeated probe has the number of the one before",
         SetFlag<&P::dpdRepeatsSequence>,
         nullptr},
        {"dpd-answers-any-sequence",
         "true|false",
         "",
         "whether probes with old or unexpected numbers are answered",
         SetFlag<&P::dpdAnswersAnySequence>,
         nullptr},
        {"dpd-notify-first",
         "true|false",
         "",
         "whether the notification stands in front of the HASH",
         SetFlag<&P::dpdNotifyFirst>,
         nullptr},
        {"first-pause",
         "TIME",
         "",
         "pause before a failed negotiation is tried again, doubled each time",
         SetWait<&P::firstPause>,
         nullptr},
        {"longest-pause", "TIME", "", "longest of these", SetWait<&P::longestPause>, nullptr},
        {"keying-tries",
         "NUMBER",
         "",
         "negotiations until it is given up; 0 is no end",
         SetCount<&P::keyingTries, 0, MOST_COUNT>,
         nullptr},
        {"half-open",
         "NUMBER",
         "",
         "unfinished phase 1 exchanges as responder, at most; the oldest makes room; 0 is no limit",
         SetCount<&P::halfOpen, 0, MOST_COUNT>,
         nullptr},
        {"half-open-per-address",
         "NUMBER",
         "",
         "the same from one address; new ones are refused",
         SetCount<&P::halfOpenPerAddress, 0, MOST_COUNT>,
         nullptr},
    };
}

} // namespace

std::vector<ScenarioKey>
PersonalityLifeKeys()
{
    std::vector<ScenarioKey> keys = RenewalKeys();
    for (const auto& more : {EndKeys(), LivenessKeys()})
    {
        keys.insert(keys.end(), more.begin(), more.end());
    }
    return keys;
}

} // namespace ipsec
} // namespace ns3
