// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-processor.h"

#include "esp-transform.h"
#include "ipsec-cargo.h"

#include <utility>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr uint32_t LAST_SEQUENCE = 0xffffffff;
constexpr uint64_t KILOBYTE = 1024;

bool
IsPastHardEnd(const IpsecSa& sa, Instant now)
{
    return sa.lifetime.hard > Duration::zero() && now >= sa.installedAt + sa.lifetime.hard;
}

/// Tells whether @p octets more do not fit into the kilobytes of an SA. The first packet always
/// does: an SA that cannot carry a single one would be negotiated for ever.
bool
IsUsedUp(const SaEntry& entry, size_t octets)
{
    const uint64_t limit = entry.sa.lifetime.hardKilobytes * KILOBYTE;
    return limit > 0 && entry.octets > 0 && entry.octets + octets > limit;
}

/// Tells whether the packets and octets that went through an SA call for its successor.
bool
IsWorn(const SaEntry& entry)
{
    const uint64_t limit = entry.sa.lifetime.softKilobytes * KILOBYTE;
    return (limit > 0 && entry.octets >= limit) || entry.sequence >= SEQUENCE_SOFT_LIMIT;
}

/// Adds the work of the ICV of an ESP packet.
void
AddIcvWork(const IpsecSa& sa, size_t espOctets, Work& work)
{
    const IntegrityAlgorithm& integrity = GetIntegrity(sa.integrity);
    if (integrity.icvOctets > 0)
    {
        work.Add(WorkKind::IcvOctets,
                 static_cast<uint16_t>(sa.integrity),
                 espOctets - integrity.icvOctets);
    }
}

/// Adds the work of encrypting or decrypting an ESP packet.
void
AddCipherWork(const IpsecSa& sa, size_t espOctets, Work& work)
{
    const CipherAlgorithm& cipher = GetCipher(sa.cipher);
    if (cipher.ivOctets > 0)
    {
        const size_t clearOctets =
            ESP_HEADER_OCTETS + cipher.ivOctets + GetIntegrity(sa.integrity).icvOctets;
        work.Add(WorkKind::CipherOctets, static_cast<uint16_t>(sa.cipher), espOctets - clearOctets);
    }
}

/// Adds the work that opening a packet took, refused or not.
void
AddOpenWork(const IpsecSa& sa, size_t espOctets, const Result<EspContent>& content, Work& work)
{
    const bool refusedBySize = !content && (content.GetFault() == Fault::EspTooShort ||
                                            content.GetFault() == Fault::EspNotAligned);
    if (refusedBySize)
    {
        return;
    }
    AddIcvWork(sa, espOctets, work);
    if (content || content.GetFault() != Fault::BadIcv)
    {
        AddCipherWork(sa, espOctets, work);
    }
}

/// Puts the IP header back in front of what transport mode carried.
Octets
RestorePacket(const IpsecSa& sa, const ArrivedPacket& packet, const EspContent& content)
{
    OuterHeader header;
    if (!packet.ipHeader.empty())
    {
        header = ReadOuterHeader(packet.ipHeader);
    }
    header.typeOfService = packet.typeOfService;
    header.source = packet.source.address;
    header.destination = sa.local.address;
    header.protocol = content.nextHeader;
    return Concat({header.Write(content.payload.size()), content.payload});
}

/// Returns what a rule wants, if there is one.
std::optional<PolicyAction>
ActionOf(const Policy* policy)
{
    return policy ? std::make_optional(policy->action) : std::nullopt;
}

} // namespace

