// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-own-addresses.h"

#include "ipsec-conversions.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

void
IpsecOwnAddresses::SetIpv4(Ptr<Ipv4> ipv4)
{
    m_ipv4 = ipv4;
    NotifyChange();
}

void
IpsecOwnAddresses::SetTunnelDevice(Ptr<NetDevice> device)
{
    m_device = device;
    NotifyChange();
}

void
IpsecOwnAddresses::AddTunnelEnd(Ipv4Address address)
{
    m_tunnelEnds.insert(ToCore(address));
    NotifyChange();
}

void
IpsecOwnAddresses::RemoveTunnelEnd(Ipv4Address address)
{
    m_tunnelEnds.erase(ToCore(address));
    NotifyChange();
}

void
IpsecOwnAddresses::NotifyChange()
{
    m_isKnown = false;
}

void
IpsecOwnAddresses::Clear()
{
    m_ipv4 = nullptr;
    m_device = nullptr;
    m_rows.clear();
}

bool
IpsecOwnAddresses::IsTunnelEnd(IpAddress address) const
{
    return m_tunnelEnds.count(address) > 0;
}

bool
IpsecOwnAddresses::IsOuter(uint32_t interface) const
{
    for (uint32_t i = 0; i < m_ipv4->GetNAddresses(interface); ++i)
    {
        if (IsTunnelEnd(ToCore(m_ipv4->GetAddress(interface, i).GetLocal())))
        {
            return true;
        }
    }
    return false;
}

bool
IpsecOwnAddresses::IsLocal(Ipv4Address address) const
{
    const std::vector<Row>& rows = Rows();
    return std::any_of(
        rows.begin(), rows.end(), [&](const Row& row) { return row.local == ToCore(address); });
}

bool
IpsecOwnAddresses::IsAttachedInside(Ipv4Address address) const
{
    const std::vector<Row>& rows = Rows();
    return std::any_of(rows.begin(),
                       rows.end(),
                       [value = ToCore(address).value](const Row& row)
                       { return row.isInside && ((row.local.value ^ value) & row.mask) == 0; });
}

const std::vector<IpsecOwnAddresses::Row>&
IpsecOwnAddresses::Rows() const
{
    if (m_isKnown)
    {
        return m_rows;
    }
    m_rows.clear();
    for (uint32_t interface = 0; interface < m_ipv4->GetNInterfaces(); ++interface)
    {
        const bool isInside = m_ipv4->GetNetDevice(interface) != m_device && !IsOuter(interface);
        for (uint32_t i = 0; i < m_ipv4->GetNAddresses(interface); ++i)
        {
            const Ipv4InterfaceAddress own = m_ipv4->GetAddress(interface, i);
            if (own.GetLocal() == Ipv4Address::GetAny())
            {
                continue; // A DHCP client without a lease has this, with everything around it.
            }
            m_rows.push_back({ToCore(own.GetLocal()), own.GetMask().Get(), isInside});
        }
    }
    m_isKnown = true;
    return m_rows;
}

} // namespace ipsec
} // namespace ns3
