// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-pki.h"

#include "ns3/crypto-hash.h"
#include "ns3/rng-seed-manager.h"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr CalendarSeconds DAY = 86400;
constexpr CalendarSeconds BEFORE_START = 30 * DAY;
constexpr CalendarSeconds BEHIND_START = 3653 * DAY;
/// The authority that is there if nobody made one.
const char DEFAULT_AUTHORITY[] = "authority";

struct KeyChoiceRow
{
    const char* name;
    KeyKind kind;
    size_t bits;
};

constexpr std::array<KeyChoiceRow, 11> KEY_CHOICES = {{
    {"rsa512", KeyKind::Rsa, 512},
    {"rsa1024", KeyKind::Rsa, 1024},
    {"rsa2048", KeyKind::Rsa, 2048},
    {"rsa3072", KeyKind::Rsa, 3072},
    {"rsa4096", KeyKind::Rsa, 4096},
    {"dsa1024", KeyKind::Dsa, 1024},
    {"dsa2048", KeyKind::Dsa, 2048},
    {"dsa3072", KeyKind::Dsa, 3072},
    {"ecdsa256", KeyKind::EcdsaP256, 256},
    {"ecdsa384", KeyKind::EcdsaP384, 384},
    {"ecdsa521", KeyKind::EcdsaP521, 521},
}};

/// Octets that a text decides: SHA-256 of the text and a counter, one block after the other.
class TextRandomSource : public RandomSource
{
  public:
    explicit TextRandomSource(const std::string& text)
        : m_text(text)
    {
    }

    void
    Fill(uint8_t* out, size_t count) override
    {
        for (size_t i = 0; i < count; i++)
        {
            if (m_used == m_block.size())
            {
                const std::string label = m_text + "/" + std::to_string(m_counter++);
                m_block = Digest(HashId::Sha256, {AsOctets(label)});
                m_used = 0;
            }
            out[i] = m_block[m_used++];
        }
    }

  private:
    std::string m_text;
    uint64_t m_counter = 0;
    Octets m_block;
    size_t m_used = 0;
};

/// Returns what decides the octets of one thing.
std::string
Label(uint64_t seed, uint64_t run, const std::string& what)
{
    return "ipsec/" + std::to_string(seed) + "/" + std::to_string(run) + "/" + what;
}

Octets
DefaultSubject(const std::string& name)
{
    return ParseDistinguishedName("CN=" + name + ", O=ipsec");
}

} // namespace

std::string
KeyChoice::ToString() const
{
    const auto row =
        std::find_if(KEY_CHOICES.begin(),
                     KEY_CHOICES.end(),
                     [this](const KeyChoiceRow& r) { return r.kind == kind && r.bits == bits; });
    return row == KEY_CHOICES.end() ? KeyKindName(kind) + (" " + std::to_string(bits)) : row->name;
}

KeyChoice
KeyChoice::Parse(const std::string& text)
{
    std::string allowed;
    for (const KeyChoiceRow& row : KEY_CHOICES)
    {
        if (text == row.name)
        {
            return {row.kind, row.bits};
        }
        allowed += (allowed.empty() ? "" : ", ") + std::string(row.name);
    }
    throw std::invalid_argument("'" + text + "' is not a kind of key; allowed: " + allowed);
}

KeyChoice
KeyChoice::Default(KeyKind kind)
{
    switch (kind)
    {
    case KeyKind::Rsa:
        return {kind, 2048};
    case KeyKind::Dsa:
        return {kind, 1024};
    case KeyKind::EcdsaP256:
        return {kind, 256};
    case KeyKind::EcdsaP384:
        return {kind, 384};
    case KeyKind::EcdsaP521:
        return {kind, 521};
    }
    return {};
}

void
PkiHolder::AddName(const Identity& id)
{
    const auto add = [&](AlternativeNameKind kind)
    {
        const bool isThere = std::any_of(alternativeNames.begin(),
                                         alternativeNames.end(),
                                         [&](const AlternativeName& other)
                                         { return other.kind == kind && other.value == id.data; });
        if (!isThere)
        {
            alternativeNames.push_back({kind, id.data});
        }
    };
    if (id.type == IdType::Ipv4Addr)
    {
        add(AlternativeNameKind::Address);
    }
    else if (id.type == IdType::Fqdn)
    {
        add(AlternativeNameKind::Dns);
    }
    else if (id.type == IdType::UserFqdn)
    {
        add(AlternativeNameKind::Email);
    }
    else if (id.type == IdType::DerAsn1Dn && subject.empty())
    {
        subject = id.data;
    }
}

IpsecPki::IpsecPki()
    : IpsecPki(RngSeedManager::GetSeed(), RngSeedManager::GetRun(), EngineConfig{}.calendarStart)
{
}

