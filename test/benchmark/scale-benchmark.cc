// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What a site costs that comes up with thousands of others at one hub: CPU time of each phase, and
 * memory. Every run is a process of its own, so that none finds the memory of the one before.
 *
 *     scale-benchmark             1,000 and 10,000 sites, and what each suite costs a site
 *     scale-benchmark 100000      so many, starting within 10 s and all at once
 *     scale-benchmark --suite 2 600
 *                                 what a suite, counted from 0, costs each of so many sites
 *
 * All times are CPU time of this process and its threads. Nothing is captured or recorded of
 * branches but sums, as in each scenario with [branches].
 */
#include "raw-tunnel.h"
#include "run-apart.h"

#include "ns3/ipsec-cost-meter.h"
#include "ns3/ipsec-scenario-reader.h"
#include "ns3/ipsec-scenario-runner.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

namespace
{

using namespace ns3::ipsec;
using std::chrono::seconds;

/// All sites are up by now, and traffic begins.
constexpr seconds UP{20};
/// Traffic has ended, and nothing was renewed yet.
constexpr seconds QUIET{40};
constexpr seconds END{58};
/// A lifetime that has its SAs renewed after QUIET, wherever within the spread they began.
constexpr seconds LIFETIME{56};

/// How often each suite is measured unless one is asked for.
constexpr size_t ROUNDS = 5;

constexpr double MICRO = 1e6;
constexpr double KILO = 1e3;

/// One run.
struct Load
{
    size_t sites = 0;
    bool isStorm = false;
    const RawSuite* suite = nullptr;
};

/// What one run cost.
struct Cost
{
    double build = 0;
    double bringUp = 0;
    double traffic = 0;
    double rekey = 0;
    double packets = 0;
    double octetsPerSite = 0;

    double
    Total() const
    {
        return build + bringUp + rekey;
    }
};

std::string
ScenarioOf(const Load& load)
{
    std::ostringstream text;
    text << "[simulation]\nstop = " << END.count() << "s\nscheduler = priority-queue\n\n"
         << "[internet]\n\n[personality studied]\nrenewal-margin = 0s\nrenewal-at = 75%\n"
         << "renewal-fuzz = 0%\nleast-renewal-margin = 0s\nhalf-open = 0\n\n[gateway hub]\naddress "
            "= 192.0.2.1\n"
         << "lan = 10.0.0.0/16\npersonality = studied\n\n[branches site]\nhub = hub\n"
         << "count = " << load.sites << "\naddresses = 11.0.0.0/10\nlans = 172.16.0.0/12\n"
         << "lan-length = 29\npersonality = studied\nphase1-proposals = " << load.suite->phase1
         << "\nphase2-proposals = " << load.suite->phase2
         << "\nphase2-lifetime = " << LIFETIME.count() << "s\n"
         << "start-spread = " << (load.isStorm ? "0s" : "10s")
         << "\ntraffic = ping\ntraffic-start = " << UP.count()
         << "s\ntraffic-stop = " << QUIET.count() << "s\ntraffic-interval = 10s\n"
         << "\n[host pc]\nbehind = hub\n\n[output]\nshow-branches = 0\n";
    return text.str();
}

/// Ends with a message unless everything came up and was renewed, so that no failure looks fast.
void
CheckRun(const Load& load, const RunRecord& record)
{
    const size_t up = record.FindTunnelCount("site")->UpAt(record.end);
    const uint64_t messages = record.MessageCount(ExchangeType::QuickMode);
    if (up != load.sites || messages != 6 * load.sites)
    {
        std::fprintf(stderr,
                     "Of %zu sites %zu are up, with %llu messages of quick mode in place of %zu.\n",
                     load.sites,
                     up,
                     static_cast<unsigned long long>(messages),
                     6 * load.sites);
        std::exit(1);
    }
}

Cost
Run(const Load& load)
{
    const std::vector<const char*> phases{"build", "bring-up", "traffic", "rekey"};
    CostMeter meter;
    const Scenario scenario = ReadScenarioText(ScenarioOf(load), "scale.ini");
    RunOptions options;
    options.marks = {Instant(UP), Instant(QUIET)};
    size_t phase = 0;
    options.atMark = [&](Instant) { meter.EndPhase(phases.at(phase++), 0); };
    const RunRecord record = RunScenario(scenario, options);
    CheckRun(load, record);
    Cost cost;
    cost.build = meter.CpuSecondsOf("build");
    cost.bringUp = meter.CpuSecondsOf("bring-up");
    cost.traffic = meter.CpuSecondsOf("traffic");
    cost.rekey = meter.CpuSecondsOf("rekey");
    cost.octetsPerSite = meter.GrownBy("bring-up") / static_cast<double>(load.sites);
    for (const TrafficRecord& traffic : record.traffic)
    {
        cost.packets += static_cast<double>(traffic.sent + traffic.received);
    }
    return cost;
}

/// What the cryptography of one tunnel costs by OpenSSL alone, in microseconds.
struct Bound
{
    double exponentiations = 0;
    double rest = 0;

