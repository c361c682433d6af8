// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-processor.h"

#include "ipsec-sa-limits.h"
#include "ipsec-transform.h"

#include <array>
#include <utility>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr size_t LARGEST_IP_PACKET = 0xffff;

/// Returns the SA that stands for the traffic of this one.
SaEntry&
LeaderOf(SaEntry& entry)
{
    return entry.partner != nullptr && !LeadsItsTraffic(entry.sa) ? *entry.partner : entry;
}

/// Makes the header in front of what an SA, or a bundle that it leads, makes of a packet.
OuterHeader
HeaderInFront(const SaEntry& entry, OctetView packet, uint16_t identification)
{
    const IpsecSa& sa = entry.sa;
    OuterHeader header;
    if (sa.mode == EncapsulationMode::Tunnel)
    {
        header = OuterHeaderForTunnel(sa.outerHeader, packet);
        header.identification = identification;
    }
    else
    {
        header = ReadOuterHeader(packet);
    }
    header.source = sa.local.address;
    header.destination = sa.remote.address;
    header.protocol = IpProtocolOf(entry.partner != nullptr ? ProtocolId::Ah : sa.protocol);
    return header;
}

} // namespace

Processor::Processor(size_t stageLimit)
    : m_stageLimit(stageLimit)
{
}

void
Processor::SetStageLimit(size_t stageLimit)
{
    m_stageLimit = stageLimit;
}

Spd&
Processor::Policies()
{
    return m_spd;
}

const Spd&
Processor::Policies() const
{
    return m_spd;
}

const Sad&
Processor::Associations() const
{
    return m_sad;
}

// What leaves

ProtectVerdict
Processor::Protect(Instant now,
                   OctetView packet,
                   Ticket ticket,
                   RandomSource& random,
                   ProcessorReport& report)
{
    const Result<FlowKey> flow = ParseFlowKey(packet);
    if (!flow)
    {
        return Discarded{ticket, flow.GetFault()};
    }
    const Policy* policy =
        IsLaterFragment(packet) ? m_spd.FindOutboundFragment(*flow) : m_spd.FindOutbound(*flow);
    if (policy == nullptr)
    {
        return Discarded{ticket, Fault::NoPolicy};
    }
    switch (policy->action)
    {
    case PolicyAction::Bypass:
        return Bypassed{};
    case PolicyAction::Discard:
        return Discarded{ticket, Fault::PolicyDiscard};
    case PolicyAction::Protect:
        break;
    }
    return SealOrStage(now, policy->child, {ticket, *flow, packet}, random, report);
}

ProtectVerdict
Processor::SealOrStage(Instant now,
                       ChildId child,
                       const Leaving& packet,
                       RandomSource& random,
                       ProcessorReport& report)
{
    while (SaEntry* entry = m_sad.FindOutbound(child))
    {
        if (!IsSpent(*entry, now, packet.octets.size()))
        {
            return Seal(now, *entry, packet, random, report);
        }
        Expire(*entry, report);
    }
    return Stage(child, packet);
}

ProtectVerdict
Processor::Seal(Instant now,
                SaEntry& entry,
                const Leaving& packet,
                RandomSource& random,
                ProcessorReport& report)
{
    const IpsecSa& sa = entry.sa;
    if (!SelectorsFor(sa.proxyId, packet.octets).MatchesOutbound(packet.flow))
    {
        return Discarded{packet.ticket, Fault::SelectorMismatch};
    }
    if (IsExhausted(entry))
    {
        return Discarded{packet.ticket, Fault::SequenceExhausted};
    }
    const Result<Cargo> cargo = TakeCargo(sa.mode, packet.octets);
    if (!cargo)
    {
        return Discarded{packet.ticket, cargo.GetFault()};
    }
    const uint16_t identification = m_identification + 1;
    const OuterHeader header = HeaderInFront(entry, packet.octets, identification);

    // From the inside out: ESP of a bundle is what its AH carries.
    const std::array<SaEntry*, 2> layers{&entry, entry.partner};
    std::array<size_t, 2> carried{};
    Octets octets;
    Cargo next = *cargo;
    for (size_t i = 0; i < layers.size() && layers[i] != nullptr; i++)
    {
        const SaEntry& layer = *layers[i];
        carried[i] = next.payload.size();
        Result<Octets> sealed = SealCargo(layer.sa,
                                          layer.sequence + 1,
                                          next,
                                          header,
                                          random,
                                          report.work,
                                          std::exchange(m_spare, {}));
        if (!sealed)
        {
            return Discarded{packet.ticket, sealed.GetFault()};
        }
        octets = std::move(sealed).Value();
        next = {IpProtocolOf(layer.sa.protocol), octets};
    }
    if (OUTER_HEADER_OCTETS + octets.size() > LARGEST_IP_PACKET)
    {
        return Discarded{packet.ticket, Fault::PacketTooBig};
    }

    m_identification = identification;
    for (size_t i = 0; i < layers.size() && layers[i] != nullptr; i++)
    {
        layers[i]->sequence++;
        Charge(now, *layers[i], carried[i], report);
    }
    return Sealed{packet.ticket,
                  sa.protocol,
                  sa.mode,
                  sa.udpEncapsulated,
                  sa.local,
                  sa.remote,
                  sa.spi,
                  sa.child,
                  header,
                  std::move(octets)};
}

