// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Pictures of several panels side by side, drawn by gnuplot.
 */
#ifndef IPSEC_PANEL_PLOTS_H
#define IPSEC_PANEL_PLOTS_H

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// A point with its error bar. A triangle stands where the bar leaves the picture, below zero or
/// below what a logarithmic axis shows.
struct PanelPoint
{
    double x = 0;
    double y = 0;
    /// Half the length of the bar; 0 for none.
    double error = 0;
};

/// Most lines with a colour of their own in a panel.
constexpr size_t MOST_COLOURS = 8;

/// How a line of a panel is drawn.
enum class PanelStyle : uint8_t
{
    Line,          ///< a line alone
    LineAndPoints, ///< with a mark and an error bar at each point
    Points,        ///< marks and error bars
    Dashes,        ///< a thin broken line of the colour of the line before it
};

struct PanelLine
{
    std::string title;
    PanelStyle style = PanelStyle::LineAndPoints;
    std::vector<PanelPoint> points;
};

/// One pair of axes.
struct Panel
{
    std::string title;
    std::string xLabel;
    std::string yLabel;
    std::vector<PanelLine> lines;
    /// What the titles of the lines are values of; may be empty.
    std::string legendTitle;
    /// Where the axis of x has numbers; empty where gnuplot likes.
    std::vector<double> xTics;
    /// Words in place of numbers at 1, 2, 3 and so on; empty for numbers.
    std::vector<std::string> categories;
    bool hasLogX = false;
    bool hasLogY = false;
    /// Ends of the axis of values; nothing is what the lines need.
    std::optional<double> yLeast;
    std::optional<double> yMost;
};

/// What stands in one picture.
struct PanelPicture
{
    /// Of its files, without extension.
    std::string name;
    std::string title;
    size_t columns = 1;
    std::vector<Panel> panels;
    /// Size of a panel, without its legend.
    size_t panelWidth = 460;
    size_t panelHeight = 300;
};

/// Gives panels the same axis of values, so that they can be compared.
void ShareValueAxis(std::vector<Panel>& panels);

/**
 * Writes NAME.plt and NAME.dat into a folder, which must be there, and lets the program gnuplot
 * make NAME.svg and NAME.png of them.
 * @return why there are none; empty if there are.
 * @throws std::invalid_argument if a file cannot be written.
 */
std::string DrawPanels(const std::string& folder, const PanelPicture& picture);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_PANEL_PLOTS_H
