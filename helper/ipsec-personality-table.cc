// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-personality-table.h"

#include <algorithm>
#include <map>
#include <sstream>

namespace ns3
{
namespace ipsec
{

namespace
{

using P = Personality;

constexpr size_t COLUMNS = 5;
constexpr size_t LABEL_WIDTH = 50;
constexpr size_t COLUMN_WIDTH = 14;

/// One field: a heading if there is no text for it.
struct Row
{
    const char* label;
    std::string (*text)(const Personality&);
};

std::string
Number(double value)
{
    std::ostringstream text;
    text << value;
    return text.str();
}

std::string
Seconds(Duration time)
{
    return Number(std::chrono::duration<double>(time).count());
}

std::string
Percent(double part)
{
    return Number(part * 100);
}

/// A number of which 0 is said in a word.
std::string
Count(uint64_t count, const char* zero)
{
    return count == 0 ? zero : std::to_string(count);
}

std::string
YesNo(bool flag)
{
    return flag ? "yes" : "no";
}

template <typename Choice>
std::string
Word(Choice choice, const std::map<Choice, const char*>& words)
{
    return words.at(choice);
}

std::string
WordOf(Renewer renewer)
{
    return Word(renewer,
                {{Renewer::Either, "either"},
                 {Renewer::Initiator, "initiator"},
                 {Renewer::Nobody, "nobody"}});
}

const Row SENDING[] = {
    {"Sending again", nullptr},
    {"first wait (s)", [](const P& p) { return Seconds(p.retransmission.first); }},
    {"growth of each wait (factor)", [](const P& p) { return Number(p.retransmission.growth); }},
    {"added to each wait (s)", [](const P& p) { return Seconds(p.retransmission.step); }},
    {"longest wait (s)",
     [](const P& p)
     {
         const Duration cap = p.retransmission.cap;
         return cap == Duration::max() ? "none" : Seconds(cap);
     }},
    {"waits of the first length",
     [](const P& p) { return std::to_string(p.retransmission.firstWaits); }},
    {"repetitions", [](const P& p) { return std::to_string(p.retransmission.tries); }},
    {"gives up after (s)", [](const P& p) { return Seconds(p.retransmission.Total()); }},
    {"random part of a wait (%)", [](const P& p) { return Percent(p.retransmission.jitter); }},
    {"half-open responder waits (s)", [](const P& p) { return Seconds(p.halfOpenTimeout); }},
    {"finished exchange answers copies for (s)", [](const P& p) { return Seconds(p.ledgerTime); }},
    {"copies of a message that are answered",
     [](const P& p) { return Count(p.maxDuplicateAnswers, "all"); }},
    {"messages known again", [](const P& p) { return std::to_string(p.rememberedMessages); }},
    {"repetitions of AM2 by timer",
     [](const P& p) { return Count(p.aggressiveReplyTries, "none"); }},
    {"answers of main mode repeated by timer",
     [](const P& p)
     {
         return Word(p.mainReplies,
                     {{MainReplies::None, "none"},
                      {MainReplies::NotFirst, "MM4"},
                      {MainReplies::All, "MM2, MM4"}});
     }},
};

const Row NEGOTIATING[] = {
    {"Negotiating", nullptr},
    {"nonce (octets)", [](const P& p) { return std::to_string(p.nonceOctets); }},
    {"phase 1 with INITIAL-CONTACT",
     [](const P& p)
     {
         return Word(p.initialContact,
                     {{ContactAnnouncement::Never, "none"},
                      {ContactAnnouncement::First, "the first"},
                      {ContactAnnouncement::Always, "all"}});
     }},
    {"that in aggressive mode, too",
     [](const P& p) { return YesNo(p.sendInitialContactInAggressive); }},
    {"quick modes at once", [](const P& p) { return std::to_string(p.maxQuickModes); }},
    {"repeats the SET of Mode Config", [](const P& p) { return YesNo(p.repeatConfigSet); }},
    {"takes an offer of PFS without asking",
     [](const P& p) { return YesNo(p.acceptUnrequestedPfs); }},
    {"goes by its own order of proposals", [](const P& p) { return YesNo(p.preferOwnProposals); }},
    {"SHA2-256 cut to 96 bits", [](const P& p) { return YesNo(p.truncateSha256To96); }},
    {"IKE fragments (octets)", [](const P& p) { return std::to_string(p.fragmentOctets); }},
    {"which of two lifetimes counts",
     [](const P& p)
     {
         return Word(p.lifetimeRule,
                     {{LifetimeRule::Shorter, "shorter"},
                      {LifetimeRule::Obey, "initiator's"},
                      {LifetimeRule::Strict, "strict"},
                      {LifetimeRule::Exact, "exact"}});
     }},
};

const Row RENEWAL[] = {
    {"Lifetimes and renewal", nullptr},
    {"IKE SA (s)", [](const P& p) { return Seconds(p.ikeLifetime); }},
    {"IPsec SA (s)", [](const P& p) { return Seconds(p.ipsecLifetime); }},
    {"IPsec SA (kB)", [](const P& p) { return Count(p.ipsecLifetimeKilobytes, "none"); }},
    {"renewed after (% of the lifetime)",
     [](const P& p)
     {
         const bool byPart = p.renewalMargin == Duration::zero();
         return byPart ? Number(p.softLifetimePercent) : "-";
     }},
    {"renewed before the end (s)",
     [](const P& p)
     { return p.renewalMargin == Duration::zero() ? "-" : Seconds(p.renewalMargin); }},
    {"random part of the margin (% of it)", [](const P& p) { return Percent(p.renewalFuzz); }},
    {"responder's margin (% of the initiator's)",
     [](const P& p) { return Percent(p.responderMargin); }},
    {"responder's margin is random, too", [](const P& p) { return YesNo(p.responderFuzz); }},
    {"least margin (s)", [](const P& p) { return Seconds(p.leastRenewalMargin); }},
    {"who renews IKE SAs", [](const P& p) { return WordOf(p.ikeRenewer); }},
    {"who renews IPsec SAs", [](const P& p) { return WordOf(p.ipsecRenewer); }},
    {"replaced IKE SA stays for (s)", [](const P& p) { return Seconds(p.oldIkeSaDelay); }},
};

const Row ENDING[] = {
    {"What outlives what", nullptr},
    {"IPsec SAs when their IKE SA ends",
     [](const P& p)
     {
         return Word(p.childrenAtEnd,
                     {{ChildrenAtEnd::Keep, "stay"},
                      {ChildrenAtEnd::Adopt, "adopted or go"},
                      {ChildrenAtEnd::Drop, "go"}});
     }},
    {"replaced pair goes",
     [](const P& p)
     {
         return Word(p.retirement,
                     {{Retirement::AfterDelay, "after delay"},
                      {Retirement::OnTraffic, "on traffic"},
                      {Retirement::AtExpiry, "at its end"}});
     }},
    {"delay of that (s)", [](const P& p) { return Seconds(p.retirementDelay); }},
    {"it still receives for (s)", [](const P& p) { return Seconds(p.graceTime); }},
    {"one of two crossing pairs",
     [](const P& p)
     {
         return Word(p.redundantPairs,
                     {{RedundantPairs::Keep, "stays"},
                      {RedundantPairs::LetExpire, "not renewed"},
                      {RedundantPairs::Delete, "goes"}});
     }},
    {"one IKE SA per identity",
     [](const P& p)
     {
         return Word(p.uniqueness,
                     {{Uniqueness::No, "no"},
                      {Uniqueness::Keep, "the old one"},
                      {Uniqueness::Replace, "the new one"},
                      {Uniqueness::Never, "never"}});
     }},
    {"INITIAL-CONTACT is about an",
     [](const P& p)
     {
         return Word(p.contactScope,
                     {{ContactScope::Identity, "identity"}, {ContactScope::Address, "address"}});
     }},
    {"packets with an unknown SPI",
     [](const P& p)
     {
         return Word(p.invalidSpi,
                     {{InvalidSpiReaction::Ignore, "ignored"},
                      {InvalidSpiReaction::Notify, "notified"},
                      {InvalidSpiReaction::NewIkeSa, "new IKE SA"}});
     }},
    {"deletes when stopped", [](const P& p) { return YesNo(p.sendDeletes); }},
};

const Row LIVENESS[] = {
    {"Dead peer detection, starting again, limits", nullptr},
    {"announces detection even if off", [](const P& p) { return YesNo(p.announceDpd); }},
    {"silence before a probe (s)",
     [](const P& p) { return p.dpdDelay == Duration::zero() ? "off" : Seconds(p.dpdDelay); }},
    {"wait between probes (s)", [](const P& p) { return Seconds(p.dpdRetry); }},
    {"probes until dead", [](const P& p) { return std::to_string(p.dpdTries); }},
    {"mask of the first number",
     [](const P& p)
     {
         std::ostringstream text;
         text << "0x" << std::hex << p.dpdFirstSequenceMask;
         return text.str();
     }},
    {"repeats the number", [](const P& p) { return YesNo(p.dpdRepeatsSequence); }},
    {"answers any number", [](const P& p) { return YesNo(p.dpdAnswersAnySequence); }},
    {"of these at most between expected ones",
     [](const P& p) { return Count(p.dpdUnexpectedAnswers, "all"); }},
    {"probes behind a NAT in spite of traffic",
     [](const P& p) { return YesNo(p.dpdProbesBehindNat); }},
    {"notification in front of the HASH", [](const P& p) { return YesNo(p.dpdNotifyFirst); }},
    {"first pause before another try (s)", [](const P& p) { return Seconds(p.firstPause); }},
    {"longest pause (s)", [](const P& p) { return Seconds(p.longestPause); }},
    {"negotiations until given up", [](const P& p) { return Count(p.keyingTries, "no end"); }},
    {"NAT traversal by",
     [](const P& p)
     {
         return Word(p.natTraversalDocuments,
                     {{NatTraversalDocuments::Rfc, "RFC"},
                      {NatTraversalDocuments::Drafts, "drafts"},
                      {NatTraversalDocuments::Both, "both"}});
     }},
    {"NAT keepalive after (s)", [](const P& p) { return Seconds(p.natKeepalive); }},
    {"half-open exchanges", [](const P& p) { return Count(p.halfOpen, "no limit"); }},
    {"half-open exchanges per address",
     [](const P& p) { return Count(p.halfOpenPerAddress, "no limit"); }},
};

std::string
Padded(std::string text, size_t width)
{
    text.resize(std::max(text.size() + 1, width), ' ');
    return text;
}

/// Writes one line without blanks at its end.
std::string
Line(const char* label, const std::vector<std::string>& cells)
{
    std::string line = Padded(label, LABEL_WIDTH);
    for (const std::string& cell : cells)
    {
        line += Padded(cell, COLUMN_WIDTH);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    return line + "\n";
}

template <size_t Rows>
std::string
Part(const Row (&rows)[Rows], const std::vector<Personality>& columns)
{
    std::string out = "\n";
    for (const Row& row : rows)
    {
        std::vector<std::string> cells;
        for (const Personality& column : columns)
        {
            if (row.text)
            {
                cells.push_back(row.text(column));
            }
        }
        out += Line((row.text ? "  " + std::string(row.label) : row.label).c_str(), cells);
    }
    return out;
}

} // namespace

std::string
PersonalityTable(const std::vector<Personality>& personalities)
{
    std::string out;
    for (size_t first = 0; first < personalities.size(); first += COLUMNS)
    {
        const size_t end = std::min(first + COLUMNS, personalities.size());
        const std::vector<Personality> block(
            personalities.begin() + static_cast<std::ptrdiff_t>(first),
            personalities.begin() + static_cast<std::ptrdiff_t>(end));
        std::vector<std::string> names;
        for (const Personality& personality : block)
        {
            names.push_back(personality.name);
        }
        out += (first == 0 ? "" : "\n") + Line("Personality", names);
        out += Part(SENDING, block) + Part(NEGOTIATING, block) + Part(RENEWAL, block) +
               Part(ENDING, block) + Part(LIVENESS, block);
    }
    return out;
}

std::vector<Personality>
AllPresets()
{
    std::vector<Personality> presets;
    for (const std::string& name : Personality::PresetNames())
    {
        presets.push_back(Personality::Preset(name));
    }
    return presets;
}

} // namespace ipsec
} // namespace ns3
