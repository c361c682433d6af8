// SPDX-License-Identifier: GPL-2.0-only
#include "asymmetric-samples.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <utility>

namespace ns3
{
namespace ipsec
{

namespace
{

void
Require(bool success)
{
    if (!success)
    {
        throw std::runtime_error("OpenSSL refused what a test asked of it");
    }
}

using Number = std::unique_ptr<BIGNUM, decltype(&BN_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)>;
using Bio = std::unique_ptr<BIO, decltype(&BIO_free_all)>;

Key
KeyOf(const std::string& pem)
{
    const Bio in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free_all);
    Key key(PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
    Require(key != nullptr);
    return key;
}

Octets
RawRsa(const std::string& pem,
       OctetView block,
       int (*init)(EVP_PKEY_CTX*),
       int (*compute)(EVP_PKEY_CTX*, unsigned char*, size_t*, const unsigned char*, size_t))
{
    const Key key = KeyOf(pem);
    const KeyContext context(EVP_PKEY_CTX_new(key.get(), nullptr), EVP_PKEY_CTX_free);
    Octets out(static_cast<size_t>(EVP_PKEY_get_size(key.get())));
    size_t length = out.size();
    Require(init(context.get()) == 1 &&
            EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_NO_PADDING) == 1 &&
            compute(context.get(), out.data(), &length, block.data(), block.size()) == 1);
    return out;
}

/// One TLV of DER.
Octets
Tlv(uint8_t tag, OctetView body)
{
    Octets length;
    if (body.size() < 0x80)
    {
        length = {static_cast<uint8_t>(body.size())};
    }
    else
    {
        length = {
            0x82, static_cast<uint8_t>(body.size() >> 8), static_cast<uint8_t>(body.size() & 0xff)};
    }
    return Concat({Octets{tag}, length, body});
}

/// A positive INTEGER of DER.
Octets
Integer(OctetView number)
{
    while (number.size() > 1 && number[0] == 0)
    {
        number = number.From(1);
    }
    const Octets zero = {0};
    const bool needsZero = number.empty() || number[0] >= 0x80;
    return Tlv(0x02, Concat({needsZero ? OctetView(zero) : OctetView(), number}));
}

} // namespace

const PrivateKey&
SampleKeyPair(KeyKind kind, size_t bits)
{
    static std::map<std::pair<KeyKind, size_t>, PrivateKey> made;
    const auto at = std::make_pair(kind, bits);
    auto found = made.find(at);
    if (found == made.end())
    {
        SeededRandomSource random(4711 + bits + static_cast<size_t>(kind));
        found = made.emplace(at, PrivateKey::Generate(kind, bits, random)).first;
    }
    return found->second;
}

Octets
RsaKeyInfo(OctetView modulus, OctetView exponent)
{
    const Octets algorithm = FromHex("300d06092a864886f70d0101010500");
    const Octets key = Tlv(0x30, Concat({Integer(modulus), Integer(exponent)}));
    return Tlv(0x30, Concat({algorithm, Tlv(0x03, Concat({Octets{0}, key}))}));
}

std::string
PemOf(const std::string& algorithm,
      const std::map<std::string, Octets>& numbers,
      const std::string& curve,
      OctetView point)
{
    const std::unique_ptr<OSSL_PARAM_BLD, decltype(&OSSL_PARAM_BLD_free)> builder(
        OSSL_PARAM_BLD_new(), OSSL_PARAM_BLD_free);
    std::vector<Number> kept;
    for (const auto& [name, octets] : numbers)
    {
        kept.emplace_back(BN_bin2bn(octets.data(), static_cast<int>(octets.size()), nullptr),
                          BN_free);
        Require(OSSL_PARAM_BLD_push_BN(builder.get(), name.c_str(), kept.back().get()) == 1);
    }
    if (!curve.empty())
    {
        Require(OSSL_PARAM_BLD_push_utf8_string(
                    builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, curve.c_str(), 0) == 1 &&
                OSSL_PARAM_BLD_push_octet_string(
                    builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) == 1);
    }
    const std::unique_ptr<OSSL_PARAM, decltype(&OSSL_PARAM_free)> params(
        OSSL_PARAM_BLD_to_param(builder.get()), OSSL_PARAM_free);
    const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, algorithm.c_str(), nullptr),
                             EVP_PKEY_CTX_free);
    EVP_PKEY* made = nullptr;
    Require(EVP_PKEY_fromdata_init(context.get()) == 1 &&
            EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_KEYPAIR, params.get()) == 1);
    const Key key(made, EVP_PKEY_free);
    const Bio out(BIO_new(BIO_s_mem()), BIO_free_all);
    Require(PEM_write_bio_PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) ==
            1);
    char* text = nullptr;
    const long length = BIO_get_mem_data(out.get(), &text);
    return std::string(text, static_cast<size_t>(length));
}

Octets
RawRsaPrivate(const std::string& pem, OctetView block)
{
    return RawRsa(pem, block, EVP_PKEY_decrypt_init, EVP_PKEY_decrypt);
}

Octets
RawRsaPublic(const std::string& pem, OctetView block)
{
    return RawRsa(pem, block, EVP_PKEY_encrypt_init, EVP_PKEY_encrypt);
}

ScriptedRandomSource::ScriptedRandomSource(Octets octets)
    : m_octets(std::move(octets))
{
}

void
ScriptedRandomSource::Fill(uint8_t* out, size_t count)
{
    for (size_t i = 0; i < count; i++, m_drawn++)
    {
        out[i] = m_drawn < m_octets.size() ? m_octets[m_drawn] : 0;
    }
}

} // namespace ipsec
} // namespace ns3
