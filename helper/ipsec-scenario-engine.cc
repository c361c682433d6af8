// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-engine.h"

#include "ipsec-scenario-manual.h"
#include "ipsec-scenario-pki.h"

#include "ns3/ike-daemon.h"

#include <algorithm>
#include <map>
#include <optional>

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
        peer.xauth.Edit().role = client ? XauthRole::Client : XauthRole::Server;
        peer.xauth.Edit().tries = access.xauthTries;
        peer.xauth.Edit().timeout = access.xauthTimeout;
        const GatewaySettings* user =
            scenario.FindGateway(tunnel.ends[client ? end : 1 - end].gateway);
        if (client)
        {
            peer.xauth.Edit().user = user->xauthUser;
            peer.xauth.Edit().password = SecretBytes(AsOctets(user->xauthPassword));
        }
        else if (tunnel.ends[end].rules->xauthUsers)
        {
            peer.xauth.Edit().users = *tunnel.ends[end].rules->xauthUsers;
        }
        else if (user != nullptr)
        {
            peer.xauth.Edit().users = {
                {user->xauthUser, SecretBytes(AsOctets(user->xauthPassword))}};
        }
    }
    if (access.modeConfig)
    {
        using Role = ModeConfigRole;
        peer.modeConfig.Edit().role = client ? (access.pull ? Role::PullClient : Role::PushClient)
                                             : (access.pull ? Role::PullServer : Role::PushServer);
        peer.modeConfig.Edit().timeout = access.modeConfigTimeout;
        if (!client)
        {
            peer.modeConfig.Edit().pool = access.pool;
            peer.modeConfig.Edit().dns = access.dns;
            peer.modeConfig.Edit().subnets = access.subnets;
            peer.modeConfig.Edit().unitySplitInclude = access.splitInclude;
        }
    }
}

/// Adds the keys of a gateway, and the other end's certificates where they must be known: for
/// public key encryption, and where they are pinned, so that they need not be sent.
void
AddKeys(PeerConfig& peer, const Scenario& scenario, const TunnelSettings& tunnel, size_t end)
{
    const std::string& own = tunnel.ends[end].gateway;
    const std::string& other = tunnel.ends[1 - end].gateway;
    peer.keys = scenario.pki->StoreOf(own);
    const std::vector<std::string>& pinned = scenario.FindGateway(own)->certificate->pinned;
    const bool isPinned = std::find(pinned.begin(), pinned.end(), other) != pinned.end();
    if (!other.empty() && (isPinned || peer.HidesIdentities()))
    {
        peer.peerCertificates = scenario.pki->CertificatesOf(other);
    }
}

/// Returns how an end sees whether its peer lives.
DpdConfig
MakeDpd(const TunnelEndSettings& own, const Personality& personality)
{
    DpdConfig dpd;
    const bool hasDelay = own.rules->dpdDelay || personality.dpdDelay > Duration::zero();
    dpd.mode = own.rules->dpdMode.value_or(hasDelay ? DpdMode::OnDemand : DpdMode::Off);
    if (hasDelay)
    {
        dpd.delay = own.rules->dpdDelay.value_or(personality.dpdDelay);
    }
    dpd.retry = own.rules->dpdRetry.value_or(personality.dpdRetry);
    dpd.tries = own.rules->dpdTries.value_or(personality.dpdTries);
    dpd.action = own.rules->dpdAction;
    return dpd;
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
    peer.localAddress = gateway.dialUp->isDialUp ? UNKNOWN_ADDRESS : gateway.address;
    if (!own.rules->anyPeerAddress && !IsCaller(scenario, tunnel, 1 - end))
    {
        peer.remoteAddress = SeenAddress(scenario, tunnel, 1 - end);
    }
    peer.isGroup = own.rules->isGroup && IsClient(scenario, other);
    peer.name = tunnel.IsExternal() ? tunnel.externalAddress->ToString()
                : peer.isGroup      ? "clients of " + tunnel.name
                                    : other;
    peer.kind =
        IsClient(scenario, other) ? scenario.FindGateway(other)->clientKind : PeerKind::Site;
    peer.mode = own.rules->mode;
    peer.aggressiveRefusal = own.rules->aggressiveRefusal;
    peer.proposals = EndProposals(scenario, tunnel, end);
    peer.proposalSet =
        own.rules->phase1Proposals.empty() ? gateway.ikeProposalSet : own.rules->phase1Set;
    peer.preSharedKey = SecretBytes(AsOctets(own.preSharedKey));
    peer.certificateSending = own.rules->certificateSending;
    peer.requestCertificate = own.rules->requestCertificate;
    peer.fragmentation = own.rules->fragmentation;
    peer.localId = own.id;
    peer.remoteId = own.peerId;
    peer.natTraversal = own.rules->natTraversal;
    peer.lifetime = own.rules->phase1Lifetime.value_or(gateway.personality->ikeLifetime);
    peer.childLifetimePolicy = own.rules->childLifetimePolicy;
    peer.personality = gateway.personality;
    if (own.rules->natKeepalive && *own.rules->natKeepalive != peer.personality->natKeepalive)
    {
        peer.personality.Edit().natKeepalive = *own.rules->natKeepalive;
    }
    peer.dpd = MakeDpd(own, gateway.personality);
    peer.keepUp = own.rules->keepUp;
    AddKeys(peer, scenario, tunnel, end);
    AddRemoteAccess(peer, scenario, tunnel, end);
    return peer;
}

