// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-check.h"

#include "ipsec-expectation.h"
#include "ipsec-scenario-engine.h"
#include "ipsec-scenario-pki.h"
#include "ipsec-scenario-units.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Checks everything that refers to gateways and hosts.
class TunnelChecker : private ScenarioChecker
{
  public:
    using ScenarioChecker::ScenarioChecker;

    void Run();

  private:
    void CheckSimulation() const;
    void CheckTunnel(TunnelSettings& tunnel);
    void CheckEnds(const TunnelSettings& tunnel) const;
    void CheckCaller(const TunnelSettings& tunnel) const;
    void CheckPeerOutside(const TunnelSettings& tunnel) const;
    bool NeedsPreSharedKey(const TunnelSettings& tunnel, size_t end) const;
    void NameUser(const TunnelSettings& tunnel);
    void CheckRemoteAccess(const TunnelSettings& tunnel) const;
    void CheckPool(const TunnelSettings& tunnel, const GatewaySettings& server) const;
    void CheckTransport(const TunnelSettings& tunnel) const;
    void CheckSameTraffic(const TunnelSettings& tunnel);

    /// Which tunnel protects what at which gateway.
    std::map<std::pair<std::string, std::string>, std::string> m_traffic;
};

void
TunnelChecker::Run()
{
    CheckSimulation();
    CompleteDialUp(m_scenario, m_positions);
    CompleteNodes(m_scenario, m_positions);
    CheckKeying(m_scenario, m_positions);
    CompleteCpus(m_scenario, m_positions);
    for (TunnelSettings& tunnel : m_scenario.tunnels)
    {
        CheckTunnel(tunnel);
    }
    CheckProtection(m_scenario, m_positions);
    CheckEvents(m_scenario, m_positions);
    m_scenario.pki = std::make_shared<const ScenarioPki>(m_scenario, m_positions);
    CompleteTraffic(m_scenario, m_positions);
    if (m_scenario.expectations.empty())
    {
        m_scenario.expectations = DefaultExpectations(m_scenario);
    }
    CheckExpectations(m_scenario, m_positions);
    for (const GatewaySettings& gateway : m_scenario.gateways)
    {
        PlanGateway(m_scenario, gateway);
    }
}

void
TunnelChecker::CheckSimulation() const
{
    if (m_scenario.simulation.stop <= Duration::zero())
    {
        Refuse("simulation.stop", m_scenario.position, "is zero; allowed: more than 0s");
    }
    if (m_scenario.gateways.empty())
    {
        Refuse("gateway", m_scenario.position, "is missing; write at least one [gateway NAME]");
    }
    if (m_scenario.tunnels.empty())
    {
        Refuse("tunnel",
               m_scenario.position,
               "is missing; write at least one [tunnel NAME] or [branches NAME]");
    }
}

void
TunnelChecker::CheckTunnel(TunnelSettings& tunnel)
{
    const std::string prefix = "tunnel." + tunnel.name;
    CheckEnds(tunnel);
    CheckPeerOutside(tunnel);
    for (size_t i = 0; i < tunnel.ends.size(); i++)
    {
        TunnelEndSettings& end = tunnel.ends[i];
        if (end.gateway.empty())
        {
            continue;
        }
        if (tunnel.keying == TunnelKeying::Ike && end.preSharedKey.empty() &&
            NeedsPreSharedKey(tunnel, i))
        {
            Refuse(prefix + ".pre-shared-key",
                   tunnel.position,
                   "is missing for " + end.gateway + "; write pre-shared-key = TEXT or 0xHEX");
        }
        if (!end.id)
        {
            end.id = m_scenario.FindGateway(end.gateway)->id;
        }
    }
    for (size_t i = 0; i < tunnel.ends.size(); i++)
    {
        TunnelEndSettings& end = tunnel.ends[i];
        const std::string& other = tunnel.ends[1 - i].gateway;
        if (end.gateway.empty() || end.peerId || end.rules->isGroup)
        {
            continue;
        }
        end.peerId = tunnel.ends[1 - i].id;
        const GatewaySettings* node = m_scenario.FindGateway(other);
        if (!end.peerId && node &&
            (end.rules->anyPeerAddress || node->isClient ||
             SeenAddress(m_scenario, tunnel, 1 - i) != node->address))
        {
            // Nobody told that end a name: it goes by its own address, which tells nothing here, or
            // differs from the one that it is reached at.
            end.peerId = Identity::FromAddress(node->address);
        }
    }
    NameUser(tunnel);
    CheckRemoteAccess(tunnel);
    if (tunnel.start == TunnelStart::Auto && tunnel.startAt >= m_scenario.simulation.stop)
    {
        Refuse(prefix + ".start-at", tunnel.position, "is not before the end of the run");
    }
    CheckTransport(tunnel);
    CheckSameTraffic(tunnel);
}

