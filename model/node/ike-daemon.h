// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * IKE as an application of a node.
 */
#ifndef IKE_DAEMON_H
#define IKE_DAEMON_H

#include "ipsec-data-plane.h"
#include "ipsec-stream-random-source.h"

#include "ns3/application.h"
#include "ns3/event-id.h"
#include "ns3/ike-engine.h"
#include "ns3/ipv4-header.h"
#include "ns3/packet.h"
#include "ns3/traced-callback.h"

#include <list>
#include <map>
#include <optional>

namespace ns3
{

class Ipv4EndPoint;
class Ipv4Interface;
class Ipv4Route;
class UdpL4Protocol;

namespace ipsec
{

/// Stands for an address of ours that is not known (yet), as before DHCP gives one: no port is
/// open for it, and nobody is called from there. It means this host on this network (RFC 1122
/// section 3.2.1.3), so no interface has it.
constexpr IpAddress UNKNOWN_ADDRESS{1};

/**
 * Hears what trace sources of a daemon tell, each by the name of its source; what it does not care
 * for it leaves alone. Whoever listens to thousands of daemons saves memory so: a listener of a
 * trace source takes some 300 octets, and this takes eight for all.
 */
class IkeListener
{
  public:
    virtual ~IkeListener() = default;

    virtual void
    HearTx(const MessageSummary& /* message */)
    {
    }

    /// A message came to its port, of which as much is said as is known: if the processor takes
    /// time, no more than the header tells. Rx follows when the processor handles it; never if it
    /// is forgotten in a crash.
    virtual void
    HearArrival(const MessageSummary& /* message */,
                const Endpoint& /* local */,
                const Endpoint& /* remote */)
    {
    }

    /// The processor has no room for the message that came last (Fault::CpuOverload).
    virtual void
    HearRefusal(const MessageSummary& /* message */, const Endpoint& /* remote */)
    {
    }

    virtual void
    HearRx(const MessageSummary& /* message */, const Endpoint& /* remote */)
    {
    }

    virtual void
    HearIkeSaUp(const IkeSaInfo& /* info */)
    {
    }

    virtual void
    HearIkeSaDown(const IkeSaDown& /* down */)
    {
    }

    virtual void
    HearSaInstalled(const IpsecSa& /* sa */)
    {
    }

    virtual void
    HearSaRemoved(const RemoveSa& /* removed */)
    {
    }

    virtual void
    HearAcquireFailed(const AcquireFailed& /* failed */)
    {
    }

    virtual void
    HearWork(const Work& /* work */)
    {
    }
};

/**
 * Runs one engine: UDP ports 500 and 4500 on every local address of its peers, one simulator
 * event, and the effects of every input, carried out in their order.
 */
class IkeDaemon : public Application, private IpsecKeyManager
{
  public:
    static TypeId GetTypeId();
    IkeDaemon();
    ~IkeDaemon() override;

    /**
     * Sets the configuration, before the application starts; the attributes StartDate,
     * HalfOpenLimit, HalfOpenPerAddress and ClientLimit, set before or later, take the place of
     * what it says.
     * @throws std::invalid_argument if EngineConfig::Validate() does, or StartDate is no date.
     */
    void SetConfig(const EngineConfig& config);
    /// @copydoc SetConfig(const EngineConfig&)
    void SetConfig(const SharedEngineConfig& config);
    /**
     * Changes the configuration of a daemon that has one, running or not: Engine::Reconfigure().
     * The attributes count as with SetConfig().
     * SAs live to their ends, quick modes under a living IKE SA included; phase 1 goes by the new
     * one. Keys may be missing: a peer without any is neither called (AcquireFailed with NoKey) nor
     * answered.
     * @throws std::invalid_argument if Engine::Reconfigure() does, or StartDate is no date.
     */
    void ChangeConfig(const EngineConfig& config);
    /// @copydoc ChangeConfig(const EngineConfig&)
    void ChangeConfig(const SharedEngineConfig& config);
    /// Says which messages are described: Engine::DescribeMessages(). SetConfig() comes first.
    void DescribeMessages(const DescribedPeers& peers);
    /// Returns the configuration as it was last changed.
    const EngineConfig& Config() const;
    /// Names the data plane that uses what is negotiated.
    void SetDataPlane(Ptr<IpsecDataPlane> dataPlane);
    /// Makes the processor of the node work on all inputs.
    void SetCpu(Ptr<CryptoCpu> cpu);
    /// Names who hears of everything before the trace sources do, or nobody.
    void SetListener(IkeListener* listener);
    /// Gives a random stream to the engine; returns how many were used.
    int64_t AssignStreams(int64_t stream);

