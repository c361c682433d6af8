// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-rows.h"
#include "ipsec-scenario-units.h"

#include <algorithm>
#include <set>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Most tunnels of one branch: each needs an address of its LAN.
constexpr uint64_t MOST_TUNNELS = 1024;
/// A LAN of a branch holds its gateway and one host at least.
constexpr uint64_t LONGEST_LAN = 30;
constexpr uint64_t LEAST_LAN = 8;

/// Keys of [gateway] that every branch has its own of.
const std::set<std::string> NOT_OF_GATEWAY{"address",
                                           "behind",
                                           "lan",
                                           "certificate-subject",
                                           "certificate-names",
                                           "certificate-file",
                                           "private-key-file"};
/// Keys of [tunnel] that follow from the branch, or that are not for gateways by the thousand.
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
                                          "group",
                                          "spi",
                                          "encryption-key",
                                          "authentication-key",
                                          "ah-spi",
                                          "ah-key"};

using Text = const std::string;

BranchesSettings&
Branches(Scenario& scenario, size_t instance)
{
    return scenario.branches[instance];
}

/// Reads "A", or "A to B" with A up to B.
template <typename T, typename Parse>
Spread<T>
ParseSpread(Text& text, Parse parse)
{
    const std::vector<std::string> words = SplitWords(text);
    if (words.size() == 1)
    {
        const T value = parse(words[0]);
        return {value, value};
    }
    if (words.size() != 3 || words[1] != "to")
    {
        throw std::invalid_argument("'" + Printable(text) +
                                    "' is not a value; allowed: one, or LEAST to MOST");
    }
    const Spread<T> spread{parse(words[0]), parse(words[2])};
    if (spread.most < spread.least)
    {
        throw std::invalid_argument("'" + Printable(text) +
                                    "' ends before it begins; allowed: LEAST to MOST");
    }
    return spread;
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
         { Branches(s, i).count = static_cast<uint32_t>(ParseCount(t, 1, MOST_BRANCHES)); },
         nullptr},
        {"hub",
         "GATEWAY",
         REQUIRED_KEY,
         "the gateway at the other end of all tunnels",
         [](Scenario& s, size_t i, Text& t) { Branches(s, i).hub = ParseName(t); },
         nullptr},
        {"addresses",
         "FIRST - LAST|PREFIX",
         REQUIRED_KEY,
         "where their addresses in the internet are taken from, one after the other; of a prefix, "
         "all that hosts may have",
         [](Scenario& s, size_t i, Text& t) { SetBranchAddresses(Branches(s, i), t); },
         nullptr},
        {"lans",
         "PREFIX",
         REQUIRED_KEY,
         "what is cut into their LANs, one after the other",
         [](Scenario& s, size_t i, Text& t) { Branches(s, i).lans = Prefix::Parse(t); },
         nullptr},
        {"lan-length",
         "NUMBER",
         "24",
         "length of the prefix of each LAN",
         [](Scenario& s, size_t i, Text& t) {
             Branches(s, i).lanLength = static_cast<uint8_t>(ParseCount(t, LEAST_LAN, LONGEST_LAN));
         },
         nullptr},
        {"tunnels",
         "NUMBER",
         "1",
         "how many tunnels each of them has, for equal parts of its LAN and over one IKE SA; "
         "several "
         "are named NAME-1-1, NAME-1-2 and so on",
         [](Scenario& s, size_t i, Text& t)
         { Branches(s, i).tunnels = static_cast<uint32_t>(ParseCount(t, 1, MOST_TUNNELS)); },
         nullptr},
        {"pre-shared-key",
         "TEXT|0xHEX",
         "secret",
         "what their keys are made of: -1, -2 and so on is put behind it",
         [](Scenario& s, size_t i, Text& t) { Branches(s, i).keyText = ParseSecret(t); },
         nullptr},
        {"same-key",
         "true|false",
         "false",
         "whether all have the same key instead, which dynamic peers in main mode need",
         [](Scenario& s, size_t i, Text& t) { Branches(s, i).hasSameKey = ParseFlag(t); },
         nullptr},
        {"id-domain",
         "DOMAIN",
         "",
         "branches say they are NAME-1.DOMAIN and so on; without, they go by their addresses",
         [](Scenario& s, size_t i, Text& t)
         {
             Identity::Parse("a." + t);
             Branches(s, i).idDomain = t;
         },
         nullptr},
    };
}

} // namespace

void
SetBranchAddresses(BranchesSettings& branches, const std::string& text)
{
    const AddressPool pool = ParseAddressRange(text);
    branches.firstAddress = pool.first;
    branches.lastAddress = pool.last;
    if (branches.lastAddress < branches.firstAddress)
    {
        throw std::invalid_argument("'" + Printable(text) +
                                    "' ends before it begins; allowed: FIRST - LAST");
    }
}

