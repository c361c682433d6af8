// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Many independent runs, side by side in processes of their own.
 */
#ifndef IPSEC_SWEEP_H
#define IPSEC_SWEEP_H

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// A number that a run gave.
struct Measure
{
    /// As in tables: "handshakes-peak".
    std::string name;
    std::string unit;
    /// Nothing if it was never reached.
    std::optional<double> value;
};

/// A number over simulated time.
struct MeasureTrace
{
    std::string name;
    std::string unit;
    /// Time in seconds, and value.
    std::vector<std::pair<double, double>> values;
};

/// Everything that is kept of a run.
struct PointResult
{
    /// What was simulated: equal points give equal numbers.
    std::vector<Measure> results;
    /// What it cost this machine: different each time.
    std::vector<Measure> costs;
    std::vector<MeasureTrace> traces;
};

/// One run: a scenario, and what stands for it in tables.
struct SweepPoint
{
    /// What differs between points, in the order of columns: name and value.
    std::vector<std::pair<std::string, std::string>> parameters;
    uint64_t run = 1;
    /// Text of the scenario, and options that change it, without dashes.
    std::string scenario;
    std::vector<std::string> overrides;
    /// Whatever else the result depends on.
    std::map<std::string, std::string> settings;
    /// How long it takes, in relation to others.
    double weight = 1;

    /// Returns "lifetime=600s, run 2".
    std::string Name() const;
};

/// Computes a point, in a process of its own; what it throws is the point's failure.
using PointWork = std::function<PointResult(const SweepPoint& point)>;

/// How a sweep runs.
struct SweepOptions
{
    /// Where finished points are kept.
    std::string folder;
    /// Processes at once; 0 is one for each core that this process may use.
    unsigned jobs = 0;
    /// Draws a bar on standard error.
    bool hasProgress = false;
};

/// What became of a sweep.
struct SweepOutcome
{
    /// By the position of the point; nothing for those that failed or were not run.
    std::vector<std::optional<PointResult>> results;
    /// How many of them an earlier sweep had finished.
    size_t foundFinished = 0;
    /// One line for each point that failed.
    std::vector<std::string> failures;
    /// The signal that ended it before its time, or 0.
    int signal = 0;
};

/// Returns how many cores this process may use.
unsigned AvailableCores();

/**
 * Computes all points that the folder does not hold yet, each in a child process, as many at once
 * as @p options say. Results are found by what they depend on, the program included, so a point is
 * computed again only if any of it changed. SIGINT, SIGTERM and SIGHUP end the children and the
 * sweep; what was finished by then is kept. After one of them further ones are ignored, so that it
 * can be written down.
 * @throws std::invalid_argument if the folder cannot be used.
 */
SweepOutcome RunSweep(const std::vector<SweepPoint>& points,
                      const PointWork& work,
                      const SweepOptions& options);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SWEEP_H
