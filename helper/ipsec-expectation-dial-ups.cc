// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-expectation-dial-ups.h"

#include "ipsec-scenario-units.h"

#include <map>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

const std::map<std::string, ExpectationKind>&
Counts()
{
    static const std::map<std::string, ExpectationKind> KINDS{
        {"connects", ExpectationKind::Connects},
        {"connect-failures", ExpectationKind::ConnectFailures},
        {"tunnel-losses", ExpectationKind::TunnelLosses}};
    return KINDS;
}

const std::map<std::string, ExpectationKind>&
Times()
{
    static const std::map<std::string, ExpectationKind> KINDS{
        {"wait", ExpectationKind::LongestWait}, {"gap", ExpectationKind::LongestGap}};
    return KINDS;
}

bool
ParseCount(Expectation& expectation, const ExpectationWords& words)
{
    const auto kind = Counts().find(words[0]);
    if (kind == Counts().end() || words.size() < 4)
    {
        return false;
    }
    const bool hasReason = words.size() == 5 && kind->second == ExpectationKind::ConnectFailures;
    if (words.size() != 4 && !hasReason)
    {
        return false;
    }
    expectation.kind = kind->second;
    expectation.subject = words[1];
    if (hasReason)
    {
        expectation.fault = ParseFaultName(words[2]);
    }
    ParseDecimalComparison(expectation, words, hasReason ? 3 : 2);
    if (expectation.isPercent)
    {
        throw std::invalid_argument("'" + Printable(words.back()) +
                                    "' is no count; allowed: a number");
    }
    return true;
}

bool
ParseTime(Expectation& expectation, const ExpectationWords& words)
{
    if (words.size() != 6 || words[0] != "longest" || words[2] != "of" ||
        Times().count(words[1]) == 0)
    {
        return false;
    }
    expectation.kind = Times().at(words[1]);
    expectation.subject = words[3];
    const double limit = std::chrono::duration<double>(ParseDuration(words[5])).count();
    ParseDecimalComparison(expectation, {words[4], "0"}, 0);
    expectation.value = limit;
    return true;
}

} // namespace

bool
ParseDialUpExpectation(Expectation& expectation, const ExpectationWords& words)
{
    return ParseCount(expectation, words) || ParseTime(expectation, words);
}

bool
IsOfDialUps(ExpectationKind kind)
{
    return kind == ExpectationKind::Connects || kind == ExpectationKind::ConnectFailures ||
           kind == ExpectationKind::TunnelLosses || kind == ExpectationKind::LongestWait ||
           kind == ExpectationKind::LongestGap;
}

Observation
SeeDialUps(const Expectation& expectation, const RunRecord& record)
{
    const DialUpRecord* clients = record.FindDialUp(expectation.subject);
    if (!clients)
    {
        return {false, "there is no such client"};
    }
    switch (expectation.kind)
    {
    case ExpectationKind::Connects:
        return Compare(expectation, static_cast<double>(clients->connections));
    case ExpectationKind::TunnelLosses:
        return Compare(expectation, static_cast<double>(clients->losses));
    case ExpectationKind::ConnectFailures:
        break;
    default:
    {
        const WaitSums& sums =
            expectation.kind == ExpectationKind::LongestGap ? clients->gaps : clients->waits;
        Observation seen =
            Compare(expectation, std::chrono::duration<double>(sums.longest).count());
        seen.seen += " s";
        return seen;
    }
    }
    if (!expectation.fault)
    {
        return Compare(expectation, static_cast<double>(clients->failures));
    }
    const auto found = clients->failuresByReason.find(*expectation.fault);
    const uint64_t count = found == clients->failuresByReason.end() ? 0 : found->second;
    return Compare(expectation, static_cast<double>(count));
}

} // namespace ipsec
} // namespace ns3
