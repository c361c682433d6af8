// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Which part of an IPv4 packet an SA carries, and what came out of one.
 */
#ifndef IPSEC_CARGO_H
#define IPSEC_CARGO_H

#include "ns3/esp-header.h"
#include "ns3/ipsec-flow-key.h"
#include "ns3/ipsec-sa.h"

namespace ns3
{
namespace ipsec
{

/// What an SA carries of a packet.
struct Cargo
{
    uint8_t nextHeader = IP_PROTOCOL_IPIP;
    OctetView payload;
};

/// What came out of an SA.
struct SaContent
{
    uint8_t nextHeader = 0;
    Octets payload;
};

/// Tells whether a packet that has a flow key is a fragment other than the first.
bool IsLaterFragment(OctetView packet);

/// Returns what an SA's selectors ask of a packet that has a flow key: of a fragment other than the
/// first, which shows no ports, none (RFC 4301 section 7).
ProxyId SelectorsFor(const ProxyId& selectors, OctetView packet);

/**
 * Takes from a packet that has a flow key what the mode protects: all of it in tunnel mode, what
 * follows the IP header in transport mode. InnerMalformed for a fragment in transport mode, which
 * works on whole datagrams only (RFC 4303 section 3.1.1).
 */
Result<Cargo> TakeCargo(EncapsulationMode mode, OctetView packet);

/**
 * Reads the flow of what came out of an inbound SA, after cutting padding that hid its length
 * (RFC 4303 section 2.7). In transport mode the addresses are those of the outer header: @p source
 * and the SA's local one. DummyPacket; InnerMalformed if tunnel mode carried no whole IPv4 packet.
 */
Result<FlowKey> ReadInnerFlow(const IpsecSa& sa, const Endpoint& source, SaContent& content);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_CARGO_H
