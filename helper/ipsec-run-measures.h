// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Single numbers out of what happened in a run, for studies.
 */
#ifndef IPSEC_RUN_MEASURES_H
#define IPSEC_RUN_MEASURES_H

#include "ipsec-run-record.h"
#include "ipsec-sweep.h"

#include "ns3/ipsec-time.h"

#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// A part of a run: samples after its begin, up to its end.
struct Window
{
    Instant from{};
    Instant to{};
};

/// Returns the samples in a window of the sum of some metrics of a node; metrics that the node does
/// not have count nothing.
std::vector<double> SamplesIn(const Series& series,
                              const std::string& node,
                              const std::vector<std::string>& metrics,
                              const Window& window);

/// @name Of samples; of none, zero
/// @{
double PeakOf(const std::vector<double>& samples);
double MeanOfSamples(const std::vector<double>& samples);
/// Returns the least mean of @p length samples that follow each other.
double LeastMeanOf(const std::vector<double>& samples, size_t length);
/// @}

/// Returns how often something happened in a window, by metrics that are rates.
double CountIn(const Series& series,
               const std::string& node,
               const std::vector<std::string>& metrics,
               const Window& window);

/// Returns how long a tunnel of the group was down within the window, on average, counted from the
/// instant at which it had been up.
double MeanGapSeconds(const TunnelCount& count, const Window& window);

/// Returns the seconds from @p from until a share (0 to 1) of all tunnels was up.
std::optional<double> SecondsUntil(const TunnelCount& count, double share, Instant from);

/// Returns how many messages and packets were lost at all nodes in a window, one measure for each
/// reason, named "lost-REASON".
std::vector<Measure> LossesByReason(const Series& series, const Window& window);

/// Returns a sum of metrics of a node over a window, at most some hundred values: the highest of
/// those that they stand for.
MeasureTrace TraceOf(const std::string& name,
                     const std::string& unit,
                     const Series& series,
                     const std::string& node,
                     const std::vector<std::string>& metrics,
                     const Window& window);

/// Returns all cryptographic work of all gateways.
Work AllWork(const RunRecord& record);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_RUN_MEASURES_H
