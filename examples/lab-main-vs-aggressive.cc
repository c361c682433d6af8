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
 * also if there is no word list and the parts that need one are left out, or with --answers all of
 * them are right; 1, one is wrong or open; 2, bad input, in one line; 128 and a signal that ended
 * the sweep, of which the same command runs what is missing.
 */
#include "ns3/ipsec-ike-capture.h"
#include "ns3/ipsec-lab-program.h"
#include "ns3/ipsec-lab-text.h"
#include "ns3/ipsec-mode-lab-exercises.h"
#include "ns3/ipsec-mode-lab-findings.h"
#include "ns3/ipsec-mode-lab-plots.h"
#include "ns3/ipsec-mode-lab-text.h"
#include "ns3/ipsec-report-files.h"
#include "ns3/ipsec-scenario-runner.h"
#include "ns3/ipsec-scenario-units.h"

#include <stdexcept>
#include <unistd.h>

namespace
{

using namespace ns3::ipsec;

/// How long the rate of guesses is measured.
constexpr double RATE_SECONDS = 0.5;
/// How often responders repeat their answer at most.
constexpr uint32_t MOST_REPETITIONS = 6;
/// Words of Debian's package wamerican.
constexpr const char* STANDARD_WORDS = "/usr/share/dict/words";
/// Where finished runs of the sweeps are kept, below the output folder.
constexpr const char* POINTS = "points";
/// @name Folders of the attacked runs
/// @{
constexpr const char* WEAK_KEY = "weak-key";
constexpr const char* IMPOSTOR = "impostor";
constexpr const char* IMPOSTOR_WEAK_KEY = "impostor-weak-key";
/// @}

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

std::vector<ProgramOption>
Options()
{
    return {{"words",
             std::string("words to try as keys, one a line; without it those of ") +
                 STANDARD_WORDS + ", if it is there",
             "FILE"},
            {"weak-key", "key of the tunnels whose keys are attacked", "TEXT", "sunshine"},
            {"runs", "runs of each point of the sweeps; 0 leaves them out", "N", "40"},
            {"jobs", "runs of the sweeps at once; 0 is one for each core", "N", "0"},
            {"round-trips", "round trips to go through", "LIST", "10ms,50ms,100ms,200ms,400ms"},
            {"losses", "losses to go through", "LIST", "0%,5%,10%,20%,30%"},
            {"sweep-loss", "loss of the second sweep over round trips", "PERCENT", "10%"}};
}

ModeSweepPlan
ReadSweep(const ProgramCommandLine& command)
{
    ModeSweepPlan sweep;
    sweep.runs =
        command.Read("runs", [](const std::string& one) { return ParseCount(one, 0, 10000); });
    sweep.roundTrips = command.Read("round-trips", ParseRoundTrips);
    sweep.losses = command.Read("losses", ParseLosses);
    sweep.lossOnTheWay =
        command.Read("sweep-loss", [](const std::string& one) { return ParseLosses(one).at(0); });
    return sweep;
}

LabWords
ReadWords(const ProgramCommandLine& command)
{
    const std::string asked = command.Text("words");
    return ReadLabWords(command.Has("words") ? std::optional<std::string>(asked) : std::nullopt,
                        STANDARD_WORDS);
}

/// One lab: the scenario's run, what it says of both modes, and where the captures are.
class ModeLab
{
  public:
    explicit ModeLab(const LabRequest& request)
        : m_request(request)
        , m_sweep(ReadSweep(request.command))
        , m_jobs(request.command.Read("jobs",
                                      [](const std::string& one)
                                      { return static_cast<unsigned>(ParseCount(one, 0, 1000)); }))
        , m_weakKey(request.command.Text("weak-key"))
        , m_scenario(request.scenario.Read())
        , m_tunnels(FindLabTunnels(m_scenario))
    {
        if (m_weakKey.empty())
        {
            throw std::invalid_argument("command line: --weak-key: is empty; allowed: a text");
        }
        m_record = m_request.Run(m_scenario);
        m_main = ObserveMode(m_scenario, m_record, m_tunnels.main);
        m_aggressive = ObserveMode(m_scenario, m_record, m_tunnels.aggressive);
        m_byRepetitions = AmplificationByRepetitions(m_scenario, m_tunnels, MOST_REPETITIONS);
    }

