// SPDX-License-Identifier: GPL-2.0-only
// The keys of [nat NAME].
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

constexpr uint64_t MOST_PORT = 65535;
/// More than an IPv4 address has ports, by far.
constexpr uint64_t MOST_MAPPINGS = 1000000;

NatSettings&
Of(Scenario& scenario, size_t instance)
{
    return scenario.nats[instance];
}

NatConfig&
ConfigOf(Scenario& scenario, size_t instance)
{
    return scenario.nats[instance].config;
}

/// Reads a word for one of NatConfig's choices, each of which has three.
template <typename T, T NatConfig::*Member>
void
SetWord(Scenario& scenario, size_t instance, Text& text)
{
    constexpr int WORDS = 3;
    std::vector<std::pair<std::string, T>> choices;
    for (int i = 0; i < WORDS; i++)
    {
        choices.emplace_back(NatWord(static_cast<T>(i)), static_cast<T>(i));
    }
    ConfigOf(scenario, instance).*Member = ParseChoice<T>(text, choices);
}

template <Duration NatConfig::*Member>
void
SetTimeout(Scenario& scenario, size_t instance, Text& text)
{
    const Duration timeout = ParseDuration(text);
    if (timeout <= Duration::zero())
    {
        throw std::invalid_argument("'" + text + "' is zero; allowed: more than 0s");
    }
    ConfigOf(scenario, instance).*Member = timeout;
}

template <bool NatConfig::*Member>
void
SetFlag(Scenario& scenario, size_t instance, Text& text)
{
    ConfigOf(scenario, instance).*Member = ParseFlag(text);
}

/// Reads "1024 - 65535".
void
SetPortRange(NatConfig& config, Text& text)
{
    const size_t dash = text.find('-');
    if (dash == std::string::npos)
    {
        throw std::invalid_argument("'" + Printable(text) +
                                    "' is no range; allowed: FIRST - LAST, such as 1024 - 65535");
    }
    config.firstPort = static_cast<uint16_t>(ParseCount(Trim(text.substr(0, dash)), 1, MOST_PORT));
    config.lastPort = static_cast<uint16_t>(ParseCount(Trim(text.substr(dash + 1)), 1, MOST_PORT));
    if (config.lastPort < config.firstPort)
    {
        throw std::invalid_argument("'" + Printable(text) +
                                    "' ends before it begins; allowed: the lower port first");
    }
}

/// Reads "outbound", "inbound" or "both".
void
SetRefresh(NatConfig& config, Text& text)
{
    enum class Refresh
    {
        Outbound,
        Inbound,
        Both,
    };

    const Refresh refresh = ParseChoice<Refresh>(
        text,
        {{"outbound", Refresh::Outbound}, {"inbound", Refresh::Inbound}, {"both", Refresh::Both}});
    config.refreshesOutbound = refresh != Refresh::Inbound;
    config.refreshesInbound = refresh != Refresh::Outbound;
}

/// Reads "udp:500:hub" or "tcp:80:server:8080".
NatForwardSettings
ParseForward(const std::string& text)
{
    std::vector<std::string> parts;
    size_t begin = 0;
    for (size_t colon = text.find(':'); colon != std::string::npos; colon = text.find(':', begin))
    {
        parts.push_back(Trim(text.substr(begin, colon - begin)));
        begin = colon + 1;
    }
    parts.push_back(Trim(text.substr(begin)));
    if (parts.size() != 3 && parts.size() != 4)
    {
        throw std::invalid_argument("'" + Printable(text) +
                                    "' is no forwarding; allowed: PROTOCOL:PORT:NAME or "
                                    "PROTOCOL:PORT:NAME:PORT, such as udp:500:hub");
    }
    NatForwardSettings forward;
    forward.protocol =
        ParseChoice<NatProtocol>(parts[0], {{"udp", NatProtocol::Udp}, {"tcp", NatProtocol::Tcp}});
    forward.port = static_cast<uint16_t>(ParseCount(parts[1], 1, MOST_PORT));
    forward.to = ParseName(parts[2]);
    forward.insidePort = parts.size() == 4
                             ? static_cast<uint16_t>(ParseCount(parts[3], 1, MOST_PORT))
                             : forward.port;
    return forward;
}

std::vector<ScenarioKey>
PlaceKeys()
{
    return {
        {"address",
         "ADDRESS",
         REQUIRED_KEY,
         "its address outside, which all behind it share",
         [](Scenario& s, size_t i, Text& t) { Of(s, i).address = IpAddress::Parse(t); },
         nullptr},
        {"lan",
         "PREFIX",
         REQUIRED_KEY,
         "the network behind it; the first address is its own",
         [](Scenario& s, size_t i, Text& t) { Of(s, i).lan = Prefix::Parse(t); },
         nullptr},
        {"behind",
         "NAT",
         "",
         "the NAT that it is itself behind; without, it is in the internet",
         [](Scenario& s, size_t i, Text& t) { Of(s, i).behind = ParseName(t); },
         nullptr},
        {"dhcp",
         "FIRST - LAST|PREFIX",
         "",
         "addresses of its lan that it gives to clients with address = dhcp which are behind it "
         "or roam there; without, the upper half",
         [](Scenario& s, size_t i, Text& t) { Of(s, i).dhcp = ParseDhcpRange(t); },
         nullptr},
        {"dhcp-lease",
         "TIME",
         "1h",
         "how long an address is theirs unless they ask again",
         [](Scenario& s, size_t i, Text& t) { Of(s, i).dhcpLease = ParseLifetime(t); },
         nullptr},
        {"forward",
         "PROTOCOL:PORT:NAME[:PORT], ...",
         "",
         "ports of its address that lead to a gateway, client, host or NAT behind it, such as "
         "udp:500:hub, udp:4500:hub",
         [](Scenario& s, size_t i, Text& t)
         {
             for (const std::string& entry : SplitList(t))
             {
                 Of(s, i).forwards.push_back(ParseForward(entry));
             }
         },
         nullptr}};
}

