// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * A study: one question, its parameters, and what is measured to answer it.
 */
#ifndef IPSEC_STUDY_H
#define IPSEC_STUDY_H

#include "ipsec-scenario.h"
#include "ipsec-sweep-table.h"
#include "ipsec-sweep.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Values of a study's parameters, by their names.
using StudySettings = std::map<std::string, std::string>;

/// Something that a study may vary, an option of its program.
struct StudyParameter
{
    /// "lifetime": the option is --lifetime, and --sweep lifetime=... varies it.
    const char* name;
    /// What it may be, for the help: "TIME".
    const char* value;
    const char* fallback;
    const char* help;
    /// Keys of the scenario that get its value, unless it is the word OWN_VALUE.
    std::vector<std::string> keys;
};

/// A parameter with this value leaves the scenario's key alone.
constexpr char OWN_VALUE[] = "own";

/// A picture: numbers over the first parameter that is swept.
struct StudyChart
{
    /// Of its files, without extension.
    std::string name;
    std::string title;
    /// Of the axis of values, with its unit.
    std::string unit;
    /// Measures that share the axes, and what each is called in the legend.
    std::vector<std::pair<std::string, std::string>> lines;
    /// Whether the axis of values is logarithmic.
    bool isLogarithmic = false;
    /// Draws power laws that are fitted to the means from this place of the axis on; 0 draws none.
    double fitFrom = 0;
    /// Upper end of the axis of values; nothing is what they need.
    std::optional<double> yMost = std::nullopt;
};

/// Everything that the program of a study needs to know of it.
struct Study
{
    /// Name of the program, and of its output folder.
    std::string program;
    std::string title;
    /// What it is about, in a few lines of the help.
    std::string about;
    std::vector<StudyParameter> parameters;
    /// Sweeps where the command line has none, as it would write them: "fuzz=0%,50%,100%".
    std::vector<std::string> sweeps;
    uint64_t runs = 1;
    /// Processes at once; 0 is one for each core.
    unsigned jobs = 0;

    /// Writes the scenario, but for the keys that parameters set. Throws std::invalid_argument for
    /// a setting that makes no sense.
    std::function<std::string(const StudySettings&)> scenario;
    /// Throws std::invalid_argument for a scenario, as it was read with all that the command line
    /// changes, in which there is nothing to measure; may be empty.
    std::function<void(const StudySettings&, const Scenario&)> check;
    /// Runs the scenario of a point, which ReadPointScenario() gives, and measures.
    PointWork work;
    /// How long a point takes, in relation to others; may be empty.
    std::function<double(const StudySettings&)> weight;
    /// Pictures of what was simulated, of what it cost, and of the first run of each point over
    /// simulated time.
    std::vector<StudyChart> charts;
    std::vector<StudyChart> costCharts;
    std::vector<StudyChart> traceCharts;
    /// Says in words and numbers what came out.
    std::function<std::string(const SweepTable& results, const SweepTable& costs)> findings;
};

/// Reads a setting; what is wrong with it names the option.
template <typename Parse>
auto
ReadSetting(const StudySettings& settings, const std::string& name, Parse parse)
{
    try
    {
        return parse(settings.at(name));
    }
    catch (const std::invalid_argument& e)
    {
        throw std::invalid_argument("command line: --" + name + ": " + e.what());
    }
}

/// Writes a time as scenarios have it: "1500ms".
std::string TimeText(Duration duration);

/// Reads a setting that is a time, in whole milliseconds as TimeText() writes it.
Duration ReadTime(const StudySettings& settings, const std::string& name);

/// Stands for a file that is none.
constexpr char STANDARD_OUTPUT[] = "-";

/// What the command line asks of a study.
struct StudyOptions
{
    bool hasHelp = false;
    bool isQuiet = false;
    std::string output;
    /// File for all runs as JSON, or STANDARD_OUTPUT; empty for none.
    std::string json;
    unsigned jobs = 0;
    uint64_t runs = 1;
    uint64_t firstRun = 1;
    StudySettings settings;
    /// Names and values, in the order of the command line.
    std::vector<std::pair<std::string, std::vector<std::string>>> sweeps;
    /// Options of the scenario, such as "internet.delay=50ms".
    std::vector<std::string> overrides;
};

/// Reads the command line of a study. @throws std::invalid_argument with one line.
StudyOptions ReadStudyOptions(const Study& study, const std::vector<std::string>& arguments);

/// Returns what --help prints.
std::string StudyHelp(const Study& study);

/// Reads the scenario of a point, with its overrides and its run.
Scenario ReadPointScenario(const SweepPoint& point);

/// Returns all combinations of what is swept, each as often as there are runs; checks that each
/// scenario can be read. @throws std::invalid_argument with one line.
std::vector<SweepPoint> StudyPoints(const Study& study, const StudyOptions& options);

/**
 * The program of a study: reads options, sweeps, writes tables and pictures, and says what came
 * out.
 * @return its exit status: 0; 1, a point failed; 2, bad input; 128 and a signal that ended it.
 */
int RunStudy(const Study& study, int argc, char* argv[]);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_STUDY_H
