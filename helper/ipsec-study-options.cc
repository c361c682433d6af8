// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-reader.h"
#include "ipsec-scenario-units.h"
#include "ipsec-study.h"

#include <algorithm>
#include <boost/program_options.hpp>
#include <set>
#include <sstream>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

namespace po = boost::program_options;

/// Most processes at once, runs of a point, and points: more is a slip of the finger.
constexpr uint64_t MOST_JOBS = 1024;
constexpr uint64_t MOST_RUNS = 10000;
constexpr size_t MOST_POINTS = 100000;
/// What messages call the scenario that a study writes.
constexpr char STUDY_FILE[] = "study.ini";

[[noreturn]] void
Refuse(const std::string& option, const std::string& why)
{
    throw std::invalid_argument("command line: --" + option + ": " + why);
}

po::options_description
OwnOptions(const Study& study)
{
    const auto value = [](const char* name) { return po::value<std::string>()->value_name(name); };
    po::options_description own("Options");
    auto add = own.add_options();
    add("help", "show this help");
    add("sweep",
        po::value<std::vector<std::string>>()->value_name("NAME=VALUE,VALUE,..."),
        "vary a parameter, or a key of the scenario such as internet.delay; several of them make "
        "all combinations");
    const std::string runs =
        "independent runs of each point, " + std::to_string(study.runs) + " without";
    add("runs", value("N"), runs.c_str());
    add("first-run", value("N"), "number of the first of them, 1 without");
    const std::string jobs = "processes at once, " +
                             (study.jobs == 0 ? "one for each core" : std::to_string(study.jobs)) +
                             " without";
    add("jobs", value("N"), jobs.c_str());
    const std::string output = "folder for tables and pictures, output/" + study.program +
                               " without; points that it holds are not run again";
    add("output", value("DIR"), output.c_str());
    add("json",
        value("FILE|-"),
        "write every run to this file, too, as JSON; -: to standard output, and nothing else");
    add("quiet", "print nothing but errors");
    return own;
}

po::options_description
ParameterOptions(const Study& study)
{
    po::options_description parameters("Parameters");
    for (const StudyParameter& parameter : study.parameters)
    {
        const std::string help = std::string(parameter.help) + "; " + parameter.fallback;
        parameters.add_options()(
            parameter.name, po::value<std::string>()->value_name(parameter.value), help.c_str());
    }
    return parameters;
}

const StudyParameter*
FindParameter(const Study& study, const std::string& name)
{
    const auto found = std::find_if(study.parameters.begin(),
                                    study.parameters.end(),
                                    [&](const StudyParameter& one) { return name == one.name; });
    return found == study.parameters.end() ? nullptr : &*found;
}

/// Returns the parameter that stands for a key of the scenario, or the key itself.
std::string
ParameterFor(const Study& study, const std::string& option, const std::string& key)
{
    if (key == "simulation.run")
    {
        Refuse(option, "'" + key + "' goes by the runs of a point; allowed: --runs, --first-run");
    }
    for (const StudyParameter& parameter : study.parameters)
    {
        const auto& keys = parameter.keys;
        if (std::find(keys.begin(), keys.end(), key) != keys.end())
        {
            if (keys.size() > 1)
            {
                Refuse(option,
                       "'" + key + "' goes with others that the parameter " + parameter.name +
                           " sets; allowed: " + parameter.name);
            }
            return parameter.name;
        }
    }
    return key;
}

/// Cuts "lifetime=600s,1200s" and checks its name.
std::pair<std::string, std::vector<std::string>>
CutSweep(const Study& study, const std::string& text)
{
    const size_t equals = text.find('=');
    const std::string name = ParameterFor(study, "sweep", text.substr(0, equals));
    const bool isKey = name.find('.') != std::string::npos;
    if (!isKey && !FindParameter(study, name))
    {
        std::vector<std::string> names;
        for (const StudyParameter& parameter : study.parameters)
        {
            names.emplace_back(parameter.name);
        }
        Refuse("sweep",
               "there is no parameter '" + Printable(name) + "'; allowed: " + JoinList(names) +
                   ", or a key of the scenario");
    }
    const std::vector<std::string> values = equals == std::string::npos
                                                ? std::vector<std::string>()
                                                : SplitList(text.substr(equals + 1));
    const std::set<std::string> different(values.begin(), values.end());
    if (values.empty() || different.count("") > 0 || different.size() < values.size())
    {
        Refuse("sweep",
               "'" + Printable(text) +
                   "' does not list different values; allowed: NAME=VALUE,VALUE,...");
    }
    return {name, values};
}

