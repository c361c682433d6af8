// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Finds parts of a scenario by name without a search through all of them.
 */
#ifndef IPSEC_SCENARIO_INDEX_H
#define IPSEC_SCENARIO_INDEX_H

#include "ipsec-scenario-tunnel.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/**
 * Remembers where names stand in a list that only grows: an item keeps its name once it is there,
 * and takes some ten octets here. It learns what is new when it is asked, so nobody has to tell it.
 */
class NameIndex
{
  public:
    /// Returns the first item of a name, or null.
    template <typename T>
    const T* Find(const std::vector<T>& list, const std::string& name) const;

  private:
    /// Makes a table of twice as many places, at least, as there are names.
    template <typename T>
    void Grow(const std::vector<T>& list) const;
    /// Returns the place of a name, or the free one where it belongs.
    template <typename T>
    uint32_t& PlaceOf(const std::vector<T>& list, const std::string& name) const;

    /// Positions in the list plus one, by a hash of the name; 0 is free. The names themselves stand
    /// in the list.
    mutable std::vector<uint32_t> m_places;
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
    /// The ends at one gateway; an end is twice the position of its tunnel, plus 0 or 1.
    struct Chain
    {
        uint32_t first = NONE;
        uint32_t last = NONE;
    };

    static constexpr uint32_t NONE = 0xffffffff;

    /// Adds one end behind the others of its gateway.
    void Add(const std::vector<TunnelSettings>& tunnels, uint32_t end) const;
    /// Returns the place of a gateway, or the free one where it belongs.
    Chain& PlaceOf(const std::vector<TunnelSettings>& tunnels, const std::string& gateway) const;

    /// By a hash of the gateway's name.
    mutable std::vector<Chain> m_chains;
    mutable size_t m_gateways = 0;
    /// The next end at the same gateway, by end.
    mutable std::vector<uint32_t> m_next;
};

template <typename T>
uint32_t&
NameIndex::PlaceOf(const std::vector<T>& list, const std::string& name) const
{
    size_t place = std::hash<std::string>()(name) & (m_places.size() - 1);
    while (m_places[place] != 0 && list[m_places[place] - 1].name != name)
    {
        place = (place + 1) & (m_places.size() - 1);
    }
    return m_places[place];
}

template <typename T>
void
NameIndex::Grow(const std::vector<T>& list) const
{
    std::vector<uint32_t> former(std::max<size_t>(2 * m_places.size(), 4));
    former.swap(m_places);
    for (const uint32_t position : former)
    {
        if (position != 0)
        {
            PlaceOf(list, list[position - 1].name) = position;
        }
    }
}

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
        if (2 * m_known >= m_places.size())
        {
            Grow(list);
        }
        uint32_t& place = PlaceOf(list, list[m_known].name);
        place = place == 0 ? static_cast<uint32_t>(m_known + 1) : place;
    }
    if (m_places.empty())
    {
        return nullptr;
    }
    const uint32_t found = PlaceOf(list, name);
    return found == 0 ? nullptr : &list[found - 1];
}

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SCENARIO_INDEX_H
