// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The lines, boxes and words that pictures of a run are made of, as SVG in light and dark colours.
 */
#ifndef IPSEC_LADDER_CANVAS_H
#define IPSEC_LADDER_CANVAS_H

#include <cstdint>
#include <string>

namespace ns3
{
namespace ipsec
{

/// How a line is drawn.
enum class CanvasLine : uint8_t
{
    Thin,
    Bold,
    Dashed,
    BoldDashed,
};

/// Where the words of a text stand from its point.
enum class CanvasAnchor : uint8_t
{
    Start,
    Middle,
    End,
};

/**
 * Writes SVG elements below each other. Colours are classes, which the style of CanvasImage() gives
 * a light and a dark value: "ink", "soft" and "rule" for words and lines, "main", "quick", "info",
 * "other", "good", "bad" for what something is, "paper" and "head" for areas, "on" for words on a
 * filled area.
 */
class LadderCanvas
{
  public:
    void Line(int x1, int y1, int x2, int y2, const std::string& color, CanvasLine line);
    /// @param font "t" (times), "m" (payloads), "p" (names of messages), "e" (events), "h" (heads)
    /// @param room pixels that the text may take: it is set closer, and its end is cut if that does
    /// not suffice; 0 for as much as it needs
    void Text(int x,
              int y,
              const std::string& text,
              const std::string& color,
              const std::string& font,
              CanvasAnchor anchor = CanvasAnchor::Start,
              int room = 0);
    /// Returns about how many pixels a text takes; fonts differ from viewer to viewer.
    static int WidthOf(const std::string& text, const std::string& font);
    /// Draws an area with a border.
    void Box(int x,
             int y,
             int width,
             int height,
             int radius,
             const std::string& fill,
             const std::string& border);
    /// Draws a dot, or a ring.
    void Dot(int x, int y, const std::string& color);
    void Ring(int x, int y, const std::string& color);
    /// Draws a cross.
    void Cross(int x, int y, const std::string& color);
    /// Draws an arrow's head with its tip at (x, y), pointing right or left.
    void Head(int x, int y, bool toRight, const std::string& color);
    /// Adds what another canvas has, on top.
    void Append(LadderCanvas& other);
    std::string Take();

  private:
    void Write(const std::string& element);

    std::string m_text;
};

/// Returns an SVG image of elements that a LadderCanvas wrote. @p title is its accessible name, and
/// @p description says in words what it shows, to those who do not see it.
std::string CanvasImage(int width,
                        int height,
                        const std::string& title,
                        const std::string& elements,
                        const std::string& description = "");

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_LADDER_CANVAS_H
