// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The suites that handshakes are timed with, and the cryptography that both ends of a tunnel cannot
 * do without, by OpenSSL alone: what tunnels cost is told in relation to it.
 */
#ifndef RAW_TUNNEL_H
#define RAW_TUNNEL_H

#include "ns3/ipsec-random-source.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>

#include <array>
#include <cstdint>
#include <cstdlib>

/// Main mode and quick mode by pre-shared key, in one group, with AES of 128 bits and SHA-1.
struct RawSuite
{
    const char* phase1;
    const char* phase2;
    int exponentBits;
    bool pfs;
    BIGNUM* (*prime)(BIGNUM*);
};

/// With and without PFS in groups 2 and 14.
inline const std::array<RawSuite, 4> RAW_SUITES = {{
    {"pre-g2-aes128-sha", "nopfs-esp-aes128-sha", 160, false, BN_get_rfc2409_prime_1024},
    {"pre-g2-aes128-sha", "g2-esp-aes128-sha", 160, true, BN_get_rfc2409_prime_1024},
    {"pre-g14-aes128-sha", "nopfs-esp-aes128-sha", 225, false, BN_get_rfc3526_prime_2048},
    {"pre-g14-aes128-sha", "g14-esp-aes128-sha", 225, true, BN_get_rfc3526_prime_2048},
}};

/// Two public values and two shared secrets for phase 1, the same again for PFS; without a table
/// for the generator.
class RawExponentiations
{
  public:
    explicit RawExponentiations(const RawSuite& suite)
        : m_times(suite.pfs ? 4 : 2)
        , m_context(BN_CTX_new())
        , m_prime(suite.prime(nullptr))
        , m_montgomery(BN_MONT_CTX_new())
        , m_exponent(BN_new())
        , m_base(BN_new())
        , m_result(BN_new())
    {
        BN_MONT_CTX_set(m_montgomery, m_prime, m_context);
        ns3::ipsec::SeededRandomSource random(1);
        const ns3::ipsec::Octets bits = random.Draw(static_cast<size_t>(suite.exponentBits) / 8);
        BN_bin2bn(bits.data(), static_cast<int>(bits.size()), m_exponent);
        BN_mod_exp_mont_word(m_base, GENERATOR, m_exponent, m_prime, m_context, m_montgomery);
    }

    RawExponentiations(const RawExponentiations&) = delete;
    RawExponentiations& operator=(const RawExponentiations&) = delete;

    ~RawExponentiations()
    {
        BN_free(m_result);
        BN_free(m_base);
        BN_free(m_exponent);
        BN_MONT_CTX_free(m_montgomery);
        BN_free(m_prime);
        BN_CTX_free(m_context);
    }

    /// Does those of one tunnel.
    void
    OneTunnel()
    {
        for (int i = 0; i < m_times; i++)
        {
            BN_mod_exp_mont_word(m_result, GENERATOR, m_exponent, m_prime, m_context, m_montgomery);
            BN_mod_exp_mont(m_result, m_base, m_exponent, m_prime, m_context, m_montgomery);
        }
    }

  private:
    static constexpr BN_ULONG GENERATOR = 2;

    int m_times;
    BN_CTX* m_context;
    BIGNUM* m_prime;
    BN_MONT_CTX* m_montgomery;
    BIGNUM* m_exponent;
    BIGNUM* m_base;
    BIGNUM* m_result;
};

/**
 * All but exponentiations, with one kept context for each algorithm: 26 prf (RFC 2409 sections 5
 * and 5.5), 10 messages through the cipher (appendix B), and 12 hashes (appendix B for IVs, RFC
 * 3947 section 3.2 for NAT-D), on as many octets as they have.
 */
