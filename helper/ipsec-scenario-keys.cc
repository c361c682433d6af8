// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-keys.h"

#include "ipsec-scenario-rows.h"

#include <algorithm>
#include <cstring>
#include <map>

namespace ns3
{
namespace ipsec
{

bool
ScenarioKey::IsRequired() const
{
    return std::strcmp(fallback, REQUIRED_KEY) == 0;
}

const ScenarioKey*
ScenarioSection::Find(const std::string& key) const
{
    const size_t dot = key.find('.');
    const std::string last = dot == std::string::npos ? key : key.substr(dot + 1);
    const auto found = std::find_if(keys.begin(),
                                    keys.end(),
                                    [&](const ScenarioKey& row) {
                                        return last == row.name &&
                                               (dot == std::string::npos || row.setEnd != nullptr);
                                    });
    return found == keys.end() ? nullptr : &*found;
}

std::vector<std::string>
ScenarioSection::KeyNames() const
{
    std::vector<std::string> names;
    for (const ScenarioKey& key : keys)
    {
        names.emplace_back(key.name);
    }
    return names;
}

std::vector<ScenarioKey>
OnlyWith(TunnelKeying keying, std::vector<ScenarioKey> keys)
{
    for (ScenarioKey& key : keys)
    {
        key.only = keying;
    }
    return keys;
}

const std::vector<ScenarioSection>&
ScenarioSections()
{
    static const std::vector<ScenarioSection> SECTIONS{
        SimulationSection(), InternetSection(),    OutputSection(),   AuthoritySection(),
        CpuSection(),        PersonalitySection(), NatSection(),      GatewaySection(),
        ClientSection(),     PoolSection(),        HostSection(),     TunnelSection(),
        BranchesSection(),   ClientsSection(),     PolicySection(),   RouteSection(),
        EventSection(),      OverlaySection(),     AttackerSection(), FloodSection(),
        TrafficSection(),    ExpectSection()};
    return SECTIONS;
}

const ScenarioSection*
FindScenarioSection(const std::string& kind)
{
    const std::vector<ScenarioSection>& sections = ScenarioSections();
    const auto found =
        std::find_if(sections.begin(),
                     sections.end(),
                     [&](const ScenarioSection& section) { return kind == section.kind; });
    return found == sections.end() ? nullptr : &*found;
}

namespace
{

/// Names the keys that other sections describe.
std::string
OtherKeysHelp(const ScenarioSection& section)
{
    std::map<std::string, std::string> names;
    for (const ScenarioKey& key : section.keys)
    {
        if (key.from != nullptr)
        {
            std::string& list = names[key.from];
            list += (list.empty() ? "" : ", ") + std::string(key.name) + (key.setEnd ? "*" : "");
        }
    }
    std::string out;
    for (const auto& [kind, list] : names)
    {
        out += "  as in [" + kind + "]: " + list + "\n";
    }
    return out;
}

} // namespace

std::string
ScenarioKeysHelp()
{
    std::string out;
    for (const ScenarioSection& section : ScenarioSections())
    {
        out += std::string("\n[") + section.kind + (section.named ? " NAME]" : "]") + "  " +
               section.help + "\n";
        out += OtherKeysHelp(section);
        for (const ScenarioKey& key : section.keys)
        {
            if (key.from != nullptr)
            {
                continue;
            }
            std::string left =
                std::string("  ") + key.name + (key.setEnd ? "*" : "") + " = " + key.value;
            left.resize(std::max(left.size() + 2, size_t{36}), ' ');
            out += left + key.help;
            if (key.IsRequired())
            {
                out += " (must be there)";
            }
            else if (key.fallback[0] != '\0')
            {
                out += std::string(" [") + key.fallback + "]";
            }
            out += "\n";
        }
    }
    return out;
}

} // namespace ipsec
} // namespace ns3
