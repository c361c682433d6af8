// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-lab-answers.h"

#include "ipsec-payload-texts.h"
#include "ipsec-scenario-ini.h"
#include "ipsec-scenario-units.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <map>
#include <stdexcept>
#include <utility>

namespace ns3
{
namespace ipsec
{

namespace
{

/// How far a number may be from the right one, of itself.
constexpr double TOLERANCE = 0.01;

const char NONE[] = "none";

std::string
LowerCase(std::string text)
{
    std::transform(text.begin(),
                   text.end(),
                   text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

void
ReplaceAll(std::string& text, const std::string& from, const std::string& to)
{
    for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    {
        text.replace(at, from.size(), to);
    }
}

void
RemoveAll(std::string& text, const std::string& unwanted)
{
    text.erase(std::remove_if(text.begin(),
                              text.end(),
                              [&](char c) { return unwanted.find(c) != std::string::npos; }),
               text.end());
}

/// Takes "(5)" from the end of "identification (5)".
void
RemoveBracket(std::string& text)
{
    const size_t open = text.rfind(" (");
    if (open != std::string::npos && text.back() == ')')
    {
        text.erase(open);
    }
}

/// Parts of the names of certificates, as Wireshark and OpenSSL call them.
const std::pair<const char*, const char*> NAME_PARTS[] = {{"id-at-", ""},
                                                          {" = ", "="},
                                                          {"commonname=", "cn="},
                                                          {"organizationalunitname=", "ou="},
                                                          {"organizationname=", "o="},
                                                          {"countryname=", "c="}};

/// Words that mean the same as another one.
const std::map<std::string, std::string> SYNONYMS{{"nothing", NONE},
                                                  {"nobody", NONE},
                                                  {"noone", NONE},
                                                  {"neither", NONE},
                                                  {"noname", NONE},
                                                  {"nonames", NONE},
                                                  {"y", "yes"},
                                                  {"n", "no"},
                                                  {"src", "source"},
                                                  {"dst", "destination"},
                                                  {"dest", "destination"}};

std::string
NormalWord(const std::string& given)
{
    std::string text = LowerCase(Trim(given));
    RemoveAll(text, "\"'`");
    for (const auto& [from, to] : NAME_PARTS)
    {
        ReplaceAll(text, from, to);
    }
    if (!AnswerNumber(text) && !text.empty() && text.back() == '.')
    {
        text.pop_back();
    }
    RemoveBracket(text);
    // Wireshark's trees have "Payload: Hash (8)".
    for (const char* article : {"the ", "a ", "an ", "payload: "})
    {
        text.erase(0, text.rfind(article, 0) == 0 ? std::string(article).size() : 0);
    }
    if (text.find_first_of(".=") == std::string::npos)
    {
        RemoveAll(text, " \t-_");
    }
    const auto synonym = SYNONYMS.find(text);
    return synonym == SYNONYMS.end() ? text : synonym->second;
}

std::string
NormalHexadecimal(const std::string& given)
{
    std::string text = LowerCase(Trim(given));
    RemoveBracket(text);
    for (char& c : text)
    {
        c = std::string(":-_.,").find(c) != std::string::npos ? ' ' : c;
    }
    std::string digits;
    for (std::string part : SplitWords(text))
    {
        part.erase(0, part.rfind("0x", 0) == 0 ? 2 : 0);
        digits += (part.size() % 2 == 1 ? "0" : "") + part;
    }
    return digits;
}

/// Returns a unit in the singular, and bytes as octets.
std::string
UnitOf(const std::string& text)
{
    std::string unit = LowerCase(text);
    RemoveAll(unit, " ");
    if (unit.size() > 2 && unit.back() == 's')
    {
        unit.pop_back();
    }
    return unit == "byte" || unit == "b" ? "octet" : unit;
}

bool
IsTime(const std::string& unit)
{
    return unit == "ms" || unit == "s";
}

std::vector<std::string>
Sorted(std::vector<std::string> words)
{
    std::sort(words.begin(), words.end());
    words.erase(std::unique(words.begin(), words.end()), words.end());
    return words;
}

/// Returns the words of a list that may have blanks, semicolons or "and" in the place of commas.
std::vector<std::string>
LooseWords(std::string text)
{
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c == ';' || c == '\t' || c == ' '; }, ',');
    std::vector<std::string> words;
    for (const std::string& word : SplitList(text))
    {
        const std::string normal = NormalWord(word);
        if (!normal.empty() && normal != "and")
        {
            words.push_back(normal);
        }
    }
    return Sorted(std::move(words));
}

bool
HasBlank(const std::string& text)
{
    const std::vector<std::string> words = SplitList(text);
    return std::any_of(words.begin(),
                       words.end(),
                       [](const std::string& word) { return word.find(' ') != std::string::npos; });
}

/// Returns the count of "118 of 180", as tables have it, and everything else as it is.
std::string
WithoutWhole(const std::string& given)
{
    const size_t of = given.find(" of ");
    const bool isCount = of != std::string::npos && AnswerNumber(given.substr(0, of)) &&
                         AnswerNumber(given.substr(of + 4));
    return isCount ? given.substr(0, of) : given;
}

bool
IsRightNumber(const Exercise& exercise, double right, const std::string& given)
{
    // What was counted is right or wrong; what was measured may be rounded.
    const bool isMeasured = IsTime(exercise.unit) || exercise.answer.find('.') != std::string::npos;
    const double tolerance = isMeasured ? TOLERANCE * std::abs(right) : 0;
    const std::optional<double> number = AnswerNumberIn(exercise.unit, WithoutWhole(given));
    return number && std::abs(*number - right) <= tolerance;
}

} // namespace

std::string
NormalAnswer(const std::string& given, AnswerForm form)
{
    return form == AnswerForm::Hexadecimal ? NormalHexadecimal(given) : NormalWord(given);
}

std::optional<double>
AnswerNumber(const std::string& text)
{
    std::string digits = Trim(text);
    // Octets are no number, though strtod() would take them for one.
    if (digits.find_first_not_of("0123456789.,+-eE") != std::string::npos ||
        digits.rfind("00", 0) == 0)
    {
        return std::nullopt;
    }
    // Commas between thousands: "1,524".
    for (size_t comma = digits.find(','); comma != std::string::npos; comma = digits.find(','))
    {
        const size_t end = std::min(digits.find_first_of(",.", comma + 1), digits.size());
        if (comma == 0 || end != comma + 4)
        {
            return std::nullopt;
        }
        digits.erase(comma, 1);
    }
    char* end = nullptr;
    const double value = std::strtod(digits.c_str(), &end);
    const bool isNumber = end != digits.c_str() && *end == '\0' && std::isfinite(value);
    return isNumber ? std::optional<double>(value) : std::nullopt;
}

std::optional<double>
AnswerNumberIn(const std::string& unit, const std::string& given)
{
    if (unit.empty() || AnswerNumber(given))
    {
        return AnswerNumber(given);
    }
    std::string joined = LowerCase(given);
    RemoveAll(joined, " ");
    if (IsTime(unit))
    {
        try
        {
            return static_cast<double>(ParseDuration(joined).count()) /
                   static_cast<double>(ParseDuration("1" + unit).count());
        }
        catch (const std::invalid_argument&)
        {
            return std::nullopt;
        }
    }
    const size_t begin = std::min(joined.find_first_not_of("0123456789.,"), joined.size());
    return UnitOf(joined.substr(begin)) == UnitOf(unit) ? AnswerNumber(joined.substr(0, begin))
                                                        : std::nullopt;
}

std::vector<std::string>
AnswerWords(const std::string& text)
{
    std::string list = text;
    // The form in which OpenSSL once wrote names: "/CN=a/O=b".
    if (list.find('=') != std::string::npos)
    {
        std::replace(list.begin(), list.end(), '/', ',');
    }
    std::replace(list.begin(), list.end(), ';', ',');
    std::vector<std::string> words;
    for (const std::string& word : SplitList(list))
    {
        words.push_back(NormalWord(word));
    }
    words.erase(std::remove(words.begin(), words.end(), ""), words.end());
    return Sorted(std::move(words));
}

bool
IsRightAnswer(const Exercise& exercise, const std::string& given)
{
    const std::string text = NormalAnswer(given, exercise.form);
    if (text.empty())
    {
        return false;
    }
    const bool isAlternative = std::any_of(exercise.alternatives.begin(),
                                           exercise.alternatives.end(),
                                           [&](const std::string& other)
                                           { return NormalAnswer(other, exercise.form) == text; });
    if (isAlternative || NormalAnswer(exercise.answer, exercise.form) == text)
    {
        return true;
    }
    if (exercise.form == AnswerForm::Hexadecimal)
    {
        return false;
    }
    if (const std::optional<double> right = AnswerNumber(exercise.answer))
    {
        return IsRightNumber(exercise, *right, given);
    }
    const std::vector<std::string> right = AnswerWords(exercise.answer);
    return AnswerWords(given) == right ||
           (!HasBlank(exercise.answer) && LooseWords(given) == right);
}

std::vector<std::string>
MessageNames(const std::string& mode, const std::string& number)
{
    if (!AnswerNumber(number))
    {
        return {};
    }
    const std::string letter = mode.substr(0, 1);
    return {mode + " " + number,
            mode + " mode " + number,
            letter + "m" + number,
            mode + " mode message " + number,
            "message " + number,
            "message " + number + " of " + mode + " mode"};
}

std::vector<std::string>
PayloadNames(const std::string& name)
{
    std::vector<std::string> names;
    for (int number = 0; number <= 255; number++)
    {
        const auto type = static_cast<PayloadType>(number);
        if (PayloadName(type) == name)
        {
            const std::string text = PayloadText(type);
            const std::string longName = text.substr(0, text.find(':'));
            names.insert(names.end(), {longName, longName + " payload", name + " payload"});
        }
    }
    return names;
}

} // namespace ipsec
} // namespace ns3
