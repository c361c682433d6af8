// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * A user's VPN client: it connects, notices what it lost, and comes back.
 */
#ifndef IKE_DIAL_UP_CLIENT_H
#define IKE_DIAL_UP_CLIENT_H

#include "ike-daemon.h"

#include "ns3/application.h"
#include "ns3/event-id.h"
#include "ns3/ipv4-interface-address.h"
#include "ns3/net-device.h"
#include "ns3/nstime.h"
#include "ns3/random-variable-stream.h"
#include "ns3/traced-callback.h"

#include <map>
#include <optional>
#include <set>
#include <vector>

namespace ns3
{
namespace ipsec
{

class IpsecPolicyRouting;

/// How far a dial-up client is.
enum class DialUpState : uint8_t
{
    Off,             ///< nobody wants the tunnel
    WaitsForAddress, ///< its device has no address yet, or lost it
    Connecting,      ///< an attempt is under way
    Connected,       ///< every tunnel to the gateway is up
    BacksOff,        ///< an attempt failed or the tunnel was lost; the next attempt waits
    Refused,         ///< the gateway refused the user; only Connect() starts anew
};

/// Number of states, for tables indexed by them.
constexpr size_t DIAL_UP_STATE_COUNT = static_cast<size_t>(DialUpState::Refused) + 1;

/// Returns the name of a state, such as "WaitsForAddress".
const char* DialUpStateName(DialUpState state);

/// What a dial-up client did so far.
struct DialUpCounters
{
    /// Attempts that were begun.
    uint64_t attempts = 0;
    /// Attempts that led to a tunnel.
    uint64_t connections = 0;
    /// Attempts that failed, whatever the reason.
    uint64_t failures = 0;
    /// Attempts that a new address, or the user, cut off.
    uint64_t abandoned = 0;
    /// Tunnels that went although the user wanted them.
    uint64_t losses = 0;
    /// Changes of the device's address while the user wanted the tunnel, new leases included.
    uint64_t addressChanges = 0;
    /// The failures, by reason.
    std::map<Fault, uint64_t> failuresByReason;
};

/**
 * Owns the tunnel of one user on a node that has IPsec and one gateway to call, from
 * UNKNOWN_ADDRESS. It waits until its device has an address, whoever gives it, tells the
 * daemon, and calls the gateway. While the user wants the tunnel it tries again with growing
 * pauses; a new address, as on another network, makes it try at once. When the user does not want
 * it any more, the address that the gateway assigned and the rules that came with it go.
 *
 * While the tunnel is wanted, the network that the device is in and the gateway itself are reached
 * outside of it, whatever else the gateway wants through it.
 */
class DialUpClient : public Application
{
  public:
    static TypeId GetTypeId();
    DialUpClient();
    ~DialUpClient() override;

    /// Names the device that leads to the gateway; without, it is the first one that is neither the
    /// loopback nor a tunnel.
    void SetDevice(Ptr<NetDevice> device);
    /// Names the gateway among the peers of the node's daemon, default the first.
    void SetPeer(PeerId peer);

    /// The user wants the tunnel: an attempt begins as soon as there is an address. Nothing happens
    /// if it is up or on its way; a pause ends.
    void Connect();
    /// The user does not want it any more: it is deleted, and the gateway is told.
    void Disconnect();
    /**
     * The device is on another network now, even if its address is the same there: what there was
     * is lost without a word, and the tunnel is made anew. A new address needs no such hint.
     */
    void NotifyMoved();

    DialUpState GetState() const;
    const DialUpCounters& GetCounters() const;
    /// Returns the address that the device has, if there is one.
    std::optional<Ipv4Address> GetLocalAddress() const;
    /// Returns the address that the gateway assigned, if the tunnel is up and there is one.
    std::optional<Ipv4Address> GetAssignedAddress() const;
    /// Returns why the last attempt failed or the last tunnel went.
    std::optional<Fault> GetLastReason() const;
    /// Gives a random stream to the pauses; returns how many were used.
    int64_t AssignStreams(int64_t stream);

    /// @name Signatures of the trace sources State, Address, Connected, Disconnected, AttemptFailed
    /// @{
    typedef void (*StateTracedCallback)(DialUpState from, DialUpState to);
    typedef void (*AddressTracedCallback)(Ipv4Address from, Ipv4Address to);
    typedef void (*ConnectedTracedCallback)(Time after);
    typedef void (*DisconnectedTracedCallback)(Fault reason);
    typedef void (*AttemptFailedTracedCallback)(Fault reason);
    /// @}

  protected:
    void DoDispose() override;

  private:
    void StartApplication() override;
    void StopApplication() override;