    /// @name Life beside the application's own start and stop, as often as wanted
    /// @{
    /// Begins anew with a fresh engine; the random stream goes on, so that no cookie, SPI, nonce or
    /// IV comes again. Nothing happens while it runs.
    void Restart();
    /// Ends in order: deletes all SAs, tells the peers, and closes its ports.
    void Stop();
    /// Loses everything at once and says nothing, data plane and pending jobs of the processor
    /// included; until Restart() the node drops whatever comes.
    void Crash();
    /// Tells whether it crashed and was not restarted.
    bool IsDown() const;
    /**
     * One of our addresses is another one now, without warning: what it carried is gone, and nobody
     * is told. The interface is the caller's business: IpsecHelper::ChangeAddress().
     * @throws std::invalid_argument before anything changed, if EngineConfig::ValidateChange()
     * does.
     */
    void ChangeAddress(IpAddress from, IpAddress to);
    /// Takes the address that a peer assigned from the tunnel device, and the rules that lead
    /// packets of it into the tunnel; those of a tunnel that lives, too.
    void ReleaseAddress(PeerId peer);
    /// @}

    /// Starts phase 1 and all children of a peer; nothing happens while the application is stopped.
    void Initiate(PeerId peer);
    /// Deletes every SA of a peer and tells it.
    void Terminate(PeerId peer);
    /// Asks for an SA as if a packet had.
    void Acquire(ChildId child, const FlowKey& flow);

    /// Returns the engine; only after SetConfig().
    const Engine& GetEngine() const;
    /// Tells whether the application has started and not stopped.
    bool IsRunning() const;
    /// Returns how many messages were refused or lost, by reason.
    const std::map<Fault, uint64_t>& Drops() const;
    /// Returns when the message that Rx tells of came to its port: it may have waited for the
    /// processor since. Only while Rx is told.
    Instant ArrivedAt() const;

    /// @name Signatures of the trace sources
    /// @{
    typedef void (*MessageTracedCallback)(const MessageSummary& message,
                                          const Endpoint& local,
                                          const Endpoint& remote);
    typedef void (*StateTracedCallback)(const StateChanged& change);
    typedef void (*IkeSaUpTracedCallback)(const IkeSaInfo& info);
    typedef void (*IkeSaDownTracedCallback)(const IkeSaDown& down);
    typedef void (*SaInstalledTracedCallback)(const IpsecSa& sa);
    typedef void (*SaRemovedTracedCallback)(const RemoveSa& removed);
    typedef void (*PeerMovedTracedCallback)(const PeerMoved& moved);
    typedef void (*KeepAliveTracedCallback)(const KeepAlive& keepAlive);
    typedef void (*AcquireFailedTracedCallback)(const AcquireFailed& failed);
    typedef void (*DropTracedCallback)(const Dropped& dropped);
    typedef void (*WorkTracedCallback)(const Work& work);
    typedef void (*UserKnownTracedCallback)(const UserKnown& known);
    typedef void (*AddressAssignedTracedCallback)(const AddressAssigned& assigned);
    /// @}

  protected:
    void DoDispose() override;

  private:
    void StartApplication() override;
    void StopApplication() override;

