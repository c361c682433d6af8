// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Tunnels whose keys a scenario has, and what must hold of them.
 */
#ifndef IPSEC_SCENARIO_MANUAL_H
#define IPSEC_SCENARIO_MANUAL_H

#include "ipsec-manual-tunnel.h"
#include "ipsec-scenario.h"

#include <string>

namespace ns3
{
namespace ipsec
{

/// Returns what is wrong with the keys of one end (0 or 1), in one clause that begins with the key
/// it is about, such as "spi is missing"; empty if nothing is.
std::string ManualKeysFault(const TunnelSettings& tunnel, size_t end);

/// Makes the tunnel as one end sees it, once nothing is wrong with its keys.
ManualTunnel MakeManualTunnel(const Scenario& scenario, const TunnelSettings& tunnel, size_t end);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SCENARIO_MANUAL_H
