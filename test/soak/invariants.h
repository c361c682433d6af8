// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What must hold after a run, whatever went wrong in it.
 */
#ifndef INVARIANTS_H
#define INVARIANTS_H

#include "ns3/ipsec-run-record.h"

#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/**
 * Judges a run whose faults ended long before its end.
 *
 * - Its expectations came true: every tunnel carries traffic again.
 * - What an end sends on, the other end receives on, with the same keys (S3).
 * - No plaintext crossed the internet (S2), and no sequence number was used twice under one key
 *   (S4); no two SAs have the same key.
 * - Nothing leaks: few SAs of a tunnel are left, and there never were many (S6).
 * - No message storm: the number of messages is bounded by time and tunnels.
 *
 * @return one sentence for each thing that does not hold.
 */
std::vector<std::string> Violations(const RunRecord& record);

} // namespace ipsec
} // namespace ns3

#endif // INVARIANTS_H
