// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-run-measures.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>
#include <stdexcept>

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

[[noreturn]] void
Refuse(const std::string& key, const std::string& why)
{
    throw std::invalid_argument("command line: --" + key + ": " + why);
}

} // namespace

void
RequireSeries(const Scenario& scenario, const std::string& node, Instant end)
{
    if (!scenario.NeedsSeries())
    {
        Refuse("output.series", "'false' leaves nothing to measure; allowed: true");
    }
    const std::vector<std::string> nodes = scenario.SeriesNodes();
    if (std::find(nodes.begin(), nodes.end(), node) == nodes.end())
    {
        Refuse("output.series-of", "leaves out " + node + "; allowed: lists with " + node);
    }
    if (Duration(std::chrono::seconds(1)) % scenario.output.seriesInterval != Duration(0))
    {
        Refuse("output.series-interval",
               "does not divide a second; allowed: 1s and whole parts of it, such as 100ms");
    }
    if (Instant(scenario.simulation.stop) != end)
    {
        Refuse("simulation.stop", "goes by what is measured; allowed: the parameters of the study");
    }
}

void
RequireCrash(const Scenario& scenario,
             const std::string& event,
             const std::string& gateway,
             const Window& away)
{
    for (const EventSettings& one : scenario.events)
    {
        const bool isIt = one.kind == EventKind::Crash && one.target == gateway && !one.until &&
                          one.repeat == 1 && Instant(one.at) == away.from && one.lasting &&
                          *one.lasting == away.to - away.from;
        if (one.name == event && !isIt)
        {
            Refuse("event." + event,
                   "is not the crash of " + gateway +
                       " that is measured; allowed: the parameters of the study");
        }
    }
}

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

size_t
SamplesPerSecond(const Series& series)
{
    const double interval = IntervalOf(series);
    return interval > 0 ? static_cast<size_t>(std::max(1L, std::lround(1 / interval))) : 1;
}

double
PeakSecond(const Series& series,
           const std::string& node,
           const std::vector<std::string>& metrics,
           const Window& window)
{
    const std::vector<double> samples = SamplesIn(series, node, metrics, window);
    const size_t second = SamplesPerSecond(series);
    double peak = 0;
    for (size_t i = 0; i < samples.size(); i += second)
    {
        const auto begin = samples.begin() + static_cast<std::ptrdiff_t>(i);
        const auto length = static_cast<std::ptrdiff_t>(std::min(second, samples.size() - i));
        // Of a second that the window cuts off, only what is in it.
        peak = std::max(peak,
                        std::accumulate(begin, begin + length, 0.0) / static_cast<double>(second));
    }
    return peak;
}

std::optional<double>
MeanWait(const Series& series, const std::string& node, const Window& window)
{
    if (!series.Find(node, "cpu-inputs"))
    {
        return 0;
    }
    const std::vector<double> inputs = SamplesIn(series, node, {"cpu-inputs"}, window);
    const std::vector<double> waits = SamplesIn(series, node, {"cpu-wait"}, window);
    const double count = std::accumulate(inputs.begin(), inputs.end(), 0.0);
    if (count == 0)
    {
        return std::nullopt;
    }
    return std::inner_product(inputs.begin(), inputs.end(), waits.begin(), 0.0) / count;
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
    TunnelCountStep last;
    Instant since = window.from;
    double down = 0;
    const auto add = [&](Instant until)
    {
        if (until > since)
        {
            down += static_cast<double>(last.wereUp - last.up) * SecondsOf(until - since);
            since = until;
        }
    };
    for (const TunnelCountStep& step : count.steps)
    {
        add(std::min(step.at, window.to));
        last = step;
    }
    add(window.to);
    return count.total == 0 ? 0 : down / static_cast<double>(count.total);
}

double
LongestGapSeconds(const TunnelCount& count, const Window& window)
{
    double longest = 0;
    for (const TunnelOutage& outage : count.outages)
    {
        const Instant from = std::max(outage.from, window.from);
        const Instant to = std::min(outage.to, window.to);
        longest = std::max(longest, SecondsOf(to - from));
    }
    return longest;
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

Series
GoodputOf(const Series& series, const std::vector<TrafficSettings>& flows)
{
    double offered = 0;
    Series::Values received(series.Times().size(), 0);
    for (const TrafficSettings& flow : flows)
    {
        offered += flow.size / SecondsOf(flow.interval);
        const std::optional<Series::Values> packets =
            series.Find(ALL_NODES, RECEIVED_PREFIX + flow.name);
        for (size_t i = 0; packets && i < received.size(); i++)
        {
            received[i] += (*packets)[i] * flow.size;
        }
    }
    Series goodput;
    for (size_t i = 0; i < received.size(); i++)
    {
        goodput.Begin(series.Times()[i]);
        goodput.Set(ALL_NODES, GOODPUT, 100 * received[i] / offered);
    }
    return goodput;
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
