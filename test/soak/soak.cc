// SPDX-License-Identifier: GPL-2.0-only
// Runs the scenarios of many seeds and judges each: ipsec-soak --first 1 --count 100
#include "invariants.h"
#include "random-scenario.h"

#include "ns3/ipsec-report-json.h"
#include "ns3/ipsec-scenario-reader.h"
#include "ns3/ipsec-scenario-runner.h"

#include <boost/program_options.hpp>
#include <csignal>
#include <fstream>
#include <iostream>
#include <unistd.h>

using namespace ns3::ipsec;

namespace
{

/// No seed takes that long, unless it never ends.
constexpr unsigned int LONGEST_SECONDS = 120;

/// How to see a seed again, for whoever finds that it fails.
std::string g_replay;
/// Most threads for shared secrets of Diffie-Hellman in a second run.
constexpr unsigned MOST_WORKERS = 2;

/// Tells which seed it was before the program dies.
void
HandleCrash(int signal)
{
    // Only what is allowed in a signal handler.
    const char text[] = "crashed, or does not end; see it again with: ";
    (void)!write(STDOUT_FILENO, text, sizeof(text) - 1);
    (void)!write(STDOUT_FILENO, g_replay.data(), g_replay.size());
    (void)!write(STDOUT_FILENO, "\n", 1);
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

struct Options
{
    uint64_t first = 1;
    uint64_t count = 100;
    /// Every so many seeds are run twice, and must give the same result.
    uint64_t twice = 50;
    std::string write;
};

/// What happened in all seeds together.
struct Totals
{
    uint64_t tunnels = 0;
    uint64_t events = 0;
    uint64_t messages = 0;
    uint64_t repeated = 0;
    uint64_t lost = 0;
    uint64_t ikeSas = 0;
    uint64_t ipsecSas = 0;
    uint64_t drops = 0;

    void
    Add(const RunRecord& record)
    {
        tunnels += record.tunnels.size();
        events += record.events.size();
        messages += record.messages.size();
        repeated += record.RetransmissionCount();
        lost += record.LostMessageCount();
        for (const NodeRecord& node : record.nodes)
        {
            ikeSas += node.ikeSas.size();
            ipsecSas += node.ipsecSas.size();
            for (const auto& [fault, count] : node.dropCounts)
            {
                drops += count;
            }
        }
    }

    std::string
    Text() const
    {
        return std::to_string(tunnels) + " tunnels, " + std::to_string(events) + " events, " +
               std::to_string(messages) + " messages (" + std::to_string(repeated) +
               " repetitions, " + std::to_string(lost) + " lost), " + std::to_string(ikeSas) +
               " IKE SAs, " + std::to_string(ipsecSas) + " IPsec SAs, " + std::to_string(drops) +
               " refusals";
    }
};

/// Returns what is wrong with a seed.
std::vector<std::string>
Judge(uint64_t seed, bool isTwice, Totals& totals)
{
    const std::string name = "seed-" + std::to_string(seed);
    Scenario scenario = ReadScenarioText(RandomScenario(seed), name + ".ini");
    RunRecord record = RunScenario(scenario);
    totals.Add(record);
    std::vector<std::string> violations = Violations(record);
    if (isTwice)
    {
        // Another number of threads each time, none included: results do not depend on it.
        scenario.simulation.dhWorkers = seed % (MOST_WORKERS + 1);
        RunRecord again = RunScenario(scenario);
        record.wallSeconds = again.wallSeconds = 0;
        if (ReportJson(record) != ReportJson(again))
        {
            violations.emplace_back("a second run gave another result");
        }
    }
    return violations;
}

int
Run(const Options& options, const std::string& program)
{
    uint64_t failed = 0;
    Totals totals;
    for (uint64_t seed = options.first; seed < options.first + options.count; seed++)
    {
        g_replay = program + " --count 1 --first " + std::to_string(seed);
        const bool isTwice = options.twice > 0 && seed % options.twice == 0;
        alarm(LONGEST_SECONDS);
        std::vector<std::string> violations;
        try
        {
            violations = Judge(seed, isTwice, totals);
        }
        catch (const std::exception& error)
        {
            violations.emplace_back(std::string("threw: ") + error.what());
        }
        for (const std::string& violation : violations)
        {
            std::cout << "seed " << seed << ": " << violation << "\n";
            failed += g_replay.empty() ? 0 : 1;
            if (!g_replay.empty())
            {
                std::cout << "see it again with: " << g_replay << " (--write FILE for ipsec-lab)"
                          << std::endl;
                g_replay.clear();
            }
        }
    }
    std::cout << options.count << " seeds from " << options.first << ": " << failed << " failed; "
              << totals.Text() << std::endl;
    return failed == 0 ? 0 : 1;
}

} // namespace

int
main(int argc, char** argv)
{
    namespace po = boost::program_options;
    Options options;
    po::options_description description(
        "Runs random scenarios full of faults and checks what must hold after them");
    description.add_options()("help", "print this")(
        "first", po::value(&options.first)->default_value(options.first), "first seed")(
        "count", po::value(&options.count)->default_value(options.count), "how many seeds")(
        "twice",
        po::value(&options.twice)->default_value(options.twice),
        "run every so many seeds twice and compare; 0 for none")(
        "write",
        po::value(&options.write),
        "write the scenario of the first seed, and run nothing");
    try
    {
        po::variables_map given;
        po::store(po::parse_command_line(argc, argv, description), given);
        po::notify(given);
        if (given.count("help") > 0)
        {
            std::cout << description;
            return 0;
        }
        if (!options.write.empty())
        {
            std::ofstream(options.write) << RandomScenario(options.first);
            return 0;
        }
        std::signal(SIGSEGV, HandleCrash);
        std::signal(SIGABRT, HandleCrash);
        std::signal(SIGALRM, HandleCrash);
        return Run(options, argv[0]);
    }
    catch (const std::exception& error)
    {
        std::cerr << argv[0] << ": " << error.what() << "\n";
        return 2;
    }
}
