// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-study.h"

#include "ipsec-report-files.h"
#include "ipsec-study-plots.h"
#include "ipsec-sweep-store.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <unistd.h>

namespace ns3
{
namespace ipsec
{

namespace
{

/// @name Exit statuses
/// @{
constexpr int EXIT_FINISHED = 0;
constexpr int EXIT_POINT_FAILED = 1;
constexpr int EXIT_BAD_INPUT = 2;
constexpr int EXIT_BY_SIGNAL = 128;
/// @}

/// Writes a file so that it is there as a whole or as it was before.
void
ReplaceFile(const std::string& path, const std::string& text)
{
    const std::string part = path + ".part";
    WriteTextFile(part, text);
    std::error_code error;
    std::filesystem::rename(part, path, error);
    if (error)
    {
        throw std::invalid_argument(path + " cannot be replaced: " + error.message());
    }
}

/// Says which file belongs to which point.
std::string
PointsCsv(const SweepStore& store,
          const std::vector<SweepPoint>& points,
          const SweepOutcome& outcome)
{
    std::string csv = "point,state,scenario\n";
    for (size_t i = 0; i < points.size(); i++)
    {
        csv += "\"" + points[i].Name() + "\"," +
               (outcome.results[i] ? "finished,points/" + store.KeyOf(points[i]) + ".ini"
                                   : "not finished,") +
               "\n";
    }
    return csv;
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

/// Writes all tables and pictures, says what came out, and returns the exit status.
int
Report(const Study& study,
       const StudyOptions& options,
       const std::vector<SweepPoint>& points,
       const SweepOutcome& outcome)
{
    const std::string& folder = options.output;
    const SweepTable results = MakeSweepTable(points, outcome, SweepNumbers::Results);
    const SweepTable costs = MakeSweepTable(points, outcome, SweepNumbers::Costs);
    ReplaceFile(folder + "/results.csv", RunsCsv(results));
    ReplaceFile(folder + "/means.csv", MeansCsv(results));
    ReplaceFile(folder + "/points.csv", PointsCsv(SweepStore(folder + "/points"), points, outcome));
    if (!study.traceCharts.empty())
    {
        ReplaceFile(folder + "/over-time.csv", TracesCsv(points, outcome));
    }
    if (!costs.measures.empty())
    {
        ReplaceFile(folder + "/costs.csv", RunsCsv(costs));
        ReplaceFile(folder + "/cost-means.csv", MeansCsv(costs));
    }
    std::string note;
    if (!results.groups.empty())
    {
        note = PlotStudy(study, folder, results, costs, points, outcome);
        const std::string findings = study.findings(results, costs);
        ReplaceFile(folder + "/findings.txt", findings);
        if (!options.isQuiet)
        {
            Print(study.title + "\n\n" + findings);
        }
    }
    for (const std::string& failure : outcome.failures)
    {
        std::cerr << study.program << ": " << failure << std::endl;
    }
    if (!note.empty())
    {
        std::cerr << study.program << ": " << note << std::endl;
    }
    size_t finished = 0;
    for (const std::optional<PointResult>& result : outcome.results)
    {
        finished += result ? 1 : 0;
    }
    if (!options.isQuiet)
    {
        Print("\n" + std::to_string(finished) + " of " + std::to_string(points.size()) +
              " runs finished (" + std::to_string(outcome.foundFinished) + " of them earlier), " +
              "tables and pictures in " + folder + "\n");
    }
    if (outcome.signal != 0)
    {
        std::cerr << study.program << ": interrupted; the same command goes on where it was"
                  << std::endl;
        return EXIT_BY_SIGNAL + outcome.signal;
    }
    return outcome.failures.empty() ? EXIT_FINISHED : EXIT_POINT_FAILED;
}

int
Run(const Study& study, const StudyOptions& options)
{
    const std::vector<SweepPoint> points = StudyPoints(study, options);
    SweepOptions sweep;
    sweep.folder = options.output + "/points";
    sweep.jobs = options.jobs;
    sweep.hasProgress = !options.isQuiet && isatty(STDERR_FILENO) != 0;
    const SweepOutcome outcome = RunSweep(points, study.work, sweep);
    return Report(study, options, points, outcome);
}

} // namespace

int
RunStudy(const Study& study, int argc, char* argv[])
{
    try
    {
        const StudyOptions options =
            ReadStudyOptions(study, std::vector<std::string>(argv + 1, argv + argc));
        if (options.hasHelp)
        {
            Print(StudyHelp(study));
            return EXIT_FINISHED;
        }
        return Run(study, options);
    }
    catch (const std::exception& e)
    {
        std::cerr << study.program << ": " << e.what() << std::endl;
        return EXIT_BAD_INPUT;
    }
}

} // namespace ipsec
} // namespace ns3
