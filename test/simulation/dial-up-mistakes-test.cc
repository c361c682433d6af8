// SPDX-License-Identifier: GPL-2.0-only
// What is said about mistakes in clients that dial up, in their events and expectations.
#include "scenario-refusal.h"

#include <gtest/gtest.h>

namespace
{

using namespace ns3::ipsec;

const char BASE[] = "[simulation]\n"                         // line 1
                    "stop = 60s\n"                           // 2
                    "[internet]\n"                           // 3
                    "dhcp = 198.18.0.0/24\n"                 // 4
                    "[gateway hub]\n"                        // 5
                    "address = 198.51.100.1\n"               // 6
                    "lan = 10.2.0.0/24\n"                    // 7
                    "[nat home]\n"                           // 8
                    "address = 203.0.113.1\n"                // 9
                    "lan = 192.168.1.0/24\n"                 // 10
                    "[client alice]\n"                       // 11
                    "behind = home\n"                        // 12
                    "address = dhcp\n"                       // 13
                    "id = alice@example.com\n"               // 14
                    "[client bob]\n"                         // 15
                    "behind = home\n"                        // 16
                    "address = 192.168.1.7\n"                // 17
                    "dial-up = true\n"                       // 18
                    "id = bob@example.com\n"                 // 19
                    "[client carol]\n"                       // 20
                    "behind = home\n"                        // 21
                    "id = carol@example.com\n"               // 22
                    "[tunnel alice]\n"                       // 23
                    "between = alice, hub\n"                 // 24
                    "mode = aggressive\n"                    // 25
                    "pre-shared-key = secret\n"              // 26
                    "phase1-proposals = pre-g2-aes128-sha\n" // 27
                    "[tunnel bob]\n"                         // 28
                    "between = bob, hub\n"                   // 29
                    "mode = aggressive\n"                    // 30
                    "pre-shared-key = secret\n"              // 31
                    "phase1-proposals = pre-g2-aes128-sha\n" // 32
                    "[tunnel carol]\n"                       // 33
                    "between = carol, hub\n"                 // 34
                    "mode = aggressive\n"                    // 35
                    "pre-shared-key = secret\n"              // 36
                    "phase1-proposals = pre-g2-aes128-sha\n" // 37
                    "[clients user]\n"                       // 38
                    "count = 4\n"                            // 39
                    "hub = hub\n"                            // 40
                    "addresses = dhcp\n"                     // 41
                    "phase1-proposals = pre-g2-aes128-sha\n" // 42
                    "[event away]\n"                         // 43
                    "kind = roam\n"                          // 44
                    "target = alice\n"                       // 45
                    "to = internet\n"                        // 46
                    "at = 1s\n"                              // 47
                    "[event moved]\n"                        // 48
                    "kind = roam\n"                          // 49
                    "target = bob\n"                         // 50
                    "to = internet\n"                        // 51
                    "address = 192.0.2.9\n"                  // 52
                    "at = 1s\n"                              // 53
                    "[event on]\n"                           // 54
                    "kind = connect\n"                       // 55
                    "target = all\n"                         // 56
                    "at = 2s\n"                              // 57
                    "[expect one]\n"                         // 58
                    "that = connects alice >= 0\n";          // 59

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

class DialUpMistake : public testing::TestWithParam<Mistake>
{
};

TEST(DialUpMistakes, BaseHasNone)
{
    EXPECT_EQ(ScenarioRefusal(BASE), "");
}

TEST_P(DialUpMistake, GivesOneLineWithKeyReasonAndWhatIsAllowed)
{
    const std::string line = ScenarioRefusal(BASE, GetParam().options);
    EXPECT_EQ(line.substr(std::min(line.size(), line.find(": ") + 2)), GetParam().message);
}

const Mistake MISTAKES[] = {
    {"AddressIsNoWord",
     {"client.alice.address=nothing"},
     "client.alice.address: 'nothing' is not an IPv4 address such as 192.0.2.1"},
    {"NobodyGivesAnAddress",
     {"internet.dhcp=198.18.0.0/30"},
     "internet.dhcp: '198.18.0.0/30' is no network for a DHCP server; allowed: a unicast prefix "
     "from /16 to /29"},
    {"AccessOverlapsAGateway",
     {"internet.dhcp=10.2.0.0/16"},
     "internet.dhcp: '10.2.0.0/16' overlaps 'hub'; allowed: a network apart from all others"},
    {"AccessOverlapsANat",
     {"internet.dhcp=203.0.113.0/24"},
     "internet.dhcp: '203.0.113.0/24' overlaps 'home'; allowed: a network apart from all others"},
    {"AccessHoldsARouter",
     {"internet.dhcp=192.0.0.0/24"},
     "internet.dhcp: '192.0.0.0/24' holds 192.0.0.8, which is that of a router of the internet; "
     "allowed: a network without it"},
    {"NetworkIsTooSmallForDhcp",
     {"nat.home.lan=192.168.1.4/30", "client.bob.address=192.168.1.6"},
     "nat.home.lan: '192.168.1.4/30' has no room for addresses that are given by DHCP; allowed: up "
     "to /29"},
    {"LeaseIsTooShortToBeRenewed",
     {"nat.home.dhcp-lease=3s"},
     "nat.home.dhcp-lease: is too short; allowed: 4s to 10 years"},
    {"AccessLeaseIsTooShortToBeRenewed",
     {"internet.dhcp-lease=1s"},
     "internet.dhcp-lease: is too short; allowed: 4s to 10 years"},
    {"AccessIsTooLarge",
     {"internet.dhcp=16.0.0.0/4"},
     "internet.dhcp: '16.0.0.0/4' is no network for a DHCP server; allowed: a unicast prefix from "
     "/16 to /29"},
    {"RangeIsTooLarge",
     {"nat.home.lan=10.0.0.0/8", "client.bob.address=10.0.0.7"},
     "nat.home.dhcp: '10.128.0.0 - 10.255.255.254' are more addresses than a DHCP server keeps; "
     "allowed: up to 65536"},
    {"AwayForNoTime",
     {"client.alice.away=0s"},
     "client.alice.away: '0s' is too short; allowed: 1ms or more"},
    {"AwayPerhapsForNoTime",
     {"client.alice.away=uniform 0s..3s"},
     "client.alice.away: 'uniform 0s..3s' is too short; allowed: 1ms or more"},
    {"ClearPacketsOfAClient",
     {"expect.one.that=clear-packets alice = 0"},
     "expect.one.that: 'clear-packets alice = 0' speaks of gateway with rules from the start "
     "'alice', which is not there; allowed: hub, carol"},
    {"LeaseIsTooShort",
     {"nat.home.dhcp-lease=0s"},
     "nat.home.dhcp-lease: '0s' is too short; allowed: 1s to 10 years"},
    {"AccessLeaseIsTooShort",
     {"internet.dhcp-lease=0s"},
     "internet.dhcp-lease: '0s' is too short; allowed: 1s to 10 years"},
    {"RangeOutsideOfTheLan",
     {"nat.home.dhcp=192.168.2.0/24"},
     "nat.home.dhcp: '192.168.2.1 - 192.168.2.254' are not two or more addresses of hosts in its "
     "lan 192.168.1.0/24; allowed: from 192.168.1.2 to 192.168.1.254"},
    {"RangeHoldsTheNat",
     {"nat.home.dhcp=192.168.1.1 - 192.168.1.9"},
     "nat.home.dhcp: '192.168.1.1 - 192.168.1.9' are not two or more addresses of hosts in its lan "
     "192.168.1.0/24; allowed: from 192.168.1.2 to 192.168.1.254"},
    {"RangeOfOneAddress",
     {"nat.home.dhcp=192.168.1.9 - 192.168.1.9"},
     "nat.home.dhcp: '192.168.1.9 - 192.168.1.9' are less than two addresses; allowed: FIRST - "
     "LAST"},
    {"AddressThatIsGivenToOthers",
     {"client.bob.address=192.168.1.200"},
     "client.bob.address: '192.168.1.200' is one that nat 'home' gives to others (dhcp "
     "192.168.1.128 - 192.168.1.254); allowed: another one of 192.168.1.0/24"},
    {"DhcpWithoutDialUp",
     {"client.alice.dial-up=false"},
     "client.alice.dial-up: is false, but address = dhcp is for clients that dial up; allowed: "
     "true"},
    {"DialUpIsNoFlag",
     {"client.bob.dial-up=maybe"},
     "client.bob.dial-up: 'maybe' is not known; allowed: true, false"},
    {"KeyOfClientsThatDialUp",
     {"client.carol.holding=10s"},
     "client.carol.holding: is for clients that dial up; write dial-up = true, or address = dhcp"},
    {"ReconnectOfAClientThatDoesNot",
     {"client.carol.reconnect=true"},
     "client.carol.reconnect: is for clients that dial up; write dial-up = true, or address = "
     "dhcp"},
    {"ArrivalIsNoDraw",
     {"client.alice.arrival=normal 5s"},
     "client.alice.arrival: 'normal 5s' is no time to draw; allowed: TIME, uniform TIME..TIME, "
     "exponential MEAN, and in [clients] poisson GAP, every GAP"},
    {"HoldingIsNoDraw",
     {"client.alice.holding=poisson 5s"},
     "client.alice.holding: 'poisson 5s' is no time to draw; allowed: TIME, uniform TIME..TIME, "
     "exponential MEAN"},
    {"UniformBackwards",
     {"client.alice.away=uniform 9s..3s"},
     "client.alice.away: 'uniform 9s..3s' ends before it begins; allowed: the shorter time first"},
    {"MeanOfZero",
     {"client.alice.holding=exponential 0s"},
     "client.alice.holding: '0s' is too short; allowed: 1ms or more"},
    {"ArrivalOfManyForOne",
     {"client.alice.arrival=poisson 5s"},
     "client.alice.arrival: is the time from one client to the next, but there is one; allowed: "
     "TIME, uniform TIME..TIME, exponential MEAN"},
    {"BackOffOfZero",
     {"client.alice.back-off=0s"},
     "client.alice.back-off: '0s' is too short; allowed: 1ms or more"},
    {"BackOffAboveTheLongest",
     {"client.alice.longest-back-off=2s"},
     "client.alice.longest-back-off: makes the first pause longer than the longest one; allowed: "
     "back-off up to longest-back-off"},
    {"FactorBelowOne",
     {"client.alice.back-off-factor=0.5"},
     "client.alice.back-off-factor: '0.5' is not a number from 1 to 100, such as 1.8"},
    {"JitterAboveAll",
     {"client.alice.back-off-jitter=101%"},
     "client.alice.back-off-jitter: '101%' is more than everything; allowed: 0% to 100%"},
    {"NoTries",
     {"client.alice.refusal-tries=0"},
     "client.alice.refusal-tries: '0' is not a number from 1 to 1000000"},
    {"NoTunnel",
     {"tunnel.bob.between=carol, hub"},
     "client.bob: dials up, but there is no tunnel to its gateway; write a [tunnel NAME] with "
     "between = bob, GATEWAY"},
    {"NoName",
     {"client.alice.id=192.168.1.9", "tunnel.alice.keying=manual"},
     "tunnel.alice.keying: is manual, but 'alice' dials up; allowed: ike"},
    {"RouteBased",
     {"tunnel.alice.vpn=route"},
     "tunnel.alice.vpn: is route, but 'alice' dials up; allowed: policy"},
    {"KeptUpByTheDaemon",
     {"tunnel.alice.alice.keep-up=true"},
     "tunnel.alice.alice.keep-up: is for gateways, but 'alice' dials up and comes back by itself; "
     "allowed: false, and reconnect in [client NAME]"},
    {"StartedByTraffic",
     {"tunnel.alice.start=traffic"},
     "tunnel.alice.start: is traffic, but 'alice' dials up whether there is traffic or not; "
     "allowed: auto, hand"},
    {"TwoBeginnings",
     {"tunnel.alice.start-at=5s", "client.alice.arrival=5s"},
     "client.alice.arrival: says when it connects, and so does start-at; allowed: one of both"},
    {"SideOfTheClient",
     {"tunnel.alice.proxy-id=192.168.1.0/24, 10.2.0.0/24"},
     "tunnel.alice.proxy-id: has 192.168.1.0/24 for the side of 'alice', which dials up and whose "
     "side is its address, whichever that is; write 0.0.0.0/0 for it"},
    {"EventOfAClientThatDoesNot",
     {"event.on.target=carol"},
     "event.on.target: 'carol' is a client that does not dial up; allowed: all, random, alice, "
     "bob, user"},
    {"EventOfAGateway",
     {"event.on.target=hub"},
     "event.on.target: there is no client 'hub' that dials up; allowed: all, random, alice, bob, "
     "user"},
    {"RoamsNowhere",
     {"event.away.to=hotel"},
     "event.away.to: there is no nat 'hotel'; allowed: internet, home"},
    {"PlaceOfAnotherKind",
     {"event.on.to=home"},
     "event.on.to: says nothing of connect; allowed with: roam"},
    {"TimeOfAnotherKind",
     {"event.on.for=1s"},
     "event.on.for: says nothing of connect; allowed with: link-down, link, lose, partition, "
     "crash, stop, address-change, nat-reboot, nat-address, roam"},
    {"AddressOfADhcpClient",
     {"event.away.address=192.0.2.7"},
     "event.away.address: is there, but 'alice' gets its address by DHCP; allowed: no address"},
    {"AddressOfANetworkElsewhere",
     {"event.moved.to=home"},
     "event.moved.address: '192.0.2.9' is no host address of 192.168.1.0/24 of nat 'home'; "
     "allowed: one of 192.168.1.0/24 that nobody else has"},
    {"AddressOfTheServer",
     {"event.moved.to=home", "event.moved.address=192.168.1.130"},
     "event.moved.address: '192.168.1.130' is in use at 'nat.home.dhcp'; allowed: an address of "
     "its "
     "own"},
    {"AddressOfTheHub",
     {"event.moved.address=198.51.100.1"},
     "event.moved.address: '198.51.100.1' is in use at 'hub'; allowed: an address of its own"},
    {"AddressOfARouter",
     {"event.moved.address=192.0.0.9"},
     "event.moved.address: '192.0.0.9' is in use at 'internet'; allowed: an address of its own"},
    {"AddressOfTheNat",
     {"event.moved.address=203.0.113.1"},
     "event.moved.address: '203.0.113.1' is in use at 'home'; allowed: an address of its own"},
    {"AddressOfTheAccess",
     {"event.moved.address=198.18.0.9"},
     "event.moved.address: '198.18.0.9' is in use at 'internet.dhcp'; allowed: an address of its "
     "own"},
    {"AddressOfNobody",
     {"event.moved.address=224.0.0.1"},
     "event.moved.address: '224.0.0.1' is no address of a host; allowed: unicast"},
    {"SeveralWithOneAddress",
     {"event.moved.target=all"},
     "event.moved.target: are several clients, each of which needs another address there; allowed: "
     "one, or clients with address = dhcp"},
    {"ExpectedOfAClientThatDoesNot",
     {"expect.one.that=connects carol >= 1"},
     "expect.one.that: 'connects carol >= 1' speaks of client that dials up 'carol', which is not "
     "there; allowed: alice, bob, user"},
    {"ExpectedForNoReason",
     {"expect.one.that=connect-failures alice Sorrow = 0"},
     "expect.one.that: 'Sorrow' is not a reason; allowed: names such as NoProposalChosen, "
     "ProxyIdMismatch, Undecryptable, NegotiationTimeout"},
    {"ExpectedShare",
     {"expect.one.that=tunnel-losses alice <= 5%"},
     "expect.one.that: '5%' is no count; allowed: a number"},
    {"ExpectedTimeIsNone",
     {"expect.one.that=longest gap of alice <= 5"},
     "expect.one.that: '5' is not a time; allowed: a number with ns, us, ms, s, min, h or d, such "
     "as 20ms"},
};

INSTANTIATE_TEST_SUITE_P(All,
                         DialUpMistake,
                         testing::ValuesIn(MISTAKES),
                         [](const testing::TestParamInfo<Mistake>& info)
                         { return std::string(info.param.name); });

/// What stands in more sections than the base has.
struct Addition
{
    const char* name;
    std::string lines;
    /// Without its place; nothing if all is well.
    const char* message;
};

void
PrintTo(const Addition& addition, std::ostream* out)
{
    *out << addition.name;
}

class DialUpAddition : public testing::TestWithParam<Addition>
{
};

TEST_P(DialUpAddition, IsComparedWithWhatIsThere)
{
    const std::string line = ScenarioRefusal(std::string(BASE) + GetParam().lines);
    const size_t place = line.find(": ");
    EXPECT_EQ(place == std::string::npos ? line : line.substr(place + 2), GetParam().message);
}

/// A hub behind the NAT office, a client in that LAN or elsewhere, and where the client roams to.
std::string
HubBehindANat(const std::string& behind, const std::string& to, const std::string& ofNat = "")
{
    return "[nat office]\naddress = 203.0.113.2\nlan = 10.20.0.0/24\nforward = udp:500:dave-hub, "
           "udp:4500:dave-hub\n" +
           ofNat +
           "[gateway dave-hub]\nbehind = office\naddress = 10.20.0.2\nlan = 10.30.0.0/24\n" +
           "[client dave]\n" + (behind.empty() ? "" : "behind = " + behind + "\n") +
           "address = dhcp\nid = dave@example.com\n[tunnel dave]\nbetween = dave, dave-hub\n" +
           "mode = aggressive\npre-shared-key = secret\nphase1-proposals = pre-g2-aes128-sha\n" +
           "[event out]\nkind = roam\ntarget = dave\nto = " + to + "\nat = 3s\n";
}

const Addition ADDITIONS[] = {
    {"NewAddressOfTheHub",
     "[event hub]\nkind = address-change\ntarget = hub\naddress = 192.0.2.9\nat = 5s\n",
     "event.hub.address: '192.0.2.9' is in use at 'bob'; allowed: an address of its own"},
    {"NewAddressOfTheNat",
     "[event nat]\nkind = nat-address\ntarget = home\naddress = 192.0.2.9\nat = 5s\n",
     "event.nat.address: '192.0.2.9' is in use at 'bob'; allowed: an address of its own"},
    {"ChangeOfTheHubToWhereAClientRoams",
     "[event hub]\nkind = address-change\ntarget = hub\naddress = 198.18.0.1\nat = 5s\n",
     "event.hub.address: '198.18.0.1' is in use at 'internet.dhcp'; allowed: an address of its "
     "own"},
    {"TheOnlyOneOfAllComesHome",
     "[gateway b]\naddress = 198.51.100.2\nlan = 10.3.0.0/24\n"
     "[event back]\nkind = roam\ntarget = bob\nto = home\naddress = 192.168.1.7\nat = 9s\n",
     ""},
    {"GatewayAtTheAddressOfARouter",
     "[gateway b]\naddress = 192.0.0.8\nlan = 10.3.0.0/24\n",
     "gateway.b.address: '192.0.0.8' is that of a router of the internet; allowed: any but "
     "192.0.0.8 and 192.0.0.9"},
    {"PeerOutsideInTheAccess",
     "[tunnel out]\nbetween = hub\nexternal-address = 198.18.0.77\n"
     "external-lan = 10.9.0.0/24\npre-shared-key = secret\n",
     "internet.dhcp: '198.18.0.0/24' overlaps what is outside of tunnel 'out' (external-address, "
     "external-lan); allowed: a network apart from all others"},
    {"AddressThatAnotherOneHadBefore",
     "[event first]\nkind = address-change\ntarget = hub\naddress = 192.0.2.8\nat = 5s\nfor = 5s\n"
     "[event then]\nkind = nat-address\ntarget = home\naddress = 192.0.2.8\nat = 10s\n",
     ""},
    {"AddressThatAnotherOneStillHas",
     "[event first]\nkind = address-change\ntarget = hub\naddress = 192.0.2.8\nat = 5s\nfor = 6s\n"
     "[event then]\nkind = nat-address\ntarget = home\naddress = 192.0.2.8\nat = 10s\n",
     "event.first.address: '192.0.2.8' is in use at 'home'; allowed: an address of its own"},
    {"NobodyCallsWhereBothWait",
     "[gateway b]\naddress = 198.51.100.2\nlan = 10.3.0.0/24\n"
     "[tunnel b]\nbetween = hub, b\npre-shared-key = secret\npeer-address = any\n",
     "tunnel.b.peer-address: is any, so 'hub' waits to be called, but the other end cannot call "
     "either; allowed: any at an end that the other one can call"},
    {"ToTheNatOfTheHub", HubBehindANat("", "office"), ""},
    {"ToTheNatOfTheHubWithoutHairpins",
     HubBehindANat("", "office", "hairpinning = false\n"),
     "event.out.to: 'office' has 'dave-hub' at 10.20.0.2, but 'dave' knows it at 203.0.113.2, and "
     "nat 'office' has hairpinning = false; allowed: networks from which that address leads to "
     "'dave-hub'"},
    {"AwayFromTheNatOfTheHub",
     HubBehindANat("office", "internet"),
     "event.out.to: 'internet' has 'dave-hub' at 203.0.113.2, but 'dave' knows it at 10.20.0.2, "
     "which is a private address of another network; allowed: networks from which that address "
     "leads to 'dave-hub'"},
};

INSTANTIATE_TEST_SUITE_P(All,
                         DialUpAddition,
                         testing::ValuesIn(ADDITIONS),
                         [](const testing::TestParamInfo<Addition>& info)
                         { return std::string(info.param.name); });

/// What is missing cannot be said on the command line.
struct Missing
{
    const char* name;
    /// Taken out of the base.
    const char* line;
    const char* message;
};

void
PrintTo(const Missing& missing, std::ostream* out)
{
    *out << missing.name;
}

class DialUpOmission : public testing::TestWithParam<Missing>
{
};

TEST_P(DialUpOmission, IsNamedWithWhatToWrite)
{
    std::string text = BASE;
    const size_t at = text.find(GetParam().line);
    ASSERT_NE(at, std::string::npos);
    EXPECT_EQ(ScenarioRefusal(text.erase(at, std::string(GetParam().line).size())),
              GetParam().message);
}

const Missing OMISSIONS[] = {
    {"Name",
     "id = alice@example.com\n",
     "x.ini:11: client.alice.id: is missing; a client that dials up has no address for good, so it "
     "needs a name: write id = IDENTITY, such as alice@example.com"},
    {"Place", "to = internet\n", "x.ini:43: event.away.to: is missing; roam needs it"},
    {"Address",
     "address = 192.0.2.9\n",
     "x.ini:48: event.moved.address: is missing; 'bob' needs it where it roams to, or write "
     "address = dhcp in its section"},
    {"Access",
     "[internet]\ndhcp = 198.18.0.0/24\n",
     "x.ini:39: clients.user.addresses: is dhcp, but nobody in the internet gives addresses; write "
     "dhcp = PREFIX in [internet], or behind = NAT"},
};

INSTANTIATE_TEST_SUITE_P(All,
                         DialUpOmission,
                         testing::ValuesIn(OMISSIONS),
                         [](const testing::TestParamInfo<Missing>& info)
                         { return std::string(info.param.name); });

} // namespace
