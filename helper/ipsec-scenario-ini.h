// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The outer form of a scenario file: sections, keys and lines.
 */
#ifndef IPSEC_SCENARIO_INI_H
#define IPSEC_SCENARIO_INI_H

#include "ipsec-scenario.h"

#include <stdexcept>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Says in one line what is wrong in a scenario: where, which key, what, and what is allowed.
class ScenarioError : public std::invalid_argument
{
  public:
    /// @param key may be empty if the fault is not in a key.
    ScenarioError(const ScenarioPosition& position,
                  const std::string& key,
                  const std::string& reason);
};

/// KEY = VALUE
struct IniEntry
{
    std::string key;
    std::string value;
    uint32_t line = 0;
};

/// [KIND] or [KIND NAME]
struct IniSection
{
    std::string kind;
    std::string name;
    uint32_t line = 0;
    std::vector<IniEntry> entries;

    /// Returns how the command line names it: "kind" or "kind.name".
    std::string FullName() const;
    /// Returns what stands before its keys on the command line: "kind." or "kind.name.".
    std::string Prefix() const;
    /// Returns its entry for a key, or null.
    const IniEntry* Find(const std::string& key) const;
};

/// Largest scenario file that is read; a thousand gateways written by hand need a tenth.
constexpr size_t MAX_SCENARIO_OCTETS = 1 << 20;

/**
 * Reads a whole file.
 * @throws ScenarioError if it is missing, unreadable or too large.
 */
std::string ReadScenarioFile(const std::string& path);

/**
 * Splits a text into sections. Comments start with ';' or '#', at the start of a line or behind a
 * blank. Lines end in LF or CR LF; the mark that some editors put before UTF-8 is skipped.
 * @throws ScenarioError for a malformed line, a control character, a section or key that is there
 * twice, an empty value.
 */
std::vector<IniSection> SplitIni(const std::string& text, const std::string& file);

/// Writes a section in the form that Boost.Program_options reads: "[kind.name]", no comments.
std::string PlainIni(const IniSection& section);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SCENARIO_INI_H
