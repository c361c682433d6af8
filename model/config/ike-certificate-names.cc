// SPDX-License-Identifier: GPL-2.0-only
#include "ike-certificate-names.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

uint8_t
LowerCase(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<uint8_t>(c - 'A' + 'a') : c;
}

bool
IsSameName(OctetView a, OctetView b)
{
    return std::equal(a.begin(),
                      a.end(),
                      b.begin(),
                      b.end(),
                      [](uint8_t x, uint8_t y) { return LowerCase(x) == LowerCase(y); });
}

/// Compares mailboxes: what stands before the last "@" octet by octet, the domain as a name.
bool
IsSameMailbox(OctetView a, OctetView b)
{
    const auto domainOf = [](OctetView v)
    {
        size_t at = v.size();
        while (at > 0 && v[at - 1] != '@')
        {
            at--;
        }
        return at;
    };
    const size_t at = domainOf(a);
    return at == domainOf(b) && a.First(at) == b.First(at) && IsSameName(a.From(at), b.From(at));
}

} // namespace

bool
CertificateNames(const Certificate& certificate, const Identity& identity)
{
    if (identity.type == IdType::DerAsn1Dn)
    {
        return IsSameDistinguishedName(certificate.Subject(), identity.data);
    }
    const std::vector<AlternativeName>& names = certificate.AlternativeNames();
    return std::any_of(
        names.begin(),
        names.end(),
        [&](const AlternativeName& name)
        {
            switch (name.kind)
            {
            case AlternativeNameKind::Dns:
                return identity.type == IdType::Fqdn && IsSameName(name.value, identity.data);
            case AlternativeNameKind::Email:
                return identity.type == IdType::UserFqdn &&
                       IsSameMailbox(name.value, identity.data);
            case AlternativeNameKind::Address:
                return identity.type == IdType::Ipv4Addr && name.value == identity.data;
            }
            return false;
        });
}

Identity
SubjectIdentity(const Certificate& certificate)
{
    return {IdType::DerAsn1Dn, certificate.Subject()};
}

} // namespace ipsec
} // namespace ns3
