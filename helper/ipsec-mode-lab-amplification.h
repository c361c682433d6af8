// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What one spoofed first message sets off.
 */
#ifndef IPSEC_MODE_LAB_AMPLIFICATION_H
#define IPSEC_MODE_LAB_AMPLIFICATION_H

#include "ipsec-mode-lab.h"

#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// One spoofed message, and what came of it.
struct AmplificationRow
{
    Phase1Mode mode = Phase1Mode::Main;
    /// Name of the personality of the responder, and how often it was told to repeat its answer by
    /// itself; nothing if the personality says so itself.
    std::string personality;
    std::optional<uint32_t> repetitions;
    /// Octets of IP packets that the attacker sent, and that came back.
    uint64_t sentOctets = 0;
    uint64_t answers = 0;
    uint64_t answerOctets = 0;

    /// Returns octets that came back for each that was sent.
    double Factor() const;
};

/// Lets the scenario's own responders repeat their answer up to @p most times, at most 10.
std::vector<AmplificationRow> AmplificationByRepetitions(const Scenario& scenario,
                                                         const LabTunnels& tunnels,
                                                         uint32_t most);

/// Gives the responders each preset of personalities.
std::vector<AmplificationRow> AmplificationByPersonality(const Scenario& scenario,
                                                         const LabTunnels& tunnels);

/// Writes each row in a line.
std::string AmplificationCsv(const std::vector<AmplificationRow>& rows);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_MODE_LAB_AMPLIFICATION_H
