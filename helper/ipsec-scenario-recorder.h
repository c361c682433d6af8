// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Listens to the trace sources of a run and writes its record.
 */
#ifndef IPSEC_SCENARIO_RECORDER_H
#define IPSEC_SCENARIO_RECORDER_H

#include "ipsec-branch-recorder.h"
#include "ipsec-dial-up-recorder.h"
#include "ipsec-nat-recorder.h"
#include "ipsec-recorder-nodes.h"
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
    /// Returns which tunnels are up.
    const TunnelTracker&
    Tunnels() const
    {
        return m_sums.tracker;
    }

    /// Returns what clients that dial up do.
    const DialUpRecorder&
    DialUps() const
    {
        return m_dialUps;
    }

    /// Gives the nodes and messages of the record; to be called once, at the end.
    void Finish(RunRecord& record);

  private:
    class GatewayRecorder;

    RecorderNodes m_nodes;
    RecorderSums m_sums;
    DialUpRecorder m_dialUps;
    /// Of gateways that reports show, and of the others.
    std::vector<std::unique_ptr<GatewayRecorder>> m_gateways;
    std::vector<std::unique_ptr<BranchRecorder>> m_branches;
    std::vector<std::unique_ptr<NatRecorder>> m_nats;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SCENARIO_RECORDER_H
