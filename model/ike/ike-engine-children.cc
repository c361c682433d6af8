// SPDX-License-Identifier: GPL-2.0-only
#include "ike-engine-state.h"
#include "ike-informational.h"

#include "ns3/esp-header.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

std::vector<SaKey>
KeysOf(const std::vector<IpsecSa>& sas)
{
    std::vector<SaKey> keys;
    keys.reserve(sas.size());
    for (const IpsecSa& sa : sas)
    {
        keys.push_back(sa.Key());
    }
    return keys;
}

bool
InstalledPair::Has(const SaKey& key) const
{
    const auto has = [&key](const std::vector<SaKey>& keys)
    { return std::find(keys.begin(), keys.end(), key) != keys.end(); };
    return has(inbound) || has(outbound);
}

void
EngineState::Acquire(ChildId child, Turn& turn)
{
    const auto found = peers.find(child.peer);
    if (found == peers.end())
    {
        // A client of a group that is gone: nobody else could be meant.
        turn.effects.list.push_back(AcquireFailed{child, Fault::UnknownPeer, 0});
        return;
    }
    if (found->second.restarts.isCleared)
    {
        turn.effects.list.push_back(AcquireFailed{child, Fault::PeerDead, 0});
        return;
    }
    ChildState& state = found->second.children.at(child.child);
    if (!state.IsIdle())
    {
        return;
    }
    Unblock(child.peer);
    state.waiting = true;
    StartWaiting(child.peer, turn);
}

void
EngineState::Initiate(PeerId peer, Turn& turn)
{
    const auto found = peers.find(peer);
    if (found == peers.end())
    {
        return;
    }
    Unblock(peer);
    for (ChildState& child : found->second.children)
    {
        child.waiting = child.waiting || child.IsIdle();
    }
    if (peers[peer].established.empty() && !peers[peer].initiating)
    {
        StartPhase1(peer, turn);
        return;
    }
    StartWaiting(peer, turn);
}

bool
EngineState::IsBecomingReady(const Peer& peer) const
{
    return std::any_of(peer.established.begin(),
                       peer.established.end(),
                       [&](SlotId id) { return !slots.at(id).IsReady(); });
}

void
EngineState::StartWaiting(PeerId peerId, Turn& turn)
{
    Peer& peer = peers[peerId];
    for (uint32_t child = 0; child < peer.children.size(); child++)
    {
        if (!peer.children[child].waiting)
        {
            continue;
        }
        IkeSaSlot* slot = NewestReady(peerId);
        if (!slot || !HasRoomForExchange(*slot, turn.now))
        {
            if (!peer.initiating && !IsBecomingReady(peer))
            {
                StartPhase1(peerId, turn);
            }
            return;
        }
        const auto running =
            std::count_if(slot->quickModes.begin(),
                          slot->quickModes.end(),
                          [](const auto& entry)
                          { return std::holds_alternative<ExpectQm2>(entry.second.state); });
        if (running >= ConfigOf(peerId).personality->maxQuickModes)
        {
            return;
        }
        StartQuickMode(*slot, child, turn);
    }
}

bool
EngineState::HasRoomForExchange(const IkeSaSlot& slot, Instant now) const
{
    // A quick mode whose IKE SA ends between its messages leaves one end with half a pair.
    const IkeSa& sa = *slot.Established();
    const Personality& personality = ConfigOf(slot.peer).personality;
    const PeerConfig& peer = ConfigOf(slot.peer);
    const bool mayBeginAnother =
        MayRenew(slot) ||
        (peer.remoteAddress && peer.childLifetimePolicy == ChildLifetimePolicy::Linked);
    const Duration margin =
        mayBeginAnother ? personality.RenewalMargin(sa.expiresAt - sa.establishedAt, true, 0)
                        : Duration{};
    return sa.usedMessageIds.size() < MAX_MESSAGE_IDS && sa.expiresAt - now > margin;
}

