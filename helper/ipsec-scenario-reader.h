// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Reads a scenario from its file and the command line.
 */
#ifndef IPSEC_SCENARIO_READER_H
#define IPSEC_SCENARIO_READER_H

#include "ipsec-scenario-ini.h"
#include "ipsec-scenario.h"

#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/**
 * Reads a scenario file.
 * @param overrides options of the command line without dashes: "SECTION.NAME.KEY=VALUE"
 * @throws ScenarioError for the first thing that is wrong.
 */
Scenario ReadScenario(const std::string& path, const std::vector<std::string>& overrides = {});

/// Reads a scenario from text; @p file stands in messages only.
Scenario ReadScenarioText(const std::string& text,
                          const std::string& file,
                          const std::vector<std::string>& overrides = {});

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SCENARIO_READER_H
