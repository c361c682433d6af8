// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-series-plots.h"

#include "ipsec-gnuplot.h"
#include "ipsec-markup.h"
#include "ipsec-report-files.h"

#include "ns3/gnuplot.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <numeric>
#include <sstream>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Most lines of one chart: more cannot be told apart.
constexpr size_t MOST_LINES = 8;
/// Points of a line at most: more than a screen has columns show nothing more.
constexpr size_t MOST_POINTS = 2000;
const char SVG_TERMINAL[] = "svg noenhanced size 860,340 font 'sans-serif,13' background '#ffffff'";
const char PNG_TERMINAL[] =
    "pngcairo noenhanced size 1290,510 font 'sans-serif,15' background '#ffffff'";
const char GRID[] = "set grid lc rgb '#dde3ea'\n"
                    "set border 3 lc rgb '#51606f'\n"
                    "set tics nomirror\n"
                    "set key outside right top\n"
                    "set yrange [0:*]\n"
                    "set offsets 0, 0, graph 0.05, 0\n"
                    "set xrange [0:*]";
/// Colours that can be told apart by everybody (after Okabe and Ito), each with a contrast of 3 and
/// more on white and on the page's dark background.
constexpr std::array<const char*, MOST_LINES>
    COLOURS{"#0072b2", "#d55e00", "#009e73", "#b0578d", "#a87400", "#3d87ad", "#6f7c88", "#94682f"};

bool
IsEverSet(const Series::Values& values)
{
    return std::any_of(values.begin(), values.end(), [](double value) { return value != 0; });
}

/// A line that a chart may have.
struct Candidate
{
    std::string title;
    const Series::Values* values;
    /// All values added up.
    double sum;
};

/// Adds the lines with the greatest sums, in the order that they have; the others are counted.
void
AddGreatest(Chart& chart, const std::vector<Candidate>& candidates)
{
    std::vector<size_t> places(candidates.size());
    std::iota(places.begin(), places.end(), size_t{0});
    std::stable_sort(places.begin(),
                     places.end(),
                     [&](size_t a, size_t b) { return candidates[a].sum > candidates[b].sum; });
    const size_t room = MOST_LINES - chart.lines.size();
    chart.omitted = places.size() - std::min(places.size(), room);
    places.resize(std::min(places.size(), room));
    std::sort(places.begin(), places.end());
    for (const size_t place : places)
    {
        chart.lines.push_back({candidates[place].title, *candidates[place].values});
    }
}

void
AddCandidate(std::vector<Candidate>& candidates,
             const std::string& title,
             const Series::Values& values)
{
    if (IsEverSet(values))
    {
        candidates.push_back({title, &values, std::accumulate(values.begin(), values.end(), 0.0)});
    }
}

/// Adds a line for all nodes together, then for the nodes that have most of the metric.
void
AddLines(Chart& chart, const std::map<Series::Key, Series::Values>& all, const std::string& metric)
{
    std::vector<Candidate> candidates;
    for (const auto& [key, values] : all)
    {
        if (key.second != metric)
        {
            continue;
        }
        if (key.first != ALL_NODES)
        {
            AddCandidate(candidates, key.first, values);
        }
        else if (IsEverSet(values))
        {
            chart.lines.push_back({key.first, values});
        }
    }
    AddGreatest(chart, candidates);
}

/// Adds a line for each metric with a prefix: for each reason of losses, say.
void
AddLinesOf(Chart& chart,
           const std::map<Series::Key, Series::Values>& all,
           const std::string& prefix)
{
    std::vector<Candidate> candidates;
    for (const auto& [key, values] : all)
    {
        if (key.first == ALL_NODES && key.second.compare(0, prefix.size(), prefix) == 0)
        {
            AddCandidate(candidates, key.second.substr(prefix.size()), values);
        }
    }
    AddGreatest(chart, candidates);
}

