// SPDX-License-Identifier: GPL-2.0-only
#include "ike-engine-state.h"

#include "ns3/esp-header.h"

namespace ns3
{
namespace ipsec
{

IpsecSpis
EngineState::DrawSpis(const ChildConfig& child, RandomSource& random)
{
    IpsecSpis spis;
    spis.esp = NeedsSpi(child, ProtocolId::Esp) ? DrawSpi(random) : 0;
    spis.ah = NeedsSpi(child, ProtocolId::Ah) ? DrawSpi(random) : 0;
    return spis;
}

uint32_t
EngineState::DrawSpi(RandomSource& random)
{
    while (true)
    {
        const uint32_t spi = random.DrawU32();
        if (spi >= LOWEST_SPI && usedSpis.insert(spi).second)
        {
            return spi;
        }
    }
}

void
EngineState::FreeSpis(const IpsecSpis& spis)
{
    usedSpis.erase(spis.ah);
    usedSpis.erase(spis.esp);
}

void
EngineState::FreeUnusedSpis(const IpsecSpis& spis, const std::vector<IpsecSa>& used)
{
    FreeSpis(spis);
    for (const IpsecSa& sa : used)
    {
        usedSpis.insert(sa.spi);
    }
}

} // namespace ipsec
} // namespace ns3
