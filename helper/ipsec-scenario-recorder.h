// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Listens to the trace sources of a run and writes its record.
 */
#ifndef IPSEC_SCENARIO_RECORDER_H
#define IPSEC_SCENARIO_RECORDER_H

#include "ipsec-run-record.h"
#include "ipsec-scenario-network.h"

#include <memory>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Records what all gateways of a network do.
class ScenarioRecorder
{
  public:
    ScenarioRecorder(const Scenario& scenario, const ScenarioNetwork& network);
    ~ScenarioRecorder();

    /// Returns how many IPsec SAs there are now.
    size_t LivingSas() const;
    /// Gives the nodes and messages of the record; to be called once, at the end.
    void Finish(RunRecord& record);

  private:
    class GatewayRecorder;

    std::map<IpAddress, std::string> m_names;
    MessageMatcher m_matcher;
    /// Counts everything that is recorded, over all gateways.
    uint64_t m_order = 0;
    std::vector<std::unique_ptr<GatewayRecorder>> m_gateways;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SCENARIO_RECORDER_H
