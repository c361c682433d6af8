// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario.h"

#include <algorithm>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

template <typename T>
const T*
FindByName(const std::vector<T>& list, const std::string& name)
{
    const auto found =
        std::find_if(list.begin(), list.end(), [&](const T& item) { return item.name == name; });
    return found == list.end() ? nullptr : &*found;
}

} // namespace

std::string
ScenarioPosition::ToString() const
{
    return line == 0 ? file : file + ":" + std::to_string(line);
}

IpAddress
GatewaySettings::LanAddress() const
{
    return {lan.address.value + 1};
}

IpAddress
GatewaySettings::LastLanAddress() const
{
    return {lan.address.value | ~lan.Mask().value};
}

const GatewaySettings*
Scenario::FindGateway(const std::string& gateway) const
{
    return m_gatewayIndex.Find(gateways, gateway);
}

const HostSettings*
Scenario::FindHost(const std::string& host) const
{
    return m_hostIndex.Find(hosts, host);
}

const NatSettings*
Scenario::FindNat(const std::string& nat) const
{
    return m_natIndex.Find(nats, nat);
}

const CpuSettings*
Scenario::FindCpu(const std::string& cpu) const
{
    return FindByName(cpus, cpu);
}

const TunnelSettings*
Scenario::FindTunnel(const std::string& tunnel) const
{
    return m_tunnelIndex.Find(tunnels, tunnel);
}

const AuthoritySettings*
Scenario::FindAuthority(const std::string& authority) const
{
    return FindByName(authorities, authority);
}

Personality
Scenario::FindPersonality(const std::string& personality) const
{
    std::string own;
    for (const PersonalitySettings& settings : personalities)
    {
        if (settings.name == personality)
        {
            return settings.personality;
        }
        own += ", " + settings.name;
    }
    try
    {
        return Personality::Preset(personality);
    }
    catch (const std::invalid_argument& e)
    {
        throw std::invalid_argument(e.what() + own);
    }
}

const AddressPool*
Scenario::FindPool(const std::string& pool) const
{
    const auto found =
        std::find_if(pools.begin(),
                     pools.end(),
                     [&](const PoolSettings& settings) { return settings.pool.name == pool; });
    return found == pools.end() ? nullptr : &found->pool;
}

const BranchesSettings*
Scenario::FindBranches(const std::string& wanted) const
{
    return FindByName(branches, wanted);
}

std::vector<std::string>
Scenario::SeriesNodes() const
{
    std::vector<std::string> nodes = output.seriesOf;
    for (const GatewaySettings& gateway : gateways)
    {
        if (output.seriesOf.empty() && gateway.branches.empty())
        {
            nodes.push_back(gateway.name);
        }
    }
    for (const NatSettings& nat : nats)
    {
        if (output.seriesOf.empty() && nat.copyOf.empty())
        {
            nodes.push_back(nat.name);
        }
    }
    for (const std::string& clients : DialUpNames())
    {
        if (output.seriesOf.empty() && !FindGateway(clients))
        {
            nodes.push_back(clients);
        }
    }
    return nodes;
}

bool
Scenario::NeedsSeries() const
{
    return output.series || std::any_of(expectations.begin(),
                                        expectations.end(),
                                        [](const Expectation& one) { return !one.metric.empty(); });
}

bool
Scenario::IsShown(const std::string& gateway) const
{
    const GatewaySettings* settings = FindGateway(gateway);
    const BranchesSettings* kind = settings ? FindBranches(settings->branches) : nullptr;
    if (!kind)
    {
        return true;
    }
    const auto isNamed = [&](const Expectation& one)
    { return one.subject == gateway || one.object == gateway; };
    const uint64_t number = std::stoull(gateway.substr(kind->name.size() + 1));
    return number <= output.showBranches ||
           std::any_of(expectations.begin(), expectations.end(), isNamed) ||
           std::any_of(attackers.begin(),
                       attackers.end(),
                       [&](const AttackerSettings& attacker)
                       { return attacker.watches == gateway || attacker.stealsFrom == gateway; });
}

std::vector<std::string>
Scenario::DialUpNames() const
{
    std::vector<std::string> names;
    for (const GatewaySettings& client : gateways)
    {
        if (client.dialUp->isDialUp && client.branches.empty())
        {
            names.push_back(client.name);
        }
    }
    for (const BranchesSettings& clients : branches)
    {
        const GatewaySettings* first = FindGateway(clients.BranchName(1));
        if (first && first->dialUp->isDialUp)
        {
            names.push_back(clients.name);
        }
    }
    return names;
}

std::vector<TunnelEnd>
Scenario::TunnelsAt(const std::string& gateway) const
{
    return m_tunnelEnds.Find(tunnels, gateway);
}

std::vector<Phase1Proposal>
EndProposals(const Scenario& scenario, const TunnelSettings& tunnel, size_t end)
{
    const TunnelEndSettings& settings = tunnel.ends[end];
    std::vector<Phase1Proposal> proposals = settings.rules->phase1Proposals;
    if (proposals.empty())
    {
        proposals = scenario.FindGateway(settings.gateway)->ikeProposals;
    }
    for (Phase1Proposal& proposal : proposals)
    {
        proposal.auth = settings.rules->auth.value_or(proposal.auth);
    }
    return proposals;
}

