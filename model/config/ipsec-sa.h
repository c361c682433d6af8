// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What the IKE half hands to the IPsec half: one security association.
 */
#ifndef IPSEC_SA_H
#define IPSEC_SA_H

#include "ipsec-outer-header-rules.h"
#include "ipsec-proxy-id.h"

#include "ns3/crypto-algorithms.h"
#include "ns3/ipsec-shared.h"
#include "ns3/ipsec-time.h"
#include "ns3/isakmp-constants.h"

#include <optional>

namespace ns3
{
namespace ipsec
{

/// A peer of one engine: the position of its configuration, or a number above for peers met later.
using PeerId = uint32_t;

/// Stands for the peers of SAs whose keys were set by hand: nobody negotiates with them.
constexpr PeerId MANUAL_PEER = 0xffffffff;

/// A child of a peer: the position of its configuration in the peer's list.
struct ChildId
{
    PeerId peer = 0;
    uint32_t child = 0;
};

inline bool
operator==(const ChildId& a, const ChildId& b)
{
    return a.peer == b.peer && a.child == b.child;
}

inline bool
operator!=(const ChildId& a, const ChildId& b)
{
    return !(a == b);
}

inline bool
operator<(const ChildId& a, const ChildId& b)
{
    return a.peer < b.peer || (a.peer == b.peer && a.child < b.child);
}

enum class SaDirection : uint8_t
{
    Inbound,
    Outbound,
};

enum class EncapsulationMode : uint8_t
{
    Tunnel,
    Transport,
};

/// What names an SA in the whole node: inbound SPIs are ours, outbound ones the peer's, so
/// destination and protocol belong to the name (RFC 4301 section 4.1).
struct SaKey
{
    SaDirection direction = SaDirection::Inbound;
    ProtocolId protocol = ProtocolId::Esp;
    uint32_t spi = 0;
    /// The peer for outbound SAs, 0.0.0.0 for inbound ones.
    IpAddress remote;
};

bool operator==(const SaKey& a, const SaKey& b);
bool operator<(const SaKey& a, const SaKey& b);

/// Hashes names of SAs, for tables that nobody lists.
struct SaKeyHash
{
    size_t operator()(const SaKey& key) const;
};

/// Windows that are taken: RFC 4303 section 3.4.3 asks for at least 32; beyond the upper bound
/// nothing is gained.
constexpr uint32_t MIN_REPLAY_WINDOW = 32;
constexpr uint32_t MAX_REPLAY_WINDOW = 4096;

/// Tells whether a window is 0, which switches anti-replay off, or of a size that is taken.
inline bool
IsReplayWindow(uint32_t packets)
{
    return packets == 0 || (packets >= MIN_REPLAY_WINDOW && packets <= MAX_REPLAY_WINDOW);
}

/// When an SA must be renewed and when it must go; zero means never.
struct SaLifetime
{
    Duration soft{};
    Duration hard{};
    uint64_t softKilobytes = 0;
    uint64_t hardKilobytes = 0;
};

/// The addresses that a peer sends from and to in its own view, where a NAT changes them (RFC 3947
/// section 5.2): checksums of what it sends cover these.
struct OriginalAddresses
{
    IpAddress local;
    IpAddress remote;
};

/// One unidirectional SA with its keys (RFC 4301 section 4.4.2).
struct IpsecSa
{
    SaDirection direction = SaDirection::Inbound;
    ProtocolId protocol = ProtocolId::Esp;
    EncapsulationMode mode = EncapsulationMode::Tunnel;
    uint32_t spi = 0;
    /// SPI of the SA in the other direction.
    uint32_t pairSpi = 0;
    /// AH and ESP for the same traffic (RFC 2401 section 4.3): each names the other's SPI in the
    /// same direction. AH goes around ESP, and ESP has the mode. 0 for an SA that stands alone.
    uint32_t bundledSpi = 0;
    /// Outer addresses; with UDP encapsulation (RFC 3948) the ports count too.
    Endpoint local;
    Endpoint remote;
    bool udpEncapsulated = false;
    /// Whether packets go where the peer's newest authentic one came from: the peer is behind a
    /// NAT, and we are not.
    bool followsPeer = false;
    /// In transport mode through a NAT, if the peer told.
    std::optional<OriginalAddresses> original;
    ProxyId proxyId;
    CipherId cipher = CipherId::Null;
    IntegrityId integrity = IntegrityId::None;
    /// With the salt of CTR and GCM behind the key, as KEYMAT has it.
    SecretBytes cipherKey;
    SecretBytes integrityKey;
    SaLifetime lifetime;
    OuterHeaderRules outerHeader;
    /// 64-bit sequence numbers, of which packets carry the lower half (RFC 4303 section 2.2.1).
    bool extendedSequence = false;
    /// Packets behind the newest that are still accepted; 0 switches anti-replay off.
    uint32_t replayWindow = 64;
    Instant installedAt{};
    ChildId child;
    /// The agreed proposal as text, for displays.
    CommonText proposal;

    /// Returns the name of this SA.
    SaKey Key() const;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SA_H
