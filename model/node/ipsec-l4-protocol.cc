// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-l4-protocol.h"

#include "ipsec-data-plane.h"

#include "ns3/esp-header.h"
#include "ns3/ipv4-interface.h"
#include "ns3/ipv6-header.h"
#include "ns3/ipv6-interface.h"
#include "ns3/log.h"

namespace ns3
{
namespace ipsec
{

NS_LOG_COMPONENT_DEFINE("IpsecL4Protocol");
NS_OBJECT_ENSURE_REGISTERED(IpsecL4Protocol);

TypeId
IpsecL4Protocol::GetTypeId()
{
    static TypeId tid = TypeId("ns3::ipsec::IpsecL4Protocol")
                            .SetParent<IpL4Protocol>()
                            .SetGroupName("Ipsec")
                            .AddConstructor<IpsecL4Protocol>();
    return tid;
}

IpsecL4Protocol::IpsecL4Protocol()
    : m_number(IP_PROTOCOL_ESP)
{
}

IpsecL4Protocol::~IpsecL4Protocol() = default;

void
IpsecL4Protocol::DoDispose()
{
    m_dataPlane = nullptr;
    m_downTarget = DownTargetCallback();
    m_downTarget6 = DownTargetCallback6();
    IpL4Protocol::DoDispose();
}

void
IpsecL4Protocol::SetDataPlane(Ptr<IpsecDataPlane> dataPlane)
{
    m_dataPlane = dataPlane;
}

void
IpsecL4Protocol::SetProtocolNumber(uint8_t number)
{
    m_number = number;
}

int
IpsecL4Protocol::GetProtocolNumber() const
{
    return m_number;
}

IpL4Protocol::RxStatus
IpsecL4Protocol::Receive(Ptr<Packet> p,
                         const Ipv4Header& header,
                         Ptr<Ipv4Interface> /* incomingInterface */)
{
    if (m_dataPlane)
    {
        m_dataPlane->Unprotect(p, header);
    }
    return RX_OK;
}

IpL4Protocol::RxStatus
IpsecL4Protocol::Receive(Ptr<Packet> p,
                         const Ipv6Header& header,
                         Ptr<Ipv6Interface> incomingInterface)
{
    NS_LOG_FUNCTION(this << p << header << incomingInterface);
    return RX_ENDPOINT_UNREACH;
}

void
IpsecL4Protocol::SetDownTarget(DownTargetCallback cb)
{
    m_downTarget = cb;
}

void
IpsecL4Protocol::SetDownTarget6(DownTargetCallback6 cb)
{
    m_downTarget6 = cb;
}

IpL4Protocol::DownTargetCallback
IpsecL4Protocol::GetDownTarget() const
{
    return m_downTarget;
}

IpL4Protocol::DownTargetCallback6
IpsecL4Protocol::GetDownTarget6() const
{
    return m_downTarget6;
}

} // namespace ipsec
} // namespace ns3
