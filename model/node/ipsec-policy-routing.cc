// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-policy-routing.h"

#include "ipsec-conversions.h"
#include "ipsec-data-plane.h"
#include "ipsec-net-device.h"

#include "ns3/esp-header.h"
#include "ns3/ipv4-route.h"
#include "ns3/log.h"
#include "ns3/loopback-net-device.h"

#include <algorithm>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

NS_LOG_COMPONENT_DEFINE("IpsecPolicyRouting");
NS_OBJECT_ENSURE_REGISTERED(IpsecPolicyRouting);

namespace
{

bool
IsSet(Ipv4Address address)
{
    // An address that nobody set is 102.102.102.102 in some versions of ns-3 and 0.0.0.0 in others.
    return address != Ipv4Address::GetAny() && address != Ipv4Address();
}

/// Makes the flow key of a packet of our own, of which ns-3 tells more or less: a socket that is
/// not bound shows neither source nor ports.
FlowKey
OwnFlow(Ipv4Address source, const Ipv4Header& header, Ptr<const Packet> packet)
{
    if (packet && IsSet(header.GetSource()) && header.GetPayloadSize() == packet->GetSize())
    {
        return FlowOf(header, *packet);
    }
    return FlowKey{ToCore(source), ToCore(header.GetDestination()), header.GetProtocol(), 0, 0};
}

bool
HasUnknownPorts(const FlowKey& flow)
{
    const bool hasPorts = flow.protocol == IP_PROTOCOL_TCP || flow.protocol == IP_PROTOCOL_UDP;
    return hasPorts && flow.sourcePort == 0 && flow.destinationPort == 0;
}

bool
IsGroup(Ipv4Address address)
{
    return address.IsBroadcast() || address.IsMulticast();
}

} // namespace

TypeId
IpsecPolicyRouting::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::ipsec::IpsecPolicyRouting")
            .SetParent<Ipv4ListRouting>()
            .SetGroupName("Ipsec")
            .AddConstructor<IpsecPolicyRouting>()
            .AddTraceSource("AddressAdded",
                            "An interface of the node has another address.",
                            MakeTraceSourceAccessor(&IpsecPolicyRouting::m_addressAddedTrace),
                            "ns3::ipsec::IpsecPolicyRouting::AddressTracedCallback")
            .AddTraceSource("AddressRemoved",
                            "An interface of the node lost an address.",
                            MakeTraceSourceAccessor(&IpsecPolicyRouting::m_addressRemovedTrace),
                            "ns3::ipsec::IpsecPolicyRouting::AddressTracedCallback");
    return tid;
}

IpsecPolicyRouting::IpsecPolicyRouting() = default;
IpsecPolicyRouting::~IpsecPolicyRouting() = default;

void
IpsecPolicyRouting::DoInitialize()
{
    if (m_inner)
    {
        m_inner->Initialize();
    }
    Ipv4ListRouting::DoInitialize();
}

void
IpsecPolicyRouting::DoDispose()
{
    m_ipv4 = nullptr;
    m_own.Clear();
    m_inner = nullptr;
    m_dataPlane = nullptr;
    m_device = nullptr;
    Ipv4ListRouting::DoDispose();
}

void
IpsecPolicyRouting::Wrap(Ptr<Ipv4> ipv4)
{
    m_inner = ipv4->GetRoutingProtocol();
    if (!m_inner)
    {
        throw std::invalid_argument("The node has no routing protocol that policies could go "
                                    "in front of.");
    }
    ipv4->SetRoutingProtocol(this);
}

Ptr<Ipv4RoutingProtocol>
IpsecPolicyRouting::GetInner() const
{
    return m_inner;
}

void
IpsecPolicyRouting::SetDataPlane(Ptr<IpsecDataPlane> dataPlane)
{
    m_dataPlane = dataPlane;
}

void
IpsecPolicyRouting::SetDevice(Ptr<IpsecNetDevice> device)
{
    m_device = device;
    m_own.SetTunnelDevice(device);
}

void
IpsecPolicyRouting::AddTunnelEnd(Ipv4Address address)
{
    m_own.AddTunnelEnd(address);
}

void
IpsecPolicyRouting::RemoveTunnelEnd(Ipv4Address address)
{
    m_own.RemoveTunnelEnd(address);
}

// What leaves