IpsecPki::IpsecPki(uint64_t seed, uint64_t run, CalendarSeconds calendarStart)
    : m_seed(seed)
    , m_run(run)
    , m_start(calendarStart)
{
}

void
IpsecPki::AddAuthority(const PkiAuthority& authority)
{
    const auto found =
        std::find_if(m_authorities.begin(),
                     m_authorities.end(),
                     [&](const PkiAuthority& one) { return one.name == authority.name; });
    if (found == m_authorities.end())
    {
        m_authorities.push_back(authority);
        return;
    }
    *found = authority;
}

void
IpsecPki::AddHolder(const PkiHolder& holder)
{
    m_holders.insert_or_assign(holder.name, holder);
}

bool
IpsecPki::HasHolder(const std::string& name) const
{
    return m_holders.count(name) > 0;
}

Certificate
IpsecPki::AuthorityCertificate(const std::string& name)
{
    const PkiAuthority& authority = FindAuthority(name);
    if (authority.certificate)
    {
        return *authority.certificate;
    }
    const auto found = m_authorityCertificates.find(authority.name);
    if (found != m_authorityCertificates.end())
    {
        return found->second;
    }
    RootOf(authority); // throws where issuers go round in a circle
    const Issuer own = IssuerOf(authority);
    const Issuer issuer =
        authority.issuer.empty() ? own : IssuerOf(FindAuthority(authority.issuer));
    CertificateRequest request = RequestFor(own.name, authority.terms);
    request.isAuthority = true;
    TextRandomSource random(Label(m_seed, m_run, "certificate of authority " + authority.name));
    const Certificate made = IssueCertificate(request, own.key.Public(), issuer, random);
    m_authorityCertificates.emplace(authority.name, made);
    return made;
}

OwnKey
IpsecPki::KeyOf(const std::string& name, KeyKind kind)
{
    const PkiHolder& holder = FindHolder(name);
    if (holder.own && holder.own->key.Kind() == kind)
    {
        return *holder.own;
    }
    const auto found = m_own.find({name, kind});
    if (found != m_own.end())
    {
        return found->second;
    }
    const auto chosen = std::find_if(holder.keys.begin(),
                                     holder.keys.end(),
                                     [kind](const KeyChoice& k) { return k.kind == kind; });
    const KeyChoice choice = chosen == holder.keys.end() ? KeyChoice::Default(kind) : *chosen;
    OwnKey made{MakeKey("key of " + name + " " + choice.ToString(), choice), {}};
    CertificateRequest request =
        RequestFor(holder.subject.empty() ? DefaultSubject(name) : holder.subject, holder.terms);
    request.alternativeNames = holder.alternativeNames;
    TextRandomSource random(
        Label(m_seed, m_run, "certificate of " + name + " " + choice.ToString()));
    if (holder.isSelfSigned)
    {
        made.chain = {IssueCertificate(
            request, made.key.Public(), Issuer{request.subject, made.key}, random)};
        return m_own.emplace(std::pair(name, kind), made).first->second;
    }
    const PkiAuthority* authority = &FindAuthority(holder.issuer);
    made.chain = {IssueCertificate(request, made.key.Public(), IssuerOf(*authority), random)};
    RootOf(*authority); // throws where issuers go round in a circle
    for (; !authority->issuer.empty(); authority = &FindAuthority(authority->issuer))
    {
        made.chain.push_back(AuthorityCertificate(authority->name));
    }
    return m_own.emplace(std::pair(name, kind), made).first->second;
}

std::shared_ptr<const KeyStore>
IpsecPki::KeyStoreOf(const std::string& name,
                     const std::set<KeyKind>& own,
                     const std::set<KeyKind>& peers)
{
    const PkiHolder& holder = FindHolder(name);
    auto store = std::make_shared<KeyStore>();
    store->trust.requireRevocationList = holder.requireRevocationList;
    store->trust.acceptWeak = holder.acceptWeak;
    for (const KeyKind kind : own)
    {
        store->own.push_back(KeyOf(name, kind));
    }
    for (const KeyKind kind : peers)
    {
        for (const std::string& pin : holder.pins)
        {
            store->trust.pinned.push_back(KeyOf(pin, kind).chain.front());
        }
    }
    std::vector<std::string> trusted;
    for (const PkiAuthority& authority : m_authorities)
    {
        if (authority.issuer.empty())
        {
            trusted.push_back(authority.name);
        }
    }
    if (m_authorities.empty())
    {
        trusted = {DEFAULT_AUTHORITY};
    }
    for (const std::string& authority : holder.trust.value_or(trusted))
    {
        store->trust.authorities.push_back(AuthorityCertificate(authority));
    }
    const std::vector<PkiAuthority> alone{FindAuthority("")};
    for (const PkiAuthority& authority : m_authorities.empty() ? alone : m_authorities)
    {
        const std::vector<RevocationList> lists = ListsOf(authority, peers);
        store->trust.revocationLists.insert(
            store->trust.revocationLists.end(), lists.begin(), lists.end());
    }
    return store;
}

