// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The translation table: mappings, the sessions that keep them, filters, timeouts and limits.
 */
#ifndef NAT_TABLE_H
#define NAT_TABLE_H

#include "nat-pass-through.h"
#include "nat-ports.h"

#include "ns3/ipsec-random-source.h"

#include <map>
#include <optional>
#include <set>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// A port forwarding: what comes to a port of the first outside address goes to an inside endpoint.
struct NatForward
{
    NatProtocol protocol = NatProtocol::Udp;
    uint16_t outsidePort = 0;
    Endpoint inside{{}, 0};
};

/**
 * Decides which outside endpoint stands for an inside one. A mapping holds one or more sessions,
 * one for each remote endpoint; it ends with its last one. Every packet costs a few look-ups in
 * trees. A table is a value; it has no clock, and a call of Expire() before NextDeadline() changes
 * nothing.
 */
class NatTable
{
  public:
    /// @throws std::invalid_argument if CheckNatConfig() does.
    explicit NatTable(const NatConfig& config);

    const NatConfig& Config() const;

    /// @name What the box is told
    /// @{
    /// Names all outside addresses; mappings of others end.
    NatEvents SetOutside(Instant now, const std::vector<IpAddress>& addresses);
    const std::vector<IpAddress>& Outside() const;
    bool IsOutside(IpAddress address) const;
    /**
     * Adds a port forwarding.
     * @throws std::invalid_argument if the port is not free, or nothing can be forwarded.
     */
    NatEvents AddForward(Instant now, const NatForward& forward);
    /// Removes one; false if there was none.
    bool RemoveForward(NatProtocol protocol, uint16_t outsidePort, NatEvents& events);
    /// Never gives this port away: the box itself listens there.
    void Reserve(NatProtocol protocol, uint16_t port);
    /// Forgets everything but port forwardings and reservations.
    NatEvents Reboot(Instant now);
    /// Does so and begins anew with another configuration.
    NatEvents Reboot(Instant now, const NatConfig& config);
    /// @}

    /// @name Packets
    /// @{
    /// Lets a packet out; the answer is its new source.
    NatAnswer Outbound(Instant now, const NatFacts& facts, RandomSource& random);
    /// Lets a packet in; the answer is its new destination.
    NatAnswer Inbound(Instant now, const NatFacts& facts);
    /// Notes a packet that the box itself sent, from an outside address: the answer is for the box.
    void NoteOwn(Instant now, const NatFacts& facts);
    /// Tells whether an outside endpoint belongs to somebody inside.
    bool IsMapped(NatProtocol protocol, const Endpoint& outside) const;
    /// @}

    /// @name What ICMP errors quote
    /// Nothing is created or prolonged by it (RFC 4787 section 9).
    /// @{
    /// Finds the outside endpoint of an inside flow, as its packets out have it.
    std::optional<Endpoint> FindOutside(const NatFlow& flow) const;
    /// Finds the inside endpoint of a translated flow, as packets that were let out have it.
    NatAnswer FindInside(const NatFlow& flow, uint32_t spi, uint64_t cookie) const;
    /// @}

    /// @name Time
    /// @{
    NatEvents Expire(Instant now);
    std::optional<Instant> NextDeadline() const;
    /// @}

    /// @name What there is
    /// @{
    std::vector<NatMapping> Mappings() const;
    size_t MappingCount() const;
    size_t SessionCount() const;
    /// @}

  private:
    /// An outside endpoint.
    using OutsideKey = std::pair<NatProtocol, Endpoint>;

    struct Mapping
    {
        NatMapping info;
        uint32_t sessions = 0;
        bool isOwn = false;
    };

    /// What goes between an outside endpoint and a remote one.
    struct Session
    {
        Instant expires;
        /// When the timer rings, not after expires.
        Instant scheduled;
        /// Flags of TCP seen in each direction.
        uint8_t flagsOut = 0;
        uint8_t flagsIn = 0;
        /// Of the box itself, on a port that an inside host has.
        bool isOwn = false;
    };

    /// An inside host that has a mapping.
    struct Host
    {
        uint32_t mappings = 0;
        /// What it is paired with.
        IpAddress outside;
    };

    enum class Direction
    {
        In,
        Out,
    };

    // nat-table.cc: packets
    NatFlow InsideKey(const NatFlow& flow) const;
    NatAnswer TranslateOut(Instant now, const NatFacts& facts, const Endpoint& outside);
    NatFault FilterFault(const NatFlow& session, const Mapping& mapping) const;
    Mapping* FindMapping(NatProtocol protocol, const Endpoint& outside);
    const Mapping* FindMapping(NatProtocol protocol, const Endpoint& outside) const;
    bool StartSession(Instant now, const NatFlow& flow, Mapping& mapping, bool isOwn);
    void Touch(Instant now,
               const NatFlow& flow,
               Session& session,
               Direction direction,
               uint8_t tcpFlags);
    Duration Lifetime(NatProtocol protocol, const Session& session) const;

    // nat-table-mappings.cc: how they begin and end
    NatAnswer CreateMapping(Instant now, const NatFlow& flow, RandomSource& random);
    /// Tells whether an inside host may have one more mapping.
    bool HasRoom(IpAddress inside) const;
    IpAddress PairedAddress(IpAddress inside);
    void ForgetIdleHost(IpAddress inside);
    void CountPassed(const NatEvents& events);
    std::optional<uint16_t> ChoosePort(const NatFlow& flow,
                                       IpAddress outside,
                                       RandomSource& random);
    std::optional<uint16_t> FreePort(const NatPortRange& range,
                                     const NatPorts& ports,
                                     uint16_t inside,
                                     RandomSource& random) const;
    NatPorts& PortsOf(NatProtocol protocol, IpAddress outside);
    void InstallForward(Instant now, const NatForward& forward, NatEvents& events);
    void EndSession(const NatFlow& flow, NatEnd reason, NatEvents& events);
    void EndMapping(const OutsideKey& key, NatEnd reason, NatEvents& events);
    void EndAll(std::optional<IpAddress> outside, NatEnd reason, NatEvents& events);

    NatConfig m_config;
    std::vector<IpAddress> m_outside;
    std::vector<NatForward> m_forwards;
    std::set<std::pair<NatProtocol, uint16_t>> m_reserved;
    std::map<OutsideKey, Mapping> m_mappings;
    /// Outside endpoints by the inside one and, as far as the mapping depends on it, the remote.
    std::map<NatFlow, Endpoint> m_inside;
    /// Those of port forwardings, by the inside endpoint.
    std::map<std::pair<NatProtocol, Endpoint>, Endpoint> m_static;
    /// From the outside endpoint to the remote one.
    std::map<NatFlow, Session> m_sessions;
    std::set<std::pair<Instant, NatFlow>> m_timers;
    std::map<std::pair<NatProtocol, IpAddress>, NatPorts> m_ports;
    std::map<IpAddress, Host> m_hosts;
    NatPassThrough m_passThrough;
    /// Mappings of inside hosts that are not static.
    uint32_t m_dynamic = 0;
    /// Whose turn it is among the outside addresses, and among the ports.
    size_t m_nextAddress = 0;
    uint32_t m_nextPort = 0;
};

} // namespace ipsec
} // namespace ns3

#endif // NAT_TABLE_H
