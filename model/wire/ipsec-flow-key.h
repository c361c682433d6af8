// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What policies look at in a packet.
 */
#ifndef IPSEC_FLOW_KEY_H
#define IPSEC_FLOW_KEY_H

#include "ns3/ipsec-endpoint.h"
#include "ns3/ipsec-fault.h"
#include "ns3/ipsec-octets.h"

namespace ns3
{
namespace ipsec
{

/// Addresses, protocol and ports of an IPv4 packet (the selectors of RFC 4301 section 4.4.1.1).
struct FlowKey
{
    IpAddress source;
    IpAddress destination;
    uint8_t protocol = 0;
    /// Zero unless the protocol is TCP or UDP and the packet is not a later fragment.
    uint16_t sourcePort = 0;
    uint16_t destinationPort = 0;

    /// Writes "source -> destination protocol", with ports where there are any.
    std::string ToString() const;
};

/**
 * Reads the flow key of a whole IPv4 packet; InnerMalformed unless version is 4, the header fits
 * and the total length equals the octets given.
 */
Result<FlowKey> ParseFlowKey(OctetView packet);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_FLOW_KEY_H
