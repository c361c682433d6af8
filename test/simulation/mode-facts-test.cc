// SPDX-License-Identifier: GPL-2.0-only
// What the lab about main mode and aggressive mode computes, for scenarios that are not its own.
#include "thrown-sentence.h"

#include "ns3/ipsec-mode-lab-attack.h"
#include "ns3/ipsec-mode-lab-plots.h"
#include "ns3/ipsec-mode-lab-text.h"
#include "ns3/ipsec-scenario-ini.h"
#include "ns3/ipsec-scenario-reader.h"
#include "ns3/ipsec-scenario-runner.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{
namespace
{

using std::chrono::milliseconds;

const std::string SCENARIO = std::string(IPSEC_SCENARIOS) + "/main-vs-aggressive.ini";

ModeFacts
FactsOf(const Scenario& scenario, const std::string& tunnel)
{
    return ObserveMode(scenario, RunScenario(scenario), tunnel);
}

ModeFacts
FactsOf(const std::string& tunnel, const std::vector<std::string>& changes)
{
    return FactsOf(ReadScenario(SCENARIO, changes), tunnel);
}

TEST(ModeFacts, AreOfOneExchangeWhateverFollows)
{
    const std::vector<std::string> renewed{"tunnel.slow.phase1-lifetime=8s",
                                           "tunnel.fast.phase1-lifetime=8s"};
    for (const auto& [tunnel, messages] : {std::pair("slow", 6U), std::pair("fast", 3U)})
    {
        const Scenario scenario = ReadScenario(SCENARIO, renewed);
        const RunRecord record = RunScenario(scenario);
        // Otherwise this tells nothing.
        ASSERT_GT(record.FindNode(std::string(tunnel) + "-a")->ikeSas.size(), 1U);
        const ModeFacts facts = ObserveMode(scenario, record, tunnel);
        EXPECT_EQ(facts.messages.size(), messages);
        EXPECT_EQ(facts.earlierExchanges, 0U);
        EXPECT_EQ(facts.packetOctets, facts.octets + 28 * messages);
        EXPECT_EQ(facts.dh.initiator, 2U);
        EXPECT_EQ(facts.dh.responder, 2U);
    }
}

TEST(ModeFacts, AreOfTheExchangeThatSucceedsAfterOthersFailed)
{
    // Nobody hears anybody until the first attempt is given up.
    Scenario scenario = ReadScenario(
        SCENARIO,
        {"simulation.stop=5min", "traffic.slow-ping.start=120s", "traffic.fast-ping.start=120s"});
    EventSettings cut;
    cut.name = "cut";
    cut.kind = EventKind::LinkDown;
    cut.target = "slow-b";
    scenario.events.push_back(cut);
    EventSettings mend = cut;
    mend.name = "mend";
    mend.kind = EventKind::LinkUp;
    mend.at = std::chrono::seconds(100);
    scenario.events.push_back(mend);
    const ModeFacts facts = FactsOf(scenario, "slow");
    EXPECT_GT(facts.earlierExchanges, 0U);
    EXPECT_EQ(facts.messages.size(), 6U);
    ASSERT_TRUE(facts.established);
    EXPECT_GT(*facts.established, std::chrono::seconds(100));
    EXPECT_NE(SideBySideText(facts, facts).find("begun before, in vain"), std::string::npos);
}

TEST(ModeFacts, FirstMessageThatArrivesProvesTheAddressThoughItIsRepeated)
{
    const std::vector<std::string> lossy{"internet.loss=30%", "simulation.seed=4"};
    EXPECT_EQ(FactsOf("slow", lossy).dh.unproven, 0U);
    EXPECT_EQ(FactsOf("fast", lossy).dh.unproven, 2U);
}

TEST(ModeFacts, RoundTripIsOfMessagesThatArrived)
{
    const ModeFacts facts = FactsOf("slow", {"internet.loss=30%", "simulation.seed=1"});
    EXPECT_EQ(facts.roundTrip, milliseconds(40));
    ASSERT_TRUE(facts.established);
    EXPECT_DOUBLE_EQ(facts.InRoundTrips(*facts.established).value_or(0),
                     std::chrono::duration<double>(*facts.established).count() / 0.04);
    const ModeFacts silent = FactsOf("slow", {"internet.loss=100%"});
    EXPECT_FALSE(silent.roundTrip);
    EXPECT_FALSE(silent.InRoundTrips(milliseconds(1)));
    EXPECT_NE(SideBySideText(silent, silent).find("unknown: no answer came"), std::string::npos);
}

TEST(ModeFacts, PathWithoutDelayHasNoRoundTripToCountBy)
{
    const std::vector<std::string> direct{"internet.delay=0ms"};
    const ModeFacts main = FactsOf("slow", direct);
    const ModeFacts aggressive = FactsOf("fast", direct);
    const std::string text = SideBySideText(main, aggressive);
    EXPECT_EQ(text.find("nan"), std::string::npos) << text;
    EXPECT_EQ(text.find("inf"), std::string::npos) << text;
    EXPECT_NE(text.find("0 ms: none to count by"), std::string::npos) << text;
    // Everything happens at one instant, but in an order.
    EXPECT_EQ(main.dh.unproven, 0U);
    EXPECT_EQ(aggressive.dh.unproven, 2U);
    EXPECT_EQ(main.dh.initiator, 2U);
}

TEST(ModeFacts, OperationsCountUntilTheProofIsChecked)
{
    // With perfect forward secrecy quick mode makes a key pair in the instant of the check.
    const std::vector<std::string> shared{"tunnel.slow.phase2-proposals=g14-esp-aes128-sha256",
                                          "tunnel.fast.phase2-proposals=g14-esp-aes128-sha256"};
    std::vector<std::string> signedOnes = shared;
    for (const char* change : {"tunnel.fast.auth=rsa",
                               "gateway.fast-a.certificate-key=rsa1024",
                               "gateway.fast-b.certificate-key=rsa1024"})
    {
        signedOnes.emplace_back(change);
    }
    for (const ModeFacts& facts :
         {FactsOf("slow", shared), FactsOf("fast", shared), FactsOf("fast", signedOnes)})
    {
        ASSERT_TRUE(facts.established);
        EXPECT_EQ(facts.dh.initiator, 2U);
        EXPECT_EQ(facts.dh.responder, 2U);
    }
}

TEST(ModeFacts, OperationsOfAPeerThatIsNeverProvenAreAllOfItsExchange)
{
    // The responder cannot read message 5.
    const ModeFacts facts = FactsOf("slow", {"tunnel.slow.slow-b.pre-shared-key=another"});
    EXPECT_FALSE(facts.established);
    EXPECT_EQ(facts.dh.responder, 2U);
    EXPECT_EQ(facts.dh.initiator, 2U);
}

TEST(ModeFacts, MessagesBehindANatCarryTheMarker)
{
    std::string text = ReadScenarioFile(SCENARIO);
    const std::string gateway = "[gateway slow-a]\naddress = 192.0.2.1\n";
    ASSERT_NE(text.find(gateway), std::string::npos);
    text.replace(text.find(gateway),
                 gateway.size(),
                 "[nat home]\naddress = 192.0.2.1\nlan = 192.168.1.0/24\n\n"
                 "[gateway slow-a]\nbehind = home\naddress = 192.168.1.2\n");
    const Scenario scenario = ReadScenarioText(text,
                                               "behind-nat.ini",
                                               {"tunnel.slow.slow-b.peer-address=any",
                                                "tunnel.slow.auth=rsa",
                                                "gateway.slow-a.certificate-key=rsa1024",
                                                "gateway.slow-b.certificate-key=rsa1024"});
    const ModeFacts facts = FactsOf(scenario, "slow");
    ASSERT_TRUE(facts.established);
    EXPECT_EQ(facts.messages.size(), 6U);
    // From message 5 on (RFC 3947 section 4); certificates take packets of more than one fragment.
    const size_t fragments = facts.packetOctets - facts.octets - 6 * 28 - 2 * 4;
    EXPECT_EQ(fragments % 20, 0U) << facts.packetOctets << " " << facts.octets;
    EXPECT_LE(fragments, 40U);
}

TEST(ModeFacts, GatewaysAreForOneTunnelAlone)
{
    Scenario scenario = ReadScenario(SCENARIO);
    EXPECT_NO_THROW(FindLabTunnels(scenario));
    TunnelSettings third = scenario.tunnels.back();
    third.name = "third";
    third.ends[0].gateway = "elsewhere";
    scenario.tunnels.push_back(third);
    EXPECT_EQ(ThrownSentence([&] { FindLabTunnels(scenario); }),
              std::string(SCENARIO) +
                  ": tunnel third leads to gateway fast-b, too; the lab needs the gateways of "
                  "tunnel fast for that tunnel alone");
    scenario.tunnels.pop_back();
    FloodSettings flood;
    flood.name = "storm";
    flood.to = "slow-b";
    scenario.floods.push_back(flood);
    EXPECT_NE(ThrownSentence([&] { FindLabTunnels(scenario); }).find("flood storm leads to"),
              std::string::npos);
}

/// A point of a sweep whose runs took so many seconds; 0 is never.
ModeSweepPoint
PointWith(const std::vector<int>& seconds, Phase1Mode mode = Phase1Mode::Main)
{
    ModeSweepPoint point{milliseconds(40), 0.3, false, mode, {}};
    for (const int one : seconds)
    {
        const auto time =
            one == 0 ? std::nullopt : std::optional<Duration>(std::chrono::seconds(one));
        point.runs.push_back({point.runs.size() + 1, time, time});
    }
    return point;
}

TEST(ModeSweep, ClaimsNoMeanOfNothingAndNoIntervalOfOneRun)
{
    const std::vector<ModeSweepPoint> points{PointWith({3}),
                                             PointWith({0}, Phase1Mode::Aggressive)};
    const std::string csv = ModeSweepCsv(points);
    EXPECT_NE(csv.find("loss,40,30,main,1,1,3,,1,3,\n"), std::string::npos) << csv;
    EXPECT_NE(csv.find("loss,40,30,aggressive,1,0,,,0,,\n"), std::string::npos) << csv;
    const std::string text = ModeSweepText(points);
    EXPECT_EQ(text.find("+-"), std::string::npos) << text;
    EXPECT_EQ(text.find("95 %"), std::string::npos) << text;
    EXPECT_NE(text.find("3.000 s "), std::string::npos) << text;
    EXPECT_NE(text.find("never"), std::string::npos) << text;
    ASSERT_EQ(MakeModeCharts(points, {}).size(), 1U);
    EXPECT_EQ(MakeModeCharts(points, {}).front().yTitle, "time of one run (s)");
}

TEST(ModeSweep, HasIntervalsOfSeveralRuns)
{
    const std::vector<ModeSweepPoint> points{PointWith({1, 3}),
                                             PointWith({0, 2}, Phase1Mode::Aggressive)};
    // 12.706 * sqrt(2) / sqrt(2)
    EXPECT_NE(ModeSweepCsv(points).find("main,2,2,2,12.7062047362,2,2,12.7062047362\n"),
              std::string::npos)
        << ModeSweepCsv(points);
    EXPECT_NE(ModeSweepText(points).find("2.000 +- 12.706 s"), std::string::npos);
    EXPECT_NE(ModeSweepText(points).find("2.000 s (1 of 2 runs)"), std::string::npos);
    EXPECT_EQ(MakeModeCharts(points, {}).front().yTitle, "mean and 95 % interval (s)");
}

TEST(ModeLabWords, StandardListMayBeMissingButNotOneThatWasAskedFor)
{
    const LabWords none = ReadLabWords(std::nullopt, "/nowhere/words");
    EXPECT_TRUE(none.words.empty());
    EXPECT_NE(none.missing.find("/nowhere/words cannot be read"), std::string::npos);
    EXPECT_NE(none.missing.find("wamerican"), std::string::npos);
    EXPECT_THROW(ReadLabWords("/nowhere/words", SCENARIO), std::invalid_argument);
    EXPECT_TRUE(ReadLabWords(std::nullopt, SCENARIO).missing.empty());
}

} // namespace
} // namespace ipsec
} // namespace ns3
