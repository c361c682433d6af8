// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Packets of IKE with a sender's address that is not the sender's.
 */
#ifndef IPSEC_FORGED_PACKET_H
#define IPSEC_FORGED_PACKET_H

#include "ns3/ipsec-endpoint.h"
#include "ns3/ipsec-octets.h"
#include "ns3/packet.h"

namespace ns3
{
namespace ipsec
{

/// Wraps a message of IKE into UDP, with port 500 at both ends, and IPv4.
Ptr<Packet> ForgeIkePacket(IpAddress source, IpAddress destination, OctetView message);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_FORGED_PACKET_H
