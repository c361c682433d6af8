// SPDX-License-Identifier: GPL-2.0-only
// Numbers over time: samples, tunnels that are up, expectations about both, CSV and charts.
#include "scenario-refusal.h"

#include "ns3/ipsec-expectation.h"
#include "ns3/ipsec-report-files.h"
#include "ns3/ipsec-report-json.h"
#include "ns3/ipsec-run-measures.h"
#include "ns3/ipsec-scenario-reader.h"
#include "ns3/ipsec-scenario-runner.h"
#include "ns3/ipsec-series-plots.h"
#include "ns3/ipsec-tunnel-tracker.h"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

namespace
{

using namespace ns3::ipsec;

Instant
At(double seconds)
{
    return Instant(std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds)));
}

const char BASE[] = "[simulation]\nstop = 8s\n"
                    "[gateway hub]\naddress = 192.0.2.1\nlan = 10.0.0.0/24\n"
                    "[branches shop]\ncount = 4\nhub = hub\naddresses = 198.18.0.0/24\n"
                    "lans = 172.16.0.0/16\nphase1-proposals = pre-g1-des-md5\n"
                    "phase2-proposals = nopfs-esp-des-md5\ntraffic = ping\n"
                    "[output]\nseries = true\n";

Scenario
Read(const std::string& more = "", const std::vector<std::string>& overrides = {})
{
    return ReadScenarioText(BASE + more, "x.ini", overrides);
}

std::string
Refusal(const std::string& more)
{
    return ScenarioRefusal(BASE + more);
}

TEST(Series, ValuesThatWereNotSetAreZero)
{
    Series series;
    series.Begin(At(1));
    series.Set("hub", "dh", 2);
    series.Begin(At(2));
    series.Begin(At(3));
    series.Set("hub", "dh", 4);
    series.Set("hub", "lost", 1.5);
    series.Begin(At(4));
    EXPECT_EQ(*series.Find("hub", "dh"), (Series::Values{2, 0, 4, 0}));
    EXPECT_EQ(*series.Find("hub", "lost"), (Series::Values{0, 0, 1.5, 0}));
    EXPECT_FALSE(series.Find("hub", "cpu"));
    EXPECT_FALSE(series.At("hub", "dh", At(0.5)));
    EXPECT_EQ(*series.At("hub", "dh", At(3.9)), 4);
    EXPECT_EQ(SeriesCsv(series),
              "time,node,metric,value\n"
              "1.000,hub,dh,2\n1.000,hub,lost,0\n2.000,hub,dh,0\n2.000,hub,lost,0\n"
              "3.000,hub,dh,4\n3.000,hub,lost,1.5\n4.000,hub,dh,0\n4.000,hub,lost,0\n");
}

TEST(TunnelCount, KnowsWhenAShareWasUpFromAnInstantOn)
{
    TunnelCount count{"all", 4, {}};
    for (const double up : {1.0, 2.0, 2.0, 3.0})
    {
        count.Change(At(up), true);
    }
    count.Change(At(5), false);
    count.Change(At(5), false);
    count.Change(At(6), true);
    count.Change(At(9), true);
    EXPECT_EQ(count.steps.size(), 6u);
    EXPECT_EQ(count.UpAt(At(0.5)), 0u);
    EXPECT_EQ(count.UpAt(At(2)), 3u);
    EXPECT_EQ(count.UpAt(At(5)), 2u);
    EXPECT_EQ(*count.ReachedAt(0.5, Instant{}), At(2));
    EXPECT_EQ(*count.ReachedAt(1, Instant{}), At(3));
    EXPECT_EQ(*count.ReachedAt(0.5, At(5)), At(5));
    EXPECT_EQ(*count.ReachedAt(0.75, At(5)), At(6));
    EXPECT_EQ(*count.ReachedAt(1, At(5)), At(9));
    count.Change(At(10), false);
    EXPECT_FALSE(count.ReachedAt(1, At(10)));
}

SaKey
Key(SaDirection direction, uint32_t spi)
{
    return {direction, ProtocolId::Esp, spi, IpAddress{}};
}

