// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Between the types of the core and those of ns-3.
 */
#ifndef IPSEC_CONVERSIONS_H
#define IPSEC_CONVERSIONS_H

#include "ns3/inet-socket-address.h"
#include "ns3/ipsec-endpoint.h"
#include "ns3/ipsec-flow-key.h"
#include "ns3/ipsec-time.h"
#include "ns3/ipv4-address.h"
#include "ns3/ipv4-header.h"
#include "ns3/nstime.h"
#include "ns3/packet.h"

namespace ns3
{
namespace ipsec
{

/// Convert addresses.
IpAddress ToCore(Ipv4Address address);
Ipv4Address ToNs3(IpAddress address);
/// Converts an address with port.
Endpoint ToCore(const InetSocketAddress& address);
InetSocketAddress ToNs3(const Endpoint& endpoint);
/// Returns the mask of a prefix.
Ipv4Mask MaskOf(const Prefix& prefix);
/// Makes a prefix; host bits of @p address are cleared.
Prefix ToPrefix(Ipv4Address address, Ipv4Mask mask);

/// Convert points in time, both counted from the start of the run.
Instant ToInstant(Time time);
Time ToTime(Instant instant);
/// Convert lengths of time.
Duration ToDuration(Time time);
Time ToTime(Duration duration);
/// Returns the simulated time.
Instant InstantNow();

/// Copies the octets of a packet.
Octets ToOctets(const Packet& packet);
/// Copies the octets of a packet to where they stay until the next call: nothing that may lead to
/// another packet may run meanwhile.
OctetView BorrowOctets(const Packet& packet);
/// Reads the flow key of a packet behind its header, with less to do than ParseFlowKey(): ns-3 has
/// parsed the header already.
FlowKey FlowOf(const Ipv4Header& header, const Packet& packet);
/// Makes a packet of octets.
Ptr<Packet> ToPacket(OctetView octets);
/// Makes a packet of octets with the packet tags of @p from, and its byte tags over all of its
/// octets, so that delay tags and FlowMonitor survive encapsulation.
Ptr<Packet> ToPacketLike(const Packet& from, OctetView octets);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_CONVERSIONS_H
