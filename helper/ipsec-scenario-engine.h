// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Turns the tunnels of a scenario into configurations of engines.
 */
#ifndef IPSEC_SCENARIO_ENGINE_H
#define IPSEC_SCENARIO_ENGINE_H

#include "ipsec-scenario-ini.h"
#include "ipsec-scenario.h"

#include "ns3/ike-engine.h"
#include "ns3/ipsec-spd.h"

#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// What one gateway is configured with, and which child each tunnel became.
struct GatewayPlan
{
    SharedEngineConfig engine;
    std::map<std::string, ChildId> children;
    /// Rules in the order in which they are asked. What Mode Config assigns comes behind them.
    Spd policies;
    /// Networks that routes lead to the tunnel device.
    std::vector<Prefix> routes;
    /// SAs of tunnels with manual keys.
    std::vector<IpsecSa> manualSas;
};

/**
 * Makes the configuration of one gateway. A peer is named like its gateway, or by its address if it
 * is outside; a child is named like its tunnel. Tunnels between the same two ends share one peer,
 * and so one IKE SA.
 * @throws ScenarioError if two such tunnels differ in phase 1, or EngineConfig::Validate() objects.
 */
GatewayPlan PlanGateway(const Scenario& scenario, const GatewaySettings& gateway);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SCENARIO_ENGINE_H
