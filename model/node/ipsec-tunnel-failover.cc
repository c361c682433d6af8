// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-tunnel-failover.h"

#include "ipsec-conversions.h"

#include "ns3/log.h"

#include <algorithm>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

NS_LOG_COMPONENT_DEFINE("IpsecTunnelFailover");
NS_OBJECT_ENSURE_REGISTERED(TunnelFailover);
NS_OBJECT_ENSURE_REGISTERED(ReverseRoutes);

namespace
{

/// Tells whether packets can be sent through a tunnel.
bool
IsUp(const IpsecDataPlane& dataPlane, ChildId tunnel)
{
    return dataPlane.GetProcessor().Associations().FindOutbound(tunnel) != nullptr;
}

} // namespace

// At the end that has several tunnels

TypeId
TunnelFailover::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::ipsec::TunnelFailover")
            .SetParent<Object>()
            .SetGroupName("Ipsec")
            .AddConstructor<TunnelFailover>()
            .AddTraceSource("Switched",
                            "Traffic goes through another tunnel from now on.",
                            MakeTraceSourceAccessor(&TunnelFailover::m_switchedTrace),
                            "ns3::ipsec::TunnelFailover::SwitchedTracedCallback");
    return tid;
}

TunnelFailover::TunnelFailover() = default;
TunnelFailover::~TunnelFailover() = default;

void
TunnelFailover::DoDispose()
{
    m_dataPlane = nullptr;
    m_groups.clear();
    m_groupOf.clear();
    Object::DoDispose();
}

void
TunnelFailover::Watch(Ptr<IkeDaemon> daemon, Ptr<IpsecDataPlane> dataPlane)
{
    m_dataPlane = dataPlane;
    daemon->TraceConnectWithoutContext("SaInstalled",
                                       MakeCallback(&TunnelFailover::HandleInstalled, this));
    daemon->TraceConnectWithoutContext("SaRemoved",
                                       MakeCallback(&TunnelFailover::HandleRemoved, this));
    daemon->TraceConnectWithoutContext("AcquireFailed",
                                       MakeCallback(&TunnelFailover::HandleFailed, this));
}

void
TunnelFailover::AddGroup(const std::vector<ChildId>& tunnels)
{
    if (tunnels.size() < 2)
    {
        throw std::invalid_argument("A failover needs two tunnels or more.");
    }
    Group group;
    for (const ChildId tunnel : tunnels)
    {
        Alternative alternative{tunnel, {}};
        for (const Policy& rule : m_dataPlane->Policies().Policies())
        {
            if (rule.action == PolicyAction::Protect && rule.child == tunnel)
            {
                alternative.rules.push_back(rule);
            }
        }
        const bool isTwice = std::count(tunnels.begin(), tunnels.end(), tunnel) > 1;
        if (alternative.rules.empty() || isTwice || m_groupOf.count(tunnel) > 0)
        {
            throw std::invalid_argument("Tunnel " + std::to_string(tunnel.child) + " with peer " +
                                        std::to_string(tunnel.peer) +
                                        (alternative.rules.empty()
                                             ? " has no rule that a failover could move."
                                             : " is in a failover already."));
        }
        group.alternatives.push_back(alternative);
    }
    for (size_t i = 0; i < tunnels.size(); ++i)
    {
        m_groupOf[tunnels[i]] = m_groups.size();
        if (i > 0)
        {
            m_dataPlane->Policies().Remove(tunnels[i]);
        }
    }
    m_groups.push_back(group);
    Choose(m_groups.back(), std::nullopt);
}

ChildId
TunnelFailover::InUse(ChildId tunnel) const
{
    const auto found = m_groupOf.find(tunnel);
    if (found == m_groupOf.end())
    {
        return tunnel;
    }
    const Group& group = m_groups[found->second];
    return group.alternatives[group.inUse].tunnel;
}

TunnelFailover::Group*
TunnelFailover::GroupOf(ChildId tunnel)
{
    const auto found = m_groupOf.find(tunnel);
    return found == m_groupOf.end() ? nullptr : &m_groups[found->second];
}

void
TunnelFailover::HandleInstalled(const IpsecSa& sa)
{
    Group* group = GroupOf(sa.child);
    if (group && sa.direction == SaDirection::Outbound)
    {
        Choose(*group, sa.child);
    }
}

void
TunnelFailover::HandleRemoved(const RemoveSa& removed)
{
    if (Group* group = GroupOf(removed.child))
    {
        Choose(*group, std::nullopt);
    }
}