void
TunnelChecker::CheckEnds(const TunnelSettings& tunnel) const
{
    const std::string between = "tunnel." + tunnel.name + ".between";
    const std::string& first = tunnel.ends[0].gateway;
    const std::string& second = tunnel.ends[1].gateway;
    for (const TunnelEndSettings& end : tunnel.ends)
    {
        if (!end.gateway.empty() && !m_scenario.FindGateway(end.gateway))
        {
            Refuse(between,
                   tunnel.position,
                   "there is no gateway '" + end.gateway +
                       "'; allowed: " + NamesOf(m_scenario.gateways));
        }
    }
    if (first == second)
    {
        Refuse(between, tunnel.position, "names '" + first + "' twice; allowed: two gateways");
    }
    if (tunnel.keying == TunnelKeying::Manual && CrossesNat(m_scenario, tunnel))
    {
        Refuse("tunnel." + tunnel.name + ".keying",
               tunnel.position,
               "is manual, but a NAT is between '" + first + "' and '" + second +
                   "', which only IKE finds out; allowed: ike");
    }
    if (second.empty() != tunnel.IsExternal())
    {
        Refuse(between,
               tunnel.position,
               second.empty() ? "names one gateway only; name a second, or add external-address "
                                "and external-lan"
                              : "names two gateways; with external-address name one only");
    }
    CheckCaller(tunnel);
}

/// One end must be in reach of the other one.
void
TunnelChecker::CheckCaller(const TunnelSettings& tunnel) const
{
    const auto canCall = [&](size_t end)
    {
        return tunnel.IsExternal() ||
               (!tunnel.ends[end].rules->anyPeerAddress && !IsCaller(m_scenario, tunnel, 1 - end));
    };
    if (tunnel.keying == TunnelKeying::Manual || canCall(0) || canCall(1))
    {
        return;
    }
    for (const TunnelEndSettings& end : tunnel.ends)
    {
        if (end.rules->anyPeerAddress)
        {
            Refuse("tunnel." + tunnel.name + ".peer-address",
                   tunnel.position,
                   "is any, so '" + end.gateway +
                       "' waits to be called, but the other end cannot call either; allowed: any "
                       "at an end that the other one can call");
        }
    }
    for (const TunnelEndSettings& end : tunnel.ends)
    {
        const GatewaySettings& gateway = *m_scenario.FindGateway(end.gateway);
        if (!gateway.isClient)
        {
            std::vector<std::string> nats;
            for (const NatSettings* nat : NatsAbove(m_scenario, gateway.behind))
            {
                nats.push_back(nat->name);
            }
            Refuse("tunnel." + tunnel.name + ".between",
                   tunnel.position,
                   "neither end can call the other one: '" + gateway.name + "' is behind nat " +
                       JoinList(nats) + ", which does not lead there; write forward = udp:500:" +
                       gateway.name + ", udp:4500:" + gateway.name + " in [nat " + gateway.behind +
                       "]" + (nats.size() > 1 ? ", and the like above it" : ""));
        }
    }
    Refuse("tunnel." + tunnel.name + ".between",
           tunnel.position,
           "names two clients; allowed: one and a gateway");
}

bool
TunnelChecker::NeedsPreSharedKey(const TunnelSettings& tunnel, size_t end) const
{
    const std::vector<Phase1Proposal> proposals = EndProposals(m_scenario, tunnel, end);
    return std::any_of(proposals.begin(),
                       proposals.end(),
                       [](const Phase1Proposal& p) { return p.auth == AuthMethod::PreSharedKey; });
}

/// Hybrid authentication asks for a user that no other method needs; so that a tunnel can be
/// switched to it by the key auth alone, an end without one goes by its own name.
void
TunnelChecker::NameUser(const TunnelSettings& tunnel)
{
    const std::string& name = tunnel.ends[ClientEnd(m_scenario, tunnel)].gateway;
    if (name.empty() || tunnel.remoteAccess->xauth || !UsesXauth(m_scenario, tunnel))
    {
        return;
    }
    for (GatewaySettings& node : m_scenario.gateways)
    {
        if (node.name == name && node.xauthUser.empty() && node.xauthPassword.empty())
        {
            node.xauthUser = name;
            node.xauthPassword = "password-of-" + name;
        }
    }
}

