// SPDX-License-Identifier: GPL-2.0-only
// Shared secrets computed by threads, or once for both ends: nothing that is simulated depends on
// it.
#include "folder-test.h"
#include "scenario-refusal.h"

#include "ns3/crypto-dh-jobs.h"
#include "ns3/ipsec-report-displays.h"
#include "ns3/ipsec-report-files.h"
#include "ns3/ipsec-report-json.h"
#include "ns3/ipsec-scenario-reader.h"
#include "ns3/ipsec-scenario-runner.h"

#include <chrono>
#include <filesystem>
#include <functional>
#include <gtest/gtest.h>
#include <map>
#include <string>
#include <thread>
#include <utility>

namespace
{

using namespace ns3::ipsec;
namespace fs = std::filesystem;

/// Main mode and PFS of some branches, of which one starts at each moment, and aggressive mode.
const char BASE[] = "[simulation]\nstop = 8s\n"
                    "[gateway hub]\naddress = 192.0.2.1\nlan = 10.0.0.0/24\n"
                    "[gateway a]\naddress = 192.0.2.2\nlan = 10.0.1.0/24\n"
                    "[branches shop]\ncount = 5\nhub = hub\naddresses = 198.18.0.0/24\n"
                    "lans = 172.16.0.0/16\nstart-spread = 200ms\n"
                    "phase1-proposals = pre-g2-aes128-sha\nphase2-proposals = g2-esp-aes128-sha\n"
                    "[tunnel ab]\nbetween = a, hub\nstart = auto\nmode = aggressive\n"
                    "pre-shared-key = secret\nphase1-proposals = pre-g1-aes128-sha\n"
                    "phase2-proposals = nopfs-esp-aes128-sha\n";
constexpr uint64_t EXCHANGES_IN_GROUP2 = 5 * 2;

/// What a run gives: its results, without what is allowed to differ, and its captures by name.
struct Outcome
{
    std::string json;
    std::map<std::string, std::string> captures;
    Work saved;
};

class DhWorkersInRuns : public FolderTest
{
  protected:
    Outcome
    Run(const std::vector<std::string>& overrides) const
    {
        const fs::path folder = m_folder / "pcap";
        fs::create_directory(folder);
        RunOptions options;
        options.pcapFolder = folder.string();
        RunRecord record = RunScenario(ReadScenarioText(BASE, "x.ini", overrides), options);
        Outcome outcome;
        outcome.saved = record.savedWork;
        record.wallSeconds = 0;
        record.dhOncePerPair = false;
        record.savedWork = Work();
        outcome.json = ReportJson(record);
        for (const auto& entry : fs::directory_iterator(folder))
        {
            outcome.captures[entry.path().filename().string()] = Contents(entry.path());
        }
        fs::remove_all(folder);
        return outcome;
    }
};

TEST_F(DhWorkersInRuns, GiveTheSameOctetsAndResults)
{
    for (const char* loss : {"internet.loss=0%", "internet.loss=20%"})
    {
        const Outcome alone = Run({loss});
        ASSERT_FALSE(alone.captures.empty());
        EXPECT_GT(alone.captures.begin()->second.size(), 1000u);
        for (const char* way : {"simulation.dh-workers=1", "simulation.dh-workers=2"})
        {
            for (const char* sharing :
                 {"simulation.dh-once-per-pair=false", "simulation.dh-once-per-pair=true"})
            {
                const Outcome other = Run({loss, way, sharing});
                EXPECT_TRUE(other.json == alone.json) << loss << way << sharing;
                EXPECT_TRUE(other.captures == alone.captures) << loss << way << sharing;
            }
        }
    }
}

TEST_F(DhWorkersInRuns, OncePerPairSavesOneSecretOfEachExchange)
{
    const Outcome alone = Run({});
    EXPECT_TRUE(alone.saved.Items().empty());
    for (const char* way : {"simulation.dh-workers=0", "simulation.dh-workers=2"})
    {
        const Outcome once = Run({"simulation.dh-once-per-pair=true", way});
        EXPECT_EQ(once.saved.Amount({WorkKind::DhDerive, 2}), EXCHANGES_IN_GROUP2);
        EXPECT_EQ(once.saved.Amount({WorkKind::DhDerive, 1}), 1u);
        EXPECT_TRUE(once.json == alone.json) << "all work is counted nevertheless";
    }
}

TEST_F(DhWorkersInRuns, AreThereWhileTheRunIsAndNoLonger)
{
    bool wereThere = false;
    RunOptions options;
    options.prepare = [&](const ScenarioNetwork&) { wereThere = DhJobs::Get().HasWorkers(); };
    RunScenario(ReadScenarioText(BASE, "x.ini", {"simulation.dh-workers=2"}), options);
    EXPECT_TRUE(wereThere);
    EXPECT_FALSE(DhJobs::Get().HasWorkers());
    RunScenario(ReadScenarioText(BASE, "x.ini"), options);
    EXPECT_FALSE(wereThere);
}

TEST_F(DhWorkersInRuns, ReportsSayWhatWasComputedOncePerPair)
{
    const std::vector<std::string> once{"simulation.dh-once-per-pair=true", "simulation.stop=2s"};
    const RunRecord record = RunScenario(ReadScenarioText(BASE, "x.ini", once));
    const std::string json = ReportJson(record);
    EXPECT_NE(json.find("\"dhOncePerPair\": true"), std::string::npos);
    const std::string saved = json.substr(json.find("\"savedWork\""), 100);
    EXPECT_NE(saved.find("\"DhDerive/g2\": 10"), std::string::npos) << saved;
    const std::string text = ReportText(record);
    EXPECT_NE(text.find("11 shared secrets were taken from the other end"), std::string::npos);
    EXPECT_NE(VerdictText(record).find("shared secrets once per pair"), std::string::npos);
    EXPECT_NE(ReportHtml(record, {}).find("shared secrets computed once per pair"),
              std::string::npos);

    const RunRecord each = RunScenario(ReadScenarioText(BASE, "x.ini", {"simulation.stop=2s"}));
    EXPECT_EQ(ReportText(each).find("shared secrets"), std::string::npos);
    EXPECT_EQ(ReportHtml(each, {}).find("shared secrets"), std::string::npos);
}

/// Marks every 5 ms in the first two seconds: more often than a message comes.
RunOptions
MarkedOptions(std::function<void(Instant)> atMark)
{
    RunOptions options;
    for (int i = 1; i <= 400; i++)
    {
        options.marks.emplace_back(std::chrono::milliseconds(5 * i));
    }
    options.atMark = std::move(atMark);
    return options;
}

// What an end needs later than at once is computed by threads, if they get the time.
TEST(DhWorkersOfAScenario, ComputeWhatHandshakesNeed)
{
    DhJobs& jobs = DhJobs::Get();
    const uint64_t before = jobs.ComputedByThreads();
    const auto wait = [&](Instant)
    {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (jobs.Waiting() > 0 && std::chrono::steady_clock::now() < deadline)
        {
            std::this_thread::yield();
        }
    };
    const RunRecord record = RunScenario(
        ReadScenarioText(BASE, "x.ini", {"simulation.dh-workers=1", "internet.delay=20ms"}),
        MarkedOptions(wait));
    EXPECT_EQ(record.MessageCount(ExchangeType::MainMode), 30u);
    // Of five main modes the secrets of both ends, and of five quick modes that of the first end.
    EXPECT_GE(jobs.ComputedByThreads() - before, 15u);
}

TEST(DhWorkersOfAScenario, NobodyComputesBeforeTheSecretIsNeeded)
{
    DhJobs& jobs = DhJobs::Get();
    const uint64_t before = jobs.ComputedByReaders();
    std::map<Instant, uint64_t> computed;
    const auto note = [&](Instant now) { computed[now] = jobs.ComputedByReaders() - before; };
    const char text[] = "[simulation]\nstop = 2s\n[internet]\ndelay = 20ms\n"
                        "[gateway a]\naddress = 1.1.1.1\nlan = 10.1.0.0/24\n"
                        "[gateway b]\naddress = 2.2.2.2\nlan = 10.2.0.0/24\n"
                        "[tunnel ab]\nbetween = a, b\npre-shared-key = k\nstart = auto\n"
                        "start-at = 1s\nphase1-proposals = pre-g2-aes128-sha\n"
                        "phase2-proposals = nopfs-esp-aes128-sha\n";
    RunScenario(ReadScenarioText(text, "x.ini"), MarkedOptions(note));
    const auto at = [&](int ms) { return computed.at(Instant(std::chrono::milliseconds(ms))); };
    // MM3 arrives 60 ms after the begin. The answer needs no secret: that waits for MM5.
    EXPECT_EQ(at(1055), 0u);
    EXPECT_EQ(at(1075), 0u) << "b computed, or waited for, its secret before it answered";
    // MM4 arrives after 80 ms, and a needs its own for MM5, which arrives after 100 ms.
    EXPECT_EQ(at(1095), 1u);
    EXPECT_EQ(at(1115), 2u);
}

TEST(DhWorkersOfAScenario, AreALimitedNumber)
{
    EXPECT_EQ(ReadScenarioText(BASE, "x.ini", {"simulation.dh-workers=64"}).simulation.dhWorkers,
              64u);
    EXPECT_NE(ScenarioRefusal(BASE, {"simulation.dh-workers=65"}).find("from 0 to 64"),
              std::string::npos);
}

} // namespace
