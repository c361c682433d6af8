// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What an engine holds of one IKE SA and of one peer.
 */
#ifndef IKE_ENGINE_SLOTS_H
#define IKE_ENGINE_SLOTS_H

#include "ike-aggressive-mode.h"
#include "ike-dpd.h"
#include "ike-engine-access.h"
#include "ike-fragmentation.h"
#include "ike-ledger.h"
#include "ike-main-mode.h"
#include "ike-nat-keepalive.h"
#include "ike-quick-mode.h"

#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Counts IKE SAs of an engine in the order in which they began.
using SlotId = uint64_t;

/// Tells which of two things in one engine came first; instants do not, if they are the same.
using EventNumber = uint64_t;

using QuickModeState = std::variant<ExpectQm2, ExpectQm3, QuickModeFinished>;
using Phase1State = std::
    variant<ExpectMm2, ExpectMm4, ExpectMm6, ExpectMm3, ExpectMm5, ExpectAm2, ExpectAm3, IkeSa>;

/// Keeps the earlier of two instants.
void TakeEarlier(std::optional<Instant>& earliest, std::optional<Instant> candidate);

/// One quick mode.
struct QuickModeSlot
{
    QuickModeState state;
    Ledger ledger;
    /// When QM1 was sent or came.
    EventNumber begun = 0;
    /// When a finished exchange stops to answer duplicates.
    std::optional<Instant> forgetAt;
};

/// One IKE SA from its first message on.
struct IkeSaSlot
{
    SlotId id = 0;
    PeerId peer = 0;
    Role role = Role::Initiator;
    Phase1Mode mode = Phase1Mode::Main;
    Cookie initiatorCookie{};
    Cookie responderCookie{};
    /// Where its messages go; the peer's side follows authenticated messages only.
    Endpoint local;
    Endpoint remote;
    /// Where its first message came from, as responder.
    Endpoint firstRemote;
    /// Set once both ends announced that they can.
    std::optional<Fragmentation> fragmentation;
    /// When its first message was sent or came.
    Instant begunAt{};
    EventNumber begun = 0;
    /// When both ends were authenticated.
    EventNumber established = 0;
    Phase1State state;
    Ledger ledger;
    /// When an unfinished responder's state is dropped.
    std::optional<Instant> giveUpAt;
    /// When the ledger of phase 1 is cleared.
    std::optional<Instant> forgetAt;
    /// When a successor is negotiated.
    std::optional<Instant> renewAt;
    /// When it goes, since a successor is there.
    std::optional<Instant> retireAt;
    /// Whether another one that crossed it is renewed in its place.
    bool isRedundant = false;
    /// Last error notification about it, authenticated or not.
    uint16_t notify = 0;
    /// By message ID.
    std::map<uint32_t, QuickModeSlot> quickModes;
    std::map<uint32_t, TransactionSlot> transactions;
    Access access;
    DpdLink dpd;
    /// The deadline under which it is scheduled.
    std::optional<Instant> scheduled;

    const Cookie&
    OwnCookie() const
    {
        return role == Role::Initiator ? initiatorCookie : responderCookie;
    }

    IkeSa*
    Established()
    {
        return std::get_if<IkeSa>(&state);
    }

    const IkeSa*
    Established() const
    {
        return std::get_if<IkeSa>(&state);
    }

    /// Tells whether quick modes may run under it.
    bool
    IsReady() const
    {
        return Established() && access.stage == AccessStage::Ready;
    }

    /// Tells whether the peer of an IKE SA, or of one in the making, is followed through its NAT.
    bool FollowsPeer() const;
    /// Returns SAs that an exchange made, sent to where the peer is by now.
    std::vector<IpsecSa> AtPeer(std::vector<IpsecSa> sas) const;
    /// Tells whether a message came to the port that the IKE SA left for another.
    bool IsAtOldPort(const Endpoint& at) const;