ChildConfig
MakeChild(const Scenario& scenario,
          const GatewaySettings& gateway,
          const TunnelSettings& tunnel,
          size_t end)
{
    const TunnelEndSettings& own = tunnel.ends[end];
    ChildConfig child;
    child.name = tunnel.name;
    child.proposals = own.rules->phase2Proposals;
    child.proxyId = EndProxyId(scenario, tunnel, end);
    if (tunnel.remoteAccess->modeConfig)
    {
        const bool client = ClientEnd(scenario, tunnel) == end;
        child.localIsAssigned = client;
        child.remoteIsAssigned = !client;
    }
    child.localIsOwn = IsDialUpEnd(scenario, tunnel, end) && !child.localIsAssigned;
    if (child.localIsOwn)
    {
        child.proxyId.local = Prefix::Host(UNKNOWN_ADDRESS);
    }
    child.remoteIsPeer = TakesAnyHost(scenario, tunnel, end);
    child.mode = own.rules->encapsulation;
    child.lifetime = own.rules->phase2Lifetime.value_or(gateway.personality->ipsecLifetime);
    child.lifetimeKilobytes =
        own.rules->phase2LifetimeKilobytes.value_or(gateway.personality->ipsecLifetimeKilobytes);
    child.replayWindow = own.rules->replayWindow;
    child.extendedSequence = own.rules->extendedSequence;
    child.outerHeader = own.rules->outerHeader;
    return child;
}

bool
IsSameDpd(const PeerConfig& a, const PeerConfig& b)
{
    return a.dpd.mode == b.dpd.mode && a.dpd.delay == b.dpd.delay && a.dpd.retry == b.dpd.retry &&
           a.dpd.tries == b.dpd.tries && a.dpd.action == b.dpd.action && a.keepUp == b.keepUp;
}

bool
IsSamePhase1(const PeerConfig& a, const PeerConfig& b)
{
    return a.proposals == b.proposals && a.mode == b.mode &&
           ConstantTimeEqual(a.preSharedKey.View(), b.preSharedKey.View()) &&
           a.localId == b.localId && a.remoteId == b.remoteId && a.natTraversal == b.natTraversal &&
           a.lifetime == b.lifetime && a.fragmentation == b.fragmentation &&
           a.childLifetimePolicy == b.childLifetimePolicy && a.xauth->role == b.xauth->role &&
           a.modeConfig->role == b.modeConfig->role && IsSameDpd(a, b);
}

/// Tells whether two groups can be one.
bool
IsSameGroup(const PeerConfig& a, const PeerConfig& b)
{
    return a.isGroup && b.isGroup && IsSamePhase1(a, b) && a.modeConfig->pool == b.modeConfig->pool;
}

