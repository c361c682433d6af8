// SPDX-License-Identifier: GPL-2.0-only
// What the table does with packets; how mappings begin and end is in nat-table-mappings.cc.
#include "nat-table.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

NatAnswer
TranslateTo(const Endpoint& to)
{
    NatAnswer answer;
    answer.kind = NatAnswer::Kind::Translate;
    answer.to = to;
    return answer;
}

NatAnswer
OwnAnswer()
{
    NatAnswer answer;
    answer.kind = NatAnswer::Kind::Own;
    return answer;
}

} // namespace

NatTable::NatTable(const NatConfig& config)
    : m_config(config)
    , m_passThrough(config)
{
    CheckNatConfig(config);
    if (config.ike != IkePassThrough::Off)
    {
        m_reserved.emplace(NatProtocol::Udp, IKE_PORT);
    }
}

const NatConfig&
NatTable::Config() const
{
    return m_config;
}

const std::vector<IpAddress>&
NatTable::Outside() const
{
    return m_outside;
}

bool
NatTable::IsOutside(IpAddress address) const
{
    return std::find(m_outside.begin(), m_outside.end(), address) != m_outside.end();
}

// Out

NatAnswer
NatTable::Outbound(Instant now, const NatFacts& facts, RandomSource& random)
{
    if (m_outside.empty())
    {
        return NatAnswer::Refusal(NatFault::NoOutsideAddress);
    }
    const NatFlow& flow = facts.flow;
    if (m_passThrough.Handles(flow))
    {
        const IpAddress outside = PairedAddress(flow.source.address);
        NatAnswer answer =
            m_passThrough.Outbound(now, facts, outside, HasRoom(flow.source.address));
        CountPassed(answer.events);
        ForgetIdleHost(flow.source.address);
        return answer;
    }
    if (const std::optional<Endpoint> outside = FindOutside(flow))
    {
        return TranslateOut(now, facts, *outside);
    }
    // An answer, or a reset, to nothing that is known here.
    if (facts.isIcmpReply || (facts.tcpFlags & TCP_RST) != 0)
    {
        return NatAnswer::Refusal(NatFault::NoMapping);
    }
    NatAnswer created = CreateMapping(now, flow, random);
    if (created.kind != NatAnswer::Kind::Translate)
    {
        return created;
    }
    NatAnswer answer = TranslateOut(now, facts, created.to);
    if (answer.kind != NatAnswer::Kind::Translate)
    {
        // Nothing came of it, so nothing stays.
        EndMapping({flow.protocol, created.to}, NatEnd::Removed, created.events);
        return answer;
    }
    answer.events = std::move(created.events);
    return answer;
}

NatAnswer
NatTable::TranslateOut(Instant now, const NatFacts& facts, const Endpoint& outside)
{
    const NatFlow session{facts.flow.protocol, outside, facts.flow.destination};
    auto found = m_sessions.find(session);
    if (found == m_sessions.end())
    {
        Mapping& mapping = *FindMapping(session.protocol, outside);
        if (!StartSession(now, session, mapping, false))
        {
            return NatAnswer::Refusal(NatFault::SessionLimit);
        }
        found = m_sessions.find(session);
    }
    if (found->second.isOwn)
    {
        return NatAnswer::Refusal(NatFault::OwnPort);
    }
    Touch(now, session, found->second, Direction::Out, facts.tcpFlags);
    return TranslateTo(outside);
}

NatFlow
NatTable::InsideKey(const NatFlow& flow) const
{
    NatFlow key = flow;
    switch (m_config.mapping)
    {
    case NatBehaviour::EndpointIndependent:
        key.destination = Endpoint{{}, 0};
        break;
    case NatBehaviour::AddressDependent:
        key.destination.port = 0;
        break;
    case NatBehaviour::AddressAndPortDependent:
        break;
    }
    return key;
}

