// SPDX-License-Identifier: GPL-2.0-only
#include "ike-engine-state.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

// The peer behind a NAT

bool
IkeSaSlot::FollowsPeer() const
{
    if (const IkeSa* sa = Established())
    {
        return sa->nat.FollowsPeer();
    }
    const auto* waiting = std::get_if<ExpectMm5>(&state);
    return waiting != nullptr && waiting->nat.FollowsPeer();
}

std::vector<IpsecSa>
IkeSaSlot::AtPeer(std::vector<IpsecSa> sas) const
{
    for (IpsecSa& sa : sas)
    {
        sa.remote = sa.followsPeer ? remote : sa.remote;
    }
    return sas;
}

bool
IkeSaSlot::IsAtOldPort(const Endpoint& at) const
{
    const IkeSa* sa = Established();
    return sa && sa->nat.IsDetected() && at.port != NATT_PORT;
}

void
EngineState::FollowPeer(const IkeSaSlot& slot, const Endpoint& remote, Effects& effects)
{
    if (!slot.FollowsPeer() || slot.remote == remote)
    {
        return;
    }
    MoveIkeSas(peers.at(slot.peer), remote);
    MoveChildren(slot.peer, remote, effects);
}

void
EngineState::HandlePeerMoved(const SaKey& key, const Endpoint& remote, Effects& effects)
{
    const auto owner = saOwners.find(key);
    if (owner == saOwners.end())
    {
        return;
    }
    MoveIkeSas(peers.at(owner->second.peer), remote);
    MoveChildren(owner->second.peer, remote, effects);
}

void
EngineState::MoveIkeSas(const Peer& peer, const Endpoint& remote)
{
    for (const SlotId id : peer.established)
    {
        IkeSaSlot& slot = slots.at(id);
        if (!slot.FollowsPeer())
        {
            continue;
        }
        slot.remote = remote;
        // What waits for an answer is sent again to where the peer is.
        slot.ledger.Redirect(remote);
        for (auto& [messageId, quick] : slot.quickModes)
        {
            quick.ledger.Redirect(remote);
        }
        for (auto& [messageId, transaction] : slot.transactions)
        {
            transaction.ledger.Redirect(remote);
        }
    }
}

void
EngineState::MoveChildren(PeerId id, const Endpoint& remote, Effects& effects) const
{
    const Peer& peer = peers.at(id);
    for (uint32_t child = 0; child < peer.children.size(); child++)
    {
        const std::vector<InstalledPair>& pairs = peer.children[child].pairs;
        if (!pairs.empty())
        {
            effects.list.push_back(PeerMoved{pairs.front().inbound.front(), {id, child}, remote});
        }
    }
}

// We behind a NAT

void
EngineState::BeginKeepalive(const IkeSaSlot& slot, Turn& turn)
{
    Peer& peer = peers.at(slot.peer);
    const Duration interval = peer.config->personality->natKeepalive;
    if (slot.Established()->nat.localBehindNat && interval > Duration::zero())
    {
        peer.keepalive.Begin(turn.now, interval, slot.local, slot.remote);
    }
    else
    {
        peer.keepalive.End();
    }
    ReschedulePeer(slot.peer);
}

void
EngineState::RunKeepalive(PeerId id, Turn& turn)
{
    Peer& peer = peers.at(id);
    if (!peer.keepalive.HandleTimer(turn.now))
    {
        return;
    }
    const bool isInUse = !peer.established.empty() ||
                         std::any_of(peer.children.begin(),
                                     peer.children.end(),
                                     [](const ChildState& child) { return !child.pairs.empty(); });
    if (!isInUse)
    {
        peer.keepalive.End();
        return;
    }
    turn.effects.list.push_back(KeepAlive{id, peer.keepalive.Local(), peer.keepalive.Remote()});
}

void
EngineState::NoteSent(const IkeSaSlot& slot, const Turn& turn)
{
    peers.at(slot.peer).keepalive.Speak(turn.now);
}

} // namespace ipsec
} // namespace ns3
