// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Floods gateways of a scenario with first messages of phase 1 from spoofed addresses.
 */
#ifndef IPSEC_SCENARIO_FLOOD_H
#define IPSEC_SCENARIO_FLOOD_H

#include "ipsec-run-record.h"
#include "ipsec-scenario-network.h"

#include <memory>
#include <vector>

namespace ns3
{
namespace ipsec
{

/**
 * Sends what each [flood] says. A flooder has no node of its own address: it is attached to the
 * internet, which brings it whatever is sent to the addresses that it pretends to have. It answers
 * nothing, so every exchange stays half open.
 */
class ScenarioFloods
{
  public:
    ScenarioFloods(const Scenario& scenario, const ScenarioNetwork& network);
    ~ScenarioFloods();
    ScenarioFloods(const ScenarioFloods&) = delete;
    ScenarioFloods& operator=(const ScenarioFloods&) = delete;

    /// Returns what was sent so far, and what came back.
    std::vector<FloodRecord> Records() const;

  private:
    class Flooder;

    std::vector<std::unique_ptr<Flooder>> m_flooders;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SCENARIO_FLOOD_H
