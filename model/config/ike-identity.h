// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Who a peer says it is.
 */
#ifndef IKE_IDENTITY_H
#define IKE_IDENTITY_H

#include "ns3/ipsec-endpoint.h"
#include "ns3/isakmp-payloads.h"

#include <string>

namespace ns3
{
namespace ipsec
{

/// A phase 1 identity (RFC 2407 section 4.6.2). Distinguished names are compared as names, for
/// systems encode their strings differently (RFC 5280 section 7.1); all others octet by octet.
struct Identity
{
    IdType type = IdType::Ipv4Addr;
    Octets data;

    /// Writes what Parse() reads: the address, the name, "keyid:TEXT", "keyid:0xHEX", the
    /// distinguished name; else hexadecimal octets.
    std::string ToString() const;
    /// Makes the ID payload's content, protocol and port zero (RFC 3947 section 4).
    IdPayload ToPayload() const;

    /// Makes the identity of an address.
    static Identity FromAddress(IpAddress address);
    /// Takes the identity of an ID payload.
    static Identity FromPayload(const IdPayload& payload);
    /**
     * Reads "keyid:TEXT" or "keyid:0xHEX" (KEY_ID), a distinguished name (whatever else contains
     * '=', as ParseDistinguishedName() reads it), user@domain (USER_FQDN), an IPv4 address, or a
     * domain name.
     * @throws std::invalid_argument with one sentence.
     */
    static Identity Parse(const std::string& text);
};

bool operator==(const Identity& a, const Identity& b);
bool operator!=(const Identity& a, const Identity& b);

} // namespace ipsec
} // namespace ns3

#endif // IKE_IDENTITY_H
