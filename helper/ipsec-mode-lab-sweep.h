// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * How long main mode and aggressive mode take over paths of different length and loss.
 */
#ifndef IPSEC_MODE_LAB_SWEEP_H
#define IPSEC_MODE_LAB_SWEEP_H

#include "ipsec-mode-lab.h"
#include "ipsec-statistics.h"

#include <functional>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// What is swept.
struct ModeSweepPlan
{
    /// Round trips to go through, each without loss and with @p lossOnTheWay.
    std::vector<Duration> roundTrips;
    double lossOnTheWay = 0;
    /// Parts of packets that are lost, to go through with the scenario's own round trip.
    std::vector<double> losses;
    /// Runs of each point, with run numbers from 1.
    size_t runs = 0;
};

/// One run of one point.
struct ModeSweepRun
{
    std::optional<Duration> established;
    std::optional<Duration> tunnelUp;
};

/// All runs of one mode over one path.
struct ModeSweepPoint
{
    Duration roundTrip{};
    double loss = 0;
    /// Stands in the sweep over round trips; else in that over loss.
    bool isOverRoundTrip = false;
    Phase1Mode mode = Phase1Mode::Main;
    std::vector<ModeSweepRun> runs;

    /// Returns the mean time in seconds of the runs that got there, with its interval.
    MeanInterval Established() const;
    MeanInterval TunnelUp() const;
};

/// Runs the scenario for all points, and both modes at once. @p progress is told the part that is
/// done, from 0 to 1; it may be empty.
std::vector<ModeSweepPoint> SweepModes(const LabScenario& scenario,
                                       const LabTunnels& tunnels,
                                       const ModeSweepPlan& plan,
                                       const std::function<void(double)>& progress = {});

/// Writes each run in a line: sweep, round trip, loss, mode, run, and both times.
std::string ModeSweepRunsCsv(const std::vector<ModeSweepPoint>& points);
/// Writes each point in a line, with means and half widths of their intervals.
std::string ModeSweepCsv(const std::vector<ModeSweepPoint>& points);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_MODE_LAB_SWEEP_H
