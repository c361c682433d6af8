// SPDX-License-Identifier: GPL-2.0-only
// What is said about mistakes in rules, routes, events, overlays, attackers and manual keys.
#include "scenario-refusal.h"

#include "ns3/ipsec-scenario-reader.h"

#include <gtest/gtest.h>

namespace
{

using namespace ns3::ipsec;

const char BASE[] = "[gateway a]\n"
                    "address = 1.1.1.1\n"
                    "lan = 10.1.0.0/24\n"
                    "[gateway b]\n"
                    "address = 2.2.2.2\n"
                    "lan = 10.2.0.0/24\n"
                    "[tunnel ab]\n"
                    "between = a, b\n"
                    "pre-shared-key = secret\n"
                    "[tunnel routed]\n"
                    "between = a, b\n"
                    "pre-shared-key = secret\n"
                    "vpn = route\n"
                    "[route r]\n"
                    "at = a\n"
                    "to = 10.9.0.0/16\n"
                    "via = routed\n"
                    "[policy p]\n"
                    "at = a\n"
                    "action = discard\n"
                    "traffic = 10.1.0.0/24, 0.0.0.0/0\n"
                    "[event e]\n"
                    "at = 1s\n"
                    "kind = start-tunnel\n"
                    "target = ab\n"
                    "[overlay o]\n"
                    "between = a, b\n"
                    "kind = gre\n"
                    "[attacker eve]\n"
                    "watches = a\n"
                    "[expect up]\n"
                    "that = tunnel ab up\n";

/// Reads the base with options of the command line; returns the refusal, or nothing.
std::string
Refusal(const std::vector<std::string>& overrides)
{
    return ScenarioRefusal(BASE, overrides);
}

TEST(ProtectionMistakes, TheBaseHasNone)
{
    EXPECT_EQ(Refusal({}), "");
}

TEST(ProtectionMistakes, ATunnelByRoutesNeedsARoute)
{
    const std::string text = "[gateway a]\naddress = 1.1.1.1\nlan = 10.1.0.0/24\n"
                             "[gateway b]\naddress = 2.2.2.2\nlan = 10.2.0.0/24\n"
                             "[tunnel ab]\nbetween = a, b\npre-shared-key = k\nvpn = route\n";
    EXPECT_EQ(ScenarioRefusal(text),
              "x.ini:10: tunnel.ab.vpn: is route, but no route leads there; write a [route "
              "NAME] with via = ab for each end");
}

struct Mistake
{
    const char* name;
    /// Option of the command line, and what is said behind its key.
    const char* option;
    const char* message;
};

void
PrintTo(const Mistake& mistake, std::ostream* out)
{
    *out << mistake.name;
}

class ProtectionMistake : public testing::TestWithParam<Mistake>
{
};

TEST_P(ProtectionMistake, GivesOneLineWithKeyReasonAndWhatIsAllowed)
{
    const std::string option = GetParam().option;
    EXPECT_EQ(Refusal({option}),
              "command line: " + option.substr(0, option.find('=')) + ": " + GetParam().message);
}

const Mistake MISTAKES[] = {
    {"UnknownAction",
     "policy.p.action=protect",
     "'protect' is not known; allowed: bypass, discard"},
    {"RuleOfNobody", "policy.p.at=c", "there is no gateway 'c'; allowed: a, b"},
    {"PortsWithoutProtocol",
     "policy.p.ports=any, 53",
     "names ports, but not of which protocol; write protocol = tcp or udp"},
    {"OnePort",
     "policy.p.ports=53",
     "'53' is no pair of ports; allowed: two of 1 to 65535 or any, such as any, 1701"},
    {"UnknownProtocol",
     "policy.p.protocol=ipx",
     "'ipx' is not known; allowed: any, icmp, tcp, udp, gre, 1 to 255"},
    {"RouteOfNobody", "route.r.at=c", "there is no gateway 'c'; allowed: a, b"},
    {"RouteNowhere", "route.r.via=x", "there is no tunnel 'x'; allowed: ab, routed"},
    {"RouteIntoPolicyTunnel",
     "route.r.via=ab",
     "tunnel 'ab' takes what its policy matches; write vpn = route there"},
    {"StartedByNobody",
     "tunnel.routed.start=hand",
     "is hand, but nobody starts it; write an [event NAME] with kind = start-tunnel and target = "
     "routed"},
    {"TunnelPortsWithoutProtocol",
     "tunnel.ab.proxy-ports=any, 53",
     "names ports, but not of which protocol; write proxy-protocol = tcp or udp"},
    {"EventOfNothing", "event.e.target=x", "there is no tunnel 'x'; allowed: ab, routed"},
    {"EventTooLate", "event.e.at=1h", "is not before the end of the run"},
    {"OverlayOfOne", "overlay.o.between=a, a", "names one gateway twice; allowed: two gateways"},
    {"OverlayToNobody", "overlay.o.between=a, c", "there is no gateway 'c'; allowed: a, b"},
    {"AttackerOfNobody", "attacker.eve.watches=c", "there is no gateway 'c'; allowed: a, b"},
    {"AttackerExpectedElsewhere",
     "expect.up.that=attacker mallory reads ab",
     "'attacker mallory reads ab' speaks of attacker 'mallory', which is not there; allowed: eve"},
    {"WindowTooSmall",
     "tunnel.ab.replay-window=16",
     "'16' is too small; allowed: 0, or 32 to 4096"},
    {"DscpTooLarge", "tunnel.ab.dscp=64", "'64' is not a number from 0 to 63"},
    {"TunnelMtuTooSmall",
     "gateway.a.tunnel-mtu=10B",
     "'10B' is out of range; allowed: auto, or 68B to 65535B"},
    {"KeyWithoutPrefix",
     "tunnel.ab.a.encryption-key=0011",
     "'0011' is no key; allowed: 0x and pairs of hexadecimal digits"},
    {"ReservedSpi", "tunnel.ab.a.spi=255", "'255' is not a number from 256 to 4294967295"},
};

INSTANTIATE_TEST_SUITE_P(All,
                         ProtectionMistake,
                         testing::ValuesIn(MISTAKES),
                         [](const testing::TestParamInfo<Mistake>& info)
                         { return info.param.name; });

TEST(ProtectionMistakes, AnMtuByHandWouldCutWhatTransportModeCarriesWhole)
{
    EXPECT_EQ(Refusal({"gateway.a.tunnel-mtu=1000B",
                       "tunnel.ab.encapsulation=transport",
                       "tunnel.ab.proxy-id=1.1.1.1/32, 2.2.2.2/32"}),
              "command line: gateway.a.tunnel-mtu: would cut what tunnel 'ab' carries, but "
              "transport mode carries whole packets only; allowed: auto");
}

const char MANUAL[] = "[gateway a]\n"
                      "address = 1.1.1.1\n"
                      "lan = 10.1.0.0/24\n"
                      "[gateway b]\n"
                      "address = 2.2.2.2\n"
                      "lan = 10.2.0.0/24\n"
                      "[tunnel ab]\n"
                      "between = a, b\n"
                      "keying = manual\n"
                      "phase2-proposals = nopfs-esp-des-md5\n"
                      "a.spi = 256\n"
                      "a.encryption-key = 0x0123456789abcdef\n"
                      "a.authentication-key = 0x00112233445566778899aabbccddeeff\n"
                      "b.spi = 257\n"
                      "b.encryption-key = 0xfedcba9876543210\n"
                      "b.authentication-key = 0xffeeddccbbaa99887766554433221100\n";

std::string
ManualRefusal(const std::string& option)
{
    return ScenarioRefusal(MANUAL, {option});
}

// Covers MK-01.
TEST(ManualKeysInAScenario, SwitchAntiReplayOffUnlessItIsWritten)
{
    const Scenario scenario = ReadScenarioText(MANUAL, "x.ini", {});
    EXPECT_EQ(scenario.tunnels[0].ends[0].rules->replayWindow, 0u);
    const Scenario asked = ReadScenarioText(MANUAL, "x.ini", {"tunnel.ab.replay-window=64"});
    EXPECT_EQ(asked.tunnels[0].ends[0].rules->replayWindow, 64u);
}

TEST(ManualKeysInAScenario, AreAsLongAsTheAlgorithmsWant)
{
    EXPECT_EQ(ManualRefusal("tunnel.ab.b.encryption-key=0x00"),
              "command line: tunnel.ab.b.encryption-key: has 1 octets; allowed: 8");
}

TEST(ManualKeysInAScenario, AreNoneTooMany)
{
    EXPECT_EQ(ManualRefusal("tunnel.ab.b.ah-key=0x00"),
              "command line: tunnel.ab.b.ah-key: is there, but the proposal has no use for it");
}

TEST(ManualKeysInAScenario, BelongToOneProposalWithoutPfs)
{
    EXPECT_EQ(
        ManualRefusal("tunnel.ab.phase2-proposals=g2-esp-des-md5"),
        "command line: tunnel.ab.phase2-proposals: is what the keys are for; with manual keys "
        "write one proposal, with nopfs");
}

TEST(ManualKeysInAScenario, AreNoneOfCountersThatWouldStartAgain)
{
    EXPECT_NE(ManualRefusal("tunnel.ab.phase2-proposals=nopfs-esp-aes128gcm")
                  .find("counts packets from 1 again with the same key"),
              std::string::npos);
}

TEST(ManualKeysInAScenario, HaveNoExtendedSequenceNumbers)
{
    EXPECT_EQ(
        ManualRefusal("tunnel.ab.extended-sequence=prefer"),
        "command line: tunnel.ab.extended-sequence: is negotiated by IKE; allowed with manual "
        "keys: off");
}

TEST(ManualKeysInAScenario, AreStartedByNobody)
{
    EXPECT_EQ(ManualRefusal("tunnel.ab.start=auto")
                  .find("command line: tunnel.ab.start: is there, but keying is manual"),
              0u);
}

} // namespace
