// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-stream-random-source.h"

#include <algorithm>
#include <limits>

namespace ns3
{
namespace ipsec
{

IpsecStreamRandomSource::IpsecStreamRandomSource()
    : m_uniform(CreateObject<UniformRandomVariable>())
{
}

void
IpsecStreamRandomSource::SetStream(int64_t stream)
{
    m_uniform->SetStream(stream);
}

void
IpsecStreamRandomSource::Fill(uint8_t* out, size_t count)
{
    constexpr size_t octetsPerDraw = 4;
    while (count > 0)
    {
        uint32_t draw = m_uniform->GetInteger(0, std::numeric_limits<uint32_t>::max());
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
