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

using Text = const std::string;

/// Cuts "NAME:REST" at the first colon.
std::pair<std::string, std::string>
CutPair(const std::string& text, const char* form)
{
    const size_t colon = text.find(':');
    if (colon == std::string::npos || colon == 0 || colon + 1 == text.size())
    {
        throw std::invalid_argument("'" + Printable(text) + "' is not " + form);
    }
    return {Trim(text.substr(0, colon)), Trim(text.substr(colon + 1))};
}

std::map<std::string, SecretBytes>
ParseUsers(const std::string& text)
{
    std::map<std::string, SecretBytes> users;
    for (const std::string& entry : SplitList(text))
    {
        const auto [user, password] = CutPair(entry, "USER:PASSWORD");
        if (!users.emplace(user, SecretBytes(AsOctets(password))).second)
        {
            throw std::invalid_argument("the user '" + Printable(user) + "' is there twice");
        }
    }
    return users;
}

/// Reads "FIRST - LAST", or a prefix, whose first and last address are left out.
void
SetAddresses(AddressPool& pool, const std::string& text)
{
    const AddressPool range = ParseAddressRange(text);
    pool.first = range.first;
    pool.last = range.last;
}

std::vector<ScenarioKey>
ModeConfigKeys()
{
    return {
        {"mode-config",
         "off|pull|push",
         "off",
         "whether the server gives the client an address: asked for (pull), or unasked (push)",
         [](Scenario& s, size_t i, Text& t)
         {
             RemoteAccessSettings& access = s.tunnels[i].remoteAccess.Edit();
             const std::string choice =
                 ParseChoice<std::string>(t, {{"off", "off"}, {"pull", "pull"}, {"push", "push"}});
             access.modeConfig = choice != "off";
             access.pull = choice == "pull";
         },
         nullptr},
        {"pool",
         "POOL",
         "",
         "the [pool] that the server gives addresses from; needed where the server is simulated",
         [](Scenario& s, size_t i, Text& t)
         { s.tunnels[i].remoteAccess.Edit().pool = ParseName(t); },
         nullptr},
        {"dns",
         "ADDRESSES",
         "",
         "name servers that the client is told of",
         [](Scenario& s, size_t i, Text& t)
         {
             for (const std::string& word : SplitList(t))
             {
                 s.tunnels[i].remoteAccess.Edit().dns.push_back(IpAddress::Parse(word));
             }
         },
         nullptr},
        {"subnets",
         "PREFIXES",
         "",
         "networks that the client is told of",
         [](Scenario& s, size_t i, Text& t)
         {
             for (const std::string& word : SplitList(t))
             {
                 s.tunnels[i].remoteAccess.Edit().subnets.push_back(Prefix::Parse(word));
             }
         },
         nullptr},
        {"split-include",
         "true|false",
         "false",
         "whether it is told of them in Cisco's form, too",
         [](Scenario& s, size_t i, Text& t)
         { s.tunnels[i].remoteAccess.Edit().splitInclude = ParseFlag(t); },
         nullptr},
        {"mode-config-timeout",
         "TIME",
         "60s",
         "how long it may take",
         [](Scenario& s, size_t i, Text& t)
         { s.tunnels[i].remoteAccess.Edit().modeConfigTimeout = ParseLifetime(t); },
         nullptr},
    };
}

} // namespace

AddressPool
ParseAddressRange(const std::string& text)
{
    AddressPool pool;
    const size_t dash = text.find('-');
    if (dash != std::string::npos)
    {
        pool.first = IpAddress::Parse(Trim(text.substr(0, dash)));
        pool.last = IpAddress::Parse(Trim(text.substr(dash + 1)));
        return pool;
    }
    const Prefix prefix = Prefix::Parse(text);
    constexpr uint8_t LONGEST = 30;
    if (prefix.length > LONGEST)
    {
        throw std::invalid_argument("'" + Printable(text) +
                                    "' has no room; allowed: a prefix up to /30, or FIRST - LAST");
    }
    pool.first = {prefix.address.value + 1};
    pool.last = {(prefix.address.value | ~prefix.Mask().value) - 1};
    return pool;
}

std::vector<ScenarioKey>
TunnelAccessKeys()
{
    std::vector<ScenarioKey> keys = {
        {"xauth",
         "true|false",
         "false",
         "whether the client is asked for a user and a password behind phase 1; always so with "
         "hybrid",
         [](Scenario& s, size_t i, Text& t)
         { s.tunnels[i].remoteAccess.Edit().xauth = ParseFlag(t); },
         nullptr},
        {"xauth-tries",
         "NUMBER",
         "3",
         "how often the server asks",
         [](Scenario& s, size_t i, Text& t) {
             s.tunnels[i].remoteAccess.Edit().xauthTries =
                 static_cast<uint32_t>(ParseCount(t, 1, 10));
         },
         nullptr},
        {"xauth-timeout",
         "TIME",
         "60s",
         "how long the server waits for the right answer",
         [](Scenario& s, size_t i, Text& t)
         { s.tunnels[i].remoteAccess.Edit().xauthTimeout = ParseLifetime(t); },
         nullptr},
        {"xauth-users",
         "USER:PASSWORD, ...",
         "",
         "whom the server knows; without, the client at the other end",
         nullptr,
         [](TunnelEndSettings& e, Text& t) { e.rules.Edit().xauthUsers = ParseUsers(t); }},
    };
    for (const ScenarioKey& key : ModeConfigKeys())
    {
        keys.push_back(key);
    }
    return keys;
}

