// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The language of scenarios: one row per key.
 */
#ifndef IPSEC_SCENARIO_KEYS_H
#define IPSEC_SCENARIO_KEYS_H

#include "ipsec-scenario.h"

#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Stands in ScenarioKey::fallback for a key that must be written.
constexpr char REQUIRED_KEY[] = "required";

/// One key of a section: reading, errors, help and the manual come from this row.
struct ScenarioKey
{
    const char* name;
    /// What may be written, in a few words.
    const char* value;
    /// What counts if nothing is written; empty if nothing is done then; or REQUIRED_KEY.
    const char* fallback;
    const char* help;
    /// Takes the value over into the section's n-th instance; throws std::invalid_argument.
    void (*set)(Scenario& scenario, size_t instance, const std::string& text);
    /// Takes "GATEWAY.KEY" over into one end of a tunnel; without set, KEY goes to both ends.
    void (*setEnd)(TunnelEndSettings& end, const std::string& text);
    /// Keys of tunnels: the only keying that has a use for it; nothing means both have.
    std::optional<TunnelKeying> only = std::nullopt;
    /// Kind of section that describes it, if the row is taken from there; else null.
    const char* from = nullptr;

    bool IsRequired() const;
};

/// One kind of section.
struct ScenarioSection
{
    const char* kind;
    /// Whether there may be several, each with a name.
    bool named;
    const char* help;
    std::vector<ScenarioKey> keys;
    /// Makes a new instance; null if there is always exactly one.
    void (*add)(Scenario& scenario, const std::string& name, const ScenarioPosition& position);
    /// Kind of section that was read before and whose instances stand in the same list; else null.
    const char* countsWith = nullptr;
    /// Takes over what was read into a scenario of its own, of which it is a pattern; null if the
    /// section is read into the scenario itself.
    void (*expand)(Scenario& scenario,
                   const Scenario& pattern,
                   const ScenarioPositions& positions) = nullptr;
    /// With expand: what the end that is there many times is called in "END.KEY".
    const char* expandedEnd = nullptr;

    /// Returns the row of a key, or null. "GATEWAY.KEY" finds keys of tunnel ends only.
    const ScenarioKey* Find(const std::string& key) const;
    /// Returns the names of its keys.
    std::vector<std::string> KeyNames() const;
};

/// Returns all sections, in the order in which they are read.
const std::vector<ScenarioSection>& ScenarioSections();

/// Returns the row of a kind of section, or null.
const ScenarioSection* FindScenarioSection(const std::string& kind);

/// Writes the language as help text for a terminal.
std::string ScenarioKeysHelp();

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SCENARIO_KEYS_H
