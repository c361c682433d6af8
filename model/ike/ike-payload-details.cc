// SPDX-License-Identifier: GPL-2.0-only
#include "ike-payload-details.h"

#include "ns3/crypto-algorithms.h"
#include "ns3/ike-auth-method.h"
#include "ns3/isakmp-payloads.h"
#include "ns3/isakmp-sa-payload.h"
#include "ns3/isakmp-vendor-ids.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

using Lines = std::vector<std::string>;

/// Lines of one payload: nobody reads more transforms.
constexpr size_t MOST_LINES = 40;
/// Octets that are written one by one.
constexpr size_t MOST_OCTETS = 32;

std::string
Octet(size_t count)
{
    return std::to_string(count) + (count == 1 ? " octet" : " octets");
}

std::string
Hex(OctetView octets)
{
    return octets.size() <= MOST_OCTETS ? ToHex(octets) : ToHex(octets.First(MOST_OCTETS)) + "...";
}

std::string
Valued(OctetView octets)
{
    return Octet(octets.size()) + (octets.empty() ? "" : ": " + Hex(octets));
}

std::string
ProtocolText(ProtocolId protocol)
{
    switch (protocol)
    {
    case ProtocolId::Isakmp:
        return "ISAKMP";
    case ProtocolId::Ah:
        return "AH";
    case ProtocolId::Esp:
        return "ESP";
    case ProtocolId::IpComp:
        return "IPCOMP";
    }
    return "protocol " + std::to_string(static_cast<unsigned>(protocol));
}

/// Writes an SPI of ESP or AH, or the cookies that stand for one of ISAKMP.
std::string
SpiOf(OctetView spi)
{
    return (spi.size() == 4 ? "0x" : "") + ToHex(spi);
}

std::string
NumberText(const DataAttribute& attribute)
{
    const std::optional<uint64_t> number = attribute.AsNumber();
    return number ? std::to_string(*number) : Hex(attribute.value);
}

/// The attributes of one transform that others are read by.
struct TransformNumbers
{
    explicit TransformNumbers(const TransformPayload& transform, bool isPhase1)
    {
        bool conflict = false;
        const auto number = [&](auto attribute)
        { return transform.Number(static_cast<uint16_t>(attribute), conflict).value_or(0); };
        keyBits = isPhase1 ? number(IkeAttribute::KeyLength) : number(IpsecAttribute::KeyLength);
        group = isPhase1 ? number(IkeAttribute::Group) : number(IpsecAttribute::Group);
    }

    uint64_t keyBits = 0;
    uint64_t group = 0;
};

/// Returns the name in a row of a table, or the number if there is none.
template <typename Row>
std::string
NameOr(const Row* row, const char* Row::*name, const DataAttribute& attribute)
{
    return row ? row->*name : NumberText(attribute);
}

std::string
AuthText(const DataAttribute& attribute)
{
    const uint64_t id = attribute.AsNumber().value_or(0);
    for (const XauthUse use : {XauthUse::None, XauthUse::Initiator, XauthUse::Responder})
    {
        if (const AuthAlgorithm* found = id == 0 ? nullptr : FindAuthByWireId(id, use))
        {
            return std::string(found->name) + (use == XauthUse::None ? "" : " with XAUTH");
        }
    }
    return NumberText(attribute);
}

std::string
LifeTypeText(const DataAttribute& attribute)
{
    const uint64_t type = attribute.AsNumber().value_or(0);
    return type == LIFE_SECONDS     ? "seconds"
           : type == LIFE_KILOBYTES ? "kilobytes"
                                    : NumberText(attribute);
}