std::optional<Endpoint>
NatTable::FindOutside(const NatFlow& flow) const
{
    if (m_passThrough.Handles(flow))
    {
        const auto host = m_hosts.find(flow.source.address);
        return host == m_hosts.end() ? std::nullopt
                                     : m_passThrough.FindOutside(flow, host->second.outside);
    }
    const auto forward = m_static.find({flow.protocol, flow.source});
    if (forward != m_static.end())
    {
        return forward->second;
    }
    const auto found = m_inside.find(InsideKey(flow));
    if (found == m_inside.end())
    {
        return std::nullopt;
    }
    return found->second;
}

// In

NatAnswer
NatTable::Inbound(Instant now, const NatFacts& facts)
{
    const NatFlow session = facts.flow.Reversed();
    // A query of ICMP is for the box: its identifier has nothing to do with those of inside hosts,
    // even where it is 0 and looks like the port of the end that answers.
    const bool isQuery = session.protocol == NatProtocol::Icmp && !facts.isIcmpReply;
    const auto found = isQuery ? m_sessions.end() : m_sessions.find(session);
    if (found != m_sessions.end())
    {
        const Mapping* mapping = FindMapping(session.protocol, session.source);
        if (found->second.isOwn)
        {
            return OwnAnswer();
        }
        Touch(now, session, found->second, Direction::In, facts.tcpFlags);
        return TranslateTo(mapping->info.inside);
    }
    if (m_passThrough.Handles(facts.flow))
    {
        return m_passThrough.Inbound(now, facts);
    }
    Mapping* mapping = isQuery ? nullptr : FindMapping(session.protocol, session.source);
    if (mapping == nullptr || mapping->isOwn)
    {
        return NatAnswer::Refusal(NatFault::NoMapping);
    }
    const NatFault fault = FilterFault(session, *mapping);
    if (fault != NatFault::None)
    {
        return NatAnswer::Refusal(fault);
    }
    // What does not prolong a mapping must not keep it by a session of its own either.
    const bool leavesTrace =
        m_config.refreshesInbound || session.protocol == NatProtocol::Tcp || mapping->info.isStatic;
    if (leavesTrace)
    {
        if (!StartSession(now, session, *mapping, false))
        {
            return NatAnswer::Refusal(NatFault::SessionLimit);
        }
        Touch(now, session, m_sessions.at(session), Direction::In, facts.tcpFlags);
    }
    return TranslateTo(mapping->info.inside);
}

NatFault
NatTable::FilterFault(const NatFlow& session, const Mapping& mapping) const
{
    // An APDM mapping is for one remote, whatever the filter lets in; so is an ADM one.
    const Endpoint& only = mapping.info.remote;
    const bool isForOthers =
        !only.address.IsAny() && (only.address != session.destination.address ||
                                  (only.port != 0 && only.port != session.destination.port));
    if (mapping.info.isStatic ||
        (m_config.filtering == NatBehaviour::EndpointIndependent && !isForOthers))
    {
        return NatFault::None;
    }
    if (m_config.filtering == NatBehaviour::AddressDependent && !isForOthers)
    {
        NatFlow first = session;
        first.destination.port = 0;
        const auto known = m_sessions.lower_bound(first);
        if (known != m_sessions.end() && known->first.protocol == session.protocol &&
            known->first.source == session.source &&
            known->first.destination.address == session.destination.address)
        {
            return NatFault::None;
        }
    }
    return NatFault::Filtered;
}

NatAnswer
NatTable::FindInside(const NatFlow& flow, uint32_t spi, uint64_t cookie) const
{
    const auto session = m_sessions.find(flow);
    if (session != m_sessions.end() && session->second.isOwn)
    {
        return OwnAnswer();
    }
    if (session == m_sessions.end() && m_passThrough.Handles(flow))
    {
        const std::optional<Endpoint> inside = m_passThrough.FindInside(flow, spi, cookie);
        return inside ? TranslateTo(*inside) : NatAnswer::Refusal(NatFault::NoMapping);
    }
    const Mapping* mapping = FindMapping(flow.protocol, flow.source);
    if (mapping == nullptr || mapping->isOwn)
    {
        return NatAnswer::Refusal(NatFault::NoMapping);
    }
    return TranslateTo(mapping->info.inside);
}

