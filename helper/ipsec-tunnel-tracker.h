// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Knows at every instant which tunnels of a run are up.
 */
#ifndef IPSEC_TUNNEL_TRACKER_H
#define IPSEC_TUNNEL_TRACKER_H

#include "ipsec-scenario.h"
#include "ipsec-series.h"

#include "ns3/ipsec-sa.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/**
 * A tunnel is up while packets can cross it both ways: each end has the SA that the other one sends
 * by, which is its newest. (Of a peer outside the simulation, only the end here is known.) So a
 * gateway that lost its SAs takes its tunnels down, whatever its peers still believe. It is one-way
 * while it is not up, but an end has an SA to send by: what that end sends, or is sent, is lost.
 */
class TunnelTracker
{
  public:
    /// @param scenario outlives this.
    explicit TunnelTracker(const Scenario& scenario);

    /// @name An SA of a tunnel came or went at one of its gateways
    /// @{
    void Installed(Instant now,
                   const std::string& gateway,
                   const std::string& tunnel,
                   const SaKey& key);
    void Removed(Instant now,
                 const std::string& gateway,
                 const std::string& tunnel,
                 const SaKey& key);
    /// @}

    /// Returns how many tunnels are up, and how many of one gateway.
    size_t Up() const;
    size_t UpAt(const std::string& gateway) const;
    /// Returns how many tunnels are one-way, and how many of one gateway.
    size_t OneWay() const;
    size_t OneWayAt(const std::string& gateway) const;

    /// Ends what lasts, and returns Counts(): to be called once, at the end.
    const std::vector<TunnelCount>& Finish(Instant now);

    /// Returns the numbers of all tunnels, then those of each [branches].
    const std::vector<TunnelCount>&
    Counts() const
    {
        return m_counts;
    }

  private:
    /// What one end has.
    struct End
    {
        /// Both oldest first.
        std::vector<uint64_t> inbound;
        std::vector<uint64_t> outbound;
    };

    struct Tunnel
    {
        std::array<End, 2> ends;
        bool isExternal = false;
        bool isUp = false;
        bool isOneWay = false;
        /// Since when it is down after it had been up, and since when it is one-way.
        Instant downSince{};
        Instant oneWaySince{};
        bool wasUp = false;
        /// Position of its [branches] in m_counts; 0 if it stands alone.
        size_t group = 0;
    };

    /// How many tunnels of a gateway are up, and one-way.
    struct GatewayCount
    {
        uint32_t up = 0;
        uint32_t oneWay = 0;
    };

    /// Returns the numbers of one gateway.
    GatewayCount CountAt(const std::string& gateway) const;
    static uint64_t NameOf(const SaKey& key);
    static bool Crosses(const End& from, const End& to);
    static bool IsUp(const Tunnel& tunnel);
    /// Returns the SAs of one direction that an end has of a tunnel.
    static std::vector<uint64_t>& SasOf(Tunnel& tunnel, size_t end, const SaKey& key);
    void Update(Instant now, size_t tunnel);
    void UpdateUp(Instant now, size_t tunnel, bool isUp);
    void UpdateOneWay(Instant now, size_t tunnel, bool isOneWay);
    /// Counts a tunnel at each of its gateways, or no more.
    void Count(size_t tunnel, uint32_t GatewayCount::*what, bool isOneMore);
    /// Notes in all groups of a tunnel how long something lasted.
    void NoteLasting(const Tunnel& tunnel, Duration TunnelCount::*longest, Duration lasting);
    /// Notes in all groups of a tunnel that it was down until now.
    void NoteOutage(Instant now, const Tunnel& tunnel);
    /// Returns the positions in m_counts of the groups that a tunnel is in.
    static std::vector<size_t> GroupsOf(const Tunnel& tunnel);

    const Scenario& m_scenario;
    /// Both in the order of the scenario.
    std::vector<Tunnel> m_tunnels;
    std::vector<GatewayCount> m_gateways;
    size_t m_oneWay = 0;
    std::vector<TunnelCount> m_counts;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_TUNNEL_TRACKER_H
