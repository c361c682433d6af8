// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What certificates and revocation lists are inside: OpenSSL's objects and what was read from them.
 */
#ifndef CRYPTO_CERTIFICATE_OBJECT_H
#define CRYPTO_CERTIFICATE_OBJECT_H

#include "crypto-certificate.h"
#include "crypto-openssl-handle.h"

#include <openssl/x509.h>

#include <optional>

namespace ns3
{
namespace ipsec
{

using NameHandle = OpensslHandle<X509_NAME, X509_NAME_free>;
using CertificateHandle = OpensslHandle<X509, X509_free>;
using RevocationListHandle = OpensslHandle<X509_CRL, X509_CRL_free>;

/// Owns one certificate; everything is set once it is made.
struct CertificateObject
{
    CertificateHandle x509;
    Octets der;
    Octets subject;
    Octets issuer;
    Octets serialNumber;
    std::vector<AlternativeName> alternativeNames;
    std::optional<PublicKey> key;
    CalendarSeconds notBefore = 0;
    CalendarSeconds notAfter = 0;
    bool isAuthority = false;
};

/// Owns one revocation list.
struct RevocationListObject
{
    RevocationListHandle list;
    Octets der;
    CalendarSeconds thisUpdate = 0;
    CalendarSeconds nextUpdate = 0;
    /// Whether there is an extension that must be understood; none is, so the list says nothing.
    bool isPartial = false;
};

/// Reads a DER Name that fills @p der; null if it is not one.
NameHandle ReadName(OctetView der);
/// Reads a time of a certificate; nothing if it is none.
std::optional<CalendarSeconds> CalendarOf(const ASN1_TIME* time);

} // namespace ipsec
} // namespace ns3

#endif // CRYPTO_CERTIFICATE_OBJECT_H
