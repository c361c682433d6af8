// SPDX-License-Identifier: GPL-2.0-only
// Packets of IpsecDataPlane that may not fit through their tunnel; the others are in
// ipsec-data-plane.cc.
#include "ipsec-conversions.h"
#include "ipsec-data-plane.h"
#include "ipsec-net-device.h"

#include "ns3/esp-header.h"
#include "ns3/icmpv4-l4-protocol.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/log.h"
#include "ns3/simulator.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

NS_LOG_COMPONENT_DEFINE("IpsecDataPlaneSizes");

namespace
{

/// Of a link that nobody can look up yet.
constexpr uint16_t USUAL_MTU = 1500;
constexpr size_t PORTS_OCTETS = 4;
constexpr size_t UDP_HEADER_OCTETS = 8;
/// Where the SPI is in an AH header (RFC 4302 section 2).
constexpr size_t AH_SPI_OFFSET = 4;

/// Reads which of our SAs a quoted packet was sent through.
std::optional<SaKey>
ReadQuotedSa(const TooBigMessage& message)
{
    SaKey key{SaDirection::Outbound, ProtocolId::Esp, 0, ToCore(message.destination)};
    OctetReader reader(message.payload);
    switch (message.protocol)
    {
    case IP_PROTOCOL_ESP:
        break;
    case IP_PROTOCOL_AH:
        key.protocol = ProtocolId::Ah;
        reader.Take(AH_SPI_OFFSET);
        break;
    case IP_PROTOCOL_UDP:
        reader.Take(UDP_HEADER_OCTETS);
        break;
    default:
        return std::nullopt;
    }
    key.spi = reader.U32();
    return reader.Ok() ? std::make_optional(key) : std::nullopt;
}

/// Tells whether the quoted ports are those of an SA in UDP.
bool
HasPortsOf(const IpsecSa& sa, const TooBigMessage& message)
{
    OctetReader reader(OctetView(message.payload).First(PORTS_OCTETS));
    return reader.U16() == sa.local.port && reader.U16() == sa.remote.port;
}

} // namespace

void
IpsecDataPlane::Protect(Ptr<Packet> packet)
{
    if (packet->GetSize() <= m_sizes.FitsAnyway())
    {
        ProtectFitting(packet);
        return;
    }
    const std::optional<ChildId> child = ChildOf(packet);
    Ipv4Header header;
    packet->PeekHeader(header);
    const Fit fit =
        child ? m_sizes.Judge(InstantNow(), *child, packet->GetSize(), header.IsDontFragment())
              : Fit::Whole;
    switch (fit)
    {
    case Fit::Whole:
        ProtectFitting(packet);
        break;
    case Fit::TooBig:
        RefuseTooBig(packet);
        break;
    case Fit::Cut:
    {
        const size_t largest = m_sizes.LargestPacket(InstantNow(), *child);
        for (const Ptr<Packet>& fragment : CutPacket(packet, static_cast<uint32_t>(largest)))
        {
            ProtectFitting(fragment);
        }
        break;
    }
    }
}

std::optional<ChildId>
IpsecDataPlane::ChildOf(Ptr<const Packet> packet) const
{
    Ipv4Header header;
    packet->PeekHeader(header);
    const Result<FlowKey> flow = ParseFlowKey(ToOctets(*packet));
    if (!flow)
    {
        return std::nullopt;
    }
    const Spd& policies = m_processor->Policies();
    const Policy* policy = header.GetFragmentOffset() != 0 ? policies.FindOutboundFragment(*flow)
                                                           : policies.FindOutbound(*flow);
    const bool isProtected = policy != nullptr && policy->action == PolicyAction::Protect;
    return isProtected ? std::make_optional(policy->child) : std::nullopt;
}

