// SPDX-License-Identifier: GPL-2.0-only
#include "lab-program-test.h"

#include <boost/property_tree/json_parser.hpp>
#include <boost/property_tree/ptree.hpp>
#include <fstream>
#include <sstream>

namespace ns3
{
namespace ipsec
{

namespace
{

namespace fs = std::filesystem;
using Json = boost::property_tree::ptree;

const fs::path ROOT = fs::path(IPSEC_SCENARIOS).parent_path().parent_path();

} // namespace

LabProgramTest::LabProgramTest(std::string name)
    : m_name(std::move(name))
{
}

ProgramRun
LabProgramTest::Run(const std::string& program, const std::string& arguments) const
{
    return RunProgram("cd " + ROOT.string() + " && " + program, arguments);
}

ProgramRun
LabProgramTest::Lab(const std::string& arguments) const
{
    return Run(std::string(IPSEC_EXAMPLES) + "/lab-" + m_name,
               "--output " + (m_folder / "out").string() + " " + arguments);
}

ProgramRun
LabProgramTest::Task(int number, const std::string& changes) const
{
    return Run(IPSEC_LAB_PROGRAM,
               "examples/labs/" + m_name + "-" + std::to_string(number) + ".ini " + changes);
}

std::string
LabProgramTest::Handout() const
{
    return Contents(ROOT / "doc/labs" / (m_name + ".md"));
}

std::string
LabProgramTest::HandoutAnswers() const
{
    const std::string text = Handout();
    // The block above the questions shows the form only.
    const size_t begin = text.rfind("[answers]\n");
    return begin == std::string::npos ? "" : text.substr(begin, text.find("```", begin) - begin);
}

void
LabProgramTest::ExpectHandoutToAgree(size_t exercises) const
{
    const std::string of = " of " + std::to_string(exercises) + " exercises are right\n";
    const ProgramRun run = Lab("--solutions");
    ASSERT_EQ(run.status, 0) << run.err;
    EXPECT_EQ(HandoutAnswers(), run.out);
    const ProgramRun checked = Lab("--answers " + Write("answers.ini", HandoutAnswers()));
    EXPECT_EQ(checked.status, 0) << checked.out;
    EXPECT_TRUE(checked.Says(std::to_string(exercises) + of)) << checked.out;

    ExpectAnswersAsJson(exercises);
    // A student's captures and results are left alone.
    EXPECT_FALSE(fs::exists(m_folder / "out"));

    ExpectRefusal("--solutions --answers answers.ini", "allowed: one of them");

    const ProgramRun open = Lab("--answers " + Write("open.ini", "[answers]\n"));
    EXPECT_EQ(open.status, 1);
    EXPECT_TRUE(open.Says("\n0" + of)) << open.out;
    std::istringstream lines(open.out);
    std::string line;
    const std::string handout = Handout();
    size_t questions = 0;
    while (std::getline(lines, line) && line.rfind("  open   ", 0) == 0)
    {
        questions++;
        const std::string question = line.substr(line.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ"));
        EXPECT_NE(handout.find(question), std::string::npos) << question;
    }
    EXPECT_EQ(questions, exercises);
}

void
LabProgramTest::ExpectAnswersAsJson(size_t exercises) const
{
    const std::string answers = Write("answers.ini", HandoutAnswers());
    const ProgramRun run = Lab("--json - --answers " + answers);
    EXPECT_EQ(run.status, 0);
    std::istringstream in(run.out);
    Json json;
    ASSERT_NO_THROW(boost::property_tree::read_json(in, json)) << run.out;
    EXPECT_EQ(json.get_child("exercises").size(), exercises);
    for (const auto& [key, exercise] : json.get_child("exercises"))
    {
        EXPECT_EQ(exercise.get<std::string>("right"), "true");
    }
    EXPECT_TRUE(Lab("--json - --solutions").Says("\"answer\": "));
}

void
LabProgramTest::ExpectFindings(const std::string& arguments,
                               const std::vector<FoundTable>& tables) const
{
    const ProgramRun run = Lab("--json - " + arguments);
    ASSERT_EQ(run.status, 0) << run.err;
    std::istringstream in(run.out);
    Json json;
    ASSERT_NO_THROW(boost::property_tree::read_json(in, json)) << run.out;
    EXPECT_EQ(json.get<int>("schema"), 1);
    EXPECT_EQ(json.get<std::string>("lab"), "lab-" + m_name);
    EXPECT_EQ(json.get<int>("seed"), 1);
    auto table = tables.begin();
    for (const auto& [name, rows] : json.get_child("findings"))
    {
        ASSERT_NE(table, tables.end()) << name;
        EXPECT_EQ(name, table->name);
        EXPECT_EQ(rows.size(), table->rows) << name;
        table++;
    }
    EXPECT_EQ(table, tables.end());

    const std::string file = (m_folder / "found.json").string();
    const ProgramRun both = Lab("--json " + file + " " + arguments);
    EXPECT_TRUE(both.Says("Exercises\n")) << both.out;
    std::ifstream written(file);
    ASSERT_NO_THROW(boost::property_tree::read_json(written, json));
    EXPECT_EQ(json.get_child("findings").size(), tables.size());
    ExpectRefusal("--json /nowhere/found.json", "/nowhere/found.json");
    ExpectRefusal("--json \"\"", "command line: --json: is empty; allowed: a file, or -");
}

void
LabProgramTest::ExpectHandoutToQuote(const ProgramRun& run) const
{
    const std::string handout = Handout();
    const std::string begin = "```text\n";
    size_t lines = 0;
    for (size_t at = handout.find(begin); at != std::string::npos; at = handout.find(begin, at + 1))
    {
        std::istringstream block(
            handout.substr(at + begin.size(), handout.find("\n```", at) - at - begin.size()));
        std::string line;
        while (std::getline(block, line))
        {
            lines++;
            EXPECT_TRUE(run.Says(line)) << line;
        }
    }
    EXPECT_GT(lines, 0u);
}

void
LabProgramTest::ExpectTaskToRefuse(int task,
                                   const std::string& changes,
                                   const std::string& hint) const
{
    const ProgramRun run = Task(task, changes);
    EXPECT_EQ(run.status, 1) << changes << "\n" << run.out << run.err;
    EXPECT_TRUE(run.Says("hint: " + hint)) << changes << "\n" << run.out;
}

void
LabProgramTest::ExpectTasksToBeSolvable(const std::vector<TaskSolution>& solutions) const
{
    for (const TaskSolution& solution : solutions)
    {
        const ProgramRun before = Task(solution.task);
        EXPECT_EQ(before.status, 1) << before.err;
        EXPECT_TRUE(before.Says(solution.hint)) << before.out;
        const ProgramRun after = Task(solution.task, solution.changes);
        EXPECT_EQ(after.status, 0) << after.out << after.err;
        EXPECT_FALSE(after.Says("hint:")) << after.out;
        EXPECT_NE(Handout().find(solution.changes), std::string::npos) << solution.changes;
    }
}

void
LabProgramTest::ExpectRefusal(const std::string& arguments, const std::string& sentence) const
{
    const ProgramRun run = Lab(arguments);
    EXPECT_EQ(run.status, 2) << arguments;
    EXPECT_EQ(LineCount(run.err), 1u) << run.err;
    EXPECT_EQ(run.err.rfind("lab-" + m_name + ": ", 0), 0u) << run.err;
    EXPECT_NE(run.err.find(sentence), std::string::npos) << run.err;
}

void
LabProgramTest::ExpectFiles(const std::vector<std::string>& names) const
{
    for (const std::string& name : names)
    {
        const fs::path path = m_folder / "out" / name;
        EXPECT_TRUE(fs::exists(path) && fs::file_size(path) > 0) << name;
    }
}

} // namespace ipsec
} // namespace ns3