std::vector<ScenarioKey>
BehaviourKeys()
{
    return {{"mapping",
             "BEHAVIOUR",
             "endpoint-independent",
             "what an outside port is given for (RFC 4787): endpoint-independent, "
             "address-dependent, or address-and-port-dependent, a symmetric NAT",
             SetWord<NatBehaviour, &NatConfig::mapping>,
             nullptr},
            {"filtering",
             "BEHAVIOUR",
             "address-dependent",
             "whom a mapping lets in: the same words",
             SetWord<NatBehaviour, &NatConfig::filtering>,
             nullptr},
            {"ports",
             "preserve|sequential|random",
             "preserve",
             "which outside port is given: the inside one if it is free, one after the other, or "
             "any",
             SetWord<NatPortChoice, &NatConfig::portChoice>,
             nullptr},
            {"port-range",
             "FIRST - LAST",
             "1024 - 65535",
             "outside ports that are given; those below 1024 go by keep-port-class",
             [](Scenario& s, size_t i, Text& t) { SetPortRange(ConfigOf(s, i), t); },
             nullptr},
            {"keep-parity",
             "true|false",
             "true",
             "whether even ports stay even and odd ones odd",
             SetFlag<&NatConfig::keepsParity>,
             nullptr},
            {"keep-port-class",
             "true|false",
             "true",
             "whether ports below 1024, as 500, stay below as long as there are any",
             SetFlag<&NatConfig::keepsPortClass>,
             nullptr},
            {"hairpinning",
             "true|false",
             "true",
             "whether those behind it reach each other by its address",
             SetFlag<&NatConfig::hairpins>,
             nullptr},
            {"esp",
             "off|one-per-remote|learn-spi",
             "one-per-remote",
             "what becomes of ESP without UDP: refused, one host behind it for each remote, or "
             "told apart by guessing whose SPIs belong together",
             SetWord<EspPassThrough, &NatConfig::esp>,
             nullptr},
            {"ike",
             "off|one-per-remote|by-cookie",
             "off",
             "whether it knows IKE and keeps its port 500: no, for one host behind it and each "
             "remote, or for all, told apart by their cookies",
             SetWord<IkePassThrough, &NatConfig::ike>,
             nullptr}};
}

std::vector<ScenarioKey>
LimitKeys()
{
    return {
        {"refresh",
         "outbound|inbound|both",
         "both",
         "which packets keep a mapping alive",
         [](Scenario& s, size_t i, Text& t) { SetRefresh(ConfigOf(s, i), t); },
         nullptr},
        {"udp-timeout",
         "TIME",
         "5min",
         "how long a mapping of UDP lasts without them",
         SetTimeout<&NatConfig::udpTimeout>,
         nullptr},
        {"tcp-timeout",
         "TIME",
         "124min",
         "the same of an open connection",
         SetTimeout<&NatConfig::tcpEstablishedTimeout>,
         nullptr},
        {"tcp-transitory-timeout",
         "TIME",
         "4min",
         "the same of one that is being opened or was closed",
         SetTimeout<&NatConfig::tcpTransitoryTimeout>,
         nullptr},
        {"icmp-timeout",
         "TIME",
         "60s",
         "the same of pings",
         SetTimeout<&NatConfig::icmpTimeout>,
         nullptr},
        {"esp-timeout",
         "TIME",
         "5min",
         "the same of ESP",
         SetTimeout<&NatConfig::espTimeout>,
         nullptr},
        {"max-mappings",
         "NUMBER",
         "65536",
         "mappings at once at most",
         [](Scenario& s, size_t i, Text& t)
         { ConfigOf(s, i).maxMappings = static_cast<uint32_t>(ParseCount(t, 1, MOST_MAPPINGS)); },
         nullptr},
        {"max-per-host",
         "NUMBER",
         "65536",
         "the same of one host behind it",
         [](Scenario& s, size_t i, Text& t)
         { ConfigOf(s, i).maxPerHost = static_cast<uint32_t>(ParseCount(t, 1, MOST_MAPPINGS)); },
         nullptr}};
}

} // namespace

ScenarioSection
NatSection()
{
    ScenarioSection section{
        "nat",
        true,
        "a NAT and the network behind it; delay to mtu as in [internet]",
        PlaceKeys(),
        [](Scenario& s, const std::string& name, const ScenarioPosition& position)
        {
            NatSettings nat;
            nat.name = name;
            nat.position = position;
            nat.link = s.internet.link;
            nat.link.delay = Duration{};
            s.nats.push_back(nat);
        }};
    for (const auto& keys : {BehaviourKeys(), LimitKeys(), NatLinkKeys()})
    {
        section.keys.insert(section.keys.end(), keys.begin(), keys.end());
    }
    return section;
}

} // namespace ipsec
} // namespace ns3
