// SPDX-License-Identifier: GPL-2.0-only
#include "isakmp-attributes.h"

#include <cassert>

namespace ns3
{
namespace ipsec
{

namespace
{

/// The AF bit, in front of the 15 bits of the type.
constexpr uint16_t FORMAT_BASIC = 0x8000;
constexpr uint16_t MAX_TYPE = 0x7fff;

} // namespace

std::optional<uint64_t>
DataAttribute::AsNumber() const
{
    if (value.empty())
    {
        return std::nullopt;
    }
    uint64_t number = 0;
    for (const uint8_t octet : value)
    {
        if (number >> 56 != 0)
        {
            return std::nullopt;
        }
        number = number << 8 | octet;
    }
    return number;
}

DataAttribute
DataAttribute::Basic(uint16_t type, uint16_t value)
{
    return {type, true, {static_cast<uint8_t>(value >> 8), static_cast<uint8_t>(value & 0xff)}};
}

DataAttribute
DataAttribute::Variable(uint16_t type, OctetView value)
{
    return {type, false, value.Copy()};
}

DataAttribute
DataAttribute::Number(uint16_t type, uint32_t value)
{
    if (value <= 0xffff)
    {
        return Basic(type, static_cast<uint16_t>(value));
    }
    OctetWriter writer;
    writer.U32(value);
    return {type, false, writer.Take()};
}

Result<DataAttribute>
ParseAttribute(OctetReader& reader)
{
    const uint16_t format = reader.U16();
    DataAttribute attribute;
    attribute.type = format & MAX_TYPE;
    attribute.basic = (format & FORMAT_BASIC) != 0;
    const size_t length = attribute.basic ? 2 : reader.U16();
    attribute.value = reader.Take(length).Copy();
    if (!reader.Ok())
    {
        return Fault::MalformedPayload;
    }
    return attribute;
}

Result<std::vector<DataAttribute>>
ParseAttributes(OctetView octets)
{
    std::vector<DataAttribute> attributes;
    OctetReader reader(octets);
    while (!reader.Empty())
    {
        Result<DataAttribute> attribute = ParseAttribute(reader);
        if (!attribute)
        {
            return attribute.GetFault();
        }
        attributes.push_back(std::move(attribute).Value());
    }
    return attributes;
}

void
WriteAttributes(OctetWriter& writer, const std::vector<DataAttribute>& attributes)
{
    for (const DataAttribute& attribute : attributes)
    {
        assert(attribute.type <= MAX_TYPE);
        if (attribute.basic)
        {
            assert(attribute.value.size() == 2);
            writer.U16(attribute.type | FORMAT_BASIC).Append(attribute.value);
            continue;
        }
        writer.U16(attribute.type);
        const size_t length = writer.OpenLength16();
        writer.Append(attribute.value);
        writer.CloseLength16(length, length + 2);
    }
}

} // namespace ipsec
} // namespace ns3
