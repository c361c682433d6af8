// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Samples the series of a run.
 */
#ifndef IPSEC_SERIES_SAMPLER_H
#define IPSEC_SERIES_SAMPLER_H

#include "ipsec-dial-up-recorder.h"
#include "ipsec-scenario-network.h"
#include "ipsec-scenario-traffic.h"
#include "ipsec-scenario.h"
#include "ipsec-series.h"
#include "ipsec-tunnel-tracker.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// How busy the CPU of a gateway was.
struct CpuSample
{
    /// Share of the time since the last sample, from 0 to 1.
    double utilisation = 0;
    /// Inputs that wait now.
    double queue = 0;
    /// How many inputs got their core since the last sample.
    double inputs = 0;
    /// Seconds that inputs had waited which got their core since the last sample: the mean, and the
    /// most of one.
    double meanWait = 0;
    double longestWait = 0;
};

/// Tells of the CPU of a gateway, by its name, once per sample; nothing if it has none.
using CpuSource = std::function<std::optional<CpuSample>(const std::string& gateway)>;

/**
 * Takes a sample of every gateway of interest, and of the sum over all, again and again. Rates are
 * what happened since the last sample. The sum takes both ends of what two gateways do together;
 * only tunnels count once.
 */
class SeriesSampler
{
  public:
    /// @param cpu may be empty: then no CPU is sampled.
    SeriesSampler(const Scenario& scenario,
                  const ScenarioNetwork& network,
                  const ScenarioTraffic& traffic,
                  const TunnelTracker& tunnels,
                  const DialUpRecorder& clients,
                  CpuSource cpu);
    ~SeriesSampler();

    /// Takes the sample that is due at the last instant of the run, if one is: the run ends before
    /// anything happens then. To be called once, at the end.
    void Finish();

    const Series&
    Samples() const
    {
        return m_series;
    }

  private:
    class Counters;
    class Tap;

    /// Takes a sample, and has the next one taken.
    void Continue();
    void Sample();
    void SampleCpu(const std::string& node, double seconds);
    void SampleTraffic(double seconds);
    void SampleClients(double seconds);
    void SetClients(const std::string& node,
                    const DialUpCount& now,
                    const DialUpCount& last,
                    double seconds);

    const ScenarioTraffic& m_traffic;
    const TunnelTracker& m_tunnels;
    const DialUpRecorder& m_clients;
    /// Clients that dial up, alone or together, with series of their own.
    std::set<std::string> m_clientNodes;
    /// How many clients and [clients] there are whose sums are those of all.
    size_t m_clientGroups = 0;
    /// Up to the last sample, in the order of DialUpRecorder::Counts(), and of all.
    std::vector<DialUpCount> m_lastClients;
    DialUpCount m_lastOfAll;
    CpuSource m_cpu;
    Duration m_interval{};
    /// When the next sample is due.
    Instant m_due{};
    std::unique_ptr<Counters> m_all;
    /// Of the gateways of interest, by their names.
    std::map<std::string, std::unique_ptr<Counters>> m_counters;
    /// NATs with series of their own.
    std::map<std::string, Ptr<NatBox>> m_nats;
    std::vector<std::unique_ptr<Tap>> m_taps;
    std::map<std::string, const Tap*> m_tapsByName;
    /// Sent and received up to the last sample, by traffic.
    std::map<std::string, std::pair<uint64_t, uint64_t>> m_lastTraffic;
    Series m_series;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SERIES_SAMPLER_H
