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

ChildrenAtEnd
ParseChildrenAtEnd(const std::string& text)
{
    return ParseChoice<ChildrenAtEnd>(text,
                                      {{"keep", ChildrenAtEnd::Keep},
                                       {"adopt", ChildrenAtEnd::Adopt},
                                       {"drop", ChildrenAtEnd::Drop}});
}

Retirement
ParseRetirement(const std::string& text)
{
    return ParseChoice<Retirement>(text,
                                   {{"after-delay", Retirement::AfterDelay},
                                    {"on-traffic", Retirement::OnTraffic},
                                    {"at-expiry", Retirement::AtExpiry}});
}

RedundantPairs
ParseRedundantPairs(const std::string& text)
{
    return ParseChoice<RedundantPairs>(text,
                                       {{"keep", RedundantPairs::Keep},
                                        {"let-expire", RedundantPairs::LetExpire},
                                        {"delete", RedundantPairs::Delete}});
}

Uniqueness
ParseUniqueness(const std::string& text)
{
    return ParseChoice<Uniqueness>(text,
                                   {{"no", Uniqueness::No},
                                    {"keep", Uniqueness::Keep},
                                    {"replace", Uniqueness::Replace},
                                    {"never", Uniqueness::Never}});
}

ContactScope
ParseContactScope(const std::string& text)
{
    return ParseChoice<ContactScope>(
        text, {{"identity", ContactScope::Identity}, {"address", ContactScope::Address}});
}

InvalidSpiReaction
ParseInvalidSpiReaction(const std::string& text)
{
    return ParseChoice<InvalidSpiReaction>(text,
                                           {{"ignore", InvalidSpiReaction::Ignore},
                                            {"notify", InvalidSpiReaction::Notify},
                                            {"new-ike-sa", InvalidSpiReaction::NewIkeSa}});
}

std::vector<ScenarioKey>
RenewalKeys()
{
    return {
        Habit("ike-lifetime",
              "TIME",
              "lifetime of IKE SAs where the tunnel says none",
              SetLifetime<&P::ikeLifetime>),
        Habit("ipsec-lifetime", "TIME", "the same of IPsec SAs", SetLifetime<&P::ipsecLifetime>),
        Habit("ipsec-lifesize",
              "SIZE",
              "what they may carry where the tunnel says nothing; 0kB is no limit",
              SetParsed<&P::ipsecLifetimeKilobytes, ParseLifesize>),
        Habit("renewal-at",
              "PERCENT",
              "part of a lifetime after which an SA is renewed",
              [](Scenario& s, size_t i, Text& t)
              {
                  const double part = ParsePercent(t);
                  if (part <= 0)
                  {
                      throw std::invalid_argument(
                          "'" + t + "' is at once; allowed: more than 0%, at most 100%");
                  }
                  At(s, i).softLifetimePercent = part * 100;
              }),
        Habit("renewal-margin",
              "TIME",
              "how long before its end an SA is renewed; 0s goes by renewal-at",
              SetWaitOrNone<&P::renewalMargin>),
        Habit("renewal-fuzz",
              "PERCENT",
              "random part by which the margin may grow, of itself, up to 1000%",
              SetShare<&P::renewalFuzz>),
        Habit("responder-margin",
              "PERCENT",
              "the responder's margin, of the initiator's, up to 1000%",
              SetShare<&P::responderMargin>),
        Habit("responder-fuzz",
              "true|false",
              "whether it grows by a random part, too",
              SetFlag<&P::responderFuzz>),
        Habit("least-renewal-margin",
              "TIME",
              "least margin; short lifetimes give half",
              SetWaitOrNone<&P::leastRenewalMargin>),
        Habit("ike-renewer",
              "either|initiator|nobody",
              "which end renews IKE SAs",
              SetParsed<&P::ikeRenewer, ParseRenewer>),
        Habit("ipsec-renewer",
              "either|initiator|nobody",
              "which end renews IPsec SAs",
              SetParsed<&P::ipsecRenewer, ParseRenewer>),
        Habit("old-ike-sa-delay",
              "TIME",
              "how long a replaced IKE SA stays",
              SetWaitOrNone<&P::oldIkeSaDelay>),
    };
}

