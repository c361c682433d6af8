// SPDX-License-Identifier: GPL-2.0-only
#include "nat-routing.h"

#include "ns3/icmpv4-l4-protocol.h"
#include "ns3/ipv4-route.h"
#include "ns3/node.h"

#include <stdexcept>

namespace ns3
{
namespace ipsec
{

NS_OBJECT_ENSURE_REGISTERED(NatRouting);

TypeId
NatRouting::GetTypeId()
{
    static TypeId tid = TypeId("ns3::ipsec::NatRouting")
                            .SetParent<Ipv4ListRouting>()
                            .SetGroupName("Ipsec")
                            .AddConstructor<NatRouting>();
    return tid;
}

NatRouting::NatRouting() = default;
NatRouting::~NatRouting() = default;

void
NatRouting::DoInitialize()
{
    if (m_inner)
    {
        m_inner->Initialize();
    }
    Ipv4ListRouting::DoInitialize();
}

void
NatRouting::DoDispose()
{
    m_ipv4 = nullptr;
    m_inner = nullptr;
    m_box = nullptr;
    m_before = NatPiece{};
    Ipv4ListRouting::DoDispose();
}

void
NatRouting::Wrap(Ptr<Ipv4> ipv4, Ptr<NatBox> box)
{
    m_inner = ipv4->GetRoutingProtocol();
    m_box = box;
    ipv4->SetRoutingProtocol(this);
}

Ptr<Ipv4RoutingProtocol>
NatRouting::GetInner() const
{
    return m_inner;
}

// What comes in

bool
NatRouting::RouteInput(Ptr<const Packet> p,
                       const Ipv4Header& header,
                       Ptr<const NetDevice> idev,
                       RouteInputTypes::UnicastForward ucb,
                       RouteInputTypes::MulticastForward mcb,
                       RouteInputTypes::LocalDeliver lcb,
                       RouteInputTypes::ErrorReport ecb)
{
    const auto interface = static_cast<uint32_t>(m_ipv4->GetInterfaceForDevice(idev));
    const Ipv4Address destination = header.GetDestination();
    const NatPiece piece{p, header};
    const NatBox::Side side = m_box->SideOf(interface);
    if (m_box->IsDown() && side != NatBox::Side::Neither)
    {
        m_box->DropPacket(piece, NatFault::Down);
        return true;
    }
    if (side == NatBox::Side::Neither || destination.IsBroadcast() || destination.IsMulticast())
    {
        return m_inner->RouteInput(p, header, idev, ucb, mcb, lcb, ecb);
    }
    const Ways ways{idev, ucb, mcb, lcb, ecb};
    m_forward = ucb;
    return side == NatBox::Side::Inside ? RouteFromInside(piece, ways)
                                        : RouteFromOutside(piece, ways);
}

bool
NatRouting::RouteFromInside(const NatPiece& piece, const Ways& ways)
{
    if (m_box->IsOutsideAddress(piece.header.GetDestination()))
    {
        RoutePassage(m_box->FromInside(piece), ways);
        return true;
    }
    return RouteInner(piece, ways, MakeCallback(&NatRouting::ForwardFromInside, this));
}

bool
NatRouting::RouteFromOutside(const NatPiece& piece, const Ways& ways)
{
    if (m_box->IsOutsideAddress(piece.header.GetDestination()))
    {
        RoutePassage(m_box->FromOutside(piece), ways);
        return true;
    }
    return RouteInner(piece, ways, MakeCallback(&NatRouting::ForwardPast, this));
}

bool
NatRouting::RouteInner(const NatPiece& piece, const Ways& ways, UnicastForwardCallback forward)
{
    return m_inner->RouteInput(piece.packet,
                               piece.header,
                               ways.device,
                               forward,
                               ways.forwardGroup,
                               ways.deliver,
                               ways.report);
}

void
NatRouting::RoutePassage(const NatBox::Passage& passage, const Ways& ways)
{
    for (const NatPiece& own : passage.own)
    {
        RouteInner(own, ways, ways.forward);
    }
    for (const NatTranslation& translation : passage.translated)
    {
        m_before = translation.before;
        const bool isRouted =
            RouteInner(translation.after, ways, MakeCallback(&NatRouting::ForwardTranslated, this));
        if (!isRouted)
        {
            ways.report(
                translation.after.packet, translation.after.header, Socket::ERROR_NOROUTETOHOST);
        }
    }
}

void
NatRouting::ForwardFromInside(Ptr<Ipv4Route> route, Ptr<const Packet> p, const Ipv4Header& header)
{
    const NatPiece piece{p, header};
    if (SideOf(route) != NatBox::Side::Outside)
    {
        m_forward(route, p, header);
        return;
    }
    if (IsRefused(route, piece))
    {
        return;
    }
    for (const NatTranslation& translation : m_box->FromInside(piece).translated)
    {
        m_forward(route, translation.after.packet, translation.after.header);
    }
}

void
NatRouting::ForwardTranslated(Ptr<Ipv4Route> route, Ptr<const Packet> p, const Ipv4Header& header)
{
    if (!IsRefused(route, m_before))
    {
        m_forward(route, p, header);
    }
}

void
NatRouting::ForwardPast(Ptr<Ipv4Route> route, Ptr<const Packet> p, const Ipv4Header& header)
{
    if (SideOf(route) == NatBox::Side::Inside)
    {
        m_box->DropPacket({p, header}, NatFault::Bypass);
        return;
    }
    m_forward(route, p, header);
}

bool
NatRouting::IsRefused(Ptr<Ipv4Route> route, const NatPiece& before)
{
    if (before.header.GetTtl() <= 1)
    {
        m_forward(route, before.packet, before.header);
        return true;
    }
    const uint32_t size = before.packet->GetSize() + before.header.GetSerializedSize();
    const uint16_t mtu = route->GetOutputDevice()->GetMtu();
    if (!before.header.IsDontFragment() || size <= mtu)
    {
        return false;
    }
    m_box->DropPacket(before, NatFault::TooBig);
    const Ptr<Icmpv4L4Protocol> icmp = m_ipv4->GetObject<Icmpv4L4Protocol>();
    if (icmp)
    {
        icmp->SendDestUnreachFragNeeded(before.header, before.packet, mtu);
    }
    return true;
}

NatBox::Side
NatRouting::SideOf(Ptr<const Ipv4Route> route) const
{
    const int32_t interface = m_ipv4->GetInterfaceForDevice(route->GetOutputDevice());
    return m_box->SideOf(static_cast<uint32_t>(interface));
}

// The rest is the wrapped protocol's business

Ptr<Ipv4Route>
NatRouting::RouteOutput(Ptr<Packet> p,
                        const Ipv4Header& header,
                        Ptr<NetDevice> oif,
                        Socket::SocketErrno& sockerr)
{
    if (m_box->IsDown())
    {
        sockerr = Socket::ERROR_NOROUTETOHOST;
        return nullptr;
    }
    return m_inner->RouteOutput(p, header, oif, sockerr);
}

void
NatRouting::AddRoutingProtocol(Ptr<Ipv4RoutingProtocol> routingProtocol, int16_t priority)
{
    const Ptr<Ipv4ListRouting> list = DynamicCast<Ipv4ListRouting>(m_inner);
    if (!list)
    {
        throw std::invalid_argument("The routing protocol behind the NAT is not a list; add others "
                                    "before it is installed.");
    }
    list->AddRoutingProtocol(routingProtocol, priority);
}

uint32_t
NatRouting::GetNRoutingProtocols() const
{
    const Ptr<Ipv4ListRouting> list = DynamicCast<Ipv4ListRouting>(m_inner);
    return list ? list->GetNRoutingProtocols() : 1;
}

Ptr<Ipv4RoutingProtocol>
NatRouting::GetRoutingProtocol(uint32_t index, int16_t& priority) const
{
    if (const Ptr<Ipv4ListRouting> list = DynamicCast<Ipv4ListRouting>(m_inner))
    {
        return list->GetRoutingProtocol(index, priority);
    }
    priority = 0;
    return m_inner;
}

void
NatRouting::NotifyInterfaceUp(uint32_t interface)
{
    m_inner->NotifyInterfaceUp(interface);
}

void
NatRouting::NotifyInterfaceDown(uint32_t interface)
{
    m_inner->NotifyInterfaceDown(interface);
}

void
NatRouting::NotifyAddAddress(uint32_t interface, Ipv4InterfaceAddress address)
{
    m_inner->NotifyAddAddress(interface, address);
    m_box->NotifyAddresses(interface);
}

void
NatRouting::NotifyRemoveAddress(uint32_t interface, Ipv4InterfaceAddress address)
{
    m_inner->NotifyRemoveAddress(interface, address);
    m_box->NotifyAddresses(interface);
}

void
NatRouting::SetIpv4(Ptr<Ipv4> ipv4)
{
    // The wrapped protocol already has it and would not take it twice.
    m_ipv4 = ipv4;
}

void
NatRouting::PrintRoutingTable(Ptr<OutputStreamWrapper> stream, Time::Unit unit) const
{
    m_inner->PrintRoutingTable(stream, unit);
}

} // namespace ipsec
} // namespace ns3
