// SPDX-License-Identifier: GPL-2.0-only
#include "isakmp-message.h"

#include <algorithm>
#include <cassert>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr uint8_t MAJOR_VERSION = ISAKMP_VERSION >> 4;
constexpr uint8_t FIRST_PRIVATE_PAYLOAD = 128;

/// Tells whether a payload of this type may stand in a chain.
bool
IsKnownPayload(PayloadType type)
{
    const uint8_t number = static_cast<uint8_t>(type);
    return number <= static_cast<uint8_t>(PayloadType::Attributes) || type == PayloadType::NatD ||
           type == PayloadType::NatOa || number >= FIRST_PRIVATE_PAYLOAD;
}

} // namespace

const RawPayload*
PayloadChain::Find(PayloadType type) const
{
    const auto found = std::find_if(
        payloads.begin(), payloads.end(), [type](const RawPayload& p) { return p.type == type; });
    return found == payloads.end() ? nullptr : &*found;
}

size_t
PayloadChain::Count(PayloadType type) const
{
    return std::count_if(
        payloads.begin(), payloads.end(), [type](const RawPayload& p) { return p.type == type; });
}

Result<IsakmpHeader>
ParseIsakmpHeader(OctetView datagram)
{
    OctetReader reader(datagram);
    IsakmpHeader header;
    header.initiatorCookie = reader.TakeArray<8>();
    header.responderCookie = reader.TakeArray<8>();
    header.nextPayload = static_cast<PayloadType>(reader.U8());
    header.version = reader.U8();
    header.exchange = static_cast<ExchangeType>(reader.U8());
    header.flags = reader.U8();
    header.messageId = reader.U32();
    header.length = reader.U32();
    if (!reader.Ok())
    {
        return Fault::TooShort;
    }
    if (header.length != datagram.size())
    {
        return Fault::LengthMismatch;
    }
    if (header.version >> 4 != MAJOR_VERSION)
    {
        return Fault::BadVersion;
    }
    if (header.initiatorCookie == Cookie{} || header.initiatorCookie == header.responderCookie)
    {
        return Fault::BadCookie;
    }
    return header;
}

Result<PayloadChain>
ParsePayloadChain(PayloadType first, OctetView octets)
{
    if (first == PayloadType::None)
    {
        return Fault::MalformedPayload;
    }
    constexpr size_t USUAL_PAYLOADS = 8;
    PayloadChain chain;
    chain.payloads.reserve(USUAL_PAYLOADS);
    OctetReader reader(octets);
    PayloadType type = first;
    // Every turn consumes a generic header, so that no chain can loop.
    while (type != PayloadType::None)
    {
        if (!IsKnownPayload(type))
        {
            return Fault::UnknownPayload;
        }
        if (chain.payloads.size() == MAX_PAYLOADS)
        {
            return Fault::TooManyPayloads;
        }
        const size_t offset = octets.size() - reader.Left();
        const PayloadType next = static_cast<PayloadType>(reader.U8());
        const uint8_t reserved = reader.U8();
        const uint16_t length = reader.U16();
        if (!reader.Ok() || length < GENERIC_HEADER_OCTETS)
        {
            return Fault::MalformedPayload;
        }
        const OctetView body = reader.Take(length - GENERIC_HEADER_OCTETS);
        if (!reader.Ok())
        {
            return Fault::MalformedPayload;
        }
        if (reserved != 0)
        {
            return Fault::ReservedNotZero;
        }
        chain.payloads.push_back({type, body.Copy(), offset});
        type = next;
    }
    chain.octets = octets.size() - reader.Left();
    return chain;
}

Octets
WritePayloadChain(const std::vector<RawPayload>& payloads)
{
    size_t octets = 0;
    for (const RawPayload& payload : payloads)
    {
        octets += GENERIC_HEADER_OCTETS + payload.body.size();
    }
    OctetWriter writer;
    writer.Reserve(octets);
    for (size_t i = 0; i < payloads.size(); i++)
    {
        const bool last = i + 1 == payloads.size();
        const PayloadType next = last ? PayloadType::None : payloads[i + 1].type;
        const size_t start = writer.size();
        writer.U8(static_cast<uint8_t>(next)).U8(0);
        const size_t length = writer.OpenLength16();
        writer.Append(payloads[i].body);
        writer.CloseLength16(length, start);
    }
    assert(writer.Ok());
    return writer.Take();
}

Octets
WriteIsakmpMessage(const IsakmpHeader& header, OctetView body)
{
    OctetWriter writer;
    writer.Reserve(ISAKMP_HEADER_OCTETS + body.size());
    writer.Append(header.initiatorCookie).Append(header.responderCookie);
    writer.U8(static_cast<uint8_t>(header.nextPayload)).U8(header.version);
    writer.U8(static_cast<uint8_t>(header.exchange)).U8(header.flags);
    writer.U32(header.messageId);
    writer.U32(static_cast<uint32_t>(ISAKMP_HEADER_OCTETS + body.size()));
    writer.Append(body);
    return writer.Take();
}

} // namespace ipsec
} // namespace ns3
