// SPDX-License-Identifier: GPL-2.0-only
#include "plain-crypto.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/dsa.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/provider.h>
#include <openssl/rsa.h>

#include <gtest/gtest.h>
#include <memory>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

using Number = std::unique_ptr<BIGNUM, decltype(&BN_free)>;
using NumberContext = std::unique_ptr<BN_CTX, decltype(&BN_CTX_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)>;

constexpr size_t GROUP_OCTETS = 96;
constexpr size_t DSA_OCTETS = 20;

void
Require(bool success)
{
    if (!success)
    {
        throw std::runtime_error("OpenSSL refused what a test asked of it");
    }
}

Key
ReadKey(const std::string& pem)
{
    BIO* in = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
    Key key(PEM_read_bio_PrivateKey(in, nullptr, nullptr, nullptr), EVP_PKEY_free);
    BIO_free_all(in);
    Require(key != nullptr);
    return key;
}

KeyContext
ContextOf(const Key& key)
{
    return {EVP_PKEY_CTX_new(key.get(), nullptr), EVP_PKEY_CTX_free};
}

Number
NumberOf(OctetView octets)
{
    return {BN_bin2bn(octets.data(), static_cast<int>(octets.size()), nullptr), BN_free};
}

Number
NumberOf(const Key& key, const char* name)
{
    BIGNUM* number = nullptr;
    Require(EVP_PKEY_get_bn_param(key.get(), name, &number) == 1);
    return {number, BN_free};
}

Octets
Padded(const BIGNUM* number, size_t octets)
{
    Octets out(octets);
    Require(BN_bn2binpad(number, out.data(), static_cast<int>(octets)) >= 0);
    return out;
}

Octets
Cbc(const PlainSuite& suite, OctetView key, OctetView iv, OctetView text, int encrypt)
{
    // DES itself is a cipher of the legacy provider.
    static OSSL_PROVIDER* const legacy = OSSL_PROVIDER_load(nullptr, "legacy");
    static OSSL_PROVIDER* const usual = OSSL_PROVIDER_load(nullptr, "default");
    Require(legacy && usual);
    const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(
        EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
    Octets out(text.size() + suite.blockOctets);
    int length = 0;
    Require(EVP_CipherInit_ex(context.get(),
                              EVP_get_cipherbyname(suite.cipher),
                              nullptr,
                              key.data(),
                              iv.data(),
                              encrypt) == 1 &&
            EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1 &&
            EVP_CipherUpdate(
                context.get(), out.data(), &length, text.data(), static_cast<int>(text.size())) ==
                1);
    out.resize(static_cast<size_t>(length));
    return out;
}

/// Writes r and s as the DER that OpenSSL verifies.
Octets
SignatureDer(const Key& key, OctetView signature)
{
    const OctetView r = signature.First(signature.size() / 2);
    const OctetView s = signature.From(signature.size() / 2);
    uint8_t* der = nullptr;
    int length = 0;
    if (EVP_PKEY_is_a(key.get(), "DSA"))
    {
        DSA_SIG* both = DSA_SIG_new();
        DSA_SIG_set0(both, NumberOf(r).release(), NumberOf(s).release());
        length = i2d_DSA_SIG(both, &der);
        DSA_SIG_free(both);
    }
    else
    {
        ECDSA_SIG* both = ECDSA_SIG_new();
        ECDSA_SIG_set0(both, NumberOf(r).release(), NumberOf(s).release());
        length = i2d_ECDSA_SIG(both, &der);
        ECDSA_SIG_free(both);
    }
    Require(length > 0);
    const Octets octets(der, der + length);
    OPENSSL_free(der);
    return octets;
}

} // namespace

Octets
PlainDigest(const char* hash, OctetView text)
{
    Octets out(EVP_MAX_MD_SIZE);
    unsigned int length = 0;
    Require(
        EVP_Digest(
            text.data(), text.size(), out.data(), &length, EVP_get_digestbyname(hash), nullptr) ==
        1);
    out.resize(length);
    return out;
}

