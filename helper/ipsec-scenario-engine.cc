// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-engine.h"

#include "ipsec-scenario-pki.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

bool
IsClient(const Scenario& scenario, const std::string& name)
{
    const GatewaySettings* node = scenario.FindGateway(name);
    return node != nullptr && node->isClient;
}

/// Fills in XAUTH and Mode Config, if the tunnel has them.
void
AddRemoteAccess(PeerConfig& peer,
                const Scenario& scenario,
                const TunnelSettings& tunnel,
                size_t end)
{
    const RemoteAccessSettings& access = tunnel.remoteAccess;
    const bool client = ClientEnd(scenario, tunnel) == end;
    if (UsesXauth(scenario, tunnel))
    {
        peer.xauth.role = client ? XauthRole::Client : XauthRole::Server;
        peer.xauth.tries = access.xauthTries;
        peer.xauth.timeout = access.xauthTimeout;
        const GatewaySettings* user =
            scenario.FindGateway(tunnel.ends[client ? end : 1 - end].gateway);
        if (client)
        {
            peer.xauth.user = user->xauthUser;
            peer.xauth.password = SecretBytes(AsOctets(user->xauthPassword));
        }
        else if (tunnel.ends[end].xauthUsers)
        {
            peer.xauth.users = *tunnel.ends[end].xauthUsers;
        }
        else if (user != nullptr)
        {
            peer.xauth.users = {{user->xauthUser, SecretBytes(AsOctets(user->xauthPassword))}};
        }
    }
    if (access.modeConfig)
    {
        using Role = ModeConfigRole;
        peer.modeConfig.role = client ? (access.pull ? Role::PullClient : Role::PushClient)
                                      : (access.pull ? Role::PullServer : Role::PushServer);
        peer.modeConfig.timeout = access.modeConfigTimeout;
        if (!client)
        {
            peer.modeConfig.pool = access.pool;
            peer.modeConfig.dns = access.dns;
            peer.modeConfig.subnets = access.subnets;
            peer.modeConfig.unitySplitInclude = access.splitInclude;
        }
    }
}

/// Adds the keys of a gateway, and the other end's certificates where they must be known.
void
AddKeys(PeerConfig& peer, const Scenario& scenario, const TunnelSettings& tunnel, size_t end)
{
    peer.keys = scenario.pki->StoreOf(tunnel.ends[end].gateway);
    const bool hidden = std::any_of(peer.proposals.begin(),
                                    peer.proposals.end(),
                                    [](const Phase1Proposal& p)
                                    {
                                        const AuthFamily family = GetAuth(p.auth).family;
                                        return family == AuthFamily::Encryption ||
                                               family == AuthFamily::RevisedEncryption;
                                    });
    const std::string& other = tunnel.ends[1 - end].gateway;
    if (hidden && !other.empty())
    {
        peer.peerCertificates = scenario.pki->CertificatesOf(other);
    }
}

PeerConfig
MakePeer(const Scenario& scenario,
         const GatewaySettings& gateway,
         const TunnelSettings& tunnel,
         size_t end)
{
    const TunnelEndSettings& own = tunnel.ends[end];
    const std::string& other = tunnel.ends[1 - end].gateway;
    PeerConfig peer;
    peer.localAddress = gateway.address;
    if (!own.anyPeerAddress && !IsClient(scenario, other))
    {
        peer.remoteAddress = EndAddress(scenario, tunnel, 1 - end);
    }
    peer.name = tunnel.IsExternal() ? tunnel.externalAddress->ToString() : other;
    peer.kind =
        IsClient(scenario, other) ? scenario.FindGateway(other)->clientKind : PeerKind::Site;
    peer.mode = own.mode;
    peer.aggressiveRefusal = own.aggressiveRefusal;
    peer.proposals = EndProposals(scenario, tunnel, end);
    peer.proposalSet = own.phase1Proposals.empty() ? gateway.ikeProposalSet : own.phase1Set;
    peer.preSharedKey = SecretBytes(AsOctets(own.preSharedKey));
    peer.certificateSending = own.certificateSending;
    peer.requestCertificate = own.requestCertificate;
    peer.fragmentation = own.fragmentation;
    peer.localId = own.id;
    peer.remoteId = own.peerId;
    peer.natTraversal = own.natTraversal;
    peer.lifetime = own.phase1Lifetime;
    peer.personality = gateway.personality;
    AddKeys(peer, scenario, tunnel, end);
    AddRemoteAccess(peer, scenario, tunnel, end);
    return peer;
}

