// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-lab-tunnel.h"
#include "ipsec-nat-lab.h"

#include <algorithm>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

std::vector<std::string>
ForAllTunnels(const NatTunnels& names, const std::string& setting)
{
    std::vector<std::string> changes;
    for (const std::string& tunnel : names.tunnels)
    {
        changes.push_back("tunnel." + tunnel + "." + setting);
    }
    return changes;
}

std::vector<NatCase>
NatCases(const NatTunnels& names)
{
    const auto without = [&](const std::string& setting)
    {
        std::vector<std::string> changes = ForAllTunnels(names, "nat-traversal=off");
        changes.push_back("nat." + names.nat + "." + setting);
        return changes;
    };
    // Forced NAT traversal and AH exclude each other from the start.
    std::vector<std::string> withAh = ForAllTunnels(names, "phase2-proposals=nopfs-ah-sha256");
    for (const std::string& change : ForAllTunnels(names, "nat-traversal=auto"))
    {
        withAh.push_back(change);
    }
    return {{"NAT traversal", {}},
            {"without, the NAT refuses ESP", without("esp=off")},
            {"without, the NAT lets ESP of one host through", without("esp=one-per-remote")},
            {"without, the NAT guesses whose SPI it is", without("esp=learn-spi")},
            {"AH", withAh},
            {"no keepalives", ForAllTunnels(names, "nat-keepalive=0s")},
            {"the NAT helps one IKE daemon", {"nat." + names.nat + ".ike=one-per-remote"}},
            {"the NAT is symmetric",
             {"nat." + names.nat + ".mapping=address-and-port-dependent",
              "nat." + names.nat + ".filtering=address-and-port-dependent"}}};
}

namespace
{

/// Returns gateways and the hosts behind them.
std::set<std::string>
WithHosts(const Scenario& scenario, const std::vector<std::string>& gateways)
{
    std::set<std::string> all(gateways.begin(), gateways.end());
    for (const HostSettings& host : scenario.hosts)
    {
        if (std::find(gateways.begin(), gateways.end(), host.behind) != gateways.end())
        {
            all.insert(host.name);
        }
    }
    return all;
}

} // namespace

NatTunnels
FindNatTunnels(const Scenario& scenario)
{
    const auto natOf = [&](const std::string& gateway)
    {
        const auto found =
            std::find_if(scenario.gateways.begin(),
                         scenario.gateways.end(),
                         [&](const GatewaySettings& one) { return one.name == gateway; });
        return found == scenario.gateways.end() ? "" : found->behind;
    };
    NatTunnels names;
    for (const TunnelSettings& tunnel : scenario.tunnels)
    {
        const std::string nat = natOf(tunnel.ends[0].gateway);
        const std::string hub = tunnel.ends[1].gateway;
        if (nat.empty() || !IsCapturedIke(scenario, tunnel))
        {
            continue;
        }
        if (names.tunnels.empty())
        {
            names.nat = nat;
            names.hub = hub;
        }
        if (nat == names.nat && hub == names.hub)
        {
            names.tunnels.push_back(tunnel.name);
            names.inside.push_back(tunnel.ends[0].gateway);
        }
    }
    if (names.tunnels.empty())
    {
        throw std::invalid_argument(scenario.position.file +
                                    ": has no tunnel whose first end is behind a [nat]; the lab "
                                    "looks at the first one that is; " +
                                    NOT_CAPTURED);
    }
    names.insiders = WithHosts(scenario, names.inside);
    names.ofHub = WithHosts(scenario, {names.hub});
    return names;
}

NatRunOutcome
ObserveNat(const RunRecord& record, const NatTunnels& names)
{
    NatRunOutcome outcome;
    outcome.allUpAt = Instant{};
    for (const std::string& tunnel : names.tunnels)
    {
        const std::optional<Instant> up = record.TunnelUpAt(tunnel);
        outcome.allUpAt = up && outcome.allUpAt
                              ? std::optional<Instant>(std::max(*up, *outcome.allUpAt))
                              : std::nullopt;
    }
    const Prefix hubLan = record.FindNode(names.hub)->lan;
    for (const TrafficRecord& traffic : record.traffic)
    {
        const bool isFromInside =
            names.insiders.count(traffic.from) > 0 && hubLan.Contains(traffic.toAddress);
        if (!isFromInside && names.ofHub.count(traffic.from) == 0)
        {
            // Others use the same NAT, or send past the tunnels.
            continue;
        }
        AnsweredOf& sum = isFromInside ? outcome.fromInside : outcome.fromHub;
        sum.answered += traffic.received;
        sum.sent += traffic.sent;
        const std::optional<Duration> slowest = traffic.MaximumRoundTrip();
        outcome.slowest = std::max(outcome.slowest, slowest);
    }
    const NatRecord& nat = *record.FindNat(names.nat);
    outcome.mappings = nat.created;
    outcome.lost = nat.drops;
    for (const NodeRecord& node : record.nodes)
    {
        const bool isInside =
            std::find(names.inside.begin(), names.inside.end(), node.name) != names.inside.end();
        outcome.keepAlives += isInside ? node.keepAlives : 0;
        for (const FailureRecord& failure : node.failures)
        {
            const std::string text = node.name + ": " + FaultName(failure.reason);
            const bool isKnown =
                std::find(outcome.failures.begin(), outcome.failures.end(), text) !=
                outcome.failures.end();
            if (!isKnown)
            {
                outcome.failures.push_back(text);
            }
        }
    }
    return outcome;
}

} // namespace ipsec
} // namespace ns3
