// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-overlay-device.h"

#include "ipsec-conversions.h"

#include "ns3/esp-header.h"
#include "ns3/inet-socket-address.h"
#include "ns3/ipv4-interface.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv6-interface.h"
#include "ns3/log.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <array>

namespace ns3
{
namespace ipsec
{

NS_LOG_COMPONENT_DEFINE("IpsecOverlayDevice");
NS_OBJECT_ENSURE_REGISTERED(IpsecGreProtocol);
NS_OBJECT_ENSURE_REGISTERED(IpsecOverlayDevice);

namespace
{

constexpr uint16_t L2TP_PORT = 1701;
/// What 1500 octets leave behind IP, ESP in transport mode and GRE or L2TP.
constexpr uint16_t DEFAULT_OVERLAY_MTU = 1400;

/// No options, version 0, then the protocol type of IPv4 (RFC 2784 section 2).
constexpr std::array<uint8_t, 4> GRE_HEADER = {0x00, 0x00, 0x08, 0x00};

/// A data message without length and sequence of tunnel 1 and session 1 (RFC 2661 section 3.1),
/// then PPP's address, control and the protocol number of IPv4 (RFC 1661, RFC 1332).
constexpr std::array<uint8_t, 10> L2TP_HEADER =
    {0x00, 0x02, 0x00, 0x01, 0x00, 0x01, 0xff, 0x03, 0x00, 0x21};

/// Puts a fixed header in front of a packet.
template <size_t N>
Ptr<Packet>
WithHeader(const std::array<uint8_t, N>& header, Ptr<Packet> packet)
{
    return ToPacketLike(*packet, Concat({header, ToOctets(*packet)}));
}

/// Takes a fixed header off; false if it is not there.
template <size_t N>
bool
TakeHeader(const std::array<uint8_t, N>& header, Ptr<Packet> packet)
{
    std::array<uint8_t, N> start{};
    if (packet->GetSize() < N || packet->CopyData(start.data(), N) != N || start != header)
    {
        return false;
    }
    packet->RemoveAtStart(N);
    return true;
}

} // namespace

// GRE

TypeId
IpsecGreProtocol::GetTypeId()
{
    static TypeId tid = TypeId("ns3::ipsec::IpsecGreProtocol")
                            .SetParent<IpL4Protocol>()
                            .SetGroupName("Ipsec")
                            .AddConstructor<IpsecGreProtocol>();
    return tid;
}

IpsecGreProtocol::IpsecGreProtocol() = default;
IpsecGreProtocol::~IpsecGreProtocol() = default;

void
IpsecGreProtocol::DoDispose()
{
    m_devices.clear();
    m_downTarget = DownTargetCallback();
    m_downTarget6 = DownTargetCallback6();
    IpL4Protocol::DoDispose();
}

Ptr<IpsecGreProtocol>
IpsecGreProtocol::Of(Ptr<Node> node)
{
    const Ptr<Ipv4L3Protocol> ipv4 = node->GetObject<Ipv4L3Protocol>();
    Ptr<IpsecGreProtocol> gre = DynamicCast<IpsecGreProtocol>(ipv4->GetProtocol(IP_PROTOCOL_GRE));
    if (!gre)
    {
        gre = CreateObject<IpsecGreProtocol>();
        ipv4->Insert(gre);
    }
    return gre;
}

void
IpsecGreProtocol::Register(Ipv4Address remote, Ptr<IpsecOverlayDevice> device)
{
    m_devices[remote] = device;
}

int
IpsecGreProtocol::GetProtocolNumber() const
{
    return IP_PROTOCOL_GRE;
}

IpL4Protocol::RxStatus
IpsecGreProtocol::Receive(Ptr<Packet> p,
                          const Ipv4Header& header,
                          Ptr<Ipv4Interface> /* incomingInterface */)
{
    const auto found = m_devices.find(header.GetSource());
    if (found == m_devices.end())
    {
        return RX_ENDPOINT_UNREACH;
    }
    found->second->ReceiveGre(p);
    return RX_OK;
}

IpL4Protocol::RxStatus
IpsecGreProtocol::Receive(Ptr<Packet> /* p */,
                          const Ipv6Header& /* header */,
                          Ptr<Ipv6Interface> /* incomingInterface */)
{
    return RX_ENDPOINT_UNREACH;
}

void
IpsecGreProtocol::SetDownTarget(DownTargetCallback cb)
{
    m_downTarget = cb;
}

void
IpsecGreProtocol::SetDownTarget6(DownTargetCallback6 cb)
{
    m_downTarget6 = cb;
}

IpL4Protocol::DownTargetCallback
IpsecGreProtocol::GetDownTarget() const
{
    return m_downTarget;
}

IpL4Protocol::DownTargetCallback6
IpsecGreProtocol::GetDownTarget6() const
{
    return m_downTarget6;
}

// The device

TypeId
IpsecOverlayDevice::GetTypeId()
{
    static TypeId tid = TypeId("ns3::ipsec::IpsecOverlayDevice")
                            .SetParent<IpsecRawIpDevice>()
                            .SetGroupName("Ipsec")
                            .AddConstructor<IpsecOverlayDevice>()
                            .AddAttribute("Mtu",
                                          "Largest packet that is wrapped, in octets.",
                                          UintegerValue(DEFAULT_OVERLAY_MTU),
                                          MakeUintegerAccessor(&IpsecOverlayDevice::SetMtu,
                                                               &IpsecOverlayDevice::GetMtu),
                                          MakeUintegerChecker<uint16_t>(68));
    return tid;
}

IpsecOverlayDevice::IpsecOverlayDevice() = default;
IpsecOverlayDevice::~IpsecOverlayDevice() = default;

void
IpsecOverlayDevice::DoDispose()
{
    m_socket = nullptr;
    IpsecRawIpDevice::DoDispose();
}

void
IpsecOverlayDevice::Join(OverlayFraming framing, Ipv4Address local, Ipv4Address remote)
{
    NS_LOG_FUNCTION(this << local << remote);
    m_framing = framing;
    m_local = local;
    m_remote = remote;
    if (framing == OverlayFraming::Gre)
    {
        IpsecGreProtocol::Of(GetNode())->Register(remote, this);
        return;
    }
    m_socket = Socket::CreateSocket(GetNode(), UdpSocketFactory::GetTypeId());
    m_socket->Bind(InetSocketAddress(local, L2TP_PORT));
    m_socket->SetRecvCallback(MakeCallback(&IpsecOverlayDevice::ReceiveL2tp, this));
}

uint64_t
IpsecOverlayDevice::MalformedPackets() const
{
    return m_malformed;
}

bool
IpsecOverlayDevice::SendPacket(Ptr<Packet> packet)
{
    NS_LOG_FUNCTION(this << packet);
    TellMacTx(packet);
    Sniff(packet);
    return m_framing == OverlayFraming::Gre ? SendGre(packet) : SendL2tp(packet);
}

bool
IpsecOverlayDevice::SendGre(Ptr<Packet> packet)
{
    GetNode()->GetObject<Ipv4L3Protocol>()->Send(
        WithHeader(GRE_HEADER, packet), m_local, m_remote, IP_PROTOCOL_GRE, nullptr);
    return true;
}

bool
IpsecOverlayDevice::SendL2tp(Ptr<Packet> packet)
{
    const int sent = m_socket->SendTo(
        WithHeader(L2TP_HEADER, packet), 0, InetSocketAddress(m_remote, L2TP_PORT));
    return sent >= 0;
}

void
IpsecOverlayDevice::ReceiveGre(Ptr<Packet> packet)
{
    if (!TakeHeader(GRE_HEADER, packet))
    {
        m_malformed++;
        return;
    }
    Deliver(packet);
}

void
IpsecOverlayDevice::ReceiveL2tp(Ptr<Socket> socket)
{
    Address from;
    while (Ptr<Packet> packet = socket->RecvFrom(from))
    {
        const bool isPeer = InetSocketAddress::IsMatchingType(from) &&
                            InetSocketAddress::ConvertFrom(from).GetIpv4() == m_remote;
        if (!isPeer || !TakeHeader(L2TP_HEADER, packet))
        {
            m_malformed++;
            continue;
        }
        Deliver(packet);
    }
}

} // namespace ipsec
} // namespace ns3
