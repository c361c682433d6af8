// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Single numbers out of what happened in a run, for studies.
 */
#ifndef IPSEC_RUN_MEASURES_H
#define IPSEC_RUN_MEASURES_H

#include "ipsec-run-record.h"
#include "ipsec-scenario.h"
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

/**
 * @name What a scenario must have so that a study can measure
 * They throw std::invalid_argument with one line that names the key.
 */
/// @{
/// Series of a node, with samples that fill whole seconds, up to the end that the study counts on.
void RequireSeries(const Scenario& scenario, const std::string& node, Instant end);
/// The crash of a gateway, once, which is away for this time.
void RequireCrash(const Scenario& scenario,
                  const std::string& event,
                  const std::string& gateway,
                  const Window& away);
/// @}

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

/// Returns how many samples fill a second.
size_t SamplesPerSecond(const Series& series);

/// Returns the most that the mean over one second was in a window, second by second from its begin.
double PeakSecond(const Series& series,
                  const std::string& node,
                  const std::vector<std::string>& metrics,
                  const Window& window);

/// Returns how many milliseconds an input waited for the CPU of a node on average, whether it had
/// to or not; 0 if the CPU takes no time, nothing if there was no input.
std::optional<double> MeanWait(const Series& series, const std::string& node, const Window& window);

/// Returns how often something happened in a window, by metrics that are rates.
double CountIn(const Series& series,
               const std::string& node,
               const std::vector<std::string>& metrics,
               const Window& window);

/// Returns how long a tunnel of the group was down within the window, on average, counted from the
/// instant at which it had been up.
double MeanGapSeconds(const TunnelCount& count, const Window& window);

/// Returns the longest time within the window that one of them was down after it had been up.
double LongestGapSeconds(const TunnelCount& count, const Window& window);

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

/// Metric of GoodputOf().
constexpr char GOODPUT[] = "goodput";

/// Returns what flows received together of what they were given to send, in percent: a series of
/// one metric, of ALL_NODES.
Series GoodputOf(const Series& series, const std::vector<TrafficSettings>& flows);

/// Returns all cryptographic work of all gateways.
Work AllWork(const RunRecord& record);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_RUN_MEASURES_H
