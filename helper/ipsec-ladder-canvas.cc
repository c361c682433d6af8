// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-ladder-canvas.h"

#include "ipsec-markup.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace ipsec
{

namespace
{

/// "c" is for what takes its colour from currentColor; every pair of colours that words are made of
/// has a contrast of 4.5 and more.
const char STYLE[] =
    ".canvas{font-family:system-ui,'DejaVu Sans',Arial,sans-serif}"
    ".canvas .h{font-size:15px;font-weight:600}.canvas .t{font-size:11.5px}"
    ".canvas .p{font-size:12px;font-weight:600}.canvas .e{font-size:12.5px}"
    ".canvas .m{font-size:12.5px;font-family:'DejaVu Sans Mono',Menlo,Consolas,monospace}"
    ".canvas .paper{color:#ffffff}.canvas .head{color:#eef2f6}.canvas .on{color:#ffffff}"
    ".canvas .ink{color:#1c2733}.canvas .soft{color:#51606f}.canvas .rule{color:#a9b6c3}"
    ".canvas .main{color:#1f5fa8}.canvas .quick,.canvas .good{color:#1a7545}"
    ".canvas .info{color:#8a5200}.canvas .other{color:#6b4ea0}.canvas .bad{color:#b3261e}"
    "@media (prefers-color-scheme:dark){"
    ".canvas .paper{color:#12181f}.canvas .head{color:#212b36}.canvas .on{color:#12181f}"
    ".canvas .ink{color:#e4eaf0}.canvas .soft{color:#a5b4c3}.canvas .rule{color:#526273}"
    ".canvas .main{color:#7db4f0}.canvas .quick,.canvas .good{color:#5fc492}"
    ".canvas .info{color:#e0a84a}.canvas .other{color:#bda6ec}.canvas .bad{color:#ff8a80}}";

std::string
Number(const char* name, int value)
{
    return std::string(" ") + name + "=\"" + std::to_string(value) + "\"";
}

std::string
Class(const std::string& name)
{
    return " class=\"" + name + "\"";
}

const char*
LineStyle(CanvasLine line)
{
    switch (line)
    {
    case CanvasLine::Thin:
        break;
    case CanvasLine::Bold:
        return " stroke-width=\"2.8\"";
    case CanvasLine::Dashed:
        return " stroke-width=\"1.4\" stroke-dasharray=\"6 4\"";
    case CanvasLine::BoldDashed:
        return " stroke-width=\"2.8\" stroke-dasharray=\"8 5\"";
    }
    return " stroke-width=\"1.4\"";
}

/// Returns about how wide a character of a font is, in tenths of a pixel (DejaVu, which is wide).
int
TenthsOf(const std::string& font)
{
    return font == "h" ? 104 : font == "p" ? 83 : font == "e" ? 75 : font == "m" ? 76 : 70;
}

/// How much wider than its room a text may be, in percent: it is set closer then.
constexpr int CLOSEST = 120;

/// Cuts the end of a text off, not inside of a character.
std::string
Cut(std::string text, const std::string& font, int room)
{
    if (LadderCanvas::WidthOf(text, font) <= room)
    {
        return text;
    }
    while (!text.empty() && LadderCanvas::WidthOf(text + "...", font) > room)
    {
        while (text.size() > 1 && (static_cast<unsigned char>(text.back()) & 0xc0) == 0x80)
        {
            text.pop_back();
        }
        text.pop_back();
    }
    return text + "...";
}

const char*
AnchorStyle(CanvasAnchor anchor)
{
    switch (anchor)
    {
    case CanvasAnchor::Start:
        break;
    case CanvasAnchor::Middle:
        return " text-anchor=\"middle\"";
    case CanvasAnchor::End:
        return " text-anchor=\"end\"";
    }
    return "";
}

} // namespace

void
LadderCanvas::Line(int x1, int y1, int x2, int y2, const std::string& color, CanvasLine line)
{
    Write("<line" + Class(color) + Number("x1", x1) + Number("y1", y1) + Number("x2", x2) +
          Number("y2", y2) + " stroke=\"currentColor\"" + LineStyle(line) + "/>");
}

void
LadderCanvas::Text(int x,
                   int y,
                   const std::string& text,
                   const std::string& color,
                   const std::string& font,
                   CanvasAnchor anchor,
                   int room)
{
    const bool isTight = room > 0 && WidthOf(text, font) > room;
    const std::string shown = isTight ? Cut(text, font, room * CLOSEST / 100) : text;
    // Whatever the viewer's font is: no wider than the room.
    const std::string length = isTight
                                   ? Number("textLength", std::min(room, WidthOf(shown, font))) +
                                         " lengthAdjust=\"spacingAndGlyphs\""
                                   : "";
    Write("<text" + Class(font + " " + color) + Number("x", x) + Number("y", y) +
          AnchorStyle(anchor) + length + " fill=\"currentColor\">" + EscapeMarkup(shown) +
          "</text>");
}

int
LadderCanvas::WidthOf(const std::string& text, const std::string& font)
{
    const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; };
    const auto characters = static_cast<int>(
        text.size() - static_cast<size_t>(std::count_if(text.begin(), text.end(), continues)));
    return characters * TenthsOf(font) / 10;
}

