// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Studies how a VPN of many branch sites grows, and what simulating it costs.
 *
 *     shop-1     ===+
 *     ...           +=== hub --- pc-hub
 *     shop-10000 ===+
 *
 *     study-branch-scale
 *     study-branch-scale --sweep branches=100,1000 --sweep
 * phase1=pre-g2-aes128-sha,pre-g14-aes128-sha
 *
 * Each run goes through the same life: the network is built, all tunnels come up, traffic flows,
 * all IPsec SAs are renewed once, and the hub crashes and comes back. It prints what was simulated,
 * what that cost this machine phase by phase, and the exponents by which costs grow; tables and
 * pictures are in output/study-branch-scale; doc/studies.md says how to read them. Exit status: 0;
 * 1, a run failed; 2, bad input, in one line.
 */
#include "ns3/ipsec-cost-meter.h"
#include "ns3/ipsec-run-measures.h"
#include "ns3/ipsec-scenario-runner.h"
#include "ns3/ipsec-scenario-units.h"
#include "ns3/ipsec-study-findings.h"
#include "ns3/ipsec-study-plots.h"
#include "ns3/ipsec-study.h"
#include "ns3/simulator.h"

#include <array>
#include <cstdio>
#include <sstream>

namespace
{

using namespace ns3::ipsec;
using std::chrono::seconds;

const char HUB[] = "hub";
const char SHOPS[] = "shop";
const std::vector<std::string> HANDSHAKES{"main-modes", "aggressive-modes", "quick-modes"};
/// SAs are renewed after this part of their lifetime.
constexpr double RENEWAL_AT = 0.75;
/// Costs of smaller networks are mostly what does not grow at all.
constexpr double FIT_FROM = 100;
/// Secrets that one end took from the other: only with --dh-once-per-pair.
const char SECRETS_SAVED[] = "secrets-saved";

/// Parts of a run, in their order; the first and the last take no simulated time.
const std::array<const char*, 6> PHASES{"build",
                                        "bring-up",
                                        "steady",
                                        "rekey",
                                        "restart",
                                        "report"};

/// When each phase ends.
struct Timeline
{
    Duration up{};
    Duration steady{};
    Duration rekey{};
    /// The hub is back.
    Duration back{};
    Duration end{};
    Duration lifetime{};
};

Timeline
TimelineOf(const StudySettings& settings)
{
    const Duration spread = ReadTime(settings, "spread");
    Timeline timeline;
    timeline.up = spread + ReadTime(settings, "settle");
    timeline.steady = timeline.up + ReadTime(settings, "steady");
    timeline.rekey = timeline.steady + timeline.up;
    timeline.back = timeline.rekey + seconds(5);
    timeline.end = timeline.back + ReadTime(settings, "recovery");
    // The first SAs are renewed when the steady phase is over, those of the last branches when the
    // next one is; those that the restart made live on.
    // IKE knows whole seconds only.
    timeline.lifetime = std::chrono::ceil<seconds>(timeline.steady / RENEWAL_AT);
    return timeline;
}

std::string
ScaleScenario(const StudySettings& settings)
{
    const Timeline timeline = TimelineOf(settings);
    std::ostringstream text;
    text << "[simulation]\nstop = " << TimeText(timeline.end)
         << "\nscheduler = priority-queue\n\n[internet]\n\n[personality studied]\n"
         << "renewal-margin = 0s\nrenewal-at = 75%\nrenewal-fuzz = 0%\n"
         << "least-renewal-margin = 0s\n\n[gateway hub]\naddress = 192.0.2.1\n"
         << "lan = 10.0.0.0/16\npersonality = studied\n\n[branches shop]\nhub = hub\n"
         << "addresses = 198.18.0.0/15\nlans = 172.16.0.0/12\nlan-length = 28\n"
         << "personality = studied\nphase2-lifetime = " << TimeText(timeline.lifetime)
         << "\nbranch.keep-up = true\nbranch.dpd = on-demand\nbranch.dpd-delay = 5s\n"
         << "branch.dpd-retry = 2s\nbranch.dpd-tries = 3\nbranch.dpd-action = restart\n"
         << "traffic = ping\ntraffic-start = " << TimeText(timeline.up)
         << "\n\n[event restart]\nkind = crash\ntarget = hub\nat = " << TimeText(timeline.rekey)
         << "\nfor = " << TimeText(timeline.back - timeline.rekey)
         << "\n\n[output]\nseries = true\nseries-of = hub\nshow-branches = 0\n";
    return text.str();
}

/// Returns how many operations work has, of whatever kind.
uint64_t
AmountOf(const Work& work)
{
    uint64_t sum = 0;
    for (const auto& [key, amount] : work.Items())
    {
        sum += amount;
    }
    return sum;
}

/// Refuses scenarios in which there is nothing to measure, or something else than is said.
void
CheckScale(const StudySettings& settings, const Scenario& scenario)
{
    const Timeline timeline = TimelineOf(settings);
    RequireSeries(scenario, HUB, Instant(timeline.end));
    RequireCrash(scenario, "restart", HUB, {Instant(timeline.rekey), Instant(timeline.back)});
}

/// Runs the scenario of a point, and notes what each phase costs.
RunRecord
RunPhases(const Scenario& scenario, const Timeline& timeline, CostMeter& meter)
{
    size_t phase = 0;
    RunOptions options;
    options.marks = {Instant(timeline.up), Instant(timeline.steady), Instant(timeline.rekey)};
    uint64_t events = 0;
    options.atMark = [&](Instant)
    {
        events = ns3::Simulator::GetEventCount();
        meter.EndPhase(PHASES[phase++], events);
    };
    RunRecord record = RunScenario(scenario, options);
    meter.EndPhase(PHASES[phase], events);
    return record;
}

PointResult
MeasureScale(const SweepPoint& sweepPoint)
{
    const Timeline timeline = TimelineOf(sweepPoint.settings);
    CostMeter meter;
    const Scenario scenario = ReadPointScenario(sweepPoint);
    const RunRecord record = RunPhases(scenario, timeline, meter);
    const Series& series = record.series;
    const TunnelCount& tunnels = *record.FindTunnelCount(SHOPS);
    const double branches = static_cast<double>(scenario.FindBranches(SHOPS)->count);
    PointResult point;
    const auto add = [&](const std::string& name, const char* unit, std::optional<double> value) {
        point.results.push_back({name, unit, value});
    };
    for (const auto& [name, share] : {std::pair("50", 0.5), {"95", 0.95}, {"100", 1.0}})
    {
        add(std::string("up-") + name, "s", SecondsUntil(tunnels, share, Instant{}));
        add(std::string("back-") + name, "s", SecondsUntil(tunnels, share, Instant(timeline.back)));
    }
    const std::array<std::pair<const char*, Window>, 4> windows{
        {{"bring-up", {Instant{}, Instant(timeline.up)}},
         {"steady", {Instant(timeline.up), Instant(timeline.steady)}},
         {"rekey", {Instant(timeline.steady), Instant(timeline.rekey)}},
         {"restart", {Instant(timeline.rekey), Instant(timeline.end)}}}};
    for (const auto& [name, window] : windows)
    {
        const std::string phase = name;
        add("handshakes-" + phase,
            "per branch",
            CountIn(series, HUB, HANDSHAKES, window) / branches);
        add("handshakes-peak-" + phase, "per second", PeakSecond(series, HUB, HANDSHAKES, window));
        add("cpu-peak-" + phase, "%", PeakSecond(series, HUB, {"cpu"}, window));
        add("queue-delay-" + phase,
            "ms",
            PeakOf(SamplesIn(series, HUB, {"cpu-longest-wait"}, window)));
        add("gap-" + phase, "s", MeanGapSeconds(tunnels, window));
    }
    for (const Measure& loss : LossesByReason(series, {Instant{}, record.end}))
    {
        point.results.push_back(loss);
    }
    point.costs = meter.Costs();
    constexpr double KILO = 1000;
    point.costs.push_back({"memory-per-site", "kB", meter.GrownBy("bring-up") / branches / KILO});
    point.costs.push_back({"memory-most", "MB", MostResidentOctets() / KILO / KILO});
    const double crypto = CryptoSeconds(AllWork(record)) - CryptoSeconds(record.savedWork);
    point.costs.push_back({"crypto-share", "%", 100 * crypto / meter.CpuSeconds()});
    point.costs.push_back({"cpu-per-site", "ms", KILO * meter.CpuSeconds() / branches});
    if (record.dhOncePerPair)
    {
        point.costs.push_back({SECRETS_SAVED,
                               "per branch",
                               static_cast<double>(AmountOf(record.savedWork)) / branches});
    }
    return point;
}

/// Says how the costs grow with the number of branches.
std::string
GrowthText(const SweepTable& costs)
{
    std::vector<std::vector<std::string>> rows;
    for (const auto& [measure, unit] : costs.measures)
    {
        if (unit != "s" && unit != "events")
        {
            continue;
        }
        const std::optional<PowerLaw> law = FitMeasure(costs, "branches", measure, FIT_FROM);
        if (law)
        {
            char exponent[64];
            std::snprintf(exponent, sizeof(exponent), "%.2f", law->exponent);
            std::string text = exponent;
            if (law->halfWidth)
            {
                std::snprintf(exponent, sizeof(exponent), " +- %.2f", *law->halfWidth);
                text += exponent;
            }
            rows.push_back({measure, text});
        }
    }
    if (rows.empty())
    {
        return "";
    }
    return "\nCosts grow as a power of the number of branches, fitted from " +
           std::to_string(static_cast<int>(FIT_FROM)) + " on:\n" + AlignedText(rows) +
           "  (exponents +- half of the 95 % interval of the fit, from three sizes on)\n";
}

const char ONCE_PER_PAIR[] =
    "  Where secrets are saved, each shared secret was computed once for both ends\n"
    "  (dh-once-per-pair): that is less than what two machines have to compute.\n";

std::string
Findings(const SweepTable& results, const SweepTable& costs)
{
    return "What was simulated\n" +
           MeansText(results,
                     {{"up-100", "all up"},
                      {"handshakes-peak-bring-up", "most handshakes"},
                      {"handshakes-peak-rekey", "of renewals"},
                      {"handshakes-peak-restart", "after the restart"},
                      {"back-50", "half back"},
                      {"back-100", "all back"},
                      {"queue-delay-restart", "longest wait for the hub"}}) +
           "\nWhat it cost this machine\n" +
           MeansText(costs,
                     {{"cpu-build", "build"},
                      {"cpu-bring-up", "bring-up"},
                      {"cpu-steady", "steady"},
                      {"cpu-rekey", "rekey"},
                      {"cpu-restart", "restart"},
                      {"cpu", "all CPU"},
                      {"wall", "wall clock"},
                      {"events", "carried out"},
                      {"memory-per-site", "memory of a site"},
                      {"crypto-share", "cryptography"},
                      {SECRETS_SAVED, "secrets saved"}}) +
           (costs.UnitOf(SECRETS_SAVED).empty() ? "" : ONCE_PER_PAIR) + GrowthText(costs);
}

std::vector<StudyParameter>
Parameters()
{
    const auto branches = [](const std::string& key)
    { return std::string("branches.shop.") + key; };
    return {
        {"branches", "N", "100", "how many branches", {branches("count")}},
        {"phase1",
         "PROPOSAL",
         "pre-g2-aes128-sha",
         "proposal of phase 1",
         {branches("phase1-proposals")}},
        {"phase2",
         "PROPOSAL",
         "g2-esp-aes128-sha",
         "proposal of phase 2",
         {branches("phase2-proposals")}},
        {"personality",
         "NAME",
         "rfc",
         "habits of hub and branches, but for when they renew",
         {"personality.studied.base"}},
        {"hub-cpu",
         "PROFILE",
         "hub-appliance",
         "processor of the hub: free, branch-router, hub-appliance",
         {"gateway.hub.cpu"}},
        {"loss", "PERCENT", "0%", "packets that the internet loses", {"internet.loss"}},
        {"delay", "TIME", "20ms", "one way through the internet", {"internet.delay"}},
        {"spread", "TIME", "10s", "branches start within this time", {branches("start-spread")}},
        {"settle", "TIME", "10s", "how much longer bring-up and renewal are watched", {}},
        {"steady", "TIME", "40s", "how long traffic flows before SAs are renewed", {}},
        {"recovery", "TIME", "50s", "how long the run goes on after the hub is back", {}},
        {"dh-workers",
         "NUMBER",
         "0",
         "threads beside the simulator's own that compute shared secrets",
         {"simulation.dh-workers"}},
        {"dh-once-per-pair",
         "true|false",
         "false",
         "compute each shared secret once for both ends; findings say so",
         {"simulation.dh-once-per-pair"}},
        {"ping-interval",
         "TIME",
         "10s",
         "time between pings of a branch",
         {branches("traffic-interval")}},
        {"seed", "N", "1", "seed of all random streams", {"simulation.seed"}}};
}

Study
BranchScale()
{
    Study study;
    study.program = "study-branch-scale";
    study.title = "Many branches";
    study.about = "Takes hubs with ever more branches through one life: bring-up, traffic, one "
                  "renewal, a crash of\nthe hub. Says what happened there, and what simulating it "
                  "cost this machine.\n";
    study.parameters = Parameters();
    study.sweeps = {"branches=10,100,1000,10000"};
    // Costs are measured, and runs side by side would disturb each other.
    study.jobs = 1;
    study.scenario = ScaleScenario;
    study.check = CheckScale;
    study.work = MeasureScale;
    study.weight = [](const StudySettings& settings)
    {
        return static_cast<double>(ReadSetting(settings,
                                               "branches",
                                               [](const std::string& text)
                                               { return ParseCount(text, 1, 60000); }));
    };
    study.charts = {
        {"up",
         "Time until tunnels are up",
         "s",
         {{"up-50", "50 %"}, {"up-95", "95 %"}, {"up-100", "100 %"}}},
        {"handshakes",
         "Handshakes of the hub, busiest second",
         "per second",
         {{"handshakes-peak-bring-up", "bring-up"},
          {"handshakes-peak-rekey", "renewal"},
          {"handshakes-peak-restart", "restart"}},
         true},
        {"back",
         "Time until they are back after the hub is",
         "s",
         {{"back-50", "50 %"}, {"back-95", "95 %"}, {"back-100", "100 %"}}},
        {"queue",
         "Longest wait for the hub's CPU",
         "ms",
         {{"queue-delay-bring-up", "bring-up"},
          {"queue-delay-rekey", "renewal"},
          {"queue-delay-restart", "restart"}}},
        {"cpu",
         "CPU of the hub, busiest second",
         "% of all cores",
         {{"cpu-peak-bring-up", "bring-up"},
          {"cpu-peak-rekey", "renewal"},
          {"cpu-peak-restart", "restart"}}},
        {"gap",
         "Time that a tunnel is down, mean",
         "s",
         {{"gap-bring-up", "bring-up"}, {"gap-rekey", "renewal"}, {"gap-restart", "restart"}}}};
    study.costCharts = {
        {"cpu",
         "CPU time",
         "s",
         {{"cpu-build", "build"},
          {"cpu-bring-up", "bring-up"},
          {"cpu-steady", "steady"},
          {"cpu-rekey", "rekey"},
          {"cpu-restart", "restart"}},
         true,
         FIT_FROM},
        {"per-site", "CPU time of a site", "ms", {{"cpu-per-site", ""}}},
        {"events", "Events", "events", {{"events", ""}}, true, FIT_FROM},
        {"memory", "Memory of a site, tunnels up", "kB", {{"memory-per-site", ""}}, true},
        {"memory-most", "Memory at most", "MB", {{"memory-most", ""}}, true},
        {"crypto", "Cryptography's part of it", "% of CPU time", {{"crypto-share", ""}}}};
    study.findings = Findings;
    return study;
}

} // namespace

int
main(int argc, char* argv[])
{
    return RunStudy(BranchScale(), argc, argv);
}
