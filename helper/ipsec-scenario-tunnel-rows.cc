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
SetBetween(TunnelSettings& tunnel, const std::string& text)
{
    const std::vector<std::string> names = SplitList(text);
    if (names.size() > 2)
    {
        throw std::invalid_argument("'" + Printable(text) + "' names " +
                                    std::to_string(names.size()) +
                                    " ends; allowed: two gateways, or one and external-address");
    }
    for (size_t i = 0; i < names.size(); i++)
    {
        tunnel.ends[i].gateway = ParseName(names[i]);
    }
}

/// Between whom it is.
std::vector<ScenarioKey>
BetweenKeys()
{
    return {
        {"between",
         "GATEWAY, GATEWAY",
         REQUIRED_KEY,
         "its two ends; one alone with external-address. GATEWAY.KEY sets a key for one end",
         [](Scenario& s, size_t i, const std::string& t) { SetBetween(s.tunnels[i], t); },
         nullptr},
    };
}

/// Who else may be an end, and who starts.
std::vector<ScenarioKey>
CallKeys()
{
    return {
        {"external-address",
         "ADDRESS",
         "",
         "address of the peer, if it is outside the simulation",
         [](Scenario& s, size_t i, const std::string& t)
         { s.tunnels[i].externalAddress = IpAddress::Parse(t); },
         nullptr},
        {"external-lan",
         "PREFIX",
         "",
         "network behind the peer outside the simulation",
         [](Scenario& s, size_t i, const std::string& t)
         { s.tunnels[i].externalLan = Prefix::Parse(t); },
         nullptr},
        {"start",
         "auto|traffic|hand",
         "traffic",
         "who starts it: the first gateway at start-at, the first packet that needs it, or an "
         "[event]",
         [](Scenario& s, size_t i, const std::string& t)
         {
             s.tunnels[i].start = ParseChoice<TunnelStart>(t,
                                                           {{"auto", TunnelStart::Auto},
                                                            {"traffic", TunnelStart::Traffic},
                                                            {"hand", TunnelStart::Hand}});
         },
         nullptr},
        {"start-at",
         "TIME",
         "0s",
         "when start = auto starts it",
         [](Scenario& s, size_t i, const std::string& t)
         { s.tunnels[i].startAt = ParseDuration(t); },
         nullptr},
    };
}

/// Which packets go through it, and where its keys come from.
std::vector<ScenarioKey>
TunnelTrafficKeys()
{
    return {
        {"proxy-id",
         "PREFIX, PREFIX",
         "",
         "traffic to protect: the first gateway's side, then the second's; without, the two LANs. "
         "GATEWAY.proxy-id: local, then remote, as that gateway sees it",
         [](Scenario& s, size_t i, const std::string& t)
         { s.tunnels[i].proxyId = ParseProxyId(t); },
         [](TunnelEndSettings& e, const std::string& t)
         { e.rules.Edit().proxyId = ParseProxyId(t); }},
        {"proxy-protocol",
         "PROTOCOL",
         "any",
         "narrows the traffic to one protocol: any, icmp, tcp, udp, gre, or a number",
         [](Scenario& s, size_t i, const std::string& t)
         { s.tunnels[i].protocol = ParseIpProtocol(t); },
         nullptr},
        {"proxy-ports",
         "PORT, PORT",
         "any, any",
         "narrows it to ports of tcp or udp: the first gateway's side, then the second's",
         [](Scenario& s, size_t i, const std::string& t) { s.tunnels[i].ports = ParsePorts(t); },
         nullptr},
        {"vpn",
         "policy|route",
         "policy",
         "policy: whatever matches the traffic goes through the tunnel; route: what a [route] "
         "leads there, as far as it matches",
         [](Scenario& s, size_t i, const std::string& t)
         {
             s.tunnels[i].vpn = ParseChoice<TunnelVpn>(
                 t, {{"policy", TunnelVpn::Policy}, {"route", TunnelVpn::Route}});
         },
         nullptr},
        {"order",
         "NUMBER",
         "100",
         "place of its rule among those of a gateway: lower numbers are asked first",
         [](Scenario& s, size_t i, const std::string& t)
         { s.tunnels[i].order = static_cast<uint32_t>(ParseCount(t, 1, MOST_ORDER)); },
         nullptr},
        {"keying",
         "ike|manual",
         "ike",
         "where the keys come from; manual ones stand here and are never renewed",
         [](Scenario& s, size_t i, const std::string& t)
         {
             s.tunnels[i].keying = ParseChoice<TunnelKeying>(
                 t, {{"ike", TunnelKeying::Ike}, {"manual", TunnelKeying::Manual}});
         },
         nullptr},
    };
}

} // namespace

ScenarioSection
TunnelSection()
{
    ScenarioSection section{
        "tunnel",
        true,
        "a VPN between two gateways; keys marked with * may differ: GATEWAY.KEY = VALUE",
        BetweenKeys(),
        [](Scenario& s, const std::string& name, const ScenarioPosition& position)
        {
            TunnelSettings tunnel;
            tunnel.name = name;
            tunnel.position = position;
            s.tunnels.push_back(tunnel);
        }};
    for (const auto& keys : {OnlyWith(TunnelKeying::Ike, CallKeys()),
                             TunnelTrafficKeys(),
                             OnlyWith(TunnelKeying::Ike, TunnelPhase1Keys()),
                             TunnelPhase2Keys(),
                             OnlyWith(TunnelKeying::Ike, TunnelLifeKeys()),
                             OnlyWith(TunnelKeying::Ike, TunnelAccessKeys())})
    {
        section.keys.insert(section.keys.end(), keys.begin(), keys.end());
    }
    return section;
}

} // namespace ipsec
} // namespace ns3
