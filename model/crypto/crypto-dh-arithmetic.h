// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The arithmetic of a Diffie-Hellman group: what MODP and ECP groups do differently.
 */
#ifndef CRYPTO_DH_ARITHMETIC_H
#define CRYPTO_DH_ARITHMETIC_H

#include "crypto-algorithms.h"

#include "ns3/ipsec-octets.h"
#include "ns3/ipsec-random-source.h"

#include <openssl/bn.h>

#include <memory>

namespace ns3
{
namespace ipsec
{

/// Computes in one group. Made once per group and shared by all threads.
class DhArithmetic
{
  public:
    virtual ~DhArithmetic() = default;

    /// Draws a private value, in network order.
    virtual SecretBytes DrawExponent(RandomSource& random) const = 0;
    /**
     * Computes the body of the KE payload.
     * @throws std::invalid_argument if the group has no such private value.
     */
    virtual Octets PublicValue(OctetView exponent) const = 0;
    /// Tells whether a value, whose length is right, is one that a peer may have.
    virtual bool IsPublicValue(OctetView value) const = 0;
    /// Computes the shared secret with a peer's public value that was checked.
    virtual SecretBytes SharedSecret(OctetView exponent, OctetView peerPublicValue) const = 0;
};

/// Returns the arithmetic of a group, made at its first use and kept.
const DhArithmetic& ArithmeticOf(const DhGroup& group);

/// Makes the arithmetic of a MODP group.
std::unique_ptr<DhArithmetic> MakeModpArithmetic(const DhGroup& group);
/// Makes the arithmetic of an ECP group.
std::unique_ptr<DhArithmetic> MakeEcpArithmetic(const DhGroup& group);

/// Lends big numbers of the calling thread's context; they are wiped and given back when it goes.
class BigNumberFrame
{
  public:
    BigNumberFrame();
    ~BigNumberFrame();
    BigNumberFrame(const BigNumberFrame&) = delete;
    BigNumberFrame& operator=(const BigNumberFrame&) = delete;

    /// Lends a number that is zero.
    BIGNUM* Number();
    /// Lends the number that @p octets hold in network order.
    BIGNUM* Number(OctetView octets);
    /// Returns the context, for functions that need one.
    BN_CTX*
    Context() const
    {
        return m_context;
    }

  private:
    static constexpr size_t CAPACITY = 8;

    BN_CTX* m_context;
    BIGNUM* m_lent[CAPACITY] = {};
    size_t m_count = 0;
};

/// Throws if OpenSSL refused a computation on correct values, which means that memory ran out.
void RequireComputed(bool success);

} // namespace ipsec
} // namespace ns3

#endif // CRYPTO_DH_ARITHMETIC_H
