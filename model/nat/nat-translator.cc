// SPDX-License-Identifier: GPL-2.0-only
#include "nat-translator.h"

#include "nat-rewrite.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Far from where the stack of the box begins, which sends from the same addresses.
constexpr uint16_t FIRST_IDENTIFICATION = 0x8000;

NatOutcome
Dropped(NatFault fault)
{
    NatOutcome outcome;
    outcome.fault = fault;
    return outcome;
}

/// For the box itself; a fault if it ought to look whether it listens there.
NatOutcome
Own(NatFault fault)
{
    NatOutcome outcome;
    outcome.kind = NatOutcome::Kind::Own;
    outcome.fault = fault;
    return outcome;
}

NatOutcome
Forwarded(NatEvents events)
{
    NatOutcome outcome;
    outcome.kind = NatOutcome::Kind::Forward;
    outcome.events = std::move(events);
    return outcome;
}

/// Tells whether no host sends from an address: none, a loopback, a group (RFC 1812 section 5.3.7).
bool
IsMartian(IpAddress source)
{
    const uint32_t first = source.value >> 24;
    return first == 0 || first == 127 || first >= 224;
}

NatFault
FaultOf(NatReading reading)
{
    switch (reading)
    {
    case NatReading::Ok:
        return NatFault::None;
    case NatReading::Malformed:
        return NatFault::Malformed;
    case NatReading::Unknown:
        return NatFault::Unsupported;
    case NatReading::BadQuotation:
        return NatFault::BadQuotation;
    }
    return NatFault::None;
}

/// Makes of what became of a first fragment what is to become of the others.
NatDecision
DecisionOf(const NatOutcome& outcome, const NatPacket& packet)
{
    NatDecision decision;
    decision.fault = outcome.fault;
    decision.source = packet.source;
    decision.destination = packet.destination;
    decision.identification = packet.identification;
    if (outcome.kind == NatOutcome::Kind::Forward)
    {
        decision.kind = NatDecision::Kind::Translate;
    }
    else if (outcome.kind == NatOutcome::Kind::Own)
    {
        decision.kind = NatDecision::Kind::Own;
    }
    return decision;
}

/// Does to a later fragment what was decided for the first one.
void
Follow(const NatDecision& decision, NatPacket fragment, NatOutcome& outcome)
{
    if (decision.kind == NatDecision::Kind::Drop)
    {
        outcome.lost.push_back({fragment.ticket, decision.fault});
        return;
    }
    if (decision.kind == NatDecision::Kind::Translate)
    {
        fragment.source = decision.source;
        fragment.destination = decision.destination;
        fragment.identification = decision.identification;
    }
    outcome.packets.push_back(std::move(fragment));
}

} // namespace

NatTranslator::NatTranslator(const NatConfig& config)
    : m_table(config)
    , m_fragments(config)
    , m_identification(FIRST_IDENTIFICATION)
{
}

NatTable&
NatTranslator::Table()
{
    return m_table;
}

const NatTable&
NatTranslator::Table() const
{
    return m_table;
}

NatOutcome
NatTranslator::FromInside(Instant now, NatPacket packet, RandomSource& random)
{
    return Translate(now, std::move(packet), From::Inside, &random);
}

NatOutcome
NatTranslator::FromOutside(Instant now, NatPacket packet)
{
    return Translate(now, std::move(packet), From::Outside, nullptr);
}

// Fragments

NatOutcome
NatTranslator::Translate(Instant now, NatPacket packet, From from, RandomSource* random)
{
    if (packet.fragmentOffset > 0)
    {
        return TranslateLater(now, std::move(packet));
    }
    const NatPacket first = packet;
    NatOutcome outcome = Decide(now, packet, from, random);
    if (packet.IsFragment())
    {
        if (const std::optional<NatDecision> known = m_fragments.Decision(first))
        {
            // A copy: what passed already and what is still to come must stay one datagram.
            packet.identification = known->identification;
        }
        const NatDecision decision = DecisionOf(outcome, packet);
        for (NatPacket& fragment : m_fragments.Decide(now, first, decision))
        {
            Follow(decision, std::move(fragment), outcome);
        }
    }
    if (outcome.kind != NatOutcome::Kind::Drop)
    {
        outcome.packets.insert(outcome.packets.begin(), std::move(packet));
    }
    return outcome;
}

