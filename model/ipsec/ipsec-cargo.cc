// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-cargo.h"

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr size_t FRAGMENTATION_POSITION = 6;
constexpr size_t PROTOCOL_POSITION = 9;
constexpr uint16_t MORE_FRAGMENTS = 0x2000;
constexpr uint16_t FRAGMENT_OFFSET = 0x1fff;
constexpr size_t PORTS_OCTETS = 4;

/// Returns the fragmentation field of an IPv4 packet that has a flow key.
uint16_t
Fragmentation(OctetView packet)
{
    return OctetReader(packet.From(FRAGMENTATION_POSITION)).U16();
}

void
CutFlowPadding(Octets& packet)
{
    OctetReader header(packet);
    header.U16();
    const uint16_t totalLength = header.U16();
    if (header.Ok() && totalLength < packet.size())
    {
        packet.resize(totalLength);
    }
}

FlowKey
ReadTransportFlow(const IpsecSa& sa, const Endpoint& source, const SaContent& content)
{
    FlowKey flow{source.address, sa.local.address, content.nextHeader, 0, 0};
    const bool hasPorts = flow.protocol == IP_PROTOCOL_TCP || flow.protocol == IP_PROTOCOL_UDP;
    OctetReader payload(content.payload);
    if (hasPorts && payload.Left() >= PORTS_OCTETS)
    {
        flow.sourcePort = payload.U16();
        flow.destinationPort = payload.U16();
    }
    return flow;
}

} // namespace

bool
IsLaterFragment(OctetView packet)
{
    return (Fragmentation(packet) & FRAGMENT_OFFSET) != 0;
}

ProxyId
SelectorsFor(const ProxyId& selectors, OctetView packet)
{
    ProxyId asked = selectors;
    if (IsLaterFragment(packet))
    {
        asked.localPort = 0;
        asked.remotePort = 0;
    }
    return asked;
}

Result<Cargo>
TakeCargo(EncapsulationMode mode, OctetView packet)
{
    if (mode == EncapsulationMode::Tunnel)
    {
        return Cargo{IP_PROTOCOL_IPIP, packet};
    }
    if ((Fragmentation(packet) & (MORE_FRAGMENTS | FRAGMENT_OFFSET)) != 0)
    {
        return Fault::InnerMalformed;
    }
    const size_t headerOctets = size_t{4} * (packet[0] & 15);
    return Cargo{packet[PROTOCOL_POSITION], packet.From(headerOctets)};
}

Result<FlowKey>
ReadInnerFlow(const IpsecSa& sa, const Endpoint& source, SaContent& content)
{
    if (content.nextHeader == IP_PROTOCOL_NONE)
    {
        return Fault::DummyPacket;
    }
    if (sa.mode == EncapsulationMode::Transport)
    {
        return ReadTransportFlow(sa, source, content);
    }
    if (content.nextHeader != IP_PROTOCOL_IPIP)
    {
        return Fault::InnerMalformed;
    }
    CutFlowPadding(content.payload);
    return ParseFlowKey(content.payload);
}

} // namespace ipsec
} // namespace ns3
