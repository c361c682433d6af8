// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What happened in a run, as plain values: reports are made from this alone.
 */
#ifndef IPSEC_RUN_RECORD_H
#define IPSEC_RUN_RECORD_H

#include "ipsec-attacker.h"
#include "ipsec-dial-up-record.h"
#include "ipsec-message-record.h"
#include "ipsec-series.h"
#include "ipsec-session-table.h"

#include "ns3/crypto-work.h"
#include "ns3/ike-effects.h"
#include "ns3/ipsec-time.h"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// One IKE SA of a node.
struct IkeSaRecord
{
    /// Name of the peer's node.
    std::string peer;
    IkeSaInfo info;
    /// Whom XAUTH let in; empty without XAUTH.
    std::string xauthUser;
    std::optional<Instant> endedAt;
    Fault reason = Fault::Terminated;
    uint64_t order = 0;
    uint64_t endOrder = 0;
};

/// One IPsec SA of a node.
struct IpsecSaRecord
{
    std::string peer;
    std::string tunnel;
    /// Who started the quick mode that made it.
    Role role = Role::Initiator;
    IpsecSa sa;
    Instant installedAt{};
    std::optional<Instant> removedAt;
    Fault reason = Fault::Terminated;
    uint64_t packets = 0;
    /// Octets of inner packets.
    uint64_t octets = 0;
    /// Sequence number of the last packet sent, or the highest one received, and packets that were
    /// refused, all at the end of the run or of the SA.
    uint64_t sequence = 0;
    uint64_t replayed = 0;
    uint64_t failed = 0;
    uint64_t order = 0;

    /// Returns how much is left of its hard lifetime at @p now; nothing if it has none or is gone.
    std::optional<Duration> RemainingDuration(Instant now) const;
};

/// A negotiation that failed at a node.
struct FailureRecord
{
    Instant at{};
    std::string peer;
    /// Name of the tunnel; empty if phase 1 itself failed.
    std::string tunnel;
    Fault reason = Fault::NegotiationTimeout;
    uint16_t notify = 0;
    uint64_t order = 0;
};

/// Something refused or lost at a node.
struct DropRecord
{
    Instant at{};
    Fault fault = Fault::TooShort;
    /// Peer's address for messages; empty for packets of the data plane.
    std::string remote;
    uint16_t notify = 0;
    uint64_t order = 0;
};

/// Tells whether a drop is no sign of trouble.
bool IsHarmless(Fault fault);

/// An address that Mode Config gave a node.
struct AddressRecord
{
    Instant at{};
    std::string peer;
    IpAddress address;
    uint64_t order = 0;
};

/// A peer behind a NAT that was last heard from elsewhere.
struct MoveRecord
{
    Instant at{};
    std::string peer;
    Endpoint remote;
    uint64_t order = 0;
};

/// The NAT keepalives to a peer.
struct KeepAliveRecord
{
    /// The first one.
    Instant at{};
    std::string peer;
    uint64_t count = 0;
    uint64_t order = 0;
};

/// An exchange that moved on.
struct StateRecord
{
    Instant at{};
    std::string peer;
    uint32_t messageId = 0;
    std::string from;
    std::string to;
};

/// What the processor of a gateway did.
struct CpuRecord
{
    uint32_t cores = 1;
    uint64_t ikeJobs = 0;
    uint64_t outboundJobs = 0;
    uint64_t inboundJobs = 0;
    uint64_t drops = 0;
    Duration busy{};
    uint32_t longestQueue = 0;
    Work done;
};

/// Something that the scenario let happen.
struct EventRecord
{
    Instant at{};
    /// Name of the [event NAME].
    std::string name;
    std::string kind;
    /// The gateway or tunnel that it happened to; "internet" for everybody.
    std::string target;
    /// What else there is to say, such as the new address; empty for nothing.
    std::string detail;
};

/// Most drops that are kept one by one; the sums in NodeRecord::dropCounts are always whole.
constexpr size_t MAX_DROP_RECORDS = 1000;

