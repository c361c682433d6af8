// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-csv.h"
#include "ipsec-lab-text.h"
#include "ipsec-pfs-lab.h"

namespace ns3
{
namespace ipsec
{

namespace
{

/// Points of the chart over time.
constexpr int CHART_POINTS = 40;

} // namespace

std::string
PfsPairsCsv(const std::vector<PfsFacts>& tunnels)
{
    std::string out = CsvRow({"tunnel",
                              "ike-sa",
                              "up-at",
                              "spi-responder",
                              "spi-initiator",
                              "pfs",
                              "packets",
                              "opened-by-skeyids",
                              "opened-by-own-keys"});
    for (const PfsFacts& facts : tunnels)
    {
        for (const PfsPair& pair : facts.pairs)
        {
            out += CsvRow({facts.tunnel,
                           std::to_string(pair.ikeSa + 1),
                           SecondsText(pair.upAt),
                           SpiText(pair.spis[0]),
                           SpiText(pair.spis[1]),
                           pair.hasPfs ? "yes" : "no",
                           std::to_string(pair.packets),
                           std::to_string(pair.opened),
                           std::to_string(pair.openedByKeys)});
        }
    }
    return out;
}

BarChart
PfsOverTimeChart(const PfsFacts& plain, const PfsFacts& secret, Instant end)
{
    BarChart chart{"opened-over-time",
                   "Packets that both secrets of the first IKE SA open",
                   "captured until (s)",
                   "packets of ESP",
                   {{"captured without PFS", {}},
                    {"opened without PFS", {}},
                    {"captured with PFS", {}},
                    {"opened with PFS", {}}}};
    for (int i = 0; i <= CHART_POINTS; i++)
    {
        const Instant at(end.time_since_epoch() * i / CHART_POINTS);
        const double x = std::chrono::duration<double>(at.time_since_epoch()).count();
        size_t line = 0;
        for (const PfsFacts* facts : {&plain, &secret})
        {
            const Loot loot = Exploit(Before(facts->capture, at), facts->Secrets(Leak::Both, 0));
            chart.lines[line++].points.push_back({x, static_cast<double>(loot.captured), 0});
            chart.lines[line++].points.push_back({x, static_cast<double>(loot.opened), 0});
        }
    }
    return chart;
}

BarChart
PfsExposureChart(const std::vector<PfsSweepPoint>& points, const PfsSweepPoint& withPfs)
{
    BarChart chart{EXPOSURE_CHART,
                   "What the worst leak of one IKE SA opens",
                   "lifetime of IKE SAs, without PFS; on the right with PFS",
                   "packets of ESP that open (%)",
                   {{"of all that were captured", {}}},
                   ChartForm::Columns,
                   {}};
    const auto add = [&](const std::string& category, const PfsSweepPoint& point)
    {
        chart.categories.push_back(category);
        chart.lines[0].points.push_back(
            {static_cast<double>(chart.categories.size()), 100 * point.Share(), 0});
    };
    for (const PfsSweepPoint& point : points)
    {
        add(NumberText("%.9g s", std::chrono::duration<double>(point.lifetime).count()), point);
    }
    add("with PFS", withPfs);
    return chart;
}

} // namespace ipsec
} // namespace ns3
