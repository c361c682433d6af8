// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-expectation-series.h"

#include "ipsec-scenario-units.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <numeric>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Reads "[of BRANCHES]" from the words at @p i on, and steps over it.
void
ParseGroup(Expectation& expectation, const ExpectationWords& words, size_t& i)
{
    expectation.subject = ALL_NODES;
    if (i + 1 < words.size() && words[i] == "of")
    {
        expectation.subject = words[i + 1];
        i += 2;
    }
}

/// Reads "by TIME" or "within TIME after EVENT" from the words at @p i on, to the last.
bool
ParseDeadline(Expectation& expectation, const ExpectationWords& words, size_t i)
{
    if (words.size() == i + 2 && words[i] == "by")
    {
        expectation.by = ParseDuration(words[i + 1]);
        return true;
    }
    if (words.size() == i + 4 && words[i] == "within" && words[i + 2] == "after")
    {
        expectation.by = ParseDuration(words[i + 1]);
        expectation.after = words[i + 3];
        return true;
    }
    return words.size() == i;
}

/// Reads "all tunnels [of BRANCHES] up ..." or "N% of tunnels [of BRANCHES] up ...".
bool
ParseTunnels(Expectation& expectation, const ExpectationWords& words)
{
    const bool isAll = words[0] == "all" && words.size() >= 3 && words[1] == "tunnels";
    const bool isShare =
        words[0].back() == '%' && words.size() >= 4 && words[1] == "of" && words[2] == "tunnels";
    if (!isAll && !isShare)
    {
        return false;
    }
    size_t i = isAll ? 2 : 3;
    ParseGroup(expectation, words, i);
    if (i >= words.size() || words[i] != "up")
    {
        return false;
    }
    expectation.kind = ExpectationKind::TunnelsUp;
    expectation.share = isAll ? 1 : ParsePercent(words[0]);
    return ParseDeadline(expectation, words, i + 1);
}

void
ParseMetric(Expectation& expectation, const std::string& metric, const std::string& node)
{
    if (!IsSeriesMetric(metric))
    {
        std::vector<std::string> names;
        for (const SeriesMetric& one : SeriesMetrics())
        {
            names.emplace_back(one.name);
        }
        throw std::invalid_argument("'" + Printable(metric) +
                                    "' is no metric; allowed: " + JoinList(names) +
                                    ", lost-REASON, sent-TRAFFIC, "
                                    "received-TRAFFIC, silence-TRAFFIC");
    }
    expectation.metric = metric;
    expectation.subject = node;
}

/// Reads "peak of METRIC of NODE OP N", "mean of METRIC of NODE OP N" or "METRIC of NODE at TIME OP
/// N", where the numbers of samples may have decimals.
bool
ParseSample(Expectation& expectation, const ExpectationWords& words)
{
    if (words.size() != 7)
    {
        return false;
    }
    const bool isAggregate =
        (words[0] == "peak" || words[0] == "mean") && words[1] == "of" && words[3] == "of";
    const bool isInstant = words[1] == "of" && words[3] == "at";
    if (!isAggregate && !isInstant)
    {
        return false;
    }
    if (isAggregate)
    {
        expectation.kind =
            words[0] == "peak" ? ExpectationKind::SeriesPeak : ExpectationKind::SeriesMean;
        ParseMetric(expectation, words[2], words[4]);
    }
    else
    {
        expectation.kind = ExpectationKind::SeriesAt;
        ParseMetric(expectation, words[0], words[2]);
        expectation.by = ParseDuration(words[4]);
    }
    ParseDecimalComparison(expectation, words, 5);
    return true;
}

/// Reads "longest outage [of BRANCHES] OP TIME", "longest one-way [of BRANCHES] OP TIME" or
/// "longest silence of TRAFFIC OP TIME".
bool
ParseLongest(Expectation& expectation, const ExpectationWords& words)
{
    static const std::map<std::string, ExpectationKind> KINDS{
        {"outage", ExpectationKind::LongestOutage},
        {"one-way", ExpectationKind::LongestOneWay},
        {"silence", ExpectationKind::LongestSilence}};
    if (words.size() < 4 || words[0] != "longest" || KINDS.count(words[1]) == 0)
    {
        return false;
    }
    expectation.kind = KINDS.at(words[1]);
    size_t i = 2;
    ParseGroup(expectation, words, i);
    const bool isOfAll = i == 2;
    if (words.size() != i + 2 || (isOfAll && expectation.kind == ExpectationKind::LongestSilence))
    {
        return false;
    }
    const double limit = std::chrono::duration<double>(ParseDuration(words[i + 1])).count();
    ParseDecimalComparison(expectation, {words[i], "0"}, 0);
    expectation.value = limit;
    return true;
}

std::string
Text(double value)
{
    char text[32];
    std::snprintf(text, sizeof(text), "%.4g", value);
    return text;
}

} // namespace

