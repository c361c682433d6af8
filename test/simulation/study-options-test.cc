// SPDX-License-Identifier: GPL-2.0-only
// The command line of studies: what it makes of parameters and sweeps, and what it refuses.
#include "folder-test.h"

#include "ns3/ipsec-gnuplot.h"
#include "ns3/ipsec-panel-plots.h"
#include "ns3/ipsec-scenario-units.h"
#include "ns3/ipsec-study-plots.h"
#include "ns3/ipsec-study.h"

#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>
#include <stdexcept>

namespace
{

using namespace ns3::ipsec;

Study
Sample()
{
    Study study;
    study.program = "study-sample";
    study.parameters = {
        {"loss", "PERCENT", "0%", "what gets lost", {"internet.loss"}},
        {"first-wait", "TIME|own", "own", "a habit", {"personality.studied.retransmission-first"}},
        {"length", "TIME", "30s", "how long", {}},
        {"lifetime",
         "TIME|own",
         "own",
         "both lifetimes",
         {"tunnel.ab.phase1-lifetime", "tunnel.ab.phase2-lifetime"}}};
    study.sweeps = {"loss=0%,5%"};
    study.runs = 2;
    study.scenario = [](const StudySettings& settings)
    {
        const Duration length = ReadSetting(settings, "length", ParseDuration);
        return "[simulation]\nstop = " +
               std::to_string(std::chrono::duration_cast<std::chrono::seconds>(length).count()) +
               "s\n[internet]\n[personality studied]\n[gateway a]\naddress = 1.1.1.1\n"
               "lan = 10.1.0.0/24\n[gateway b]\naddress = 2.2.2.2\nlan = 10.2.0.0/24\n"
               "[tunnel ab]\nbetween = a, b\npre-shared-key = key\n";
    };
    return study;
}

std::vector<SweepPoint>
PointsOf(const std::vector<std::string>& arguments)
{
    const Study study = Sample();
    return StudyPoints(study, ReadStudyOptions(study, arguments));
}

TEST(StudyOptions, WithoutAnyTheStudysOwnSweepAndRunsCount)
{
    const std::vector<SweepPoint> points = PointsOf({});
    ASSERT_EQ(points.size(), 4u);
    EXPECT_EQ(points[0].Name(), "loss=0%, run 1");
    EXPECT_EQ(points[3].Name(), "loss=5%, run 2");
    EXPECT_EQ(points[3].overrides, std::vector<std::string>{"internet.loss=5%"});
    EXPECT_EQ(points[3].settings.at("length"), "30s");
    EXPECT_EQ(ReadStudyOptions(Sample(), {}).output, "output/study-sample");
}

TEST(StudyOptions, SweepsMakeAGridAndTakeThePlaceOfTheStudys)
{
    const std::vector<SweepPoint> points =
        PointsOf({"--sweep", "length=10s,20s", "--sweep=first-wait=own,1s,2s", "--runs=1"});
    ASSERT_EQ(points.size(), 6u);
    EXPECT_EQ(points[0].Name(), "length=10s, first-wait=own, run 1");
    EXPECT_EQ(points[1].Name(), "length=10s, first-wait=1s, run 1");
    EXPECT_EQ(points[5].Name(), "length=20s, first-wait=2s, run 1");
    EXPECT_EQ(points[0].overrides, std::vector<std::string>{"internet.loss=0%"});
    EXPECT_EQ(points[5].overrides[1], "personality.studied.retransmission-first=2s");
    EXPECT_NE(points[5].scenario.find("stop = 20s"), std::string::npos);
}

TEST(StudyOptions, KeysOfTheScenarioAreSetAndSweptLikeParameters)
{
    const std::vector<SweepPoint> points =
        PointsOf({"--internet.jitter=3ms", "--sweep", "internet.delay=1ms,2ms", "--first-run=7"});
    ASSERT_EQ(points.size(), 4u);
    EXPECT_EQ(points[1].Name(), "internet.delay=1ms, run 8");
    EXPECT_EQ(points[2].overrides,
              (std::vector<std::string>{
                  "internet.loss=0%", "internet.jitter=3ms", "internet.delay=2ms"}));
}

TEST(StudyOptions, KeysThatParametersSetAreTheseParameters)
{
    const std::vector<SweepPoint> set = PointsOf({"--internet.loss=7%", "--runs=1"});
    ASSERT_EQ(set.size(), 1u);
    EXPECT_EQ(set[0].settings.at("loss"), "7%");
    EXPECT_EQ(set[0].overrides.front(), "internet.loss=7%");
    const std::vector<SweepPoint> swept =
        PointsOf({"--sweep", "internet.loss=1%,2%,3%", "--runs=1"});
    ASSERT_EQ(swept.size(), 3u);
    EXPECT_EQ(swept[2].Name(), "loss=3%, run 1");
}

TEST(StudyOptions, AParameterThatIsSetIsNotSweptByTheStudy)
{
    const std::vector<SweepPoint> points = PointsOf({"--loss", "7%"});
    ASSERT_EQ(points.size(), 2u);
    EXPECT_EQ(points[0].Name(), "run 1");
    EXPECT_EQ(points[0].overrides, std::vector<std::string>{"internet.loss=7%"});
}

/// What a user wrote, and what stands in the one line that answers.
struct Mistake
{
    const char* name;
    std::vector<std::string> arguments;
    const char* sentence;
};

void
PrintTo(const Mistake& mistake, std::ostream* out)
{
    *out << mistake.name;
}

class StudyMistake : public testing::TestWithParam<Mistake>
{
};

TEST_P(StudyMistake, IsRefusedInOneLine)
{
    try
    {
        PointsOf(GetParam().arguments);
        FAIL() << "nothing was refused";
    }
    catch (const std::invalid_argument& e)
    {
        const std::string line = e.what();
        EXPECT_EQ(line.rfind("command line: ", 0), 0u) << line;
        EXPECT_NE(line.find(GetParam().sentence), std::string::npos) << line;
        EXPECT_EQ(line.find('\n'), std::string::npos) << line;
    }
}

INSTANTIATE_TEST_SUITE_P(
    Options,
    StudyMistake,
    testing::Values(
        Mistake{"UnknownOption", {"--lose=5%"}, "see --help"},
        Mistake{"Guessed", {"--len=5s"}, "see --help"},
        Mistake{"Positional", {"scenario.ini"}, "a word that is no option"},
        Mistake{"KeyWithoutEqualsSign", {"--internet.jitter", "5ms"}, "SECTION.NAME.KEY=VALUE"},
        Mistake{"RunOfThePoint", {"--simulation.run=2"}, "allowed: --runs, --first-run"},
        Mistake{"SweptRun", {"--sweep=simulation.run=1,2"}, "allowed: --runs, --first-run"},
        Mistake{"Twice", {"--loss=1%", "--loss=2%"}, "see --help"},
        Mistake{
            "UnknownSweep",
            {"--sweep=colour=red"},
            "--sweep: there is no parameter 'colour'; allowed: loss, first-wait, length, lifetime"},
        Mistake{"SweepWithoutValues", {"--sweep=loss"}, "allowed: NAME=VALUE,VALUE,..."},
        Mistake{"SweepOfEmptyValues", {"--sweep=loss=1%,,2%"}, "allowed: NAME=VALUE,VALUE,..."},
        Mistake{"SweepOfEqualValues", {"--sweep=loss=1%,1%"}, "allowed: NAME=VALUE,VALUE,..."},
        Mistake{"SweptTwice", {"--sweep=loss=1%", "--sweep=loss=2%"}, "is swept twice"},
        Mistake{"SetAndSwept", {"--loss=1%", "--sweep=loss=1%,2%"}, "--loss: is set and swept"},
        Mistake{"NoRun", {"--runs=0"}, "--runs: '0'"},
        Mistake{"NoFolder", {"--output", ""}, "--output: '' is no folder; allowed: a path"},
        Mistake{"JobsNoNumber", {"--jobs=all"}, "--jobs: 'all'"},
        Mistake{"TooManyPoints",
                {"--runs=10000", "--sweep=loss=1%,2%,3%,4%,5%,6%,7%,8%,9%,10%,11%"},
                "allowed: 100000"},
        Mistake{"BadValueOfKey", {"--loss=much"}, "--loss: 'much'"},
        Mistake{"BadValueInSweep", {"--sweep=loss=1%,300%"}, "--loss: '300%'"},
        Mistake{"BadValueOfSetting", {"--length=long"}, "--length: 'long' is not a time"},
        Mistake{"UnknownKey", {"--internet.colour=red"}, "internet.colour: is not known; allowed:"},
        Mistake{"KeyTwice", {"--loss=2%", "--internet.loss=1%"}, "see --help"},
        Mistake{
            "KeyOfSeveral",
            {"--tunnel.ab.phase1-lifetime=2h"},
            "--tunnel.ab.phase1-lifetime: 'tunnel.ab.phase1-lifetime' goes with others that the "
            "parameter lifetime sets; allowed: lifetime"}),
    [](const testing::TestParamInfo<Mistake>& info) { return info.param.name; });

TEST(StudyOptions, HelpNamesEveryParameterAndTheSweep)
{
    const std::string help = StudyHelp(Sample());
    for (const char* text :
         {"--loss PERCENT", "--first-wait TIME|own", "--sweep loss=0%,5%", "130 interrupted"})
    {
        EXPECT_NE(help.find(text), std::string::npos) << text << "\n" << help;
    }
}

class StudyRun : public FolderTest
{
  protected:
    std::filesystem::path
    Folder() const
    {
        return m_folder / "out";
    }

