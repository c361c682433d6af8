// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Expectations about what a scenario says, not about what its run did.
 */
#ifndef IPSEC_EXPECTATION_SETTINGS_H
#define IPSEC_EXPECTATION_SETTINGS_H

#include "ipsec-expectation-series.h"
#include "ipsec-scenario.h"

#include <map>
#include <string>

namespace ns3
{
namespace ipsec
{

/// What a key has that nothing is written for, and that has no default.
constexpr char NOT_SET[] = "not set";

/// The text that each key of a scenario has, "gateway.branch.cpu": what is written, or the default.
using ScenarioTexts = std::map<std::string, std::string>;

/// Reads "setting KEY = VALUE". Returns false if the words are something else.
bool ParseSettingExpectation(Expectation& expectation, const ExpectationWords& words);

/**
 * Finds out what the keys have that expectations speak of.
 * @throws ScenarioError in one line if there is no such key.
 */
void FindSettings(Scenario& scenario,
                  const ScenarioTexts& texts,
                  const ScenarioPositions& positions);

/// Compares the text of a key, word by word.
Observation SeeSetting(const Expectation& expectation);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_EXPECTATION_SETTINGS_H
