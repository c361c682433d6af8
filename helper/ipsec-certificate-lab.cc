// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-certificate-lab.h"

#include "ipsec-csv.h"
#include "ipsec-eavesdropper.h"
#include "ipsec-ladder.h"
#include "ipsec-scenario-ini.h"

#include "ns3/esp-header.h"
#include "ns3/ipsec-cargo.h"
#include "ns3/ipsec-endpoint.h"
#include "ns3/ipsec-flow-key.h"
#include "ns3/isakmp-message.h"
#include "ns3/isakmp-payloads.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

bool
IsPhase1(ExchangeType exchange)
{
    return exchange == ExchangeType::MainMode || exchange == ExchangeType::AggressiveMode;
}

/// Returns what happened between the ends until the second attempt began, the first end at the
/// left.
std::vector<LadderStep>
FirstAttempt(const RunRecord& record, const CertificateTunnel& names)
{
    std::vector<LadderStep> steps;
    for (Ladder& ladder : MakeLadders(record))
    {
        if (ladder.left == names.first || ladder.right == names.first)
        {
            steps = std::move(ladder.steps);
            for (LadderStep& step : steps)
            {
                step.isLeft = step.isLeft == (ladder.left == names.first);
            }
            break;
        }
    }
    const auto isFirstMessage = [](const LadderStep& step)
    {
        return step.isMessage && !step.repeated && !step.networkCopy && IsPhase1(step.exchange) &&
               step.label.substr(step.label.find(' ')) == " 1";
    };
    const auto first = std::find_if(steps.begin(), steps.end(), isFirstMessage);
    if (first != steps.end())
    {
        steps.erase(std::find_if(first + 1, steps.end(), isFirstMessage), steps.end());
    }
    return steps;
}

/// Returns what was found wrong first, at either end.
std::optional<CertificateNotice>
FindNotice(const RunRecord& record, const CertificateTunnel& names)
{
    std::optional<CertificateNotice> first;
    std::optional<uint64_t> order;
    const auto note = [&](const std::string& node, Fault fault, Instant at, uint64_t place)
    {
        if (!first || at < first->at || (at == first->at && place < *order))
        {
            first = CertificateNotice{node, fault, at};
            order = place;
        }
    };
    for (const std::string& name : {names.first, names.second})
    {
        const NodeRecord& node = *record.FindNode(name);
        for (const DropRecord& drop : node.drops)
        {
            if (!IsHarmless(drop.fault))
            {
                note(name, drop.fault, drop.at, drop.order);
            }
        }
        for (const FailureRecord& failure : node.failures)
        {
            note(name, failure.reason, failure.at, failure.order);
        }
    }
    return first;
}

std::vector<std::string>
LogOf(const std::vector<LadderStep>& steps, bool ofFirst)
{
    std::vector<std::string> lines;
    for (const LadderStep& step : steps)
    {
        if (!step.isMessage && step.isLeft == ofFirst)
        {
            lines.push_back(SecondsText(step.at) + " " + step.label);
        }
    }
    return lines;
}

/// Tells whether a datagram's packet belongs to phase 1, as the exchange type in its first octets
/// says; nothing for a later fragment of IP.
std::optional<bool>
IsOfPhase1(OctetView packet)
{
    constexpr size_t UDP_HEADER_OCTETS = 8;
    constexpr size_t EXCHANGE_TYPE = 18;
    const Result<FlowKey> flow = ParseFlowKey(packet);
    if (!flow || flow->protocol != IP_PROTOCOL_UDP)
    {
        return false;
    }
    if (IsLaterFragment(packet))
    {
        return std::nullopt;
    }
    const size_t marker = flow->sourcePort == NATT_PORT ? NON_ESP_MARKER.size() : 0;
    const size_t place = size_t{4} * (packet[0] & 15) + UDP_HEADER_OCTETS + marker + EXCHANGE_TYPE;
    return place < packet.size() && IsPhase1(static_cast<ExchangeType>(packet[place]));
}

/// Returns how many octets of the datagram of a fragment of IKE are not of its message.
size_t
FragmentHeaders()
{
    constexpr size_t PAYLOAD_HEADER = 4;
    return ISAKMP_HEADER_OCTETS + PAYLOAD_HEADER + WriteFragmentPayload({}).size();
}

} // namespace

CertificateOutcome
ObserveCertificates(const RunRecord& record,
                    const CertificateTunnel& names,
                    const CertificateCase& what)
{
    CertificateOutcome outcome;
    outcome.what = what;
    outcome.upAt = record.TunnelUpAt(names.tunnel);
    const std::vector<LadderStep> steps = FirstAttempt(record, names);
    outcome.firstLog = LogOf(steps, true);
    outcome.secondLog = LogOf(steps, false);
    if (outcome.upAt)
    {
        return outcome;
    }
    outcome.noticed = FindNotice(record, names);
    if (!outcome.noticed)
    {
        return outcome;
    }
    const bool isFirst = outcome.noticed->node == names.first;
    for (const LadderStep& step : steps)
    {
        const bool isToNoticing = step.isMessage && step.isLeft != isFirst;
        if (isToNoticing && IsPhase1(step.exchange) && step.arrival &&
            *step.arrival <= outcome.noticed->at)
        {
            outcome.message = step.label;
        }
        const bool isAnswer = step.isMessage && step.isLeft == isFirst &&
                              step.exchange == ExchangeType::Informational &&
                              step.at >= outcome.noticed->at;
        if (isAnswer && outcome.answer.empty())
        {
            outcome.answer = step.payloads + (step.encrypted ? ", encrypted" : ", in clear");
        }
    }
    for (const FailureRecord& failure : record.FindNode(names.first)->failures)
    {
        outcome.firstReason = outcome.firstReason.value_or(failure.reason);
    }
    return outcome;
}