    /// Shows everything, and writes the output folder.
    void Show(const LabWords& words);

    /// Returns the exercises with their answers.
    std::vector<Exercise> Exercises() const;

  private:
    /// Runs somebody in the responder's place.
    std::optional<MainModeProof> Impostor(const Scenario& scenario,
                                          const std::string& folder) const;
    /// Returns the capture of a gateway's link to the internet.
    std::string
    CaptureAt(const std::string& folder, const std::string& gateway) const
    {
        return m_request.Capture(gateway + "-internet", folder);
    }

    /// Returns what an eavesdropper at the responder of aggressive mode captured.
    std::vector<Octets> Captured(const std::string& folder) const;
    std::vector<ModeAttack> Attack(const std::vector<std::string>& words) const;
    /// Takes out what an earlier run wrote and this one may not.
    void RemoveOldFiles() const;
    void ShowSweep(std::vector<ModeSweepPoint>& points) const;
    void ShowAttacks(const LabWords& words) const;

    const LabRequest& m_request;
    ModeSweepPlan m_sweep;
    unsigned m_jobs;
    std::string m_weakKey;
    Scenario m_scenario;
    LabTunnels m_tunnels;
    RunRecord m_record;
    ModeFacts m_main;
    ModeFacts m_aggressive;
    std::vector<AmplificationRow> m_byRepetitions;
};

std::optional<MainModeProof>
ModeLab::Impostor(const Scenario& scenario, const std::string& folder) const
{
    const std::string captures = m_request.Path(folder) + "/pcap";
    MakeFolder(captures);
    return RunImpostor(scenario, m_tunnels.main, captures);
}

std::vector<Octets>
ModeLab::Captured(const std::string& folder) const
{
    return ReadIkeCapture(CaptureAt(folder, m_aggressive.responder));
}

std::vector<ModeAttack>
ModeLab::Attack(const std::vector<std::string>& words) const
{
    Scenario weak = m_scenario;
    SetPreSharedKey(weak, m_tunnels.main, m_weakKey);
    SetPreSharedKey(weak, m_tunnels.aggressive, m_weakKey);
    m_request.Run(weak, WEAK_KEY);
    const std::string strongAggressive = PreSharedKeyOf(m_scenario, m_tunnels.aggressive);
    const std::string strongMain = PreSharedKeyOf(m_scenario, m_tunnels.main);
    std::vector<ModeAttack> attacks{
        AttackWithWords(
            Phase1Mode::Aggressive, m_weakKey, FindAggressiveProof(Captured(WEAK_KEY)), words, 0),
        AttackWithWords(Phase1Mode::Aggressive,
                        strongAggressive,
                        FindAggressiveProof(Captured("")),
                        words,
                        RATE_SECONDS),
        AttackWithWords(Phase1Mode::Main, m_weakKey, Impostor(weak, IMPOSTOR_WEAK_KEY), words, 0),
        AttackWithWords(
            Phase1Mode::Main, strongMain, Impostor(m_scenario, IMPOSTOR), words, RATE_SECONDS)};
    attacks[0].capture = CaptureAt(WEAK_KEY, m_aggressive.responder);
    attacks[1].capture = CaptureAt("", m_aggressive.responder);
    attacks[2].capture = CaptureAt(IMPOSTOR_WEAK_KEY, m_main.initiator);
    attacks[3].capture = CaptureAt(IMPOSTOR, m_main.initiator);
    return attacks;
}

void
ModeLab::RemoveOldFiles() const
{
    m_request.Remove({"sweep.csv", "sweep-runs.csv", "amplification.csv"});
    for (const char* folder : {WEAK_KEY, IMPOSTOR, IMPOSTOR_WEAK_KEY})
    {
        m_request.RemoveCaptures(folder);
    }
    for (const std::string& chart : ModeChartNames())
    {
        RemoveBarChart(m_request.Path("plots"), chart);
    }
}

void
ModeLab::ShowSweep(std::vector<ModeSweepPoint>& points) const
{
    SweepOptions how;
    how.folder = m_request.Path(POINTS);
    how.jobs = m_jobs;
    how.hasProgress = !m_request.isQuiet && isatty(STDERR_FILENO) != 0;
    const ModeSweep sweep = SweepModes(m_request.scenario, m_tunnels, m_sweep, how);
    points = sweep.points;
    m_request.Print(LabTitle("4. How long it takes until both ends have the IKE SA") +
                    ModeSweepText(points));
    m_request.Write("sweep.csv", ModeSweepCsv(points));
    m_request.Write("sweep-runs.csv", ModeSweepRunsCsv(points));
    for (const std::string& failure : sweep.failures)
    {
        m_request.Note(failure);
    }
    if (sweep.signal != 0)
    {
        throw Interrupted(sweep.signal);
    }
    if (!sweep.failures.empty())
    {
        throw std::runtime_error(std::to_string(sweep.failures.size()) +
                                 " runs of the sweeps failed");
    }
}

void
ModeLab::ShowAttacks(const LabWords& words) const
{
    const std::string attackTitle = LabTitle("5. Dictionary attacks on the pre-shared key");
    const std::string keysTitle = LabTitle("6. How long stronger keys stand");
    if (!words.missing.empty())
    {
        const std::string leftOut = "  left out: " + words.missing + "\n";
        m_request.Print(attackTitle + leftOut + keysTitle + leftOut);
        m_request.Note("parts 5 and 6 are left out: " + words.missing);
        return;
    }
    const std::vector<ModeAttack> attacks = Attack(words.words);
    m_request.findings.Add("attacks", ModeAttackRows(attacks));
    m_request.findings.Add("keys", KeyKindRows(attacks, words.words.size()));
    m_request.Print(attackTitle + ModeAttacksText(attacks, words) + keysTitle +
                    KeyKindsText(attacks, words.words.size()));
}

std::vector<Exercise>
ModeLab::Exercises() const
{
    const std::string delay =
        "internet.delay=" + std::to_string(LONG_ROUND_TRIP.count() / 2) + "ns";
    const Scenario longPath = m_request.scenario.Read({delay});
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
ModeLab::Show(const LabWords& words)
{
    RemoveOldFiles();
    m_request.Print(
        LabTitle("1. The messages: main mode") + ModeMessagesText(m_record, m_main) +
        LabTitle("1. The messages: aggressive mode") + ModeMessagesText(m_record, m_aggressive) +
        LabTitle("2. Side by side") + SideBySideText(m_main, m_aggressive) +
        LabTitle("3. What an eavesdropper learns") + ModeEavesdropperText(m_main, m_aggressive));
    const std::vector<ModeFacts> both{m_main, m_aggressive};
    m_request.findings.Add("messages", ModeMessageRows(both));
    m_request.findings.Add("modes", ModeCountRows(both));
    m_request.findings.Add("eavesdropper", ModeEavesdropperRows(both));
    m_request.WriteRun(m_scenario, m_record);
    std::vector<ModeSweepPoint> points;
    if (m_sweep.runs > 0)
    {
        ShowSweep(points);
    }
    m_request.findings.Add("sweeps", ModeSweepRows(points));
    ShowAttacks(words);
    const std::vector<AmplificationRow> presets = AmplificationByPersonality(m_scenario, m_tunnels);
    m_request.Print(LabTitle("7. What one spoofed first message sets off (octets of IP packets)") +
                    AmplificationText(m_byRepetitions, presets));
    std::vector<AmplificationRow> rows = m_byRepetitions;
    rows.insert(rows.end(), presets.begin(), presets.end());
    m_request.findings.Add("amplification", AmplificationRows(rows));
    m_request.Write("amplification.csv", AmplificationCsv(rows));
    m_request.Print(LabTitle("8. Exercises") + ExercisesText(Exercises()));
    m_request.WriteCharts(MakeModeCharts(points, rows));
    m_request.Print("\nTables, plots, captures: " + m_request.output + "\n");
}

} // namespace

int
main(int argc, char* argv[])
{
    Lab lab;
    lab.program = "lab-main-vs-aggressive";
    lab.about = "Main mode and aggressive mode of IKEv1 over the same path, and attacks on both.";
    lab.scenario = "examples/scenarios/main-vs-aggressive.ini";
    lab.options = Options();
    lab.show = [](const LabRequest& request)
    {
        // Whoever names a list that is not there hears of it before anything runs.
        const LabWords words = ReadWords(request.command);
        ModeLab(request).Show(words);
    };
    lab.exercises = [](const LabRequest& request) { return ModeLab(request).Exercises(); };
    return RunLab(lab, argc, argv);
}
