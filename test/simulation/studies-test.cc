// SPDX-License-Identifier: GPL-2.0-only
// Runs the programs of the studies, small, as a user does.
#include "folder-test.h"

#include "ns3/ipsec-csv.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <set>
#include <sstream>
#include <sys/wait.h>

namespace
{

namespace fs = std::filesystem;
using namespace ns3::ipsec;

/// Rows of a CSV file behind the first one, each by its columns.
std::vector<std::map<std::string, std::string>>
Rows(const fs::path& path)
{
    std::istringstream lines(Contents(path));
    std::string line;
    std::getline(lines, line);
    const std::vector<std::string> titles = SplitCsvRow(line);
    std::vector<std::map<std::string, std::string>> rows;
    while (std::getline(lines, line))
    {
        const std::vector<std::string> fields = SplitCsvRow(line);
        EXPECT_EQ(fields.size(), titles.size()) << line;
        for (size_t i = 0; i < fields.size(); i++)
        {
            rows.resize(i == 0 ? rows.size() + 1 : rows.size());
            rows.back()[titles[i]] = fields[i];
        }
    }
    return rows;
}

class Studies : public FolderTest
{
  protected:
    fs::path
    Folder(const std::string& name = "out") const
    {
        return m_folder / name;
    }

    /// Runs a study, and returns its exit status.
    int
    Run(const std::string& program, const std::string& arguments, const std::string& output = "out")
    {
        return RunProgram(std::string(IPSEC_EXAMPLES) + "/" + program,
                          arguments + " --output " + Folder(output).string())
            .status;
    }

    std::string
    Printed() const
    {
        return Contents(Folder("stdout"));
    }

    std::string
    Complaints() const
    {
        return Contents(Folder("stderr"));
    }

    /// Returns the mean of a measure where a parameter has a value.
    double
    Mean(const std::string& file,
         const std::string& parameter,
         const std::string& value,
         const std::string& metric) const
    {
        for (auto& row : Rows(Folder() / file))
        {
            if (row[parameter] == value && row["metric"] == metric)
            {
                return NumberOf(row["mean"]).value_or(-1);
            }
        }
        ADD_FAILURE() << "no " << metric << " at " << parameter << "=" << value;
        return -1;
    }

