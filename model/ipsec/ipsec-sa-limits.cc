// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-sa-limits.h"

#include "ipsec-transform.h"

#include <limits>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr uint64_t KILOBYTE = 1024;

/// Tells whether this very SA cannot carry @p octets.
bool
IsSpentItself(const SaEntry& entry, Instant now, size_t octets)
{
    return IsPastHardEnd(entry.sa, now) || IsUsedUp(entry, octets);
}

bool
IsExhaustedItself(const SaEntry& entry)
{
    return entry.sequence == (entry.sa.extendedSequence ? std::numeric_limits<uint64_t>::max()
                                                        : std::numeric_limits<uint32_t>::max());
}

} // namespace

bool
IsPastHardEnd(const IpsecSa& sa, Instant now)
{
    return sa.lifetime.hard > Duration::zero() && now >= sa.installedAt + sa.lifetime.hard;
}

bool
IsUsedUp(const SaEntry& entry, size_t octets)
{
    const uint64_t limit = entry.sa.lifetime.hardKilobytes * KILOBYTE;
    return limit > 0 && entry.octets > 0 && entry.octets + octets > limit;
}

bool
IsSpent(const SaEntry& entry, Instant now, size_t octets)
{
    return IsSpentItself(entry, now, octets) ||
           (entry.partner != nullptr &&
            IsSpentItself(*entry.partner, now, octets + SaOverhead(entry.sa, octets)));
}

bool
IsExhausted(const SaEntry& entry)
{
    return IsExhaustedItself(entry) ||
           (entry.partner != nullptr && IsExhaustedItself(*entry.partner));
}

bool
IsWorn(const SaEntry& entry)
{
    const uint64_t limit = entry.sa.lifetime.softKilobytes * KILOBYTE;
    const uint64_t lastSequence =
        entry.sa.extendedSequence ? EXTENDED_SEQUENCE_SOFT_LIMIT : SEQUENCE_SOFT_LIMIT;
    return (limit > 0 && entry.octets >= limit) || entry.sequence >= lastSequence;
}

} // namespace ipsec
} // namespace ns3