Ptr<Ipv4Route>
IpsecPolicyRouting::RouteOutput(Ptr<Packet> p,
                                const Ipv4Header& header,
                                Ptr<NetDevice> oif,
                                Socket::SocketErrno& sockerr)
{
    if (m_dataPlane->IsDown())
    {
        sockerr = Socket::ERROR_NOROUTETOHOST;
        return nullptr;
    }
    const Ptr<Ipv4Route> route = ChooseRoute(p, header, oif, sockerr);
    if (route && p && route->GetOutputDevice() == m_device && IsTooBig(p, header))
    {
        Ptr<Packet> whole = p->Copy();
        whole->AddHeader(header);
        m_dataPlane->DropPacket(whole, Fault::PacketTooBig);
        sockerr = Socket::ERROR_MSGSIZE;
        return nullptr;
    }
    return route;
}

Ptr<Ipv4Route>
IpsecPolicyRouting::ChooseRoute(Ptr<Packet> p,
                                const Ipv4Header& header,
                                Ptr<NetDevice> oif,
                                Socket::SocketErrno& sockerr)
{
    const Ptr<Ipv4Route> route = m_inner->RouteOutput(p, header, oif, sockerr);
    const Ipv4Address destination = header.GetDestination();
    // A raw socket with an address asks for its device; that must not lead past the policies. What
    // is bound to an inner device stays inside.
    const bool isBoundInside =
        oif && oif != m_device && route &&
        !m_own.IsOuter(static_cast<uint32_t>(m_ipv4->GetInterfaceForDevice(oif)));
    if (isBoundInside || IsGroup(destination) || destination.IsLocalhost())
    {
        return route;
    }
    const bool hasSource = IsSet(header.GetSource());
    if (!hasSource && !m_own.IsAttachedInside(destination))
    {
        // Nobody chose a source yet (ICMP errors never do): an address of ours that a policy covers
        // comes before the outer one, with which the packet would miss the policy.
        if (const std::optional<Ipv4Address> inside = ProtectedSource(header, p))
        {
            sockerr = Socket::ERROR_NOTERROR;
            return TunnelRoute(*inside, destination);
        }
    }
    if (!hasSource && !route)
    {
        return route;
    }
    const Ipv4Address source = hasSource ? header.GetSource() : route->GetSource();
    if (!IsSet(source))
    {
        // Who has no address sends nothing but what asks for one, which goes to everybody.
        sockerr = Socket::ERROR_NOROUTETOHOST;
        return nullptr;
    }
    const FlowKey flow = OwnFlow(source, header, p);
    if (IsTunnelTraffic(flow.source, flow.protocol, flow.sourcePort))
    {
        const bool isInTunnel = route && route->GetOutputDevice() == m_device;
        return isInTunnel ? m_dataPlane->OuterRoute(source, destination, flow.protocol) : route;
    }
    const std::optional<PolicyAction> action = ClassifyOwn(flow);
    if (!action || m_own.IsAttachedInside(destination))
    {
        return route;
    }
    if (action == PolicyAction::Discard)
    {
        if (p)
        {
            m_dataPlane->DropPacket(p, Fault::PolicyDiscard);
        }
        sockerr = Socket::ERROR_NOROUTETOHOST;
        return nullptr;
    }
    if (action == PolicyAction::Protect)
    {
        sockerr = Socket::ERROR_NOTERROR;
        return TunnelRoute(source, destination);
    }
    return route;
}

std::optional<Ipv4Address>
IpsecPolicyRouting::ProtectedSource(const Ipv4Header& header, Ptr<const Packet> p) const
{
    for (uint32_t interface = 0; interface < m_ipv4->GetNInterfaces(); ++interface)
    {
        // The tunnel device may borrow the address of a tunnel end, but what it was assigned is its
        // own.
        const bool isTunnel = m_ipv4->GetNetDevice(interface) == m_device;
        if (!isTunnel && m_own.IsOuter(interface))
        {
            continue;
        }
        for (uint32_t i = 0; i < m_ipv4->GetNAddresses(interface); ++i)
        {
            const Ipv4Address own = m_ipv4->GetAddress(interface, i).GetLocal();
            if (isTunnel && m_own.IsTunnelEnd(ToCore(own)))
            {
                continue;
            }
            if (!own.IsLocalhost() && ClassifyOwn(OwnFlow(own, header, p)) == PolicyAction::Protect)
            {
                return own;
            }
        }
    }
    return std::nullopt;
}

