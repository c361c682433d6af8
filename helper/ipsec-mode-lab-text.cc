// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-mode-lab-text.h"

#include "ipsec-lab-text.h"
#include "ipsec-ladder.h"
#include "ipsec-scenario-units.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace ns3
{
namespace ipsec
{

namespace
{

const char*
ModeName(Phase1Mode mode)
{
    return mode == Phase1Mode::Main ? "main" : "aggressive";
}

/// Writes a time in milliseconds, to the microsecond where it is not a whole number.
std::string
MillisecondsText(Duration time)
{
    return NumberText("%.12g ms", std::round(Milliseconds(time) * 1000) / 1000);
}

std::string
TimeText(const ModeFacts& facts, const std::optional<Duration>& time)
{
    if (!time)
    {
        return "never";
    }
    const std::optional<double> roundTrips = facts.InRoundTrips(*time);
    return MillisecondsText(*time) +
           (roundTrips ? NumberText(", %.1f round trips", *roundTrips) : std::string());
}

std::string
RoundTripText(const ModeFacts& facts)
{
    if (!facts.roundTrip)
    {
        return "unknown: no answer came";
    }
    return MillisecondsText(*facts.roundTrip) +
           (*facts.roundTrip == Duration::zero() ? ": none to count by" : "");
}

std::string
DhText(const std::optional<uint64_t>& operations)
{
    return operations ? std::to_string(*operations) : "unknown";
}

std::string
NamesText(const Overheard& overheard)
{
    const std::vector<std::string> names = overheard.Names();
    return names.empty() ? "none" : JoinList(names);
}

constexpr size_t WHAT_COLUMNS = 44;
constexpr size_t VALUE_COLUMNS = 28;
constexpr size_t INTERVAL_COLUMNS = 38;

std::string
BothLine(const std::string& what, const std::string& main, const std::string& aggressive)
{
    return "  " + Left(what, WHAT_COLUMNS) + Left(main, VALUE_COLUMNS) + aggressive + "\n";
}

/// Writes "0.123 +- 0.004 s", without an interval if there is none, and how many runs got there if
/// not all did.
std::string
IntervalText(const ModeSweepPoint& point)
{
    const MeanInterval time = point.Established();
    if (point.runs.empty())
    {
        return "not run";
    }
    if (time.count == 0)
    {
        return "never";
    }
    std::string text = NumberText("%.3f", time.mean) +
                       (time.halfWidth ? NumberText(" +- %.3f s", *time.halfWidth) : " s");
    if (time.count < point.runs.size())
    {
        text += " (" + std::to_string(time.count) + " of " + std::to_string(point.runs.size()) +
                " runs)";
    }
    return text;
}

/// Returns the same path in aggressive mode.
const ModeSweepPoint*
AggressiveLike(const std::vector<ModeSweepPoint>& points, const ModeSweepPoint& main)
{
    const auto found = std::find_if(points.begin(),
                                    points.end(),
                                    [&](const ModeSweepPoint& one)
                                    {
                                        return one.mode == Phase1Mode::Aggressive &&
                                               one.isOverRoundTrip == main.isOverRoundTrip &&
                                               one.roundTrip == main.roundTrip &&
                                               one.loss == main.loss;
                                    });
    return found == points.end() ? nullptr : &*found;
}

std::string
SweepTable(const std::vector<ModeSweepPoint>& points, bool overRoundTrip)
{
    std::string out = "  " + Right("round trip", 10) + Right("lost", 9) + "    " +
                      Left("main mode", INTERVAL_COLUMNS) + "aggressive mode\n";
    for (const ModeSweepPoint& point : points)
    {
        const ModeSweepPoint* other = AggressiveLike(points, point);
        if (point.isOverRoundTrip == overRoundTrip && point.mode == Phase1Mode::Main && other)
        {
            out += "  " + Right(NumberText("%g ms", Milliseconds(point.roundTrip)), 10) +
                   Right(NumberText("%g %%", point.loss * 100), 9) + "    " +
                   Left(IntervalText(point), INTERVAL_COLUMNS) + IntervalText(*other) + "\n";
        }
    }
    return out + "\n";
}

std::string
AttackLine(const ModeAttack& attack, size_t words)
{
    const char* who =
        attack.mode == Phase1Mode::Main ? "impostor in main mode" : "eavesdropper, aggressive mode";
    std::string result = "got nothing to try words with";
    if (attack.hasProof)
    {
        result = attack.words.found ? "FOUND: it is word " + std::to_string(attack.words.tried) +
                                          ", \"" + *attack.words.found + "\""
                                    : "not found: none of " + std::to_string(words) + " words fits";
    }
    return "  " + Left(who, 31) + Left("key \"" + attack.key + "\"", 32) + result + "\n" +
           std::string(4, ' ') + "with what is in " + attack.capture + "\n";
}

const ModeAttack*
MeasuredAttack(const std::vector<ModeAttack>& attacks, Phase1Mode mode)
{
    const auto found =
        std::find_if(attacks.begin(),
                     attacks.end(),
                     [&](const ModeAttack& one) { return one.mode == mode && one.rate > 0; });
    return found == attacks.end() ? nullptr : &*found;
}

std::string
FactorText(const AmplificationRow& row)
{
    return std::to_string(row.sentOctets) + " in, " + std::to_string(row.answers) + " x " +
           (row.answers == 0 ? "0" : std::to_string(row.answerOctets / row.answers)) +
           " out: " + NumberText("%.2f", row.Factor());
}

} // namespace

std::string
ModeMessagesText(const RunRecord& record, const ModeFacts& facts)
{
    std::string out;
    for (const Ladder& ladder : MakeLadders(record))
    {
        if (std::minmax(ladder.left, ladder.right) == std::minmax(facts.initiator, facts.responder))
        {
            out += LadderText(ladder);
        }
    }
    out += "\n  message         from          octets  on the wire  payloads\n";
    for (const ModeMessage& message : facts.messages)
    {
        const std::string name =
            std::string(ModeName(facts.mode)) + " " + std::to_string(message.number);
        out += "  " + Left(name, 16) +
               Left(message.isFromInitiator ? facts.initiator : facts.responder, 14) +
               Right(std::to_string(message.octets), 6) + "  " +
               Left(message.encrypted ? "encrypted" : "in clear", 13) + message.payloads + "\n";
    }
    return out;
}

std::string
SideBySideText(const ModeFacts& main, const ModeFacts& aggressive)
{
    const auto count = [](uint64_t value) { return std::to_string(value); };
    const auto line = [](const std::string& what, const std::string& a, const std::string& b)
    { return BothLine(what, a, b); };
    const auto hash = [](const ModeFacts& facts)
    { return std::string(facts.overheard.ProvesKey() ? "HASH_R" : "none"); };
    const bool hasEarlier = main.earlierExchanges + aggressive.earlierExchanges > 0;
    return line("", "main mode", "aggressive mode") +
           (hasEarlier ? line("exchanges that were begun before, in vain",
                              count(main.earlierExchanges),
                              count(aggressive.earlierExchanges))
                       : std::string()) +
           line("messages", count(main.messages.size()), count(aggressive.messages.size())) +
           line("of them encrypted",
                count(main.EncryptedMessages()),
                count(aggressive.EncryptedMessages())) +
           line("octets of the messages", count(main.octets), count(aggressive.octets)) +
           line("octets with IP and UDP headers",
                count(main.packetOctets),
                count(aggressive.packetOctets)) +
           line("round trip of the path", RoundTripText(main), RoundTripText(aggressive)) +
           line("both ends have the IKE SA after",
                TimeText(main, main.established),
                TimeText(aggressive, aggressive.established)) +
           line("the tunnel is up after",
                TimeText(main, main.tunnelUp),
                TimeText(aggressive, aggressive.tunnelUp)) +
           line("DH operations of the responder ...", "", "") +
           line("  for an address that may be spoofed",
                DhText(main.dh.unproven),
                DhText(aggressive.dh.unproven)) +
           line("  before the initiator is authenticated",
                DhText(main.dh.responder),
                DhText(aggressive.dh.responder)) +
           line("DH operations of the initiator ...", "", "") +
           line("  before the responder is authenticated",
                DhText(main.dh.initiator),
                DhText(aggressive.dh.initiator)) +
           line("names in clear", NamesText(main.overheard), NamesText(aggressive.overheard)) +
           line("hash to try keys with, in clear", hash(main), hash(aggressive));
}

std::string
ModeEavesdropperText(const ModeFacts& main, const ModeFacts& aggressive)
{
    std::string out;
    for (const ModeFacts* facts : {&main, &aggressive})
    {
        out += std::string("  of ") + ModeName(facts->mode) + " mode (tunnel " + facts->tunnel +
               "):\n";
        for (const std::string& sentence : OverheardSentences(facts->overheard))
        {
            out += "    " + sentence + "\n";
        }
    }
    return out;
}

std::string
ModeSweepText(const std::vector<ModeSweepPoint>& points)
{
    if (points.empty())
    {
        return "";
    }
    size_t runs = 0;
    for (const ModeSweepPoint& point : points)
    {
        runs = std::max(runs, point.runs.size());
    }
    const std::string what =
        runs == 1 ? std::string("Of one run, which tells nothing of how far others differ.")
                  : "Mean of " + std::to_string(runs) +
                        " runs and its 95 % confidence interval; of those that got there, if not "
                        "all did.";
    return "  " + what + "\n  The round trip is that of the internet, twice its delay.\n\n" +
           SweepTable(points, true) + SweepTable(points, false);
}

std::string
ModeAttacksText(const std::vector<ModeAttack>& attacks, const LabWords& words)
{
    std::string out =
        "  " + std::to_string(words.words.size()) + " words of " + words.file + "\n\n";
    for (const ModeAttack& attack : attacks)
    {
        out += AttackLine(attack, words.words.size());
    }
    for (const Phase1Mode mode : {Phase1Mode::Aggressive, Phase1Mode::Main})
    {
        if (const ModeAttack* attack = MeasuredAttack(attacks, mode))
        {
            out += (mode == Phase1Mode::Aggressive ? "\n" : "") + std::string("  ") +
                   Left(std::string("guesses in ") + ModeName(mode) + " mode", 31) +
                   NumberText("%.0f per second on one core of this machine\n", attack->rate);
        }
    }
    return out;
}

std::string
KeyKindsText(const std::vector<ModeAttack>& attacks, size_t words)
{
    const ModeAttack* main = MeasuredAttack(attacks, Phase1Mode::Main);
    const ModeAttack* aggressive = MeasuredAttack(attacks, Phase1Mode::Aggressive);
    if (!main || !aggressive)
    {
        return "  not known: there was nothing to try words with in both modes\n";
    }
    std::string out = "  " + Left("the key is", 33) + Right("possibilities", 14) +
                      Right("aggressive mode", 19) + Right("main mode", 19) + "\n";
    for (const KeyKindRow& row : KeyKinds(words))
    {
        out += "  " + Left(row.what, 33) + Right(NumberText("%.3g", row.possibilities), 14) +
               Right(LongTimeText(row.SecondsAt(aggressive->rate)), 19) +
               Right(LongTimeText(row.SecondsAt(main->rate)), 19) + "\n";
    }
    return out + "\n  Times on one core of this machine; on average half of the keys are tried.\n";
}

std::string
AmplificationText(const std::vector<AmplificationRow>& byRepetitions,
                  const std::vector<AmplificationRow>& byPersonality)
{
    std::string out;
    const auto line = [&](const std::string& what, const std::string& a, const std::string& b)
    { out += "  " + Left(what, 28) + Left(a, 33) + b + "\n"; };
    const auto table = [&](const std::vector<AmplificationRow>& rows, const auto& nameOf)
    {
        std::set<std::string> done;
        for (const AmplificationRow& row : rows)
        {
            const auto other = std::find_if(rows.begin(),
                                            rows.end(),
                                            [&](const AmplificationRow& one) {
                                                return one.mode == Phase1Mode::Aggressive &&
                                                       nameOf(one) == nameOf(row);
                                            });
            if (row.mode == Phase1Mode::Main && other != rows.end() &&
                done.insert(nameOf(row)).second)
            {
                line(nameOf(row), FactorText(row), FactorText(*other));
            }
        }
    };
    line("its answer is sent again", "main mode", "aggressive mode");
    table(byRepetitions,
          [](const AmplificationRow& row)
          { return *row.repetitions == 0 ? "never" : std::to_string(*row.repetitions) + " x"; });
    out += "\n";
    line("responder behaves like", "main mode", "aggressive mode");
    table(byPersonality, [](const AmplificationRow& row) { return row.personality; });
    return out;
}

} // namespace ipsec
} // namespace ns3
