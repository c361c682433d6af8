// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-recorder-nodes.h"

#include <algorithm>
#include <optional>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Most that a LAN behind a NAT adds.
constexpr Duration LAN_CROSSING = std::chrono::milliseconds(1);
/// How far a reordered packet falls back (IpsecCloudNetDevice::ReorderDelay).
constexpr Duration REORDERING = std::chrono::milliseconds(10);

/// Returns the most that jitter and reordering add to the delay of a link.
Duration
SpreadOf(const Scenario& scenario, const LinkSettings& link)
{
    const LinkSettings& internet = scenario.internet.link;
    const bool mayReorder = link.reorder > 0 || internet.reorder > 0;
    return std::max(link.jitter, internet.jitter) + (mayReorder ? REORDERING : Duration::zero());
}

} // namespace

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
        m_places[who.name] = {who.behind, who.link.delay, SpreadOf(scenario, who.link), {}, {}};
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
        if (event.link.delay || event.link.jitter)
        {
            // Of the links at both ends, and of the internet.
            m_laterDelay = m_laterDelay.value_or(Duration::zero()) +
                           3 * (event.link.delay.value_or(Duration::zero()) +
                                event.link.jitter.value_or(Duration::zero()));
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

const std::string*
RecorderNodes::FindSender(const std::string& network,
                          const Endpoint& source,
                          const Cookie& initiator) const
{
    const std::string* known = FindInitiator(initiator, source.address);
    return known ? known : Find(network, source);
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
    Way way{delay, Duration::zero(), network};
    for (auto nat = m_places.find(network); nat != m_places.end();
         nat = m_places.find(nat->second.network))
    {
        way.delay += nat->second.delay;
        way.spread += nat->second.spread + LAN_CROSSING;
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

Transit
RecorderNodes::TransitOf(const std::string& from, const std::string& to) const
{
    std::optional<Transit> transit;
    for (const Way& one : WaysOf(from))
    {
        for (const Way& other : WaysOf(to))
        {
            const Duration whole = one.delay + other.delay + m_internetDelay;
            // What stays behind one NAT may never see the internet.
            const bool haveSameNat = !one.lastNat.empty() && one.lastNat == other.lastNat;
            const Transit way{haveSameNat ? Duration::zero() : whole,
                              whole + one.spread + other.spread};
            transit = transit ? Transit{std::min(transit->least, way.least),
                                        std::max(transit->most, way.most)}
                              : way;
        }
    }
    if (m_laterDelay)
    {
        return {Duration::zero(), transit->most + *m_laterDelay};
    }
    return *transit;
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
