// SPDX-License-Identifier: GPL-2.0-only
#include "ike-engine-state.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

/// How often it is looked whether an IKE SA is still busy.
constexpr Duration LOOK = std::chrono::seconds(1);

/// Names an IKE SA so that both ends agree.
const Cookie&
NameOf(const IkeSaSlot& slot)
{
    return std::max(slot.initiatorCookie, slot.responderCookie);
}

} // namespace

bool
EngineState::MayRenew(const IkeSaSlot& slot) const
{
    const PeerConfig& peer = ConfigOf(slot.peer);
    return peer.remoteAddress && peer.childLifetimePolicy != ChildLifetimePolicy::Linked &&
           Personality::Renews(peer.personality->ikeRenewer, slot.role == Role::Initiator);
}

void
EngineState::PlanRenewal(IkeSaSlot& slot, Turn& turn) const
{
    slot.renewAt.reset();
    if (!MayRenew(slot) || slot.isRedundant || slot.retireAt)
    {
        return;
    }
    const Personality& personality = ConfigOf(slot.peer).personality;
    const IkeSa& sa = *slot.Established();
    const double random = personality.renewalFuzz > 0 ? turn.random.DrawUnit() : 0;
    slot.renewAt = sa.expiresAt - personality.RenewalMargin(sa.expiresAt - sa.establishedAt,
                                                            slot.role == Role::Initiator,
                                                            random);
}

IkeSaSlot*
EngineState::NewestToRenew(PeerId peer)
{
    const std::vector<SlotId>& established = peers.at(peer).established;
    const auto found = std::find_if(established.rbegin(),
                                    established.rend(),
                                    [&](SlotId id) { return !slots.at(id).isRedundant; });
    return found == established.rend() ? nullptr : &slots.at(*found);
}

void
EngineState::PromoteRedundant(PeerId peer, Turn& turn)
{
    const std::vector<SlotId>& established = peers.at(peer).established;
    if (established.empty() || NewestToRenew(peer))
    {
        return;
    }
    IkeSaSlot& newest = slots.at(established.back());
    newest.isRedundant = false;
    PlanRenewal(newest, turn);
    Reschedule(newest);
}

void
EngineState::RenewIkeSa(IkeSaSlot& slot, Turn& turn)
{
    slot.renewAt.reset();
    if (NewestToRenew(slot.peer) == &slot && !peers.at(slot.peer).initiating)
    {
        StartPhase1(slot.peer, turn);
    }
}

void
EngineState::RetryRenewal(PeerId peer, Turn& turn)
{
    IkeSaSlot* newest = NewestToRenew(peer);
    if (newest && !newest->renewAt && !newest->retireAt && MayRenew(*newest))
    {
        newest->renewAt = turn.now + ConfigOf(peer).personality->firstPause;
        Reschedule(*newest);
    }
}

void
EngineState::ReplaceOlderIkeSas(IkeSaSlot& fresh, Turn& turn)
{
    const Personality& personality = ConfigOf(fresh.peer).personality;
    // The end that began has the first word. The other one tidies up if that was lost, but not
    // before the last message of phase 1, which it may have to repeat, is through.
    const Duration delay = fresh.role == Role::Initiator
                               ? personality.oldIkeSaDelay
                               : std::max(2 * personality.oldIkeSaDelay, personality.ledgerTime);
    for (const SlotId id : peers.at(fresh.peer).established)
    {
        IkeSaSlot& other = slots.at(id);
        if (id == fresh.id || other.remote.address != fresh.remote.address || other.retireAt)
        {
            continue;
        }
        if (other.established < fresh.begun)
        {
            other.renewAt.reset();
            other.retireAt = turn.now + delay;
            Reschedule(other);
        }
        else if (personality.redundantPairs != RedundantPairs::Keep && !other.isRedundant)
        {
            // Main modes crossed: one of the two is not renewed.
            IkeSaSlot& loser = NameOf(fresh) < NameOf(other) ? fresh : other;
            loser.isRedundant = true;
            loser.renewAt.reset();
            Reschedule(loser);
        }
    }
}

void
EngineState::RetireIkeSa(IkeSaSlot& slot, Turn& turn)
{
    const bool isBusy =
        std::any_of(slot.quickModes.begin(),
                    slot.quickModes.end(),
                    [](const auto& entry)
                    { return !std::holds_alternative<QuickModeFinished>(entry.second.state); });
    const std::vector<SlotId>& established = peers.at(slot.peer).established;
    const bool hasSuccessor =
        std::any_of(established.begin(),
                    established.end(),
                    [&](SlotId id) { return id > slot.id && slots.at(id).IsReady(); });
    if (!hasSuccessor)
    {
        // It is gone again: this one lives on.
        slot.retireAt.reset();
        RetryRenewal(slot.peer, turn);
        Reschedule(slot);
        return;
    }
    if (isBusy)
    {
        slot.retireAt = turn.now + LOOK;
        Reschedule(slot);
        return;
    }
    SendDeleteOf(slot, turn);
    RemoveSlot(slot.id, Fault::Replaced, turn);
}

bool
EngineState::GoesWithIkeSa(const IkeSaSlot& slot) const
{
    const PeerConfig& peer = ConfigOf(slot.peer);
    if (peer.childLifetimePolicy == ChildLifetimePolicy::Linked)
    {
        return true;
    }
    switch (peer.personality->childrenAtEnd)
    {
    case ChildrenAtEnd::Keep:
        return false;
    case ChildrenAtEnd::Adopt:
        return !FindSuccessor(slot);
    case ChildrenAtEnd::Drop:
        return true;
    }
    return false;
}

std::optional<SlotId>
EngineState::FindSuccessor(const IkeSaSlot& slot) const
{
    const std::vector<SlotId>& established = peers.at(slot.peer).established;
    const auto found = std::find_if(
        established.rbegin(), established.rend(), [&](SlotId id) { return id != slot.id; });
    return found == established.rend() ? std::nullopt : std::optional<SlotId>(*found);
}

void
EngineState::LeaveChildren(const IkeSaSlot& slot, Fault reason, Turn& turn)
{
    if (GoesWithIkeSa(slot))
    {
        RemovePairsUnder(slot.peer, slot.id, reason, turn);
        return;
    }
    const std::optional<SlotId> successor = FindSuccessor(slot);
    for (ChildState& child : peers.at(slot.peer).children)
    {
        for (InstalledPair& pair : child.pairs)
        {
            pair.ikeSa = pair.ikeSa == slot.id && successor ? *successor : pair.ikeSa;
        }
    }
}

} // namespace ipsec
} // namespace ns3
