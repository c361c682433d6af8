// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The engine: all IKE peers of one node.
 */
#ifndef IKE_ENGINE_H
#define IKE_ENGINE_H

#include "ike-effects.h"

#include "ns3/ike-config.h"
#include "ns3/ipsec-random-source.h"
#include "ns3/ipsec-time.h"

#include <memory>
#include <optional>
#include <set>
#include <vector>

namespace ns3
{
namespace ipsec
{

struct EngineState;

/// A configuration that nobody changes any more, so that all who need it can hold the same one:
/// with thousands of engines in one process, copies are what memory goes to.
using SharedEngineConfig = std::shared_ptr<const EngineConfig>;

/// A datagram as it came from the socket, without the non-ESP marker.
struct Datagram
{
    Endpoint local;
    Endpoint remote;
    OctetView octets;
};

/// ESP or AH that nobody here has an SA for. The ports are zero unless it came in UDP.
struct UnknownSpi
{
    Endpoint local;
    Endpoint remote;
    ProtocolId protocol = ProtocolId::Esp;
    uint32_t spi = 0;
};

/// Peers of the configuration whose messages are described: PayloadLabel::Lines().
struct DescribedPeers
{
    /// Messages to them.
    std::set<PeerId> to;
    /// Messages from them: whoever hears of every message from its sender needs none.
    std::set<PeerId> from;
};

/// Tells whether a peer has a key, or somebody to trust, for one of its proposals.
bool HasUsableKey(const PeerConfig& peer);

/**
 * Runs IKEv1 for one node. It owns no clock, no socket and no randomness: every input says what
 * time it is, every effect is returned. A copy is a whole engine of its own: tests fork it in the
 * middle of a handshake.
 */
class Engine
{
  public:
    /// @throws std::invalid_argument if EngineConfig::Validate() does.
    explicit Engine(EngineConfig config);
    /// @copydoc Engine(EngineConfig)
    explicit Engine(SharedEngineConfig config);
    Engine(const Engine& other);
    Engine(Engine&& other) noexcept;
    Engine& operator=(const Engine& other);
    Engine& operator=(Engine&& other) noexcept;
    ~Engine();

    /// A datagram came in on port 500 or 4500.
    [[nodiscard]] Effects HandleDatagram(Instant now,
                                         const Datagram& datagram,
                                         RandomSource& random);
    /// Time passed. A call before NextDeadline() changes nothing.
    [[nodiscard]] Effects HandleTimeout(Instant now, RandomSource& random);
    /// A packet needs a child's SA. While one is negotiated, or if one is there, nothing happens.
    [[nodiscard]] Effects Acquire(Instant now,
                                  ChildId child,
                                  const FlowKey& flow,
                                  RandomSource& random);
    /// Start phase 1 and all children of a peer.
    [[nodiscard]] Effects Initiate(Instant now, PeerId peer, RandomSource& random);
    /// Delete every SA of a peer and tell it.
    [[nodiscard]] Effects Terminate(Instant now, PeerId peer, RandomSource& random);
    /// An inbound or outbound SA came near its end: negotiate its successor.
    [[nodiscard]] Effects HandleSoftExpiry(Instant now, const SaKey& key, RandomSource& random);
    /// An SA reached its end and is gone from the SAD; tell the peer.
    [[nodiscard]] Effects HandleHardExpiry(Instant now, const SaKey& key, RandomSource& random);
    /// Authenticated ESP of an SA came from another endpoint (RFC 3948 section 4).
    [[nodiscard]] Effects HandlePeerMoved(Instant now, const SaKey& key, const Endpoint& remote);
    /**
     * The configuration changed. SAs live on; what is negotiated from now on goes by the new one.
     * Keys may be missing: proposals without one are no longer made or taken, and a peer with none
     * left is unknown when it calls.
     * @throws std::invalid_argument before anything changed, if the peers or how many children they
     * have differ, or EngineConfig::ValidateChange() does.
     */
    [[nodiscard]] Effects Reconfigure(Instant now, EngineConfig config, RandomSource& random);
    /// @copydoc Reconfigure(Instant,EngineConfig,RandomSource&)
    [[nodiscard]] Effects Reconfigure(Instant now,
                                      const SharedEngineConfig& config,
                                      RandomSource& random);

    /// A packet with an SPI that nobody knows came; the personality says what follows.
    [[nodiscard]] Effects HandleUnknownSpi(Instant now,
                                           const UnknownSpi& unknown,
                                           RandomSource& random);

    /// Returns the SAs of peers that may have to be asked now whether they are alive. Before
    /// HandleTimeout(), HandleTraffic() is to tell of each.
    std::vector<SaKey> AwaitsTraffic(Instant now) const;
    /// An SA last carried a packet then: an authenticated one, if it is inbound.
    void HandleTraffic(Instant now, const SaKey& key, Instant lastUsed);

    /// Returns when HandleTimeout() must be called next, if ever.
    std::optional<Instant> NextDeadline() const;

    /// Says which messages are described: those that somebody keeps one by one, to show them. None
    /// at first.
    void DescribeMessages(const DescribedPeers& peers);
    const DescribedPeers& Described() const;

    const EngineConfig& Config() const;
    /// Returns all peers there are, clients of groups included.
    std::vector<PeerId> Peers() const;
    /// Returns the configuration of a peer with what it was assigned, or null if there is none (any
    /// more). It is valid until the next input.
    const PeerConfig* FindPeerConfig(PeerId peer) const;
    /// Returns all established IKE SAs, in the order of peers and of establishment.
    std::vector<IkeSaInfo> IkeSas() const;
    /// Returns how many phase 1 exchanges are unfinished as responder.
    size_t HalfOpen() const;
    /// Returns how many addresses of a pool clients have.
    size_t AddressesInUse(const std::string& pool) const;

  private:
    std::unique_ptr<EngineState> m_state;
};

} // namespace ipsec
} // namespace ns3

#endif // IKE_ENGINE_H