void
TunnelChecker::CheckRemoteAccess(const TunnelSettings& tunnel) const
{
    const std::string prefix = "tunnel." + tunnel.name;
    const size_t client = ClientEnd(m_scenario, tunnel);
    const std::string& own = tunnel.ends[client].gateway;
    const std::string& server = tunnel.ends[1 - client].gateway;
    const GatewaySettings* user = m_scenario.FindGateway(own);
    if (user && UsesXauth(m_scenario, tunnel) &&
        (user->xauthUser.empty() || user->xauthPassword.empty()))
    {
        Refuse(prefix + ".xauth",
               tunnel.position,
               "asks '" + own + "' for a user and a password, but it has none" +
                   (user->isClient ? "; write xauth-user and xauth-password in [client " + own + "]"
                                   : "; allowed: a [client] at that end"));
    }
    if (!tunnel.remoteAccess->modeConfig)
    {
        return;
    }
    if (user && !user->isClient)
    {
        Refuse(prefix + ".mode-config",
               tunnel.position,
               "gives '" + own + "' an address, but it is a gateway; allowed: a [client]");
    }
    if (!server.empty())
    {
        CheckPool(tunnel, *m_scenario.FindGateway(server));
    }
    if (user && tunnel.start == TunnelStart::Traffic)
    {
        Refuse(prefix + ".start",
               tunnel.position,
               "is traffic, but '" + own +
                   "' has no address for traffic before the tunnel is up; write start = auto");
    }
}

void
TunnelChecker::CheckPool(const TunnelSettings& tunnel, const GatewaySettings& server) const
{
    const std::string& name = tunnel.remoteAccess->pool;
    const auto own = std::find_if(m_scenario.pools.begin(),
                                  m_scenario.pools.end(),
                                  [&](const PoolSettings& one) { return one.pool.name == name; });
    if (own == m_scenario.pools.end())
    {
        std::vector<std::string> pools;
        for (const PoolSettings& pool : m_scenario.pools)
        {
            pools.push_back(pool.pool.name);
        }
        Refuse(
            "tunnel." + tunnel.name + ".pool",
            tunnel.position,
            name.empty()
                ? "is missing; write pool = NAME of a [pool] that mode-config gives addresses from"
                : "there is no pool '" + name + "'; allowed: " +
                      (pools.empty() ? "none, there is no such section" : JoinList(pools)));
    }
    const AddressPool& pool = own->pool;
    if (!(server.LastLanAddress() < pool.first) && !(pool.last < server.lan.address))
    {
        Refuse("pool." + name + ".addresses",
               own->position,
               "'" + pool.first.ToString() + " - " + pool.last.ToString() + "' lies in the LAN " +
                   server.lan.ToString() + " of '" + server.name +
                   "', whose hosts look for these addresses there; allowed: addresses apart from "
                   "it");
    }
}

void
TunnelChecker::CheckPeerOutside(const TunnelSettings& tunnel) const
{
    const std::string prefix = "tunnel." + tunnel.name;
    // A client outside has an address of ours in the tunnel and no network of its own.
    const bool lanIsTold =
        tunnel.externalLan || (tunnel.IsExternal() && tunnel.remoteAccess->modeConfig);
    if (tunnel.IsExternal() != lanIsTold)
    {
        Refuse(prefix + (tunnel.IsExternal() ? ".external-lan" : ".external-address"),
               tunnel.position,
               "is missing; write both external-address = ADDRESS and external-lan = PREFIX");
    }
    if (tunnel.IsExternal() && !IsUnicast(*tunnel.externalAddress))
    {
        Refuse(prefix + ".external-address",
               tunnel.position,
               "'" + tunnel.externalAddress->ToString() +
                   "' is no address of a host; allowed: unicast");
    }
    if (tunnel.IsExternal() && *tunnel.externalAddress == m_scenario.internet.tapAddress)
    {
        Refuse(prefix + ".external-address",
               tunnel.position,
               "'" + tunnel.externalAddress->ToString() +
                   "' is the simulated router (tap-address); allowed: the peer's own address");
    }
    if (!tunnel.IsExternal())
    {
        return;
    }
    for (const GatewaySettings& gateway : m_scenario.gateways)
    {
        if (gateway.behind.empty() && gateway.address == *tunnel.externalAddress)
        {
            Refuse(prefix + ".external-address",
                   tunnel.position,
                   "'" + gateway.address.ToString() + "' is gateway '" + gateway.name +
                       "'; name it in between instead");
        }
        if (tunnel.externalLan && Overlap(gateway.lan, *tunnel.externalLan))
        {
            Refuse(prefix + ".external-lan",
                   tunnel.position,
                   "'" + tunnel.externalLan->ToString() + "' overlaps " + gateway.lan.ToString() +
                       " of gateway '" + gateway.name + "'; allowed: a network of its own");
        }
    }
}

