// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-study-plots.h"

#include "ipsec-csv.h"
#include "ipsec-gnuplot.h"
#include "ipsec-scenario-units.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Most rows of pictures over time, and most panels of one chart: more cannot be told apart.
constexpr size_t MOST_ROWS = 5;
constexpr size_t MOST_PARTS = 6;
/// Most values that each have their number at the axis.
constexpr size_t MOST_TICS = 8;
/// Charts side by side.
constexpr size_t COLUMNS = 3;

/// The values of one parameter, each once, in their order.
std::vector<std::string>
ValuesOf(const SweepTable& table, const std::string& parameter)
{
    std::vector<std::string> values;
    for (const SweepGroup& group : table.groups)
    {
        const std::string value = group.Parameter(parameter);
        if (std::find(values.begin(), values.end(), value) == values.end())
        {
            values.push_back(value);
        }
    }
    return values;
}

/// What a group is called beside the parameter that is the axis: the values of the others.
std::string
NameBeside(const SweepGroup& group, const std::string& axis)
{
    std::string text;
    for (const auto& [name, value] : group.parameters)
    {
        if (name != axis)
        {
            text += (text.empty() ? "" : ", ") + value;
        }
    }
    return text;
}

/// What those values are of.
std::string
ParametersBeside(const SweepTable& table)
{
    std::string text;
    for (size_t i = 1; i < table.parameters.size(); i++)
    {
        text += (text.empty() ? "" : ", ") + table.parameters[i];
    }
    return text;
}

/// Returns the line of one measure and one combination of the parameters beside the axis.
PanelLine
MakeLine(const SweepTable& table,
         const std::string& parameter,
         const SweepAxis& axis,
         const std::vector<std::string>& values,
         const std::string& measure,
         const std::string& beside)
{
    PanelLine line;
    line.style = axis.categories.empty() ? PanelStyle::LineAndPoints : PanelStyle::Points;
    for (const SweepGroup& group : table.groups)
    {
        const MeanInterval mean = group.Mean(measure);
        if (NameBeside(group, parameter) != beside || mean.count == 0)
        {
            continue;
        }
        const auto place = std::find(values.begin(), values.end(), group.Parameter(parameter));
        line.points.push_back({axis.positions[static_cast<size_t>(place - values.begin())],
                               mean.mean,
                               mean.halfWidth.value_or(0)});
    }
    std::sort(line.points.begin(),
              line.points.end(),
              [](const PanelPoint& a, const PanelPoint& b) { return a.x < b.x; });
    return line;
}

std::vector<std::string>
AllBeside(const SweepTable& table, const std::string& parameter)
{
    std::vector<std::string> names;
    for (const SweepGroup& group : table.groups)
    {
        const std::string name = NameBeside(group, parameter);
        if (std::find(names.begin(), names.end(), name) == names.end())
        {
            names.push_back(name);
        }
    }
    return names;
}

/// Logarithmic axes have no place for zero.
void
RemoveZeros(PanelLine& line)
{
    line.points.erase(std::remove_if(line.points.begin(),
                                     line.points.end(),
                                     [](const PanelPoint& point) { return point.y <= 0; }),
                      line.points.end());
}

/// Fits a power law to the last line of a panel, and draws it beside.
void
AddFit(Panel& panel, double from)
{
    std::vector<std::pair<double, double>> points;
    for (const PanelPoint& point : panel.lines.back().points)
    {
        if (from > 0 && point.x >= from)
        {
            points.emplace_back(point.x, point.y);
        }
    }
    const std::optional<PowerLaw> law = FitPowerLaw(points);
    if (!law)
    {
        return;
    }
    char exponent[32];
    std::snprintf(exponent, sizeof(exponent), " ~ n^%.2f", law->exponent);
    panel.lines.back().title += exponent;
    PanelLine fit;
    fit.style = PanelStyle::Dashes;
    for (const double x : {points.front().first, points.back().first})
    {
        fit.points.push_back({x, law->factor * std::pow(x, law->exponent), 0});
    }
    panel.lines.push_back(fit);
}

/// What the lines of a panel are of.
struct PanelContent
{
    std::string measure;
    std::string beside;
    std::string title;
};

