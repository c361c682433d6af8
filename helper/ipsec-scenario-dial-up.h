// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * How users of a scenario come, stay and go, and where their addresses come from.
 */
#ifndef IPSEC_SCENARIO_DIAL_UP_H
#define IPSEC_SCENARIO_DIAL_UP_H

#include "ns3/ipsec-endpoint.h"
#include "ns3/ipsec-proxy-id.h"
#include "ns3/ipsec-time.h"

#include <cstdint>
#include <optional>
#include <string>

namespace ns3
{
namespace ipsec
{

struct Scenario;
struct TunnelSettings;

/// How a time is drawn.
enum class TimeLaw : uint8_t
{
    Fixed,
    Uniform,     ///< between two times
    Exponential, ///< with a mean
    Poisson,     ///< of many clients: their arrivals are a Poisson process with a mean gap
    Every,       ///< of many clients: one after the other with a fixed gap
};

/// A time that is drawn again and again.
struct TimeDraw
{
    TimeLaw law = TimeLaw::Fixed;
    /// The time, the least one, the mean, or the gap.
    Duration first{};
    /// The greatest one.
    Duration second{};

    /// Tells whether only many clients together can draw it.
    bool IsOfMany() const;
    /// Returns the kind and attributes of an ns-3 random variable that draws it in seconds.
    std::string ToVariable() const;
};

/// How a client dials up, if it does.
struct DialUpSettings
{
    /// What the file says; nothing means if the address comes by DHCP.
    std::optional<bool> wanted;
    /// What that comes to, once the scenario is complete.
    bool isDialUp = false;
    bool isDhcp = false;
    bool reconnects = true;
    Duration firstBackOff{};
    Duration longestBackOff{};
    double backOffFactor = 2;
    double backOffJitter = 0;
    Duration connectTimeout{};
    uint32_t refusalTries = 1;
    uint32_t attemptLimit = 0;
    bool blocksWhileLost = true;
    /// When the user first comes, how long he stays, and how long he is away. Without the first,
    /// the tunnel says; without the others, he stays, and does not come again.
    std::optional<TimeDraw> arrival;
    std::optional<TimeDraw> holding;
    std::optional<TimeDraw> away;

    /// Tells whether somebody comes and goes by himself.
    bool HasUser() const;
};

/// What a DHCP server gives to clients in its network.
struct DhcpSettings
{
    IpAddress first;
    IpAddress last;

    bool
    Contains(IpAddress address) const
    {
        return !(address < first) && !(last < address);
    }
};

/// Returns the upper half of a network, but for its broadcast address.
DhcpSettings UpperHalf(const Prefix& network);

/// Tells whether one end (0 or 1) of a tunnel is a client that dials up.
bool IsDialUpEnd(const Scenario& scenario, const TunnelSettings& tunnel, size_t end);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SCENARIO_DIAL_UP_H
