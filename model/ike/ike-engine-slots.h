// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What an engine holds of one IKE SA and of one peer.
 */
#ifndef IKE_ENGINE_SLOTS_H
#define IKE_ENGINE_SLOTS_H

#include "ike-aggressive-mode.h"
#include "ike-engine-access.h"
#include "ike-fragmentation.h"
#include "ike-ledger.h"
#include "ike-main-mode.h"
#include "ike-quick-mode.h"

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

using QuickModeState = std::variant<ExpectQm2, ExpectQm3, QuickModeFinished>;
using Phase1State = std::
    variant<ExpectMm2, ExpectMm4, ExpectMm6, ExpectMm3, ExpectMm5, ExpectAm2, ExpectAm3, IkeSa>;

/// One quick mode.
struct QuickModeSlot
{
    QuickModeState state;
    Ledger ledger;
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
    Phase1State state;
    Ledger ledger;
    /// When an unfinished responder's state is dropped.
    std::optional<Instant> giveUpAt;
    /// When the ledger of phase 1 is cleared.
    std::optional<Instant> forgetAt;
    /// Last error notification about it, authenticated or not.
    uint16_t notify = 0;
    /// By message ID.
    std::map<uint32_t, QuickModeSlot> quickModes;
    std::map<uint32_t, TransactionSlot> transactions;
    Access access;
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
    /// Empty until the responder got QM3.
    std::vector<SaKey> outbound;
    Instant installedAt{};
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
    /// Of a client of a group.
    std::optional<ClientKey> client;
    /// The same, once XAUTH told.
    std::string user;
};

} // namespace ipsec
} // namespace ns3

#endif // IKE_ENGINE_SLOTS_H