void
EngineState::FailWaiting(PeerId peerId, Fault reason, uint16_t notify, Turn& turn)
{
    Peer& peer = peers[peerId];
    for (uint32_t child = 0; child < peer.children.size(); child++)
    {
        if (peer.children[child].waiting)
        {
            peer.children[child].waiting = false;
            turn.effects.list.push_back(AcquireFailed{{peerId, child}, reason, notify});
        }
    }
}

void
EngineState::Terminate(PeerId peerId, Turn& turn)
{
    const auto found = peers.find(peerId);
    if (found == peers.end())
    {
        return;
    }
    for (const PeerId client : ClientsOf(peerId))
    {
        Terminate(client, turn);
    }
    Peer& peer = found->second;
    peer.restarts = {};
    peer.restarts.isStopped = true;
    peer.dpd.End();
    ReschedulePeer(peerId);
    std::vector<SaKey> inbound;
    for (ChildState& child : peer.children)
    {
        child.wanted = false;
        for (const InstalledPair& pair : child.pairs)
        {
            inbound.insert(inbound.end(), pair.inbound.begin(), pair.inbound.end());
        }
    }
    RemovePairsBefore(peerId, Instant::max(), Fault::Terminated, turn);
    const std::set<SlotId> ending = peer.slots;
    const IkeSaSlot* newest = NewestReady(peerId);
    const bool isTold = ConfigOf(peerId).personality->sendDeletes;
    for (const SlotId id : ending)
    {
        IkeSaSlot& slot = slots.at(id);
        if (!slot.Established() || !isTold)
        {
            continue;
        }
        // In one message: were the network to swap two, the second would come for no SA.
        SendProtected(slot,
                      MakeDeletesOfAll(slot.initiatorCookie,
                                       slot.responderCookie,
                                       &slot == newest ? inbound : std::vector<SaKey>()),
                      turn);
    }
    // No other IKE SA may take over what one of them leaves.
    peer.established.clear();
    peer.initiating.reset();
    for (const SlotId id : ending)
    {
        RemoveSlot(id, Fault::Terminated, turn);
    }
    FailWaiting(peerId, Fault::Terminated, 0, turn);
}

void
EngineState::HandleHardExpiry(const SaKey& key, Turn& turn)
{
    const auto owner = saOwners.find(key);
    if (owner == saOwners.end())
    {
        return;
    }
    const ChildId child = owner->second;
    const InstalledPair* pair = FindPair(child, key);
    const bool isNewest = pair == NewestPair(peers[child.peer].children[child.child]);
    // It outlived its IKE SA if they were linked only afterwards, by another configuration.
    if (isNewest && slots.count(pair->ikeSa) > 0 &&
        ConfigOf(child.peer).childLifetimePolicy == ChildLifetimePolicy::Linked)
    {
        BeginAnew(pair->ikeSa, turn);
        return;
    }
    if (!pair->isWithdrawn)
    {
        SendIpsecDeletes(child.peer, pair->inbound, turn);
    }
    RemovePair(child, key, Fault::Expired, turn);
}

void
EngineState::InstallInbound(const std::vector<IpsecSa>& sas,
                            SlotId ikeSa,
                            EventNumber begun,
                            Turn& turn)
{
    const ChildId child = sas.front().child;
    InstalledPair pair;
    pair.inbound = KeysOf(sas);
    pair.installedAt = turn.now;
    if (const Duration lifetime = sas.front().lifetime.hard; lifetime > Duration::zero())
    {
        pair.expiresAt = turn.now + lifetime;
    }
    pair.begun = begun;
    pair.ikeSa = ikeSa;
    peers[child.peer].children[child.child].pairs.push_back(std::move(pair));
    for (const IpsecSa& sa : sas)
    {
        saOwners[sa.Key()] = child;
        turn.effects.list.push_back(InstallSa{sa});
    }
}

