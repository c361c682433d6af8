// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-wire.h"

#include "ipsec-helper.h"

#include "ns3/esp-header.h"
#include "ns3/ipsec-cargo.h"
#include "ns3/ipsec-conversions.h"
#include "ns3/ipv4.h"

namespace ns3
{
namespace ipsec
{

namespace
{

/// Tells whether a packet is what tunnels are made of, sent by their end: it may match a rule for
/// everything.
bool
IsTunnelItself(const FlowKey& flow, OctetView packet, IpAddress end)
{
    if (flow.source != end)
    {
        return false;
    }
    if (flow.protocol == IP_PROTOCOL_ESP || flow.protocol == IP_PROTOCOL_AH)
    {
        return true;
    }
    const auto isIke = [](uint16_t port) { return port == IKE_PORT || port == NATT_PORT; };
    return flow.protocol == IP_PROTOCOL_UDP &&
           (IsLaterFragment(packet) || isIke(flow.sourcePort) || isIke(flow.destinationPort));
}

/// Returns the ESP or AH in a packet that a tunnel's end sends, if it is that and long enough.
std::optional<OctetView>
FindProtected(const FlowKey& flow, OctetView packet)
{
    constexpr size_t LEAST = 12;
    constexpr size_t UDP_HEADER = 8;
    const size_t header = (packet[0] & 0x0f) * size_t{4};
    if (flow.protocol == IP_PROTOCOL_UDP)
    {
        const bool isEsp =
            flow.sourcePort == NATT_PORT && packet.size() >= header + UDP_HEADER + LEAST;
        const OctetView inside = isEsp ? packet.From(header + UDP_HEADER) : OctetView();
        const bool isMarked = isEsp && inside.First(NON_ESP_MARKER.size()) == NON_ESP_MARKER;
        return isEsp && !isMarked ? std::make_optional(inside) : std::nullopt;
    }
    return packet.size() >= header + LEAST ? std::make_optional(packet.From(header)) : std::nullopt;
}

} // namespace

ClearWatch::ClearWatch(const ScenarioGateway& gateway)
    : m_policies(gateway.plan.policies)
    , m_ipv4(gateway.node->GetObject<Ipv4>())
    , m_outside(static_cast<uint32_t>(m_ipv4->GetInterfaceForDevice(gateway.outside)))
{
}

std::optional<FlowKey>
ClearWatch::See(OctetView packet)
{
    const Result<FlowKey> flow = ParseFlowKey(packet);
    if (!flow)
    {
        return std::nullopt;
    }
    // It may change, and a client may have none yet.
    const bool hasAddress = m_ipv4->GetNAddresses(m_outside) > 0;
    const IpAddress own =
        hasAddress ? ToCore(m_ipv4->GetAddress(m_outside, 0).GetLocal()) : IpAddress{};
    if (IsTunnelItself(*flow, packet, own))
    {
        return *flow;
    }
    const Policy* policy = IsLaterFragment(packet) ? m_policies.FindOutboundFragment(*flow)
                                                   : m_policies.FindOutbound(*flow);
    m_clearPackets += policy && policy->action == PolicyAction::Protect ? 1 : 0;
    return std::nullopt;
}

GatewayWire::GatewayWire(const ScenarioGateway& gateway)
    : m_clear(gateway)
{
    gateway.outside->TraceConnectWithoutContext("PromiscSniffer",
                                                MakeCallback(&GatewayWire::SeeOutside, this));
    gateway.outside->TraceConnectWithoutContext("MacTx",
                                                MakeCallback(&GatewayWire::SeeLeaving, this));
    IpsecHelper::GetDevice(gateway.node)
        ->TraceConnectWithoutContext("PromiscSniffer", MakeCallback(&GatewayWire::SeeTunnel, this));
}

void
GatewayWire::SeeOutside(Ptr<const Packet> packet)
{
    m_sessions.See(ToOctets(*packet));
}

void
GatewayWire::SeeLeaving(Ptr<const Packet> packet)
{
    const Octets octets = ToOctets(*packet);
    if (const std::optional<FlowKey> flow = m_clear.See(octets))
    {
        SeeSequence(*flow, octets);
    }
}

void
GatewayWire::SeeSequence(const FlowKey& flow, OctetView packet)
{
    if (IsLaterFragment(packet))
    {
        return;
    }
    const std::optional<OctetView> esp = FindProtected(flow, packet);
    if (!esp)
    {
        return;
    }
    // AH has its SPI and sequence number four octets further (RFC 4302 section 2).
    OctetReader reader(flow.protocol == IP_PROTOCOL_AH ? esp->From(4) : *esp);
    const uint32_t spi = reader.U32();
    const uint32_t sequence = reader.U32();
    uint32_t& last = m_sequences[{flow.destination, flow.protocol, spi}];
    // Of extended sequence numbers only the lower half is there: it starts again from zero.
    constexpr uint32_t HALF = 0x80000000;
    m_repeatedSequences += sequence <= last && last - sequence < HALF ? 1 : 0;
    last = sequence;
}

void
GatewayWire::SeeTunnel(Ptr<const Packet> packet)
{
    m_sessions.See(ToOctets(*packet));
}

} // namespace ipsec
} // namespace ns3
