// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Measures what a run costs this machine, phase by phase.
 */
#ifndef IPSEC_COST_METER_H
#define IPSEC_COST_METER_H

#include "ipsec-sweep.h"

#include "ns3/crypto-work.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Notes clocks, events and memory at the end of each phase.
class CostMeter
{
  public:
    CostMeter();

    /// A phase is over; @p events is how many the simulator has carried out since its beginning.
    void EndPhase(const std::string& name, uint64_t events);

    /// Returns "cpu-NAME", "wall-NAME" and "events-NAME" for each phase, and their sums.
    std::vector<Measure> Costs() const;
    /// Returns the CPU seconds of all phases.
    double CpuSeconds() const;
    /// Returns those of one phase; 0 if there was none of this name.
    double CpuSecondsOf(const std::string& phase) const;
    /// Returns by how many octets the process was larger at the end of a phase than in the
    /// beginning.
    double GrownBy(const std::string& phase) const;

  private:
    struct Phase
    {
        std::string name;
        double wall = 0;
        double cpu = 0;
        uint64_t events = 0;
        double resident = 0;
    };

    const Phase* Find(const std::string& name) const;

    std::chrono::steady_clock::time_point m_wall;
    double m_cpu = 0;
    uint64_t m_events = 0;
    double m_resident = 0;
    std::vector<Phase> m_phases;
};

/// Returns the octets of memory that the process has now, and had at most.
double ResidentOctets();
double MostResidentOctets();

/**
 * Returns the CPU seconds that this machine needs for work alone, by measuring each operation of it
 * for a short time. What octets cost is counted; what each packet costs beside them is not.
 */
double CryptoSeconds(const Work& work);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_COST_METER_H
