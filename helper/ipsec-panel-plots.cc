// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-panel-plots.h"

#include "ipsec-gnuplot.h"
#include "ipsec-report-files.h"

#include "ns3/gnuplot.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <sstream>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Height of the title above all panels.
constexpr size_t TITLE_HEIGHT = 50;
/// @name Size of a legend's letters and rows, of what stands beside each title, and of what a panel
/// has beside the legend, in pixels
/// @{
constexpr size_t LETTER_WIDTH = 7;
constexpr size_t ROW_HEIGHT = 16;
constexpr size_t SAMPLE_WIDTH = 40;
constexpr size_t LEGEND_MARGIN = 70;
/// @}
/// A logarithmic axis goes so far below the least that it shows.
constexpr double ROOM_BELOW = 0.7;
/// And so far above the most.
constexpr double ROOM_ABOVE_LOGARITHM = 1.3;
/// One that spans less has more numbers than the powers of ten.
constexpr double FEW_DECADES = 300;
/// An axis with fewer numbers cannot be read.
constexpr size_t FEWEST_TICS = 3;
/// Titles that are longer have smaller letters.
constexpr size_t LONG_TITLE = 42;
/// Colours that can be told apart by everybody (Okabe and Ito).
constexpr std::array<const char*, MOST_COLOURS>
    COLOURS{"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#8c6d00"};

/// Returns a text between single quotes.
std::string
Quoted(const std::string& text)
{
    std::string quoted = "'";
    for (const char c : text)
    {
        quoted += c == '\'' ? "''" : std::string(1, c);
    }
    return quoted + "'";
}

/// Returns a text in which gnuplot finds nothing to interpret.
std::string
Plain(const std::string& text)
{
    std::string plain;
    for (const char c : text)
    {
        plain += c == '"' ? '\'' : c;
    }
    return plain;
}

bool
HasErrors(const PanelLine& line)
{
    return std::any_of(line.points.begin(),
                       line.points.end(),
                       [](const PanelPoint& point) { return point.error > 0; });
}

/// Returns how the line that is the @p number-th of its colours is drawn.
std::string
LineOptions(const PanelLine& line, size_t number)
{
    const std::string colour = std::string("lc rgb '") + COLOURS[number % COLOURS.size()] + "'";
    switch (line.style)
    {
    case PanelStyle::Line:
        return colour + " lw 1.5";
    case PanelStyle::Dashes:
        return colour + " lw 1 dt 2";
    case PanelStyle::LineAndPoints:
    case PanelStyle::Points:
        break;
    }
    return colour + " lw 1.6";
}

/// Returns the lower end of the axis of values.
double
FloorOf(const Panel& panel)
{
    if (panel.yLeast)
    {
        return *panel.yLeast;
    }
    double least = std::numeric_limits<double>::max();
    for (const PanelLine& line : panel.lines)
    {
        for (const PanelPoint& point : line.points)
        {
            for (const double y : {point.y, point.y - point.error})
            {
                least = y > 0 ? std::min(least, y) : least;
            }
        }
    }
    const bool isKnown = least < std::numeric_limits<double>::max();
    return panel.hasLogY && isKnown ? ROOM_BELOW * least : 0;
}

/// Returns the upper end of all that a panel shows.
double
MostOf(const Panel& panel)
{
    double most = 0;
    for (const PanelLine& line : panel.lines)
    {
        for (const PanelPoint& point : line.points)
        {
            most = std::max(most, point.y + point.error);
        }
    }
    return most;
}

/// Returns the points of a line, with a mark each or without.
Gnuplot2dDataset
MakeDataset(const PanelLine& line, size_t number)
{
    Gnuplot2dDataset data(Plain(line.title));
    const bool hasMarks =
        line.style == PanelStyle::LineAndPoints || line.style == PanelStyle::Points;
    data.SetStyle(!hasMarks                          ? Gnuplot2dDataset::LINES
                  : line.style == PanelStyle::Points ? Gnuplot2dDataset::POINTS
                                                     : Gnuplot2dDataset::LINES_POINTS);
    // Without a word gnuplot would write the name of the file.
    data.SetExtra(LineOptions(line, number) + (hasMarks ? " pt 7 ps 0.6" : "") +
                  (line.title.empty() ? " notitle" : ""));
    for (const PanelPoint& point : line.points)
    {
        data.Add(point.x, point.y);
    }
    return data;
}