CertificateOutcome
RunCertificateCase(const LabScenario& scenario,
                   const CertificateTunnel& names,
                   const CertificateCase& what)
{
    try
    {
        return ObserveCertificates(RunScenario(scenario.Read(what.changes)), names, what);
    }
    catch (const ScenarioError& e)
    {
        CertificateOutcome outcome;
        outcome.what = what;
        outcome.refusal = e.what();
        return outcome;
    }
}

CertificateSizes
MeasureCertificates(const RunRecord& record,
                    const CertificateTunnel& names,
                    const CertificateCase& method,
                    const std::vector<CapturedPacket>& capture)
{
    CertificateSizes sizes;
    sizes.name = method.name;
    sizes.text = method.text;
    sizes.upAt = record.TunnelUpAt(names.tunnel);
    sizes.names = Overhear(record, *record.FindTunnel(names.tunnel)).Names();
    size_t octets = 0;
    size_t datagrams = 0;
    for (const LadderStep& step : FirstAttempt(record, names))
    {
        if (!step.isMessage || !IsPhase1(step.exchange) || step.repeated)
        {
            continue;
        }
        octets += step.octets;
        datagrams++;
        // Every fragment but the last one of a message shows nothing but its number.
        const bool isPart = step.payloads.rfind("FRAG ", 0) == 0 &&
                            step.payloads.find(' ', sizeof("FRAG ")) == std::string::npos;
        if (isPart)
        {
            continue;
        }
        const size_t whole = octets - (datagrams > 1 ? datagrams * FragmentHeaders() : 0);
        if (whole > sizes.octets)
        {
            sizes.message = step.label;
            sizes.payloads = step.payloads;
            sizes.octets = whole;
            sizes.datagrams = datagrams;
            sizes.datagramOctets = octets;
        }
        octets = 0;
        datagrams = 0;
    }
    bool isPhase1 = false;
    for (const CapturedPacket& one : capture)
    {
        constexpr size_t FLAGS = 6;
        constexpr uint8_t MORE_FRAGMENTS = 0x20;
        // Fragments of one packet follow each other.
        isPhase1 = IsOfPhase1(one.packet).value_or(isPhase1);
        if (isPhase1 && (!sizes.upAt || one.at <= *sizes.upAt))
        {
            const bool isFragment =
                IsLaterFragment(one.packet) || (one.packet[FLAGS] & MORE_FRAGMENTS) != 0;
            sizes.packets++;
            sizes.ipFragments += isFragment ? 1 : 0;
            sizes.largestPacket = std::max(sizes.largestPacket, one.packet.size());
        }
    }
    return sizes;
}

BarChart
CertificateSizesChart(const std::vector<CertificateSizes>& all)
{
    BarChart chart{"octets-of-largest-message",
                   "Largest message of phase 1",
                   "way to prove oneself, in the order of part 5",
                   "octets",
                   {{"the message", {}}, {"largest IP packet", {}}},
                   ChartForm::Columns,
                   {}};
    for (const CertificateSizes& sizes : all)
    {
        chart.categories.push_back(sizes.name);
        const auto x = static_cast<double>(chart.categories.size());
        chart.lines[0].points.push_back({x, static_cast<double>(sizes.octets), 0});
        chart.lines[1].points.push_back({x, static_cast<double>(sizes.largestPacket), 0});
    }
    return chart;
}

std::string
CertificateCasesCsv(const std::vector<CertificateOutcome>& outcomes)
{
    std::string out = CsvRow({"case",
                              "what",
                              "up-at",
                              "noticed-by",
                              "at",
                              "in",
                              "reason",
                              "answer",
                              "first-reason",
                              "refusal"});
    for (const CertificateOutcome& one : outcomes)
    {
        const auto fault = [](const std::optional<Fault>& reason)
        { return reason ? std::string(FaultName(*reason)) : ""; };
        const std::optional<CertificateNotice>& noticed = one.noticed;
        out += CsvRow({one.what.name,
                       one.what.text,
                       one.upAt ? SecondsText(*one.upAt) : "",
                       noticed ? noticed->node : "",
                       noticed ? SecondsText(noticed->at) : "",
                       one.message,
                       noticed ? fault(noticed->fault) : "",
                       one.answer,
                       fault(one.firstReason),
                       one.refusal});
    }
    return out;
}

} // namespace ipsec
} // namespace ns3
