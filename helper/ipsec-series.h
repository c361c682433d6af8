// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Numbers over simulated time, as plain values.
 */
#ifndef IPSEC_SERIES_H
#define IPSEC_SERIES_H

#include "ns3/ipsec-time.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Name of the node that stands for the sum over all gateways.
constexpr char ALL_NODES[] = "all";

/// @name Begin of metrics with a part that differs: "lost-Replayed", "sent-ping"
/// @{
constexpr char LOST_PREFIX[] = "lost-";
constexpr char SENT_PREFIX[] = "sent-";
constexpr char RECEIVED_PREFIX[] = "received-";
constexpr char SILENCE_PREFIX[] = "silence-";
/// @}

/// @name Reasons of losses that are no Fault
/// @{
/// On the internet, or to an address that nobody has.
constexpr char LOST_ON_THE_WAY[] = "Internet";
/// The link's queue was full, or it was down.
constexpr char LOST_UNSENT[] = "NotSent";
/// @}

/// A kind of number that is sampled.
struct SeriesMetric
{
    /// As in series.csv: "ike-sas".
    const char* name;
    /// What one value is, with its unit: "IKE SAs", "messages per second".
    const char* unit;
    const char* title;
};

/// Returns all metrics but those that are named for a reason or a traffic.
const std::vector<SeriesMetric>& SeriesMetrics();

/// Tells whether a name is one of a metric, or may be one with LOST_PREFIX and so on.
bool IsSeriesMetric(const std::string& name);

/// The values of all nodes and metrics, sampled at the same instants.
class Series
{
  public:
    /// Of one node and metric, by the position of the sample.
    using Values = std::vector<double>;
    /// Node, then metric.
    using Key = std::pair<std::string, std::string>;

    /// Starts a sample; values that are not set are zero.
    void Begin(Instant at);
    /// Sets a value of the last sample.
    void Set(const std::string& node, const std::string& metric, double value);

    const std::vector<Instant>&
    Times() const
    {
        return m_times;
    }

    /// Returns all values, as many for each node and metric as there are samples.
    std::map<Key, Values> All() const;
    /// Returns the values of one node and metric, or nothing.
    std::optional<Values> Find(const std::string& node, const std::string& metric) const;
    /// Returns the value of the last sample at or before an instant; nothing before the first.
    std::optional<double> At(const std::string& node, const std::string& metric, Instant at) const;

    bool
    IsEmpty() const
    {
        return m_times.empty();
    }

  private:
    /// Adds the zeros behind the last value that was set.
    Values Filled(const Values& values) const;

    std::vector<Instant> m_times;
    std::map<Key, Values> m_values;
};

/// How many tunnels were up since an instant.
struct TunnelCountStep
{
    Instant at{};
    size_t up = 0;
    /// How many were up then or earlier.
    size_t wereUp = 0;
};

/// A time in which a tunnel was down that had been up.
struct TunnelOutage
{
    Instant from{};
    Instant to{};
};

/// How many tunnels of a group were up over time.
struct TunnelCount
{
    /// Name of a [branches], or ALL_NODES.
    std::string group;
    size_t total = 0;
    /// One step for each instant at which the number changed; before the first it is 0.
    std::vector<TunnelCountStep> steps;
    /// How many were up once.
    size_t wereUp = 0;
    /// In the order of their ends.
    std::vector<TunnelOutage> outages{};
    /// Longest time that one of them was down after it had been up, and that one was one-way.
    Duration longestOutage{};
    Duration longestOneWay{};

    /// Returns how many were up behind all that happened at an instant.
    size_t UpAt(Instant at) const;
    /// Returns the first instant, from @p from on, at which a share (0 to 1) of all was up.
    std::optional<Instant> ReachedAt(double share, Instant from) const;
    /// Notes that the number changed by one.
    void Change(Instant at, bool isUp);
};

/// Writes all samples as CSV with the columns time, node, metric, value.
std::string SeriesCsv(const Series& series);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SERIES_H
