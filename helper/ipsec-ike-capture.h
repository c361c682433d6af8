// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Reads IKE and ESP out of packets that somebody captured.
 */
#ifndef IPSEC_IKE_CAPTURE_H
#define IPSEC_IKE_CAPTURE_H

#include "ns3/ipsec-octets.h"
#include "ns3/ipsec-time.h"

#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Returns the message of IKE in an IPv4 packet, on port 500 or 4500; nothing if it holds none.
std::optional<OctetView> IkeOf(OctetView packet);

/// Returns the packet of ESP in an IPv4 packet, bare or in UDP on port 4500; nothing if it holds
/// none, or is a later fragment.
std::optional<OctetView> EspOf(OctetView packet);

/// A packet, and when it passed, to the microsecond.
struct CapturedPacket
{
    Instant at{};
    Octets packet;
};

/**
 * Reads all packets of a capture of bare IP packets, in their order.
 * @throws std::invalid_argument with one sentence if it cannot be read.
 */
std::vector<CapturedPacket> ReadIpCapture(const std::string& path);

/**
 * Reads all messages of IKE in a capture of bare IP packets, in their order.
 * @throws std::invalid_argument with one sentence if it cannot be read.
 */
std::vector<Octets> ReadIkeCapture(const std::string& path);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_IKE_CAPTURE_H
