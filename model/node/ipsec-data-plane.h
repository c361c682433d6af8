// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The data plane of a node: the processor of the core between the devices of ns-3.
 */
#ifndef IPSEC_DATA_PLANE_H
#define IPSEC_DATA_PLANE_H

#include "ipsec-crypto-cpu.h"
#include "ipsec-fragments.h"
#include "ipsec-stream-random-source.h"
#include "ipsec-tunnel-sizes.h"

#include "ns3/event-id.h"
#include "ns3/ike-engine.h"
#include "ns3/ipsec-processor.h"
#include "ns3/ipv4-routing-protocol.h"
#include "ns3/ipv4.h"
#include "ns3/object.h"
#include "ns3/traced-callback.h"

#include <map>
#include <optional>
#include <set>

namespace ns3
{

class Ipv4L3Protocol;

namespace ipsec
{

class IpsecNetDevice;

/// What the data plane asks of whoever negotiates its SAs.
class IpsecKeyManager
{
  public:
    virtual ~IpsecKeyManager() = default;

    /// A packet waits for an SA of this child.
    virtual void AcquireSa(ChildId child, const FlowKey& flow) = 0;
    /// An SA came to its soft or hard limit.
    virtual void NotifyExpiry(const SaExpiry& expiry) = 0;
    /// Authenticated ESP of an SA came from another endpoint.
    virtual void NotifyPeerMoved(const SaKey& key, const Endpoint& remote) = 0;
    /// A packet came with an SPI that no SA has.
    virtual void NotifyUnknownSpi(const UnknownSpi& unknown) = 0;
    /// The cryptography of packets cost this.
    virtual void NotifyWork(const Work& work) = 0;
};

/**
 * Owns the processor of a node, is aggregated to the node, and moves packets between the tunnel
 * device, protocols 50 and 51 and the UDP socket of the key manager. Tags of packets survive.
 */
class IpsecDataPlane : public Object
{
  public:
    static TypeId GetTypeId();
    IpsecDataPlane();
    ~IpsecDataPlane() override;

    /// @name Wiring, done by IpsecHelper
    /// @{
    void SetKeyManager(IpsecKeyManager* manager);
    void SetDevice(Ptr<IpsecNetDevice> device);
    /// Names the routing that finds the way of outer and bypassed packets: the node's own, below
    /// IpsecPolicyRouting.
    void SetOuterRouting(Ptr<Ipv4RoutingProtocol> routing);
    /// Makes the processor of the node work on all packets.
    void SetCpu(Ptr<CryptoCpu> cpu);
    int64_t AssignStreams(int64_t stream);
    /// @}

    /// Policies are added here before the run.
    Spd& Policies();
    const Processor& GetProcessor() const;

    /// @name Packets
    /// @{
    /// Protects, stages, drops or passes a whole IPv4 packet that leaves.
    void Protect(Ptr<Packet> packet);
    /// Opens a packet of ESP or AH that came behind @p header and delivers what is inside.
    void Unprotect(Ptr<const Packet> packet, const Ipv4Header& header);
    /// Opens an ESP packet that came in UDP to @p local from @p source.
    void UnprotectFromUdp(Ptr<const Packet> esp,
                          const Endpoint& local,
                          const Endpoint& source,
                          uint8_t typeOfService);
    /// Counts and traces the loss of a packet.
    void DropPacket(Ptr<const Packet> packet, Fault fault);
    /// Drops a packet that must not be cut and is larger than the tunnel device or its tunnel
    /// takes, and tells its sender what would fit (RFC 4301 section 8.2.1).
    void RefuseTooBig(Ptr<const Packet> packet);
    /**
     * Believes a router that a packet of ours was too big for a path, if the quotation names an SA
     * that we send through (RFC 4301 section 8.2): later packets meet the smaller path MTU.
     * @return whether it names one
     */
    bool HandleTooBig(const TooBigMessage& message);
    /// @}

    /// @name Sizes
    /// @{
    /// Notes the shape of a tunnel that has no SA yet.
    void ExpectTunnel(ChildId child, const TunnelShape& shape);
    const IpsecTunnelSizes& TunnelSizes() const;
    /// Returns the MTU of the link towards a peer.
    uint16_t LinkMtu(IpAddress local, IpAddress remote) const;
    /// @}

    /// @name SAs
    /// @{
    void InstallSa(const IpsecSa& sa);
    /// Takes an SA out; false if it was not there.
    bool RemoveSa(const SaKey& key);
    void MovePeer(const SaKey& key, const Endpoint& remote);
    /// Drops the packets that wait for a child.
    void AbandonStaged(ChildId child, Fault reason);
    /// @}

    /// @name Life of the node
    /// @{
    /// Loses all SAs, what waits for them and what was learned; rules stay but those of @p derived.
    void Crash(const std::set<ChildId>& derived);
    /// The node works again.
    void Boot();
    /// Tells whether the node is down: everything that comes is dropped.
    bool IsDown() const;
    /// @}

    /// Finds the route of a packet of ours to @p remote, or null.
    Ptr<Ipv4Route> OuterRoute(Ipv4Address local, Ipv4Address remote, uint8_t protocol) const;

    /// Returns how many packets were lost, by reason.
    const std::map<Fault, uint64_t>& Drops() const;
    /// Return how many packets were sealed, opened, and passed in clear.
    uint64_t ProtectedPackets() const;
    uint64_t UnprotectedPackets() const;
    uint64_t BypassedPackets() const;

