// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Exercises about NAT traversal, whose answers are computed from runs.
 */
#ifndef IPSEC_NAT_LAB_EXERCISES_H
#define IPSEC_NAT_LAB_EXERCISES_H

#include "ipsec-lab-answers.h"
#include "ipsec-nat-lab.h"

#include <vector>

namespace ns3
{
namespace ipsec
{

/// What the answers are computed from.
struct NatExerciseGround
{
    const NatTunnels& names;
    const RunRecord& record;
    /// At the link of the first gateway behind the NAT.
    const std::vector<SeenDatagram>& inside;
    const std::vector<NatDCheck>& checks;
    const std::vector<MappingEvent>& mappings;
    /// All of NatCases(), in their order.
    const std::vector<NatTried>& tried;
};

/// Returns all exercises, in their order.
std::vector<Exercise> MakeNatExercises(const NatExerciseGround& ground);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_NAT_LAB_EXERCISES_H