NatOutcome
NatTranslator::TranslateLater(Instant now, NatPacket fragment)
{
    NatOutcome outcome;
    const std::optional<NatDecision> decision = m_fragments.Find(fragment);
    if (!decision)
    {
        outcome.fault = m_fragments.Hold(now, std::move(fragment));
        const bool waits = outcome.fault == NatFault::None;
        outcome.kind = waits ? NatOutcome::Kind::Hold : NatOutcome::Kind::Drop;
        return outcome;
    }
    outcome.fault = decision->fault;
    if (decision->kind == NatDecision::Kind::Drop)
    {
        return outcome;
    }
    outcome.kind = decision->kind == NatDecision::Kind::Own ? NatOutcome::Kind::Own
                                                            : NatOutcome::Kind::Forward;
    Follow(*decision, std::move(fragment), outcome);
    return outcome;
}

// Packets with a transport header

NatOutcome
NatTranslator::Decide(Instant now, NatPacket& packet, From from, RandomSource* random)
{
    if (from == From::Inside && IsMartian(packet.source))
    {
        return Dropped(NatFault::Malformed);
    }
    NatFacts facts;
    const NatReading reading = ReadNatFacts(packet, m_table.Config().hasChecksums, facts);
    const bool isToBox = m_table.IsOutside(packet.destination);
    if (reading == NatReading::Unknown && isToBox)
    {
        return Own(NatFault::Unsupported);
    }
    if (reading != NatReading::Ok)
    {
        return Dropped(FaultOf(reading));
    }
    if (from == From::Outside)
    {
        return facts.quoted ? DecideErrorIn(packet, facts) : DecideIn(now, packet, facts);
    }
    NatOutcome outcome;
    if (facts.quoted)
    {
        outcome = DecideErrorOut(packet, facts);
    }
    else
    {
        outcome = isToBox ? DecideHairpin(now, packet, facts, *random)
                          : DecideOut(now, packet, facts, *random);
    }
    if (outcome.kind == NatOutcome::Kind::Forward)
    {
        // Inside hosts number their packets independently, and outside they are one sender (RFC
        // 6864 section 5.3.1).
        packet.identification = m_identification++;
    }
    return outcome;
}

NatOutcome
NatTranslator::DecideOut(Instant now,
                         NatPacket& packet,
                         const NatFacts& facts,
                         RandomSource& random)
{
    NatAnswer answer = m_table.Outbound(now, facts, random);
    if (answer.kind != NatAnswer::Kind::Translate)
    {
        return Dropped(answer.fault);
    }
    TranslateSource(packet, answer.to, m_table.Config().hasChecksums);
    return Forwarded(std::move(answer.events));
}

NatOutcome
NatTranslator::DecideIn(Instant now, NatPacket& packet, const NatFacts& facts)
{
    NatAnswer answer = m_table.Inbound(now, facts);
    if (answer.kind == NatAnswer::Kind::Translate)
    {
        TranslateDestination(packet, answer.to, m_table.Config().hasChecksums);
        return Forwarded(std::move(answer.events));
    }
    const bool isForNobody = answer.kind == NatAnswer::Kind::Own ||
                             answer.fault == NatFault::NoMapping ||
                             answer.fault == NatFault::Filtered;
    return isForNobody ? Own(answer.fault) : Dropped(answer.fault);
}

