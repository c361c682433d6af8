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

/// A point with its error bar.
struct PanelPoint
{
    double x = 0;
    double y = 0;
    /// Half the length of the bar; 0 for none.
    double error = 0;
};

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
    /// Words in place of numbers at 1, 2, 3 and so on; empty for numbers.
    std::vector<std::string> categories;
    bool hasLogX = false;
    bool hasLogY = false;
    /// Upper end of the values; nothing is what the lines need.
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
    /// Size of a panel.
    size_t panelWidth = 460;
    size_t panelHeight = 300;
};

/**
 * Writes NAME.plt and NAME.dat into a folder, which must be there, and lets the program gnuplot
 * make NAME.svg and NAME.png of them, if it is installed.
 * @return whether it is.
 * @throws std::invalid_argument if a file cannot be written.
 */
bool DrawPanels(const std::string& folder, const PanelPicture& picture);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_PANEL_PLOTS_H
