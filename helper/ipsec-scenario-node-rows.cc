// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-rows.h"
#include "ipsec-scenario-units.h"

#include "ns3/crypto-dh-workers.h"

#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr uint64_t LEAST_MTU = 576; // RFC 791: what every host must take
constexpr uint64_t MOST_MTU = 65535;

using Setter = void (*)(Scenario&, size_t, const std::string&);

LinkSettings&
InternetLink(Scenario& scenario, size_t /* instance */)
{
    return scenario.internet.link;
}

LinkSettings&
GatewayLink(Scenario& scenario, size_t instance)
{
    return scenario.gateways[instance].link;
}

LinkSettings&
NatLink(Scenario& scenario, size_t instance)
{
    return scenario.nats[instance].link;
}

uint32_t
ParseMtu(const std::string& text)
{
    const uint64_t mtu = ParseOctetCount(text);
    if (mtu < LEAST_MTU || mtu > MOST_MTU)
    {
        throw std::invalid_argument("'" + text + "' is out of range; allowed: 576B to 65535B");
    }
    return static_cast<uint32_t>(mtu);
}

/// Reads the address of the router at the TAP device with the length of its network.
void
SetTapAddress(InternetSettings& internet, const std::string& text)
{
    const size_t slash = text.find('/');
    if (slash == std::string::npos)
    {
        throw std::invalid_argument("'" + Printable(text) +
                                    "' has no network; allowed: ADDRESS/LENGTH, such as "
                                    "10.9.0.1/24");
    }
    internet.tapAddress = IpAddress::Parse(text.substr(0, slash));
    internet.tapLength = static_cast<uint8_t>(ParseCount(text.substr(slash + 1), 8, 30));
}

/// The keys of a link, with the default of each for [internet] and none for one gateway's link.
template <LinkSettings& (*Link)(Scenario&, size_t)>
std::vector<ScenarioKey>
LinkKeys(bool isInternet)
{
    struct Row
    {
        const char* name;
        const char* value;
        const char* fallback;
        const char* help;
        Setter set;
    };

    static const Row ROWS[] = {
        {"delay",
         "TIME",
         "20ms",
         "one way through the internet; for one gateway: added in both directions",
         [](Scenario& s, size_t i, const std::string& t) { Link(s, i).delay = ParseDuration(t); }},
        {"jitter",
         "TIME",
         "0ms",
         "most that is added to the delay, drawn anew for each packet",
         [](Scenario& s, size_t i, const std::string& t) { Link(s, i).jitter = ParseDuration(t); }},
        {"loss",
         "PERCENT",
         "0%",
         "packets of a gateway that get lost",
         [](Scenario& s, size_t i, const std::string& t) { Link(s, i).loss = ParsePercent(t); }},
        {"reorder",
         "PERCENT",
         "0%",
         "packets of a gateway that later ones overtake",
         [](Scenario& s, size_t i, const std::string& t) { Link(s, i).reorder = ParsePercent(t); }},
        {"duplicate",
         "PERCENT",
         "0%",
         "packets of a gateway that arrive twice",
         [](Scenario& s, size_t i, const std::string& t)
         { Link(s, i).duplicate = ParsePercent(t); }},
        {"corrupt",
         "PERCENT",
         "0%",
         "packets of a gateway that arrive with one bit changed",
         [](Scenario& s, size_t i, const std::string& t) { Link(s, i).corrupt = ParsePercent(t); }},
        {"rate",
         "RATE",
         "unlimited",
         "how fast a gateway sends into the internet",
         [](Scenario& s, size_t i, const std::string& t) { Link(s, i).rate = ParseRate(t); }},
        {"mtu",
         "SIZE",
         "1500B",
         "largest IP packet",
         [](Scenario& s, size_t i, const std::string& t) { Link(s, i).mtu = ParseMtu(t); }},
    };
    std::vector<ScenarioKey> keys;
    for (const Row& row : ROWS)
    {
        keys.push_back(
            {row.name, row.value, isInternet ? row.fallback : "", row.help, row.set, nullptr});
    }
    return keys;
}

void
SetTunnelMtu(GatewaySettings& gateway, const std::string& text)
{
    constexpr uint64_t LEAST_MTU = 68;
    constexpr uint64_t MOST_MTU = 65535;
    gateway.tunnelMtu.reset();
    if (text == "auto")
    {
        return;
    }
    const uint64_t octets = ParseOctetCount(text);
    if (octets < LEAST_MTU || octets > MOST_MTU)
    {
        throw std::invalid_argument("'" + text +
                                    "' is out of range; allowed: auto, or 68B to "
                                    "65535B");
    }
    gateway.tunnelMtu = static_cast<uint16_t>(octets);
}

} // namespace

