// SPDX-License-Identifier: GPL-2.0-only
// The keys of [clients NAME].
#include "ipsec-scenario-rows.h"
#include "ipsec-scenario-units.h"

#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

using Text = const std::string;

/// Keys of [client] that every client has its own of.
const std::set<std::string> NOT_OF_CLIENT{"address",
                                          "id",
                                          "xauth-user",
                                          "xauth-password",
                                          "certificate-subject",
                                          "certificate-names",
                                          "certificate-file",
                                          "private-key-file"};
/// Keys of [tunnel] that follow from the client.
const std::set<std::string> NOT_OF_TUNNEL{"between",
                                          "external-address",
                                          "external-lan",
                                          "start",
                                          "proxy-id",
                                          "vpn",
                                          "keying",
                                          "pre-shared-key",
                                          "id",
                                          "peer-id",
                                          "peer-address",
                                          "xauth-users",
                                          "spi",
                                          "encryption-key",
                                          "authentication-key",
                                          "ah-spi",
                                          "ah-key"};

BranchesSettings&
Clients(Scenario& scenario, size_t instance)
{
    return scenario.branches[instance];
}

std::vector<ScenarioKey>
PlaceKeys()
{
    return {
        {"count",
         "NUMBER",
         REQUIRED_KEY,
         "how many there are; they are named NAME-1, NAME-2 and so on, as are their tunnels",
         [](Scenario& s, size_t i, Text& t)
         { Clients(s, i).count = static_cast<uint32_t>(ParseCount(t, 1, MOST_BRANCHES)); },
         nullptr},
        {"hub",
         "GATEWAY",
         REQUIRED_KEY,
         "the gateway that they call",
         [](Scenario& s, size_t i, Text& t) { Clients(s, i).hub = ParseName(t); },
         nullptr},
        {"behind",
         "NAT",
         "",
         "the [nat] that they are behind",
         [](Scenario& s, size_t i, Text& t) { Clients(s, i).behind = ParseName(t); },
         nullptr},
        {"nats",
         "NUMBER",
         "1",
         "how many NATs like that there are, at the addresses that follow its own, named NAT-2, "
         "NAT-3 and so on; clients are spread over them",
         [](Scenario& s, size_t i, Text& t)
         { Clients(s, i).nats = static_cast<uint32_t>(ParseCount(t, 1, MOST_BRANCHES)); },
         nullptr},
        {"addresses",
         "FIRST - LAST|PREFIX|dhcp",
         "",
         "without a NAT: where their addresses in the internet are taken from; dhcp, with a NAT or "
         "without: what their networks give them",
         [](Scenario& s, size_t i, Text& t)
         {
             s.gateways[i].dialUp.Edit().isDhcp = t == "dhcp";
             if (t != "dhcp")
             {
                 SetBranchAddresses(Clients(s, i), t);
             }
         },
         nullptr},
        {"pre-shared-key",
         "TEXT|0xHEX",
         "secret",
         "what their keys are made of: -1, -2 and so on is put behind it; also that of XAUTH's "
         "passwords",
         [](Scenario& s, size_t i, Text& t) { Clients(s, i).keyText = ParseSecret(t); },
         nullptr},
        {"same-key",
         "true|false",
         "false",
         "whether all have the same key instead, which a group needs",
         [](Scenario& s, size_t i, Text& t) { Clients(s, i).hasSameKey = ParseFlag(t); },
         nullptr},
        {"id-domain",
         "DOMAIN",
         "example.com",
         "clients say they are NAME-1@DOMAIN and so on",
         [](Scenario& s, size_t i, Text& t)
         {
             Identity::Parse("a@" + t);
             Clients(s, i).idDomain = t;
         },
         nullptr},
        {"mode",
         "main|aggressive",
         "aggressive",
         "phase 1 exchange; users with a pre-shared key need aggressive mode",
         nullptr,
         [](TunnelEndSettings& e, Text& t)
         {
             e.rules.Edit().mode = ParseChoice<Phase1Mode>(
                 t, {{"main", Phase1Mode::Main}, {"aggressive", Phase1Mode::Aggressive}});
         }},
    };
}

/// Starts a pattern: one client, and its tunnel to the hub.
void
AddPattern(Scenario& pattern, const std::string& name, const ScenarioPosition& position)
{
    BranchesSettings clients;
    clients.name = name;
    clients.position = position;
    clients.areClients = true;
    pattern.branches.push_back(clients);
    GatewaySettings client;
    client.name = CLIENT_END;
    client.position = position;
    client.isClient = true;
    client.link = pattern.internet.link;
    client.link.delay = Duration{};
    pattern.gateways.push_back(client);
    TunnelSettings tunnel;
    tunnel.name = name;
    tunnel.position = position;
    tunnel.ends[0].gateway = CLIENT_END;
    tunnel.ends[1].gateway = HUB_END;
    pattern.tunnels.push_back(tunnel);
}

} // namespace

ScenarioSection
ClientsSection()
{
    ScenarioSection section{
        "clients",
        true,
        "many clients of one kind, each with a tunnel to a hub; keys marked with * may differ "
        "between the ends: client.KEY, hub.KEY",
        PlaceKeys(),
        AddPattern};
    for (const auto& keys : {BranchStartKeys(), BranchTrafficKeys()})
    {
        section.keys.insert(section.keys.end(), keys.begin(), keys.end());
    }
    AddRowsOf(section.keys, ClientSection(), NOT_OF_CLIENT);
    AddRowsOf(section.keys, TunnelSection(), NOT_OF_TUNNEL);
    section.expand = ExpandClients;
    section.expandedEnd = CLIENT_END;
    return section;
}

} // namespace ipsec
} // namespace ns3
