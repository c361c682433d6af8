// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The numbers of a sweep as tables: every run, and means over runs.
 */
#ifndef IPSEC_SWEEP_TABLE_H
#define IPSEC_SWEEP_TABLE_H

#include "ipsec-statistics.h"
#include "ipsec-sweep.h"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// All runs with the same parameters.
struct SweepGroup
{
    /// Name and value of each parameter that is swept.
    std::vector<std::pair<std::string, std::string>> parameters;
    /// Run number, and values by measure, for each run that finished.
    std::vector<std::pair<uint64_t, std::map<std::string, std::optional<double>>>> runs;

    /// Returns the mean of a measure over the runs that have it.
    MeanInterval Mean(const std::string& measure) const;
    /// Returns how many runs never reached it.
    size_t Missing(const std::string& measure) const;
    /// Returns the value of a parameter, or an empty text.
    std::string Parameter(const std::string& name) const;
    /// Returns "lifetime=600s fuzz=0%"; "all" without parameters.
    std::string Name() const;
};

/// The numbers of all finished points: what was simulated, or what it cost.
struct SweepTable
{
    /// Names of the parameters that are swept.
    std::vector<std::string> parameters;
    /// Measures and their units, in the order in which they first appear.
    std::vector<std::pair<std::string, std::string>> measures;
    /// In the order of the points.
    std::vector<SweepGroup> groups;

    /// Returns the unit of a measure; empty if there is none.
    std::string UnitOf(const std::string& measure) const;
};

/// The values of a parameter as positions on an axis.
struct SweepAxis
{
    /// With its unit: "lifetime (s)".
    std::string label;
    std::vector<double> positions;
    /// Words at 1, 2, 3 and so on, if the values are no numbers of one unit.
    std::vector<std::string> categories;
    /// The values span so much that logarithms are easier to read.
    bool isLogarithmic = false;
};

/// Finds out what the values of a parameter have in common.
SweepAxis MakeSweepAxis(const std::string& parameter, const std::vector<std::string>& values);

/// Measures whose names begin so are counts: runs without one counted nothing.
constexpr char COUNT_PREFIX[] = "lost-";

/// Which numbers of a point a table has.
enum class SweepNumbers : uint8_t
{
    Results,
    Costs,
};

/// Collects the numbers of finished points.
SweepTable MakeSweepTable(const std::vector<SweepPoint>& points,
                          const SweepOutcome& outcome,
                          SweepNumbers numbers);

/// Writes every run as tidy CSV: the parameters, run, metric, unit, value.
std::string RunsCsv(const SweepTable& table);

/// Writes means over runs: the parameters, metric, unit, runs, missing, mean, deviation, ci95, low,
/// high.
std::string MeansCsv(const SweepTable& table);

/// Writes what was traced: the parameters, run, time, metric, unit, value.
std::string TracesCsv(const std::vector<SweepPoint>& points, const SweepOutcome& outcome);

/// Writes a mean with its interval for people: "12.3 +- 0.4", "12.3", or "-" for none.
std::string MeanText(const MeanInterval& mean);

/// Writes columns of words, aligned, under a first row of titles.
std::string AlignedText(const std::vector<std::vector<std::string>>& rows);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SWEEP_TABLE_H
