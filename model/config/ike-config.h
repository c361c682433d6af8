// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Configuration of an engine: its peers and their children.
 */
#ifndef IKE_CONFIG_H
#define IKE_CONFIG_H

#include "ike-identity.h"
#include "ike-personality.h"
#include "ike-proposal.h"
#include "ike-remote-access.h"
#include "ipsec-proxy-id.h"
#include "ipsec-sa.h"

#include "ns3/crypto-certificate.h"
#include "ns3/ipsec-shared.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

enum class NatTraversal : uint8_t
{
    Auto,  ///< RFC 3947: detect, encapsulate if there is a NAT
    Force, ///< make detection find a NAT, so that ESP always travels in UDP
    Off,   ///< neither announce nor answer
};

/// Phase 1 exchanges that build an IKE SA (RFC 2409 section 5).
enum class Phase1Mode : uint8_t
{
    Main,
    Aggressive,
};

/// What a responder does with aggressive mode where it wants main mode (AM-09).
enum class AggressiveRefusal : uint8_t
{
    Silent, ///< count it, answer nothing
    Notify, ///< INVALID-EXCHANGE-TYPE, in clear
};

/// What kind of peer it is; the rules of configuration differ.
enum class PeerKind : uint8_t
{
    Site,       ///< a gateway; without a remote address a "dynamic peer"
    DialUp,     ///< a user: with a pre-shared key it must be aggressive mode (AM-04)
    DynamicVpn, ///< a user of Junos's dynamic VPN: aggressive mode, custom proposals only (P1-14)
};

/// When we send our certificates.
enum class CertificateSending : uint8_t
{
    IfAsked, ///< the peer sent CERTREQ for an authority that we have a certificate of, or for any
    Always,
    Never, ///< the peer must know them
};

/// One of our private keys with its certificate, followed by those of intermediate authorities.
struct OwnKey
{
    PrivateKey key;
    std::vector<Certificate> chain;
};

/// Keys of a node and what it trusts; peers share it.
struct KeyStore
{
    /// At most one of each kind.
    std::vector<OwnKey> own;
    Trust trust;

    /// Returns our key of a kind, or null.
    const OwnKey* Find(KeyKind kind) const;
};

/// Whether 64-bit sequence numbers are wanted (RFC 4304).
enum class ExtendedSequence : uint8_t
{
    Off,
    Prefer, ///< with a peer that has them
    Require,
};

/// What the end of an IPsec SA means for its IKE SA (requirement LT-04).
enum class ChildLifetimePolicy : uint8_t
{
    Independent, ///< nothing: each is renewed by itself
    Linked,      ///< both go, and negotiation begins anew
};

/// When a peer is asked whether it is alive (RFC 3706).
enum class DpdMode : uint8_t
{
    Off,
    OnDemand, ///< nothing came for the delay, although something was sent since
    Periodic, ///< nothing came for the delay, whether anything was sent or not
    Always,   ///< after every delay, whatever came
};

/// What follows when a peer is dead: its SAs go in any case.
enum class DpdAction : uint8_t
{
    Clear,   ///< packets are dropped until somebody starts the tunnel again
    Hold,    ///< the next packet starts it
    Restart, ///< it is started again at once, and again with growing pauses
};

/// Dead peer detection with one peer.
struct DpdConfig
{
    DpdMode mode = DpdMode::Off;
    Duration delay = std::chrono::seconds(10);
    /// Between a probe and the next if nobody answers.
    Duration retry = std::chrono::seconds(5);
    /// Probes without answer after which the peer is dead, one retry after the last.
    uint32_t tries = 5;
    DpdAction action = DpdAction::Hold;
};

/// One tunnel to negotiate with a peer: a pair of IPsec SAs (two pairs for AH and ESP).
struct ChildConfig
{
    std::string name;
    std::vector<Phase2Proposal> proposals;
    ProxyId proxyId;
    /// Mode Config's address takes the place of the local (client) or remote (server) side.
    bool localIsAssigned = false;
    bool remoteIsAssigned = false;
    /// The local side is our own address, whichever it is at the moment; what leads packets into
    /// the tunnel comes with its first SA.
    bool localIsOwn = false;
    /// The remote side is one host, the peer's own: in tunnel mode the address that it names, which
    /// may be private, in transport mode the one that we see it at.
    bool remoteIsPeer = false;
    EncapsulationMode mode = EncapsulationMode::Tunnel;
    /// What we offer; the shorter of both ends' is used (requirement LT-03).
    Duration lifetime = std::chrono::hours(1);
    /// Zero offers none.
    uint64_t lifetimeKilobytes = 0;
    /// 0 (off) or 32 to 4096; nobody negotiates it.
    uint32_t replayWindow = 64;
    ExtendedSequence extendedSequence = ExtendedSequence::Off;
    OuterHeaderRules outerHeader;
};

