// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-ini.h"

#include "ipsec-scenario-units.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <sstream>
#include <sys/stat.h>

namespace ns3
{
namespace ipsec
{

namespace
{

/// What some editors put at the start of a file in UTF-8.
const char UTF8_MARK[] = "\xef\xbb\xbf";

/// Refuses what no text holds: a file that is binary, in UTF-16, or has CR alone as line ends.
void
CheckCharacters(const std::string& line, const ScenarioPosition& at)
{
    for (const char c : line)
    {
        const auto octet = static_cast<uint8_t>(c);
        if ((octet < 0x20 && c != '\t') || octet == 0x7f)
        {
            throw ScenarioError(at,
                                "",
                                "holds the control character 0x" + ToHex(Octets{octet}) +
                                    "; allowed: text in lines that end in LF or CR LF");
        }
    }
}

std::string
WithoutComment(const std::string& line)
{
    for (size_t i = 0; i < line.size(); i++)
    {
        const bool mayStart = i == 0 || line[i - 1] == ' ' || line[i - 1] == '\t';
        if (mayStart && (line[i] == ';' || line[i] == '#'))
        {
            return line.substr(0, i);
        }
    }
    return line;
}

IniSection
ParseHeader(const std::string& line, const ScenarioPosition& at)
{
    static const char FORM[] = "a section is written [KIND] or [KIND NAME]";
    if (line.back() != ']')
    {
        throw ScenarioError(at, "", "'" + Printable(line) + "' has no closing bracket; " + FORM);
    }
    const std::vector<std::string> words = SplitWords(line.substr(1, line.size() - 2));
    if (words.empty() || words.size() > 2)
    {
        throw ScenarioError(at, "", "'" + Printable(line) + "' is not a section; " + FORM);
    }
    IniSection section;
    section.line = at.line;
    try
    {
        section.kind = ParseName(words[0]);
        section.name = words.size() == 2 ? ParseName(words[1]) : "";
    }
    catch (const std::invalid_argument& e)
    {
        throw ScenarioError(at, "", e.what());
    }
    return section;
}

/// Tells whether a key is one name, or a gateway's name and one name joined by a dot.
bool
IsKey(const std::string& key)
{
    static const char ALLOWED[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    return !key.empty() && key.find_first_not_of(ALLOWED) == std::string::npos &&
           std::count(key.begin(), key.end(), '.') <= 1 && key.front() != '.' && key.back() != '.';
}

void
AddEntry(IniSection& section, const std::string& line, const ScenarioPosition& at)
{
    const size_t equals = line.find('=');
    const std::string key = Trim(line.substr(0, equals));
    if (equals == std::string::npos || !IsKey(key))
    {
        throw ScenarioError(
            at, "", "'" + Printable(line) + "' is neither [SECTION] nor KEY = VALUE");
    }
    const std::string value = Trim(line.substr(equals + 1));
    const std::string fullKey = section.Prefix() + key;
    if (value.empty())
    {
        throw ScenarioError(at, fullKey, "has no value; write one, or leave the line out");
    }
    if (value.find('#') != std::string::npos)
    {
        throw ScenarioError(at,
                            fullKey,
                            "has a '#' inside its value, where a comment cannot start; put a blank "
                            "before it, or write a key in hexadecimal as 0x...");
    }
    if (const IniEntry* first = section.Find(key))
    {
        throw ScenarioError(at,
                            fullKey,
                            "is set a second time; the first is in line " +
                                std::to_string(first->line));
    }
    section.entries.push_back({key, value, at.line});
}

} // namespace

ScenarioError::ScenarioError(const ScenarioPosition& position,
                             const std::string& key,
                             const std::string& reason)
    : std::invalid_argument(Printable(position.ToString()) + ": " +
                            (key.empty() ? "" : key + ": ") + reason)
{
}

std::string
IniSection::FullName() const
{
    return name.empty() ? kind : kind + "." + name;
}

std::string
IniSection::Prefix() const
{
    return FullName() + ".";
}

const IniEntry*
IniSection::Find(const std::string& key) const
{
    const auto found = std::find_if(
        entries.begin(), entries.end(), [&](const IniEntry& entry) { return entry.key == key; });
    return found == entries.end() ? nullptr : &*found;
}

std::string
ReadScenarioFile(const std::string& path)
{
    const ScenarioPosition at{path, 0};
    struct stat status
    {
    };
    if (stat(path.c_str(), &status) != 0)
    {
        throw ScenarioError(at, "", std::string("cannot be read: ") + std::strerror(errno));
    }
    if (S_ISDIR(status.st_mode))
    {
        throw ScenarioError(at, "", "cannot be read: it is a folder; give a file");
    }
    std::ifstream file(path, std::ios::binary);
    std::string text(MAX_SCENARIO_OCTETS + 1, '\0');
    if (!file)
    {
        throw ScenarioError(at, "", std::string("cannot be read: ") + std::strerror(errno));
    }
    file.read(&text[0], static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<size_t>(file.gcount()));
    if (text.size() > MAX_SCENARIO_OCTETS)
    {
        throw ScenarioError(at, "", "is larger than a scenario may be; allowed: 1 MiB");
    }
    return text;
}

std::vector<IniSection>
SplitIni(const std::string& text, const std::string& file)
{
    std::vector<IniSection> sections;
    std::map<std::string, uint32_t> linesOfSections;
    const size_t start = text.rfind(UTF8_MARK, 0) == 0 ? std::strlen(UTF8_MARK) : 0;
    std::istringstream lines(text.substr(start));
    std::string raw;
    for (uint32_t number = 1; std::getline(lines, raw); number++)
    {
        const ScenarioPosition at{file, number};
        if (!raw.empty() && raw.back() == '\r')
        {
            raw.pop_back();
        }
        CheckCharacters(raw, at);
        const std::string line = Trim(WithoutComment(raw));
        if (line.empty())
        {
            continue;
        }
        if (line.front() != '[')
        {
            if (sections.empty())
            {
                throw ScenarioError(
                    at, "", "'" + Printable(line) + "' stands before any [SECTION]");
            }
            AddEntry(sections.back(), line, at);
            continue;
        }
        const IniSection section = ParseHeader(line, at);
        const auto [first, isNew] = linesOfSections.emplace(section.FullName(), number);
        if (!isNew)
        {
            throw ScenarioError(at,
                                "",
                                line + " is there a second time; the first is in line " +
                                    std::to_string(first->second));
        }
        sections.push_back(section);
    }
    return sections;
}

std::string
PlainIni(const IniSection& section)
{
    std::string out = "[" + section.FullName() + "]\n";
    for (const IniEntry& entry : section.entries)
    {
        out += entry.key + "=" + entry.value + "\n";
    }
    return out;
}

} // namespace ipsec
} // namespace ns3
