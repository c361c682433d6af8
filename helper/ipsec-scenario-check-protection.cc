// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-check.h"

#include "ns3/esp-header.h"

#include <algorithm>
#include <set>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Checks what decides how packets are protected.
class ProtectionChecker : private ScenarioChecker
{
  public:
    using ScenarioChecker::ScenarioChecker;

    void Run();

  private:
    void CheckPorts(const TunnelSettings& tunnel) const;
    void CheckStart(const TunnelSettings& tunnel) const;
    void CheckMtu(const TunnelSettings& tunnel) const;
    void CheckHasRoute(const TunnelSettings& tunnel) const;
    void CheckPolicy(const PolicySettings& policy) const;
    void CheckRoute(const RouteSettings& route) const;
    void CheckOverlay(const OverlaySettings& overlay) const;
    void CheckAttacker(AttackerSettings& attacker) const;
    void CheckFlood(FloodSettings& flood) const;
};

bool
EndsAt(const TunnelSettings& tunnel, const std::string& gateway)
{
    return tunnel.ends[0].gateway == gateway || tunnel.ends[1].gateway == gateway;
}

void
ProtectionChecker::Run()
{
    for (TunnelSettings& tunnel : m_scenario.tunnels)
    {
        CheckPorts(tunnel);
        CheckStart(tunnel);
        CheckMtu(tunnel);
    }
    CheckManualKeys(m_scenario, m_positions);
    for (const PolicySettings& policy : m_scenario.policies)
    {
        CheckPolicy(policy);
    }
    for (const RouteSettings& route : m_scenario.routes)
    {
        CheckRoute(route);
    }
    for (const TunnelSettings& tunnel : m_scenario.tunnels)
    {
        CheckHasRoute(tunnel);
    }
    for (const OverlaySettings& overlay : m_scenario.overlays)
    {
        CheckOverlay(overlay);
    }
    for (AttackerSettings& attacker : m_scenario.attackers)
    {
        CheckAttacker(attacker);
    }
    for (FloodSettings& flood : m_scenario.floods)
    {
        CheckFlood(flood);
    }
}

void
ProtectionChecker::CheckPorts(const TunnelSettings& tunnel) const
{
    const bool hasPorts = tunnel.ports[0] != 0 || tunnel.ports[1] != 0;
    if (hasPorts && tunnel.protocol != IP_PROTOCOL_TCP && tunnel.protocol != IP_PROTOCOL_UDP)
    {
        Refuse("tunnel." + tunnel.name + ".proxy-ports",
               tunnel.position,
               "names ports, but not of which protocol; write proxy-protocol = tcp or udp");
    }
}

void
ProtectionChecker::CheckStart(const TunnelSettings& tunnel) const
{
    // Whoever dials up is the only one that connects.
    const bool isSecond = IsDialUpEnd(m_scenario, tunnel, 1);
    const std::string& first = tunnel.ends[isSecond ? 1 : 0].gateway;
    const bool dialsUp = isSecond || IsDialUpEnd(m_scenario, tunnel, 0);
    const bool isStarted = tunnel.start != TunnelStart::Hand ||
                           std::any_of(m_scenario.events.begin(),
                                       m_scenario.events.end(),
                                       [&](const EventSettings& event)
                                       {
                                           return (event.kind == EventKind::StartTunnel &&
                                                   event.target == tunnel.name) ||
                                                  (event.kind == EventKind::Connect && dialsUp &&
                                                   event.MayHit(first, tunnel.branches));
                                       });
    if (!isStarted)
    {
        Refuse("tunnel." + tunnel.name + ".start",
               tunnel.position,
               "is hand, but nobody starts it; write an [event NAME] with kind = start-tunnel and "
               "target = " +
                   tunnel.name);
    }
}

void
ProtectionChecker::CheckMtu(const TunnelSettings& tunnel) const
{
    for (const TunnelEndSettings& end : tunnel.ends)
    {
        const GatewaySettings* gateway = m_scenario.FindGateway(end.gateway);
        if (gateway && gateway->tunnelMtu &&
            end.rules->encapsulation == EncapsulationMode::Transport)
        {
            Refuse("gateway." + gateway->name + ".tunnel-mtu",
                   gateway->position,
                   "would cut what tunnel '" + tunnel.name +
                       "' carries, but transport mode carries whole packets only; allowed: auto");
        }
    }
}

void
ProtectionChecker::CheckHasRoute(const TunnelSettings& tunnel) const
{
    const bool hasRoute =
        tunnel.vpn != TunnelVpn::Route ||
        std::any_of(m_scenario.routes.begin(),
                    m_scenario.routes.end(),
                    [&](const RouteSettings& route) { return route.via == tunnel.name; });
    if (!hasRoute)
    {
        Refuse("tunnel." + tunnel.name + ".vpn",
               tunnel.position,
               "is route, but no route leads there; write a [route NAME] with via = " +
                   tunnel.name + " for each end");
    }
}