const PkiAuthority&
IpsecPki::FindAuthority(const std::string& name) const
{
    static const PkiAuthority DEFAULT = []
    {
        PkiAuthority authority;
        authority.name = DEFAULT_AUTHORITY;
        return authority;
    }();
    if (m_authorities.empty() && (name.empty() || name == DEFAULT_AUTHORITY))
    {
        return DEFAULT;
    }
    const auto found =
        std::find_if(m_authorities.begin(),
                     m_authorities.end(),
                     [&](const PkiAuthority& a) { return name.empty() || a.name == name; });
    if (found == m_authorities.end())
    {
        throw std::invalid_argument("there is no authority '" + name + "'");
    }
    return *found;
}

const PkiHolder&
IpsecPki::FindHolder(const std::string& name) const
{
    const auto found = m_holders.find(name);
    if (found == m_holders.end())
    {
        throw std::invalid_argument("nobody named '" + name + "' has certificates");
    }
    return found->second;
}

const PkiAuthority&
IpsecPki::RootOf(const PkiAuthority& authority) const
{
    const PkiAuthority* root = &authority;
    for (size_t steps = 0; !root->issuer.empty(); steps++)
    {
        if (steps > m_authorities.size())
        {
            throw std::invalid_argument("the issuers of authority '" + authority.name +
                                        "' go round in a circle");
        }
        root = &FindAuthority(root->issuer);
    }
    return *root;
}

const PrivateKey&
IpsecPki::MakeKey(const std::string& label, const KeyChoice& choice)
{
    const auto found = m_keys.find(label);
    if (found != m_keys.end())
    {
        return found->second;
    }
    TextRandomSource random(Label(m_seed, m_run, label));
    return m_keys.emplace(label, PrivateKey::Generate(choice.kind, choice.bits, random))
        .first->second;
}

Octets
IpsecPki::SubjectOf(const PkiAuthority& authority) const
{
    if (authority.certificate)
    {
        return authority.certificate->Subject();
    }
    return authority.subject.empty() ? DefaultSubject(authority.name) : authority.subject;
}

Issuer
IpsecPki::IssuerOf(const PkiAuthority& authority)
{
    if (authority.privateKey)
    {
        return {SubjectOf(authority), *authority.privateKey};
    }
    if (authority.certificate)
    {
        throw std::invalid_argument("authority '" + authority.name +
                                    "' has no private key, so it cannot issue certificates");
    }
    return {SubjectOf(authority),
            MakeKey("key of authority " + authority.name + " " + authority.key.ToString(),
                    authority.key)};
}

CertificateRequest
IpsecPki::RequestFor(const Octets& subject, const CertificateTerms& terms) const
{
    CertificateRequest request;
    request.subject = subject;
    request.notBefore = terms.notBefore.value_or(m_start - BEFORE_START);
    request.notAfter = terms.notAfter.value_or(m_start + BEHIND_START);
    request.hash = terms.hash;
    return request;
}

std::vector<RevocationList>
IpsecPki::ListsOf(const PkiAuthority& authority, const std::set<KeyKind>& kinds)
{
    const bool isRequired =
        std::any_of(m_holders.begin(),
                    m_holders.end(),
                    [](const auto& h) { return h.second.requireRevocationList; });
    const bool isWanted = !authority.revokes.empty() || authority.listEndsAt;
    const bool canIssue = authority.privateKey || !authority.certificate;
    if (!isWanted && !(isRequired && canIssue))
    {
        return authority.lists;
    }
    std::vector<Certificate> revoked;
    for (const std::string& name : authority.revokes)
    {
        if (!HasHolder(name))
        {
            revoked.push_back(AuthorityCertificate(name));
            continue;
        }
        for (const KeyKind kind : kinds)
        {
            revoked.push_back(KeyOf(name, kind).chain.front());
        }
    }
    TextRandomSource random(Label(m_seed, m_run, "revocation list of " + authority.name));
    std::vector<RevocationList> lists = authority.lists;
    lists.push_back(IssueRevocationList(
        IssuerOf(authority),
        revoked,
        std::min(m_start - BEFORE_START, authority.listEndsAt.value_or(m_start) - BEFORE_START),
        authority.listEndsAt.value_or(m_start + BEHIND_START),
        random));
    return lists;
}

} // namespace ipsec
} // namespace ns3
