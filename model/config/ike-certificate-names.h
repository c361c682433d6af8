// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Whether a certificate speaks for an identity.
 */
#ifndef IKE_CERTIFICATE_NAMES_H
#define IKE_CERTIFICATE_NAMES_H

#include "ike-identity.h"

#include "ns3/crypto-certificate.h"

namespace ns3
{
namespace ipsec
{

/**
 * Tells whether a certificate names an identity (RFC 4945 section 3.1): an address, a domain name
 * or an e-mail address stands in its subjectAltName, a DN is its subject. Domain names and the
 * domain of e-mail addresses are compared without regard to case. KEY_ID is named by no
 * certificate.
 */
bool CertificateNames(const Certificate& certificate, const Identity& identity);

/// Returns the identity of a certificate's subject.
Identity SubjectIdentity(const Certificate& certificate);

} // namespace ipsec
} // namespace ns3

#endif // IKE_CERTIFICATE_NAMES_H
