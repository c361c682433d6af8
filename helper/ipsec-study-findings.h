// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Says what the numbers of a sweep show.
 */
#ifndef IPSEC_STUDY_FINDINGS_H
#define IPSEC_STUDY_FINDINGS_H

#include "ipsec-sweep-table.h"

#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Measures, and what each is called for people.
using NamedMeasures = std::vector<std::pair<std::string, std::string>>;

/// Writes a row for each combination of parameters, with means and intervals; measures that no run
/// has are left out.
std::string MeansText(const SweepTable& table, const NamedMeasures& measures);

/// Writes for each measure where it is least and most, how far apart that is, and whether the 95 %
/// intervals of the two overlap; nothing if there is but one combination, or no difference to speak
/// of.
std::string ExtremesText(const SweepTable& table, const NamedMeasures& measures);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_STUDY_FINDINGS_H
