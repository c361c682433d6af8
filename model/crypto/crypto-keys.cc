// SPDX-License-Identifier: GPL-2.0-only
#include "crypto-keys.h"

#include "crypto-key-object.h"
#include "crypto-library.h"
#include "crypto-openssl-random.h"

#include <openssl/core_names.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cassert>
#include <cstring>
#include <iterator>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr size_t MIN_BITS = 512;
/// What a hostile key may make us compute with.
constexpr size_t MAX_BITS = 8192;
/// OpenSSL itself accepts longer exponents with short moduli only.
constexpr int MAX_EXPONENT_BITS = 64;

/// Curves by kind (RFC 4754 section 3), with OpenSSL's names.
constexpr struct
{
    KeyKind kind;
    int nid;
    const char* opensslName;
} CURVES[] = {
    {KeyKind::EcdsaP256, NID_X9_62_prime256v1, SN_X9_62_prime256v1},
    {KeyKind::EcdsaP384, NID_secp384r1, SN_secp384r1},
    {KeyKind::EcdsaP521, NID_secp521r1, SN_secp521r1},
};

using BioHandle = OpensslHandle<BIO, BIO_free_all>;

/// Gets a number out of a key; null if it has none of this name.
NumberHandle
NumberOf(const EVP_PKEY* key, const char* name)
{
    BIGNUM* number = nullptr;
    return NumberHandle(EVP_PKEY_get_bn_param(key, name, &number) == 1 ? number : nullptr);
}

bool
IsBetween(const NumberHandle& low, const NumberHandle& number, const NumberHandle& high)
{
    return BN_cmp(number.get(), low.get()) > 0 && BN_cmp(number.get(), high.get()) < 0;
}

bool
IsGoodLength(const NumberHandle& number)
{
    const size_t bits = static_cast<size_t>(BN_num_bits(number.get()));
    return bits >= MIN_BITS && bits <= MAX_BITS;
}

bool
TakeRsa(CryptoKeyObject& object)
{
    object.kind = KeyKind::Rsa;
    object.modulus = NumberOf(object.key.get(), OSSL_PKEY_PARAM_RSA_N);
    const NumberHandle exponent = NumberOf(object.key.get(), OSSL_PKEY_PARAM_RSA_E);
    if (!object.modulus || !exponent || !IsGoodLength(object.modulus) ||
        !BN_is_odd(object.modulus.get()) || !BN_is_odd(exponent.get()) ||
        BN_is_one(exponent.get()) || BN_num_bits(exponent.get()) > MAX_EXPONENT_BITS)
    {
        return false;
    }
    object.bits = static_cast<size_t>(BN_num_bits(object.modulus.get()));
    return true;
}

bool
TakeDsa(CryptoKeyObject& object)
{
    object.kind = KeyKind::Dsa;
    object.prime = NumberOf(object.key.get(), OSSL_PKEY_PARAM_FFC_P);
    object.order = NumberOf(object.key.get(), OSSL_PKEY_PARAM_FFC_Q);
    object.generator = NumberOf(object.key.get(), OSSL_PKEY_PARAM_FFC_G);
    object.secret = NumberOf(object.key.get(), OSSL_PKEY_PARAM_PRIV_KEY);
    const NumberHandle value = NumberOf(object.key.get(), OSSL_PKEY_PARAM_PUB_KEY);
    if (!object.prime || !object.order || !object.generator || !value ||
        !IsGoodLength(object.prime) || !BN_is_odd(object.prime.get()) ||
        !BN_is_odd(object.order.get()))
    {
        return false;
    }
    const int orderBits = BN_num_bits(object.order.get());
    const NumberHandle one(RequireObject(BN_dup(BN_value_one()), "a number"));
    object.bits = static_cast<size_t>(BN_num_bits(object.prime.get()));
    return (orderBits == 160 || orderBits == 224 || orderBits == 256) &&
           IsBetween(one, object.generator, object.prime) && IsBetween(one, value, object.prime);
}

bool
TakeEcdsa(CryptoKeyObject& object)
{
    const EVP_PKEY* key = object.key.get();
    // A curve must be named, not spelt out (RFC 5480 section 2.1.1, CVE-2020-0601).
    int isSpeltOut = 0;
    EVP_PKEY_get_int_param(key, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS, &isSpeltOut);
    char name[32] = "";
    size_t length = 0;
    if (isSpeltOut != 0 || EVP_PKEY_get_utf8_string_param(
                               key, OSSL_PKEY_PARAM_GROUP_NAME, name, sizeof(name), &length) != 1)
    {
        return false;
    }
    OSSL_LIB_CTX* library = CryptoLibrary::Get().Context();
    for (const auto& row : CURVES)
    {
        if (std::strcmp(row.opensslName, name) == 0)
        {
            object.kind = row.kind;
            object.curve.reset(
                RequireObject(EC_GROUP_new_by_curve_name_ex(library, nullptr, row.nid), "a curve"));
            object.order.reset(
                RequireObject(BN_dup(EC_GROUP_get0_order(object.curve.get())), "a number"));
            object.bits = static_cast<size_t>(EC_GROUP_get_degree(object.curve.get()));
            object.secret = NumberOf(key, OSSL_PKEY_PARAM_PRIV_KEY);
            const KeyContextHandle context(
                EVP_PKEY_CTX_new_from_pkey(library, object.key.get(), nullptr));
            return context && EVP_PKEY_public_check_quick(context.get()) == 1;
        }
    }
    return false;
}

