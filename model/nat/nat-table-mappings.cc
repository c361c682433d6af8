// SPDX-License-Identifier: GPL-2.0-only
// How mappings begin and end; what the table does with packets is in nat-table.cc.
#include "nat-table.h"

#include <algorithm>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Ports below it are well known (RFC 4787 section 4.2.1).
constexpr uint16_t WELL_KNOWN_END = 1024;

NatEvent
Ended(const NatMapping& mapping, NatEnd reason)
{
    return NatEvent{NatEvent::Kind::Expired, mapping, reason};
}

} // namespace

// Begin

NatAnswer
NatTable::CreateMapping(Instant now, const NatFlow& flow, RandomSource& random)
{
    if (m_dynamic >= m_config.maxMappings)
    {
        return NatAnswer::Refusal(NatFault::MappingLimit);
    }
    if (!HasRoom(flow.source.address))
    {
        return NatAnswer::Refusal(NatFault::HostLimit);
    }
    Endpoint outside{PairedAddress(flow.source.address), 0};
    if (m_config.pooling == NatPooling::Arbitrary)
    {
        outside.address = m_outside[m_nextAddress++ % m_outside.size()];
    }
    const std::optional<uint16_t> port = ChoosePort(flow, outside.address, random);
    if (!port)
    {
        ForgetIdleHost(flow.source.address);
        return NatAnswer::Refusal(NatFault::NoPort);
    }
    outside.port = *port;
    PortsOf(flow.protocol, outside.address).Take(outside.port);
    ++m_hosts[flow.source.address].mappings;
    ++m_dynamic;
    const NatFlow key = InsideKey(flow);
    Mapping mapping;
    mapping.info = NatMapping{flow.protocol, flow.source, outside, key.destination, false, now};
    m_mappings.emplace(OutsideKey{flow.protocol, outside}, mapping);
    m_inside.emplace(key, outside);

    NatAnswer answer;
    answer.kind = NatAnswer::Kind::Translate;
    answer.to = outside;
    answer.events.push_back({NatEvent::Kind::Created, mapping.info, NatEnd::Timeout});
    return answer;
}

bool
NatTable::HasRoom(IpAddress inside) const
{
    const auto host = m_hosts.find(inside);
    return host == m_hosts.end() || host->second.mappings < m_config.maxPerHost;
}

IpAddress
NatTable::PairedAddress(IpAddress inside)
{
    const auto [host, isNew] = m_hosts.try_emplace(inside);
    if (isNew || !IsOutside(host->second.outside))
    {
        host->second.outside = m_outside[m_nextAddress++ % m_outside.size()];
    }
    return host->second.outside;
}

void
NatTable::ForgetIdleHost(IpAddress inside)
{
    const auto host = m_hosts.find(inside);
    if (host != m_hosts.end() && host->second.mappings == 0)
    {
        m_hosts.erase(host);
    }
}

void
NatTable::CountPassed(const NatEvents& events)
{
    for (const NatEvent& event : events)
    {
        const IpAddress inside = event.mapping.inside.address;
        if (event.kind == NatEvent::Kind::Created)
        {
            ++m_hosts[inside].mappings;
            continue;
        }
        --m_hosts.at(inside).mappings;
        ForgetIdleHost(inside);
    }
}

std::optional<uint16_t>
NatTable::ChoosePort(const NatFlow& flow, IpAddress outside, RandomSource& random)
{
    const NatPorts& ports = PortsOf(flow.protocol, outside);
    const uint16_t inside = flow.source.port;
    NatPortRange usual{m_config.firstPort, m_config.lastPort, std::nullopt};
    if (flow.protocol == NatProtocol::Icmp)
    {
        usual = NatPortRange{};
    }
    else if (flow.protocol == NatProtocol::Udp && m_config.keepsParity)
    {
        usual.parity = inside % 2;
    }
    std::optional<uint16_t> free;
    if (flow.protocol != NatProtocol::Icmp && m_config.keepsPortClass && inside > 0 &&
        inside < WELL_KNOWN_END)
    {
        free = FreePort({1, WELL_KNOWN_END - 1, usual.parity}, ports, inside, random);
    }
    if (!free)
    {
        free = FreePort(usual, ports, inside, random);
    }
    if (free)
    {
        m_nextPort = *free + uint32_t{1};
    }
    return free;
}

std::optional<uint16_t>
NatTable::FreePort(const NatPortRange& range,
                   const NatPorts& ports,
                   uint16_t inside,
                   RandomSource& random) const
{
    const uint32_t count = uint32_t{range.last} - range.first + 1;
    switch (m_config.portChoice)
    {
    case NatPortChoice::Preserve:
        return ports.NextFree(range, inside);
    case NatPortChoice::Sequential:
        return ports.NextFree(range, m_nextPort);
    case NatPortChoice::Random:
        return ports.NextFree(range, range.first + random.DrawU32() % count);
    }
    return std::nullopt;
}

