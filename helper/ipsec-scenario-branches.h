// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Many gateways of one kind, each with one or more tunnels to a hub.
 */
#ifndef IPSEC_SCENARIO_BRANCHES_H
#define IPSEC_SCENARIO_BRANCHES_H

#include "ipsec-scenario-tunnel.h"

#include "ns3/ipsec-endpoint.h"
#include "ns3/ipsec-time.h"

#include <cstdint>
#include <string>

namespace ns3
{
namespace ipsec
{

struct Scenario;

/// @name What the ends of a branch's tunnel are called in keys: "branch.mode", "hub.mode"
/// @{
constexpr char BRANCH_END[] = "branch";
constexpr char HUB_END[] = "hub";
/// @}

/// A value, or a range that one is drawn from each time.
template <typename T>
struct Spread
{
    T least{};
    T most{};
};

enum class BranchTrafficKind : uint8_t
{
    None,
    Ping,
    Udp,
};

/// What each branch sends to the hub's LAN.
struct BranchTrafficSettings
{
    BranchTrafficKind kind = BranchTrafficKind::None;
    Spread<Duration> interval;
    /// Octets of payload.
    Spread<uint32_t> size;
    Duration start{};
    /// Zero means the end of the run.
    Duration stop{};
};

/// [branches NAME]
struct BranchesSettings
{
    std::string name;
    ScenarioPosition position;
    uint32_t count = 0;
    /// Name of the gateway that all tunnels lead to.
    std::string hub;
    /// Branch 1 has the first of these addresses in the internet.
    IpAddress firstAddress;
    IpAddress lastAddress;
    /// Cut into one network for each branch.
    Prefix lans;
    uint8_t lanLength = 24;
    /// Tunnels of each branch, each for a part of its LAN.
    uint32_t tunnels = 1;
    /// Branches that start their tunnels themselves do so within this time, evenly spread.
    Duration startSpread{};
    /// What the pre-shared keys are made of; a number follows unless all have the same.
    std::string keyText;
    bool hasSameKey = false;
    /// What follows NAME-I in a branch's identity; empty if it goes by its address.
    std::string idDomain;
    BranchTrafficSettings traffic;

    /// Returns the name of the @p number-th branch, from 1: "shop-1".
    std::string BranchName(uint32_t number) const;
    /// Returns the name of a tunnel of that branch, both from 1: "shop-1" if there is but one, else
    /// "shop-1-1".
    std::string TunnelName(uint32_t number, uint32_t tunnel) const;
};

/**
 * Takes the one branch that @p pattern describes into a scenario, as often as it says. The pattern
 * has one gateway, one tunnel from BRANCH_END to HUB_END, and one entry in branches.
 * @throws ScenarioError if the hub, an address, a LAN or a name is missing.
 */
void ExpandBranches(Scenario& scenario,
                    const Scenario& pattern,
                    const ScenarioPositions& positions);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SCENARIO_BRANCHES_H
