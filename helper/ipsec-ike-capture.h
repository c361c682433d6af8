// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Reads IKE out of packets that somebody captured.
 */
#ifndef IPSEC_IKE_CAPTURE_H
#define IPSEC_IKE_CAPTURE_H

#include "ns3/ipsec-octets.h"

#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Returns the message of IKE in an IPv4 packet, on port 500 or 4500; nothing if it holds none.
std::optional<OctetView> IkeOf(OctetView packet);

/**
 * Reads all messages of IKE in a capture of bare IP packets, in their order.
 * @throws std::invalid_argument with one sentence if it cannot be read.
 */
std::vector<Octets> ReadIkeCapture(const std::string& path);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_IKE_CAPTURE_H
