// SPDX-License-Identifier: GPL-2.0-only
// The keys of [cpu NAME].
#include "ipsec-scenario-cpu.h"
#include "ipsec-scenario-rows.h"

#include <cassert>
#include <utility>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Most keys of CpuKeys(); an assertion compares.
constexpr size_t CPU_KEYS = 18;

/// Takes over the n-th of CpuKeys().
template <size_t Index>
void
SetNth(Scenario& scenario, size_t instance, const std::string& text)
{
    CpuKeys()[Index].set(scenario.cpus[instance].profile, text);
}

template <size_t... Indices>
std::vector<ScenarioKey>
KeysOf(std::index_sequence<Indices...> /* indices */)
{
    const std::vector<CpuKey>& keys = CpuKeys();
    assert(keys.size() == sizeof...(Indices));
    return {ScenarioKey{keys[Indices].name,
                        keys[Indices].value,
                        "",
                        keys[Indices].help,
                        SetNth<Indices>,
                        nullptr}...};
}

} // namespace

ScenarioSection
CpuSection()
{
    ScenarioSection section{
        "cpu",
        true,
        "a processor of gateways, for which cryptography takes time",
        {{"profile",
          "free|branch-router|hub-appliance|this-machine",
          "free",
          "what counts where nothing else is written",
          [](Scenario& s, size_t i, const std::string& t)
          { s.cpus[i].profile = ReadCpuProfile(s, t); },
          nullptr}},
        [](Scenario& s, const std::string& name, const ScenarioPosition& position)
        {
            CpuSettings cpu;
            cpu.name = name;
            cpu.position = position;
            s.cpus.push_back(cpu);
        }};
    for (const ScenarioKey& key : KeysOf(std::make_index_sequence<CPU_KEYS>()))
    {
        section.keys.push_back(key);
    }
    return section;
}

} // namespace ipsec
} // namespace ns3
