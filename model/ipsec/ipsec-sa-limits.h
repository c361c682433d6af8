// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * How long an SA lasts: seconds, kilobytes, sequence numbers.
 */
#ifndef IPSEC_SA_LIMITS_H
#define IPSEC_SA_LIMITS_H

#include "ipsec-sad.h"

namespace ns3
{
namespace ipsec
{

/// A sender asks for a new SA when it has used 15/16 of the sequence numbers: 2^28 packets are left
/// for the negotiation, minutes at any speed (RFC 4303 section 3.3.3 forbids to wrap).
constexpr uint32_t SEQUENCE_SOFT_LIMIT = 0xf0000000;
/// The same share of extended sequence numbers.
constexpr uint64_t EXTENDED_SEQUENCE_SOFT_LIMIT = uint64_t{SEQUENCE_SOFT_LIMIT} << 32;

/// Tells whether the time of an SA is over.
bool IsPastHardEnd(const IpsecSa& sa, Instant now);

/// Tells whether @p octets more do not fit into the kilobytes of an SA. The first packet always
/// does: an SA that cannot carry a single one would be negotiated for ever.
bool IsUsedUp(const SaEntry& entry, size_t octets);

/// Tells whether an SA, or the other one of its bundle, cannot carry @p octets any more.
bool IsSpent(const SaEntry& entry, Instant now, size_t octets);

/// Tells whether the sender has used the last number of an SA, or of the other one of its bundle:
/// it never starts again from the first.
bool IsExhausted(const SaEntry& entry);

/// Tells whether the packets and octets that went through an SA call for its successor.
bool IsWorn(const SaEntry& entry);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SA_LIMITS_H
