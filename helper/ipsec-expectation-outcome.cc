// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-eavesdropper.h"
#include "ipsec-expectation-dial-ups.h"
#include "ipsec-expectation-settings.h"
#include "ipsec-expectation.h"
#include "ipsec-scenario-units.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <deque>
#include <string>

namespace ns3
{
namespace ipsec
{

namespace
{

std::string
Rounded(double value, int digits)
{
    char text[32];
    std::snprintf(text, sizeof(text), "%.*g", digits, value);
    return text;
}

/// Writes a number in as few digits as tell on which side of the limit it is, but never in fewer
/// than reads well.
std::string
NumberText(double value, double limit)
{
    constexpr int fewest = 4;
    constexpr int most = 17;
    const bool isCount = value == std::floor(value);
    int digits = isCount ? most - 1 : fewest;
    while (digits < most)
    {
        const double rounded = std::stod(Rounded(value, digits));
        const bool isOnSameSide =
            (rounded < limit) == (value < limit) && (rounded > limit) == (value > limit);
        const bool isWritten = std::abs(value) < std::pow(10.0, digits);
        if (isOnSameSide && isWritten)
        {
            break;
        }
        digits++;
    }
    return Rounded(value, digits);
}

} // namespace

Observation
Compare(const Expectation& expectation, double value)
{
    const double limit = expectation.value;
    bool pass = false;
    switch (expectation.comparison)
    {
    case Comparison::Equal:
        pass = value == limit;
        break;
    case Comparison::AtLeast:
        pass = value >= limit;
        break;
    case Comparison::AtMost:
        pass = value <= limit;
        break;
    case Comparison::More:
        pass = value > limit;
        break;
    case Comparison::Less:
        pass = value < limit;
        break;
    }
    return {pass, "it is " + NumberText(value, limit) + (expectation.isPercent ? "%" : "")};
}

namespace
{

Observation
SeeTunnelUp(const Expectation& expectation, const RunRecord& record)
{
    const std::optional<Instant> up = record.TunnelUpAt(expectation.subject);
    if (!up)
    {
        return {false, "it never came up"};
    }
    const bool inTime = !expectation.by || *up <= Instant(*expectation.by);
    return {inTime, "up at " + SecondsText(*up) + " s"};
}

/// Returns the failures of a tunnel: its own, and those of phase 1 between its ends.
std::vector<const FailureRecord*>
FailuresOf(const TunnelRecord& tunnel, const RunRecord& record)
{
    std::vector<const FailureRecord*> failures;
    for (const NodeRecord& node : record.nodes)
    {
        const bool isEnd = node.name == tunnel.first || node.name == tunnel.second;
        for (const FailureRecord& failure : node.failures)
        {
            const bool ofPhase1 = failure.tunnel.empty() &&
                                  (failure.peer == tunnel.first || failure.peer == tunnel.second);
            if (isEnd && (failure.tunnel == tunnel.name || ofPhase1))
            {
                failures.push_back(&failure);
            }
        }
    }
    return failures;
}

/// Tells whether an end refused a message of the other for the reason that is expected.
bool
HasRefused(const NodeRecord& node, const TunnelRecord& tunnel, const Expectation& expectation)
{
    const std::string& other = node.name == tunnel.first ? tunnel.second : tunnel.first;
    return std::any_of(node.drops.begin(),
                       node.drops.end(),
                       [&](const DropRecord& drop) {
                           return drop.remote == other && drop.fault == *expectation.fault &&
                                  !IsHarmless(drop.fault);
                       });
}

Observation
SeeTunnelFails(const Expectation& expectation, const RunRecord& record)
{
    const TunnelRecord* tunnel = record.FindTunnel(expectation.subject);
    if (!tunnel || record.TunnelUpAt(expectation.subject))
    {
        return {false, "it came up"};
    }
    const std::vector<const FailureRecord*> failures = FailuresOf(*tunnel, record);
    std::string seen;
    for (const FailureRecord* failure : failures)
    {
        if (expectation.fault && failure->reason == *expectation.fault)
        {
            return {true, std::string("failed with ") + FaultName(failure->reason)};
        }
        seen = std::string("failed with ") + FaultName(failure->reason);
    }
    // The end that refused knows the reason; the other may only see silence, or not be ours.
    for (const NodeRecord& node : record.nodes)
    {
        const bool isEnd = node.name == tunnel->first || node.name == tunnel->second;
        const bool hasCounted = expectation.fault && node.dropCounts.count(*expectation.fault) > 0;
        if (isEnd && hasCounted && (!failures.empty() || HasRefused(node, *tunnel, expectation)))
        {
            return {true,
                    (seen.empty() ? "" : seen + ", ") + node.name + " counted " +
                        FaultName(*expectation.fault)};
        }
    }
    return {!failures.empty() && !expectation.fault,
            failures.empty() ? "no negotiation failed" : seen};
}

Observation
SeeAnswered(const Expectation& expectation, const RunRecord& record)
{
    for (const TrafficRecord& traffic : record.traffic)
    {
        if (traffic.name == expectation.subject)
        {
            const auto received = static_cast<double>(traffic.received);
            if (!expectation.isPercent)
            {
                return Compare(expectation, received);
            }
            return Compare(expectation,
                           traffic.sent == 0 ? 0
                                             : 100 * received / static_cast<double>(traffic.sent));
        }
    }
    return {false, "there is no such traffic"};
}

Observation
SeeDrops(const Expectation& expectation, const RunRecord& record)
{
    return Compare(expectation, static_cast<double>(record.DropCount(expectation.fault)));
}

/// Counts the SAs of a list that are there at the end.
template <typename Sa, typename End>
double
CountLiving(const std::deque<Sa>& list, End end)
{
    return static_cast<double>(
        std::count_if(list.begin(), list.end(), [&](const Sa& sa) { return !(sa.*end); }));
}

const char*
ModeName(Phase1Mode mode)
{
    return mode == Phase1Mode::Main ? "main" : "aggressive";
}

/// Looks at the newest IKE SA between the ends of the tunnel, whichever end knows it.
Observation
SeeIkeMode(const Expectation& expectation, const RunRecord& record, Phase1Mode mode)
{
    const TunnelRecord* tunnel = record.FindTunnel(expectation.subject);
    const IkeSaRecord* newest = nullptr;
    for (const NodeRecord& node : record.nodes)
    {
        for (const IkeSaRecord& sa : node.ikeSas)
        {
            const bool between =
                tunnel && ((node.name == tunnel->first && sa.peer == tunnel->second) ||
                           (node.name == tunnel->second && sa.peer == tunnel->first));
            if (between && (!newest || sa.order > newest->order))
            {
                newest = &sa;
            }
        }
    }
    if (!newest)
    {
        return {false, "there was no IKE SA"};
    }
    return {newest->info.mode == mode, std::string("it is ") + ModeName(newest->info.mode)};
}

/// Looks at the newest address that a client got.
Observation
SeeAddress(const Expectation& expectation, const NodeRecord* node)
{
    if (!node || node->addresses.empty())
    {
        return {false, "it got none"};
    }
    const IpAddress address = node->addresses.back().address;
    const bool isAny = expectation.kind == ExpectationKind::HasAddress;
    return {isAny || address == IpAddress::Parse(SplitWords(expectation.text).back()),
            "it is " + address.ToString()};
}

Observation
SeeEavesdropper(const Expectation& expectation, const RunRecord& record)
{
    const TunnelRecord* tunnel = record.FindTunnel(expectation.subject);
    if (!tunnel)
    {
        return {false, "there is no such tunnel"};
    }
    const Overheard overheard = Overhear(record, *tunnel);
    bool pass = false;
    switch (expectation.kind)
    {
    case ExpectationKind::LearnsHash:
        pass = overheard.ProvesKey();
        break;
    case ExpectationKind::LearnsNoHash:
        pass = !overheard.ProvesKey();
        break;
    case ExpectationKind::LearnsIdentities:
        pass = overheard.HasIdentities();
        break;
    default:
        pass = !overheard.HasIdentities();
        break;
    }
    // Silence keeps every secret, but proves nothing.
    return {overheard.hasMessages && pass, JoinList(OverheardSentences(overheard))};
}

Observation
SeeAttacker(const Expectation& expectation, const RunRecord& record)
{
    const AttackRecord* attack = record.FindAttack(expectation.subject);
    const uint64_t captured = attack ? attack->Captured(expectation.object) : 0;
    const uint64_t read = attack ? attack->Read(expectation.object) : 0;
    const bool reads = expectation.kind == ExpectationKind::AttackerReads;
    if (captured == 0)
    {
        return {false,
                "no packet of tunnel " + expectation.object +
                    " was captured, so there was nothing to read and nothing is proven"};
    }
    return {(read > 0) == reads,
            std::to_string(read) + " of " + std::to_string(captured) + " packets were read"};
}

/// Counts the lines that the report has among its warnings about a tunnel.
Observation
SeeWarnings(const Expectation& expectation, const RunRecord& record)
{
    const TunnelRecord* tunnel = record.FindTunnel(expectation.subject);
    const std::vector<std::string> warnings =
        tunnel ? tunnel->warnings : std::vector<std::string>();
    Observation observation = Compare(expectation, static_cast<double>(warnings.size()));
    observation.seen += warnings.empty() ? "" : ": " + warnings.front();
    return observation;
}

/// Counts operations of a kind, with keys and groups of any size.
Observation
SeeWork(const Expectation& expectation, const NodeRecord* node)
{
    const Work work = node ? node->work : Work();
    uint64_t operations = 0;
    for (const auto& [key, amount] : work.Items())
    {
        const std::string name = key.ToString();
        operations += name.substr(0, name.find('/')) == expectation.object ? amount : 0;
    }
    return Compare(expectation, static_cast<double>(operations));
}

/// Compares the most mappings at once, those that were made, or the losses for one reason or all.
Observation
SeeNat(const Expectation& expectation, const RunRecord& record)
{
    const NatRecord* nat = record.FindNat(expectation.subject);
    const bool isMade = expectation.kind == ExpectationKind::NatMade;
    uint64_t count = !nat ? 0 : isMade ? nat->created : nat->mostMappings;
    if (expectation.kind == ExpectationKind::NatDrops)
    {
        count = 0;
        for (const auto& [reason, lost] : nat ? nat->drops : std::map<std::string, uint64_t>())
        {
            count += expectation.object.empty() || reason == expectation.object ? lost : 0;
        }
    }
    return Compare(expectation, static_cast<double>(count));
}

/// Counts the IKE SAs of a node that ended for a reason.
Observation
SeeEnded(const Expectation& expectation, const NodeRecord* node)
{
    const auto isOne = [&](const IkeSaRecord& sa)
    { return sa.endedAt && sa.reason == *expectation.fault; };
    return Compare(
        expectation,
        node ? static_cast<double>(std::count_if(node->ikeSas.begin(), node->ikeSas.end(), isOne))
             : 0);
}

/// Returns the exchange of a name that ParseExpectation() took.
ExchangeType
ExchangeNamed(const std::string& name)
{
    for (const ExchangeType exchange : {ExchangeType::AggressiveMode,
                                        ExchangeType::QuickMode,
                                        ExchangeType::Informational,
                                        ExchangeType::Transaction})
    {
        if (ExchangeName(exchange) == name)
        {
            return exchange;
        }
    }
    return ExchangeType::MainMode;
}

Observation
See(const Expectation& expectation, const RunRecord& record)
{
    const NodeRecord* node = record.FindNode(expectation.subject);
    switch (expectation.kind)
    {
    case ExpectationKind::TunnelUp:
        return SeeTunnelUp(expectation, record);
    case ExpectationKind::TunnelFails:
        return SeeTunnelFails(expectation, record);
    case ExpectationKind::Answered:
        return SeeAnswered(expectation, record);
    case ExpectationKind::Messages:
        return Compare(
            expectation,
            static_cast<double>(record.MessageCount(ExchangeNamed(expectation.subject))));
    case ExpectationKind::Retransmissions:
        return Compare(expectation, static_cast<double>(record.RetransmissionCount()));
    case ExpectationKind::Drops:
        return SeeDrops(expectation, record);
    case ExpectationKind::IkeSas:
        return Compare(expectation, node ? CountLiving(node->ikeSas, &IkeSaRecord::endedAt) : 0);
    case ExpectationKind::IkeSasEnded:
        return SeeEnded(expectation, node);
    case ExpectationKind::IpsecSas:
        return Compare(expectation,
                       node ? CountLiving(node->ipsecSas, &IpsecSaRecord::removedAt) : 0);
    case ExpectationKind::MainMode:
        return SeeIkeMode(expectation, record, Phase1Mode::Main);
    case ExpectationKind::AggressiveMode:
        return SeeIkeMode(expectation, record, Phase1Mode::Aggressive);
    case ExpectationKind::HasAddress:
    case ExpectationKind::AddressIs:
        return SeeAddress(expectation, node);
    case ExpectationKind::LearnsIdentities:
    case ExpectationKind::LearnsNothing:
    case ExpectationKind::LearnsHash:
    case ExpectationKind::LearnsNoHash:
        return SeeEavesdropper(expectation, record);
    case ExpectationKind::AttackerReads:
    case ExpectationKind::AttackerReadsNothing:
        return SeeAttacker(expectation, record);
    case ExpectationKind::ClearPackets:
        return Compare(expectation, node ? static_cast<double>(node->clearPackets) : 0);
    case ExpectationKind::TunnelsUp:
        return SeeTunnelsUp(expectation, record);
    case ExpectationKind::LostPackets:
        return SeeLostPackets(expectation, record);
    case ExpectationKind::LongestOutage:
    case ExpectationKind::LongestOneWay:
        return SeeLongest(expectation, record);
    case ExpectationKind::LongestSilence:
        return SeeSilence(expectation, record);
    case ExpectationKind::Warnings:
        return SeeWarnings(expectation, record);
    case ExpectationKind::Work:
        return SeeWork(expectation, node);
    case ExpectationKind::NatMappings:
    case ExpectationKind::NatMade:
    case ExpectationKind::NatDrops:
        return SeeNat(expectation, record);
    case ExpectationKind::KeepAlives:
        return Compare(expectation, node ? static_cast<double>(node->keepAlives) : 0);
    case ExpectationKind::Connects:
    case ExpectationKind::ConnectFailures:
    case ExpectationKind::TunnelLosses:
    case ExpectationKind::LongestWait:
    case ExpectationKind::LongestGap:
        return SeeDialUps(expectation, record);
    case ExpectationKind::Amplification:
        return SeeAmplification(expectation, record);
    case ExpectationKind::Setting:
        return SeeSetting(expectation);
    case ExpectationKind::SeriesPeak:
    case ExpectationKind::SeriesMean:
    case ExpectationKind::SeriesAt:
        return SeeSample(expectation, record);
    }
    return {false, ""};
}

} // namespace

std::vector<ExpectationOutcome>
EvaluateExpectations(const std::vector<Expectation>& expectations, const RunRecord& record)
{
    std::vector<ExpectationOutcome> outcomes;
    for (const Expectation& expectation : expectations)
    {
        const Observation observation = See(expectation, record);
        outcomes.push_back({expectation.text,
                            observation.pass,
                            observation.seen,
                            observation.pass ? "" : expectation.hint});
    }
    return outcomes;
}

} // namespace ipsec
} // namespace ns3
