// SPDX-License-Identifier: GPL-2.0-only
// What is said about mistakes in [nat], in what is behind one, and in [clients].
#include "ns3/ipsec-scenario-reader.h"

#include <gtest/gtest.h>

namespace
{

using namespace ns3::ipsec;

const char BASE[] = "[gateway hub]\n"           // line 1
                    "address = 198.51.100.1\n"  // 2
                    "lan = 10.2.0.0/24\n"       // 3
                    "[nat carrier]\n"           // 4
                    "address = 203.0.113.1\n"   // 5
                    "lan = 100.64.0.0/24\n"     // 6
                    "forward = tcp:80:home\n"   // 7
                    "[nat home]\n"              // 8
                    "behind = carrier\n"        // 9
                    "address = 100.64.0.9\n"    // 10
                    "lan = 192.168.1.0/24\n"    // 11
                    "[client alice]\n"          // 12
                    "behind = home\n"           // 13
                    "address = 192.168.1.7\n"   // 14
                    "id = alice@example.com\n"  // 15
                    "[tunnel alice]\n"          // 16
                    "between = alice, hub\n"    // 17
                    "mode = aggressive\n"       // 18
                    "pre-shared-key = secret\n" // 19
                    "phase1-proposals = pre-g14-aes128-sha\n"
                    "[host pc]\n"             // 21
                    "behind = home\n"         // 22
                    "address = 192.168.1.8\n" // 23
                    "[clients user]\n"        // 24
                    "count = 4\n"             // 25
                    "hub = hub\n"             // 26
                    "behind = home\n"         // 27
                    "nats = 2\n"              // 28
                    "phase1-proposals = pre-g14-aes128-sha\n"
                    "[event up]\n"            // 30
                    "kind = nat-reboot\n"     // 31
                    "target = home\n"         // 32
                    "at = 1s\n"               // 33
                    "[event moved]\n"         // 34
                    "kind = nat-address\n"    // 35
                    "target = carrier\n"      // 36
                    "address = 203.0.113.2\n" // 37
                    "at = 1s\n"               // 38
                    "[expect one]\n"          // 39
                    "that = nat home mappings >= 0\n";

std::string
Refusal(const std::vector<std::string>& options, const std::string& more = "")
{
    try
    {
        ReadScenarioText(BASE + more, "x.ini", options);
    }
    catch (const ScenarioError& e)
    {
        return e.what();
    }
    return "";
}

/// One mistake and what is said about it.
struct Mistake
{
    const char* name;
    std::vector<std::string> options;
    const char* message;
};

void
PrintTo(const Mistake& mistake, std::ostream* out)
{
    *out << mistake.name;
}

class NatMistake : public testing::TestWithParam<Mistake>
{
};

TEST(NatMistakes, BaseHasNone)
{
    EXPECT_EQ(Refusal({}), "");
}

TEST_P(NatMistake, GivesOneLineWithKeyReasonAndWhatIsAllowed)
{
    EXPECT_EQ(Refusal(GetParam().options), std::string("command line: ") + GetParam().message);
}

const Mistake MISTAKES[] = {
    {"UnknownNatOfClient",
     {"client.alice.behind=hotel"},
     "client.alice.behind: there is no nat 'hotel'; allowed: carrier, home, home-2"},
    {"UnknownNatOfNat",
     {"nat.home.behind=hotel"},
     "nat.home.behind: there is no nat 'hotel'; allowed: carrier, home, home-2"},
    {"UnknownNatOfHost",
     {"host.pc.behind=hotel"},
     "host.pc.behind: there is no gateway 'hotel'; allowed: hub, alice, user-1, user-2, user-3, "
     "user-4"},
    {"LoopOfNats",
     {"nat.carrier.behind=home"},
     "nat.carrier.behind: leads back to itself; allowed: NATs of which the last is in the "
     "internet"},
    {"AddressOutsideOfTheLan",
     {"client.alice.address=192.168.2.7"},
     "client.alice.address: '192.168.2.7' is no host address of 192.168.1.0/24 of nat 'home'; "
     "allowed: 192.168.1.2 to 192.168.1.254"},
    {"AddressOfTheNatItself",
     {"client.alice.address=192.168.1.1"},
     "client.alice.address: '192.168.1.1' is no host address of 192.168.1.0/24 of nat 'home'; "
     "allowed: 192.168.1.2 to 192.168.1.254"},
    {"AddressOfAnother",
     {"host.pc.address=192.168.1.7"},
     "host.pc.address: '192.168.1.7' is also that of 'alice' behind nat 'home'; allowed: one of "
     "its own"},
    {"NatOutsideOfTheLanAbove",
     {"nat.home.address=100.65.0.9"},
     "nat.home.address: '100.65.0.9' is no host address of 100.64.0.0/24 of nat 'carrier'; "
     "allowed: 100.64.0.2 to 100.64.0.254"},
    {"NatWithTheAddressOfAGateway",
     {"gateway.hub.address=203.0.113.1"},
     "gateway.hub.address: '203.0.113.1' is also that of nat 'carrier'; allowed: an address of its "
     "own"},
    {"LanThatHoldsItsOwnAddress",
     {"nat.carrier.lan=203.0.113.0/24"},
     "nat.carrier.lan: '203.0.113.0/24' holds its address 203.0.113.1, which is outside; allowed: "
     "a "
     "network apart from it"},
    {"LanLikeTheOneAbove",
     {"nat.home.lan=100.64.0.0/29"},
     "nat.home.lan: '100.64.0.0/29' overlaps 100.64.0.0/24 of nat 'carrier', which it is behind; "
     "allowed: networks apart"},
    {"LanWithoutRoom",
     {"nat.home.lan=192.168.1.0/31"},
     "nat.home.lan: '192.168.1.0/31' has no room for hosts; allowed: up to /30"},
    {"ForwardToNobody",
     {"nat.carrier.forward=udp:500:alice"},
     "nat.carrier.forward: leads udp:500 to 'alice', which is not in its network 100.64.0.0/24; "
     "allowed: who says behind = carrier"},
    {"ForwardTwice",
     {"nat.carrier.forward=udp:500:home, udp:500:home:501"},
     "nat.carrier.forward: leads udp:500 twice; allowed: each port once"},
    {"ForwardWithoutName",
     {"nat.carrier.forward=udp:500"},
     "nat.carrier.forward: 'udp:500' is no forwarding; allowed: PROTOCOL:PORT:NAME or "
     "PROTOCOL:PORT:NAME:PORT, such as udp:500:hub"},
    {"ForwardOfEsp",
     {"nat.carrier.forward=esp:500:home"},
     "nat.carrier.forward: 'esp' is not known; allowed: udp, tcp"},
    {"UnknownMapping",
     {"nat.home.mapping=symmetric"},
     "nat.home.mapping: 'symmetric' is not known; allowed: endpoint-independent, "
     "address-dependent, address-and-port-dependent"},
    {"TimeoutOfZero",
     {"nat.home.udp-timeout=0s"},
     "nat.home.udp-timeout: '0s' is zero; allowed: more than 0s"},
    {"RangeThatEndsBeforeItBegins",
     {"nat.home.port-range=2000 - 1000"},
     "nat.home.port-range: '2000 - 1000' ends before it begins; allowed: the lower port first"},
    {"RebootOfAGateway",
     {"event.up.target=hub"},
     "event.up.target: there is no nat 'hub'; allowed: all, random, carrier, home, home-2"},
    {"NewAddressOfAll",
     {"event.moved.target=all"},
     "event.moved.target: there is no nat 'all'; allowed: carrier, home, home-2"},
    {"NewAddressInItsOwnLan",
     {"event.moved.address=100.64.0.3"},
     "event.moved.address: '100.64.0.3' lies in its own lan 100.64.0.0/24; allowed: an address "
     "outside"},
    {"NewAddressOfAnother",
     {"event.moved.address=198.51.100.1"},
     "event.moved.address: '198.51.100.1' is in use at 'hub'; allowed: an address of its own"},
    {"NewAddressOutsideOfTheLanAbove",
     {"event.moved.target=home", "event.moved.address=203.0.113.2"},
     "event.moved.address: '203.0.113.2' is no host address of 100.64.0.0/24 of nat 'carrier'; "
     "allowed: one of 100.64.0.0/24 that nobody else has"},
    {"NewAddressForAllInTheLanAbove",
     {"event.moved.target=home", "event.moved.address=100.64.0.255"},
     "event.moved.address: '100.64.0.255' is no host address of 100.64.0.0/24 of nat 'carrier'; "
     "allowed: one of 100.64.0.0/24 that nobody else has"},
    {"NewAddressThatIsGivenAway",
     {"nat.carrier.dhcp=100.64.0.64/26",
      "event.moved.target=home",
      "event.moved.address=100.64.0.100"},
     "event.moved.address: '100.64.0.100' is in use at 'nat.carrier.dhcp'; allowed: an address of "
     "its own"},
    {"ExpectationOfUnknownNat",
     {"expect.one.that=nat hotel mappings = 1"},
     "expect.one.that: 'nat hotel mappings = 1' speaks of nat 'hotel', which is not there; "
     "allowed: carrier, home, home-2"},
    {"UnknownReasonOfANat",
     {"expect.one.that=nat home drops Lost = 1"},
     "expect.one.that: 'Lost' is not known; allowed: Malformed, Unsupported, BadQuotation, "
     "NoMapping, Filtered, NoOutsideAddress, NoPort, MappingLimit, HostLimit, SessionLimit, "
     "OwnPort, HairpinOff, EspOff, EspBusy, IkeBusy, FragmentLimit, FragmentTimeout, TooBig, "
     "Bypass, Down"},
    {"SilenceOfNothing",
     {"expect.one.that=longest silence of ping <= 1s"},
     "expect.one.that: 'longest silence of ping <= 1s' speaks of traffic 'ping', which is not "
     "there; allowed: none, there is no such section, or a [branches] with traffic"},
    {"ClientsBehindNothing",
     {"clients.user.behind=hotel"},
     "clients.user.behind: there is no nat 'hotel'; allowed: the name of a [nat]"},
    {"ClientsOfNobody",
     {"clients.user.hub=office"},
     "clients.user.hub: there is no gateway 'office'; allowed: the name of a [gateway]"},
    {"MoreNatsThanClients",
     {"clients.user.nats=5"},
     "clients.user.nats: are 5, but there are 4 clients; allowed: one for each at most"},
    {"ClientsWithTwoPlaces",
     {"clients.user.addresses=203.0.113.64/27"},
     "clients.user.addresses: is there, but a NAT gives clients theirs; allowed: addresses in the "
     "internet, or behind = NAT"},
};

INSTANTIATE_TEST_SUITE_P(All,
                         NatMistake,
                         testing::ValuesIn(MISTAKES),
                         [](const testing::TestParamInfo<Mistake>& info)
                         { return info.param.name; });

TEST(NatMistakes, GatewaysAndClientsWithoutANatNeedAnAddress)
{
    EXPECT_EQ(Refusal({}, "[client bob]\nid = bob@example.com\n"),
              "x.ini:41: client.bob.address: is missing; write address = ADDRESS");
    EXPECT_EQ(Refusal({}, "[gateway shop]\nlan = 10.3.0.0/24\n"),
              "x.ini:41: gateway.shop.address: is missing; write address = ADDRESS");
}

TEST(NatMistakes, GatewayBehindANatHasAnotherLan)
{
    EXPECT_EQ(
        Refusal({}, "[gateway shop]\nbehind = home\nlan = 192.168.1.64/26\n"),
        "x.ini:43: gateway.shop.lan: '192.168.1.64/26' overlaps 192.168.1.0/24 of nat 'home', "
        "which it is behind; allowed: networks apart");
}

TEST(NatMistakes, ManualKeysDoNotCrossANat)
{
    const std::string refusal =
        Refusal({},
                "[gateway shop]\nbehind = home\nlan = 10.3.0.0/24\n[tunnel shop]\nbetween = shop, "
                "hub\nkeying = manual\nphase2-proposals = nopfs-esp-aes128-sha\n");
    EXPECT_EQ(refusal,
              "x.ini:46: tunnel.shop.keying: is manual, but a NAT is between 'shop' and 'hub', "
              "which only IKE finds out; allowed: ike");
}

TEST(NatMistakes, NobodyCallsAHubWhoseNatForwardsNothing)
{
    EXPECT_EQ(Refusal({},
                      "[gateway shop]\nbehind = home\nlan = 10.3.0.0/24\n[client bob]\naddress = "
                      "192.0.2.7\n[tunnel bob]\nbetween = bob, shop\n"),
              "x.ini:47: tunnel.bob.between: neither end can call the other one: 'shop' is behind "
              "nat home, carrier, which does not lead there; write forward = udp:500:shop, "
              "udp:4500:shop in [nat home], and the like above it");
}

TEST(NatMistakes, NamesOfNatsAreTheirOwn)
{
    EXPECT_EQ(Refusal({}, "[nat alice]\naddress = 203.0.113.9\nlan = 192.168.9.0/24\n"),
              "x.ini:41: nat.alice: has the name of a gateway, client or host; allowed: a name of "
              "its own");
}

TEST(NatMistakes, UsersWithAPreSharedKeyNeedAggressiveMode)
{
    EXPECT_EQ(Refusal({"clients.user.mode=main"}),
              "x.ini:1: gateway.hub: peer 'user-1': a dial-up user with a pre-shared key needs "
              "aggressive mode; main mode would look for the key by an address that nobody knows "
              "beforehand");
}

TEST(NatMistakes, SiteThatCallsFromBehindANatNeedsAName)
{
    EXPECT_EQ(
        Refusal({},
                "[gateway shop]\nbehind = home\nlan = 10.3.0.0/24\n[tunnel shop]\n"
                "between = shop, hub\npre-shared-key = secret\n"),
        "x.ini:1: gateway.hub: peer 'shop': the remote ID is the address 192.168.1.2, but the "
        "peer's address is dynamic; name a site by a domain, a user at a domain, a key ID or "
        "a distinguished name");
}

TEST(NatMistakes, FullLanIsRefused)
{
    EXPECT_EQ(
        Refusal({"nat.home.lan=192.168.1.0/28", "clients.user.count=40"}),
        "x.ini:24: clients.user: there is no free address left in 192.168.1.0/28 of nat 'home'");
}

// A client's link into a LAN loses nothing of what the internet loses.
TEST(NatNetwork, LinkBehindANatIsPlainUnlessItSaysSo)
{
    const Scenario scenario =
        ReadScenarioText(std::string("[internet]\nloss = 10%\njitter = 3ms\n") + BASE, "x.ini", {});
    EXPECT_EQ(scenario.FindGateway("alice")->link.loss, 0);
    EXPECT_EQ(scenario.FindNat("home")->link.jitter, Duration::zero());
    EXPECT_EQ(scenario.FindNat("carrier")->link.loss, 0.1);
}

TEST(NatNetwork, ClientsAreSpreadOverNats)
{
    const Scenario scenario = ReadScenarioText(BASE, "x.ini", {});
    EXPECT_EQ(scenario.FindGateway("user-1")->behind, "home");
    EXPECT_EQ(scenario.FindGateway("user-2")->behind, "home-2");
    EXPECT_EQ(scenario.FindGateway("user-3")->behind, "home");
    EXPECT_EQ(scenario.FindNat("home-2")->address.ToString(), "100.64.0.10");
    EXPECT_EQ(scenario.FindGateway("user-2")->address.ToString(), "192.168.1.2");
    EXPECT_EQ(scenario.FindGateway("user-4")->address.ToString(), "192.168.1.3");
    EXPECT_EQ(scenario.FindGateway("user-4")->id->ToString(), "user-4@example.com");
}

} // namespace
