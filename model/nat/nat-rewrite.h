// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Other addresses and ports in a packet, and checksums that still hold.
 */
#ifndef NAT_REWRITE_H
#define NAT_REWRITE_H

#include "nat-packet.h"

namespace ns3
{
namespace ipsec
{

/// Computes the checksum of the Internet (RFC 1071).
uint16_t InternetChecksum(OctetView octets);

/// Returns what a checksum becomes when @p before is replaced by @p after, of the same even length
/// and at an even place (RFC 1624 section 3).
uint16_t UpdatedChecksum(uint16_t checksum, OctetView before, OctetView after);

/// @name Translation
/// Replaces one end of a packet; a later fragment has only its address replaced. A wrong checksum
/// stays as wrong as it was, and a UDP checksum of 0, which means none, stays 0. Without
/// @p hasChecksums the other fields that are 0 do so, too.
/// @{
void TranslateSource(NatPacket& packet, const Endpoint& to, bool hasChecksums);
void TranslateDestination(NatPacket& packet, const Endpoint& to, bool hasChecksums);
/// @}

/// @name Translation of what an ICMP error quotes (RFC 5508 section 4)
/// Replaces one end in the quotation, as far as it is there, and computes the error's checksum.
/// @{
void TranslateQuotedSource(NatPacket& error, const Endpoint& to, bool hasChecksums);
void TranslateQuotedDestination(NatPacket& error, const Endpoint& to, bool hasChecksums);
/// @}

} // namespace ipsec
} // namespace ns3

#endif // NAT_REWRITE_H
