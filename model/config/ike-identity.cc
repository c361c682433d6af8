// SPDX-License-Identifier: GPL-2.0-only
#include "ike-identity.h"

#include "ns3/crypto-certificate.h"

#include <algorithm>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

const std::string KEY_ID_PREFIX = "keyid:";
/// Before a key that is written as octets.
const std::string HEX_PREFIX = "0x";

/// Longest name that is read (RFC 1035 section 2.3.4) and longest label in it.
constexpr size_t MAX_NAME = 255;
constexpr size_t MAX_LABEL = 63;

bool
IsVisible(uint8_t c)
{
    return c > 0x20 && c < 0x7f;
}

bool
IsLabelCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

/// Tells whether @p text is labels separated by single dots.
bool
IsDomainName(const std::string& text)
{
    size_t label = 0;
    for (const char c : text)
    {
        if (c == '.' && label == 0)
        {
            return false;
        }
        if (c != '.' && !IsLabelCharacter(c))
        {
            return false;
        }
        label = c == '.' ? 0 : label + 1;
        if (label > MAX_LABEL)
        {
            return false;
        }
    }
    return label > 0 && text.size() <= MAX_NAME;
}

/// Tells whether @p text can only be meant as an address: a top-level domain is never a number.
bool
LooksLikeAddress(const std::string& text)
{
    return !text.empty() && text.find_first_not_of("0123456789.") == std::string::npos;
}

bool
IsUserName(const std::string& text)
{
    return !text.empty() && text.size() <= MAX_NAME &&
           std::all_of(text.begin(), text.end(), [](char c) { return IsVisible(c) && c != '@'; });
}

Identity
Named(IdType type, const std::string& text)
{
    return {type, AsOctets(text).Copy()};
}

bool
IsInHexadecimal(const std::string& key)
{
    return key.compare(0, HEX_PREFIX.size(), HEX_PREFIX) == 0;
}

/// Reads what follows "keyid:0x".
Identity
ParseBinaryKeyId(const std::string& text, const std::string& digits)
{
    const bool good = !digits.empty() && digits.size() % 2 == 0 &&
                      digits.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
    if (!good)
    {
        throw std::invalid_argument("identity '" + text +
                                    "' has no octets; write two hexadecimal digits for each after "
                                    "keyid:0x");
    }
    return {IdType::KeyId, FromHex(digits)};
}

Identity
ParseKeyId(const std::string& text)
{
    const std::string key = text.substr(KEY_ID_PREFIX.size());
    if (IsInHexadecimal(key))
    {
        return ParseBinaryKeyId(text, key.substr(HEX_PREFIX.size()));
    }
    if (key.empty())
    {
        throw std::invalid_argument("identity '" + text +
                                    "' has no key; write at least one character after keyid:");
    }
    return Named(IdType::KeyId, key);
}

Identity
ParseUser(const std::string& text, size_t at)
{
    if (!IsUserName(text.substr(0, at)) || !IsDomainName(text.substr(at + 1)))
    {
        throw std::invalid_argument("identity '" + text +
                                    "' is not a user at a domain; write for example "
                                    "alice@example.com");
    }
    return Named(IdType::UserFqdn, text);
}

} // namespace

std::string
Identity::ToString() const
{
    const std::string text(data.begin(), data.end());
    const bool visible = !data.empty() && std::all_of(data.begin(), data.end(), IsVisible);
    if (type == IdType::Ipv4Addr && data.size() == 4)
    {
        return IpAddress::FromOctets(data).ToString();
    }
    if ((type == IdType::Fqdn || type == IdType::UserFqdn) && visible)
    {
        return text;
    }
    if (type == IdType::KeyId && !data.empty())
    {
        return KEY_ID_PREFIX +
               (visible && !IsInHexadecimal(text) ? text : HEX_PREFIX + ToHex(data));
    }
    const std::string name = type == IdType::DerAsn1Dn ? DistinguishedNameText(data) : "";
    return name.empty() ? ToHex(data) : name;
}

IdPayload
Identity::ToPayload() const
{
    IdPayload payload;
    payload.type = type;
    payload.data = data;
    return payload;
}

Identity
Identity::FromAddress(IpAddress address)
{
    return {IdType::Ipv4Addr, OctetView(address.ToOctets()).Copy()};
}

Identity
Identity::FromPayload(const IdPayload& payload)
{
    return {payload.type, payload.data};
}

Identity
Identity::Parse(const std::string& text)
{
    if (text.compare(0, KEY_ID_PREFIX.size(), KEY_ID_PREFIX) == 0)
    {
        return ParseKeyId(text);
    }
    if (text.find('=') != std::string::npos)
    {
        return {IdType::DerAsn1Dn, ParseDistinguishedName(text)};
    }
    const size_t at = text.find('@');
    if (at != std::string::npos)
    {
        return ParseUser(text, at);
    }
    if (LooksLikeAddress(text))
    {
        return FromAddress(IpAddress::Parse(text));
    }
    if (!IsDomainName(text))
    {
        throw std::invalid_argument("identity '" + text +
                                    "' is neither an IPv4 address, nor user@domain, nor "
                                    "keyid:TEXT, nor a domain name, nor a distinguished name such "
                                    "as CN=gw, O=Example");
    }
    return Named(IdType::Fqdn, text);
}

bool
operator==(const Identity& a, const Identity& b)
{
    if (a.type != b.type)
    {
        return false;
    }
    return a.data == b.data ||
           (a.type == IdType::DerAsn1Dn && IsSameDistinguishedName(a.data, b.data));
}

bool
operator!=(const Identity& a, const Identity& b)
{
    return !(a == b);
}

} // namespace ipsec
} // namespace ns3
