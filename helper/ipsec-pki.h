// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Makes certification authorities, keys and certificates from a seed.
 */
#ifndef IPSEC_PKI_H
#define IPSEC_PKI_H

#include "ns3/ike-config.h"
#include "ns3/ipsec-random-source.h"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// A kind of key and its size.
struct KeyChoice
{
    KeyKind kind = KeyKind::Rsa;
    size_t bits = 2048;

    /// Writes "rsa2048", "dsa1024", "ecdsa256".
    std::string ToString() const;
    /**
     * Reads what ToString() writes: rsa1024, rsa2048, rsa3072, rsa4096, dsa1024, dsa2048, dsa3072,
     * ecdsa256, ecdsa384, ecdsa521, and rsa512, which is weak.
     * @throws std::invalid_argument with one sentence.
     */
    static KeyChoice Parse(const std::string& text);
    /// Returns what is used for a kind if nobody chose: RSA with 2048 bits, DSA with 1024.
    static KeyChoice Default(KeyKind kind);
};

/// From when to when, and by which hash a certificate is signed.
struct CertificateTerms
{
    /// Nothing means 30 days before the calendar's start, and ten years after it.
    std::optional<CalendarSeconds> notBefore;
    std::optional<CalendarSeconds> notAfter;
    HashId hash = HashId::Sha256;
};

/// A certification authority to make, or one that is there.
struct PkiAuthority
{
    std::string name;
    /// Name of the authority that issues its certificate; empty for a root.
    std::string issuer;
    KeyChoice key;
    /// DER Name; empty means "CN=NAME, O=ipsec".
    Octets subject;
    CertificateTerms terms;
    /// Names of authorities and holders whose certificates are on its revocation list.
    std::vector<std::string> revokes;
    /// When its revocation list ends; nothing means ten years after the calendar's start. There is
    /// a list if this or revokes is set, or if some holder requires lists.
    std::optional<CalendarSeconds> listEndsAt;
    /// One that is there; without a private key it issues nothing.
    std::optional<Certificate> certificate;
    std::optional<PrivateKey> privateKey;
    std::vector<RevocationList> lists;
};

/// A node that has keys and certificates.
struct PkiHolder
{
    std::string name;
    /// Name of the authority; empty means the first one.
    std::string issuer;
    bool isSelfSigned = false;
    /// DER Name; empty means "CN=NAME, O=ipsec".
    Octets subject;
    std::vector<AlternativeName> alternativeNames;
    CertificateTerms terms;
    /// In place of KeyChoice::Default(), for each kind.
    std::vector<KeyChoice> keys;
    /// A key that is there, with its certificate and those of authorities between; it counts for
    /// its kind.
    std::optional<OwnKey> own;
    /// Names of the authorities that it trusts; nothing means all roots.
    std::optional<std::vector<std::string>> trust;
    /// Names of holders whose certificates it accepts as they are.
    std::vector<std::string> pins;
    bool requireRevocationList = false;
    bool acceptWeak = false;

    /// Lets its certificates name an identity: a DN as the subject, if there is none yet, others
    /// beside it. KEY_ID stands in no certificate.
    void AddName(const Identity& id);
};

/**
 * Makes what it is asked for, and nothing else: keys take time. Seed, run and name decide a key, so
 * another node changes nobody else's. Without any authority there is one named "authority".
 */
class IpsecPki
{
  public:
    /// Takes seed and run of ns-3, and 2026-01-01 as the start of the calendar.
    IpsecPki();
    IpsecPki(uint64_t seed, uint64_t run, CalendarSeconds calendarStart);

    /// Add or replace by name; before anything is asked for.
    void AddAuthority(const PkiAuthority& authority);
    void AddHolder(const PkiHolder& holder);
    bool HasHolder(const std::string& name) const;

    /// Returns the certificate of an authority.
    /// @throws std::invalid_argument if there is no authority or holder of a name, issuers go round
    /// in a circle, or an issuer has no private key.
    Certificate AuthorityCertificate(const std::string& authority);
    /// Returns a holder's key of a kind, with its certificate and those of authorities between.
    OwnKey KeyOf(const std::string& holder, KeyKind kind);
    /**
     * Returns what a holder needs.
     * @param own kinds of its keys
     * @param peers kinds of the keys that it judges: pinned and revoked certificates
     */
    std::shared_ptr<const KeyStore> KeyStoreOf(const std::string& holder,
                                               const std::set<KeyKind>& own,
                                               const std::set<KeyKind>& peers);

  private:
    const PkiAuthority& FindAuthority(const std::string& name) const;
    const PkiHolder& FindHolder(const std::string& name) const;
    /// Returns where chains from an authority end.
    const PkiAuthority& RootOf(const PkiAuthority& authority) const;
    const PrivateKey& MakeKey(const std::string& label, const KeyChoice& choice);
    Issuer IssuerOf(const PkiAuthority& authority);
    Octets SubjectOf(const PkiAuthority& authority) const;
    CertificateRequest RequestFor(const Octets& subject, const CertificateTerms& terms) const;
    /// Returns the list of an authority with what it revokes of these kinds, if it has one.
    std::vector<RevocationList> ListsOf(const PkiAuthority& authority,
                                        const std::set<KeyKind>& kinds);

    uint64_t m_seed;
    uint64_t m_run;
    CalendarSeconds m_start;
    std::vector<PkiAuthority> m_authorities;
    std::map<std::string, PkiHolder> m_holders;
    std::map<std::string, PrivateKey> m_keys;
    std::map<std::string, Certificate> m_authorityCertificates;
    std::map<std::pair<std::string, KeyKind>, OwnKey> m_own;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_PKI_H
