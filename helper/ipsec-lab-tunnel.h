// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Which tunnels of a scenario labs can look at.
 */
#ifndef IPSEC_LAB_TUNNEL_H
#define IPSEC_LAB_TUNNEL_H

#include "ipsec-scenario.h"

namespace ns3
{
namespace ipsec
{

/// Says which ends labs pass over, for sentences that refuse a scenario.
constexpr char NOT_CAPTURED[] = "those of [branches] and [clients] have no captures";

/// Tells whether a run captures at both ends of a tunnel: they are in the simulation, and have
/// sections of their own.
bool IsCaptured(const Scenario& scenario, const TunnelSettings& tunnel);

/// The same of a tunnel whose keys come from IKE.
bool IsCapturedIke(const Scenario& scenario, const TunnelSettings& tunnel);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_LAB_TUNNEL_H
