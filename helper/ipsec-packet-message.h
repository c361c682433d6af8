// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Finds out which IKE message a packet carries that somebody lost, or that nobody waits for.
 */
#ifndef IPSEC_PACKET_MESSAGE_H
#define IPSEC_PACKET_MESSAGE_H

#include "ipsec-run-record.h"

#include "ns3/packet.h"

#include <optional>

namespace ns3
{
namespace ipsec
{

/// The IKE message in a packet, as much of it as its header tells, and its way at that place.
struct PacketMessage
{
    MessageSummary summary;
    Endpoint source;
    Endpoint destination;
};

/**
 * Returns the IKE message in a whole IPv4 packet or in the first fragment of one, which stands for
 * all of them; nothing if it holds none.
 */
std::optional<PacketMessage> MessageIn(const Packet& packet);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_PACKET_MESSAGE_H
