// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Measures what operations cost the machine that it runs on.
 */
#ifndef IPSEC_CPU_CALIBRATION_H
#define IPSEC_CPU_CALIBRATION_H

#include "ns3/ipsec-cpu-costs.h"

#include <vector>

namespace ns3
{
namespace ipsec
{

/**
 * Really does every operation of AllOperations(), again and again for at least @p each, and returns
 * what one of them takes on one core. Weak legacy keys are made, so it is for measuring only.
 */
CpuProfile MeasureThisMachine(Duration each);

/// Measures only some operations.
CpuCosts MeasureOperations(const std::vector<WorkKey>& operations, Duration each);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_CPU_CALIBRATION_H
