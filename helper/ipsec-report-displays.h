// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * A run's record as text for a terminal.
 */
#ifndef IPSEC_REPORT_DISPLAYS_H
#define IPSEC_REPORT_DISPLAYS_H

#include "ipsec-run-record.h"

#include <string>

namespace ns3
{
namespace ipsec
{

/// Shows the SAs of a gateway as its "display ike sa": phase 2 (one row for each pair) and phase 1.
std::string DisplayIkeSa(const NodeRecord& node);

/// Shows the IPsec SAs of a gateway as its "display ipsec sa brief".
std::string DisplayIpsecSaBrief(const NodeRecord& node);

/// Shows the whole run: ladders, what an eavesdropper learns, SA tables, traffic, warnings,
/// failures, drops, verdict.
std::string ReportText(const RunRecord& record);

/// Shows the verdict alone, with the expectations that failed.
std::string VerdictText(const RunRecord& record);

/// Says how many messages of each exchange there were: "main 6, quick 3, informational 0, sent
/// again 0".
std::string MessageCountsText(const RunRecord& record);

/// One line for each kind of negotiation that failed and each kind of drop, with the reason
/// explained.
std::vector<std::string> FailureLines(const RunRecord& record);
/// One line for each node whose IKE SAs ended: how many for which reason.
std::vector<std::string> EndLines(const RunRecord& record);
std::vector<std::string> DropLines(const RunRecord& record);
/// One line for each thing that a reader should know, without repetitions.
std::vector<std::string> WarningLines(const RunRecord& record);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_REPORT_DISPLAYS_H
