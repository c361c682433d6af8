// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * How packets were protected in a run, as text for a terminal.
 */
#ifndef IPSEC_REPORT_PROTECTION_H
#define IPSEC_REPORT_PROTECTION_H

#include "ipsec-run-record.h"

#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Writes the algorithms of an SA as displays do, "E:DES; A:HMAC-MD5-96;".
std::string AlgorithmText(const IpsecSa& sa);

/// Shows the IPsec SAs of a gateway at @p now as its "display ipsec sa", tunnel by tunnel.
std::string DisplayIpsecSa(const NodeRecord& node, Instant now);

/// Shows the sessions of a gateway as its "display firewall session table".
std::string DisplaySessionTable(const NodeRecord& node);

/// Tells what floods sent and what came back, a line for each.
std::vector<std::string> FloodLines(const RunRecord& record);
/// Tells what attackers read, a line for each tunnel.
std::vector<std::string> AttackLines(const RunRecord& record);

/// Compares tunnels with manual keys and tunnels by IKE, line by line; empty unless there are both.
std::vector<std::string> KeyingLines(const RunRecord& record);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_REPORT_PROTECTION_H
