// SPDX-License-Identifier: GPL-2.0-only
// Sweeps: points side by side, resumed, failing, interrupted.
#include "folder-test.h"

#include "ns3/ipsec-csv.h"
#include "ns3/ipsec-study-findings.h"
#include "ns3/ipsec-sweep-progress.h"
#include "ns3/ipsec-sweep-store.h"
#include "ns3/ipsec-sweep-table.h"
#include "ns3/ipsec-sweep.h"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>
#include <stdexcept>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace
{

using namespace ns3::ipsec;
namespace fs = std::filesystem;

/// Two runs of each of some numbers.
std::vector<SweepPoint>
Points(size_t numbers)
{
    std::vector<SweepPoint> points;
    for (size_t number = 0; number < numbers; number++)
    {
        for (uint64_t run = 1; run <= 2; run++)
        {
            SweepPoint point;
            point.parameters = {{"number", std::to_string(number)}};
            point.settings = {{"number", std::to_string(number)}};
            point.run = run;
            point.scenario = "[simulation]\n";
            points.push_back(point);
        }
    }
    return points;
}

double
NumberIn(const SweepPoint& point)
{
    return std::strtod(point.settings.at("number").c_str(), nullptr);
}

PointResult
Square(const SweepPoint& point)
{
    const double number = NumberIn(point);
    PointResult result;
    result.results.push_back({"square", "", number * number / 3});
    result.results.push_back({"run", "", static_cast<double>(point.run)});
    result.traces.push_back({"line", "", {{0.1, number}, {0.2, number + 1}}});
    if (number == 1)
    {
        result.results.push_back({"lost-Replayed", "packets", 4.0});
    }
    return result;
}

/// Takes longer the smaller the number, so that the order of ends is not that of begins.
PointResult
SlowSquare(const SweepPoint& point)
{
    volatile double sum = 0;
    for (int i = 0; i < 100000 * (6 - static_cast<int>(NumberIn(point))); i++)
    {
        sum = sum + i;
    }
    return Square(point);
}

class Sweep : public FolderTest
{
  protected:
    std::string
    Folder(const std::string& name = "points") const
    {
        return (m_folder / name).string();
    }

    /// Work that leaves an octet behind each time it is done.
    PointWork
    Counted() const
    {
        const std::string path = Folder("count");
        return [path](const SweepPoint& point)
        {
            std::ofstream(path, std::ios::app) << '.' << std::flush;
            return Square(point);
        };
    }

    size_t
    Count() const
    {
        return fs::exists(Folder("count")) ? fs::file_size(Folder("count")) : 0;
    }
};

std::string
AllTables(const std::vector<SweepPoint>& points, const SweepOutcome& outcome)
{
    const SweepTable table = MakeSweepTable(points, outcome, SweepNumbers::Results);
    return RunsCsv(table) + MeansCsv(table) + TracesCsv(points, outcome);
}

TEST_F(Sweep, TablesAreTheSameWhateverTheParallelism)
{
    const std::vector<SweepPoint> points = Points(6);
    const std::string serial =
        AllTables(points, RunSweep(points, SlowSquare, {Folder("1"), 1, false}));
    EXPECT_EQ(serial, AllTables(points, RunSweep(points, SlowSquare, {Folder("5"), 5, false})));
    EXPECT_EQ(serial, AllTables(points, RunSweep(points, SlowSquare, {Folder("0"), 0, false})));
    // And as they are read again.
    EXPECT_EQ(serial, AllTables(points, RunSweep(points, SlowSquare, {Folder("5"), 3, false})));
}

TEST_F(Sweep, TablesAreTidy)
{
    const std::vector<SweepPoint> points = Points(2);
    const SweepOutcome outcome = RunSweep(points, Square, {Folder(), 2, false});
    const SweepTable table = MakeSweepTable(points, outcome, SweepNumbers::Results);
    EXPECT_EQ(RunsCsv(table),
              "number,run,metric,unit,value\n"
              "0,1,square,,0\n0,1,run,,1\n0,1,lost-Replayed,packets,0\n"
              "0,2,square,,0\n0,2,run,,2\n0,2,lost-Replayed,packets,0\n"
              "1,1,square,,0.333333333333\n1,1,run,,1\n1,1,lost-Replayed,packets,4\n"
              "1,2,square,,0.333333333333\n1,2,run,,2\n1,2,lost-Replayed,packets,4\n");
    // Of 1 and 2: the deviation is 0.707107, and t of one degree of freedom 12.7062.
    EXPECT_NE(MeansCsv(table).find(
                  "0,run,,2,0,1.5,0.707106781187,6.35310236809,-4.85310236809,7.85310236809\n"),
              std::string::npos)
        << MeansCsv(table);
    EXPECT_EQ(
        TracesCsv(points, outcome)
            .rfind("number,run,time,metric,unit,value\n0,1,0.1,line,,0\n0,1,0.2,line,,1\n", 0),
        0u);
}

TEST_F(Sweep, FinishedPointsAreNotRunAgain)
{
    const std::vector<SweepPoint> points = Points(3);
    EXPECT_EQ(RunSweep(points, Counted(), {Folder(), 2, false}).foundFinished, 0u);
    EXPECT_EQ(Count(), 6u);
    EXPECT_EQ(RunSweep(points, Counted(), {Folder(), 2, false}).foundFinished, 6u);
    EXPECT_EQ(Count(), 6u);
}

TEST_F(Sweep, MorePointsAreAddedToThoseThatAreFinished)
{
    RunSweep(Points(2), Counted(), {Folder(), 2, false});
    EXPECT_EQ(RunSweep(Points(3), Counted(), {Folder(), 2, false}).foundFinished, 4u);
    EXPECT_EQ(Count(), 6u);
}

TEST_F(Sweep, WhateverAResultDependsOnMakesItAnotherPoint)
{
    const std::vector<SweepPoint> old = Points(1);
    RunSweep(old, Counted(), {Folder(), 1, false});
    std::vector<SweepPoint> points(4, old.front());
    points[0].scenario += "stop = 5s\n";
    points[1].overrides.push_back("simulation.stop=5s");
    points[2].settings["lifetime"] = "600s";
    points[3].run = 3;
    EXPECT_EQ(RunSweep(points, Counted(), {Folder(), 1, false}).foundFinished, 0u);
    EXPECT_EQ(Count(), 2u + 4u);
    // But not how it is shown.
    points[0].parameters.clear();
    points[0].weight = 7;
    EXPECT_EQ(RunSweep(points, Counted(), {Folder(), 1, false}).foundFinished, 4u);
}

TEST_F(Sweep, DefaultsThatTheEnvironmentChangesMakeItAnotherPoint)
{
    const SweepPoint point = Points(1).front();
    const std::string plain = SweepStore(Folder()).KeyOf(point);
    for (const std::string name : {"NS_ATTRIBUTE_DEFAULT", "NS_GLOBAL_VALUE"})
    {
        setenv(name.c_str(), "ns3::TcpSocket::SegmentSize=100", 1);
        EXPECT_NE(SweepStore(Folder()).KeyOf(point), plain) << name;
        const std::string command = name + "='ns3::TcpSocket::SegmentSize=100' ipsec-lab THIS-FILE";
        EXPECT_NE(ScenarioFileText(point).find(command), std::string::npos) << name;
        unsetenv(name.c_str());
    }
    EXPECT_EQ(SweepStore(Folder()).KeyOf(point), plain);
}

TEST(SweepStore, KnowsTheProgramAndTheLibrariesThatResultsDependOn)
{
    const std::vector<std::string> files = ComputingFiles();
    for (const char* part : {"program ", "ns3", "libcrypto"})
    {
        const auto found = std::find_if(files.begin(),
                                        files.end(),
                                        [&](const std::string& file)
                                        { return file.find(part) != std::string::npos; });
        ASSERT_NE(found, files.end()) << part;
        std::istringstream words(*found);
        std::string name;
        uintmax_t size = 0;
        std::string build;
        words >> name >> size >> build;
        EXPECT_GT(size, 1000u) << *found;
        EXPECT_GE(build.size(), 16u) << *found;
    }
}

TEST_F(Sweep, AFileThatCannotBeWrittenIsAsItWasAndLeavesNothingBeside)
{
    fs::create_directories(m_folder / "taken" / "inside");
    EXPECT_THROW(ReplaceFile(Folder("taken"), "text"), std::invalid_argument);
    ReplaceFile(Folder("file"), "old");
    // As if the disk were full.
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    rlimit limit{};
    ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &limit), 0);
    rlimit nothing = limit;
    nothing.rlim_cur = 0;
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &nothing), 0);
    EXPECT_THROW(ReplaceFile(Folder("file"), "new"), std::invalid_argument);
    setrlimit(RLIMIT_FSIZE, &limit);
    std::signal(SIGXFSZ, handler);
    EXPECT_EQ(Contents(Folder("file")), "old");
    EXPECT_EQ(std::distance(fs::directory_iterator(m_folder), fs::directory_iterator()), 2);
}

