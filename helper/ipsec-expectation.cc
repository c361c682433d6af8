// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-expectation.h"

#include "ipsec-scenario-units.h"

#include <algorithm>
#include <cstdio>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

using Words = std::vector<std::string>;

[[noreturn]] void
Refuse(const std::string& text)
{
    throw std::invalid_argument(
        "'" + Printable(text) +
        "' is not an expectation; allowed: tunnel NAME up [by TIME], tunnel NAME fails [with "
        "REASON], TRAFFIC answered OP N[%], messages EXCHANGE OP N, retransmissions OP N, drops "
        "[REASON] OP N, ike-sas GATEWAY OP N, ipsec-sas GATEWAY OP N, with OP one of = >= <= > <");
}

Fault
ParseFault(const std::string& name)
{
    for (size_t i = 0; i < FAULT_COUNT; i++)
    {
        if (name == FaultName(static_cast<Fault>(i)))
        {
            return static_cast<Fault>(i);
        }
    }
    throw std::invalid_argument("'" + Printable(name) +
                                "' is not a reason; allowed: names such as NoProposalChosen, "
                                "ProxyIdMismatch, Undecryptable, NegotiationTimeout");
}

/// Reads "OP N[%]" from the words at @p i on, which must be the last.
void
ParseComparison(Expectation& expectation, const Words& words, size_t i)
{
    if (words.size() != i + 2)
    {
        Refuse(expectation.text);
    }
    expectation.comparison = ParseChoice<Comparison>(words[i],
                                                     {{"=", Comparison::Equal},
                                                      {">=", Comparison::AtLeast},
                                                      {"<=", Comparison::AtMost},
                                                      {">", Comparison::More},
                                                      {"<", Comparison::Less}});
    const std::string& number = words[i + 1];
    expectation.isPercent = number.back() == '%';
    expectation.value = expectation.isPercent
                            ? ParsePercent(number) * 100
                            : static_cast<double>(ParseCount(number, 0, 1000000000000));
}

void
ParseTunnel(Expectation& expectation, const Words& words)
{
    if (words.size() != 3 && words.size() != 5)
    {
        Refuse(expectation.text);
    }
    expectation.subject = words[1];
    if (words[2] == "up" && (words.size() == 3 || words[3] == "by"))
    {
        expectation.kind = ExpectationKind::TunnelUp;
        if (words.size() == 5)
        {
            expectation.by = ParseDuration(words[4]);
        }
        return;
    }
    if (words[2] == "fails" && (words.size() == 3 || words[3] == "with"))
    {
        expectation.kind = ExpectationKind::TunnelFails;
        if (words.size() == 5)
        {
            expectation.fault = ParseFault(words[4]);
        }
        return;
    }
    Refuse(expectation.text);
}

const std::vector<std::pair<std::string, ExchangeType>> EXCHANGES{
    {"main", ExchangeType::MainMode},
    {"aggressive", ExchangeType::AggressiveMode},
    {"quick", ExchangeType::QuickMode},
    {"informational", ExchangeType::Informational},
    {"transaction", ExchangeType::Transaction}};

/// What was seen, and whether that is what was expected.
struct Observation
{
    bool pass;
    std::string seen;
};

