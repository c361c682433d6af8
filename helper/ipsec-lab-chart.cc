// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-lab-chart.h"

#include "ipsec-gnuplot.h"
#include "ipsec-report-files.h"

#include "ns3/gnuplot.h"

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
                     "set xrange [0:*]\n"
                     "set offsets graph 0.02, graph 0.03, graph 0.08, 0\n"
                     "set bars 0.7";

/// Colours that are told apart without colour vision, too, each with a mark of its own.
const char* const STYLES[] = {"lw 2 lc rgb '#0060a8' pt 7 ps 0.8",
                              "lw 2 lc rgb '#d05000' pt 5 ps 0.8",
                              "lw 2 lc rgb '#0060a8' dt 2 pt 6 ps 1",
                              "lw 2 lc rgb '#d05000' dt 2 pt 4 ps 1"};

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