Octets
PlainHmac(const char* hash, OctetView key, OctetView text)
{
    Octets out(EVP_MAX_MD_SIZE);
    unsigned int length = 0;
    Require(HMAC(EVP_get_digestbyname(hash),
                 key.data(),
                 static_cast<int>(key.size()),
                 text.data(),
                 text.size(),
                 out.data(),
                 &length) != nullptr);
    out.resize(length);
    return out;
}

Octets
PlainCipherKey(const PlainSuite& suite, OctetView secret)
{
    if (secret.size() >= suite.keyOctets)
    {
        return secret.First(suite.keyOctets).Copy();
    }
    Octets block = PlainHmac(suite.hash, secret, Octets{0});
    Octets stream = block;
    while (stream.size() < suite.keyOctets)
    {
        block = PlainHmac(suite.hash, secret, block);
        stream = Concat({stream, block});
    }
    stream.resize(suite.keyOctets);
    return stream;
}

Octets
PlainDecrypt(const PlainSuite& suite, OctetView key, OctetView iv, OctetView text)
{
    return Cbc(suite, key, iv, text, 0);
}

Octets
PlainEncrypt(const PlainSuite& suite, OctetView key, OctetView iv, OctetView text)
{
    return Cbc(suite, key, iv, text, 1);
}

Octets
PlainPower(OctetView base, OctetView exponent)
{
    const NumberContext context(BN_CTX_new(), BN_CTX_free);
    const Number prime(BN_get_rfc2409_prime_768(nullptr), BN_free);
    const Number power(BN_new(), BN_free);
    Require(BN_mod_exp(power.get(),
                       NumberOf(base).get(),
                       NumberOf(exponent).get(),
                       prime.get(),
                       context.get()) == 1);
    return Padded(power.get(), GROUP_OCTETS);
}

Octets
PlainRsaDecrypt(const std::string& pem, OctetView text)
{
    const Key key = ReadKey(pem);
    const KeyContext context = ContextOf(key);
    Octets out(static_cast<size_t>(EVP_PKEY_get_size(key.get())));
    size_t length = out.size();
    Require(EVP_PKEY_decrypt_init(context.get()) == 1 &&
            EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1 &&
            EVP_PKEY_decrypt(context.get(), out.data(), &length, text.data(), text.size()) == 1);
    out.resize(length);
    return out;
}

Octets
PlainRsaEncrypt(const std::string& pem, OctetView text)
{
    Octets block = {0, 2};
    block.resize(static_cast<size_t>(EVP_PKEY_get_size(ReadKey(pem).get())) - text.size() - 1,
                 0xa5);
    block.push_back(0);
    return PlainRsaBlock(pem, Concat({block, text}));
}

Octets
PlainRsaBlock(const std::string& pem, OctetView block)
{
    const Key key = ReadKey(pem);
    const KeyContext context = ContextOf(key);
    Octets out(block.size());
    size_t length = out.size();
    Require(EVP_PKEY_encrypt_init(context.get()) == 1 &&
            EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_NO_PADDING) == 1 &&
            EVP_PKEY_encrypt(context.get(), out.data(), &length, block.data(), block.size()) == 1);
    return out;
}

Octets
PlainRsaRecover(const std::string& pem, OctetView signature)
{
    const Key key = ReadKey(pem);
    const KeyContext context = ContextOf(key);
    Octets out(static_cast<size_t>(EVP_PKEY_get_size(key.get())));
    size_t length = out.size();
    Require(EVP_PKEY_verify_recover_init(context.get()) == 1 &&
            EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1 &&
            EVP_PKEY_verify_recover(
                context.get(), out.data(), &length, signature.data(), signature.size()) == 1);
    out.resize(length);
    return out;
}

bool
PlainVerify(const std::string& pem, OctetView hash, OctetView signature)
{
    const Key key = ReadKey(pem);
    const KeyContext context = ContextOf(key);
    const Octets der = SignatureDer(key, signature);
    Require(EVP_PKEY_verify_init(context.get()) == 1);
    return EVP_PKEY_verify(context.get(), der.data(), der.size(), hash.data(), hash.size()) == 1;
}

