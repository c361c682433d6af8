// SPDX-License-Identifier: GPL-2.0-only
#include "crypto-library.h"

#include "crypto-openssl-handle.h"
#include "crypto-openssl-random.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/params.h>
#include <openssl/provider.h>

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>
#include <string>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr size_t HASH_COUNT = static_cast<size_t>(HashId::Sha512) + 1;

/// Remembers the key that a context has, unless it is longer than those of packets ever are.
class LastKey
{
  public:
    bool
    Is(OctetView key) const
    {
        return m_isKnown && key == OctetView(m_octets.data(), m_size);
    }

    void
    Set(OctetView key)
    {
        m_isKnown = key.size() <= m_octets.size();
        m_size = m_isKnown ? key.size() : 0;
        std::copy_n(key.begin(), m_size, m_octets.begin());
    }

    void
    Forget()
    {
        m_isKnown = false;
    }

  private:
    std::array<uint8_t, 64> m_octets{};
    size_t m_size = 0;
    bool m_isKnown = false;
};

/// A context and the key that it has.
template <typename Handle>
struct Kept
{
    Handle context;
    LastKey key;
};

using KeptHmac = Kept<OpensslHandle<EVP_MAC_CTX, EVP_MAC_CTX_free>>;
using KeptCipher = Kept<OpensslHandle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>>;

/// The contexts of one thread, each made at its first use.
struct ThreadContexts
{
    OpensslHandle<EVP_MD_CTX, EVP_MD_CTX_free> md;
    std::array<KeptHmac, HASH_COUNT> hmac;
    /// One for each direction: most ciphers expand their keys differently to decrypt.
    std::array<std::array<KeptCipher, 2>, CIPHER_COUNT> cipher;
    OpensslHandle<BN_CTX, BN_CTX_free> bn;
};

ThreadContexts&
Mine()
{
    thread_local ThreadContexts contexts;
    return contexts;
}

/// Throws if OpenSSL had no memory for an object or does not know the algorithm.
template <typename T>
T*
Require(T* object, const std::string& what)
{
    if (object == nullptr)
    {
        throw std::runtime_error("this OpenSSL does not provide " + what);
    }
    return object;
}

decltype(KeptHmac::context)
MakeHmacContext(EVP_MAC* hmac, HashId hash)
{
    const std::string name = GetHash(hash).opensslName;
    decltype(KeptHmac::context) made(Require(EVP_MAC_CTX_new(hmac), "a context for HMAC"));
    std::string digest = name;
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
        OSSL_PARAM_construct_end()};
    if (EVP_MAC_CTX_set_params(made.get(), params) != 1)
    {
        throw std::runtime_error("this OpenSSL does not provide HMAC with " + name);
    }
    return made;
}

decltype(KeptCipher::context)
MakeCipherContext(const EVP_CIPHER* cipher, CipherId id)
{
    decltype(KeptCipher::context) made(Require(EVP_CIPHER_CTX_new(), "a cipher context"));
    // Not by EVP_CIPHER_CTX_set_padding(), after which every use would set the parameter again.
    unsigned int padding = 0;
    const OSSL_PARAM params[] = {OSSL_PARAM_construct_uint(OSSL_CIPHER_PARAM_PADDING, &padding),
                                 OSSL_PARAM_construct_end()};
    if (EVP_EncryptInit_ex2(made.get(), cipher, nullptr, nullptr, nullptr) != 1 ||
        EVP_CIPHER_CTX_set_params(made.get(), params) != 1)
    {
        throw std::runtime_error(std::string("this OpenSSL does not provide ") +
                                 GetCipher(id).opensslName);
    }
    return made;
}

} // namespace

struct CryptoLibrary::Content
{
    // Members go in the reverse order: what was fetched goes before its provider and context.
    OpensslHandle<OSSL_LIB_CTX, OSSL_LIB_CTX_free> context;
    OpensslHandle<OSSL_PROVIDER, OSSL_PROVIDER_unload> randomProvider;
    OpensslHandle<OSSL_PROVIDER, OSSL_PROVIDER_unload> defaultProvider;
    OpensslHandle<OSSL_PROVIDER, OSSL_PROVIDER_unload> legacyProvider;
    std::array<OpensslHandle<EVP_MD, EVP_MD_free>, HASH_COUNT> hashes;
    std::array<OpensslHandle<EVP_CIPHER, EVP_CIPHER_free>, CIPHER_COUNT> ciphers;
    OpensslHandle<EVP_MAC, EVP_MAC_free> hmac;