uint64_t
ReadCount(const po::variables_map& values, const char* name, uint64_t fallback, uint64_t most)
{
    if (values.count(name) == 0)
    {
        return fallback;
    }
    try
    {
        return ParseCount(values[name].as<std::string>(), 1, most);
    }
    catch (const std::invalid_argument& e)
    {
        Refuse(name, e.what());
    }
}

/// Takes the sweeps of the command line, or those of the study that nothing contradicts.
void
TakeSweeps(StudyOptions& options, const Study& study, const po::variables_map& values)
{
    const bool isOwn = values.count("sweep") > 0;
    for (const std::string& text :
         isOwn ? values["sweep"].as<std::vector<std::string>>() : study.sweeps)
    {
        const auto sweep = CutSweep(study, text);
        const bool isSet =
            FindParameter(study, sweep.first)
                ? values.count(sweep.first) > 0
                : std::any_of(
                      options.overrides.begin(),
                      options.overrides.end(),
                      [&](const std::string& one)
                      { return one.compare(0, sweep.first.size() + 1, sweep.first + "=") == 0; });
        if (isSet && isOwn)
        {
            Refuse(sweep.first, "is set and swept; allowed: one of both");
        }
        const bool isTwice = std::any_of(options.sweeps.begin(),
                                         options.sweeps.end(),
                                         [&](const auto& one) { return one.first == sweep.first; });
        if (isTwice)
        {
            Refuse("sweep", "'" + sweep.first + "' is swept twice; allowed: once");
        }
        if (!isSet)
        {
            options.sweeps.push_back(sweep);
        }
    }
}

} // namespace

std::string
TimeText(Duration duration)
{
    return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(duration).count()) +
           "ms";
}

Duration
ReadTime(const StudySettings& settings, const std::string& name)
{
    return std::chrono::floor<std::chrono::milliseconds>(
        ReadSetting(settings, name, ParseDuration));
}

StudyOptions
ReadStudyOptions(const Study& study, const std::vector<std::string>& arguments)
{
    StudyOptions options;
    std::vector<std::string> own;
    for (const std::string& argument : arguments)
    {
        const std::string name = argument.substr(0, argument.find('='));
        const bool isKey = name.rfind("--", 0) == 0 && name.find('.') != std::string::npos;
        if (!isKey)
        {
            own.push_back(argument);
            continue;
        }
        const std::string key = name.substr(2);
        const std::string parameter = ParameterFor(study, key, key);
        const std::string value = argument.substr(name.size());
        (parameter == key ? options.overrides : own)
            .push_back(parameter == key ? key + value : "--" + parameter + value);
    }
    po::options_description all;
    all.add(OwnOptions(study)).add(ParameterOptions(study));
    const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
    po::variables_map values;
    try
    {
        const po::positional_options_description none;
        po::store(po::command_line_parser(own).options(all).positional(none).style(style).run(),
                  values);
        po::notify(values);
    }
    catch (const po::too_many_positional_options_error&)
    {
        throw std::invalid_argument("command line: has a word that is no option, nor the value of "
                                    "one; allowed: --PARAMETER VALUE, --SECTION.NAME.KEY=VALUE; "
                                    "see --help");
    }
    catch (const po::error& e)
    {
        throw std::invalid_argument(std::string("command line: ") + Printable(e.what()) +
                                    "; see --help");
    }
    options.hasHelp = values.count("help") > 0;
    options.isQuiet = values.count("quiet") > 0;
    options.output =
        values.count("output") > 0 ? values["output"].as<std::string>() : "output/" + study.program;
    if (values.count("json") > 0)
    {
        options.json = values["json"].as<std::string>();
        if (options.json.empty())
        {
            Refuse("json", "'' is no file; allowed: a path, or -");
        }
        options.isQuiet = options.isQuiet || options.json == STANDARD_OUTPUT;
    }
    if (options.output.empty())
    {
        Refuse("output", "'' is no folder; allowed: a path");
    }
    options.jobs = static_cast<unsigned>(ReadCount(values, "jobs", study.jobs, MOST_JOBS));
    options.runs = ReadCount(values, "runs", study.runs, MOST_RUNS);
    options.firstRun = ReadCount(values, "first-run", 1, 1000000000);
    for (const StudyParameter& parameter : study.parameters)
    {
        options.settings[parameter.name] = values.count(parameter.name) > 0
                                               ? values[parameter.name].as<std::string>()
                                               : parameter.fallback;
    }
    TakeSweeps(options, study, values);
    return options;
}