ScenarioSection
ClientSection()
{
    ScenarioSection section{
        "client",
        true,
        "a user with one computer and no network behind it; delay to mtu as in [internet]",
        {{"address",
          "ADDRESS|dhcp",
          "",
          "its address in the internet, which must be there and its gateway does not know; behind "
          "a NAT one of its lan, without the next free one; dhcp: what its network gives it",
          [](Scenario& s, size_t i, Text& t)
          {
              s.gateways[i].dialUp.Edit().isDhcp = t == "dhcp";
              s.gateways[i].address =
                  s.gateways[i].dialUp->isDhcp ? IpAddress{} : IpAddress::Parse(t);
              s.gateways[i].lan = Prefix::Host(s.gateways[i].address);
          },
          nullptr},
         {"behind",
          "NAT",
          "",
          "the [nat] whose network its address is in; without, the internet",
          [](Scenario& s, size_t i, Text& t) { s.gateways[i].behind = ParseName(t); },
          nullptr},
         {"id",
          "IDENTITY",
          "",
          "who it says it is in all its tunnels, unless they say otherwise",
          [](Scenario& s, size_t i, Text& t) { s.gateways[i].id = Identity::Parse(t); },
          nullptr},
         {"kind",
          "dial-up|dynamic-vpn",
          "dial-up",
          "dynamic-vpn: by Junos's rules, in aggressive mode with proposals of its own",
          [](Scenario& s, size_t i, Text& t)
          {
              s.gateways[i].clientKind = ParseChoice<PeerKind>(
                  t, {{"dial-up", PeerKind::DialUp}, {"dynamic-vpn", PeerKind::DynamicVpn}});
          },
          nullptr},
         {"xauth-user",
          "TEXT",
          "",
          "what it answers XAUTH with",
          [](Scenario& s, size_t i, Text& t) { s.gateways[i].xauthUser = t; },
          nullptr},
         {"xauth-password",
          "TEXT",
          "",
          "the same",
          [](Scenario& s, size_t i, Text& t) { s.gateways[i].xauthPassword = t; },
          nullptr},
         {"personality",
          "NAME",
          "rfc",
          "whose habits it has where the RFCs leave room: a [personality], or rfc, junos, huawei, "
          "solaris, cisco-ios, racoon, strongswan, libreswan, isakmpd, windows",
          [](Scenario& s, size_t i, Text& t) { s.gateways[i].personality = s.FindPersonality(t); },
          nullptr},
         {"cpu",
          "PROFILE|CPU",
          "free",
          "how long cryptography takes there, as of a gateway",
          [](Scenario& s, size_t i, Text& t) { s.gateways[i].cpu = ParseName(t); },
          nullptr},
         {"ike-proposals",
          "PROPOSALS",
          "standard",
          "what its tunnels propose that do not say it themselves",
          [](Scenario& s, size_t i, Text& t)
          {
              s.gateways[i].ikeProposals = ParsePhase1Proposals(t);
              s.gateways[i].ikeProposalSet = FindPhase1Set(t);
          },
          nullptr}},
        [](Scenario& s, const std::string& name, const ScenarioPosition& position)
        {
            GatewaySettings client;
            client.name = name;
            client.position = position;
            client.isClient = true;
            client.link = s.internet.link;
            client.link.delay = Duration{};
            s.gateways.push_back(client);
        },
        "gateway"};
    for (const auto& keys : {DialUpKeys(), CertificateKeys(), GatewayLinkKeys()})
    {
        section.keys.insert(section.keys.end(), keys.begin(), keys.end());
    }
    return section;
}

ScenarioSection
PoolSection()
{
    return {"pool",
            true,
            "addresses that Mode Config hands out",
            {{"addresses",
              "FIRST - LAST|PREFIX",
              REQUIRED_KEY,
              "from the first to the last; of a prefix, all that hosts may have",
              [](Scenario& s, size_t i, Text& t) { SetAddresses(s.pools[i].pool, t); },
              nullptr},
             {"netmask",
              "NUMBER",
              "32",
              "length of the prefix that clients are told as their network mask",
              [](Scenario& s, size_t i, Text& t)
              { s.pools[i].pool.prefixLength = static_cast<uint8_t>(ParseCount(t, 1, 32)); },
              nullptr},
             {"static",
              "USER:ADDRESS, ...",
              "",
              "addresses kept for users of XAUTH or for identities",
              [](Scenario& s, size_t i, Text& t)
              {
                  for (const std::string& entry : SplitList(t))
                  {
                      const auto [user, address] = CutPair(entry, "USER:ADDRESS");
                      s.pools[i].pool.staticLeases[user] = IpAddress::Parse(address);
                  }
              },
              nullptr}},
            [](Scenario& s, const std::string& name, const ScenarioPosition& position)
            {
                PoolSettings pool;
                pool.position = position;
                pool.pool.name = name;
                s.pools.push_back(pool);
            }};
}

} // namespace ipsec
} // namespace ns3
