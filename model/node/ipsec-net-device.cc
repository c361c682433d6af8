// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-net-device.h"

#include "ipsec-data-plane.h"

#include "ns3/log.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <array>

namespace ns3
{
namespace ipsec
{

NS_LOG_COMPONENT_DEFINE("IpsecNetDevice");
NS_OBJECT_ENSURE_REGISTERED(IpsecNetDevice);

namespace
{

/// Without tunnels: room for an outer IP header, UDP, and ESP with a 16-octet block and a 32-octet
/// ICV in 1500.
constexpr uint16_t DEFAULT_TUNNEL_MTU = 1400;
/// Least that IPv4 asks of a link (RFC 791 section 3.2).
constexpr uint16_t LEAST_MTU = 68;
constexpr size_t IPV4_HEADER_OCTETS = 20;

/// Tells whether a packet goes to 255.255.255.255. Without a source the stack sends such a one
/// through every device, and no tunnel has a LAN at its other end. A look at the octets costs less
/// than a header of ns-3, and every packet is looked at.
bool
IsLimitedBroadcast(const Packet& packet)
{
    constexpr size_t DESTINATION_OFFSET = 16;
    std::array<uint8_t, IPV4_HEADER_OCTETS> header{};
    if (packet.CopyData(header.data(), header.size()) < header.size())
    {
        return false;
    }
    return std::all_of(header.begin() + DESTINATION_OFFSET,
                       header.end(),
                       [](uint8_t octet) { return octet == 0xff; });
}

} // namespace

TypeId
IpsecNetDevice::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::ipsec::IpsecNetDevice")
            .SetParent<IpsecRawIpDevice>()
            .SetGroupName("Ipsec")
            .AddConstructor<IpsecNetDevice>()
            .AddAttribute(
                "Mtu",
                "Largest inner packet, in octets, set by hand; 0 computes it from the "
                "tunnels and the links below them.",
                UintegerValue(0),
                MakeUintegerAccessor(&IpsecNetDevice::SetMtu, &IpsecNetDevice::GetMtuByHand),
                MakeUintegerChecker<uint16_t>());
    return tid;
}

IpsecNetDevice::IpsecNetDevice() = default;
IpsecNetDevice::~IpsecNetDevice() = default;

void
IpsecNetDevice::DoDispose()
{
    m_dataPlane = nullptr;
    IpsecRawIpDevice::DoDispose();
}

void
IpsecNetDevice::SetDataPlane(Ptr<IpsecDataPlane> dataPlane)
{
    m_dataPlane = dataPlane;
}

bool
IpsecNetDevice::SetMtu(const uint16_t mtu)
{
    return (mtu == 0 || mtu >= LEAST_MTU) && IpsecRawIpDevice::SetMtu(mtu);
}

uint16_t
IpsecNetDevice::GetMtuByHand() const
{
    return IpsecRawIpDevice::GetMtu();
}

uint16_t
IpsecNetDevice::GetMtu() const
{
    const uint16_t byHand = GetMtuByHand();
    if (byHand != 0 || !m_dataPlane)
    {
        return byHand != 0 ? byHand : DEFAULT_TUNNEL_MTU;
    }
    return m_dataPlane->TunnelSizes().DeviceMtu().value_or(DEFAULT_TUNNEL_MTU);
}

bool
IpsecNetDevice::SendPacket(Ptr<Packet> packet)
{
    if (!m_dataPlane || IsLimitedBroadcast(*packet))
    {
        TellMacTxDrop(packet);
        return false;
    }
    TellMacTx(packet);
    Sniff(packet);
    m_dataPlane->Protect(packet);
    return true;
}

void
IpsecNetDevice::Receive(Ptr<Packet> packet)
{
    Deliver(packet);
}

} // namespace ipsec
} // namespace ns3
