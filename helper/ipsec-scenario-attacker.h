// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The attackers of a scenario: what they capture in a run, and what they make of it.
 */
#ifndef IPSEC_SCENARIO_ATTACKER_H
#define IPSEC_SCENARIO_ATTACKER_H

#include "ipsec-run-record.h"
#include "ipsec-scenario-network.h"

#include <memory>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Listens from its making on, while a scenario runs.
class ScenarioAttackers
{
  public:
    ScenarioAttackers(const Scenario& scenario, const ScenarioNetwork& network);
    ~ScenarioAttackers();
    ScenarioAttackers(const ScenarioAttackers&) = delete;
    ScenarioAttackers& operator=(const ScenarioAttackers&) = delete;

    /// Attacks. The SAs in @p nodes tell which tunnel each of them belongs to.
    std::vector<AttackRecord> Records(const std::vector<NodeRecord>& nodes) const;

  private:
    class Listener;

    std::vector<std::unique_ptr<Listener>> m_listeners;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SCENARIO_ATTACKER_H
