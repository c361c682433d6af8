// SPDX-License-Identifier: GPL-2.0-only
#include "reference-tables.h"

#include "ns3/nstime.h"
#include "ns3/pointer.h"

#include <algorithm>
#include <sstream>

namespace ns3
{
namespace ipsec
{

namespace
{

/// A table in the form of reStructuredText.
class Table
{
  public:
    Table(const std::string& title, const std::string& widths, const std::vector<std::string>& head)
    {
        m_text << ".. list-table:: ``" << title << "``\n   :header-rows: 1\n   :widths: " << widths
               << "\n\n";
        Row(head);
    }

    void
    Row(const std::vector<std::string>& cells)
    {
        for (size_t i = 0; i < cells.size(); ++i)
        {
            m_text << (i == 0 ? "   * - " : "     - ") << cells[i] << "\n";
        }
    }

    std::string
    Text() const
    {
        return m_text.str() + "\n";
    }

  private:
    std::ostringstream m_text;
};

/// Writes text so that none of it is markup.
std::string
Escaped(const std::string& text)
{
    std::string escaped;
    for (const char letter : text)
    {
        const bool isMarkup = std::string("\\*`|_").find(letter) != std::string::npos;
        escaped += isMarkup ? std::string("\\") + letter : std::string(1, letter);
    }
    return escaped;
}

std::string
Literal(const std::string& text)
{
    return "``" + text + "``";
}

/// Writes a default the same in every version of ns-3.
std::string
DefaultText(const TypeId::AttributeInformation& attribute)
{
    if (const auto* time = dynamic_cast<const TimeValue*>(PeekPointer(attribute.initialValue)))
    {
        std::ostringstream text;
        text << time->Get().GetSeconds() << "s";
        return Literal(text.str());
    }
    if (dynamic_cast<const PointerValue*>(PeekPointer(attribute.initialValue)))
    {
        return "none";
    }
    const std::string text = attribute.initialValue->SerializeToString(attribute.checker);
    return text.empty() ? "empty" : Literal(text);
}

} // namespace

std::vector<TypeId>
OwnTypes()
{
    std::vector<TypeId> types;
    for (uint16_t i = 0; i < TypeId::GetRegisteredN(); ++i)
    {
        const TypeId type = TypeId::GetRegistered(i);
        if (type.GetName().rfind("ns3::ipsec::", 0) == 0)
        {
            types.push_back(type);
        }
    }
    std::sort(
        types.begin(), types.end(), [](TypeId a, TypeId b) { return a.GetName() < b.GetName(); });
    return types;
}

std::string
AttributeTables()
{
    std::string text;
    for (const TypeId& type : OwnTypes())
    {
        Table table(type.GetName(), "25 20 55", {"Attribute", "Default", "Meaning"});
        for (size_t i = 0; i < type.GetAttributeN(); ++i)
        {
            const TypeId::AttributeInformation attribute = type.GetAttribute(i);
            table.Row({Literal(attribute.name), DefaultText(attribute), Escaped(attribute.help)});
        }
        text += type.GetAttributeN() > 0 ? table.Text() : "";
    }
    return text;
}

std::string
TraceTables()
{
    std::string text;
    for (const TypeId& type : OwnTypes())
    {
        Table table(type.GetName(), "20 40 40", {"Trace source", "Signature", "Meaning"});
        for (size_t i = 0; i < type.GetTraceSourceN(); ++i)
        {
            const TypeId::TraceSourceInformation source = type.GetTraceSource(i);
            table.Row({Literal(source.name), Literal(source.callback), Escaped(source.help)});
        }
        text += type.GetTraceSourceN() > 0 ? table.Text() : "";
    }
    return text;
}

} // namespace ipsec
} // namespace ns3
