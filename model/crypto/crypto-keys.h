// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Asymmetric keys: signatures of IKEv1 and RSA encryption.
 */
#ifndef CRYPTO_KEYS_H
#define CRYPTO_KEYS_H

#include "ns3/ipsec-fault.h"
#include "ns3/ipsec-octets.h"
#include "ns3/ipsec-random-source.h"

#include <cstdint>
#include <memory>
#include <string>

namespace ns3
{
namespace ipsec
{

enum class KeyKind : uint8_t
{
    Rsa,
    Dsa,
    EcdsaP256,
    EcdsaP384,
    EcdsaP521,
};

/// Returns a name for messages to users, such as "RSA" or "ECDSA P-256".
const char* KeyKindName(KeyKind kind);

/// Owns one OpenSSL key; only files of this folder look inside.
struct CryptoKeyObject;

/// A public key; a value that shares what never changes.
class PublicKey
{
  public:
    explicit PublicKey(std::shared_ptr<const CryptoKeyObject> object);

    KeyKind Kind() const;
    /// Returns the bits of the modulus, of the prime p, or of the curve.
    size_t Bits() const;
    /// Returns the octets of an RSA ciphertext or signature, or of a signature of DSA (40) or
    /// ECDSA.
    size_t SignatureOctets() const;
    /// Writes a SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7).
    Octets ToDer() const;
    /**
     * Reads a SubjectPublicKeyInfo. BadCertificate for anything but the kinds above, for RSA keys
     * below 512 or above 8192 bits, with an exponent that is even or below 3, and for what OpenSSL
     * refuses.
     */
    static Result<PublicKey> FromDer(OctetView der);

    const CryptoKeyObject&
    Object() const
    {
        return *m_object;
    }

  private:
    std::shared_ptr<const CryptoKeyObject> m_object;
};

bool operator==(const PublicKey& a, const PublicKey& b);
bool operator!=(const PublicKey& a, const PublicKey& b);

/// A private key with its public half; a value that shares what never changes.
class PrivateKey
{
  public:
    explicit PrivateKey(std::shared_ptr<const CryptoKeyObject> object);

    KeyKind Kind() const;
    PublicKey Public() const;
    /// Writes PKCS#8 as PEM, unencrypted.
    std::string ToPem() const;
    /**
     * Reads PKCS#8 or the traditional form of its kind, unencrypted.
     * @throws std::invalid_argument with one sentence.
     */
    static PrivateKey FromPem(const std::string& pem);
    /**
     * Makes a key; equal random octets make equal keys.
     * @param bits of the modulus (RSA) or of p (DSA, whose q has 160 bits for up to 1024, else
     * 256); not looked at for ECDSA.
     * @throws std::runtime_error if OpenSSL fails.
     */
    static PrivateKey Generate(KeyKind kind, size_t bits, RandomSource& random);

    const CryptoKeyObject&
    Object() const
    {
        return *m_object;
    }

  private:
    std::shared_ptr<const CryptoKeyObject> m_object;
};

/**
 * Signs HASH_I or HASH_R as it is: RSA by PKCS#1 v1.5 type 1 without DigestInfo (RFC 2409 section
 * 5.1), DSA as r and s of 20 octets each (RFC 2409 section 5.1), ECDSA as r and s of the curve's
 * length each (RFC 4754 section 7). Every random octet, such as the k of DSA, comes from @p random.
 */
Result<Octets> SignHash(const PrivateKey& key, OctetView hash, RandomSource& random);

/**
 * Verifies what SignHash() makes; AuthenticationFailed for everything else. The whole block of RSA
 * is compared with the one expected (CVE-2018-16151), so neither DigestInfo nor other padding, a
 * shorter hash nor a signature of another length is accepted; r and s must be in their range.
 */
Result<Done> VerifySignature(const PublicKey& key, OctetView hash, OctetView signature);

/// Encrypts by PKCS#1 v1.5 type 2; CryptoFailure if the text is longer than the modulus less 11
/// octets, or the key is not RSA.
Result<Octets> EncryptRsa(const PublicKey& key, OctetView text, RandomSource& random);

/**
 * Decrypts PKCS#1 v1.5 type 2 without being an oracle (CVE-2018-0131): where the ciphertext is
 * wrong in any way it returns @p fallbackOctets random octets, which are always drawn, so that
 * neither the result's form nor what is drawn afterwards tells what happened.
 */
SecretBytes DecryptRsa(const PrivateKey& key,
                       OctetView ciphertext,
                       size_t fallbackOctets,
                       RandomSource& random);

} // namespace ipsec
} // namespace ns3

#endif // CRYPTO_KEYS_H