/// Returns an empty panel of a chart.
Panel
MakeAxes(const StudyChart& chart, const SweepAxis& axis)
{
    Panel panel;
    panel.title = chart.title;
    panel.xLabel = axis.label;
    panel.yLabel = chart.unit;
    panel.categories = axis.categories;
    const auto [least, most] = std::minmax_element(axis.positions.begin(), axis.positions.end());
    // A power law is a straight line only if both are.
    const bool canBeLogarithmic = axis.categories.empty() && *least > 0 && *least < *most;
    panel.hasLogX = axis.isLogarithmic || (chart.isLogarithmic && canBeLogarithmic);
    panel.hasLogY = chart.isLogarithmic;
    if (axis.categories.empty() && panel.hasLogX && axis.positions.size() <= MOST_TICS)
    {
        panel.xTics = axis.positions;
    }
    return panel;
}

/// Returns the panel of a chart with some lines; without any, there is nothing to show.
Panel
MakePanel(const StudyChart& chart,
          const SweepTable& table,
          const std::vector<PanelContent>& contents)
{
    const std::string parameter = table.parameters.empty() ? "" : table.parameters.front();
    const std::vector<std::string> values = ValuesOf(table, parameter);
    const SweepAxis axis = MakeSweepAxis(parameter, values);
    Panel panel = MakeAxes(chart, axis);
    size_t shown = 0;
    size_t left = 0;
    for (const PanelContent& content : contents)
    {
        PanelLine line = MakeLine(table, parameter, axis, values, content.measure, content.beside);
        line.title = content.title;
        if (chart.isLogarithmic)
        {
            RemoveZeros(line);
        }
        if (line.points.empty())
        {
            continue;
        }
        if (shown == MOST_COLOURS)
        {
            left++;
            continue;
        }
        shown++;
        panel.lines.push_back(line);
        AddFit(panel, chart.fitFrom);
    }
    panel.title += left == 0 ? "" : " (" + std::to_string(left) + " more not shown)";
    return panel;
}

/// Returns the panels of a chart: one, or one for each combination of the parameters beside the
/// axis if there are several lines for each.
std::vector<Panel>
MakePanels(const StudyChart& chart, const SweepTable& table)
{
    const std::string parameter = table.parameters.empty() ? "" : table.parameters.front();
    const std::vector<std::string> besides = AllBeside(table, parameter);
    std::vector<Panel> panels;
    if (chart.lines.size() == 1)
    {
        std::vector<PanelContent> contents;
        for (const std::string& beside : besides)
        {
            contents.push_back({chart.lines.front().first, beside, beside});
        }
        panels.push_back(MakePanel(chart, table, contents));
        panels.back().legendTitle = ParametersBeside(table);
        return panels;
    }
    for (const std::string& beside : besides)
    {
        std::vector<PanelContent> contents;
        for (const auto& [measure, title] : chart.lines)
        {
            contents.push_back({measure, beside, title});
        }
        if (panels.size() < MOST_PARTS)
        {
            panels.push_back(MakePanel(chart, table, contents));
            panels.back().title += beside.empty() ? "" : ", " + beside;
        }
    }
    if (besides.size() > panels.size())
    {
        panels.back().title +=
            " (" + std::to_string(besides.size() - panels.size()) + " more not shown)";
    }
    ShareValueAxis(panels);
    return panels;
}

PanelPicture
MakePicture(const std::string& name,
            const std::string& title,
            const std::vector<StudyChart>& charts,
            const SweepTable& table)
{
    PanelPicture picture;
    picture.name = name;
    picture.title = title;
    for (const StudyChart& chart : charts)
    {
        for (Panel& panel : MakePanels(chart, table))
        {
            if (!panel.lines.empty())
            {
                picture.panels.push_back(std::move(panel));
            }
        }
    }
    // Parts of a chart stand side by side.
    const size_t parts = charts.empty() ? 0 : picture.panels.size() / charts.size();
    const bool isSplit =
        parts > 1 && parts <= COLUMNS && parts * charts.size() == picture.panels.size();
    picture.columns = isSplit ? parts : std::clamp(picture.panels.size(), size_t{1}, COLUMNS);
    return picture;
}

