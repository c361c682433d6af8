// SPDX-License-Identifier: GPL-2.0-only
// What arrives: packets of ESP and AH, and packets in clear.
#include "ipsec-processor.h"
#include "ipsec-sa-limits.h"
#include "ipsec-transform.h"
#include "ipsec-transport-checksum.h"

#include <utility>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Tells what is wrong with where a packet of @p entry came, if anything is: inside @p around, or
/// alone if that is null. A bundle counts only as a whole.
std::optional<Fault>
BundleFault(const SaEntry& entry, const SaEntry* around)
{
    const bool belongsInside = entry.sa.bundledSpi != 0 && LeadsItsTraffic(entry.sa);
    const bool isInPlace =
        belongsInside ? around != nullptr && entry.partner == around : around == nullptr;
    return isInPlace ? std::nullopt : std::make_optional(Fault::BundleMismatch);
}

/// Returns where a packet counts as coming from. Who moved behind a NAT is, to whatever transport
/// mode carries, still where the SA was made.
Endpoint
SourceOf(const IpsecSa& sa, const ArrivedPacket& packet)
{
    const bool mayMove = sa.udpEncapsulated && sa.mode == EncapsulationMode::Transport;
    return mayMove ? Endpoint{sa.proxyId.remote.address, packet.source.port} : packet.source;
}

/// Puts the IP header back in front of what transport mode carried.
Octets
RestorePacket(const IpsecSa& sa, const ArrivedPacket& packet, const SaContent& content)
{
    OuterHeader header;
    if (!packet.ipHeader.empty())
    {
        header = ReadOuterHeader(packet.ipHeader);
    }
    header.typeOfService = packet.typeOfService;
    header.source = SourceOf(sa, packet).address;
    header.destination = sa.local.address;
    header.protocol = content.nextHeader;
    Octets restored = Concat({header.Write(content.payload.size()), content.payload});
    if (sa.udpEncapsulated)
    {
        CorrectChecksum(restored, sa.original);
    }
    return restored;
}

} // namespace

UnprotectVerdict
Processor::Unprotect(Instant now, const ArrivedPacket& packet, ProcessorReport& report)
{
    Result<Opened> opened = Open(now, packet, report);
    if (!opened)
    {
        return Discarded{0, opened.GetFault()};
    }
    return std::move(opened).Value();
}

Result<Opened>
Processor::Open(Instant now, const ArrivedPacket& packet, ProcessorReport& report)
{
    Result<Layer> outer = OpenLayer(now, packet, nullptr, report);
    if (!outer)
    {
        return outer.GetFault();
    }
    if (LeadsItsTraffic(outer->entry->sa))
    {
        return Deliver(std::move(outer).Value(), packet);
    }
    if (outer->content.nextHeader != IP_PROTOCOL_ESP)
    {
        outer->entry->failed++;
        return Fault::BundleMismatch;
    }
    ArrivedPacket esp = packet;
    esp.protocol = ProtocolId::Esp;
    esp.payload = outer->content.payload;
    Result<Layer> inner = OpenLayer(now, esp, outer->entry, report);
    if (!inner)
    {
        return inner.GetFault();
    }
    return Deliver(std::move(inner).Value(), packet);
}

Result<Processor::Layer>
Processor::OpenLayer(Instant now,
                     const ArrivedPacket& packet,
                     const SaEntry* around,
                     ProcessorReport& report)
{
    const Result<SaPacketName> name = ReadPacketName(packet.protocol, packet.payload);
    if (!name)
    {
        return name.GetFault();
    }
    SaEntry* entry = m_sad.FindInbound(packet.protocol, name->spi);
    if (entry == nullptr)
    {
        return Fault::NoSuchSa;
    }
    if (const std::optional<Fault> fault = BundleFault(*entry, around))
    {
        entry->failed++;
        return *fault;
    }
    if (IsPastHardEnd(entry->sa, now))
    {
        return Fault::SaExpired;
    }
    const uint64_t sequence =
        entry->sa.extendedSequence ? entry->replay.Extend(name->sequence) : name->sequence;
    if (!entry->replay.IsAcceptable(sequence))
    {
        entry->replayed++;
        return Fault::Replayed;
    }
    Result<SaContent> content = OpenCargo(entry->sa,
                                          sequence,
                                          packet.ipHeader,
                                          packet.payload,
                                          report.work,
                                          std::exchange(m_spare, {}));
    if (!content)
    {
        entry->failed++;
        return content.GetFault();
    }
    if (IsUsedUp(*entry, content->payload.size()))
    {
        Expire(*entry, report);
        return Fault::SaExpired;
    }
    // From here on the packet is authentic: it counts, even if what is inside is refused.
    const bool isNewest = sequence > entry->replay.Highest();
    entry->replay.Accept(sequence);
    Charge(now, *entry, content->payload.size(), report);
    return Layer{entry, std::move(content).Value(), isNewest};
}

Result<Opened>
Processor::Deliver(Layer layer, const ArrivedPacket& packet)
{
    SaEntry& entry = *layer.entry;
    const IpsecSa& sa = entry.sa;
    Octets& payload = layer.content.payload;
    const Result<FlowKey> flow = ReadInnerFlow(sa, SourceOf(sa, packet), layer.content);
    if (!flow)
    {
        return flow.GetFault();
    }
    const bool isWhole = sa.mode == EncapsulationMode::Tunnel;
    const ProxyId selectors = isWhole ? SelectorsFor(sa.proxyId, payload) : sa.proxyId;
    if (!selectors.MatchesInbound(*flow))
    {
        entry.failed++;
        return Fault::SelectorMismatch;
    }
    if (sa.mode == EncapsulationMode::Transport)
    {
        payload = RestorePacket(sa, packet, layer.content);
    }
    else if (sa.outerHeader.ecn)
    {
        const Result<Done> combined = CombineEcn(packet.typeOfService, payload);
        if (!combined)
        {
            return combined.GetFault();
        }
    }
    Opened opened{std::move(payload), sa.mode, entry.key, sa.child, std::nullopt};
    // A late packet may still come from the old endpoint: only the newest tells where the peer is.
    // Without UDP there is no port to follow.
    const bool isMoved = sa.followsPeer && packet.source.port != 0 && packet.source != sa.remote;
    if (isMoved && layer.isNewest && IsAuthenticated(sa.cipher, sa.integrity))
    {
        opened.movedFrom = packet.source;
    }
    return {std::move(opened)};
}

} // namespace ipsec
} // namespace ns3
