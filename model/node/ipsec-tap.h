// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * A device of a simulated node that is a TAP device of the real machine.
 */
#ifndef IPSEC_TAP_H
#define IPSEC_TAP_H

#include "ns3/net-device.h"
#include "ns3/node.h"

#include <string>

namespace ns3
{
namespace ipsec
{

/**
 * Opens the TAP device @p name and adds a device to @p node that sends and receives its Ethernet
 * frames. Needs the right to use /dev/net/tun, RealtimeSimulatorImpl, and ChecksumEnabled.
 * @throws std::runtime_error with one sentence if the TAP device cannot be opened.
 */
Ptr<NetDevice> AddTapDevice(Ptr<Node> node, const std::string& name);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_TAP_H
