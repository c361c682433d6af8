// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Sentences of a scenario that must be true at the end of its run.
 */
#ifndef IPSEC_EXPECTATION_H
#define IPSEC_EXPECTATION_H

#include "ipsec-run-record.h"
#include "ipsec-scenario.h"

#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/**
 * Reads one sentence, such as "tunnel ab up by 5s" or "ping answered >= 5".
 * @throws std::invalid_argument with one clause that says what is allowed.
 */
Expectation ParseExpectation(const std::string& text);
/// Returns all forms of expectations, separated by semicolons, each with one of its operators.
const char* ExpectationForms();

/// Returns what a scenario without expectations is expected to do: every tunnel comes up, every
/// traffic is answered at least once.
std::vector<Expectation> DefaultExpectations(const Scenario& scenario);

/// Tells for each expectation whether it came true, and what was seen.
std::vector<ExpectationOutcome> EvaluateExpectations(const std::vector<Expectation>& expectations,
                                                     const RunRecord& record);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_EXPECTATION_H
