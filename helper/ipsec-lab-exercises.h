// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Exercises of labs: questions, answers that are computed from runs, and how answers are checked.
 */
#ifndef IPSEC_LAB_EXERCISES_H
#define IPSEC_LAB_EXERCISES_H

#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// A question with its answer.
struct Exercise
{
    std::string name;
    std::string question;
    std::string answer;
    /// What helps whoever answers something else.
    std::string hint;
    /// Unit of a number, which need not be written: "ms".
    std::string unit = {};
    /// Other ways to write the answer.
    std::vector<std::string> alternatives = {};
};

/// Tells whether an answer is right: counts exactly, fractions and what has a unit within 1 %, with
/// or without the unit (times in any), words whatever their case, lists in any order, with commas
/// or, of words without blanks, without them.
bool IsRightAnswer(const Exercise& exercise, const std::string& given);

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

/// Writes the questions.
std::string ExercisesText(const std::vector<Exercise>& exercises);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_LAB_EXERCISES_H
