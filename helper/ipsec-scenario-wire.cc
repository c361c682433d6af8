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

} // namespace

GatewayWire::GatewayWire(const ScenarioGateway& gateway)
{
    const Ptr<Ipv4> ipv4 = gateway.node->GetObject<Ipv4>();
    const int32_t outside = ipv4->GetInterfaceForDevice(gateway.outside);
    m_address = ToCore(ipv4->GetAddress(static_cast<uint32_t>(outside), 0).GetLocal());
    for (const Policy& policy : gateway.plan.policies)
    {
        m_policies.Add(policy);
    }
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
    const Result<FlowKey> flow = ParseFlowKey(octets);
    if (!flow || IsTunnelItself(*flow, octets, m_address))
    {
        return;
    }
    const Policy* policy = IsLaterFragment(octets) ? m_policies.FindOutboundFragment(*flow)
                                                   : m_policies.FindOutbound(*flow);
    m_clearPackets += policy && policy->action == PolicyAction::Protect ? 1 : 0;
}

void
GatewayWire::SeeTunnel(Ptr<const Packet> packet)
{
    m_sessions.See(ToOctets(*packet));
}

} // namespace ipsec
} // namespace ns3
