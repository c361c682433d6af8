// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-lab-chart.h"

#include "ipsec-gnuplot.h"
#include "ipsec-report-files.h"

#include "ns3/gnuplot.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <sstream>
#include <stdexcept>

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
                     "set bars 0.7\n";

const char RANGE[] = "set xrange [0:*]\n"
                     "set offsets graph 0.02, graph 0.03, graph 0.08, 0";

/// Of a share of something: there is no more than all of it.
const char PERCENT_TITLE[] = "(%)";
const char PERCENT_RANGE[] = "set yrange [0:100]\n";

/// Colours that are told apart without colour vision, too, each with a mark of its own.
const char* const STYLES[] = {"lw 2 lc rgb '#0060a8' pt 7 ps 0.8",
                              "lw 2 lc rgb '#d05000' pt 5 ps 0.8",
                              "lw 2 lc rgb '#0060a8' dt 2 pt 6 ps 1",
                              "lw 2 lc rgb '#d05000' dt 2 pt 4 ps 1"};
const char* const COLOURS[] = {"#0060a8", "#d05000", "#5b8f3c"};

/// Adds the points of one line.
void
AddPoints(Gnuplot2dDataset& data, const BarChart& chart, size_t place)
{
    data.SetStyle(chart.form == ChartForm::Lines ? Gnuplot2dDataset::LINES_POINTS
                                                 : Gnuplot2dDataset::POINTS);
    data.SetExtra(STYLES[place % std::size(STYLES)]);
    const std::vector<BarPoint>& points = chart.lines[place].points;
    const bool hasBars = std::any_of(
        points.begin(), points.end(), [](const BarPoint& point) { return point.halfWidth > 0; });
    data.SetErrorBars(hasBars ? Gnuplot2dDataset::Y : Gnuplot2dDataset::NONE);
    for (const BarPoint& point : points)
    {
        hasBars ? data.Add(point.x, point.y, point.halfWidth) : data.Add(point.x, point.y);
    }
}

/// Width of all columns of a category, of the distance to the next one; of a chart, and of a column
/// at most, in pixels: the key shows a piece of it.
constexpr double CATEGORY_WIDTH = 0.6;
constexpr double CHART_PIXELS = 700;
constexpr double WIDEST_COLUMN = 26;

/// Names categories below the axis, slanting where they are too long to stand side by side.
std::string
CategoryAxis(const std::vector<std::string>& categories)
{
    constexpr size_t ROOM = 90;
    size_t longest = 0;
    std::string names;
    for (size_t i = 0; i < categories.size(); i++)
    {
        longest = std::max(longest, categories[i].size());
        names += (i == 0 ? "" : ", ") + std::string("\"") + categories[i] + "\" " +
                 std::to_string(i + 1);
    }
    return "set xtics scale 0 " +
           std::string(longest * categories.size() > ROOM ? "rotate by -25 " : "") + "(" + names +
           ")\nset xrange [0.4:" + std::to_string(categories.size()) +
           ".6]\nset offsets 0, 0, graph 0.08, 0";
}

/// Adds one line of columns, beside those of the other lines.
void
AddColumns(Gnuplot2dDataset& data, const BarChart& chart, size_t place)
{
    const auto lines = static_cast<double>(chart.lines.size());
    const double width = CATEGORY_WIDTH / lines;
    const double shift = (static_cast<double>(place) - (lines - 1) / 2) * width;
    const double pixels = 0.9 * width * CHART_PIXELS / static_cast<double>(chart.categories.size());
    data.SetStyle(Gnuplot2dDataset::IMPULSES);
    data.SetExtra(std::string("lc rgb '") + COLOURS[place % std::size(COLOURS)] + "' lw " +
                  std::to_string(static_cast<int>(std::max(1.0, std::min(pixels, WIDEST_COLUMN)))));
    for (const BarPoint& point : chart.lines[place].points)
    {
        data.Add(point.x + shift, point.y);
    }
}

void
WriteChart(const std::string& folder, const BarChart& chart, const Picture& picture)
{
    Gnuplot plot(chart.name + picture.extension, chart.title);
    plot.SetTerminal(picture.terminal);
    plot.SetLegend(chart.xTitle, chart.yTitle);
    const bool isOfColumns = chart.form == ChartForm::Columns;
    const bool isOfPercent = chart.yTitle.find(PERCENT_TITLE) != std::string::npos;
    plot.SetExtra(std::string(FRAME) + (isOfPercent ? PERCENT_RANGE : "") +
                  (isOfColumns ? CategoryAxis(chart.categories) : std::string(RANGE)));
    for (size_t i = 0; i < chart.lines.size(); i++)
    {
        Gnuplot2dDataset data(chart.lines[i].title);
        isOfColumns ? AddColumns(data, chart, i) : AddPoints(data, chart, i);
        plot.AddDataset(data);
    }
    std::ostringstream program;
    std::ostringstream numbers;
    plot.GenerateOutput(program, numbers, chart.name + ".dat");
    WriteTextFile(folder + "/" + chart.name + picture.extension + ".plt", program.str());
    WriteTextFile(folder + "/" + chart.name + ".dat", numbers.str());
}

} // namespace

void
RemoveBarChart(const std::string& folder, const std::string& name)
{
    const std::string path = folder + "/" + name;
    std::vector<std::string> files{path + ".dat"};
    for (const Picture& picture : PICTURES)
    {
        files.push_back(path + picture.extension);
        files.push_back(path + picture.extension + ".plt");
    }
    for (const std::string& file : files)
    {
        std::error_code error;
        std::filesystem::remove(file, error);
        if (error)
        {
            throw std::invalid_argument(file + " cannot be removed: " + error.message());
        }
    }
}

std::string
PlotBarCharts(const std::string& folder, const std::vector<BarChart>& charts)
{
    std::string note;
    for (const BarChart& chart : charts)
    {
        RemoveBarChart(folder, chart.name);
        for (const Picture& picture : PICTURES)
        {
            WriteChart(folder, chart, picture);
            if (note.empty())
            {
                note = RunGnuplot(folder, chart.name + picture.extension + ".plt");
            }
        }
    }
    return note;
}

} // namespace ipsec
} // namespace ns3