    /// @name Signatures of the trace sources Protect, Unprotect, Bypass, Drop and PathMtu
    /// @{
    typedef void (*ProtectTracedCallback)(Ptr<const Packet> inner, const Sealed& sealed);
    typedef void (*UnprotectTracedCallback)(Ptr<const Packet> inner, const SaKey& key);
    typedef void (*BypassTracedCallback)(Ptr<const Packet> packet);
    typedef void (*DropTracedCallback)(Ptr<const Packet> packet, Fault fault);
    typedef void (*PathMtuTracedCallback)(Ipv4Address peer, uint16_t mtu);
    /// @}

  protected:
    void DoDispose() override;

  private:
    /// A packet that waits in the processor.
    struct Held
    {
        ChildId child;
        Ptr<Packet> packet;
    };

    /// Tells whether packets take no time.
    bool IsFree() const;
    /// Protects a packet that fits through its tunnel.
    void ProtectFitting(Ptr<Packet> packet);
    /// What the processor of the core decided about a packet, to be carried out.
    struct Decision
    {
        ProtectVerdict verdict;
        ProcessorReport report;
    };
    /// Decides about a packet and holds it if it must wait.
    Decision Decide(Ptr<Packet> packet);
    /// Carries a decision out, and takes its octets back.
    void Settle(Decision& decision, Ptr<Packet> packet);
    /// Drops a packet that would have to wait although as many wait as the node holds, and asks for
    /// its SA all the same; false if there is room.
    bool RefuseToStage(Ptr<const Packet> packet);
    /// Finds the child that protects a packet, if a policy says so.
    std::optional<ChildId> ChildOf(Ptr<const Packet> packet) const;
    /// Drops a packet and tells its sender what would fit.
    void RefuseTooBig(Ptr<const Packet> packet, size_t largest);
    /// Finds the SA of a packet that a router quotes, or null.
    const SaEntry* FindQuoted(const TooBigMessage& message) const;
    /// Learns the shape of a tunnel from its newest outbound SA.
    void LearnShape(const IpsecSa& sa);
    /// Forgets the shape of a tunnel without SAs, unless the configuration names it.
    void ForgetShape(ChildId child);
    /// Carries out a verdict about @p inner, a packet that leaves.
    void Apply(const ProtectVerdict& verdict, Ptr<Packet> inner);
    void SendSealed(const Sealed& sealed, Ptr<Packet> inner);
    void SendInClear(Ptr<Packet> packet);
    /// Returns the IPv4 of the node, which is looked for once.
    Ptr<Ipv4L3Protocol> Stack();
    /// A verdict about a packet that waited, and the packet unless it waits again.
    using HeldVerdict = std::pair<ProtectVerdict, Ptr<Packet>>;
    /// Carries out the verdicts about packets that waited.
    void ApplyHeld(const std::vector<HeldVerdict>& verdicts, const ProcessorReport& report);
    /// Opens a packet at once, or when the processor has a core for it; @p decide returns the
    /// verdict about it.
    template <typename Verdict>
    void Open(Ptr<const Packet> packet, Verdict decide);
    void SettleOpened(UnprotectVerdict& verdict,
                      const ProcessorReport& report,
                      Ptr<const Packet> packet);
    /// Opens a packet, and tells the key manager if nobody here can.
    UnprotectVerdict Judge(const ArrivedPacket& arrived,
                           const Endpoint& local,
                           ProcessorReport& report);
    void ReportUnknownSpi(const ArrivedPacket& arrived, const Endpoint& local);
    void DeliverOpened(const Opened& opened, Ptr<const Packet> esp);
    /// Does what follows when a packet of a child was staged.
    void HandleStaged(const Staged& staged);
    void Hold(Ticket ticket, ChildId child, Ptr<Packet> packet);
    /// Takes a packet out of those that wait.
    Ptr<Packet> Release(Ticket ticket);
    /// Asks for an SA with the flow of the oldest packet that waits for it.
    void Acquire(ChildId child);
    void HandleReport(const ProcessorReport& report);
    void HandleTimeout();
    /// Arms the one event of this object.
    void Reschedule();
    void SetStageLimit(uint32_t limit);
    uint32_t GetStageLimit() const;

    std::optional<Processor> m_processor;
    uint32_t m_stageLimit = DEFAULT_STAGE_LIMIT;
    uint32_t m_stageTotal = 0;
    Ptr<CryptoCpu> m_cpu;
    bool m_isDown = false;
    IpsecStreamRandomSource m_random;
    IpsecKeyManager* m_keyManager = nullptr;
    Ptr<IpsecNetDevice> m_device;
    Ptr<Ipv4L3Protocol> m_stack;
    Ptr<Ipv4RoutingProtocol> m_outerRouting;
    Ticket m_nextTicket = 1;
    std::map<Ticket, Held> m_held;
    /// The same by child, oldest first.
    std::map<ChildId, std::set<Ticket>> m_waiting;
    IpsecTunnelSizes m_sizes;
    std::set<ChildId> m_expected;
    bool m_pathMtuDiscovery = true;
    Time m_pathMtuTimeout;
    EventId m_event;
    std::optional<Instant> m_armed;
    std::map<Fault, uint64_t> m_drops;
    uint64_t m_protected = 0;
    uint64_t m_unprotected = 0;
    uint64_t m_bypassed = 0;

    TracedCallback<Ptr<const Packet>, const Sealed&> m_protectTrace;
    TracedCallback<Ptr<const Packet>, const SaKey&> m_unprotectTrace;
    TracedCallback<Ptr<const Packet>> m_bypassTrace;
    TracedCallback<Ptr<const Packet>, Fault> m_dropTrace;
    TracedCallback<Ipv4Address, uint16_t> m_pathMtuTrace;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_DATA_PLANE_H