std::string
Phase1Attribute(const DataAttribute& attribute, const TransformNumbers& numbers)
{
    const uint64_t value = attribute.AsNumber().value_or(0);
    switch (static_cast<IkeAttribute>(attribute.type))
    {
    case IkeAttribute::Encryption:
        return "encryption " + NameOr(FindCipherByIkeId(value, numbers.keyBits),
                                      &CipherAlgorithm::displayName,
                                      attribute);
    case IkeAttribute::Hash:
        return "hash " + NameOr(FindHashByIkeId(value), &HashAlgorithm::name, attribute);
    case IkeAttribute::Authentication:
        return "authentication " + AuthText(attribute);
    case IkeAttribute::Group:
        return "group " + NumberText(attribute);
    case IkeAttribute::LifeType:
        return "life in " + LifeTypeText(attribute);
    case IkeAttribute::LifeDuration:
        return "life " + NumberText(attribute);
    case IkeAttribute::KeyLength:
        return "key length " + NumberText(attribute);
    case IkeAttribute::GroupType:
    case IkeAttribute::Prf:
        break;
    }
    return "attribute " + std::to_string(attribute.type) + " " + NumberText(attribute);
}

std::string
EncapsulationText(const DataAttribute& attribute)
{
    switch (attribute.AsNumber().value_or(0))
    {
    case ENCAPSULATION_TUNNEL:
        return "tunnel";
    case ENCAPSULATION_TRANSPORT:
        return "transport";
    case ENCAPSULATION_UDP_TUNNEL:
    case ENCAPSULATION_UDP_TUNNEL_DRAFT:
        return "tunnel in UDP";
    case ENCAPSULATION_UDP_TRANSPORT:
    case ENCAPSULATION_UDP_TRANSPORT_DRAFT:
        return "transport in UDP";
    default:
        return NumberText(attribute);
    }
}

std::string
Phase2Attribute(const DataAttribute& attribute)
{
    const uint64_t value = attribute.AsNumber().value_or(0);
    switch (static_cast<IpsecAttribute>(attribute.type))
    {
    case IpsecAttribute::LifeType:
        return "life in " + LifeTypeText(attribute);
    case IpsecAttribute::LifeDuration:
        return "life " + NumberText(attribute);
    case IpsecAttribute::Group:
        return "group " + NumberText(attribute);
    case IpsecAttribute::EncapsulationMode:
        return "mode " + EncapsulationText(attribute);
    case IpsecAttribute::Authentication:
        return "authentication " +
               NameOr(FindIntegrityByAttribute(value), &IntegrityAlgorithm::displayName, attribute);
    case IpsecAttribute::KeyLength:
        return "key length " + NumberText(attribute);
    case IpsecAttribute::ExtendedSequence:
        return "extended sequence numbers " + NumberText(attribute);
    case IpsecAttribute::KeyRounds:
        break;
    }
    return "attribute " + std::to_string(attribute.type) + " " + NumberText(attribute);
}

/// Returns what the transform ID itself says.
std::string
TransformName(ProtocolId protocol, const TransformPayload& transform, uint64_t keyBits)
{
    if (protocol == ProtocolId::Esp)
    {
        if (const CipherAlgorithm* cipher = FindCipherByEspId(transform.id, keyBits))
        {
            return cipher->displayName;
        }
    }
    if (protocol == ProtocolId::Ah)
    {
        if (const IntegrityAlgorithm* integrity = FindIntegrityByAhId(transform.id))
        {
            return integrity->displayName;
        }
    }
    return protocol == ProtocolId::Isakmp && transform.id == KEY_IKE
               ? "KEY_IKE"
               : "ID " + std::to_string(transform.id);
}

void
AddTransform(Lines& lines, ProtocolId protocol, const TransformPayload& transform)
{
    const bool isPhase1 = protocol == ProtocolId::Isakmp;
    const TransformNumbers numbers(transform, isPhase1);
    std::string line = "transform " + std::to_string(transform.number) + ": " +
                       TransformName(protocol, transform, numbers.keyBits);
    for (const DataAttribute& attribute : transform.attributes)
    {
        line += ", ";
        line += isPhase1 ? Phase1Attribute(attribute, numbers) : Phase2Attribute(attribute);
    }
    lines.push_back(line);
}

Lines
SaLines(OctetView body)
{
    const Result<SaPayload> sa = ParseSaPayload(body);
    Lines lines;
    for (const ProposalPayload& proposal : sa ? sa->proposals : std::vector<ProposalPayload>())
    {
        lines.push_back("proposal " + std::to_string(proposal.number) + ": " +
                        ProtocolText(proposal.protocol) +
                        (proposal.spi.empty() ? "" : ", SPI " + SpiOf(proposal.spi)));
        for (const TransformPayload& transform : proposal.transforms)
        {
            AddTransform(lines, proposal.protocol, transform);
        }
    }
    return lines;
}

