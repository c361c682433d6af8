// SPDX-License-Identifier: GPL-2.0-only
#include "crypto-dh-arithmetic.h"
#include "crypto-key-object.h"
#include "crypto-library.h"
#include "crypto-openssl-random.h"

#include <openssl/dsa.h>

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

/// 00, type 1, at least eight octets of padding, 00 (RFC 8017 section 9.2).
constexpr size_t BLOCK_OVERHEAD = 11;
/// Octets that k is drawn longer than the order, so that reducing it leaves no bias (FIPS 186-4
/// sections B.2.1 and B.5.1).
constexpr size_t EXTRA_OCTETS = 8;
/// Signatures tried until neither r nor s is zero; a working source needs one.
constexpr size_t MAX_TRIES = 8;

using PointHandle = OpensslHandle<EC_POINT, EC_POINT_clear_free>;

/// Pads a hash as EMSA-PKCS1-v1_5 does, but with no DigestInfo around it; empty if it is too long.
Octets
PadForSignature(OctetView hash, size_t blockOctets)
{
    if (hash.size() + BLOCK_OVERHEAD > blockOctets)
    {
        return {};
    }
    Octets block = {0, 1};
    block.resize(blockOctets - hash.size() - 1, 0xff);
    block.push_back(0);
    block.insert(block.end(), hash.begin(), hash.end());
    return block;
}

Result<Octets>
SignRsa(const CryptoKeyObject& key, OctetView hash)
{
    const Octets block = PadForSignature(hash, OctetsOf(key.modulus));
    if (block.empty())
    {
        return Fault::CryptoFailure;
    }
    const Result<SecretBytes> signature = RaisePrivate(key, block);
    if (!signature)
    {
        return signature.GetFault();
    }
    return signature->View().Copy();
}

Result<Done>
VerifyRsa(const CryptoKeyObject& key, OctetView hash, OctetView signature)
{
    const Octets expected = PadForSignature(hash, OctetsOf(key.modulus));
    const Result<Octets> block = RaisePublic(key, signature);
    if (expected.empty() || !block || *block != expected)
    {
        return Fault::AuthenticationFailed;
    }
    return Done{};
}

/// Computes r: of g^k mod p (FIPS 186-4 section 4.6), or of the x of k times the base point.
void
ComputeR(const CryptoKeyObject& key, const BIGNUM* k, BIGNUM* r, BN_CTX* context)
{
    if (key.kind == KeyKind::Dsa)
    {
        RequireComputed(BN_mod_exp_mont_consttime(
                            r, key.generator.get(), k, key.prime.get(), context, nullptr) == 1);
    }
    else
    {
        const OpensslBlindingScope blinding;
        const EC_GROUP* curve = key.curve.get();
        const PointHandle point(RequireObject(EC_POINT_new(curve), "a point"));
        RequireComputed(EC_POINT_mul(curve, point.get(), k, nullptr, nullptr, context) == 1 &&
                        EC_POINT_get_affine_coordinates(curve, point.get(), r, nullptr, context) ==
                            1);
    }
    RequireComputed(BN_nnmod(r, r, key.order.get(), context) == 1);
}

/// Makes a number of the leftmost bits of the hash, as many as the order has.
BIGNUM*
HashAsNumber(const CryptoKeyObject& key, OctetView hash, BigNumberFrame& frame)
{
    BIGNUM* number = frame.Number(hash.First(OctetsOf(key.order)));
    const int over = static_cast<int>(std::min(hash.size(), OctetsOf(key.order)) * 8) -
                     BN_num_bits(key.order.get());
    RequireComputed(over <= 0 || BN_rshift(number, number, over) == 1);
    return number;
}

/// Tells whether both halves of a signature are in [1, n-1] (CVE-2013-2944).
bool
IsInRange(const BIGNUM* r, const BIGNUM* s, const BIGNUM* order)
{
    return !BN_is_zero(r) && !BN_is_zero(s) && BN_cmp(r, order) < 0 && BN_cmp(s, order) < 0;
}

} // namespace

void
DrawBelow(const BIGNUM* order, BIGNUM* number, RandomSource& random)
{
    const size_t octets = static_cast<size_t>(BN_num_bytes(order)) + EXTRA_OCTETS;
    const SecretBytes drawn(random.Draw(octets));
    BigNumberFrame frame;
    BIGNUM* range = frame.Number();
    RequireComputed(
        BN_bin2bn(drawn.View().data(), static_cast<int>(drawn.size()), number) != nullptr &&
        BN_sub(range, order, BN_value_one()) == 1 &&
        BN_nnmod(number, number, range, frame.Context()) == 1 && BN_add_word(number, 1) == 1);
    BN_set_flags(number, BN_FLG_CONSTTIME);
}

