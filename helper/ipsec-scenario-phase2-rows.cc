// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-rows.h"
#include "ipsec-scenario-units.h"

#include "ns3/esp-header.h"

#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

uint32_t
ParseSpi(const std::string& text)
{
    return static_cast<uint32_t>(ParseCount(text, LOWEST_SPI, 0xffffffff));
}

/// What the SAs are.
std::vector<ScenarioKey>
ProposalKeys()
{
    using End = TunnelEndSettings;
    using Text = const std::string;
    return {
        {"phase2-proposals",
         "PROPOSALS",
         "standard",
         "at most four gN-esp-CIPHER-HASH, gN-ah-HASH or gN-ah-HASH+esp-CIPHER-HASH (or nopfs in "
         "place of gN), or standard, compatible, basic; with manual keys one with nopfs",
         nullptr,
         [](End& e, Text& t) { e.rules.Edit().phase2Proposals = ParsePhase2Proposals(t); }},
        {"encapsulation",
         "tunnel|transport",
         "tunnel",
         "ESP around whole packets, or around what the gateways themselves send",
         nullptr,
         [](End& e, Text& t)
         {
             e.rules.Edit().encapsulation =
                 ParseChoice<EncapsulationMode>(t,
                                                {{"tunnel", EncapsulationMode::Tunnel},
                                                 {"transport", EncapsulationMode::Transport}});
         }},
    };
}

/// When they end, which those that nobody renews never do.
std::vector<ScenarioKey>
LifetimeKeys()
{
    using End = TunnelEndSettings;
    using Text = const std::string;
    return {
        {"phase2-lifetime",
         "TIME",
         "",
         "lifetime of the IPsec SAs, 1h as rfc; without, the personality's",
         nullptr,
         [](End& e, Text& t) { e.rules.Edit().phase2Lifetime = ParseLifetime(t); }},
        {"phase2-lifesize",
         "SIZE",
         "",
         "octets that an IPsec SA may carry, in whole kB; 0kB, as rfc, is no limit; without, the "
         "personality's",
         nullptr,
         [](End& e, Text& t) { e.rules.Edit().phase2LifetimeKilobytes = ParseLifesize(t); }},
        {"lifetimes",
         "independent|linked",
         "independent",
         "linked: when an IPsec SA ends, its IKE SA goes with all that it made, and everything is "
         "negotiated anew",
         nullptr,
         [](End& e, Text& t)
         {
             e.rules.Edit().childLifetimePolicy = ParseChoice<ChildLifetimePolicy>(
                 t,
                 {{"independent", ChildLifetimePolicy::Independent},
                  {"linked", ChildLifetimePolicy::Linked}});
         }},
    };
}

/// How packets are numbered and checked.
std::vector<ScenarioKey>
ProtectionKeys()
{
    using End = TunnelEndSettings;
    using Text = const std::string;
    return {
        {"replay-window",
         "NUMBER",
         "64",
         "packets behind the newest that are still accepted: 32 to 4096, or 0 for no check",
         nullptr,
         [](End& e, Text& t)
         {
             e.rules.Edit().replayWindow =
                 static_cast<uint32_t>(ParseCount(t, 0, MAX_REPLAY_WINDOW));
             if (!IsReplayWindow(e.rules.Edit().replayWindow))
             {
                 throw std::invalid_argument("'" + t + "' is too small; allowed: 0, or 32 to 4096");
             }
         }},
        {"extended-sequence",
         "off|prefer|require",
         "off",
         "64-bit sequence numbers: prefer takes a peer without them, too",
         nullptr,
         [](End& e, Text& t)
         {
             e.rules.Edit().extendedSequence =
                 ParseChoice<ExtendedSequence>(t,
                                               {{"off", ExtendedSequence::Off},
                                                {"prefer", ExtendedSequence::Prefer},
                                                {"require", ExtendedSequence::Require}});
         }},
    };
}

