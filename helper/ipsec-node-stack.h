// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What a node has of ns-3's internet stack.
 */
#ifndef IPSEC_NODE_STACK_H
#define IPSEC_NODE_STACK_H

#include "ns3/net-device.h"
#include "ns3/node.h"

#include <cstdint>

namespace ns3
{
namespace ipsec
{

/// How much of ns-3's internet stack nodes have.
enum class NodeStack : uint8_t
{
    Whole, ///< IPv4 with all that ns-3 installs beside it
    Lean,  ///< what gateways and routers need; see InstallLeanStack()
};

/// Installs IPv4 with all its protocols and static routes.
void InstallStack(Ptr<Node> node);

/**
 * Installs what a gateway or router needs, of which there are thousands: IPv4 with static routes,
 * ICMP and UDP. There is neither TCP, ARP nor packet sockets, so that its devices must be such that
 * need no ARP. What ns-3 has once for each interface, of a quarter of a kilobyte each, there is
 * once: handlers of the node, and the devices' way to it. Packets are handled as by a whole stack.
 * @param node one without devices
 */
void InstallLeanStack(Ptr<Node> node);

/// Adds TCP to a lean stack.
void InstallTcp(Ptr<Node> node);

/// Gives random streams to a stack; returns how many, which is the same for both.
int64_t AssignStackStreams(Ptr<Node> node, int64_t stream);

/// Takes the default route through one device out of a node's table.
void RemoveDefaultRoute(Ptr<Node> node, Ptr<NetDevice> device);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_NODE_STACK_H
