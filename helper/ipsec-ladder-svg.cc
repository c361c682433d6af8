// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-ladder-canvas.h"
#include "ipsec-ladder.h"

#include <utility>

namespace ns3
{
namespace ipsec
{

namespace
{

// Geometry, in pixels.
constexpr int WIDTH = 1000;
constexpr int LEFT = 130;
constexpr int RIGHT = WIDTH - 130;
constexpr int HEAD = 54;
constexpr int MESSAGE_ROW = 44;
constexpr int EVENT_ROW = 24;
constexpr int GAP_ROW = 26;
/// How far an arrow falls on its way: time runs down.
constexpr int SLOPE = 10;
/// Between two texts in a row.
constexpr int GAP = 10;

const char*
ColorOf(LadderTone tone)
{
    return tone == LadderTone::Bad ? "bad" : tone == LadderTone::Good ? "good" : "soft";
}

CanvasLine
LineOf(bool encrypted, bool dashed)
{
    return encrypted ? (dashed ? CanvasLine::BoldDashed : CanvasLine::Bold)
                     : (dashed ? CanvasLine::Dashed : CanvasLine::Thin);
}

/// Writes the time of something at one of the lifelines.
void
DrawTime(LadderCanvas& canvas, bool atLeft, int y, Instant at)
{
    canvas.Text(atLeft ? LEFT - 12 : RIGHT + 12,
                y + 4,
                SecondsText(at) + " s",
                "soft",
                "t",
                atLeft ? CanvasAnchor::End : CanvasAnchor::Start,
                LEFT - 14);
}

/// Draws the name of a message as a pill: filled if it is encrypted.
int
DrawPill(LadderCanvas& canvas, int x, int y, const LadderStep& step)
{
    const char* color = ExchangeColour(step.exchange);
    const int width = 16 + LadderCanvas::WidthOf(step.label, "p");
    canvas.Box(x, y - 14, width, 19, 9, step.encrypted ? color : "paper", color);
    canvas.Text(
        x + width / 2, y, step.label, step.encrypted ? "on" : color, "p", CanvasAnchor::Middle);
    return width;
}

std::string
Remarks(const LadderStep& step)
{
    std::string remarks = std::to_string(step.octets) + " octets";
    remarks += step.encrypted ? ", encrypted" : ", in clear";
    remarks += step.port == NATT_PORT ? ", port 4500" : "";
    remarks += step.repeated ? ", sent again" : "";
    remarks += step.networkCopy ? ", copy by the network" : "";
    // The arrow shows what is lost.
    return remarks + (step.lost || step.underway ? "" : FateText(step));
}

/// Draws a message that ends on its way: lost, or because the run did.
void
DrawShort(LadderCanvas& canvas, int y, const LadderStep& step)
{
    const int from = step.isLeft ? LEFT : RIGHT;
    const int end = step.isLeft ? LEFT + (RIGHT - LEFT) * 4 / 5 : LEFT + (RIGHT - LEFT) / 5;
    const int endY = y + SLOPE * 4 / 5;
    const char* color = step.lost ? "bad" : ExchangeColour(step.exchange);
    canvas.Line(from, y, end, endY, color, LineOf(step.encrypted, step.lost || step.repeated));
    if (step.lost)
    {
        canvas.Cross(end, endY, color);
    }
    canvas.Text(step.isLeft ? end + 12 : end - 12,
                endY + 4,
                step.lost ? "lost" : "on its way",
                step.lost ? "bad" : "soft",
                "p",
                step.isLeft ? CanvasAnchor::Start : CanvasAnchor::End);
}

void
DrawMessage(LadderCanvas& canvas, int y, const LadderStep& step)
{
    const int textLine = y + 16;
    const int start = y + 26;
    const int pill = DrawPill(canvas, LEFT + 22, textLine, step);
    const std::string remarks = Remarks(step);
    const int payloads = LEFT + 22 + pill + GAP;
    const int end = RIGHT - 22 - LadderCanvas::WidthOf(remarks, "t") - GAP;
    canvas.Text(payloads, textLine, step.payloads, "ink", "m", CanvasAnchor::Start, end - payloads);
    canvas.Text(RIGHT - 22, textLine, remarks, "soft", "t", CanvasAnchor::End);
    DrawTime(canvas, step.isLeft, start, step.at);
    if (step.lost || step.underway)
    {
        DrawShort(canvas, start, step);
        return;
    }
    const char* color = ExchangeColour(step.exchange);
    const int to = step.isLeft ? RIGHT : LEFT;
    canvas.Line(step.isLeft ? LEFT : RIGHT,
                start,
                to,
                start + SLOPE,
                color,
                LineOf(step.encrypted, step.repeated));
    if (step.refused || step.unheard)
    {
        canvas.Cross(to, start + SLOPE, "bad");
    }
    else
    {
        canvas.Head(to, start + SLOPE, step.isLeft, color);
    }
    if (step.arrival)
    {
        DrawTime(canvas, !step.isLeft, start + SLOPE, *step.arrival);
    }
}

/// Marks something at a lifeline: a dot came up, a ring ended, a cross failed.
void
DrawMark(LadderCanvas& canvas, int x, int y, LadderTone tone)
{
    switch (tone)
    {
    case LadderTone::Bad:
        canvas.Cross(x, y, "bad");
        return;
    case LadderTone::Gone:
        canvas.Ring(x, y, "soft");
        return;
    case LadderTone::Good:
    case LadderTone::Plain:
        break;
    }
    canvas.Dot(x, y, ColorOf(tone));
}

void
DrawEvent(LadderCanvas& canvas, int y, const LadderStep& step)
{
    const int x = step.isLeft ? LEFT : RIGHT;
    const int middle = y + EVENT_ROW / 2;
    DrawMark(canvas, x, middle, step.tone);
    canvas.Text(step.isLeft ? x + 14 : x - 14,
                middle + 4,
                step.label,
                ColorOf(step.tone),
                "e",
                step.isLeft ? CanvasAnchor::Start : CanvasAnchor::End,
                RIGHT - LEFT - 28);
    DrawTime(canvas, step.isLeft, middle, step.at);
}

void
DrawHead(LadderCanvas& canvas, int x, int y, const std::string& name, const std::string& address)
{
    // As wide as the margin allows.
    constexpr int BOX = 2 * LEFT - 20;
    constexpr int ROOM = BOX - 16;
    canvas.Box(x - BOX / 2, y, BOX, HEAD - 8, 6, "head", "rule");
    const bool hasAddress = !address.empty() && address != name;
    canvas.Text(x, y + (hasAddress ? 19 : 28), name, "ink", "h", CanvasAnchor::Middle, ROOM);
    if (hasAddress)
    {
        canvas.Text(x, y + 37, address, "soft", "t", CanvasAnchor::Middle, ROOM);
    }
}

void
DrawNote(LadderCanvas& canvas, int y, const std::string& text)
{
    canvas.Text((LEFT + RIGHT) / 2,
                y + GAP_ROW / 2 + 4,
                text,
                "soft",
                "e",
                CanvasAnchor::Middle,
                RIGHT - LEFT);
}

/// Draws all rows that are not folded; returns where the next one would begin.
int
DrawSteps(LadderCanvas& canvas, int y, const Ladder& ladder, const LadderFold& fold)
{
    for (size_t i = 0; i < ladder.steps.size(); i++)
    {
        const LadderStep& step = ladder.steps[i];
        if (fold.Hides(i))
        {
            DrawNote(canvas, y, FoldText(ladder, fold));
            y += GAP_ROW;
            i = fold.end - 1;
            continue;
        }
        if (const std::string wait = WaitText(ladder, i); !wait.empty())
        {
            DrawNote(canvas, y, wait);
            y += GAP_ROW;
        }
        step.isMessage ? DrawMessage(canvas, y, step) : DrawEvent(canvas, y, step);
        y += step.isMessage ? MESSAGE_ROW : EVENT_ROW;
    }
    if (ladder.steps.empty())
    {
        DrawNote(canvas, y, "no message");
        y += GAP_ROW;
    }
    return y;
}

/// Draws a ladder; returns where the next one begins.
int
DrawLadder(LadderCanvas& canvas, int top, const Ladder& ladder, const LadderFold& fold)
{
    LadderCanvas rows;
    const int bottom = DrawSteps(rows, top + HEAD, ladder, fold) + 14;
    for (const int x : {LEFT, RIGHT})
    {
        canvas.Line(x, top + HEAD - 8, x, bottom, "rule", CanvasLine::Thin);
    }
    DrawHead(canvas, LEFT, top, ladder.left, ladder.leftAddress);
    DrawHead(canvas, RIGHT, top, ladder.right, ladder.rightAddress);
    canvas.Append(rows);
    return bottom + 22;
}

/// Explains lines and marks; returns where the first ladder begins.
int
DrawLegend(LadderCanvas& canvas, const std::string& title)
{
    const std::string what = "IKE messages in the order of sending; seconds of simulated time";
    const int room = RIGHT - LEFT + 180 - LadderCanvas::WidthOf(what, "t") - GAP;
    canvas.Text(LEFT - 90, 32, title, "ink", "h", CanvasAnchor::Start, room);
    canvas.Text(RIGHT + 90, 32, what, "soft", "t", CanvasAnchor::End);

    struct Item
    {
        const char* label;
        const char* color;
        CanvasLine line;
    };

    static const Item ITEMS[] = {{"in clear", "soft", CanvasLine::Thin},
                                 {"encrypted", "soft", CanvasLine::Bold},
                                 {"sent again", "soft", CanvasLine::Dashed},
                                 {"lost", "bad", CanvasLine::Dashed}};
    int x = LEFT - 90;
    for (const Item& item : ITEMS)
    {
        canvas.Line(x, 56, x + 40, 56, item.color, item.line);
        canvas.Text(x + 50, 60, item.label, item.color, "t");
        x += 130;
    }
    canvas.Cross(x - 92, 56, "bad");

    static const std::pair<const char*, LadderTone> MARKS[] = {
        {"SA up", LadderTone::Good}, {"SA ended", LadderTone::Gone}, {"failed", LadderTone::Bad}};
    for (const auto& [label, tone] : MARKS)
    {
        DrawMark(canvas, x + 6, 56, tone);
        canvas.Text(x + 18, 60, label, ColorOf(tone), "t");
        x += 100;
    }
    return 84;
}

} // namespace

const char*
ExchangeColour(ExchangeType exchange)
{
    switch (exchange)
    {
    case ExchangeType::MainMode:
    case ExchangeType::AggressiveMode:
        return "main";
    case ExchangeType::QuickMode:
        return "quick";
    case ExchangeType::Informational:
        return "info";
    case ExchangeType::Transaction:
    case ExchangeType::NewGroupMode:
        break;
    }
    return "other";
}

std::string
LadderSvg(const std::vector<Ladder>& ladders, const std::string& title)
{
    LadderCanvas canvas;
    int y = DrawLegend(canvas, title);
    std::string words;
    const std::vector<const Ladder*> shown = ShownLadders(ladders);
    for (const Ladder* ladder : shown)
    {
        const LadderFold fold = FoldLadder(*ladder, MostSteps(shown.size()));
        y = DrawLadder(canvas, y, *ladder, fold);
        words += LadderWords(*ladder, fold);
    }
    const std::string omitted = OmittedLadders(ladders.size() - shown.size());
    if (!omitted.empty())
    {
        DrawNote(canvas, y, omitted);
        y += GAP_ROW;
    }
    return CanvasImage(WIDTH, y, title + ": IKE messages", canvas.Take(), words + omitted);
}

} // namespace ipsec
} // namespace ns3