TEST_F(Sweep, HalfAResultIsNone)
{
    const std::vector<SweepPoint> points = Points(1);
    RunSweep(points, Counted(), {Folder(), 1, false});
    const std::string path = Folder() + "/" + SweepStore(Folder()).KeyOf(points[0]) + ".csv";
    fs::resize_file(path, fs::file_size(path) - 5);
    EXPECT_EQ(RunSweep(points, Counted(), {Folder(), 1, false}).foundFinished, 1u);
    EXPECT_EQ(Count(), 3u);
}

TEST_F(Sweep, FailingPointsAreNamedWithTheirStatusAndTheOthersFinish)
{
    const std::vector<SweepPoint> points = Points(4);
    const SweepOutcome outcome = RunSweep(points,
                                          [](const SweepPoint& point)
                                          {
                                              if (point.run == 2 && NumberIn(point) == 0)
                                              {
                                                  throw std::invalid_argument("no such\nthing");
                                              }
                                              if (point.run == 2 && NumberIn(point) == 1)
                                              {
                                                  throw std::runtime_error("out of luck");
                                              }
                                              if (point.run == 2 && NumberIn(point) == 2)
                                              {
                                                  std::signal(SIGABRT, SIG_DFL);
                                                  std::abort();
                                              }
                                              return Square(point);
                                          },
                                          {Folder(), 3, false});
    ASSERT_EQ(outcome.failures.size(), 3u);
    EXPECT_EQ(outcome.failures[0], "number=0, run 2: exit status 2: no such");
    EXPECT_EQ(outcome.failures[1], "number=1, run 2: exit status 1: out of luck");
    EXPECT_EQ(outcome.failures[2], "number=2, run 2: ended by signal 6 (Aborted)");
    EXPECT_EQ(outcome.signal, 0);
    EXPECT_EQ(std::count(outcome.results.begin(), outcome.results.end(), std::nullopt), 3);
    // A failure is nothing that is kept: the next sweep tries again.
    const SweepOutcome again = RunSweep(points, Square, {Folder(), 3, false});
    EXPECT_EQ(again.foundFinished, 5u);
    EXPECT_TRUE(again.failures.empty());
}

