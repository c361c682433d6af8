// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What an asymmetric key is inside: OpenSSL's key and the numbers that signatures need.
 */
#ifndef CRYPTO_KEY_OBJECT_H
#define CRYPTO_KEY_OBJECT_H

#include "crypto-keys.h"
#include "crypto-openssl-handle.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

namespace ns3
{
namespace ipsec
{

using KeyHandle = OpensslHandle<EVP_PKEY, EVP_PKEY_free>;
using KeyContextHandle = OpensslHandle<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using NumberHandle = OpensslHandle<BIGNUM, BN_clear_free>;
using CurveHandle = OpensslHandle<EC_GROUP, EC_GROUP_free>;

/// Owns one OpenSSL key. The object of a private key serves as its public half as well.
struct CryptoKeyObject
{
    KeyHandle key;
    KeyKind kind = KeyKind::Rsa;
    size_t bits = 0;
    /// SubjectPublicKeyInfo.
    Octets der;
    /// Of RSA; others leave it null.
    NumberHandle modulus;
    /// Of DSA; others leave them null.
    NumberHandle prime;
    NumberHandle generator;
    /// Of ECDSA; others leave it null.
    CurveHandle curve;
    /// Of DSA (q) and ECDSA (n); RSA leaves it null.
    NumberHandle order;
    /// The x of DSA and d of ECDSA; null in a public key.
    NumberHandle secret;
};

/// Judges a key that OpenSSL has read and takes it over; BadCertificate as PublicKey::FromDer().
Result<std::shared_ptr<const CryptoKeyObject>> MakeKeyObject(KeyHandle key);

/// Returns the octets of a modulus or an order.
inline size_t
OctetsOf(const NumberHandle& number)
{
    return static_cast<size_t>(BN_num_bytes(number.get()));
}

/// Draws a number from [1, order-1].
void DrawBelow(const BIGNUM* order, BIGNUM* number, RandomSource& random);

/// Computes c = m^e of RSA on a block as long as the modulus; CryptoFailure if it is not below it.
Result<Octets> RaisePublic(const CryptoKeyObject& key, OctetView block);
/// Computes m = c^d of RSA, likewise.
Result<SecretBytes> RaisePrivate(const CryptoKeyObject& key, OctetView block);

/// Signs and verifies for DSA and ECDSA, as SignHash() and VerifySignature() do.
Result<Octets> SignWithOrder(const CryptoKeyObject& key, OctetView hash, RandomSource& random);
Result<Done> VerifyWithOrder(const CryptoKeyObject& key, OctetView hash, OctetView signature);

} // namespace ipsec
} // namespace ns3

#endif // CRYPTO_KEY_OBJECT_H
