// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Charts of lines, points or columns, with error bars, drawn by gnuplot.
 */
#ifndef IPSEC_LAB_CHART_H
#define IPSEC_LAB_CHART_H

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// One point of a chart; a half width of zero is a point without a bar.
struct BarPoint
{
    double x = 0;
    double y = 0;
    double halfWidth = 0;
};

/// Points of one colour.
struct BarLine
{
    std::string title;
    std::vector<BarPoint> points;
};

/// How the points of a chart are drawn.
enum class ChartForm : uint8_t
{
    Lines,   ///< joined: between two points there could be others
    Points,  ///< each for itself
    Columns, ///< over categories, which have no order and no distance
};

/// Lines that share their axes.
struct BarChart
{
    /// Of its files, without extension.
    std::string name;
    std::string title;
    std::string xTitle;
    std::string yTitle;
    std::vector<BarLine> lines;
    ChartForm form = ChartForm::Lines;
    /// Of columns: what stands below those whose x is 1, 2 and so on.
    std::vector<std::string> categories = {};
};

/// Takes what PlotBarCharts() made of a chart in an earlier run out of a folder, if it is there.
void RemoveBarChart(const std::string& folder, const std::string& name);

/**
 * Writes programs and data of charts into a folder, which must be there, and lets gnuplot make
 * NAME.svg and NAME.png of them.
 * @return a sentence if gnuplot is missing, else nothing.
 * @throws std::invalid_argument if a file cannot be written.
 */
std::string PlotBarCharts(const std::string& folder, const std::vector<BarChart>& charts);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_LAB_CHART_H
