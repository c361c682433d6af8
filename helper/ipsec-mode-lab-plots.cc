// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-mode-lab-plots.h"

#include "ipsec-gnuplot.h"
#include "ipsec-report-files.h"

#include "ns3/gnuplot.h"

#include <algorithm>
#include <cstdio>
#include <sstream>

namespace ns3
{
namespace ipsec
{

namespace
{

/// A terminal of gnuplot, and the extension of what it writes.
struct Picture
{
    const char* terminal;
    const char* extension;
};

const Picture PICTURES[] = {
    {"svg size 860,460 font 'sans-serif,14' background 'white'", ".svg"},
    {"pngcairo size 1290,690 font 'sans-serif,17' background 'white'", ".png"}};

const char FRAME[] = "set grid back lt 1 lw 1 lc rgb '#c8d0d8'\n"
                     "set border 3 lc rgb '#51606f'\n"
                     "set tics nomirror\n"
                     "set key tmargin center horizontal\n"
                     "set yrange [0:*]\n"
                     "set xrange [0:*]\n"
                     "set offsets graph 0.02, graph 0.03, graph 0.08, 0\n"
                     "set bars 0.7";

/// Colours that are told apart without colour vision, too, each with a mark of its own.
const char* const STYLES[] = {"lw 2 lc rgb '#0060a8' pt 7 ps 0.8",
                              "lw 2 lc rgb '#d05000' pt 5 ps 0.8",
                              "lw 2 lc rgb '#0060a8' dt 2 pt 6 ps 1",
                              "lw 2 lc rgb '#d05000' dt 2 pt 4 ps 1"};

std::string
NumberText(double value)
{
    char text[32];
    std::snprintf(text, sizeof(text), "%.10g", value);
    return text;
}

const char*
ModeTitle(Phase1Mode mode)
{
    return mode == Phase1Mode::Main ? "main mode" : "aggressive mode";
}

BarChart
RoundTripChart(const std::vector<ModeSweepPoint>& sweep)
{
    BarChart chart{"established-over-round-trip",
                   "Time until both ends have the IKE SA",
                   "round trip of the path (ms)",
                   "mean and 95 % interval (s)",
                   {}};
    for (const ModeSweepPoint& point : sweep)
    {
        const MeanInterval time = point.Established();
        if (!point.isOverRoundTrip || time.count == 0)
        {
            continue;
        }
        const std::string title =
            std::string(ModeTitle(point.mode)) + ", " + NumberText(point.loss * 100) + " % lost";
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
    BarChart chart{"established-over-loss",
                   "Time until both ends have the IKE SA",
                   "packets lost on the way (%)",
                   "mean and 95 % interval (s)",
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
    BarChart chart{"amplification",
                   "What a spoofed first message makes a responder send",
                   "how often the responder may send its answer again",
                   "octets out for each octet in",
                   {{ModeTitle(Phase1Mode::Main), {}}, {ModeTitle(Phase1Mode::Aggressive), {}}}};
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

void
WriteChart(const std::string& folder, const BarChart& chart, const Picture& picture)
{
    Gnuplot plot(chart.name + picture.extension, chart.title);
    plot.SetTerminal(picture.terminal);
    plot.SetLegend(chart.xTitle, chart.yTitle);
    plot.SetExtra(FRAME);
    size_t style = 0;
    for (const BarLine& line : chart.lines)
    {
        Gnuplot2dDataset data(line.title);
        data.SetStyle(Gnuplot2dDataset::LINES_POINTS);
        data.SetErrorBars(Gnuplot2dDataset::Y);
        data.SetExtra(STYLES[style++ % std::size(STYLES)]);
        for (const BarPoint& point : line.points)
        {
            data.Add(point.x, point.y, point.halfWidth);
        }
        plot.AddDataset(data);
    }
    std::ostringstream program;
    std::ostringstream numbers;
    plot.GenerateOutput(program, numbers, chart.name + ".dat");
    WriteTextFile(folder + "/" + chart.name + picture.extension + ".plt", program.str());
    WriteTextFile(folder + "/" + chart.name + ".dat", numbers.str());
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

std::string
PlotBarCharts(const std::string& folder, const std::vector<BarChart>& charts)
{
    std::string note;
    for (const BarChart& chart : charts)
    {
        for (const Picture& picture : PICTURES)
        {
            WriteChart(folder, chart, picture);
            if (note.empty() && !RunGnuplot(folder, chart.name + picture.extension + ".plt"))
            {
                note = NoGnuplotNote(folder);
            }
        }
    }
    return note;
}

} // namespace ipsec
} // namespace ns3