/// Returns the error bars of a line, as far as they are above the floor.
Gnuplot2dDataset
MakeBars(const PanelLine& line, size_t number, double floor)
{
    Gnuplot2dDataset data("");
    data.SetStyle(Gnuplot2dDataset::POINTS);
    data.SetErrorBars(Gnuplot2dDataset::Y);
    data.SetExtra(LineOptions(line, number) + " pt 0 notitle");
    for (const PanelPoint& point : line.points)
    {
        const double low = std::max(point.y - point.error, floor);
        const double high = point.y + point.error;
        if (point.error > 0)
        {
            data.Add(point.x, (high + low) / 2, (high - low) / 2);
        }
    }
    return data;
}

/// Returns where bars go on below the floor.
std::optional<Gnuplot2dDataset>
MakeCutMarks(const PanelLine& line, size_t number, double floor)
{
    Gnuplot2dDataset data("");
    data.SetStyle(Gnuplot2dDataset::POINTS);
    data.SetExtra(LineOptions(line, number) + " pt 11 ps 1 notitle");
    bool isCut = false;
    for (const PanelPoint& point : line.points)
    {
        if (point.error > 0 && point.y - point.error < floor)
        {
            data.Add(point.x, floor);
            isCut = true;
        }
    }
    return isCut ? std::optional<Gnuplot2dDataset>(data) : std::nullopt;
}

std::string
CategoryTics(const std::vector<std::string>& categories)
{
    std::string tics = "set xtics (";
    for (size_t i = 0; i < categories.size(); i++)
    {
        tics += (i == 0 ? "" : ", ") + Quoted(categories[i]) + " " + std::to_string(i + 1);
    }
    return tics + ")\nset xrange [0.5:" + std::to_string(categories.size()) + ".5]\n";
}

/// Returns where an axis has numbers.
std::string
Tics(char axis, const std::vector<double>& positions)
{
    std::ostringstream tics;
    for (const double position : positions)
    {
        tics << (tics.tellp() == 0 ? "" : ", ") << position;
    }
    const std::string where = positions.empty() ? "autofreq" : "(" + tics.str() + ")";
    return std::string("set ") + axis + "tics " + where + "\n";
}

/// Returns the multiples of a round number in a range, of the largest one that has enough of them.
std::vector<double>
Multiples(double least, double most)
{
    std::vector<double> numbers;
    for (double power = std::pow(10, std::ceil(std::log10(most))); numbers.size() < FEWEST_TICS;
         power /= 10)
    {
        for (const double factor : {1.0, 0.5, 0.2})
        {
            const double step = factor * power;
            numbers.clear();
            for (double i = std::ceil(least / step); i * step <= most; i++)
            {
                numbers.push_back(i * step);
            }
            if (numbers.size() >= FEWEST_TICS)
            {
                break;
            }
        }
    }
    return numbers;
}

/// Returns 1, 2 and 5 times the powers of ten in a range, or more numbers if these are too few.
std::vector<double>
RoundNumbers(double least, double most)
{
    std::vector<double> numbers;
    for (double power = std::pow(10, std::floor(std::log10(least))); power <= most; power *= 10)
    {
        for (const double factor : {1, 2, 5})
        {
            const double number = factor * power;
            if (number >= least && number <= most)
            {
                numbers.push_back(number);
            }
        }
    }
    return numbers.size() < FEWEST_TICS ? Multiples(least, most) : numbers;
}

