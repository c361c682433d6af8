// SPDX-License-Identifier: GPL-2.0-only
#include "isakmp-payloads.h"

#include <algorithm>
#include <cassert>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr size_t IPV4_OCTETS = 4;
constexpr size_t IPV6_OCTETS = 16;
constexpr uint8_t IPV6_BITS = 128;
/// Both cookies (RFC 2408 section 3.15).
constexpr size_t COOKIE_PAIR_OCTETS = 16;
/// SPI of ESP and AH.
constexpr size_t IPSEC_SPI_OCTETS = 4;
/// CPI of IPComp (RFC 3173 section 3.3), which may also travel in four octets.
constexpr size_t IPCOMP_CPI_OCTETS = 2;
/// Attribute payloads padded to four octets end with fewer than this many zeros.
constexpr size_t PADDING_LIMIT = 4;
constexpr uint8_t FLAG_LAST_FRAGMENT = 1;

/// Tells whether the ones of a mask all stand in front.
bool
IsContiguousMask(OctetView mask)
{
    bool ended = false;
    for (const uint8_t octet : mask)
    {
        // In a run of ones from the left, the inverted octet plus one is a power of two.
        const uint8_t zeros = static_cast<uint8_t>(~octet);
        if ((zeros & (zeros + 1)) != 0 || (ended && octet != 0))
        {
            return false;
        }
        ended = ended || octet != 0xff;
    }
    return true;
}

/// Tells whether @p data is an address and a mask behind it.
bool
IsSubnet(OctetView data, size_t addressOctets)
{
    return data.size() == 2 * addressOctets && IsContiguousMask(data.From(addressOctets));
}

/// Tells whether @p data is two addresses, the lower one first.
bool
IsRange(OctetView data, size_t addressOctets)
{
    const OctetView low = data.First(addressOctets);
    const OctetView high = data.From(addressOctets);
    return data.size() == 2 * addressOctets &&
           !std::lexicographical_compare(high.begin(), high.end(), low.begin(), low.end());
}

/// Tells whether @p data is an IPv6 subnet: with a mask, or with a prefix length in one octet.
bool
IsIpv6Subnet(OctetView data)
{
    return IsSubnet(data, IPV6_OCTETS) ||
           (data.size() == IPV6_OCTETS + 1 && data[IPV6_OCTETS] <= IPV6_BITS);
}

/// Tells whether @p data can be a name; a zero octet would end it early for a careless reader.
bool
IsName(OctetView data)
{
    return !data.empty() && std::find(data.begin(), data.end(), 0) == data.end();
}

bool
IsIdData(IdType type, OctetView data)
{
    switch (type)
    {
    case IdType::Ipv4Addr:
        return data.size() == IPV4_OCTETS;
    case IdType::Ipv6Addr:
        return data.size() == IPV6_OCTETS;
    case IdType::Ipv4AddrSubnet:
        return IsSubnet(data, IPV4_OCTETS);
    case IdType::Ipv6AddrSubnet:
        return IsIpv6Subnet(data);
    case IdType::Ipv4AddrRange:
        return IsRange(data, IPV4_OCTETS);
    case IdType::Ipv6AddrRange:
        return IsRange(data, IPV6_OCTETS);
    case IdType::Fqdn:
    case IdType::UserFqdn:
        return IsName(data);
    case IdType::DerAsn1Dn:
    case IdType::DerAsn1Gn:
    case IdType::KeyId:
        return !data.empty();
    }
    return false;
}

bool
IsKnownDoi(uint32_t doi)
{
    return doi == DOI_ISAKMP || doi == DOI_IPSEC;
}

bool
IsDeleteSpiSize(ProtocolId protocol, size_t octets)
{
    switch (protocol)
    {
    case ProtocolId::Isakmp:
        return octets == COOKIE_PAIR_OCTETS;
    case ProtocolId::Ah:
    case ProtocolId::Esp:
        return octets == IPSEC_SPI_OCTETS;
    case ProtocolId::IpComp:
        return octets == IPCOMP_CPI_OCTETS || octets == IPSEC_SPI_OCTETS;
    }
    return false;
}

