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
#include "ns3/ipsec-personality-table.h"
#include "ns3/ipsec-report-displays.h"
#include "ns3/ipsec-report-files.h"
#include "ns3/ipsec-report-json.h"
#include "ns3/ipsec-scenario-cpu.h"
#include "ns3/ipsec-scenario-keys.h"
#include "ns3/ipsec-scenario-reader.h"
#include "ns3/ipsec-scenario-runner.h"

#include <boost/program_options.hpp>
#include <cstdio>
#include <iostream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <unistd.h>

namespace
{

namespace po = boost::program_options;
using namespace ns3::ipsec;

constexpr int EXIT_AS_EXPECTED = 0;
constexpr int EXIT_NOT_AS_EXPECTED = 1;
constexpr int EXIT_BAD_INPUT = 2;

/// What the command line asks for.
struct LabOptions
{
    bool help = false;
    bool quiet = false;
    bool personalities = false;
    std::string scenario;
    std::string output;
    /// File that gets what operations cost this machine; empty for none.
    std::string calibrate;
    /// File for results.json, "-" for standard output, empty for none.
    std::string json;
    std::vector<std::string> overrides;
};

po::options_description
VisibleOptions()
{
    po::options_description options("Options");
    auto add = options.add_options();
    add("help", "show this help and all keys of scenario files");
    add("personalities", "show the personalities side by side, with those of a scenario");
    const auto value = [](const char* name) { return po::value<std::string>()->value_name(name); };
    add("output", value("DIR"), "write results, captures, charts and keys to a folder");
    add("json", value("FILE|-"), "write results.json to a file, or to standard output: -");
    add("calibrate",
        value("FILE"),
        "measure what cryptography costs this machine, for cpu = this-machine; runs nothing");
    add("quiet", "print nothing but errors");
    add("seed", value("N"), "same as --simulation.seed=N");
    add("run", value("N"), "same as --simulation.run=N");
    return options;
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
            lab.overrides.push_back(argument.substr(2));
            continue;
        }
        own.push_back(argument);
    }
    po::options_description options = VisibleOptions();
    options.add_options()("scenario", po::value<std::vector<std::string>>());
    po::positional_options_description positional;
    positional.add("scenario", -1);
    const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
    po::variables_map values;
    po::store(
        po::command_line_parser(own).options(options).positional(positional).style(style).run(),
        values);
    po::notify(values);

    const auto text = [&](const char* name)
    { return values.count(name) > 0 ? values[name].as<std::string>() : std::string(); };
    lab.help = values.count("help") > 0;
    lab.quiet = values.count("quiet") > 0;
    lab.personalities = values.count("personalities") > 0;
    lab.output = text("output");
    lab.json = text("json");
    lab.calibrate = text("calibrate");
    for (const char* name : {"seed", "run"})
    {
        if (values.count(name) > 0)
        {
            lab.overrides.push_back(std::string("simulation.") + name + "=" + text(name));
        }
    }
    if (values.count("scenario") > 0)
    {
        const auto files = values["scenario"].as<std::vector<std::string>>();
        if (files.size() > 1)
        {
            throw std::invalid_argument("command line: '" + files[1] +
                                        "' is a second scenario; allowed: one");
        }
        lab.scenario = files.front();
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

void
PrintHelp()
{
    std::ostringstream help;
    help << "Usage: ipsec-lab SCENARIO.ini [OPTIONS] [--SECTION.NAME.KEY=VALUE ...]\n\n"
            "Runs a scenario of IKEv1 and IPsec gateways in ns-3 and reports what happened.\n"
            "Exit status: 0 as expected, 1 an expectation failed, 2 bad input.\n\n"
         << VisibleOptions()
         << "\nKeys of scenario files (each is an option, too; a key with * may be set for one\n"
            "end of a tunnel: GATEWAY.KEY)\n"
         << ScenarioKeysHelp();
    Print(help.str());
}

void
PrintPersonalities(const LabOptions& lab)
{
    std::vector<Personality> personalities = AllPresets();
    if (!lab.scenario.empty())
    {
        const Scenario scenario = ReadScenario(lab.scenario, lab.overrides);
        for (const PersonalitySettings& settings : scenario.personalities)
        {
            personalities.push_back(settings.personality);
        }
    }
    Print(PersonalityTable(personalities));
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
Run(const LabOptions& lab)
{
    // Read once: it may be a pipe.
    const ScenarioSource source{lab.scenario, ReadScenarioFile(lab.scenario), lab.overrides};
    const Scenario scenario = ReadScenarioText(source.text, source.file, source.overrides);
    RunOptions options;
    const bool hasJsonFile = !lab.json.empty() && lab.json != "-";
    if (hasJsonFile)
    {
        RequireWritable(lab.json);
    }
    if (!lab.output.empty())
    {
        options.pcapFolder = PrepareOutput(lab.output, scenario.output);
    }
    std::unique_ptr<LabAnimation> animation;
    if (!lab.output.empty() && scenario.output.netanim)
    {
        const std::string file = lab.output + "/netanim.xml";
        RequireAnimation(scenario, file);
        options.prepare = [&animation, &scenario, file](const ScenarioNetwork& network)
        { animation = std::make_unique<LabAnimation>(file, scenario, network); };
    }
    const bool hasProgress = !lab.quiet && isatty(STDERR_FILENO) != 0;
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
    if (!lab.output.empty())
    {
        for (const std::string& note : WriteOutput(lab.output, scenario.output, record, source))
        {
            std::cerr << "ipsec-lab: " << note << std::endl;
        }
    }
    if (lab.json == "-")
    {
        Print(ReportJson(record));
    }
    else if (!lab.quiet)
    {
        Print(ReportText(record));
    }
    if (hasJsonFile)
    {
        WriteTextFile(lab.json, ReportJson(record));
    }
    return record.Passed() ? EXIT_AS_EXPECTED : EXIT_NOT_AS_EXPECTED;
}

/// Measures this machine and writes the file that machine-costs names.
int
Calibrate(const LabOptions& lab)
{
    constexpr Duration EACH_OPERATION = std::chrono::milliseconds(60);
    RequireWritable(lab.calibrate);
    WriteTextFile(lab.calibrate,
                  "; What operations cost one machine, measured by ipsec-lab --calibrate.\n"
                  "; A scenario names this file with machine-costs in [simulation], or has the\n"
                  "; section under a name of its own.\n" +
                      CpuSectionText(THIS_MACHINE, MeasureThisMachine(EACH_OPERATION)));
    if (!lab.quiet)
    {
        Print("Wrote " + lab.calibrate + ".\n");
    }
    return EXIT_AS_EXPECTED;
}

int
Refuse(const std::string& why)
{
    std::cerr << "ipsec-lab: " << why << std::endl;
    return EXIT_BAD_INPUT;
}

} // namespace

int
main(int argc, char* argv[])
{
    try
    {
        const LabOptions lab = ParseCommandLine(argc, argv);
        if (lab.help)
        {
            PrintHelp();
            return EXIT_AS_EXPECTED;
        }
        if (!lab.calibrate.empty())
        {
            return Calibrate(lab);
        }
        if (lab.personalities)
        {
            PrintPersonalities(lab);
            return EXIT_AS_EXPECTED;
        }
        if (lab.scenario.empty())
        {
            return Refuse("no scenario file given; write ipsec-lab SCENARIO.ini, or --help");
        }
        return Run(lab);
    }
    catch (const ScenarioError& e)
    {
        return Refuse(e.what());
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
        // The machine's fault, such as a TAP device that cannot be opened, or a full disk.
        return Refuse(e.what());
    }
}
