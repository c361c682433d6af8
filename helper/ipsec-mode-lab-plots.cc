// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-mode-lab-plots.h"

#include "ipsec-lab-text.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

/// @name Names of the charts
/// @{
constexpr const char* OVER_ROUND_TRIP = "established-over-round-trip";
constexpr const char* OVER_LOSS = "established-over-loss";
constexpr const char* AMPLIFICATION = "amplification";
/// @}

const char*
ModeTitle(Phase1Mode mode)
{
    return mode == Phase1Mode::Main ? "main mode" : "aggressive mode";
}

/// Names the axis of times: with an interval if a point has one.
std::string
TimeTitle(const std::vector<ModeSweepPoint>& sweep)
{
    const bool hasIntervals = std::any_of(sweep.begin(),
                                          sweep.end(),
                                          [](const ModeSweepPoint& point)
                                          { return point.Established().halfWidth.has_value(); });
    return hasIntervals ? "mean and 95 % interval (s)" : "time of one run (s)";
}

BarChart
RoundTripChart(const std::vector<ModeSweepPoint>& sweep)
{
    BarChart chart{OVER_ROUND_TRIP,
                   "Time until both ends have the IKE SA",
                   "round trip of the internet (ms)",
                   TimeTitle(sweep),
                   {}};
    for (const ModeSweepPoint& point : sweep)
    {
        const MeanInterval time = point.Established();
        if (!point.isOverRoundTrip || time.count == 0)
        {
            continue;
        }
        const std::string title = std::string(ModeTitle(point.mode)) + ", " +
                                  NumberText("%.10g", point.loss * 100) + " % lost";
        auto line = std::find_if(chart.lines.begin(),
                                 chart.lines.end(),
                                 [&](const BarLine& one) { return one.title == title; });
        if (line == chart.lines.end())
        {
            line = chart.lines.insert(chart.lines.end(), {title, {}});
        }
        line->points.push_back({std::chrono::duration<double, std::milli>(point.roundTrip).count(),
                                time.mean,
                                time.halfWidth.value_or(0)});
    }
    return chart;
}

BarChart
LossChart(const std::vector<ModeSweepPoint>& sweep)
{
    BarChart chart{OVER_LOSS,
                   "Time until both ends have the IKE SA",
                   "packets lost on the way (%)",
                   TimeTitle(sweep),
                   {{ModeTitle(Phase1Mode::Main), {}}, {ModeTitle(Phase1Mode::Aggressive), {}}}};
    for (const ModeSweepPoint& point : sweep)
    {
        const MeanInterval time = point.Established();
        if (!point.isOverRoundTrip && time.count > 0)
        {
            chart.lines[point.mode == Phase1Mode::Main ? 0 : 1].points.push_back(
                {point.loss * 100, time.mean, time.halfWidth.value_or(0)});
        }
    }
    return chart;
}

BarChart
AmplificationChart(const std::vector<AmplificationRow>& rows)
{
    BarChart chart{AMPLIFICATION,
                   "What a spoofed first message makes a responder send",
                   "how often the responder may send its answer again",
                   "octets out for each octet in",
                   {{ModeTitle(Phase1Mode::Main), {}}, {ModeTitle(Phase1Mode::Aggressive), {}}},
                   ChartForm::Points};
    for (const AmplificationRow& row : rows)
    {
        if (row.repetitions)
        {
            chart.lines[row.mode == Phase1Mode::Main ? 0 : 1].points.push_back(
                {static_cast<double>(*row.repetitions), row.Factor(), 0});
        }
    }
    return chart;
}

} // namespace

std::vector<BarChart>
MakeModeCharts(const std::vector<ModeSweepPoint>& sweep,
               const std::vector<AmplificationRow>& amplification)
{
    std::vector<BarChart> charts{
        RoundTripChart(sweep), LossChart(sweep), AmplificationChart(amplification)};
    for (BarChart& chart : charts)
    {
        chart.lines.erase(std::remove_if(chart.lines.begin(),
                                         chart.lines.end(),
                                         [](const BarLine& line) { return line.points.empty(); }),
                          chart.lines.end());
    }
    charts.erase(std::remove_if(charts.begin(),
                                charts.end(),
                                [](const BarChart& chart) { return chart.lines.empty(); }),
                 charts.end());
    return charts;
}

std::vector<std::string>
ModeChartNames()
{
    return {OVER_ROUND_TRIP, OVER_LOSS, AMPLIFICATION};
}

} // namespace ipsec
} // namespace ns3
