// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-index.h"

namespace ns3
{
namespace ipsec
{

namespace
{

const std::string&
GatewayOf(const std::vector<TunnelSettings>& tunnels, uint32_t end)
{
    return tunnels[end / 2].ends[end % 2].gateway;
}

} // namespace

TunnelEndIndex::Chain&
TunnelEndIndex::PlaceOf(const std::vector<TunnelSettings>& tunnels,
                        const std::string& gateway) const
{
    size_t place = std::hash<std::string>()(gateway) & (m_chains.size() - 1);
    while (m_chains[place].first != NONE && GatewayOf(tunnels, m_chains[place].first) != gateway)
    {
        place = (place + 1) & (m_chains.size() - 1);
    }
    return m_chains[place];
}

void
TunnelEndIndex::Add(const std::vector<TunnelSettings>& tunnels, uint32_t end) const
{
    if (2 * m_gateways >= m_chains.size())
    {
        std::vector<Chain> former(std::max<size_t>(2 * m_chains.size(), 4));
        former.swap(m_chains);
        for (const Chain& chain : former)
        {
            if (chain.first != NONE)
            {
                PlaceOf(tunnels, GatewayOf(tunnels, chain.first)) = chain;
            }
        }
    }
    Chain& chain = PlaceOf(tunnels, GatewayOf(tunnels, end));
    if (chain.first == NONE)
    {
        chain.first = end;
        m_gateways++;
    }
    else
    {
        m_next[chain.last] = end;
    }
    chain.last = end;
    m_next.push_back(NONE);
}

std::vector<TunnelEnd>
TunnelEndIndex::Find(const std::vector<TunnelSettings>& tunnels, const std::string& gateway) const
{
    if (m_next.size() > 2 * tunnels.size())
    {
        m_chains.clear();
        m_gateways = 0;
        m_next.clear();
    }
    while (m_next.size() < 2 * tunnels.size())
    {
        Add(tunnels, static_cast<uint32_t>(m_next.size()));
    }
    std::vector<TunnelEnd> found;
    if (m_chains.empty())
    {
        return found;
    }
    for (uint32_t end = PlaceOf(tunnels, gateway).first; end != NONE; end = m_next[end])
    {
        found.push_back({&tunnels[end / 2], end % 2});
    }
    return found;
}

} // namespace ipsec
} // namespace ns3
