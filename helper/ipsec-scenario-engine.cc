// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-engine.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

PeerConfig
MakePeer(const Scenario& scenario,
         const GatewaySettings& gateway,
         const TunnelSettings& tunnel,
         size_t end)
{
    const TunnelEndSettings& own = tunnel.ends[end];
    PeerConfig peer;
    peer.localAddress = gateway.address;
    peer.remoteAddress = EndAddress(scenario, tunnel, 1 - end);
    peer.name = tunnel.IsExternal() ? peer.remoteAddress->ToString() : tunnel.ends[1 - end].gateway;
    peer.proposals = own.phase1Proposals;
    peer.preSharedKey = SecretBytes(AsOctets(own.preSharedKey));
    peer.localId = own.id;
    peer.remoteId = own.peerId;
    peer.natTraversal = own.natTraversal;
    peer.lifetime = own.phase1Lifetime;
    peer.personality = gateway.personality;
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
    child.mode = own.encapsulation;
    child.lifetime = own.phase2Lifetime;
    child.lifetimeKilobytes = own.phase2LifetimeKilobytes;
    child.replayWindow = own.replayWindow;
    return child;
}

bool
IsSamePhase1(const PeerConfig& a, const PeerConfig& b)
{
    return a.proposals == b.proposals &&
           ConstantTimeEqual(a.preSharedKey.View(), b.preSharedKey.View()) &&
           a.localId == b.localId && a.remoteId == b.remoteId && a.natTraversal == b.natTraversal &&
           a.lifetime == b.lifetime;
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
                              [&](const PeerConfig& other)
                              { return other.remoteAddress == peer.remoteAddress; });
    if (found == peers.end())
    {
        peers.push_back(std::move(peer));
        found = peers.end() - 1;
    }
    else if (!IsSamePhase1(*found, peer))
    {
        throw ScenarioError(tunnel.position,
                            "tunnel." + tunnel.name,
                            "differs in phase 1 from tunnel '" + found->children.front().name +
                                "', with which it shares its IKE SA at " + gateway.name +
                                "; write the same proposals, key, ids, lifetime and nat-traversal");
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