void
LadderCanvas::Box(int x,
                  int y,
                  int width,
                  int height,
                  int radius,
                  const std::string& fill,
                  const std::string& border)
{
    const std::string place = Number("x", x) + Number("y", y) + Number("width", width) +
                              Number("height", height) + Number("rx", radius);
    Write("<rect" + Class(fill) + place + " fill=\"currentColor\"/>");
    if (fill != border)
    {
        Write("<rect" + Class(border) + place + " fill=\"none\" stroke=\"currentColor\"/>");
    }
}

void
LadderCanvas::Dot(int x, int y, const std::string& color)
{
    Write("<circle" + Class(color) + Number("cx", x) + Number("cy", y) +
          " r=\"4.5\" fill=\"currentColor\"/>");
}

void
LadderCanvas::Ring(int x, int y, const std::string& color)
{
    Write("<circle" + Class("paper") + Number("cx", x) + Number("cy", y) +
          " r=\"4.5\" fill=\"currentColor\"/>");
    Write("<circle" + Class(color) + Number("cx", x) + Number("cy", y) +
          " r=\"4.5\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2\"/>");
}

void
LadderCanvas::Cross(int x, int y, const std::string& color)
{
    Line(x - 5, y - 5, x + 5, y + 5, color, CanvasLine::Bold);
    Line(x - 5, y + 5, x + 5, y - 5, color, CanvasLine::Bold);
}

void
LadderCanvas::Head(int x, int y, bool toRight, const std::string& color)
{
    const int back = toRight ? x - 10 : x + 10;
    Write("<polygon" + Class(color) + " points=\"" + std::to_string(x) + "," + std::to_string(y) +
          " " + std::to_string(back) + "," + std::to_string(y - 5) + " " + std::to_string(back) +
          "," + std::to_string(y + 5) + "\" fill=\"currentColor\"/>");
}

void
LadderCanvas::Append(LadderCanvas& other)
{
    m_text += other.Take();
}

std::string
LadderCanvas::Take()
{
    return std::exchange(m_text, {});
}

void
LadderCanvas::Write(const std::string& element)
{
    m_text += element + "\n";
}

std::string
CanvasImage(int width,
            int height,
            const std::string& title,
            const std::string& elements,
            const std::string& description)
{
    const std::string name = EscapeMarkup(title);
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + std::to_string(width) +
           " " + std::to_string(height) + "\"" + Number("width", width) + Number("height", height) +
           " class=\"canvas\" role=\"img\" aria-label=\"" + name + "\">\n<title>" + name +
           "</title>\n" +
           (description.empty() ? "" : "<desc>" + EscapeMarkup(description) + "</desc>\n") +
           "<style>" + STYLE + "</style>\n" +
           "<rect class=\"paper\" width=\"100%\" height=\"100%\" fill=\"currentColor\"/>\n" +
           elements + "</svg>\n";
}

} // namespace ipsec
} // namespace ns3
