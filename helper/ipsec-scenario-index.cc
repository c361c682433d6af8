// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-index.h"

namespace ns3
{
namespace ipsec
{

std::vector<TunnelEnd>
TunnelEndIndex::Find(const std::vector<TunnelSettings>& tunnels, const std::string& gateway) const
{
    if (m_known > tunnels.size())
    {
        m_ends.clear();
        m_known = 0;
    }
    for (; m_known < tunnels.size(); m_known++)
    {
        for (size_t end = 0; end < tunnels[m_known].ends.size(); end++)
        {
            m_ends[tunnels[m_known].ends[end].gateway].emplace_back(m_known, end);
        }
    }
    std::vector<TunnelEnd> found;
    const auto places = m_ends.find(gateway);
    if (places != m_ends.end())
    {
        for (const auto& [tunnel, end] : places->second)
        {
            found.push_back({&tunnels[tunnel], end});
        }
    }
    return found;
}

} // namespace ipsec
} // namespace ns3
