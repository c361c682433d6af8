// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Scenarios that nobody would write: random networks in which everything goes wrong for a while.
 */
#ifndef RANDOM_SCENARIO_H
#define RANDOM_SCENARIO_H

#include "ns3/ipsec-time.h"

#include <cstdint>
#include <string>

namespace ns3
{
namespace ipsec
{

/// When the last fault ends, and how long after that everything must work again: an IPsec SA whose
/// other half is lost lives to its end at worst, and an attempt that began before must fail first.
constexpr Duration FAULTS_END = std::chrono::seconds(240);
constexpr Duration RECOVERY_TIME = std::chrono::seconds(600);

/**
 * Writes the scenario of a seed: two to six gateways of random personalities, joined by random
 * tunnels with short lifetimes, over an internet that loses, delays, doubles and changes packets,
 * with crashes, orderly stops and cut links; all of it ends at FAULTS_END. The same seed gives the
 * same text.
 */
std::string RandomScenario(uint64_t seed);

} // namespace ipsec
} // namespace ns3

#endif // RANDOM_SCENARIO_H