NatPorts&
NatTable::PortsOf(NatProtocol protocol, IpAddress outside)
{
    const auto [ports, isNew] = m_ports.try_emplace({protocol, outside});
    if (isNew)
    {
        for (const auto& [reservedProtocol, port] : m_reserved)
        {
            if (reservedProtocol == protocol)
            {
                ports->second.Take(port);
            }
        }
    }
    return ports->second;
}

void
NatTable::Reserve(NatProtocol protocol, uint16_t port)
{
    m_reserved.emplace(protocol, port);
    for (auto& [key, ports] : m_ports)
    {
        if (key.first == protocol)
        {
            ports.Take(port);
        }
    }
}

// Port forwardings

NatEvents
NatTable::AddForward(Instant now, const NatForward& forward)
{
    const bool hasPorts =
        forward.protocol == NatProtocol::Udp || forward.protocol == NatProtocol::Tcp;
    if (!hasPorts || forward.outsidePort == 0 || forward.inside.port == 0 ||
        forward.inside.address.IsAny())
    {
        throw std::invalid_argument("A port forwarding needs UDP or TCP, a port outside, and an "
                                    "address and port inside.");
    }
    const bool isReserved = m_reserved.count({forward.protocol, forward.outsidePort}) > 0;
    bool isKnown = m_static.count({forward.protocol, forward.inside}) > 0;
    for (const NatForward& other : m_forwards)
    {
        isKnown = isKnown ||
                  (other.protocol == forward.protocol &&
                   (other.outsidePort == forward.outsidePort || other.inside == forward.inside));
    }
    if (isReserved || isKnown)
    {
        throw std::invalid_argument("Port " + std::to_string(forward.outsidePort) + " of " +
                                    NatProtocolName(forward.protocol) + ", or " +
                                    forward.inside.ToString() + ", is not free to be forwarded.");
    }
    m_forwards.push_back(forward);
    NatEvents events;
    InstallForward(now, forward, events);
    return events;
}

void
NatTable::InstallForward(Instant now, const NatForward& forward, NatEvents& events)
{
    if (m_outside.empty())
    {
        return;
    }
    const Endpoint outside{m_outside.front(), forward.outsidePort};
    const OutsideKey key{forward.protocol, outside};
    if (m_mappings.count(key) > 0)
    {
        EndMapping(key, NatEnd::Removed, events);
    }
    Mapping mapping;
    mapping.info =
        NatMapping{forward.protocol, forward.inside, outside, Endpoint{{}, 0}, true, now};
    m_mappings.emplace(key, mapping);
    m_static[{forward.protocol, forward.inside}] = outside;
    PortsOf(forward.protocol, outside.address).Take(outside.port);
    events.push_back({NatEvent::Kind::Created, mapping.info, NatEnd::Timeout});
}

bool
NatTable::RemoveForward(NatProtocol protocol, uint16_t outsidePort, NatEvents& events)
{
    const auto found =
        std::find_if(m_forwards.begin(),
                     m_forwards.end(),
                     [protocol, outsidePort](const NatForward& forward) {
                         return forward.protocol == protocol && forward.outsidePort == outsidePort;
                     });
    if (found == m_forwards.end())
    {
        return false;
    }
    m_forwards.erase(found);
    if (!m_outside.empty())
    {
        EndMapping({protocol, {m_outside.front(), outsidePort}}, NatEnd::Removed, events);
    }
    return true;
}

NatEvents
NatTable::SetOutside(Instant now, const std::vector<IpAddress>& addresses)
{
    NatEvents events;
    if (addresses == m_outside)
    {
        return events;
    }
    const bool movesForwards =
        m_outside.empty() || addresses.empty() || m_outside.front() != addresses.front();
    const std::vector<IpAddress> before = m_outside;
    m_outside = addresses;
    for (const IpAddress address : before)
    {
        if (!IsOutside(address))
        {
            EndAll(address, NatEnd::AddressChange, events);
            for (const NatProtocol protocol :
                 {NatProtocol::Icmp, NatProtocol::Tcp, NatProtocol::Udp, NatProtocol::Esp})
            {
                m_ports.erase({protocol, address});
            }
        }
    }
    if (movesForwards)
    {
        for (const NatForward& forward : m_forwards)
        {
            if (!before.empty() && IsOutside(before.front()))
            {
                EndMapping({forward.protocol, {before.front(), forward.outsidePort}},
                           NatEnd::AddressChange,
                           events);
            }
            InstallForward(now, forward, events);
        }
    }
    return events;
}

// End

void
NatTable::EndSession(const NatFlow& flow, NatEnd reason, NatEvents& events)
{
    const auto found = m_sessions.find(flow);
    m_timers.erase({found->second.scheduled, flow});
    m_sessions.erase(found);
    const OutsideKey key{flow.protocol, flow.source};
    Mapping& mapping = m_mappings.at(key);
    --mapping.sessions;
    if (mapping.sessions == 0 && !mapping.info.isStatic)
    {
        EndMapping(key, reason, events);
    }
}