void
TunnelChecker::CheckTransport(const TunnelSettings& tunnel) const
{
    const std::string prefix = "tunnel." + tunnel.name + ".";
    const auto host = [&](size_t end) { return Prefix::Host(EndAddress(m_scenario, tunnel, end)); };
    const auto seen = [&](size_t end)
    { return Prefix::Host(SeenAddress(m_scenario, tunnel, end)); };
    for (size_t i = 0; i < tunnel.ends.size(); i++)
    {
        const TunnelEndSettings& end = tunnel.ends[i];
        if (end.gateway.empty() || end.rules->encapsulation != EncapsulationMode::Transport)
        {
            continue;
        }
        if (IsDialUpEnd(m_scenario, tunnel, i))
        {
            continue; // its side is its address, whichever that is
        }
        const ProxyId proxyId = EndProxyId(m_scenario, tunnel, i);
        const bool isAnyHost = TakesAnyHost(m_scenario, tunnel, i);
        if (proxyId.local != host(i) || (proxyId.remote != seen(1 - i) && !isAnyHost))
        {
            const std::string ofEnd = prefix + end.gateway + ".encapsulation";
            Refuse(m_positions.count(ofEnd) > 0 ? ofEnd : prefix + "encapsulation",
                   tunnel.position,
                   "'transport' carries only what the gateways themselves send, but the proxy ID "
                   "at " +
                       end.gateway + " is " + proxyId.ToString() +
                       "; allowed: tunnel, or with transport " +
                       (CrossesNat(m_scenario, tunnel)
                            ? end.gateway + ".proxy-id = " + host(i).ToString() + ", " +
                                  seen(1 - i).ToString()
                            : "proxy-id = " + host(0).ToString() + ", " + host(1).ToString()));
        }
    }
}

void
TunnelChecker::CheckSameTraffic(const TunnelSettings& tunnel)
{
    for (size_t end = 0; end < tunnel.ends.size(); end++)
    {
        const std::string& gateway = tunnel.ends[end].gateway;
        // What is assigned, or what a client says, differs from client to client.
        const bool isAssigned =
            tunnel.remoteAccess->modeConfig && ClientEnd(m_scenario, tunnel) != end;
        if (gateway.empty() || isAssigned || TakesAnyHost(m_scenario, tunnel, end))
        {
            continue;
        }
        std::string traffic = EndProxyId(m_scenario, tunnel, end).ToString();
        if (tunnel.vpn == TunnelVpn::Route)
        {
            // Routes tell tunnels to different peers apart.
            traffic += " with " + EndAddress(m_scenario, tunnel, 1 - end).ToString();
        }
        const auto [first, isNew] = m_traffic.emplace(std::pair(gateway, traffic), tunnel.name);
        if (!isNew)
        {
            Refuse("tunnel." + tunnel.name + ".proxy-id",
                   tunnel.position,
                   "is the same traffic as tunnel '" + first->second +
                       "' protects; write a proxy-id that differs");
        }
    }
}

} // namespace

std::string
ScenarioChecker::WrittenKey(const std::string& key) const
{
    const size_t first = key.find('.');
    const size_t second = first == std::string::npos ? first : key.find('.', first + 1);
    const std::string kind = key.substr(0, first);
    const std::string name = key.substr(first + 1, second - first - 1);
    const bool isNode = kind == "gateway" || kind == "client";
    const GatewaySettings* gateway = isNode ? m_scenario.FindGateway(name) : nullptr;
    const TunnelSettings* tunnel = kind == "tunnel" ? m_scenario.FindTunnel(name) : nullptr;
    const std::string group = gateway ? gateway->branches : tunnel ? tunnel->branches : "";
    if (group.empty())
    {
        return key;
    }
    std::string rest = second == std::string::npos ? "" : key.substr(second);
    if (rest == ".address")
    {
        rest = ".addresses";
    }
    if (rest == ".lan")
    {
        rest = ".lans";
    }
    return std::string(m_scenario.FindBranches(group)->Kind()) + "." + group + rest;
}

void
ScenarioChecker::Refuse(const std::string& wanted,
                        const ScenarioPosition& section,
                        const std::string& why) const
{
    const std::string key = WrittenKey(wanted);
    const auto found = m_positions.find(key);
    throw ScenarioError(found == m_positions.end() ? section : found->second, key, why);
}

void
CompleteScenario(Scenario& scenario, const ScenarioPositions& positions)
{
    TunnelChecker(scenario, positions).Run();
}

} // namespace ipsec
} // namespace ns3
