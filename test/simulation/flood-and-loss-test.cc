// SPDX-License-Identifier: GPL-2.0-only
// Floods of first messages, particular messages that get lost, and what is told of outages.
#include "scenario-refusal.h"

#include "ns3/ipsec-report-json.h"
#include "ns3/ipsec-scenario-reader.h"
#include "ns3/ipsec-scenario-runner.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <set>
#include <string>

namespace ns3
{
namespace ipsec
{

namespace
{

const char BASE[] = "[simulation]\nstop = 30s\n"
                    "[gateway hub]\naddress = 1.1.1.1\nlan = 10.1.0.0/24\n"
                    "[branches shop]\ncount = 2\nhub = hub\naddresses = 2.2.2.0/24\n"
                    "lans = 10.128.0.0/9\nstart-at = 5s\nphase1-proposals = pre-g1-des-sha\n"
                    "phase2-proposals = nopfs-esp-des-sha\n";
const char ANYBODY[] = "id-domain = example.org\nsame-key = true\nhub.peer-address = any\n";
const char FLOOD[] = "[flood f]\nto = hub\nsources = 100.64.0.0/10\nproposals = pre-g1-des-sha\n"
                     "rate = 10\nstart = 10s\nstop = 12s\n";

RunRecord
RunWith(const std::string& more, const std::vector<std::string>& overrides = {})
{
    return RunScenario(ReadScenarioText(BASE + more, "x.ini", overrides));
}

const TunnelCount&
Shops(const RunRecord& record)
{
    return *record.FindTunnelCount("shop");
}

/// Counts the messages that got lost, without the announcement of the event.
size_t
Lost(const RunRecord& record)
{
    return static_cast<size_t>(std::count_if(
        record.events.begin(),
        record.events.end(),
        [](const EventRecord& event) { return event.detail.find(" lost") != std::string::npos; }));
}

std::string
Refusal(const std::string& more)
{
    return ScenarioRefusal(BASE + more);
}

TEST(Flood, IsAnsweredByAGatewayThatAnybodyMayCall)
{
    const RunRecord record = RunWith(std::string(ANYBODY) + FLOOD);
    const FloodRecord& flood = record.floods.at(0);
    EXPECT_EQ(flood.sent, 20u);
    EXPECT_EQ(flood.answers, 20u);
    // MM2 says no more than MM1 did, and is not repeated.
    EXPECT_EQ(flood.Amplification(), 1);
    EXPECT_NE(ReportJson(record).find("\"amplification\""), std::string::npos);
}

TEST(Flood, IsIgnoredByAGatewayThatKnowsItsPeers)
{
    const RunRecord record = RunWith(FLOOD);
    EXPECT_EQ(record.floods.at(0).sent, 20u);
    EXPECT_EQ(record.floods.at(0).answers, 0u);
    EXPECT_EQ(record.DropCount(Fault::UnknownPeer), 20u);
}

TEST(Flood, ComesFromAddressesThatAreDrawnFromTheSeed)
{
    const auto senders = [](const std::string& run)
    {
        const RunRecord record = RunWith(FLOOD, {"simulation.run=" + run});
        std::set<std::string> addresses;
        for (const DropRecord& drop : record.FindNode("hub")->drops)
        {
            addresses.insert(drop.fault == Fault::UnknownPeer ? drop.remote : "");
        }
        addresses.erase("");
        return addresses;
    };
    const std::set<std::string> once = senders("1");
    EXPECT_EQ(once.size(), 20u) << "of four million";
    EXPECT_EQ(senders("1"), once);
    EXPECT_NE(senders("2"), once);
}

TEST(Flood, CostsDiffieHellmanInAggressiveModeAlone)
{
    const std::string more = std::string(ANYBODY) + "mode = aggressive\n" + FLOOD +
                             "id = shop-1.example.org\n[expect e]\nthat = peak of dh of hub >= ";
    EXPECT_TRUE(RunWith(more + "20\n", {"flood.f.kind=aggressive"}).Passed());
    EXPECT_FALSE(RunWith(more + "20\n").Passed());
}

TEST(Flood, HasNoAddressThatSomebodyHas)
{
    EXPECT_NE(Refusal("[flood f]\nto = hub\nsources = 2.2.2.0/24\nrate = 1\n").find("shop-1"),
              std::string::npos);
    EXPECT_NE(Refusal("[flood f]\nto = nobody\nsources = 3.0.0.0/8\nrate = 1\n").find("nobody"),
              std::string::npos);
}

TEST(LostMessage, IsTheOneThatIsMeant)
{
    const RunRecord record =
        RunWith("[event e]\nkind = lose\nmessage = quick 3\ntarget = hub\nat = 0s\ncount = 1\n");
    EXPECT_EQ(Lost(record), 1u);
    EXPECT_GT(Shops(record).longestOneWay, std::chrono::milliseconds(100));
    EXPECT_LT(Shops(RunWith("")).longestOneWay, std::chrono::milliseconds(100));
}

TEST(LostMessage, IsSentAgainIfItsSenderWaitsForAnAnswer)
{
    const RunRecord record =
        RunWith("[event e]\nkind = lose\nmessage = main 3\ntarget = hub\nat = 0s\ncount = 1\n");
    EXPECT_EQ(Lost(record), 1u);
    EXPECT_EQ(record.RetransmissionCount(), 1u);
    EXPECT_EQ(Shops(record).UpAt(record.end), 2u);
}

TEST(LostMessage, IsLostForATimeOrForOnePart)
{
    const std::string event = "[event e]\nkind = lose\nmessage = main 1\ntarget = hub\nat = 0s\n";
    EXPECT_EQ(Lost(RunWith(event + "for = 4s\n")), 0u);
    EXPECT_EQ(Lost(RunWith(event + "share = 0%\n")), 0u);
    EXPECT_GT(Lost(RunWith(event)), 5u);
}

TEST(Outage, LastsFromTheCrashToTheNewTunnel)
{
    const RunRecord record = RunWith("[event e]\nkind = crash\ntarget = all\nat = 10s\nfor = 3s\n"
                                     "[expect e]\nthat = longest outage of shop >= 3s\n"
                                     "[expect f]\nthat = longest outage < 4s\n");
    EXPECT_TRUE(record.Passed());
    EXPECT_EQ(Shops(RunWith("")).longestOutage, Duration::zero());
}

TEST(SeveralTunnelsOfABranch, ShareItsLanAndOneIkeSa)
{
    const RunRecord record = RunWith("", {"branches.shop.tunnels=3"});
    EXPECT_EQ(Shops(record).total, 6u);
    EXPECT_EQ(Shops(record).UpAt(record.end), 6u);
    EXPECT_EQ(record.FindNode("hub")->ikeSas.size(), 2u);
    const Scenario scenario = ReadScenarioText(BASE, "x.ini", {"branches.shop.tunnels=3"});
    EXPECT_EQ(EndProxyId(scenario, *scenario.FindTunnel("shop-2-3"), 0).local.ToString(),
              "10.128.1.128/26");
}

TEST(SeveralTunnelsOfABranch, FitIntoItsLan)
{
    EXPECT_NE(Refusal("tunnels = 5\nlan-length = 30\n").find("tunnels"), std::string::npos);
}

} // namespace

} // namespace ipsec
} // namespace ns3
