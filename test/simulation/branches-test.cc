// SPDX-License-Identifier: GPL-2.0-only
// Many gateways of one kind: what a [branches] section becomes, and what reports make of it.
#include "scenario-refusal.h"

#include "ns3/ipsec-report-displays.h"
#include "ns3/ipsec-report-json.h"
#include "ns3/ipsec-scenario-reader.h"
#include "ns3/ipsec-scenario-runner.h"

#include <gtest/gtest.h>
#include <set>

namespace
{

using namespace ns3::ipsec;

const char BASE[] = "[simulation]\n"                          // line 1
                    "stop = 10s\n"                            // 2
                    "[gateway hub]\n"                         // 3
                    "address = 192.0.2.1\n"                   // 4
                    "lan = 10.0.0.0/24\n"                     // 5
                    "[branches shop]\n"                       // 6
                    "count = 4\n"                             // 7
                    "hub = hub\n"                             // 8
                    "addresses = 198.18.0.0/24\n"             // 9
                    "lans = 172.16.0.0/16\n"                  // 10
                    "phase1-proposals = pre-g1-des-md5\n"     // 11
                    "phase2-proposals = nopfs-esp-des-md5\n"; // 12

Scenario
Read(const std::string& more = "", const std::vector<std::string>& overrides = {})
{
    return ReadScenarioText(BASE + more, "x.ini", overrides);
}

/// Reads the base with options and returns the message of its refusal, or nothing.
std::string
Refusal(const std::vector<std::string>& overrides, const std::string& more = "")
{
    return ScenarioRefusal(BASE + more, overrides);
}

TEST(Branches, HaveNamesAddressesLansAndKeysByNumber)
{
    const Scenario scenario = Read();
    ASSERT_EQ(scenario.gateways.size(), 5u);
    ASSERT_EQ(scenario.tunnels.size(), 4u);
    const GatewaySettings& third = scenario.gateways[3];
    EXPECT_EQ(third.name, "shop-3");
    EXPECT_EQ(third.address.ToString(), "198.18.0.3");
    EXPECT_EQ(third.lan.ToString(), "172.16.2.0/24");
    const TunnelSettings& tunnel = scenario.tunnels[2];
    EXPECT_EQ(tunnel.name, "shop-3");
    EXPECT_EQ(tunnel.ends[0].gateway, "shop-3");
    EXPECT_EQ(tunnel.ends[1].gateway, "hub");
    EXPECT_EQ(tunnel.ends[0].preSharedKey, "secret-3");
    EXPECT_EQ(tunnel.ends[1].preSharedKey, "secret-3");
    EXPECT_EQ(scenario.tunnels[0].startAt, Duration::zero());
}

TEST(Branches, TakeWhatAGatewayAndAnEndOfATunnelMaySay)
{
    const Scenario scenario = Read("delay = 7ms\n"
                                   "staged-packets = 3\n"
                                   "phase2-lifetime = 1h\n"
                                   "hub.phase1-lifetime = 2h\n"
                                   "branch.mode = aggressive\n"
                                   "hub.mode = aggressive\n"
                                   "same-key = true\n"
                                   "id-domain = example.com\n");
    const GatewaySettings& branch = scenario.gateways[1];
    EXPECT_EQ(branch.link.delay, std::chrono::milliseconds(7));
    EXPECT_EQ(branch.stagedPackets, 3u);
    const TunnelSettings& tunnel = scenario.tunnels[1];
    EXPECT_EQ(tunnel.ends[0].rules->phase2Lifetime, std::chrono::hours(1));
    EXPECT_EQ(tunnel.ends[0].rules->phase1Lifetime, std::nullopt) << "the personality's";
    EXPECT_EQ(tunnel.ends[1].rules->phase1Lifetime, std::chrono::hours(2));
    EXPECT_EQ(tunnel.ends[1].rules->mode, Phase1Mode::Aggressive);
    EXPECT_EQ(tunnel.ends[0].preSharedKey, "secret");
    EXPECT_EQ(tunnel.ends[0].id->ToString(), "shop-2.example.com");
    EXPECT_EQ(tunnel.ends[1].peerId->ToString(), "shop-2.example.com");
}

TEST(Branches, StartsAreSpreadBySeedAndRun)
{
    const auto starts = [](const std::vector<std::string>& overrides)
    {
        std::vector<Duration> all;
        for (const TunnelSettings& tunnel : Read("start-spread = 5s\n", overrides).tunnels)
        {
            all.push_back(tunnel.startAt);
        }
        return all;
    };
    const std::vector<Duration> first = starts({"branches.shop.count=200"});
    EXPECT_EQ(first, starts({"branches.shop.count=200"}));
    EXPECT_NE(first, starts({"branches.shop.count=200", "simulation.run=2"}));
    Duration sum{};
    for (const Duration start : first)
    {
        EXPECT_LT(start, std::chrono::seconds(5));
        sum += start;
    }
    const double mean = std::chrono::duration<double>(sum).count() / 200;
    EXPECT_NEAR(mean, 2.5, 0.3);
    EXPECT_EQ(std::set<Duration>(first.begin(), first.end()).size(), 200u);
}

TEST(Branches, ComeUpAndPingTheHubsLanFromTheirOwn)
{
    const Scenario scenario = Read("traffic = ping\n"
                                   "traffic-start = 2s\n"
                                   "traffic-interval = 500ms to 1500ms\n"
                                   "traffic-size = 10B to 100B\n");
    const RunRecord record = RunScenario(scenario);
    EXPECT_TRUE(record.Passed());
    ASSERT_EQ(record.traffic.size(), 1u);
    const TrafficRecord& traffic = record.traffic[0];
    // Four branches for 8 s, one a second on average.
    EXPECT_NEAR(static_cast<double>(traffic.sent), 30, 8);
    EXPECT_LE(traffic.Lost(), 2u);
    EXPECT_NEAR(
        static_cast<double>(traffic.sentOctets) / static_cast<double>(traffic.sent), 55, 20);
    EXPECT_GT(*traffic.MinimumRoundTrip(), std::chrono::milliseconds(40));
    // All of it was protected: the hub's SAs carried the requests, and nothing crossed in clear.
    uint64_t packets = 0;
    for (const IpsecSaRecord& sa : record.FindNode("hub")->ipsecSas)
    {
        packets += sa.sa.direction == SaDirection::Inbound ? sa.packets : 0;
    }
    EXPECT_GE(packets, traffic.received);
    EXPECT_EQ(record.FindNode("hub")->clearPackets, 0u);
}

TEST(Branches, UdpGoesOneWay)
{
    const RunRecord record = RunScenario(Read("traffic = udp\ntraffic-start = 2s\n"));
    ASSERT_EQ(record.traffic.size(), 1u);
    EXPECT_NEAR(static_cast<double>(record.traffic[0].received), 32, 4);
    EXPECT_EQ(record.traffic[0].receivedOctets, record.traffic[0].received * 56);
}

TEST(Branches, OnlyTheFirstAreShownAndTheOthersAddedUp)
{
    const RunRecord whole = RunScenario(Read("[output]\nshow-branches = 4\n"));
    const RunRecord cut = RunScenario(Read("[output]\nshow-branches = 1\n"));
    EXPECT_EQ(whole.nodes.size(), 5u);
    EXPECT_EQ(cut.nodes.size(), 2u);
    EXPECT_EQ(cut.tunnels.size(), 1u);
    EXPECT_EQ(cut.messages.size(), 9u);
    ASSERT_EQ(cut.branches.size(), 1u);
    EXPECT_EQ(cut.branches[0].shown, 1u);
    EXPECT_EQ(cut.branches[0].ikeSas, 3u);
    EXPECT_EQ(cut.branches[0].ipsecSas, 6u);
    for (const ExchangeType exchange : {ExchangeType::MainMode, ExchangeType::QuickMode})
    {
        EXPECT_EQ(whole.MessageCount(exchange), cut.MessageCount(exchange));
    }
    EXPECT_EQ(cut.MessageCount(ExchangeType::MainMode), 24u);
    EXPECT_EQ(cut.LostMessageCount(), 0u);
    const std::string text = ReportText(cut);
    EXPECT_NE(text.find("shop: 1 of 4 branches of hub are shown one by one"), std::string::npos);
    EXPECT_NE(text.find("<shop-1> display"), std::string::npos);
    EXPECT_EQ(text.find("<shop-2> display"), std::string::npos);
    EXPECT_NE(ReportJson(cut).find("\"others\""), std::string::npos);
}

TEST(Branches, LostAndRepeatedMessagesOfHiddenOnesAreCounted)
{
    const auto run = [](const char* shown) {
        return RunScenario(
            Read(std::string("loss = 20%\n[output]\nshow-branches = ") + shown + "\n"));
    };
    const RunRecord whole = run("4");
    const RunRecord cut = run("0");
    EXPECT_GT(whole.LostMessageCount(), 0u);
    EXPECT_EQ(whole.LostMessageCount(), cut.LostMessageCount());
    EXPECT_EQ(whole.RetransmissionCount(), cut.RetransmissionCount());
    EXPECT_EQ(whole.DropCount(std::nullopt), cut.DropCount(std::nullopt));
}

TEST(Branches, WhomAnExpectationNamesIsShown)
{
    const RunRecord record =
        RunScenario(Read("[output]\nshow-branches = 0\n[expect one]\nthat = tunnel shop-4 up\n"));
    EXPECT_TRUE(record.Passed());
    ASSERT_EQ(record.tunnels.size(), 1u);
    EXPECT_EQ(record.tunnels[0].name, "shop-4");
}

TEST(Branches, MistakesGiveOneLine)
{
    EXPECT_EQ(Refusal({"branches.shop.hub=center"}),
              "command line: branches.shop.hub: there is no gateway 'center'; allowed: the name of "
              "a [gateway]");
    EXPECT_EQ(Refusal({"branches.shop.count=255"}),
              "x.ini:9: branches.shop.addresses: holds 254 addresses, but there are 255 branches; "
              "allowed: one for each at least");
    EXPECT_EQ(Refusal({"branches.shop.lan-length=17"}),
              "x.ini:10: branches.shop.lans: '172.16.0.0/16' holds 2 LANs of /17, but there are 4 "
              "branches; allowed: a shorter prefix, or a longer lan-length");
    EXPECT_EQ(Refusal({"branches.shop.lans=10.0.0.0/16"}),
              "command line: branches.shop.lans: '10.0.0.0/24' overlaps 10.0.0.0/24 of gateway "
              "'hub'; allowed: LANs apart");
    EXPECT_EQ(Refusal({}, "[gateway shop-2]\naddress = 1.1.1.1\nlan = 10.7.0.0/24\n"),
              "x.ini:7: branches.shop.count: makes a branch 'shop-2', but that name is taken; "
              "allowed: a [branches] with another name");
    EXPECT_EQ(Refusal({"branches.shop.traffic-interval=2s to 1s"}),
              "command line: branches.shop.traffic-interval: '2s to 1s' ends before it begins; "
              "allowed: LEAST to MOST");
    EXPECT_EQ(Refusal({"branches.shop.start=hand"}),
              "command line: branches.shop.start: is hand, but nobody starts it; write an [event "
              "NAME] with kind = start-tunnel and target = shop-1");
    EXPECT_EQ(
        Refusal({"branches.shop.start=never"}),
        "command line: branches.shop.start: 'never' is not known; allowed: auto, traffic, hand");
}

TEST(Branches, ConfigureAndRunInLinearTime)
{
    // Not a measurement: a quadratic step with its old constants would take minutes here.
    const Scenario scenario = Read("",
                                   {"branches.shop.count=3000",
                                    "branches.shop.addresses=198.18.0.0/15",
                                    "branches.shop.lans=172.16.0.0/12",
                                    "branches.shop.lan-length=28"});
    EXPECT_EQ(scenario.TunnelsAt("hub").size(), 3000u);
    EXPECT_EQ(scenario.FindGateway("shop-3000")->lan.length, 28);
}

} // namespace
