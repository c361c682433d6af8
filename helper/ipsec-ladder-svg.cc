// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-ladder.h"
#include "ipsec-report-files.h"

#include <algorithm>
#include <cstdio>

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
constexpr int LEGEND = 40;
/// Waits longer than this are written between two rows.
constexpr Duration LONG_WAIT = std::chrono::seconds(1);
/// Most rows that are drawn of one ladder; a browser slows down far above.
constexpr size_t MAX_STEPS = 500;

const char BAD_COLOR[] = "#b3261e";
const char GOOD_COLOR[] = "#1a7f4b";
const char PLAIN_COLOR[] = "#51606f";

const char*
ColorOf(ExchangeType exchange)
{
    switch (exchange)
    {
    case ExchangeType::MainMode:
    case ExchangeType::AggressiveMode:
        return "#1f5fa8";
    case ExchangeType::QuickMode:
        return "#1a7f4b";
    case ExchangeType::Informational:
        return "#9a5b00";
    case ExchangeType::Transaction:
    case ExchangeType::NewGroupMode:
        break;
    }
    return "#6b4ea0";
}

const char*
ColorOf(LadderTone tone)
{
    return tone == LadderTone::Bad    ? BAD_COLOR
           : tone == LadderTone::Good ? GOOD_COLOR
                                      : PLAIN_COLOR;
}

/// Writes SVG elements below each other.
class Canvas
{
  public:
    void
    Line(int x1, int y1, int x2, int y2, const std::string& style)
    {
        Write("<line x1=\"" + std::to_string(x1) + "\" y1=\"" + std::to_string(y1) + "\" x2=\"" +
              std::to_string(x2) + "\" y2=\"" + std::to_string(y2) + "\" " + style + "/>");
    }

    void
    Text(int x, int y, const std::string& text, const std::string& style)
    {
        Write("<text x=\"" + std::to_string(x) + "\" y=\"" + std::to_string(y) + "\" " + style +
              ">" + EscapeMarkup(text) + "</text>");
    }

    void
    Box(int x, int y, int width, int height, const std::string& style)
    {
        Write("<rect x=\"" + std::to_string(x) + "\" y=\"" + std::to_string(y) + "\" width=\"" +
              std::to_string(width) + "\" height=\"" + std::to_string(height) + "\" " + style +
              "/>");
    }

    void
    Dot(int x, int y, const char* color)
    {
        Write("<circle cx=\"" + std::to_string(x) + "\" cy=\"" + std::to_string(y) +
              "\" r=\"4.5\" fill=\"" + color + "\"/>");
    }

    /// Draws an arrow's head with its tip at (x, y), pointing right or left.
    void
    Head(int x, int y, bool toRight, const char* color)
    {
        const int back = toRight ? x - 10 : x + 10;
        Write("<polygon points=\"" + std::to_string(x) + "," + std::to_string(y) + " " +
              std::to_string(back) + "," + std::to_string(y - 5) + " " + std::to_string(back) +
              "," + std::to_string(y + 5) + "\" fill=\"" + color + "\"/>");
    }

    std::string
    Take()
    {
        return std::move(m_text);
    }

  private:
    void
    Write(const std::string& element)
    {
        m_text += element + "\n";
    }

    std::string m_text;
};

std::string
Stroke(const char* color, bool bold, bool dashed = false)
{
    return std::string("stroke=\"") + color + "\" stroke-width=\"" + (bold ? "2.6" : "1.4") + "\"" +
           (dashed ? " stroke-dasharray=\"6 4\"" : "");
}

std::string
Fill(const char* color, const char* rest = "")
{
    return std::string("fill=\"") + color + "\" " + rest;
}

/// Writes the time of something at one of the lifelines.
void
DrawTime(Canvas& canvas, bool atLeft, int y, Instant at)
{
    canvas.Text(atLeft ? LEFT - 12 : RIGHT + 12,
                y + 4,
                SecondsText(at) + " s",
                Fill(PLAIN_COLOR, atLeft ? "class=\"t\" text-anchor=\"end\"" : "class=\"t\""));
}

