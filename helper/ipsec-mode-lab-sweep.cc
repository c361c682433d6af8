// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-mode-lab-sweep.h"

#include "ipsec-csv.h"
#include "ipsec-lab-text.h"
#include "ipsec-scenario-ini.h"
#include "ipsec-scenario-runner.h"

#include <cmath>
#include <map>
#include <tuple>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Long enough for all repetitions of a few attempts.
constexpr const char* STOP = "simulation.stop=10min";
constexpr const char* RUN_KEY = "simulation.run=";
/// @name Measures of a run
/// @{
constexpr const char* ESTABLISHED = "-established";
constexpr const char* UP = "-up";
/// @}

double
Seconds(Duration time)
{
    return std::chrono::duration<double>(time).count();
}

std::optional<double>
Seconds(const std::optional<Duration>& time)
{
    return time ? std::optional<double>(Seconds(*time)) : std::nullopt;
}

const char*
ModeName(Phase1Mode mode)
{
    return mode == Phase1Mode::Main ? "main" : "aggressive";
}

MeanInterval
Mean(const std::vector<ModeSweepRun>& runs, std::optional<Duration> ModeSweepRun::*time)
{
    std::vector<double> values;
    for (const ModeSweepRun& run : runs)
    {
        if (run.*time)
        {
            values.push_back(Seconds(*(run.*time)));
        }
    }
    return MeanOf(values);
}

/// Begins a row of a table.
std::vector<std::string>
PointFields(const ModeSweepPoint& point)
{
    return {point.isOverRoundTrip ? "round-trip" : "loss",
            NumberText("%.10g", Milliseconds(point.roundTrip)),
            NumberText("%.10g", point.loss * 100),
            ModeName(point.mode)};
}

/// Returns the paths of a plan.
std::vector<ModeSweepPoint>
PathsOf(const Scenario& scenario, const ModeSweepPlan& plan)
{
    std::vector<ModeSweepPoint> paths;
    for (const double loss : {0.0, plan.lossOnTheWay})
    {
        for (const Duration roundTrip : plan.roundTrips)
        {
            paths.push_back({roundTrip, loss, true, Phase1Mode::Main, {}});
        }
    }
    for (const double loss : plan.losses)
    {
        paths.push_back({2 * scenario.internet.link.delay, loss, false, Phase1Mode::Main, {}});
    }
    return paths;
}

/// Returns what is run over a path.
SweepPoint
PointOf(const LabScenario& scenario, const ModeSweepPoint& path, uint64_t run)
{
    SweepPoint point;
    point.parameters = {{"round-trip", NumberText("%.10gms", Milliseconds(path.roundTrip))},
                        {"loss", NumberText("%.10g%%", path.loss * 100)}};
    point.run = run;
    point.scenario = ReadScenarioFile(scenario.file);
    const std::string runKey = RUN_KEY + std::to_string(run);
    for (const std::string& change :
         scenario.Changes({"internet.delay=" + std::to_string((path.roundTrip / 2).count()) + "ns",
                           "internet.loss=" + NumberText("%.10g", path.loss * 100) + "%",
                           STOP,
                           runKey}))
    {
        if (change != runKey)
        {
            point.overrides.push_back(change);
        }
    }
    return point;
}

/// Runs one point, and measures both tunnels.
PointResult
Measured(const std::string& file, const LabTunnels& tunnels, const SweepPoint& point)
{
    const LabScenario scenario{file, point.overrides};
    const RunRecord record = RunScenario(scenario.Read({RUN_KEY + std::to_string(point.run)}));
    PointResult result;
    for (const auto& [mode, tunnel] : {std::pair(Phase1Mode::Main, tunnels.main),
                                       std::pair(Phase1Mode::Aggressive, tunnels.aggressive)})
    {
        const std::string name = ModeName(mode);
        result.results.push_back(
            {name + ESTABLISHED, "s", Seconds(EstablishedAfter(record, tunnel))});
        result.results.push_back({name + UP, "s", Seconds(UpAfter(record, tunnel))});
    }
    return result;
}

