// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The traffic of a scenario as applications.
 */
#ifndef IPSEC_SCENARIO_TRAFFIC_H
#define IPSEC_SCENARIO_TRAFFIC_H

#include "ipsec-run-record.h"
#include "ipsec-scenario-network.h"

#include <memory>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Installs the traffic of a scenario and counts what becomes of it.
class ScenarioTraffic
{
  public:
    ScenarioTraffic(const Scenario& scenario, const ScenarioNetwork& network);
    ~ScenarioTraffic();

    /// Returns what became of each traffic, in the order of the scenario.
    std::vector<TrafficRecord> Records() const;

  private:
    class Flow;

    std::vector<std::unique_ptr<Flow>> m_flows;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SCENARIO_TRAFFIC_H
