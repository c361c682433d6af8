// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Two engines, the wire between them, and a clock that only the test moves.
 */
#ifndef PEER_PAIR_H
#define PEER_PAIR_H

#include "ns3/ike-engine.h"

#include <deque>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// One of the two ends.
enum class Side : uint8_t
{
    A,
    B,
};

/// Returns the other end.
constexpr Side
Other(Side side)
{
    return side == Side::A ? Side::B : Side::A;
}

/// Names a side in messages of tests.
std::ostream& operator<<(std::ostream& out, Side side);

/**
 * Makes the configuration of one end: A is 192.0.2.1 with 10.1.0.0/24 behind it, B is 192.0.2.2
 * with 10.2.0.0/24, one pre-shared key, one child. Both lists are text as ParsePhase1Proposals()
 * reads it.
 */
EngineConfig SiteConfig(Side side,
                        const std::string& phase1 = "pre-g1-des-md5",
                        const std::string& phase2 = "nopfs-esp-des-md5");

/// A datagram on its way, with the endpoints that its receiver will see.
struct Flight
{
    Side from = Side::A;
    Endpoint source;
    Endpoint destination;
    Octets octets;
    MessageSummary summary;
};

/// One end and everything that it did so far.
struct PairEnd
{
    Engine engine;
    SeededRandomSource random;
    IpAddress address;
    std::vector<Effect> effects;
    std::map<SaKey, IpsecSa> sas;
    /// When SAs last carried a packet.
    std::map<SaKey, Instant> lastUsed;
    std::map<Fault, size_t> drops;
    Work work;
};

/**
 * Runs two engines against each other. A copy is a second world that goes its own way from here:
 * tests fork a pair in the middle of a handshake.
 */
class PeerPair
{
  public:
    PeerPair(EngineConfig a, EngineConfig b, uint64_t seed = 1);
    /// Makes a pair of SiteConfig() with the same proposals at both ends.
    explicit PeerPair(const std::string& phase1 = "pre-g1-des-md5",
                      const std::string& phase2 = "nopfs-esp-des-md5",
                      uint64_t seed = 1);

    /// Puts A behind a NAT that shows it as @p outside and adds @p shift to its ports; zero is a
    /// NAT that forwards the ports, so that A can be called.
    void PutBehindNat(IpAddress outside, uint16_t shift = 10000);

    /// Inputs of an engine, at the present time.
    Effects Initiate(Side side, PeerId peer = 0);
    Effects Acquire(Side side, uint32_t child = 0);
    Effects Terminate(Side side, PeerId peer = 0);
    /// The engine hears of traffic first, as from the data plane.
    Effects Timeout(Side side);
    Effects SoftExpiry(Side side, const SaKey& key);
    /// Takes the SA away, as the data plane does, whether or not the engine asks for it.
    Effects HardExpiry(Side side, const SaKey& key);

    /// Sends a packet through every SA of @p from; it arrives if the other end knows them.
    void Carry(Side from);
    /// Authentic ESP of the other end came from there, on any SA.
    Effects Moved(Side side, const Endpoint& remote);
    /// The other end sent a packet with an SPI that this end does not know.
    Effects UnknownSpi(Side side, uint32_t spi, ProtocolId protocol = ProtocolId::Esp);
    /// An end loses everything and is there again.
    void Crash(Side side);

    /// Returns how many datagrams are on their way.
    size_t InFlight() const;
    /// Returns the oldest datagram on its way.
    const Flight& Next() const;
    /// Delivers the oldest datagram on its way and returns what its receiver did.
    Effects Deliver();
    /// Delivers the oldest datagram of one end, before older ones of the other; false if there is
    /// none.
    bool DeliverFrom(Side from);
    /// Delivers other octets over the path of the oldest datagram, which stays on its way.
    Effects DeliverInstead(OctetView octets);
    /// Delivers octets that nobody sent, from the other end's endpoint as @p to saw it last.
    Effects Inject(Side to, OctetView octets);
    /// Delivers octets that nobody sent from an endpoint of the test's choice.
    Effects InjectFrom(const Endpoint& source, Side to, OctetView octets);
    /// Takes the oldest datagram off the wire.
    void Lose();
    /// Puts a copy of the oldest datagram right behind it.
    void Duplicate();
    /// Takes everything off the wire.
    void LoseAll();
    /// Delivers until the wire is empty or @p most datagrams were delivered; returns how many.
    size_t DeliverAll(size_t most = 100);

