// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The pictures of a study.
 */
#ifndef IPSEC_STUDY_PLOTS_H
#define IPSEC_STUDY_PLOTS_H

#include "ipsec-panel-plots.h"
#include "ipsec-study.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Where the pictures are in the output folder.
constexpr char PLOTS_FOLDER[] = "/plots";

/// Fits a power law to the means of a measure over the numbers of a parameter; nothing without.
/// Smaller numbers than @p from, where costs that do not grow are the most, are left out.
std::optional<PowerLaw> FitMeasure(const SweepTable& table,
                                   const std::string& parameter,
                                   const std::string& measure,
                                   double from);

/**
 * Draws the charts of a study: results, costs and over-time, in DIR/plots.
 * @return why there are no pictures, if so.
 * @throws std::invalid_argument if a file cannot be written.
 */
std::string PlotStudy(const Study& study,
                      const std::string& folder,
                      const SweepTable& results,
                      const SweepTable& costs,
                      const std::vector<SweepPoint>& points,
                      const SweepOutcome& outcome);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_STUDY_PLOTS_H
