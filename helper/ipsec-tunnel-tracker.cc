// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-tunnel-tracker.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

TunnelTracker::TunnelTracker(const Scenario& scenario)
{
    m_counts.push_back({ALL_NODES, scenario.tunnels.size(), {}});
    std::map<std::string, size_t> groups;
    for (const BranchesSettings& branches : scenario.branches)
    {
        groups[branches.name] = m_counts.size();
        m_counts.push_back({branches.name, size_t{branches.count} * branches.tunnels, {}});
    }
    for (const TunnelSettings& settings : scenario.tunnels)
    {
        Tunnel tunnel;
        for (size_t i = 0; i < tunnel.ends.size(); i++)
        {
            tunnel.ends[i].gateway = settings.ends[i].gateway;
        }
        tunnel.isExternal = settings.IsExternal();
        tunnel.group = settings.branches.empty() ? 0 : groups.at(settings.branches);
        m_tunnels[settings.name] = tunnel;
    }
}

uint64_t
TunnelTracker::NameOf(const SaKey& key)
{
    return (static_cast<uint64_t>(key.protocol) << 32) | key.spi;
}

TunnelTracker::End*
TunnelTracker::FindEnd(const std::string& gateway, const std::string& tunnel)
{
    const auto found = m_tunnels.find(tunnel);
    if (found == m_tunnels.end())
    {
        return nullptr;
    }
    std::array<End, 2>& ends = found->second.ends;
    return ends[0].gateway == gateway ? &ends[0] : &ends[1];
}

void
TunnelTracker::Installed(Instant now,
                         const std::string& gateway,
                         const std::string& tunnel,
                         const SaKey& key)
{
    End* end = FindEnd(gateway, tunnel);
    if (end == nullptr)
    {
        return;
    }
    if (key.direction == SaDirection::Inbound)
    {
        end->inbound.insert(NameOf(key));
    }
    else
    {
        end->outbound.push_back(NameOf(key));
    }
    Update(now, tunnel);
}

void
TunnelTracker::Removed(Instant now,
                       const std::string& gateway,
                       const std::string& tunnel,
                       const SaKey& key)
{
    End* end = FindEnd(gateway, tunnel);
    if (end == nullptr)
    {
        return;
    }
    end->outbound.erase(std::remove(end->outbound.begin(),
                                    end->outbound.end(),
                                    key.direction == SaDirection::Outbound ? NameOf(key) : 0),
                        end->outbound.end());
    if (key.direction == SaDirection::Inbound)
    {
        end->inbound.erase(NameOf(key));
    }
    Update(now, tunnel);
}

bool
TunnelTracker::Crosses(const End& from, const End& to)
{
    return !from.outbound.empty() && to.inbound.count(from.outbound.back()) > 0;
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
TunnelTracker::Update(Instant now, const std::string& tunnel)
{
    Tunnel& updated = m_tunnels.at(tunnel);
    const bool isUp = IsUp(updated);
    const bool hasSender = !updated.ends[0].outbound.empty() || !updated.ends[1].outbound.empty();
    UpdateUp(now, updated, isUp);
    UpdateOneWay(now, updated, !isUp && hasSender);
}

void
TunnelTracker::UpdateUp(Instant now, Tunnel& tunnel, bool isUp)
{
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
    for (const End& end : tunnel.ends)
    {
        size_t& up = m_upByGateway[end.gateway];
        up = isUp ? up + 1 : up - 1;
    }
}

void
TunnelTracker::UpdateOneWay(Instant now, Tunnel& tunnel, bool isOneWay)
{
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
    for (const End& end : tunnel.ends)
    {
        size_t& oneWay = m_oneWayByGateway[end.gateway];
        oneWay = isOneWay ? oneWay + 1 : oneWay - 1;
    }
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
    for (auto& [name, tunnel] : m_tunnels)
    {
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

size_t
TunnelTracker::UpAt(const std::string& gateway) const
{
    const auto found = m_upByGateway.find(gateway);
    return found == m_upByGateway.end() ? 0 : found->second;
}

size_t
TunnelTracker::OneWay() const
{
    return m_oneWay;
}

size_t
TunnelTracker::OneWayAt(const std::string& gateway) const
{
    const auto found = m_oneWayByGateway.find(gateway);
    return found == m_oneWayByGateway.end() ? 0 : found->second;
}

} // namespace ipsec
} // namespace ns3
