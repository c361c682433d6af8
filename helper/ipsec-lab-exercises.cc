// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-lab-exercises.h"

#include "ipsec-json-writer.h"
#include "ipsec-lab-findings.h"
#include "ipsec-lab-text.h"
#include "ipsec-scenario-ini.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

const char ANSWERS[] = "answers";
/// Says in which form an answer is read; nothing if it has that.
std::string
FormHint(const Exercise& exercise, const std::string& given)
{
    if (exercise.form == AnswerForm::Hexadecimal)
    {
        return NormalAnswer(given, exercise.form).find_first_not_of("0123456789abcdef") ==
                       std::string::npos
                   ? ""
                   : "write hexadecimal digits, such as 0x01 or 01 ff";
    }
    if (AnswerNumber(exercise.answer))
    {
        return AnswerNumberIn(exercise.unit, given)
                   ? ""
                   : "write a number" +
                         (exercise.unit.empty() ? std::string() : " of " + exercise.unit);
    }
    const bool isList = AnswerWords(exercise.answer).size() > 1;
    return isList && AnswerWords(given).size() == 1
               ? "if it is a list, write commas between its words"
               : "";
}

} // namespace

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
ExercisesJson(const std::string& program,
              const std::vector<Exercise>& exercises,
              const std::optional<std::map<std::string, std::string>>& answers)
{
    JsonWriter json;
    json.BeginObject().Key("schema").Number(LAB_SCHEMA).Key("lab").String(program);
    json.Key("exercises").BeginArray();
    for (const Exercise& exercise : exercises)
    {
        json.BeginObject().Key("name").String(exercise.name);
        json.Key("question").String(exercise.question);
        if (!answers)
        {
            json.Key("answer").String(exercise.answer).EndObject();
            continue;
        }
        const auto given = answers->find(exercise.name);
        json.Key("given");
        given == answers->end() ? json.Null() : json.String(given->second);
        json.Key("right")
            .Bool(given != answers->end() && IsRightAnswer(exercise, given->second))
            .EndObject();
    }
    return json.EndArray().EndObject().Take();
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
