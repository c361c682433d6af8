// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The suites that handshakes are timed with, and the exponentiations that both ends of a tunnel
 * cannot do without, by OpenSSL alone: what tunnels cost is told in relation to these.
 */
#ifndef RAW_DH_H
#define RAW_DH_H

#include "ns3/ipsec-random-source.h"

#include <openssl/bn.h>

#include <array>

/// Main mode and quick mode by pre-shared key, in one group.
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

    /// Does those of one tunnel, and returns the last value.
    const BIGNUM*
    OneTunnel()
    {
        for (int i = 0; i < m_times; i++)
        {
            BN_mod_exp_mont_word(m_result, GENERATOR, m_exponent, m_prime, m_context, m_montgomery);
            BN_mod_exp_mont(m_result, m_base, m_exponent, m_prime, m_context, m_montgomery);
        }
        return m_result;
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

#endif // RAW_DH_H