bool
IsConfigMessage(ConfigMessage message)
{
    return message >= ConfigMessage::Request && message <= ConfigMessage::Ack;
}

bool
AreZero(OctetView octets)
{
    return std::all_of(octets.begin(), octets.end(), [](uint8_t octet) { return octet == 0; });
}

} // namespace

Result<IdPayload>
ParseIdPayload(OctetView body)
{
    OctetReader reader(body);
    IdPayload id;
    id.type = static_cast<IdType>(reader.U8());
    id.protocol = reader.U8();
    id.port = reader.U16();
    const OctetView data = reader.TakeRest();
    if (!reader.Done() || !IsIdData(id.type, data))
    {
        return Fault::BadIdentity;
    }
    id.data = data.Copy();
    return id;
}

Octets
WriteIdPayload(const IdPayload& id)
{
    OctetWriter writer;
    writer.U8(static_cast<uint8_t>(id.type)).U8(id.protocol).U16(id.port).Append(id.data);
    return writer.Take();
}

Result<CertPayload>
ParseCertPayload(OctetView body)
{
    OctetReader reader(body);
    CertPayload cert;
    cert.encoding = reader.U8();
    cert.data = reader.TakeRest().Copy();
    if (!reader.Done())
    {
        return Fault::MalformedPayload;
    }
    return cert;
}

Octets
WriteCertPayload(const CertPayload& cert)
{
    OctetWriter writer;
    writer.U8(cert.encoding).Append(cert.data);
    return writer.Take();
}

Result<NotifyPayload>
ParseNotifyPayload(OctetView body)
{
    OctetReader reader(body);
    NotifyPayload notify;
    notify.doi = reader.U32();
    notify.protocol = static_cast<ProtocolId>(reader.U8());
    const uint8_t spiSize = reader.U8();
    notify.type = reader.U16();
    notify.spi = reader.Take(spiSize).Copy();
    notify.data = reader.TakeRest().Copy();
    if (!reader.Done())
    {
        return Fault::MalformedPayload;
    }
    if (!IsKnownDoi(notify.doi))
    {
        return Fault::UnsupportedDoi;
    }
    return notify;
}

Octets
WriteNotifyPayload(const NotifyPayload& notify)
{
    assert(notify.spi.size() <= 0xff);
    OctetWriter writer;
    writer.U32(notify.doi).U8(static_cast<uint8_t>(notify.protocol));
    writer.U8(static_cast<uint8_t>(notify.spi.size())).U16(notify.type);
    writer.Append(notify.spi).Append(notify.data);
    return writer.Take();
}

Result<DeletePayload>
ParseDeletePayload(OctetView body)
{
    OctetReader reader(body);
    DeletePayload del;
    del.doi = reader.U32();
    del.protocol = static_cast<ProtocolId>(reader.U8());
    const uint8_t spiSize = reader.U8();
    const uint16_t count = reader.U16();
    // At most 65535 times 255: the product cannot overflow.
    const size_t spiOctets = size_t{count} * spiSize;
    if (!reader.Ok() || spiOctets != reader.Left())
    {
        return Fault::MalformedPayload;
    }
    if (!IsKnownDoi(del.doi))
    {
        return Fault::UnsupportedDoi;
    }
    if (!IsDeleteSpiSize(del.protocol, spiSize))
    {
        return Fault::BadSpi;
    }
    while (!reader.Empty())
    {
        del.spis.push_back(reader.Take(spiSize).Copy());
    }
    return del;
}

