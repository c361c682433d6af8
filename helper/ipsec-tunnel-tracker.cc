// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-tunnel-tracker.h"

#include <algorithm>
#include <map>

namespace ns3
{
namespace ipsec
{

TunnelTracker::TunnelTracker(const Scenario& scenario)
    : m_scenario(scenario)
    , m_gateways(scenario.gateways.size())
{
    m_counts.push_back({ALL_NODES, scenario.tunnels.size(), {}});
    std::map<std::string, size_t> groups;
    for (const BranchesSettings& branches : scenario.branches)
    {
        groups[branches.name] = m_counts.size();
        m_counts.push_back({branches.name, size_t{branches.count} * branches.tunnels, {}});
    }
    m_tunnels.reserve(scenario.tunnels.size());
    for (const TunnelSettings& settings : scenario.tunnels)
    {
        Tunnel tunnel;
        tunnel.isExternal = settings.IsExternal();
        tunnel.group = settings.branches.empty() ? 0 : groups.at(settings.branches);
        m_tunnels.push_back(std::move(tunnel));
    }
}

uint64_t
TunnelTracker::NameOf(const SaKey& key)
{
    return (static_cast<uint64_t>(key.protocol) << 32) | key.spi;
}

std::vector<uint64_t>&
TunnelTracker::SasOf(Tunnel& tunnel, size_t end, const SaKey& key)
{
    End& at = tunnel.ends[end];
    return key.direction == SaDirection::Inbound ? at.inbound : at.outbound;
}

void
TunnelTracker::Installed(Instant now,
                         const std::string& gateway,
                         const std::string& tunnel,
                         const SaKey& key)
{
    if (const TunnelSettings* settings = m_scenario.FindTunnel(tunnel))
    {
        const auto place = static_cast<size_t>(settings - m_scenario.tunnels.data());
        const size_t end = settings->ends[0].gateway == gateway ? 0 : 1;
        SasOf(m_tunnels[place], end, key).push_back(NameOf(key));
        Update(now, place);
    }
}

void
TunnelTracker::Removed(Instant now,
                       const std::string& gateway,
                       const std::string& tunnel,
                       const SaKey& key)
{
    if (const TunnelSettings* settings = m_scenario.FindTunnel(tunnel))
    {
        const auto place = static_cast<size_t>(settings - m_scenario.tunnels.data());
        const size_t end = settings->ends[0].gateway == gateway ? 0 : 1;
        std::vector<uint64_t>& names = SasOf(m_tunnels[place], end, key);
        names.erase(std::remove(names.begin(), names.end(), NameOf(key)), names.end());
        Update(now, place);
    }
}

bool
TunnelTracker::Crosses(const End& from, const End& to)
{
    return !from.outbound.empty() &&
           std::find(to.inbound.begin(), to.inbound.end(), from.outbound.back()) !=
               to.inbound.end();
}

bool
TunnelTracker::IsUp(const Tunnel& tunnel)
{
    const auto& [first, second] = tunnel.ends;
    if (tunnel.isExternal)
    {
        return !first.outbound.empty() && !first.inbound.empty();
    }
    return Crosses(first, second) && Crosses(second, first);
}

void
TunnelTracker::Update(Instant now, size_t tunnel)
{
    const Tunnel& updated = m_tunnels[tunnel];
    const bool isUp = IsUp(updated);
    const bool hasSender = !updated.ends[0].outbound.empty() || !updated.ends[1].outbound.empty();
    UpdateUp(now, tunnel, isUp);
    UpdateOneWay(now, tunnel, !isUp && hasSender);
}

void
TunnelTracker::Count(size_t tunnel, uint32_t GatewayCount::*what, bool isOneMore)
{
    for (const TunnelEndSettings& end : m_scenario.tunnels[tunnel].ends)
    {
        if (const GatewaySettings* gateway = m_scenario.FindGateway(end.gateway))
        {
            uint32_t& count = m_gateways[gateway - m_scenario.gateways.data()].*what;
            count = isOneMore ? count + 1 : count - 1;
        }
    }
}

void
TunnelTracker::UpdateUp(Instant now, size_t place, bool isUp)
{
    Tunnel& tunnel = m_tunnels[place];
    if (isUp == tunnel.isUp)
    {
        return;
    }
    if (isUp && tunnel.wasUp)
    {
        NoteOutage(now, tunnel);
    }
    for (const size_t group : GroupsOf(tunnel))
    {
        m_counts[group].wereUp += tunnel.wasUp ? 0 : 1;
        m_counts[group].Change(now, isUp);
    }
    tunnel.isUp = isUp;
    tunnel.wasUp = true;
    tunnel.downSince = now;
    Count(place, &GatewayCount::up, isUp);
}

void
TunnelTracker::UpdateOneWay(Instant now, size_t place, bool isOneWay)
{
    Tunnel& tunnel = m_tunnels[place];
    if (isOneWay == tunnel.isOneWay)
    {
        return;
    }
    if (!isOneWay)
    {
        NoteLasting(tunnel, &TunnelCount::longestOneWay, now - tunnel.oneWaySince);
    }
    tunnel.isOneWay = isOneWay;
    tunnel.oneWaySince = now;
    m_oneWay = isOneWay ? m_oneWay + 1 : m_oneWay - 1;
    Count(place, &GatewayCount::oneWay, isOneWay);
}

void
TunnelTracker::NoteLasting(const Tunnel& tunnel, Duration TunnelCount::*longest, Duration lasting)
{
    for (const size_t group : GroupsOf(tunnel))
    {
        Duration& known = m_counts[group].*longest;
        known = std::max(known, lasting);
    }
}

void
TunnelTracker::NoteOutage(Instant now, const Tunnel& tunnel)
{
    NoteLasting(tunnel, &TunnelCount::longestOutage, now - tunnel.downSince);
    for (const size_t group : GroupsOf(tunnel))
    {
        m_counts[group].outages.push_back({tunnel.downSince, now});
    }
}

std::vector<size_t>
TunnelTracker::GroupsOf(const Tunnel& tunnel)
{
    return tunnel.group == 0 ? std::vector<size_t>{0} : std::vector<size_t>{0, tunnel.group};
}

const std::vector<TunnelCount>&
TunnelTracker::Finish(Instant now)
{
    // By name, which is the order that outages at the end are listed in.
    std::map<std::string, const Tunnel*> byName;
    for (size_t i = 0; i < m_tunnels.size(); i++)
    {
        byName[m_scenario.tunnels[i].name] = &m_tunnels[i];
    }
    for (const auto& [name, known] : byName)
    {
        const Tunnel& tunnel = *known;
        if (tunnel.wasUp && !tunnel.isUp)
        {
            NoteOutage(now, tunnel);
        }
        if (tunnel.isOneWay)
        {
            NoteLasting(tunnel, &TunnelCount::longestOneWay, now - tunnel.oneWaySince);
        }
    }
    return m_counts;
}

size_t
TunnelTracker::Up() const
{
    const std::vector<TunnelCountStep>& steps = m_counts.front().steps;
    return steps.empty() ? 0 : steps.back().up;
}

TunnelTracker::GatewayCount
TunnelTracker::CountAt(const std::string& gateway) const
{
    const GatewaySettings* found = m_scenario.FindGateway(gateway);
    return found ? m_gateways[found - m_scenario.gateways.data()] : GatewayCount{};
}

size_t
TunnelTracker::UpAt(const std::string& gateway) const
{
    return CountAt(gateway).up;
}

size_t
TunnelTracker::OneWay() const
{
    return m_oneWay;
}

size_t
TunnelTracker::OneWayAt(const std::string& gateway) const
{
    return CountAt(gateway).oneWay;
}

} // namespace ipsec
} // namespace ns3
