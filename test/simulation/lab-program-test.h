// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Tests that run a lab as a student does, and hold its handout to what it says.
 */
#ifndef LAB_PROGRAM_TEST_H
#define LAB_PROGRAM_TEST_H

#include "folder-test.h"

#include <cstddef>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// A task, and a change that meets it, as on the command line.
struct TaskSolution
{
    int task;
    const char* changes;
    /// Of those that fail before.
    const char* hint;
};

/// A table of what a lab finds, and how many rows it has.
struct FoundTable
{
    const char* name;
    size_t rows;
};

/// A lab: its program "lab-NAME", its handout "doc/labs/NAME.md", its tasks
/// "examples/labs/NAME-1.ini" and so on.
class LabProgramTest : public FolderTest
{
  protected:
    /// @param name without "lab-"
    explicit LabProgramTest(std::string name);

    /// Runs a program in the project's folder, with arguments of the shell.
    ProgramRun Run(const std::string& program, const std::string& arguments) const;
    /// Runs the lab; its output goes to "out" in the folder of the test.
    ProgramRun Lab(const std::string& arguments) const;
    /// Runs a task with changes that a student may make.
    ProgramRun Task(int number, const std::string& changes = "") const;

    std::string Handout() const;
    /// Returns the answers that the handout has, as a file of answers.
    std::string HandoutAnswers() const;

    /// Expects that the handout has the answers that the program computes, that the program takes
    /// them for right, and that the handout has all questions.
    void ExpectHandoutToAgree(size_t exercises) const;
    /// Expects that the lab writes these tables as JSON, in their order, to standard output and
    /// nothing else, and the same to a file.
    void ExpectFindings(const std::string& arguments, const std::vector<FoundTable>& tables) const;
    /// Expects that the lines of the handout's blocks of text ("```text") stand in what a run
    /// shows.
    void ExpectHandoutToQuote(const ProgramRun& run) const;
    /// Expects that a task is not met in another way, and that its hint says so.
    void ExpectTaskToRefuse(int task, const std::string& changes, const std::string& hint) const;
    /// Expects that each task fails with its hint, that its solution meets it, and that the handout
    /// has the solution.
    void ExpectTasksToBeSolvable(const std::vector<TaskSolution>& solutions) const;
    /// Expects that a bad command line is refused in one line that has @p sentence.
    void ExpectRefusal(const std::string& arguments, const std::string& sentence) const;
    /// Expects files in the output folder that are not empty.
    void ExpectFiles(const std::vector<std::string>& names) const;

  private:
    void ExpectAnswersAsJson(size_t exercises) const;

    std::string m_name;
};

} // namespace ipsec
} // namespace ns3

#endif // LAB_PROGRAM_TEST_H
