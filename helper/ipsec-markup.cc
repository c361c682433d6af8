// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-markup.h"

#include "ipsec-utf8.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace ipsec
{

namespace
{

/// What stands for an octet that no XML may hold.
const char UNKNOWN[] = "&#xfffd;";

} // namespace

std::string
EscapeMarkup(const std::string& text)
{
    std::string out;
    for (size_t i = 0; i < text.size();)
    {
        const size_t length = CharacterLength(text, i);
        switch (length == 0 ? '\0' : text[i])
        {
        case '\0':
            out += UNKNOWN;
            break;
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        default:
            out.append(text, i, length);
        }
        i += length == 0 ? 1 : length;
    }
    return out;
}

namespace
{

/// Most items of a list: pages stay as long as a reader can stand.
constexpr size_t MOST_ITEMS = 200;

/// Opens a cell; the first one of a row is its heading.
std::string
OpenCell(const HtmlCell& cell, const char* tag)
{
    return std::string("<") + tag + (cell.isNumber ? " class=\"n\">" : ">");
}

std::string
Content(const HtmlCell& cell)
{
    return cell.isMarkup ? cell.text : EscapeMarkup(cell.text);
}

/// Lets a wide element scroll by itself, for those who use a keyboard, too.
std::string
Wide(const std::string& name, const std::string& content)
{
    return "<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"" + EscapeMarkup(name) +
           "\">" + content + "</div>\n";
}

} // namespace

HtmlTable::HtmlTable(std::string caption, std::vector<HtmlCell> columns)
    : m_caption(std::move(caption))
    , m_columns(std::move(columns))
{
}

void
HtmlTable::Add(const std::vector<HtmlCell>& cells)
{
    m_rows += "<tr>";
    for (size_t i = 0; i < cells.size(); i++)
    {
        m_rows += OpenCell(cells[i], i == 0 ? "th scope=\"row\"" : "td") + Content(cells[i]) +
                  (i == 0 ? "</th>" : "</td>");
    }
    m_rows += "</tr>\n";
}

void
HtmlTable::SetNote(const std::string& note)
{
    m_note = note;
}

std::string
HtmlTable::ToString() const
{
    if (m_rows.empty())
    {
        return "";
    }
    std::string head;
    for (const HtmlCell& column : m_columns)
    {
        head += OpenCell(column, "th scope=\"col\"") + Content(column) + "</th>";
    }
    const std::string note =
        m_note.empty() ? "" : "<p class=\"meta\">" + EscapeMarkup(m_note) + "</p>\n";
    return Wide(m_caption,
                "<table>\n<caption>" + EscapeMarkup(m_caption) + "</caption>\n<thead><tr>" + head +
                    "</tr></thead>\n<tbody>\n" + m_rows + "</tbody>\n</table>") +
           note;
}

std::string
HtmlSection(const std::string& id, const std::string& title, const std::string& content)
{
    return content.empty() ? ""
                           : "<section aria-labelledby=\"" + id + "\">\n<h2 id=\"" + id + "\">" +
                                 EscapeMarkup(title) + "</h2>\n" + content + "</section>\n";
}

std::string
HtmlList(const std::vector<std::string>& lines)
{
    std::string items;
    const size_t shown = std::min(lines.size(), MOST_ITEMS);
    for (size_t i = 0; i < shown; i++)
    {
        items += "<li>" + EscapeMarkup(lines[i]) + "</li>\n";
    }
    if (shown < lines.size())
    {
        items +=
            "<li>... " + std::to_string(lines.size() - shown) + " more are in results.json</li>\n";
    }
    return items.empty() ? "" : "<ul>\n" + items + "</ul>\n";
}

std::string
HtmlPreformatted(const std::string& name, const std::string& text)
{
    return text.empty() ? "" : Wide(name, "<pre>" + EscapeMarkup(text) + "</pre>");
}

std::string
HtmlDetails(const std::string& summary, const std::string& content, bool isOpen)
{
    return content.empty() ? ""
                           : std::string("<details") + (isOpen ? " open" : "") + "><summary>" +
                                 EscapeMarkup(summary) + "</summary>\n" + content + "</details>\n";
}

} // namespace ipsec
} // namespace ns3
