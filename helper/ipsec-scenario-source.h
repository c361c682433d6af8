// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What a scenario was read from, so that its report can show it and say how to run it again.
 */
#ifndef IPSEC_SCENARIO_SOURCE_H
#define IPSEC_SCENARIO_SOURCE_H

#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// What a scenario was read from; all empty for one that a program put together.
struct ScenarioSource
{
    /// As the command line names it.
    std::string file;
    /// All of the file, comments included.
    std::string text;
    /// Options of the command line without dashes: "SECTION.NAME.KEY=VALUE".
    std::vector<std::string> overrides;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SCENARIO_SOURCE_H
