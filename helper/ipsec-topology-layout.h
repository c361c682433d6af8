// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Where to draw the nodes of a scenario.
 */
#ifndef IPSEC_TOPOLOGY_LAYOUT_H
#define IPSEC_TOPOLOGY_LAYOUT_H

#include "ipsec-scenario.h"

#include <map>
#include <string>

namespace ns3
{
namespace ipsec
{

/// A place in a plane, in units of which neighbours are at least ten apart.
struct PlanePosition
{
    double x = 0;
    double y = 0;
};

/**
 * Returns a place for each gateway, client, NAT and host by its name: hubs in the middle, everybody
 * else on a circle around them, NATs on the way there, hosts behind their gateways. The least x and
 * y are zero.
 */
std::map<std::string, PlanePosition> LayOut(const Scenario& scenario);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_TOPOLOGY_LAYOUT_H