    /// @name What the daemon and the stack tell
    /// @{
    void Watch();
    void Unwatch();
    void HandleIkeSaUp(const IkeSaInfo& up);
    void HandleIkeSaDown(const IkeSaDown& down);
    void HandleAcquireFailed(const AcquireFailed& failed);
    void HandleAddressAssigned(const AddressAssigned& assigned);
    void HandleSaInstalled(const IpsecSa& sa);
    void HandleSaRemoved(const RemoveSa& removed);
    void HandleAddress(uint32_t interface, Ipv4InterfaceAddress address);
    /// @}

    /// Looks at everything that was told, behind all other events of this instant.
    void ReviewSoon();
    void Review();
    /// Gives the daemon the address that the device has now; true if it is another one, or the
    /// device moved.
    bool FollowAddress();
    /// Makes the tunnel anew from the address that the device has now.
    void ComeBack();
    /// Judges the attempt or the tunnel by what the daemon told.
    void FollowTunnel();
    /// Returns the address and mask of the device, if it has any.
    std::optional<Ipv4InterfaceAddress> FindAddress() const;

    /// @name Steps between states
    /// @{
    void Enter(DialUpState state);
    void BeginAttempt();
    void BecomeConnected();
    /// An attempt failed: pause, or give up.
    void EndAttempt(Fault reason);
    /// Counts an attempt that is under way as cut off.
    void AbandonAttempt();
    /// Tells whether what ends is not what was begun: only an IKE SA can be ended by Delete or by
    /// hand, and behind a busy processor the end of an old one comes late.
    bool IsOfAnEarlierAttempt(Fault reason) const;
    /// Notes that the tunnel is gone, and takes away what is left of it.
    void LoseTunnel(Fault reason);
    /// Waits before the next attempt.
    void BackOff();
    /// Stops to want the tunnel.
    void GiveUp(DialUpState state);
    void HandleConnectTimeout();
    /// Begins an attempt now if there is an address, or waits for one.
    void TryNow();
    /// Ends what is left of a tunnel or an attempt and takes its address and rules away.
    void CleanUp();
    /// @}

    /// Tells whether all tunnels to the gateway have SAs.
    bool IsUp() const;
    /// Returns the pause before the next attempt.
    Time DrawPause();
    /// Makes the rules of this client those of its state.
    void UpdateRules();
    std::vector<Policy> WantedRules() const;
    /// Returns the networks that rules lead through the tunnel to.
    std::vector<Prefix> CarriedNetworks() const;
    void ForgetFailures();
    const PeerConfig& Gateway() const;

    bool m_autoConnect = true;
    bool m_reconnect = true;
    Time m_firstPause;
    Time m_longestPause;
    double m_pauseFactor = 2;
    double m_jitter = 0;
    Time m_connectTimeout;
    uint32_t m_refusalTries = 1;
    uint32_t m_attemptLimit = 0;
    bool m_blockWhileLost = true;

    PeerId m_peer = 0;
    Ptr<NetDevice> m_device;
    Ptr<IkeDaemon> m_daemon;
    Ptr<IpsecDataPlane> m_dataPlane;
    Ptr<IpsecPolicyRouting> m_routing;
    Ptr<UniformRandomVariable> m_random;

    DialUpState m_state = DialUpState::Off;
    DialUpCounters m_counters;
    bool m_running = false;
    bool m_wanted = false;
    /// Since when the user has been waiting for the tunnel.
    Time m_waitsSince;
    std::optional<Ipv4InterfaceAddress> m_local;
    std::optional<Ipv4Address> m_assigned;
    /// Outbound SAs of each child.
    std::map<uint32_t, std::set<SaKey>> m_outbound;
    /// Why the attempt failed, or the newest reason for which an SA went.
    std::optional<Fault> m_failure;
    /// When the attempt began, and whether it has led to an IKE SA.
    Time m_attemptSince;
    bool m_hasIkeSa = false;
    std::optional<Fault> m_removal;
    std::optional<Fault> m_lastReason;
    /// Since the last tunnel, the last change of address or the last Connect().
    uint32_t m_failuresInARow = 0;
    uint32_t m_refusalsInARow = 0;
    uint32_t m_pausesInARow = 0;
    bool m_moved = false;
    /// The rules that were added for this state.
    std::vector<Policy> m_rules;
    /// What the tunnel carried when it came up.
    std::vector<Prefix> m_carriedNetworks;
    /// What the lost tunnel carried.
    std::vector<Prefix> m_lostNetworks;
    /// The end of an attempt or of a pause.
    EventId m_timer;
    EventId m_review;

    TracedCallback<DialUpState, DialUpState> m_stateTrace;
    TracedCallback<Ipv4Address, Ipv4Address> m_addressTrace;
    TracedCallback<Time> m_connectedTrace;
    TracedCallback<Fault> m_disconnectedTrace;
    TracedCallback<Fault> m_attemptFailedTrace;
};

} // namespace ipsec
} // namespace ns3

#endif // IKE_DIAL_UP_CLIENT_H
