// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Ciphers: CBC without padding, and what one packet of ESP takes in any mode.
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
 * A shared context is re-keyed for each other key; nothing is fetched or allocated.
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

/// What a cipher needs for one packet besides the text.
struct PacketCipher
{
    CipherId cipher = CipherId::Null;
    /// As KEYMAT has it: the key, then the salt of CTR and GCM.
    OctetView key;
    /// What the packet carries. CTR and GCM lose all secrecy if it comes twice under one key.
    OctetView iv;
    /// Covered by the ICV of GCM (RFC 4106 section 5) and by nothing else.
    OctetView additional;
};

/**
 * Encrypts @p size octets in place and writes the ICV that the cipher makes itself, if it makes
 * one, to @p icv. False if a length does not fit the cipher or OpenSSL refuses. A shared context is
 * re-keyed for each other key; nothing is fetched or allocated.
 */
[[nodiscard]] bool EncryptPacket(const PacketCipher& packet,
                                 uint8_t* text,
                                 size_t size,
                                 uint8_t* icv);
/// Decrypts in place: BadIcv if the cipher makes an ICV and this is not it (the text is worthless
/// then), CryptoFailure where EncryptPacket() gives false.
Result<Done> DecryptPacket(const PacketCipher& packet, uint8_t* text, size_t size, OctetView icv);

/// Tells whether a DES or 3DES key contains a weak or semi-weak key (RFC 2409 appendix B), or the
/// same key twice in a row (RFC 2451 section 2.3); false for other ciphers.
bool IsWeakKey(CipherId cipher, OctetView key);

} // namespace ipsec
} // namespace ns3

#endif // CRYPTO_CIPHER_H
