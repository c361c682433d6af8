// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * NAT traversal step by step, read out of captures at both sides of a NAT.
 */
#ifndef IPSEC_NAT_LAB_H
#define IPSEC_NAT_LAB_H

#include "ipsec-ike-capture.h"
#include "ipsec-run-record.h"
#include "ipsec-scenario-network.h"
#include "ipsec-scenario.h"

#include "ns3/ipsec-endpoint.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Who calls whom through which NAT.
struct NatTunnels
{
    std::string nat;
    std::string hub;
    /// The tunnels of the gateways behind it, and these gateways.
    std::vector<std::string> tunnels;
    std::vector<std::string> inside;
    /// Who may send through them: these gateways and the hosts behind them, the hub and its hosts.
    std::set<std::string> insiders;
    std::set<std::string> ofHub;
};

/**
 * Finds the first tunnel whose first end is behind a NAT, and all others from behind that NAT to
 * the same hub.
 * @throws std::invalid_argument with one sentence if there is none.
 */
NatTunnels FindNatTunnels(const Scenario& scenario);

/// A datagram of UDP, or a packet of ESP without it, on one link.
struct SeenDatagram
{
    Instant at{};
    Endpoint source{{}, 0};
    Endpoint destination{{}, 0};
    /// Payload of UDP, or the packet of ESP.
    Octets payload;
    bool isUdp = true;
    /// Octets of the whole IP packet.
    size_t packetOctets = 0;
};

/// Returns the datagrams of a capture between UDP ports of which one is 500 or 4500, and the
/// packets of ESP without UDP; fragments are left out.
std::vector<SeenDatagram> ReadDatagrams(const std::vector<CapturedPacket>& capture);

/// Finds the same datagram on another link, behind NATs: equal payload, the first one at most ten
/// seconds away. Null if it did not arrive there.
const SeenDatagram* FindTwin(const SeenDatagram& one, const std::vector<SeenDatagram>& others);

/// What a datagram on port 500 or 4500 is (RFC 3948 section 2).
enum class NattKind : uint8_t
{
    Ike,
    IkeWithMarker, ///< port 4500, four octets of zero in front
    EspInUdp,      ///< port 4500, the SPI in front, which is never zero
    KeepAlive,     ///< port 4500, one octet 0xff
    Esp,           ///< not in UDP
    Other,
};

/// Tells what a datagram is, from its ports and first octets alone.
NattKind KindOf(const SeenDatagram& datagram);

/// Writes "main 3", "ESP in UDP, SPI 0x0123abcd", "NAT keepalive" and so on.
std::string KindText(const SeenDatagram& datagram);

/// One NAT-D payload of a message of phase 1, and what it is compared with.
struct NatDCheck
{
    /// Number of the message within main mode.
    size_t message = 0;
    bool isFromInitiator = true;
    /// The first NAT-D is about the destination, the others are about the source.
    bool isAboutDestination = true;
    Octets hash;
    /// The endpoint as the sender wrote it, and as it arrived.
    Endpoint sent{{}, 0};
    Endpoint arrived{{}, 0};
    /// HASH(CKY-I | CKY-R | IP | port) of either.
    Octets hashOfSent;
    Octets hashOfArrived;

    bool
    MatchesSent() const
    {
        return hash == hashOfSent;
    }

    bool
    MatchesArrived() const
    {
        return hash == hashOfArrived;
    }
};

/**
 * Recomputes the NAT-D payloads of main modes (RFC 3947 section 3.2), from what was captured at the
 * initiator's link and at the responder's, and nothing else.
 */
std::vector<NatDCheck> CheckNatD(const std::vector<SeenDatagram>& atInitiator,
                                 const std::vector<SeenDatagram>& atResponder);

/// A mapping that began or ended.
struct MappingEvent
{
    Instant at{};
    std::string nat;
    NatMapping mapping;
    /// Why it ended; nothing for a beginning.
    std::optional<NatEnd> end;
};

/// Writes down what the NATs of a network do with their mappings. It must outlive the run.
class MappingWatch
{
  public:
    MappingWatch() = default;
    MappingWatch(const MappingWatch&) = delete;
    MappingWatch& operator=(const MappingWatch&) = delete;

    /// Listens to all NATs; for RunOptions::prepare.
    void Attach(const ScenarioNetwork& network);

    const std::vector<MappingEvent>&
    Events() const
    {
        return m_events;
    }

  private:
    void Created(std::string nat, const NatMapping& mapping);
    void Expired(std::string nat, const NatMapping& mapping, NatEnd reason);

    std::vector<MappingEvent> m_events;
};

/// Returns what a NAT made of an inside endpoint at an instant, if it had a mapping.
std::optional<Endpoint> OutsideAt(const std::vector<MappingEvent>& events,
                                  const Endpoint& inside,
                                  Instant at);

/// Writes each event of mappings in a line.
std::string MappingsCsv(const std::vector<MappingEvent>& events);

/// One way to run the scenario, and what came of it.
struct NatCase
{
    std::string name;
    /// As on the command line, without dashes.
    std::vector<std::string> changes;
};

/// Returns what may be done right or wrong with two gateways behind one NAT: with NAT traversal and
/// without, what NATs make of ESP, AH, keepalives that come too late, a helper for IKE in the NAT.
std::vector<NatCase> NatCases(const NatTunnels& names);

/// Returns changes that set a key of all tunnels: "nat-keepalive=20s".
std::vector<std::string> ForAllTunnels(const NatTunnels& names, const std::string& setting);

/// Packets that were sent and answered.
struct AnsweredOf
{
    uint64_t answered = 0;
    uint64_t sent = 0;
};

/// What came of a run for the gateways behind the NAT.
struct NatRunOutcome
{
    /// When the last tunnel came up; nothing if one never did.
    std::optional<Instant> allUpAt;
    /// Traffic of the tunnels: towards the hub's network, and from there.
    AnsweredOf fromInside;
    AnsweredOf fromHub;
    /// Of all answers the one that took longest, since its ping was sent; nothing without any.
    std::optional<Duration> slowest;
    /// Of the gateways behind the NAT.
    uint64_t keepAlives = 0;
    /// Mappings that the NAT made.
    uint64_t mappings = 0;
    /// Packets that the NAT lost, by reason.
    std::map<std::string, uint64_t> lost;
    /// Why negotiations failed at the gateways behind the NAT, or at the hub.
    std::vector<std::string> failures;
};

NatRunOutcome ObserveNat(const RunRecord& record, const NatTunnels& names);

/// A way to run the scenario, and what came of it.
struct NatTried
{
    std::string name;
    NatRunOutcome outcome;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_NAT_LAB_H