std::optional<PolicyAction>
IpsecPolicyRouting::ClassifyOwn(const FlowKey& flow) const
{
    const Spd& policies = m_dataPlane->GetProcessor().Policies();
    const Policy* rule = policies.FindSteering(flow);
    if (HasUnknownPorts(flow) && policies.HasPorts())
    {
        // The data plane decides where ports are known; until then, any rule that might match leads
        // to the tunnel device.
        const Policy* possible = policies.FindSteeringFragment(flow);
        if (possible != nullptr && possible != rule)
        {
            return PolicyAction::Protect;
        }
        const bool isUncertain = rule != nullptr && rule->action == PolicyAction::Discard;
        return isUncertain ? PolicyAction::Protect : ActionOf(rule);
    }
    return ActionOf(rule);
}

Ptr<Ipv4Route>
IpsecPolicyRouting::TunnelRoute(Ipv4Address source, Ipv4Address destination) const
{
    Ptr<Ipv4Route> route = Create<Ipv4Route>();
    route->SetSource(source);
    route->SetDestination(destination);
    route->SetGateway(Ipv4Address::GetAny());
    route->SetOutputDevice(m_device);
    return route;
}

// Where addresses are

bool
IpsecPolicyRouting::IsTunnelTraffic(IpAddress end, uint8_t protocol, uint16_t port) const
{
    const bool isIke = protocol == IP_PROTOCOL_UDP && (port == IKE_PORT || port == NATT_PORT);
    const bool isSealed = protocol == IP_PROTOCOL_ESP || protocol == IP_PROTOCOL_AH;
    return (isIke || isSealed) && m_own.IsTunnelEnd(end);
}

// The rest is the wrapped protocol's business

void
IpsecPolicyRouting::AddRoutingProtocol(Ptr<Ipv4RoutingProtocol> routingProtocol, int16_t priority)
{
    const Ptr<Ipv4ListRouting> list = DynamicCast<Ipv4ListRouting>(m_inner);
    if (!list)
    {
        throw std::invalid_argument("The routing protocol behind the policies is not a list; add "
                                    "others before IPsec is installed.");
    }
    list->AddRoutingProtocol(routingProtocol, priority);
}

uint32_t
IpsecPolicyRouting::GetNRoutingProtocols() const
{
    const Ptr<Ipv4ListRouting> list = DynamicCast<Ipv4ListRouting>(m_inner);
    return list ? list->GetNRoutingProtocols() : 1;
}

Ptr<Ipv4RoutingProtocol>
IpsecPolicyRouting::GetRoutingProtocol(uint32_t index, int16_t& priority) const
{
    if (const Ptr<Ipv4ListRouting> list = DynamicCast<Ipv4ListRouting>(m_inner))
    {
        return list->GetRoutingProtocol(index, priority);
    }
    priority = 0;
    return m_inner;
}

void
IpsecPolicyRouting::NotifyInterfaceUp(uint32_t interface)
{
    m_inner->NotifyInterfaceUp(interface);
}

void
IpsecPolicyRouting::NotifyInterfaceDown(uint32_t interface)
{
    m_inner->NotifyInterfaceDown(interface);
}

void
IpsecPolicyRouting::NotifyAddAddress(uint32_t interface, Ipv4InterfaceAddress address)
{
    m_own.NotifyChange();
    m_inner->NotifyAddAddress(interface, address);
    m_addressAddedTrace(interface, address);
}

void
IpsecPolicyRouting::NotifyRemoveAddress(uint32_t interface, Ipv4InterfaceAddress address)
{
    m_own.NotifyChange();
    m_inner->NotifyRemoveAddress(interface, address);
    m_addressRemovedTrace(interface, address);
}

void
IpsecPolicyRouting::SetIpv4(Ptr<Ipv4> ipv4)
{
    // The wrapped protocol already has it and would not take it twice.
    m_ipv4 = ipv4;
    m_own.SetIpv4(ipv4);
}

void
IpsecPolicyRouting::PrintRoutingTable(Ptr<OutputStreamWrapper> stream, Time::Unit unit) const
{
    m_inner->PrintRoutingTable(stream, unit);
}

} // namespace ipsec
} // namespace ns3
