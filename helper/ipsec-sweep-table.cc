// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-sweep-table.h"

#include "ipsec-csv.h"
#include "ipsec-scenario-units.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

/// An axis that spans as much is logarithmic.
constexpr double LOGARITHMIC_SPAN = 30;

/// A value such as "600s": its number, and what follows.
std::optional<std::pair<double, std::string>>
CutNumber(const std::string& text)
{
    char* end = nullptr;
    const double number = std::strtod(text.c_str(), &end);
    if (end == text.c_str() || !std::isfinite(number))
    {
        return std::nullopt;
    }
    return std::pair(number, std::string(end));
}

std::optional<double>
SecondsOf(const std::string& text)
{
    try
    {
        return std::chrono::duration<double>(ParseDuration(text)).count();
    }
    catch (const std::invalid_argument&)
    {
        return std::nullopt;
    }
}

const std::vector<Measure>&
MeasuresOf(const PointResult& result, SweepNumbers numbers)
{
    return numbers == SweepNumbers::Results ? result.results : result.costs;
}

bool
IsCount(const std::string& measure)
{
    return measure.compare(0, sizeof(COUNT_PREFIX) - 1, COUNT_PREFIX) == 0;
}

/// Returns the group of a point, a new one if it is the first of its kind.
SweepGroup&
GroupOf(SweepTable& table, const SweepPoint& point)
{
    const auto found =
        std::find_if(table.groups.begin(),
                     table.groups.end(),
                     [&](const SweepGroup& group) { return group.parameters == point.parameters; });
    if (found != table.groups.end())
    {
        return *found;
    }
    table.groups.push_back({point.parameters, {}});
    return table.groups.back();
}

/// Notes the measures of a point that were not known, counts in the order of the alphabet behind
/// the others.
void
NoteMeasures(SweepTable& table, const std::vector<Measure>& measures)
{
    for (const Measure& measure : measures)
    {
        const bool isKnown =
            std::any_of(table.measures.begin(),
                        table.measures.end(),
                        [&](const auto& one) { return one.first == measure.name; });
        if (!isKnown)
        {
            table.measures.emplace_back(measure.name, measure.unit);
        }
    }
    const auto counts = std::stable_partition(table.measures.begin(),
                                              table.measures.end(),
                                              [](const auto& one) { return !IsCount(one.first); });
    std::sort(counts, table.measures.end());
}

std::vector<std::string>
ParameterValues(const std::vector<std::pair<std::string, std::string>>& parameters)
{
    std::vector<std::string> values;
    for (const auto& [name, value] : parameters)
    {
        values.push_back(value);
    }
    return values;
}

std::vector<std::string>
Joined(std::vector<std::string> first, const std::vector<std::string>& second)
{
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

/// Returns the value of one measure in a run; a count that is not there is zero.
std::optional<double>
ValueOf(const std::map<std::string, std::optional<double>>& values, const std::string& measure)
{
    const auto found = values.find(measure);
    if (found != values.end())
    {
        return found->second;
    }
    return IsCount(measure) ? std::optional<double>(0) : std::nullopt;
}

} // namespace

MeanInterval
SweepGroup::Mean(const std::string& measure) const
{
    std::vector<double> values;
    for (const auto& [run, measures] : runs)
    {
        if (const std::optional<double> value = ValueOf(measures, measure))
        {
            values.push_back(*value);
        }
    }
    return MeanOf(values);
}

size_t
SweepGroup::Missing(const std::string& measure) const
{
    return runs.size() - Mean(measure).count;
}

std::string
SweepGroup::Parameter(const std::string& name) const
{
    for (const auto& [key, value] : parameters)
    {
        if (key == name)
        {
            return value;
        }
    }
    return "";
}

std::string
SweepGroup::Name() const
{
    std::string text;
    for (const auto& [name, value] : parameters)
    {
        text += (text.empty() ? "" : " ") + name + "=" + value;
    }
    return text.empty() ? "all" : text;
}

std::string
SweepTable::UnitOf(const std::string& measure) const
{
    for (const auto& [name, unit] : measures)
    {
        if (name == measure)
        {
            return unit;
        }
    }
    return "";
}

SweepTable
MakeSweepTable(const std::vector<SweepPoint>& points,
               const SweepOutcome& outcome,
               SweepNumbers numbers)
{
    SweepTable table;
    for (size_t i = 0; i < points.size(); i++)
    {
        if (i == 0)
        {
            for (const auto& [name, value] : points[i].parameters)
            {
                table.parameters.push_back(name);
            }
        }
        if (!outcome.results[i])
        {
            continue;
        }
        const std::vector<Measure>& measures = MeasuresOf(*outcome.results[i], numbers);
        NoteMeasures(table, measures);
        std::map<std::string, std::optional<double>> values;
        for (const Measure& measure : measures)
        {
            values[measure.name] = measure.value;
        }
        GroupOf(table, points[i]).runs.emplace_back(points[i].run, std::move(values));
    }
    return table;
}

