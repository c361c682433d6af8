// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-tunnel-tracker.h"

#include <algorithm>
#include <map>
#include <utility>

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
    std::map<std::string, const TunnelSettings*> sorted;
    for (const TunnelSettings& settings : scenario.tunnels)
    {
        sorted[settings.name] = &settings;
    }
    m_tunnels.reserve(sorted.size());
    m_places.reserve(sorted.size());
    for (const auto& [name, settings] : sorted)
    {
        Tunnel tunnel;
        for (size_t i = 0; i < tunnel.ends.size(); i++)
        {
            tunnel.ends[i].gateway = settings->ends[i].gateway;
        }
        tunnel.isExternal = settings->IsExternal();
        tunnel.group = settings->branches.empty() ? 0 : groups.at(settings->branches);
        m_places[name] = m_tunnels.size();
        m_tunnels.push_back(std::move(tunnel));
    }
}

uint64_t
TunnelTracker::NameOf(const SaKey& key)
{
    return (static_cast<uint64_t>(key.protocol) << 32) | key.spi;
}

TunnelTracker::Tunnel*
TunnelTracker::Find(const std::string& name)
{
    const auto found = m_places.find(name);
    return found == m_places.end() ? nullptr : &m_tunnels[found->second];
}

TunnelTracker::End&
TunnelTracker::EndAt(Tunnel& tunnel, const std::string& gateway)
{
    return tunnel.ends[0].gateway == gateway ? tunnel.ends[0] : tunnel.ends[1];
}

void
TunnelTracker::Installed(Instant now,
                         const std::string& gateway,
                         const std::string& tunnel,
                         const SaKey& key)
{
    Tunnel* found = Find(tunnel);
    if (found == nullptr)
    {
        return;
    }
    End& end = EndAt(*found, gateway);
    if (key.direction == SaDirection::Inbound)
    {
        end.inbound.insert(NameOf(key));
    }
    else
    {
        end.outbound.push_back(NameOf(key));
    }
    Update(now, *found);
}

void
TunnelTracker::Removed(Instant now,
                       const std::string& gateway,
                       const std::string& tunnel,
                       const SaKey& key)
{
    Tunnel* found = Find(tunnel);
    if (found == nullptr)
    {
        return;
    }
    End& end = EndAt(*found, gateway);
    end.outbound.erase(std::remove(end.outbound.begin(),
                                   end.outbound.end(),
                                   key.direction == SaDirection::Outbound ? NameOf(key) : 0),
                       end.outbound.end());
    if (key.direction == SaDirection::Inbound)
    {
        end.inbound.erase(NameOf(key));
    }
    Update(now, *found);
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
TunnelTracker::Update(Instant now, Tunnel& tunnel)
{
    const bool isUp = IsUp(tunnel);
    const bool hasSender = !tunnel.ends[0].outbound.empty() || !tunnel.ends[1].outbound.empty();
    UpdateUp(now, tunnel, isUp);
    UpdateOneWay(now, tunnel, !isUp && hasSender);
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
    for (const Tunnel& tunnel : m_tunnels)
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
