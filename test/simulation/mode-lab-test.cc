// SPDX-License-Identifier: GPL-2.0-only
// Runs the lab about main mode and aggressive mode, as a student does, and holds its handout to
// what it says.
#include "lab-program-test.h"

#include <map>

namespace ns3
{
namespace ipsec
{
namespace
{

class ModeLabProgram : public LabProgramTest
{
  protected:
    ModeLabProgram()
        : LabProgramTest("main-vs-aggressive")
    {
    }
};

TEST_F(ModeLabProgram, ShowsBothModesAndWritesWhatItShows)
{
    const std::string words = Write("words", "aardvark\nbutterfly\nzebra\n");
    const ProgramRun run = Lab("--runs 2 --round-trips 40ms --losses 0%,20% --weak-key zebra "
                               "--words " +
                               words);
    ASSERT_EQ(run.status, 0) << run.err;
    for (const char* text :
         {"|=== main 5: ID HASH",
          "|--- aggressive 1: SA",
          "messages                                    6                           3\n",
          "of them encrypted                           2                           ",
          "names in clear                              none                        "
          "fast-a.example.org, fast-b.example.org\n",
          "hash to try keys with, in clear             none                        HASH_R\n",
          "nothing but addresses and proposals",
          "HASH_R of fast-b is enough",
          "3 words of",
          "FOUND: it is word 3, \"zebra\"",
          "key \"a-key-for-the-fast-pair\"   not found: none of 3 words fits",
          "key \"a-key-for-the-slow-pair\"   not found: none of 3 words fits",
          "guesses in aggressive mode",
          "128 random bits"})
    {
        EXPECT_TRUE(run.Says(text)) << text << "\n" << run.out;
    }
    // Both modes, two sweeps over one round trip, and two losses.
    const std::filesystem::path out = m_folder / "out";
    EXPECT_EQ(LineCount(Contents(out / "sweep.csv")), 1u + 2 * (2 + 2));
    EXPECT_EQ(LineCount(Contents(out / "sweep-runs.csv")), 1u + 2 * 2 * (2 + 2));
    EXPECT_GT(LineCount(Contents(out / "amplification.csv")), 20u);
    ExpectFiles({"pcap/fast-b-internet.pcap",
                 "weak-key/pcap/fast-b-internet.pcap",
                 "impostor/pcap/slow-a-internet.pcap",
                 "impostor-weak-key/pcap/slow-a-internet.pcap",
                 "results.json",
                 "report.html",
                 "ladder.svg",
                 "wireshark/ikev1_decryption_table",
                 "plots/established-over-round-trip.svg",
                 "plots/established-over-round-trip.png",
                 "plots/established-over-loss.svg",
                 "plots/amplification.svg"});
}

TEST_F(ModeLabProgram, SameSeedGivesTheSameTables)
{
    const std::string words = Write("words", "zebra\n");
    const std::string arguments =
        "--runs 3 --round-trips 40ms --losses 20% --sweep-loss 30% --words " + words;
    ASSERT_EQ(Lab(arguments + " --jobs 1").status, 0);
    const std::string first = Contents(m_folder / "out/sweep-runs.csv");
    std::filesystem::remove_all(m_folder / "out");
    ASSERT_EQ(Lab(arguments + " --jobs 3").status, 0);
    EXPECT_EQ(first, Contents(m_folder / "out/sweep-runs.csv"));
    ASSERT_EQ(Lab(arguments + " --seed 2").status, 0);
    EXPECT_NE(first, Contents(m_folder / "out/sweep-runs.csv"));
}

TEST_F(ModeLabProgram, FinishedRunsAreKeptAndOldTablesAreNot)
{
    namespace fs = std::filesystem;
    const std::string arguments =
        "--quiet --round-trips 40ms --losses 0% --words " + Write("words", "zebra\n");
    ASSERT_EQ(Lab(arguments + " --runs 1").status, 0);
    const fs::path out = m_folder / "out";
    std::map<fs::path, fs::file_time_type> kept;
    for (const auto& entry : fs::directory_iterator(out / "points"))
    {
        kept[entry.path()] = entry.last_write_time();
    }
    // The path of 40 ms without loss belongs to both sweeps: two paths, two files each.
    EXPECT_EQ(kept.size(), 4U);
    const ProgramRun more = Lab(arguments + " --runs 2");
    ASSERT_EQ(more.status, 0);
    EXPECT_EQ(more.out, "");
    for (const auto& [path, time] : kept)
    {
        EXPECT_EQ(fs::last_write_time(path), time) << path;
    }
    EXPECT_TRUE(fs::exists(out / "plots/established-over-loss.svg.plt"));
    ASSERT_EQ(Lab(arguments + " --runs 0").status, 0);
    for (const char* old : {"sweep.csv",
                            "sweep-runs.csv",
                            "plots/established-over-loss.svg.plt",
                            "plots/established-over-loss.dat",
                            "plots/established-over-round-trip.svg"})
    {
        EXPECT_FALSE(fs::exists(out / old)) << old;
    }
    EXPECT_TRUE(fs::exists(out / "plots/amplification.svg.plt"));
}

TEST_F(ModeLabProgram, WordsOfTheSystemAreTriedWhereTheyAre)
{
    const std::string standard = "/usr/share/dict/words";
    const ProgramRun run = Lab("--runs 0 --weak-key aardvark");
    ASSERT_EQ(run.status, 0) << run.err;
    if (std::filesystem::exists(standard))
    {
        EXPECT_TRUE(run.Says(" words of " + standard)) << run.out;
        EXPECT_TRUE(run.Says("FOUND: it is word ")) << run.out;
        EXPECT_TRUE(run.Says(", \"aardvark\"")) << run.out;
        EXPECT_EQ(run.err, "");
        return;
    }
    const std::string why = "word list " + standard + " cannot be read";
    EXPECT_TRUE(run.Says("left out: " + why)) << run.out;
    EXPECT_NE(run.err.find("parts 5 and 6 are left out: " + why), std::string::npos) << run.err;
    EXPECT_TRUE(run.Says("7. What one spoofed first message sets off")) << run.out;
}

TEST_F(ModeLabProgram, AnswersLeaveTheOutputFolderAlone)
{
    const std::filesystem::path out = m_folder / "out";
    ASSERT_EQ(Lab("--solutions").status, 0);
    EXPECT_FALSE(std::filesystem::exists(out));
    EXPECT_EQ(Lab("--answers " + Write("answers.ini", "[answers]\n1 = 6\n")).status, 1);
    EXPECT_FALSE(std::filesystem::exists(out));
    const ProgramRun nowhere =
        Run(std::string(IPSEC_EXAMPLES) + "/lab-main-vs-aggressive", "--output \"\"");
    EXPECT_EQ(nowhere.status, 2);
    EXPECT_EQ(nowhere.err,
              "lab-main-vs-aggressive: command line: --output: is empty; allowed: a folder\n");
}

TEST_F(ModeLabProgram, AnswersMayBeWrittenAsTheProgramWritesThem)
{
    const ProgramRun run = Lab(
        "--answers " + Write("answers.ini",
                             "[answers]\n7 = 900ms\n10 = fast-a.example.org fast-b.example.org\n"
                             "12 = HASH_R\n13 = main 5\n"));
    for (const char* right : {"  right   7  ", "  right  10  ", "  right  12  ", "  right  13  "})
    {
        EXPECT_TRUE(run.Says(right)) << run.out;
    }
    const ProgramRun wrong = Lab("--answers " + Write("other.ini",
                                                      "[answers]\n1 = six\n12 = HASH_I\n"
                                                      "13 = main 3\n7 = long\n"));
    EXPECT_TRUE(wrong.Says("\n0 of 16 exercises are right")) << wrong.out;
    EXPECT_TRUE(wrong.Says("form: write a number of messages\n")) << wrong.out;
    EXPECT_TRUE(wrong.Says("form: write a number of ms\n")) << wrong.out;
}

TEST_F(ModeLabProgram, ExchangeThatNeverEndsHasNoAnswers)
{
    const ProgramRun run = Lab("--solutions --internet.loss=60% --seed 2");
    ASSERT_EQ(run.status, 0) << run.err;
    EXPECT_TRUE(run.Says("\n1 = none\n2 = none\n3 = none\n4 = none\n5 = none\n6 = none\n"))
        << run.out;
}

TEST_F(ModeLabProgram, HandoutAgreesWithTheProgram)
{
    ExpectHandoutToAgree(16);
}

TEST_F(ModeLabProgram, FindingsAreThereAsJson)
{
    // 7 rows of repetitions for each mode, and one for each mode of ten personalities.
    ExpectFindings("--runs 1 --round-trips 40ms --losses 0% --words " + Write("words", "zebra\n"),
                   {{"messages", 9},
                    {"modes", 2},
                    {"eavesdropper", 4},
                    {"sweeps", 6},
                    {"attacks", 4},
                    {"keys", 9},
                    {"amplification", 34}});
}

TEST_F(ModeLabProgram, WrongAnswersGetAHint)
{
    const ProgramRun run = Lab("--answers " + Write("answers.ini", "[answers]\n1 = 6\n2 = 4\n"));
    EXPECT_EQ(run.status, 1);
    EXPECT_TRUE(run.Says("  right   1  6\n")) << run.out;
    EXPECT_TRUE(run.Says("  WRONG   2  4\n")) << run.out;
    EXPECT_TRUE(run.Says("hint: count the arrows named aggressive in the ladder\n")) << run.out;
}

TEST_F(ModeLabProgram, AnswersFollowTheScenario)
{
    // Both modes with signatures: nothing to guess with, for anybody.
    const ProgramRun run = Lab("--solutions --tunnel.slow.auth=rsa --tunnel.fast.auth=rsa");
    ASSERT_EQ(run.status, 0) << run.err;
    EXPECT_TRUE(run.Says("\n12 = none\n13 = none\n")) << run.out;
}

TEST_F(ModeLabProgram, BadInputIsOneLine)
{
    const std::pair<std::string, std::string> mistakes[] = {
        {"--luck", "command line: unrecognised option '--luck'; see --help"},
        {"--runs many", "command line: --runs: 'many' is not a number from 0 to 10000"},
        {"--losses 5", "command line: --losses: '5' "},
        {"--losses 61%", "command line: --losses: '61%' "},
        {"--round-trips 5", "command line: --round-trips: '5' "},
        {"--round-trips 11s",
         "command line: --round-trips: '11s' is too long; allowed: 10s at most"},
        {"--run x", "command line: simulation.run: 'x' "},
        {"--jobs x", "command line: --jobs: 'x' "},
        {"--sweep-loss x", "command line: --sweep-loss: 'x' "},
        {"one.ini two.ini", "command line: 'two.ini' is a second scenario; allowed: one"},
        {"nowhere.ini", "nowhere.ini: cannot be read"},
        {"--words /nowhere/words",
         "word list /nowhere/words cannot be read: No such file or directory; install Debian's "
         "package wamerican, or give --words FILE"},
        {"--answers " + Write("a.ini", "[answers]\n99 = 1\n"),
         "a.ini:2: answers.99: there is no such exercise; allowed: 1 to 16"},
        {"--answers " + Write("b.ini", "[anwsers]\n1 = 1\n"),
         "b.ini:1: there is no section 'anwsers'; allowed: answers"},
        {"--tunnel.slow.mode=aggressive", "has no tunnel with mode = main"},
        {"--tunnel.slow.start=traffic --traffic.slow-ping.from=pc-fast-a "
         "--traffic.slow-ping.to=pc-fast-b",
         "tunnel slow sent no message of phase 1"},
        {"examples/scenarios/pfs.ini", "has no tunnel with mode = aggressive"},
        {"--tunnel.slow.luck=1", "luck"}};
    for (const auto& [arguments, sentence] : mistakes)
    {
        ExpectRefusal(arguments, sentence);
    }
}

TEST_F(ModeLabProgram, TasksFailWithHintsUntilTheyAreSolved)
{
    ExpectTasksToBeSolvable(
        {{1, "--tunnel.wan.mode=main", "hint: which of the two modes sends ID only when"},
         {2, "--tunnel.wan.auth=rsaenc", "hint: auth says how the ends prove themselves"},
         {3, "--personality.eager.aggressive-reply-tries=0", "hint: how often does the centre"}});
}

TEST_F(ModeLabProgram, TasksAreNotMetByBreakingTheTunnel)
{
    EXPECT_EQ(Task(1, "--tunnel.wan.mode=main --tunnel.wan.centre.pre-shared-key=other").status, 1);
    EXPECT_EQ(Task(2, "--tunnel.wan.mode=main").status, 1);
    EXPECT_EQ(
        Task(3, "--tunnel.wan.centre.peer-address=known --tunnel.wan.centre.mode=main").status, 1);
}

} // namespace
} // namespace ipsec
} // namespace ns3