/// Draws the name of a message as a pill: filled if it is encrypted.
int
DrawPill(Canvas& canvas, int x, int y, const LadderStep& step)
{
    const char* color = ColorOf(step.exchange);
    const int width = 16 + 7 * static_cast<int>(step.label.size());
    canvas.Box(x,
               y - 14,
               width,
               19,
               std::string("rx=\"9.5\" stroke=\"") + color + "\" fill=\"" +
                   (step.encrypted ? color : "#ffffff") + "\"");
    canvas.Text(x + width / 2,
                y,
                step.label,
                Fill(step.encrypted ? "#ffffff" : color, "class=\"p\" text-anchor=\"middle\""));
    return width;
}

std::string
Remarks(const LadderStep& step)
{
    std::string remarks = std::to_string(step.octets) + " B";
    remarks += step.encrypted ? ", encrypted" : "";
    remarks += step.port == NATT_PORT ? ", port 4500" : "";
    remarks += step.repeated ? ", sent again" : "";
    remarks += step.networkCopy ? ", copy by the network" : "";
    return remarks;
}

void
DrawMessage(Canvas& canvas, int y, const LadderStep& step)
{
    const char* color = step.lost ? BAD_COLOR : ColorOf(step.exchange);
    const int textLine = y + 16;
    const int start = y + 26;
    const int from = step.isLeft ? LEFT : RIGHT;
    const int to = step.isLeft ? RIGHT : LEFT;
    const int pill = DrawPill(canvas, LEFT + 22, textLine, step);
    canvas.Text(LEFT + 22 + pill + 10, textLine, step.payloads, Fill("#1c2733", "class=\"m\""));
    canvas.Text(
        RIGHT - 22, textLine, Remarks(step), Fill(PLAIN_COLOR, "class=\"t\" text-anchor=\"end\""));
    DrawTime(canvas, step.isLeft, start, step.at);
    if (step.lost)
    {
        const int end = from + (to - from) * 4 / 5;
        canvas.Line(from, start, end, start + SLOPE * 4 / 5, Stroke(color, step.encrypted, true));
        canvas.Text(
            end,
            start + SLOPE * 4 / 5 + 5,
            "X lost",
            Fill(BAD_COLOR, step.isLeft ? "class=\"p\"" : "class=\"p\" text-anchor=\"end\""));
        return;
    }
    canvas.Line(from, start, to, start + SLOPE, Stroke(color, step.encrypted, step.repeated));
    canvas.Head(to, start + SLOPE, step.isLeft, color);
    if (step.arrival)
    {
        DrawTime(canvas, !step.isLeft, start + SLOPE, *step.arrival);
    }
}

void
DrawEvent(Canvas& canvas, int y, const LadderStep& step)
{
    const int x = step.isLeft ? LEFT : RIGHT;
    const int middle = y + EVENT_ROW / 2;
    canvas.Dot(x, middle, ColorOf(step.tone));
    canvas.Text(
        step.isLeft ? x + 14 : x - 14,
        middle + 4,
        step.label,
        Fill(ColorOf(step.tone), step.isLeft ? "class=\"e\"" : "class=\"e\" text-anchor=\"end\""));
    DrawTime(canvas, step.isLeft, middle, step.at);
}

void
DrawHead(Canvas& canvas, int x, int y, const std::string& name, const std::string& address)
{
    constexpr int BOX = 180;
    canvas.Box(x - BOX / 2, y, BOX, HEAD - 8, "rx=\"6\" fill=\"#eef2f6\" stroke=\"#b8c4d0\"");
    const bool hasAddress = !address.empty() && address != name;
    canvas.Text(
        x, y + (hasAddress ? 19 : 28), name, Fill("#1c2733", "class=\"h\" text-anchor=\"middle\""));
    if (hasAddress)
    {
        canvas.Text(x, y + 37, address, Fill(PLAIN_COLOR, "class=\"t\" text-anchor=\"middle\""));
    }
}

/// Returns whether a row is set off by the time that passed before it.
bool
IsAfterWait(const Ladder& ladder, size_t i)
{
    return i > 0 && ladder.steps[i].at - ladder.steps[i - 1].at > LONG_WAIT;
}

