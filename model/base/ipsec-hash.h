// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Hashes of several numbers, for tables that nobody lists.
 */
#ifndef IPSEC_HASH_H
#define IPSEC_HASH_H

#include <cstddef>
#include <cstdint>

namespace ns3
{
namespace ipsec
{

/// Mixes a number into a hash, so that numbers that follow each other end far apart.
inline size_t
MixHash(size_t hash, uint64_t number)
{
    constexpr uint64_t ODD = 0x9e3779b97f4a7c15;
    constexpr unsigned HALF = 32;
    const uint64_t product = (hash ^ number) * ODD;
    return product ^ product >> HALF;
}

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_HASH_H
