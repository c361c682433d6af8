// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-run-measures.h"

#include <algorithm>
#include <map>
#include <numeric>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Most values of a trace: a picture shows no more.
constexpr size_t MOST_TRACED = 600;

double
SecondsOf(Duration duration)
{
    return std::chrono::duration<double>(duration).count();
}

/// Returns the time from one sample to the next.
double
IntervalOf(const Series& series)
{
    return series.IsEmpty() ? 0 : SecondsOf(series.Times().front().time_since_epoch());
}

/// Adds some metrics of a node, sample by sample.
Series::Values
SumOf(const Series& series, const std::string& node, const std::vector<std::string>& metrics)
{
    Series::Values sum(series.Times().size(), 0);
    for (const std::string& metric : metrics)
    {
        const std::optional<Series::Values> values = series.Find(node, metric);
        for (size_t i = 0; values && i < sum.size(); i++)
        {
            sum[i] += (*values)[i];
        }
    }
    return sum;
}

} // namespace

std::vector<double>
SamplesIn(const Series& series,
          const std::string& node,
          const std::vector<std::string>& metrics,
          const Window& window)
{
    const Series::Values sum = SumOf(series, node, metrics);
    std::vector<double> samples;
    for (size_t i = 0; i < sum.size(); i++)
    {
        if (series.Times()[i] > window.from && series.Times()[i] <= window.to)
        {
            samples.push_back(sum[i]);
        }
    }
    return samples;
}

double
PeakOf(const std::vector<double>& samples)
{
    return samples.empty() ? 0 : *std::max_element(samples.begin(), samples.end());
}

double
MeanOfSamples(const std::vector<double>& samples)
{
    return samples.empty() ? 0
                           : std::accumulate(samples.begin(), samples.end(), 0.0) /
                                 static_cast<double>(samples.size());
}

double
LeastMeanOf(const std::vector<double>& samples, size_t length)
{
    if (samples.size() < length || length == 0)
    {
        return MeanOfSamples(samples);
    }
    double least = 0;
    for (size_t i = 0; i + length <= samples.size(); i++)
    {
        const auto begin = samples.begin() + static_cast<std::ptrdiff_t>(i);
        const double sum = std::accumulate(begin, begin + static_cast<std::ptrdiff_t>(length), 0.0);
        least = i == 0 ? sum : std::min(least, sum);
    }
    return least / static_cast<double>(length);
}

double
CountIn(const Series& series,
        const std::string& node,
        const std::vector<std::string>& metrics,
        const Window& window)
{
    const std::vector<double> samples = SamplesIn(series, node, metrics, window);
    return std::accumulate(samples.begin(), samples.end(), 0.0) * IntervalOf(series);
}

double
MeanGapSeconds(const TunnelCount& count, const Window& window)
{
    // Those that were up once: the most that were up at a time so far.
    size_t wereUp = 0;
    size_t up = 0;
    Instant since = window.from;
    double down = 0;
    const auto add = [&](Instant until)
    {
        if (until > since)
        {
            down += static_cast<double>(wereUp - up) * SecondsOf(until - since);
            since = until;
        }
    };
    for (const TunnelCountStep& step : count.steps)
    {
        add(std::min(step.at, window.to));
        up = step.up;
        wereUp = std::max(wereUp, up);
    }
    add(window.to);
    return count.total == 0 ? 0 : down / static_cast<double>(count.total);
}

std::optional<double>
SecondsUntil(const TunnelCount& count, double share, Instant from)
{
    const std::optional<Instant> at = count.ReachedAt(share, from);
    return at ? std::optional<double>(SecondsOf(*at - from)) : std::nullopt;
}

std::vector<Measure>
LossesByReason(const Series& series, const Window& window)
{
    std::vector<Measure> losses;
    for (const auto& [key, values] : series.All())
    {
        const auto& [node, metric] = key;
        if (node != ALL_NODES || metric.rfind(LOST_PREFIX, 0) != 0)
        {
            continue;
        }
        const double count = CountIn(series, node, {metric}, window);
        if (count > 0)
        {
            losses.push_back({metric, "packets", count});
        }
    }
    return losses;
}

MeasureTrace
TraceOf(const std::string& name,
        const std::string& unit,
        const Series& series,
        const std::string& node,
        const std::vector<std::string>& metrics,
        const Window& window)
{
    MeasureTrace trace{name, unit, {}};
    const std::vector<double> samples = SamplesIn(series, node, metrics, window);
    const auto first = std::upper_bound(series.Times().begin(), series.Times().end(), window.from);
    const size_t step = (samples.size() + MOST_TRACED - 1) / MOST_TRACED;
    for (size_t i = 0; i < samples.size(); i += step)
    {
        const auto begin = static_cast<std::ptrdiff_t>(i);
        const auto end = static_cast<std::ptrdiff_t>(std::min(i + step, samples.size()));
        const double most = PeakOf({samples.begin() + begin, samples.begin() + end});
        trace.values.emplace_back(SecondsOf((first + end - 1)->time_since_epoch()), most);
    }
    return trace;
}

Work
AllWork(const RunRecord& record)
{
    Work work;
    for (const NodeRecord& node : record.nodes)
    {
        work.Add(node.work);
    }
    for (const BranchesRecord& branches : record.branches)
    {
        work.Add(branches.work);
    }
    return work;
}

} // namespace ipsec
} // namespace ns3
