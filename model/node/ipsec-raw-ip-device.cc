// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-raw-ip-device.h"

#include "ipsec-compat.h"

#include "ns3/channel.h"
#include "ns3/log.h"

namespace ns3
{
namespace ipsec
{

NS_LOG_COMPONENT_DEFINE("IpsecRawIpDevice");
NS_OBJECT_ENSURE_REGISTERED(IpsecRawIpDevice);

TypeId
IpsecRawIpDevice::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::ipsec::IpsecRawIpDevice")
            .SetParent<NetDevice>()
            .SetGroupName("Ipsec")
            .AddTraceSource("MacTx",
                            "A packet that the stack sends was accepted.",
                            MakeTraceSourceAccessor(&IpsecRawIpDevice::m_macTxTrace),
                            "ns3::Packet::TracedCallback")
            .AddTraceSource("MacTxDrop",
                            "A packet that the stack sends was dropped before it left.",
                            MakeTraceSourceAccessor(&IpsecRawIpDevice::m_macTxDropTrace),
                            "ns3::Packet::TracedCallback")
            .AddTraceSource("MacRx",
                            "A packet arrived for the stack.",
                            MakeTraceSourceAccessor(&IpsecRawIpDevice::m_macRxTrace),
                            "ns3::Packet::TracedCallback")
            .AddTraceSource("Sniffer",
                            "Packets sent and received, for captures.",
                            MakeTraceSourceAccessor(&IpsecRawIpDevice::m_snifferTrace),
                            "ns3::Packet::TracedCallback")
            .AddTraceSource("PromiscSniffer",
                            "The same as Sniffer: no other packets reach this device.",
                            MakeTraceSourceAccessor(&IpsecRawIpDevice::m_promiscSnifferTrace),
                            "ns3::Packet::TracedCallback");
    return tid;
}

IpsecRawIpDevice::IpsecRawIpDevice()
    : m_address(Mac48Address::Allocate())
{
}

void
IpsecRawIpDevice::DoDispose()
{
    m_node = nullptr;
    m_receive = NetDevice::ReceiveCallback();
    m_promiscReceive = NetDevice::PromiscReceiveCallback();
    NetDevice::DoDispose();
}

void
IpsecRawIpDevice::SetUp(bool up)
{
    NS_LOG_FUNCTION(this << up);
    if (m_up != up)
    {
        m_up = up;
        m_linkChange();
    }
}

void
IpsecRawIpDevice::SetListener(IpsecLinkListener* listener)
{
    m_listener = listener;
}

void
IpsecRawIpDevice::TellMacTx(Ptr<const Packet> packet)
{
    if (m_listener)
    {
        m_listener->HearMacTx(packet);
    }
    m_macTxTrace(packet);
}

void
IpsecRawIpDevice::TellMacTxDrop(Ptr<const Packet> packet)
{
    if (m_listener)
    {
        m_listener->HearMacTxDrop(packet);
    }
    m_macTxDropTrace(packet);
}

bool
IpsecRawIpDevice::Send(Ptr<Packet> packet, const Address& dest, uint16_t protocolNumber)
{
    NS_LOG_FUNCTION(this << packet << dest << protocolNumber);
    if (protocolNumber != ETHERTYPE_IPV4 || !m_up)
    {
        TellMacTxDrop(packet);
        return false;
    }
    return SendPacket(packet);
}

bool
IpsecRawIpDevice::SendFrom(Ptr<Packet> packet,
                           const Address& source,
                           const Address& dest,
                           uint16_t protocolNumber)
{
    NS_LOG_FUNCTION(this << packet << source << dest << protocolNumber);
    return false;
}

void
IpsecRawIpDevice::Sniff(Ptr<const Packet> packet)
{
    m_snifferTrace(packet);
    m_promiscSnifferTrace(packet);
}

void
IpsecRawIpDevice::Deliver(Ptr<Packet> packet)
{
    NS_LOG_FUNCTION(this << packet);
    Sniff(packet);
    if (m_listener)
    {
        m_listener->HearMacRx(packet);
    }
    m_macRxTrace(packet);
    if (!m_promiscReceive.IsNull())
    {
        m_promiscReceive(
            this, packet, ETHERTYPE_IPV4, GetBroadcast(), m_address, NetDevice::PACKET_HOST);
    }
    if (!m_receive.IsNull())
    {
        m_receive(this, packet, ETHERTYPE_IPV4, GetBroadcast());
    }
}

void
IpsecRawIpDevice::SetIfIndex(const uint32_t index)
{
    m_ifIndex = index;
}

uint32_t
IpsecRawIpDevice::GetIfIndex() const
{
    return m_ifIndex;
}

Ptr<Channel>
IpsecRawIpDevice::GetChannel() const
{
    return nullptr;
}

void
IpsecRawIpDevice::SetAddress(Address address)
{
    m_address = Mac48Address::ConvertFrom(address);
}

Address
IpsecRawIpDevice::GetAddress() const
{
    return m_address;
}

bool
IpsecRawIpDevice::SetMtu(const uint16_t mtu)
{
    m_mtu = mtu;
    return true;
}

uint16_t
IpsecRawIpDevice::GetMtu() const
{
    return m_mtu;
}

bool
IpsecRawIpDevice::IsLinkUp() const
{
    return m_up;
}

void
IpsecRawIpDevice::AddLinkChangeCallback(Callback<void> callback)
{
    m_linkChange.ConnectWithoutContext(callback);
}

bool
IpsecRawIpDevice::IsBroadcast() const
{
    // There is no broadcast, but global routing knows no other kind of link for such a device.
    return true;
}

Address
IpsecRawIpDevice::GetBroadcast() const
{
    return Mac48Address::GetBroadcast();
}

bool
IpsecRawIpDevice::IsMulticast() const
{
    return false;
}

Address
IpsecRawIpDevice::GetMulticast(Ipv4Address multicastGroup) const
{
    return Mac48Address::GetMulticast(multicastGroup);
}

Address
IpsecRawIpDevice::GetMulticast(Ipv6Address addr) const
{
    return Mac48Address::GetMulticast(addr);
}

bool
IpsecRawIpDevice::IsBridge() const
{
    return false;
}

bool
IpsecRawIpDevice::IsPointToPoint() const
{
    return false;
}

Ptr<Node>
IpsecRawIpDevice::GetNode() const
{
    return m_node;
}

void
IpsecRawIpDevice::SetNode(Ptr<Node> node)
{
    m_node = node;
}

bool
IpsecRawIpDevice::NeedsArp() const
{
    return false;
}

void
IpsecRawIpDevice::SetReceiveCallback(NetDevice::ReceiveCallback cb)
{
    m_receive = cb;
}

const NetDevice::ReceiveCallback&
IpsecRawIpDevice::GetReceiveCallback() const
{
    return m_receive;
}

void
IpsecRawIpDevice::SetPromiscReceiveCallback(NetDevice::PromiscReceiveCallback cb)
{
    m_promiscReceive = cb;
}

bool
IpsecRawIpDevice::SupportsSendFrom() const
{
    return false;
}

} // namespace ipsec
} // namespace ns3