size_t
ClientEnd(const Scenario& scenario, const TunnelSettings& tunnel)
{
    for (size_t end = 0; end < tunnel.ends.size(); end++)
    {
        const GatewaySettings* node = scenario.FindGateway(tunnel.ends[end].gateway);
        if (node && node->isClient)
        {
            return end;
        }
    }
    return tunnel.IsExternal() ? 1 : 0;
}

bool
UsesXauth(const Scenario& scenario, const TunnelSettings& tunnel)
{
    const auto isHybrid = [](const Phase1Proposal& p) { return p.auth == AuthMethod::HybridRsa; };
    for (size_t end = 0; end < tunnel.ends.size(); end++)
    {
        if (!tunnel.ends[end].gateway.empty())
        {
            const std::vector<Phase1Proposal> proposals = EndProposals(scenario, tunnel, end);
            if (std::any_of(proposals.begin(), proposals.end(), isHybrid))
            {
                return true;
            }
        }
    }
    return tunnel.remoteAccess->xauth;
}

IpAddress
EndAddress(const Scenario& scenario, const TunnelSettings& tunnel, size_t end)
{
    const std::string& gateway = tunnel.ends[end].gateway;
    return gateway.empty() ? *tunnel.externalAddress : scenario.FindGateway(gateway)->address;
}

namespace
{

/// Tells whether a client that dials up has a tunnel for the two ends themselves.
bool
IsDialUpTransport(const Scenario& scenario, const TunnelSettings& tunnel)
{
    for (size_t end = 0; end < tunnel.ends.size(); end++)
    {
        if (IsDialUpEnd(scenario, tunnel, end))
        {
            return tunnel.ends[end].rules->encapsulation == EncapsulationMode::Transport;
        }
    }
    return false;
}

/// Returns the network of one end: the name of its NAT, or nothing for the internet.
std::string
NetworkOf(const Scenario& scenario, const TunnelSettings& tunnel, size_t end)
{
    const std::string& gateway = tunnel.ends[end].gateway;
    return gateway.empty() ? "" : scenario.FindGateway(gateway)->behind;
}

} // namespace

IpAddress
SeenAddress(const Scenario& scenario, const TunnelSettings& tunnel, size_t end)
{
    return ReachedAt(scenario,
                     NetworkOf(scenario, tunnel, 1 - end),
                     NetworkOf(scenario, tunnel, end),
                     EndAddress(scenario, tunnel, end));
}

bool
CrossesNat(const Scenario& scenario, const TunnelSettings& tunnel)
{
    const std::string first = NetworkOf(scenario, tunnel, 0);
    const std::string second = NetworkOf(scenario, tunnel, 1);
    return IsBehindNat(scenario, first, second) || IsBehindNat(scenario, second, first);
}

bool
IsCaller(const Scenario& scenario, const TunnelSettings& tunnel, size_t end)
{
    const GatewaySettings* node = scenario.FindGateway(tunnel.ends[end].gateway);
    return node && (node->isClient ||
                    IsOutOfReach(scenario, NetworkOf(scenario, tunnel, 1 - end), node->behind));
}

bool
TakesAnyHost(const Scenario& scenario, const TunnelSettings& tunnel, size_t end)
{
    const TunnelEndSettings& own = tunnel.ends[end];
    const GatewaySettings* other = scenario.FindGateway(tunnel.ends[1 - end].gateway);
    const bool isDialUp = other && other->dialUp->isDialUp;
    const bool isClient = other && other->isClient && (isDialUp || !other->behind.empty());
    const bool isNegotiated = tunnel.keying == TunnelKeying::Ike &&
                              tunnel.vpn == TunnelVpn::Policy && !tunnel.remoteAccess->modeConfig;
    return isClient && isNegotiated &&
           (isDialUp || own.rules->encapsulation == EncapsulationMode::Transport ||
            !(tunnel.proxyId || own.rules->proxyId));
}

ProxyId
EndProxyId(const Scenario& scenario, const TunnelSettings& tunnel, size_t end)
{
    if (tunnel.ends[end].rules->proxyId)
    {
        ProxyId own = *tunnel.ends[end].rules->proxyId;
        own.protocol = tunnel.protocol;
        own.localPort = tunnel.ports[end];
        own.remotePort = tunnel.ports[1 - end];
        return own;
    }
    ProxyId first;
    if (tunnel.proxyId)
    {
        first = *tunnel.proxyId;
    }
    else if (IsDialUpTransport(scenario, tunnel))
    {
        first.local = Prefix::Host(SeenAddress(scenario, tunnel, 0));
        first.remote = Prefix::Host(SeenAddress(scenario, tunnel, 1));
    }
    else if (tunnel.vpn == TunnelVpn::Policy)
    {
        first.local = scenario.FindGateway(tunnel.ends[0].gateway)->lan;
        first.remote = tunnel.IsExternal()
                           ? tunnel.externalLan.value_or(Prefix::Host(*tunnel.externalAddress))
                           : scenario.FindGateway(tunnel.ends[1].gateway)->lan;
    }
    first.protocol = tunnel.protocol;
    first.localPort = tunnel.ports[0];
    first.remotePort = tunnel.ports[1];
    return end == 0 ? first : first.Mirror();
}

} // namespace ipsec
} // namespace ns3
