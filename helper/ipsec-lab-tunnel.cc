// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-lab-tunnel.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

bool
IsCaptured(const Scenario& scenario, const TunnelSettings& tunnel)
{
    return !tunnel.IsExternal() && std::all_of(tunnel.ends.begin(),
                                               tunnel.ends.end(),
                                               [&](const TunnelEndSettings& end)
                                               {
                                                   const GatewaySettings* gateway =
                                                       scenario.FindGateway(end.gateway);
                                                   return gateway && gateway->branches.empty();
                                               });
}

bool
IsCapturedIke(const Scenario& scenario, const TunnelSettings& tunnel)
{
    return tunnel.keying == TunnelKeying::Ike && IsCaptured(scenario, tunnel);
}

} // namespace ipsec
} // namespace ns3
