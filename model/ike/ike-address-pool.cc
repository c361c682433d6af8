// SPDX-License-Identifier: GPL-2.0-only
#include "ike-address-pool.h"

namespace ns3
{
namespace ipsec
{

AddressLeases::AddressLeases(AddressPool pool)
    : m_pool(std::move(pool))
    , m_next(m_pool.first.value)
{
    for (const auto& [holder, address] : m_pool.staticLeases)
    {
        m_kept.insert(address);
    }
}

Result<IpAddress>
AddressLeases::Lease(PeerId client, const std::string& holder)
{
    const auto held = m_leases.find(client);
    if (held != m_leases.end())
    {
        return held->second.address;
    }
    const std::optional<IpAddress> address = FindFree(holder);
    if (!address)
    {
        return Fault::PoolExhausted;
    }
    m_leases[client] = {*address, holder};
    m_inUse.insert(*address);
    return *address;
}

std::optional<IpAddress>
AddressLeases::FindFree(const std::string& holder)
{
    const auto kept = m_pool.staticLeases.find(holder);
    if (kept != m_pool.staticLeases.end() && m_inUse.count(kept->second) == 0)
    {
        return kept->second;
    }
    const auto last = m_lastOf.find(holder);
    if (last != m_lastOf.end())
    {
        return TakeReturned(last->second);
    }
    while (m_next <= m_pool.last.value)
    {
        const IpAddress address{static_cast<uint32_t>(m_next++)};
        if (m_kept.count(address) == 0)
        {
            return address;
        }
    }
    return m_returned.empty() ? std::nullopt
                              : std::make_optional(TakeReturned(m_returned.begin()->first));
}

IpAddress
AddressLeases::TakeReturned(uint64_t order)
{
    const auto found = m_returned.find(order);
    const Holding returned = found->second;
    m_returned.erase(found);
    const auto last = m_lastOf.find(returned.holder);
    if (last != m_lastOf.end() && last->second == order)
    {
        m_lastOf.erase(last);
    }
    return returned.address;
}

void
AddressLeases::Release(PeerId client)
{
    const auto held = m_leases.find(client);
    if (held == m_leases.end())
    {
        return;
    }
    const Holding holding = held->second;
    m_leases.erase(held);
    m_inUse.erase(holding.address);
    if (m_kept.count(holding.address) == 0)
    {
        m_returned[m_returns] = holding;
        m_lastOf[holding.holder] = m_returns++;
    }
}

} // namespace ipsec
} // namespace ns3