size_t
ShownSteps(const Ladder& ladder)
{
    return std::min(ladder.steps.size(), MAX_STEPS);
}

int
HeightOf(const Ladder& ladder)
{
    int height = HEAD + 30;
    for (size_t i = 0; i < ShownSteps(ladder); i++)
    {
        height += IsAfterWait(ladder, i) ? GAP_ROW : 0;
        height += ladder.steps[i].isMessage ? MESSAGE_ROW : EVENT_ROW;
    }
    return height + (ShownSteps(ladder) < ladder.steps.size() ? GAP_ROW : 0);
}

void
DrawNote(Canvas& canvas, int y, const std::string& text)
{
    canvas.Text((LEFT + RIGHT) / 2,
                y + GAP_ROW / 2 + 4,
                text,
                Fill(PLAIN_COLOR, "class=\"t\" text-anchor=\"middle\""));
}

void
DrawLadder(Canvas& canvas, int top, const Ladder& ladder)
{
    const int bottom = top + HeightOf(ladder) - 14;
    canvas.Line(LEFT, top + HEAD - 8, LEFT, bottom, Stroke("#b8c4d0", false));
    canvas.Line(RIGHT, top + HEAD - 8, RIGHT, bottom, Stroke("#b8c4d0", false));
    DrawHead(canvas, LEFT, top, ladder.left, ladder.leftAddress);
    DrawHead(canvas, RIGHT, top, ladder.right, ladder.rightAddress);
    int y = top + HEAD;
    for (size_t i = 0; i < ShownSteps(ladder); i++)
    {
        const LadderStep& step = ladder.steps[i];
        if (IsAfterWait(ladder, i))
        {
            const Instant wait(step.at - ladder.steps[i - 1].at);
            DrawNote(canvas, y, SecondsText(wait, 1) + " s later");
            y += GAP_ROW;
        }
        if (step.isMessage)
        {
            DrawMessage(canvas, y, step);
            y += MESSAGE_ROW;
            continue;
        }
        DrawEvent(canvas, y, step);
        y += EVENT_ROW;
    }
    if (ShownSteps(ladder) < ladder.steps.size())
    {
        DrawNote(canvas, y, std::to_string(ladder.steps.size() - MAX_STEPS) + " more");
    }
}

void
DrawLegend(Canvas& canvas, int y)
{
    struct Item
    {
        const char* label;
        bool bold;
        bool dashed;
        const char* color;
    };

    static const Item ITEMS[] = {{"in clear", false, false, PLAIN_COLOR},
                                 {"encrypted", true, false, PLAIN_COLOR},
                                 {"sent again", false, true, PLAIN_COLOR},
                                 {"lost", false, true, BAD_COLOR}};
    int x = LEFT;
    for (const Item& item : ITEMS)
    {
        canvas.Line(x, y, x + 40, y, Stroke(item.color, item.bold, item.dashed));
        canvas.Text(x + 48, y + 4, item.label, Fill(PLAIN_COLOR, "class=\"t\""));
        x += 150;
    }
}

} // namespace

std::string
LadderSvg(const std::vector<Ladder>& ladders, const std::string& title)
{
    int height = 16 + LEGEND;
    Canvas canvas;
    int y = 16;
    for (const Ladder& ladder : ladders)
    {
        DrawLadder(canvas, y, ladder);
        y += HeightOf(ladder);
        height += HeightOf(ladder);
    }
    DrawLegend(canvas, y + 14);
    const std::string size = std::to_string(WIDTH) + " " + std::to_string(height);
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + size + "\" width=\"" +
           std::to_string(WIDTH) + "\" height=\"" + std::to_string(height) +
           "\" font-family=\"system-ui, 'DejaVu Sans', Arial, sans-serif\">\n<title>" +
           EscapeMarkup(title) +
           "</title>\n<style>.h{font-size:15px;font-weight:600}.t{font-size:11.5px}"
           ".p{font-size:12px;font-weight:600}.e{font-size:12.5px}"
           ".m{font-size:12.5px;font-family:'DejaVu Sans Mono',Menlo,Consolas,monospace}"
           "</style>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n" +
           canvas.Take() + "</svg>\n";
}

} // namespace ipsec
} // namespace ns3
