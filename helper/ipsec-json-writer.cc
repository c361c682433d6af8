// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-json-writer.h"

#include "ipsec-utf8.h"

#include <cassert>
#include <cmath>
#include <cstdio>

namespace ns3
{
namespace ipsec
{

namespace
{

std::string
Quoted(const std::string& text)
{
    std::string out = "\"";
    for (size_t i = 0; i < text.size();)
    {
        const size_t length = CharacterLength(text, i);
        const char c = text[i];
        const auto octet = static_cast<unsigned char>(c);
        if (length > 1)
        {
            out.append(text, i, length);
        }
        else if (c == '"' || c == '\\')
        {
            out += '\\';
            out += c;
        }
        else if (octet < 0x20 || octet >= 0x7f)
        {
            // Octets that are no UTF-8 are taken as Latin-1: the document stays valid.
            char escaped[8];
            std::snprintf(escaped, sizeof(escaped), "\\u%04x", octet);
            out += escaped;
        }
        else
        {
            out += c;
        }
        i += length > 1 ? length : 1;
    }
    return out + "\"";
}

} // namespace

void
JsonWriter::NewLine()
{
    m_text += "\n" + std::string(2 * m_levels.size(), ' ');
}

void
JsonWriter::BeforeValue()
{
    if (m_levels.empty())
    {
        assert(m_text.empty());
        return;
    }
    Level& level = m_levels.back();
    assert(level.isObject == m_hasKey);
    if (!level.isObject)
    {
        m_text += level.isEmpty ? "" : ",";
        NewLine();
    }
    level.isEmpty = false;
    m_hasKey = false;
}

JsonWriter&
JsonWriter::Raw(const std::string& text)
{
    BeforeValue();
    m_text += text;
    return *this;
}

JsonWriter&
JsonWriter::Key(const std::string& key)
{
    assert(!m_levels.empty() && m_levels.back().isObject && !m_hasKey);
    m_text += m_levels.back().isEmpty ? "" : ",";
    NewLine();
    m_text += Quoted(key) + ": ";
    m_hasKey = true;
    return *this;
}

JsonWriter&
JsonWriter::BeginObject()
{
    Raw("{");
    m_levels.push_back({true, true});
    return *this;
}

JsonWriter&
JsonWriter::BeginArray()
{
    Raw("[");
    m_levels.push_back({false, true});
    return *this;
}

JsonWriter&
JsonWriter::Close(char bracket)
{
    assert(!m_levels.empty() && !m_hasKey);
    const bool isEmpty = m_levels.back().isEmpty;
    m_levels.pop_back();
    if (!isEmpty)
    {
        NewLine();
    }
    m_text += bracket;
    return *this;
}

JsonWriter&
JsonWriter::EndObject()
{
    assert(!m_levels.empty() && m_levels.back().isObject);
    return Close('}');
}

JsonWriter&
JsonWriter::EndArray()
{
    assert(!m_levels.empty() && !m_levels.back().isObject);
    return Close(']');
}

JsonWriter&
JsonWriter::String(const std::string& value)
{
    return Raw(Quoted(value));
}

JsonWriter&
JsonWriter::Number(uint64_t value)
{
    return Raw(std::to_string(value));
}

JsonWriter&
JsonWriter::Number(double value)
{
    if (!std::isfinite(value))
    {
        return Null();
    }
    char text[352];
    std::snprintf(text, sizeof(text), "%.9f", value);
    std::string number = text;
    number.erase(number.find_last_not_of('0') + 1);
    if (number.back() == '.')
    {
        number += '0';
    }
    return Raw(number);
}

JsonWriter&
JsonWriter::Bool(bool value)
{
    return Raw(value ? "true" : "false");
}

JsonWriter&
JsonWriter::Null()
{
    return Raw("null");
}

std::string
JsonWriter::Take()
{
    assert(m_levels.empty());
    return std::move(m_text) + "\n";
}

} // namespace ipsec
} // namespace ns3
