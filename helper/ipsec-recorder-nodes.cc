// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-recorder-nodes.h"

#include <algorithm>
#include <optional>

namespace ns3
{
namespace ipsec
{

RecorderNodes::RecorderNodes(const Scenario& scenario)
    : m_internetDelay(scenario.internet.link.delay)
{
    std::map<std::string, size_t> kinds;
    for (const BranchesSettings& settings : scenario.branches)
    {
        kinds[settings.name] = m_branches.size();
        BranchesRecord record;
        record.name = settings.name;
        record.hub = settings.hub;
        record.count = settings.count;
        m_branches.push_back(record);
    }
    const auto place = [&](const auto& who)
    {
        m_places[who.name] = {who.behind, who.link.delay, {}, {}};
        // A client has none before DHCP gives it one.
        if (!who.address.IsAny())
        {
            NoteOwner(who.behind, who.address, who.name);
        }
    };
    for (const NatSettings& nat : scenario.nats)
    {
        m_nats.insert(nat.name);
        place(nat);
    }
    for (const GatewaySettings& gateway : scenario.gateways)
    {
        place(gateway);
        if (!scenario.IsShown(gateway.name))
        {
            m_places[gateway.name].hidden = static_cast<uint32_t>(kinds.at(gateway.branches));
        }
        else if (!gateway.branches.empty())
        {
            m_branches[kinds.at(gateway.branches)].shown++;
        }
    }
    for (const EventSettings& event : scenario.events)
    {
        const auto target = m_places.find(event.target);
        if (event.address && target != m_places.end())
        {
            NoteOwner(target->second.network, *event.address, event.target);
        }
    }
}

void
RecorderNodes::NoteMapping(const std::string& nat, const NatMapping& mapping)
{
    if (mapping.protocol == NatProtocol::Udp)
    {
        m_mappings[{nat, mapping.outside}] = mapping.inside;
    }
}

void
RecorderNodes::NotePlace(const std::string& name, const std::string& network, IpAddress address)
{
    Place& place = m_places.at(name);
    if (place.network != network)
    {
        place.former.Make().insert(place.network);
        place.former.Make().erase(network);
        place.network = network;
    }
    NoteOwner(network, address, name);
}

const std::string&
RecorderNodes::NetworkOf(const std::string& name) const
{
    return m_places.at(name).network;
}

void
RecorderNodes::NoteSender(const Cookie& initiator, const std::string& name)
{
    // Only those behind a NAT need to be told apart.
    if (!m_places.at(name).network.empty())
    {
        m_initiators.emplace(initiator, name);
    }
}

const std::string*
RecorderNodes::FindInitiator(const Cookie& cookie, IpAddress nat) const
{
    const auto found = m_initiators.find(cookie);
    if (found == m_initiators.end())
    {
        return nullptr;
    }
    for (auto above = m_places.find(m_places.at(found->second).network); above != m_places.end();
         above = m_places.find(above->second.network))
    {
        const std::string* owner = FindOwner(above->second.network, nat);
        if (owner && *owner == above->first)
        {
            return &found->second;
        }
    }
    return nullptr;
}

const std::string*
RecorderNodes::FindOwner(const std::string& network, IpAddress address) const
{
    const auto inside = m_owners.find(network);
    if (inside == m_owners.end())
    {
        return nullptr;
    }
    const auto found = inside->second.find(address.value);
    return found == inside->second.end() ? nullptr : found->second;
}

void
RecorderNodes::NoteOwner(const std::string& network, IpAddress address, const std::string& name)
{
    m_owners[network][address.value] = &m_places.find(name)->first;
}

const std::string*
RecorderNodes::Find(const std::string& network, const Endpoint& endpoint) const
{
    std::string seenIn = network;
    while (true)
    {
        if (const std::string* found = FindOwner(seenIn, endpoint.address))
        {
            return m_nats.count(*found) > 0 ? FindBehind(*found, endpoint) : found;
        }
        const auto nat = m_places.find(seenIn);
        if (nat == m_places.end())
        {
            return nullptr;
        }
        seenIn = nat->second.network;
    }
}

const std::string*
RecorderNodes::FindBehind(const std::string& nat, const Endpoint& outside) const
{
    const auto mapping = m_mappings.find({nat, outside});
    return mapping == m_mappings.end() ? nullptr : Find(nat, mapping->second);
}

std::string
RecorderNodes::NameOf(const std::string& network, const Endpoint& endpoint) const
{
    const std::string* name = Find(network, endpoint);
    return name ? *name : endpoint.address.ToString();
}

RecorderNodes::Way
RecorderNodes::WayFrom(const std::string& network, Duration delay) const
{
    Way way{delay, network};
    for (auto nat = m_places.find(network); nat != m_places.end();
         nat = m_places.find(nat->second.network))
    {
        way.delay += nat->second.delay;
        way.lastNat = nat->first;
    }
    return way;
}

std::vector<RecorderNodes::Way>
RecorderNodes::WaysOf(const std::string& name) const
{
    const auto at = m_places.find(name);
    if (at == m_places.end())
    {
        return {Way{}};
    }
    std::vector<Way> ways{WayFrom(at->second.network, at->second.delay)};
    if (const std::set<std::string>* former = at->second.former.Find())
    {
        for (const std::string& network : *former)
        {
            ways.push_back(WayFrom(network, at->second.delay));
        }
    }
    return ways;
}

Duration
RecorderNodes::LeastTransit(const std::string& from, const std::string& to) const
{
    std::optional<Duration> least;
    for (const Way& one : WaysOf(from))
    {
        for (const Way& other : WaysOf(to))
        {
            // What stays behind one NAT may never see the internet.
            const bool haveSameNat = !one.lastNat.empty() && one.lastNat == other.lastNat;
            const Duration whole =
                haveSameNat ? Duration::zero() : one.delay + other.delay + m_internetDelay;
            least = std::min(least.value_or(whole), whole);
        }
    }
    return *least;
}

bool
RecorderNodes::IsKnown(const std::string& name) const
{
    return m_places.count(name) > 0;
}

bool
RecorderNodes::IsHidden(const std::string& name) const
{
    const auto found = m_places.find(name);
    return found != m_places.end() && found->second.hidden;
}

BranchesRecord&
RecorderNodes::BranchesOf(const std::string& name)
{
    return m_branches[*m_places.at(name).hidden];
}

std::vector<BranchesRecord>
RecorderNodes::TakeBranches()
{
    return std::move(m_branches);
}

} // namespace ipsec
} // namespace ns3
