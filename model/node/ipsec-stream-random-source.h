// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Randomness of the core from a stream of ns-3.
 */
#ifndef IPSEC_STREAM_RANDOM_SOURCE_H
#define IPSEC_STREAM_RANDOM_SOURCE_H

#include "ns3/ipsec-random-source.h"
#include "ns3/rng-stream.h"

namespace ns3
{
namespace ipsec
{

/// Draws the core's octets from one random stream, so that seed, run and stream number decide them.
class IpsecStreamRandomSource : public RandomSource
{
  public:
    IpsecStreamRandomSource();

    /// Uses the stream of this number from now on.
    void SetStream(int64_t stream);
    void Fill(uint8_t* out, size_t count) override;

  private:
    /// Draws the numbers that a variable of ns-3 would draw, and counts as one where ns-3 gives
    /// streams by itself, in a quarter of the memory.
    RngStream m_stream;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_STREAM_RANDOM_SOURCE_H
