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
#include <stdexcept>

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

std::string
LowerCase(std::string text)
{
    std::transform(text.begin(),
                   text.end(),
                   text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

/// Returns the words of a list in lower case and in the order of the alphabet.
std::vector<std::string>
Words(const std::string& text)
{
    std::vector<std::string> words = SplitList(LowerCase(text));
    std::sort(words.begin(), words.end());
    return words;
}

/// Returns the words of a list that may have blanks, semicolons or "and" in the place of commas.
std::vector<std::string>
LooseWords(std::string text)
{
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c == ';' || c == '\t' || c == ' '; }, ',');
    std::vector<std::string> words = Words(text);
    words.erase(std::remove_if(words.begin(),
                               words.end(),
                               [](const std::string& word)
                               { return word.empty() || word == "and"; }),
                words.end());
    return words;
}

/// Returns the number of an answer, in the unit of the exercise.
std::optional<double>
NumberIn(const std::string& unit, const std::string& given)
{
    if (unit.empty() || AsNumber(given))
    {
        return AsNumber(given);
    }
    std::string joined = LowerCase(given);
    joined.erase(std::remove(joined.begin(), joined.end(), ' '), joined.end());
    try
    {
        return static_cast<double>(ParseDuration(joined).count()) /
               static_cast<double>(ParseDuration("1" + unit).count());
    }
    catch (const std::invalid_argument&)
    {
        // Not a time; nor is the unit, perhaps.
    }
    const size_t end = joined.size() - std::min(joined.size(), unit.size());
    return joined.substr(end) == LowerCase(unit) ? AsNumber(joined.substr(0, end)) : std::nullopt;
}

bool
HasBlank(const std::vector<std::string>& words)
{
    return std::any_of(words.begin(),
                       words.end(),
                       [](const std::string& word) { return word.find(' ') != std::string::npos; });
}

/// Says in which form an answer is read; nothing if it has that.
std::string
FormHint(const Exercise& exercise, const std::string& given)
{
    if (AsNumber(exercise.answer))
    {
        return NumberIn(exercise.unit, Trim(given))
                   ? ""
                   : "write a number" +
                         (exercise.unit.empty() ? std::string() : " of " + exercise.unit);
    }
    const bool isList = Words(exercise.answer).size() > 1;
    return isList && Words(given).size() == 1 ? "if it is a list, write commas between its words"
                                              : "";
}

} // namespace

bool
IsRightAnswer(const Exercise& exercise, const std::string& given)
{
    const std::string text = LowerCase(Trim(given));
    const bool isAlternative =
        std::any_of(exercise.alternatives.begin(),
                    exercise.alternatives.end(),
                    [&](const std::string& other) { return LowerCase(other) == text; });
    if (isAlternative)
    {
        return true;
    }
    if (const std::optional<double> right = AsNumber(exercise.answer))
    {
        // What was counted is right or wrong; what was measured may be rounded.
        const bool isCount =
            exercise.unit.empty() && exercise.answer.find('.') == std::string::npos;
        const double tolerance = isCount ? 0 : TOLERANCE * std::abs(*right);
        const std::optional<double> number = NumberIn(exercise.unit, Trim(given));
        return number && std::abs(*number - *right) <= tolerance;
    }
    const std::vector<std::string> right = Words(exercise.answer);
    return Words(given) == right || (!HasBlank(right) && LooseWords(given) == right);
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
            const std::string form = FormHint(exercise, given->second);
            out += form.empty() ? "" : "             form: " + form + "\n";
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
