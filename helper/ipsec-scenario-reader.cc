// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-reader.h"

#include "ipsec-expectation-settings.h"
#include "ipsec-scenario-check.h"
#include "ipsec-scenario-keys.h"
#include "ipsec-scenario-units.h"

#include <algorithm>
#include <boost/program_options.hpp>
#include <map>
#include <set>
#include <sstream>

namespace ns3
{
namespace ipsec
{

namespace
{

namespace po = boost::program_options;

const char COMMAND_LINE[] = "command line";

/// One section with its row and the keys that may stand in it.
struct KnownSection
{
    const ScenarioSection* row;
    IniSection ini;
    /// Keys as written in the section: "mode", "fw-b.pre-shared-key".
    std::vector<std::string> keys;
};

/// An option of the command line, cut into its parts.
struct Override
{
    /// "kind" or "kind.name".
    std::string section;
    std::string key;
    std::string value;

    std::string
    FullKey() const
    {
        return section + "." + key;
    }
};

/// Options of the command line by their section, "kind" or "kind.name".
using Overrides = std::map<std::string, std::vector<Override>>;

std::string
BaseName(const std::string& path)
{
    const size_t slash = path.find_last_of('/');
    const std::string file = slash == std::string::npos ? path : path.substr(slash + 1);
    const size_t dot = file.find_last_of('.');
    return dot == std::string::npos || dot == 0 ? file : file.substr(0, dot);
}

/// Cuts "kind.key=value", "kind.name.key=value" or "tunnel.name.gateway.key=value".
Override
CutOverride(const std::string& text)
{
    const ScenarioPosition at{COMMAND_LINE, 0};
    const size_t equals = text.find('=');
    const std::string left = text.substr(0, equals);
    const size_t first = left.find('.');
    const std::string kind = left.substr(0, first);
    const ScenarioSection* row = FindScenarioSection(kind);
    if (!row)
    {
        std::vector<std::string> kinds;
        for (const ScenarioSection& section : ScenarioSections())
        {
            kinds.emplace_back(section.kind);
        }
        throw ScenarioError(at,
                            Printable(left),
                            "there is no section '" + Printable(kind) +
                                "'; allowed: " + JoinList(kinds));
    }
    const size_t second = row->named ? left.find('.', first + 1) : first;
    if (first == std::string::npos || second == std::string::npos)
    {
        throw ScenarioError(at,
                            Printable(left),
                            std::string("is not a key; write --") + kind +
                                (row->named ? ".NAME" : "") + ".KEY=VALUE");
    }
    if (equals == std::string::npos || equals + 1 == text.size())
    {
        throw ScenarioError(
            at, Printable(left), "has no value; write --" + Printable(left) + "=VALUE");
    }
    return {left.substr(0, second), left.substr(second + 1), text.substr(equals + 1)};
}

/// Cuts all options and sorts them by section.
Overrides
CutOverrides(const std::vector<std::string>& texts)
{
    Overrides overrides;
    for (const std::string& text : texts)
    {
        const Override next = CutOverride(text);
        std::vector<Override>& section = overrides[next.section];
        if (std::any_of(section.begin(),
                        section.end(),
                        [&](const Override& other) { return other.key == next.key; }))
        {
            throw ScenarioError({COMMAND_LINE, 0}, Printable(next.FullKey()), "is given twice");
        }
        section.push_back(next);
    }
    return overrides;
}

/// Returns the options of one section.
const std::vector<Override>&
OverridesOf(const Overrides& overrides, const IniSection& section)
{
    static const std::vector<Override> NONE;
    const auto found = overrides.find(section.FullName());
    return found == overrides.end() ? NONE : found->second;
}

const ScenarioSection&
RowOf(const IniSection& ini, const std::string& file)
{
    const ScenarioPosition at{file, ini.line};
    const ScenarioSection* row = FindScenarioSection(ini.kind);
    const std::string shown = "[" + ini.kind + (ini.name.empty() ? "" : " " + ini.name) + "]";
    if (!row)
    {
        std::vector<std::string> forms;
        for (const ScenarioSection& section : ScenarioSections())
        {
            forms.push_back(std::string("[") + section.kind + (section.named ? " NAME]" : "]"));
        }
        throw ScenarioError(at, "", shown + " is not known; allowed: " + JoinList(forms));
    }
    if (row->named == ini.name.empty())
    {
        throw ScenarioError(at,
                            "",
                            shown + (row->named ? " needs a name: [" : " takes no name: [") +
                                ini.kind + (row->named ? " NAME]" : "]"));
    }
    return *row;
}

/// Collects the sections of the file, and those that are always there.
std::vector<KnownSection>
KnowSections(const std::vector<IniSection>& inis, const std::string& file)
{
    std::vector<KnownSection> sections;
    for (const ScenarioSection& row : ScenarioSections())
    {
        const bool isWritten = std::any_of(
            inis.begin(), inis.end(), [&](const IniSection& ini) { return ini.kind == row.kind; });
        if (!row.named && !isWritten)
        {
            sections.push_back({&row, {row.kind, "", 0, {}}, row.KeyNames()});
        }
        for (const IniSection& ini : inis)
        {
            if (&RowOf(ini, file) == &row)
            {
                sections.push_back({&row, ini, row.KeyNames()});
            }
        }
    }
    return sections;
}

/// Adds "GATEWAY.KEY" for both ends that a tunnel names.
void
AddEndKeys(KnownSection& section, const Overrides& overrides)
{
    const IniEntry* written = section.ini.Find("between");
    std::string between = written ? written->value : "";
    if (section.row->expand)
    {
        between = std::string(section.row->expandedEnd) + ", " + HUB_END;
    }
    for (const Override& one : OverridesOf(overrides, section.ini))
    {
        if (one.key == "between")
        {
            between = one.value;
        }
    }
    std::set<std::string> ends;
    for (const std::string& end : SplitList(between))
    {
        for (const ScenarioKey& key : section.row->keys)
        {
            if (key.setEnd && ends.count(end) == 0)
            {
                section.keys.push_back(end + "." + key.name);
            }
        }
        ends.insert(end);
    }
}

[[noreturn]] void
RefuseKey(const KnownSection& section, const std::string& key, const ScenarioPosition& at)
{
    std::string allowed = JoinList(section.row->KeyNames());
    if (section.row->Find("any.mode"))
    {
        allowed +=
            section.row->expand
                ? std::string("; for one end ") + section.row->expandedEnd + ".KEY or hub.KEY"
                : "; for one end GATEWAY.KEY with a gateway that between names";
    }
    throw ScenarioError(at, section.ini.Prefix() + key, "is not known; allowed: " + allowed);
}

void
CheckKeys(const std::vector<KnownSection>& sections,
          const Overrides& overrides,
          const std::string& file)
{
    const auto isKnown = [](const KnownSection& section, const std::string& key)
    { return std::find(section.keys.begin(), section.keys.end(), key) != section.keys.end(); };
    std::set<std::string> names;
    for (const KnownSection& section : sections)
    {
        names.insert(section.ini.FullName());
        for (const IniEntry& entry : section.ini.entries)
        {
            if (!isKnown(section, entry.key))
            {
                RefuseKey(section, entry.key, {file, entry.line});
            }
        }
        for (const Override& one : OverridesOf(overrides, section.ini))
        {
            if (!isKnown(section, one.key))
            {
                RefuseKey(section, Printable(one.key), {COMMAND_LINE, 0});
            }
        }
    }
    for (const auto& [name, ofSection] : overrides)
    {
        if (names.count(name) == 0)
        {
            throw ScenarioError({COMMAND_LINE, 0},
                                Printable(ofSection.front().FullKey()),
                                "the scenario has no section for it; sections are added in the "
                                "file only");
        }
    }
}

/// Lets Boost.Program_options merge the command line and the file; what it stores first counts.
/// One section at a time, for it searches its options one after the other.
po::variables_map
Merge(const KnownSection& section, const std::vector<Override>& overrides)
{
    po::options_description description;
    for (const std::string& key : section.keys)
    {
        description.add_options()((section.ini.Prefix() + key).c_str(), po::value<std::string>());
    }
    std::vector<std::string> arguments;
    for (const Override& one : overrides)
    {
        arguments.push_back("--" + one.FullKey() + "=" + one.value);
    }
    const int style =
        po::command_line_style::allow_long | po::command_line_style::long_allow_adjacent;
    po::variables_map merged;
    po::store(po::command_line_parser(arguments).options(description).style(style).run(), merged);
    std::istringstream file(PlainIni(section.ini));
    po::store(po::parse_config_file(file, description), merged);
    po::notify(merged);
    return merged;
}

/// Takes one value over, and turns an objection into a message with its place.
void
Apply(Scenario& scenario,
      const KnownSection& section,
      size_t instance,
      const std::string& key,
      const std::string& value,
      const ScenarioPosition& at)
{
    const ScenarioKey& row = *section.row->Find(key);
    const size_t dot = key.find('.');
    try
    {
        if (dot == std::string::npos && row.set)
        {
            row.set(scenario, instance, value);
            return;
        }
        for (TunnelEndSettings& end : scenario.tunnels[instance].ends)
        {
            if (dot == std::string::npos || end.gateway == key.substr(0, dot))
            {
                row.setEnd(end, value);
            }
        }
    }
    catch (const ScenarioError&)
    {
        throw;
    }
    catch (const std::invalid_argument& e)
    {
        throw ScenarioError(at, section.ini.Prefix() + key, Printable(e.what()));
    }
}

/// Fills one section of the scenario, key by key in the order of the rows.
void
Fill(Scenario& scenario,
     const KnownSection& section,
     size_t instance,
     const po::variables_map& merged,
     const ScenarioPositions& positions,
     const std::string& file)
{
    for (const std::string& key : section.keys)
    {
        const std::string fullKey = section.ini.Prefix() + key;
        const ScenarioKey& row = *section.row->Find(key);
        if (merged.count(fullKey) > 0)
        {
            Apply(scenario,
                  section,
                  instance,
                  key,
                  merged[fullKey].as<std::string>(),
                  positions.at(fullKey));
            continue;
        }
        const bool isOfOneEnd = key.find('.') != std::string::npos;
        if (row.IsRequired())
        {
            throw ScenarioError({file, section.ini.line},
                                fullKey,
                                std::string("is missing; write ") + row.name + " = " + row.value);
        }
        if (!isOfOneEnd && row.fallback[0] != '\0')
        {
            Apply(scenario, section, instance, key, row.fallback, {file, section.ini.line});
        }
    }
}

/// Notes what each key of a section has: what is written, or what counts then.
void
NoteTexts(ScenarioTexts& texts, const KnownSection& section, const po::variables_map& merged)
{
    for (const std::string& key : section.keys)
    {
        const std::string fullKey = section.ini.Prefix() + key;
        const ScenarioKey& row = *section.row->Find(key);
        const size_t dot = key.find('.');
        // What one end has no word of its own for stands before it.
        texts[fullKey] = merged.count(fullKey) > 0 ? merged[fullKey].as<std::string>()
                         : dot != std::string::npos
                             ? texts[section.ini.Prefix() + key.substr(dot + 1)]
                         : row.fallback[0] != '\0' ? row.fallback
                                                   : NOT_SET;
    }
}

ScenarioPositions
Locate(const std::vector<KnownSection>& sections,
       const Overrides& overrides,
       const std::string& file)
{
    ScenarioPositions positions;
    for (const KnownSection& section : sections)
    {
        for (const IniEntry& entry : section.ini.entries)
        {
            positions[section.ini.Prefix() + entry.key] = {file, entry.line};
        }
        for (const Override& one : OverridesOf(overrides, section.ini))
        {
            positions[one.FullKey()] = {COMMAND_LINE, 0};
        }
    }
    return positions;
}

} // namespace

Scenario
ReadScenario(const std::string& path, const std::vector<std::string>& overrides)
{
    return ReadScenarioText(ReadScenarioFile(path), path, overrides);
}

Scenario
ReadScenarioText(const std::string& text,
                 const std::string& file,
                 const std::vector<std::string>& overrides)
{
    const Overrides cut = CutOverrides(overrides);
    std::vector<KnownSection> sections = KnowSections(SplitIni(text, file), file);
    for (KnownSection& section : sections)
    {
        if (section.row->Find("any.mode"))
        {
            AddEndKeys(section, cut);
        }
    }
    CheckKeys(sections, cut, file);
    const ScenarioPositions positions = Locate(sections, cut, file);

    Scenario scenario;
    scenario.name = BaseName(file);
    scenario.position = {file, 0};
    ScenarioTexts texts;
    std::map<const ScenarioSection*, size_t> instances;
    for (const KnownSection& section : sections)
    {
        const po::variables_map merged = Merge(section, OverridesOf(cut, section.ini));
        NoteTexts(texts, section, merged);
        if (section.row->expand)
        {
            Scenario pattern;
            pattern.internet = scenario.internet;
            pattern.personalities = scenario.personalities;
            section.row->add(pattern, section.ini.name, {file, section.ini.line});
            Fill(pattern, section, 0, merged, positions, file);
            section.row->expand(scenario, pattern, positions);
            continue;
        }
        const char* list = section.row->countsWith;
        const size_t instance = instances[list ? FindScenarioSection(list) : section.row]++;
        if (section.row->add)
        {
            section.row->add(scenario, section.ini.name, {file, section.ini.line});
        }
        Fill(scenario, section, instance, merged, positions, file);
    }
    FindSettings(scenario, texts, positions);
    CompleteScenario(scenario, positions);
    return scenario;
}

} // namespace ipsec
} // namespace ns3
