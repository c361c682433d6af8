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
#include "ns3/socket.h"
#include "ns3/traced-callback.h"

#include <deque>
#include <map>
#include <optional>

namespace ns3
{
namespace ipsec
{

/**
 * Runs one engine: UDP sockets 500 and 4500 on every local address of its peers, one simulator
 * event, and the effects of every input, carried out in their order.
 */
class IkeDaemon : public Application, private IpsecKeyManager
{
  public:
    static TypeId GetTypeId();
    IkeDaemon();
    ~IkeDaemon() override;

    /**
     * Sets the configuration, before the application starts; the attribute StartDate, if set
     * before, takes the place of its calendarStart.
     * @throws std::invalid_argument if EngineConfig::Validate() does, or StartDate is no date.
     */
    void SetConfig(const EngineConfig& config);
    /// Names the data plane that uses what is negotiated.
    void SetDataPlane(Ptr<IpsecDataPlane> dataPlane);
    /// Gives a random stream to the engine; returns how many were used.
    int64_t AssignStreams(int64_t stream);

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

    void AcquireSa(ChildId child, const FlowKey& flow) override;
    void NotifyExpiry(const SaExpiry& expiry) override;
    void NotifyPeerMoved(const SaKey& key, const Endpoint& remote) override;
    void NotifyWork(const Work& work) override;

    void OpenSocket(const Endpoint& local);
    void HandleRead(Ptr<Socket> socket);
    void ReceiveIke(const Endpoint& local, const Endpoint& remote, OctetView octets);
    void ReceiveNatt(const Endpoint& local, const Endpoint& remote, Ptr<Packet> packet);
    bool HasRoute(const Endpoint& local, const Endpoint& remote) const;
    bool SendTo(const Endpoint& local, const Endpoint& remote, Ptr<Packet> packet);

    /// Carries out what an input led to, in order, then arms the event. Effects of inputs made
    /// meanwhile queue up behind.
    void Run(Effects effects);
    void Apply(const Transmit& effect);
    void Apply(const InstallSa& effect);
    void Apply(const RemoveSa& effect);
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
    /// Makes this the policy of a child, in the place of the one that it had.
    void SetPolicy(ChildId child, const ProxyId& proxyId);
    /// Takes the policy of a child out that no SA carries any more, unless it may ask for one.
    void DropPolicy(ChildId child);
    /// Gives the tunnel device an assigned address, in the place of the one that it had.
    void SetAddress(PeerId peer, IpAddress address);
    /// @}

    void HandleTimeout();
    /// Arms the one event of this application.
    void Reschedule();

    std::string m_startDate;
    std::optional<Engine> m_engine;
    IpsecStreamRandomSource m_random;
    Ptr<IpsecDataPlane> m_dataPlane;
    std::map<Endpoint, Ptr<Socket>> m_sockets;
    bool m_running = false;
    std::deque<Effect> m_queue;
    bool m_applying = false;
    EventId m_event;
    std::optional<Instant> m_armed;
    std::map<Fault, uint64_t> m_drops;
    std::map<ChildId, ProxyId> m_derivedPolicies;
    std::map<PeerId, IpAddress> m_assigned;

    TracedCallback<const MessageSummary&, const Endpoint&, const Endpoint&> m_txTrace;
    TracedCallback<const MessageSummary&, const Endpoint&, const Endpoint&> m_rxTrace;
    TracedCallback<const StateChanged&> m_stateTrace;
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
