// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Behaviour that differs between deployed systems, as numbers and choices.
 */
#ifndef IKE_PERSONALITY_H
#define IKE_PERSONALITY_H

#include "ns3/ipsec-time.h"

#include <cstdint>
#include <string>

namespace ns3
{
namespace ipsec
{

/// When an unanswered message is sent again: first after @p first, then each wait grows by
/// @p growth; after @p tries repetitions one more wait passes before the exchange is given up.
struct RetransmissionSchedule
{
    Duration first = std::chrono::seconds(1);
    double growth = 2.0;
    uint32_t tries = 5;
    /// Upper bound of one wait.
    Duration cap = std::chrono::seconds(64);

    /// Returns the wait after the message was sent @p sent times (1 = the first copy).
    Duration WaitAfter(uint32_t sent) const;
};

/// What a system does where the RFCs leave room. The defaults are the preset "rfc".
struct Personality
{
    std::string name = "rfc";
    RetransmissionSchedule retransmission;
    /// How long unfinished phase 1 state of a responder waits for the next message.
    Duration halfOpenTimeout = std::chrono::seconds(70);
    /// How long a finished exchange still answers duplicates of its last request.
    Duration ledgerTime = std::chrono::seconds(70);
    /// How often a responder repeats AM2 by timer: the peer's address is not proven yet, so few
    /// (CVE-2016-5361). Without any, it answers copies of AM1 instead.
    uint32_t aggressiveReplyTries = 2;
    uint32_t nonceOctets = 32;
    /// Whether the first phase 1 with a peer carries INITIAL-CONTACT.
    bool sendInitialContact = true;
    /// Quick modes at once over one IKE SA; more wait their turn (own) or are refused (peer's).
    uint32_t maxQuickModes = 64;
    /// Whether a server repeats the SET of Mode Config; else one lost datagram ends it (MC-03).
    bool repeatConfigSet = false;
    /// Whether a responder without PFS takes an offer of it all the same, as libreswan does; else
    /// both ends must ask for it (QM-10).
    bool acceptUnrequestedPfs = false;
    /// Whether the ICVs of HMAC-SHA2-256 have 96 bits, as in Linux and racoon before RFC 4868.
    /// Nothing on the wire tells; peers that differ drop each other's packets.
    bool truncateSha256To96 = false;
    /// Part of a lifetime after which the SA is renewed.
    double softLifetimePercent = 90.0;
    /// Largest IP packet that an IKE fragment may make, with the IP header (20 octets), the UDP
    /// header and on port 4500 the marker; that is how strongSwan counts. Messages that fit are
    /// sent whole.
    uint32_t fragmentOctets = 1280;
    /// What a renewal is given at least, since messages may be lost; short lifetimes give half.
    Duration leastRenewalMargin = std::chrono::seconds(5);

    /// Returns how long before its end an SA of this lifetime is renewed.
    Duration RenewalMargin(Duration lifetime) const;

    /**
     * Returns a preset by name.
     * @throws std::invalid_argument naming the presets there are.
     */
    static Personality Preset(const std::string& name);
};

} // namespace ipsec
} // namespace ns3

#endif // IKE_PERSONALITY_H
