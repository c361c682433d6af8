// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What reports say of NATs.
 */
#ifndef IPSEC_REPORT_NATS_H
#define IPSEC_REPORT_NATS_H

#include "ipsec-json-writer.h"
#include "ipsec-run-record.h"

#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Says for each NAT how many mappings it had, and what it lost.
std::vector<std::string> NatLines(const RunRecord& record);

/// Writes the NATs into results.json.
void WriteNats(JsonWriter& json, const RunRecord& record);

/// Writes what a node knows of the NATs between it and its peers.
void WriteNatEffects(JsonWriter& json, const NodeRecord& node);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_REPORT_NATS_H
