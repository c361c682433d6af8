// SPDX-License-Identifier: GPL-2.0-only
#include "vector-file.h"

#include <algorithm>
#include <exception>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

const char* const BLANKS = " \t\r";

/// Returns @p text without blanks at its ends.
std::string
Trimmed(const std::string& text)
{
    const size_t first = text.find_first_not_of(BLANKS);
    if (first == std::string::npos)
    {
        return "";
    }
    return text.substr(first, text.find_last_not_of(BLANKS) - first + 1);
}

[[noreturn]] void
Refuse(const std::string& where, const std::string& why)
{
    throw std::runtime_error(where + ": " + why);
}

} // namespace

VectorBlock::VectorBlock(std::string where, size_t line)
    : m_file(std::move(where))
    , m_line(line)
{
}

const std::string&
VectorBlock::Kind() const
{
    return m_attributes.front().name;
}

bool
VectorBlock::Has(const std::string& name) const
{
    return std::any_of(m_attributes.begin(),
                       m_attributes.end(),
                       [&name](const Attribute& a) { return a.name == name; });
}

std::vector<std::string>
VectorBlock::All(const std::string& name) const
{
    std::vector<std::string> values;
    for (const Attribute& attribute : m_attributes)
    {
        if (attribute.name == name)
        {
            attribute.read = true;
            values.push_back(attribute.value);
        }
    }
    return values;
}

std::string
VectorBlock::Text(const std::string& name) const
{
    const std::vector<std::string> values = All(name);
    if (values.size() != 1)
    {
        Refuse(Where(), "has " + std::to_string(values.size()) + " attributes '" + name + "'");
    }
    return values.front();
}

Octets
VectorBlock::Hex(const std::string& name) const
{
    return FromHex(Text(name));
}

uint64_t
VectorBlock::Number(const std::string& name) const
{
    const std::string text = Text(name);
    if (text.empty() || text.find_first_not_of("0123456789") != std::string::npos)
    {
        Refuse(Where(), "'" + name + " = " + text + "' is not a decimal number");
    }
    return std::stoull(text);
}

void
VectorBlock::Skip(const std::string& name) const
{
    (void)All(name);
}

void
VectorBlock::SkipAll() const
{
    for (const Attribute& attribute : m_attributes)
    {
        attribute.read = true;
    }
}

void
VectorBlock::ExpectAllRead() const
{
    for (const Attribute& attribute : m_attributes)
    {
        if (!attribute.read)
        {
            ADD_FAILURE() << Where() << ": attribute '" << attribute.name << "' was never read";
        }
    }
}

std::string
VectorBlock::Where() const
{
    return m_file + ":" + std::to_string(m_line);
}

VectorFile::VectorFile(const std::string& name)
    : m_name(name)
{
    std::ifstream file(std::filesystem::path(IPSEC_TEST_VECTORS) / name);
    std::string line;
    if (!std::getline(file, line) || line.rfind("# ", 0) != 0)
    {
        Refuse(name + ":1", "no such file, or no source on line one");
    }
    m_source = Trimmed(line.substr(2));
    for (size_t number = 2; std::getline(file, line); number++)
    {
        ReadLine(line, number);
    }
    if (m_blocks.empty())
    {
        Refuse(name, "holds nothing");
    }
}

void
VectorFile::ReadLine(const std::string& line, size_t number)
{
    const std::string text = Trimmed(line);
    if (text.empty())
    {
        m_inBlock = false;
        return;
    }
    if (line[0] == '#')
    {
        return;
    }
    const bool continues = std::string(BLANKS).find(line[0]) != std::string::npos;
    if (continues && m_inBlock)
    {
        std::string& value = m_blocks.back().m_attributes.back().value;
        value += value.empty() ? text : " " + text;
        return;
    }
    const size_t equals = line.find('=');
    const std::string name = equals == std::string::npos ? "" : Trimmed(line.substr(0, equals));
    if (continues || name.empty())
    {
        Refuse(m_name + ":" + std::to_string(number), "is not 'Name = value'");
    }
    if (!m_inBlock)
    {
        m_blocks.emplace_back(m_name, number);
        m_inBlock = true;
    }
    m_blocks.back().m_attributes.push_back({name, Trimmed(line.substr(equals + 1))});
}

VectorFile::~VectorFile()
{
    // After an exception the test has failed already, and much is unread because of it.
    if (std::uncaught_exceptions() > 0 || testing::Test::HasFatalFailure() ||
        testing::Test::IsSkipped())
    {
        return;
    }
    for (const VectorBlock& block : m_blocks)
    {
        block.ExpectAllRead();
    }
}

std::vector<const VectorBlock*>
VectorFile::Blocks(const std::string& kind) const
{
    std::vector<const VectorBlock*> blocks;
    for (const VectorBlock& block : m_blocks)
    {
        if (block.Kind() == kind)
        {
            blocks.push_back(&block);
        }
    }
    return blocks;
}

const VectorBlock&
VectorFile::Only(const std::string& kind) const
{
    const std::vector<const VectorBlock*> blocks = Blocks(kind);
    if (blocks.size() != 1)
    {
        Refuse(m_name, "has " + std::to_string(blocks.size()) + " blocks '" + kind + "'");
    }
    return *blocks.front();
}

std::vector<std::string>
VectorFile::List(const std::string& folder)
{
    std::vector<std::string> names;
    const std::filesystem::path path = std::filesystem::path(IPSEC_TEST_VECTORS) / folder;
    for (const std::filesystem::directory_entry& entry : std::filesystem::directory_iterator(path))
    {
        if (entry.path().extension() == ".txt")
        {
            names.push_back(folder + "/" + entry.path().filename().string());
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

void
ForEachVector(const std::string& name, const std::function<void(VectorBlock&)>& check)
{
    VectorFile file(name);
    for (VectorBlock& block : file.Blocks())
    {
        const testing::ScopedTrace trace(__FILE__, __LINE__, block.Where());
        check(block);
    }
}

} // namespace ipsec
} // namespace ns3