/// Returns the range of the values, and where they have numbers.
std::string
ValueAxis(const Panel& panel)
{
    const double least = FloorOf(panel);
    std::ostringstream text;
    text << "set yrange [" << least << ":";
    const double most = panel.yMost.value_or(ROOM_ABOVE_LOGARITHM * MostOf(panel));
    if (!panel.hasLogY || least <= 0 || most <= least)
    {
        panel.yMost ? text << *panel.yMost : text << "*";
        text << "]\n" << Tics('y', {});
        return text.str();
    }
    text << most << "]\n"
         << Tics('y',
                 most / least < FEW_DECADES ? RoundNumbers(least, most) : std::vector<double>());
    return text.str();
}

/// Returns how many lines have a title.
size_t
TitledLines(const Panel& panel)
{
    return static_cast<size_t>(std::count_if(panel.lines.begin(),
                                             panel.lines.end(),
                                             [](const PanelLine& one)
                                             { return !one.title.empty(); }));
}

/// Returns how many titles of a legend stand side by side.
size_t
LegendColumns(const Panel& panel, size_t width)
{
    size_t longest = 1;
    for (const PanelLine& line : panel.lines)
    {
        longest = std::max(longest, line.title.size());
    }
    const size_t fitting = (width - LEGEND_MARGIN) / (longest * LETTER_WIDTH + SAMPLE_WIDTH);
    return std::clamp<size_t>(fitting, 1, std::max<size_t>(1, TitledLines(panel)));
}

/// Returns how many rows a legend has, with its title.
size_t
LegendRows(const Panel& panel, size_t width)
{
    const size_t columns = LegendColumns(panel, width);
    const size_t titled = TitledLines(panel);
    return titled < 2 ? 0 : (titled + columns - 1) / columns + (panel.legendTitle.empty() ? 0 : 1);
}

/// Returns the range of x with a little room at both ends; times begin at zero.
std::string
XRange(const Panel& panel)
{
    double least = std::numeric_limits<double>::max();
    double most = std::numeric_limits<double>::lowest();
    bool isTime = true;
    for (const PanelLine& line : panel.lines)
    {
        isTime = isTime && line.style == PanelStyle::Line;
        for (const PanelPoint& point : line.points)
        {
            least = std::min(least, point.x);
            most = std::max(most, point.x);
        }
    }
    if (least >= most)
    {
        return "set xrange [*:*]\n";
    }
    constexpr double ROOM = 0.04;
    const double room = panel.hasLogX ? std::pow(most / least, ROOM) : (most - least) * ROOM;
    std::ostringstream text;
    text << "set xrange ["
         << (isTime          ? least
             : panel.hasLogX ? least / room
                             : least - room)
         << ":"
         << (isTime          ? most
             : panel.hasLogX ? most * room
                             : most + room)
         << "]\n";
    return text.str();
}

/// Returns the settings of a panel; all of them, for they stay until the next.
std::string
PanelSettings(const Panel& panel, size_t width)
{
    std::ostringstream text;
    text << "set title font '," << (panel.title.size() > LONG_TITLE ? 10 : 12)
         << "'\nunset logscale\n"
         << Tics('x', panel.xTics) << XRange(panel) << ValueAxis(panel)
         << (panel.hasLogX ? "set logscale x\n" : "") << (panel.hasLogY ? "set logscale y\n" : "");
    if (!panel.categories.empty())
    {
        text << CategoryTics(panel.categories);
    }
    if (TitledLines(panel) < 2)
    {
        text << "unset key";
        return text.str();
    }
    text << "set key tmargin center horizontal samplen 2 font ',10' maxcols "
         << LegendColumns(panel, width) << " title " << Quoted(Plain(panel.legendTitle))
         << " font ',10'";
    return text.str();
}

const char COMMON[] = "set grid lc rgb '#dde3ea'\n"
                      "set border 3 lc rgb '#51606f'\n"
                      "set tics nomirror font ',10'\n"
                      "set title font ',12'\n"
                      "set xlabel font ',11'\n"
                      "set ylabel font ',11'\n"
                      "set offsets 0, 0, graph 0.05, 0\n"
                      "set bars 0.6\n";