    double
    Total() const
    {
        return exponentiations + rest;
    }
};

/// Returns the microseconds that one tunnel of @p raw takes.
template <typename Raw>
double
MicrosecondsOf(Raw& raw)
{
    constexpr int TUNNELS = 300;
    raw.OneTunnel();
    CostMeter meter;
    for (int i = 0; i < TUNNELS; i++)
    {
        raw.OneTunnel();
    }
    meter.EndPhase("bound", 0);
    return meter.CpuSeconds() / TUNNELS * MICRO;
}

Bound
MeasureBound(const RawSuite& suite)
{
    RawExponentiations exponentiations(suite);
    RawSymmetric rest(suite);
    return {MicrosecondsOf(exponentiations), MicrosecondsOf(rest)};
}

void
PrintHeads()
{
    std::printf("| sites | start | build s | bring-up s | rekey s | all s | us per site | kB per "
                "site | us per packet |\n|---|---|---|---|---|---|---|---|---|\n");
}

Cost
PrintRun(size_t sites, bool isStorm)
{
    const Cost cost = RunApart([=] { return Run({sites, isStorm, &RAW_SUITES.front()}); });
    std::printf("| %zu | %s | %.2f | %.2f | %.2f | %.2f | %.0f | %.1f | %.1f |\n",
                sites,
                isStorm ? "at once" : "within 10 s",
                cost.build,
                cost.bringUp,
                cost.rekey,
                cost.Total(),
                cost.Total() / static_cast<double>(sites) * MICRO,
                cost.octetsPerSite / KILO,
                cost.traffic / cost.packets * MICRO);
    std::fflush(stdout);
    return cost;
}

/// Prints how costs grow from the smaller to the larger run.
void
PrintGrowth(const char* start, const Load& few, const Cost& a, const Load& many, const Cost& b)
{
    const double exponent =
        std::log(b.Total() / a.Total()) /
        std::log(static_cast<double>(many.sites) / static_cast<double>(few.sites));
    std::printf("\nfrom %zu to %zu sites %s: exponent %.2f, a packet %.2f times as much\n",
                few.sites,
                many.sites,
                start,
                exponent,
                (b.traffic / b.packets) / (a.traffic / a.packets));
}

void
PrintSizes(const std::vector<size_t>& sizes)
{
    PrintHeads();
    std::vector<Cost> spread;
    std::vector<Cost> storm;
    for (const size_t sites : sizes)
    {
        spread.push_back(PrintRun(sites, false));
        storm.push_back(PrintRun(sites, true));
    }
    const Load few{sizes.front(), false, nullptr};
    const Load many{sizes.back(), false, nullptr};
    if (sizes.size() > 1)
    {
        PrintGrowth("that start within 10 s", few, spread.front(), many, spread.back());
        PrintGrowth("that start at once", few, storm.front(), many, storm.back());
    }
}

void
PrintSuiteHeads(size_t rounds)
{
    std::printf("\n| suite | us per site | cryptography alone | of it exponentiations | ratio | in "
                "%zu rounds | us beyond | us per rekey |\n|---|---|---|---|---|---|---|---|\n",
                rounds);
}

/// A suite's run beside its bound.
struct SuiteCost
{
    double site = 0;
    Bound bound;
    double rekey = 0;

    double
    Ratio() const
    {
        return site / bound.Total();
    }
};

/// Measures main mode and quick mode of a site, both ends and ns-3 together, between two
/// measurements of the cryptography alone.
SuiteCost
MeasureSuite(const RawSuite& suite, size_t sites)
{
    const Bound before = MeasureBound(suite);
    const Cost cost = RunApart([&] { return Run({sites, false, &suite}); });
    const Bound after = MeasureBound(suite);
    return {cost.bringUp / static_cast<double>(sites) * MICRO,
            {(before.exponentiations + after.exponentiations) / 2, (before.rest + after.rest) / 2},
            cost.rekey / static_cast<double>(sites) * MICRO};
}

/// Prints the round whose ratio is the median.
void
PrintSuite(const RawSuite& suite, size_t sites, size_t times)
{
    std::vector<SuiteCost> rounds;
    for (size_t i = 0; i < times; i++)
    {
        rounds.push_back(MeasureSuite(suite, sites));
    }
    std::sort(rounds.begin(),
              rounds.end(),
              [](const SuiteCost& a, const SuiteCost& b) { return a.Ratio() < b.Ratio(); });
    const SuiteCost& median = rounds.at(times / 2);
    std::printf("| %s %s | %.0f | %.0f | %.0f | %.2f | %.2f to %.2f | %.0f | %.0f |\n",
                suite.phase1,
                suite.phase2,
                median.site,
                median.bound.Total(),
                median.bound.exponentiations,
                median.Ratio(),
                rounds.front().Ratio(),
                rounds.back().Ratio(),
                median.site - median.bound.Total(),
                median.rekey);
    std::fflush(stdout);
}

void
PrintSuites()
{
    constexpr size_t SITES = 600;
    PrintSuiteHeads(ROUNDS);
    for (const RawSuite& suite : RAW_SUITES)
    {
        PrintSuite(suite, SITES, ROUNDS);
    }
}

} // namespace

int
main(int argc, char* argv[])
{
    if (argc == 4 && std::string(argv[1]) == "--suite")
    {
        PrintSuiteHeads(1);
        PrintSuite(RAW_SUITES.at(std::strtoul(argv[2], nullptr, 10)),
                   std::strtoul(argv[3], nullptr, 10),
                   1);
        return 0;
    }
    std::vector<size_t> sizes;
    for (int i = 1; i < argc; i++)
    {
        sizes.push_back(std::strtoul(argv[i], nullptr, 10));
    }
    PrintSizes(sizes.empty() ? std::vector<size_t>{1000, 10000} : sizes);
    if (sizes.empty())
    {
        PrintSuites();
    }
    return 0;
}