    /// Checks that pictures are there, where gnuplot is installed.
    void
    ExpectPictures(const std::vector<std::string>& names) const
    {
        const bool hasGnuplot = std::system("gnuplot --version >/dev/null 2>&1") == 0;
        for (const std::string& name : names)
        {
            EXPECT_GT(fs::file_size(Folder() / "plots" / (name + ".plt")), 0u) << name;
            if (hasGnuplot)
            {
                const std::string svg = Contents(Folder() / "plots" / (name + ".svg"));
                EXPECT_NE(svg.find("</svg>"), std::string::npos) << name;
                const std::string png = Contents(Folder() / "plots" / (name + ".png"));
                EXPECT_EQ(png.substr(1, 3), "PNG") << name;
            }
        }
    }
};

/// Small enough for seconds, and a storm all the same: 30 renewals of 80 ms each for the hub.
const char SMALL_STORM[] = "--branches 30 --lifetime 60s --cycles 1 --flows 1 --runs 2";

TEST_F(Studies, FuzzCalmsTheStorm)
{
    ASSERT_EQ(Run("study-rekey-storm", std::string(SMALL_STORM) + " --sweep fuzz=0%,100%"), 0)
        << Complaints();
    const auto mean = [&](const char* fuzz, const char* metric)
    { return Mean("means.csv", "fuzz", fuzz, metric); };
    EXPECT_GT(mean("0%", "handshakes-peak"), 2 * mean("100%", "handshakes-peak"));
    EXPECT_GT(mean("0%", "queue-delay-longest"), 2 * mean("100%", "queue-delay-longest"));
    EXPECT_LT(mean("0%", "goodput-worst"), mean("100%", "goodput-worst"));
    // Every branch comes up, and make before break leaves no gap.
    EXPECT_GT(mean("0%", "up-100"), 0);
    EXPECT_EQ(mean("0%", "gap-mean"), 0);
    EXPECT_NE(Printed().find("4 of 4 runs finished"), std::string::npos) << Printed();
    ExpectPictures({"results", "over-time"});
}

TEST_F(Studies, WithoutRenewalTunnelsHaveAGap)
{
    ASSERT_EQ(Run("study-rekey-storm",
                  "--branches 10 --lifetime 60s --cycles 1 --flows 0 --runs 1 "
                  "--sweep renewer=either,nobody"),
              0)
        << Complaints();
    EXPECT_EQ(Mean("means.csv", "renewer", "either", "gap-mean"), 0);
    EXPECT_GT(Mean("means.csv", "renewer", "nobody", "gap-mean"), 0);
}

TEST_F(Studies, RestartIsFollowedByATimeToRecover)
{
    ASSERT_EQ(Run("study-rekey-storm",
                  "--branches 10 --lifetime 60s --cycles 1 --flows 0 --runs 1 --fuzz 0% "
                  "--restart 10s --restart-for 12s --sweep hub-cpu=branch-router,hub-appliance"),
              0)
        << Complaints();
    const double slow = Mean("means.csv", "hub-cpu", "branch-router", "back-100");
    EXPECT_GT(slow, 0);
    EXPECT_LT(Mean("means.csv", "hub-cpu", "hub-appliance", "back-100"), slow);
    EXPECT_GT(Mean("means.csv", "hub-cpu", "branch-router", "gap-mean"), 12 - 5);
}

TEST_F(Studies, ResultsAreTheSameWhateverTheParallelism)
{
    const std::string small = "--branches 5 --lifetime 40s --cycles 1 --flows 1 --runs 2 "
                              "--sweep loss=0%,5%";
    ASSERT_EQ(Run("study-rekey-storm", small + " --jobs 1", "one"), 0) << Complaints();
    ASSERT_EQ(Run("study-rekey-storm", small + " --jobs 4", "four"), 0) << Complaints();
    for (const char* name : {"results.csv", "means.csv", "over-time.csv", "findings.txt"})
    {
        const std::string one = Contents(Folder("one") / name);
        EXPECT_GT(one.size(), 100u) << name;
        EXPECT_EQ(one, Contents(Folder("four") / name)) << name;
    }
    // Again in the same folder: nothing is computed, and nothing changes.
    const std::string before = Contents(Folder("one") / "results.csv");
    ASSERT_EQ(Run("study-rekey-storm", small, "one"), 0) << Complaints();
    EXPECT_NE(Printed().find("4 of 4 runs finished (4 of them earlier)"), std::string::npos)
        << Printed();
    EXPECT_EQ(before, Contents(Folder("one") / "results.csv"));
}

TEST_F(Studies, ScenarioOfAPointRunsInTheLab)
{
    ASSERT_EQ(Run("study-rekey-storm",
                  "--branches 3 --lifetime 40s --cycles 0.5 --flows 1 --runs 1 --fuzz 10%"),
              0)
        << Complaints();
    const fs::path scenario = Folder() / Rows(Folder() / "points.csv").front()["scenario"];
    // Its first lines are the command, as a comment.
    std::istringstream lines(Contents(scenario));
    std::string command;
    for (std::string line; std::getline(lines, line) && !line.empty();)
    {
        command += line.size() > 2 && line[2] == ' ' ? line.substr(1) + "\n" : "";
    }
    for (const auto& [word, path] :
         {std::pair<std::string, std::string>("ipsec-lab", IPSEC_LAB_PROGRAM),
          {"THIS-FILE", scenario.string() + " --quiet"}})
    {
        ASSERT_NE(command.find(word), std::string::npos) << command;
        command.replace(command.find(word), word.size(), path);
    }
    EXPECT_NE(command.find("--branches.shop.count=3"), std::string::npos) << command;
    EXPECT_EQ(std::system(command.c_str()), 0) << command;
}

TEST_F(Studies, BranchScaleKeepsCostsApartFromResults)
{
    const std::string small =
        "--sweep branches=2,4 --spread 2s --settle 2s --steady 36s --recovery "
        "30s --hub-cpu branch-router";
    ASSERT_EQ(Run("study-branch-scale", small), 0) << Complaints();
    ASSERT_EQ(Run("study-branch-scale", small, "again"), 0) << Complaints();
    EXPECT_EQ(Contents(Folder() / "results.csv"), Contents(Folder("again") / "results.csv"));
    EXPECT_NE(Contents(Folder() / "costs.csv"), Contents(Folder("again") / "costs.csv"));
    std::set<std::string> results;
    for (auto& row : Rows(Folder() / "results.csv"))
    {
        results.insert(row["metric"]);
    }
    for (auto& row : Rows(Folder() / "costs.csv"))
    {
        EXPECT_EQ(results.count(row["metric"]), 0u) << row["metric"];
    }
    // One main and one quick mode for each branch, one renewal of the IPsec SAs alone, and after
    // the restart both again.
    for (const char* branches : {"2", "4"})
    {
        const auto mean = [&](const char* metric)
        { return Mean("means.csv", "branches", branches, metric); };
        EXPECT_DOUBLE_EQ(mean("handshakes-bring-up"), 2);
        EXPECT_DOUBLE_EQ(mean("handshakes-steady"), 0);
        EXPECT_DOUBLE_EQ(mean("handshakes-rekey"), 1);
        EXPECT_DOUBLE_EQ(mean("handshakes-restart"), 2);
        EXPECT_GT(mean("back-100"), 0);
        EXPECT_GT(Mean("cost-means.csv", "branches", branches, "cpu-restart"), 0);
        EXPECT_GT(Mean("cost-means.csv", "branches", branches, "events-rekey"), 0);
        EXPECT_GT(Mean("cost-means.csv", "branches", branches, "crypto-share"), 0);
        EXPECT_LT(Mean("cost-means.csv", "branches", branches, "crypto-share"), 100);
    }
    ExpectPictures({"results", "costs"});
}

/// The smallest that has everything.
const char TINY_STORM[] = "--lifetime 20s --cycles 0.5 --settle 2s --fuzz 0% --runs 1";

TEST_F(Studies, ShorterSamplesMeasureTheSame)
{
    const std::string storm = std::string(TINY_STORM) + " --branches 4 --flows 1 --sweep ";
    ASSERT_EQ(Run("study-rekey-storm", storm + "output.series-interval=1s,100ms"), 0)
        << Complaints();
    const auto mean = [&](const char* interval, const char* metric)
    { return Mean("means.csv", "output.series-interval", interval, metric); };
    EXPECT_GT(mean("1s", "handshakes-peak"), 0);
    EXPECT_GT(mean("1s", "queue-delay-mean"), 0);
    EXPECT_EQ(mean("1s", "handshakes-peak"), mean("100ms", "handshakes-peak"));
    EXPECT_NEAR(mean("1s", "cpu-peak"), mean("100ms", "cpu-peak"), 0.01);
    // The run ends before the last sample, whose length is a twentieth of what is measured.
    for (const char* metric : {"handshakes-mean", "queue-delay-mean"})
    {
        EXPECT_NEAR(mean("1s", metric), mean("100ms", metric), 0.06 * mean("1s", metric)) << metric;
    }
    EXPECT_NEAR(mean("1s", "goodput-worst"), mean("100ms", "goodput-worst"), 25);
}

TEST_F(Studies, OneBranchHasOneFlowWhoseSharesGoByItsSize)
{
    ASSERT_EQ(Run("study-rekey-storm",
                  std::string(TINY_STORM) + " --branches 1 --sweep traffic.flow-1.size=100B,536B"),
              0)
        << Complaints();
    for (const char* size : {"100B", "536B"})
    {
        const double goodput = Mean("means.csv", "traffic.flow-1.size", size, "goodput");
        EXPECT_GT(goodput, 80) << size;
        EXPECT_LE(goodput, 101) << size;
    }
}

TEST_F(Studies, KeysWithoutWhichThereIsNothingToMeasureAreRefused)
{
    const std::vector<std::pair<const char*, const char*>> both{
        {"--output.series=false", "--output.series: 'false' leaves nothing to measure"},
        {"--output.series-of=shop-1",
         "--output.series-of: leaves out hub; allowed: lists with hub"},
        {"--output.series-interval=300ms", "--output.series-interval: does not divide a second"},
        {"--sweep simulation.stop=1h,2h", "--simulation.stop: goes by what is measured"}};
    const std::vector<std::pair<const char*, const char*>> storm{
        {"--traffic.flow-1.kind=udp", "--traffic.flow-1: does not send by TCP all the time"},
        {"--traffic.flow-1.count=10", "--traffic.flow-1: does not send by TCP all the time"},
        {"--restart 5s --restart-for 2s --event.restart.at=5s",
         "--event.restart: is not the crash of hub"},
        {"--fuzz 101%", "--fuzz: '101%'"}};
    const auto refuse =
        [&](const std::string& program, const std::string& arguments, const char* sentence)
    {
        // Small, should it run.
        const std::string small = program == "study-rekey-storm"
                                      ? "--branches 2 --lifetime 20s --cycles 0.5 --runs 1 "
                                      : "--branches 2 --steady 20s --recovery 20s ";
        EXPECT_EQ(Run(program, small + arguments), 2) << program << " " << arguments;
        EXPECT_NE(Complaints().find(std::string("command line: ") + sentence), std::string::npos)
            << Complaints();
        EXPECT_EQ(LineCount(Complaints()), 1u) << Complaints();
        EXPECT_FALSE(fs::exists(Folder()));
    };
    for (const auto& [arguments, sentence] : both)
    {
        refuse("study-rekey-storm", arguments, sentence);
        refuse("study-branch-scale", arguments, sentence);
    }
    for (const auto& [arguments, sentence] : storm)
    {
        refuse("study-rekey-storm", arguments, sentence);
    }
    refuse("study-branch-scale", "--event.restart.for=9s", "--event.restart: is not the crash");
}

TEST_F(Studies, BadOptionsGiveOneLineAndExitStatusTwo)
{
    for (const char* program : {"study-rekey-storm", "study-branch-scale"})
    {
        for (const char* arguments : {"--colour=red",
                                      "--branches=none",
                                      "--loss=300%",
                                      "--sweep=colour=red,blue",
                                      "--hub-cpu=fast",
                                      "--runs=0"})
        {
            EXPECT_EQ(Run(program, arguments), 2) << program << " " << arguments;
            const std::string complaint = Complaints();
            EXPECT_EQ(std::count(complaint.begin(), complaint.end(), '\n'), 1) << complaint;
            EXPECT_EQ(complaint.rfind(std::string(program) + ": command line: ", 0), 0u)
                << complaint;
            EXPECT_EQ(Printed(), "");
            EXPECT_FALSE(fs::exists(Folder()));
        }
    }
    EXPECT_EQ(Run("study-rekey-storm", "--restart=1h"), 2);
    EXPECT_EQ(Run("study-rekey-storm", "--branches=2 --flows=3"), 2);
    EXPECT_NE(Complaints().find("--flows: '3'"), std::string::npos) << Complaints();
}

} // namespace
