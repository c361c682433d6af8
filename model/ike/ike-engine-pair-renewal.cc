// SPDX-License-Identifier: GPL-2.0-only
#include "ike-engine-state.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Returns the newest pair of a child if it wants a successor and nobody is at work on it, or null.
InstalledPair*
FindWorn(EngineState& state, ChildId id)
{
    ChildState& child = state.peers[id.peer].children[id.child];
    const InstalledPair* newest = EngineState::NewestPair(child);
    const bool isWanted = newest && newest->isWorn && !child.waiting && !child.negotiating;
    return isWanted ? EngineState::FindPair(child, newest->inbound.front()) : nullptr;
}

void
Renew(EngineState& state, ChildId id, InstalledPair& worn, Turn& turn)
{
    worn.renewAt.reset();
    state.peers[id.peer].children[id.child].waiting = true;
    state.StartWaiting(id.peer, turn);
}

/// Returns how long a renewal that failed waits, and counts it: twice as long each time, but no
/// longer than half of what is left, so that another one comes before the end.
Duration
NextPause(InstalledPair& pair, const Personality& personality, Instant now)
{
    pair.renewalPause = pair.renewalPause == Duration{}
                            ? personality.firstPause
                            : std::min(2 * pair.renewalPause, personality.longestPause);
    if (!pair.expiresAt)
    {
        return pair.renewalPause;
    }
    const Duration half = (*pair.expiresAt - now) / 2;
    return std::max(personality.firstPause, std::min(pair.renewalPause, half));
}

} // namespace

void
EngineState::HandleSoftExpiry(const SaKey& key, Turn& turn)
{
    const auto owner = saOwners.find(key);
    if (owner == saOwners.end())
    {
        return;
    }
    const ChildId child = owner->second;
    FindPair(peers[child.peer].children[child.child], key)->isWorn = true;
    if (InstalledPair* worn = FindWorn(*this, child))
    {
        Renew(*this, child, *worn, turn);
    }
}

void
EngineState::RenewPairAgain(ChildId child, Turn& turn)
{
    InstalledPair* worn = FindWorn(*this, child);
    if (!worn || !worn->renewAt || *worn->renewAt > turn.now)
    {
        return;
    }
    if (!ConfigOf(child.peer).remoteAddress && !NewestReady(child.peer))
    {
        // It can only call us, and may do so.
        PlanPairRenewal(child, turn);
        return;
    }
    Renew(*this, child, *worn, turn);
}

void
EngineState::PlanPairRenewals(Turn& turn)
{
    std::set<ChildId> touched;
    for (const Effect& effect : turn.effects.list)
    {
        if (const auto* failure = std::get_if<AcquireFailed>(&effect))
        {
            touched.insert(failure->child);
        }
        else if (const auto* removed = std::get_if<RemoveSa>(&effect))
        {
            touched.insert(removed->child);
        }
    }
    for (const ChildId child : touched)
    {
        if (peers.count(child.peer) > 0)
        {
            PlanPairRenewal(child, turn);
        }
    }
}

void
EngineState::PlanPairRenewal(ChildId child, Turn& turn)
{
    InstalledPair* worn = FindWorn(*this, child);
    if (!worn || (worn->renewAt && *worn->renewAt > turn.now))
    {
        return;
    }
    worn->renewAt = turn.now + NextPause(*worn, ConfigOf(child.peer).personality, turn.now);
    pairDeadlines.insert({*worn->renewAt, child});
}

} // namespace ipsec
} // namespace ns3