/// Returns the first run of each combination that was traced.
std::vector<size_t>
TracedPoints(const std::vector<SweepPoint>& points, const SweepOutcome& outcome)
{
    std::vector<size_t> traced;
    for (size_t i = 0; i < points.size(); i++)
    {
        const bool isNew = std::none_of(traced.begin(),
                                        traced.end(),
                                        [&](size_t one)
                                        { return points[one].parameters == points[i].parameters; });
        if (isNew && outcome.results[i] && traced.size() < MOST_ROWS)
        {
            traced.push_back(i);
        }
    }
    return traced;
}

/// Returns a row of panels for each combination, whose columns have the same axes.
PanelPicture
MakeTracePicture(const Study& study,
                 const std::vector<SweepPoint>& points,
                 const SweepOutcome& outcome)
{
    PanelPicture picture;
    picture.name = "over-time";
    picture.title = study.title + ": one run over time";
    picture.columns = study.traceCharts.size();
    picture.panelHeight = 210;
    std::vector<double> most(study.traceCharts.size(), 0);
    for (const size_t i : TracedPoints(points, outcome))
    {
        for (size_t column = 0; column < study.traceCharts.size(); column++)
        {
            const StudyChart& chart = study.traceCharts[column];
            Panel panel;
            panel.xLabel = "simulated time (s)";
            panel.yLabel = chart.unit;
            std::string name;
            for (const auto& [parameter, value] : points[i].parameters)
            {
                name += (name.empty() ? "" : ", ") + parameter + " " + value;
            }
            panel.title = chart.title + (name.empty() ? "" : ", " + name);
            for (const MeasureTrace& trace : outcome.results[i]->traces)
            {
                if (trace.name != chart.lines.front().first)
                {
                    continue;
                }
                PanelLine line;
                line.style = PanelStyle::Line;
                for (const auto& [time, value] : trace.values)
                {
                    line.points.push_back({time, value, 0});
                    most[column] = std::max(most[column], value);
                }
                panel.lines.push_back(line);
            }
            picture.panels.push_back(panel);
        }
    }
    for (size_t i = 0; i < picture.panels.size(); i++)
    {
        const size_t column = i % most.size();
        const double needed = most[column] > 0 ? 1.05 * most[column] : 1;
        picture.panels[i].yMost = study.traceCharts[column].yMost.value_or(needed);
    }
    return picture;
}

} // namespace

std::optional<PowerLaw>
FitMeasure(const SweepTable& table,
           const std::string& parameter,
           const std::string& measure,
           double from)
{
    std::vector<std::pair<double, double>> points;
    for (const SweepGroup& group : table.groups)
    {
        const std::optional<double> x = NumberOf(group.Parameter(parameter));
        const MeanInterval mean = group.Mean(measure);
        if (x && *x >= from && mean.count > 0)
        {
            points.emplace_back(*x, mean.mean);
        }
    }
    return FitPowerLaw(points);
}

std::string
PlotStudy(const Study& study,
          const std::string& folder,
          const SweepTable& results,
          const SweepTable& costs,
          const std::vector<SweepPoint>& points,
          const SweepOutcome& outcome)
{
    const std::string plots = folder + PLOTS_FOLDER;
    std::error_code error;
    std::filesystem::create_directories(plots, error);
    std::vector<PanelPicture> pictures;
    if (!study.charts.empty())
    {
        pictures.push_back(MakePicture("results", study.title, study.charts, results));
    }
    if (!study.costCharts.empty() && !costs.measures.empty())
    {
        pictures.push_back(MakePicture(
            "costs", study.title + ": what the simulator costs", study.costCharts, costs));
    }
    if (!study.traceCharts.empty())
    {
        pictures.push_back(MakeTracePicture(study, points, outcome));
    }
    std::string note;
    for (const PanelPicture& picture : pictures)
    {
        const std::string missing = DrawPanels(plots, picture);
        note = note.empty() ? missing : note;
    }
    return note;
}

} // namespace ipsec
} // namespace ns3
