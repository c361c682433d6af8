// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Checksums of TCP and UDP that transport mode carried through a NAT (RFC 3948 section 3.1.2).
 */
#ifndef IPSEC_TRANSPORT_CHECKSUM_H
#define IPSEC_TRANSPORT_CHECKSUM_H

#include "ns3/ipsec-sa.h"

#include <optional>

namespace ns3
{
namespace ipsec
{

/**
 * Makes the checksum of a whole IPv4 packet right whose addresses are not those that it was
 * computed with.
 * @param packet with its header as it is delivered; other protocols, and UDP without a checksum,
 *        stay as they are
 * @param original the addresses that it was computed with: then an error in the packet still
 *        shows. Without them the checksum is computed anew, for the ICV vouches for the rest.
 */
void CorrectChecksum(Octets& packet, const std::optional<OriginalAddresses>& original);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_TRANSPORT_CHECKSUM_H
