// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-random-source.h"

namespace ns3
{
namespace ipsec
{

Octets
RandomSource::Draw(size_t count)
{
    Octets octets(count);
    Fill(octets.data(), count);
    return octets;
}

uint32_t
RandomSource::DrawU32()
{
    std::array<uint8_t, 4> octets{};
    Fill(octets.data(), octets.size());
    return OctetReader(octets).U32();
}

double
RandomSource::DrawUnit()
{
    return DrawU32() / 4294967296.0;
}

SeededRandomSource::SeededRandomSource(uint64_t seed)
    : m_generator(seed)
{
}

void
SeededRandomSource::Fill(uint8_t* out, size_t count)
{
    while (count > 0)
    {
        uint64_t word = m_generator();
        for (size_t i = 0; i < sizeof(word) && count > 0; i++, count--)
        {
            *out++ = word & 0xff;
            word >>= 8;
        }
    }
}

} // namespace ipsec
} // namespace ns3
