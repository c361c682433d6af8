// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Authorities and certificates for tests.
 */
#ifndef CERTIFICATE_SAMPLES_H
#define CERTIFICATE_SAMPLES_H

#include "ns3/crypto-certificate.h"

#include <string>

namespace ns3
{
namespace ipsec
{

/// The first and last second of sample certificates, and one in between.
extern const CalendarSeconds SAMPLE_BEGIN;
extern const CalendarSeconds SAMPLE_NOW;
extern const CalendarSeconds SAMPLE_END;

/// Returns a key of ECDSA P-256 that belongs to a name.
PrivateKey KeyNamed(const std::string& name);

/// Returns a request for "CN=name" that is valid from SAMPLE_BEGIN to SAMPLE_END.
CertificateRequest RequestFor(const std::string& name);

/// A name with its key, and certificates for it.
struct SampleParty
{
    explicit SampleParty(const std::string& name);
    SampleParty(const std::string& name, const PrivateKey& key);

    /// Issues a certificate for another party.
    Certificate Issue(const SampleParty& subject) const;
    /// Issues a certificate for another authority.
    Certificate IssueAuthority(const SampleParty& subject) const;
    /// Issues what @p request says for the key of @p subject.
    Certificate Issue(const CertificateRequest& request, const SampleParty& subject) const;
    /// Makes a self-signed certificate of an authority.
    Certificate Root() const;
    /// Makes a self-signed certificate of an end.
    Certificate SelfSigned() const;
    /// Issues a revocation list that is current from SAMPLE_BEGIN to SAMPLE_END.
    RevocationList Revoke(const std::vector<Certificate>& revoked) const;

    std::string name;
    Issuer issuer;
};

} // namespace ipsec
} // namespace ns3

#endif // CERTIFICATE_SAMPLES_H
