// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-series.h"

#include "ns3/ipsec-fault.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace ns3
{
namespace ipsec
{

namespace
{

bool
BeginsWith(const std::string& text, const std::string& begin)
{
    return text.size() > begin.size() && text.compare(0, begin.size(), begin) == 0;
}

/// Tells whether a name is LOST_PREFIX with a reason.
bool
IsLoss(const std::string& name)
{
    if (!BeginsWith(name, LOST_PREFIX))
    {
        return false;
    }
    const std::string reason = name.substr(std::string(LOST_PREFIX).size());
    bool isFault = false;
    for (size_t i = 0; i < FAULT_COUNT; i++)
    {
        isFault = isFault || reason == FaultName(static_cast<Fault>(i));
    }
    return isFault || reason == LOST_ON_THE_WAY || reason == LOST_UNSENT;
}

std::string
NumberText(double value)
{
    char text[32];
    std::snprintf(text, sizeof(text), "%.6g", value);
    return text;
}

} // namespace

const std::vector<SeriesMetric>&
SeriesMetrics()
{
    static const std::vector<SeriesMetric> METRICS{
        {"tunnels-up", "tunnels", "Tunnels up"},
        {"one-way", "tunnels", "Tunnels that an end sends into in vain"},
        {"ike-sas", "IKE SAs", "IKE SAs up (all: counted at both ends)"},
        {"ipsec-sa-pairs", "pairs", "IPsec SA pairs up (all: counted at both ends)"},
        {"half-open", "exchanges", "Phase 1 exchanges that are half open"},
        {"main-modes", "per second", "Main modes completed (all: counted at both ends)"},
        {"aggressive-modes",
         "per second",
         "Aggressive modes completed (all: counted at both ends)"},
        {"quick-modes", "per second", "Quick modes completed (all: counted at both ends)"},
        {"dh", "operations per second", "Diffie-Hellman operations"},
        {"retransmissions", "messages per second", "IKE messages sent again"},
        {"messages-out", "messages per second", "IKE messages sent"},
        {"messages-in", "messages per second", "IKE messages received"},
        {"cpu", "% of all cores", "CPU utilisation, mean between two samples"},
        {"cpu-queue", "inputs", "CPU queue"},
        {"cpu-inputs", "inputs per second", "Inputs that got the CPU"},
        {"cpu-wait", "ms", "Mean wait for the CPU"},
        {"cpu-longest-wait", "ms", "Longest wait for the CPU"},
        {"nat-mappings", "mappings", "Mappings of NATs"},
        {"clients-connected", "clients", "Clients that are connected"},
        {"clients-waiting", "clients", "Clients that have no tunnel and want one"},
        {"connects", "per second", "Connections of clients"},
        {"connect-failures", "per second", "Attempts of clients that failed"},
        {"lost", "packets per second", "Messages and packets lost or refused"},
        {"sent", "packets per second", "Traffic sent"},
        {"received", "packets per second", "Traffic received or answered"},
    };
    return METRICS;
}

bool
IsSeriesMetric(const std::string& name)
{
    const std::vector<SeriesMetric>& metrics = SeriesMetrics();
    return IsLoss(name) || BeginsWith(name, SENT_PREFIX) || BeginsWith(name, RECEIVED_PREFIX) ||
           BeginsWith(name, SILENCE_PREFIX) ||
           std::any_of(metrics.begin(),
                       metrics.end(),
                       [&](const SeriesMetric& metric) { return name == metric.name; });
}

void
Series::Begin(Instant at)
{
    m_times.push_back(at);
}

void
Series::Set(const std::string& node, const std::string& metric, double value)
{
    Values& values = m_values[{node, metric}];
    values.resize(m_times.size(), 0);
    values.back() = value;
}

Series::Values
Series::Filled(const Values& values) const
{
    Values filled = values;
    filled.resize(m_times.size(), 0);
    return filled;
}

std::map<Series::Key, Series::Values>
Series::All() const
{
    std::map<Key, Values> all;
    for (const auto& [key, values] : m_values)
    {
        all[key] = Filled(values);
    }
    return all;
}

std::optional<Series::Values>
Series::Find(const std::string& node, const std::string& metric) const
{
    const auto found = m_values.find({node, metric});
    return found == m_values.end() ? std::nullopt : std::optional<Values>(Filled(found->second));
}

std::optional<double>
Series::At(const std::string& node, const std::string& metric, Instant at) const
{
    const auto behind = std::upper_bound(m_times.begin(), m_times.end(), at);
    const std::optional<Values> values = Find(node, metric);
    if (behind == m_times.begin() || !values)
    {
        return std::nullopt;
    }
    return (*values)[static_cast<size_t>(behind - m_times.begin()) - 1];
}

size_t
TunnelCount::UpAt(Instant at) const
{
    const auto behind = std::upper_bound(steps.begin(),
                                         steps.end(),
                                         at,
                                         [](Instant value, const TunnelCountStep& step)
                                         { return value < step.at; });
    return behind == steps.begin() ? 0 : std::prev(behind)->up;
}

std::optional<Instant>
TunnelCount::ReachedAt(double share, Instant from) const
{
    const auto needed = static_cast<size_t>(std::ceil(share * static_cast<double>(total) - 1e-9));
    if (UpAt(from) >= needed)
    {
        return from;
    }
    const auto reached = std::find_if(steps.begin(),
                                      steps.end(),
                                      [&](const TunnelCountStep& step)
                                      { return step.at > from && step.up >= needed; });
    return reached == steps.end() ? std::nullopt : std::optional<Instant>(reached->at);
}

void
TunnelCount::Change(Instant at, bool isUp)
{
    const size_t before = steps.empty() ? 0 : steps.back().up;
    const size_t now = isUp ? before + 1 : before - 1;
    if (!steps.empty() && steps.back().at == at)
    {
        steps.back().up = now;
        steps.back().wereUp = wereUp;
        return;
    }
    steps.push_back({at, now, wereUp});
}

std::string
SeriesCsv(const Series& series)
{
    std::string out = "time,node,metric,value\n";
    const std::map<Series::Key, Series::Values> all = series.All();
    for (size_t i = 0; i < series.Times().size(); i++)
    {
        char time[32];
        std::snprintf(time,
                      sizeof(time),
                      "%.3f",
                      std::chrono::duration<double>(series.Times()[i].time_since_epoch()).count());
        for (const auto& [key, values] : all)
        {
            out += std::string(time) + "," + key.first + "," + key.second + "," +
                   NumberText(values[i]) + "\n";
        }
    }
    return out;
}

} // namespace ipsec
} // namespace ns3
