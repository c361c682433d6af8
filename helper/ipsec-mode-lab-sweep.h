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
#include "ipsec-sweep.h"

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
    uint64_t run = 1;
    /// Nothing if that never happened.
    std::optional<Duration> established;
    std::optional<Duration> tunnelUp;
};

/// All finished runs of one mode over one path.
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

/// What became of a sweep.
struct ModeSweep
{
    std::vector<ModeSweepPoint> points;
    /// One line for each run that failed.
    std::vector<std::string> failures;
    /// The signal that ended it before its time, or 0.
    int signal = 0;
};

/// Runs the scenario for all points, both modes at once and several runs side by side: RunSweep().
/// What @p how has as its folder keeps runs that have finished for the next time.
ModeSweep SweepModes(const LabScenario& scenario,
                     const LabTunnels& tunnels,
                     const ModeSweepPlan& plan,
                     const SweepOptions& how);

/// Writes each run in a line: sweep, round trip, loss, mode, run, and both times.
std::string ModeSweepRunsCsv(const std::vector<ModeSweepPoint>& points);
/// Writes each point in a line, with means and half widths of their intervals; no mean where no run
/// got there, and no interval where less than two did.
std::string ModeSweepCsv(const std::vector<ModeSweepPoint>& points);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_MODE_LAB_SWEEP_H
