// SPDX-License-Identifier: GPL-2.0-only
// Another configuration for an engine at work; its first one is in ike-engine-slots.cc.
#include "ike-engine-state.h"

#include <algorithm>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Returns the configuration whose peers keep of their proposals those that they have keys for, or
/// all if they have none: the same one if that changes nothing.
SharedEngineConfig
WithUsableProposals(const SharedEngineConfig& config)
{
    const auto isUsable = [](const PeerConfig& peer)
    {
        return !HasUsableKey(peer) ||
               std::all_of(peer.proposals.begin(),
                           peer.proposals.end(),
                           [&](const Phase1Proposal& one) { return peer.HasKeyFor(one); });
    };
    if (std::all_of(config->peers.begin(), config->peers.end(), isUsable))
    {
        return config;
    }
    const auto usable = std::make_shared<EngineConfig>(*config);
    for (PeerConfig& peer : usable->peers)
    {
        if (!isUsable(peer))
        {
            const auto end =
                std::remove_if(peer.proposals.begin(),
                               peer.proposals.end(),
                               [&](const Phase1Proposal& one) { return !peer.HasKeyFor(one); });
            peer.proposals.erase(end, peer.proposals.end());
        }
    }
    return usable;
}

/// Returns the new configuration of a peer that has a copy of its own, with what it was assigned.
std::shared_ptr<const PeerConfig>
Merged(const PeerConfig& fresh, const PeerConfig& own, bool isClient)
{
    auto merged = std::make_shared<PeerConfig>(fresh);
    merged->name = own.name;
    if (isClient)
    {
        merged->isGroup = false;
        merged->remoteId = own.remoteId;
        merged->xauth.Edit().users.clear();
    }
    for (size_t i = 0; i < merged->children.size(); ++i)
    {
        ChildConfig& child = merged->children[i];
        if (child.localIsAssigned || child.remoteIsAssigned || child.remoteIsPeer)
        {
            child.proxyId = own.children[i].proxyId;
        }
    }
    return merged;
}

} // namespace

bool
HasUsableKey(const PeerConfig& peer)
{
    return std::any_of(peer.proposals.begin(),
                       peer.proposals.end(),
                       [&](const Phase1Proposal& one) { return peer.HasKeyFor(one); });
}

Effects
Engine::Reconfigure(Instant now, EngineConfig config, RandomSource& random)
{
    return Reconfigure(now, std::make_shared<const EngineConfig>(std::move(config)), random);
}

Effects
Engine::Reconfigure(Instant now, const SharedEngineConfig& config, RandomSource& random)
{
    Turn turn{now, random, {}};
    m_state->Reconfigure(config, turn);
    m_state->Finish(turn);
    SplitTransmits(turn.effects);
    return std::move(turn.effects);
}

void
EngineState::Reconfigure(const SharedEngineConfig& fresh, Turn& turn)
{
    const auto isLike = [](const PeerConfig& a, const PeerConfig& b)
    { return a.name == b.name && a.children.size() == b.children.size(); };
    if (!std::equal(fresh->peers.begin(),
                    fresh->peers.end(),
                    config->peers.begin(),
                    config->peers.end(),
                    isLike))
    {
        throw std::invalid_argument("An engine at work keeps its peers and their children.");
    }
    fresh->ValidateChange();
    std::set<PeerId> keyless;
    for (PeerId id = 0; id < fresh->peers.size(); id++)
    {
        if (!HasUsableKey(fresh->peers[id]))
        {
            keyless.insert(id);
        }
    }
    const SharedEngineConfig old = config;
    config = WithUsableProposals(fresh);
    for (auto& [id, peer] : peers)
    {
        const PeerId configured = peer.client ? peer.client->group : id;
        const PeerConfig& next = config->peers[configured];
        const bool hasOwnCopy = id >= old->peers.size() || peer.config.get() != &old->peers[id];
        peer.config = hasOwnCopy ? Merged(next, *peer.config, peer.client.has_value())
                                 : std::shared_ptr<const PeerConfig>(config, &next);
    }
    ListPeers(keyless);
    EndUnfinished(keyless, turn);
}

void
EngineState::ListPeers(const std::set<PeerId>& keyless)
{
    peerByAddresses.clear();
    dynamicPeers.clear();
    for (PeerId id = 0; id < config->peers.size(); id++)
    {
        const PeerConfig& peer = config->peers[id];
        if (keyless.count(id) > 0)
        {
            continue;
        }
        if (peer.remoteAddress)
        {
            peerByAddresses[{peer.localAddress, *peer.remoteAddress}] = id;
        }
        else
        {
            dynamicPeers.push_back(id);
        }
    }
}

void
EngineState::EndUnfinished(const std::set<PeerId>& keyless, Turn& turn)
{
    std::vector<SlotId> unfinished;
    for (const auto& [id, slot] : slots)
    {
        const Peer& peer = peers.at(slot.peer);
        const PeerId configured = peer.client ? peer.client->group : slot.peer;
        if (keyless.count(configured) > 0 && !slot.Established())
        {
            unfinished.push_back(id);
        }
    }
    for (const SlotId id : unfinished)
    {
        RemoveSlot(id, Fault::NoKey, turn);
    }
}

} // namespace ipsec
} // namespace ns3
