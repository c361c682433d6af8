// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Times how long a hub and many branches take to bring up their tunnels, with and without threads
 * for shared secrets and with secrets computed once per pair. All ways take turns, and ratios are
 * taken within a round, on the wall's clock: threads save no CPU time.
 *
 *     bring-up-benchmark [BRANCHES [THREADS [ROUNDS]]]
 */
#include "ns3/ipsec-report-json.h"
#include "ns3/ipsec-scenario-reader.h"
#include "ns3/ipsec-scenario-runner.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace
{

using namespace ns3::ipsec;
using Clock = std::chrono::steady_clock;

/// One way to compute the secrets of a run.
struct Way
{
    std::string name;
    unsigned workers = 0;
    bool oncePerPair = false;
    /// Of each round, in milliseconds, and how much faster it was than the first way.
    std::vector<double> milliseconds = {};
    std::vector<double> ratios = {};
};

double
Median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values.at(values.size() / 2);
}

Scenario
BringUp(const std::string& branches, const std::string& phase2, const Way& way)
{
    Scenario scenario = ReadScenarioText("[simulation]\nstop = 3s\nscheduler = priority-queue\n"
                                         "[gateway hub]\naddress = 192.0.2.1\nlan = 10.0.0.0/16\n"
                                         "[branches shop]\nhub = hub\ncount = " +
                                             branches +
                                             "\naddresses = 198.18.0.0/15\nlans = 172.16.0.0/12\n"
                                             "lan-length = 28\nstart-spread = 2s\n"
                                             "phase1-proposals = pre-g14-aes128-sha\n"
                                             "phase2-proposals = " +
                                             phase2 + "\n[output]\nshow-branches = 0\n",
                                         "bring-up.ini",
                                         {});
    scenario.simulation.dhWorkers = way.workers;
    scenario.simulation.dhOncePerPair = way.oncePerPair;
    return scenario;
}

/// Runs it once, and returns what it gave, without what may differ.
std::string
Measure(const std::string& branches, const std::string& phase2, Way& way)
{
    const Scenario scenario = BringUp(branches, phase2, way);
    RunOptions options;
    std::vector<Clock::time_point> marks;
    options.atMark = [&](Instant) { marks.push_back(Clock::now()); };
    RunRecord record = RunScenario(scenario, options);
    way.milliseconds.push_back(
        std::chrono::duration<double, std::milli>(marks.back() - marks.front()).count());
    const TunnelCount& tunnels = *record.FindTunnelCount("shop");
    if (tunnels.UpAt(record.end) != tunnels.total)
    {
        std::fprintf(stderr, "bring-up-benchmark: not all tunnels came up\n");
        std::exit(1);
    }
    record.wallSeconds = 0;
    record.dhOncePerPair = false;
    record.savedWork = Work();
    return ReportJson(record);
}

void
Compare(const std::string& branches, const std::string& phase2, unsigned threads, int rounds)
{
    const std::string beside = std::to_string(threads) + " beside the simulator's";
    std::vector<Way> ways = {{"one thread"},
                             {beside, threads},
                             {"one thread, once per pair", 0, true},
                             {beside + ", once per pair", threads, true}};
    for (int round = 0; round < rounds; round++)
    {
        std::string first;
        for (Way& way : ways)
        {
            const std::string result = Measure(branches, phase2, way);
            first = first.empty() ? result : first;
            if (result != first)
            {
                std::fprintf(stderr, "bring-up-benchmark: results differ: %s\n", way.name.c_str());
                std::exit(1);
            }
            way.ratios.push_back(ways.front().milliseconds.back() / way.milliseconds.back());
        }
    }
    for (const Way& way : ways)
    {
        const auto [least, most] = std::minmax_element(way.ratios.begin(), way.ratios.end());
        std::printf("| pre-g14-aes128-sha %s, %s | %.0f | %.2f | %.2f to %.2f |\n",
                    phase2.c_str(),
                    way.name.c_str(),
                    Median(way.milliseconds),
                    Median(way.ratios),
                    *least,
                    *most);
    }
}

} // namespace

int
main(int argc, char* argv[])
{
    const std::string branches = argc > 1 ? argv[1] : "300";
    const auto threads = static_cast<unsigned>(argc > 2 ? std::atoi(argv[2]) : 1);
    const int rounds = argc > 3 ? std::atoi(argv[3]) : 7;
    std::printf("| bring-up of %s branches | ms | times as fast | in %d rounds |\n"
                "|---|---|---|---|\n",
                branches.c_str(),
                rounds);
    for (const char* phase2 : {"nopfs-esp-aes128-sha", "g14-esp-aes128-sha"})
    {
        Compare(branches, phase2, threads, rounds);
    }
    return 0;
}
