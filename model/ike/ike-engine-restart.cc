// SPDX-License-Identifier: GPL-2.0-only
#include "ike-engine-state.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Tells whether a child of a peer that was lost for this reason is started again.
bool
IsKeptUp(const Peer& peer, Fault reason)
{
    const PeerConfig& own = *peer.config;
    if (!own.remoteAddress || peer.restarts.isStopped || peer.restarts.isCleared)
    {
        return false;
    }
    const bool isRestarted = own.dpd.mode != DpdMode::Off && own.dpd.action == DpdAction::Restart &&
                             reason == Fault::SpiUnknownToPeer;
    return own.keepUp || isRestarted;
}

/// A child has its SAs.
void
HandleUp(EngineState& state, ChildId child)
{
    const auto found = state.peers.find(child.peer);
    if (found == state.peers.end())
    {
        return;
    }
    Peer& peer = found->second;
    peer.children[child.child].wanted = false;
    peer.restarts.isStopped = false;
    const bool isWhole = std::none_of(
        peer.children.begin(), peer.children.end(), [](const ChildState& c) { return c.wanted; });
    if (isWhole)
    {
        peer.restarts = {};
        state.ReschedulePeer(child.peer);
    }
}

/// Sets the pause after which what was lost is started again, unless that was tried too often.
void
PlanRestart(EngineState& state, PeerId id, Turn& turn)
{
    Peer& peer = state.peers.at(id);
    const bool isWaiting = std::any_of(peer.children.begin(),
                                       peer.children.end(),
                                       [](const ChildState& c) { return c.wanted && c.IsIdle(); });
    if (!isWaiting || peer.restarts.at)
    {
        return;
    }
    const Personality& personality = peer.config->personality;
    Restarts& restarts = peer.restarts;
    if (personality.keyingTries > 0 && restarts.failures >= personality.keyingTries)
    {
        for (ChildState& child : peer.children)
        {
            child.wanted = false;
        }
        return;
    }
    restarts.pause = restarts.pause == Duration{}
                         ? personality.firstPause
                         : std::min(2 * restarts.pause, personality.longestPause);
    Duration pause = restarts.pause;
    if (const double jitter = personality.retransmission.jitter; jitter > 0)
    {
        pause -= std::chrono::duration_cast<Duration>(pause * jitter * turn.random.DrawUnit());
    }
    restarts.at = turn.now + pause;
    state.ReschedulePeer(id);
}

} // namespace

void
EngineState::PlanRestarts(Turn& turn)
{
    std::set<PeerId> lost;
    std::set<PeerId> failed;
    const auto note = [&](ChildId child, Fault reason)
    {
        const auto found = peers.find(child.peer);
        if (found == peers.end() || !found->second.children[child.child].IsIdle())
        {
            return;
        }
        ChildState& state = found->second.children[child.child];
        state.wanted = state.wanted || IsKeptUp(found->second, reason);
        lost.insert(child.peer);
    };
    for (const Effect& effect : turn.effects.list)
    {
        if (const auto* removed = std::get_if<RemoveSa>(&effect))
        {
            note(removed->child, removed->reason);
        }
        else if (const auto* failure = std::get_if<AcquireFailed>(&effect))
        {
            note(failure->child, failure->reason);
            failed.insert(failure->child.peer);
        }
        else if (const auto* installed = std::get_if<InstallSa>(&effect);
                 installed && installed->sa.direction == SaDirection::Outbound)
        {
            HandleUp(*this, installed->sa.child);
        }
    }
    for (const PeerId peer : lost)
    {
        peers.at(peer).restarts.failures += failed.count(peer);
        PlanRestart(*this, peer, turn);
    }
}

void
EngineState::Restart(PeerId id, Turn& turn)
{
    Peer& peer = peers.at(id);
    peer.restarts.at.reset();
    for (ChildState& child : peer.children)
    {
        child.waiting = child.waiting || (child.wanted && child.IsIdle());
    }
    StartWaiting(id, turn);
}

void
EngineState::Unblock(PeerId id)
{
    Restarts& restarts = peers.at(id).restarts;
    restarts.isStopped = false;
    restarts.isCleared = false;
}

} // namespace ipsec
} // namespace ns3
