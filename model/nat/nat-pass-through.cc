// SPDX-License-Identifier: GPL-2.0-only
#include "nat-pass-through.h"

namespace ns3
{
namespace ipsec
{

NatAnswer
NatAnswer::Refusal(NatFault fault)
{
    NatAnswer answer;
    answer.fault = fault;
    return answer;
}

NatPassThrough::NatPassThrough(const NatConfig& config)
    : m_config(config)
{
}

bool
NatPassThrough::Handles(const NatFlow& flow) const
{
    if (flow.protocol == NatProtocol::Esp)
    {
        return true;
    }
    return m_config.ike != IkePassThrough::Off && flow.protocol == NatProtocol::Udp &&
           flow.source.port == IKE_PORT && flow.destination.port == IKE_PORT;
}

uint64_t
NatPassThrough::Mark(const NatFacts& facts) const
{
    if (facts.flow.protocol == NatProtocol::Esp)
    {
        return m_config.esp == EspPassThrough::LearnSpi ? facts.spi : 0;
    }
    return m_config.ike == IkePassThrough::ByCookie ? facts.initiatorCookie : 0;
}

// Packets

NatAnswer
NatPassThrough::Outbound(Instant now, const NatFacts& facts, IpAddress outside, bool mayBegin)
{
    const NatFlow& flow = facts.flow;
    const bool isEsp = flow.protocol == NatProtocol::Esp;
    if (isEsp && m_config.esp == EspPassThrough::Off)
    {
        return NatAnswer::Refusal(NatFault::EspOff);
    }
    const NatFault busy = isEsp ? NatFault::EspBusy : NatFault::IkeBusy;
    const Pair pair{flow.protocol, outside, flow.destination.address};
    const uint64_t mark = Mark(facts);
    const auto sessions = m_pairs.find(pair);
    if (sessions != m_pairs.end())
    {
        const auto found = sessions->second.all.find(mark);
        if (found != sessions->second.all.end())
        {
            if (found->second.mapping.inside != flow.source)
            {
                return NatAnswer::Refusal(busy);
            }
            Touch(now, pair, found->second, Direction::Out);
            NatAnswer answer;
            answer.kind = NatAnswer::Kind::Translate;
            answer.to = found->second.mapping.outside;
            return answer;
        }
        // Two that wait could not be told apart by their answers.
        const std::optional<uint64_t>& waiting = sessions->second.waiting;
        if (waiting && sessions->second.all.at(*waiting).mapping.inside != flow.source)
        {
            return NatAnswer::Refusal(busy);
        }
    }
    if (!mayBegin)
    {
        return NatAnswer::Refusal(NatFault::HostLimit);
    }
    NatAnswer answer = Create(now, pair, mark, flow.source, flow.destination.port);
    if (answer.kind == NatAnswer::Kind::Translate)
    {
        answer.to = {outside, flow.source.port};
        if (isEsp && m_config.esp == EspPassThrough::LearnSpi)
        {
            m_pairs[pair].waiting = mark;
        }
    }
    return answer;
}

NatAnswer
NatPassThrough::Inbound(Instant now, const NatFacts& facts)
{
    const NatFlow& flow = facts.flow;
    const Pair pair{flow.protocol, flow.destination.address, flow.source.address};
    const auto found = m_pairs.find(pair);
    if (found == m_pairs.end())
    {
        return NatAnswer::Refusal(NatFault::NoMapping);
    }
    Session* session = FindIn(found->second, facts);
    if (session == nullptr)
    {
        return NatAnswer::Refusal(NatFault::NoMapping);
    }
    Touch(now, pair, *session, Direction::In);
    NatAnswer answer;
    answer.kind = NatAnswer::Kind::Translate;
    answer.to = session->mapping.inside;
    return answer;
}

NatPassThrough::Session*
NatPassThrough::FindIn(Sessions& sessions, const NatFacts& facts) const
{
    if (facts.flow.protocol == NatProtocol::Esp && m_config.esp == EspPassThrough::LearnSpi)
    {
        if (Session* learnt = Learn(sessions, facts.spi))
        {
            return learnt;
        }
    }
    else
    {
        const auto known = sessions.all.find(Mark(facts));
        if (known != sessions.all.end())
        {
            return &known->second;
        }
    }
    // Something that the remote began: only with a single inside host it is clear whose it is. A
    // session begins with that host's answer, or any remote could begin them without end.
    return sessions.hosts.size() == 1 ? &sessions.all.begin()->second : nullptr;
}

NatPassThrough::Session*
NatPassThrough::Learn(Sessions& sessions, uint32_t spi)
{
    auto learnt = sessions.learnt.find(spi);
    if (learnt == sessions.learnt.end() && sessions.waiting)
    {
        const uint64_t mark = *sessions.waiting;
        sessions.waiting.reset();
        sessions.all.at(mark).spiIn = spi;
        learnt = sessions.learnt.emplace(spi, mark).first;
    }
    return learnt == sessions.learnt.end() ? nullptr : &sessions.all.at(learnt->second);
}

NatAnswer
NatPassThrough::Create(Instant now,
                       const Pair& pair,
                       uint64_t mark,
                       const Endpoint& inside,
                       uint16_t port)
{
    if (m_size >= m_config.maxMappings)
    {
        return NatAnswer::Refusal(NatFault::MappingLimit);
    }
    const auto& [protocol, outside, remote] = pair;
    Sessions& sessions = m_pairs[pair];
    Session& session = sessions.all[mark];
    session.mapping.protocol = protocol;
    session.mapping.inside = inside;
    session.mapping.outside = {outside, inside.port};
    session.mapping.remote = {remote, port};
    session.mapping.created = now;
    ++sessions.hosts[inside.address];
    ++m_size;
    session.expires =
        now + (protocol == NatProtocol::Esp ? m_config.espTimeout : m_config.udpTimeout);
    session.scheduled = session.expires;
    m_timers.emplace(session.scheduled, pair, mark);
    NatAnswer answer;
    answer.kind = NatAnswer::Kind::Translate;
    answer.events.push_back({NatEvent::Kind::Created, session.mapping, NatEnd::Timeout});
    return answer;
}

void
NatPassThrough::Touch(Instant now, const Pair& pair, Session& session, Direction direction) const
{
    const bool refreshes =
        direction == Direction::Out ? m_config.refreshesOutbound : m_config.refreshesInbound;
    if (refreshes)
    {
        const bool isEsp = std::get<0>(pair) == NatProtocol::Esp;
        session.expires = now + (isEsp ? m_config.espTimeout : m_config.udpTimeout);
    }
}

// What errors quote

std::optional<Endpoint>
NatPassThrough::FindOutside(const NatFlow& flow, IpAddress outside) const
{
    const auto found = m_pairs.find({flow.protocol, outside, flow.destination.address});
    if (found == m_pairs.end() || found->second.hosts.count(flow.source.address) == 0)
    {
        return std::nullopt;
    }
    return Endpoint{outside, flow.source.port};
}

std::optional<Endpoint>
NatPassThrough::FindInside(const NatFlow& flow, uint32_t spi, uint64_t cookie) const
{
    const auto found = m_pairs.find({flow.protocol, flow.source.address, flow.destination.address});
    if (found == m_pairs.end())
    {
        return std::nullopt;
    }
    const Sessions& sessions = found->second;
    NatFacts facts;
    facts.flow = flow;
    facts.spi = spi;
    facts.initiatorCookie = cookie;
    auto session = sessions.all.find(Mark(facts));
    if (session == sessions.all.end() && sessions.hosts.size() == 1)
    {
        session = sessions.all.begin();
    }
    if (session == sessions.all.end())
    {
        return std::nullopt;
    }
    return session->second.mapping.inside;
}

// Ends

NatEvents
NatPassThrough::Expire(Instant now)
{
    NatEvents events;
    while (!m_timers.empty() && std::get<0>(*m_timers.begin()) <= now)
    {
        const auto [due, pair, mark] = *m_timers.begin();
        Session& session = m_pairs.at(pair).all.at(mark);
        if (session.expires > now)
        {
            m_timers.erase(m_timers.begin());
            session.scheduled = session.expires;
            m_timers.emplace(session.scheduled, pair, mark);
        }
        else
        {
            events.push_back(Remove(pair, mark, NatEnd::Timeout));
        }
    }
    return events;
}

std::optional<Instant>
NatPassThrough::NextDeadline() const
{
    if (m_timers.empty())
    {
        return std::nullopt;
    }
    return std::get<0>(*m_timers.begin());
}

NatEvents
NatPassThrough::End(std::optional<IpAddress> outside, NatEnd reason)
{
    std::vector<std::pair<Pair, uint64_t>> over;
    for (const auto& [pair, sessions] : m_pairs)
    {
        for (const auto& [mark, session] : sessions.all)
        {
            if (!outside || session.mapping.outside.address == *outside)
            {
                over.emplace_back(pair, mark);
            }
        }
    }
    NatEvents events;
    for (const auto& [pair, mark] : over)
    {
        events.push_back(Remove(pair, mark, reason));
    }
    return events;
}

NatEvent
NatPassThrough::Remove(const Pair& pair, uint64_t mark, NatEnd reason)
{
    Sessions& sessions = m_pairs.at(pair);
    const Session session = sessions.all.at(mark);
    m_timers.erase({session.scheduled, pair, mark});
    sessions.all.erase(mark);
    --m_size;
    if (session.spiIn)
    {
        sessions.learnt.erase(*session.spiIn);
    }
    if (sessions.waiting == mark)
    {
        sessions.waiting.reset();
    }
    const auto host = sessions.hosts.find(session.mapping.inside.address);
    if (--host->second == 0)
    {
        sessions.hosts.erase(host);
    }
    if (sessions.all.empty())
    {
        m_pairs.erase(pair);
    }
    return NatEvent{NatEvent::Kind::Expired, session.mapping, reason};
}

size_t
NatPassThrough::size() const
{
    return m_size;
}

std::vector<NatMapping>
NatPassThrough::Mappings() const
{
    std::vector<NatMapping> mappings;
    for (const auto& [pair, sessions] : m_pairs)
    {
        for (const auto& [mark, session] : sessions.all)
        {
            mappings.push_back(session.mapping);
        }
    }
    return mappings;
}

} // namespace ipsec
} // namespace ns3