ProtectVerdict
Processor::Stage(ChildId child, const Leaving& packet)
{
    const auto [place, isFirst] = m_staged.try_emplace(child);
    std::deque<StagedPacket>& waiting = place->second;
    waiting.push_back({packet.ticket, packet.flow, packet.octets.Copy()});

    Staged verdict{child, isFirst, std::nullopt};
    if (waiting.size() > m_stageLimit)
    {
        verdict.overflow = waiting.front().ticket;
        waiting.pop_front();
    }
    return verdict;
}

void
Processor::Reuse(Octets octets)
{
    m_spare = std::move(octets);
}

std::optional<Encapsulation>
Processor::EncapsulationOf(ChildId child) const
{
    const SaEntry* entry = m_sad.FindOutbound(child);
    if (entry == nullptr)
    {
        return std::nullopt;
    }
    Encapsulation encapsulation;
    encapsulation.mode = entry->sa.mode;
    encapsulation.udpEncapsulated = entry->sa.udpEncapsulated;
    for (const SaEntry* layer : {entry, static_cast<const SaEntry*>(entry->partner)})
    {
        if (layer != nullptr && layer->sa.protocol == ProtocolId::Ah)
        {
            encapsulation.ah = layer->sa.integrity;
        }
        else if (layer != nullptr)
        {
            encapsulation.esp = EspAlgorithms{layer->sa.cipher, layer->sa.integrity};
        }
    }
    return encapsulation;
}

// SAs and their ends

std::vector<ProtectVerdict>
Processor::InstallSa(Instant now, const IpsecSa& sa, RandomSource& random, ProcessorReport& report)
{
    m_sad.Add(sa, now);
    std::vector<ProtectVerdict> verdicts;
    const auto waiting = m_staged.find(sa.child);
    // Of a bundle the first one to come cannot carry them yet.
    if (sa.direction == SaDirection::Inbound || waiting == m_staged.end() ||
        m_sad.FindOutbound(sa.child) == nullptr)
    {
        return verdicts;
    }
    const std::deque<StagedPacket> packets = std::move(waiting->second);
    m_staged.erase(waiting);
    for (const StagedPacket& packet : packets)
    {
        verdicts.push_back(SealOrStage(
            now, sa.child, {packet.ticket, packet.flow, packet.octets}, random, report));
    }
    return verdicts;
}

void
Processor::RemoveSa(const SaKey& key)
{
    m_sad.Remove(key);
}

void
Processor::MovePeer(const SaKey& key, const Endpoint& remote)
{
    const SaEntry* moved = m_sad.Find(key);
    if (moved == nullptr)
    {
        return;
    }
    for (const SaKey& sibling : m_sad.OfChild(moved->sa.child))
    {
        IpsecSa& sa = m_sad.Find(sibling)->sa;
        if (sa.followsPeer)
        {
            sa.remote = remote;
        }
    }
}

std::vector<Discarded>
Processor::AbandonStaged(ChildId child, Fault reason)
{
    std::vector<Discarded> lost;
    const auto waiting = m_staged.find(child);
    if (waiting == m_staged.end())
    {
        return lost;
    }
    for (const StagedPacket& packet : waiting->second)
    {
        lost.push_back({packet.ticket, reason});
    }
    m_staged.erase(waiting);
    return lost;
}

void
Processor::Charge(Instant now, SaEntry& entry, size_t octets, ProcessorReport& report)
{
    entry.packets++;
    entry.octets += octets;
    entry.lastUsed = now;
    if (!entry.softReported && IsWorn(entry))
    {
        ReportSoft(entry, report);
    }
}

void
Processor::ReportSoft(SaEntry& entry, ProcessorReport& report)
{
    m_sad.MarkSoftReported(entry);
    SaEntry& leader = LeaderOf(entry);
    if (entry.partner != nullptr)
    {
        m_sad.MarkSoftReported(*entry.partner);
    }
    if (m_sad.IsNewest(leader))
    {
        report.expiries.push_back({SaExpiry::Kind::Soft, leader.key, leader.sa.child});
    }
}

void
Processor::Expire(const SaEntry& entry, ProcessorReport& report)
{
    const std::array<const SaEntry*, 2> ended{&entry, entry.partner};
    std::vector<SaKey> keys;
    for (const SaEntry* one : ended)
    {
        if (one != nullptr)
        {
            keys.push_back(one->key);
            report.expiries.push_back({SaExpiry::Kind::Hard, one->key, one->sa.child});
        }
    }
    for (const SaKey& key : keys)
    {
        m_sad.Remove(key);
    }
}

ProcessorReport
Processor::HandleTimeout(Instant now)
{
    ProcessorReport report;
    for (const SaKey& key : m_sad.Due(now))
    {
        SaEntry* entry = m_sad.Find(key);
        if (entry == nullptr)
        {
            continue; // it went with the other one of its bundle
        }
        if (IsPastHardEnd(entry->sa, now))
        {
            Expire(*entry, report);
        }
        else if (!entry->softReported)
        {
            ReportSoft(*entry, report);
        }
    }
    return report;
}

std::optional<Instant>
Processor::NextDeadline() const
{
    return m_sad.NextDeadline();
}

} // namespace ipsec
} // namespace ns3
