// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-lab-exercises.h"

#include "ipsec-lab-text.h"
#include "ipsec-scenario-ini.h"
#include "ipsec-scenario-units.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <optional>

namespace ns3
{
namespace ipsec
{

namespace
{

const char ANSWERS[] = "answers";
/// How far a number may be from the right one, of itself.
constexpr double TOLERANCE = 0.01;

std::optional<double>
AsNumber(const std::string& text)
{
    // SPIs and cookies are names, of which every digit counts.
    if (text.find('x') != std::string::npos || text.rfind("00", 0) == 0)
    {
        return std::nullopt;
    }
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    const bool isNumber = end != text.c_str() && *end == '\0' && std::isfinite(value);
    return isNumber ? std::optional<double>(value) : std::nullopt;
}

/// Returns the words of a list in lower case and in the order of the alphabet.
std::vector<std::string>
Words(const std::string& text)
{
    std::vector<std::string> words = SplitList(text);
    for (std::string& word : words)
    {
        std::transform(word.begin(),
                       word.end(),
                       word.begin(),
                       [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    }
    std::sort(words.begin(), words.end());
    return words;
}

} // namespace

bool
IsRightAnswer(const Exercise& exercise, const std::string& given)
{
    const std::optional<double> right = AsNumber(exercise.answer);
    const std::optional<double> number = AsNumber(Trim(given));
    if (right)
    {
        return number && std::abs(*number - *right) <= TOLERANCE * std::abs(*right);
    }
    return Words(given) == Words(exercise.answer);
}

std::map<std::string, std::string>
ReadAnswers(const std::string& path, const std::vector<Exercise>& exercises)
{
    std::map<std::string, std::string> answers;
    for (const IniSection& section : SplitIni(ReadScenarioFile(path), path))
    {
        if (section.kind != ANSWERS || !section.name.empty())
        {
            throw ScenarioError({path, section.line},
                                "",
                                "there is no section '" + section.FullName() +
                                    "'; allowed: answers");
        }
        for (const IniEntry& entry : section.entries)
        {
            const bool isKnown =
                std::any_of(exercises.begin(),
                            exercises.end(),
                            [&](const Exercise& one) { return one.name == entry.key; });
            if (!isKnown)
            {
                throw ScenarioError({path, entry.line},
                                    section.Prefix() + entry.key,
                                    "there is no such exercise; allowed: " +
                                        exercises.front().name + " to " + exercises.back().name);
            }
            answers[entry.key] = entry.value;
        }
    }
    return answers;
}

std::string
CheckedAnswersText(const std::vector<Exercise>& exercises,
                   const std::map<std::string, std::string>& answers)
{
    std::string out;
    size_t right = 0;
    for (const Exercise& exercise : exercises)
    {
        const auto given = answers.find(exercise.name);
        const std::string number = (exercise.name.size() < 2 ? " " : "") + exercise.name + "  ";
        if (given == answers.end())
        {
            out += "  open   " + number + exercise.question + "\n";
        }
        else if (IsRightAnswer(exercise, given->second))
        {
            right++;
            out += "  right  " + number + given->second + "\n";
        }
        else
        {
            out += "  WRONG  " + number + given->second + "\n             " + exercise.question +
                   "\n             hint: " + exercise.hint + "\n";
        }
    }
    return out + "\n" + std::to_string(right) + " of " + std::to_string(exercises.size()) +
           " exercises are right\n";
}

bool
AreAllRight(const std::vector<Exercise>& exercises,
            const std::map<std::string, std::string>& answers)
{
    return std::all_of(exercises.begin(),
                       exercises.end(),
                       [&](const Exercise& exercise)
                       {
                           const auto given = answers.find(exercise.name);
                           return given != answers.end() && IsRightAnswer(exercise, given->second);
                       });
}

std::string
SolutionsText(const std::vector<Exercise>& exercises)
{
    std::string out = std::string("[") + ANSWERS + "]\n";
    for (const Exercise& exercise : exercises)
    {
        out += exercise.name + " = " + exercise.answer + "\n";
    }
    return out;
}

std::string
ExercisesText(const std::vector<Exercise>& exercises)
{
    std::string out;
    for (const Exercise& exercise : exercises)
    {
        out += Right(exercise.name, 4) + "  " + exercise.question + "\n";
    }
    return out;
}

} // namespace ipsec
} // namespace ns3
