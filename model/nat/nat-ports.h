// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Which ports of one outside address are given away.
 */
#ifndef NAT_PORTS_H
#define NAT_PORTS_H

#include <cstdint>
#include <optional>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Ports of one kind: a range, and perhaps only the even or the odd ones of it.
struct NatPortRange
{
    uint16_t first = 0;
    uint16_t last = 65535;
    /// 0 for even ports, 1 for odd ones.
    std::optional<uint16_t> parity;

    /// Tells whether a port is one of them.
    bool Contains(uint16_t port) const;
};

/// One bit per port, so that a free one is found quickly even when few are left.
class NatPorts
{
  public:
    NatPorts();

    bool IsTaken(uint16_t port) const;
    void Take(uint16_t port);
    void Release(uint16_t port);
    /// Returns the first free port of a range from @p start on, going on at its beginning; nothing
    /// if there is none.
    std::optional<uint16_t> NextFree(const NatPortRange& range, uint32_t start) const;

  private:
    /// Returns the first free port between two, both included.
    std::optional<uint16_t> FirstFree(uint32_t from, uint32_t to, uint64_t wanted) const;

    std::vector<uint64_t> m_taken;
};

} // namespace ipsec
} // namespace ns3

#endif // NAT_PORTS_H
