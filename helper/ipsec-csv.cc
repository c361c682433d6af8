// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-csv.h"

#include <cstdio>
#include <cstdlib>

namespace ns3
{
namespace ipsec
{

namespace
{

std::string
Field(const std::string& text)
{
    if (text.find_first_of(",\"\n") == std::string::npos)
    {
        return text;
    }
    std::string quoted = "\"";
    for (const char c : text)
    {
        quoted += c == '"' ? "\"\"" : std::string(1, c);
    }
    return quoted + "\"";
}

std::string
Formatted(const char* format, std::optional<double> value)
{
    if (!value)
    {
        return "";
    }
    char text[32];
    std::snprintf(text, sizeof(text), format, *value);
    return text;
}

} // namespace

std::string
CsvRow(const std::vector<std::string>& fields)
{
    std::string row;
    for (const std::string& field : fields)
    {
        row += (&field == &fields.front() ? "" : ",") + Field(field);
    }
    return row + "\n";
}

std::vector<std::string>
SplitCsvRow(const std::string& row)
{
    std::vector<std::string> fields(1);
    bool isQuoted = false;
    for (size_t i = 0; i < row.size(); i++)
    {
        const char c = row[i];
        if (c == '"' && isQuoted && i + 1 < row.size() && row[i + 1] == '"')
        {
            fields.back() += c;
            i++;
        }
        else if (c == '"')
        {
            isQuoted = !isQuoted;
        }
        else if (c == ',' && !isQuoted)
        {
            fields.emplace_back();
        }
        else
        {
            fields.back() += c;
        }
    }
    return fields;
}

std::string
NumberText(std::optional<double> value)
{
    return Formatted("%.12g", value);
}

std::string
ExactText(std::optional<double> value)
{
    return Formatted("%.17g", value);
}

std::optional<double>
NumberOf(const std::string& text)
{
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    if (text.empty() || *end != '\0')
    {
        return std::nullopt;
    }
    return value;
}

} // namespace ipsec
} // namespace ns3