bool
ParseSeriesExpectation(Expectation& expectation, const ExpectationWords& words)
{
    if (words.size() == 6 && words[0] == "lost" && words[1] == "packets" && words[2] == "of")
    {
        expectation.kind = ExpectationKind::LostPackets;
        expectation.subject = words[3];
        ParseDecimalComparison(expectation, words, 4);
        return true;
    }
    if (words.size() == 5 && words[0] == "amplification" && words[1] == "of")
    {
        expectation.kind = ExpectationKind::Amplification;
        expectation.subject = words[2];
        ParseDecimalComparison(expectation, words, 3);
        return true;
    }
    return ParseTunnels(expectation, words) || ParseLongest(expectation, words) ||
           ParseSample(expectation, words);
}

std::string
TunnelsUpText(const TunnelCount& count, Instant from, double share)
{
    const std::optional<Instant> reached = count.ReachedAt(share, from);
    const std::string text = Text(100 * share) + "% ";
    if (!reached)
    {
        const size_t most =
            std::accumulate(count.steps.begin(),
                            count.steps.end(),
                            count.UpAt(from),
                            [&](size_t best, const TunnelCountStep& step)
                            { return step.at > from ? std::max(best, step.up) : best; });
        return text + "never, " + std::to_string(most) + " of " + std::to_string(count.total) +
               " at most";
    }
    return text + "after " + SecondsText(Instant(*reached - from)) + " s";
}

Observation
SeeTunnelsUp(const Expectation& expectation, const RunRecord& record)
{
    const TunnelCount* count = record.FindTunnelCount(expectation.subject);
    if (!count)
    {
        return {false, "there is no such group"};
    }
    const Instant from(expectation.afterTime);
    const std::optional<Instant> reached = count->ReachedAt(expectation.share, from);
    return {reached && (!expectation.by || *reached <= from + *expectation.by),
            TunnelsUpText(*count, from, expectation.share)};
}

Observation
SeeSample(const Expectation& expectation, const RunRecord& record)
{
    if (record.series.IsEmpty())
    {
        return {false, "there was no sample"};
    }
    const Series::Values values = record.series.Find(expectation.subject, expectation.metric)
                                      .value_or(Series::Values(record.series.Times().size(), 0));
    switch (expectation.kind)
    {
    case ExpectationKind::SeriesPeak:
    {
        const auto peak = std::max_element(values.begin(), values.end());
        const auto place = static_cast<size_t>(peak - values.begin());
        Observation seen = Compare(expectation, *peak);
        seen.seen += " at " + SecondsText(record.series.Times()[place]) + " s";
        return seen;
    }
    case ExpectationKind::SeriesMean:
        return Compare(expectation,
                       std::accumulate(values.begin(), values.end(), 0.0) /
                           static_cast<double>(values.size()));
    default:
        return Compare(
            expectation,
            record.series.At(expectation.subject, expectation.metric, Instant(*expectation.by))
                .value_or(0));
    }
}

Observation
SeeLostPackets(const Expectation& expectation, const RunRecord& record)
{
    for (const TrafficRecord& traffic : record.traffic)
    {
        if (traffic.name == expectation.subject)
        {
            const auto lost = static_cast<double>(traffic.Lost());
            const double share =
                traffic.sent == 0 ? 0 : 100 * lost / static_cast<double>(traffic.sent);
            return Compare(expectation, expectation.isPercent ? share : lost);
        }
    }
    return {false, "there is no such traffic"};
}

Observation
SeeLongest(const Expectation& expectation, const RunRecord& record)
{
    const TunnelCount* count = record.FindTunnelCount(expectation.subject);
    if (!count)
    {
        return {false, "there is no such group"};
    }
    const Duration longest = expectation.kind == ExpectationKind::LongestOutage
                                 ? count->longestOutage
                                 : count->longestOneWay;
    Observation seen = Compare(expectation, std::chrono::duration<double>(longest).count());
    seen.seen += " s";
    return seen;
}

Observation
SeeSilence(const Expectation& expectation, const RunRecord& record)
{
    for (const TrafficRecord& traffic : record.traffic)
    {
        if (traffic.name == expectation.subject && traffic.longestSilence)
        {
            Observation seen = Compare(
                expectation, std::chrono::duration<double>(*traffic.longestSilence).count());
            seen.seen += " s";
            return seen;
        }
    }
    return {false, "nothing was sent"};
}

Observation
SeeAmplification(const Expectation& expectation, const RunRecord& record)
{
    const FloodRecord* flood = record.FindFlood(expectation.subject);
    if (!flood || flood->sent == 0)
    {
        return {false, "nothing was sent"};
    }
    return Compare(expectation, flood->Amplification());
}

} // namespace ipsec
} // namespace ns3