/// What happened at one gateway.
struct NodeRecord
{
    std::string name;
    IpAddress address;
    Prefix lan;
    std::deque<IkeSaRecord> ikeSas;
    /// Initiator cookie and key of phase 1 exchanges that failed after they had keys.
    std::vector<std::pair<Cookie, SecretBytes>> failedIkeKeys;
    std::deque<IpsecSaRecord> ipsecSas;
    std::vector<FailureRecord> failures;
    std::vector<AddressRecord> addresses;
    /// Names of the NATs that it is behind, at the end of the run, the innermost first.
    std::vector<std::string> nats;
    /// Of a client that dials up: every place that it was at.
    std::vector<PlaceRecord> places;
    std::vector<MoveRecord> moves;
    /// One for each peer that any was sent to.
    std::vector<KeepAliveRecord> peerKeepAlives;
    /// NAT keepalives that were sent, to all peers.
    uint64_t keepAlives = 0;
    std::vector<DropRecord> drops;
    std::map<Fault, uint64_t> dropCounts;
    std::vector<StateRecord> states;
    Work work;
    /// Nothing if cryptography takes no time.
    std::optional<CpuRecord> cpu;
    /// Packets that left for the internet in clear although a rule wants them protected.
    uint64_t clearPackets = 0;
    /// Packets that left with a sequence number that their SA had used before.
    uint64_t repeatedSequences = 0;
    std::vector<Session> sessions;
    /// Packets that the internet lost on their way from here.
    uint64_t lostPackets = 0;
    /// Packets that could not leave: nobody has the address, or the queue was full.
    uint64_t unsentPackets = 0;

    /// Returns the address that came with an IKE SA, the newest of several, or null.
    const AddressRecord* FindAddress(const IkeSaRecord& sa) const;
};

/// What happened at one NAT.
struct NatRecord
{
    std::string name;
    IpAddress address;
    Prefix lan;
    /// Name of the NAT that it is behind; empty for the internet.
    std::string behind;
    /// Name of the NAT that it was made like by a [clients]; empty if a section wrote it.
    std::string copyOf;
    /// At the end of the run, and the most at once; port forwardings are not counted.
    size_t mappings = 0;
    size_t mostMappings = 0;
    uint64_t created = 0;
    /// Mappings that ended, and packets that were lost, by reason.
    std::map<std::string, uint64_t> ended;
    std::map<std::string, uint64_t> drops;
    uint64_t translatedPackets = 0;
    /// Packets that its link lost or that went to an address that nobody has, and those that waited
    /// in vain for their turn on it.
    uint64_t lostPackets = 0;
    uint64_t unsentPackets = 0;
};

/// What an attacker made of one IPsec SA.
struct AttackedSaRecord
{
    std::string tunnel;
    AttackedSa sa;
};

/// What one [attacker NAME] got.
struct AttackRecord
{
    std::string name;
    std::string watches;
    std::string stealsFrom;
    /// Packets of ESP on the link that was watched.
    uint64_t capturedPackets = 0;
    std::vector<AttackedSaRecord> sas;

    /// Returns how many packets of a tunnel were captured, and how many of them could be read.
    uint64_t Captured(const std::string& tunnel) const;
    uint64_t Read(const std::string& tunnel) const;
};

/// One probe of a traffic.
struct ProbeRecord
{
    Instant sentAt{};
    std::optional<Duration> roundTrip;
};

/// Round-trip times added up.
struct RoundTripSums
{
    uint64_t count = 0;
    Duration least{};
    Duration most{};
    Duration sum{};

    void Add(Duration roundTrip);
};

/// What became of one [traffic NAME], or of the traffic of one [branches NAME].
struct TrafficRecord
{
    std::string name;
    /// "ping", "udp", "tcp" or "iperf3".
    std::string kind;
    std::string from;
    std::string to;
    IpAddress toAddress;
    /// Packets; of iperf3, what its client says that it sent: octets / size.
    uint64_t sent = 0;
    /// Answers to pings, packets at the receiver of a UDP stream, octets / size for TCP.
    uint64_t received = 0;
    uint64_t sentOctets = 0;
    uint64_t receivedOctets = 0;
    /// Pings only, in the order of sending.
    std::vector<ProbeRecord> probes;
    /// Of pings that are not kept one by one.
    RoundTripSums roundTrips;
    /// Longest time without an answer (pings) or a packet at the receiver, from the first packet
    /// sent to the last one or the last arrival; nothing where it is not measured.
    std::optional<Duration> longestSilence;

    /// Returns how many packets did not arrive, or were not answered.
    uint64_t
    Lost() const
    {
        return sent > received ? sent - received : 0;
    }

    /// Return the least, mean and greatest round-trip time; nothing without an answer.
    std::optional<Duration> MinimumRoundTrip() const;
    std::optional<Duration> MeanRoundTrip() const;
    std::optional<Duration> MaximumRoundTrip() const;
};