/// What the outer header is made of.
std::vector<ScenarioKey>
OuterHeaderKeys()
{
    using End = TunnelEndSettings;
    using Text = const std::string;
    return {
        {"df",
         "copy|set|clear",
         "copy",
         "what the outer header of tunnel mode does with DF",
         nullptr,
         [](End& e, Text& t)
         {
             e.rules.Edit().outerHeader.df = ParseChoice<DfRule>(
                 t, {{"copy", DfRule::Copy}, {"set", DfRule::Set}, {"clear", DfRule::Clear}});
         }},
        {"fragment",
         "inner|outer",
         "inner",
         "which packet is cut that would be too large: the one that is protected, or the one that "
         "protects it; with DF neither",
         nullptr,
         [](End& e, Text& t)
         {
             e.rules.Edit().outerHeader.fragment = ParseChoice<FragmentWhere>(
                 t, {{"inner", FragmentWhere::Inner}, {"outer", FragmentWhere::Outer}});
         }},
        {"dscp",
         "copy|NUMBER",
         "copy",
         "DSCP of the outer header, 0 to 63, or that of the inner one",
         nullptr,
         [](End& e, Text& t)
         {
             e.rules.Edit().outerHeader.dscp.reset();
             if (t != "copy")
             {
                 e.rules.Edit().outerHeader.dscp = static_cast<uint8_t>(ParseCount(t, 0, 63));
             }
         }},
        {"ecn",
         "true|false",
         "true",
         "whether marks of congestion cross the tunnel (RFC 6040)",
         nullptr,
         [](End& e, Text& t) { e.rules.Edit().outerHeader.ecn = ParseFlag(t); }},
        {"ttl",
         "NUMBER",
         "64",
         "time to live of the outer header, 1 to 255",
         nullptr,
         [](End& e, Text& t)
         { e.rules.Edit().outerHeader.ttl = static_cast<uint8_t>(ParseCount(t, 1, 255)); }},
    };
}

/// Keys that somebody wrote; an end's are those that it receives with.
std::vector<ScenarioKey>
ManualKeyRows()
{
    using End = TunnelEndSettings;
    using Text = const std::string;
    return {
        {"spi",
         "NUMBER",
         "",
         "with manual keys: the SPI that an end receives on, 256 to 4294967295",
         nullptr,
         [](End& e, Text& t) { e.rules.Edit().manual.spi = ParseSpi(t); }},
        {"encryption-key",
         "0xHEX",
         "",
         "with manual keys: what packets to an end are encrypted with",
         nullptr,
         [](End& e, Text& t) { e.rules.Edit().manual.encryptionKey = ParseHexKey(t); }},
        {"authentication-key",
         "0xHEX",
         "",
         "with manual keys: what the ICV of packets to an end is made with",
         nullptr,
         [](End& e, Text& t) { e.rules.Edit().manual.authenticationKey = ParseHexKey(t); }},
        {"ah-spi",
         "NUMBER",
         "",
         "with manual keys and AH around ESP: the SPI of AH",
         nullptr,
         [](End& e, Text& t) { e.rules.Edit().manual.ahSpi = ParseSpi(t); }},
        {"ah-key",
         "0xHEX",
         "",
         "the same: the key of AH",
         nullptr,
         [](End& e, Text& t) { e.rules.Edit().manual.ahKey = ParseHexKey(t); }},
    };
}

} // namespace

std::vector<ScenarioKey>
TunnelPhase2Keys()
{
    std::vector<ScenarioKey> keys = ProposalKeys();
    for (const auto& more : {OnlyWith(TunnelKeying::Ike, LifetimeKeys()),
                             ProtectionKeys(),
                             OuterHeaderKeys(),
                             OnlyWith(TunnelKeying::Manual, ManualKeyRows())})
    {
        keys.insert(keys.end(), more.begin(), more.end());
    }
    return keys;
}

} // namespace ipsec
} // namespace ns3