/// Returns a chart of traffic sent and received.
Chart
TrafficChart(const std::map<Series::Key, Series::Values>& all)
{
    Chart chart{"traffic", "Traffic", "packets per second", {}, 0};
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

/// Returns the samples that are drawn: all, or of each of many short spans the least and the most,
/// so that no peak is lost.
std::vector<size_t>
DrawnSamples(const Series::Values& values)
{
    std::vector<size_t> drawn;
    const size_t span = (2 * values.size() + MOST_POINTS - 1) / MOST_POINTS;
    for (size_t i = 0; i < values.size(); i += std::max(span, size_t{1}))
    {
        const size_t end = std::min(i + std::max(span, size_t{1}), values.size());
        const auto [least, most] =
            std::minmax_element(values.begin() + static_cast<std::ptrdiff_t>(i),
                                values.begin() + static_cast<std::ptrdiff_t>(end));
        const size_t first = static_cast<size_t>(std::min(least, most) - values.begin());
        const size_t last = static_cast<size_t>(std::max(least, most) - values.begin());
        drawn.push_back(first);
        if (first != last)
        {
            drawn.push_back(last);
        }
    }
    return drawn;
}

/// Returns a title in which gnuplot finds no end of its string.
std::string
Plain(std::string text)
{
    std::replace(text.begin(), text.end(), '"', '\'');
    std::replace(text.begin(), text.end(), '\\', '/');
    return text;
}

Gnuplot2dDataset
MakeDataset(const ChartLine& line, size_t number, const std::vector<Instant>& times)
{
    Gnuplot2dDataset data(Plain(line.title));
    data.SetStyle(Gnuplot2dDataset::LINES);
    // The first one shines through where others lie on it.
    data.SetExtra(std::string(number == 0 ? "lw 5" : "lw 2") + " lc rgb '" +
                  COLOURS[number % COLOURS.size()] + "'");
    for (const size_t i : DrawnSamples(line.values))
    {
        data.Add(std::chrono::duration<double>(times[i].time_since_epoch()).count(),
                 line.values[i]);
    }
    return data;
}

/// Writes the program and the data of one chart, which is drawn as SVG and again as PNG.
void
WriteChart(const std::string& folder, const Chart& chart, const std::vector<Instant>& times)
{
    Gnuplot plot(chart.name + ".svg", chart.FullTitle());
    plot.SetTerminal(SVG_TERMINAL);
    plot.SetLegend("simulated time (s)", chart.unit);
    plot.SetExtra(GRID);
    for (size_t i = 0; i < chart.lines.size(); i++)
    {
        plot.AddDataset(MakeDataset(chart.lines[i], i, times));
    }
    std::ostringstream program;
    std::ostringstream numbers;
    plot.GenerateOutput(program, numbers, chart.name + ".dat");
    program << "set terminal " << PNG_TERMINAL << "\nset output \"" << chart.name
            << ".png\"\nreplot\n";
    WriteTextFile(folder + "/" + chart.name + ".plt", program.str());
    WriteTextFile(folder + "/" + chart.name + ".dat", numbers.str());
}

/// Takes out of a text what stands between two marks, the marks included, wherever it does.
void
Remove(std::string& text, const std::string& begin, const std::string& end)
{
    for (size_t at = text.find(begin); at != std::string::npos; at = text.find(begin, at))
    {
        const size_t behind = text.find(end, at + begin.size());
        if (behind == std::string::npos)
        {
            return;
        }
        text.erase(at, behind + end.size() - at);
    }
}

/// Reads a picture so that it can stand in a page with others: without what stands before its
/// element, without names that the next picture has, too, but with one that tells what it is.
std::string
ReadPicture(const std::string& path, const std::string& title)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    std::string picture = text.str();
    const size_t start = picture.find("<svg");
    if (start == std::string::npos)
    {
        return "";
    }
    picture.erase(0, start + 4);
    // Marks of points and boxes behind texts, which no chart here uses.
    Remove(picture, "<defs>", "</defs>");
    Remove(picture, "<title>", "</title>");
    Remove(picture, "<desc>", "</desc>");
    Remove(picture, " id=\"", "\"");
    return "<svg role=\"img\" aria-label=\"" + EscapeMarkup(title) + "\"" + picture;
}

} // namespace

std::string
Chart::FullTitle() const
{
    return title + (omitted == 0 ? ""
                                 : " (" + std::to_string(omitted) + " more " +
                                       (omitted == 1 ? "is" : "are") + " in series.csv)");
}

std::vector<Chart>
MakeCharts(const Series& series)
{
    const std::map<Series::Key, Series::Values> all = series.All();
    std::vector<Chart> charts;
    for (const SeriesMetric& metric : SeriesMetrics())
    {
        const std::string name = metric.name;
        if (name == "sent" || name == "received")
        {
            continue;
        }
        charts.push_back({name, metric.title, metric.unit, {}, 0});
        AddLines(charts.back(), all, name);
    }
    charts.push_back({"lost-by-reason", "Lost or refused, by reason", "packets per second", {}, 0});
    AddLinesOf(charts.back(), all, LOST_PREFIX);
    charts.push_back(TrafficChart(all));
    charts.push_back({"silence", "Time since something arrived, by traffic", "seconds", {}, 0});
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
        if (plots.note.empty())
        {
            plots.note = RunGnuplot(folder, chart.name + ".plt");
        }
        if (plots.note.empty())
        {
            plots.pictures.push_back(
                ReadPicture(folder + "/" + chart.name + ".svg", chart.FullTitle()));
        }
    }
    return plots;
}

} // namespace ipsec
} // namespace ns3
