// SPDX-License-Identifier: GPL-2.0-only
// How packets of IpsecDataPlane leave the node, sealed or in clear; what is decided about them is
// in ipsec-data-plane.cc.
#include "ipsec-conversions.h"
#include "ipsec-data-plane.h"
#include "ipsec-net-device.h"

#include "ns3/esp-header.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv4-route.h"
#include "ns3/node.h"
#include "ns3/socket.h"
#include "ns3/udp-header.h"

namespace ns3
{
namespace ipsec
{

namespace
{

/// Makes the outer header of a sealed packet that goes without UDP.
Ipv4Header
ToIpv4Header(const OuterHeader& outer, size_t payloadOctets)
{
    Ipv4Header header;
    header.SetTos(outer.typeOfService);
    header.SetIdentification(outer.identification);
    if (outer.dontFragment)
    {
        header.SetDontFragment();
    }
    else
    {
        header.SetMayFragment();
    }
    header.SetTtl(outer.timeToLive);
    header.SetProtocol(outer.protocol);
    header.SetSource(ToNs3(outer.source));
    header.SetDestination(ToNs3(outer.destination));
    header.SetPayloadSize(static_cast<uint16_t>(payloadOctets));
    return header;
}

/// Puts UDP in front of ESP (RFC 3948 section 2.1). The checksum should be zero, but a receiver of
/// ns-3 that checks takes zero for wrong.
void
AddUdpHeader(const Endpoint& local, const Endpoint& remote, Packet& packet)
{
    UdpHeader header;
    header.SetSourcePort(local.port);
    header.SetDestinationPort(remote.port);
    if (Node::ChecksumEnabled())
    {
        header.EnableChecksums();
        header.InitializeChecksum(ToNs3(local.address), ToNs3(remote.address), IP_PROTOCOL_UDP);
    }
    packet.AddHeader(header);
}

} // namespace

void
IpsecDataPlane::SendSealed(const Sealed& sealed, Ptr<Packet> inner)
{
    const uint8_t protocol = sealed.udpEncapsulated ? IP_PROTOCOL_UDP : sealed.header.protocol;
    const Ptr<Ipv4Route> route =
        OuterRoute(ToNs3(sealed.local.address), ToNs3(sealed.remote.address), protocol);
    if (!route || route->GetOutputDevice() == m_device)
    {
        DropPacket(inner, Fault::NoRoute);
        return;
    }
    Ptr<Packet> outer = ToPacketLike(*inner, sealed.packet);
    if (sealed.udpEncapsulated)
    {
        AddUdpHeader(sealed.local, sealed.remote, *outer);
    }
    Ipv4Header header = ToIpv4Header(sealed.header, outer->GetSize());
    header.SetProtocol(protocol);
    const uint16_t mtu =
        m_sizes.PathMtu(InstantNow(), sealed.remote.address, route->GetOutputDevice()->GetMtu());
    const bool isTooBig = outer->GetSize() + header.GetSerializedSize() > mtu;
    if (isTooBig && sealed.header.dontFragment)
    {
        // It waited for its SA, whose overhead nobody knew, or the path became narrower meanwhile.
        RefuseTooBig(inner, m_sizes.LargestPacket(InstantNow(), sealed.child));
        return;
    }
    // First, because a device without delay may bring the answer at once. The route is explicit, so
    // that the packet is not led into the tunnel again.
    m_protected++;
    m_protectTrace(inner, sealed);
    Stack()->SendWithHeader(outer, header, route);
}

void
IpsecDataPlane::SendInClear(Ptr<Packet> packet)
{
    Ipv4Header header;
    packet->PeekHeader(header);
    const Ptr<Ipv4Route> route =
        OuterRoute(header.GetSource(), header.GetDestination(), header.GetProtocol());
    // A route that leads back here was made by the user, who wants no packet to leave in clear.
    if (!route || route->GetOutputDevice() == m_device)
    {
        DropPacket(packet, Fault::NoPolicy);
        return;
    }
    m_bypassed++;
    m_bypassTrace(packet);
    packet->RemoveHeader(header);
    Stack()->SendWithHeader(packet, header, route);
}

Ptr<Ipv4L3Protocol>
IpsecDataPlane::Stack()
{
    if (!m_stack)
    {
        m_stack = GetObject<Ipv4L3Protocol>();
    }
    return m_stack;
}

Ptr<Ipv4Route>
IpsecDataPlane::OuterRoute(Ipv4Address local, Ipv4Address remote, uint8_t protocol) const
{
    Ptr<Ipv4RoutingProtocol> routing = m_outerRouting;
    if (!routing)
    {
        const Ptr<Ipv4> ipv4 = GetObject<Ipv4>();
        routing = ipv4 ? ipv4->GetRoutingProtocol() : nullptr;
    }
    if (!routing)
    {
        return nullptr;
    }
    Ipv4Header header;
    header.SetSource(local);
    header.SetDestination(remote);
    header.SetProtocol(protocol);
    Socket::SocketErrno error = Socket::ERROR_NOTERROR;
    const Ptr<Ipv4Route> route = routing->RouteOutput(nullptr, header, nullptr, error);
    if (!route || route->GetOutputDevice() != m_device)
    {
        return route;
    }
    // A route into the tunnel covers the peer, too (as the one for everything does). What makes the
    // tunnel goes around it, through the link that its own address is at.
    const Ptr<Ipv4> ipv4 = GetObject<Ipv4>();
    const int32_t interface = ipv4->GetInterfaceForAddress(local);
    const Ptr<NetDevice> outside =
        interface < 0 ? nullptr : ipv4->GetNetDevice(static_cast<uint32_t>(interface));
    return outside && outside != m_device ? routing->RouteOutput(nullptr, header, outside, error)
                                          : route;
}

} // namespace ipsec
} // namespace ns3