    Content();
};

CryptoLibrary::Content::Content()
{
    // Nothing is cleaned up at the end of the program, as nothing is here.
    OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, nullptr);
    context.reset(Require(OSSL_LIB_CTX_new(), "a library context"));
    randomProvider.reset(UseRandomScopes(context.get()));
    defaultProvider.reset(
        Require(OSSL_PROVIDER_load(context.get(), "default"), "the default provider"));
    legacyProvider.reset(Require(OSSL_PROVIDER_load(context.get(), "legacy"),
                                 "the legacy provider, which holds DES-CBC"));
    for (size_t i = 0; i < HASH_COUNT; i++)
    {
        const char* name = GetHash(static_cast<HashId>(i)).opensslName;
        hashes[i].reset(Require(EVP_MD_fetch(context.get(), name, nullptr), name));
    }
    for (size_t i = 0; i < CIPHER_COUNT; i++)
    {
        const char* name = GetCipher(static_cast<CipherId>(i)).opensslName;
        if (name != nullptr)
        {
            ciphers[i].reset(Require(EVP_CIPHER_fetch(context.get(), name, nullptr), name));
        }
    }
    hmac.reset(Require(EVP_MAC_fetch(context.get(), "HMAC", nullptr), "HMAC"));
}

CryptoLibrary&
CryptoLibrary::Get()
{
    // It never goes: keys and certificates may be held by objects that the program destroys last,
    // such as a static table that was empty when the library was made.
    static CryptoLibrary& library = *new CryptoLibrary();
    return library;
}

CryptoLibrary::CryptoLibrary()
    : m_content(std::make_unique<Content>())
{
}

CryptoLibrary::~CryptoLibrary() = default;

OSSL_LIB_CTX*
CryptoLibrary::Context() const
{
    return m_content->context.get();
}

const EVP_MD*
CryptoLibrary::Md(HashId hash) const
{
    return m_content->hashes[static_cast<size_t>(hash)].get();
}

const EVP_CIPHER*
CryptoLibrary::Cipher(CipherId cipher) const
{
    return m_content->ciphers[static_cast<size_t>(cipher)].get();
}

EVP_MD_CTX*
CryptoLibrary::MdContext()
{
    auto& md = Mine().md;
    if (!md)
    {
        md.reset(Require(EVP_MD_CTX_new(), "a digest context"));
    }
    return md.get();
}

EVP_MAC_CTX*
CryptoLibrary::KeyedHmac(HashId hash, OctetView key)
{
    KeptHmac& kept = Mine().hmac[static_cast<size_t>(hash)];
    if (!kept.context)
    {
        kept.context = MakeHmacContext(m_content->hmac.get(), hash);
    }
    // A null key means "the key of the last call", so an empty key needs an address.
    static const uint8_t emptyKey = 0;
    const bool isKeyed = kept.key.Is(key);
    const uint8_t* const octets = key.empty() ? &emptyKey : key.data();
    if (EVP_MAC_init(
            kept.context.get(), isKeyed ? nullptr : octets, isKeyed ? 0 : key.size(), nullptr) != 1)
    {
        kept.key.Forget();
        return nullptr;
    }
    if (!isKeyed)
    {
        kept.key.Set(key);
    }
    return kept.context.get();
}

EVP_CIPHER_CTX*
CryptoLibrary::KeyedCipher(CipherId cipher, CipherDirection direction, OctetView key, OctetView iv)
{
    KeptCipher& kept = Mine().cipher[static_cast<size_t>(cipher)][static_cast<size_t>(direction)];
    if (!kept.context)
    {
        kept.context = MakeCipherContext(Cipher(cipher), cipher);
    }
    const bool isKeyed = kept.key.Is(key);
    if (EVP_CipherInit_ex2(kept.context.get(),
                           nullptr,
                           isKeyed ? nullptr : key.data(),
                           iv.data(),
                           static_cast<int>(direction),
                           nullptr) != 1)
    {
        kept.key.Forget();
        return nullptr;
    }
    if (!isKeyed)
    {
        kept.key.Set(key);
    }
    return kept.context.get();
}

BN_CTX*
CryptoLibrary::BnContext()
{
    auto& bn = Mine().bn;
    if (!bn)
    {
        bn.reset(Require(BN_CTX_new_ex(Context()), "a context for big numbers"));
    }
    return bn.get();
}

} // namespace ipsec
} // namespace ns3
