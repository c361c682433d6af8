// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Charts of the comparison of main mode and aggressive mode.
 */
#ifndef IPSEC_MODE_LAB_PLOTS_H
#define IPSEC_MODE_LAB_PLOTS_H

#include "ipsec-lab-chart.h"
#include "ipsec-mode-lab-amplification.h"
#include "ipsec-mode-lab-sweep.h"

#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Returns the charts of a sweep and of amplification that have a line.
std::vector<BarChart> MakeModeCharts(const std::vector<ModeSweepPoint>& sweep,
                                     const std::vector<AmplificationRow>& amplification);

/// Returns the names of all charts that there may be.
std::vector<std::string> ModeChartNames();

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_MODE_LAB_PLOTS_H
