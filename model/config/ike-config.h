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

/// One tunnel to negotiate with a peer: a pair of IPsec SAs (two pairs for AH and ESP).
struct ChildConfig
{
    std::string name;
    std::vector<Phase2Proposal> proposals;
    ProxyId proxyId;
    /// Mode Config's address takes the place of the local (client) or remote (server) side.
    bool localIsAssigned = false;
    bool remoteIsAssigned = false;
    EncapsulationMode mode = EncapsulationMode::Tunnel;
    /// What we offer; the shorter of both ends' is used (requirement LT-03).
    Duration lifetime = std::chrono::hours(1);
    /// Zero offers none.
    uint64_t lifetimeKilobytes = 0;
    uint32_t replayWindow = 64;
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
    Personality personality;
    XauthConfig xauth;
    ModeConfig modeConfig;
    /// IKE fragmentation (vendor ID FRAGMENTATION, payload 132); used if both ends announce it.
    bool fragmentation = false;
    std::vector<ChildConfig> children;
};

/// Bounds of one engine against floods (RFC 2408 section 2.5.3 leaves IKEv1 no stateless defence).
struct EngineLimits
{
    /// Unfinished phase 1 exchanges as responder, in total; beyond it the oldest goes.
    uint32_t halfOpen = 25000;
    /// The same from one address; beyond it new ones are refused.
    uint32_t halfOpenPerAddress = 1000;
    /// Least time between two unauthenticated notifications to one address.
    Duration notifyInterval = std::chrono::seconds(1);
    /// Addresses remembered for that.
    uint32_t notifySources = 1024;
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
     * @throws std::invalid_argument with one sentence: no proposals or more than four, a
     * pre-shared key missing, no or equal addresses, a name used twice, two dynamic peers with
     * different pre-shared keys in main mode (MM-06), dynamic peers with different phase 1
     * proposals (P1-20), an authentication that is not by pre-shared key, AH, different PFS groups
     * in one offer (RFC 2409 section 5.5: one KE payload), transport mode for traffic that is not
     * the two ends' own, lifetimes that are zero or do not fit the wire, a replay window that is
     * neither 0 nor 32 to 4096, a personality that no peer could understand, XAUTH without a user,
     * Mode Config without its pool, an address kept outside of its pool, an assigned address where
     * nobody assigns one, a group of clients with one address.
     */
    void Validate() const;

  private:
    /// Its part about XAUTH, Mode Config, address pools and groups of clients.
    void ValidateRemoteAccess() const;
};

} // namespace ipsec
} // namespace ns3

#endif // IKE_CONFIG_H
