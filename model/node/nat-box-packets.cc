// SPDX-License-Identifier: GPL-2.0-only
// What a NatBox does with packets; how it is wired is in nat-box.cc.
#include "ipsec-conversions.h"
#include "nat-box.h"
#include "nat-routing.h"

#include "ns3/icmpv4.h"
#include "ns3/ipv4-end-point.h"
#include "ns3/ipv4-route.h"
#include "ns3/node.h"
#include "ns3/tcp-l4-protocol.h"
#include "ns3/udp-l4-protocol.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr uint8_t ICMP = static_cast<uint8_t>(NatProtocol::Icmp);
constexpr uint8_t DESTINATION_UNREACHABLE = 3;
constexpr uint8_t ADMINISTRATIVELY_PROHIBITED = 13;
/// As much of a packet of the node itself as says whose the answers are.
constexpr uint32_t OCTETS_OF_INTEREST = 64;

NatPacket
ToNatPacket(const NatPiece& piece, uint32_t octets)
{
    NatPacket packet;
    packet.source = ToCore(piece.header.GetSource());
    packet.destination = ToCore(piece.header.GetDestination());
    packet.protocol = piece.header.GetProtocol();
    packet.identification = piece.header.GetIdentification();
    packet.fragmentOffset = piece.header.GetFragmentOffset();
    packet.hasMoreFragments = !piece.header.IsLastFragment();
    packet.payload.resize(std::min(octets, piece.packet->GetSize()));
    piece.packet->CopyData(packet.payload.data(), static_cast<uint32_t>(packet.payload.size()));
    return packet;
}

NatPiece
ToPiece(const NatPacket& packet, const NatPiece& before)
{
    NatPiece after = before;
    after.header.SetSource(ToNs3(packet.source));
    after.header.SetDestination(ToNs3(packet.destination));
    after.header.SetIdentification(packet.identification);
    if (packet.fragmentOffset == 0)
    {
        after.packet = ToPacketLike(*before.packet, packet.payload);
    }
    return after;
}

/// Tells whether a refusal is for want of a mapping, and not for what the packet is.
bool
IsForWantOfMapping(NatFault fault)
{
    switch (fault)
    {
    case NatFault::NoPort:
    case NatFault::MappingLimit:
    case NatFault::HostLimit:
    case NatFault::SessionLimit:
    case NatFault::EspOff:
    case NatFault::EspBusy:
    case NatFault::IkeBusy:
        return true;
    default:
        return false;
    }
}

/// Tells whether a transport protocol of a node has a socket on a port.
template <typename Transport>
bool
HasSocket(Transport& transport, Ptr<NetDevice> device, Ipv4Address address, uint16_t port)
{
    // The stack does not tell, but does not give a port away twice.
    for (const Ipv4Address local : {address, Ipv4Address::GetAny()})
    {
        Ipv4EndPoint* endPoint = transport.Allocate(device, local, port);
        if (endPoint == nullptr)
        {
            return true;
        }
        transport.DeAllocate(endPoint);
    }
    return false;
}

} // namespace

NatBox::Passage
NatBox::FromInside(const NatPiece& piece)
{
    NatPacket packet = ToNatPacket(piece, piece.packet->GetSize());
    const uint64_t ticket = m_nextTicket++;
    packet.ticket = ticket;
    return Carry(
        m_translator->FromInside(InstantNow(), std::move(packet), m_random), piece, ticket);
}

NatBox::Passage
NatBox::FromOutside(const NatPiece& piece)
{
    NatPacket packet = ToNatPacket(piece, piece.packet->GetSize());
    const uint64_t ticket = m_nextTicket++;
    packet.ticket = ticket;
    return Carry(m_translator->FromOutside(InstantNow(), std::move(packet)), piece, ticket);
}

