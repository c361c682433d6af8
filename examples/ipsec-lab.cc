// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Runs a scenario file and reports what happened.
 *
 *     ipsec-lab examples/scenarios/site-to-site.ini --output DIR
 *
 * It prints the ladder of IKE messages, the SAs of each gateway, what became of the traffic, and a
 * verdict. Exit status: 0, the run did what the scenario expects; 1, an expectation failed; 2, bad
 * input, in one line.
 */
#include "ipsec-lab-animation.h"

#include "ns3/ipsec-cpu-calibration.h"
#include "ns3/ipsec-lab-program.h"
#include "ns3/ipsec-personality-table.h"
#include "ns3/ipsec-report-displays.h"
#include "ns3/ipsec-report-files.h"
#include "ns3/ipsec-report-json.h"
#include "ns3/ipsec-scenario-cpu.h"
#include "ns3/ipsec-scenario-keys.h"
#include "ns3/ipsec-scenario-reader.h"
#include "ns3/ipsec-scenario-runner.h"

#include <cstdio>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <unistd.h>

namespace
{

using namespace ns3::ipsec;

std::vector<ProgramOption>
Options()
{
    return {{"help", "show this help and all keys of scenario files"},
            {"personalities", "show the personalities side by side, with those of a scenario"},
            {"output", "write results, captures, charts and keys to a folder", "DIR"},
            {"json", "write results.json to a file, or to standard output: -", "FILE|-"},
            {"calibrate",
             "measure what cryptography costs this machine, for cpu = this-machine; runs nothing",
             "FILE"},
            {"quiet", "print nothing but errors"},
            {"seed", "same as --simulation.seed=N", "N"},
            {"run", "same as --simulation.run=N", "N"}};
}

void
PrintHelp()
{
    PrintText("Usage: ipsec-lab SCENARIO.ini [OPTIONS] [--SECTION.NAME.KEY=VALUE ...]\n\n"
              "Runs a scenario of IKEv1 and IPsec gateways in ns-3 and reports what happened.\n"
              "Exit status: 0 as expected, 1 an expectation failed, 2 bad input.\n\n" +
              ProgramOptionsHelp(Options()) +
              "\nKeys of scenario files (each is an option, too; a key with * may be set for one\n"
              "end of a tunnel: GATEWAY.KEY)\n" +
              ScenarioKeysHelp());
}

void
PrintPersonalities(const ProgramCommandLine& command)
{
    std::vector<Personality> personalities = AllPresets();
    if (!command.ScenarioFile().empty())
    {
        const Scenario scenario = ReadScenario(command.ScenarioFile(), command.Changes());
        for (const PersonalitySettings& settings : scenario.personalities)
        {
            personalities.push_back(settings.personality);
        }
    }
    PrintText(PersonalityTable(personalities));
}

/// Makes sure, before the run, that an animation can be written.
void
RequireAnimation(const Scenario& scenario, const std::string& file)
{
    if (!HasNetAnim())
    {
        throw std::invalid_argument("output.netanim needs ns-3's module netanim, and this program "
                                    "was built without it");
    }
    const size_t nodes = scenario.gateways.size() + scenario.hosts.size() + scenario.nats.size();
    if (nodes > MOST_ANIMATED)
    {
        throw std::invalid_argument("output.netanim: the scenario has " + std::to_string(nodes) +
                                    " nodes; allowed: at most " + std::to_string(MOST_ANIMATED));
    }
    RequireWritable(file);
}

/// Draws one line that the next one overwrites.
void
ShowProgress(Instant now, Duration stop, size_t livingSas)
{
    constexpr size_t COLUMNS = 40;
    const double part =
        std::chrono::duration<double>(now.time_since_epoch()) / std::chrono::duration<double>(stop);
    std::string bar(static_cast<size_t>(part * COLUMNS), '#');
    bar.resize(COLUMNS, '.');
    std::fprintf(
        stderr, "\r[%s] %s s, %zu SAs up ", bar.c_str(), SecondsText(now, 1).c_str(), livingSas);
}

void
ClearProgress()
{
    std::fprintf(stderr, "\r%70s\r", "");
}

int
Run(const ProgramCommandLine& command)
{
    // Read once: it may be a pipe.
    const ScenarioSource source{
        command.ScenarioFile(), ReadScenarioFile(command.ScenarioFile()), command.Changes()};
    const Scenario scenario = ReadScenarioText(source.text, source.file, source.overrides);
    const std::string output = command.Text("output");
    const std::string json = command.Text("json");
    const bool isQuiet = command.Has("quiet");
    RunOptions options;
    const bool hasJsonFile = !json.empty() && json != "-";
    if (hasJsonFile)
    {
        RequireWritable(json);
    }
    if (!output.empty())
    {
        options.pcapFolder = PrepareOutput(output, scenario.output);
    }
    else if (scenario.output.netanim)
    {
        std::cerr << "ipsec-lab: without --output DIR no netanim.xml is written" << std::endl;
    }
    std::unique_ptr<LabAnimation> animation;
    if (!output.empty() && scenario.output.netanim)
    {
        const std::string file = output + "/netanim.xml";
        RequireAnimation(scenario, file);
        options.prepare = [&animation, &scenario, file](const ScenarioNetwork& network)
        { animation = std::make_unique<LabAnimation>(file, scenario, network); };
    }
    const bool hasProgress = !isQuiet && isatty(STDERR_FILENO) != 0;
    if (hasProgress)
    {
        const Duration stop = scenario.simulation.stop;
        options.progress = [stop](Instant now, size_t sas) { ShowProgress(now, stop, sas); };
    }
    const RunRecord record = RunScenario(scenario, options);
    animation.reset();
    if (hasProgress)
    {
        ClearProgress();
    }
    if (!output.empty())
    {
        for (const std::string& note : WriteOutput(output, scenario.output, record, source))
        {
            std::cerr << "ipsec-lab: " << note << std::endl;
        }
    }
    if (json == "-")
    {
        PrintText(ReportJson(record));
    }
    else if (!isQuiet)
    {
        PrintText(ReportText(record));
    }
    if (hasJsonFile)
    {
        WriteTextFile(json, ReportJson(record));
    }
    return record.Passed() ? EXIT_DONE : EXIT_NOT_RIGHT;
}

/// Measures this machine and writes the file that machine-costs names.
int
Calibrate(const ProgramCommandLine& command)
{
    constexpr Duration EACH_OPERATION = std::chrono::milliseconds(60);
    const std::string file = command.Text("calibrate");
    RequireWritable(file);
    WriteTextFile(file,
                  "; What operations cost one machine, measured by ipsec-lab --calibrate.\n"
                  "; A scenario names this file with machine-costs in [simulation], or has the\n"
                  "; section under a name of its own.\n" +
                      CpuSectionText(THIS_MACHINE, MeasureThisMachine(EACH_OPERATION)));
    if (!command.Has("quiet"))
    {
        PrintText("Wrote " + file + ".\n");
    }
    return EXIT_DONE;
}

int
Obey(const ProgramCommandLine& command)
{
    if (command.Has("help"))
    {
        PrintHelp();
        return EXIT_DONE;
    }
    if (command.Has("calibrate"))
    {
        return Calibrate(command);
    }
    if (command.Has("personalities"))
    {
        PrintPersonalities(command);
        return EXIT_DONE;
    }
    if (command.ScenarioFile().empty())
    {
        throw std::invalid_argument(
            "no scenario file given; write ipsec-lab SCENARIO.ini, or --help");
    }
    return Run(command);
}

} // namespace

int
main(int argc, char* argv[])
{
    return RunGuarded("ipsec-lab", [&] { return Obey(ProgramCommandLine(Options(), argc, argv)); });
}
