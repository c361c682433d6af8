// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * How large a packet may be to fit through each tunnel of a node.
 */
#ifndef IPSEC_TUNNEL_SIZES_H
#define IPSEC_TUNNEL_SIZES_H

#include "ns3/ipsec-overhead.h"
#include "ns3/ipsec-time.h"

#include <map>
#include <optional>
#include <set>
#include <unordered_map>

namespace ns3
{
namespace ipsec
{

/// What every path takes in practice; a message that claims less is not believed further down
/// (RFC 791 section 3.2: what every host takes).
constexpr uint16_t LEAST_PATH_MTU = 576;

/// What decides which packets fit through a tunnel.
struct TunnelShape
{
    Encapsulation encapsulation;
    OuterHeaderRules rules;
    IpAddress remote;
    /// Of the link towards the peer.
    uint16_t linkMtu = 1500;
};

/// What becomes of a packet that wants through a tunnel.
enum class Fit : uint8_t
{
    Whole,  ///< it goes as it is; if the outer packet is too large, that one is cut
    Cut,    ///< it is cut before protection
    TooBig, ///< it does not fit and must not be cut
};

/**
 * Knows the shape of every tunnel and the path MTUs that routers told (RFC 4301 section 8.2). A
 * packet that fits everywhere costs one comparison.
 */
class IpsecTunnelSizes
{
  public:
    /// Sets the shape of a tunnel, before it has SAs or with them.
    void SetShape(ChildId child, const TunnelShape& shape);
    /// Returns the shape of a tunnel, or null.
    const TunnelShape* FindShape(ChildId child) const;
    /// Forgets a tunnel.
    void Remove(ChildId child);

    /**
     * Notes what a router said about the path to a peer, until @p until. Never goes below
     * LEAST_PATH_MTU, nor up.
     * @return the new path MTU; nothing if the message says nothing new
     */
    std::optional<uint16_t> LowerPathMtu(Instant now,
                                         Instant until,
                                         IpAddress remote,
                                         uint16_t mtu);
    /// Forgets what routers told.
    void ForgetPaths();
    /// Returns the MTU of the path to a peer over a link.
    uint16_t PathMtu(Instant now, IpAddress remote, uint16_t linkMtu) const;

    /// Returns what fits through all tunnels in any case, so that nobody has to ask further.
    size_t FitsAnyway() const;
    /// Returns the largest packet that fits through a tunnel into one outer packet.
    size_t LargestPacket(Instant now, ChildId child) const;
    /// Decides about a packet for a tunnel.
    Fit Judge(Instant now, ChildId child, size_t octets, bool dontFragment) const;
    /// Returns the largest packet that the stack may hand over: the least of what fits through
    /// tunnels, or everything if one of them takes any packet whole. Nothing without tunnels.
    std::optional<uint16_t> DeviceMtu() const;

  private:
    struct Known
    {
        TunnelShape shape;
        /// Largest packet by the link alone.
        size_t largest = 0;
        /// Whether any packet goes whole, and the outer one is cut.
        bool takesAll = false;
    };

    struct Path
    {
        uint16_t mtu = 0;
        Instant until{};
    };

    std::map<ChildId, Known> m_tunnels;
    /// Largest packets of those that take all, and of the others.
    std::multiset<size_t> m_takingAll;
    std::multiset<size_t> m_cutting;
    /// Only ever looked up; one for a peer at most.
    std::unordered_map<uint32_t, Path> m_paths;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_TUNNEL_SIZES_H