ScenarioSection
SimulationSection()
{
    return {
        "simulation",
        false,
        "how long and with which random numbers",
        {{"stop",
          "TIME",
          "60s",
          "simulated time at which the run ends",
          [](Scenario& s, size_t, const std::string& t) { s.simulation.stop = ParseDuration(t); },
          nullptr},
         {"seed",
          "NUMBER",
          "1",
          "seed of all random streams",
          [](Scenario& s, size_t, const std::string& t)
          { s.simulation.seed = static_cast<uint32_t>(ParseCount(t, 1, 4294967295)); },
          nullptr},
         {"run",
          "NUMBER",
          "1",
          "independent repetition with the same seed",
          [](Scenario& s, size_t, const std::string& t)
          { s.simulation.run = ParseCount(t, 1, 1000000000); },
          nullptr},
         {"scheduler",
          "map|heap|list|calendar|priority-queue",
          "map",
          "event queue of the simulator",
          [](Scenario& s, size_t, const std::string& t)
          {
              s.simulation.scheduler =
                  ParseChoice<std::string>(t,
                                           {{"map", "map"},
                                            {"heap", "heap"},
                                            {"list", "list"},
                                            {"calendar", "calendar"},
                                            {"priority-queue", "priority-queue"}});
          },
          nullptr},
         {"real-time",
          "true|false",
          "false",
          "run as fast as a clock on the wall; always so with a TAP device",
          [](Scenario& s, size_t, const std::string& t) { s.simulation.realTime = ParseFlag(t); },
          nullptr},
         {"start-date",
          "DATE",
          "2026-01-01",
          "day and time at which the run begins, such as 2026-01-01 or 2026-01-01T12:00:00Z; "
          "certificates are judged by it",
          [](Scenario& s, size_t, const std::string& t)
          { s.simulation.startDate = ParseCalendar(t); },
          nullptr},
         {"machine-costs",
          "FILE",
          "",
          "what ipsec-lab --calibrate FILE measured, for cpu = this-machine; relative to the "
          "scenario file",
          [](Scenario& s, size_t, const std::string& t) { s.simulation.machineCosts = t; },
          nullptr},
         {"dh-workers",
          "NUMBER",
          "0",
          "threads that compute shared secrets of Diffie-Hellman beside the simulator's own; "
          "results are the same with any number",
          [](Scenario& s, size_t, const std::string& t) {
              s.simulation.dhWorkers =
                  static_cast<unsigned>(ParseCount(t, 0, DhWorkers::MAX_THREADS));
          },
          nullptr},
         {"dh-once-per-pair",
          "true|false",
          "false",
          "compute each shared secret once for both ends, as no two machines can; what is "
          "simulated stays the same, and reports say so",
          [](Scenario& s, size_t, const std::string& t)
          { s.simulation.dhOncePerPair = ParseFlag(t); },
          nullptr}},
        nullptr};
}

ScenarioSection
InternetSection()
{
    ScenarioSection section{"internet",
                            false,
                            "the network between the gateways",
                            LinkKeys<InternetLink>(true),
                            nullptr};
    section.keys.push_back({"tap",
                            "NAME",
                            "",
                            "TAP device of this machine that is attached to the internet",
                            [](Scenario& s, size_t, const std::string& t)
                            { s.internet.tap = ParseName(t); },
                            nullptr});
    section.keys.push_back({"tap-address",
                            "ADDRESS/LENGTH",
                            "",
                            "address of the simulated router at the TAP device, and its network",
                            [](Scenario& s, size_t, const std::string& t)
                            { SetTapAddress(s.internet, t); },
                            nullptr});
    section.keys.push_back({"dhcp",
                            "PREFIX",
                            "",
                            "the network that clients with address = dhcp are in which are behind "
                            "no NAT; the first address is its router's",
                            [](Scenario& s, size_t, const std::string& t)
                            { s.internet.access = Prefix::Parse(t); },
                            nullptr});
    section.keys.push_back({"dhcp-lease",
                            "TIME",
                            "1h",
                            "how long an address is theirs unless they ask again",
                            [](Scenario& s, size_t, const std::string& t)
                            { s.internet.accessLease = ParseLifetime(t); },
                            nullptr});
    return section;
}

