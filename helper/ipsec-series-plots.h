// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Series as charts, drawn by gnuplot.
 */
#ifndef IPSEC_SERIES_PLOTS_H
#define IPSEC_SERIES_PLOTS_H

#include "ipsec-series.h"

#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// One line of a chart.
struct ChartLine
{
    std::string title;
    Series::Values values;
};

/// Lines that share their axes.
struct Chart
{
    /// Of its files, without extension: "tunnels-up".
    std::string name;
    std::string title;
    /// Of the axis of values, with its unit.
    std::string unit;
    std::vector<ChartLine> lines;
    /// How many more there are, which have no line.
    size_t omitted = 0;

    /// Returns the title, with a word on what is left out.
    std::string FullTitle() const;
};

/// Returns the charts of all metrics that were ever other than zero. Of more lines than can
/// be told apart it has the sum of all nodes and those whose values add up to the most.
std::vector<Chart> MakeCharts(const Series& series);

/// What PlotSeries() made.
struct Plots
{
    /// The pictures as SVG elements, to stand in a page.
    std::vector<std::string> pictures;
    /// Says that gnuplot is missing; else empty.
    std::string note;
};

/**
 * Writes NAME.plt and NAME.dat for each chart into a folder, which must be there, and lets the
 * program gnuplot make NAME.svg and NAME.png of them, if it is installed. Of very many samples, the
 * least and the most of each short span are drawn.
 * @throws std::invalid_argument if a file cannot be written.
 */
Plots PlotSeries(const std::string& folder, const Series& series);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SERIES_PLOTS_H
