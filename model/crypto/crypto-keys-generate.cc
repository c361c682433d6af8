// SPDX-License-Identifier: GPL-2.0-only
#include "crypto-key-object.h"
#include "crypto-library.h"
#include "crypto-openssl-random.h"

#include <openssl/core_names.h>
#include <openssl/dsa.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr size_t MIN_BITS = 512;
constexpr size_t MAX_BITS = 8192;

KeyContextHandle
ContextFor(const char* algorithm)
{
    return KeyContextHandle(RequireObject(
        EVP_PKEY_CTX_new_from_name(CryptoLibrary::Get().Context(), algorithm, nullptr),
        "a key generator"));
}

/// Makes the key that the context was set up for.
KeyHandle
GenerateIn(EVP_PKEY_CTX* context)
{
    EVP_PKEY* key = nullptr;
    RequireSuccess(EVP_PKEY_generate(context, &key) == 1, "generate a key");
    return KeyHandle(key);
}

KeyHandle
GenerateRsa(size_t bits)
{
    const KeyContextHandle context = ContextFor("RSA");
    RequireSuccess(EVP_PKEY_keygen_init(context.get()) == 1 &&
                       EVP_PKEY_CTX_set_rsa_keygen_bits(context.get(), static_cast<int>(bits)) == 1,
                   "prepare an RSA key");
    return GenerateIn(context.get());
}

NumberHandle
NumberOf(const EVP_PKEY* key, const char* name)
{
    BIGNUM* number = nullptr;
    RequireSuccess(EVP_PKEY_get_bn_param(key, name, &number) == 1, "read DSA parameters");
    return NumberHandle(number);
}

/// Draws x and makes the key of it; OpenSSL would refuse to with the short parameters of old.
KeyHandle
CompleteDsa(const EVP_PKEY* domain, RandomSource& random)
{
    const NumberHandle p = NumberOf(domain, OSSL_PKEY_PARAM_FFC_P);
    const NumberHandle q = NumberOf(domain, OSSL_PKEY_PARAM_FFC_Q);
    const NumberHandle g = NumberOf(domain, OSSL_PKEY_PARAM_FFC_G);
    const NumberHandle x(RequireObject(BN_secure_new(), "a number"));
    const NumberHandle y(RequireObject(BN_new(), "a number"));
    DrawBelow(q.get(), x.get(), random);
    RequireSuccess(
        BN_mod_exp_mont_consttime(
            y.get(), g.get(), x.get(), p.get(), CryptoLibrary::Get().BnContext(), nullptr) == 1,
        "compute a DSA key");
    const OpensslHandle<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free> builder(
        RequireObject(OSSL_PARAM_BLD_new(), "parameters"));
    RequireSuccess(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_FFC_P, p.get()) == 1 &&
                       OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_FFC_Q, q.get()) == 1 &&
                       OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_FFC_G, g.get()) == 1 &&
                       OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, x.get()) ==
                           1 &&
                       OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, y.get()) == 1,
                   "hold a DSA key");
    const OpensslHandle<OSSL_PARAM, OSSL_PARAM_free> params(
        RequireObject(OSSL_PARAM_BLD_to_param(builder.get()), "parameters"));
    const KeyContextHandle context = ContextFor("DSA");
    EVP_PKEY* key = nullptr;
    RequireSuccess(EVP_PKEY_fromdata_init(context.get()) == 1 &&
                       EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_KEYPAIR, params.get()) == 1,
                   "make a DSA key");
    return KeyHandle(key);
}

KeyHandle
GenerateDsa(size_t bits, RandomSource& random)
{
    // FIPS 186-4 section 4.2 knows no p below 1024 bits; FIPS 186-2 did.
    const char* rule = bits < 1024 ? "fips186_2" : "fips186_4";
    const int orderBits = bits <= 1024 ? 160 : 256;
    const KeyContextHandle domainContext = ContextFor("DSA");
    RequireSuccess(
        EVP_PKEY_paramgen_init(domainContext.get()) == 1 &&
            EVP_PKEY_CTX_set_dsa_paramgen_bits(domainContext.get(), static_cast<int>(bits)) == 1 &&
            EVP_PKEY_CTX_set_dsa_paramgen_q_bits(domainContext.get(), orderBits) == 1 &&
            EVP_PKEY_CTX_set_dsa_paramgen_type(domainContext.get(), rule) == 1,
        "prepare DSA parameters");
    return CompleteDsa(GenerateIn(domainContext.get()).get(), random);
}

KeyHandle
GenerateEcdsa(const char* curve)
{
    const KeyContextHandle context = ContextFor("EC");
    RequireSuccess(EVP_PKEY_keygen_init(context.get()) == 1 &&
                       EVP_PKEY_CTX_set_group_name(context.get(), curve) == 1,
                   "prepare an ECDSA key");
    return GenerateIn(context.get());
}

KeyHandle
GenerateKey(KeyKind kind, size_t bits, RandomSource& random)
{
    switch (kind)
    {
    case KeyKind::Rsa:
        return GenerateRsa(bits);
    case KeyKind::Dsa:
        return GenerateDsa(bits, random);
    case KeyKind::EcdsaP256:
        return GenerateEcdsa("P-256");
    case KeyKind::EcdsaP384:
        return GenerateEcdsa("P-384");
    case KeyKind::EcdsaP521:
        return GenerateEcdsa("P-521");
    }
    return nullptr;
}

void
CheckBits(KeyKind kind, size_t bits)
{
    if (kind == KeyKind::Rsa && (bits < MIN_BITS || bits > MAX_BITS))
    {
        throw std::invalid_argument("an RSA key has 512 to 8192 bits");
    }
    if (kind == KeyKind::Dsa && bits != 2048 && bits != 3072 &&
        (bits < MIN_BITS || bits > 1024 || bits % 64 != 0))
    {
        throw std::invalid_argument(
            "a DSA key has 512 to 1024 bits, a multiple of 64, or 2048 or 3072");
    }
}

} // namespace

PrivateKey
PrivateKey::Generate(KeyKind kind, size_t bits, RandomSource& random)
{
    CheckBits(kind, bits);
    const QuietErrors quiet;
    KeyHandle key;
    {
        const OpensslRandomScope scope(random);
        key = GenerateKey(kind, bits, random);
    }
    const Result<std::shared_ptr<const CryptoKeyObject>> object = MakeKeyObject(std::move(key));
    RequireSuccess(object.Ok(), "generate a usable key");
    return PrivateKey(*object);
}

} // namespace ipsec
} // namespace ns3
