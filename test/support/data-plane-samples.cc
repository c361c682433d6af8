// SPDX-License-Identifier: GPL-2.0-only
#include "data-plane-samples.h"

#include "ns3/esp-header.h"

#include <cassert>
#include <utility>

namespace ns3
{
namespace ipsec
{

RepeatedRandomSource::RepeatedRandomSource(Octets octets)
    : m_octets(std::move(octets))
{
}

void
RepeatedRandomSource::Fill(uint8_t* out, size_t count)
{
    for (size_t i = 0; i < count; i++)
    {
        out[i] = m_octets[i % m_octets.size()];
    }
}

SecretBytes
SampleKey(size_t count, uint8_t seed)
{
    return SecretBytes(SeededRandomSource(seed).Draw(count));
}

ArrivedPacket
Arrived(const Endpoint& source, OctetView esp)
{
    ArrivedPacket packet;
    packet.source = source;
    packet.payload = esp;
    return packet;
}

Endpoint
GatewayA()
{
    return {IpAddress::Parse("192.0.2.1"), NATT_PORT};
}

Endpoint
GatewayB()
{
    return {IpAddress::Parse("198.51.100.2"), NATT_PORT};
}

IpsecSa
SampleSa(CipherId cipher, IntegrityId integrity)
{
    IpsecSa sa;
    sa.direction = SaDirection::Outbound;
    sa.spi = 0x1001;
    sa.pairSpi = 0x2002;
    sa.local = GatewayA();
    sa.remote = GatewayB();
    sa.proxyId = {Prefix::Parse("10.1.0.0/16"), Prefix::Parse("10.2.0.0/16"), 0, 0, 0};
    sa.cipher = cipher;
    sa.integrity = integrity;
    sa.cipherKey = SampleKey(GetCipher(cipher).keyOctets + GetCipher(cipher).saltOctets, 1);
    sa.integrityKey = SampleKey(GetIntegrity(integrity).keyOctets, 2);
    return sa;
}

IpsecSa
SampleSa(uint32_t spi)
{
    IpsecSa sa = SampleSa(CipherId::Aes128, IntegrityId::HmacSha1_96);
    sa.spi = spi;
    return sa;
}

IpsecSa
FarEnd(const IpsecSa& sa)
{
    IpsecSa far = sa;
    far.direction =
        sa.direction == SaDirection::Outbound ? SaDirection::Inbound : SaDirection::Outbound;
    std::swap(far.local, far.remote);
    far.proxyId = sa.proxyId.Mirror();
    return far;
}

Octets
SampleUdp(const std::string& source,
          const std::string& destination,
          uint16_t destinationPort,
          size_t payloadOctets)
{
    OctetWriter writer;
    writer.U8(0x45).U8(0).U16(static_cast<uint16_t>(28 + payloadOctets));
    writer.U32(0).U8(64).U8(IP_PROTOCOL_UDP).U16(0);
    writer.Append(IpAddress::Parse(source).ToOctets());
    writer.Append(IpAddress::Parse(destination).ToOctets());
    writer.U16(40000).U16(destinationPort).U16(static_cast<uint16_t>(8 + payloadOctets)).U16(0);
    for (size_t i = 0; i < payloadOctets; i++)
    {
        writer.U8(i & 0xff);
    }
    return writer.Take();
}

Octets
SamplePacket(size_t totalOctets)
{
    assert(totalOctets >= 28);
    return SampleUdp("10.1.0.5", "10.2.0.7", 9, totalOctets - 28);
}

} // namespace ipsec
} // namespace ns3
