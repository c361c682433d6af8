// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-panel-plots.h"

#include "ipsec-gnuplot.h"
#include "ipsec-report-files.h"

#include "ns3/gnuplot.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <sstream>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Height of the title above all panels.
constexpr size_t TITLE_HEIGHT = 50;
/// Colours that can be told apart by everybody (Okabe and Ito).
constexpr std::array<const char*, 8>
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
    return colour + " lw 1.6 pt 7 ps 0.6";
}

Gnuplot2dDataset
MakeDataset(const PanelLine& line, size_t number)
{
    Gnuplot2dDataset data(Plain(line.title));
    const bool hasMarks =
        line.style == PanelStyle::LineAndPoints || line.style == PanelStyle::Points;
    const bool hasErrors = hasMarks && HasErrors(line);
    data.SetStyle(!hasMarks                          ? Gnuplot2dDataset::LINES
                  : line.style == PanelStyle::Points ? Gnuplot2dDataset::POINTS
                                                     : Gnuplot2dDataset::LINES_POINTS);
    data.SetErrorBars(hasErrors ? Gnuplot2dDataset::Y : Gnuplot2dDataset::NONE);
    // Without a word gnuplot would write the name of the file.
    data.SetExtra(LineOptions(line, number) + (line.title.empty() ? " notitle" : ""));
    for (const PanelPoint& point : line.points)
    {
        if (hasErrors)
        {
            data.Add(point.x, point.y, point.error);
            continue;
        }
        data.Add(point.x, point.y);
    }
    return data;
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
PanelSettings(const Panel& panel)
{
    std::ostringstream text;
    text << "unset logscale\nset xtics autofreq\n"
         << XRange(panel) << "set yrange [" << (panel.hasLogY ? "*" : "0") << ":";
    panel.yMost ? text << *panel.yMost : text << "*";
    text << "]\n"
         << (panel.hasLogX ? "set logscale x\n" : "") << (panel.hasLogY ? "set logscale y\n" : "");
    if (!panel.categories.empty())
    {
        text << CategoryTics(panel.categories);
    }
    const size_t titled =
        static_cast<size_t>(std::count_if(panel.lines.begin(),
                                          panel.lines.end(),
                                          [](const PanelLine& one) { return !one.title.empty(); }));
    text << (titled > 1 ? "set key tmargin center horizontal samplen 2 font ',10'" : "unset key");
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
              const std::string& dataFile,
              unsigned& datasets,
              std::ostringstream& numbers)
{
    Gnuplot plot("", Plain(panel.title));
    plot.SetTerminal("");
    plot.SetLegend(Plain(panel.xLabel), Plain(panel.yLabel));
    plot.SetExtra(PanelSettings(panel));
    plot.SetDataFileDatasetIndex(datasets);
    size_t colour = 0;
    for (const PanelLine& line : panel.lines)
    {
        if (line.points.empty())
        {
            continue;
        }
        const bool isSequel = line.style == PanelStyle::Dashes && colour > 0;
        plot.AddDataset(MakeDataset(line, isSequel ? colour - 1 : colour));
        colour += isSequel ? 0 : 1;
        datasets++;
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

bool
DrawPanels(const std::string& folder, const PanelPicture& picture)
{
    const size_t rows = (picture.panels.size() + picture.columns - 1) / picture.columns;
    const std::string size = std::to_string(picture.columns * picture.panelWidth) + "," +
                             std::to_string(rows * picture.panelHeight + TITLE_HEIGHT);
    std::ostringstream numbers;
    std::string panels;
    unsigned datasets = 0;
    for (const Panel& panel : picture.panels)
    {
        panels += PanelCommands(panel, picture.name + ".dat", datasets, numbers);
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