TEST(TunnelTracker, ATunnelIsUpWhileEachEndHasWhatTheOtherSendsBy)
{
    const auto in = [](uint32_t spi) { return Key(SaDirection::Inbound, spi); };
    const auto out = [](uint32_t spi) { return Key(SaDirection::Outbound, spi); };
    const Scenario scenario = Read();
    TunnelTracker tracker(scenario);
    tracker.Installed(At(1), "shop-2", "shop-2", in(100));
    tracker.Installed(At(1), "shop-2", "shop-2", out(200));
    tracker.Installed(At(1), "hub", "shop-2", in(200));
    EXPECT_EQ(tracker.Up(), 0u);
    tracker.Installed(At(2), "hub", "shop-2", out(100));
    EXPECT_EQ(tracker.Up(), 1u);
    EXPECT_EQ(tracker.UpAt("hub"), 1u);
    EXPECT_EQ(tracker.UpAt("shop-1"), 0u);
    // The branch sends by an SA that the hub does not have.
    tracker.Installed(At(3), "shop-2", "shop-2", out(201));
    EXPECT_EQ(tracker.Up(), 0u);
    tracker.Installed(At(4), "hub", "shop-2", in(201));
    EXPECT_EQ(tracker.Up(), 1u);
    // The old ones go, and nothing changes.
    tracker.Removed(At(5), "shop-2", "shop-2", out(200));
    tracker.Removed(At(5), "hub", "shop-2", in(200));
    EXPECT_EQ(tracker.Up(), 1u);
    // A crash of the hub takes it down, though the branch has all its SAs.
    tracker.Removed(At(6), "hub", "shop-2", in(201));
    EXPECT_EQ(tracker.Up(), 0u);
    EXPECT_EQ(tracker.Counts()[1].group, "shop");
    EXPECT_EQ(tracker.Counts()[1].total, 4u);
    EXPECT_EQ(tracker.Counts()[1].UpAt(At(4)), 1u);
}

TEST(RunMeasures, GapsAreThoseOfTheWindowAndOfTunnelsThatWereUpOnce)
{
    const Scenario scenario = Read();
    TunnelTracker tracker(scenario);
    const auto take = [&](const std::string& tunnel, double from, double to)
    {
        const std::pair<std::string, uint32_t> ends[]{{"hub", 1}, {tunnel, 2}};
        for (const auto& [gateway, spi] : ends)
        {
            tracker.Installed(At(from), gateway, tunnel, Key(SaDirection::Inbound, spi));
            tracker.Installed(At(from), gateway, tunnel, Key(SaDirection::Outbound, 3 - spi));
        }
        for (const auto& [gateway, spi] : ends)
        {
            tracker.Removed(At(to), gateway, tunnel, Key(SaDirection::Inbound, spi));
            tracker.Removed(At(to), gateway, tunnel, Key(SaDirection::Outbound, 3 - spi));
        }
    };
    // Never two of them at a time; the first is down for 4 s before the window.
    take("shop-1", 1, 2);
    EXPECT_EQ(tracker.Up(), 0u);
    take("shop-1", 6, 7);
    take("shop-2", 8, 9);
    const TunnelCount count = tracker.Finish(At(12))[1];
    EXPECT_EQ(count.wereUp, 2u);
    EXPECT_EQ(count.outages.size(), 3u);
    EXPECT_DOUBLE_EQ(LongestGapSeconds(count, {At(0), At(12)}), 5);
    EXPECT_DOUBLE_EQ(LongestGapSeconds(count, {At(10), At(12)}), 2);
    // Both are down for 2 s, of four.
    EXPECT_DOUBLE_EQ(MeanGapSeconds(count, {At(10), At(12)}), 1);
}

TEST(RunMeasures, TakeSamplesAsLongAsTheyAre)
{
    Series series;
    const double inputs[]{20, 0, 60, 20};
    const double waits[]{2, 0, 4, 0};
    for (size_t i = 0; i < 4; i++)
    {
        series.Begin(At(0.5 * static_cast<double>(i + 1)));
        series.Set("hub", "cpu-inputs", inputs[i]);
        series.Set("hub", "cpu-wait", waits[i]);
    }
    const Window window{At(0), At(2)};
    EXPECT_EQ(SamplesPerSecond(series), 2u);
    EXPECT_DOUBLE_EQ(PeakSecond(series, "hub", {"cpu-inputs"}, window), 40);
    // Of 10 inputs that waited 2 ms, 30 that waited 4 ms, and 10 that did not.
    EXPECT_DOUBLE_EQ(MeanWait(series, "hub", window).value(), 2.8);
    EXPECT_FALSE(MeanWait(series, "hub", {At(0.5), At(1)}));
    EXPECT_EQ(MeanWait(series, "shop-1", window), 0);
}

