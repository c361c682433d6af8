// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What clients that dial up did, in reports.
 */
#ifndef IPSEC_REPORT_DIAL_UPS_H
#define IPSEC_REPORT_DIAL_UPS_H

#include "ipsec-json-writer.h"
#include "ipsec-run-record.h"

#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Returns one line for each client that dials up, or each [clients] of them.
std::vector<std::string> DialUpLines(const RunRecord& record);

/// Writes "clients": what each of them did.
void WriteDialUps(JsonWriter& json, const RunRecord& record);

/// Writes "places": where one of them was.
void WritePlaces(JsonWriter& json, const NodeRecord& node);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_REPORT_DIAL_UPS_H
