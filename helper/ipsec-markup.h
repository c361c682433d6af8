// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Text that stands for itself in XML and HTML, and the pieces that pages are made of.
 */
#ifndef IPSEC_MARKUP_H
#define IPSEC_MARKUP_H

#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Writes text so that it stands for itself in XML and HTML.
std::string EscapeMarkup(const std::string& text);

/// One cell of a table.
struct HtmlCell
{
    std::string text;
    /// Stands at the right.
    bool isNumber = false;
    /// The text is HTML already.
    bool isMarkup = false;
};

/// A table with its caption; what has no rows is not written.
class HtmlTable
{
  public:
    /// @param columns the first one names the rows
    HtmlTable(std::string caption, std::vector<HtmlCell> columns);

    void Add(const std::vector<HtmlCell>& cells);
    /// Says below the table what is missing.
    void SetNote(const std::string& note);
    std::string ToString() const;

  private:
    std::string m_caption;
    std::vector<HtmlCell> m_columns;
    std::string m_rows;
    std::string m_note;
};

/// Returns a heading of level 2 that a link can name, and what stands below it; empty if that is.
std::string HtmlSection(const std::string& id,
                        const std::string& title,
                        const std::string& content);

/// Returns a list with an item for each line, of many the first ones; empty without any.
std::string HtmlList(const std::vector<std::string>& lines);

/// Returns lines whose blanks make columns; empty without any.
std::string HtmlPreformatted(const std::string& name, const std::string& text);

/// Returns something that a reader unfolds.
std::string HtmlDetails(const std::string& summary, const std::string& content, bool isOpen);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_MARKUP_H
