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

/// Checks what a section says before it is taken over.
class BranchesChecker
{
  public:
    BranchesChecker(const Scenario& scenario,
                    const BranchesSettings& branches,
                    const ScenarioPositions& positions)
        : m_scenario(scenario)
        , m_branches(branches)
        , m_positions(positions)
    {
    }

    void
    Run() const
    {
        CheckHub();
        CheckAddresses();
        CheckLans();
        CheckNames();
    }

  private:
    void CheckHub() const;
    void CheckAddresses() const;
    void CheckLans() const;
    void CheckNames() const;

    [[noreturn]] void
    Refuse(const std::string& key, const std::string& why) const
    {
        const std::string full = "branches." + m_branches.name + "." + key;
        const auto found = m_positions.find(full);
        throw ScenarioError(
            found == m_positions.end() ? m_branches.position : found->second, full, why);
    }

    const Scenario& m_scenario;
    const BranchesSettings& m_branches;
    const ScenarioPositions& m_positions;
};

void
BranchesChecker::CheckHub() const
{
    const GatewaySettings* hub = m_scenario.FindGateway(m_branches.hub);
    if (!hub || hub->isClient || !hub->branches.empty())
    {
        Refuse("hub",
               "there is no gateway '" + m_branches.hub + "'; allowed: the name of a [gateway]");
    }
}

void
BranchesChecker::CheckAddresses() const
{
    const uint64_t room =
        uint64_t{m_branches.lastAddress.value} - m_branches.firstAddress.value + 1;
    if (room < m_branches.count)
    {
        Refuse("addresses",
               "holds " + std::to_string(room) + " addresses, but there are " +
                   std::to_string(m_branches.count) + " branches; allowed: one for each at least");
    }
}

void
BranchesChecker::CheckLans() const
{
    constexpr int LONGEST = 32;
    if (m_branches.lanLength + TunnelBits(m_branches) > LONGEST)
    {
        Refuse("tunnels",
               "are more than there are addresses in a LAN of /" +
                   std::to_string(m_branches.lanLength) +
                   "; allowed: fewer, or a shorter lan-length");
    }
    const uint8_t length = m_branches.lans.length;
    const uint64_t room =
        m_branches.lanLength < length ? 0 : uint64_t{1} << (m_branches.lanLength - length);
    if (room < m_branches.count)
    {
        Refuse("lans",
               "'" + m_branches.lans.ToString() + "' holds " + std::to_string(room) + " LANs of /" +
                   std::to_string(m_branches.lanLength) + ", but there are " +
                   std::to_string(m_branches.count) +
                   " branches; allowed: a shorter prefix, or a longer lan-length");
    }
}

void
BranchesChecker::CheckNames() const
{
    for (uint32_t number = 1; number <= m_branches.count; number++)
    {
        const std::string name = m_branches.BranchName(number);
        if (m_scenario.FindGateway(name) || m_scenario.FindHost(name) ||
            m_scenario.FindTunnel(name))
        {
            Refuse("count",
                   "makes a branch '" + name +
                       "', but that name is taken; allowed: a [branches] "
                       "with another name");
        }
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

TunnelSettings
MakeTunnel(const Scenario& pattern, const BranchesSettings& branches, uint32_t number)
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
    if (!branches.idDomain.empty())
    {
        tunnel.ends[0].id = Identity::Parse(tunnel.ends[0].gateway + "." + branches.idDomain);
    }
    return tunnel;
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

void
ExpandBranches(Scenario& scenario, const Scenario& pattern, const ScenarioPositions& positions)
{
    const BranchesSettings& branches = pattern.branches.front();
    BranchesChecker(scenario, branches, positions).Run();
    RngStream random(
        scenario.simulation.seed, FIRST_STREAM + scenario.branches.size(), scenario.simulation.run);
    scenario.gateways.reserve(scenario.gateways.size() + branches.count);
    scenario.tunnels.reserve(scenario.tunnels.size() + size_t{branches.count} * branches.tunnels);
    for (uint32_t number = 1; number <= branches.count; number++)
    {
        scenario.gateways.push_back(MakeGateway(pattern, branches, number));
        TunnelSettings tunnel = MakeTunnel(pattern, branches, number);
        tunnel.startAt += Duration(static_cast<int64_t>(
            random.RandU01() * static_cast<double>(branches.startSpread.count())));
        AddTunnels(scenario, branches, std::move(tunnel), number);
    }
    scenario.branches.push_back(branches);
}

} // namespace ipsec
} // namespace ns3
