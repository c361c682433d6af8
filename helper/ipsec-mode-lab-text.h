// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The comparison of main mode and aggressive mode as text for a terminal, part by part.
 */
#ifndef IPSEC_MODE_LAB_TEXT_H
#define IPSEC_MODE_LAB_TEXT_H

#include "ipsec-mode-lab-amplification.h"
#include "ipsec-mode-lab-attack.h"
#include "ipsec-mode-lab-sweep.h"
#include "ipsec-mode-lab.h"

#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Draws the ladder between the ends of a tunnel, and each message with its payloads.
std::string ModeMessagesText(const RunRecord& record, const ModeFacts& facts);

/// Writes what can be counted and measured of both modes in two columns.
std::string SideBySideText(const ModeFacts& main, const ModeFacts& aggressive);

/// Writes what an eavesdropper learns of each tunnel.
std::string ModeEavesdropperText(const ModeFacts& main, const ModeFacts& aggressive);

/// Writes the tables of a sweep.
std::string ModeSweepText(const std::vector<ModeSweepPoint>& points);

/// Writes what became of each attack on the keys of tunnels.
std::string ModeAttacksText(const std::vector<ModeAttack>& attacks, const LabWords& words);

/// Writes how long kinds of keys stand at the rates that were measured, or that they were not.
std::string KeyKindsText(const std::vector<ModeAttack>& attacks, size_t words);

/// Writes both tables of amplification.
std::string AmplificationText(const std::vector<AmplificationRow>& byRepetitions,
                              const std::vector<AmplificationRow>& byPersonality);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_MODE_LAB_TEXT_H
