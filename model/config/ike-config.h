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
#include "ipsec-proxy-id.h"
#include "ipsec-sa.h"

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

/// One tunnel to negotiate with a peer: a pair of IPsec SAs (two pairs for AH and ESP).
struct ChildConfig
{
    std::string name;
    std::vector<Phase2Proposal> proposals;
    ProxyId proxyId;
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
    std::vector<Phase1Proposal> proposals;
    SecretBytes preSharedKey;
    /// Nothing means the local address.
    std::optional<Identity> localId;
    /// Nothing means the peer's address as we see it (or any, if the peer is dynamic).
    std::optional<Identity> remoteId;
    NatTraversal natTraversal = NatTraversal::Auto;
    /// What we offer; the shorter of both ends' is used (P1-19).
    Duration lifetime = std::chrono::hours(24);
    Personality personality;
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
    EngineLimits limits;

    /**
     * Checks what can be checked before the first packet.
     * @throws std::invalid_argument with one sentence: no proposals or more than four, a
     * pre-shared key missing, no or equal addresses, a name used twice, two dynamic peers with
     * different pre-shared keys in main mode (MM-06), dynamic peers with different phase 1
     * proposals (P1-20), an authentication that is not by pre-shared key, AH, different PFS groups
     * in one offer (RFC 2409 section 5.5: one KE payload), transport mode for traffic that is not
     * the two ends' own, lifetimes that are zero or do not fit the wire, a replay window that is
     * neither 0 nor 32 to 4096, a personality that no peer could understand.
     */
    void Validate() const;
};

} // namespace ipsec
} // namespace ns3

#endif // IKE_CONFIG_H
