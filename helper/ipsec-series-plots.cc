// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-series-plots.h"

#include "ipsec-gnuplot.h"
#include "ipsec-report-files.h"

#include "ns3/gnuplot.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Most lines of one chart: more cannot be told apart.
constexpr size_t MOST_LINES = 8;
const char TERMINAL[] = "svg size 860,340 font 'sans-serif,13' background 'white'";
const char GRID[] = "set grid lc rgb '#dde3ea'\n"
                    "set border 3 lc rgb '#51606f'\n"
                    "set tics nomirror\n"
                    "set key outside right top\n"
                    "set yrange [0:*]\n"
                    "set xrange [0:*]";

bool
IsEverSet(const Series::Values& values)
{
    return std::any_of(values.begin(), values.end(), [](double value) { return value != 0; });
}

/// Returns the nodes of a series: the sum first.
std::vector<std::string>
NodesOf(const std::map<Series::Key, Series::Values>& all)
{
    std::set<std::string> names;
    for (const auto& [key, values] : all)
    {
        names.insert(key.first);
    }
    names.erase(ALL_NODES);
    std::vector<std::string> nodes{ALL_NODES};
    nodes.insert(nodes.end(), names.begin(), names.end());
    return nodes;
}

/// Adds a line for each node that has the metric.
void
AddLines(Chart& chart,
         const std::map<Series::Key, Series::Values>& all,
         const std::vector<std::string>& nodes,
         const std::string& metric)
{
    for (const std::string& node : nodes)
    {
        const auto found = all.find({node, metric});
        if (found != all.end() && IsEverSet(found->second) && chart.lines.size() < MOST_LINES)
        {
            chart.lines.push_back({node, found->second});
        }
    }
}

/// Adds a line for each metric with a prefix: for each reason of losses, say.
void
AddLinesOf(Chart& chart,
           const std::map<Series::Key, Series::Values>& all,
           const std::string& prefix)
{
    for (const auto& [key, values] : all)
    {
        const bool isOf = key.second.compare(0, prefix.size(), prefix) == 0;
        if (key.first == ALL_NODES && isOf && chart.lines.size() < MOST_LINES)
        {
            chart.lines.push_back({key.second.substr(prefix.size()), values});
        }
    }
}

/// Returns a chart of traffic sent and received.
Chart
TrafficChart(const std::map<Series::Key, Series::Values>& all)
{
    Chart chart{"traffic", "Traffic", "packets per second", {}};
    for (const char* metric : {"sent", "received"})
    {
        const auto found = all.find({ALL_NODES, metric});
        if (found != all.end() && IsEverSet(found->second))
        {
            chart.lines.push_back({metric, found->second});
        }
    }
    return chart;
}

/// Writes the program and the data of one chart.
void
WriteChart(const std::string& folder, const Chart& chart, const std::vector<Instant>& times)
{
    Gnuplot plot(chart.name + ".svg", chart.title);
    plot.SetTerminal(TERMINAL);
    plot.SetLegend("simulated time (s)", chart.unit);
    plot.SetExtra(GRID);
    for (const ChartLine& line : chart.lines)
    {
        Gnuplot2dDataset data(line.title);
        data.SetStyle(Gnuplot2dDataset::LINES);
        data.SetExtra("lw 2");
        for (size_t i = 0; i < times.size(); i++)
        {
            data.Add(std::chrono::duration<double>(times[i].time_since_epoch()).count(),
                     line.values[i]);
        }
        plot.AddDataset(data);
    }
    std::ostringstream program;
    std::ostringstream numbers;
    plot.GenerateOutput(program, numbers, chart.name + ".dat");
    WriteTextFile(folder + "/" + chart.name + ".plt", program.str());
    WriteTextFile(folder + "/" + chart.name + ".dat", numbers.str());
}

/// Reads a picture, without what stands before its element.
std::string
ReadPicture(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    const std::string picture = text.str();
    const size_t start = picture.find("<svg");
    return start == std::string::npos ? "" : picture.substr(start);
}

} // namespace

std::vector<Chart>
MakeCharts(const Series& series)
{
    const std::map<Series::Key, Series::Values> all = series.All();
    const std::vector<std::string> nodes = NodesOf(all);
    std::vector<Chart> charts;
    for (const SeriesMetric& metric : SeriesMetrics())
    {
        const std::string name = metric.name;
        if (name == "sent" || name == "received")
        {
            continue;
        }
        charts.push_back({name, metric.title, metric.unit, {}});
        AddLines(charts.back(), all, nodes, name);
    }
    charts.push_back({"lost-by-reason", "Lost or refused, by reason", "packets per second", {}});
    AddLinesOf(charts.back(), all, LOST_PREFIX);
    charts.push_back(TrafficChart(all));
    charts.push_back({"silence", "Time since something arrived, by traffic", "seconds", {}});
    AddLinesOf(charts.back(), all, SILENCE_PREFIX);
    charts.erase(std::remove_if(charts.begin(),
                                charts.end(),
                                [](const Chart& chart) { return chart.lines.empty(); }),
                 charts.end());
    return charts;
}

Plots
PlotSeries(const std::string& folder, const Series& series)
{
    Plots plots;
    for (const Chart& chart : MakeCharts(series))
    {
        WriteChart(folder, chart, series.Times());
        if (plots.note.empty() && RunGnuplot(folder, chart.name + ".plt"))
        {
            plots.pictures.push_back(ReadPicture(folder + "/" + chart.name + ".svg"));
            continue;
        }
        plots.note = NoGnuplotNote(folder);
    }
    return plots;
}

} // namespace ipsec
} // namespace ns3
