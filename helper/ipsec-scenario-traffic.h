// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The traffic of a scenario as applications.
 */
#ifndef IPSEC_SCENARIO_TRAFFIC_H
#define IPSEC_SCENARIO_TRAFFIC_H

#include "ipsec-branch-traffic.h"
#include "ipsec-run-record.h"
#include "ipsec-scenario-network.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// What one traffic sent and received so far.
struct TrafficCount
{
    std::string name;
    uint64_t sent = 0;
    uint64_t received = 0;
    /// How long ago something last arrived, while it sends; nothing where nobody measures that.
    std::optional<Duration> silence;
};

/// Installs the traffic of a scenario and counts what becomes of it.
class ScenarioTraffic
{
  public:
    ScenarioTraffic(const Scenario& scenario, const ScenarioNetwork& network);
    ~ScenarioTraffic();

    /// Returns what each traffic sent and received so far, in the same order.
    std::vector<TrafficCount> Counts() const;
    /// Returns what became of each traffic, in the order of the scenario, then of the branches'.
    std::vector<TrafficRecord> Records() const;

  private:
    class Flow;

    std::vector<std::unique_ptr<Flow>> m_flows;
    std::vector<std::unique_ptr<BranchTraffic>> m_branches;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SCENARIO_TRAFFIC_H