    /// Moves the clock without telling the engines.
    void Advance(Duration time);
    /// Moves the clock to the next deadline of either end, unless it lies more than @p within
    /// ahead, and calls HandleTimeout() there; returns whether it did.
    bool AdvanceToDeadline(Duration within = std::chrono::minutes(10));
    /// Delivers and lets time pass until nothing happens for ten minutes, or after @p most steps.
    /// Returns the steps taken.
    size_t Settle(size_t most = 200);
    Instant Now() const;

    PairEnd& End(Side side);
    const PairEnd& End(Side side) const;
    /// Returns the SAs of an end in one direction, in the order of their SPIs.
    std::vector<IpsecSa> Sas(Side side, SaDirection direction) const;
    /// Returns every datagram ever sent, in order.
    const std::vector<Flight>& Sent() const;
    /// Returns how many datagrams of this kind were sent by both ends.
    size_t CountSent(ExchangeType exchange) const;
    /// Returns how often an end dropped something for this reason.
    size_t Drops(Side side, Fault fault) const;
    /// Returns how often an end dropped anything.
    size_t Drops(Side side) const;
    /// Returns all effects of one kind that an end had.
    template <typename Kind>
    std::vector<Kind> Seen(Side side) const;

    /// Tells whether both ends have one IKE SA, the same one with the same keys.
    bool IsIkeUp() const;
    /// Tells whether neither end has an IKE SA.
    bool IsIkeDown() const;
    /// Tells whether both ends have @p tunnels pairs of SAs that fit each other, and no other SA. A
    /// bundle is two pairs.
    bool AreTunnelsUp(size_t tunnels = 1) const;
    /// Describes the first SA whose two ends differ in keys, algorithms, mode, traffic or outer
    /// addresses; empty if there is none (S3).
    std::string Disagreement() const;

  private:
    Effects Apply(Side side, Effects effects);
    void Send(Side from, const Transmit& transmit);

    std::array<PairEnd, 2> m_ends;
    std::optional<IpAddress> m_outside;
    uint16_t m_portShift = 0;
    std::deque<Flight> m_wire;
    std::vector<Flight> m_sent;
    /// What each end saw as the other's endpoint and as its own.
    std::array<Flight, 2> m_lastPath;
    Instant m_now{};
};

template <typename Kind>
std::vector<Kind>
PeerPair::Seen(Side side) const
{
    std::vector<Kind> seen;
    for (const Effect& effect : End(side).effects)
    {
        if (const Kind* kind = std::get_if<Kind>(&effect))
        {
            seen.push_back(*kind);
        }
    }
    return seen;
}

/// Returns the first effect of one kind in @p effects, or null.
template <typename Kind>
const Kind*
FindEffect(const Effects& effects)
{
    for (const Effect& effect : effects.list)
    {
        if (const Kind* kind = std::get_if<Kind>(&effect))
        {
            return kind;
        }
    }
    return nullptr;
}

/// Tells whether an input was refused: it was dropped, and nothing else happened but perhaps a
/// notification.
bool WasRefused(const Effects& effects);

/// Returns the fault of the first drop among @p effects; fails the test if there is none.
Fault DroppedFault(const Effects& effects);

/// Returns the payload types of a message without vendor IDs.
std::vector<PayloadType> PayloadKinds(const MessageSummary& summary);

} // namespace ipsec
} // namespace ns3

#endif // PEER_PAIR_H