void
TunnelFailover::HandleFailed(const AcquireFailed& failed)
{
    Group* group = GroupOf(failed.child);
    if (group && failed.child == InUse(failed.child) && !IsUp(*m_dataPlane, failed.child))
    {
        Use(*group, (group->inUse + 1) % group->alternatives.size());
    }
}

void
TunnelFailover::Choose(Group& group, std::optional<ChildId> fresh)
{
    for (size_t i = 0; i < group.alternatives.size(); ++i)
    {
        const ChildId tunnel = group.alternatives[i].tunnel;
        // What watches hears of a new SA before the data plane has it.
        if (fresh == tunnel || IsUp(*m_dataPlane, tunnel))
        {
            Use(group, i);
            return;
        }
    }
}

void
TunnelFailover::Use(Group& group, size_t place)
{
    if (place == group.inUse)
    {
        return;
    }
    const ChildId before = group.alternatives[group.inUse].tunnel;
    const Alternative& next = group.alternatives[place];
    NS_LOG_FUNCTION(this << before.peer << next.tunnel.peer);
    m_dataPlane->Policies().Remove(before);
    for (const Policy& rule : next.rules)
    {
        m_dataPlane->Policies().Add(rule);
    }
    group.inUse = place;
    m_switchedTrace(before, next.tunnel);
}

// On the LAN behind several gateways

TypeId
ReverseRoutes::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::ipsec::ReverseRoutes")
            .SetParent<Object>()
            .SetGroupName("Ipsec")
            .AddConstructor<ReverseRoutes>()
            .AddTraceSource("Changed",
                            "The LAN's way to a network is another gateway from now on; none "
                            "means the default one.",
                            MakeTraceSourceAccessor(&ReverseRoutes::m_changedTrace),
                            "ns3::ipsec::ReverseRoutes::ChangedTracedCallback");
    return tid;
}

ReverseRoutes::ReverseRoutes() = default;
ReverseRoutes::~ReverseRoutes() = default;

void
ReverseRoutes::DoDispose()
{
    m_lan = nullptr;
    m_gateways.clear();
    Object::DoDispose();
}

void
ReverseRoutes::SetLan(Ptr<IpsecCloudChannel> lan)
{
    m_lan = lan;
}

void
ReverseRoutes::AddGateway(Ptr<IkeDaemon> daemon,
                          Ptr<IpsecDataPlane> dataPlane,
                          Ptr<IpsecCloudNetDevice> device)
{
    const size_t place = m_gateways.size();
    m_gateways.push_back({dataPlane, device, {}, {}});
    daemon->TraceConnectWithoutContext(
        "SaInstalled", MakeBoundCallback(&ReverseRoutes::HandleInstalled, this, place));
    daemon->TraceConnectWithoutContext(
        "SaRemoved", MakeBoundCallback(&ReverseRoutes::HandleRemoved, this, place));
}

void
ReverseRoutes::HandleInstalled(ReverseRoutes* self, size_t gateway, const IpsecSa& sa)
{
    if (sa.direction != SaDirection::Outbound)
    {
        return;
    }
    const Prefix network = sa.proxyId.remote;
    self->m_gateways[gateway].networks[sa.child] = network;
    self->m_gateways[gateway].tunnels[network] = sa.child;
    self->Choose(network, gateway);
}

void
ReverseRoutes::HandleRemoved(ReverseRoutes* self, size_t gateway, const RemoveSa& removed)
{
    const Gateway& own = self->m_gateways[gateway];
    const auto network = own.networks.find(removed.child);
    if (network != own.networks.end())
    {
        self->Choose(network->second, std::nullopt);
    }
}

void
ReverseRoutes::Choose(const Prefix& network, std::optional<size_t> fresh)
{
    size_t best = 0;
    while (best < m_gateways.size())
    {
        const Gateway& gateway = m_gateways[best];
        const auto tunnel = gateway.tunnels.find(network);
        const bool isKnown = tunnel != gateway.tunnels.end();
        if (isKnown && (fresh == best || IsUp(*gateway.dataPlane, tunnel->second)))
        {
            break;
        }
        ++best;
    }
    const auto chosen = m_chosen.find(network);
    if (best == (chosen == m_chosen.end() ? m_gateways.size() : chosen->second))
    {
        return;
    }
    if (best == m_gateways.size())
    {
        m_lan->RemoveNetwork(ToNs3(network.address), MaskOf(network));
        m_chosen.erase(chosen);
        m_changedTrace(network, nullptr);
        return;
    }
    m_lan->AddNetwork(ToNs3(network.address), MaskOf(network), m_gateways[best].device);
    m_chosen[network] = best;
    m_changedTrace(network, m_gateways[best].device);
}

} // namespace ipsec
} // namespace ns3
