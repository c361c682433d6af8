// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-pki.h"

#include "ipsec-pki.h"

#include <algorithm>
#include <filesystem>
#include <set>

namespace ns3
{
namespace ipsec
{

namespace
{

const char SELF[] = "self";

KeyChoice
ChoiceOf(const KeySettings& settings)
{
    return {settings.kind, settings.bits};
}

/// Returns how a node is called in keys: "gateway.fw-a.".
std::string
PrefixOf(const GatewaySettings& node)
{
    return (node.isClient ? "client." : "gateway.") + node.name + ".";
}

using Stores = std::map<std::string, std::shared_ptr<const KeyStore>>;

/// Makes of a scenario what IpsecPki needs to know.
class PkiReader
{
  public:
    PkiReader(const Scenario& scenario, const ScenarioPositions& positions)
        : m_scenario(scenario)
        , m_positions(positions)
    {
    }

    Stores MakeStores() const;

  private:
    /// Kinds of keys of a node, and of those that it judges.
    struct Kinds
    {
        std::set<KeyKind> own;
        std::set<KeyKind> peers;
    };

    [[noreturn]] void Refuse(const std::string& key,
                             const ScenarioPosition& section,
                             const std::string& why) const;
    /// Returns the nodes that need keys or certificates.
    std::map<std::string, Kinds> KindsOfNodes() const;
    PkiAuthority ReadAuthority(const AuthoritySettings& settings) const;
    PkiHolder ReadHolder(const GatewaySettings& node) const;
    void ReadFiles(PkiAuthority& authority, const AuthoritySettings& settings) const;
    void ReadOwnKey(PkiHolder& holder, const GatewaySettings& node) const;
    void CheckNames(const AuthoritySettings& authority) const;
    void CheckNames(const GatewaySettings& node) const;
    void CheckAuthorityName(const std::string& key,
                            const ScenarioPosition& section,
                            const std::string& name) const;
    /// Returns the text of a file that a key names, relative to the scenario's folder.
    std::string ReadNamedFile(const std::string& key,
                              const ScenarioPosition& section,
                              const std::string& file) const;

