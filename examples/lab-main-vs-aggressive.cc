// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * A teaching lab: main mode and aggressive mode over the same path.
 *
 *     lab-main-vs-aggressive [SCENARIO.ini] [OPTIONS]
 *
 * It shows the messages of both, what they cost, what they tell an eavesdropper, how a dictionary
 * attack on the pre-shared key goes, and what a spoofed message makes a responder send. The handout
 * is doc/labs/main-vs-aggressive.md. Everything that it prints is read out of runs. Exit status: 0,
 * or with --answers all of them are right; 1, one is wrong or open; 2, bad input, in one line.
 */
#include "ns3/ipsec-ike-capture.h"
#include "ns3/ipsec-mode-lab-plots.h"
#include "ns3/ipsec-mode-lab-text.h"
#include "ns3/ipsec-report-files.h"
#include "ns3/ipsec-scenario-reader.h"
#include "ns3/ipsec-scenario-runner.h"
#include "ns3/ipsec-scenario-units.h"

#include <boost/program_options.hpp>
#include <cstdio>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <unistd.h>

namespace
{

namespace po = boost::program_options;
using namespace ns3::ipsec;

constexpr int EXIT_DONE = 0;
constexpr int EXIT_NOT_RIGHT = 1;
constexpr int EXIT_BAD_INPUT = 2;

/// How long the rate of guesses is measured.
constexpr double RATE_SECONDS = 0.5;
/// How often responders repeat their answer at most.
constexpr uint32_t MOST_REPETITIONS = 6;

/// What the command line asks for.
struct LabOptions
{
    bool help = false;
    bool solutions = false;
    LabScenario scenario;
    std::string output;
    std::string words;
    std::string weakKey;
    /// File with answers to check; empty for none.
    std::string answers;
    ModeSweepPlan sweep;
};

po::options_description
VisibleOptions()
{
    po::options_description options("Options");
    auto add = options.add_options();
    const auto value = [](const char* name, const char* standard)
    { return po::value<std::string>()->value_name(name)->default_value(standard); };
    add("help", "show this help");
    add("output",
        value("DIR", "output/lab-main-vs-aggressive"),
        "folder for tables, plots, captures");
    add("words", value("FILE", "/usr/share/dict/words"), "words to try as keys, one a line");
    add("weak-key", value("TEXT", "sunshine"), "key of the tunnels whose keys are attacked");
    add("runs", value("N", "40"), "runs of each point of the sweeps; 0 leaves them out");
    add("round-trips", value("LIST", "10ms,50ms,100ms,200ms,400ms"), "round trips to go through");
    add("losses", value("LIST", "0%,5%,10%,20%,30%"), "losses to go through");
    add("sweep-loss", value("PERCENT", "10%"), "loss of the second sweep over round trips");
    add("answers",
        po::value<std::string>()->value_name("FILE"),
        "check answers to the exercises, and do nothing else");
    add("solutions", "print the answers to the exercises, and do nothing else");
    add("seed", po::value<std::string>()->value_name("N"), "same as --simulation.seed=N");
    return options;
}

/// Reads the value of one option; whatever is wrong names it.
template <typename Read>
auto
ReadOption(const po::variables_map& values, const char* name, Read read)
{
    try
    {
        return read(values[name].as<std::string>());
    }
    catch (const std::invalid_argument& e)
    {
        throw std::invalid_argument(std::string("command line: --") + name + ": " + e.what());
    }
}

std::vector<ns3::ipsec::Duration>
ParseRoundTrips(const std::string& text)
{
    std::vector<ns3::ipsec::Duration> all;
    for (const std::string& one : SplitList(text))
    {
        all.push_back(ParseDuration(one));
        if (all.back() > std::chrono::seconds(10))
        {
            throw std::invalid_argument("'" + one + "' is too long; allowed: 10s at most");
        }
    }
    return all;
}

std::vector<double>
ParseLosses(const std::string& text)
{
    constexpr double MOST_PERCENT = 60;
    std::vector<double> all;
    for (const std::string& one : SplitList(text))
    {
        all.push_back(ParsePercent(one, MOST_PERCENT));
    }
    return all;
}

/// Reads the command line; options with a dot in their name belong to the scenario.
LabOptions
ParseCommandLine(int argc, char* argv[])
{
    LabOptions lab;
    std::vector<std::string> own;
    for (int i = 1; i < argc; i++)
    {
        const std::string argument = argv[i];
        const std::string name = argument.substr(0, argument.find('='));
        if (name.rfind("--", 0) == 0 && name.find('.') != std::string::npos)
        {
            lab.scenario.changes.push_back(argument.substr(2));
            continue;
        }
        own.push_back(argument);
    }
    po::options_description options = VisibleOptions();
    options.add_options()("scenario",
                          po::value<std::vector<std::string>>()->default_value(
                              {"examples/scenarios/main-vs-aggressive.ini"}, ""));
    po::positional_options_description positional;
    positional.add("scenario", 1);
    const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
    po::variables_map values;
    po::store(
        po::command_line_parser(own).options(options).positional(positional).style(style).run(),
        values);
    po::notify(values);
    const auto text = [](const std::string& one) { return one; };
    lab.help = values.count("help") > 0;
    lab.solutions = values.count("solutions") > 0;
    lab.scenario.file = values["scenario"].as<std::vector<std::string>>().front();
    lab.output = ReadOption(values, "output", text);
    lab.words = ReadOption(values, "words", text);
    lab.weakKey = ReadOption(values, "weak-key", text);
    lab.answers = values.count("answers") > 0 ? ReadOption(values, "answers", text) : "";
    lab.sweep.runs = ReadOption(
        values, "runs", [](const std::string& one) { return ParseCount(one, 0, 10000); });
    lab.sweep.roundTrips = ReadOption(values, "round-trips", ParseRoundTrips);
    lab.sweep.losses = ReadOption(values, "losses", ParseLosses);
    lab.sweep.lossOnTheWay = ReadOption(
        values, "sweep-loss", [](const std::string& one) { return ParseLosses(one).at(0); });
    if (values.count("seed") > 0)
    {
        lab.scenario.changes.push_back("simulation.seed=" + ReadOption(values, "seed", text));
    }
    if (lab.weakKey.empty())
    {
        throw std::invalid_argument("command line: --weak-key: is empty; allowed: a text");
    }
    return lab;
}

void
Print(const std::string& text)
{
    std::cout << text << std::flush;
    if (!std::cout)
    {
        throw std::runtime_error("standard output cannot be written");
    }
}

/// Draws one line that the next one overwrites, on a terminal.
void
ShowProgress(double part)
{
    constexpr size_t COLUMNS = 40;
    std::string bar(static_cast<size_t>(part * COLUMNS), '#');
    bar.resize(COLUMNS, '.');
    std::fprintf(stderr, part < 1 ? "\r[%s] sweep " : "\r%50s\r", part < 1 ? bar.c_str() : "");
}

/// One lab: the scenario's run, what it says of both modes, and where the captures are.
class ModeLab
{
  public:
    explicit ModeLab(const LabOptions& options)
        : m_options(options)
        , m_scenario(options.scenario.Read())
        , m_tunnels(FindLabTunnels(m_scenario))
        , m_record(RunWithCaptures(m_scenario, ""))
        , m_main(ObserveMode(m_scenario, m_record, m_tunnels.main))
        , m_aggressive(ObserveMode(m_scenario, m_record, m_tunnels.aggressive))
        , m_byRepetitions(AmplificationByRepetitions(m_scenario, m_tunnels, MOST_REPETITIONS))
    {
    }

