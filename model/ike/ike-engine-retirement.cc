// SPDX-License-Identifier: GPL-2.0-only
#include "ike-engine-state.h"
#include "ike-informational.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Names a pair so that both ends agree: by the lower of its SPIs.
uint32_t
LowerSpi(const InstalledPair& pair)
{
    return std::min(pair.inbound.front().spi, pair.outbound.front().spi);
}

/// How often it is looked whether the peer sends on the pair that took another one's place.
constexpr Duration LOOK = std::chrono::seconds(1);

/// Tells whether no other pair is preferred to this one.
bool
Stays(const InstalledPair& pair)
{
    return !pair.isRedundant && !pair.endsAt;
}

/// The same of a pair of which both halves are there: it may take the place of others.
bool
IsWholeAndStays(const InstalledPair& pair)
{
    return Stays(pair) && !pair.outbound.empty();
}

/// Tells whether two pairs were negotiated at the same time: neither was there when the other
/// began.
bool
Crossed(const InstalledPair& a, const InstalledPair& b)
{
    return a.begun < b.completed && b.begun < a.completed;
}

} // namespace

const InstalledPair*
EngineState::NewestPair(const ChildState& child)
{
    const auto found = std::find_if(child.pairs.rbegin(), child.pairs.rend(), Stays);
    return found == child.pairs.rend() ? nullptr : &*found;
}

void
EngineState::EndPairAt(ChildId child, InstalledPair& pair, Instant at)
{
    pair.endsAt = at;
    pairDeadlines.insert({at, child});
}

void
EngineState::ReplaceOlderPairs(ChildId child, EventNumber begun, Turn& turn)
{
    const Personality& personality = ConfigOf(child.peer).personality;
    if (personality.retirement == Retirement::AtExpiry)
    {
        return;
    }
    for (InstalledPair& pair : peers[child.peer].children[child.child].pairs)
    {
        // Only what was there when we began: what crosses is no older than what we made.
        if (pair.begun < begun && pair.completed < begun && !pair.endsAt)
        {
            const bool isLooking = personality.retirement == Retirement::OnTraffic;
            pair.endsLatest = turn.now + personality.retirementDelay;
            EndPairAt(child, pair, isLooking ? turn.now + LOOK : pair.endsLatest);
        }
    }
}

void
EngineState::AddSuccessors(ChildId child, std::vector<SaKey>& keys) const
{
    const auto peer = peers.find(child.peer);
    if (peer == peers.end() ||
        peer->second.config->personality->retirement != Retirement::OnTraffic)
    {
        return;
    }
    for (const InstalledPair& pair : peer->second.children[child.child].pairs)
    {
        if (IsWholeAndStays(pair))
        {
            keys.insert(keys.end(), pair.inbound.begin(), pair.inbound.end());
        }
    }
}

void
EngineState::SettleCrossing(ChildId child, uint32_t inboundSpi, Turn& turn)
{
    const Personality& personality = ConfigOf(child.peer).personality;
    std::vector<InstalledPair>& pairs = peers[child.peer].children[child.child].pairs;
    const auto fresh = std::find_if(pairs.begin(),
                                    pairs.end(),
                                    [inboundSpi](const InstalledPair& pair)
                                    { return pair.inbound.front().spi == inboundSpi; });
    if (fresh == pairs.end() || personality.redundantPairs == RedundantPairs::Keep)
    {
        return;
    }
    for (InstalledPair& other : pairs)
    {
        if (&other == &*fresh || !IsWholeAndStays(other) || !Crossed(*fresh, other))
        {
            continue;
        }
        InstalledPair& loser = LowerSpi(*fresh) < LowerSpi(other) ? *fresh : other;
        loser.isRedundant = true;
        if (personality.redundantPairs == RedundantPairs::Delete)
        {
            // Not before the last message of either exchange is through: until then the other one
            // may be half a pair at the peer.
            EndPairAt(child, loser, turn.now + personality.retirementDelay);
        }
        if (&loser == &*fresh)
        {
            return;
        }
    }
}

void
EngineState::StopSendingOn(ChildId child, InstalledPair& pair, Fault reason, Turn& turn)
{
    for (const SaKey& key : pair.outbound)
    {
        saOwners.erase(key);
        turn.effects.list.push_back(RemoveSa{key, child, reason});
    }
    pair.outbound.clear();
}

void
EngineState::RunPairTimers(Turn& turn)
{
    while (!pairDeadlines.empty() && pairDeadlines.begin()->first <= turn.now)
    {
        const ChildId child = pairDeadlines.begin()->second;
        pairDeadlines.erase(pairDeadlines.begin());
        if (peers.count(child.peer) > 0)
        {
            RetirePairs(child, turn);
            RenewPairAgain(child, turn);
        }
    }
}

void
EngineState::RetirePairs(ChildId child, Turn& turn)
{
    // By their names: what is withdrawn or removed moves the others.
    std::vector<SaKey> due;
    for (const InstalledPair& pair : peers[child.peer].children[child.child].pairs)
    {
        if (pair.endsAt && *pair.endsAt <= turn.now)
        {
            due.push_back(pair.inbound.front());
        }
    }
    for (const SaKey& key : due)
    {
        if (FindPair(child, key)->isWithdrawn)
        {
            RemovePair(child, key, Fault::Replaced, turn);
            continue;
        }
        WithdrawPair(child, key, turn);
    }
}

void
EngineState::WithdrawPair(ChildId child, const SaKey& inbound, Turn& turn)
{
    ChildState& state = peers[child.peer].children[child.child];
    const Personality& personality = ConfigOf(child.peer).personality;
    InstalledPair& pair = *FindPair(state, inbound);
    const auto isSuccessor = [&pair](const InstalledPair& other)
    { return IsWholeAndStays(other) && (other.begun > pair.begun || Crossed(other, pair)); };
    const auto isThere = [&](auto condition)
    { return std::any_of(state.pairs.begin(), state.pairs.end(), condition); };
    if (!isThere(isSuccessor))
    {
        // What took its place was refused, or is gone again: then this one is all there is.
        pair.endsAt.reset();
        pair.isRedundant = false;
        PlanPairRenewal(child, turn);
        return;
    }
    const bool isUsed =
        isThere([&](const InstalledPair& other) { return isSuccessor(other) && other.isHeard; });
    if (personality.retirement == Retirement::OnTraffic && !isUsed && turn.now < pair.endsLatest)
    {
        EndPairAt(child, pair, std::min(turn.now + LOOK, pair.endsLatest));
        return;
    }
    if (!NewestReady(child.peer))
    {
        // The peer cannot be told, and must not send where nobody listens.
        EndPairAt(child, pair, turn.now + std::max(personality.retirementDelay, LOOK));
        return;
    }
    SendIpsecDeletes(child.peer, pair.inbound, turn);
    StopSendingOn(child, pair, pair.isRedundant ? Fault::Redundant : Fault::Replaced, turn);
    pair.isWithdrawn = true;
    EndPairAt(child, pair, turn.now + personality.graceTime);
}

} // namespace ipsec
} // namespace ns3
