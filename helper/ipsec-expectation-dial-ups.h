// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Expectations about clients that dial up.
 */
#ifndef IPSEC_EXPECTATION_DIAL_UPS_H
#define IPSEC_EXPECTATION_DIAL_UPS_H

#include "ipsec-expectation-series.h"
#include "ipsec-run-record.h"
#include "ipsec-scenario.h"

namespace ns3
{
namespace ipsec
{

/**
 * Reads "connects NAME OP N", "connect-failures NAME [REASON] OP N", "tunnel-losses NAME OP N",
 * "longest wait of NAME OP TIME" or "longest gap of NAME OP TIME".
 * @return false if the sentence is none of these
 */
bool ParseDialUpExpectation(Expectation& expectation, const ExpectationWords& words);

/// Tells whether an expectation is one of these.
bool IsOfDialUps(ExpectationKind kind);

/// Looks at what the clients did.
Observation SeeDialUps(const Expectation& expectation, const RunRecord& record);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_EXPECTATION_DIAL_UPS_H
