// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-endpoint.h"

#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Reads a decimal number of at most three digits and at most @p most; advances @p i.
uint32_t
ReadDecimal(const std::string& text, size_t& i, uint32_t most, const char* what)
{
    uint32_t value = 0;
    size_t digits = 0;
    // Some programs read a leading zero as octal: nobody can mean it.
    const bool leadingZero =
        i + 1 < text.size() && text[i] == '0' && text[i + 1] >= '0' && text[i + 1] <= '9';
    while (i < text.size() && text[i] >= '0' && text[i] <= '9' && digits < 4)
    {
        value = value * 10 + (text[i] - '0');
        i++;
        digits++;
    }
    if (leadingZero || digits == 0 || digits > 3 || value > most)
    {
        throw std::invalid_argument("'" + text + "' is not " + what);
    }
    return value;
}

IpAddress
ReadAddress(const std::string& text, size_t& i, const char* what)
{
    uint32_t value = 0;
    for (int part = 0; part < 4; part++)
    {
        if (part > 0)
        {
            if (i >= text.size() || text[i] != '.')
            {
                throw std::invalid_argument("'" + text + "' is not " + what);
            }
            i++;
        }
        value = value << 8 | ReadDecimal(text, i, 255, what);
    }
    return {value};
}

} // namespace

std::array<uint8_t, 4>
IpAddress::ToOctets() const
{
    return NetworkOrder(value);
}

std::string
IpAddress::ToString() const
{
    const std::array<uint8_t, 4> o = ToOctets();
    return std::to_string(o[0]) + "." + std::to_string(o[1]) + "." + std::to_string(o[2]) + "." +
           std::to_string(o[3]);
}

IpAddress
IpAddress::Parse(const std::string& text)
{
    static const char WHAT[] = "an IPv4 address such as 192.0.2.1";
    size_t i = 0;
    const IpAddress address = ReadAddress(text, i, WHAT);
    if (i != text.size())
    {
        throw std::invalid_argument("'" + text + "' is not " + WHAT);
    }
    return address;
}

IpAddress
IpAddress::FromOctets(OctetView octets)
{
    OctetReader reader(octets);
    const uint32_t value = reader.U32();
    return {reader.Done() ? value : 0};
}

std::string
Endpoint::ToString() const
{
    return address.ToString() + ":" + std::to_string(port);
}

IpAddress
Prefix::Mask() const
{
    return {length == 0 ? 0 : 0xffffffffu << (32 - length)};
}

bool
Prefix::Contains(IpAddress host) const
{
    return (host.value & Mask().value) == address.value;
}

bool
Prefix::Contains(const Prefix& other) const
{
    return other.length >= length && Contains(other.address);
}

std::string
Prefix::ToString() const
{
    return address.ToString() + "/" + std::to_string(length);
}

Prefix
Prefix::Parse(const std::string& text)
{
    static const char WHAT[] = "an IPv4 prefix such as 192.0.2.0/24";
    size_t i = 0;
    Prefix prefix{ReadAddress(text, i, WHAT), 32};
    if (i < text.size() && text[i] == '/')
    {
        i++;
        prefix.length = static_cast<uint8_t>(ReadDecimal(text, i, 32, WHAT));
    }
    if (i != text.size())
    {
        throw std::invalid_argument("'" + text + "' is not " + WHAT);
    }
    if (!prefix.Contains(prefix.address))
    {
        throw std::invalid_argument(
            "'" + text + "' has host bits set; write " +
            Prefix{{prefix.address.value & prefix.Mask().value}, prefix.length}.ToString());
    }
    return prefix;
}

Prefix
Prefix::Host(IpAddress address)
{
    return {address, 32};
}

} // namespace ipsec
} // namespace ns3