    const Scenario& m_scenario;
    const ScenarioPositions& m_positions;
};

Stores
PkiReader::MakeStores() const
{
    const SimulationSettings& simulation = m_scenario.simulation;
    IpsecPki pki(simulation.seed, simulation.run, simulation.startDate);
    for (const AuthoritySettings& authority : m_scenario.authorities)
    {
        CheckNames(authority);
        pki.AddAuthority(ReadAuthority(authority));
    }
    for (const GatewaySettings& node : m_scenario.gateways)
    {
        CheckNames(node);
        pki.AddHolder(ReadHolder(node));
    }
    Stores stores;
    const std::map<std::string, Kinds> kinds = KindsOfNodes();
    for (const GatewaySettings& node : m_scenario.gateways)
    {
        const auto found = kinds.find(node.name);
        if (found == kinds.end())
        {
            continue;
        }
        try
        {
            stores[node.name] = pki.KeyStoreOf(node.name, found->second.own, found->second.peers);
        }
        catch (const std::invalid_argument& e)
        {
            const std::string prefix = PrefixOf(node);
            throw ScenarioError(node.position, prefix.substr(0, prefix.size() - 1), e.what());
        }
    }
    return stores;
}

std::map<std::string, PkiReader::Kinds>
PkiReader::KindsOfNodes() const
{
    std::map<std::string, Kinds> kinds;
    for (const TunnelSettings& tunnel : m_scenario.tunnels)
    {
        const size_t client = ClientEnd(m_scenario, tunnel);
        for (size_t end = 0; end < tunnel.ends.size(); end++)
        {
            const std::string& node = tunnel.ends[end].gateway;
            if (node.empty())
            {
                continue;
            }
            for (const Phase1Proposal& proposal : EndProposals(m_scenario, tunnel, end))
            {
                const std::optional<KeyKind> kind = GetAuth(proposal.auth).key;
                if (!kind)
                {
                    continue;
                }
                // The client of hybrid authentication has a password instead.
                const bool isHybrid = proposal.auth == AuthMethod::HybridRsa;
                kinds[node];
                if (!isHybrid || end != client)
                {
                    kinds[node].own.insert(*kind);
                }
                if (!isHybrid || end == client)
                {
                    kinds[node].peers.insert(*kind);
                }
            }
        }
    }
    return kinds;
}

PkiAuthority
PkiReader::ReadAuthority(const AuthoritySettings& settings) const
{
    PkiAuthority authority;
    authority.name = settings.name;
    authority.issuer = settings.issuer;
    authority.key = ChoiceOf(settings.key);
    authority.subject = settings.subject;
    authority.terms = {settings.notBefore, settings.notAfter, settings.hash};
    authority.revokes = settings.revokes;
    authority.listEndsAt = settings.listUntil;
    ReadFiles(authority, settings);
    return authority;
}

void
PkiReader::ReadFiles(PkiAuthority& authority, const AuthoritySettings& settings) const
{
    const std::string prefix = "authority." + settings.name + ".";
    const auto read = [&](const char* key, const std::string& file, auto take)
    {
        if (file.empty())
        {
            return;
        }
        const std::string text = ReadNamedFile(prefix + key, settings.position, file);
        try
        {
            take(text);
        }
        catch (const std::invalid_argument& e)
        {
            Refuse(prefix + key, settings.position, "'" + file + "': " + e.what());
        }
    };
    read("certificate-file",
         settings.certificateFile,
         [&](const std::string& pem)
         { authority.certificate = Certificate::FromPem(pem).front(); });
    read("private-key-file",
         settings.privateKeyFile,
         [&](const std::string& pem) { authority.privateKey = PrivateKey::FromPem(pem); });
    read("crl-file",
         settings.listFile,
         [&](const std::string& pem) { authority.lists = RevocationList::FromPem(pem); });
    if (authority.privateKey && !authority.certificate)
    {
        Refuse(prefix + "private-key-file",
               settings.position,
               "stands alone; write certificate-file, too");
    }
}

PkiHolder
PkiReader::ReadHolder(const GatewaySettings& node) const
{
    const CertificateSettings& settings = node.certificate;
    PkiHolder holder;
    holder.name = node.name;
    holder.isSelfSigned = settings.issuer == SELF;
    holder.issuer = holder.isSelfSigned ? "" : settings.issuer;
    holder.subject = settings.subject;
    holder.terms = {settings.notBefore, settings.notAfter, settings.hash};
    for (const KeySettings& key : settings.keys)
    {
        holder.keys.push_back(ChoiceOf(key));
    }
    if (!settings.trust.empty())
    {
        holder.trust = settings.trust;
    }
    holder.pins = settings.pinned;
    holder.requireRevocationList = settings.requireList;
    holder.acceptWeak = settings.acceptWeak;
    std::vector<Identity> ids = settings.names;
    if (ids.empty())
    {
        if (!node.dialUp->isDhcp)
        {
            ids.push_back(Identity::FromAddress(node.address));
        }
        for (const TunnelEnd& at : m_scenario.TunnelsAt(node.name))
        {
            if (const std::optional<Identity>& id = at.tunnel->ends[at.end].id)
            {
                ids.push_back(*id);
            }
        }
    }
    for (const Identity& id : ids)
    {
        holder.AddName(id);
    }
    ReadOwnKey(holder, node);
    return holder;
}

void
PkiReader::ReadOwnKey(PkiHolder& holder, const GatewaySettings& node) const
{
    const CertificateSettings& settings = node.certificate;
    const std::string prefix = PrefixOf(node);
    if (settings.certificateFile.empty() != settings.privateKeyFile.empty())
    {
        Refuse(prefix +
                   (settings.certificateFile.empty() ? "private-key-file" : "certificate-file"),
               node.position,
               "stands alone; write both certificate-file and private-key-file");
    }
    if (settings.certificateFile.empty())
    {
        return;
    }
    std::string key = prefix + "private-key-file";
    std::string file = settings.privateKeyFile;
    try
    {
        PrivateKey privateKey = PrivateKey::FromPem(ReadNamedFile(key, node.position, file));
        key = prefix + "certificate-file";
        file = settings.certificateFile;
        holder.own = OwnKey{std::move(privateKey),
                            Certificate::FromPem(ReadNamedFile(key, node.position, file))};
    }
    catch (const ScenarioError&)
    {
        throw;
    }
    catch (const std::invalid_argument& e)
    {
        Refuse(key, node.position, "'" + file + "': " + e.what());
    }
    if (holder.own->chain.front().Key() != holder.own->key.Public())
    {
        Refuse(key, node.position, "'" + file + "' is not the certificate of private-key-file");
    }
}

void
PkiReader::CheckNames(const AuthoritySettings& authority) const
{
    const std::string prefix = "authority." + authority.name + ".";
    if (!authority.issuer.empty())
    {
        CheckAuthorityName(prefix + "issuer", authority.position, authority.issuer);
    }
    const AuthoritySettings* above = &authority;
    for (size_t steps = 0; !above->issuer.empty(); steps++)
    {
        above = m_scenario.FindAuthority(above->issuer);
        if (!above || steps > m_scenario.authorities.size())
        {
            Refuse(prefix + "issuer",
                   authority.position,
                   "leads to no root; allowed: issuers that end at one without issuer");
        }
    }
    for (const std::string& name : authority.revokes)
    {
        if (!m_scenario.FindAuthority(name) && !m_scenario.FindGateway(name))
        {
            Refuse(prefix + "revokes",
                   authority.position,
                   "there is no gateway, client or authority '" + name + "'");
        }
    }
    if (authority.notBefore && authority.notAfter && *authority.notBefore >= *authority.notAfter)
    {
        Refuse(prefix + "not-after", authority.position, "is not behind not-before");
    }
}

void
PkiReader::CheckNames(const GatewaySettings& node) const
{
    const CertificateSettings& settings = node.certificate;
    const std::string prefix = PrefixOf(node);
    if (!settings.issuer.empty() && settings.issuer != SELF)
    {
        CheckAuthorityName(prefix + "certificate-issuer", node.position, settings.issuer);
    }
    for (const std::string& name : settings.trust)
    {
        CheckAuthorityName(prefix + "trust", node.position, name);
    }
    for (const std::string& name : settings.pinned)
    {
        if (!m_scenario.FindGateway(name))
        {
            Refuse(prefix + "pin", node.position, "there is no gateway or client '" + name + "'");
        }
    }
    if (settings.notBefore && settings.notAfter && *settings.notBefore >= *settings.notAfter)
    {
        Refuse(prefix + "certificate-not-after",
               node.position,
               "is not behind certificate-not-before");
    }
}

void
PkiReader::CheckAuthorityName(const std::string& key,
                              const ScenarioPosition& section,
                              const std::string& name) const
{
    if (m_scenario.FindAuthority(name))
    {
        return;
    }
    std::vector<std::string> names;
    for (const AuthoritySettings& authority : m_scenario.authorities)
    {
        names.push_back(authority.name);
    }
    Refuse(key,
           section,
           "there is no authority '" + name + "'; allowed: " +
               (names.empty() ? "none, there is no such section" : JoinList(names)));
}

std::string
PkiReader::ReadNamedFile(const std::string& key,
                         const ScenarioPosition& section,
                         const std::string& file) const
{
    const std::filesystem::path folder =
        std::filesystem::path(m_scenario.position.file).parent_path();
    try
    {
        return ReadScenarioFile((folder / file).string());
    }
    catch (const ScenarioError& e)
    {
        Refuse(key, section, e.what());
    }
}

void
PkiReader::Refuse(const std::string& key,
                  const ScenarioPosition& section,
                  const std::string& why) const
{
    const auto found = m_positions.find(key);
    throw ScenarioError(found == m_positions.end() ? section : found->second, key, why);
}

} // namespace

ScenarioPki::ScenarioPki(const Scenario& scenario, const ScenarioPositions& positions)
    : m_stores(PkiReader(scenario, positions).MakeStores())
{
}

std::shared_ptr<const KeyStore>
ScenarioPki::StoreOf(const std::string& gateway) const
{
    const auto found = m_stores.find(gateway);
    return found == m_stores.end() ? nullptr : found->second;
}

std::vector<Certificate>
ScenarioPki::CertificatesOf(const std::string& gateway) const
{
    std::vector<Certificate> certificates;
    if (const std::shared_ptr<const KeyStore> store = StoreOf(gateway))
    {
        for (const OwnKey& own : store->own)
        {
            certificates.push_back(own.chain.front());
        }
    }
    return certificates;
}

} // namespace ipsec
} // namespace ns3
