// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-branches.h"

#include "ipsec-scenario-ini.h"
#include "ipsec-scenario.h"

#include "ns3/rng-stream.h"

namespace ns3
{
namespace ipsec
{

namespace
{

/// Streams of [branches] sections: far behind those of nodes, in the half of ns-3's streams that is
/// for numbers given by hand.
constexpr uint64_t FIRST_STREAM = (uint64_t{1} << 63) + 1000000000;

/// Returns by how much the prefix of a branch's LAN grows for each of its tunnels.
uint8_t
TunnelBits(const BranchesSettings& branches)
{
    uint8_t bits = 0;
    while ((uint64_t{1} << bits) < branches.tunnels)
    {
        bits++;
    }
    return bits;
}

void
CheckLans(const BranchesSettings& branches, const ScenarioPositions& positions)
{
    constexpr int LONGEST = 32;
    if (branches.lanLength + TunnelBits(branches) > LONGEST)
    {
        RefuseBranches(branches,
                       positions,
                       "tunnels",
                       "are more than there are addresses in a LAN of /" +
                           std::to_string(branches.lanLength) +
                           "; allowed: fewer, or a shorter lan-length");
    }
    const uint8_t length = branches.lans.length;
    const uint64_t room =
        branches.lanLength < length ? 0 : uint64_t{1} << (branches.lanLength - length);
    if (room < branches.count)
    {
        RefuseBranches(branches,
                       positions,
                       "lans",
                       "'" + branches.lans.ToString() + "' holds " + std::to_string(room) +
                           " LANs of /" + std::to_string(branches.lanLength) + ", but there are " +
                           std::to_string(branches.count) +
                           " branches; allowed: a shorter prefix, or a longer lan-length");
    }
}

GatewaySettings
MakeGateway(const Scenario& pattern, const BranchesSettings& branches, uint32_t number)
{
    GatewaySettings gateway = pattern.gateways.front();
    gateway.name = branches.BranchName(number);
    gateway.branches = branches.name;
    gateway.address.value = branches.firstAddress.value + number - 1;
    const uint32_t size = uint32_t{1} << (32 - branches.lanLength);
    gateway.lan = {{branches.lans.address.value + (number - 1) * size}, branches.lanLength};
    return gateway;
}

/// Adds the tunnels of one branch, each for its part of the LAN.
void
AddTunnels(Scenario& scenario,
           const BranchesSettings& branches,
           TunnelSettings tunnel,
           uint32_t number)
{
    const Prefix lan = scenario.gateways.back().lan;
    const auto length = static_cast<uint8_t>(lan.length + TunnelBits(branches));
    for (uint32_t i = 1; i <= branches.tunnels; i++)
    {
        tunnel.name = branches.TunnelName(number, i);
        if (branches.tunnels > 1)
        {
            const uint32_t size = uint32_t{1} << (32 - length);
            ProxyId proxyId;
            proxyId.local = {{lan.address.value + (i - 1) * size}, length};
            proxyId.remote = scenario.FindGateway(branches.hub)->lan;
            tunnel.proxyId = proxyId;
        }
        scenario.tunnels.push_back(tunnel);
    }
}

} // namespace

std::string
BranchesSettings::BranchName(uint32_t number) const
{
    return name + "-" + std::to_string(number);
}

std::string
BranchesSettings::TunnelName(uint32_t number, uint32_t tunnel) const
{
    return BranchName(number) + (tunnels > 1 ? "-" + std::to_string(tunnel) : "");
}

const char*
BranchesSettings::Kind() const
{
    return areClients ? "clients" : "branches";
}

void
RefuseBranches(const BranchesSettings& branches,
               const ScenarioPositions& positions,
               const std::string& key,
               const std::string& why)
{
    const std::string full = std::string(branches.Kind()) + "." + branches.name + "." + key;
    const auto found = positions.find(full);
    throw ScenarioError(found == positions.end() ? branches.position : found->second, full, why);
}

void
CheckHubAndNames(const Scenario& scenario,
                 const BranchesSettings& branches,
                 const ScenarioPositions& positions)
{
    const GatewaySettings* hub = scenario.FindGateway(branches.hub);
    if (!hub || hub->isClient || !hub->branches.empty())
    {
        RefuseBranches(branches,
                       positions,
                       "hub",
                       "there is no gateway '" + branches.hub +
                           "'; allowed: the name of a [gateway]");
    }
    for (uint32_t number = 1; number <= branches.count; number++)
    {
        const std::string name = branches.BranchName(number);
        if (scenario.FindGateway(name) || scenario.FindHost(name) || scenario.FindTunnel(name) ||
            scenario.FindNat(name))
        {
            RefuseBranches(
                branches,
                positions,
                "count",
                std::string(branches.areClients ? "makes a client '" : "makes a branch '") + name +
                    "', but that name is taken; allowed: a [" + branches.Kind() +
                    "] with another name");
        }
    }
    if (scenario.FindBranches(branches.name))
    {
        RefuseBranches(branches,
                       positions,
                       "count",
                       "is of a section whose name another has; allowed: a name of its own");
    }
}

void
CheckEnoughAddresses(const BranchesSettings& branches, const ScenarioPositions& positions)
{
    const uint64_t room = uint64_t{branches.lastAddress.value} - branches.firstAddress.value + 1;
    if (room < branches.count)
    {
        RefuseBranches(branches,
                       positions,
                       "addresses",
                       "holds " + std::to_string(room) + " addresses, but there are " +
                           std::to_string(branches.count) + " " + branches.Kind() +
                           "; allowed: one for each at least");
    }
}

TunnelSettings
MakeBranchTunnel(const Scenario& pattern, const BranchesSettings& branches, uint32_t number)
{
    TunnelSettings tunnel = pattern.tunnels.front();
    tunnel.branches = branches.name;
    tunnel.ends[0].gateway = branches.BranchName(number);
    tunnel.ends[1].gateway = branches.hub;
    for (TunnelEndSettings& end : tunnel.ends)
    {
        end.preSharedKey =
            branches.keyText + (branches.hasSameKey ? "" : "-" + std::to_string(number));
    }
    return tunnel;
}

void
ExpandBranches(Scenario& scenario, const Scenario& pattern, const ScenarioPositions& positions)
{
    const BranchesSettings& branches = pattern.branches.front();
    CheckHubAndNames(scenario, branches, positions);
    CheckEnoughAddresses(branches, positions);
    CheckLans(branches, positions);
    RngStream random(
        scenario.simulation.seed, FIRST_STREAM + scenario.branches.size(), scenario.simulation.run);
    scenario.gateways.reserve(scenario.gateways.size() + branches.count);
    scenario.tunnels.reserve(scenario.tunnels.size() + size_t{branches.count} * branches.tunnels);
    for (uint32_t number = 1; number <= branches.count; number++)
    {
        scenario.gateways.push_back(MakeGateway(pattern, branches, number));
        TunnelSettings tunnel = MakeBranchTunnel(pattern, branches, number);
        if (!branches.idDomain.empty())
        {
            tunnel.ends[0].id = Identity::Parse(tunnel.ends[0].gateway + "." + branches.idDomain);
        }
        tunnel.startAt += Duration(static_cast<int64_t>(
            random.RandU01() * static_cast<double>(branches.startSpread.count())));
        AddTunnels(scenario, branches, std::move(tunnel), number);
    }
    scenario.branches.push_back(branches);
}

} // namespace ipsec
} // namespace ns3