bool
NatTable::IsMapped(NatProtocol protocol, const Endpoint& outside) const
{
    const Mapping* mapping = FindMapping(protocol, outside);
    return mapping != nullptr && !mapping->isOwn;
}

// Of the box itself

void
NatTable::NoteOwn(Instant now, const NatFacts& facts)
{
    const NatFlow& flow = facts.flow;
    if (facts.quoted || facts.isIcmpReply || !IsOutside(flow.source.address))
    {
        return;
    }
    const auto known = m_sessions.find(flow);
    if (known == m_sessions.end())
    {
        const OutsideKey key{flow.protocol, flow.source};
        const auto [mapping, isNew] = m_mappings.try_emplace(key);
        if (isNew)
        {
            mapping->second.isOwn = true;
            mapping->second.info.protocol = flow.protocol;
            mapping->second.info.outside = flow.source;
            PortsOf(flow.protocol, flow.source.address).Take(flow.source.port);
        }
        if (!StartSession(now, flow, mapping->second, true))
        {
            return;
        }
    }
    Session& session = m_sessions.at(flow);
    if (session.isOwn)
    {
        Touch(now, flow, session, Direction::Out, facts.tcpFlags);
    }
}

// Sessions

NatTable::Mapping*
NatTable::FindMapping(NatProtocol protocol, const Endpoint& outside)
{
    const auto found = m_mappings.find({protocol, outside});
    return found == m_mappings.end() ? nullptr : &found->second;
}

const NatTable::Mapping*
NatTable::FindMapping(NatProtocol protocol, const Endpoint& outside) const
{
    const auto found = m_mappings.find({protocol, outside});
    return found == m_mappings.end() ? nullptr : &found->second;
}

bool
NatTable::StartSession(Instant now, const NatFlow& flow, Mapping& mapping, bool isOwn)
{
    if (mapping.sessions >= m_config.maxSessionsPerMapping)
    {
        return false;
    }
    ++mapping.sessions;
    Session session;
    session.isOwn = isOwn;
    session.expires = now + Lifetime(flow.protocol, session);
    session.scheduled = session.expires;
    m_timers.emplace(session.scheduled, flow);
    m_sessions.emplace(flow, session);
    return true;
}

Duration
NatTable::Lifetime(NatProtocol protocol, const Session& session) const
{
    switch (protocol)
    {
    case NatProtocol::Icmp:
        return m_config.icmpTimeout;
    case NatProtocol::Esp:
        return m_config.espTimeout;
    case NatProtocol::Udp:
        return m_config.udpTimeout;
    case NatProtocol::Tcp:
        break;
    }
    const uint8_t both = session.flagsOut & session.flagsIn;
    const bool isOver =
        (both & TCP_FIN) != 0 || ((session.flagsOut | session.flagsIn) & TCP_RST) != 0;
    const bool isEstablished = (both & TCP_ACK) != 0 && !isOver;
    return isEstablished ? m_config.tcpEstablishedTimeout : m_config.tcpTransitoryTimeout;
}

void
NatTable::Touch(Instant now,
                const NatFlow& flow,
                Session& session,
                Direction direction,
                uint8_t tcpFlags)
{
    const bool isTcp = flow.protocol == NatProtocol::Tcp;
    if (isTcp)
    {
        const uint8_t seen = session.flagsOut | session.flagsIn;
        const bool beginsAnew = (tcpFlags & TCP_SYN) != 0 && (seen & (TCP_FIN | TCP_RST)) != 0;
        if (beginsAnew)
        {
            session.flagsOut = 0;
            session.flagsIn = 0;
        }
        (direction == Direction::Out ? session.flagsOut : session.flagsIn) |= tcpFlags;
    }
    const bool refreshes =
        direction == Direction::Out ? m_config.refreshesOutbound : m_config.refreshesInbound;
    if (!isTcp && !refreshes)
    {
        return;
    }
    session.expires = now + Lifetime(flow.protocol, session);
    if (session.expires < session.scheduled)
    {
        m_timers.erase({session.scheduled, flow});
        session.scheduled = session.expires;
        m_timers.emplace(session.scheduled, flow);
    }
}

} // namespace ipsec
} // namespace ns3
