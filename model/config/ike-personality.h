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
#include <vector>

namespace ns3
{
namespace ipsec
{

/// When an unanswered message is sent again. Waits are of the first length @p firstWaits times,
/// then each is @p growth times the one before and @p step longer; after @p tries repetitions one
/// more wait passes before the exchange is given up.
struct RetransmissionSchedule
{
    Duration first = std::chrono::seconds(1);
    double growth = 2.0;
    uint32_t tries = 5;
    /// Upper bound of one wait.
    Duration cap = std::chrono::seconds(64);
    Duration step{};
    uint32_t firstWaits = 1;
    /// Of each wait, a random part of at most this share (0 to 1) is left off.
    double jitter = 0.0;

    /// Returns the wait after the message was sent @p sent times (1 = the first copy), without
    /// jitter.
    Duration WaitAfter(uint32_t sent) const;
    /// Returns how long it takes from the first copy until the exchange is given up, without
    /// jitter.
    Duration Total() const;
};

/// Which answers of main mode (MM2, MM4) a responder repeats by a timer of its own, besides
/// answering copies.
enum class MainReplies : uint8_t
{
    None,     ///< only the initiator has timers
    NotFirst, ///< MM4: the peer's address is proven by then
    All,
};

/// How long a lifetime is that both ends name.
enum class LifetimeRule : uint8_t
{
    Shorter, ///< the shorter of both; a responder tells if that is its own (racoon: claim)
    Obey,    ///< the initiator's
    Strict,  ///< the initiator's, if it is not longer than our own; else no proposal is chosen
    Exact,   ///< both must name the same
};

/// Which end may renew an SA.
enum class Renewer : uint8_t
{
    Either,
    Initiator, ///< the one that began the SA that ends
    Nobody,    ///< it ends, and is negotiated when it is needed
};

/// What happens to the IPsec SAs that an IKE SA made when it ends.
enum class ChildrenAtEnd : uint8_t
{
    Keep,  ///< they live until their own end
    Adopt, ///< they go, unless another IKE SA of the peer is there to take them over
    Drop,  ///< they go
};

/// When the pair that a new one replaced goes, at the end that began the quick mode.
enum class Retirement : uint8_t
{
    AfterDelay, ///< some time after the new one, with a Delete
    OnTraffic,  ///< as soon as the peer sends on the new one, at the latest after the delay
    AtExpiry,   ///< at its own end
};

/// What is done about two pairs for the same traffic that crossing quick modes made.
enum class RedundantPairs : uint8_t
{
    Keep,      ///< nothing: both are renewed
    LetExpire, ///< one of them is not renewed
    Delete,    ///< one of them goes; both ends choose the same one
};

/// What an IKE SA means for older ones with the same identity.
enum class Uniqueness : uint8_t
{
    No,      ///< nothing, unless the peer announces INITIAL-CONTACT
    Keep,    ///< the new one is refused while the old one lives
    Replace, ///< the old ones go
    Never,   ///< nothing, whatever the peer announces
};

/// Which phase 1 with a peer carry INITIAL-CONTACT.
enum class ContactAnnouncement : uint8_t
{
    Never,
    First,  ///< as long as there is no SA with the peer
    Always, ///< renewals, too: the peer forgets the pairs that are in use (libreswan, if asked to)
};

/// Whom INITIAL-CONTACT is about.
enum class ContactScope : uint8_t
{
    Identity, ///< all SAs of the same identity (RFC 3947 section 4 asks for it behind a NAT)
    Address,  ///< all SAs with the same address
};

/// What is done about ESP or AH with an SPI that nobody here knows.
enum class InvalidSpiReaction : uint8_t
{
    Ignore,
    Notify,   ///< INVALID-SPI under an IKE SA with the sender, if there is one
    NewIkeSa, ///< the same; without an IKE SA one is begun, so that the peer hears of it
};

/// Which documents of NAT traversal an end knows; two ends use the newest that both know.
enum class NatTraversalDocuments : uint8_t
{
    Rfc,    ///< RFC 3947
    Drafts, ///< draft-ietf-ipsec-nat-t-ike-03 and -02
    Both,
};

/// What a system does where the RFCs leave room. The defaults are the preset "rfc".
struct Personality
{
    std::string name = "rfc";