    /// Runs the sample with some work, in points that no other number has; returns its exit status.
    int
    Run(int number, const PointWork& work, const std::vector<std::string>& more = {}) const
    {
        Study study = Sample();
        study.work = work;
        study.findings = [](const SweepTable&, const SweepTable&) { return "found\n"; };
        std::vector<std::string> arguments{"study-sample",
                                           "--quiet",
                                           "--jobs=1",
                                           "--runs=1",
                                           "--loss=0%",
                                           "--length=" + std::to_string(number) + "s",
                                           "--output=" + Folder().string()};
        arguments.insert(arguments.end(), more.begin(), more.end());
        std::vector<char*> words;
        for (std::string& argument : arguments)
        {
            words.push_back(argument.data());
        }
        return RunStudy(study, static_cast<int>(words.size()), words.data());
    }
};

PointResult
Succeed(const SweepPoint&)
{
    PointResult result;
    result.results = {{"gap", "s", 1.0}};
    result.costs = {{"cpu", "s", 2.0}};
    return result;
}

PointResult
Fail(const SweepPoint&)
{
    throw std::runtime_error("out of luck");
}

TEST_F(StudyRun, ReportsOfAnEarlierOneDoNotStay)
{
    ASSERT_EQ(Run(1, Succeed), 0);
    Write("out/plots/results.svg", "<svg/>");
    Write("out/notes.txt", "of the user");
    ASSERT_EQ(Contents(Folder() / "findings.txt"), "found\n");
    testing::internal::CaptureStderr();
    EXPECT_EQ(Run(2, Fail), 1);
    EXPECT_NE(testing::internal::GetCapturedStderr().find("out of luck"), std::string::npos);
    for (const char* name : {"findings.txt", "costs.csv", "cost-means.csv", "plots/results.svg"})
    {
        EXPECT_FALSE(std::filesystem::exists(Folder() / name)) << name;
    }
    EXPECT_EQ(LineCount(Contents(Folder() / "results.csv")), 1u);
    EXPECT_EQ(Contents(Folder() / "notes.txt"), "of the user");
    // Its points do: they need not be computed again.
    EXPECT_EQ(Run(1, Fail), 0);
    EXPECT_EQ(Contents(Folder() / "findings.txt"), "found\n");
}

TEST_F(StudyRun, JsonHasEveryRun)
{
    const std::string file = (m_folder / "runs.json").string();
    ASSERT_EQ(Run(1, Succeed, {"--json", file}), 0);
    const std::string json = Contents(file);
    for (const char* text : {"\"study\": \"study-sample\"",
                             "\"gap\": \"s\"",
                             "\"run\": 1",
                             "\"gap\": 1",
                             "\"cpu\": 2"})
    {
        EXPECT_NE(json.find(text), std::string::npos) << text << "\n" << json;
    }
    testing::internal::CaptureStderr();
    EXPECT_EQ(Run(1, Succeed, {"--json", (m_folder / "none" / "runs.json").string()}), 2);
    EXPECT_EQ(LineCount(testing::internal::GetCapturedStderr()), 1u);
}

TEST_F(StudyRun, JsonGoesToStandardOutputAlone)
{
    const std::filesystem::path before = std::filesystem::current_path();
    std::filesystem::current_path(m_folder);
    testing::internal::CaptureStdout();
    EXPECT_EQ(Run(1, Succeed, {"--json", "-"}), 0);
    const std::string json = testing::internal::GetCapturedStdout();
    std::filesystem::current_path(before);
    EXPECT_FALSE(std::filesystem::exists(m_folder / "-"));
    EXPECT_EQ(json.front(), '{');
    EXPECT_NE(json.find("\"study\": \"study-sample\""), std::string::npos) << json;
    EXPECT_TRUE(ReadStudyOptions(Sample(), {"--json=-"}).isQuiet);
}

TEST_F(StudyRun, FailuresAreNamedThoughNothingCanBeWritten)
{
    std::filesystem::create_directories(Folder() / "results.csv" / "inside");
    testing::internal::CaptureStderr();
    EXPECT_EQ(Run(1, Fail), 2);
    const std::string complaints = testing::internal::GetCapturedStderr();
    EXPECT_EQ(complaints.rfind("study-sample: run 1: exit status 1: out of luck\n", 0), 0u)
        << complaints;
    EXPECT_NE(complaints.find("results.csv cannot be replaced"), std::string::npos) << complaints;
    EXPECT_EQ(LineCount(complaints), 2u) << complaints;
}

TEST_F(StudyRun, ALogarithmicAxisHasNumbersEnough)
{
    const auto tics = [&](double least, double most)
    {
        Panel panel;
        panel.hasLogY = true;
        panel.lines.push_back({"", PanelStyle::Line, {{100, least}, {400, most}}});
        DrawPanels(m_folder.string(), {"a", "A", 1, {panel}});
        const std::string program = Contents(m_folder / "a.plt");
        const size_t begin = program.find("set ytics (");
        return program.substr(begin, program.find('\n', begin) - begin);
    };
    EXPECT_EQ(tics(26.5, 37.2), "set ytics (20, 30, 40)");
    EXPECT_EQ(tics(0.0265, 0.0267), "set ytics (0.02, 0.025, 0.03)");
    EXPECT_EQ(tics(30, 100), "set ytics (40, 60, 80, 100, 120)");
    EXPECT_EQ(tics(10, 400), "set ytics (10, 20, 50, 100, 200, 500)");
}

TEST_F(StudyRun, GnuplotThatFailsIsNotGnuplotThatIsMissing)
{
    const std::string path = std::getenv("PATH");
    std::filesystem::create_directories(m_folder / "bin");
    const std::string program = Write("bin/gnuplot", "#!/bin/sh\nexit 3\n");
    setenv("PATH", (m_folder / "bin").c_str(), 1);
    const auto run = [&]() { return RunGnuplot(m_folder.string(), "a.plt"); };
    EXPECT_NE(run().find("gnuplot cannot be run (Permission denied)"), std::string::npos) << run();
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    EXPECT_NE(run().find("gnuplot failed with exit status 3"), std::string::npos) << run();
    std::filesystem::remove(program);
    EXPECT_NE(run().find("gnuplot is not installed"), std::string::npos) << run();
    setenv("PATH", path.c_str(), 1);
}

/// Returns how often a text has another one in it.
size_t
Occurrences(const std::string& text, const std::string& part)
{
    size_t count = 0;
    for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    {
        count++;
    }
    return count;
}

TEST_F(StudyRun, PicturesOfTwoParametersCanBeRead)
{
    std::vector<SweepPoint> points;
    SweepOutcome outcome;
    for (const char* branches : {"100", "300", "1000"})
    {
        for (int cpu = 1; cpu <= 9; cpu++)
        {
            for (const uint64_t run : {1, 2})
            {
                SweepPoint point;
                point.parameters = {{"branches", branches},
                                    {"hub-cpu", "cpu" + std::to_string(cpu)}};
                point.run = run;
                points.push_back(point);
                PointResult result;
                // Of 1 and 3 the interval is from -10.7 to 14.7.
                result.results = {{"up", "s", 2.0 * static_cast<double>(run) - 1},
                                  {"back", "s", 5.0}};
                outcome.results.emplace_back(result);
            }
        }
    }
    Study study;
    study.charts = {{"both", "Time", "s", {{"up", "first"}, {"back", "again"}}, true, 100},
                    {"one", "Alone", "s", {{"up", ""}}}};
    const SweepTable table = MakeSweepTable(points, outcome, SweepNumbers::Results);
    const std::string note = PlotStudy(study, Folder().string(), table, {}, points, outcome);
    const bool hasGnuplot = std::system("gnuplot --version >/dev/null 2>&1") == 0;
    EXPECT_EQ(note.empty(), hasGnuplot) << note;
    const std::string program = Contents(Folder() / "plots" / "results.plt");
    // Twice, as SVG and as PNG: a panel for each processor, in logarithmic axes whose numbers are
    // those of the sweep.
    for (const char* text : {"\"Time, cpu1\"", "\"Time, cpu6 (3 more not shown)\""})
    {
        EXPECT_EQ(Occurrences(program, text), 2u) << text << "\n" << program;
    }
    EXPECT_EQ(Occurrences(program, "set logscale x"), 2u * 6);
    EXPECT_EQ(Occurrences(program, "set xtics (100, 300, 1000)"), 2u * 6);
    // One panel with a line for each, as many as there are colours.
    EXPECT_EQ(Occurrences(program, "\"Alone (1 more not shown)\""), 2u);
    EXPECT_EQ(Occurrences(program, "title \"cpu8\""), 2u);
    EXPECT_EQ(Occurrences(program, "title \"cpu9\""), 0u);
    // Where a bar is cut off there is a triangle.
    EXPECT_EQ(Occurrences(program, "pt 11"), 2u * (6 + 8));
}

TEST(SweepAxis, TimesBecomeSecondsAndOtherUnitsStay)
{
    const SweepAxis times = MakeSweepAxis("lifetime", {"90s", "2min", "1h"});
    EXPECT_EQ(times.label, "lifetime (s)");
    EXPECT_EQ(times.positions, (std::vector<double>{90, 120, 3600}));
    EXPECT_TRUE(times.isLogarithmic);
    const SweepAxis shares = MakeSweepAxis("fuzz", {"0%", "50%"});
    EXPECT_EQ(shares.label, "fuzz (%)");
    EXPECT_EQ(shares.positions, (std::vector<double>{0, 50}));
    EXPECT_FALSE(shares.isLogarithmic);
    EXPECT_EQ(MakeSweepAxis("branches", {"10", "1000"}).label, "branches");
}

TEST(SweepAxis, WordsAndMixedUnitsAreCategories)
{
    const SweepAxis words = MakeSweepAxis("renewer", {"either", "nobody"});
    EXPECT_EQ(words.positions, (std::vector<double>{1, 2}));
    EXPECT_EQ(words.categories, (std::vector<std::string>{"either", "nobody"}));
    EXPECT_EQ(MakeSweepAxis("fuzz", {"own", "0%", "50%"}).categories.size(), 3u);
    EXPECT_EQ(MakeSweepAxis("rate", {"1Mbps", "500kbps"}).categories.size(), 2u);
}

TEST(StudyOptions, WhatContradictsTheScenarioNamesNoFileThatNobodyHas)
{
    Study study = Sample();
    const auto begin = study.scenario;
    study.scenario = [begin](const StudySettings& settings)
    { return begin(settings) + "[event e]\nkind = crash\ntarget = a\nat = 20s\nfor = 1s\n"; };
    try
    {
        StudyPoints(study, ReadStudyOptions(study, {"--simulation.stop=5s"}));
        FAIL() << "the event would be behind the end";
    }
    catch (const std::invalid_argument& e)
    {
        EXPECT_EQ(std::string(e.what()).rfind("command line: the scenario of the study contradicts "
                                              "these options: event.e.at: is not before the end",
                                              0),
                  0u)
            << e.what();
    }
}

} // namespace
