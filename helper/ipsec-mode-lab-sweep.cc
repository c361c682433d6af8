// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-mode-lab-sweep.h"

#include "ipsec-scenario-runner.h"

#include <cstdio>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Long enough for all repetitions of a few attempts.
constexpr const char* STOP = "simulation.stop=10min";

std::string
NumberText(const char* form, double value)
{
    char text[48];
    std::snprintf(text, sizeof(text), form, value);
    return text;
}

double
Seconds(Duration time)
{
    return std::chrono::duration<double>(time).count();
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

/// Begins a line of a table.
std::string
PointText(const ModeSweepPoint& point)
{
    return std::string(point.isOverRoundTrip ? "round-trip" : "loss") + "," +
           NumberText("%g", Seconds(point.roundTrip) * 1000) + "," +
           NumberText("%g", point.loss * 100) + "," + ModeName(point.mode);
}

/// Runs both modes over one path.
void
SweepPath(const LabScenario& scenario,
          const LabTunnels& tunnels,
          const ModeSweepPoint& path,
          size_t runs,
          const std::function<void()>& afterRun,
          std::vector<ModeSweepPoint>& points)
{
    ModeSweepPoint main = path;
    ModeSweepPoint aggressive = path;
    aggressive.mode = Phase1Mode::Aggressive;
    for (size_t run = 1; run <= runs; run++)
    {
        const std::vector<std::string> changes{
            "internet.delay=" + std::to_string((path.roundTrip / 2).count()) + "ns",
            "internet.loss=" + NumberText("%.10g", path.loss * 100) + "%",
            "simulation.run=" + std::to_string(run),
            STOP};
        const RunRecord record = RunScenario(scenario.Read(changes));
        for (const auto& [point, tunnel] :
             {std::pair(&main, tunnels.main), std::pair(&aggressive, tunnels.aggressive)})
        {
            point->runs.push_back({EstablishedAfter(record, tunnel), UpAfter(record, tunnel)});
        }
        afterRun();
    }
    points.push_back(std::move(main));
    points.push_back(std::move(aggressive));
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

std::vector<ModeSweepPoint>
SweepModes(const LabScenario& scenario,
           const LabTunnels& tunnels,
           const ModeSweepPlan& plan,
           const std::function<void(double)>& progress)
{
    std::vector<ModeSweepPoint> paths;
    for (const double loss : {0.0, plan.lossOnTheWay})
    {
        for (const Duration roundTrip : plan.roundTrips)
        {
            paths.push_back({roundTrip, loss, true, Phase1Mode::Main, {}});
        }
    }
    const Duration own = 2 * scenario.Read().internet.link.delay;
    for (const double loss : plan.losses)
    {
        paths.push_back({own, loss, false, Phase1Mode::Main, {}});
    }
    size_t done = 0;
    const auto count = [&]()
    {
        done++;
        if (progress)
        {
            progress(static_cast<double>(done) / static_cast<double>(paths.size() * plan.runs));
        }
    };
    std::vector<ModeSweepPoint> points;
    for (const ModeSweepPoint& path : paths)
    {
        SweepPath(scenario, tunnels, path, plan.runs, count, points);
    }
    return points;
}

std::string
ModeSweepRunsCsv(const std::vector<ModeSweepPoint>& points)
{
    std::string out = "sweep,round_trip_ms,loss_percent,mode,run,established_s,tunnel_up_s\n";
    const auto text = [](const std::optional<Duration>& time)
    { return time ? NumberText("%.9g", Seconds(*time)) : std::string(); };
    for (const ModeSweepPoint& point : points)
    {
        for (size_t i = 0; i < point.runs.size(); i++)
        {
            out += PointText(point) + "," + std::to_string(i + 1) + "," +
                   text(point.runs[i].established) + "," + text(point.runs[i].tunnelUp) + "\n";
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
        out += PointText(point) + "," + std::to_string(point.runs.size());
        for (const MeanInterval& time : {point.Established(), point.TunnelUp()})
        {
            out += "," + std::to_string(time.count) + "," + NumberText("%.6g", time.mean) + "," +
                   NumberText("%.6g", time.halfWidth.value_or(0));
        }
        out += "\n";
    }
    return out;
}

} // namespace ipsec
} // namespace ns3
