// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Block ciphers in CBC mode without padding.
 */
#ifndef CRYPTO_CIPHER_H
#define CRYPTO_CIPHER_H

#include "crypto-algorithms.h"

#include "ns3/ipsec-fault.h"
#include "ns3/ipsec-octets.h"

namespace ns3
{
namespace ipsec
{

/**
 * Encrypt and decrypt @p size octets in place. False if @p size is not a multiple of the block, if
 * key or IV have the wrong length, or if OpenSSL refuses. CipherId::Null leaves the octets alone.
 * The shared context is re-keyed for each call; nothing is fetched or allocated.
 */
[[nodiscard]] bool CbcEncrypt(CipherId cipher,
                              OctetView key,
                              OctetView iv,
                              uint8_t* data,
                              size_t size);
[[nodiscard]] bool CbcDecrypt(CipherId cipher,
                              OctetView key,
                              OctetView iv,
                              uint8_t* data,
                              size_t size);

/// Tells whether a DES or 3DES key contains a weak or semi-weak key (RFC 2409 appendix B), or the
/// same key twice in a row (RFC 2451 section 2.3); false for other ciphers.
bool IsWeakKey(CipherId cipher, OctetView key);

} // namespace ipsec
} // namespace ns3

#endif // CRYPTO_CIPHER_H
