// SPDX-License-Identifier: GPL-2.0-only
// Many clients of one kind: what [clients NAME] stands for.
#include "ipsec-scenario-branches.h"
#include "ipsec-scenario-ini.h"
#include "ipsec-scenario.h"

#include "ns3/rng-stream.h"

#include <algorithm>
#include <cmath>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Streams of [clients] sections: behind those of [branches].
constexpr uint64_t FIRST_STREAM = (uint64_t{1} << 63) + 2000000000;
/// Streams of their arrivals.
constexpr uint64_t FIRST_ARRIVAL_STREAM = (uint64_t{1} << 63) + 2500000000;

void
CheckPlaces(const Scenario& scenario,
            const BranchesSettings& clients,
            bool isDhcp,
            const ScenarioPositions& positions)
{
    const bool hasAddresses = !clients.firstAddress.IsAny();
    if (!isDhcp && hasAddresses != clients.behind.empty())
    {
        RefuseBranches(clients,
                       positions,
                       "addresses",
                       hasAddresses
                           ? "is there, but a NAT gives clients theirs; allowed: "
                             "addresses in the internet, or behind = NAT"
                           : "is missing; write addresses = FIRST - LAST, or dhcp, or behind = "
                             "NAT");
    }
    if (clients.behind.empty() && isDhcp)
    {
        return;
    }
    if (hasAddresses)
    {
        CheckEnoughAddresses(clients, positions);
        return;
    }
    if (!scenario.FindNat(clients.behind))
    {
        RefuseBranches(clients,
                       positions,
                       "behind",
                       "there is no nat '" + clients.behind + "'; allowed: the name of a [nat]");
    }
    if (clients.nats > clients.count)
    {
        RefuseBranches(clients,
                       positions,
                       "nats",
                       "are " + std::to_string(clients.nats) + ", but there are " +
                           std::to_string(clients.count) +
                           " clients; allowed: one for each at most");
    }
}

/// Adds NATs like the one that clients are behind, at the addresses that follow.
void
AddNats(Scenario& scenario, const BranchesSettings& clients, const ScenarioPositions& positions)
{
    for (uint32_t number = 2; number <= clients.nats; number++)
    {
        NatSettings nat = *scenario.FindNat(clients.behind);
        nat.copyOf = nat.name;
        nat.name = clients.NatName(number);
        nat.address.value += number - 1;
        if (scenario.FindNat(nat.name) || scenario.FindGateway(nat.name))
        {
            RefuseBranches(clients,
                           positions,
                           "nats",
                           "makes a NAT '" + nat.name +
                               "', but that name is taken; allowed: another [nat] to be behind");
        }
        if (!nat.forwards.empty())
        {
            RefuseBranches(clients,
                           positions,
                           "nats",
                           "makes NATs like '" + nat.copyOf +
                               "', which forwards ports to one place; allowed: a NAT without "
                               "forward");
        }
        scenario.nats.push_back(nat);
    }
}

/// Says when each of many clients first comes.
class ArrivalTimes
{
  public:
    ArrivalTimes(std::optional<TimeDraw> draw, const Scenario& scenario)
        : m_draw(draw)
        , m_random(scenario.simulation.seed,
                   FIRST_ARRIVAL_STREAM + scenario.branches.size(),
                   scenario.simulation.run)
    {
    }

    /// Returns what the next client draws: where they follow one another, the time itself.
    std::optional<TimeDraw>
    Next()
    {
        if (!m_draw || !m_draw->IsOfMany())
        {
            return m_draw;
        }
        const auto gap = static_cast<double>(m_draw->first.count());
        const double part = m_draw->law == TimeLaw::Poisson ? -std::log(1 - m_random.RandU01()) : 1;
        m_last = Duration(static_cast<Duration::rep>(
            std::min(static_cast<double>(m_last.count()) + gap * part, AFTER_ANY_RUN)));
        return TimeDraw{TimeLaw::Fixed, m_last, {}};
    }

  private:
    /// 31 years, in nanoseconds: sums of gaps stay within what a time can hold.
    static constexpr double AFTER_ANY_RUN = 1e18;

    std::optional<TimeDraw> m_draw;
    RngStream m_random;
    Duration m_last{};
};

GatewaySettings
MakeClient(const Scenario& pattern, const BranchesSettings& clients, uint32_t number)
{
    GatewaySettings client = pattern.gateways.front();
    client.name = clients.BranchName(number);
    client.branches = clients.name;
    client.id = Identity::Parse(client.name + "@" + clients.idDomain);
    client.xauthUser = client.name;
    client.xauthPassword = clients.keyText + "-" + std::to_string(number);
    if (clients.behind.empty() && client.dialUp->isDhcp)
    {
        return client;
    }
    if (clients.behind.empty())
    {
        client.address.value = clients.firstAddress.value + number - 1;
        client.lan = Prefix::Host(client.address);
        return client;
    }
    client.behind = clients.NatName((number - 1) % clients.nats + 1);
    return client;
}

} // namespace

std::string
BranchesSettings::NatName(uint32_t number) const
{
    return number == 1 ? behind : behind + "-" + std::to_string(number);
}

void
ExpandClients(Scenario& scenario, const Scenario& pattern, const ScenarioPositions& positions)
{
    const BranchesSettings& clients = pattern.branches.front();
    CheckHubAndNames(scenario, clients, positions);
    const DialUpSettings& dialUp = pattern.gateways.front().dialUp;
    CheckPlaces(scenario, clients, dialUp.isDhcp, positions);
    AddNats(scenario, clients, positions);
    RngStream random(
        scenario.simulation.seed, FIRST_STREAM + scenario.branches.size(), scenario.simulation.run);
    ArrivalTimes arrivals(dialUp.arrival, scenario);
    scenario.gateways.reserve(scenario.gateways.size() + clients.count);
    scenario.tunnels.reserve(scenario.tunnels.size() + clients.count);
    for (uint32_t number = 1; number <= clients.count; number++)
    {
        scenario.gateways.push_back(MakeClient(pattern, clients, number));
        scenario.gateways.back().dialUp.Edit().arrival = arrivals.Next();
        TunnelSettings tunnel = MakeBranchTunnel(pattern, clients, number);
        tunnel.name = clients.TunnelName(number, 1);
        tunnel.startAt += Duration(static_cast<int64_t>(
            random.RandU01() * static_cast<double>(clients.startSpread.count())));
        scenario.tunnels.push_back(std::move(tunnel));
    }
    scenario.branches.push_back(clients);
}

} // namespace ipsec
} // namespace ns3
