// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Exercises about main mode and aggressive mode, whose answers are computed from runs.
 */
#ifndef IPSEC_MODE_LAB_EXERCISES_H
#define IPSEC_MODE_LAB_EXERCISES_H

#include "ipsec-lab-exercises.h"
#include "ipsec-mode-lab-amplification.h"
#include "ipsec-mode-lab.h"
#include "ipsec-psk-attack.h"

#include <optional>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// What the answers are computed from.
struct ExerciseGround
{
    ModeFacts main;
    ModeFacts aggressive;
    /// Main mode over a path whose round trip is LONG_ROUND_TRIP.
    ModeFacts mainOverLongPath;
    /// Messages of IKE that an eavesdropper captured of aggressive mode.
    std::vector<Octets> captured;
    /// Somebody in the responder's place got as far as a proof.
    bool impostorGotProof = false;
    std::vector<AmplificationRow> amplification;
};

/// The path of an exercise.
constexpr Duration LONG_ROUND_TRIP = std::chrono::milliseconds(300);

/// Returns all exercises, in their order.
std::vector<Exercise> MakeExercises(const ExerciseGround& ground);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_MODE_LAB_EXERCISES_H
