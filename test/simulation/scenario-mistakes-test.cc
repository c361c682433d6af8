// SPDX-License-Identifier: GPL-2.0-only
#include "scenario-refusal.h"

#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

namespace
{

using namespace ns3::ipsec;

const char BASE[] = "[gateway a]\n"             // line 1
                    "address = 1.1.1.1\n"       // 2
                    "lan = 192.168.0.0/24\n"    // 3
                    "[gateway b]\n"             // 4
                    "address = 2.2.2.2\n"       // 5
                    "lan = 172.16.0.0/24\n"     // 6
                    "[tunnel ab]\n"             // 7
                    "between = a, b\n"          // 8
                    "pre-shared-key = secret\n" // 9
                    "[traffic ping]\n"          // 10
                    "from = pc-a\n"             // 11
                    "to = pc-b\n";              // 12

/// Returns the base with one text in the place of another.
std::string
Changed(const std::string& from, const std::string& to)
{
    std::string text = BASE;
    const size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

/// One mistake and what is said about it.
struct Mistake
{
    const char* name;
    std::string text;
    std::vector<std::string> overrides;
    const char* message;
};

void
PrintTo(const Mistake& mistake, std::ostream* out)
{
    *out << mistake.name;
}

class ScenarioMistake : public testing::TestWithParam<Mistake>
{
};

TEST_P(ScenarioMistake, GivesOneLineWithPlaceKeyReasonAndWhatIsAllowed)
{
    EXPECT_EQ(ScenarioRefusal(GetParam().text, GetParam().overrides), GetParam().message);
}

const std::string base = BASE;

INSTANTIATE_TEST_SUITE_P(
    Form,
    ScenarioMistake,
    testing::Values(
        Mistake{"NoSection",
                "delay = 20ms\n",
                {},
                "x.ini:1: 'delay = 20ms' stands before any [SECTION]"},
        Mistake{"NoEquals",
                "[internet]\ndelay 20ms\n",
                {},
                "x.ini:2: 'delay 20ms' is neither [SECTION] nor KEY = VALUE"},
        Mistake{"NoBracket",
                "[internet\n",
                {},
                "x.ini:1: '[internet' has no closing bracket; a section is written [KIND] or [KIND "
                "NAME]"},
        Mistake{"ThreeWords",
                "[gateway a b]\n",
                {},
                "x.ini:1: '[gateway a b]' is not a section; a section is written [KIND] or [KIND "
                "NAME]"},
        Mistake{"BadName",
                "[gateway a!]\n",
                {},
                "x.ini:1: 'a!' is not a name; allowed: 1 to 32 letters, digits, '-', '_'"},
        Mistake{"UnknownSection",
                "[router home]\n",
                {},
                "x.ini:1: [router home] is not known; allowed: [simulation], [internet], [output], "
                "[authority NAME], [cpu NAME], [personality NAME], [nat NAME], [gateway NAME], "
                "[client NAME], [pool NAME], [host NAME], [tunnel NAME], [branches NAME], "
                "[clients NAME], [policy NAME], [route NAME], [event NAME], [overlay NAME], "
                "[attacker NAME], [flood NAME], "
                "[traffic NAME], [expect NAME]"},
        Mistake{"NameMissing",
                "[gateway]\n",
                {},
                "x.ini:1: [gateway] needs a name: [gateway NAME]"},
        Mistake{"NameTooMany",
                "[internet x]\n",
                {},
                "x.ini:1: [internet x] takes no name: [internet]"},
        Mistake{"SectionTwice",
                base + "[gateway a]\n",
                {},
                "x.ini:13: [gateway a] is there a second time; the first is in line 1"},
        Mistake{"KeyTwice",
                "[internet]\ndelay = 1ms\ndelay = 2ms\n",
                {},
                "x.ini:3: internet.delay: is set a second time; the first is in line 2"},
        Mistake{"NoValue",
                "[internet]\ndelay =\n",
                {},
                "x.ini:2: internet.delay: has no value; write one, or leave the line out"},
        Mistake{"HashInValue",
                "[tunnel ab]\npre-shared-key = a#b\n",
                {},
                "x.ini:2: tunnel.ab.pre-shared-key: has a '#' inside its value, where a comment "
                "cannot start; put a blank before it, or write a key in hexadecimal as 0x..."},
        Mistake{"UnknownKey",
                base + "[host pc]\ncolour = red\n",
                {},
                "x.ini:14: host.pc.colour: is not known; allowed: behind, address"},
        Mistake{"RequiredKey",
                base + "[host pc]\naddress = 192.168.0.9\n",
                {},
                "x.ini:13: host.pc.behind: is missing; write behind = GATEWAY|NAT"},
        Mistake{"OldMacLineEnds",
                "; two offices\r[gateway a]\r",
                {},
                "x.ini:1: holds the control character 0x0d; allowed: text in lines that end in LF "
                "or CR LF"},
        Mistake{"Nul",
                base + std::string("[host pc]\nbehind = a\0\n", 22),
                {},
                "x.ini:14: holds the control character 0x00; allowed: text in lines that end in LF "
                "or CR LF"},
        Mistake{"Empty", "", {}, "x.ini: gateway: is missing; write at least one [gateway NAME]"}),
    [](const testing::TestParamInfo<Mistake>& info) { return info.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Values,
    ScenarioMistake,
    testing::Values(
        Mistake{"NoUnit",
                base + "[internet]\ndelay = 20\n",
                {},
                "x.ini:14: internet.delay: '20' is not a time; allowed: a number with ns, us, ms, "
                "s, min, h or d, such as 20ms"},
        Mistake{"UnknownUnit",
                base + "[internet]\ndelay = 20 parsec\n",
                {},
                "x.ini:14: internet.delay: '20 parsec' is not a time; allowed: a number with ns, "
                "us, ms, s, min, h or d, such as 20ms"},
        Mistake{"Negative",
                base + "[internet]\ndelay = -1ms\n",
                {},
                "x.ini:14: internet.delay: '-1ms' is not a time; allowed: a number with ns, us, "
                "ms, s, min, h or d, such as 20ms"},
        Mistake{"TooLong",
                base + "[simulation]\nstop = 9999999d\n",
                {},
                "x.ini:14: simulation.stop: '9999999d' is too long; allowed: at most 10 years"},
        Mistake{"Rate",
                base + "[internet]\nrate = 100\n",
                {},
                "x.ini:14: internet.rate: '100' is not a rate; allowed: unlimited, or a number "
                "with bps, kbps, Mbps or Gbps, such as 100Mbps"},
        Mistake{"Percent",
                base + "[internet]\nloss = 101%\n",
                {},
                "x.ini:14: internet.loss: '101%' is more than everything; allowed: 0% to 100%"},
        Mistake{"Mtu",
                base + "[internet]\nmtu = 20B\n",
                {},
                "x.ini:14: internet.mtu: '20B' is out of range; allowed: 576B to 65535B"},
        Mistake{"Choice",
                base + "[simulation]\nscheduler = fast\n",
                {},
                "x.ini:14: simulation.scheduler: 'fast' is not known; allowed: map, heap, list, "
                "calendar, priority-queue"},
        Mistake{"Mode",
                base,
                {"tunnel.ab.mode=quick"},
                "command line: tunnel.ab.mode: 'quick' is not known; allowed: main, aggressive"},
        Mistake{"Seed",
                base,
                {"simulation.seed=0"},
                "command line: simulation.seed: '0' is not a number from 1 to 4294967295"},
        Mistake{"Address",
                Changed("1.1.1.1", "1.1.1"),
                {},
                "x.ini:2: gateway.a.address: '1.1.1' is not an IPv4 address such as 192.0.2.1"},
        Mistake{"HostBits",
                Changed("192.168.0.0/24", "192.168.0.1/24"),
                {},
                "x.ini:3: gateway.a.lan: '192.168.0.1/24' has host bits set; write 192.168.0.0/24"},
        Mistake{"ProxyId",
                base,
                {"tunnel.ab.proxy-id=10.0.0.0/8"},
                "command line: tunnel.ab.proxy-id: '10.0.0.0/8' is not a proxy ID; allowed: two "
                "prefixes, such as 192.168.0.0/24, 172.16.0.0/24"},
        Mistake{
            "Lifetime",
            base,
            {"tunnel.ab.phase2-lifetime=0s"},
            "command line: tunnel.ab.phase2-lifetime: '0s' is too short; allowed: 1s to 10 years"},
        Mistake{"LifesizeBelowAKilobyte",
                base,
                {"tunnel.ab.phase2-lifesize=1B"},
                "command line: tunnel.ab.phase2-lifesize: '1B' is no whole number of kB, in which "
                "peers agree on it; allowed: 0kB for no limit, or 1kB, 2kB, ..."},
        Mistake{"LifesizeInPartsOfAKilobyte",
                base,
                {"tunnel.ab.b.phase2-lifesize=1.5kB"},
                "command line: tunnel.ab.b.phase2-lifesize: '1.5kB' is no whole number of kB, in "
                "which peers agree on it; allowed: 0kB for no limit, or 1kB, 2kB, ..."},
        Mistake{
            "ReplayWindow",
            base,
            {"tunnel.ab.replay-window=8"},
            "command line: tunnel.ab.replay-window: '8' is too small; allowed: 0, or 32 to 4096"},
        Mistake{"Method",
                base,
                {"tunnel.ab.auth=psk"},
                "command line: tunnel.ab.auth: 'psk' is not known; allowed: pre, rsa, dsa, rsaenc, "
                "rsarev, ecdsa256, ecdsa384, ecdsa521, hybrid"}),
    [](const testing::TestParamInfo<Mistake>& info) { return info.param.name; });

INSTANTIATE_TEST_SUITE_P(
    References,
    ScenarioMistake,
    testing::Values(
        Mistake{"UnknownGateway",
                Changed("a, b", "a, c"),
                {},
                "x.ini:8: tunnel.ab.between: there is no gateway 'c'; allowed: a, b"},
        Mistake{"SameGateway",
                Changed("a, b", "a, a"),
                {},
                "x.ini:8: tunnel.ab.between: names 'a' twice; allowed: two gateways"},
        Mistake{"OneGateway",
                Changed("a, b", "a"),
                {},
                "x.ini:8: tunnel.ab.between: names one gateway only; name a second, or add "
                "external-address and external-lan"},
        Mistake{"ExternalLan",
                Changed("a, b", "a\nexternal-address = 9.9.9.9"),
                {},
                "x.ini:7: tunnel.ab.external-lan: is missing; write both external-address = "
                "ADDRESS and external-lan = PREFIX"},
        Mistake{"NoSecret",
                Changed("pre-shared-key = secret\n", ""),
                {},
                "x.ini:7: tunnel.ab.pre-shared-key: is missing for a; write pre-shared-key = TEXT "
                "or 0xHEX"},
        Mistake{"TransportBetweenLans",
                Changed("a, b", "a, b\nencapsulation = transport"),
                {},
                "x.ini:9: tunnel.ab.encapsulation: 'transport' carries only what the gateways "
                "themselves send, but the proxy ID at a is 192.168.0.0/24 <-> 172.16.0.0/24; "
                "allowed: tunnel, or with transport proxy-id = 1.1.1.1/32, 2.2.2.2/32"},
        Mistake{"TransportAtOneEnd",
                base,
                {"tunnel.ab.b.encapsulation=transport"},
                "command line: tunnel.ab.b.encapsulation: 'transport' carries only what the "
                "gateways themselves send, but the proxy ID at b is 172.16.0.0/24 <-> "
                "192.168.0.0/24; allowed: tunnel, or with transport proxy-id = 1.1.1.1/32, "
                "2.2.2.2/32"},
        Mistake{"LansOverlap",
                Changed("172.16.0.0/24", "192.168.0.0/16"),
                {},
                "x.ini:6: gateway.b.lan: '192.168.0.0/16' overlaps 192.168.0.0/24 of gateway 'a'; "
                "allowed: LANs apart"},
        Mistake{"SameAddress",
                Changed("2.2.2.2", "1.1.1.1"),
                {},
                "x.ini:5: gateway.b.address: '1.1.1.1' is also that of gateway 'a'; allowed: an "
                "address of its own"},
        Mistake{"MulticastLan",
                Changed("172.16.0.0/24", "239.0.0.0/24"),
                {},
                "x.ini:6: gateway.b.lan: '239.0.0.0/24' is no network of hosts; allowed: unicast"},
        Mistake{"LanWithLoopback",
                Changed("172.16.0.0/24", "126.0.0.0/7"),
                {},
                "x.ini:6: gateway.b.lan: '126.0.0.0/7' is no network of hosts; allowed: unicast"},
        Mistake{"MulticastPeer",
                Changed("a, b", "a\nexternal-address = 224.0.0.9\nexternal-lan = 10.0.0.0/8"),
                {},
                "x.ini:9: tunnel.ab.external-address: '224.0.0.9' is no address of a host; "
                "allowed: unicast"},
        Mistake{"NetworkAddressAsTap",
                base + "[internet]\ntap = tap0\ntap-address = 10.9.0.0/24\n",
                {},
                "x.ini:15: internet.tap-address: '10.9.0.0' is no host address of 10.9.0.0/24; "
                "allowed: 10.9.0.1 to 10.9.0.254"},
        Mistake{"PeerIsTheTapRouter",
                Changed("a, b", "a\nexternal-address = 10.9.0.1\nexternal-lan = 10.0.0.0/16") +
                    "[internet]\ntap = tap0\ntap-address = 10.9.0.1/24\n",
                {},
                "x.ini:9: tunnel.ab.external-address: '10.9.0.1' is the simulated router "
                "(tap-address); allowed: the peer's own address"},
        Mistake{"SameTrafficAtTheSecondEnd",
                base + "[gateway c]\naddress = 3.3.3.3\nlan = 10.3.0.0/24\n[tunnel cb]\n"
                       "between = c, b\npre-shared-key = x\n"
                       "b.proxy-id = 172.16.0.0/24, 192.168.0.0/24\n",
                {},
                "x.ini:16: tunnel.cb.proxy-id: is the same traffic as tunnel 'ab' protects; write "
                "a proxy-id that differs"},
        Mistake{"BroadcastTap",
                base + "[internet]\ntap = tap0\ntap-address = 255.255.255.255/24\n",
                {},
                "x.ini:15: internet.tap-address: '255.255.255.255' is no address of a host; "
                "allowed: unicast"},
        Mistake{"HostOutside",
                base + "[host pc]\nbehind = a\naddress = 10.0.0.1\n",
                {},
                "x.ini:15: host.pc.address: '10.0.0.1' is no host address of LAN 192.168.0.0/24; "
                "allowed: 192.168.0.2 to 192.168.0.254"},
        Mistake{"HostBehind",
                base + "[host pc]\nbehind = z\n",
                {},
                "x.ini:14: host.pc.behind: there is no gateway 'z'; allowed: a, b"},
        Mistake{"TrafficFrom",
                Changed("from = pc-a", "from = pc-z"),
                {},
                "x.ini:11: traffic.ping.from: there is no host 'pc-z'; allowed: pc-a, pc-b, or a "
                "gateway or client"},
        Mistake{"TrafficToItself",
                Changed("to = pc-b", "to = 192.168.0.2"),
                {},
                "x.ini:12: traffic.ping.to: is the sender; allowed: another host"},
        Mistake{"Expectation",
                base + "[expect e]\nthat = tunnel zz up\n",
                {},
                "x.ini:14: expect.e.that: 'tunnel zz up' speaks of tunnel 'zz', which is not "
                "there; allowed: ab"},
        Mistake{"Reason",
                base + "[expect e]\nthat = tunnel ab fails with Luck\n",
                {},
                "x.ini:14: expect.e.that: 'Luck' is not a reason; allowed: names such as "
                "NoProposalChosen, ProxyIdMismatch, Undecryptable, NegotiationTimeout"},
        Mistake{"TapAlone",
                base + "[internet]\ntap = tap0\n",
                {},
                "x.ini:14: internet.tap: stands alone; write both tap = NAME and tap-address = "
                "ADDRESS/LENGTH"},
        Mistake{"OtherEnd",
                base,
                {"tunnel.ab.c.pre-shared-key=x"},
                "command line: tunnel.ab.c.pre-shared-key: is not known; allowed: between, "
                "external-address, external-lan, start, start-at, proxy-id, proxy-protocol, "
                "proxy-ports, vpn, order, keying, mode, aggressive-refusal, auth, "
                "phase1-proposals, pre-shared-key, id, peer-id, peer-address, group, "
                "send-certificate, request-certificate, fragmentation, phase1-lifetime, "
                "nat-traversal, nat-keepalive, phase2-proposals, encapsulation, phase2-lifetime, "
                "phase2-lifesize, lifetimes, replay-window, extended-sequence, df, fragment, dscp, "
                "ecn, "
                "ttl, spi, encryption-key, authentication-key, ah-spi, ah-key, dpd, dpd-delay, "
                "dpd-retry, dpd-tries, dpd-action, keep-up, xauth, xauth-tries, "
                "xauth-timeout, xauth-users, "
                "mode-config, pool, dns, subnets, split-include, mode-config-timeout; for one end "
                "GATEWAY.KEY with a gateway that between names"},
        Mistake{"NewSection",
                base,
                {"gateway.c.lan=10.0.0.0/8"},
                "command line: gateway.c.lan: the scenario has no section for it; sections are "
                "added in the file only"},
        Mistake{"OptionKind",
                base,
                {"peers.c.lan=1"},
                "command line: peers.c.lan: there is no section 'peers'; allowed: simulation, "
                "internet, output, authority, cpu, personality, nat, gateway, client, pool, host, "
                "tunnel, branches, clients, "
                "policy, route, event, overlay, attacker, flood, traffic, expect"},
        Mistake{"OptionValue",
                base,
                {"simulation.stop"},
                "command line: simulation.stop: has no value; write --simulation.stop=VALUE"},
        Mistake{"OptionOfASection",
                base,
                {"tunnel.ab"},
                "command line: tunnel.ab: is not a key; write --tunnel.NAME.KEY=VALUE"},
        Mistake{"OptionTwice",
                base,
                {"simulation.stop=1s", "simulation.stop=2s"},
                "command line: simulation.stop: is given twice"}),
    [](const testing::TestParamInfo<Mistake>& info) { return info.param.name; });

TEST(ScenarioMistakes, NamesOfManyGatewaysAreCutShort)
{
    std::string text = Changed("a, b", "a, c");
    for (int i = 0; i < 100; i++)
    {
        const std::string number = std::to_string(i);
        text += "[gateway g" + number + "]\naddress = 100.64.0." + number + "\nlan = 10.0." +
                number + ".0/24\n";
    }
    EXPECT_EQ(ScenarioRefusal(text),
              "x.ini:8: tunnel.ab.between: there is no gateway 'c'; allowed: a, b, g0, g1, g2, "
              "g3, g4, g5, g6, g7, g8, g9, g10, g11, g12, g13, ... (102 in all)");
}

class TrafficToNoHost : public testing::TestWithParam<const char*>
{
};

TEST_P(TrafficToNoHost, IsRefused)
{
    const std::string to = GetParam();
    EXPECT_EQ(ScenarioRefusal(BASE, {"traffic.ping.to=" + to}),
              "command line: traffic.ping.to: '" + to +
                  "' is no address of a host; allowed: a host, or a unicast address");
}

INSTANTIATE_TEST_SUITE_P(Addresses,
                         TrafficToNoHost,
                         testing::Values("0.0.0.0",
                                         "127.0.0.1",
                                         "224.0.0.5",
                                         "239.255.255.255",
                                         "240.0.0.1",
                                         "255.255.255.255"));

} // namespace
