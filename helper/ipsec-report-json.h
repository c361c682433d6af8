// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * A run's record as results.json.
 */
#ifndef IPSEC_REPORT_JSON_H
#define IPSEC_REPORT_JSON_H

#include "ipsec-run-record.h"

#include <string>

namespace ns3
{
namespace ipsec
{

/// Version of the fields; it rises when one changes its meaning or goes.
constexpr uint64_t RESULTS_SCHEMA = 1;

/// Writes the record as JSON; the fields are documented in doc/results-json.md.
std::string ReportJson(const RunRecord& record);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_REPORT_JSON_H
