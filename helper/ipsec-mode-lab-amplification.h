// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What strangers cost the ends of two tunnels: octets that one first message from a spoofed address
 * sets off, and operations of Diffie-Hellman for a peer that is not authenticated yet.
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

/// An exchange whose work is counted.
struct WatchedExchange
{
    /// Names of its ends, and the cookie that names it.
    std::string initiator;
    std::string responder;
    Cookie cookie{};
    /// When the ends had its IKE SA; nothing for an end that never had.
    std::optional<Instant> initiatorReady;
    std::optional<Instant> responderReady;
};

/**
 * Counts what an exchange costs its ends: runs the scenario again, and gives each message of the
 * exchange that arrives to a copy of the receiver's engine, too. What the copy does for it is the
 * exchange's own work, whatever else the gateway does. Of the message that authenticates its sender
 * a copy gets one whose proof is spoiled, so that it stops at the check.
 */
DhBefore CountDh(const Scenario& scenario, const WatchedExchange& exchange);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_MODE_LAB_AMPLIFICATION_H
