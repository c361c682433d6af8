// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-study-findings.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

bool
IsKnown(const SweepTable& table, const std::string& measure)
{
    return std::any_of(table.groups.begin(),
                       table.groups.end(),
                       [&](const SweepGroup& group) { return group.Mean(measure).count > 0; });
}

std::string
Titled(const std::string& title, const std::string& unit)
{
    return title + (unit.empty() ? "" : " (" + unit + ")");
}

/// What two means that differ by less, and whose intervals overlap, say is chance.
constexpr double HARDLY_MORE = 1.05;

bool
AreApart(const MeanInterval& least, const MeanInterval& most)
{
    return least.halfWidth && most.halfWidth &&
           least.mean + *least.halfWidth < most.mean - *most.halfWidth;
}

/// Tells whether two means differ by so much that it is worth a line.
bool
AreWorthALine(const MeanInterval& least, const MeanInterval& most)
{
    const auto shown = [](const MeanInterval& mean) {
        return MeanText({mean.count, mean.mean, 0, std::nullopt});
    };
    const bool isMore = least.mean <= 0 || most.mean >= HARDLY_MORE * least.mean;
    return shown(least) != shown(most) && (isMore || AreApart(least, most));
}

/// Says whether the intervals of two means leave a doubt which is more.
std::string
OverlapText(const MeanInterval& least, const MeanInterval& most)
{
    if (!least.halfWidth || !most.halfWidth)
    {
        return "too few runs for intervals";
    }
    return AreApart(least, most) ? "the intervals do not overlap" : "the intervals overlap";
}

std::string
ExtremesOf(const SweepTable& table, const std::string& measure, const std::string& title)
{
    const SweepGroup* least = nullptr;
    const SweepGroup* most = nullptr;
    for (const SweepGroup& group : table.groups)
    {
        const MeanInterval mean = group.Mean(measure);
        if (mean.count == 0)
        {
            continue;
        }
        least = !least || mean.mean < least->Mean(measure).mean ? &group : least;
        most = !most || mean.mean > most->Mean(measure).mean ? &group : most;
    }
    if (!least || least == most)
    {
        return "";
    }
    const MeanInterval low = least->Mean(measure);
    const MeanInterval high = most->Mean(measure);
    if (!AreWorthALine(low, high))
    {
        return "";
    }
    const std::string unit = table.UnitOf(measure);
    std::string text = "  " + Titled(title, unit) + ": least " + MeanText(low) + " at " +
                       least->Name() + ", most " + MeanText(high) + " at " + most->Name();
    if (low.mean > 0)
    {
        text += ", " + MeanText({1, high.mean / low.mean, 0, std::nullopt}) + " times";
    }
    return text + "; " + OverlapText(low, high) + "\n";
}

} // namespace

std::string
MeansText(const SweepTable& table, const NamedMeasures& measures)
{
    std::vector<std::vector<std::string>> rows(1, table.parameters);
    if (table.parameters.empty())
    {
        rows.front().emplace_back("");
    }
    rows.front().emplace_back("runs");
    NamedMeasures known;
    for (const auto& [measure, title] : measures)
    {
        if (IsKnown(table, measure))
        {
            known.emplace_back(measure, title);
            rows.front().push_back(Titled(title, table.UnitOf(measure)));
        }
    }
    bool hasIntervals = false;
    for (const SweepGroup& group : table.groups)
    {
        std::vector<std::string> row;
        for (const auto& [name, value] : group.parameters)
        {
            row.push_back(value);
        }
        if (row.empty())
        {
            row.emplace_back("all");
        }
        row.push_back(std::to_string(group.runs.size()));
        for (const auto& [measure, title] : known)
        {
            const MeanInterval mean = group.Mean(measure);
            hasIntervals = hasIntervals || mean.halfWidth;
            const size_t missing = group.Missing(measure);
            row.push_back(MeanText(mean) +
                          (missing > 0 ? " (" + std::to_string(missing) + " never)" : ""));
        }
        rows.push_back(row);
    }
    return AlignedText(rows) +
           (hasIntervals ? "  (means of runs +- half of the 95 % interval by Student's t)\n" : "");
}

std::string
ExtremesText(const SweepTable& table, const NamedMeasures& measures)
{
    std::string text;
    for (const auto& [measure, title] : measures)
    {
        text += ExtremesOf(table, measure, title);
    }
    return text;
}

} // namespace ipsec
} // namespace ns3