    /// @name Sending again
    /// @{
    RetransmissionSchedule retransmission;
    /// How long unfinished phase 1 state of a responder waits for the next message.
    Duration halfOpenTimeout = std::chrono::seconds(70);
    /// How long a finished exchange still answers duplicates of its last request.
    Duration ledgerTime = std::chrono::seconds(70);
    /// How often a responder repeats AM2 by timer: the peer's address is not proven yet, so few
    /// (CVE-2016-5361). Without any, it answers copies of AM1 instead.
    uint32_t aggressiveReplyTries = 2;
    MainReplies mainReplies = MainReplies::None;
    /// How many of the last messages of an exchange are known again. Copies of the newest may be
    /// answered, copies of older ones are told from wrong messages.
    uint32_t rememberedMessages = 1;
    /// How many copies of a message get its answer again; 0 is all.
    uint32_t maxDuplicateAnswers = 0;
    /// @}

    /// @name Negotiating
    /// @{
    uint32_t nonceOctets = 32;
    ContactAnnouncement initialContact = ContactAnnouncement::First;
    /// Whether that is so in aggressive mode, too.
    bool sendInitialContactInAggressive = true;
    /// Quick modes at once over one IKE SA; more wait their turn (own) or are dropped (peer's).
    uint32_t maxQuickModes = 64;
    /// Whether a server repeats the SET of Mode Config; else one lost datagram ends it (MC-03).
    bool repeatConfigSet = false;
    /// Whether a responder without PFS takes an offer of it all the same, as libreswan does; else
    /// both ends must ask for it (QM-10).
    bool acceptUnrequestedPfs = false;
    /// Whether a responder goes by the order of its own proposals; else by the initiator's (P1-16).
    bool preferOwnProposals = false;
    /// Whether the ICVs of HMAC-SHA2-256 have 96 bits, as in Linux and racoon before RFC 4868.
    /// Nothing on the wire tells; peers that differ drop each other's packets.
    bool truncateSha256To96 = false;
    /// Largest IP packet that an IKE fragment may make, with the IP header (20 octets), the UDP
    /// header and on port 4500 the marker; that is how strongSwan counts. Messages that fit are
    /// sent whole.
    uint32_t fragmentOctets = 1280;
    LifetimeRule lifetimeRule = LifetimeRule::Shorter;
    /// @}

    /// @name Lifetimes and renewal
    /// @{
    /// Lifetimes of configurations that name none.
    Duration ikeLifetime = std::chrono::hours(24);
    Duration ipsecLifetime = std::chrono::hours(1);
    uint64_t ipsecLifetimeKilobytes = 0;
    /// Part of a lifetime after which the SA is renewed.
    double softLifetimePercent = 90.0;
    /// How long before its end an SA is renewed; zero goes by the part above.
    Duration renewalMargin{};
    /// The margin grows by a random part of itself, of at most this share.
    double renewalFuzz = 0.0;
    /// The responder's margin, as a share of the initiator's.
    double responderMargin = 0.5;
    /// Whether the responder's margin grows by a random part, too.
    bool responderFuzz = false;
    /// What a renewal is given at least, since messages may be lost; short lifetimes give half.
    Duration leastRenewalMargin = std::chrono::seconds(5);
    Renewer ikeRenewer = Renewer::Either;
    Renewer ipsecRenewer = Renewer::Either;
    /// How long a replaced IKE SA stays for messages on their way, before it is deleted.
    Duration oldIkeSaDelay = std::chrono::seconds(10);
    /// How long an IPsec SA still receives after the peer was told that it goes.
    Duration graceTime = std::chrono::seconds(10);
    /// @}

