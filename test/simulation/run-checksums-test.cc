// SPDX-License-Identifier: GPL-2.0-only
// Checksums are computed where somebody can see them, or where they can be wrong; no result depends
// on it.
#include "folder-test.h"

#include "ns3/boolean.h"
#include "ns3/global-value.h"
#include "ns3/ipsec-report-json.h"
#include "ns3/ipsec-scenario-reader.h"
#include "ns3/ipsec-scenario-runner.h"
#include "ns3/node.h"

#include <filesystem>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace
{

using namespace ns3::ipsec;

/// What a run gives, and whether checksums were computed in it.
struct Outcome
{
    std::string json;
    bool hasChecksums = false;
};

class RunChecksums : public FolderTest
{
  protected:
    Outcome
    Run(const std::string& name,
        const std::string& pcapFolder,
        const std::vector<std::string>& overrides = {}) const
    {
        RunOptions options;
        options.pcapFolder = pcapFolder;
        const std::string path = std::string(IPSEC_SCENARIOS) + "/" + name + ".ini";
        return Run(ReadScenario(path, overrides), options);
    }

    static Outcome
    Run(const Scenario& scenario, RunOptions options)
    {
        Outcome outcome;
        options.atMark = [&](Instant) { outcome.hasChecksums |= ns3::Node::ChecksumEnabled(); };
        RunRecord record = RunScenario(scenario, options);
        record.wallSeconds = 0;
        outcome.json = ReportJson(record);
        return outcome;
    }
};

TEST_F(RunChecksums, AreThereInCapturesAndNoResultDependsOnThem)
{
    for (const char* name : {"site-to-site", "protocols", "l2tp-over-ipsec", "hub-reboot"})
    {
        const Outcome unseen = Run(name, "");
        const Outcome seen = Run(name, m_folder.string());
        EXPECT_FALSE(unseen.hasChecksums) << name;
        EXPECT_TRUE(seen.hasChecksums) << name;
        EXPECT_GT(unseen.json.size(), 1000u) << name;
        EXPECT_TRUE(unseen.json == seen.json) << name;
    }
}

TEST_F(RunChecksums, FindWhatALinkChangedWithOrWithoutCaptures)
{
    for (const char* run : {"1", "2", "5"})
    {
        const std::vector<std::string> overrides{"internet.corrupt=30%",
                                                 "internet.loss=5%",
                                                 "internet.duplicate=5%",
                                                 std::string("simulation.run=") + run};
        const Outcome unseen = Run("site-to-site", "", overrides);
        const Outcome seen = Run("site-to-site", m_folder.string(), overrides);
        EXPECT_TRUE(unseen.hasChecksums) << run;
        EXPECT_TRUE(unseen.json == seen.json) << run;
    }
    EXPECT_FALSE(Run("site-to-site", "", {"internet.loss=5%"}).hasChecksums);
}

TEST_F(RunChecksums, AreThereWhereALinkBecomesBadLater)
{
    const std::string text =
        Contents(std::string(IPSEC_SCENARIOS) + "/site-to-site.ini") +
        "\n[event bad]\nat = 5s\nkind = link\ntarget = internet\ncorrupt = 10%\n";
    EXPECT_TRUE(Run(ReadScenarioText(text, "x.ini"), {}).hasChecksums);
}

TEST_F(RunChecksums, AreThereBehindNatsAndForWhoeverLooks)
{
    EXPECT_TRUE(Run("home-office", "").hasChecksums);
    EXPECT_TRUE(Run("handshake-flood", "").hasChecksums);
    const Scenario scenario = ReadScenario(std::string(IPSEC_SCENARIOS) + "/site-to-site.ini");
    RunOptions options;
    options.prepare = [](const ScenarioNetwork&) {};
    EXPECT_TRUE(Run(scenario, options).hasChecksums);
    ns3::GlobalValue::Bind("ChecksumEnabled", ns3::BooleanValue(true));
    EXPECT_TRUE(Run(scenario, {}).hasChecksums) << "the program itself wants them";
    ns3::GlobalValue::Bind("ChecksumEnabled", ns3::BooleanValue(false));
}

} // namespace