void
IpsecDataPlane::RefuseTooBig(Ptr<const Packet> packet)
{
    size_t largest = m_device ? m_device->GetMtu() : USUAL_MTU;
    if (const std::optional<ChildId> child = ChildOf(packet))
    {
        largest = std::min(largest, m_sizes.LargestPacket(InstantNow(), *child));
    }
    RefuseTooBig(packet, largest);
}

void
IpsecDataPlane::RefuseTooBig(Ptr<const Packet> packet, size_t largest)
{
    DropPacket(packet, Fault::PacketTooBig);
    const Ptr<Packet> payload = packet->Copy();
    Ipv4Header header;
    payload->RemoveHeader(header);
    const Ptr<Icmpv4L4Protocol> icmp = GetObject<Icmpv4L4Protocol>();
    // Later fragments are not answered (RFC 1122 section 3.2.2).
    if (icmp && header.GetFragmentOffset() == 0)
    {
        icmp->SendDestUnreachFragNeeded(header, payload, static_cast<uint16_t>(largest));
    }
}

const SaEntry*
IpsecDataPlane::FindQuoted(const TooBigMessage& message) const
{
    const std::optional<SaKey> key = ReadQuotedSa(message);
    const SaEntry* entry = key ? m_processor->Associations().Find(*key) : nullptr;
    if (entry == nullptr || entry->sa.local.address != ToCore(message.source))
    {
        return nullptr;
    }
    const bool isInUdp = message.protocol == IP_PROTOCOL_UDP;
    const bool isAsSent =
        isInUdp == entry->sa.udpEncapsulated && (!isInUdp || HasPortsOf(entry->sa, message));
    return isAsSent ? entry : nullptr;
}

bool
IpsecDataPlane::HandleTooBig(const TooBigMessage& message)
{
    NS_LOG_FUNCTION(this << message.destination << message.mtu);
    const SaEntry* entry = FindQuoted(message);
    if (entry == nullptr)
    {
        return false;
    }
    if (m_pathMtuDiscovery)
    {
        const Instant now = InstantNow();
        const std::optional<uint16_t> mtu = m_sizes.LowerPathMtu(
            now, now + ToDuration(m_pathMtuTimeout), entry->sa.remote.address, message.mtu);
        if (mtu)
        {
            m_pathMtuTrace(message.destination, *mtu);
        }
    }
    return true;
}

void
IpsecDataPlane::ExpectTunnel(ChildId child, const TunnelShape& shape)
{
    m_expected.insert(child);
    m_sizes.SetShape(child, shape);
}

void
IpsecDataPlane::ForgetShape(ChildId child)
{
    if (m_expected.count(child) == 0 && m_processor->Associations().OfChild(child).empty())
    {
        m_sizes.Remove(child);
    }
}

void
IpsecDataPlane::LearnShape(const IpsecSa& sa)
{
    // Half a bundle carries nothing yet.
    const std::optional<Encapsulation> encapsulation = m_processor->EncapsulationOf(sa.child);
    if (!encapsulation)
    {
        return;
    }
    const TunnelShape shape{*encapsulation,
                            sa.outerHeader,
                            sa.remote.address,
                            LinkMtu(sa.local.address, sa.remote.address)};
    m_sizes.SetShape(sa.child, shape);
}

const IpsecTunnelSizes&
IpsecDataPlane::TunnelSizes() const
{
    return m_sizes;
}

uint16_t
IpsecDataPlane::LinkMtu(IpAddress local, IpAddress remote) const
{
    if (const Ptr<Ipv4Route> route = OuterRoute(ToNs3(local), ToNs3(remote), IP_PROTOCOL_ESP))
    {
        return route->GetOutputDevice()->GetMtu();
    }
    const Ptr<Ipv4> ipv4 = GetObject<Ipv4>();
    const int32_t interface = ipv4 ? ipv4->GetInterfaceForAddress(ToNs3(local)) : -1;
    return interface < 0 ? USUAL_MTU : ipv4->GetMtu(static_cast<uint32_t>(interface));
}

} // namespace ipsec
} // namespace ns3
