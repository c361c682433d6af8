// SPDX-License-Identifier: GPL-2.0-only
#include "ike-mode-config.h"

namespace ns3
{
namespace ipsec
{

namespace
{

/// What Cisco puts behind address and mask of a network: protocol and ports, unused.
constexpr size_t UNITY_PADDING = 6;

constexpr uint16_t
Class(ConfigAttribute attribute)
{
    return static_cast<uint16_t>(attribute);
}

DataAttribute
AddressAttribute(ConfigAttribute attribute, IpAddress address)
{
    return DataAttribute::Variable(Class(attribute), address.ToOctets());
}

DataAttribute
SplitIncludeAttribute(const std::vector<Prefix>& subnets)
{
    OctetWriter writer;
    for (const Prefix& subnet : subnets)
    {
        writer.U32(subnet.address.value).U32(subnet.Mask().value).Zeros(UNITY_PADDING);
    }
    return DataAttribute::Variable(Class(ConfigAttribute::UnitySplitInclude), writer.Take());
}

/// Appends what we have for one attribute.
void
AppendAnswer(AttributesPayload& answer,
             ConfigAttribute attribute,
             const ModeConfig& config,
             const std::optional<InternalConfig>& told)
{
    std::vector<DataAttribute>& to = answer.attributes;
    switch (attribute)
    {
    case ConfigAttribute::Address:
        if (told)
        {
            to.push_back(AddressAttribute(attribute, told->address));
        }
        return;
    case ConfigAttribute::Netmask:
        if (told)
        {
            to.push_back(AddressAttribute(attribute, Prefix{{}, told->prefixLength}.Mask()));
        }
        return;
    case ConfigAttribute::Dns:
        for (const IpAddress server : config.dns)
        {
            to.push_back(AddressAttribute(attribute, server));
        }
        return;
    case ConfigAttribute::Subnet:
        for (const Prefix& subnet : config.subnets)
        {
            const auto address = subnet.address.ToOctets();
            const auto mask = subnet.Mask().ToOctets();
            to.push_back(DataAttribute::Variable(Class(attribute), Concat({address, mask})));
        }
        return;
    case ConfigAttribute::UnitySplitInclude:
        if (config.unitySplitInclude && !config.subnets.empty())
        {
            to.push_back(SplitIncludeAttribute(config.subnets));
        }
        return;
    }
}

/// Reads an address and a mask; nothing if the mask has holes.
std::optional<Prefix>
ReadNetwork(OctetReader& reader)
{
    const IpAddress address{reader.U32()};
    const IpAddress mask{reader.U32()};
    for (uint8_t length = 0; length <= 32; length++)
    {
        const Prefix prefix{{address.value & mask.value}, length};
        if (prefix.Mask() == mask && reader.Ok())
        {
            return prefix;
        }
    }
    return std::nullopt;
}

void
ReadNetworks(const DataAttribute& attribute, size_t padding, std::vector<Prefix>& subnets)
{
    OctetReader reader(attribute.value);
    while (!attribute.basic && !reader.Empty() && reader.Ok())
    {
        const std::optional<Prefix> subnet = ReadNetwork(reader);
        reader.Take(padding);
        if (subnet && reader.Ok() && subnets.size() < MAX_TOLD_ITEMS)
        {
            subnets.push_back(*subnet);
        }
    }
}

/// Tells whether a host can have this address.
bool
IsHostAddress(IpAddress address)
{
    const uint32_t first = address.value >> 24;
    return first != 0 && first != 127 && first < 224;
}

} // namespace

AttributesPayload
MakeConfigRequest(const ModeConfig& config)
{
    AttributesPayload request{ConfigMessage::Request, 0, {}};
    for (const ConfigAttribute attribute : {ConfigAttribute::Address,
                                            ConfigAttribute::Netmask,
                                            ConfigAttribute::Dns,
                                            ConfigAttribute::Subnet})
    {
        request.attributes.push_back(DataAttribute::Variable(Class(attribute), {}));
    }
    if (config.unitySplitInclude)
    {
        request.attributes.push_back(
            DataAttribute::Variable(Class(ConfigAttribute::UnitySplitInclude), {}));
    }
    return request;
}

bool
AsksForAddress(const AttributesPayload& request)
{
    return FindAttribute(request, Class(ConfigAttribute::Address)) != nullptr;
}

AttributesPayload
MakeConfigReply(const AttributesPayload& request,
                const ModeConfig& config,
                const std::optional<InternalConfig>& told)
{
    AttributesPayload reply{ConfigMessage::Reply, request.identifier, {}};
    // Each once, in our own order: a question that repeats itself makes no longer answer.
    for (const ConfigAttribute attribute : {ConfigAttribute::Address,
                                            ConfigAttribute::Netmask,
                                            ConfigAttribute::Dns,
                                            ConfigAttribute::Subnet,
                                            ConfigAttribute::UnitySplitInclude})
    {
        if (FindAttribute(request, Class(attribute)))
        {
            AppendAnswer(reply, attribute, config, told);
        }
    }
    return reply;
}

AttributesPayload
MakeConfigSet(const ModeConfig& config, const InternalConfig& told)
{
    AttributesPayload set{ConfigMessage::Set, 0, {}};
    for (const ConfigAttribute attribute : {ConfigAttribute::Address,
                                            ConfigAttribute::Netmask,
                                            ConfigAttribute::Dns,
                                            ConfigAttribute::Subnet,
                                            ConfigAttribute::UnitySplitInclude})
    {
        AppendAnswer(set, attribute, config, told);
    }
    return set;
}

AttributesPayload
AcknowledgeConfig(const AttributesPayload& set)
{
    AttributesPayload ack = MakeConfigRequest({});
    ack.message = ConfigMessage::Ack;
    ack.identifier = set.identifier;
    for (auto it = ack.attributes.begin(); it != ack.attributes.end();)
    {
        it = FindAttribute(set, it->type) ? std::next(it) : ack.attributes.erase(it);
    }
    return ack;
}

Result<InternalConfig>
ReadConfig(const AttributesPayload& payload)
{
    InternalConfig told;
    for (const DataAttribute& attribute : payload.attributes)
    {
        OctetReader reader(attribute.value);
        switch (static_cast<ConfigAttribute>(attribute.type))
        {
        case ConfigAttribute::Address:
            if (const IpAddress address{reader.U32()};
                reader.Done() && told.address.IsAny() && IsHostAddress(address))
            {
                told.address = address;
            }
            break;
        case ConfigAttribute::Netmask:
            for (uint8_t length = 1; length <= 32; length++)
            {
                const auto mask = Prefix{{}, length}.Mask().ToOctets();
                told.prefixLength =
                    attribute.value == OctetView(mask).Copy() ? length : told.prefixLength;
            }
            break;
        case ConfigAttribute::Dns:
            if (const IpAddress server{reader.U32()};
                reader.Done() && IsHostAddress(server) && told.dns.size() < MAX_TOLD_ITEMS)
            {
                told.dns.push_back(server);
            }
            break;
        case ConfigAttribute::Subnet:
            ReadNetworks(attribute, 0, told.subnets);
            break;
        case ConfigAttribute::UnitySplitInclude:
            ReadNetworks(attribute, UNITY_PADDING, told.subnets);
            break;
        }
    }
    return told.address.IsAny() ? Result<InternalConfig>(Fault::ConfigFailed) : told;
}

} // namespace ipsec
} // namespace ns3