void
EngineState::InstallOutbound(const std::vector<IpsecSa>& sas, Turn& turn)
{
    const ChildId child = sas.front().child;
    for (InstalledPair& pair : peers[child.peer].children[child.child].pairs)
    {
        if (pair.inbound.front().spi == sas.front().pairSpi)
        {
            pair.outbound = KeysOf(sas);
            pair.completed = nextEvent++;
        }
    }
    for (const IpsecSa& sa : sas)
    {
        saOwners[sa.Key()] = child;
        turn.effects.list.push_back(InstallSa{sa});
    }
    SettleCrossing(child, sas.front().pairSpi, turn);
}

const InstalledPair*
EngineState::FindPair(ChildId child, const SaKey& oneOfThem) const
{
    const std::vector<InstalledPair>& pairs = peers.at(child.peer).children[child.child].pairs;
    const auto found = std::find_if(
        pairs.begin(), pairs.end(), [&](const InstalledPair& pair) { return pair.Has(oneOfThem); });
    return found == pairs.end() ? nullptr : &*found;
}

InstalledPair*
EngineState::FindPair(ChildState& child, const SaKey& oneOfThem)
{
    const auto found = std::find_if(child.pairs.begin(),
                                    child.pairs.end(),
                                    [&](const InstalledPair& pair) { return pair.Has(oneOfThem); });
    return found == child.pairs.end() ? nullptr : &*found;
}

void
EngineState::SendIpsecDeletes(PeerId peer, const std::vector<SaKey>& inbound, Turn& turn)
{
    IkeSaSlot* slot = NewestReady(peer);
    if (slot && !inbound.empty())
    {
        SendProtected(*slot, MakeIpsecDeletes(inbound), turn);
    }
}

void
EngineState::RemovePair(ChildId child, const SaKey& oneOfThem, Fault reason, Turn& turn)
{
    const InstalledPair* found = FindPair(child, oneOfThem);
    if (!found)
    {
        return;
    }
    const InstalledPair pair = *found;
    std::vector<InstalledPair>& pairs = peers[child.peer].children[child.child].pairs;
    ChildState& owner = peers[child.peer].children[child.child];
    pairs.erase(pairs.begin() + (found - pairs.data()));
    if (!NewestPair(owner))
    {
        // What was preferred to them is gone.
        for (InstalledPair& left : pairs)
        {
            left.isRedundant = left.isRedundant && left.endsAt;
        }
    }
    turn.left.insert(child.peer);
    for (const SaKey& key : pair.inbound)
    {
        usedSpis.erase(key.spi);
    }
    for (const std::vector<SaKey>* direction : {&pair.inbound, &pair.outbound})
    {
        for (const SaKey& key : *direction)
        {
            saOwners.erase(key);
            turn.effects.list.push_back(RemoveSa{key, child, reason});
        }
    }
    if (!pair.outbound.empty())
    {
        return;
    }
    // Half a pair promised an SA to packets that wait; nobody else tells them that it never comes.
    const ChildState& state = peers[child.peer].children[child.child];
    if (state.IsIdle())
    {
        turn.effects.list.push_back(AcquireFailed{child, reason, 0});
    }
}

void
EngineState::RemovePairsBefore(PeerId peer, Instant before, Fault reason, Turn& turn)
{
    for (uint32_t child = 0; child < peers[peer].children.size(); child++)
    {
        const std::vector<InstalledPair> pairs = peers[peer].children[child].pairs;
        for (const InstalledPair& pair : pairs)
        {
            if (pair.installedAt < before)
            {
                RemovePair({peer, child}, pair.inbound.front(), reason, turn);
            }
        }
    }
}

void
EngineState::RemovePairsUnder(PeerId peer, SlotId ikeSa, Fault reason, Turn& turn)
{
    for (uint32_t child = 0; child < peers[peer].children.size(); child++)
    {
        const std::vector<InstalledPair> pairs = peers[peer].children[child].pairs;
        for (const InstalledPair& pair : pairs)
        {
            if (pair.ikeSa == ikeSa)
            {
                RemovePair({peer, child}, pair.inbound.front(), reason, turn);
            }
        }
    }
}

} // namespace ipsec
} // namespace ns3
