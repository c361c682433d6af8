// SPDX-License-Identifier: GPL-2.0-only
#include "esp-header.h"

namespace ns3
{
namespace ipsec
{

Result<EspHeader>
ParseEspHeader(OctetView packet)
{
    OctetReader reader(packet);
    EspHeader header;
    header.spi = reader.U32();
    header.sequence = reader.U32();
    if (!reader.Ok())
    {
        return Fault::EspTooShort;
    }
    return header;
}

void
WriteEspHeader(OctetWriter& writer, const EspHeader& header)
{
    writer.U32(header.spi).U32(header.sequence);
}

Result<AhHeader>
ParseAhHeader(OctetView packet)
{
    OctetReader reader(packet);
    AhHeader header;
    header.nextHeader = reader.U8();
    header.payloadLength = reader.U8();
    reader.U16(); // reserved: a receiver ignores it (RFC 4302 section 2.3); the ICV covers it
    header.spi = reader.U32();
    header.sequence = reader.U32();
    if (!reader.Ok())
    {
        return Fault::EspTooShort;
    }
    return header;
}

void
WriteAhHeader(OctetWriter& writer, const AhHeader& header)
{
    writer.U8(header.nextHeader).U8(header.payloadLength).U16(0);
    writer.U32(header.spi).U32(header.sequence);
}

} // namespace ipsec
} // namespace ns3
