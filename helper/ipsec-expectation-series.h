// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Expectations about many tunnels at once, and about series.
 */
#ifndef IPSEC_EXPECTATION_SERIES_H
#define IPSEC_EXPECTATION_SERIES_H

#include "ipsec-run-record.h"
#include "ipsec-scenario.h"

#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

using ExpectationWords = std::vector<std::string>;

/// What was seen, and whether that is what was expected.
struct Observation
{
    bool pass = false;
    std::string seen;
};

/**
 * Reads "all tunnels ...", "N% of tunnels ...", "lost packets of ...", "longest ...",
 * "amplification of ...", "peak of ...", "mean of ..."
 * or "METRIC of NODE at ...". Returns false if the words are none of these.
 * @throws std::invalid_argument if one of the words is not what it must be.
 */
bool ParseSeriesExpectation(Expectation& expectation, const ExpectationWords& words);

/// Reads "OP N[%]" from the words at @p i on, which must be the last; N may have decimals.
void ParseDecimalComparison(Expectation& expectation, const ExpectationWords& words, size_t i);

/// Reads the name of a fault, such as "NegotiationTimeout".
Fault ParseFaultName(const std::string& name);

/// Compares a number with what an expectation says.
Observation Compare(const Expectation& expectation, double value);

/// @name Look at what happened
/// @{
Observation SeeTunnelsUp(const Expectation& expectation, const RunRecord& record);
Observation SeeSample(const Expectation& expectation, const RunRecord& record);
Observation SeeLostPackets(const Expectation& expectation, const RunRecord& record);
Observation SeeLongest(const Expectation& expectation, const RunRecord& record);
Observation SeeSilence(const Expectation& expectation, const RunRecord& record);
Observation SeeAmplification(const Expectation& expectation, const RunRecord& record);
/// @}

/// Says when a share (0 to 1) of a group of tunnels was up, counted from an instant.
std::string TunnelsUpText(const TunnelCount& count, Instant from, double share);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_EXPECTATION_SERIES_H
