// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * A NAT on a node.
 */
#ifndef NAT_BOX_H
#define NAT_BOX_H

#include "ipsec-stream-random-source.h"

#include "ns3/event-id.h"
#include "ns3/ipv4-header.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/nat-translator.h"
#include "ns3/nstime.h"
#include "ns3/traced-callback.h"

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

class NatRouting;

/// A packet without its header, and the header.
struct NatPiece
{
    Ptr<const Packet> packet;
    Ipv4Header header;
};

/// A packet before and after translation.
struct NatTranslation
{
    NatPiece before;
    NatPiece after;
};

/**
 * Translates what crosses the outside interface of a node: UDP, TCP, queries and errors of ICMP,
 * and ESP. It is aggregated to the node by NatHelper, and NatRouting brings it the packets.
 * Attributes are read when the simulation starts, and when it reboots.
 */
class NatBox : public Object
{
  public:
    static TypeId GetTypeId();
    NatBox();
    ~NatBox() override;

    /// @name Wiring, done by NatHelper
    /// @{
    /**
     * Goes in front of the routing of a node.
     * @param outside the interface whose addresses inside hosts share
     * @param inside the interfaces of inside hosts; if there are none, all but outside
     * @throws std::invalid_argument if attributes contradict each other, an interface is not there,
     *     or a network is both inside and outside.
     */
    void Attach(Ptr<Node> node, uint32_t outside, const std::vector<uint32_t>& inside);
    int64_t AssignStreams(int64_t stream);
    /// @}

    /// @name What the box is told
    /// @{
    /**
     * Forwards a port of the first outside address.
     * @throws std::invalid_argument if the port is not free.
     */
    void AddPortForward(NatProtocol protocol,
                        uint16_t outsidePort,
                        Ipv4Address inside,
                        uint16_t insidePort);
    /// Ends that; false if there was none.
    bool RemovePortForward(NatProtocol protocol, uint16_t outsidePort);
    /// Keeps a port for a server of the node itself. Ports that the node sends from need no
    /// reservation.
    void ReservePort(NatProtocol protocol, uint16_t port);
    /// Forgets all mappings, and loses all packets until it is up again, with what attributes say
    /// by now.
    void Reboot(Time downFor = Time(0));
    /// @}

    /// @name What there is
    /// @{
    /// Port forwardings are among them.
    std::vector<NatMapping> Mappings() const;
    size_t MappingCount() const;
    size_t SessionCount() const;
    uint64_t TranslatedPackets() const;
    /// Lost packets by reason; reasons that never occurred are not there.
    std::map<NatFault, uint64_t> Drops() const;
    uint64_t Drops(NatFault fault) const;
    /// @}

    /// @name For NatRouting
    /// @{
    enum class Side
    {
        Inside,
        Outside,
        Neither,
    };

    /// What became of a packet.
    struct Passage
    {
        /// What goes on translated.
        std::vector<NatTranslation> translated;
        /// What is for the node itself.
        std::vector<NatPiece> own;
    };

    bool IsDown() const;
    Side SideOf(uint32_t interface) const;
    bool IsOutsideAddress(Ipv4Address address) const;
    Passage FromInside(const NatPiece& piece);
    Passage FromOutside(const NatPiece& piece);
    void DropPacket(const NatPiece& piece, NatFault fault);
    /// Takes note that the addresses of an interface changed.
    void NotifyAddresses(uint32_t interface);
    /// @}

    /// Signature of MappingCreated.
    typedef void (*MappingCreatedCallback)(const NatMapping& mapping);
    /// Signature of MappingExpired.
    typedef void (*MappingExpiredCallback)(const NatMapping& mapping, NatEnd reason);
    /// Signature of Translated.
    typedef void (*TranslatedCallback)(const NatTranslation& translation);
    /// Signature of Drop; the packet is whole.
    typedef void (*DropCallback)(Ptr<const Packet> packet, NatFault fault);

  protected:
    void DoInitialize() override;
    void DoDispose() override;

  private:
    static TypeId AddBehaviours(TypeId tid);
    static TypeId AddTimeouts(TypeId tid);
    static TypeId AddLimits(TypeId tid);
    static TypeId AddTraces(TypeId tid);
    NatConfig ConfigFromAttributes() const;
    void CheckNetworks() const;
    /// Turns the outcome for @p piece, whose ticket it has, into ns-3's packets; counts and traces.
    Passage Carry(const NatOutcome& outcome, const NatPiece& piece, uint64_t ticket);
    /// Hands out a fragment that waited.
    NatPiece TakeHeld(uint64_t ticket);
    void DropLost(const NatOutcome& outcome);
    /// Tells whether a socket or protocol of the node wants a packet that nobody inside has.
    bool NodeWants(const NatPiece& piece) const;
    /// Tells the sender that there is no mapping for it (RFC 5508 REQ-8).
    void SendProhibited(const NatPiece& piece);
    void Report(const NatEvents& events);
    void NoteOwn(const Ipv4Header& header, Ptr<const Packet> packet, uint32_t interface);
    void HandleDeadline();
    void Reschedule();

    Ptr<Ipv4L3Protocol> m_ipv4;
    Ptr<NatRouting> m_routing;
    std::optional<NatTranslator> m_translator;
    IpsecStreamRandomSource m_random;
    uint32_t m_outside = 0;
    std::vector<uint32_t> m_inside;
    Time m_downUntil;
    EventId m_event;
    std::optional<Instant> m_eventAt;
    /// Fragments that wait.
    std::map<uint64_t, NatPiece> m_held;
    uint64_t m_nextTicket = 1;
    uint64_t m_translated = 0;
    std::array<uint64_t, NAT_FAULT_COUNT> m_drops{};

    // Attributes; their defaults are those of NatConfig.
    std::string m_mapping;
    std::string m_filtering;
    std::string m_portChoice;
    std::string m_pooling;
    std::string m_esp;
    std::string m_ike;
    bool m_keepsParity = false;
    bool m_keepsPortClass = false;
    uint16_t m_firstPort = 0;
    uint16_t m_lastPort = 0;
    bool m_hairpins = false;
    bool m_refreshesOutbound = false;
    bool m_refreshesInbound = false;
    Time m_udpTimeout;
    Time m_tcpEstablishedTimeout;
    Time m_tcpTransitoryTimeout;
    Time m_icmpTimeout;
    Time m_espTimeout;
    Time m_fragmentTimeout;
    uint32_t m_maxMappings = 0;
    uint32_t m_maxPerHost = 0;
    uint32_t m_maxSessionsPerMapping = 0;
    uint32_t m_maxFragmented = 0;
    uint32_t m_maxHeldFragments = 0;
    bool m_refusesWithIcmp = false;

    TracedCallback<const NatMapping&> m_createdTrace;
    TracedCallback<const NatMapping&, NatEnd> m_expiredTrace;
    TracedCallback<const NatTranslation&> m_translatedTrace;
    TracedCallback<Ptr<const Packet>, NatFault> m_dropTrace;
};

} // namespace ipsec
} // namespace ns3

#endif // NAT_BOX_H