/// One peer.
struct PeerConfig
{
    std::string name;
    /// Where we answer from.
    IpAddress localAddress;
    /// Nothing means any address: the peer is dynamic and cannot be called.
    std::optional<IpAddress> remoteAddress;
    PeerKind kind = PeerKind::Site;
    /// Whether many clients may come under this configuration at once, each a peer of its own: a
    /// group of users.
    bool isGroup = false;
    /// What we start; main mode is always answered where the peer's address tells the key.
    Phase1Mode mode = Phase1Mode::Main;
    AggressiveRefusal aggressiveRefusal = AggressiveRefusal::Notify;
    std::vector<Phase1Proposal> proposals;
    /// Name of the predefined set that the proposals are, empty for custom ones.
    std::string proposalSet;
    /// For methods by pre-shared key.
    SecretBytes preSharedKey;
    /// For all other methods.
    std::shared_ptr<const KeyStore> keys;
    /// Certificates of the peer that are known beforehand. Encryption methods need one; signatures
    /// take one that the peer does not send.
    std::vector<Certificate> peerCertificates;
    CertificateSending certificateSending = CertificateSending::IfAsked;
    /// Whether we ask for the peer's certificate (CERTREQ).
    bool requestCertificate = true;
    /// Nothing means the local address.
    std::optional<Identity> localId;
    /// Nothing means the peer's address as we see it (or any, if the peer is dynamic).
    std::optional<Identity> remoteId;
    NatTraversal natTraversal = NatTraversal::Auto;
    /// What we offer; the shorter of both ends' is used (P1-19).
    Duration lifetime = std::chrono::hours(24);
    ChildLifetimePolicy childLifetimePolicy = ChildLifetimePolicy::Independent;
    /// Peers of one personality share it in memory.
    Shared<Personality> personality;
    DpdConfig dpd;
    /// Whether children that went, or could not be negotiated, are tried again with growing pauses;
    /// only with a peer that can be called.
    bool keepUp = false;
    Shared<XauthConfig> xauth;
    Shared<ModeConfig> modeConfig;
    /// IKE fragmentation (vendor ID FRAGMENTATION, payload 132); used if both ends announce it.
    bool fragmentation = false;
    std::vector<ChildConfig> children;

    /// Tells whether a proposal is one of ours.
    bool Offers(const Phase1Proposal& proposal) const;
    /// Tells whether a proposal's method finds what it needs to know of the peer: a pre-shared key,
    /// somebody to trust, or a certificate.
    bool HasKeyFor(const Phase1Proposal& proposal) const;
    /// Tells whether one of our proposals hides identities (RFC 2409 sections 5.2 and 5.3).
    bool HidesIdentities() const;
};

/// Bounds of one engine against floods (RFC 2408 section 2.5.3 leaves IKEv1 no stateless defence).
struct EngineLimits
{
    /// Unfinished phase 1 exchanges as responder, in total; beyond it the oldest goes. 0 is no
    /// limit.
    uint32_t halfOpen = 25000;
    /// The same from one address; beyond it new ones are refused. 0 is no limit.
    uint32_t halfOpenPerAddress = 1000;
    /// Least time between two unauthenticated notifications to one address.
    Duration notifyInterval = std::chrono::seconds(1);
    /// Addresses remembered for that.
    uint32_t notifySources = 1024;
    /// Clients of groups at once; more are refused.
    uint32_t clients = 1000000;
};

/// Everything an engine is told.
struct EngineConfig
{
    std::vector<PeerConfig> peers;
    std::vector<AddressPool> pools;
    EngineLimits limits;
    /// The calendar's time at instant 0: certificates are judged by it. 2026-01-01 00:00 UTC.
    CalendarSeconds calendarStart = 1767225600;

    /**
     * Checks what can be checked before the first packet.
     * @throws std::invalid_argument with one sentence. Refused are:
     * - of a peer: no or equal addresses, a name used twice, a group with a remote address; no
     *   proposals or more than four; lifetimes that are zero or do not fit the wire; a personality
     *   that no peer could understand;
     * - of liveness: dead peer detection without a delay, a time between probes, or a probe; pauses
     *   that are zero or shrink;
     * - of authentication: a missing pre-shared key; a private key that is missing or is not its
     *   certificate's; nothing to trust; for public key encryption a peer that has an address but
     *   no certificate that is known; XAUTH with a method that has no number for it, and hybrid
     *   authentication without XAUTH;
     * - of aggressive mode with a peer that can be called: proposals that differ in what the first
     *   message commits to, the group and how the identity is hidden;
     * - of identities: a certificate of ours that does not name us, unless we go by a KEY_ID; the
     *   address as the identity of a dynamic site (AM-06, PO-06), though users may (AM-05); an
     *   address other than the peer's where no NAT is reckoned with (PO-05): with NAT traversal it
     *   may be the peer's behind its NAT;
     * - of users: a pre-shared key in main mode (AM-04), dynamic VPN in main mode or with a
     *   predefined set (P1-14);
     * - of dynamic peers at one local address: different pre-shared keys (MM-06) or proposals
     *   (P1-20) in main mode, the same remote ID or none in aggressive mode;
     * - of remote access: an XAUTH client without a user, a server without users, with no or more
     *   than ten tries, or without time; a pool that does not exist, is empty, has more than 2^20
     *   addresses, or keeps addresses that are not its own or twice; assigned addresses where
     *   nothing assigns any;
     * - of a child: no proposals or more than four; ESP without integrity, or GCM with a hash; AH
     *   where NAT traversal is forced; different PFS groups in one offer (RFC 2409 section 5.5: one
     *   KE payload); transport mode for traffic that is not the two ends' own; a replay window that
     *   is neither 0 nor 32 to 4096, or none with extended sequence numbers; a DSCP above 63 or a
     *   TTL of 0 for outer headers; a name or proxy ID used twice.
     */
    void Validate() const;
    /**
     * Checks the same for an engine at work. It may have lost keys, and have moved: nothing is
     * asked of proposals without a key, and neither certificates nor transport mode must name the
     * present address.
     * @throws std::invalid_argument with one sentence.
     */
    void ValidateChange() const;
};

/// Returns one sentence for each danger in a configuration that Validate() accepts: aggressive mode
/// with a pre-shared key (MM-04), dynamic peers of main mode that share one (MM-06), and a group's
/// pre-shared key with XAUTH. IsWeak() tells of weak proposals.
std::vector<std::string> Warnings(const EngineConfig& config);

} // namespace ipsec
} // namespace ns3

#endif // IKE_CONFIG_H
