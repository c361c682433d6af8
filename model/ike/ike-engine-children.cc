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
    ChildState& state = found->second.children.at(child.child);
    if (state.waiting || state.negotiating || !state.pairs.empty())
    {
        return;
    }
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
    for (ChildState& child : found->second.children)
    {
        child.waiting = child.waiting || (child.pairs.empty() && !child.negotiating);
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
        if (running >= ConfigOf(peerId).personality.maxQuickModes)
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
    const Duration margin =
        ConfigOf(slot.peer).personality.RenewalMargin(sa.expiresAt - sa.establishedAt);
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
    std::vector<SaKey> inbound;
    for (const ChildState& child : peer.children)
    {
        for (const InstalledPair& pair : child.pairs)
        {
            inbound.insert(inbound.end(), pair.inbound.begin(), pair.inbound.end());
        }
    }
    RemovePairsBefore(peerId, Instant::max(), Fault::Terminated, turn);
    const std::set<SlotId> ending = peer.slots;
    const IkeSaSlot* newest = NewestReady(peerId);
    for (const SlotId id : ending)
    {
        IkeSaSlot& slot = slots.at(id);
        if (!slot.Established())
        {
            continue;
        }
        // In one message: were the network to swap two, the second would come for no SA.
        std::vector<RawPayload> deletes;
        if (&slot == newest)
        {
            deletes = MakeIpsecDeletes(inbound);
        }
        deletes.push_back(MakeIsakmpDelete(slot.initiatorCookie, slot.responderCookie));
        SendProtected(slot, deletes, turn);
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
EngineState::HandleSoftExpiry(const SaKey& key, Turn& turn)
{
    const auto owner = saOwners.find(key);
    if (owner == saOwners.end())
    {
        return;
    }
    ChildState& child = peers[owner->second.peer].children[owner->second.child];
    const bool isNewest =
        !child.pairs.empty() && FindPair(owner->second, key) == &child.pairs.back();
    if (!isNewest || child.waiting || child.negotiating)
    {
        return;
    }
    child.waiting = true;
    StartWaiting(owner->second.peer, turn);
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
    const bool isNewest = pair == &peers[child.peer].children[child.child].pairs.back();
    if (isNewest && ConfigOf(child.peer).childLifetimePolicy == ChildLifetimePolicy::Linked)
    {
        BeginAnew(pair->ikeSa, turn);
        return;
    }
    if (IkeSaSlot* slot = NewestReady(child.peer))
    {
        SendProtected(*slot, MakeIpsecDeletes(pair->inbound), turn);
    }
    RemovePair(child, key, Fault::Expired, turn);
}

void
EngineState::EndIdleIkeSas(PeerId peer, Turn& turn)
{
    const std::vector<SlotId> established = peers[peer].established;
    for (const SlotId id : established)
    {
        IkeSaSlot& slot = slots.at(id);
        const auto& children = peers[peer].children;
        const bool isInUse = !slot.quickModes.empty() ||
                             std::any_of(children.begin(),
                                         children.end(),
                                         [&](const ChildState& child)
                                         {
                                             return std::any_of(child.pairs.begin(),
                                                                child.pairs.end(),
                                                                [&](const InstalledPair& pair)
                                                                { return pair.ikeSa == id; });
                                         });
        if (!isInUse)
        {
            SendDeleteOf(slot, turn);
            RemoveSlot(id, Fault::Expired, turn);
        }
    }
}

void
EngineState::HandlePeerMoved(const SaKey& key, const Endpoint& remote)
{
    const auto owner = saOwners.find(key);
    IkeSaSlot* slot = owner == saOwners.end() ? nullptr : NewestReady(owner->second.peer);
    if (!slot)
    {
        return;
    }
    FollowPeer(*slot, remote);
}

void
EngineState::InstallInbound(const std::vector<IpsecSa>& sas, SlotId ikeSa, Turn& turn)
{
    const ChildId child = sas.front().child;
    peers[child.peer].children[child.child].pairs.push_back({KeysOf(sas), {}, turn.now, ikeSa});
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
        }
    }
    for (const IpsecSa& sa : sas)
    {
        saOwners[sa.Key()] = child;
        turn.effects.list.push_back(InstallSa{sa});
    }
}