std::vector<ScenarioKey>
EndKeys()
{
    return {
        Habit("children-at-end",
              "keep|adopt|drop",
              "IPsec SAs of an IKE SA that ends: they stay, go to another IKE SA with the peer or "
              "go, or go",
              SetParsed<&P::childrenAtEnd, ParseChildrenAtEnd>),
        Habit("retirement",
              "after-delay|on-traffic|at-expiry",
              "when a replaced pair of IPsec SAs goes",
              SetParsed<&P::retirement, ParseRetirement>),
        Habit("retirement-delay",
              "TIME",
              "the delay of that, at most",
              SetWaitOrNone<&P::retirementDelay>),
        Habit("grace-time",
              "TIME",
              "how long a pair still receives after the peer was told that it goes",
              SetWaitOrNone<&P::graceTime>),
        Habit("redundant-pairs",
              "keep|let-expire|delete",
              "one of two pairs that crossing quick modes made: it stays, is not renewed, or goes",
              SetParsed<&P::redundantPairs, ParseRedundantPairs>),
        Habit("uniqueness",
              "no|keep|replace|never",
              "a new IKE SA with an identity that has one: both live, it is refused, the old one "
              "goes, both live whatever the peer announces",
              SetParsed<&P::uniqueness, ParseUniqueness>),
        Habit("contact-scope",
              "identity|address",
              "whose older SAs INITIAL-CONTACT ends",
              SetParsed<&P::contactScope, ParseContactScope>),
        Habit("invalid-spi",
              "ignore|notify|new-ike-sa",
              "what follows packets with an unknown SPI: nothing, INVALID-SPI if there is an IKE "
              "SA, or one is begun for it",
              SetParsed<&P::invalidSpi, ParseInvalidSpiReaction>),
        Habit("send-deletes",
              "true|false",
              "whether the peer is told when a tunnel is stopped",
              SetFlag<&P::sendDeletes>),
    };
}

std::vector<ScenarioKey>
LivenessKeys()
{
    constexpr uint64_t MOST_SEQUENCE = 0x7fffffff;
    return {
        Habit("announce-dpd",
              "true|false",
              "whether dead peer detection is announced even if it is off",
              SetFlag<&P::announceDpd>),
        Habit("dpd-delay",
              "TIME",
              "silence before a peer is probed where the tunnel says nothing; 0s is off",
              SetWaitOrNone<&P::dpdDelay>),
        Habit("dpd-retry", "TIME", "wait between probes", SetWait<&P::dpdRetry>),
        Habit("dpd-tries",
              "NUMBER",
              "probes without answer that a peer survives, and the last one",
              SetCount<&P::dpdTries, 1, 100>),
        Habit("dpd-first-sequence",
              "NUMBER",
              "mask of the first probe's random number, up to 2147483647",
              SetCount<&P::dpdFirstSequenceMask, 0, MOST_SEQUENCE>),
        Habit("dpd-repeats-sequence",
              "true|false",
              "whether a repeated probe has the number of the one before",
              SetFlag<&P::dpdRepeatsSequence>),
        Habit("dpd-answers-any-sequence",
              "true|false",
              "whether probes with old or unexpected numbers are answered",
              SetFlag<&P::dpdAnswersAnySequence>),
        Habit("dpd-unexpected-answers",
              "NUMBER",
              "how many of these are answered between two expected ones; 0 is all",
              SetCount<&P::dpdUnexpectedAnswers, 0, MOST_COUNT>),
        Habit("dpd-probes-behind-nat",
              "true|false",
              "whether peers are probed in spite of their traffic if there is a NAT on the way",
              SetFlag<&P::dpdProbesBehindNat>),
        Habit("dpd-notify-first",
              "true|false",
              "whether the notification stands in front of the HASH",
              SetFlag<&P::dpdNotifyFirst>),
        Habit("first-pause",
              "TIME",
              "pause before a failed negotiation is tried again, doubled each time",
              SetWait<&P::firstPause>),
        Habit("longest-pause", "TIME", "longest of these", SetWait<&P::longestPause>),
        Habit("keying-tries",
              "NUMBER",
              "negotiations until it is given up; 0 is no end",
              SetCount<&P::keyingTries, 0, MOST_COUNT>),
        Habit("nat-traversal-documents",
              "rfc|drafts|both",
              "which documents of NAT traversal it knows: RFC 3947, the drafts -03 and -02 before "
              "it, or both",
              [](Scenario& s, size_t i, Text& t)
              {
                  At(s, i).natTraversalDocuments =
                      ParseChoice<NatTraversalDocuments>(t,
                                                         {{"rfc", NatTraversalDocuments::Rfc},
                                                          {"drafts", NatTraversalDocuments::Drafts},
                                                          {"both", NatTraversalDocuments::Both}});
              }),
        Habit(
            "nat-keepalive",
            "TIME",
            "behind a NAT: silence towards a peer before one octet keeps the mapping; 0s is never",
            SetWaitOrNone<&P::natKeepalive>),
        Habit("half-open",
              "NUMBER",
              "unfinished phase 1 exchanges as responder, at most; the oldest makes room; 0 is no "
              "limit",
              SetCount<&P::halfOpen, 0, MOST_COUNT>),
        Habit("half-open-per-address",
              "NUMBER",
              "the same from one address; new ones are refused",
              SetCount<&P::halfOpenPerAddress, 0, MOST_COUNT>),
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