    /// @name Life
    /// @{
    void OpenPorts();
    void ClosePorts();
    /// Returns a configuration with what the attributes put in the place of its own.
    SharedEngineConfig WithAttributes(const SharedEngineConfig& config) const;
    /// Makes an engine that knows nothing but its configuration.
    void RenewEngine();
    /// Tells watchers that everything ended, and forgets what was derived at run time.
    void ForgetEverything(Fault reason);
    /// Takes the SAs out of the data plane that are meant, and tells watchers.
    template <typename IsMeant>
    void RemoveSas(IsMeant isMeant, Fault reason);
    /// Starts the peers whose tunnels are to be up.
    void CallKeptUp();
    /// Ends all SAs of the peers that call us by this address, and tells nobody.
    void AbandonPeersAt(IpAddress address);
    /// Returns the configuration as it was given, without attributes.
    EngineConfig GivenConfig() const;
    /// Makes attributes count that were set since.
    void ApplyAttributes();
    void SetStartDate(std::string date);
    std::string GetStartDate() const;
    void SetHalfOpenLimit(uint32_t limit);
    uint32_t GetHalfOpenLimit() const;
    void SetHalfOpenPerAddress(uint32_t limit);
    uint32_t GetHalfOpenPerAddress() const;
    void SetClientLimit(uint32_t limit);
    uint32_t GetClientLimit() const;
    /// Tells whether a new phase 1 with a peer would lack a key of ours.
    bool LacksKey(PeerId peer) const;
    /// Refuses to call a peer for want of a key, or of an address of ours; false if it may be
    /// called.
    bool RefuseCall(PeerId peer, std::optional<uint32_t> child);
    /// @}

    void AcquireSa(ChildId child, const FlowKey& flow) override;
    void NotifyExpiry(const SaExpiry& expiry) override;
    void NotifyPeerMoved(const SaKey& key, const Endpoint& remote) override;
    void NotifyUnknownSpi(const UnknownSpi& unknown) override;
    void NotifyWork(const Work& work) override;

    void OpenPort(const Endpoint& local);
    /// Takes a datagram that came to a port of this number of a daemon. It finds the daemon by the
    /// node, so that one callback does for all daemons: each takes a quarter of a kilobyte.
    template <uint16_t PORT>
    static void ReceiveAt(Ptr<Packet> packet,
                          Ipv4Header header,
                          uint16_t remotePort,
                          Ptr<Ipv4Interface> interface);
    /// Returns which of our ports of a number a datagram came to, if any: one with its destination
    /// or, if it was for all, with another address of the interface.
    std::optional<Endpoint> PortOf(uint16_t number,
                                   Ipv4Address destination,
                                   const Ipv4Interface& interface) const;
    void Receive(const Endpoint& local,
                 uint16_t remotePort,
                 Ptr<Packet> packet,
                 const Ipv4Header& header);
    void ReceiveIke(const Endpoint& local, const Endpoint& remote, OctetView octets);
    /// Lets the engine handle a message, and tells of it.
    Effects Handle(const Datagram& datagram, Instant arrivedAt, bool isArrivalTold);
    void ReceiveNatt(const Endpoint& local,
                     const Endpoint& remote,
                     uint8_t typeOfService,
                     Ptr<Packet> packet);
    /// Returns the way to a peer around all tunnels, or null.
    Ptr<Ipv4Route> RouteTo(const Endpoint& local, const Endpoint& remote) const;
    bool SendTo(const Endpoint& local, const Endpoint& remote, Ptr<Packet> packet);

    /**
     * Gives an input to the engine: at once, or when the processor has a core for it.
     * @param input returns the engine's effects
     * @return false if the processor refused it
     */
    template <typename Input>
    bool Feed(CpuAdmission admission, Input input);

    /// @name Tell the listener and the trace sources
    /// @{
    void TellIkeSaDown(const IkeSaDown& down);
    void TellSaRemoved(const RemoveSa& removed);
    void TellWork(const Work& work);
    /// @}

    /// Carries out what an input led to, in order, then arms the event. Effects of inputs made
    /// meanwhile queue up behind.
    void Run(Effects effects);
    void Apply(const Transmit& effect);
    void Apply(const InstallSa& effect);
    void Apply(const RemoveSa& effect);
    void Apply(const PeerMoved& effect);
    void Apply(const KeepAlive& effect);
    void Apply(const IkeSaUp& effect);
    void Apply(const IkeSaDown& effect);
    void Apply(const UserKnown& effect);
    void Apply(const AddressAssigned& effect);
    void Apply(const AcquireFailed& effect);
    void Apply(const Dropped& effect);
    void Apply(const StateChanged& effect);

