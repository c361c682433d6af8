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

/// @name What the ends of a branch's or client's tunnel are called in keys: "branch.mode",
/// "hub.mode"
/// @{
constexpr char BRANCH_END[] = "branch";
constexpr char CLIENT_END[] = "client";
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

/// [branches NAME], or [clients NAME]: branches without a network.
struct BranchesSettings
{
    std::string name;
    ScenarioPosition position;
    bool areClients = false;
    /// Clients only: the NAT that they are behind, or the first of several like it; empty for the
    /// internet.
    std::string behind;
    uint32_t nats = 1;
    uint32_t count = 0;
    /// Name of the gateway that all tunnels lead to.
    std::string hub;
    /// Branch 1 has the first of these addresses in the internet; none if NATs have the addresses.
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
    /// What follows NAME-I in the identity; empty if branches go by their addresses.
    std::string idDomain;
    BranchTrafficSettings traffic;

    /// Returns the name of the @p number-th branch, from 1: "shop-1".
    std::string BranchName(uint32_t number) const;
    /// Returns the name of a tunnel of that branch, both from 1: "shop-1" if there is but one, else
    /// "shop-1-1".
    std::string TunnelName(uint32_t number, uint32_t tunnel) const;
    /// Returns the name of the @p number-th NAT, from 1: "home", "home-2".
    std::string NatName(uint32_t number) const;
    /// Returns its kind of section: "branches" or "clients".
    const char* Kind() const;
};

/**
 * Takes the one branch that @p pattern describes into a scenario, as often as it says. The pattern
 * has one gateway, one tunnel from BRANCH_END to HUB_END, and one entry in branches.
 * @throws ScenarioError if the hub, an address, a LAN or a name is missing.
 */
void ExpandBranches(Scenario& scenario,
                    const Scenario& pattern,
                    const ScenarioPositions& positions);

/**
 * Takes the one client that @p pattern describes into a scenario, in the same way, with the NATs
 * that it needs.
 * @throws ScenarioError if the hub, the NAT, an address or a name is missing.
 */
void ExpandClients(Scenario& scenario, const Scenario& pattern, const ScenarioPositions& positions);

/// @name What both have in common
/// @{
/// Throws a ScenarioError at the place of a key of such a section, or of the section.
[[noreturn]] void RefuseBranches(const BranchesSettings& branches,
                                 const ScenarioPositions& positions,
                                 const std::string& key,
                                 const std::string& why);
/// Checks that the hub is there, and that names are free.
void CheckHubAndNames(const Scenario& scenario,
                      const BranchesSettings& branches,
                      const ScenarioPositions& positions);
/// Checks that there is an address for each.
void CheckEnoughAddresses(const BranchesSettings& branches, const ScenarioPositions& positions);
/// Returns the tunnel of one of them, as far as it is the same for both kinds.
TunnelSettings MakeBranchTunnel(const Scenario& pattern,
                                const BranchesSettings& branches,
                                uint32_t number);
/// @}

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SCENARIO_BRANCHES_H
