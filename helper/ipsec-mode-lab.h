// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Main mode and aggressive mode side by side: what one run of a scenario tells of each.
 */
#ifndef IPSEC_MODE_LAB_H
#define IPSEC_MODE_LAB_H

#include "ipsec-eavesdropper.h"
#include "ipsec-lab-program.h"

#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Names of the two tunnels that are compared.
struct LabTunnels
{
    std::string main;
    std::string aggressive;
};

/**
 * Returns the first tunnel of each mode.
 * @throws std::invalid_argument with one sentence if one is missing, if they have a gateway in
 * common, whose work could not be told apart, or if an end is outside the simulation.
 */
LabTunnels FindLabTunnels(const Scenario& scenario);

/// One message of phase 1, each once.
struct ModeMessage
{
    size_t number = 0;
    bool isFromInitiator = true;
    std::string payloads;
    bool encrypted = false;
    size_t octets = 0;
};

/// How many operations of Diffie-Hellman (key pairs, shared secrets) somebody did by an instant.
struct DhBefore
{
    /// The initiator, before the responder is authenticated, and the other way round.
    uint64_t initiator = 0;
    uint64_t responder = 0;
    /// The responder, before the initiator has shown that messages to its address reach it.
    uint64_t unproven = 0;
};

/// What a run tells of one tunnel's phase 1.
struct ModeFacts
{
    std::string tunnel;
    std::string initiator;
    std::string responder;
    Phase1Mode mode = Phase1Mode::Main;
    std::vector<ModeMessage> messages;
    /// Octets of datagrams, and of the IP packets around them.
    size_t octets = 0;
    size_t packetOctets = 0;
    /// Twice what the first message took.
    Duration roundTrip{};
    /// From the first message until both ends have the IKE SA, and until the tunnel is up; nothing
    /// if that did not happen.
    std::optional<Duration> established;
    std::optional<Duration> tunnelUp;
    DhBefore dh;
    Overheard overheard;

    /// Returns how many messages are encrypted.
    size_t EncryptedMessages() const;
    /// Returns a time as a multiple of the round trip.
    double InRoundTrips(Duration time) const;
};

/// Returns when a tunnel's first message of phase 1 left, if one did.
std::optional<Instant> FirstMessageAt(const RunRecord& record, const std::string& tunnel);

/// Returns how long it took from the first message until both ends had the IKE SA.
std::optional<Duration> EstablishedAfter(const RunRecord& record, const std::string& tunnel);

/// Returns how long it took from the first message until the tunnel was up.
std::optional<Duration> UpAfter(const RunRecord& record, const std::string& tunnel);

/// Reads the facts out of a run of @p scenario. To count operations up to an instant it runs the
/// scenario again until just before.
ModeFacts ObserveMode(const Scenario& scenario, const RunRecord& record, const std::string& tunnel);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_MODE_LAB_H