    /// Returns the keys, once messages can be protected with them.
    const IkeKeys* Keys() const;
    /// Returns the earliest of all its timers.
    std::optional<Instant> Deadline() const;
};

/// A pair of IPsec SAs in use, or two of them: AH and ESP of a bundle live and end together.
struct InstalledPair
{
    /// One of each protocol, AH before ESP.
    std::vector<SaKey> inbound;
    /// Empty until the responder got QM3, and again once another pair is used instead.
    std::vector<SaKey> outbound;
    Instant installedAt{};
    /// When its quick mode began, and when the outbound half was installed.
    EventNumber begun = 0;
    EventNumber completed = std::numeric_limits<EventNumber>::max();
    /// When it ends by time, if it does.
    std::optional<Instant> expiresAt;
    /// Whether it came near its end: it wants a successor.
    bool isWorn = false;
    /// When a renewal that failed is tried again, and the pause before that.
    std::optional<Instant> renewAt;
    Duration renewalPause{};
    /// Another pair took its place or crossed it: when it is withdrawn, and after that, when it
    /// stops to receive.
    std::optional<Instant> endsAt;
    /// When it is withdrawn although the peer may still send on it.
    Instant endsLatest{};
    /// Whether the peer was told.
    bool isWithdrawn = false;
    /// Whether a crossing quick mode made another one, which both ends prefer.
    bool isRedundant = false;
    /// Whether a packet is known to have come in on it.
    bool isHeard = false;
    /// The IKE SA that made it, which it may outlive.
    SlotId ikeSa = 0;

    /// Tells whether an SA is one of these.
    bool Has(const SaKey& key) const;
};

/// One child of a peer at run time.
struct ChildState
{
    /// Oldest first.
    std::vector<InstalledPair> pairs;
    /// Wants a quick mode that has not started yet.
    bool waiting = false;
    /// A quick mode that we started runs.
    bool negotiating = false;
    /// Went, or could not be negotiated, and is to be tried again.
    bool wanted = false;

    /// Tells whether a pair is there that stays, whole or half.
    bool HasPair() const;

    /// Tells whether nothing of it is there, and nobody is at work on it.
    bool
    IsIdle() const
    {
        return !HasPair() && !waiting && !negotiating;
    }
};

/// When the children that a peer lost are tried again.
struct Restarts
{
    std::optional<Instant> at;
    /// The last pause; each is twice as long.
    Duration pause{};
    /// Negotiations in a row that failed.
    uint32_t failures = 0;
    /// The user ended it: nothing starts by itself.
    bool isStopped = false;
    /// It was dead, and somebody must start it again (DpdAction::Clear).
    bool isCleared = false;
};

/// One peer at run time. Children belong to it, not to an IKE SA: in IKEv1 they outlive it.
struct Peer
{
    /// What it is configured as; its own copy once it was assigned an address.
    std::shared_ptr<const PeerConfig> config;
    std::vector<ChildState> children;
    /// IKE SAs in every stage.
    std::set<SlotId> slots;
    /// Established IKE SAs, oldest first.
    std::vector<SlotId> established;
    /// Main mode that we started, while it runs.
    std::optional<SlotId> initiating;
    DpdWatch dpd;
    KeepaliveWatch keepalive;
    Restarts restarts;
    /// The deadline under which it is scheduled.
    std::optional<Instant> scheduled;
    /// Of a client of a group.
    std::optional<ClientKey> client;
    /// The same, once XAUTH told.
    std::string user;
};

/// Returns the names of SAs.
std::vector<SaKey> KeysOf(const std::vector<IpsecSa>& sas);

/// Returns the name of a phase 1 state, such as "ExpectMm4" or "Established".
const char* StateName(const Phase1State& state);
const char* StateName(const QuickModeState& state);
const char* StateName(const TransactionState& state);

} // namespace ipsec
} // namespace ns3

#endif // IKE_ENGINE_SLOTS_H