/// Sweeps two points of which the second never ends; exits with the signal that ended the sweep.
[[noreturn]] void
SweepForEver(const std::vector<SweepPoint>& points, const std::string& folder, int pipe)
{
    // Whoever runs the tests may ignore it.
    std::signal(SIGINT, SIG_DFL);
    const SweepOutcome outcome =
        RunSweep(points,
                 [&](const SweepPoint& point)
                 {
                     if (point.run == 2)
                     {
                         const pid_t self = getpid();
                         if (write(pipe, &self, sizeof(self)) == sizeof(self))
                         {
                             pause();
                         }
                     }
                     return Square(point);
                 },
                 {folder, 1, false});
    std::ofstream(folder + ".csv")
        << RunsCsv(MakeSweepTable(points, outcome, SweepNumbers::Results)) << std::flush;
    const bool isWhole = outcome.failures.empty() && outcome.results[0] && !outcome.results[1];
    _exit(isWhole ? outcome.signal : 99);
}

TEST_F(Sweep, InterruptedItEndsItsChildrenAndKeepsWhatIsFinished)
{
    for (const int signal : {SIGINT, SIGTERM})
    {
        const std::string folder = Folder(std::to_string(signal));
        std::vector<SweepPoint> points = Points(1);
        points[0].weight = 2;
        int ends[2];
        ASSERT_EQ(pipe(ends), 0);
        const pid_t sweep = fork();
        if (sweep == 0)
        {
            SweepForEver(points, folder, ends[1]);
        }
        pid_t worker = 0;
        ASSERT_EQ(read(ends[0], &worker, sizeof(worker)), static_cast<ssize_t>(sizeof(worker)));
        kill(sweep, signal);
        int status = 0;
        ASSERT_EQ(waitpid(sweep, &status, 0), sweep);
        EXPECT_TRUE(WIFEXITED(status));
        EXPECT_EQ(WEXITSTATUS(status), signal);
        EXPECT_EQ(kill(worker, 0), -1) << "the child is still there";
        EXPECT_EQ(Contents(folder + ".csv"),
                  "number,run,metric,unit,value\n0,1,square,,0\n0,1,run,,1\n");
        for (const auto& entry : fs::directory_iterator(folder))
        {
            const std::string extension = entry.path().extension().string();
            EXPECT_TRUE(extension == ".csv" || extension == ".ini") << entry.path();
        }
        const SweepOutcome rest = RunSweep(points, Square, {folder, 1, false});
        EXPECT_EQ(rest.foundFinished, 1u);
        EXPECT_TRUE(rest.results[1]);
        close(ends[0]);
        close(ends[1]);
    }
}

