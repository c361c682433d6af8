// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-lab-text.h"

#include <algorithm>
#include <cstdio>

namespace ns3
{
namespace ipsec
{

namespace
{

bool
IsNumber(const std::string& cell)
{
    return std::all_of(cell.begin(),
                       cell.end(),
                       [](char c) { return (c >= '0' && c <= '9') || c == '.' || c == '-'; });
}

/// Tells whether a column holds nothing but numbers below its heading.
bool
IsNumeric(const std::vector<LabRow>& rows, size_t column)
{
    return std::all_of(rows.begin() + 1,
                       rows.end(),
                       [&](const LabRow& row)
                       { return column >= row.size() || IsNumber(row[column]); });
}

} // namespace

std::string
LabTitle(const std::string& title)
{
    return "\n" + title + "\n" + std::string(title.size(), '=') + "\n\n";
}

std::string
NumberText(const char* form, double value)
{
    char text[64];
    std::snprintf(text, sizeof(text), form, value);
    return text;
}

double
Milliseconds(Duration time)
{
    return std::chrono::duration<double, std::milli>(time).count();
}

std::string
Left(std::string text, size_t width)
{
    text.resize(std::max(width, text.size()), ' ');
    return text;
}

std::string
Right(const std::string& text, size_t width)
{
    return text.size() < width ? std::string(width - text.size(), ' ') + text : text;
}

std::string
LabTable(const std::vector<LabRow>& rows)
{
    std::vector<size_t> widths;
    for (const LabRow& row : rows)
    {
        widths.resize(std::max(widths.size(), row.size()), 0);
        for (size_t i = 0; i < row.size(); i++)
        {
            widths[i] = std::max(widths[i], row[i].size());
        }
    }
    std::string out;
    for (const LabRow& row : rows)
    {
        std::string line;
        for (size_t i = 0; i < row.size(); i++)
        {
            line +=
                "  " + (IsNumeric(rows, i) ? Right(row[i], widths[i]) : Left(row[i], widths[i]));
        }
        out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
    }
    return out;
}

} // namespace ipsec
} // namespace ns3