void
EngineState::RetireOlderPairs(IkeSaSlot& slot, const QuickModeFinished& finished, Turn& turn)
{
    const ChildId child{slot.peer, finished.child};
    // Only what was there when we began: crossing quick modes make pairs of the same age, and if
    // each end retired the other's, none would be left.
    const std::vector<InstalledPair> pairs = peers[child.peer].children[child.child].pairs;
    const bool isInUse = std::any_of(pairs.begin(),
                                     pairs.end(),
                                     [&](const InstalledPair& pair)
                                     { return pair.inbound.front().spi == finished.ownSpi; });
    if (!isInUse)
    {
        // It was refused, or is gone again: then the older one is all there is.
        return;
    }
    for (const InstalledPair& pair : pairs)
    {
        if (pair.installedAt < finished.begunAt && pair.inbound.front().spi != finished.ownSpi)
        {
            SendProtected(slot, MakeIpsecDeletes(pair.inbound), turn);
            RemovePair(child, pair.inbound.front(), Fault::Replaced, turn);
        }
    }
}

const InstalledPair*
EngineState::FindPair(ChildId child, const SaKey& oneOfThem) const
{
    for (const InstalledPair& pair : peers.at(child.peer).children[child.child].pairs)
    {
        if (pair.Has(oneOfThem))
        {
            return &pair;
        }
    }
    return nullptr;
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
    pairs.erase(pairs.begin() + (found - pairs.data()));
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
    if (state.pairs.empty() && !state.waiting && !state.negotiating)
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

void
EngineState::BeginAnew(SlotId ikeSa, Turn& turn)
{
    IkeSaSlot& slot = slots.at(ikeSa);
    const PeerId peer = slot.peer;
    std::vector<SaKey> inbound;
    std::set<uint32_t> wereUp;
    for (uint32_t child = 0; child < peers[peer].children.size(); child++)
    {
        for (const InstalledPair& pair : peers[peer].children[child].pairs)
        {
            if (pair.ikeSa == ikeSa)
            {
                inbound.insert(inbound.end(), pair.inbound.begin(), pair.inbound.end());
                wereUp.insert(child);
            }
        }
    }
    std::vector<RawPayload> deletes = MakeIpsecDeletes(inbound);
    deletes.push_back(MakeIsakmpDelete(slot.initiatorCookie, slot.responderCookie));
    SendProtected(slot, deletes, turn);
    RemoveSlot(ikeSa, Fault::Expired, turn);
    EndIdleIkeSas(peer, turn);
    if (!ConfigOf(peer).remoteAddress && !NewestReady(peer))
    {
        // It can only call us.
        return;
    }
    for (const uint32_t child : wereUp)
    {
        ChildState& state = peers[peer].children[child];
        state.waiting = state.waiting || (state.pairs.empty() && !state.negotiating);
    }
    StartWaiting(peer, turn);
}

IpsecSpis
EngineState::DrawSpis(const ChildConfig& child, RandomSource& random)
{
    IpsecSpis spis;
    spis.esp = NeedsSpi(child, ProtocolId::Esp) ? DrawSpi(random) : 0;
    spis.ah = NeedsSpi(child, ProtocolId::Ah) ? DrawSpi(random) : 0;
    return spis;
}

uint32_t
EngineState::DrawSpi(RandomSource& random)
{
    while (true)
    {
        const uint32_t spi = random.DrawU32();
        if (spi >= LOWEST_SPI && usedSpis.insert(spi).second)
        {
            return spi;
        }
    }
}

void
EngineState::FreeSpis(const IpsecSpis& spis)
{
    usedSpis.erase(spis.ah);
    usedSpis.erase(spis.esp);
}

void
EngineState::FreeUnusedSpis(const IpsecSpis& spis, const std::vector<IpsecSa>& used)
{
    FreeSpis(spis);
    for (const IpsecSa& sa : used)
    {
        usedSpis.insert(sa.spi);
    }
}

} // namespace ipsec
} // namespace ns3
