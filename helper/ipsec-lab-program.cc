// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-lab-program.h"

#include "ipsec-report-files.h"
#include "ipsec-scenario-reader.h"

#include <algorithm>
#include <boost/program_options.hpp>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <sstream>

namespace ns3
{
namespace ipsec
{

namespace
{

namespace po = boost::program_options;

po::options_description
Describe(const std::vector<ProgramOption>& options)
{
    po::options_description described("Options");
    for (const ProgramOption& option : options)
    {
        if (option.value.empty())
        {
            described.add_options()(option.name.c_str(), option.help.c_str());
            continue;
        }
        auto* value = po::value<std::string>()->value_name(option.value);
        if (option.standard)
        {
            value->default_value(*option.standard);
        }
        described.add_options()(option.name.c_str(), value, option.help.c_str());
    }
    return described;
}

/// Parses what is not a key of the scenario.
po::variables_map
Parse(const std::vector<std::string>& arguments, const std::vector<ProgramOption>& options)
{
    po::options_description described = Describe(options);
    described.add_options()("scenario", po::value<std::vector<std::string>>());
    po::positional_options_description positional;
    positional.add("scenario", -1);
    const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
    po::variables_map values;
    try
    {
        po::store(po::command_line_parser(arguments)
                      .options(described)
                      .positional(positional)
                      .style(style)
                      .run(),
                  values);
        po::notify(values);
    }
    catch (const po::error& e)
    {
        throw std::invalid_argument(std::string("command line: ") + e.what() + "; see --help");
    }
    return values;
}

std::string
KeyOf(const std::string& change)
{
    return change.substr(0, change.find('='));
}

std::vector<ProgramOption>
LabOptions(const Lab& lab)
{
    std::vector<ProgramOption> options{
        {"help", "show this help"},
        {"output", "folder for tables, plots, captures", "DIR", "output/" + lab.program},
        {"json", "write what is found to a file, or to standard output: -", "FILE|-"},
        {"quiet", "print nothing but errors"}};
    options.insert(options.end(), lab.options.begin(), lab.options.end());
    options.push_back({"answers", "check answers to the exercises, and do nothing else", "FILE"});
    options.push_back({"solutions", "print the answers to the exercises, and do nothing else"});
    options.push_back({"seed", "same as --simulation.seed=N", "N"});
    options.push_back({"run", "same as --simulation.run=N", "N"});
    return options;
}

std::string
LabHelp(const Lab& lab)
{
    return "Usage: " + lab.program +
           " [SCENARIO.ini] [OPTIONS] [--SECTION.NAME.KEY=VALUE ...]\n\n" + lab.about +
           "\nThe handout is doc/labs/" + lab.program.substr(lab.program.find('-') + 1) +
           ".md.\n\n" + ProgramOptionsHelp(LabOptions(lab));
}

/// A folder that is gone when nobody needs it any more.
class TemporaryFolder
{
  public:
    TemporaryFolder()
        : m_path((std::filesystem::temp_directory_path() / "ipsec-lab-XXXXXX").string())
    {
        if (mkdtemp(m_path.data()) == nullptr)
        {
            throw std::runtime_error("no temporary folder: " + std::string(std::strerror(errno)));
        }
    }

    ~TemporaryFolder()
    {
        std::error_code error;
        std::filesystem::remove_all(m_path, error);
    }

    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const std::string&
    Path() const
    {
        return m_path;
    }

