// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-ladder-canvas.h"
#include "ipsec-report-page.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace ns3
{
namespace ipsec
{

namespace
{

// Geometry, in pixels.
constexpr int WIDTH = 1000;
constexpr int LEFT = 250;
constexpr int RIGHT = WIDTH - 30;
constexpr int TOP = 64;
constexpr int LANE = 20;
constexpr int BAR = 12;
constexpr int AXIS = 46;
/// Lanes and bars of one picture at most.
constexpr size_t MOST_LANES = 60;
constexpr size_t MOST_BARS = 2000;

/// The life of one SA.
struct Life
{
    Instant from;
    Instant to;
    bool isEnded = false;
};

/// SAs of a kind between a gateway and a peer, none of which overlap.
struct Lane
{
    std::string label;
    const char* color = "soft";
    std::vector<Life> lives;
};

/// Spreads lives over as few lanes as they need; only the first one has a label.
std::vector<Lane>
Spread(const std::string& label, const char* color, std::vector<Life> lives)
{
    std::stable_sort(
        lives.begin(), lives.end(), [](const Life& a, const Life& b) { return a.from < b.from; });
    std::vector<Lane> lanes;
    for (const Life& life : lives)
    {
        const auto free =
            std::find_if(lanes.begin(),
                         lanes.end(),
                         [&](const Lane& lane) { return lane.lives.back().to <= life.from; });
        if (free != lanes.end())
        {
            free->lives.push_back(life);
            continue;
        }
        lanes.push_back({lanes.empty() ? label : "", color, {life}});
    }
    return lanes;
}

/// Returns the lanes of a gateway: by peer, IKE SAs, then IPsec SAs in and out.
std::vector<Lane>
LanesOf(const NodeRecord& node, Instant end)
{
    enum Kind
    {
        IKE,
        IN,
        OUT
    };

    std::map<std::pair<std::string, Kind>, std::vector<Life>> lives;
    for (const IkeSaRecord& sa : node.ikeSas)
    {
        lives[{sa.peer, IKE}].push_back(
            {sa.info.establishedAt, sa.endedAt.value_or(end), sa.endedAt.has_value()});
    }
    for (const IpsecSaRecord& sa : node.ipsecSas)
    {
        lives[{sa.peer, sa.sa.direction == SaDirection::Inbound ? IN : OUT}].push_back(
            {sa.installedAt, sa.removedAt.value_or(end), sa.removedAt.has_value()});
    }
    static const char* const NAMES[] = {"IKE", "in", "out"};
    static const char* const COLORS[] = {"main", "quick", "other"};
    std::vector<Lane> lanes;
    for (auto& [key, ofKind] : lives)
    {
        const std::string label = node.name + " - " + key.first + ": " + NAMES[key.second];
        for (Lane& lane : Spread(label, COLORS[key.second], std::move(ofKind)))
        {
            lanes.push_back(std::move(lane));
        }
    }
    return lanes;
}

int
XOf(Instant at, Instant end)
{
    const double part = end == Instant{}
                            ? 0
                            : std::chrono::duration<double>(at.time_since_epoch()) /
                                  std::chrono::duration<double>(end.time_since_epoch());
    return LEFT + static_cast<int>(part * (RIGHT - LEFT));
}

/// Returns a step of 1, 2 or 5 times a power of ten that gives at most ten marks.
Duration
TickStep(Instant end)
{
    Duration step = std::chrono::milliseconds(1);
    for (int i = 0; step * 10 < end.time_since_epoch(); i++)
    {
        // 1, 2, 5, 10, 20, 50 ...
        step = i % 3 == 1 ? step * 5 / 2 : step * 2;
    }
    return step;
}

void
DrawAxis(LadderCanvas& canvas, int bottom, Instant end)
{
    const Duration step = TickStep(end);
    const bool isFine = step < std::chrono::seconds(1);
    for (Duration at{}; at <= end.time_since_epoch(); at += step)
    {
        const int x = XOf(Instant(at), end);
        canvas.Line(x, TOP - 4, x, bottom, "rule", CanvasLine::Dashed);
        canvas.Text(x,
                    bottom + 16,
                    SecondsText(Instant(at), isFine ? 3 : 0),
                    "soft",
                    "t",
                    CanvasAnchor::Middle);
    }
    canvas.Text(
        (LEFT + RIGHT) / 2, bottom + 34, "simulated time (s)", "soft", "t", CanvasAnchor::Middle);
}

/// Draws the bars of a lane; returns how many.
size_t
DrawLane(LadderCanvas& canvas, int y, const Lane& lane, Instant end)
{
    if (!lane.label.empty())
    {
        // Its end says which kind of SA it is.
        const size_t most = 30;
        const std::string label = lane.label.size() <= most
                                      ? lane.label
                                      : "..." + lane.label.substr(lane.label.size() - most);
        canvas.Text(LEFT - 10, y + BAR - 1, label, "ink", "e", CanvasAnchor::End, LEFT - 20);
    }
    for (const Life& life : lane.lives)
    {
        const int x = XOf(life.from, end);
        const int width = std::max(XOf(life.to, end) - x - (life.isEnded ? 2 : 0), 2);
        canvas.Box(x, y, width, BAR, 2, lane.color, lane.color);
    }
    return lane.lives.size();
}

void
DrawLegend(LadderCanvas& canvas)
{
    canvas.Text(20, 26, "SAs over time", "ink", "h");
    static const std::pair<const char*, const char*> ITEMS[] = {
        {"IKE SA", "main"}, {"IPsec SA, inbound", "quick"}, {"IPsec SA, outbound", "other"}};
    int x = LEFT;
    for (const auto& [label, color] : ITEMS)
    {
        canvas.Box(x, 16, 24, BAR, 2, color, color);
        canvas.Text(x + 32, 26, label, "soft", "t");
        x += 170;
    }
}

} // namespace

std::string
SaTimelineSvg(const RunRecord& record)
{
    LadderCanvas canvas;
    LadderCanvas bars;
    DrawLegend(canvas);
    int y = TOP;
    size_t lanes = 0;
    size_t drawn = 0;
    size_t folded = 0;
    for (const NodeRecord& node : record.nodes)
    {
        for (const Lane& lane : LanesOf(node, record.end))
        {
            if (lanes >= MOST_LANES || drawn + lane.lives.size() > MOST_BARS)
            {
                folded += lane.lives.size();
                continue;
            }
            drawn += DrawLane(bars, y, lane, record.end);
            y += LANE;
            lanes++;
        }
    }
    DrawAxis(canvas, y, record.end);
    canvas.Append(bars);
    y += AXIS;
    if (folded > 0)
    {
        canvas.Text(20,
                    y,
                    std::to_string(folded) + " more SAs are folded; results.json has all of them",
                    "soft",
                    "e");
        y += LANE;
    }
    return CanvasImage(WIDTH, y, "SAs over time", canvas.Take());
}

} // namespace ipsec
} // namespace ns3
