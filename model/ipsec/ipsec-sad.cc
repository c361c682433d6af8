// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-sad.h"

#include <algorithm>
#include <cassert>

namespace ns3
{
namespace ipsec
{

namespace
{

uint64_t
InboundName(ProtocolId protocol, uint32_t spi)
{
    return static_cast<uint64_t>(protocol) << 32 | spi;
}

} // namespace

bool
LeadsItsTraffic(const IpsecSa& sa)
{
    return sa.bundledSpi == 0 || sa.protocol == ProtocolId::Esp;
}

size_t
Sad::LaneHash::operator()(const Lane& lane) const
{
    const uint64_t child = static_cast<uint64_t>(lane.child.peer) << 32 | lane.child.child;
    return std::hash<uint64_t>()(child << 1 | (lane.direction == SaDirection::Outbound ? 1 : 0));
}

Sad::Sad()
{
    StartSmall(m_inbound);
    StartSmall(m_lanes);
}

Sad::Sad(const Sad& other)
    : Sad()
{
    m_entries = other.m_entries;
    m_deadlines = other.m_deadlines;
    // Lane by lane, because the order within a lane says which SA is the newest.
    for (const auto& [lane, entries] : other.m_lanes)
    {
        for (const SaEntry* entry : entries)
        {
            Index(m_entries.at(entry->key));
        }
    }
}

Sad&
Sad::operator=(Sad other)
{
    m_entries.swap(other.m_entries);
    m_inbound.swap(other.m_inbound);
    m_lanes.swap(other.m_lanes);
    m_deadlines.swap(other.m_deadlines);
    return *this;
}

SaEntry&
Sad::Add(const IpsecSa& sa, Instant now)
{
    const SaKey key = sa.Key();
    Remove(key);
    SaEntry& entry = m_entries[key];
    entry.sa = sa;
    entry.sa.installedAt = now;
    entry.key = key;
    entry.replay = ReplayWindow(sa.direction == SaDirection::Inbound ? sa.replayWindow : 0);
    Index(entry);
    Schedule(entry);
    return entry;
}

void
Sad::Index(SaEntry& entry)
{
    m_lanes[{entry.sa.child, entry.sa.direction}].push_back(&entry);
    if (entry.sa.direction == SaDirection::Inbound)
    {
        m_inbound[InboundName(entry.sa.protocol, entry.sa.spi)] = &entry;
    }
    Pair(entry);
}

void
Sad::Pair(SaEntry& entry)
{
    entry.partner = nullptr;
    if (entry.sa.bundledSpi == 0)
    {
        return;
    }
    SaKey key = entry.key;
    key.protocol = key.protocol == ProtocolId::Ah ? ProtocolId::Esp : ProtocolId::Ah;
    key.spi = entry.sa.bundledSpi;
    SaEntry* other = Find(key);
    // Each must name the other: an SPI may be used again by an SA that stands alone.
    if (other != nullptr && other->sa.bundledSpi == entry.sa.spi &&
        other->sa.child == entry.sa.child)
    {
        entry.partner = other;
        other->partner = &entry;
    }
}

bool
Sad::Remove(const SaKey& key)
{
    const auto found = m_entries.find(key);
    if (found == m_entries.end())
    {
        return false;
    }
    SaEntry& entry = found->second;
    Unschedule(entry);
    if (entry.partner != nullptr)
    {
        entry.partner->partner = nullptr;
    }
    if (entry.sa.direction == SaDirection::Inbound)
    {
        m_inbound.erase(InboundName(entry.sa.protocol, entry.sa.spi));
    }
    const auto lane = m_lanes.find({entry.sa.child, entry.sa.direction});
    assert(lane != m_lanes.end());
    std::vector<SaEntry*>& entries = lane->second;
    entries.erase(std::remove(entries.begin(), entries.end(), &entry), entries.end());
    if (entries.empty())
    {
        m_lanes.erase(lane);
    }
    m_entries.erase(found);
    return true;
}

SaEntry*
Sad::Find(const SaKey& key)
{
    const auto found = m_entries.find(key);
    return found == m_entries.end() ? nullptr : &found->second;
}

const SaEntry*
Sad::Find(const SaKey& key) const
{
    const auto found = m_entries.find(key);
    return found == m_entries.end() ? nullptr : &found->second;
}

SaEntry*
Sad::FindInbound(ProtocolId protocol, uint32_t spi)
{
    const auto found = m_inbound.find(InboundName(protocol, spi));
    return found == m_inbound.end() ? nullptr : found->second;
}

SaEntry*
Sad::FindOutbound(ChildId child)
{
    return const_cast<SaEntry*>(std::as_const(*this).FindOutbound(child));
}

const SaEntry*
Sad::FindOutbound(ChildId child) const
{
    const auto lane = m_lanes.find({child, SaDirection::Outbound});
    if (lane == m_lanes.end())
    {
        return nullptr;
    }
    const auto newest = std::find_if(lane->second.rbegin(),
                                     lane->second.rend(),
                                     [](const SaEntry* entry) {
                                         return LeadsItsTraffic(entry->sa) &&
                                                (entry->sa.bundledSpi == 0 || entry->partner);
                                     });
    return newest == lane->second.rend() ? nullptr : *newest;
}

bool
Sad::IsNewest(const SaEntry& entry) const
{
    const auto lane = m_lanes.find({entry.sa.child, entry.sa.direction});
    if (lane == m_lanes.end())
    {
        return false;
    }
    const auto newest =
        std::find_if(lane->second.rbegin(),
                     lane->second.rend(),
                     [](const SaEntry* other) { return LeadsItsTraffic(other->sa); });
    return newest != lane->second.rend() && *newest == &entry;
}

std::vector<SaKey>
Sad::OfChild(ChildId child) const
{
    std::vector<SaKey> keys;
    for (const SaDirection direction : {SaDirection::Inbound, SaDirection::Outbound})
    {
        const auto lane = m_lanes.find({child, direction});
        if (lane == m_lanes.end())
        {
            continue;
        }
        for (const SaEntry* entry : lane->second)
        {
            keys.push_back(entry->key);
        }
    }
    return keys;
}

std::optional<Instant>
Sad::DeadlineOf(const SaEntry& entry)
{
    const SaLifetime& lifetime = entry.sa.lifetime;
    std::optional<Instant> deadline;
    if (lifetime.hard > Duration::zero())
    {
        deadline = entry.sa.installedAt + lifetime.hard;
    }
    if (lifetime.soft > Duration::zero() && !entry.softReported)
    {
        const Instant soft = entry.sa.installedAt + lifetime.soft;
        deadline = deadline ? std::min(*deadline, soft) : soft;
    }
    return deadline;
}

void
Sad::Schedule(const SaEntry& entry)
{
    if (const std::optional<Instant> deadline = DeadlineOf(entry))
    {
        m_deadlines.insert({*deadline, entry.key});
    }
}

void
Sad::Unschedule(const SaEntry& entry)
{
    if (const std::optional<Instant> deadline = DeadlineOf(entry))
    {
        m_deadlines.erase({*deadline, entry.key});
    }
}

void
Sad::MarkSoftReported(SaEntry& entry)
{
    Unschedule(entry);
    entry.softReported = true;
    Schedule(entry);
}

std::optional<Instant>
Sad::NextDeadline() const
{
    if (m_deadlines.empty())
    {
        return std::nullopt;
    }
    return m_deadlines.begin()->first;
}

std::vector<SaKey>
Sad::Due(Instant now) const
{
    std::vector<SaKey> keys;
    for (const auto& [deadline, key] : m_deadlines)
    {
        if (deadline > now)
        {
            break;
        }
        keys.push_back(key);
    }
    return keys;
}

} // namespace ipsec
} // namespace ns3