  private:
    std::string m_path;
};

/// Returns the file that --json names; empty for none, and for standard output.
std::string
JsonFile(const ProgramCommandLine& command)
{
    const std::string file = command.Text("json");
    if (command.Has("json") && file.empty())
    {
        throw std::invalid_argument("command line: --json: is empty; allowed: a file, or -");
    }
    return file == "-" ? "" : file;
}

/// Writes a document where --json wants it.
void
WriteJson(const ProgramCommandLine& command, const std::string& document)
{
    if (!command.Has("json"))
    {
        return;
    }
    const std::string file = JsonFile(command);
    file.empty() ? PrintText(document) : WriteTextFile(file, document);
}

/// Prints the answers, or checks those of a file.
int
RunExercises(const Lab& lab, LabRequest request)
{
    const TemporaryFolder folder;
    request.output = folder.Path();
    const ProgramCommandLine& command = request.command;
    const bool isOnlyJson = command.Text("json") == "-";
    const std::vector<Exercise> exercises = lab.exercises(request);
    if (command.Has("solutions"))
    {
        PrintText(isOnlyJson ? "" : SolutionsText(exercises));
        WriteJson(command, ExercisesJson(lab.program, exercises, std::nullopt));
        return EXIT_DONE;
    }
    const auto answers = ReadAnswers(command.Text("answers"), exercises);
    request.Print(CheckedAnswersText(exercises, answers));
    WriteJson(command, ExercisesJson(lab.program, exercises, answers));
    return AreAllRight(exercises, answers) ? EXIT_DONE : EXIT_NOT_RIGHT;
}

int
Run(const Lab& lab, int argc, char* argv[])
{
    const ProgramCommandLine command(LabOptions(lab), argc, argv);
    if (command.Has("help"))
    {
        PrintText(LabHelp(lab));
        return EXIT_DONE;
    }
    const std::string& file = command.ScenarioFile();
    LabFindings findings;
    const LabRequest request{lab.program,
                             {file.empty() ? lab.scenario : file, command.Changes()},
                             command.Text("output"),
                             command.Has("quiet") || command.Text("json") == "-",
                             command,
                             findings};
    if (request.output.empty())
    {
        throw std::invalid_argument("command line: --output: is empty; allowed: a folder");
    }
    if (!JsonFile(command).empty())
    {
        RequireWritable(JsonFile(command));
    }
    if (command.Has("solutions") && command.Has("answers"))
    {
        throw std::invalid_argument("command line: --solutions shows what is right, and --answers "
                                    "checks what is not shown; allowed: one of them");
    }
    if (command.Has("solutions") || command.Has("answers"))
    {
        return RunExercises(lab, request);
    }
    lab.show(request);
    WriteJson(command, findings.Json(lab.program));
    return EXIT_DONE;
}

} // namespace

std::string
ProgramOptionsHelp(const std::vector<ProgramOption>& options)
{
    std::ostringstream help;
    help << Describe(options);
    return help.str();
}

ProgramCommandLine::ProgramCommandLine(const std::vector<ProgramOption>& options,
                                       int argc,
                                       char* argv[])
{
    std::vector<std::string> own;
    for (int i = 1; i < argc; i++)
    {
        const std::string argument = argv[i];
        const bool isKey =
            argument.rfind("--", 0) == 0 && KeyOf(argument).find('.') != std::string::npos;
        (isKey ? m_changes : own).push_back(isKey ? argument.substr(2) : argument);
    }
    const po::variables_map values = Parse(own, options);
    for (const ProgramOption& option : options)
    {
        if (values.count(option.name) > 0)
        {
            m_values[option.name] =
                option.value.empty() ? "" : values[option.name].as<std::string>();
        }
    }
    for (const char* name : {"seed", "run"})
    {
        if (Has(name))
        {
            m_changes.push_back(std::string("simulation.") + name + "=" + Text(name));
        }
    }
    if (values.count("scenario") > 0)
    {
        const auto files = values["scenario"].as<std::vector<std::string>>();
        if (files.size() > 1)
        {
            // Who writes a blank in place of "=" means its value.
            for (const std::string& change : m_changes)
            {
                if (change.find('=') == std::string::npos)
                {
                    throw std::invalid_argument("command line: " + change +
                                                ": has no value; write --" + change + "=VALUE");
                }
            }
            throw std::invalid_argument("command line: '" + files[1] +
                                        "' is a second scenario; allowed: one");
        }
        m_scenario = files.front();
    }
}

bool
ProgramCommandLine::Has(const std::string& name) const
{
    return m_values.count(name) > 0;
}

std::string
ProgramCommandLine::Text(const std::string& name) const
{
    return Has(name) ? m_values.at(name) : "";
}

void
PrintText(const std::string& text)
{
    std::cout << text << std::flush;
    if (!std::cout)
    {
        throw std::runtime_error("standard output cannot be written");
    }
}

int
RunGuarded(const std::string& program, const std::function<int()>& run)
{
    const auto refuse = [&](const std::exception& e)
    {
        std::cerr << program << ": " << e.what() << std::endl;
        return EXIT_BAD_INPUT;
    };
    try
    {
        return run();
    }
    catch (const Interrupted& e)
    {
        std::cerr << program << ": interrupted; the same command goes on where it was" << std::endl;
        return EXIT_BY_SIGNAL + e.Signal();
    }
    catch (const std::invalid_argument& e)
    {
        return refuse(e);
    }
    catch (const std::runtime_error& e)
    {
        // The machine's fault, such as a TAP device that cannot be opened, or a full disk.
        return refuse(e);
    }
}

std::vector<std::string>
LabScenario::Changes(const std::vector<std::string>& more) const
{
    std::vector<std::string> all = more;
    for (const std::string& change : changes)
    {
        const bool isReplaced =
            std::any_of(more.begin(),
                        more.end(),
                        [&](const std::string& other) { return KeyOf(other) == KeyOf(change); });
        if (!isReplaced)
        {
            all.push_back(change);
        }
    }
    return all;
}

Scenario
LabScenario::Read(const std::vector<std::string>& more) const
{
    return ReadScenario(file, Changes(more));
}

void
LabRequest::Print(const std::string& text) const
{
    if (!isQuiet)
    {
        PrintText(text);
    }
}

std::string
LabRequest::Table(const std::string& name, const std::vector<LabRow>& rows) const
{
    findings.Add(name, rows);
    return LabTable(rows);
}

std::string
LabRequest::Path(const std::string& name) const
{
    return name.empty() ? output : output + "/" + name;
}

void
LabRequest::Write(const std::string& name, const std::string& text) const
{
    WriteTextFile(Path(name), text);
}

void
LabRequest::Remove(const std::vector<std::string>& names) const
{
    for (const std::string& name : names)
    {
        std::error_code error;
        std::filesystem::remove(Path(name), error);
        if (error)
        {
            throw std::invalid_argument(Path(name) + " cannot be removed: " + error.message());
        }
    }
}

void
LabRequest::RemoveCaptures(const std::string& folder) const
{
    std::vector<std::string> old;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(Path(folder) + "/pcap", error))
    {
        if (entry.path().extension() == ".pcap")
        {
            old.push_back(folder + "/pcap/" + entry.path().filename().string());
        }
    }
    Remove(old);
}

RunRecord
LabRequest::Run(const Scenario& what, const std::string& folder, const RunOptions& how) const
{
    RunOptions options = how;
    options.pcapFolder = Path(folder) + "/pcap";
    MakeFolder(options.pcapFolder);
    return RunScenario(what, options);
}

std::string
LabRequest::Capture(const std::string& link, const std::string& folder) const
{
    return Path(folder) + "/pcap/" + link + ".pcap";
}

void
LabRequest::WriteRun(const Scenario& what, const RunRecord& record, const std::string& folder) const
{
    if (folder.empty())
    {
        findings.About(record);
    }
    PrepareOutput(Path(folder), what.output);
    for (const std::string& note : WriteOutput(Path(folder), what.output, record))
    {
        Note(note);
    }
}

void
LabRequest::WriteCharts(const std::vector<BarChart>& charts) const
{
    MakeFolder(Path("plots"));
    Note(PlotBarCharts(Path("plots"), charts));
}

void
LabRequest::Note(const std::string& note) const
{
    if (!note.empty())
    {
        std::cerr << program << ": " << note << std::endl;
    }
}

int
RunLab(const Lab& lab, int argc, char* argv[])
{
    return RunGuarded(lab.program, [&] { return Run(lab, argc, argv); });
}

} // namespace ipsec
} // namespace ns3
