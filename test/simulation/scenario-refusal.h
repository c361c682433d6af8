// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The line with which a scenario is refused.
 */
#ifndef SCENARIO_REFUSAL_H
#define SCENARIO_REFUSAL_H

#include "ns3/ipsec-scenario-reader.h"

#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Reads a text as the file x.ini, with options of the command line; returns what is said of its
/// mistake, or nothing.
inline std::string
ScenarioRefusal(const std::string& text, const std::vector<std::string>& overrides = {})
{
    try
    {
        ReadScenarioText(text, "x.ini", overrides);
    }
    catch (const ScenarioError& mistake)
    {
        return mistake.what();
    }
    return "";
}

} // namespace ipsec
} // namespace ns3

#endif // SCENARIO_REFUSAL_H
