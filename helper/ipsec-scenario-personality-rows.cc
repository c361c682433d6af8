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

MainReplies
ParseMainReplies(const std::string& text)
{
    return ParseChoice<MainReplies>(text,
                                    {{"none", MainReplies::None},
                                     {"not-first", MainReplies::NotFirst},
                                     {"all", MainReplies::All}});
}

LifetimeRule
ParseLifetimeRule(const std::string& text)
{
    return ParseChoice<LifetimeRule>(text,
                                     {{"shorter", LifetimeRule::Shorter},
                                      {"obey", LifetimeRule::Obey},
                                      {"strict", LifetimeRule::Strict},
                                      {"exact", LifetimeRule::Exact}});
}

ContactAnnouncement
ParseContactAnnouncement(const std::string& text)
{
    return ParseChoice<ContactAnnouncement>(text,
                                            {{"never", ContactAnnouncement::Never},
                                             {"first", ContactAnnouncement::First},
                                             {"always", ContactAnnouncement::Always}});
}

std::vector<ScenarioKey>
RetransmissionKeys()
{
    return {
        Habit("retransmission-first",
              "TIME",
              "wait before an unanswered message is sent again",
              [](Scenario& s, size_t i, Text& t) { At(s, i).retransmission.first = ParseWait(t); }),
        Habit("retransmission-growth",
              "NUMBER",
              "by what each wait is multiplied for the next one, 1 to 10",
              [](Scenario& s, size_t i, Text& t)
              { At(s, i).retransmission.growth = ParseNumber(t, 1, 10); }),
        Habit("retransmission-step",
              "TIME",
              "what is then added to it",
              [](Scenario& s, size_t i, Text& t)
              { At(s, i).retransmission.step = ParseWaitOrNone(t); }),
        Habit("retransmission-cap",
              "TIME|none",
              "longest wait",
              [](Scenario& s, size_t i, Text& t)
              { At(s, i).retransmission.cap = t == "none" ? Duration::max() : ParseWait(t); }),
        Habit("retransmission-first-waits",
              "NUMBER",
              "how many waits are of the first length",
              [](Scenario& s, size_t i, Text& t) {
                  At(s, i).retransmission.firstWaits = static_cast<uint32_t>(ParseCount(t, 1, 100));
              }),
        Habit("retransmission-tries",
              "NUMBER",
              "how often it is sent again; one more wait, and the exchange is given up",
              [](Scenario& s, size_t i, Text& t)
              { At(s, i).retransmission.tries = static_cast<uint32_t>(ParseCount(t, 0, 100)); }),
        Habit("jitter",
              "PERCENT",
              "part of each wait that may be left off at random, up to 90%",
              [](Scenario& s, size_t i, Text& t)
              { At(s, i).retransmission.jitter = ParsePercent(t, 90); }),
        Habit("half-open-timeout",
              "TIME",
              "how long a responder's phase 1 waits for the next message",
              SetWait<&P::halfOpenTimeout>),
        Habit("duplicates-for",
              "TIME",
              "how long copies of a finished exchange's last message are answered",
              SetWait<&P::ledgerTime>),
        Habit("duplicate-answers",
              "NUMBER",
              "how many copies of one message are answered; 0 is all",
              SetCount<&P::maxDuplicateAnswers, 0, MOST_COUNT>),
        Habit("remembered-messages",
              "NUMBER",
              "how many messages of an exchange are known again as duplicates, 1 to 16",
              SetCount<&P::rememberedMessages, 1, 16>),
        Habit("aggressive-reply-tries",
              "NUMBER",
              "how often a responder sends AM2 again, up to 10; with 0 it answers copies of AM1",
              SetCount<&P::aggressiveReplyTries, 0, 10>),
        Habit("main-replies",
              "none|not-first|all",
              "which answers of main mode a responder sends again by a timer of its own: MM4, or "
              "MM2, too",
              SetParsed<&P::mainReplies, ParseMainReplies>),
    };
}

std::vector<ScenarioKey>
NegotiationKeys()
{
    return {
        Habit("nonce-octets",
              "NUMBER",
              "length of nonces, 8 to 256",
              SetCount<&P::nonceOctets, 8, 256>),
        Habit(
            "initial-contact",
            "never|first|always",
            "which phase 1 with a peer carry INITIAL-CONTACT: none, as long as there is no SA, or "
            "all",
            SetParsed<&P::initialContact, ParseContactAnnouncement>),
        Habit("initial-contact-aggressive",
              "true|false",
              "whether that is so in aggressive mode, too",
              SetFlag<&P::sendInitialContactInAggressive>),
        Habit("quick-modes",
              "NUMBER",
              "quick modes at once over one IKE SA",
              SetCount<&P::maxQuickModes, 1, MOST_COUNT>),
        Habit("repeat-config-set",
              "true|false",
              "whether a server repeats the SET of Mode Config",
              SetFlag<&P::repeatConfigSet>),
        Habit("accept-unrequested-pfs",
              "true|false",
              "whether a responder without PFS takes an offer of it",
              SetFlag<&P::acceptUnrequestedPfs>),
        Habit("prefer-own-proposals",
              "true|false",
              "whether a responder goes by the order of its own proposals",
              SetFlag<&P::preferOwnProposals>),
        Habit("truncate-sha256",
              "true|false",
              "whether ICVs of HMAC-SHA2-256 have 96 bits, as before RFC 4868",
              SetFlag<&P::truncateSha256To96>),
        Habit("fragment-size",
              "SIZE",
              "largest IP packet with an IKE fragment, 128B to 65535B",
              [](Scenario& s, size_t i, Text& t)
              {
                  const uint64_t octets = ParseOctetCount(t);
                  if (octets < 128 || octets > 65535)
                  {
                      throw std::invalid_argument("'" + t +
                                                  "' is out of range; allowed: 128B to 65535B");
                  }
                  At(s, i).fragmentOctets = static_cast<uint32_t>(octets);
              }),
        Habit("lifetime-rule",
              "shorter|obey|strict|exact",
              "which of two lifetimes counts: the shorter; the initiator's; the initiator's unless "
              "it is longer, then nothing is chosen; none unless they are equal",
              SetParsed<&P::lifetimeRule, ParseLifetimeRule>),
    };
}

} // namespace

ScenarioSection
PersonalitySection()
{
    ScenarioSection section{
        "personality",
        true,
        "habits of gateways and clients where the RFCs leave room: those of base, but for the keys "
        "that are written",
        {{"base",
          "PRESET",
          "rfc",
          "rfc, junos, huawei, solaris, cisco-ios, racoon, strongswan, libreswan, isakmpd or "
          "windows",
          [](Scenario& s, size_t i, Text& t)
          {
              At(s, i) = Personality::Preset(t);
              At(s, i).name = s.personalities[i].name;
          },
          nullptr}},
        [](Scenario& s, const std::string& name, const ScenarioPosition& position) {
            s.personalities.push_back({name, position, {}});
        }};
    for (const auto& keys : {RetransmissionKeys(), NegotiationKeys(), PersonalityLifeKeys()})
    {
        section.keys.insert(section.keys.end(), keys.begin(), keys.end());
    }
    return section;
}

} // namespace ipsec
} // namespace ns3