class RawSymmetric
{
  public:
    explicit RawSymmetric(const RawSuite& suite)
        : m_publicOctets(suite.exponentBits == RAW_SUITES.front().exponentBits ? 128 : 256)
        , m_secretOfQuickMode(suite.pfs ? m_publicOctets : 0)
        , m_cipher(EVP_CIPHER_fetch(nullptr, "AES-128-CBC", nullptr))
        , m_hash(EVP_MD_fetch(nullptr, "SHA1", nullptr))
        , m_mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr))
        , m_cipherContext(EVP_CIPHER_CTX_new())
        , m_hashContext(EVP_MD_CTX_new())
        , m_macContext(EVP_MAC_CTX_new(m_mac))
    {
        char digest[] = "SHA1";
        const OSSL_PARAM parameters[] = {
            OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
            OSSL_PARAM_construct_end()};
        Require(EVP_MAC_init(m_macContext, m_key.data(), m_key.size(), parameters));
        Require(
            EVP_CipherInit_ex2(m_cipherContext, m_cipher, m_key.data(), m_key.data(), 1, nullptr));
        EVP_CIPHER_CTX_set_padding(m_cipherContext, 0);
    }

    RawSymmetric(const RawSymmetric&) = delete;
    RawSymmetric& operator=(const RawSymmetric&) = delete;

    ~RawSymmetric()
    {
        EVP_MAC_CTX_free(m_macContext);
        EVP_MD_CTX_free(m_hashContext);
        EVP_CIPHER_CTX_free(m_cipherContext);
        EVP_MAC_free(m_mac);
        EVP_MD_free(m_hash);
        EVP_CIPHER_free(m_cipher);
    }

    /// Does those of both ends of one tunnel.
    void
    OneTunnel()
    {
        OneEnd(1);
        OneEnd(0);
    }

  private:
    static constexpr size_t COOKIES = 16;
    static constexpr size_t NONCES = 32;
    static constexpr size_t MESSAGE_ID = 4;
    static constexpr size_t DIGEST = 20;
    static constexpr size_t SA_BODY = 52;
    static constexpr size_t ID_BODY = 8;
    /// Security association, nonce and two identities of a quick mode.
    static constexpr size_t QUICK_BODY = SA_BODY + 20 + 2 * 16;
    /// What KEYMAT is made of: protocol, SPI and nonces.
    static constexpr size_t KEYMAT_SEED = 5 + NONCES;

    static void
    Require(int result)
    {
        if (result != 1)
        {
            std::abort();
        }
    }

    void
    OneEnd(int encryptsFirst)
    {
        // SKEYID and its three daughters.
        Prf(NONCES);
        Prf(m_publicOctets + COOKIES + 1);
        Prf(DIGEST + m_publicOctets + COOKIES + 1);
        Prf(DIGEST + m_publicOctets + COOKIES + 1);
        // HASH_I and HASH_R; HASH(1) to HASH(3).
        Prf(2 * m_publicOctets + COOKIES + SA_BODY + ID_BODY);
        Prf(2 * m_publicOctets + COOKIES + SA_BODY + ID_BODY);
        Prf(MESSAGE_ID + QUICK_BODY + m_secretOfQuickMode);
        Prf(MESSAGE_ID + NONCES / 2 + QUICK_BODY + m_secretOfQuickMode);
        Prf(1 + MESSAGE_ID + NONCES);
        // 36 octets of KEYMAT in each direction.
        for (int direction = 0; direction < 2; direction++)
        {
            Prf(m_secretOfQuickMode + KEYMAT_SEED);
            Prf(DIGEST + m_secretOfQuickMode + KEYMAT_SEED);
        }
        // Main mode's fifth and sixth message, and those of quick mode; lengths are whole blocks.
        Cipher(48, encryptsFirst);
        Cipher(48, 1 - encryptsFirst);
        Cipher((24 + QUICK_BODY + m_secretOfQuickMode + 15) / 16 * 16, encryptsFirst);
        Cipher((24 + QUICK_BODY + m_secretOfQuickMode + 15) / 16 * 16, 1 - encryptsFirst);
        Cipher(32, encryptsFirst);
        // NAT-D of both ends as sent and as expected, and the IVs of both phases.
        for (int natDetection = 0; natDetection < 4; natDetection++)
        {
            Hash(COOKIES + 6);
        }
        Hash(2 * m_publicOctets);
        Hash(16 + MESSAGE_ID);
    }

    void
    Prf(size_t octets)
    {
        size_t written = 0;
        EVP_MAC_init(m_macContext, m_key.data(), m_key.size(), nullptr);
        EVP_MAC_update(m_macContext, m_text.data(), octets);
        EVP_MAC_final(m_macContext, m_digest.data(), &written, m_digest.size());
    }

    void
    Cipher(size_t octets, int encrypt)
    {
        int written = 0;
        EVP_CipherInit_ex2(
            m_cipherContext, nullptr, m_key.data(), m_digest.data(), encrypt, nullptr);
        EVP_CipherUpdate(
            m_cipherContext, m_text.data(), &written, m_text.data(), static_cast<int>(octets));
    }

    void
    Hash(size_t octets)
    {
        EVP_DigestInit_ex2(m_hashContext, m_hash, nullptr);
        EVP_DigestUpdate(m_hashContext, m_text.data(), octets);
        EVP_DigestFinal_ex(m_hashContext, m_digest.data(), nullptr);
    }

    size_t m_publicOctets;
    size_t m_secretOfQuickMode;
    EVP_CIPHER* m_cipher;
    EVP_MD* m_hash;
    EVP_MAC* m_mac;
    EVP_CIPHER_CTX* m_cipherContext;
    EVP_MD_CTX* m_hashContext;
    EVP_MAC_CTX* m_macContext;
    std::array<uint8_t, DIGEST> m_key{};
    std::array<uint8_t, EVP_MAX_MD_SIZE> m_digest{};
    std::array<uint8_t, 1024> m_text{};
};

#endif // RAW_TUNNEL_H
