// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-nat.h"

#include "ipsec-scenario.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Tells whether a network is @p network itself or one between it and the internet.
bool
IsAbove(const Scenario& scenario, const std::string& above, const std::string& network)
{
    if (above == network || above.empty())
    {
        return true;
    }
    const std::vector<const NatSettings*> nats = NatsAbove(scenario, network);
    return std::any_of(
        nats.begin(), nats.end(), [&](const NatSettings* nat) { return nat->behind == above; });
}

/// Tells whether a NAT leads both ports of IKE to somebody.
bool
ForwardsIke(const NatSettings& nat)
{
    const auto leads = [&](uint16_t port)
    {
        return std::any_of(nat.forwards.begin(),
                           nat.forwards.end(),
                           [&](const NatForwardSettings& forward) {
                               return forward.protocol == NatProtocol::Udp && forward.port == port;
                           });
    };
    return leads(IKE_PORT) && leads(NATT_PORT);
}

} // namespace

IpAddress
NatSettings::LanAddress() const
{
    return {lan.address.value + 1};
}

IpAddress
NatSettings::LastLanAddress() const
{
    return {lan.address.value | ~lan.Mask().value};
}

std::vector<const NatSettings*>
NatsAbove(const Scenario& scenario, const std::string& network)
{
    std::vector<const NatSettings*> nats;
    for (const NatSettings* nat = scenario.FindNat(network); nat;
         nat = scenario.FindNat(nat->behind))
    {
        nats.push_back(nat);
    }
    return nats;
}

Reach
ReachOf(const Scenario& scenario,
        const std::string& from,
        const std::string& network,
        IpAddress address)
{
    Reach reach{address, network, nullptr};
    while (!IsAbove(scenario, reach.network, from))
    {
        reach.nat = scenario.FindNat(reach.network);
        reach.address = reach.nat->address;
        reach.network = reach.nat->behind;
    }
    return reach;
}

IpAddress
ReachedAt(const Scenario& scenario,
          const std::string& from,
          const std::string& network,
          IpAddress address)
{
    return ReachOf(scenario, from, network, address).address;
}

bool
IsBehindNat(const Scenario& scenario, const std::string& from, const std::string& network)
{
    return !IsAbove(scenario, network, from);
}

bool
IsOutOfReach(const Scenario& scenario, const std::string& from, const std::string& network)
{
    std::string reached = network;
    while (!IsAbove(scenario, reached, from))
    {
        const NatSettings& nat = *scenario.FindNat(reached);
        if (!ForwardsIke(nat))
        {
            return true;
        }
        reached = nat.behind;
    }
    return false;
}

} // namespace ipsec
} // namespace ns3