Octets
PlainDsaSign(const std::string& pem, OctetView hash)
{
    const Key key = ReadKey(pem);
    const NumberContext context(BN_CTX_new(), BN_CTX_free);
    const Number p = NumberOf(key, OSSL_PKEY_PARAM_FFC_P);
    const Number q = NumberOf(key, OSSL_PKEY_PARAM_FFC_Q);
    const Number g = NumberOf(key, OSSL_PKEY_PARAM_FFC_G);
    const Number x = NumberOf(key, OSSL_PKEY_PARAM_PRIV_KEY);
    const Number k = NumberOf(Octets(DSA_OCTETS - 1, 0x5a));
    const Number r(BN_new(), BN_free);
    const Number s(BN_new(), BN_free);
    const Number inverse(BN_mod_inverse(nullptr, k.get(), q.get(), context.get()), BN_free);
    // r = (g^k mod p) mod q, s = (h + x r) / k mod q
    Require(BN_mod_exp(r.get(), g.get(), k.get(), p.get(), context.get()) == 1 &&
            BN_nnmod(r.get(), r.get(), q.get(), context.get()) == 1 &&
            BN_mod_mul(s.get(), x.get(), r.get(), q.get(), context.get()) == 1 &&
            BN_mod_add(s.get(), s.get(), NumberOf(hash).get(), q.get(), context.get()) == 1 &&
            BN_mod_mul(s.get(), s.get(), inverse.get(), q.get(), context.get()) == 1);
    return Concat({Padded(r.get(), DSA_OCTETS), Padded(s.get(), DSA_OCTETS)});
}

void
PlainPhase1::DeriveSigned()
{
    skeyid = PlainHmac(suite.hash, Concat({ni, nr}), gxy);
    DeriveOthers();
}

void
PlainPhase1::DeriveEncrypted()
{
    skeyid = PlainHmac(suite.hash, PlainDigest(suite.hash, Concat({ni, nr})), Concat({ckyI, ckyR}));
    DeriveOthers();
}

void
PlainPhase1::DeriveOthers()
{
    skeyidD = PlainHmac(suite.hash, skeyid, Concat({gxy, ckyI, ckyR, Octets{0}}));
    skeyidA = PlainHmac(suite.hash, skeyid, Concat({skeyidD, gxy, ckyI, ckyR, Octets{1}}));
    skeyidE = PlainHmac(suite.hash, skeyid, Concat({skeyidA, gxy, ckyI, ckyR, Octets{2}}));
}

Octets
PlainPhase1::HashI() const
{
    return PlainHmac(suite.proofHash, skeyid, Concat({gxi, gxr, ckyI, ckyR, saI, idI}));
}

Octets
PlainPhase1::HashR() const
{
    return PlainHmac(suite.proofHash, skeyid, Concat({gxr, gxi, ckyR, ckyI, saI, idR}));
}

Octets
PlainPhase1::Key() const
{
    return PlainCipherKey(suite, skeyidE);
}

Octets
PlainPhase1::FirstIv() const
{
    Octets iv = PlainDigest(suite.hash, Concat({gxi, gxr}));
    iv.resize(suite.blockOctets);
    return iv;
}

PlainEphemeral::PlainEphemeral(const PlainSuite& suite, OctetView nonce, OctetView cookie)
    : m_suite(suite)
    , m_key(PlainCipherKey(suite, PlainHmac(suite.hash, nonce, cookie)))
    , m_iv(suite.blockOctets, 0)
{
}

Octets
PlainEphemeral::Open(OctetView body)
{
    Octets clear = PlainDecrypt(m_suite, m_key, m_iv, body);
    m_iv = body.Last(m_suite.blockOctets).Copy();
    // The last octet counts those of the padding before it; all fit into one block.
    const size_t padding = clear.back();
    EXPECT_LT(padding, m_suite.blockOctets);
    clear.resize(clear.size() - 1 - padding);
    return clear;
}

Octets
PlainEphemeral::Seal(OctetView body)
{
    const size_t padding = m_suite.blockOctets - 1 - body.size() % m_suite.blockOctets;
    const Octets count = {static_cast<uint8_t>(padding)};
    const Octets text =
        PlainEncrypt(m_suite, m_key, m_iv, Concat({body, Octets(padding, 0), count}));
    m_iv = OctetView(text).Last(m_suite.blockOctets).Copy();
    return text;
}

} // namespace ipsec
} // namespace ns3