/// Returns the position of a child of a peer, which clients of a group share if it differs in
/// nothing but the address that each of them is assigned or has.
uint32_t
AddChild(PeerConfig& peer, const ChildConfig& child)
{
    for (uint32_t i = 0; i < peer.children.size(); i++)
    {
        const ChildConfig& other = peer.children[i];
        const bool isSameKind = (child.remoteIsAssigned && other.remoteIsAssigned) ||
                                (child.remoteIsPeer && other.remoteIsPeer);
        if (peer.isGroup && isSameKind && child.proxyId.local == other.proxyId.local)
        {
            return i;
        }
    }
    peer.children.push_back(child);
    return static_cast<uint32_t>(peer.children.size() - 1);
}

/// Adds a tunnel that nobody negotiates.
void
AddManual(GatewayPlan& plan, const Scenario& scenario, const TunnelSettings& tunnel, size_t end)
{
    uint32_t manual = 0;
    for (const auto& [name, child] : plan.children)
    {
        manual += child.peer == MANUAL_PEER ? 1 : 0;
    }
    const ChildId child{MANUAL_PEER, manual};
    plan.children[tunnel.name] = child;
    const ManualTunnel made = MakeManualTunnel(scenario, tunnel, end);
    made.Validate();
    for (const IpsecSa& sa : made.MakeSas(child))
    {
        plan.manualSas.push_back(sa);
    }
}

/// Adds the rules of one tunnel: what it matches, or what routes lead there. Those of clients that
/// get their address later, and of groups, the daemon adds.
void
AddPolicies(GatewayPlan& plan,
            std::vector<Policy>& policies,
            const Scenario& scenario,
            const TunnelSettings& tunnel,
            const std::string& gateway,
            size_t end)
{
    const ChildId child = plan.children.at(tunnel.name);
    const bool isGroup = child.peer != MANUAL_PEER && plan.engine->peers[child.peer].isGroup;
    if (tunnel.remoteAccess->modeConfig || isGroup || IsDialUpEnd(scenario, tunnel, end) ||
        TakesAnyHost(scenario, tunnel, end))
    {
        return;
    }
    Policy policy;
    policy.selector = EndProxyId(scenario, tunnel, end);
    policy.child = child;
    policy.order = static_cast<int32_t>(tunnel.order);
    if (tunnel.vpn == TunnelVpn::Policy)
    {
        policies.push_back(policy);
        return;
    }
    policy.use = PolicyUse::TunnelDevice;
    policy.selector.local = Prefix{};
    for (const RouteSettings& route : scenario.routes)
    {
        if (route.at == gateway && route.via == tunnel.name)
        {
            policy.selector.remote = route.to;
            policies.push_back(policy);
            plan.routes.push_back(route.to);
        }
    }
}

/// Puts all rules of a gateway in order. What has the same place stays as the file has it, but for
/// routes, of which the longest prefix counts.
void
PlanPolicies(GatewayPlan& plan, const Scenario& scenario, const GatewaySettings& gateway)
{
    std::vector<Policy> policies;
    for (const PolicySettings& settings : scenario.policies)
    {
        if (settings.at == gateway.name)
        {
            Policy policy;
            policy.selector = settings.traffic;
            policy.action = settings.action;
            policy.order = static_cast<int32_t>(settings.order);
            policies.push_back(policy);
        }
    }
    for (const TunnelEnd& at : scenario.TunnelsAt(gateway.name))
    {
        AddPolicies(plan, policies, scenario, *at.tunnel, gateway.name, at.end);
    }
    const auto routeBits = [](const Policy& policy)
    { return policy.use == PolicyUse::TunnelDevice ? policy.selector.remote.length : 0; };
    std::stable_sort(policies.begin(),
                     policies.end(),
                     [&](const Policy& a, const Policy& b) {
                         return a.order < b.order ||
                                (a.order == b.order && routeBits(a) > routeBits(b));
                     });
    for (const Policy& policy : policies)
    {
        plan.policies.Add(policy);
    }
}