std::string
StudyHelp(const Study& study)
{
    std::ostringstream help;
    help << "Usage: " << study.program << " [OPTIONS] [--PARAMETER VALUE ...]\n"
         << "       [--sweep PARAMETER=VALUE,VALUE,... ...] [--SECTION.NAME.KEY=VALUE ...]\n\n"
         << study.about
         << "\nExit status: 0 all points finished, 1 a point failed, 2 bad input, 130 "
            "interrupted.\n\n"
         << OwnOptions(study) << "\n"
         << ParameterOptions(study);
    if (!study.sweeps.empty())
    {
        help << "\nWithout --sweep:";
        for (const std::string& sweep : study.sweeps)
        {
            help << " --sweep " << sweep;
        }
        help << "\n";
    }
    return help.str();
}

namespace
{

/// Returns the options of the scenario that parameters stand for.
std::vector<std::string>
OverridesOf(const Study& study, const StudySettings& settings)
{
    std::vector<std::string> overrides;
    for (const StudyParameter& parameter : study.parameters)
    {
        const std::string& value = settings.at(parameter.name);
        for (const std::string& key : parameter.keys)
        {
            if (value != OWN_VALUE)
            {
                overrides.push_back(key + "=" + value);
            }
        }
    }
    return overrides;
}

/// Names the option in place of the key that it stands for.
std::string
WithOptionNames(const Study& study, const std::string& message)
{
    for (const StudyParameter& parameter : study.parameters)
    {
        for (const std::string& key : parameter.keys)
        {
            const std::string begin = "command line: " + key + ":";
            if (message.compare(0, begin.size(), begin) == 0)
            {
                return "command line: --" + std::string(parameter.name) + ":" +
                       message.substr(begin.size());
            }
        }
    }
    // Nobody has the file; what it says is right without the options.
    const std::string begin = std::string(STUDY_FILE) + ":";
    if (message.compare(0, begin.size(), begin) == 0)
    {
        return "command line: the scenario of the study contradicts these options: " +
               message.substr(message.find(": ") + 2);
    }
    return message;
}

/// Makes the point of one combination, and checks that its scenario can be read.
SweepPoint
MakePoint(const Study& study,
          const StudyOptions& options,
          std::vector<std::pair<std::string, std::string>> parameters)
{
    SweepPoint point;
    point.settings = options.settings;
    std::vector<std::string> overrides = options.overrides;
    for (const auto& [name, value] : parameters)
    {
        if (FindParameter(study, name))
        {
            point.settings[name] = value;
            continue;
        }
        overrides.push_back(name + "=" + value);
    }
    point.parameters = std::move(parameters);
    point.scenario = study.scenario(point.settings);
    point.overrides = OverridesOf(study, point.settings);
    point.overrides.insert(point.overrides.end(), overrides.begin(), overrides.end());
    point.weight = study.weight ? study.weight(point.settings) : 1;
    try
    {
        const Scenario scenario = ReadPointScenario(point);
        if (study.check)
        {
            study.check(point.settings, scenario);
        }
    }
    catch (const std::invalid_argument& e)
    {
        throw std::invalid_argument(WithOptionNames(study, e.what()));
    }
    return point;
}

} // namespace

Scenario
ReadPointScenario(const SweepPoint& point)
{
    std::vector<std::string> overrides = point.overrides;
    overrides.push_back("simulation.run=" + std::to_string(point.run));
    return ReadScenarioText(point.scenario, STUDY_FILE, overrides);
}

std::vector<SweepPoint>
StudyPoints(const Study& study, const StudyOptions& options)
{
    size_t combinations = 1;
    for (const auto& [name, values] : options.sweeps)
    {
        combinations *= values.size();
        if (combinations * options.runs > MOST_POINTS)
        {
            Refuse("sweep", "makes too many points; allowed: " + std::to_string(MOST_POINTS));
        }
    }
    std::vector<SweepPoint> points;
    for (size_t number = 0; number < combinations; number++)
    {
        // The last sweep turns fastest, as the last column of a table.
        std::vector<std::pair<std::string, std::string>> parameters(options.sweeps.size());
        size_t rest = number;
        for (size_t i = options.sweeps.size(); i-- > 0;)
        {
            const auto& [name, values] = options.sweeps[i];
            parameters[i] = {name, values[rest % values.size()]};
            rest /= values.size();
        }
        SweepPoint point = MakePoint(study, options, std::move(parameters));
        for (uint64_t run = 0; run < options.runs; run++)
        {
            point.run = options.firstRun + run;
            points.push_back(point);
        }
    }
    return points;
}

} // namespace ipsec
} // namespace ns3