Processor::Processor(size_t stageLimit)
    : m_stageLimit(stageLimit)
{
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
        if (!IsPastHardEnd(entry->sa, now) && !IsUsedUp(*entry, packet.octets.size()))
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
    if (!sa.proxyId.MatchesOutbound(packet.flow))
    {
        return Discarded{packet.ticket, Fault::SelectorMismatch};
    }
    if (entry.sequence == LAST_SEQUENCE)
    {
        return Discarded{packet.ticket, Fault::SequenceExhausted};
    }
    const Result<Cargo> cargo = TakeCargo(sa.mode, packet.octets);
    if (!cargo)
    {
        return Discarded{packet.ticket, cargo.GetFault()};
    }
    Result<Octets> esp = SealEsp(sa, entry.sequence + 1, cargo->nextHeader, cargo->payload, random);
    if (!esp)
    {
        return Discarded{packet.ticket, esp.GetFault()};
    }
    AddCipherWork(sa, esp->size(), report.work);
    AddIcvWork(sa, esp->size(), report.work);
    entry.sequence++;
    Charge(now, entry, cargo->payload.size(), report);

    OuterHeader header = sa.mode == EncapsulationMode::Tunnel
                             ? OuterHeaderForTunnel(sa.outerHeader, packet.octets)
                             : ReadOuterHeader(packet.octets);
    header.source = sa.local.address;
    header.destination = sa.remote.address;
    header.protocol = IP_PROTOCOL_ESP;
    header.identification = ++m_identification;
    return Sealed{packet.ticket,
                  sa.protocol,
                  sa.mode,
                  sa.udpEncapsulated,
                  sa.local,
                  sa.remote,
                  sa.spi,
                  sa.child,
                  header,
                  std::move(esp).Value()};
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

std::optional<PolicyAction>
Processor::Classify(const FlowKey& flow) const
{
    return ActionOf(m_spd.FindSteering(flow));
}

std::optional<PolicyAction>
Processor::ClassifyLaterFragment(const FlowKey& flow) const
{
    return ActionOf(m_spd.FindSteeringFragment(flow));
}

// What arrives

UnprotectVerdict
Processor::Unprotect(Instant now, const ArrivedPacket& packet, ProcessorReport& report)
{
    const Result<EspHeader> header = ParseEspHeader(packet.payload);
    if (!header)
    {
        return Discarded{0, header.GetFault()};
    }
    SaEntry* entry = m_sad.FindInbound(ProtocolId::Esp, header->spi);
    if (entry == nullptr)
    {
        return Discarded{0, Fault::NoSuchSa};
    }
    if (IsPastHardEnd(entry->sa, now))
    {
        return Discarded{0, Fault::SaExpired};
    }
    if (!entry->replay.IsAcceptable(header->sequence))
    {
        entry->replayed++;
        return Discarded{0, Fault::Replayed};
    }
    Result<Opened> opened = Open(now, *entry, header->sequence, packet, report);
    if (!opened)
    {
        return Discarded{0, opened.GetFault()};
    }
    return std::move(opened).Value();
}

Result<Opened>
Processor::Open(Instant now,
                SaEntry& entry,
                uint32_t sequence,
                const ArrivedPacket& packet,
                ProcessorReport& report)
{
    Result<EspContent> content = OpenEsp(entry.sa, packet.payload);
    AddOpenWork(entry.sa, packet.payload.size(), content, report.work);
    if (!content)
    {
        entry.failed++;
        return content.GetFault();
    }
    if (IsUsedUp(entry, content->payload.size()))
    {
        Expire(entry, report);
        return Fault::SaExpired;
    }
    // From here on the packet is authentic: it counts, even if what is inside is refused.
    const bool isNewest = sequence > entry.replay.Highest();
    entry.replay.Accept(sequence);
    Charge(now, entry, content->payload.size(), report);

    const Result<FlowKey> flow = ReadInnerFlow(entry.sa, packet.source, *content);
    if (!flow)
    {
        return flow.GetFault();
    }
    if (!entry.sa.proxyId.MatchesInbound(*flow))
    {
        entry.failed++;
        return Fault::SelectorMismatch;
    }

    if (entry.sa.mode == EncapsulationMode::Transport)
    {
        content->payload = RestorePacket(entry.sa, packet, *content);
    }
    Opened opened{
        std::move(content->payload), entry.sa.mode, entry.key, entry.sa.child, std::nullopt};
    // A late packet may still come from the old endpoint: only the newest tells where the peer is.
    const bool isMoved = entry.sa.udpEncapsulated && packet.source != entry.sa.remote;
    if (isMoved && isNewest && entry.sa.integrity != IntegrityId::None)
    {
        opened.movedFrom = packet.source;
    }
    return {std::move(opened)};
}

std::optional<Fault>
Processor::CheckClearInbound(OctetView packet) const
{
    const Result<FlowKey> flow = ParseFlowKey(packet);
    if (!flow)
    {
        return flow.GetFault();
    }
    const Policy* policy =
        IsLaterFragment(packet) ? m_spd.FindInboundFragment(*flow) : m_spd.FindInbound(*flow);
    if (policy == nullptr || policy->action == PolicyAction::Bypass)
    {
        return std::nullopt;
    }
    return policy->action == PolicyAction::Protect ? Fault::ClearTextForbidden
                                                   : Fault::PolicyDiscard;
}

// SAs and their ends

std::vector<ProtectVerdict>
Processor::InstallSa(Instant now, const IpsecSa& sa, RandomSource& random, ProcessorReport& report)
{
    m_sad.Add(sa, now);
    std::vector<ProtectVerdict> verdicts;
    const auto waiting = m_staged.find(sa.child);
    if (sa.direction == SaDirection::Inbound || waiting == m_staged.end())
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
        m_sad.Find(sibling)->sa.remote = remote;
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
    if (m_sad.IsNewest(entry))
    {
        report.expiries.push_back({SaExpiry::Kind::Soft, entry.key, entry.sa.child});
    }
}

void
Processor::Expire(const SaEntry& entry, ProcessorReport& report)
{
    const SaKey key = entry.key;
    report.expiries.push_back({SaExpiry::Kind::Hard, key, entry.sa.child});
    m_sad.Remove(key);
}

ProcessorReport
Processor::HandleTimeout(Instant now)
{
    ProcessorReport report;
    for (const SaKey& key : m_sad.Due(now))
    {
        SaEntry* entry = m_sad.Find(key);
        if (IsPastHardEnd(entry->sa, now))
        {
            Expire(*entry, report);
        }
        else
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
