// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Authorities and certificates for tests.
 */
#ifndef CERTIFICATE_SAMPLES_H
#define CERTIFICATE_SAMPLES_H

#include "ns3/crypto-certificate.h"

#include <openssl/types.h>

#include <functional>
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

/// A root that is trusted, an authority between, and an end.
struct SampleChain
{
    SampleChain();

    SampleParty rootParty{"root"};
    SampleParty middleParty{"middle"};
    SampleParty leafParty{"leaf"};
    Certificate root;
    Certificate middle;
    Certificate leaf;
    Trust trust;
};

/// Judges a certificate and names the fault, or "accepted".
std::string Judgement(const Certificate& leaf,
                      const std::vector<Certificate>& sent,
                      const Trust& trust,
                      CalendarSeconds now = SAMPLE_NOW);

/// Lets the test change a certificate as OpenSSL holds it, and signs it again by SHA-256.
Certificate ChangedCertificate(const Certificate& certificate,
                               const PrivateKey& signer,
                               const std::function<void(X509*)>& change);
/// Change extensions, by OpenSSL's numbers and texts.
void RemoveExtension(X509* x509, int nid);
void AddExtension(X509* x509, int nid, const char* value);
/// Makes a delta (RFC 5280 section 5.2.4) of a list.
RevocationList DeltaOf(const RevocationList& list, const PrivateKey& signer);

} // namespace ipsec
} // namespace ns3

#endif // CERTIFICATE_SAMPLES_H