TEST(SeriesSampler, AddsUpToWhatTheRecordSays)
{
    const RunRecord record = RunScenario(Read("series-interval = 500ms\n"));
    const auto sum = [&](const char* node, const char* metric)
    {
        double total = 0;
        for (const double value : record.series.Find(node, metric).value_or(Series::Values{}))
        {
            total += value * 0.5;
        }
        return total;
    };
    // The last one at the end of the run.
    EXPECT_EQ(record.series.Times().size(), 16u);
    EXPECT_EQ(record.series.Times().back(), record.end);
    EXPECT_DOUBLE_EQ(sum("hub", "main-modes"), 4);
    EXPECT_DOUBLE_EQ(sum("all", "main-modes"), 8);
    EXPECT_DOUBLE_EQ(sum("hub", "quick-modes"), 4);
    EXPECT_DOUBLE_EQ(sum("hub", "dh"), 8);
    EXPECT_DOUBLE_EQ(sum("hub", "messages-out"), 16);
    EXPECT_DOUBLE_EQ(sum("hub", "messages-in"), 20);
    EXPECT_EQ(*record.series.At("hub", "tunnels-up", At(7)), 4);
    EXPECT_EQ(*record.series.At("all", "tunnels-up", At(7)), 4);
    EXPECT_EQ(*record.series.At("all", "ike-sas", At(7)), 8);
    EXPECT_EQ(*record.series.At("hub", "ipsec-sa-pairs", At(7)), 4);
    EXPECT_GT(sum("all", "sent-shop"), 20);
    EXPECT_FALSE(record.series.Find("shop-1", "dh"));
    EXPECT_FALSE(record.series.Find("hub", "cpu"));
}

TEST(SeriesSampler, FallsWhenATunnelEnds)
{
    const RunRecord record =
        RunScenario(Read("[event down]\nat = 4500ms\nkind = stop-tunnel\ntarget = shop-1\n"));
    for (const char* metric : {"tunnels-up", "ike-sas", "ipsec-sa-pairs"})
    {
        EXPECT_EQ(*record.series.At("hub", metric, At(4)), 4) << metric;
        EXPECT_EQ(*record.series.At("hub", metric, At(5)), 3) << metric;
    }
}

TEST(SeriesSampler, CountsLossesByReason)
{
    const RunRecord record = RunScenario(Read("", {"internet.loss=30%"}));
    const auto values = record.series.Find("hub", std::string(LOST_PREFIX) + LOST_ON_THE_WAY);
    ASSERT_TRUE(values);
    double total = 0;
    for (const double value : *values)
    {
        total += value;
    }
    EXPECT_NEAR(total, static_cast<double>(record.FindNode("hub")->lostPackets), 3);
    EXPECT_GT(total, 0);
}

TEST(SeriesSampler, SameSeedSameBytes)
{
    const auto csv = [](const char* run)
    {
        const std::string option = std::string("simulation.run=") + run;
        return SeriesCsv(RunScenario(Read("", {"branches.shop.start-spread=5s", option})).series);
    };
    EXPECT_EQ(csv("1"), csv("1"));
    EXPECT_NE(csv("1"), csv("2"));
}

TEST(SeriesExpectations, SayWhatWasSeen)
{
    const RunRecord record =
        RunScenario(Read("[expect a]\nthat = all tunnels up by 1s\n"
                         "[expect b]\nthat = 50% of tunnels of shop up by 10ms\n"
                         "[expect c]\nthat = peak of main-modes of hub >= 4\n"
                         "[expect d]\nthat = peak of main-modes of hub < 4\n"
                         "[expect e]\nthat = mean of tunnels-up of all >= 3.9\n"
                         "[expect f]\nthat = tunnels-up of hub at 3s = 4\n"
                         "[expect g]\nthat = tunnels-up of hub at 3s < 4\n"
                         "[expect h]\nthat = lost packets of shop <= 0%\n"
                         "[expect i]\nthat = 100% of tunnels up within 1s after later\n"
                         "[expect j]\nthat = 100% of tunnels up within 10ms after down\n"
                         "[event later]\nat = 4s\nkind = start-tunnel\ntarget = shop-1\n"
                         "[event down]\nat = 5s\nkind = stop-tunnel\ntarget = shop-1\n"));
    std::string passes;
    for (const ExpectationOutcome& outcome : record.expectations)
    {
        passes += outcome.pass ? '+' : '-';
    }
    EXPECT_EQ(passes.substr(0, 7), "+-+-++-");
    EXPECT_EQ(passes.substr(8), "+-");
    EXPECT_EQ(record.expectations[0].seen.rfind("100% after 0.", 0), 0u);
    EXPECT_EQ(record.expectations[2].seen, "it is 4 at 1.000 s");
    EXPECT_NE(ReportJson(record).find("\"afterEvents\""), std::string::npos);
}

