// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The one source of randomness.
 */
#ifndef IPSEC_RANDOM_SOURCE_H
#define IPSEC_RANDOM_SOURCE_H

#include "ipsec-octets.h"

#include <random>

namespace ns3
{
namespace ipsec
{

/**
 * Gives every random octet that the core uses: cookies, nonces, SPIs, message IDs, exponents, IVs,
 * jitter. In a simulation it is deterministic and therefore never fit for real use.
 */
class RandomSource
{
  public:
    virtual ~RandomSource() = default;

    /// Fills @p count octets at @p out.
    virtual void Fill(uint8_t* out, size_t count) = 0;

    /// Draws @p count octets.
    Octets Draw(size_t count);
    /// Draws 32 bits.
    uint32_t DrawU32();
    /// Draws a number in [0, 1).
    double DrawUnit();
};

/// Repeats the same octets for the same seed; for tests, fuzzing and benchmarks.
class SeededRandomSource : public RandomSource
{
  public:
    explicit SeededRandomSource(uint64_t seed);
    void Fill(uint8_t* out, size_t count) override;

  private:
    std::mt19937_64 m_generator;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_RANDOM_SOURCE_H
