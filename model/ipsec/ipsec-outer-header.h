// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The IPv4 header in front of ESP and AH: how it is made, and what comes back from it.
 */
#ifndef IPSEC_OUTER_HEADER_H
#define IPSEC_OUTER_HEADER_H

#include "ns3/ipsec-endpoint.h"
#include "ns3/ipsec-fault.h"
#include "ns3/ipsec-octets.h"
#include "ns3/ipsec-outer-header-rules.h"

namespace ns3
{
namespace ipsec
{

/// An IPv4 header without options.
constexpr size_t OUTER_HEADER_OCTETS = 20;

/// The fields of an IPv4 header without options that somebody chooses; the edge sends them as they
/// are, because AH covers most of them.
struct OuterHeader
{
    uint8_t typeOfService = 0;
    uint16_t identification = 0;
    bool dontFragment = false;
    uint8_t timeToLive = 64;
    uint8_t protocol = 0;
    IpAddress source;
    IpAddress destination;

    /// Writes the header of a packet with @p payloadOctets behind it; the checksum is right.
    std::array<uint8_t, OUTER_HEADER_OCTETS> Write(size_t payloadOctets) const;
};

/// Makes the header that tunnel mode puts in front of @p inner, which has a flow key (RFC 4301
/// section 5.1.2.1, RFC 6040 section 4.1). Addresses, protocol and identification are the caller's.
OuterHeader OuterHeaderForTunnel(const OuterHeaderRules& rules, OctetView inner);

/**
 * Combines the ECN fields of the outer and the inner header at the end of a tunnel (RFC 6040
 * section 4.2) and puts the result into @p inner, which has a flow key; a checksum that was right
 * stays right. EcnMismatch for congestion that an inner header without ECN cannot tell of.
 */
Result<Done> CombineEcn(uint8_t outerTypeOfService, Octets& inner);

/// Reads the header of a packet that has a flow key, which transport mode keeps.
OuterHeader ReadOuterHeader(OctetView packet);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_OUTER_HEADER_H
