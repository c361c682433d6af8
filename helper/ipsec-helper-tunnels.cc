// SPDX-License-Identifier: GPL-2.0-only
// What IpsecHelper makes of settings and connections; ipsec-helper.cc installs it.
#include "ipsec-helper.h"

#include "ns3/names.h"

#include <set>

namespace ns3
{
namespace ipsec
{

namespace
{

std::string
NameOf(Ptr<Node> node)
{
    const std::string name = Names::FindName(node);
    return name.empty() ? "node" + std::to_string(node->GetId()) : name;
}

} // namespace

void
IpsecHelper::SetPhase1Proposals(const std::string& proposals)
{
    m_phase1 = ParsePhase1Proposals(proposals);
    m_phase1Set = FindPhase1Set(proposals);
}

void
IpsecHelper::SetPhase2Proposals(const std::string& proposals)
{
    m_phase2 = ParsePhase2Proposals(proposals);
}

void
IpsecHelper::SetPreSharedKey(const std::string& key)
{
    m_preSharedKey = SecretBytes(AsOctets(key));
}

void
IpsecHelper::SetNatTraversal(NatTraversal natTraversal)
{
    m_natTraversal = natTraversal;
}

void
IpsecHelper::SetPersonality(const Personality& personality)
{
    m_personality = personality;
}

void
IpsecHelper::SetDpd(const DpdConfig& dpd)
{
    m_dpd = dpd;
}

std::optional<DpdConfig>
IpsecHelper::GetDpd() const
{
    return m_dpd;
}

void
IpsecHelper::SetStart(SiteStart start)
{
    m_start = start;
}

void
IpsecHelper::SetPhase1Mode(Phase1Mode mode)
{
    m_mode = mode;
}

void
IpsecHelper::SetAggressiveRefusal(AggressiveRefusal refusal)
{
    m_aggressiveRefusal = refusal;
}

void
IpsecHelper::SetFragmentation(bool fragmentation)
{
    m_fragmentation = fragmentation;
}

void
IpsecHelper::UseCertificates(std::shared_ptr<IpsecPki> pki)
{
    m_pki = std::move(pki);
}

void
IpsecHelper::UseXauth(const std::string& user, const std::string& password)
{
    m_xauthUser = user;
    m_xauthPassword = SecretBytes(AsOctets(password));
}

void
IpsecHelper::UseModeConfig(const ModeConfig& server)
{
    m_modeConfig = server;
}

void
IpsecHelper::SetPolicyOrder(int32_t order)
{
    m_policyOrder = order;
}

void
IpsecHelper::SetOuterHeader(const OuterHeaderRules& rules)
{
    m_outerHeader = rules;
}

void
IpsecHelper::SetMode(EncapsulationMode mode)
{
    m_encapsulationMode = mode;
}

void
IpsecHelper::AddPool(const AddressPool& pool)
{
    m_pools.push_back(pool);
}

std::pair<ChildId, ChildId>
IpsecHelper::ConnectSites(Ptr<Node> gatewayA,
                          const std::string& addressA,
                          const std::string& lanA,
                          Ptr<Node> gatewayB,
                          const std::string& addressB,
                          const std::string& lanB)
{
    const End a{gatewayA, IpAddress::Parse(addressA), Prefix::Parse(lanA)};
    const End b{gatewayB, IpAddress::Parse(addressB), Prefix::Parse(lanB)};
    return AddTunnel(a, b, {m_policyOrder, false});
}

std::pair<ChildId, ChildId>
IpsecHelper::ConnectByRoutes(Ptr<Node> gatewayA,
                             const std::string& addressA,
                             Ptr<Node> gatewayB,
                             const std::string& addressB)
{
    const End a{gatewayA, IpAddress::Parse(addressA), Prefix{}};
    const End b{gatewayB, IpAddress::Parse(addressB), Prefix{}};
    return AddTunnel(a, b, {m_policyOrder, true});
}

void
IpsecHelper::ConnectClient(Ptr<Node> client,
                           const std::string& clientAddress,
                           const std::string& clientId,
                           Ptr<Node> gateway,
                           const std::string& gatewayAddress,
                           const std::string& lan)
{
    const IpAddress address = IpAddress::Parse(clientAddress);
    const Identity identity = Identity::Parse(clientId);
    const End user{client, address, Prefix::Host(address), identity};
    const End server{gateway, IpAddress::Parse(gatewayAddress), Prefix::Parse(lan)};

    PeerConfig atClient = MakePeer(user, server);
    PeerConfig atServer = MakePeer(server, user);
    atClient.remoteAddress = server.address;
    atClient.localId = identity;
    atServer.kind = PeerKind::DialUp;
    atServer.remoteId = identity;
    if (!m_xauthUser.empty())
    {
        atClient.xauth.Edit().role = XauthRole::Client;
        atClient.xauth.Edit().user = m_xauthUser;
        atClient.xauth.Edit().password = m_xauthPassword;
        atServer.xauth.Edit().role = XauthRole::Server;
        atServer.xauth.Edit().users[m_xauthUser] = m_xauthPassword;
    }
    ChildConfig ofClient = MakeChild(user, server);
    ChildConfig ofServer = MakeChild(server, user);
    if (m_modeConfig.role != ModeConfigRole::Off)
    {
        const bool isPush = m_modeConfig.role == ModeConfigRole::PushServer;
        atServer.modeConfig = m_modeConfig;
        atClient.modeConfig.Edit().role =
            isPush ? ModeConfigRole::PushClient : ModeConfigRole::PullClient;
        ofClient.localIsAssigned = true;
        ofServer.remoteIsAssigned = true;
    }
    atClient.children.push_back(ofClient);
    atServer.children.push_back(ofServer);
    AddPeer(client, atClient);
    AddPeer(gateway, atServer);
}

std::pair<ChildId, ChildId>
IpsecHelper::AddTunnel(const End& a, const End& b, const TunnelPolicy& policy)
{
    const ChildId atA = AddHalf(a, b, policy);
    const ChildId atB = AddHalf(b, a, policy);
    if (m_start == SiteStart::AtOnce)
    {
        ConfigOf(a.node).peers[atA.peer].keepUp = true;
    }
    return {atA, atB};
}

ChildId
IpsecHelper::AddHalf(const End& own, const End& other, const TunnelPolicy& policy)
{
    const PeerId peer = PeerOf(own, other);
    Site& site = SiteOf(own.node);
    std::vector<ChildConfig>& children = site.config.peers[peer].children;
    const ChildId child{peer, static_cast<uint32_t>(children.size())};
    children.push_back(MakeChild(own, other));
    site.tunnels[child] = policy;
    return child;
}

ChildConfig
IpsecHelper::MakeChild(const End& own, const End& other) const
{
    ChildConfig child;
    child.name = own.lan.ToString() + "-" + other.lan.ToString();
    child.proposals = m_phase2;
    child.proxyId.local = own.lan;
    child.proxyId.remote = other.lan;
    child.outerHeader = m_outerHeader;
    child.mode = m_encapsulationMode;
    child.lifetime = m_personality.ipsecLifetime;
    child.lifetimeKilobytes = m_personality.ipsecLifetimeKilobytes;
    return child;
}

PeerId
IpsecHelper::PeerOf(const End& own, const End& other)
{
    const Site& site = SiteOf(own.node);
    const auto found = site.peers.find({own.address, other.address});
    if (found != site.peers.end())
    {
        return found->second;
    }
    PeerConfig peer = MakePeer(own, other);
    peer.remoteAddress = other.address;
    return AddPeer(own.node, peer);
}

PeerId
IpsecHelper::AddPeer(Ptr<Node> node, const PeerConfig& peer)
{
    Site& site = SiteOf(node);
    const auto id = static_cast<PeerId>(site.config.peers.size());
    if (peer.remoteAddress)
    {
        site.peers.emplace(std::pair(peer.localAddress, *peer.remoteAddress), id);
    }
    site.config.peers.push_back(peer);
    return id;
}

PeerConfig
IpsecHelper::MakePeer(const End& own, const End& other)
{
    PeerConfig peer;
    peer.name = NameOf(other.node);
    peer.localAddress = own.address;
    peer.mode = m_mode;
    peer.aggressiveRefusal = m_aggressiveRefusal;
    peer.proposals = m_phase1;
    peer.proposalSet = m_phase1Set;
    peer.preSharedKey = m_preSharedKey;
    peer.natTraversal = m_natTraversal;
    ApplyPersonality(peer, ConfigOf(own.node).limits);
    peer.fragmentation = m_fragmentation;
    AddKeys(peer, own, other);
    return peer;
}

void
IpsecHelper::ApplyPersonality(PeerConfig& peer, EngineLimits& limits) const
{
    peer.personality = m_personality;
    peer.lifetime = m_personality.ikeLifetime;
    if (m_personality.dpdDelay > Duration::zero())
    {
        peer.dpd.mode = DpdMode::OnDemand;
        peer.dpd.delay = m_personality.dpdDelay;
    }
    peer.dpd.retry = m_personality.dpdRetry;
    peer.dpd.tries = m_personality.dpdTries;
    peer.dpd = m_dpd.value_or(peer.dpd);
    limits.halfOpen = m_personality.halfOpen;
    limits.halfOpenPerAddress = m_personality.halfOpenPerAddress;
}

void
IpsecHelper::AddKeys(PeerConfig& peer, const End& own, const End& other)
{
    std::set<KeyKind> kinds;
    for (const Phase1Proposal& proposal : peer.proposals)
    {
        if (const std::optional<KeyKind> kind = GetAuth(proposal.auth).key)
        {
            kinds.insert(*kind);
        }
    }
    if (kinds.empty())
    {
        return;
    }
    if (!m_pki)
    {
        m_pki = std::make_shared<IpsecPki>();
    }
    AddHolder(own);
    AddHolder(other);
    peer.keys = m_pki->KeyStoreOf(NameOf(own.node), kinds, kinds);
    if (peer.HidesIdentities())
    {
        peer.peerCertificates = {m_pki->KeyOf(NameOf(other.node), KeyKind::Rsa).chain.front()};
    }
}

void
IpsecHelper::AddHolder(const End& end)
{
    PkiHolder holder;
    holder.name = NameOf(end.node);
    if (m_pki->HasHolder(holder.name))
    {
        return;
    }
    holder.AddName(Identity::FromAddress(end.address));
    if (end.id)
    {
        holder.AddName(*end.id);
    }
    m_pki->AddHolder(holder);
}

EngineConfig&
IpsecHelper::ConfigOf(Ptr<Node> node)
{
    return SiteOf(node).config;
}

IpsecHelper::Site&
IpsecHelper::SiteOf(Ptr<Node> node)
{
    const auto [place, isNew] = m_siteOfNode.emplace(node, m_sites.size());
    if (isNew)
    {
        m_sites.push_back(Site{node, {}, {}, {}});
    }
    return m_sites[place->second];
}

} // namespace ipsec
} // namespace ns3
