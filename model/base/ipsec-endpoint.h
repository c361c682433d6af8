// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Addresses, endpoints and prefixes of the core (IPv4).
 */
#ifndef IPSEC_ENDPOINT_H
#define IPSEC_ENDPOINT_H

#include "ipsec-octets.h"

#include <string>

namespace ns3
{
namespace ipsec
{

/// UDP port of ISAKMP (RFC 2408 section 2.5.1).
constexpr uint16_t IKE_PORT = 500;
/// UDP port of IKE and ESP behind a NAT (RFC 3947 section 4).
constexpr uint16_t NATT_PORT = 4500;

/// An IPv4 address, in host byte order.
struct IpAddress
{
    uint32_t value = 0;

    /// Tells whether it is 0.0.0.0, which stands for "any" or "none".
    bool
    IsAny() const
    {
        return value == 0;
    }

    /// Returns the four octets in network order.
    std::array<uint8_t, 4> ToOctets() const;
    /// Writes dotted decimal.
    std::string ToString() const;
    /**
     * Reads dotted decimal.
     * @throws std::invalid_argument with one sentence.
     */
    static IpAddress Parse(const std::string& text);
    /// Reads four octets in network order; 0.0.0.0 unless there are exactly four.
    static IpAddress FromOctets(OctetView octets);
};

inline bool
operator==(IpAddress a, IpAddress b)
{
    return a.value == b.value;
}

inline bool
operator!=(IpAddress a, IpAddress b)
{
    return a.value != b.value;
}

inline bool
operator<(IpAddress a, IpAddress b)
{
    return a.value < b.value;
}

/// One end of UDP: an address and a port.
struct Endpoint
{
    IpAddress address;
    uint16_t port = IKE_PORT;

    /// Writes address:port.
    std::string ToString() const;
};

inline bool
operator==(const Endpoint& a, const Endpoint& b)
{
    return a.address == b.address && a.port == b.port;
}

inline bool
operator!=(const Endpoint& a, const Endpoint& b)
{
    return !(a == b);
}

inline bool
operator<(const Endpoint& a, const Endpoint& b)
{
    return a.address < b.address || (a.address == b.address && a.port < b.port);
}

/// A network: an address and the number of leading bits that count.
struct Prefix
{
    IpAddress address;
    uint8_t length = 0;

    /// Tells whether @p host lies inside.
    bool Contains(IpAddress host) const;
    /// Tells whether all of @p other lies inside.
    bool Contains(const Prefix& other) const;
    /// Returns the network mask.
    IpAddress Mask() const;
    /// Writes address/length.
    std::string ToString() const;
    /**
     * Reads address/length, or an address alone as a host of 32 bits. Host bits must be zero.
     * @throws std::invalid_argument with one sentence.
     */
    static Prefix Parse(const std::string& text);
    /// Makes the prefix that holds one host.
    static Prefix Host(IpAddress address);
};

inline bool
operator==(const Prefix& a, const Prefix& b)
{
    return a.address == b.address && a.length == b.length;
}

inline bool
operator!=(const Prefix& a, const Prefix& b)
{
    return !(a == b);
}

inline bool
operator<(const Prefix& a, const Prefix& b)
{
    return a.address < b.address || (a.address == b.address && a.length < b.length);
}

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_ENDPOINT_H
