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
 * @throws std::invalid_argument with one sentence if one is missing, if an end is outside the
 * simulation, or if anything else of the scenario leads to one of their four gateways: what is
 * captured there would be of several.
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

/// How many operations of Diffie-Hellman (key pairs, shared secrets) an exchange had cost an end by
/// some moment; nothing where that cannot be told.
struct DhBefore
{
    /// The initiator, until it had checked that the responder is who it says, and the other way
    /// round; all of them if it never came so far.
    std::optional<uint64_t> initiator;
    std::optional<uint64_t> responder;
    /// The responder, before anything came that only somebody at the initiator's address can send.
    std::optional<uint64_t> unproven;
};

/// What a run tells of one tunnel's phase 1: of the exchange that first gave both ends an IKE SA,
/// else of the one that gave an end one, else of the first.
struct ModeFacts
{
    std::string tunnel;
    std::string initiator;
    std::string responder;
    Phase1Mode mode = Phase1Mode::Main;
    /// Exchanges that began before it and did not lead there.
    size_t earlierExchanges = 0;
    std::vector<ModeMessage> messages;
    /// Octets of datagrams, and of the IP packets around them: each message once.
    size_t octets = 0;
    size_t packetOctets = 0;
    /// What a message and the answer to it were on their way; nothing if no two arrived.
    std::optional<Duration> roundTrip;
    /// From the first message until both ends have the IKE SA, and until the tunnel is up; nothing
    /// if that did not happen.
    std::optional<Duration> established;
    std::optional<Duration> tunnelUp;
    DhBefore dh;
    Overheard overheard;

    /// Returns how many messages are encrypted.
    size_t EncryptedMessages() const;
    /// Returns a time as a multiple of the round trip; nothing if that is not known or zero.
    std::optional<double> InRoundTrips(Duration time) const;
};

/// Returns when a tunnel's first message of phase 1 left, if one did.
std::optional<Instant> FirstMessageAt(const RunRecord& record, const std::string& tunnel);

/// Returns how long it took from the first message until both ends had an IKE SA of one exchange.
std::optional<Duration> EstablishedAfter(const RunRecord& record, const std::string& tunnel);

/// Returns how long it took from the first message until the tunnel was up.
std::optional<Duration> UpAfter(const RunRecord& record, const std::string& tunnel);

/**
 * Reads the facts out of a run of @p scenario, which it runs again to count operations: CountDh().
 * @throws std::invalid_argument with one sentence if the tunnel sent no message of phase 1.
 */
ModeFacts ObserveMode(const Scenario& scenario, const RunRecord& record, const std::string& tunnel);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_MODE_LAB_H