    /// @name Policies of children whose traffic is known only at run time
    /// @{
    /// Tells whether a child's traffic was not known at installation: it has an assigned address,
    /// or belongs to a client of a group.
    bool IsDerived(ChildId child) const;
    /// Makes rules for what a child carries, in the place of those that it had: for all of it, or
    /// for the networks that the peer told us are behind it.
    void SetPolicy(ChildId child, const ProxyId& proxyId);
    /// Takes the policy of a child out that no SA carries any more, unless it may ask for one.
    void DropPolicy(ChildId child);
    /// Gives the tunnel device an assigned address, in the place of the one that it had.
    void SetAddress(PeerId peer, IpAddress address);
    /// Takes the assigned address from the tunnel device.
    void DropAddress(PeerId peer);
    std::optional<uint32_t> TunnelInterface() const;
    /// @}

    void HandleTimeout();
    /// Tells the engine when SAs last carried packets that may be signs of life.
    void ReportTraffic();
    /// Arms the one event of this application.
    void Reschedule();

    std::string m_startDate;
    uint32_t m_halfOpenLimit = 0;
    uint32_t m_halfOpenPerAddress = 0;
    uint32_t m_clientLimit = 0;
    /// As it was validated, with all keys.
    SharedEngineConfig m_firstConfig;
    SharedEngineConfig m_config;
    /// What attributes took the place of in it.
    EngineLimits m_givenLimits;
    CalendarSeconds m_givenStart = 0;
    std::optional<Engine> m_engine;
    IkeListener* m_listener = nullptr;
    Ptr<CryptoCpu> m_cpu;
    IpsecStreamRandomSource m_random;
    Ptr<IpsecDataPlane> m_dataPlane;
    /// Sockets would take five times as much memory, and all that they do is to queue what comes.
    /// UDP owns these.
    std::map<Endpoint, Ipv4EndPoint*> m_ports;
    Ptr<UdpL4Protocol> m_udp;
    bool m_running = false;
    bool m_isDown = false;
    /// A timeout waits for the processor.
    bool m_timeoutWaits = false;
    bool m_applying = false;
    /// Counts the lives: what is left from an earlier one does nothing.
    uint32_t m_life = 0;
    /// Of the message that is being handled.
    Instant m_arrivedAt{};
    std::list<Effect> m_queue;
    EventId m_event;
    std::optional<Instant> m_armed;
    std::map<Fault, uint64_t> m_drops;
    std::map<ChildId, std::vector<ProxyId>> m_derivedPolicies;
    /// Networks that peers told us are behind them.
    std::map<PeerId, std::vector<Prefix>> m_told;
    std::map<PeerId, IpAddress> m_assigned;

    TracedCallback<const MessageSummary&, const Endpoint&, const Endpoint&> m_txTrace;
    TracedCallback<const MessageSummary&, const Endpoint&, const Endpoint&> m_rxTrace;
    TracedCallback<const StateChanged&> m_stateTrace;
    TracedCallback<const PeerMoved&> m_peerMovedTrace;
    TracedCallback<const KeepAlive&> m_keepAliveTrace;
    TracedCallback<const IkeSaInfo&> m_ikeSaUpTrace;
    TracedCallback<const IkeSaDown&> m_ikeSaDownTrace;
    TracedCallback<const IpsecSa&> m_saInstalledTrace;
    TracedCallback<const RemoveSa&> m_saRemovedTrace;
    TracedCallback<const AcquireFailed&> m_acquireFailedTrace;
    TracedCallback<const Dropped&> m_dropTrace;
    TracedCallback<const Work&> m_workTrace;
    TracedCallback<const UserKnown&> m_userKnownTrace;
    TracedCallback<const AddressAssigned&> m_addressAssignedTrace;
};

} // namespace ipsec
} // namespace ns3

#endif // IKE_DAEMON_H
