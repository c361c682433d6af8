// SPDX-License-Identifier: GPL-2.0-only
#include "nat-fragments.h"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace ns3
{
namespace ipsec
{

bool
NatFragments::Key::operator<(const Key& other) const
{
    return std::tie(source, destination, protocol, identification) <
           std::tie(other.source, other.destination, other.protocol, other.identification);
}

NatFragments::NatFragments(const NatConfig& config)
    : m_config(config)
{
}

std::optional<NatDecision>
NatFragments::Find(const NatPacket& fragment)
{
    const Key key = KeyOf(fragment);
    const auto found = m_datagrams.find(key);
    if (found == m_datagrams.end() || !found->second.decision)
    {
        return std::nullopt;
    }
    const NatDecision decision = *found->second.decision;
    Pass(key, fragment);
    return decision;
}

std::optional<NatDecision>
NatFragments::Decision(const NatPacket& first) const
{
    const auto found = m_datagrams.find(KeyOf(first));
    return found == m_datagrams.end() ? std::nullopt : found->second.decision;
}

NatFault
NatFragments::Hold(Instant now, NatPacket fragment)
{
    if (m_held >= m_config.maxHeldFragments)
    {
        return NatFault::FragmentLimit;
    }
    Datagram* datagram = Obtain(now, KeyOf(fragment));
    if (datagram == nullptr)
    {
        return NatFault::FragmentLimit;
    }
    datagram->held.push_back(std::move(fragment));
    ++m_held;
    return NatFault::None;
}

std::vector<NatPacket>
NatFragments::Decide(Instant now, const NatPacket& first, const NatDecision& decision)
{
    const Key key = KeyOf(first);
    Datagram* datagram = Obtain(now, key);
    if (datagram == nullptr)
    {
        // The first one goes its way; the others will find no room to wait.
        return {};
    }
    std::vector<NatPacket> held;
    held.swap(datagram->held);
    m_held -= held.size();
    std::stable_sort(held.begin(),
                     held.end(),
                     [](const NatPacket& a, const NatPacket& b)
                     { return a.fragmentOffset < b.fragmentOffset; });
    datagram->decision = decision;
    if (decision.fault == NatFault::None)
    {
        m_refused.erase({datagram->ends, key});
    }
    else
    {
        m_refused.emplace(datagram->ends, key);
    }
    datagram->passed.clear();
    datagram->total = 0;
    Pass(key, first);
    for (const NatPacket& fragment : held)
    {
        Pass(key, fragment);
    }
    return held;
}

std::vector<NatPacket>
NatFragments::Expire(Instant now)
{
    std::vector<NatPacket> lost;
    while (!m_timers.empty() && m_timers.begin()->first <= now)
    {
        const Key key = m_timers.begin()->second;
        std::vector<NatPacket>& held = m_datagrams.at(key).held;
        lost.insert(lost.end(), held.begin(), held.end());
        Forget(key);
    }
    return lost;
}

std::optional<Instant>
NatFragments::NextDeadline() const
{
    if (m_timers.empty())
    {
        return std::nullopt;
    }
    return m_timers.begin()->first;
}

std::vector<NatPacket>
NatFragments::Clear()
{
    return Expire(Instant::max());
}

NatFragments::Key
NatFragments::KeyOf(const NatPacket& fragment)
{
    return Key{fragment.source, fragment.destination, fragment.protocol, fragment.identification};
}

NatFragments::Datagram*
NatFragments::Obtain(Instant now, const Key& key)
{
    const auto known = m_datagrams.find(key);
    if (known != m_datagrams.end())
    {
        return &known->second;
    }
    if (m_datagrams.size() >= m_config.maxFragmented && !m_refused.empty())
    {
        // Anybody outside can send what is refused, and must not crowd out what is not.
        const Key oldest = m_refused.begin()->second;
        Forget(oldest);
    }
    if (m_datagrams.size() >= m_config.maxFragmented)
    {
        return nullptr;
    }
    Datagram& datagram = m_datagrams[key];
    datagram.ends = now + m_config.fragmentTimeout;
    m_timers.emplace(datagram.ends, key);
    return &datagram;
}

void
NatFragments::Pass(const Key& key, const NatPacket& fragment)
{
    const auto found = m_datagrams.find(key);
    if (found == m_datagrams.end())
    {
        return;
    }
    Datagram& datagram = found->second;
    const auto octets = static_cast<uint32_t>(fragment.payload.size());
    const uint32_t end = fragment.fragmentOffset + octets;
    Cover(datagram.passed, fragment.fragmentOffset, end);
    if (!fragment.hasMoreFragments)
    {
        datagram.total = end;
    }
    const auto first = datagram.passed.begin();
    if (datagram.total > 0 && first->first == 0 && first->second >= datagram.total)
    {
        Forget(key);
    }
}

void
NatFragments::Cover(std::map<uint32_t, uint32_t>& passed, uint32_t begin, uint32_t end)
{
    auto range = passed.upper_bound(begin);
    if (range != passed.begin() && std::prev(range)->second >= begin)
    {
        --range;
    }
    while (range != passed.end() && range->first <= end)
    {
        begin = std::min(begin, range->first);
        end = std::max(end, range->second);
        range = passed.erase(range);
    }
    passed.emplace(begin, end);
}

void
NatFragments::Forget(const Key& key)
{
    const auto found = m_datagrams.find(key);
    m_held -= found->second.held.size();
    m_timers.erase({found->second.ends, key});
    m_refused.erase({found->second.ends, key});
    m_datagrams.erase(found);
}

} // namespace ipsec
} // namespace ns3