std::string
RunsCsv(const SweepTable& table)
{
    std::string csv = CsvRow(Joined(table.parameters, {"run", "metric", "unit", "value"}));
    for (const SweepGroup& group : table.groups)
    {
        for (const auto& [run, values] : group.runs)
        {
            for (const auto& [measure, unit] : table.measures)
            {
                csv += CsvRow(Joined(
                    ParameterValues(group.parameters),
                    {std::to_string(run), measure, unit, NumberText(ValueOf(values, measure))}));
            }
        }
    }
    return csv;
}

std::string
MeansCsv(const SweepTable& table)
{
    std::string csv = CsvRow(
        Joined(table.parameters,
               {"metric", "unit", "runs", "missing", "mean", "deviation", "ci95", "low", "high"}));
    for (const SweepGroup& group : table.groups)
    {
        for (const auto& [measure, unit] : table.measures)
        {
            const MeanInterval mean = group.Mean(measure);
            const bool isKnown = mean.count > 0;
            const auto shifted = [&](double sign)
            {
                return mean.halfWidth ? std::optional<double>(mean.mean + sign * *mean.halfWidth)
                                      : std::nullopt;
            };
            csv += CsvRow(Joined(
                ParameterValues(group.parameters),
                {measure,
                 unit,
                 std::to_string(mean.count),
                 std::to_string(group.Missing(measure)),
                 NumberText(isKnown ? std::optional<double>(mean.mean) : std::nullopt),
                 NumberText(mean.count > 1 ? std::optional<double>(mean.deviation) : std::nullopt),
                 NumberText(mean.halfWidth),
                 NumberText(shifted(-1)),
                 NumberText(shifted(1))}));
        }
    }
    return csv;
}

SweepAxis
MakeSweepAxis(const std::string& parameter, const std::vector<std::string>& values)
{
    SweepAxis axis;
    axis.label = parameter;
    std::vector<double> seconds;
    std::vector<double> numbers;
    std::string unit;
    for (const std::string& value : values)
    {
        if (const std::optional<double> one = SecondsOf(value))
        {
            seconds.push_back(*one);
        }
        const auto cut = CutNumber(value);
        if (cut && (numbers.empty() || cut->second == unit))
        {
            numbers.push_back(cut->first);
            unit = cut->second;
        }
    }
    if (!values.empty() && seconds.size() == values.size())
    {
        axis.positions = seconds;
        unit = "s";
    }
    else if (numbers.size() == values.size())
    {
        axis.positions = numbers;
    }
    if (axis.positions.empty())
    {
        for (size_t i = 0; i < values.size(); i++)
        {
            axis.positions.push_back(static_cast<double>(i + 1));
            axis.categories.push_back(values[i].empty() ? "all" : values[i]);
        }
        return axis;
    }
    axis.label += unit.empty() ? "" : " (" + unit + ")";
    const auto [least, most] = std::minmax_element(axis.positions.begin(), axis.positions.end());
    axis.isLogarithmic = *least > 0 && *most / *least >= LOGARITHMIC_SPAN;
    return axis;
}

std::string
TracesCsv(const std::vector<SweepPoint>& points, const SweepOutcome& outcome)
{
    std::vector<std::string> titles;
    for (const auto& [name, value] : points.front().parameters)
    {
        titles.push_back(name);
    }
    std::string csv = CsvRow(Joined(titles, {"run", "time", "metric", "unit", "value"}));
    for (size_t i = 0; i < points.size(); i++)
    {
        if (!outcome.results[i])
        {
            continue;
        }
        for (const MeasureTrace& trace : outcome.results[i]->traces)
        {
            for (const auto& [time, value] : trace.values)
            {
                csv += CsvRow(Joined(ParameterValues(points[i].parameters),
                                     {std::to_string(points[i].run),
                                      NumberText(time),
                                      trace.name,
                                      trace.unit,
                                      NumberText(value)}));
            }
        }
    }
    return csv;
}

std::string
MeanText(const MeanInterval& mean)
{
    if (mean.count == 0)
    {
        return "-";
    }
    const double size = std::abs(mean.mean);
    const int decimals = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
    char text[64];
    std::snprintf(text, sizeof(text), "%.*f", decimals, mean.mean);
    const std::string shown = text;
    if (!mean.halfWidth)
    {
        return shown;
    }
    std::snprintf(text, sizeof(text), " +- %.*f", decimals, *mean.halfWidth);
    return shown + text;
}

std::string
AlignedText(const std::vector<std::vector<std::string>>& rows)
{
    std::vector<size_t> widths;
    for (const std::vector<std::string>& row : rows)
    {
        widths.resize(std::max(widths.size(), row.size()));
        for (size_t i = 0; i < row.size(); i++)
        {
            widths[i] = std::max(widths[i], row[i].size());
        }
    }
    std::string text;
    for (const std::vector<std::string>& row : rows)
    {
        std::string line;
        for (size_t i = 0; i < row.size(); i++)
        {
            line += (i == 0 ? "  " : "   ") + row[i];
            line.resize(line.size() + widths[i] - row[i].size(), ' ');
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + "\n";
    }
    return text;
}

} // namespace ipsec
} // namespace ns3
