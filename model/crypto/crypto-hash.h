// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Hashes and HMAC.
 */
#ifndef CRYPTO_HASH_H
#define CRYPTO_HASH_H

#include "crypto-algorithms.h"

#include "ns3/ipsec-octets.h"

namespace ns3
{
namespace ipsec
{

/// Hashes the parts in order, as if they were joined.
Octets Digest(HashId hash, std::initializer_list<OctetView> parts);

/// Computes HMAC (RFC 2104) over the parts in order; the prf of RFC 2409 section 4, never
/// truncated.
Octets Hmac(HashId hash, OctetView key, std::initializer_list<OctetView> parts);

/// Computes HMAC and writes its first @p icvOctets octets to @p out; allocates nothing.
void HmacTruncated(HashId hash,
                   OctetView key,
                   std::initializer_list<OctetView> parts,
                   uint8_t* out,
                   size_t icvOctets);

} // namespace ipsec
} // namespace ns3

#endif // CRYPTO_HASH_H