ScenarioSection
GatewaySection()
{
    ScenarioSection section{
        "gateway",
        true,
        "a VPN gateway between the internet and one LAN; delay to mtu as in [internet]",
        {{"address",
          "ADDRESS",
          "",
          "its address in the internet, which must be there; behind a NAT one of its lan, without "
          "the next free one",
          [](Scenario& s, size_t i, const std::string& t)
          { s.gateways[i].address = IpAddress::Parse(t); },
          nullptr},
         {"behind",
          "NAT",
          "",
          "the [nat] whose network its address is in; without, the internet",
          [](Scenario& s, size_t i, const std::string& t) { s.gateways[i].behind = ParseName(t); },
          nullptr},
         {"lan",
          "PREFIX",
          REQUIRED_KEY,
          "the network behind it; the first address is the gateway's own",
          [](Scenario& s, size_t i, const std::string& t) { s.gateways[i].lan = Prefix::Parse(t); },
          nullptr},
         {"personality",
          "NAME",
          "rfc",
          "whose habits it has where the RFCs leave room: a [personality], or rfc, junos, huawei, "
          "solaris, cisco-ios, racoon, strongswan, libreswan, isakmpd, windows",
          [](Scenario& s, size_t i, const std::string& t)
          { s.gateways[i].personality = s.FindPersonality(t); },
          nullptr},
         {"default-route",
          "true|false",
          "true",
          "whether it has a route into the internet",
          [](Scenario& s, size_t i, const std::string& t)
          { s.gateways[i].defaultRoute = ParseFlag(t); },
          nullptr},
         {"public-lan",
          "true|false",
          "false",
          "whether the internet has a route to its lan, so that packets in clear arrive there",
          [](Scenario& s, size_t i, const std::string& t)
          { s.gateways[i].publicLan = ParseFlag(t); },
          nullptr},
         {"staged-packets",
          "NUMBER",
          "64",
          "packets that wait for the SA of one tunnel at most, the oldest makes room; 0 drops what "
          "comes before there is one",
          [](Scenario& s, size_t i, const std::string& t)
          { s.gateways[i].stagedPackets = static_cast<uint32_t>(ParseCount(t, 0, 100000)); },
          nullptr},
         {"tunnel-mtu",
          "auto|SIZE",
          "auto",
          "largest packet that its tunnels take: what fits into mtu with their proposals, or a "
          "size of your own, 68B at least",
          [](Scenario& s, size_t i, const std::string& t) { SetTunnelMtu(s.gateways[i], t); },
          nullptr},
         {"cpu",
          "PROFILE|CPU",
          "free",
          "how long cryptography takes there: free, branch-router, hub-appliance, this-machine, or "
          "the name of a [cpu]",
          [](Scenario& s, size_t i, const std::string& t) { s.gateways[i].cpu = ParseName(t); },
          nullptr},
         {"ike-proposals",
          "PROPOSALS",
          "standard",
          "what its tunnels propose that do not say it themselves; also the list that all its "
          "peers with a dynamic address share",
          [](Scenario& s, size_t i, const std::string& t)
          {
              s.gateways[i].ikeProposals = ParsePhase1Proposals(t);
              s.gateways[i].ikeProposalSet = FindPhase1Set(t);
          },
          nullptr}},
        [](Scenario& s, const std::string& name, const ScenarioPosition& position)
        {
            GatewaySettings gateway;
            gateway.name = name;
            gateway.position = position;
            gateway.link = s.internet.link;
            gateway.link.delay = Duration{};
            s.gateways.push_back(gateway);
        }};
    for (const auto& keys : {CertificateKeys(), GatewayLinkKeys()})
    {
        section.keys.insert(section.keys.end(), keys.begin(), keys.end());
    }
    return section;
}

std::vector<ScenarioKey>
GatewayLinkKeys()
{
    return LinkKeys<GatewayLink>(false);
}

std::vector<ScenarioKey>
NatLinkKeys()
{
    return LinkKeys<NatLink>(false);
}

ScenarioSection
HostSection()
{
    return {
        "host",
        true,
        "a PC in the LAN of a gateway or NAT; a gateway's without any gets one named pc-GATEWAY",
        {{"behind",
          "GATEWAY|NAT",
          REQUIRED_KEY,
          "the gateway or NAT whose LAN it is in",
          [](Scenario& s, size_t i, const std::string& t) { s.hosts[i].behind = ParseName(t); },
          nullptr},
         {"address",
          "ADDRESS",
          "",
          "its address; without, the next free one of the LAN",
          [](Scenario& s, size_t i, const std::string& t)
          { s.hosts[i].address = IpAddress::Parse(t); },
          nullptr}},
        [](Scenario& s, const std::string& name, const ScenarioPosition& position)
        {
            HostSettings host;
            host.name = name;
            host.position = position;
            s.hosts.push_back(host);
        }};
}

} // namespace ipsec
} // namespace ns3
