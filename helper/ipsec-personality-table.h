// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Personalities side by side, as text.
 */
#ifndef IPSEC_PERSONALITY_TABLE_H
#define IPSEC_PERSONALITY_TABLE_H

#include "ns3/ike-personality.h"

#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Writes a row for each field, in words with its unit, and a column for each personality; five
/// columns stand side by side, within 120 characters.
std::string PersonalityTable(const std::vector<Personality>& personalities);

/// Returns all presets, "rfc" first.
std::vector<Personality> AllPresets();

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_PERSONALITY_TABLE_H
