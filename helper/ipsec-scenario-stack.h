// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What a node of a scenario has of ns-3's internet stack.
 */
#ifndef IPSEC_SCENARIO_STACK_H
#define IPSEC_SCENARIO_STACK_H

#include "ns3/net-device.h"
#include "ns3/node.h"

#include <cstdint>

namespace ns3
{
namespace ipsec
{

/// Installs IPv4 with all its protocols and static routes.
void InstallStack(Ptr<Node> node);

/**
 * Installs what a branch needs, of which there are thousands: neither ARP, for its devices know
 * none, nor packet sockets.
 * @param hasTcp whether anybody may use TCP
 */
void InstallBranchStack(Ptr<Node> node, bool hasTcp);

/// Gives random streams to a stack; returns how many, which is the same for both.
int64_t AssignStackStreams(Ptr<Node> node, int64_t stream);

/**
 * Makes the devices of a branch share what ns-3 has of them several times, if they carry bare IPv4
 * packets: its stack registers two handlers for each, one for ARP that never comes, and each takes
 * a quarter of a kilobyte, as each device's way to the node does.
 */
void ShareCallbacks(Ptr<Node> node);

/// Takes the default route through one device out of a node's table.
void RemoveDefaultRoute(Ptr<Node> node, Ptr<NetDevice> device);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SCENARIO_STACK_H
