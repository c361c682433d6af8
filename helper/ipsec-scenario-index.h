// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Finds parts of a scenario by name without a search through all of them.
 */
#ifndef IPSEC_SCENARIO_INDEX_H
#define IPSEC_SCENARIO_INDEX_H

#include "ipsec-scenario-tunnel.h"

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace ipsec
{

/**
 * Remembers where names stand in a list that only grows: an item keeps its name once it is there.
 * It learns what is new when it is asked, so nobody has to tell it.
 */
class NameIndex
{
  public:
    /// Returns the first item of a name, or null.
    template <typename T>
    const T* Find(const std::vector<T>& list, const std::string& name) const;

  private:
    mutable std::map<std::string, size_t> m_places;
    /// How many items of the list were seen.
    mutable size_t m_known = 0;
};

/// One end of a tunnel.
struct TunnelEnd
{
    const TunnelSettings* tunnel = nullptr;
    /// 0 or 1
    size_t end = 0;
};

/// Remembers which tunnels end at a gateway; the list of tunnels only grows.
class TunnelEndIndex
{
  public:
    /// Returns the ends at a gateway, in the order of the list.
    std::vector<TunnelEnd> Find(const std::vector<TunnelSettings>& tunnels,
                                const std::string& gateway) const;

  private:
    /// Position of the tunnel and end, by the gateway's name.
    mutable std::map<std::string, std::vector<std::pair<size_t, size_t>>> m_ends;
    mutable size_t m_known = 0;
};

template <typename T>
const T*
NameIndex::Find(const std::vector<T>& list, const std::string& name) const
{
    if (m_known > list.size())
    {
        m_places.clear();
        m_known = 0;
    }
    for (; m_known < list.size(); m_known++)
    {
        m_places.emplace(list[m_known].name, m_known);
    }
    const auto found = m_places.find(name);
    return found == m_places.end() ? nullptr : &list[found->second];
}

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SCENARIO_INDEX_H