void
ProtectionChecker::CheckPolicy(const PolicySettings& policy) const
{
    const std::string prefix = "policy." + policy.name + ".";
    if (!m_scenario.FindGateway(policy.at))
    {
        Refuse(prefix + "at",
               policy.position,
               "there is no gateway '" + policy.at + "'; allowed: " + NamesOf(m_scenario.gateways));
    }
    const bool hasPorts = policy.traffic.localPort != 0 || policy.traffic.remotePort != 0;
    if (hasPorts && policy.traffic.protocol != IP_PROTOCOL_TCP &&
        policy.traffic.protocol != IP_PROTOCOL_UDP)
    {
        Refuse(prefix + "ports",
               policy.position,
               "names ports, but not of which protocol; write protocol = tcp or udp");
    }
}

void
ProtectionChecker::CheckRoute(const RouteSettings& route) const
{
    const std::string prefix = "route." + route.name + ".";
    if (!m_scenario.FindGateway(route.at))
    {
        Refuse(prefix + "at",
               route.position,
               "there is no gateway '" + route.at + "'; allowed: " + NamesOf(m_scenario.gateways));
    }
    const TunnelSettings* tunnel = m_scenario.FindTunnel(route.via);
    if (!tunnel)
    {
        Refuse(prefix + "via",
               route.position,
               "there is no tunnel '" + route.via + "'; allowed: " + NamesOf(m_scenario.tunnels));
    }
    if (tunnel->vpn != TunnelVpn::Route)
    {
        Refuse(prefix + "via",
               route.position,
               "tunnel '" + route.via + "' takes what its policy matches; write vpn = route there");
    }
    if (!EndsAt(*tunnel, route.at))
    {
        Refuse(prefix + "via",
               route.position,
               "tunnel '" + route.via + "' does not end at '" + route.at + "'");
    }
    for (const RouteSettings& other : m_scenario.routes)
    {
        if (&other == &route)
        {
            break;
        }
        if (other.at == route.at && other.to == route.to)
        {
            Refuse(prefix + "to",
                   route.position,
                   "'" + route.to.ToString() + "' is also route '" + other.name +
                       "' of that gateway; allowed: a prefix of its own");
        }
    }
}

void
ProtectionChecker::CheckOverlay(const OverlaySettings& overlay) const
{
    const std::string key = "overlay." + overlay.name + ".between";
    for (const std::string& end : overlay.between)
    {
        const GatewaySettings* gateway = m_scenario.FindGateway(end);
        if (!gateway || gateway->isClient)
        {
            Refuse(key,
                   overlay.position,
                   "there is no gateway '" + end + "'; allowed: " + NamesOf(m_scenario.gateways));
        }
    }
    if (overlay.between[0] == overlay.between[1])
    {
        Refuse(key, overlay.position, "names one gateway twice; allowed: two gateways");
    }
    for (const OverlaySettings& other : m_scenario.overlays)
    {
        if (&other == &overlay)
        {
            break;
        }
        const bool isL2tpTwice =
            overlay.kind == OverlayKind::L2tp && other.kind == OverlayKind::L2tp &&
            (other.between[0] == overlay.between[0] || other.between[0] == overlay.between[1] ||
             other.between[1] == overlay.between[0] || other.between[1] == overlay.between[1]);
        const bool isSamePair =
            std::set<std::string>(other.between.begin(), other.between.end()) ==
            std::set<std::string>(overlay.between.begin(), overlay.between.end());
        if (isL2tpTwice || isSamePair)
        {
            Refuse(key,
                   overlay.position,
                   "meets overlay '" + other.name +
                       "' at a gateway; allowed: one overlay for a pair of gateways, and one l2tp "
                       "for a gateway");
        }
    }
}

void
ProtectionChecker::CheckAttacker(AttackerSettings& attacker) const
{
    if (attacker.stealsFrom.empty())
    {
        attacker.stealsFrom = attacker.watches;
    }
    for (const auto& [key, gateway] :
         {std::pair("watches", attacker.watches), std::pair("steals-from", attacker.stealsFrom)})
    {
        if (!m_scenario.FindGateway(gateway))
        {
            Refuse("attacker." + attacker.name + "." + key,
                   attacker.position,
                   "there is no gateway '" + gateway +
                       "'; allowed: " + NamesOf(m_scenario.gateways));
        }
    }
}

void
ProtectionChecker::CheckFlood(FloodSettings& flood) const
{
    if (!m_scenario.FindGateway(flood.to))
    {
        Refuse("flood." + flood.name + ".to",
               flood.position,
               "there is no gateway '" + flood.to + "'; allowed: " + NamesOf(m_scenario.gateways));
    }
    if (flood.stop == Duration::zero())
    {
        flood.stop = m_scenario.simulation.stop;
    }
    for (const GatewaySettings& gateway : m_scenario.gateways)
    {
        if (gateway.behind.empty() && flood.sources.Contains(gateway.address))
        {
            Refuse("flood." + flood.name + ".sources",
                   flood.position,
                   "'" + flood.sources.ToString() + "' holds the address of '" + gateway.name +
                       "'; allowed: addresses that nobody has");
        }
    }
}

} // namespace

void
CheckProtection(Scenario& scenario, const ScenarioPositions& positions)
{
    ProtectionChecker(scenario, positions).Run();
}

} // namespace ipsec
} // namespace ns3
