// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The formulas of RFC 2409 on OpenSSL's primitives: a second path to every value of phase 1 that
 * shares nothing with the module's own derivations.
 */
#ifndef PLAIN_CRYPTO_H
#define PLAIN_CRYPTO_H

#include "ns3/ipsec-octets.h"

#include <string>

namespace ns3
{
namespace ipsec
{

/// Algorithms by OpenSSL's names.
struct PlainSuite
{
    const char* hash;
    /// What HASH_I and HASH_R are made with: that of the signature, where it has one of its own
    /// (RFC 2409 section 5.1, RFC 4754).
    const char* proofHash;
    const char* cipher;
    size_t keyOctets;
    size_t blockOctets;
};

Octets PlainDigest(const char* hash, OctetView text);
Octets PlainHmac(const char* hash, OctetView key, OctetView text);
/// Expands a secret to the key of a cipher (RFC 2409 appendix B).
Octets PlainCipherKey(const PlainSuite& suite, OctetView secret);
Octets PlainDecrypt(const PlainSuite& suite, OctetView key, OctetView iv, OctetView text);
Octets PlainEncrypt(const PlainSuite& suite, OctetView key, OctetView iv, OctetView text);

/// Computes base^exponent of the first Oakley group, as long as its prime.
Octets PlainPower(OctetView base, OctetView exponent);

/// Decrypts and encrypts by PKCS#1 v1.5 type 2; the padding is always the same.
Octets PlainRsaDecrypt(const std::string& pem, OctetView text);
Octets PlainRsaEncrypt(const std::string& pem, OctetView text);
/// Makes a ciphertext of any block; it must be below the modulus.
Octets PlainRsaBlock(const std::string& pem, OctetView block);
/// Returns what an RSA signature of PKCS#1 v1.5 type 1 without DigestInfo was made of.
Octets PlainRsaRecover(const std::string& pem, OctetView signature);
/// Tells whether r and s are a signature of DSA or ECDSA, which OpenSSL reads as DER.
bool PlainVerify(const std::string& pem, OctetView hash, OctetView signature);
/// Makes r and s of DSA with a number k that is always the same.
Octets PlainDsaSign(const std::string& pem, OctetView hash);

/// Everything that the keys and hashes of one phase 1 are made of.
struct PlainPhase1
{
    PlainSuite suite;
    Octets ckyI, ckyR, saI, gxi, gxr, gxy, ni, nr, idI, idR;
    Octets skeyid, skeyidD, skeyidA, skeyidE;

    /// Derive SKEYID by the family of the method, and from it the others.
    void DeriveSigned();
    void DeriveEncrypted();
    Octets HashI() const;
    Octets HashR() const;
    /// The key of encrypted messages, and the IV of the first of them.
    Octets Key() const;
    Octets FirstIv() const;

  private:
    void DeriveOthers();
};

/// The keys and the chain of RFC 2409 section 5.3, for one end's payloads.
class PlainEphemeral
{
  public:
    PlainEphemeral(const PlainSuite& suite, OctetView nonce, OctetView cookie);
    /// Reads a payload, checks its padding and takes it off.
    Octets Open(OctetView body);
    Octets Seal(OctetView body);

  private:
    PlainSuite m_suite;
    Octets m_key;
    Octets m_iv;
};

} // namespace ipsec
} // namespace ns3

#endif // PLAIN_CRYPTO_H