NatBox::Passage
NatBox::Carry(const NatOutcome& outcome, const NatPiece& piece, uint64_t ticket)
{
    Report(outcome.events);
    DropLost(outcome);
    Passage passage;
    if (outcome.kind == NatOutcome::Kind::Hold)
    {
        m_held.emplace(ticket, piece);
    }
    if (outcome.kind == NatOutcome::Kind::Drop)
    {
        DropPacket(piece, outcome.fault);
        if (m_refusesWithIcmp && IsForWantOfMapping(outcome.fault))
        {
            SendProhibited(piece);
        }
    }
    for (const NatPacket& packet : outcome.packets)
    {
        const NatPiece before = packet.ticket == ticket ? piece : TakeHeld(packet.ticket);
        if (outcome.kind == NatOutcome::Kind::Own)
        {
            if (outcome.fault == NatFault::None || NodeWants(before))
            {
                passage.own.push_back(before);
                continue;
            }
            DropPacket(before, outcome.fault);
            continue;
        }
        ++m_translated;
        passage.translated.push_back({before, ToPiece(packet, before)});
        m_translatedTrace(passage.translated.back());
    }
    Reschedule();
    return passage;
}

NatPiece
NatBox::TakeHeld(uint64_t ticket)
{
    const auto found = m_held.find(ticket);
    NS_ASSERT(found != m_held.end());
    const NatPiece piece = found->second;
    m_held.erase(found);
    return piece;
}

void
NatBox::DropLost(const NatOutcome& outcome)
{
    for (const NatLoss& loss : outcome.lost)
    {
        DropPacket(TakeHeld(loss.ticket), loss.fault);
    }
}

void
NatBox::DropPacket(const NatPiece& piece, NatFault fault)
{
    ++m_drops[static_cast<size_t>(fault)];
    const Ptr<Packet> whole = piece.packet->Copy();
    whole->AddHeader(piece.header);
    m_dropTrace(whole, fault);
}

bool
NatBox::NodeWants(const NatPiece& piece) const
{
    const uint8_t protocol = piece.header.GetProtocol();
    const bool isUdp = protocol == static_cast<uint8_t>(NatProtocol::Udp);
    const bool isTcp = protocol == static_cast<uint8_t>(NatProtocol::Tcp);
    if (protocol == ICMP || piece.header.GetFragmentOffset() > 0)
    {
        return true;
    }
    const Ptr<IpL4Protocol> handler = m_ipv4->GetProtocol(protocol);
    if (!handler || !(isUdp || isTcp))
    {
        return static_cast<bool>(handler);
    }
    const Ptr<NetDevice> device = m_ipv4->GetNetDevice(m_outside);
    const Ipv4Address address = piece.header.GetDestination();
    const uint16_t port = FlowOf(piece.header, *piece.packet).destinationPort;
    if (isUdp)
    {
        const Ptr<UdpL4Protocol> udp = DynamicCast<UdpL4Protocol>(handler);
        return udp && HasSocket(*udp, device, address, port);
    }
    const Ptr<TcpL4Protocol> tcp = DynamicCast<TcpL4Protocol>(handler);
    return tcp && HasSocket(*tcp, device, address, port);
}

void
NatBox::SendProhibited(const NatPiece& piece)
{
    if (piece.header.GetFragmentOffset() > 0)
    {
        return;
    }
    Icmpv4DestinationUnreachable unreachable;
    unreachable.SetHeader(piece.header);
    unreachable.SetData(piece.packet);
    unreachable.SetNextHopMtu(0);
    Icmpv4Header icmp;
    icmp.SetType(DESTINATION_UNREACHABLE);
    icmp.SetCode(ADMINISTRATIVELY_PROHIBITED);
    if (Node::ChecksumEnabled())
    {
        icmp.EnableChecksum();
    }
    const Ptr<Packet> message = Create<Packet>();
    message->AddHeader(unreachable);
    message->AddHeader(icmp);

    Ipv4Header header;
    header.SetDestination(piece.header.GetSource());
    header.SetProtocol(ICMP);
    Socket::SocketErrno error;
    const Ptr<Ipv4Route> route =
        m_routing->GetInner()->RouteOutput(message, header, nullptr, error);
    if (route)
    {
        m_ipv4->Send(message, route->GetSource(), header.GetDestination(), ICMP, route);
    }
}

void
NatBox::NoteOwn(const Ipv4Header& header, Ptr<const Packet> packet, uint32_t interface)
{
    if (interface == m_outside && IsOutsideAddress(header.GetSource()))
    {
        m_translator->NoteOwn(InstantNow(), ToNatPacket({packet, header}, OCTETS_OF_INTEREST));
        Reschedule();
    }
}

} // namespace ipsec
} // namespace ns3