/// Returns a time that was measured, if it was.
std::optional<Duration>
TimeOf(const PointResult& result, const std::string& name)
{
    for (const Measure& measure : result.results)
    {
        if (measure.name == name && measure.value)
        {
            return Duration(std::llround(*measure.value * 1e9));
        }
    }
    return std::nullopt;
}

} // namespace

MeanInterval
ModeSweepPoint::Established() const
{
    return Mean(runs, &ModeSweepRun::established);
}

MeanInterval
ModeSweepPoint::TunnelUp() const
{
    return Mean(runs, &ModeSweepRun::tunnelUp);
}

ModeSweep
SweepModes(const LabScenario& scenario,
           const LabTunnels& tunnels,
           const ModeSweepPlan& plan,
           const SweepOptions& how)
{
    const std::vector<ModeSweepPoint> paths = PathsOf(scenario.Read(), plan);
    // Both sweeps may have the same path: it is run once.
    std::map<std::tuple<Duration, double, uint64_t>, size_t> places;
    std::vector<SweepPoint> work;
    for (const ModeSweepPoint& path : paths)
    {
        for (uint64_t run = 1; run <= plan.runs; run++)
        {
            if (places.emplace(std::tuple(path.roundTrip, path.loss, run), work.size()).second)
            {
                work.push_back(PointOf(scenario, path, run));
            }
        }
    }
    const SweepOutcome outcome = RunSweep(
        work,
        [&](const SweepPoint& point) { return Measured(scenario.file, tunnels, point); },
        how);
    ModeSweep sweep{{}, outcome.failures, outcome.signal};
    for (const ModeSweepPoint& path : paths)
    {
        for (const Phase1Mode mode : {Phase1Mode::Main, Phase1Mode::Aggressive})
        {
            ModeSweepPoint point = path;
            point.mode = mode;
            for (uint64_t run = 1; run <= plan.runs; run++)
            {
                const size_t place = places.at(std::tuple(path.roundTrip, path.loss, run));
                if (const std::optional<PointResult>& result = outcome.results[place])
                {
                    const std::string name = ModeName(mode);
                    point.runs.push_back(
                        {run, TimeOf(*result, name + ESTABLISHED), TimeOf(*result, name + UP)});
                }
            }
            sweep.points.push_back(std::move(point));
        }
    }
    return sweep;
}

std::string
ModeSweepRunsCsv(const std::vector<ModeSweepPoint>& points)
{
    std::string out = "sweep,round_trip_ms,loss_percent,mode,run,established_s,tunnel_up_s\n";
    const auto text = [](const std::optional<Duration>& time)
    { return time ? NumberText("%.9g", Seconds(*time)) : std::string(); };
    for (const ModeSweepPoint& point : points)
    {
        for (const ModeSweepRun& run : point.runs)
        {
            std::vector<std::string> fields = PointFields(point);
            fields.push_back(std::to_string(run.run));
            fields.push_back(text(run.established));
            fields.push_back(text(run.tunnelUp));
            out += CsvRow(fields);
        }
    }
    return out;
}

std::string
ModeSweepCsv(const std::vector<ModeSweepPoint>& points)
{
    std::string out = "sweep,round_trip_ms,loss_percent,mode,runs,established,"
                      "established_mean_s,established_interval_s,up,tunnel_up_mean_s,"
                      "tunnel_up_interval_s\n";
    for (const ModeSweepPoint& point : points)
    {
        std::vector<std::string> fields = PointFields(point);
        fields.push_back(std::to_string(point.runs.size()));
        for (const MeanInterval& time : {point.Established(), point.TunnelUp()})
        {
            fields.push_back(std::to_string(time.count));
            fields.push_back(
                NumberText(time.count > 0 ? std::optional<double>(time.mean) : std::nullopt));
            fields.push_back(NumberText(time.halfWidth));
        }
        out += CsvRow(fields);
    }
    return out;
}

} // namespace ipsec
} // namespace ns3