/// Whether an expectation came true.
struct ExpectationOutcome
{
    std::string text;
    bool pass = false;
    /// What was seen instead or in proof, such as "up at 0.166 s".
    std::string seen;
    /// What the scenario says to whoever did not meet it; empty if it came true.
    std::string hint = {};
};

/// A tunnel of the scenario, as reports need it.
struct TunnelRecord
{
    std::string name;
    /// Nodes at both ends; the second is an address for a peer outside the simulation.
    std::string first;
    std::string second;
    bool isExternal = false;
    /// Its keys were set by hand.
    bool isManual = false;
    /// One line for each weak proposal or other thing to know.
    std::vector<std::string> warnings;
};

/// What became of one [branches NAME], of which most are not shown one by one.
struct BranchesRecord
{
    std::string name;
    std::string hub;
    uint64_t count = 0;
    /// How many of them stand among the nodes and tunnels of the record.
    uint64_t shown = 0;
    /// Sums over those that do not.
    uint64_t ikeSas = 0;
    uint64_t ipsecSas = 0;
    uint64_t failures = 0;
    std::map<Fault, uint64_t> dropCounts;
    Work work;
    uint64_t clearPackets = 0;
    uint64_t lostPackets = 0;
    uint64_t unsentPackets = 0;
};

/// What a [flood] sent, and what came back to its addresses: whole IP packets.
struct FloodRecord
{
    std::string name;
    std::string to;
    /// "main" or "aggressive".
    std::string kind;
    uint64_t sent = 0;
    uint64_t sentOctets = 0;
    uint64_t answers = 0;
    uint64_t answerOctets = 0;

    /// Returns how many octets came back for each that was sent; zero if nothing was sent.
    double Amplification() const;
};

/// Everything that happened.
struct RunRecord
{
    std::string scenario;
    uint32_t seed = 1;
    uint64_t run = 1;
    Instant end{};
    double wallSeconds = 0;
    /// Shared secrets were computed once for both ends, and what that saved of the nodes' work.
    bool dhOncePerPair = false;
    Work savedWork;
    std::vector<TunnelRecord> tunnels;
    std::vector<NodeRecord> nodes;
    std::vector<NatRecord> nats;
    std::vector<MessageRecord> messages;
    std::vector<TrafficRecord> traffic;
    std::vector<EventRecord> events;
    std::vector<AttackRecord> attacks;
    std::vector<FloodRecord> floods;
    std::vector<ExpectationOutcome> expectations;
    std::vector<BranchesRecord> branches;
    /// Clients that dial up, each alone or by its [clients].
    std::vector<DialUpRecord> dialUps;
    /// Messages of branches that are not shown.
    MessageCounts hiddenMessages;
    /// Of all tunnels, then of each [branches].
    std::vector<TunnelCount> tunnelCounts;
    /// Empty if nobody asked for it.
    Series series;

    const NodeRecord* FindNode(const std::string& name) const;
    const NatRecord* FindNat(const std::string& name) const;
    const TunnelRecord* FindTunnel(const std::string& name) const;
    const AttackRecord* FindAttack(const std::string& name) const;
    const FloodRecord* FindFlood(const std::string& name) const;
    const DialUpRecord* FindDialUp(const std::string& name) const;
    /// Returns how many different messages of an exchange were sent, repetitions not counted.
    uint64_t MessageCount(ExchangeType exchange) const;
    /// Returns how many messages were sent again.
    uint64_t RetransmissionCount() const;
    /// Returns how many messages were lost, were on their way at the end, and arrived but were
    /// refused by a processor that had no room for them.
    /// @{
    uint64_t LostMessageCount() const;
    uint64_t UnderwayMessageCount() const;
    /// Copies by the network that nobody heard do not count.
    uint64_t UnheardMessageCount() const;
    uint64_t RefusedMessageCount() const;
    /// @}
    /// Returns how many messages and packets were refused or lost, for one reason or for any.
    uint64_t DropCount(std::optional<Fault> fault) const;
    /// Returns the numbers of a group, or null.
    const TunnelCount* FindTunnelCount(const std::string& group) const;
    /// Returns when both ends of a tunnel first had SAs in both directions, if ever.
    std::optional<Instant> TunnelUpAt(const std::string& tunnel) const;
    /// Tells whether all expectations came true.
    bool Passed() const;
};

/// Writes an SPI as "0x0123abcd".
std::string SpiText(uint32_t spi);

/// Writes a time in seconds with @p digits decimals, such as "1.166".
std::string SecondsText(Instant at, int digits = 3);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_RUN_RECORD_H