TEST(SeriesExpectations, WhatIsNotThereIsRefused)
{
    EXPECT_EQ(Refusal("[expect a]\nthat = all tunnels of store up\n"),
              "x.ini:17: expect.a.that: 'all tunnels of store up' speaks of branches 'store', "
              "which are not there; allowed: shop");
    EXPECT_EQ(Refusal("[expect a]\nthat = all tunnels up within 1s after crash\n"),
              "x.ini:17: expect.a.that: 'all tunnels up within 1s after crash' speaks of event "
              "'crash', which is not there; allowed: none, there is no such section");
    EXPECT_EQ(Refusal("[expect a]\nthat = peak of dh of shop-1 >= 1\n"),
              "x.ini:17: expect.a.that: 'peak of dh of shop-1 >= 1' speaks of node 'shop-1', which "
              "has no series; allowed: hub, all, and others that output.series-of names");
    EXPECT_EQ(
        Refusal("[expect a]\nthat = lost packets of ping <= 1\n"),
        "x.ini:17: expect.a.that: 'lost packets of ping <= 1' speaks of traffic 'ping', which "
        "is not there; allowed: none, there is no such section, or a [branches] with traffic");
    EXPECT_NE(
        Refusal("[expect a]\nthat = peak of speed of hub >= 1\n").find("'speed' is no metric"),
        std::string::npos);
    EXPECT_NE(Refusal("[expect a]\nthat = peak of lost-Nothing of hub >= 1\n")
                  .find("'lost-Nothing' is no metric"),
              std::string::npos);
    EXPECT_EQ(Refusal("[expect a]\nthat = peak of lost-Replayed of hub >= 1\n"), "");
    EXPECT_EQ(Refusal("[expect a]\nthat = peak of sent-shop of all >= 1\n"), "");
    EXPECT_EQ(Refusal("[expect a]\nthat = peak of sent-pong of all >= 1\n"),
              "x.ini:17: expect.a.that: 'peak of sent-pong of all >= 1' speaks of traffic 'pong', "
              "which is not there; allowed: none, there is no such section, or a [branches] with "
              "traffic");
    EXPECT_EQ(Refusal("series-of = nobody\n"),
              "x.ini:16: output.series-of: there is no gateway 'nobody'; allowed: hub, shop-1, "
              "shop-2, shop-3, shop-4");
}

TEST(Charts, AreThereForWhatHappened)
{
    Series series;
    series.Begin(At(1));
    series.Set("all", "dh", 3);
    series.Set("hub", "dh", 2);
    series.Set("hub", "cpu", 0);
    series.Set("all", "lost-Replayed", 1);
    series.Set("all", "sent", 7);
    const std::vector<Chart> charts = MakeCharts(series);
    ASSERT_EQ(charts.size(), 3u);
    EXPECT_EQ(charts[0].title, "Diffie-Hellman operations");
    ASSERT_EQ(charts[0].lines.size(), 2u);
    EXPECT_EQ(charts[0].lines[0].title, "all");
    EXPECT_EQ(charts[1].lines[0].title, "Replayed");
    EXPECT_EQ(charts[2].name, "traffic");
}

TEST(Charts, OutputFolderHasThem)
{
    const std::filesystem::path folder =
        std::filesystem::path(testing::TempDir()) / "ipsec-series-test";
    std::filesystem::remove_all(folder);
    const Scenario scenario = Read("pcap = false\n");
    PrepareOutput(folder.string(), scenario.output);
    const RunRecord record = RunScenario(scenario);
    const std::vector<std::string> notes = WriteOutput(folder.string(), scenario.output, record);
    const auto read = [&](const std::string& name)
    {
        std::ifstream file(folder / name);
        std::stringstream text;
        text << file.rdbuf();
        return text.str();
    };
    EXPECT_EQ(read("series.csv"), SeriesCsv(record.series));
    const std::string program = read("plots/tunnels-up.plt");
    EXPECT_NE(program.find("simulated time (s)"), std::string::npos);
    EXPECT_NE(program.find("Tunnels up"), std::string::npos);
    EXPECT_FALSE(read("plots/tunnels-up.dat").empty());
    const std::string page = read("report.html");
    if (notes.empty())
    {
        EXPECT_NE(page.find("Over time</h2>\n<figure class=\"plot wide\""), std::string::npos);
        EXPECT_FALSE(read("plots/tunnels-up.svg").empty());
    }
    else
    {
        EXPECT_NE(notes[0].find("gnuplot is not installed"), std::string::npos);
        EXPECT_EQ(page.find("class=\"plot wide\""), std::string::npos);
    }
    std::filesystem::remove_all(folder);
}

} // namespace
