// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Exercises of labs: files of answers, and what is said of them.
 */
#ifndef IPSEC_LAB_EXERCISES_H
#define IPSEC_LAB_EXERCISES_H

#include "ipsec-lab-answers.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/**
 * Reads a file with the section [answers], in which each key is the name of an exercise.
 * @throws ScenarioError in one line if it has something else.
 */
std::map<std::string, std::string> ReadAnswers(const std::string& path,
                                               const std::vector<Exercise>& exercises);

/// Writes one line for each exercise: right, wrong with a hint, which is about the form if that is
/// not one that is read, or open.
std::string CheckedAnswersText(const std::vector<Exercise>& exercises,
                               const std::map<std::string, std::string>& answers);

/// Tells whether all exercises are answered, and right.
bool AreAllRight(const std::vector<Exercise>& exercises,
                 const std::map<std::string, std::string>& answers);

/// Writes the section [answers] with what is right.
std::string SolutionsText(const std::vector<Exercise>& exercises);

/// Writes all exercises as JSON: with answers, what was answered and whether it is right; without,
/// what is right. @param program "lab-pfs"
std::string ExercisesJson(const std::string& program,
                          const std::vector<Exercise>& exercises,
                          const std::optional<std::map<std::string, std::string>>& answers);

/// Writes the questions.
std::string ExercisesText(const std::vector<Exercise>& exercises);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_LAB_EXERCISES_H