ChildConfig
MakeChild(const Scenario& scenario, const TunnelSettings& tunnel, size_t end)
{
    const TunnelEndSettings& own = tunnel.ends[end];
    ChildConfig child;
    child.name = tunnel.name;
    child.proposals = own.phase2Proposals;
    child.proxyId = EndProxyId(scenario, tunnel, end);
    if (tunnel.remoteAccess.modeConfig)
    {
        const bool client = ClientEnd(scenario, tunnel) == end;
        child.localIsAssigned = client;
        child.remoteIsAssigned = !client;
    }
    child.mode = own.encapsulation;
    child.lifetime = own.phase2Lifetime;
    child.lifetimeKilobytes = own.phase2LifetimeKilobytes;
    child.replayWindow = own.replayWindow;
    return child;
}

bool
IsSamePhase1(const PeerConfig& a, const PeerConfig& b)
{
    return a.proposals == b.proposals && a.mode == b.mode &&
           ConstantTimeEqual(a.preSharedKey.View(), b.preSharedKey.View()) &&
           a.localId == b.localId && a.remoteId == b.remoteId && a.natTraversal == b.natTraversal &&
           a.lifetime == b.lifetime && a.fragmentation == b.fragmentation &&
           a.xauth.role == b.xauth.role && a.modeConfig.role == b.modeConfig.role;
}

void
AddTunnel(GatewayPlan& plan,
          const Scenario& scenario,
          const GatewaySettings& gateway,
          const TunnelSettings& tunnel,
          size_t end)
{
    PeerConfig peer = MakePeer(scenario, gateway, tunnel, end);
    std::vector<PeerConfig>& peers = plan.engine.peers;
    auto found = std::find_if(peers.begin(),
                              peers.end(),
                              [&](const PeerConfig& other) {
                                  return other.remoteAddress == peer.remoteAddress &&
                                         other.name == peer.name;
                              });
    if (found == peers.end())
    {
        peers.push_back(std::move(peer));
        found = peers.end() - 1;
    }
    else if (!IsSamePhase1(*found, peer))
    {
        throw ScenarioError(
            tunnel.position,
            "tunnel." + tunnel.name,
            "differs in phase 1 from tunnel '" + found->children.front().name +
                "', with which it shares its IKE SA at " + gateway.name +
                "; write the same mode, proposals, key, ids, lifetime, nat-traversal, xauth and "
                "mode-config");
    }
    const ChildId id{static_cast<PeerId>(found - peers.begin()),
                     static_cast<uint32_t>(found->children.size())};
    found->children.push_back(MakeChild(scenario, tunnel, end));
    plan.children[tunnel.name] = id;
}

} // namespace

GatewayPlan
PlanGateway(const Scenario& scenario, const GatewaySettings& gateway)
{
    GatewayPlan plan;
    plan.engine.calendarStart = scenario.simulation.startDate;
    for (const PoolSettings& pool : scenario.pools)
    {
        plan.engine.pools.push_back(pool.pool);
    }
    const TunnelSettings* last = nullptr;
    for (const TunnelSettings& tunnel : scenario.tunnels)
    {
        for (size_t end = 0; end < tunnel.ends.size(); end++)
        {
            if (tunnel.ends[end].gateway == gateway.name)
            {
                AddTunnel(plan, scenario, gateway, tunnel, end);
                last = &tunnel;
            }
        }
    }
    try
    {
        plan.engine.Validate();
    }
    catch (const std::invalid_argument& e)
    {
        const bool ofOneTunnel = plan.children.size() == 1;
        throw ScenarioError(ofOneTunnel ? last->position : gateway.position,
                            ofOneTunnel ? "tunnel." + last->name : "gateway." + gateway.name,
                            e.what());
    }
    return plan;
}

} // namespace ipsec
} // namespace ns3
