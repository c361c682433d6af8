// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-rows.h"
#include "ipsec-scenario-units.h"

#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

void
SetOverlayEnds(OverlaySettings& overlay, const std::string& text)
{
    const std::vector<std::string> names = SplitList(text);
    if (names.size() != 2)
    {
        throw std::invalid_argument("'" + Printable(text) + "' names " +
                                    std::to_string(names.size()) + " ends; allowed: two gateways");
    }
    overlay.between = {ParseName(names[0]), ParseName(names[1])};
}

} // namespace

ScenarioSection
PolicySection()
{
    return {"policy",
            true,
            "a rule of a gateway besides those of its tunnels; the first that matches counts",
            {{"at",
              "GATEWAY",
              REQUIRED_KEY,
              "the gateway or client whose rule it is",
              [](Scenario& s, size_t i, const std::string& t) { s.policies[i].at = ParseName(t); },
              nullptr},
             {"action",
              "bypass|discard",
              REQUIRED_KEY,
              "what becomes of the packets: they pass in clear, or are dropped",
              [](Scenario& s, size_t i, const std::string& t)
              {
                  s.policies[i].action = ParseChoice<PolicyAction>(
                      t, {{"bypass", PolicyAction::Bypass}, {"discard", PolicyAction::Discard}});
              },
              nullptr},
             {"traffic",
              "PREFIX, PREFIX",
              REQUIRED_KEY,
              "the gateway's side, then the other one",
              [](Scenario& s, size_t i, const std::string& t)
              {
                  const ProxyId prefixes = ParseProxyId(t);
                  s.policies[i].traffic.local = prefixes.local;
                  s.policies[i].traffic.remote = prefixes.remote;
              },
              nullptr},
             {"protocol",
              "PROTOCOL",
              "any",
              "any, icmp, tcp, udp, gre, or a number",
              [](Scenario& s, size_t i, const std::string& t)
              { s.policies[i].traffic.protocol = ParseIpProtocol(t); },
              nullptr},
             {"ports",
              "PORT, PORT",
              "any, any",
              "of tcp or udp: the gateway's side, then the other one",
              [](Scenario& s, size_t i, const std::string& t)
              {
                  const std::array<uint16_t, 2> ports = ParsePorts(t);
                  s.policies[i].traffic.localPort = ports[0];
                  s.policies[i].traffic.remotePort = ports[1];
              },
              nullptr},
             {"order",
              "NUMBER",
              "50",
              "place among the rules of a gateway: lower numbers are asked first, tunnels have 100",
              [](Scenario& s, size_t i, const std::string& t)
              { s.policies[i].order = static_cast<uint32_t>(ParseCount(t, 1, MOST_ORDER)); },
              nullptr}},
            [](Scenario& s, const std::string& name, const ScenarioPosition& position)
            {
                PolicySettings policy;
                policy.name = name;
                policy.position = position;
                s.policies.push_back(policy);
            }};
}

ScenarioSection
RouteSection()
{
    return {
        "route",
        true,
        "a route of a gateway into a tunnel with vpn = route",
        {{"at",
          "GATEWAY",
          REQUIRED_KEY,
          "the gateway or client whose route it is",
          [](Scenario& s, size_t i, const std::string& t) { s.routes[i].at = ParseName(t); },
          nullptr},
         {"to",
          "PREFIX",
          REQUIRED_KEY,
          "where the packets go",
          [](Scenario& s, size_t i, const std::string& t) { s.routes[i].to = Prefix::Parse(t); },
          nullptr},
         {"via",
          "TUNNEL",
          REQUIRED_KEY,
          "the tunnel that takes them",
          [](Scenario& s, size_t i, const std::string& t) { s.routes[i].via = ParseName(t); },
          nullptr}},
        [](Scenario& s, const std::string& name, const ScenarioPosition& position)
        {
            RouteSettings route;
            route.name = name;
            route.position = position;
            s.routes.push_back(route);
        }};
}

ScenarioSection
OverlaySection()
{
    return {"overlay",
            true,
            "GRE or L2TP between two gateways, with routes to both LANs; a [tunnel] in transport "
            "mode protects it",
            {{"between",
              "GATEWAY, GATEWAY",
              REQUIRED_KEY,
              "its two ends",
              [](Scenario& s, size_t i, const std::string& t) { SetOverlayEnds(s.overlays[i], t); },
              nullptr},
             {"kind",
              "gre|l2tp",
              REQUIRED_KEY,
              "GRE is protocol 47, L2TP is UDP to port 1701",
              [](Scenario& s, size_t i, const std::string& t)
              {
                  s.overlays[i].kind = ParseChoice<OverlayKind>(
                      t, {{"gre", OverlayKind::Gre}, {"l2tp", OverlayKind::L2tp}});
              },
              nullptr}},
            [](Scenario& s, const std::string& name, const ScenarioPosition& position)
            {
                OverlaySettings overlay;
                overlay.name = name;
                overlay.position = position;
                s.overlays.push_back(overlay);
            }};
}

ScenarioSection
AttackerSection()
{
    return {
        "attacker",
        true,
        "somebody who captures all packets of a gateway and, after the run, gets the keys of its "
        "IKE SAs",
        {{"watches",
          "GATEWAY",
          REQUIRED_KEY,
          "the gateway whose link to the internet is captured",
          [](Scenario& s, size_t i, const std::string& t)
          { s.attackers[i].watches = ParseName(t); },
          nullptr},
         {"steals-from",
          "GATEWAY",
          "",
          "the gateway whose memory gives the keys away; without, the one that is watched",
          [](Scenario& s, size_t i, const std::string& t)
          { s.attackers[i].stealsFrom = ParseName(t); },
          nullptr}},
        [](Scenario& s, const std::string& name, const ScenarioPosition& position)
        {
            AttackerSettings attacker;
            attacker.name = name;
            attacker.position = position;
            s.attackers.push_back(attacker);
        }};
}

} // namespace ipsec
} // namespace ns3
