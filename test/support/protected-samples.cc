// SPDX-License-Identifier: GPL-2.0-only
#include "protected-samples.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

IpsecSa
SampleAh(uint32_t spi, IntegrityId integrity)
{
    IpsecSa sa = SampleSa(CipherId::Null, integrity);
    sa.protocol = ProtocolId::Ah;
    sa.spi = spi;
    return sa;
}

SampleBundle::SampleBundle(uint32_t ahSpi, uint32_t espSpi)
    : ah(SampleAh(ahSpi))
    , esp(SampleSa(espSpi))
{
    ah.bundledSpi = espSpi;
    ah.integrityKey = SampleKey(20, 3);
    esp.bundledSpi = ahSpi;
}

Transit::Transit(const Sealed& sealed)
    : ipHeader(Concat({sealed.header.Write(sealed.packet.size())}))
    , payload(sealed.packet)
{
}

Transit::Transit(OctetView packet)
    : ipHeader(packet.First(size_t{4} * (packet[0] & 15)).Copy())
    , payload(packet.From(ipHeader.size()).Copy())
{
}

ArrivedPacket
Transit::Arrival() const
{
    const OuterHeader header = ReadOuterHeader(ipHeader);
    ArrivedPacket packet;
    packet.protocol = header.protocol == IP_PROTOCOL_AH ? ProtocolId::Ah : ProtocolId::Esp;
    packet.source = {header.source, 0};
    packet.ipHeader = ipHeader;
    packet.typeOfService = header.typeOfService;
    packet.payload = payload;
    return packet;
}

const Sealed&
AsSealed(const ProtectVerdict& verdict)
{
    static const Sealed nothing{};
    const Sealed* sealed = std::get_if<Sealed>(&verdict);
    EXPECT_NE(sealed, nullptr) << Outcome(verdict);
    return sealed == nullptr ? nothing : *sealed;
}

const Opened&
AsOpened(const UnprotectVerdict& verdict)
{
    static const Opened nothing{};
    const Opened* opened = std::get_if<Opened>(&verdict);
    EXPECT_NE(opened, nullptr) << Outcome(verdict);
    return opened == nullptr ? nothing : *opened;
}

std::string
Outcome(const UnprotectVerdict& verdict)
{
    const Discarded* discarded = std::get_if<Discarded>(&verdict);
    return discarded == nullptr ? "Opened" : FaultName(discarded->fault);
}

std::string
Outcome(const ProtectVerdict& verdict)
{
    if (const Discarded* discarded = std::get_if<Discarded>(&verdict))
    {
        return FaultName(discarded->fault);
    }
    const bool isSealed = std::holds_alternative<Sealed>(verdict);
    return isSealed ? "Sealed" : std::holds_alternative<Staged>(verdict) ? "Staged" : "Bypassed";
}

} // namespace ipsec
} // namespace ns3
