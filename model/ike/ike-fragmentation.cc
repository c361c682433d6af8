// SPDX-License-Identifier: GPL-2.0-only
#include "ike-fragmentation.h"

#include "ike-exchange.h"

#include "ns3/esp-header.h"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <tuple>

namespace ns3
{
namespace ipsec
{

namespace
{

/// IPv4 without options, then UDP.
constexpr size_t IP_AND_UDP_OCTETS = 20 + 8;
/// In front of a fragment's data.
constexpr size_t HEADERS_OCTETS =
    ISAKMP_HEADER_OCTETS + GENERIC_HEADER_OCTETS + FRAGMENT_PREFIX_OCTETS;
/// strongSwan, libreswan and racoon send no other, so every receiver knows how to live with it.
constexpr uint16_t FRAGMENT_ID = 1;

/// Makes the datagram of one fragment.
Octets
WriteFragment(IsakmpHeader header, const FragmentPayload& fragment)
{
    header.nextPayload = PayloadType::Fragment;
    header.flags = 0;
    // As strongSwan and racoon do it; the message has its own ID inside.
    header.messageId = 0;
    return WriteIsakmpMessage(
        header, WritePayloadChain({{PayloadType::Fragment, WriteFragmentPayload(fragment)}}));
}

/// Appends the fragments of one Transmit, or itself.
void
AppendSplit(const Transmit& transmit, std::vector<Effect>& list)
{
    const std::vector<Octets> parts =
        SplitMessage(transmit.datagram, *transmit.fragmentation, transmit.local);
    for (size_t i = 0; i < parts.size(); i++)
    {
        Transmit part{transmit.local, transmit.remote, parts[i], transmit.summary};
        if (parts.size() > 1)
        {
            part.summary.fragment = static_cast<uint8_t>(i + 1);
            part.summary.fragments = static_cast<uint8_t>(parts.size());
            part.summary.octets = parts[i].size();
        }
        if (!part.summary.EndsMessage())
        {
            part.summary.payloads.clear();
        }
        list.push_back(std::move(part));
    }
}

/// Tells whether joined fragments are a message of the IKE SA under which they came.
bool
IsWholeMessage(OctetView joined, const IsakmpHeader& ofFragment)
{
    const Result<IsakmpHeader> header = ParseIsakmpHeader(joined);
    return header && header->initiatorCookie == ofFragment.initiatorCookie &&
           header->responderCookie == ofFragment.responderCookie &&
           header->nextPayload != PayloadType::Fragment;
}

Reassembly::Outcome
Refused(Fault fault)
{
    Reassembly::Outcome outcome;
    outcome.refusal = fault;
    return outcome;
}

} // namespace

std::vector<Octets>
SplitMessage(OctetView message, const Fragmentation& how, const Endpoint& local)
{
    const size_t marker = local.port == NATT_PORT ? NON_ESP_MARKER.size() : 0;
    const size_t outside = IP_AND_UDP_OCTETS + marker;
    assert(how.packetOctets > outside + HEADERS_OCTETS);
    const size_t most = how.packetOctets - outside - HEADERS_OCTETS;
    const size_t count = (message.size() + most - 1) / most;
    if (outside + message.size() <= how.packetOctets || count > MAX_FRAGMENTS)
    {
        return {message.Copy()};
    }
    Result<IsakmpHeader> header = ParseIsakmpHeader(message);
    assert(header);
    header->exchange = how.exchange;
    std::vector<Octets> parts;
    for (size_t i = 0; i < count; i++)
    {
        const OctetView data = message.From(i * most).First(most);
        parts.push_back(WriteFragment(
            *header, {FRAGMENT_ID, static_cast<uint8_t>(i + 1), i + 1 == count, data.Copy()}));
    }
    return parts;
}

void
SplitTransmits(Effects& effects)
{
    const auto asksForFragments = [](const Effect& effect)
    {
        const auto* transmit = std::get_if<Transmit>(&effect);
        return transmit && transmit->fragmentation;
    };
    if (std::none_of(effects.list.begin(), effects.list.end(), asksForFragments))
    {
        return;
    }
    std::vector<Effect> list;
    for (Effect& effect : effects.list)
    {
        if (asksForFragments(effect))
        {
            AppendSplit(std::get<Transmit>(effect), list);
        }
        else
        {
            list.push_back(std::move(effect));
        }
    }
    effects.list = std::move(list);
}

std::optional<MessageSummary>
SummariseUnread(OctetView datagram)
{
    const Result<IsakmpHeader> header = ParseIsakmpHeader(datagram);
    if (!header)
    {
        return std::nullopt;
    }
    MessageSummary summary = Summarise(*header, datagram.size(), nullptr);
    if (header->nextPayload == PayloadType::Fragment)
    {
        const Result<FragmentPayload> fragment = ReadFragment(*header, datagram);
        summary.fragment = fragment ? fragment->number : 0;
    }
    return summary;
}

Result<FragmentPayload>
ReadFragment(const IsakmpHeader& header, OctetView datagram)
{
    // The encryption flag says nothing here: racoon sets it, and still it is not encrypted.
    const OctetView body = datagram.From(ISAKMP_HEADER_OCTETS);
    const Result<PayloadChain> chain = ParsePayloadChain(header.nextPayload, body);
    if (!chain)
    {
        return chain.GetFault();
    }
    if (chain->payloads.size() != 1 || chain->octets != body.size() ||
        chain->payloads[0].type != PayloadType::Fragment)
    {
        return Fault::FragmentRefused;
    }
    return ParseFragmentPayload(chain->payloads[0].body);
}

Reassembly::Outcome
Reassembly::Take(Instant now,
                 const Origin& origin,
                 const IsakmpHeader& header,
                 const FragmentPayload& fragment)
{
    const Key key{origin.payer,
                  origin.ikeSa,
                  origin.remote,
                  header.responderCookie,
                  header.exchange,
                  header.messageId,
                  fragment.id};
    auto found = m_sets.find(key);
    if (found != m_sets.end() && found->second.isComplete)
    {
        if (found->second.Holds(fragment))
        {
            return TakeAgain(found->second, fragment);
        }
        // The peer went on to its next message and gave it the same ID.
        Remove(key);
        found = m_sets.end();
    }
    const bool isKnown = found != m_sets.end();
    if (fragment.number == 0 || (isKnown && found->second.Contradicts(fragment)))
    {
        Remove(key);
        return Refused(Fault::FragmentRefused);
    }
    if (isKnown && found->second.Holds(fragment))
    {
        return Refused(Fault::Duplicate);
    }
    if (isKnown && found->second.octets + fragment.data.size() > MAX_OCTETS)
    {
        Remove(key);
        return Refused(Fault::FragmentLimit);
    }
    return Add(now, key, header, fragment);
}

void
Reassembly::Forget(uint64_t ikeSa, IpAddress payer)
{
    Key first;
    first.payer = payer;
    first.ikeSa = ikeSa;
    auto next = m_sets.lower_bound(first);
    while (next != m_sets.end() && next->first.payer == payer && next->first.ikeSa == ikeSa)
    {
        const Key key = next->first;
        next++;
        Remove(key);
    }
}

std::vector<Reassembly::Origin>
Reassembly::Expire(Instant now)
{
    std::vector<Origin> incomplete;
    while (!m_deadlines.empty() && m_deadlines.begin()->first <= now)
    {
        const Key key = m_deadlines.begin()->second;
        if (!m_sets.at(key).isComplete)
        {
            incomplete.push_back({key.ikeSa, key.payer, key.remote});
        }
        Remove(key);
    }
    return incomplete;
}

std::optional<Instant>
Reassembly::NextDeadline() const
{
    return m_deadlines.empty() ? std::nullopt : std::make_optional(m_deadlines.begin()->first);
}

size_t
Reassembly::Sets(IpAddress payer) const
{
    const auto held = m_held.find(payer);
    return held == m_held.end() ? 0 : held->second.sets;
}

size_t
Reassembly::OctetsHeld(IpAddress payer) const
{
    const auto held = m_held.find(payer);
    return held == m_held.end() ? 0 : held->second.octets;
}

bool
Reassembly::Key::operator<(const Key& other) const
{
    const auto fields = [](const Key& key)
    {
        return std::tie(key.payer,
                        key.ikeSa,
                        key.remote,
                        key.responderCookie,
                        key.exchange,
                        key.messageId,
                        key.id);
    };
    return fields(*this) < fields(other);
}

bool
Reassembly::Set::Holds(const FragmentPayload& fragment) const
{
    const auto part = parts.find(fragment.number);
    return part != parts.end() && part->second == fragment.data &&
           fragment.isLast == (fragment.number == last);
}

bool
Reassembly::Set::Contradicts(const FragmentPayload& fragment) const
{
    if (parts.count(fragment.number) > 0)
    {
        return !Holds(fragment);
    }
    if (last != 0)
    {
        return fragment.isLast || fragment.number > last;
    }
    return fragment.isLast && parts.rbegin()->first > fragment.number;
}

Octets
Reassembly::Set::Join() const
{
    Octets joined;
    joined.reserve(octets);
    for (const auto& [number, data] : parts)
    {
        joined.insert(joined.end(), data.begin(), data.end());
    }
    return joined;
}

Reassembly::Outcome
Reassembly::TakeAgain(Set& set, const FragmentPayload& fragment)
{
    if (set.again[fragment.number])
    {
        return Refused(Fault::Duplicate);
    }
    Outcome outcome;
    outcome.fragments = set.last;
    set.again.set(fragment.number);
    if (set.again.count() == set.last)
    {
        set.again.reset();
        outcome.whole = set.Join();
    }
    return outcome;
}

Reassembly::Outcome
Reassembly::Add(Instant now,
                const Key& key,
                const IsakmpHeader& header,
                const FragmentPayload& fragment)
{
    Outcome outcome;
    const bool isNew = m_sets.count(key) == 0;
    outcome.pushedOut = MakeRoom(key, isNew ? 1 : 0, fragment.data.size());
    Set& set = m_sets[key];
    Held& held = m_held[key.payer];
    if (isNew)
    {
        set.deadline = now + TIMEOUT;
        m_deadlines.insert({set.deadline, key});
        held.sets++;
    }
    set.parts.emplace(fragment.number, fragment.data);
    set.octets += fragment.data.size();
    held.octets += fragment.data.size();
    if (fragment.isLast)
    {
        set.last = fragment.number;
    }
    outcome.fragments = set.last;
    // No number is above the last one, so that many are all of them.
    if (set.parts.size() != set.last)
    {
        return outcome;
    }
    Octets joined = set.Join();
    if (!IsWholeMessage(joined, header))
    {
        Remove(key);
        outcome.refusal = Fault::FragmentRefused;
        return outcome;
    }
    set.isComplete = true;
    outcome.whole = std::move(joined);
    return outcome;
}

size_t
Reassembly::MakeRoom(const Key& key, size_t sets, size_t octets)
{
    size_t incomplete = 0;
    while (Sets(key.payer) + sets > MAX_SETS || OctetsHeld(key.payer) + octets > MAX_OCTETS)
    {
        Key from;
        from.payer = key.payer;
        auto oldest = m_sets.end();
        // Complete ones first: they are kept for comfort only.
        const auto order = [](const Set& set) { return std::pair(!set.isComplete, set.deadline); };
        for (auto it = m_sets.lower_bound(from); it != m_sets.end() && it->first.payer == key.payer;
             it++)
        {
            const bool isSpared = !(it->first < key) && !(key < it->first);
            if (!isSpared && (oldest == m_sets.end() || order(it->second) < order(oldest->second)))
            {
                oldest = it;
            }
        }
        incomplete += oldest->second.isComplete ? 0 : 1;
        const Key gone = oldest->first;
        Remove(gone);
    }
    return incomplete;
}

void
Reassembly::Remove(const Key& key)
{
    const auto found = m_sets.find(key);
    if (found == m_sets.end())
    {
        return;
    }
    const auto held = m_held.find(key.payer);
    held->second.sets--;
    held->second.octets -= found->second.octets;
    if (held->second.sets == 0)
    {
        m_held.erase(held);
    }
    m_deadlines.erase({found->second.deadline, key});
    m_sets.erase(found);
}

} // namespace ipsec
} // namespace ns3
