// SPDX-License-Identifier: GPL-2.0-only
// Checksums are computed where somebody can see them, or where they can be wrong; no result depends
// on it.
#include "folder-test.h"

#include "ns3/ipsec-report-json.h"
#include "ns3/ipsec-scenario-reader.h"
#include "ns3/ipsec-scenario-runner.h"
#include "ns3/node.h"

#include <filesystem>
#include <gtest/gtest.h>
#include <string>

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
    Run(const std::string& name, const std::string& pcapFolder) const
    {
        Outcome outcome;
        RunOptions options;
        options.pcapFolder = pcapFolder;
        options.atMark = [&](Instant) { outcome.hasChecksums |= ns3::Node::ChecksumEnabled(); };
        RunRecord record =
            RunScenario(ReadScenario(std::string(IPSEC_SCENARIOS) + "/" + name + ".ini"), options);
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

TEST_F(RunChecksums, AreThereBehindNats)
{
    EXPECT_TRUE(Run("home-office", "").hasChecksums);
}

} // namespace
