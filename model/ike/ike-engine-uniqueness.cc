// SPDX-License-Identifier: GPL-2.0-only
#include "ike-engine-state.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace ipsec
{

void
EngineState::TakeInitialContact(IkeSaSlot& slot, Turn& turn)
{
    const Personality& personality = ConfigOf(slot.peer).personality;
    const bool isAnnounced = std::exchange(slot.access.initialContact, false);
    if (personality.uniqueness == Uniqueness::Replace && slot.role == Role::Responder)
    {
        EndElsewhere(slot, turn);
    }
    if (!isAnnounced || personality.uniqueness == Uniqueness::Never)
    {
        return;
    }
    // The peer had nothing when it began; it may have spoken of nothing younger (F19).
    std::vector<PeerId> meant = SameIdentity(slot);
    if (personality.contactScope == ContactScope::Address)
    {
        const std::vector<PeerId> there = PeersAt(slot.remote.address);
        meant.insert(meant.end(), there.begin(), there.end());
    }
    for (const PeerId peer : meant)
    {
        if (peers.count(peer) == 0)
        {
            continue;
        }
        EndOlder(peer, slot.id, slot.begunAt, turn);
        if (peer != slot.peer)
        {
            // Its address may be wanted at once.
            Retire(peer);
        }
    }
}

void
EngineState::EndOlder(PeerId peer, SlotId except, Instant begunAt, Turn& turn)
{
    const std::vector<SlotId> established = peers[peer].established;
    for (const SlotId other : established)
    {
        if (other != except && slots.at(other).Established()->establishedAt < begunAt)
        {
            RemoveSlot(other, Fault::InitialContact, turn);
        }
    }
    RemovePairsBefore(peer, begunAt, Fault::InitialContact, turn);
}

std::vector<PeerId>
EngineState::SameIdentity(const IkeSaSlot& slot) const
{
    const Peer& own = peers.at(slot.peer);
    std::vector<PeerId> same =
        own.client ? SameClients(*own.client, own.user) : std::vector<PeerId>();
    if (std::find(same.begin(), same.end(), slot.peer) == same.end())
    {
        same.push_back(slot.peer);
    }
    return same;
}

std::vector<PeerId>
EngineState::PeersAt(IpAddress address) const
{
    std::set<PeerId> there;
    for (const auto& [id, slot] : slots)
    {
        if (slot.Established() && slot.remote.address == address)
        {
            there.insert(slot.peer);
        }
    }
    return {there.begin(), there.end()};
}

std::vector<SlotId>
EngineState::Elsewhere(const std::vector<PeerId>& same, IpAddress address) const
{
    std::vector<SlotId> found;
    for (const PeerId peer : same)
    {
        for (const SlotId id : peers.at(peer).established)
        {
            if (slots.at(id).remote.address != address)
            {
                found.push_back(id);
            }
        }
    }
    return found;
}

void
EngineState::EndElsewhere(const IkeSaSlot& slot, Turn& turn)
{
    for (const SlotId id : Elsewhere(SameIdentity(slot), slot.remote.address))
    {
        IkeSaSlot& old = slots.at(id);
        const PeerId peer = old.peer;
        SendDeleteOf(old, turn);
        RemoveSlot(id, Fault::Replaced, turn);
        RemovePairsBefore(peer, slot.begunAt, Fault::Replaced, turn);
        if (peer != slot.peer)
        {
            Retire(peer);
        }
    }
}

std::optional<Fault>
EngineState::FaultInPeer(PeerId peer, const Identity& identity, const Endpoint& remote) const
{
    const PeerConfig& peerConfig = ConfigOf(peer);
    if (peerConfig.isGroup && clients.size() >= config->limits.clients &&
        SameClients({peer, identity.type, identity.data, remote}, {}).empty())
    {
        return Fault::PeerLimit;
    }
    if (peerConfig.personality->uniqueness != Uniqueness::Keep)
    {
        return std::nullopt;
    }
    const std::vector<PeerId> same =
        peerConfig.isGroup ? SameClients({peer, identity.type, identity.data, remote}, {})
                           : std::vector<PeerId>{peer};
    return Elsewhere(same, remote.address).empty() ? std::nullopt
                                                   : std::make_optional(Fault::NotUnique);
}

} // namespace ipsec
} // namespace ns3