    /// Shows everything, and writes the output folder.
    void Show();

    /// Returns the exercises with their answers.
    std::vector<Exercise> Exercises() const;

  private:
    std::string
    Folder(const std::string& name) const
    {
        return m_options.output + "/" + name;
    }

    /// Runs a scenario; its captures go to pcap, or to a folder beside it.
    RunRecord
    RunWithCaptures(const Scenario& scenario, const std::string& suffix) const
    {
        RunOptions options;
        options.pcapFolder = CaptureFolder(suffix);
        return RunScenario(scenario, options);
    }

    std::string CaptureFolder(const std::string& suffix) const;
    /// Returns the capture of a gateway's link to the internet.
    std::string
    CaptureAt(const std::string& suffix, const std::string& gateway) const
    {
        return m_options.output + suffix + "/pcap/" + gateway + "-internet.pcap";
    }

    /// Returns what an eavesdropper at the responder of aggressive mode captured.
    std::vector<Octets> Captured(const std::string& suffix) const;
    std::vector<ModeAttack> Attack(const std::vector<std::string>& words) const;
    void ShowSweep(std::vector<ModeSweepPoint>& points) const;

    const LabOptions& m_options;
    Scenario m_scenario;
    LabTunnels m_tunnels;
    RunRecord m_record;
    ModeFacts m_main;
    ModeFacts m_aggressive;
    std::vector<AmplificationRow> m_byRepetitions;
};

std::string
ModeLab::CaptureFolder(const std::string& suffix) const
{
    const std::string folder = m_options.output + suffix + "/pcap";
    MakeFolder(folder);
    return folder;
}

std::vector<Octets>
ModeLab::Captured(const std::string& suffix) const
{
    return ReadIkeCapture(CaptureAt(suffix, m_aggressive.responder));
}

std::vector<ModeAttack>
ModeLab::Attack(const std::vector<std::string>& words) const
{
    Scenario weak = m_scenario;
    SetPreSharedKey(weak, m_tunnels.main, m_options.weakKey);
    SetPreSharedKey(weak, m_tunnels.aggressive, m_options.weakKey);
    RunWithCaptures(weak, "/weak-key");
    const std::string strongAggressive = PreSharedKeyOf(m_scenario, m_tunnels.aggressive);
    const std::string strongMain = PreSharedKeyOf(m_scenario, m_tunnels.main);
    std::vector<ModeAttack> attacks{
        AttackWithWords(Phase1Mode::Aggressive,
                        m_options.weakKey,
                        FindAggressiveProof(Captured("/weak-key")),
                        words,
                        0),
        AttackWithWords(Phase1Mode::Aggressive,
                        strongAggressive,
                        FindAggressiveProof(Captured("")),
                        words,
                        RATE_SECONDS),
        AttackWithWords(Phase1Mode::Main,
                        m_options.weakKey,
                        RunImpostor(weak, m_tunnels.main, CaptureFolder("/impostor-weak-key")),
                        words,
                        0),
        AttackWithWords(Phase1Mode::Main,
                        strongMain,
                        RunImpostor(m_scenario, m_tunnels.main, CaptureFolder("/impostor")),
                        words,
                        RATE_SECONDS)};
    attacks[0].capture = CaptureAt("/weak-key", m_aggressive.responder);
    attacks[1].capture = CaptureAt("", m_aggressive.responder);
    attacks[2].capture = CaptureAt("/impostor-weak-key", m_main.initiator);
    attacks[3].capture = CaptureAt("/impostor", m_main.initiator);
    return attacks;
}

void
ModeLab::ShowSweep(std::vector<ModeSweepPoint>& points) const
{
    std::function<void(double)> progress;
    if (isatty(STDERR_FILENO) != 0)
    {
        progress = ShowProgress;
    }
    points = SweepModes(m_options.scenario, m_tunnels, m_options.sweep, progress);
    Print(LabTitle("4. How long it takes until both ends have the IKE SA") + ModeSweepText(points));
    WriteTextFile(Folder("sweep.csv"), ModeSweepCsv(points));
    WriteTextFile(Folder("sweep-runs.csv"), ModeSweepRunsCsv(points));
}

std::vector<Exercise>
ModeLab::Exercises() const
{
    const std::string delay =
        "internet.delay=" + std::to_string(LONG_ROUND_TRIP.count() / 2) + "ns";
    const Scenario longPath = m_options.scenario.Read({delay});
    ExerciseGround ground;
    ground.main = m_main;
    ground.aggressive = m_aggressive;
    ground.mainOverLongPath = ObserveMode(longPath, RunScenario(longPath), m_tunnels.main);
    ground.captured = Captured("");
    ground.impostorGotProof = RunImpostor(m_scenario, m_tunnels.main, "").has_value();
    ground.amplification = m_byRepetitions;
    return MakeExercises(ground);
}

void
ModeLab::Show()
{
    const std::vector<std::string> words = ReadWordList(m_options.words);
    Print(LabTitle("1. The messages: main mode") + ModeMessagesText(m_record, m_main) +
          LabTitle("1. The messages: aggressive mode") + ModeMessagesText(m_record, m_aggressive) +
          LabTitle("2. Side by side") + SideBySideText(m_main, m_aggressive) +
          LabTitle("3. What an eavesdropper learns") + ModeEavesdropperText(m_main, m_aggressive));
    std::vector<ModeSweepPoint> points;
    if (m_options.sweep.runs > 0)
    {
        ShowSweep(points);
    }
    const std::vector<ModeAttack> attacks = Attack(words);
    Print(LabTitle("5. Dictionary attacks on the pre-shared key") +
          ModeAttacksText(attacks, m_options.words, words.size()) +
          LabTitle("6. How long stronger keys stand") + KeyKindsText(attacks, words.size()));
    const std::vector<AmplificationRow> presets = AmplificationByPersonality(m_scenario, m_tunnels);
    Print(LabTitle("7. What one spoofed first message sets off (octets of IP packets)") +
          AmplificationText(m_byRepetitions, presets));
    std::vector<AmplificationRow> rows = m_byRepetitions;
    rows.insert(rows.end(), presets.begin(), presets.end());
    WriteTextFile(Folder("amplification.csv"), AmplificationCsv(rows));
    Print(LabTitle("8. Exercises") + ExercisesText(Exercises()));
    PrepareOutput(m_options.output, m_scenario.output);
    WriteOutput(m_options.output, m_scenario.output, m_record);
    MakeFolder(Folder("plots"));
    const std::string note = PlotBarCharts(Folder("plots"), MakeModeCharts(points, rows));
    Print("\nTables, plots, captures: " + m_options.output + "\n");
    if (!note.empty())
    {
        std::cerr << "lab-main-vs-aggressive: " << note << std::endl;
    }
}

int
Run(const LabOptions& options)
{
    ModeLab lab(options);
    if (options.solutions)
    {
        Print(SolutionsText(lab.Exercises()));
        return EXIT_DONE;
    }
    if (!options.answers.empty())
    {
        const std::vector<Exercise> exercises = lab.Exercises();
        const auto answers = ReadAnswers(options.answers, exercises);
        Print(CheckedAnswersText(exercises, answers));
        return AreAllRight(exercises, answers) ? EXIT_DONE : EXIT_NOT_RIGHT;
    }
    lab.Show();
    return EXIT_DONE;
}

int
Refuse(const std::string& why)
{
    std::cerr << "lab-main-vs-aggressive: " << why << std::endl;
    return EXIT_BAD_INPUT;
}

} // namespace

int
main(int argc, char* argv[])
{
    try
    {
        const LabOptions options = ParseCommandLine(argc, argv);
        if (options.help)
        {
            std::ostringstream help;
            help << "Usage: lab-main-vs-aggressive [SCENARIO.ini] [OPTIONS] "
                    "[--SECTION.NAME.KEY=VALUE ...]\n\n"
                    "Main mode and aggressive mode of IKEv1 over the same path, and attacks on "
                    "both.\nThe handout is doc/labs/main-vs-aggressive.md.\n\n"
                 << VisibleOptions();
            Print(help.str());
            return EXIT_DONE;
        }
        return Run(options);
    }
    catch (const po::error& e)
    {
        return Refuse(std::string("command line: ") + e.what() + "; see --help");
    }
    catch (const std::invalid_argument& e)
    {
        return Refuse(e.what());
    }
    catch (const std::runtime_error& e)
    {
        // The machine's fault, such as a full disk.
        return Refuse(e.what());
    }
}
