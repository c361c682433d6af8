// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-mode-lab-findings.h"

#include "ipsec-eavesdropper.h"
#include "ipsec-scenario-units.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

std::string
Mode(Phase1Mode mode)
{
    return mode == Phase1Mode::Main ? "main" : "aggressive";
}

std::string
Count(uint64_t value)
{
    return std::to_string(value);
}

std::string
CountOrNothing(const std::optional<uint64_t>& value)
{
    return value ? Count(*value) : "";
}

std::string
MillisecondsOrNothing(const std::optional<Duration>& time)
{
    return time ? NumberText("%.3f", Milliseconds(*time)) : "";
}

/// Returns the rate of an attack of a mode that was measured, or 0.
double
RateOf(const std::vector<ModeAttack>& attacks, Phase1Mode mode)
{
    const auto found =
        std::find_if(attacks.begin(),
                     attacks.end(),
                     [&](const ModeAttack& one) { return one.mode == mode && one.rate > 0; });
    return found == attacks.end() ? 0 : found->rate;
}

} // namespace

std::vector<LabRow>
ModeMessageRows(const std::vector<ModeFacts>& modes)
{
    std::vector<LabRow> rows{{"mode", "message", "from", "octets", "encrypted", "payloads"}};
    for (const ModeFacts& facts : modes)
    {
        for (const ModeMessage& message : facts.messages)
        {
            rows.push_back({Mode(facts.mode),
                            Count(message.number),
                            message.isFromInitiator ? facts.initiator : facts.responder,
                            Count(message.octets),
                            message.encrypted ? "yes" : "no",
                            message.payloads});
        }
    }
    return rows;
}

std::vector<LabRow>
ModeCountRows(const std::vector<ModeFacts>& modes)
{
    std::vector<LabRow> rows{{"mode",
                              "tunnel",
                              "earlier exchanges",
                              "messages",
                              "of them encrypted",
                              "octets",
                              "octets with IP and UDP headers",
                              "round trip/ms",
                              "both ends have the IKE SA after/ms",
                              "the tunnel is up after/ms",
                              "DH operations of the responder for an address that may be spoofed",
                              "DH operations of the responder before authentication",
                              "DH operations of the initiator before authentication",
                              "names in clear",
                              "hash to try keys with in clear"}};
    for (const ModeFacts& facts : modes)
    {
        rows.push_back({Mode(facts.mode),
                        facts.tunnel,
                        Count(facts.earlierExchanges),
                        Count(facts.messages.size()),
                        Count(facts.EncryptedMessages()),
                        Count(facts.octets),
                        Count(facts.packetOctets),
                        MillisecondsOrNothing(facts.roundTrip),
                        MillisecondsOrNothing(facts.established),
                        MillisecondsOrNothing(facts.tunnelUp),
                        CountOrNothing(facts.dh.unproven),
                        CountOrNothing(facts.dh.responder),
                        CountOrNothing(facts.dh.initiator),
                        JoinList(facts.overheard.Names()),
                        facts.overheard.ProvesKey() ? "yes" : "no"});
    }
    return rows;
}

std::vector<LabRow>
ModeEavesdropperRows(const std::vector<ModeFacts>& modes)
{
    std::vector<LabRow> rows{{"mode", "tunnel", "sentence"}};
    for (const ModeFacts& facts : modes)
    {
        for (const std::string& sentence : OverheardSentences(facts.overheard))
        {
            rows.push_back({Mode(facts.mode), facts.tunnel, sentence});
        }
    }
    return rows;
}

std::vector<LabRow>
ModeSweepRows(const std::vector<ModeSweepPoint>& points)
{
    std::vector<LabRow> rows{{"sweep over",
                              "mode",
                              "round trip/ms",
                              "lost/%",
                              "runs",
                              "of them up",
                              "mean/s",
                              "half of the 95 % interval/s"}};
    for (const ModeSweepPoint& point : points)
    {
        const MeanInterval time = point.Established();
        rows.push_back({point.isOverRoundTrip ? "round trip" : "loss",
                        Mode(point.mode),
                        NumberText("%.12g", Milliseconds(point.roundTrip)),
                        NumberText("%.10g", point.loss * 100),
                        Count(point.runs.size()),
                        Count(time.count),
                        time.count > 0 ? NumberText("%.6f", time.mean) : "",
                        time.halfWidth ? NumberText("%.6f", *time.halfWidth) : ""});
    }
    return rows;
}

std::vector<LabRow>
ModeAttackRows(const std::vector<ModeAttack>& attacks)
{
    std::vector<LabRow> rows{
        {"mode", "key", "proof on the wire", "words tried", "found", "guesses/s", "capture"}};
    for (const ModeAttack& attack : attacks)
    {
        rows.push_back({Mode(attack.mode),
                        attack.key,
                        attack.hasProof ? "yes" : "no",
                        Count(attack.words.tried),
                        attack.words.found.value_or(""),
                        attack.rate > 0 ? NumberText("%.0f", attack.rate) : "",
                        attack.capture});
    }
    return rows;
}

std::vector<LabRow>
KeyKindRows(const std::vector<ModeAttack>& attacks, size_t words)
{
    std::vector<LabRow> rows{
        {"the key is", "possibilities", "aggressive mode stands", "main mode stands"}};
    const double aggressive = RateOf(attacks, Phase1Mode::Aggressive);
    const double main = RateOf(attacks, Phase1Mode::Main);
    if (aggressive > 0 && main > 0)
    {
        for (const KeyKindRow& row : KeyKinds(words))
        {
            rows.push_back({row.what,
                            NumberText("%.3g", row.possibilities),
                            LongTimeText(row.SecondsAt(aggressive)),
                            LongTimeText(row.SecondsAt(main))});
        }
    }
    return rows;
}

std::vector<LabRow>
AmplificationRows(const std::vector<AmplificationRow>& rows)
{
    std::vector<LabRow> table{{"mode",
                               "personality",
                               "repetitions",
                               "octets in",
                               "answers",
                               "octets out",
                               "octets out for each in"}};
    for (const AmplificationRow& row : rows)
    {
        table.push_back({Mode(row.mode),
                         row.personality,
                         row.repetitions ? Count(*row.repetitions) : "",
                         Count(row.sentOctets),
                         Count(row.answers),
                         Count(row.answerOctets),
                         NumberText("%.2f", row.Factor())});
    }
    return table;
}

} // namespace ipsec
} // namespace ns3
