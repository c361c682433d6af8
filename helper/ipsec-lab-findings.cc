// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-lab-findings.h"

#include "ipsec-json-writer.h"
#include "ipsec-scenario-units.h"

#include <algorithm>
#include <string>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Tells whether a text is a number as JSON has it, with few enough digits to keep them all; a name
/// in hexadecimal, of which every digit counts, is longer or begins with a zero.
bool
IsJsonNumber(const std::string& text)
{
    constexpr size_t MOST_DIGITS = 15;
    const std::string digits = text.substr(text.rfind('-', 0) == 0 ? 1 : 0);
    const size_t point = std::min(digits.find('.'), digits.size());
    const auto isDigits = [](const std::string& part)
    { return !part.empty() && part.find_first_not_of("0123456789") == std::string::npos; };
    return digits.size() <= MOST_DIGITS && isDigits(digits.substr(0, point)) &&
           (point == 1 || digits.front() != '0') &&
           (point == digits.size() || isDigits(digits.substr(point + 1)));
}

bool
IsCount(const std::string& text)
{
    return IsJsonNumber(text) && text.find_first_of("-.") == std::string::npos;
}

void
WriteNumber(JsonWriter& json, const std::string& text)
{
    IsCount(text) ? json.Number(static_cast<uint64_t>(std::stoull(text)))
                  : json.Number(std::stod(text));
}

void
WriteCell(JsonWriter& json, const std::string& cell)
{
    const std::vector<std::string> words = SplitWords(cell);
    if (words.empty() || cell == "-")
    {
        json.Null();
    }
    else if (words.size() == 1 && IsJsonNumber(words[0]))
    {
        WriteNumber(json, words[0]);
    }
    else if (words.size() == 3 && words[1] == "of" && IsCount(words[0]) && IsCount(words[2]))
    {
        json.BeginObject().Key("count");
        WriteNumber(json, words[0]);
        json.Key("of");
        WriteNumber(json, words[2]);
        json.EndObject();
    }
    else if (words.size() == 2 && IsJsonNumber(words[0]) &&
             (words[1] == "ms" || words[1] == "s" || words[1] == "%"))
    {
        json.BeginObject().Key("value");
        WriteNumber(json, words[0]);
        json.Key("unit").String(words[1]).EndObject();
    }
    else
    {
        json.String(cell);
    }
}

} // namespace

void
LabFindings::Add(const std::string& name, const std::vector<LabRow>& rows)
{
    const auto known = std::find_if(
        m_tables.begin(), m_tables.end(), [&](const auto& table) { return table.first == name; });
    if (known == m_tables.end())
    {
        m_tables.emplace_back(name, rows);
        return;
    }
    known->second.insert(known->second.end(), rows.begin() + 1, rows.end());
}

void
LabFindings::About(const RunRecord& record)
{
    m_scenario = record.scenario;
    m_seed = record.seed;
    m_run = record.run;
}

std::string
LabFindings::Json(const std::string& program) const
{
    JsonWriter json;
    json.BeginObject().Key("schema").Number(LAB_SCHEMA).Key("lab").String(program);
    json.Key("scenario").String(m_scenario);
    json.Key("seed").Number(m_seed).Key("run").Number(m_run);
    json.Key("findings").BeginObject();
    for (const auto& [name, rows] : m_tables)
    {
        json.Key(name).BeginArray();
        const LabRow& heading = rows.front();
        for (auto row = rows.begin() + 1; row != rows.end(); row++)
        {
            json.BeginObject();
            for (size_t i = 0; i < heading.size(); i++)
            {
                json.Key(heading[i]);
                WriteCell(json, i < row->size() ? Trim((*row)[i]) : "");
            }
            json.EndObject();
        }
        json.EndArray();
    }
    return json.EndObject().EndObject().Take();
}

} // namespace ipsec
} // namespace ns3
