// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The parts of report.html: each is as long as a reader can stand, however long the run was.
 */
#ifndef IPSEC_REPORT_PAGE_H
#define IPSEC_REPORT_PAGE_H

#include "ipsec-run-record.h"
#include "ipsec-scenario-source.h"

#include <string>

namespace ns3
{
namespace ipsec
{

/// Returns the style sheet, with colours for a light and a dark scheme.
const char* PageStyle();

/// Draws the ladders; each message unfolds to its payloads.
std::string LaddersHtml(const RunRecord& record);

/// Draws which SAs were there when.
std::string SaTimelineSvg(const RunRecord& record);

/// Shows that picture, and lists the SAs of each gateway: when each came up and how it ended.
std::string SasHtml(const RunRecord& record);

/// Shows the scenario as it was read.
std::string ScenarioHtml(const ScenarioSource& source);

/// Says how to run it again: the command with what it was overridden with.
std::string ReproductionHtml(const RunRecord& record, const ScenarioSource& source);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_REPORT_PAGE_H