void
NatTable::EndMapping(const OutsideKey& key, NatEnd reason, NatEvents& events)
{
    const auto found = m_mappings.find(key);
    if (found == m_mappings.end())
    {
        return;
    }
    const Mapping mapping = found->second;
    m_mappings.erase(found);
    NatFlow first;
    first.protocol = key.first;
    first.source = key.second;
    for (auto it = m_sessions.lower_bound(first); it != m_sessions.end() &&
                                                  it->first.protocol == key.first &&
                                                  it->first.source == key.second;)
    {
        m_timers.erase({it->second.scheduled, it->first});
        it = m_sessions.erase(it);
    }
    if (m_reserved.count({key.first, key.second.port}) == 0)
    {
        PortsOf(key.first, key.second.address).Release(key.second.port);
    }
    if (mapping.isOwn)
    {
        return;
    }
    if (mapping.info.isStatic)
    {
        m_static.erase({key.first, mapping.info.inside});
    }
    else
    {
        m_inside.erase(NatFlow{key.first, mapping.info.inside, mapping.info.remote});
        --m_hosts.at(mapping.info.inside.address).mappings;
        ForgetIdleHost(mapping.info.inside.address);
        --m_dynamic;
    }
    events.push_back(Ended(mapping.info, reason));
}

void
NatTable::EndAll(std::optional<IpAddress> outside, NatEnd reason, NatEvents& events)
{
    std::vector<OutsideKey> over;
    for (const auto& [key, mapping] : m_mappings)
    {
        if (!outside || key.second.address == *outside)
        {
            over.push_back(key);
        }
    }
    for (const OutsideKey& key : over)
    {
        EndMapping(key, reason, events);
    }
    const NatEvents passed = m_passThrough.End(outside, reason);
    CountPassed(passed);
    events.insert(events.end(), passed.begin(), passed.end());
}

NatEvents
NatTable::Reboot(Instant now)
{
    const NatConfig same = m_config;
    return Reboot(now, same);
}

NatEvents
NatTable::Reboot(Instant now, const NatConfig& config)
{
    CheckNatConfig(config);
    NatEvents events;
    EndAll(std::nullopt, NatEnd::Reboot, events);
    // Nobody has a port now, so the books about them begin anew, too.
    m_ports.clear();
    if (m_config.ike != IkePassThrough::Off)
    {
        m_reserved.erase({NatProtocol::Udp, IKE_PORT});
    }
    if (config.ike != IkePassThrough::Off)
    {
        m_reserved.emplace(NatProtocol::Udp, IKE_PORT);
    }
    m_config = config;
    m_passThrough = NatPassThrough(config);
    m_nextAddress = 0;
    m_nextPort = 0;
    for (const NatForward& forward : m_forwards)
    {
        InstallForward(now, forward, events);
    }
    return events;
}

// Time

NatEvents
NatTable::Expire(Instant now)
{
    NatEvents events;
    while (!m_timers.empty() && m_timers.begin()->first <= now)
    {
        const NatFlow flow = m_timers.begin()->second;
        Session& session = m_sessions.at(flow);
        if (session.expires > now)
        {
            m_timers.erase(m_timers.begin());
            session.scheduled = session.expires;
            m_timers.emplace(session.scheduled, flow);
            continue;
        }
        const uint8_t seen = session.flagsOut | session.flagsIn;
        const bool wasClosed =
            (seen & TCP_RST) != 0 || (session.flagsOut & session.flagsIn & TCP_FIN) != 0;
        EndSession(flow, wasClosed ? NatEnd::Closed : NatEnd::Timeout, events);
    }
    const NatEvents passed = m_passThrough.Expire(now);
    CountPassed(passed);
    events.insert(events.end(), passed.begin(), passed.end());
    return events;
}

std::optional<Instant>
NatTable::NextDeadline() const
{
    std::optional<Instant> next = m_passThrough.NextDeadline();
    if (!m_timers.empty() && (!next || m_timers.begin()->first < *next))
    {
        next = m_timers.begin()->first;
    }
    return next;
}

// What there is

std::vector<NatMapping>
NatTable::Mappings() const
{
    std::vector<NatMapping> mappings;
    for (const auto& [key, mapping] : m_mappings)
    {
        if (!mapping.isOwn)
        {
            mappings.push_back(mapping.info);
        }
    }
    const std::vector<NatMapping> passed = m_passThrough.Mappings();
    mappings.insert(mappings.end(), passed.begin(), passed.end());
    return mappings;
}

size_t
NatTable::MappingCount() const
{
    return m_dynamic + m_static.size() + m_passThrough.size();
}

size_t
NatTable::SessionCount() const
{
    return m_sessions.size() + m_passThrough.size();
}

} // namespace ipsec
} // namespace ns3