std::vector<ScenarioKey>
BranchStartKeys()
{
    return {
        {"start",
         "auto|traffic|hand",
         "auto",
         "who starts the tunnels: the branches or clients between start-at and start-spread later, "
         "the first packets that need them, or an [event]",
         [](Scenario& s, size_t i, Text& t)
         {
             s.tunnels[i].start = ParseChoice<TunnelStart>(t,
                                                           {{"auto", TunnelStart::Auto},
                                                            {"traffic", TunnelStart::Traffic},
                                                            {"hand", TunnelStart::Hand}});
         },
         nullptr},
        {"start-spread",
         "TIME",
         "0s",
         "each of them starts after a random part of it, evenly spread, or when its traffic "
         "needs its tunnel; 0s: all at once",
         [](Scenario& s, size_t i, Text& t) { Branches(s, i).startSpread = ParseDuration(t); },
         nullptr},
    };
}

std::vector<ScenarioKey>
BranchTrafficKeys()
{
    return {
        {"traffic",
         "none|ping|udp",
         "none",
         "what each of them sends, from its address in its LAN or the one it was assigned, to the "
         "first host in the hub's LAN",
         [](Scenario& s, size_t i, Text& t)
         {
             Branches(s, i).traffic.kind =
                 ParseChoice<BranchTrafficKind>(t,
                                                {{"none", BranchTrafficKind::None},
                                                 {"ping", BranchTrafficKind::Ping},
                                                 {"udp", BranchTrafficKind::Udp}});
         },
         nullptr},
        {"traffic-interval",
         "TIME|TIME to TIME",
         "1s",
         "time between two packets of a branch; of a range, another one each time. The first comes "
         "after a random part of it",
         [](Scenario& s, size_t i, Text& t)
         { Branches(s, i).traffic.interval = ParseSpread<Duration>(t, ParseTrafficInterval); },
         nullptr},
        {"traffic-size",
         "SIZE|SIZE to SIZE",
         "56B",
         "payload of one packet; of a range, another one each time",
         [](Scenario& s, size_t i, Text& t)
         { Branches(s, i).traffic.size = ParseSpread<uint32_t>(t, ParsePayloadSize); },
         nullptr},
        {"traffic-start",
         "TIME",
         "1s",
         "when it begins",
         [](Scenario& s, size_t i, Text& t) { Branches(s, i).traffic.start = ParseDuration(t); },
         nullptr},
        {"traffic-stop",
         "TIME",
         "",
         "when it ends; without, at the end of the run",
         [](Scenario& s, size_t i, Text& t) { Branches(s, i).traffic.stop = ParseDuration(t); },
         nullptr},
    };
}

void
AddRowsOf(std::vector<ScenarioKey>& keys,
          const ScenarioSection& section,
          const std::set<std::string>& leftOut)
{
    for (const ScenarioKey& row : section.keys)
    {
        const bool isThere =
            std::any_of(keys.begin(),
                        keys.end(),
                        [&](const ScenarioKey& key) { return std::string(key.name) == row.name; });
        if (!isThere && leftOut.count(row.name) == 0)
        {
            keys.push_back(row);
            keys.back().from = section.kind;
        }
    }
}

namespace
{

/// Starts a pattern: one gateway, and its tunnel to the hub.
void
AddPattern(Scenario& pattern, const std::string& name, const ScenarioPosition& position)
{
    BranchesSettings branches;
    branches.name = name;
    branches.position = position;
    pattern.branches.push_back(branches);
    GatewaySettings gateway;
    gateway.name = BRANCH_END;
    gateway.position = position;
    gateway.link = pattern.internet.link;
    gateway.link.delay = Duration{};
    pattern.gateways.push_back(gateway);
    TunnelSettings tunnel;
    tunnel.name = name;
    tunnel.position = position;
    tunnel.ends[0].gateway = BRANCH_END;
    tunnel.ends[1].gateway = HUB_END;
    pattern.tunnels.push_back(tunnel);
}

} // namespace

ScenarioSection
BranchesSection()
{
    ScenarioSection section{
        "branches",
        true,
        "many gateways of one kind, each with a tunnel or more to a hub; keys marked with * may "
        "differ between the ends: branch.KEY, hub.KEY",
        PlaceKeys(),
        AddPattern};
    for (const auto& keys : {BranchStartKeys(), BranchTrafficKeys()})
    {
        section.keys.insert(section.keys.end(), keys.begin(), keys.end());
    }
    AddRowsOf(section.keys, GatewaySection(), NOT_OF_GATEWAY);
    std::set<std::string> notOfTunnel = NOT_OF_TUNNEL;
    for (const ScenarioKey& key : TunnelAccessKeys())
    {
        notOfTunnel.insert(key.name);
    }
    AddRowsOf(section.keys, TunnelSection(), notOfTunnel);
    section.expand = ExpandBranches;
    section.expandedEnd = BRANCH_END;
    return section;
}

} // namespace ipsec
} // namespace ns3