std::string
NumberText(double value)
{
    char text[32];
    std::snprintf(text, sizeof(text), "%.10g", value);
    return text;
}

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
    return {pass, "it is " + NumberText(value) + (expectation.isPercent ? "%" : "")};
}

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
    // The end that refused knows the reason; the other may only see silence.
    for (const NodeRecord& node : record.nodes)
    {
        const bool isEnd = node.name == tunnel->first || node.name == tunnel->second;
        if (isEnd && expectation.fault && node.dropCounts.count(*expectation.fault) > 0)
        {
            return {!failures.empty(),
                    seen + ", " + node.name + " counted " + FaultName(*expectation.fault)};
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
    uint64_t total = 0;
    for (const NodeRecord& node : record.nodes)
    {
        for (const auto& [fault, count] : node.dropCounts)
        {
            total += !expectation.fault || fault == *expectation.fault ? count : 0;
        }
    }
    return Compare(expectation, static_cast<double>(total));
}

/// Counts the SAs of a list that are there at the end.
template <typename Sa, typename End>
double
CountLiving(const std::vector<Sa>& list, End end)
{
    return static_cast<double>(
        std::count_if(list.begin(), list.end(), [&](const Sa& sa) { return !(sa.*end); }));
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
        return Compare(expectation,
                       static_cast<double>(record.MessageCount(
                           ParseChoice<ExchangeType>(expectation.subject, EXCHANGES))));
    case ExpectationKind::Retransmissions:
        return Compare(expectation, static_cast<double>(record.RetransmissionCount()));
    case ExpectationKind::Drops:
        return SeeDrops(expectation, record);
    case ExpectationKind::IkeSas:
        return Compare(expectation, node ? CountLiving(node->ikeSas, &IkeSaRecord::endedAt) : 0);
    case ExpectationKind::IpsecSas:
        return Compare(expectation,
                       node ? CountLiving(node->ipsecSas, &IpsecSaRecord::removedAt) : 0);
    }
    return {false, ""};
}

} // namespace

Expectation
ParseExpectation(const std::string& text)
{
    const Words words = SplitWords(text);
    Expectation expectation;
    expectation.text = text;
    if (words.empty())
    {
        Refuse(text);
    }
    if (words[0] == "tunnel")
    {
        ParseTunnel(expectation, words);
    }
    else if (words[0] == "retransmissions")
    {
        expectation.kind = ExpectationKind::Retransmissions;
        ParseComparison(expectation, words, 1);
    }
    else if (words[0] == "drops")
    {
        expectation.kind = ExpectationKind::Drops;
        if (words.size() == 4)
        {
            expectation.fault = ParseFault(words[1]);
        }
        ParseComparison(expectation, words, words.size() == 4 ? 2 : 1);
    }
    else if (words.size() == 4 && words[0] == "messages")
    {
        expectation.kind = ExpectationKind::Messages;
        expectation.subject = words[1];
        ParseChoice<ExchangeType>(words[1], EXCHANGES);
        ParseComparison(expectation, words, 2);
    }
    else if (words.size() == 4 && (words[0] == "ike-sas" || words[0] == "ipsec-sas"))
    {
        expectation.kind =
            words[0] == "ike-sas" ? ExpectationKind::IkeSas : ExpectationKind::IpsecSas;
        expectation.subject = words[1];
        ParseComparison(expectation, words, 2);
    }
    else if (words.size() == 4 && words[1] == "answered")
    {
        expectation.kind = ExpectationKind::Answered;
        expectation.subject = words[0];
        ParseComparison(expectation, words, 2);
    }
    else
    {
        Refuse(text);
    }
    return expectation;
}

std::vector<Expectation>
DefaultExpectations(const Scenario& scenario)
{
    std::vector<Expectation> expectations;
    for (const TunnelSettings& tunnel : scenario.tunnels)
    {
        expectations.push_back(ParseExpectation("tunnel " + tunnel.name + " up"));
    }
    for (const TrafficSettings& traffic : scenario.traffic)
    {
        expectations.push_back(ParseExpectation(traffic.name + " answered >= 1"));
    }
    return expectations;
}

std::vector<ExpectationOutcome>
EvaluateExpectations(const std::vector<Expectation>& expectations, const RunRecord& record)
{
    std::vector<ExpectationOutcome> outcomes;
    for (const Expectation& expectation : expectations)
    {
        const Observation observation = See(expectation, record);
        outcomes.push_back({expectation.text, observation.pass, observation.seen});
    }
    return outcomes;
}

} // namespace ipsec
} // namespace ns3