    /// @name What outlives what
    /// @{
    ChildrenAtEnd childrenAtEnd = ChildrenAtEnd::Keep;
    Retirement retirement = Retirement::AfterDelay;
    Duration retirementDelay = std::chrono::seconds(70);
    RedundantPairs redundantPairs = RedundantPairs::Delete;
    Uniqueness uniqueness = Uniqueness::No;
    ContactScope contactScope = ContactScope::Identity;
    InvalidSpiReaction invalidSpi = InvalidSpiReaction::Notify;
    /// Whether Terminate() tells the peer.
    bool sendDeletes = true;
    /// @}

    /// @name Dead peer detection (RFC 3706) and starting again
    /// @{
    /// Whether the vendor ID is sent even if no detection is configured.
    bool announceDpd = true;
    /// Settings of configurations that name none: zero is off.
    Duration dpdDelay{};
    Duration dpdRetry = std::chrono::seconds(5);
    uint32_t dpdTries = 5;
    /// Upper bound of the first sequence number.
    uint32_t dpdFirstSequenceMask = 0x7fffffff;
    /// Whether a repeated probe has the number of the one that nobody answered.
    bool dpdRepeatsSequence = false;
    /// Whether probes with a number that was answered before, or an unexpected one, are answered.
    bool dpdAnswersAnySequence = false;
    /// How many of these are answered between two expected ones; 0 is all.
    uint32_t dpdUnexpectedAnswers = 0;
    /// Whether peers are probed in spite of their traffic if there is a NAT on the way.
    bool dpdProbesBehindNat = false;
    /// Whether the notification stands in front of the HASH (Huawei: seq-notify-hash).
    bool dpdNotifyFirst = false;
    /// How long a negotiation that failed waits before it is tried again: twice as long each time,
    /// from the first to the longest.
    Duration firstPause = std::chrono::seconds(5);
    Duration longestPause = std::chrono::seconds(300);
    /// Attempts until it is given up; 0 is no end.
    uint32_t keyingTries = 0;
    /// @}

    /// @name NAT traversal
    /// @{
    NatTraversalDocuments natTraversalDocuments = NatTraversalDocuments::Rfc;
    /// After this without a packet to a peer, who is behind a NAT sends it one octet, so that the
    /// NAT keeps its mapping (RFC 3948 section 4); zero never.
    Duration natKeepalive = std::chrono::seconds(20);
    /// @}

    /// @name Limits against floods (RFC 2408 section 2.5.3 leaves IKEv1 no stateless defence)
    /// @{
    /// Unfinished phase 1 exchanges as responder, in total and from one address; 0 is no limit.
    uint32_t halfOpen = 25000;
    uint32_t halfOpenPerAddress = 1000;
    /// @}

    /// Tells whether an end may renew.
    static bool
    Renews(Renewer renewer, bool isInitiator)
    {
        return renewer == Renewer::Either || (renewer == Renewer::Initiator && isInitiator);
    }

    /**
     * Returns how long before its end an SA of this lifetime is renewed.
     * @param lifetime of the SA
     * @param isInitiator whether this end began it
     * @param random from 0 to 1, for the random part
     */
    Duration RenewalMargin(Duration lifetime, bool isInitiator, double random) const;
    /// Returns after how many kilobytes of @p hard an SA is renewed, at least one; the parameters
    /// are those of RenewalMargin().
    uint64_t SoftKilobytes(uint64_t hard, bool isInitiator, double random) const;

    /**
     * Returns a preset by name.
     * @throws std::invalid_argument naming the presets there are.
     */
    static Personality Preset(const std::string& name);
    /// Returns the names of all presets, "rfc" first.
    static std::vector<std::string> PresetNames();

  private:
    /// Returns what a margin is multiplied with.
    double MarginFactor(bool isInitiator, double random) const;
};

} // namespace ipsec
} // namespace ns3

#endif // IKE_PERSONALITY_H
