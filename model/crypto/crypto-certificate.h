// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * X.509 certificates and revocation lists (RFC 5280), as values.
 */
#ifndef CRYPTO_CERTIFICATE_H
#define CRYPTO_CERTIFICATE_H

#include "crypto-algorithms.h"
#include "crypto-keys.h"

#include <memory>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Seconds since 1970-01-01 00:00 UTC: the calendar by which certificates are judged.
using CalendarSeconds = int64_t;

/// Reads "2026-01-31" or "2026-01-31T12:00:00Z".
/// @throws std::invalid_argument with one sentence.
CalendarSeconds ParseCalendar(const std::string& text);
/// Writes "2026-01-31T12:00:00Z".
std::string CalendarText(CalendarSeconds seconds);

/// Reads "CN=fw-a, O=Example, C=DE" into a DER Name (RFC 5280 section 4.1.2.4); the first written
/// is the first encoded. A comma in a value is written "\,".
/// @throws std::invalid_argument with one sentence.
Octets ParseDistinguishedName(const std::string& text);
/// Writes a DER Name as ParseDistinguishedName() reads it; empty if it is not one.
std::string DistinguishedNameText(OctetView der);
/// Tells whether two DER Names are the same name (RFC 5280 section 7.1), however they encode their
/// strings; false if either is not a Name.
bool IsSameDistinguishedName(OctetView a, OctetView b);

/// What a subjectAltName may hold that an IKE identity can be compared with.
enum class AlternativeNameKind : uint8_t
{
    Dns,
    Email,
    Address, ///< 4 octets
};

struct AlternativeName
{
    AlternativeNameKind kind = AlternativeNameKind::Dns;
    Octets value;
};

struct CertificateObject;
struct RevocationListObject;

/// One certificate.
class Certificate
{
  public:
    explicit Certificate(std::shared_ptr<const CertificateObject> object);

    /// Reads one DER certificate that fills @p der; BadCertificate.
    static Result<Certificate> FromDer(OctetView der);
    /// Reads all certificates of a PEM text, at least one.
    /// @throws std::invalid_argument with one sentence.
    static std::vector<Certificate> FromPem(const std::string& pem);
    std::string ToPem() const;

    const Octets& Der() const;
    /// Return the DER Names.
    const Octets& Subject() const;
    const Octets& Issuer() const;
    const Octets& SerialNumber() const;
    const std::vector<AlternativeName>& AlternativeNames() const;
    const PublicKey& Key() const;
    CalendarSeconds NotBefore() const;
    CalendarSeconds NotAfter() const;
    bool IsAuthority() const;
    /// Tells whether subject and issuer are the same name.
    bool IsSelfIssued() const;

    const CertificateObject&
    Object() const
    {
        return *m_object;
    }

  private:
    std::shared_ptr<const CertificateObject> m_object;
};

/// Compares octet by octet.
bool operator==(const Certificate& a, const Certificate& b);
bool operator!=(const Certificate& a, const Certificate& b);

/// One certificate revocation list.
class RevocationList
{
  public:
    explicit RevocationList(std::shared_ptr<const RevocationListObject> object);

    /// Reads one DER list; BadCertificate.
    static Result<RevocationList> FromDer(OctetView der);
    /// Reads all lists of a PEM text, at least one.
    /// @throws std::invalid_argument with one sentence.
    static std::vector<RevocationList> FromPem(const std::string& pem);
    std::string ToPem() const;
    const Octets& Der() const;

    const RevocationListObject&
    Object() const
    {
        return *m_object;
    }

  private:
    std::shared_ptr<const RevocationListObject> m_object;
};

/// What a new certificate says.
struct CertificateRequest
{
    /// DER Name.
    Octets subject;
    std::vector<AlternativeName> alternativeNames;
    CalendarSeconds notBefore = 0;
    CalendarSeconds notAfter = 0;
    bool isAuthority = false;
    /// Of the signature; Md5 and Sha1 are weak.
    HashId hash = HashId::Sha256;
};

/// The name and key that certificates are issued with.
struct Issuer
{
    /// DER Name.
    Octets name;
    PrivateKey key;
};

/// Issues a certificate; self-signed if the issuer has the subject's name and key. Serial number
/// and signature come from @p random. What is made may differ from one version of OpenSSL to
/// another.
/// @throws std::invalid_argument if there is no signature algorithm of this key and hash: DSA goes
/// with SHA-1 and SHA-256, and Md5 with RSA only.
Certificate IssueCertificate(const CertificateRequest& request,
                             const PublicKey& subjectKey,
                             const Issuer& issuer,
                             RandomSource& random);

/// Issues a revocation list, signed by SHA-256.
RevocationList IssueRevocationList(const Issuer& issuer,
                                   const std::vector<Certificate>& revoked,
                                   CalendarSeconds thisUpdate,
                                   CalendarSeconds nextUpdate,
                                   RandomSource& random);

/// What certificates are checked against.
struct Trust
{
    /// Certificates of authorities that chains may end at.
    std::vector<Certificate> authorities;
    /// Intermediate certificates that are known without being sent.
    std::vector<Certificate> intermediates;
    /// Certificates of peers that are accepted as they are, self-signed or not, while they are
    /// valid.
    std::vector<Certificate> pinned;
    std::vector<RevocationList> revocationLists;
    /// Refuse where there is no current list of the issuer; else only listed certificates are.
    bool requireRevocationList = false;
    /// Accept signatures by MD5 or SHA-1, and RSA and DSA keys below 1024 bits.
    bool acceptWeak = false;
};

/// Most certificates in one chain, and most that a peer may send (bad input 74).
constexpr size_t MAX_CHAIN = 8;
constexpr size_t MAX_SENT_CERTIFICATES = 16;

/**
 * Judges a peer's certificate at an instant of the calendar; @p sent are the others that it sent,
 * in any order. Faults, each with its own reason; of several the first in this order is returned,
 * what is wrong for ever before what is wrong today: BadCertificate (a signature in the chain is
 * wrong, an issuer that is no authority, a chain that is too long, too many certificates),
 * UntrustedSelfSigned (self-signed and not pinned), UnknownAuthority (no chain to an authority that
 * is known), WeakCertificate (signature or key; the signature of the authority at the end is not
 * judged), CertificateRevoked, CertificateNotYetValid, CertificateExpired, RevocationUnknown (only
 * if a list is required). A list counts if the issuer signed it, it is current, and it has no
 * critical extension; of several the newest one.
 */
Result<Done> CheckCertificate(const Certificate& leaf,
                              const std::vector<Certificate>& sent,
                              const Trust& trust,
                              CalendarSeconds now);

} // namespace ipsec
} // namespace ns3

#endif // CRYPTO_CERTIFICATE_H
