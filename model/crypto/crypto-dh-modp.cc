// SPDX-License-Identifier: GPL-2.0-only
#include "crypto-dh-arithmetic.h"
#include "crypto-library.h"

#include <cassert>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace ipsec
{

namespace
{

struct BigNumberDeleter
{
    void
    operator()(BIGNUM* number) const
    {
        BN_free(number);
    }
};

struct MontgomeryDeleter
{
    void
    operator()(BN_MONT_CTX* montgomery) const
    {
        BN_MONT_CTX_free(montgomery);
    }
};

using BigNumber = std::unique_ptr<BIGNUM, BigNumberDeleter>;
using Montgomery = std::unique_ptr<BN_MONT_CTX, MontgomeryDeleter>;

/// The generator of every MODP group of RFC 2409 and RFC 3526.
constexpr BN_ULONG GENERATOR = 2;

/// Primes by group number; OpenSSL carries them, and the tests compute them from the RFCs' formula.
constexpr struct
{
    uint16_t number;
    BIGNUM* (*prime)(BIGNUM*);
} PRIMES[] = {
    {1, BN_get_rfc2409_prime_768},
    {2, BN_get_rfc2409_prime_1024},
    {5, BN_get_rfc3526_prime_1536},
    {14, BN_get_rfc3526_prime_2048},
    {15, BN_get_rfc3526_prime_3072},
    {16, BN_get_rfc3526_prime_4096},
    {17, BN_get_rfc3526_prime_6144},
    {18, BN_get_rfc3526_prime_8192},
};

BigNumber
PrimeOf(const DhGroup& group)
{
    for (const auto& row : PRIMES)
    {
        if (row.number == group.number)
        {
            BigNumber prime(row.prime(nullptr));
            RequireComputed(prime != nullptr);
            return prime;
        }
    }
    throw std::runtime_error("no prime for group " + std::to_string(group.number));
}

/**
 * Powers of the generator for short exponents, by a comb (Lim and Lee, "More Flexible
 * Exponentiation with Precomputation"). The exponent's bits are laid out as TEETH rows of
 * m_columns bits. One multiplication by a kept product serves all bits of a column, and splitting
 * the columns into BLOCKS with tables of their own leaves only m_blockColumns - 1 squarings.
 */
class GeneratorComb
{
  public:
    GeneratorComb(size_t exponentBits, BN_MONT_CTX* montgomery, BN_CTX* context);

    /// Tells whether an exponent of this many bits has a place in the table.
    bool
    Holds(size_t exponentBits) const
    {
        return exponentBits <= TEETH * m_columns;
    }

    /// Computes the generator to the power of @p exponent into @p power.
    bool Raise(BIGNUM* power,
               const BIGNUM* exponent,
               BN_MONT_CTX* montgomery,
               BN_CTX* context) const;

  private:
    static constexpr size_t TEETH = 8;
    static constexpr size_t BLOCKS = 4;
    static constexpr size_t ENTRIES = size_t{1} << TEETH;

    bool FillTooth(size_t tooth,
                   size_t block,
                   const BIGNUM* power,
                   BN_MONT_CTX* montgomery,
                   BN_CTX*);
    size_t Entry(const BIGNUM* exponent, size_t column) const;

    size_t m_columns;
    size_t m_blockColumns;
    std::vector<BigNumber> m_products; ///< BLOCKS times ENTRIES, in Montgomery form; [0] unused
};

GeneratorComb::GeneratorComb(size_t exponentBits, BN_MONT_CTX* montgomery, BN_CTX* context)
    : m_columns((exponentBits + TEETH - 1) / TEETH)
    , m_blockColumns((m_columns + BLOCKS - 1) / BLOCKS)
    , m_products(BLOCKS * ENTRIES)
{
    assert((BLOCKS - 1) * m_blockColumns < m_columns);
    const BigNumber power(BN_new());
    RequireComputed(power != nullptr && BN_set_word(power.get(), GENERATOR) == 1 &&
                    BN_to_montgomery(power.get(), power.get(), montgomery, context) == 1);
    size_t bit = 0;
    for (size_t tooth = 0; tooth < TEETH; tooth++)
    {
        for (size_t block = 0; block < BLOCKS; block++)
        {
            for (; bit < tooth * m_columns + block * m_blockColumns; bit++)
            {
                RequireComputed(BN_mod_mul_montgomery(
                                    power.get(), power.get(), power.get(), montgomery, context) ==
                                1);
            }
            RequireComputed(FillTooth(tooth, block, power.get(), montgomery, context));
        }
    }
}

/// Fills the entries of a block whose highest tooth is @p tooth from those without it.
bool
GeneratorComb::FillTooth(size_t tooth,
                         size_t block,
                         const BIGNUM* power,
                         BN_MONT_CTX* montgomery,
                         BN_CTX* context)
{
    const size_t first = size_t{1} << tooth;
    BigNumber* products = &m_products[block * ENTRIES];
    products[first].reset(BN_dup(power));
    bool success = products[first] != nullptr;
    for (size_t i = 1; success && i < first; i++)
    {
        products[first + i].reset(BN_new());
        success =
            products[first + i] != nullptr &&
            BN_mod_mul_montgomery(
                products[first + i].get(), products[i].get(), power, montgomery, context) == 1;
    }
    return success;
}

/// Collects the bits of one column, one from each tooth.
size_t
GeneratorComb::Entry(const BIGNUM* exponent, size_t column) const
{
    size_t entry = 0;
    for (size_t tooth = 0; tooth < TEETH; tooth++)
    {
        const auto bit = static_cast<int>(tooth * m_columns + column);
        entry |= static_cast<size_t>(BN_is_bit_set(exponent, bit)) << tooth;
    }
    return entry;
}

bool
GeneratorComb::Raise(BIGNUM* power,
                     const BIGNUM* exponent,
                     BN_MONT_CTX* montgomery,
                     BN_CTX* context) const
{
    bool success = true;
    // Until the first product the power is one: nothing is multiplied by that.
    bool isOne = true;
    const auto multiply = [&](const BIGNUM* factor)
    {
        success = success &&
                  (isOne ? BN_copy(power, factor) != nullptr
                         : BN_mod_mul_montgomery(power, power, factor, montgomery, context) == 1);
        isOne = false;
    };
    for (size_t j = m_blockColumns; j-- > 0;)
    {
        if (!isOne)
        {
            multiply(power);
        }
        for (size_t block = 0; block < BLOCKS; block++)
        {
            const size_t column = block * m_blockColumns + j;
            const size_t entry = column < m_columns ? Entry(exponent, column) : 0;
            if (entry != 0)
            {
                multiply(m_products[block * ENTRIES + entry].get());
            }
        }
    }
    success =
        success && (!isOne || BN_to_montgomery(power, BN_value_one(), montgomery, context) == 1);
    return success && BN_from_montgomery(power, power, montgomery, context) == 1;
}

class ModpArithmetic : public DhArithmetic
{
  public:
    explicit ModpArithmetic(const DhGroup& group);

    SecretBytes DrawExponent(RandomSource& random) const override;
    Octets PublicValue(OctetView exponent) const override;
    bool IsPublicValue(OctetView value) const override;
    SecretBytes SharedSecret(OctetView exponent, OctetView peerPublicValue) const override;

  private:
    bool IsInRange(const BIGNUM* value, BigNumberFrame& frame) const;
    Octets ToOctets(const BIGNUM* value) const;

    const DhGroup m_group;
    BigNumber m_prime;
    Montgomery m_montgomery;
    mutable std::once_flag m_combOnce;
    mutable std::unique_ptr<const GeneratorComb> m_comb; ///< made by the first public value
};

ModpArithmetic::ModpArithmetic(const DhGroup& group)
    : m_group(group)
    , m_prime(PrimeOf(group))
    , m_montgomery(BN_MONT_CTX_new())
{
    const BigNumberFrame frame;
    RequireComputed(m_montgomery != nullptr &&
                    BN_MONT_CTX_set(m_montgomery.get(), m_prime.get(), frame.Context()) == 1);
}

SecretBytes
ModpArithmetic::DrawExponent(RandomSource& random) const
{
    const size_t bits = m_group.exponentBits;
    Octets exponent = random.Draw((bits + 7) / 8);
    // The highest bit is always set: the length is what the group asks for, and never 0 or 1.
    const auto highest = static_cast<uint8_t>(1U << ((bits - 1) % 8));
    exponent[0] = static_cast<uint8_t>((exponent[0] & (highest - 1)) | highest);
    return SecretBytes(std::move(exponent));
}

Octets
ModpArithmetic::PublicValue(OctetView exponent) const
{
    BigNumberFrame frame;
    const BIGNUM* x = frame.Number(exponent);
    BIGNUM* y = frame.Number();
    BN_CTX* context = frame.Context();
    std::call_once(m_combOnce,
                   [&]
                   {
                       m_comb = std::make_unique<const GeneratorComb>(
                           m_group.exponentBits, m_montgomery.get(), context);
                   });
    if (m_comb->Holds(BN_num_bits(x)))
    {
        RequireComputed(m_comb->Raise(y, x, m_montgomery.get(), context));
    }
    else
    {
        RequireComputed(
            BN_mod_exp_mont_word(y, GENERATOR, x, m_prime.get(), context, m_montgomery.get()) == 1);
    }
    if (!IsInRange(y, frame))
    {
        throw std::invalid_argument("the private value gives a public value of 0, 1 or p-1; "
                                    "choose another one");
    }
    return ToOctets(y);
}

bool
ModpArithmetic::IsPublicValue(OctetView value) const
{
    BigNumberFrame frame;
    return IsInRange(frame.Number(value), frame);
}

SecretBytes
ModpArithmetic::SharedSecret(OctetView exponent, OctetView peerPublicValue) const
{
    BigNumberFrame frame;
    const BIGNUM* y = frame.Number(peerPublicValue);
    const BIGNUM* x = frame.Number(exponent);
    BIGNUM* secret = frame.Number();
    RequireComputed(
        BN_mod_exp_mont(secret, y, x, m_prime.get(), frame.Context(), m_montgomery.get()) == 1);
    return SecretBytes(ToOctets(secret));
}

/// Tells whether 1 < value < p - 1: the others generate at most two secrets (RFC 2412 section 5).
bool
ModpArithmetic::IsInRange(const BIGNUM* value, BigNumberFrame& frame) const
{
    BIGNUM* limit = frame.Number();
    RequireComputed(BN_sub(limit, m_prime.get(), BN_value_one()) == 1);
    return BN_cmp(value, BN_value_one()) > 0 && BN_cmp(value, limit) < 0;
}

Octets
ModpArithmetic::ToOctets(const BIGNUM* value) const
{
    Octets octets(m_group.keOctets);
    RequireComputed(BN_bn2binpad(value, octets.data(), static_cast<int>(octets.size())) >= 0);
    return octets;
}

} // namespace

std::unique_ptr<DhArithmetic>
MakeModpArithmetic(const DhGroup& group)
{
    return std::make_unique<ModpArithmetic>(group);
}

} // namespace ipsec
} // namespace ns3
