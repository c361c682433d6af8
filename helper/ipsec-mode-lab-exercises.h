// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Exercises about main mode and aggressive mode, whose answers are computed from runs.
 */
#ifndef IPSEC_MODE_LAB_EXERCISES_H
#define IPSEC_MODE_LAB_EXERCISES_H

#include "ipsec-mode-lab-amplification.h"
#include "ipsec-mode-lab.h"
#include "ipsec-psk-attack.h"

#include <map>
#include <optional>
#include <string>
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

/// A question with its answer.
struct Exercise
{
    std::string name;
    std::string question;
    std::string answer;
    /// What helps whoever answers something else.
    std::string hint;
};

/// Returns all exercises, in their order.
std::vector<Exercise> MakeExercises(const ExerciseGround& ground);

/// Tells whether an answer is right: numbers within 1 %, words whatever their case, lists in any
/// order.
bool IsRightAnswer(const Exercise& exercise, const std::string& given);

/**
 * Reads a file with the section [answers], in which each key is the name of an exercise.
 * @throws ScenarioError in one line if it has something else.
 */
std::map<std::string, std::string> ReadAnswers(const std::string& path,
                                               const std::vector<Exercise>& exercises);

/// Writes one line for each exercise: right, wrong with a hint, or open.
std::string CheckedAnswersText(const std::vector<Exercise>& exercises,
                               const std::map<std::string, std::string>& answers);

/// Tells whether all exercises are answered, and right.
bool AreAllRight(const std::vector<Exercise>& exercises,
                 const std::map<std::string, std::string>& answers);

/// Writes the section [answers] with what is right.
std::string SolutionsText(const std::vector<Exercise>& exercises);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_MODE_LAB_EXERCISES_H