NatOutcome
NatTranslator::DecideHairpin(Instant now,
                             NatPacket& packet,
                             const NatFacts& facts,
                             RandomSource& random)
{
    if (!m_table.IsMapped(facts.flow.protocol, facts.flow.destination) ||
        facts.flow.protocol == NatProtocol::Icmp)
    {
        return Own(NatFault::None);
    }
    if (!m_table.Config().hairpins)
    {
        return Dropped(NatFault::HairpinOff);
    }
    NatAnswer out = m_table.Outbound(now, facts, random);
    if (out.kind != NatAnswer::Kind::Translate)
    {
        return Dropped(out.fault);
    }
    // The other host sees the outside endpoint (RFC 4787 REQ-9a), and its filter, too.
    NatFacts back = facts;
    back.flow.source = out.to;
    NatAnswer in = m_table.Inbound(now, back);
    out.events.insert(out.events.end(), in.events.begin(), in.events.end());
    NatOutcome outcome = Forwarded(std::move(out.events));
    if (in.kind != NatAnswer::Kind::Translate)
    {
        const bool isOwn = in.kind == NatAnswer::Kind::Own;
        outcome.kind = NatOutcome::Kind::Drop;
        outcome.fault = isOwn ? NatFault::OwnPort : in.fault;
        return outcome;
    }
    TranslateSource(packet, out.to, m_table.Config().hasChecksums);
    TranslateDestination(packet, in.to, m_table.Config().hasChecksums);
    return outcome;
}

// Errors of ICMP (RFC 5508 section 4)

NatOutcome
NatTranslator::DecideErrorOut(NatPacket& packet, const NatFacts& facts)
{
    const bool hasChecksums = m_table.Config().hasChecksums;
    const bool isToBox = m_table.IsOutside(packet.destination);
    const std::optional<Endpoint> outside = m_table.FindOutside(facts.quoted->Reversed());
    if (!outside)
    {
        return isToBox ? Own(NatFault::None) : Dropped(NatFault::NoMapping);
    }
    if (isToBox)
    {
        // About a packet that another inside host sent to an outside endpoint.
        const NatFlow hairpin{facts.quoted->protocol, facts.quoted->source, *outside};
        const NatAnswer sender = m_table.FindInside(hairpin, 0, 0);
        if (sender.kind != NatAnswer::Kind::Translate)
        {
            return Own(NatFault::None);
        }
        TranslateQuotedSource(packet, sender.to, hasChecksums);
        packet.destination = sender.to.address;
    }
    TranslateQuotedDestination(packet, *outside, hasChecksums);
    packet.source = outside->address;
    return Forwarded({});
}

NatOutcome
NatTranslator::DecideErrorIn(NatPacket& packet, const NatFacts& facts)
{
    const NatAnswer sender = m_table.FindInside(*facts.quoted, facts.quotedSpi, facts.quotedCookie);
    if (sender.kind != NatAnswer::Kind::Translate)
    {
        return Own(sender.fault);
    }
    TranslateQuotedSource(packet, sender.to, m_table.Config().hasChecksums);
    packet.destination = sender.to.address;
    return Forwarded({});
}

// Of the box itself, and time

void
NatTranslator::NoteOwn(Instant now, const NatPacket& packet)
{
    NatFacts facts;
    if (packet.fragmentOffset == 0 &&
        ReadNatFacts(packet, m_table.Config().hasChecksums, facts) == NatReading::Ok)
    {
        m_table.NoteOwn(now, facts);
    }
}

NatOutcome
NatTranslator::Expire(Instant now)
{
    NatOutcome outcome;
    outcome.events = m_table.Expire(now);
    for (const NatPacket& fragment : m_fragments.Expire(now))
    {
        outcome.lost.push_back({fragment.ticket, NatFault::FragmentTimeout});
    }
    return outcome;
}

std::optional<Instant>
NatTranslator::NextDeadline() const
{
    const std::optional<Instant> mapping = m_table.NextDeadline();
    const std::optional<Instant> fragment = m_fragments.NextDeadline();
    if (!mapping || !fragment)
    {
        return mapping ? mapping : fragment;
    }
    return std::min(*mapping, *fragment);
}

NatOutcome
NatTranslator::Reboot(Instant now)
{
    const NatConfig same = m_table.Config();
    return Reboot(now, same);
}

NatOutcome
NatTranslator::Reboot(Instant now, const NatConfig& config)
{
    NatOutcome outcome;
    outcome.events = m_table.Reboot(now, config);
    for (const NatPacket& fragment : m_fragments.Clear())
    {
        outcome.lost.push_back({fragment.ticket, NatFault::Down});
    }
    m_fragments = NatFragments(config);
    return outcome;
}

} // namespace ipsec
} // namespace ns3
