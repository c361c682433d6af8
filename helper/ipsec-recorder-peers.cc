// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-recorder-peers.h"

namespace ns3
{
namespace ipsec
{

RecorderPeers::RecorderPeers(const ScenarioGateway& gateway,
                             const Scenario& scenario,
                             const RecorderNodes& nodes)
    : m_own(gateway.name)
    , m_engine(*gateway.plan.engine)
    , m_nodes(nodes)
{
    for (const auto& [tunnel, end] : scenario.TunnelsAt(gateway.name))
    {
        const ChildId child = gateway.plan.children.at(tunnel->name);
        if (child.peer == MANUAL_PEER)
        {
            m_others.Make().manualTunnels[child.child] = tunnel->name;
        }
        else if (m_engine.peers[child.peer].isGroup)
        {
            m_others.Make().clientTunnels[{tunnel->ends[1 - end].gateway, child.child}] =
                tunnel->name;
        }
    }
}

std::string
RecorderPeers::NameAt(const Endpoint& endpoint) const
{
    return m_nodes.NameOf(m_nodes.NetworkOf(m_own), endpoint);
}

std::string
RecorderPeers::OtherEnd(const Endpoint& endpoint, const Cookie& initiator) const
{
    const std::string* known = m_nodes.FindInitiator(initiator, endpoint.address);
    return known && *known != m_own ? *known : NameAt(endpoint);
}

bool
RecorderPeers::IsConfigured(PeerId peer) const
{
    return peer < m_engine.peers.size() && !m_engine.peers[peer].isGroup;
}

std::string
RecorderPeers::PeerName(PeerId peer) const
{
    if (const Others* others = m_others.Find())
    {
        const auto client = others->clients.find(peer);
        if (client != others->clients.end())
        {
            return client->second;
        }
    }
    return peer < m_engine.peers.size() ? m_engine.peers[peer].name
                                        : "peer " + std::to_string(peer);
}

void
RecorderPeers::Meet(PeerId peer, const std::string& name)
{
    if (!IsConfigured(peer))
    {
        m_others.Make().clients[peer] = name;
    }
}

std::string
RecorderPeers::TunnelName(ChildId child) const
{
    if (child.peer == MANUAL_PEER)
    {
        return m_others.Find()->manualTunnels.at(child.child);
    }
    if (!IsConfigured(child.peer))
    {
        const Others* others = m_others.Find();
        if (others == nullptr)
        {
            return "";
        }
        const auto found = others->clientTunnels.find({PeerName(child.peer), child.child});
        return found == others->clientTunnels.end() ? "" : found->second;
    }
    const std::vector<ChildConfig>& children = m_engine.peers[child.peer].children;
    return child.child < children.size() ? children[child.child].name : "";
}

} // namespace ipsec
} // namespace ns3
