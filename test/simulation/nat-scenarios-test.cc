// SPDX-License-Identifier: GPL-2.0-only
// NATs in scenarios: the cases that break VPNs where they are deployed.
#include "ns3/ipsec-report-json.h"
#include "ns3/ipsec-scenario-reader.h"
#include "ns3/ipsec-scenario-runner.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <set>

namespace
{

using namespace ns3::ipsec;

/// A hub with a server, and a pool of addresses for clients.
const char OFFICE[] = "[internet]\n"
                      "delay = 20ms\n"
                      "[gateway hub]\n"
                      "address = 198.51.100.1\n"
                      "lan = 10.2.0.0/24\n"
                      "[host server]\n"
                      "behind = hub\n"
                      "[pool office]\n"
                      "addresses = 10.2.4.0/22\n";

std::string
Nat(const std::string& name, const std::string& address, const std::string& more = "")
{
    return "[nat " + name + "]\naddress = " + address + "\nlan = 192.168.1.0/24\n" + more;
}

/// A client that asks for an address of the pool, and pings the server.
std::string
Client(const std::string& name, const std::string& nat, const std::string& more = "")
{
    return "[client " + name + "]\nbehind = " + nat + "\nid = " + name + "@example.com\n[tunnel " +
           name + "]\nbetween = " + name + ", hub\nmode = aggressive\npre-shared-key = key-of-" +
           name + "\nphase1-proposals = pre-g14-aes128-sha256\n" +
           "phase2-proposals = nopfs-esp-aes128-sha256\nmode-config = pull\npool = office\n" +
           "start = auto\n" + more;
}

std::string
Ping(const std::string& from, const std::string& more = "count = 5\nstart = 5s\n")
{
    return "[traffic of-" + from + "]\nfrom = " + from + "\nto = server\n" + more;
}

RunRecord
RunText(const std::string& text, const std::vector<std::string>& options = {})
{
    return RunScenario(ReadScenarioText(text, "nat.ini", options));
}

/// Returns how many answers a client got.
uint64_t
Answers(const RunRecord& record, const std::string& client)
{
    for (const TrafficRecord& traffic : record.traffic)
    {
        if (traffic.name == "of-" + client)
        {
            return traffic.received;
        }
    }
    return 0;
}

double
SilenceOf(const RunRecord& record, const std::string& client)
{
    for (const TrafficRecord& traffic : record.traffic)
    {
        if (traffic.name == "of-" + client)
        {
            return std::chrono::duration<double>(traffic.longestSilence.value()).count();
        }
    }
    return -1;
}

uint64_t
DropsAt(const RunRecord& record, const std::string& node, Fault fault)
{
    const auto& counts = record.FindNode(node)->dropCounts;
    const auto found = counts.find(fault);
    return found == counts.end() ? 0 : found->second;
}

TEST(NatScenario, TwoClientsBehindOneNatAreToldApart)
{
    const RunRecord record =
        RunText(std::string(OFFICE) + Nat("home", "203.0.113.1") + Client("alice", "home") +
                Client("bob", "home") + Ping("alice") + Ping("bob"));
    for (const char* name : {"alice", "bob"})
    {
        EXPECT_TRUE(record.TunnelUpAt(name)) << name;
        EXPECT_EQ(Answers(record, name), 5u) << name;
        EXPECT_EQ(record.FindNode(name)->nats, std::vector<std::string>{"home"});
    }
    std::vector<std::string> peers;
    for (const IkeSaRecord& sa : record.FindNode("hub")->ikeSas)
    {
        peers.push_back(sa.peer);
        EXPECT_EQ(sa.info.remote.address.ToString(), "203.0.113.1");
        EXPECT_TRUE(sa.info.natTraversal);
    }
    std::sort(peers.begin(), peers.end());
    EXPECT_EQ(peers, (std::vector<std::string>{"alice", "bob"}));
}

TEST(NatScenario, EveryMessageArrivesInTheLadderUnderItsSendersName)
{
    const RunRecord record = RunText(std::string(OFFICE) + Nat("home", "203.0.113.1") +
                                     Client("alice", "home") + Client("bob", "home"));
    EXPECT_EQ(record.LostMessageCount(), 0u);
    for (const MessageRecord& message : record.messages)
    {
        EXPECT_FALSE(message.isNetworkCopy);
        EXPECT_FALSE(message.toOutside || message.fromOutside);
        ASSERT_TRUE(message.seenFrom);
        if (message.from != "hub")
        {
            EXPECT_EQ(message.seenFrom->address.ToString(), "203.0.113.1");
            EXPECT_EQ(message.source.address.ToString().rfind("192.168.1.", 0), 0u);
        }
    }
}

TEST(NatScenario, FiftyClientsWithOneInnerAddressAreToldApart)
{
    std::string text = OFFICE;
    constexpr int CLIENTS = 50;
    for (int i = 1; i <= CLIENTS; i++)
    {
        const std::string number = std::to_string(i);
        text += Nat("home" + number, "203.0.113." + number) +
                Client("user" + number, "home" + number, "start-at = " + number + "0ms\n") +
                Ping("user" + number);
    }
    const RunRecord record = RunText(text);
    for (int i = 1; i <= CLIENTS; i++)
    {
        const std::string name = "user" + std::to_string(i);
        EXPECT_EQ(record.FindNode(name)->address.ToString(), "192.168.1.2");
        EXPECT_EQ(Answers(record, name), 5u) << name;
    }
}

// Two homes behind one carrier: the same inner address, and the same outer one.
TEST(NatScenario, ClientsWithOneInnerAndOneOuterAddressAreToldApart)
{
    const std::string carrier =
        "[nat carrier]\naddress = 203.0.113.1\nlan = 100.64.0.0/10\nports = random\n";
    const RunRecord record =
        RunText(std::string(OFFICE) + carrier + Nat("home1", "100.64.0.2", "behind = carrier\n") +
                Nat("home2", "100.64.0.3", "behind = carrier\n") + Client("alice", "home1") +
                Client("bob", "home2") + Ping("alice") + Ping("bob"));
    EXPECT_EQ(record.FindNode("alice")->address, record.FindNode("bob")->address);
    EXPECT_EQ(Answers(record, "alice"), 5u);
    EXPECT_EQ(Answers(record, "bob"), 5u);
    EXPECT_EQ(record.FindNode("alice")->nats, (std::vector<std::string>{"home1", "carrier"}));
    EXPECT_EQ(record.LostMessageCount(), 0u);
}

// RFC 3948 section 5.1: both say they are 192.168.1.2, and the hub could not tell whom to send to.
TEST(NatScenario, SecondClientWithTheSameSelectorIsRefusedAndTheFirstGoesOn)
{
    const auto client = [](const std::string& name, const std::string& nat, const char* at)
    {
        return "[client " + name + "]\nbehind = " + nat + "\nid = " + name +
               "@example.com\n[tunnel " + name + "]\nbetween = " + name +
               ", hub\nmode = aggressive\npre-shared-key = k\nphase1-proposals = "
               "pre-g14-aes128-sha256\nstart = auto\nstart-at = " +
               at + "\n";
    };
    const RunRecord record = RunText(std::string(OFFICE) + Nat("home1", "203.0.113.1") +
                                     Nat("home2", "203.0.113.2") + client("alice", "home1", "0s") +
                                     client("bob", "home2", "1s") + Ping("alice") + Ping("bob"));
    EXPECT_EQ(Answers(record, "alice"), 5u);
    EXPECT_EQ(Answers(record, "bob"), 0u);
    EXPECT_FALSE(record.TunnelUpAt("bob"));
    EXPECT_GE(DropsAt(record, "hub", Fault::SelectorConflict), 1u);
}

/// A NAT that reboots under a client; one end pings the other all the time.
std::string
Reboot(const std::string& nat, const std::string& fromAndTo, const std::string& tunnel = "")
{
    return std::string(OFFICE) + "[simulation]\nstop = 180s\n" + Nat("home", "203.0.113.1", nat) +
           Client("alice", "home", tunnel) + "[personality silent]\nbase = rfc\n" +
           "nat-keepalive = 0s\n[traffic of-alice]\n" + fromAndTo +
           "start = 5s\ncount = 170\nstop = 175s\n[event reboot]\nkind = nat-reboot\n" +
           "target = home\nat = 30s\nfor = 10s\n";
}

const char UPWARD[] = "from = alice\nto = server\n";
const char DOWNWARD[] = "from = server\nto = 10.2.4.1\n";

// What the client sends makes a new mapping, and the hub follows it.
TEST(NatScenario, NatRebootIsOverWithTheNextPacketOfTheClient)
{
    const RunRecord record = RunText(Reboot("ports = random\n", UPWARD));
    EXPECT_NEAR(SilenceOf(record, "alice"), 11, 1.1);
    EXPECT_GE(record.FindNode("hub")->moves.size(), 1u);
    EXPECT_GE(record.FindNat("home")->ended.at("Reboot"), 1u);
}

// Without a packet of the client nobody opens the NAT: what the server sends is lost.
TEST(NatScenario, NatRebootSilencesAnIdleClientUntilItsKeepalive)
{
    EXPECT_NEAR(SilenceOf(RunText(Reboot("", DOWNWARD)), "alice"), 21, 2);
    const std::vector<std::string> silent{"client.alice.personality=silent"};
    EXPECT_GT(SilenceOf(RunText(Reboot("", DOWNWARD), silent), "alice"), 120);
}

TEST(NatScenario, NatRebootSilencesAnIdleClientUntilItsDpd)
{
    const std::string dpd = "alice.dpd = periodic\nalice.dpd-delay = 30s\n";
    const std::vector<std::string> silent{"client.alice.personality=silent"};
    const RunRecord record = RunText(Reboot("ports = random\n", DOWNWARD, dpd), silent);
    EXPECT_NEAR(SilenceOf(record, "alice"), 31, 2);
}

// Covers the mapping that ends because the keepalive is longer than the timeout.
TEST(NatScenario, KeepaliveLongerThanTheTimeoutLosesTheClient)
{
    const auto text = [](const char* keepalive)
    {
        return std::string(OFFICE) + "[simulation]\nstop = 120s\n[personality own]\nbase = rfc\n" +
               "nat-keepalive = " + keepalive + "\n" +
               Nat("home", "203.0.113.1", "udp-timeout = 30s\n") + Client("alice", "home") +
               "[traffic of-alice]\nfrom = server\nto = 10.2.4.1\nstart = 50s\ncount = 3\n";
    };
    const std::vector<std::string> own{"client.alice.personality=own"};
    EXPECT_EQ(Answers(RunText(text("20s"), own), "alice"), 3u);
    const RunRecord lost = RunText(text("60s"), own);
    EXPECT_EQ(Answers(lost, "alice"), 0u);
    EXPECT_GE(lost.FindNat("home")->drops.at("NoMapping"), 3u);
}

TEST(NatScenario, PortsPreservedOrNotMakeNoDifference)
{
    for (const char* ports : {"ports = preserve\n",
                              "ports = sequential\nkeep-port-class = false\n",
                              "ports = random\nkeep-port-class = false\nkeep-parity = false\n",
                              "mapping = address-and-port-dependent\nports = random\n",
                              "ike = by-cookie\n"})
    {
        const RunRecord record =
            RunText(std::string(OFFICE) + Nat("home", "203.0.113.1", ports) +
                    Client("alice", "home") + Client("bob", "home") + Ping("alice") + Ping("bob"));
        EXPECT_EQ(Answers(record, "alice"), 5u) << ports;
        EXPECT_EQ(Answers(record, "bob"), 5u) << ports;
        EXPECT_EQ(record.LostMessageCount(), 0u) << ports;
    }
}

// Alice goes without a word; bob gets her port at the NAT, and what the hub still sends to her.
TEST(NatScenario, OtherClientAtTheSameOuterEndpointIsNotTakenForTheFirst)
{
    const RunRecord record = RunText(
        std::string(OFFICE) + "[simulation]\nstop = 90s\n" +
        Nat("home", "203.0.113.1", "udp-timeout = 10s\nrefresh = outbound\n") +
        Client("alice", "home") + Client("bob", "home", "start-at = 45s\n") + Ping("alice") +
        Ping("bob", "start = 50s\n") + "[event gone]\nkind = crash\ntarget = alice\nat = 20s\n");
    EXPECT_EQ(Answers(record, "alice"), 5u);
    EXPECT_EQ(Answers(record, "bob"), 5u);
    const auto& sas = record.FindNode("hub")->ikeSas;
    ASSERT_EQ(sas.size(), 2u);
    EXPECT_EQ(sas[0].info.remote, sas[1].info.remote);
    EXPECT_NE(sas[0].peer, sas[1].peer);
}

TEST(NatScenario, InitialContactEndsNobodyElseBehindTheNat)
{
    std::string text = std::string(OFFICE) + "[simulation]\nstop = 60s\n" +
                       "[personality careless]\nbase = rfc\ncontact-scope = address\n" +
                       Nat("home", "203.0.113.1");
    for (const char* name : {"alice", "bob", "carol"})
    {
        text += Client(name, "home") + Ping(name, "start = 40s\n");
    }
    text += "[event back]\nkind = restart\ntarget = alice\nat = 20s\n";
    const RunRecord careful = RunText(text);
    const RunRecord careless = RunText(text, {"gateway.hub.personality=careless"});
    for (const char* name : {"alice", "bob", "carol"})
    {
        EXPECT_EQ(Answers(careful, name), 5u) << name;
    }
    EXPECT_EQ(Answers(careless, "alice"), 5u);
    EXPECT_EQ(Answers(careless, "bob") + Answers(careless, "carol"), 0u);
}

TEST(NatScenario, RebindingInARenewalLosesNoTunnel)
{
    const std::string text =
        std::string(OFFICE) + "[simulation]\nstop = 120s\n" +
        Nat("home", "203.0.113.1", "ports = random\n") +
        Client("alice", "home", "phase2-lifetime = 40s\nphase1-lifetime = 65s\n") +
        Ping("alice", "start = 5s\ncount = 110\n");
    for (const char* at : {"31.98s", "32s", "32.02s", "32.04s", "32.06s", "52s", "52.05s"})
    {
        const RunRecord record =
            RunText(text + "[event rebind]\nkind = nat-rebind\ntarget = home\nat = " + at + "\n");
        EXPECT_LE(SilenceOf(record, "alice"), 5) << at;
        EXPECT_GE(Answers(record, "alice"), 105u) << at;
    }
}

/// A hub behind the NAT of its provider, which forwards both ports.
std::string
HubBehindNat(const std::string& more)
{
    return "[nat provider]\naddress = 198.51.100.1\nlan = 10.9.0.0/24\n"
           "forward = udp:500:hub, udp:4500:hub\n"
           "[gateway hub]\nbehind = provider\naddress = 10.9.0.10\nlan = 10.2.0.0/24\n"
           "[host server]\nbehind = hub\n[pool office]\naddresses = 10.2.4.0/22\n" +
           more;
}

TEST(NatScenario, HubBehindANatIsCalledThroughItsForwardedPorts)
{
    const RunRecord record =
        RunText(HubBehindNat(Nat("home", "203.0.113.1") + Client("alice", "home") + Ping("alice")));
    EXPECT_EQ(Answers(record, "alice"), 5u);
    const IkeSaInfo& info = record.FindNode("alice")->ikeSas.at(0).info;
    EXPECT_EQ(info.remote.address.ToString(), "198.51.100.1");
    EXPECT_EQ(info.remoteId.ToString(), "10.9.0.10");
}

TEST(NatScenario, SiteCallsAHubBehindANatAndIsCalledByIt)
{
    const std::string site = "[gateway shop]\naddress = 203.0.113.9\nlan = 10.7.0.0/24\n"
                             "[tunnel shop]\npre-shared-key = k\n";
    for (const char* between : {"between = shop, hub\n", "between = hub, shop\n"})
    {
        const RunRecord record =
            RunText(HubBehindNat(site + between +
                                 "start = auto\n[traffic of-pc]\nfrom = pc-shop\nto = "
                                 "server\nstart = 5s\n"));
        EXPECT_EQ(Answers(record, "pc"), 5u) << between;
        EXPECT_TRUE(record.FindNode("hub")->ikeSas.at(0).info.natTraversal);
    }
}

TEST(NatScenario, SiteBehindANatWithoutForwardingCalls)
{
    const RunRecord record =
        RunText(std::string(OFFICE) + Nat("home", "203.0.113.1") +
                "[gateway shop]\nbehind = home\nlan = 10.7.0.0/24\n[tunnel shop]\nbetween = shop, "
                "hub\npre-shared-key = k\nshop.id = shop.example.com\nstart = auto\n[traffic "
                "of-pc]\nfrom = pc-shop\nto = "
                "server\nstart = 5s\n");
    EXPECT_EQ(Answers(record, "pc"), 5u);
    EXPECT_FALSE(record.FindNode("hub")->ipsecSas.empty());
}

TEST(NatScenario, NewOutsideAddressIsFollowed)
{
    const RunRecord record = RunText(
        std::string(OFFICE) + "[simulation]\nstop = 90s\n" + Nat("home", "203.0.113.1") +
        Client("alice", "home") + Ping("alice", "start = 5s\ncount = 80\n") +
        "[event new]\nkind = nat-address\ntarget = home\naddress = 203.0.113.77\nat = 30s\n");
    EXPECT_LE(SilenceOf(record, "alice"), 3);
    const auto& moves = record.FindNode("hub")->moves;
    ASSERT_FALSE(moves.empty());
    EXPECT_EQ(moves.back().remote.address.ToString(), "203.0.113.77");
    EXPECT_EQ(moves.back().peer, "alice");
}

TEST(NatScenario, HostBehindANatNeedsNoTunnel)
{
    const RunRecord record =
        RunText(std::string(OFFICE) + Nat("home", "203.0.113.1") + "[host pc]\nbehind = home\n" +
                Client("alice", "home") + "[traffic of-pc]\nfrom = pc\nto = hub\nstart = 5s\n");
    EXPECT_EQ(Answers(record, "pc"), 5u);
    EXPECT_EQ(record.FindNat("home")->mostMappings, 3u);
}

/// Six users behind three homes, under one configuration of the hub.
const char POPULATION[] = "[clients user]\ncount = 6\nhub = hub\nbehind = home\nnats = 3\n"
                          "hub.group = true\nsame-key = true\nxauth = true\nmode-config = pull\n"
                          "phase1-proposals = pre-g14-aes128-sha256\npool = office\n"
                          "phase2-proposals = nopfs-esp-aes128-sha256\nstart-spread = 5s\n"
                          "traffic = ping\ntraffic-start = 6s\ntraffic-stop = 55s\n";

TEST(ClientsScenario, UsersOfAGroupBehindSeveralNatsAllSend)
{
    const RunRecord record = RunText(std::string(OFFICE) + Nat("home", "203.0.113.1") + POPULATION +
                                     "[expect up]\nthat = all tunnels of user up by 6s\n"
                                     "[expect none-lost]\nthat = lost packets of user = 0\n"
                                     "[expect sent]\nthat = user answered >= 200\n"
                                     "[expect last]\nthat = client user-6 has address\n"
                                     "[expect two-users]\nthat = nat home-3 mappings = 4\n");
    for (const ExpectationOutcome& outcome : record.expectations)
    {
        EXPECT_TRUE(outcome.pass) << outcome.text << ": " << outcome.seen;
    }
    EXPECT_EQ(record.nats.size(), 3u);
    EXPECT_EQ(record.FindNode("user-6")->nats, std::vector<std::string>{"home-3"});
    for (const IkeSaRecord& sa : record.FindNode("hub")->ikeSas)
    {
        EXPECT_EQ(sa.xauthUser, sa.peer);
    }
}

TEST(ClientsScenario, EventsHappenToEachOfThem)
{
    const RunRecord record = RunText(std::string(OFFICE) + Nat("home", "203.0.113.1") + POPULATION +
                                     "[event gone]\nkind = crash\ntarget = user\nat = random "
                                     "20s..30s\n");
    std::set<std::string> targets;
    for (const EventRecord& event : record.events)
    {
        targets.insert(event.target);
    }
    EXPECT_EQ(targets.size(), 6u);
    EXPECT_EQ(targets.count("hub"), 0u);
}

TEST(NatScenario, ResultsTellOfNatsAndWhatFollowsFromThem)
{
    const std::string json =
        ReportJson(RunText(std::string(OFFICE) + "[simulation]\nstop = 90s\n" +
                           Nat("home", "203.0.113.1") + Client("alice", "home") + Ping("alice") +
                           "[event new]\nkind = nat-address\ntarget = home\naddress = "
                           "203.0.113.77\nat = 30s\n"));
    for (const char* text : {"\"nats\"",
                             "\"mostMappings\": 2",
                             "\"AddressChange\"",
                             "\"behind\"",
                             "\"keepAlives\": ",
                             "\"longestSilence\": "})
    {
        EXPECT_NE(json.find(text), std::string::npos) << text;
    }
}

TEST(NatScenario, SameRunGivesTheSameNumbers)
{
    const std::string text = std::string(OFFICE) + Nat("home", "203.0.113.1", "ports = random\n") +
                             Client("alice", "home") + Client("bob", "home") + Ping("alice");
    const auto ports = [&](const std::vector<std::string>& options)
    {
        std::vector<uint16_t> seen;
        for (const MessageRecord& message : RunText(text, options).messages)
        {
            seen.push_back(message.seenFrom->port);
        }
        return seen;
    };
    EXPECT_EQ(ports({}), ports({}));
    EXPECT_NE(ports({}), ports({"simulation.run=2"}));
}

} // namespace