/// Writes the commands that draw a panel; its numbers go behind those of the panels before.
std::string
PanelCommands(const Panel& panel,
              size_t width,
              const std::string& dataFile,
              unsigned& datasets,
              std::ostringstream& numbers)
{
    Gnuplot plot("", Plain(panel.title));
    plot.SetTerminal("");
    plot.SetLegend(Plain(panel.xLabel), Plain(panel.yLabel));
    plot.SetExtra(PanelSettings(panel, width));
    plot.SetDataFileDatasetIndex(datasets);
    size_t colour = 0;
    const double floor = FloorOf(panel);
    const auto add = [&](const Gnuplot2dDataset& data)
    {
        plot.AddDataset(data);
        datasets++;
    };
    for (const PanelLine& line : panel.lines)
    {
        if (line.points.empty())
        {
            continue;
        }
        const bool isSequel = line.style == PanelStyle::Dashes && colour > 0;
        const size_t number = isSequel ? colour - 1 : colour;
        colour += isSequel ? 0 : 1;
        // The points are drawn over their bars.
        if (HasErrors(line))
        {
            add(MakeBars(line, number, floor));
        }
        add(MakeDataset(line, number));
        if (const std::optional<Gnuplot2dDataset> marks = MakeCutMarks(line, number, floor))
        {
            add(*marks);
        }
    }
    std::ostringstream commands;
    if (colour == 0)
    {
        return "set multiplot next\n";
    }
    plot.GenerateOutput(commands, numbers, dataFile);
    return commands.str();
}

} // namespace

void
ShareValueAxis(std::vector<Panel>& panels)
{
    double most = 0;
    std::optional<double> least;
    for (const Panel& panel : panels)
    {
        most = std::max(most, MostOf(panel));
        if (!panel.lines.empty())
        {
            least = std::min(least.value_or(FloorOf(panel)), FloorOf(panel));
        }
    }
    constexpr double ROOM_ABOVE = 1.05;
    for (Panel& panel : panels)
    {
        if (panels.size() > 1 && most > 0)
        {
            panel.yLeast = least;
            panel.yMost = (panel.hasLogY ? ROOM_ABOVE_LOGARITHM : ROOM_ABOVE) * most;
        }
    }
}

std::string
DrawPanels(const std::string& folder, const PanelPicture& picture)
{
    const size_t rows = (picture.panels.size() + picture.columns - 1) / picture.columns;
    // All panels are as high as that with the longest legend needs.
    size_t legend = 0;
    for (const Panel& panel : picture.panels)
    {
        legend = std::max(legend, LegendRows(panel, picture.panelWidth));
    }
    const size_t height = picture.panelHeight + ROW_HEIGHT * (legend > 1 ? legend - 1 : 0);
    const std::string size = std::to_string(picture.columns * picture.panelWidth) + "," +
                             std::to_string(rows * height + TITLE_HEIGHT);
    std::ostringstream numbers;
    std::string panels;
    unsigned datasets = 0;
    for (const Panel& panel : picture.panels)
    {
        panels +=
            PanelCommands(panel, picture.panelWidth, picture.name + ".dat", datasets, numbers);
    }
    std::string program;
    for (const auto& [terminal, extension] :
         {std::pair("svg", "svg"), std::pair("pngcairo", "png")})
    {
        program += std::string("reset\nset terminal ") + terminal + " noenhanced size " + size +
                   " font 'sans-serif,12' background '#ffffff'\nset output '" + picture.name + "." +
                   extension + "'\n" + COMMON + "set multiplot layout " + std::to_string(rows) +
                   "," + std::to_string(picture.columns) + " title " + Quoted(picture.title) +
                   " font ',15'\n" + panels + "unset multiplot\nunset output\n";
    }
    WriteTextFile(folder + "/" + picture.name + ".plt", program);
    WriteTextFile(folder + "/" + picture.name + ".dat", numbers.str());
    return RunGnuplot(folder, picture.name + ".plt");
}

} // namespace ipsec
} // namespace ns3
