// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-stream-random-source.h"

#include "ns3/rng-seed-manager.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

/// ns-3's streams that are given by hand are in the upper half of all.
constexpr uint64_t FIRST_BY_HAND = uint64_t{1} << 63;
/// How many numbers four octets can be.
constexpr double NUMBERS = 4294967296.0;

RngStream
MakeStream(uint64_t number)
{
    return {RngSeedManager::GetSeed(), number, RngSeedManager::GetRun()};
}

} // namespace

IpsecStreamRandomSource::IpsecStreamRandomSource()
    : m_stream(MakeStream(RngSeedManager::GetNextStreamIndex()))
{
}

void
IpsecStreamRandomSource::SetStream(int64_t stream)
{
    m_stream = MakeStream(stream < 0 ? RngSeedManager::GetNextStreamIndex()
                                     : FIRST_BY_HAND + static_cast<uint64_t>(stream));
}

void
IpsecStreamRandomSource::Fill(uint8_t* out, size_t count)
{
    constexpr size_t octetsPerDraw = 4;
    while (count > 0)
    {
        auto draw = static_cast<uint32_t>(m_stream.RandU01() * NUMBERS);
        const size_t octets = std::min(count, octetsPerDraw);
        for (size_t i = 0; i < octets; ++i)
        {
            *out++ = static_cast<uint8_t>(draw >> 24);
            draw <<= 8;
        }
        count -= octets;
    }
}

} // namespace ipsec
} // namespace ns3
