// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Reports about many gateways at once: when how many tunnels were up, and sums over branches.
 */
#ifndef IPSEC_REPORT_BRANCHES_H
#define IPSEC_REPORT_BRANCHES_H

#include "ipsec-json-writer.h"
#include "ipsec-run-record.h"

#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Most rows of one table in texts; all of them are in results.json.
constexpr size_t MOST_ROWS = 50;

/// Says how many rows of a table were left out; nothing if none were.
std::string OmittedRows(size_t omitted);

/// Says for each [branches] how many of them are shown, and what became of the others.
std::vector<std::string> BranchesLines(const RunRecord& record);

/// Says for each group of tunnels, with several of them, when 50, 95 and 100 % were up: from the
/// begin of the run, and from each event on at which some were down.
std::vector<std::string> TunnelCountLines(const RunRecord& record);

/// Write the same into results.json.
void WriteTunnelCounts(JsonWriter& json, const RunRecord& record);
void WriteBranches(JsonWriter& json, const RunRecord& record);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_REPORT_BRANCHES_H