Octets
WriteDeletePayload(const DeletePayload& del)
{
    assert(!del.spis.empty() && del.spis.size() <= 0xffff);
    const size_t spiSize = del.spis.front().size();
    OctetWriter writer;
    writer.U32(del.doi).U8(static_cast<uint8_t>(del.protocol));
    writer.U8(static_cast<uint8_t>(spiSize)).U16(static_cast<uint16_t>(del.spis.size()));
    for (const Octets& spi : del.spis)
    {
        assert(spi.size() == spiSize);
        writer.Append(spi);
    }
    return writer.Take();
}

const char*
ConfigMessageName(ConfigMessage message)
{
    switch (message)
    {
    case ConfigMessage::Request:
        return "REQUEST";
    case ConfigMessage::Reply:
        return "REPLY";
    case ConfigMessage::Set:
        return "SET";
    case ConfigMessage::Ack:
        return "ACK";
    }
    return "?";
}

Result<AttributesPayload>
ParseAttributesPayload(OctetView body)
{
    OctetReader reader(body);
    AttributesPayload payload;
    payload.message = static_cast<ConfigMessage>(reader.U8());
    const uint8_t reserved = reader.U8();
    payload.identifier = reader.U16();
    if (!reader.Ok() || !IsConfigMessage(payload.message))
    {
        return Fault::MalformedPayload;
    }
    if (reserved != 0)
    {
        return Fault::ReservedNotZero;
    }
    while (reader.Left() >= PADDING_LIMIT)
    {
        Result<DataAttribute> attribute = ParseAttribute(reader);
        if (!attribute)
        {
            return attribute.GetFault();
        }
        payload.attributes.push_back(std::move(attribute).Value());
    }
    if (!AreZero(reader.TakeRest()))
    {
        return Fault::MalformedPayload;
    }
    return payload;
}

Octets
WriteAttributesPayload(const AttributesPayload& payload)
{
    OctetWriter writer;
    writer.U8(static_cast<uint8_t>(payload.message)).U8(0).U16(payload.identifier);
    WriteAttributes(writer, payload.attributes);
    assert(writer.Ok());
    return writer.Take();
}

Result<NatOaPayload>
ParseNatOaPayload(OctetView body)
{
    OctetReader reader(body);
    const IdType type = static_cast<IdType>(reader.U8());
    const OctetView reserved = reader.Take(3);
    const OctetView address = reader.TakeRest();
    const bool isIpv4 = type == IdType::Ipv4Addr && address.size() == IPV4_OCTETS;
    const bool isIpv6 = type == IdType::Ipv6Addr && address.size() == IPV6_OCTETS;
    if (!reader.Done() || (!isIpv4 && !isIpv6))
    {
        return Fault::MalformedPayload;
    }
    if (!AreZero(reserved))
    {
        return Fault::ReservedNotZero;
    }
    return NatOaPayload{isIpv4 ? IpAddress::FromOctets(address) : IpAddress{}};
}

Octets
WriteNatOaPayload(const NatOaPayload& original)
{
    OctetWriter writer;
    writer.U8(static_cast<uint8_t>(IdType::Ipv4Addr)).Zeros(3);
    writer.Append(original.address.ToOctets());
    return writer.Take();
}

Result<FragmentPayload>
ParseFragmentPayload(OctetView body)
{
    OctetReader reader(body);
    FragmentPayload fragment;
    fragment.id = reader.U16();
    fragment.number = reader.U8();
    fragment.isLast = (reader.U8() & FLAG_LAST_FRAGMENT) != 0;
    fragment.data = reader.TakeRest().Copy();
    if (!reader.Ok() || fragment.data.empty())
    {
        return Fault::MalformedPayload;
    }
    return fragment;
}

Octets
WriteFragmentPayload(const FragmentPayload& fragment)
{
    OctetWriter writer;
    writer.U16(fragment.id).U8(fragment.number);
    writer.U8(fragment.isLast ? FLAG_LAST_FRAGMENT : 0).Append(fragment.data);
    return writer.Take();
}

} // namespace ipsec
} // namespace ns3