Result<Octets>
SignWithOrder(const CryptoKeyObject& key, OctetView hash, RandomSource& random)
{
    const BIGNUM* order = key.order.get();
    const size_t half = OctetsOf(key.order);
    for (size_t i = 0; i < MAX_TRIES; i++)
    {
        BigNumberFrame frame;
        BN_CTX* context = frame.Context();
        BIGNUM* k = frame.Number();
        BIGNUM* r = frame.Number();
        BIGNUM* s = frame.Number();
        BIGNUM* inverse = frame.Number();
        BIGNUM* exponent = frame.Number();
        const BIGNUM* z = HashAsNumber(key, hash, frame);
        DrawBelow(order, k, random);
        ComputeR(key, k, r, context);
        // s = (z + r * secret) / k; the order is prime, so 1/k is k^(n-2), in constant time.
        RequireComputed(BN_copy(exponent, order) != nullptr && BN_sub_word(exponent, 2) == 1 &&
                        BN_mod_exp_mont_consttime(inverse, k, exponent, order, context, nullptr) ==
                            1 &&
                        BN_mod_mul(s, r, key.secret.get(), order, context) == 1 &&
                        BN_mod_add(s, s, z, order, context) == 1 &&
                        BN_mod_mul(s, s, inverse, order, context) == 1);
        Octets signature(2 * half);
        const int halfOctets = static_cast<int>(half);
        RequireComputed(BN_bn2binpad(r, signature.data(), halfOctets) >= 0 &&
                        BN_bn2binpad(s, signature.data() + half, halfOctets) >= 0);
        if (IsInRange(r, s, order))
        {
            return signature;
        }
    }
    return Fault::CryptoFailure;
}

Result<Done>
VerifyWithOrder(const CryptoKeyObject& key, OctetView hash, OctetView signature)
{
    const size_t half = OctetsOf(key.order);
    if (signature.size() != 2 * half)
    {
        return Fault::AuthenticationFailed;
    }
    const QuietErrors quiet;
    const OpensslBlindingScope blinding;
    const int halfOctets = static_cast<int>(half);
    NumberHandle r(RequireObject(BN_bin2bn(signature.data(), halfOctets, nullptr), "r"));
    NumberHandle s(RequireObject(BN_bin2bn(signature.data() + half, halfOctets, nullptr), "s"));
    if (!IsInRange(r.get(), s.get(), key.order.get()))
    {
        return Fault::AuthenticationFailed;
    }
    // OpenSSL takes r and s as a DER SEQUENCE, which is the same for DSA and ECDSA.
    OpensslHandle<DSA_SIG, DSA_SIG_free> pair(RequireObject(DSA_SIG_new(), "a signature"));
    RequireSuccess(DSA_SIG_set0(pair.get(), r.release(), s.release()) == 1, "hold r and s");
    unsigned char* written = nullptr;
    const int length = i2d_DSA_SIG(pair.get(), &written);
    RequireSuccess(length > 0, "write r and s");
    const Octets der(written, written + length);
    OPENSSL_free(written);
    const KeyContextHandle context(
        EVP_PKEY_CTX_new_from_pkey(CryptoLibrary::Get().Context(), key.key.get(), nullptr));
    RequireSuccess(context && EVP_PKEY_verify_init(context.get()) == 1, "prepare a verification");
    if (EVP_PKEY_verify(context.get(), der.data(), der.size(), hash.data(), hash.size()) != 1)
    {
        return Fault::AuthenticationFailed;
    }
    return Done{};
}

Result<Octets>
SignHash(const PrivateKey& key, OctetView hash, RandomSource& random)
{
    const CryptoKeyObject& object = key.Object();
    return object.kind == KeyKind::Rsa ? SignRsa(object, hash)
                                       : SignWithOrder(object, hash, random);
}

Result<Done>
VerifySignature(const PublicKey& key, OctetView hash, OctetView signature)
{
    const CryptoKeyObject& object = key.Object();
    return object.kind == KeyKind::Rsa ? VerifyRsa(object, hash, signature)
                                       : VerifyWithOrder(object, hash, signature);
}

} // namespace ipsec
} // namespace ns3
