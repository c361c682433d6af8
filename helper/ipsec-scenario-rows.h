// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The rows of ScenarioSections(), section by section.
 */
#ifndef IPSEC_SCENARIO_ROWS_H
#define IPSEC_SCENARIO_ROWS_H

#include "ipsec-scenario-keys.h"

namespace ns3
{
namespace ipsec
{

/// Return the section [simulation], [internet], ...
ScenarioSection SimulationSection();
ScenarioSection InternetSection();
ScenarioSection GatewaySection();
ScenarioSection HostSection();
ScenarioSection TunnelSection();
ScenarioSection TrafficSection();
ScenarioSection OutputSection();
ScenarioSection ExpectSection();

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SCENARIO_ROWS_H
