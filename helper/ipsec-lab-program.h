// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The frame of the programs that run scenarios: command line, exit status, and what labs share.
 */
#ifndef IPSEC_LAB_PROGRAM_H
#define IPSEC_LAB_PROGRAM_H

#include "ipsec-lab-chart.h"
#include "ipsec-lab-exercises.h"
#include "ipsec-lab-findings.h"
#include "ipsec-scenario-runner.h"

#include <exception>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// @name What programs exit with
/// @{
constexpr int EXIT_DONE = 0;
constexpr int EXIT_NOT_RIGHT = 1;
constexpr int EXIT_BAD_INPUT = 2;
/// And the number of the signal that ended it.
constexpr int EXIT_BY_SIGNAL = 128;
/// @}

/// A signal ended a program before its time; what it had finished is kept, and the same command
/// goes on from there.
class Interrupted : public std::exception
{
  public:
    explicit Interrupted(int signal)
        : m_signal(signal)
    {
    }

    int
    Signal() const
    {
        return m_signal;
    }

  private:
    int m_signal;
};

/// An option of a program.
struct ProgramOption
{
    std::string name;
    std::string help;
    /// What its value is, for the help: "DIR"; empty for an option without one.
    std::string value = {};
    /// Its value where the command line has none.
    std::optional<std::string> standard = std::nullopt;
};

/// Writes options as --help shows them.
std::string ProgramOptionsHelp(const std::vector<ProgramOption>& options);

/// A command line: options of the program, keys of a scenario ("--internet.loss=5%"), and the name
/// of a scenario file.
class ProgramCommandLine
{
  public:
    /// Reads it. @throws std::invalid_argument with one line that names what is wrong.
    ProgramCommandLine(const std::vector<ProgramOption>& options, int argc, char* argv[]);

    /// Tells whether an option is there, or has a standard value.
    bool Has(const std::string& name) const;
    /// Returns the value of an option, empty if it is not there.
    std::string Text(const std::string& name) const;

    /// Reads the value of an option; what is wrong with it names the option.
    template <typename Parse>
    auto
    Read(const std::string& name, Parse parse) const
    {
        try
        {
            return parse(Text(name));
        }
        catch (const std::invalid_argument& e)
        {
            throw std::invalid_argument("command line: --" + name + ": " + e.what());
        }
    }

    /// Returns the scenario file; empty if there is none.
    const std::string&
    ScenarioFile() const
    {
        return m_scenario;
    }

    /// Returns the keys of the scenario, without dashes, in their order; those of --seed and --run
    /// are among them if the program has these options.
    const std::vector<std::string>&
    Changes() const
    {
        return m_changes;
    }

  private:
    std::map<std::string, std::string> m_values;
    std::string m_scenario;
    std::vector<std::string> m_changes;
};

/// Prints to standard output. @throws std::runtime_error if that is not possible.
void PrintText(const std::string& text);

/// Runs a program, and turns whatever it throws into one line on standard error and
/// EXIT_BAD_INPUT, and Interrupted into one line and EXIT_BY_SIGNAL and its signal.
int RunGuarded(const std::string& program, const std::function<int()>& run);

/// A scenario file, and what is to be changed in it: "internet.loss=5%".
struct LabScenario
{
    std::string file;
    std::vector<std::string> changes;

    /// Returns the changes, with @p more in the place of those of the same key.
    std::vector<std::string> Changes(const std::vector<std::string>& more) const;
    /// Reads it with Changes().
    Scenario Read(const std::vector<std::string>& more = {}) const;
};

/// What the command line asks of a lab.
struct LabRequest
{
    std::string program;
    LabScenario scenario;
    /// Folder for tables, plots and captures.
    std::string output;
    bool isQuiet = false;
    /// Everything, for the options of this lab alone.
    const ProgramCommandLine& command;
    /// What --json writes.
    LabFindings& findings;

    /// Prints a text, unless nothing is to be printed.
    void Print(const std::string& text) const;
    /// Adds a table to what is found, and returns it as text.
    std::string Table(const std::string& name, const std::vector<LabRow>& rows) const;
    /// Returns the path of something in the output folder.
    std::string Path(const std::string& name) const;
    /// Writes a file into the output folder.
    void Write(const std::string& name, const std::string& text) const;
    /// Takes files of an earlier run out of the output folder, if they are there.
    void Remove(const std::vector<std::string>& names) const;
    /// Takes the captures of an earlier run out of "pcap" below @p folder in the output folder.
    void RemoveCaptures(const std::string& folder) const;
    /// Runs a scenario; its captures go to a folder "pcap" below @p folder in the output folder,
    /// whatever @p how says of them.
    RunRecord Run(const Scenario& what,
                  const std::string& folder = "",
                  const RunOptions& how = {}) const;
    /// Returns where a run put the capture of a node's link, "fw-a-internet".
    std::string Capture(const std::string& link, const std::string& folder = "") const;
    /// Writes results, ladder, report and Wireshark's tables of a run into the output folder; that
    /// of @p folder "" is what the findings are about.
    void WriteRun(const Scenario& what,
                  const RunRecord& record,
                  const std::string& folder = "") const;
    /// Draws charts into the folder "plots" of the output folder.
    void WriteCharts(const std::vector<BarChart>& charts) const;
    /// Says on standard error that something could not be made; nothing for an empty note.
    void Note(const std::string& note) const;
};

/// What makes a lab of a program.
struct Lab
{
    /// Name of the program, and of its output folder: "lab-pfs".
    std::string program;
    /// What it is about, in lines of the help.
    std::string about;
    /// Scenario that it runs where the command line has none.
    std::string scenario;
    /// Options besides those of all labs.
    std::vector<ProgramOption> options;
    /// Shows everything, and writes the output folder.
    std::function<void(const LabRequest&)> show;
    /// Returns the exercises with their answers.
    std::function<std::vector<Exercise>(const LabRequest&)> exercises;
};

/**
 * Runs a lab as its command line asks: it shows everything, or checks answers, or prints them, as
 * text or as JSON. The latter two leave the output folder alone, and what they need of it in a
 * temporary one.
 * @return EXIT_DONE; EXIT_NOT_RIGHT if an answer is wrong or open; EXIT_BAD_INPUT; EXIT_BY_SIGNAL
 * and a signal.
 */
int RunLab(const Lab& lab, int argc, char* argv[]);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_LAB_PROGRAM_H
