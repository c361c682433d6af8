// SPDX-License-Identifier: GPL-2.0-only
// What arrives at IpsecPolicyRouting; what leaves is in ipsec-policy-routing.cc.
#include "ipsec-conversions.h"
#include "ipsec-data-plane.h"
#include "ipsec-net-device.h"
#include "ipsec-policy-routing.h"

#include "ns3/esp-header.h"
#include "ns3/ipv4-route.h"
#include "ns3/loopback-net-device.h"

namespace ns3
{
namespace ipsec
{

bool
IpsecPolicyRouting::RouteInput(Ptr<const Packet> p,
                               const Ipv4Header& header,
                               Ptr<const NetDevice> idev,
                               RouteInputTypes::UnicastForward ucb,
                               RouteInputTypes::MulticastForward mcb,
                               RouteInputTypes::LocalDeliver lcb,
                               RouteInputTypes::ErrorReport ecb)
{
    if (m_dataPlane->IsDown())
    {
        Drop(p, header, Fault::NodeDown);
        return true;
    }
    if (!IsTooBig(p, header))
    {
        return RouteJudged(p, header, idev, ucb, mcb, lcb, ecb);
    }
    // The stack cuts everything that is too large for a device, whether it may or not.
    m_forward = ucb;
    return RouteJudged(
        p, header, idev, MakeCallback(&IpsecPolicyRouting::ForwardUncut, this), mcb, lcb, ecb);
}

bool
IpsecPolicyRouting::IsTooBig(Ptr<const Packet> p, const Ipv4Header& header) const
{
    return header.IsDontFragment() &&
           p->GetSize() + header.GetSerializedSize() > m_device->GetMtu();
}

void
IpsecPolicyRouting::ForwardUncut(Ptr<Ipv4Route> route,
                                 Ptr<const Packet> p,
                                 const Ipv4Header& header)
{
    if (route->GetOutputDevice() != m_device)
    {
        m_forward(route, p, header);
        return;
    }
    Ptr<Packet> whole = p->Copy();
    whole->AddHeader(header);
    m_dataPlane->RefuseTooBig(whole);
}

bool
IpsecPolicyRouting::RouteJudged(Ptr<const Packet> p,
                                const Ipv4Header& header,
                                Ptr<const NetDevice> idev,
                                const std::decay_t<RouteInputTypes::UnicastForward>& ucb,
                                const std::decay_t<RouteInputTypes::MulticastForward>& mcb,
                                const std::decay_t<RouteInputTypes::LocalDeliver>& lcb,
                                const std::decay_t<RouteInputTypes::ErrorReport>& ecb)
{
    const auto interface = [&]()
    { return static_cast<uint32_t>(m_ipv4->GetInterfaceForDevice(idev)); };
    switch (Judge(p, header, idev))
    {
    case Arrival::Lost:
        return true;
    case Arrival::Deliver:
        lcb(p, header, interface());
        return true;
    case Arrival::Protect:
        if (!m_ipv4->IsForwarding(interface()))
        {
            ecb(p, header, Socket::ERROR_NOROUTETOHOST);
            return true;
        }
        ucb(TunnelRoute(header.GetSource(), header.GetDestination()), p, header);
        return true;
    case Arrival::Route:
        break;
    }
    return m_inner->RouteInput(p, header, idev, ucb, mcb, lcb, ecb);
}

IpsecPolicyRouting::Arrival
IpsecPolicyRouting::Judge(Ptr<const Packet> p,
                          const Ipv4Header& header,
                          Ptr<const NetDevice> idev) const
{
    if (header.GetDestination().IsBroadcast() || header.GetDestination().IsMulticast() ||
        m_dataPlane->GetProcessor().Policies().Policies().empty())
    {
        return Arrival::Route;
    }
    // Most of what comes from outside; told by the header alone.
    const uint8_t protocol = header.GetProtocol();
    const bool isTunnelEnd = m_own.IsTunnelEnd(ToCore(header.GetDestination()));
    if (isTunnelEnd &&
        (protocol == IP_PROTOCOL_ESP || protocol == IP_PROTOCOL_AH || IsAboutOurPacket(p, header)))
    {
        return Arrival::Route;
    }
    if (header.GetPayloadSize() != p->GetSize())
    {
        return Drop(p, header, Fault::InnerMalformed);
    }
    const FlowKey flow = FlowOf(header, *p);
    const bool isLocal = m_own.IsLocal(header.GetDestination());
    const bool isOpened = idev == m_device;
    if (isLocal && isOpened)
    {
        return Arrival::Deliver;
    }
    // Later fragments have no ports; without a first one they do no harm.
    const bool isLaterFragment = header.GetFragmentOffset() != 0;
    const uint16_t port = isLaterFragment ? IKE_PORT : flow.destinationPort;
    if (isLocal && IsTunnelTraffic(flow.destination, flow.protocol, port))
    {
        return Arrival::Route;
    }
    const std::optional<Fault> fault = isOpened ? std::nullopt : FaultInClear(flow, header, idev);
    if (fault && !DynamicCast<const LoopbackNetDevice>(idev))
    {
        return Drop(p, header, *fault);
    }
    if (isLocal)
    {
        return Arrival::Route;
    }
    const Spd& policies = m_dataPlane->GetProcessor().Policies();
    const std::optional<PolicyAction> action = ActionOf(
        isLaterFragment ? policies.FindSteeringFragment(flow) : policies.FindSteering(flow));
    if (!action || m_own.IsAttachedInside(header.GetDestination()))
    {
        return Arrival::Route;
    }
    if (action == PolicyAction::Discard)
    {
        return Drop(p, header, Fault::PolicyDiscard);
    }
    return action == PolicyAction::Protect ? Arrival::Protect : Arrival::Route;
}

std::optional<Fault>
IpsecPolicyRouting::FaultInClear(const FlowKey& flow,
                                 const Ipv4Header& header,
                                 Ptr<const NetDevice> idev) const
{
    const Spd& policies = m_dataPlane->GetProcessor().Policies();
    const Policy* policy = header.GetFragmentOffset() != 0 ? policies.FindInboundFragment(flow)
                                                           : policies.FindInbound(flow);
    const bool comesFromInside = policy != nullptr && ComesFromInside(flow, *policy, idev);
    return comesFromInside ? std::nullopt : ipsec::FaultInClear(policy);
}

bool
IpsecPolicyRouting::IsAboutOurPacket(Ptr<const Packet> p, const Ipv4Header& header) const
{
    const bool isFragment = header.GetFragmentOffset() != 0 || !header.IsLastFragment();
    if (header.GetProtocol() != IP_PROTOCOL_ICMP || isFragment)
    {
        return false;
    }
    const std::optional<TooBigMessage> message = ReadFragmentationNeeded(ToOctets(*p));
    return message && m_dataPlane->HandleTooBig(*message);
}

IpsecPolicyRouting::Arrival
IpsecPolicyRouting::Drop(Ptr<const Packet> p, const Ipv4Header& header, Fault fault) const
{
    Ptr<Packet> whole = p->Copy();
    whole->AddHeader(header);
    m_dataPlane->DropPacket(whole, fault);
    return Arrival::Lost;
}

bool
IpsecPolicyRouting::ComesFromInside(const FlowKey& flow,
                                    const Policy& policy,
                                    Ptr<const NetDevice> idev) const
{
    const Prefix& inside = policy.selector.local;
    const auto interface = static_cast<uint32_t>(m_ipv4->GetInterfaceForDevice(idev));
    if (!inside.Contains(flow.source) || m_own.IsOuter(interface))
    {
        return false;
    }
    for (uint32_t i = 0; i < m_ipv4->GetNAddresses(interface); ++i)
    {
        if (inside.Contains(ToCore(m_ipv4->GetAddress(interface, i).GetLocal())))
        {
            return true;
        }
    }
    return false;
}

} // namespace ipsec
} // namespace ns3
