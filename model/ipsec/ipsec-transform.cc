// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-transform.h"

#include "ah-transform.h"
#include "esp-transform.h"

#include <utility>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Adds the work of an ICV over @p octets, if an HMAC makes it: GCM's is in the cipher's price.
void
AddIcvWork(const IpsecSa& sa, size_t octets, Work& work)
{
    const bool isFromCipher = sa.protocol == ProtocolId::Esp && GetCipher(sa.cipher).icvOctets > 0;
    if (sa.integrity != IntegrityId::None && !isFromCipher)
    {
        work.Add(WorkKind::IcvOctets, static_cast<uint16_t>(sa.integrity), octets);
    }
}

/// Adds the work of encrypting or decrypting an ESP packet.
void
AddCipherWork(const IpsecSa& sa, size_t espOctets, Work& work)
{
    const CipherAlgorithm& cipher = GetCipher(sa.cipher);
    if (cipher.mode != CipherMode::None)
    {
        const size_t clearOctets =
            ESP_HEADER_OCTETS + cipher.ivOctets + EspIcvOctets(sa.cipher, sa.integrity);
        work.Add(WorkKind::CipherOctets, static_cast<uint16_t>(sa.cipher), espOctets - clearOctets);
    }
}

/// Adds the work that opening an ESP packet took, refused or not.
void
AddEspOpenWork(const IpsecSa& sa, size_t espOctets, const Result<SaContent>& content, Work& work)
{
    const bool refusedBySize = !content && (content.GetFault() == Fault::EspTooShort ||
                                            content.GetFault() == Fault::EspNotAligned);
    if (refusedBySize)
    {
        return;
    }
    AddIcvWork(sa, espOctets - EspIcvOctets(sa.cipher, sa.integrity), work);
    const bool isFromCipher = GetCipher(sa.cipher).icvOctets > 0;
    if (content || content.GetFault() != Fault::BadIcv || isFromCipher)
    {
        AddCipherWork(sa, espOctets, work);
    }
}

} // namespace

uint8_t
IpProtocolOf(ProtocolId protocol)
{
    return protocol == ProtocolId::Ah ? IP_PROTOCOL_AH : IP_PROTOCOL_ESP;
}

size_t
SaOverhead(const IpsecSa& sa, size_t payloadOctets)
{
    return sa.protocol == ProtocolId::Ah ? AhOverhead(sa.integrity)
                                         : EspOverhead(sa.cipher, sa.integrity, payloadOctets);
}

Result<Octets>
SealCargo(const IpsecSa& sa,
          uint64_t sequence,
          const Cargo& cargo,
          const OuterHeader& outer,
          RandomSource& random,
          Work& work,
          Octets memory)
{
    if (sa.protocol == ProtocolId::Ah)
    {
        const size_t octets = AhOverhead(sa.integrity) + cargo.payload.size();
        const auto ipHeader = outer.Write(octets);
        AddIcvWork(sa, ipHeader.size() + octets, work);
        return SealAh(sa, sequence, cargo.nextHeader, cargo.payload, ipHeader);
    }
    Result<Octets> esp =
        SealEsp(sa, sequence, cargo.nextHeader, cargo.payload, random, std::move(memory));
    if (esp)
    {
        AddCipherWork(sa, esp->size(), work);
        AddIcvWork(sa, esp->size() - EspIcvOctets(sa.cipher, sa.integrity), work);
    }
    return esp;
}

Result<SaPacketName>
ReadPacketName(ProtocolId protocol, OctetView packet)
{
    if (protocol == ProtocolId::Ah)
    {
        const Result<AhHeader> ah = ParseAhHeader(packet);
        return ah ? Result<SaPacketName>({ah->spi, ah->sequence}) : ah.GetFault();
    }
    const Result<EspHeader> esp = ParseEspHeader(packet);
    return esp ? Result<SaPacketName>({esp->spi, esp->sequence}) : esp.GetFault();
}

Result<SaContent>
OpenCargo(const IpsecSa& sa,
          uint64_t sequence,
          OctetView ipHeader,
          OctetView packet,
          Work& work,
          Octets memory)
{
    const uint32_t sequenceHigh = static_cast<uint32_t>(sequence >> 32);
    if (sa.protocol == ProtocolId::Ah)
    {
        Result<SaContent> content = OpenAh(sa, ipHeader, packet, sequenceHigh);
        if (content || content.GetFault() == Fault::BadIcv)
        {
            AddIcvWork(sa, ipHeader.size() + packet.size(), work);
        }
        return content;
    }
    Result<SaContent> content = OpenEsp(sa, packet, sequenceHigh, std::move(memory));
    AddEspOpenWork(sa, packet.size(), content, work);
    return content;
}

} // namespace ipsec
} // namespace ns3