/// Tells whether a private key belongs to its public half: a signature that it makes is right.
bool
IsConsistent(const PrivateKey& key)
{
    SeededRandomSource random(1);
    const Octets hash(20, 0x5a);
    const Result<Octets> signature = SignHash(key, hash, random);
    return signature && VerifySignature(key.Public(), hash, *signature);
}

/// Is asked for the password of an encrypted key, and has none.
int
RefusePassword(char* /* out */, int /* size */, int /* writing */, void* asked)
{
    *static_cast<bool*>(asked) = true;
    return -1;
}

} // namespace

Result<std::shared_ptr<const CryptoKeyObject>>
MakeKeyObject(KeyHandle key)
{
    const QuietErrors quiet;
    const OpensslBlindingScope blinding;
    auto object = std::make_shared<CryptoKeyObject>();
    object->key = std::move(key);
    const EVP_PKEY* raw = object->key.get();
    const bool good = (EVP_PKEY_is_a(raw, "RSA") == 1 && TakeRsa(*object)) ||
                      (EVP_PKEY_is_a(raw, "DSA") == 1 && TakeDsa(*object)) ||
                      (EVP_PKEY_is_a(raw, "EC") == 1 && TakeEcdsa(*object));
    unsigned char* written = nullptr;
    const int length = good ? i2d_PUBKEY(raw, &written) : -1;
    if (length <= 0)
    {
        return Fault::BadCertificate;
    }
    object->der.assign(written, written + length);
    OPENSSL_free(written);
    return std::shared_ptr<const CryptoKeyObject>(std::move(object));
}

const char*
KeyKindName(KeyKind kind)
{
    static constexpr const char* NAMES[] = {
        "RSA", "DSA", "ECDSA P-256", "ECDSA P-384", "ECDSA P-521"};
    static_assert(std::size(NAMES) == static_cast<size_t>(KeyKind::EcdsaP521) + 1, "");
    return NAMES[static_cast<size_t>(kind)];
}

PublicKey::PublicKey(std::shared_ptr<const CryptoKeyObject> object)
    : m_object(std::move(object))
{
    assert(m_object != nullptr);
}

KeyKind
PublicKey::Kind() const
{
    return m_object->kind;
}

size_t
PublicKey::Bits() const
{
    return m_object->bits;
}

size_t
PublicKey::SignatureOctets() const
{
    return m_object->kind == KeyKind::Rsa ? OctetsOf(m_object->modulus)
                                          : 2 * OctetsOf(m_object->order);
}

Octets
PublicKey::ToDer() const
{
    return m_object->der;
}

Result<PublicKey>
PublicKey::FromDer(OctetView der)
{
    const QuietErrors quiet;
    const OpensslBlindingScope blinding;
    const unsigned char* next = der.data();
    KeyHandle key(d2i_PUBKEY_ex(
        nullptr, &next, static_cast<long>(der.size()), CryptoLibrary::Get().Context(), nullptr));
    if (!key || next != der.end())
    {
        return Fault::BadCertificate;
    }
    Result<std::shared_ptr<const CryptoKeyObject>> object = MakeKeyObject(std::move(key));
    if (!object)
    {
        return object.GetFault();
    }
    return PublicKey(*object);
}

bool
operator==(const PublicKey& a, const PublicKey& b)
{
    return a.Object().der == b.Object().der;
}

bool
operator!=(const PublicKey& a, const PublicKey& b)
{
    return !(a == b);
}

PrivateKey::PrivateKey(std::shared_ptr<const CryptoKeyObject> object)
    : m_object(std::move(object))
{
    assert(m_object != nullptr);
}

KeyKind
PrivateKey::Kind() const
{
    return m_object->kind;
}

PublicKey
PrivateKey::Public() const
{
    return PublicKey(m_object);
}

std::string
PrivateKey::ToPem() const
{
    const OpensslHandle<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free> info(
        RequireObject(EVP_PKEY2PKCS8(m_object->key.get()), "PKCS#8"));
    const BioHandle out(RequireObject(BIO_new(BIO_s_secmem()), "a buffer"));
    RequireSuccess(PEM_write_bio_PKCS8_PRIV_KEY_INFO(out.get(), info.get()) == 1, "write PEM");
    char* text = nullptr;
    const long length = BIO_get_mem_data(out.get(), &text);
    return std::string(text, static_cast<size_t>(length));
}

PrivateKey
PrivateKey::FromPem(const std::string& pem)
{
    const QuietErrors quiet;
    const OpensslBlindingScope blinding;
    bool askedForPassword = false;
    const BioHandle in(
        RequireObject(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), "a buffer"));
    KeyHandle key(PEM_read_bio_PrivateKey_ex(in.get(),
                                             nullptr,
                                             RefusePassword,
                                             &askedForPassword,
                                             CryptoLibrary::Get().Context(),
                                             nullptr));
    if (!key)
    {
        throw std::invalid_argument(askedForPassword ? "the private key is encrypted"
                                                     : "the PEM text holds no private key");
    }
    const Result<std::shared_ptr<const CryptoKeyObject>> object = MakeKeyObject(std::move(key));
    if (!object)
    {
        throw std::invalid_argument("the private key is none of RSA with 512 to 8192 bits, DSA, or "
                                    "ECDSA with P-256, P-384 or P-521");
    }
    const PrivateKey made(*object);
    if (!IsConsistent(made))
    {
        throw std::invalid_argument("the private key does not belong to its public half");
    }
    return made;
}

} // namespace ipsec
} // namespace ns3