/// Returns the group that all transforms of a message name; 0 if there is none, or several.
uint64_t
GroupOf(const PayloadChain& chain)
{
    const RawPayload* payload = chain.Find(PayloadType::Sa);
    const Result<SaPayload> sa = ParseSaPayload(payload ? OctetView(payload->body) : OctetView());
    std::optional<uint64_t> group;
    for (const ProposalPayload& proposal : sa ? sa->proposals : std::vector<ProposalPayload>())
    {
        for (const TransformPayload& transform : proposal.transforms)
        {
            const uint64_t own =
                TransformNumbers(transform, proposal.protocol == ProtocolId::Isakmp).group;
            group = group.value_or(own) == own ? own : 0;
        }
    }
    return group.value_or(0);
}

/// Writes the addresses of an identity, as long as they are those of IPv4.
std::string
AddressesText(const IdPayload& id)
{
    OctetReader reader(id.data);
    const IpAddress first{reader.U32()};
    switch (id.type)
    {
    case IdType::Ipv4Addr:
        return "IPv4 address " + first.ToString();
    case IdType::Ipv4AddrSubnet:
        return "IPv4 subnet " + first.ToString() + "/" + IpAddress{reader.U32()}.ToString();
    case IdType::Ipv4AddrRange:
        return "IPv4 addresses " + first.ToString() + " to " + IpAddress{reader.U32()}.ToString();
    default:
        return "ID type " + std::to_string(static_cast<unsigned>(id.type)) + ", " + Valued(id.data);
    }
}

/// In phase 1 the body may be ciphertext: only a name that was recognised is one.
std::string
IdText(const RawPayload& payload, const PayloadLabel& label, bool isPhase1)
{
    const Result<IdPayload> id = ParseIdPayload(payload.body);
    if (!id || (isPhase1 && label.Word().empty()))
    {
        return Octet(payload.body.size());
    }
    const std::string who =
        isPhase1 && id->type != IdType::Ipv4Addr ? label.Word() : AddressesText(*id);
    const std::string ports =
        ", protocol " + std::to_string(id->protocol) + ", port " + std::to_string(id->port);
    return who + (id->protocol == 0 && id->port == 0 ? "" : ports);
}

Lines
NotifyLines(OctetView body)
{
    const Result<NotifyPayload> notify = ParseNotifyPayload(body);
    if (!notify)
    {
        return {Octet(body.size())};
    }
    Lines lines{NotifyName(notify->type) + " (" + std::to_string(notify->type) + "), about " +
                ProtocolText(notify->protocol) +
                (notify->spi.empty() ? "" : ", SPI " + SpiOf(notify->spi))};
    if (!notify->data.empty())
    {
        lines.push_back("data of " + Valued(notify->data));
    }
    return lines;
}

Lines
DeleteLines(OctetView body)
{
    const Result<DeletePayload> deletion = ParseDeletePayload(body);
    Lines lines;
    for (const Octets& spi : deletion ? deletion->spis : std::vector<Octets>())
    {
        lines.push_back(ProtocolText(deletion->protocol) + ", SPI " + SpiOf(spi));
    }
    return lines;
}

