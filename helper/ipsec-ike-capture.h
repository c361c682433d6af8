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

/// Returns what stands where IKE does in an IPv4 packet, on port 500 or behind the marker on 4500;
/// nothing if no IKE can, or in a later fragment. Of a first fragment it is the begin.
std::optional<OctetView> IkePayloadOf(OctetView packet);

/// Returns the message of IKE in an IPv4 packet, on port 500 or 4500; nothing if it holds none, or
/// not all of it.
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
