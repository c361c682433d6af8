// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-study.h"

#include "ipsec-gnuplot.h"
#include "ipsec-json-writer.h"
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

/// Files of tables and findings, besides pictures.
const char* const REPORTS[]{"findings.txt",
                            "results.csv",
                            "means.csv",
                            "costs.csv",
                            "cost-means.csv",
                            "over-time.csv",
                            "points.csv"};

/// Takes away what an earlier sweep wrote, so that none of it stands beside what this one has; its
/// points stay.
void
RemoveReports(const std::string& folder)
{
    for (const char* name : REPORTS)
    {
        const std::string path = folder + "/" + name;
        std::error_code error;
        std::filesystem::remove(path, error);
        if (error)
        {
            throw std::invalid_argument(path + " cannot be replaced: " + error.message());
        }
    }
    RemovePlots(folder + PLOTS_FOLDER);
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
WriteMeasures(JsonWriter& json, const char* key, const std::vector<Measure>& measures)
{
    json.Key(key).BeginObject();
    for (const Measure& measure : measures)
    {
        json.Key(measure.name);
        measure.value ? json.Number(*measure.value) : json.Null();
    }
    json.EndObject();
}

/// Writes every run that is finished, as doc/studies.md describes it.
std::string
RunsJson(const Study& study,
         const SweepStore& store,
         const std::vector<SweepPoint>& points,
         const SweepOutcome& outcome)
{
    JsonWriter json;
    json.BeginObject().Key("schema").Number(uint64_t{1});
    json.Key("study").String(study.program).Key("units").BeginObject();
    for (const SweepNumbers numbers : {SweepNumbers::Results, SweepNumbers::Costs})
    {
        for (const auto& [measure, unit] : MakeSweepTable(points, outcome, numbers).measures)
        {
            json.Key(measure).String(unit);
        }
    }
    json.EndObject().Key("runs").BeginArray();
    for (size_t i = 0; i < points.size(); i++)
    {
        if (!outcome.results[i])
        {
            continue;
        }
        json.BeginObject().Key("parameters").BeginObject();
        for (const auto& [name, value] : points[i].parameters)
        {
            json.Key(name).String(value);
        }
        json.EndObject().Key("run").Number(points[i].run);
        json.Key("scenario").String("points/" + store.KeyOf(points[i]) + ".ini");
        WriteMeasures(json, "results", outcome.results[i]->results);
        WriteMeasures(json, "costs", outcome.results[i]->costs);
        json.EndObject();
    }
    json.EndArray().EndObject();
    return json.Take();
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
    // First of all, should nothing else get written.
    for (const std::string& failure : outcome.failures)
    {
        std::cerr << study.program << ": " << failure << std::endl;
    }
    const std::string& folder = options.output;
    RemoveReports(folder);
    const SweepTable results = MakeSweepTable(points, outcome, SweepNumbers::Results);
    const SweepTable costs = MakeSweepTable(points, outcome, SweepNumbers::Costs);
    ReplaceFile(folder + "/results.csv", RunsCsv(results));
    ReplaceFile(folder + "/means.csv", MeansCsv(results));
    const SweepStore store(folder + "/points");
    ReplaceFile(folder + "/points.csv", PointsCsv(store, points, outcome));
    if (options.json == STANDARD_OUTPUT)
    {
        Print(RunsJson(study, store, points, outcome));
    }
    else if (!options.json.empty())
    {
        ReplaceFile(options.json, RunsJson(study, store, points, outcome));
    }
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
    if (!options.json.empty() && options.json != STANDARD_OUTPUT)
    {
        RequireWritable(options.json);
    }
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
