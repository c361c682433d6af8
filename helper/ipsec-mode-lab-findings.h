// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The comparison of main mode and aggressive mode as data, part by part.
 */
#ifndef IPSEC_MODE_LAB_FINDINGS_H
#define IPSEC_MODE_LAB_FINDINGS_H

#include "ipsec-lab-text.h"
#include "ipsec-mode-lab-amplification.h"
#include "ipsec-mode-lab-attack.h"
#include "ipsec-mode-lab-sweep.h"
#include "ipsec-mode-lab.h"

#include <vector>

namespace ns3
{
namespace ipsec
{

/// Each returns a table whose first row is its heading; what is not known is an empty cell.
/// @{

/// The messages of both modes.
std::vector<LabRow> ModeMessageRows(const std::vector<ModeFacts>& modes);

/// What can be counted and measured of each mode, and whether an eavesdropper can try keys.
std::vector<LabRow> ModeCountRows(const std::vector<ModeFacts>& modes);

/// What an eavesdropper learns, a row for each sentence.
std::vector<LabRow> ModeEavesdropperRows(const std::vector<ModeFacts>& modes);

/// The points of a sweep: means of the runs that got there, and half of the 95 % interval.
std::vector<LabRow> ModeSweepRows(const std::vector<ModeSweepPoint>& points);

/// What became of each attack.
std::vector<LabRow> ModeAttackRows(const std::vector<ModeAttack>& attacks);

/// How long kinds of keys stand at the rates that were measured; no row if they were not.
std::vector<LabRow> KeyKindRows(const std::vector<ModeAttack>& attacks, size_t words);

/// What a spoofed message sets off.
std::vector<LabRow> AmplificationRows(const std::vector<AmplificationRow>& rows);

/// @}

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_MODE_LAB_FINDINGS_H
