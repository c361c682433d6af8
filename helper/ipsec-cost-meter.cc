// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-cost-meter.h"

#include "ipsec-cpu-calibration.h"

#include <algorithm>
#include <ctime>
#include <fstream>
#include <sys/resource.h>
#include <unistd.h>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr double BITS_PER_OCTET = 8;
constexpr double KIBI = 1024;
/// How long each operation is measured.
constexpr Duration EACH_OPERATION = std::chrono::milliseconds(10);

double
CpuNow()
{
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

} // namespace

CostMeter::CostMeter()
    : m_wall(std::chrono::steady_clock::now())
    , m_cpu(CpuNow())
    , m_resident(ResidentOctets())
{
}

void
CostMeter::EndPhase(const std::string& name, uint64_t events)
{
    const auto wall = std::chrono::steady_clock::now();
    const double cpu = CpuNow();
    m_phases.push_back({name,
                        std::chrono::duration<double>(wall - m_wall).count(),
                        cpu - m_cpu,
                        events - m_events,
                        ResidentOctets()});
    m_wall = wall;
    m_cpu = cpu;
    m_events = events;
}

std::vector<Measure>
CostMeter::Costs() const
{
    std::vector<Measure> costs;
    double wall = 0;
    double events = 0;
    for (const Phase& phase : m_phases)
    {
        costs.push_back({"cpu-" + phase.name, "s", phase.cpu});
        costs.push_back({"wall-" + phase.name, "s", phase.wall});
        costs.push_back({"events-" + phase.name, "events", static_cast<double>(phase.events)});
        wall += phase.wall;
        events += static_cast<double>(phase.events);
    }
    costs.push_back({"cpu", "s", CpuSeconds()});
    costs.push_back({"wall", "s", wall});
    costs.push_back({"events", "events", events});
    return costs;
}

double
CostMeter::CpuSeconds() const
{
    double sum = 0;
    for (const Phase& phase : m_phases)
    {
        sum += phase.cpu;
    }
    return sum;
}

const CostMeter::Phase*
CostMeter::Find(const std::string& name) const
{
    const auto found = std::find_if(
        m_phases.begin(), m_phases.end(), [&](const Phase& phase) { return phase.name == name; });
    return found == m_phases.end() ? nullptr : &*found;
}

double
CostMeter::CpuSecondsOf(const std::string& phase) const
{
    const Phase* found = Find(phase);
    return found ? found->cpu : 0;
}

double
CostMeter::GrownBy(const std::string& phase) const
{
    const Phase* found = Find(phase);
    return found ? found->resident - m_resident : 0;
}

double
ResidentOctets()
{
    // Its second number is resident pages: proc(5).
    std::ifstream file("/proc/self/statm");
    double all = 0;
    double resident = 0;
    file >> all >> resident;
    return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double
MostResidentOctets()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) * KIBI;
}

double
CryptoSeconds(const Work& work)
{
    std::vector<WorkKey> operations;
    for (const auto& [key, amount] : work.Items())
    {
        operations.push_back(key);
    }
    const CpuCosts costs = MeasureOperations(operations, EACH_OPERATION);
    double seconds = 0;
    for (const auto& [key, amount] : work.Items())
    {
        const OperationCost cost = costs.Find(key);
        if (!IsCountedInOctets(key.kind))
        {
            seconds +=
                static_cast<double>(amount) * std::chrono::duration<double>(cost.time).count();
        }
        else if (cost.rate > 0)
        {
            seconds +=
                static_cast<double>(amount) * BITS_PER_OCTET / static_cast<double>(cost.rate);
        }
    }
    return seconds;
}

} // namespace ipsec
} // namespace ns3
