// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The processors of a scenario: what stands for them in a file, and what they did.
 */
#ifndef IPSEC_SCENARIO_CPU_H
#define IPSEC_SCENARIO_CPU_H

#include "ipsec-run-record.h"
#include "ipsec-scenario.h"

#include "ns3/ipsec-crypto-cpu.h"

#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// The profile that is measured and not known beforehand.
constexpr char THIS_MACHINE[] = "this-machine";

/// One key of [cpu NAME] besides profile.
struct CpuKey
{
    const char* name;
    const char* value;
    const char* help;
    void (*set)(CpuProfile& profile, const std::string& text);
};

/// Returns the keys of [cpu NAME] besides profile.
const std::vector<CpuKey>& CpuKeys();

/**
 * Returns a profile by its name, this-machine included, which is read from the scenario's file of
 * machine costs.
 * @throws std::invalid_argument with one sentence.
 */
CpuProfile ReadCpuProfile(const Scenario& scenario, const std::string& name);

/// Writes a processor as a section that a scenario can have.
std::string CpuSectionText(const std::string& name, const CpuProfile& profile);

/// Records what a processor did so far.
CpuRecord RecordCpu(const CryptoCpu& cpu);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SCENARIO_CPU_H