/// Where the peers of a plan stand that are no groups, by their address and name.
using PeerPlaces = std::map<std::pair<std::optional<IpAddress>, std::string>, size_t>;

/// Returns the position of the peer that a tunnel needs; of a new one, the number of peers.
size_t
FindPeer(const std::vector<PeerConfig>& peers, const PeerPlaces& places, const PeerConfig& peer)
{
    if (!peer.isGroup)
    {
        const auto found = places.find({peer.remoteAddress, peer.name});
        return found == places.end() ? peers.size() : found->second;
    }
    const auto found =
        std::find_if(peers.begin(),
                     peers.end(),
                     [&](const PeerConfig& other) { return IsSameGroup(other, peer); });
    return static_cast<size_t>(found - peers.begin());
}

void
AddTunnel(GatewayPlan& plan,
          EngineConfig& engine,
          PeerPlaces& places,
          const Scenario& scenario,
          const GatewaySettings& gateway,
          const TunnelEnd& at)
{
    const TunnelSettings& tunnel = *at.tunnel;
    PeerConfig peer = MakePeer(scenario, gateway, tunnel, at.end);
    std::vector<PeerConfig>& peers = engine.peers;
    const size_t place = FindPeer(peers, places, peer);
    if (!peer.isGroup)
    {
        places.emplace(std::pair(peer.remoteAddress, peer.name), place);
    }
    if (place == peers.size())
    {
        peers.push_back(std::move(peer));
    }
    else if (!IsSamePhase1(peers[place], peer))
    {
        throw ScenarioError(
            tunnel.position,
            "tunnel." + tunnel.name,
            "differs in phase 1 from tunnel '" + peers[place].children.front().name +
                "', with which it shares its IKE SA at " + gateway.name +
                "; write the same mode, proposals, key, ids, lifetime, lifetimes, nat-traversal, "
                "dpd, keep-up, xauth and mode-config");
    }
    else
    {
        // What is known of one client is known of the group.
        PeerConfig& found = peers[place];
        if (!peer.xauth->users.empty())
        {
            found.xauth.Edit().users.insert(peer.xauth->users.begin(), peer.xauth->users.end());
        }
        found.peerCertificates.insert(found.peerCertificates.end(),
                                      peer.peerCertificates.begin(),
                                      peer.peerCertificates.end());
    }
    plan.children[tunnel.name] = {
        static_cast<PeerId>(place),
        AddChild(peers[place], MakeChild(scenario, gateway, tunnel, at.end))};
}

} // namespace

GatewayPlan
PlanGateway(const Scenario& scenario, const GatewaySettings& gateway)
{
    GatewayPlan plan;
    EngineConfig engine;
    engine.calendarStart = scenario.simulation.startDate;
    engine.limits.halfOpen = gateway.personality->halfOpen;
    engine.limits.halfOpenPerAddress = gateway.personality->halfOpenPerAddress;
    for (const PoolSettings& pool : scenario.pools)
    {
        engine.pools.push_back(pool.pool);
    }
    const TunnelSettings* last = nullptr;
    PeerPlaces places;
    for (const auto& [tunnel, end] : scenario.TunnelsAt(gateway.name))
    {
        if (tunnel->keying == TunnelKeying::Manual)
        {
            AddManual(plan, scenario, *tunnel, end);
            continue;
        }
        AddTunnel(plan, engine, places, scenario, gateway, {tunnel, end});
        last = tunnel;
    }
    try
    {
        engine.Validate();
    }
    catch (const std::invalid_argument& e)
    {
        const bool ofOneTunnel = engine.peers.size() == 1 && last != nullptr;
        throw ScenarioError(ofOneTunnel ? last->position : gateway.position,
                            ofOneTunnel ? "tunnel." + last->name : "gateway." + gateway.name,
                            e.what());
    }
    engine.peers.shrink_to_fit();
    plan.engine = std::make_shared<const EngineConfig>(std::move(engine));
    PlanPolicies(plan, scenario, gateway);
    return plan;
}

} // namespace ipsec
} // namespace ns3
