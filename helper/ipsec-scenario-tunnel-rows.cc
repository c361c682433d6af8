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

ProxyId
ParseProxyId(const std::string& text)
{
    const std::vector<std::string> parts = SplitList(text);
    if (parts.size() != 2)
    {
        throw std::invalid_argument("'" + Printable(text) +
                                    "' is not a proxy ID; allowed: two prefixes, such as "
                                    "192.168.0.0/24, 172.16.0.0/24");
    }
    ProxyId id;
    id.local = Prefix::Parse(parts[0]);
    id.remote = Prefix::Parse(parts[1]);
    return id;
}

/// Reads octets as kilobytes, the unit of ISAKMP.
uint64_t
ParseLifesize(const std::string& text)
{
    constexpr uint64_t KILOBYTE = 1000;
    const uint64_t octets = ParseOctetCount(text);
    if (octets % KILOBYTE != 0)
    {
        throw std::invalid_argument("'" + text +
                                    "' is no whole number of kB, in which peers agree on it; "
                                    "allowed: 0kB for no limit, or 1kB, 2kB, ...");
    }
    return octets / KILOBYTE;
}

std::vector<ScenarioKey>
TunnelKeys()
{
    return {
        {"between",
         "GATEWAY, GATEWAY",
         REQUIRED_KEY,
         "its two ends; one alone with external-address. GATEWAY.KEY sets a key for one end",
         [](Scenario& s, size_t i, const std::string& t) { SetBetween(s.tunnels[i], t); },
         nullptr},
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
         "auto|traffic",
         "traffic",
         "who starts it: the first gateway at start-at, or the first packet that needs it",
         [](Scenario& s, size_t i, const std::string& t)
         {
             s.tunnels[i].start = ParseChoice<TunnelStart>(
                 t, {{"auto", TunnelStart::Auto}, {"traffic", TunnelStart::Traffic}});
         },
         nullptr},
        {"start-at",
         "TIME",
         "0s",
         "when start = auto starts it",
         [](Scenario& s, size_t i, const std::string& t)
         { s.tunnels[i].startAt = ParseDuration(t); },
         nullptr},
        {"proxy-id",
         "PREFIX, PREFIX",
         "",
         "traffic to protect: the first gateway's side, then the second's; without, the two LANs. "
         "GATEWAY.proxy-id: local, then remote, as that gateway sees it",
         [](Scenario& s, size_t i, const std::string& t)
         { s.tunnels[i].proxyId = ParseProxyId(t); },
         [](TunnelEndSettings& e, const std::string& t) { e.proxyId = ParseProxyId(t); }},
    };
}

std::vector<ScenarioKey>
TunnelEndKeys()
{
    using End = TunnelEndSettings;
    using Text = const std::string;
    return {
        {"phase2-proposals",
         "PROPOSALS",
         "standard",
         "at most four gN-esp-CIPHER-HASH (or nopfs in place of gN), or standard, compatible, "
         "basic",
         nullptr,
         [](End& e, Text& t) { e.phase2Proposals = ParsePhase2Proposals(t); }},
        {"encapsulation",
         "tunnel|transport",
         "tunnel",
         "ESP around whole packets, or around what the gateways themselves send",
         nullptr,
         [](End& e, Text& t)
         {
             e.encapsulation =
                 ParseChoice<EncapsulationMode>(t,
                                                {{"tunnel", EncapsulationMode::Tunnel},
                                                 {"transport", EncapsulationMode::Transport}});
         }},
        {"phase2-lifetime",
         "TIME",
         "1h",
         "lifetime of the IPsec SAs; the shorter of both ends counts",
         nullptr,
         [](End& e, Text& t) { e.phase2Lifetime = ParseLifetime(t); }},
        {"phase2-lifesize",
         "SIZE",
         "0kB",
         "octets that an IPsec SA may carry, in whole kB; 0kB is no limit",
         nullptr,
         [](End& e, Text& t) { e.phase2LifetimeKilobytes = ParseLifesize(t); }},
        {"replay-window",
         "NUMBER",
         "64",
         "packets behind the newest that are still accepted: 32 to 4096, or 0 for no check",
         nullptr,
         [](End& e, Text& t)
         {
             e.replayWindow = static_cast<uint32_t>(ParseCount(t, 0, 4096));
             if (e.replayWindow > 0 && e.replayWindow < 32)
             {
                 throw std::invalid_argument("'" + t + "' is too small; allowed: 0, or 32 to 4096");
             }
         }},
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
        TunnelKeys(),
        [](Scenario& s, const std::string& name, const ScenarioPosition& position)
        {
            TunnelSettings tunnel;
            tunnel.name = name;
            tunnel.position = position;
            s.tunnels.push_back(tunnel);
        }};
    for (const auto& keys : {TunnelPhase1Keys(), TunnelEndKeys(), TunnelAccessKeys()})
    {
        section.keys.insert(section.keys.end(), keys.begin(), keys.end());
    }
    return section;
}

} // namespace ipsec
} // namespace ns3