TEST_F(Sweep, KeepsTheScenarioForTheLab)
{
    std::vector<SweepPoint> points = Points(1);
    points[0].overrides = {"internet.loss=5%"};
    RunSweep(points, Square, {Folder(), 1, false});
    EXPECT_EQ(Contents(Folder() + "/" + SweepStore(Folder()).KeyOf(points[0]) + ".ini"),
              "; number=0, run 1\n;\n;     ipsec-lab THIS-FILE --run 1 \\\n"
              ";         '--internet.loss=5%'\n\n[simulation]\n");
}

/// A table of one measure with these values at one and the other value of a parameter.
SweepTable
TwoGroups(const std::vector<double>& one, const std::vector<double>& other)
{
    SweepTable table;
    table.parameters = {"fuzz"};
    table.measures = {{"gap", "s"}};
    for (const auto& values : {one, other})
    {
        SweepGroup group;
        group.parameters = {{"fuzz", table.groups.empty() ? "0%" : "50%"}};
        for (const double value : values)
        {
            group.runs.push_back({group.runs.size() + 1, {{"gap", value}}});
        }
        table.groups.push_back(group);
    }
    return table;
}

TEST(SweepFindings, WhatHardlyDiffersIsNoLine)
{
    const NamedMeasures gap{{"gap", "gap"}};
    EXPECT_EQ(ExtremesText(TwoGroups({5.99, 5.991}, {5.992, 5.993}), gap), "");
    EXPECT_EQ(ExtremesText(TwoGroups({5.9, 6.1}, {6.0, 6.2}), gap), "");
    EXPECT_EQ(
        ExtremesText(TwoGroups({6, 6.001}, {6.2, 6.201}), gap),
        "  gap (s): least 6.00 +- 0.01 at fuzz=0%, most 6.20 +- 0.01 at fuzz=50%, 1.03 times; "
        "the intervals do not overlap\n");
    EXPECT_EQ(ExtremesText(TwoGroups({2}, {6}), gap),
              "  gap (s): least 2.00 at fuzz=0%, most 6.00 at fuzz=50%, 3.00 times; too few runs "
              "for intervals\n");
}

TEST(SweepProgress, TellsTheTimeLeftByWhatIsFinished)
{
    using std::chrono::seconds;
    EXPECT_EQ(TimeLeft(seconds(30), 1, 4), seconds(90));
    EXPECT_EQ(TimeLeft(seconds(30), 0, 4), std::nullopt);
    EXPECT_EQ(ProgressLine(5, 10, 0.5, seconds(75)),
              "[###############...............] 5 of 10 runs, 1:15 left");
    EXPECT_EQ(ProgressLine(0, 10, 0, std::nullopt),
              "[..............................] 0 of 10 runs");
}

TEST(SweepCsv, FieldsComeBackAsTheyWere)
{
    const std::vector<std::string> fields{"a", "", "b,c", "say \"no\"", "1.5"};
    const std::string row = CsvRow(fields);
    EXPECT_EQ(row, "a,,\"b,c\",\"say \"\"no\"\"\",1.5\n");
    EXPECT_EQ(SplitCsvRow(row.substr(0, row.size() - 1)), fields);
    EXPECT_EQ(NumberOf(ExactText(0.1)), 0.1);
    EXPECT_EQ(NumberOf("12s"), std::nullopt);
    EXPECT_EQ(NumberText(std::nullopt), "");
    EXPECT_EQ(NumberText(12345678), "12345678") << "counts are whole";
    EXPECT_EQ(NumberText(0.1 + 0.2), "0.3");
}

} // namespace