std::string
ConfigAttributeText(const DataAttribute& attribute)
{
    const char* name = nullptr;
    switch (attribute.type)
    {
    case static_cast<uint16_t>(ConfigAttribute::Address):
        name = "address";
        break;
    case static_cast<uint16_t>(ConfigAttribute::Netmask):
        name = "netmask";
        break;
    case static_cast<uint16_t>(ConfigAttribute::Dns):
        name = "DNS server";
        break;
    case static_cast<uint16_t>(ConfigAttribute::Subnet):
        name = "subnet";
        break;
    case static_cast<uint16_t>(ConfigAttribute::UnitySplitInclude):
        name = "split include";
        break;
    case static_cast<uint16_t>(XauthAttribute::Type):
        return "XAUTH type " + NumberText(attribute);
    case static_cast<uint16_t>(XauthAttribute::UserName):
        return "XAUTH user name \"" + std::string(attribute.value.begin(), attribute.value.end()) +
               "\"";
    case static_cast<uint16_t>(XauthAttribute::UserPassword):
        return "XAUTH password, " + Octet(attribute.value.size());
    case static_cast<uint16_t>(XauthAttribute::Passcode):
        return "XAUTH passcode, " + Octet(attribute.value.size());
    case static_cast<uint16_t>(XauthAttribute::Status):
        return "XAUTH status " + NumberText(attribute);
    default:
        return "attribute " + std::to_string(attribute.type) + ", " + Valued(attribute.value);
    }
    if (attribute.value.size() == 4)
    {
        return std::string(name) + " " + IpAddress{OctetReader(attribute.value).U32()}.ToString();
    }
    return std::string(name) + (attribute.value.empty() ? "" : ", " + Valued(attribute.value));
}

Lines
AttributesLines(OctetView body)
{
    const Result<AttributesPayload> payload = ParseAttributesPayload(body);
    if (!payload)
    {
        return {Octet(body.size())};
    }
    Lines lines{std::string(ConfigMessageName(payload->message)) + ", identifier " +
                std::to_string(payload->identifier)};
    for (const DataAttribute& attribute : payload->attributes)
    {
        lines.push_back(ConfigAttributeText(attribute));
    }
    return lines;
}

std::string
VendorText(OctetView body)
{
    const VendorId vendor = RecogniseVendorId(body);
    return (vendor == VendorId::Unknown ? "not known here" : VendorIdName(vendor)) + ", " +
           Valued(body);
}

Lines
LinesOf(const RawPayload& payload, const PayloadLabel& label, bool isPhase1, uint64_t group)
{
    const OctetView body = payload.body;
    switch (payload.type)
    {
    case PayloadType::Sa:
        return SaLines(body);
    case PayloadType::Ke:
        return {Octet(body.size()) + (group == 0 ? "" : ", group " + std::to_string(group)) + ": " +
                Hex(body)};
    case PayloadType::Id:
        return {IdText(payload, label, isPhase1)};
    case PayloadType::Cert:
    case PayloadType::CertRequest:
        return {(label.Word().empty() ? "" : label.Word() + ", ") + Octet(body.size())};
    case PayloadType::Notify:
        return NotifyLines(body);
    case PayloadType::Delete:
        return DeleteLines(body);
    case PayloadType::VendorId:
        return {VendorText(body)};
    case PayloadType::Attributes:
        return AttributesLines(body);
    case PayloadType::NatOa:
    case PayloadType::NatOaDraft:
        if (const Result<NatOaPayload> original = ParseNatOaPayload(body))
        {
            return {original->address.ToString()};
        }
        break;
    default:
        break;
    }
    return {Valued(body)};
}

} // namespace

void
DescribePayloads(MessageSummary& summary, OctetView clear)
{
    if (summary.payloads.empty())
    {
        return;
    }
    const Result<PayloadChain> chain = ParsePayloadChain(summary.payloads.front().type, clear);
    if (!chain || chain->payloads.size() != summary.payloads.size())
    {
        return;
    }
    const bool isPhase1 = summary.exchange == ExchangeType::MainMode ||
                          summary.exchange == ExchangeType::AggressiveMode;
    const uint64_t group = GroupOf(*chain);
    for (size_t i = 0; i < chain->payloads.size(); i++)
    {
        PayloadLabel& label = summary.payloads[i];
        const Lines lines = LinesOf(chain->payloads[i], label, isPhase1, group);
        for (size_t k = 0; k < std::min(lines.size(), MOST_LINES); k++)
        {
            label.AddLine(lines[k]);
        }
        if (lines.size() > MOST_LINES)
        {
            label.AddLine("... " + std::to_string(lines.size() - MOST_LINES) + " more");
        }
    }
}

} // namespace ipsec
} // namespace ns3
