// SPDX-License-Identifier: GPL-2.0-only
#include "ike-engine-state.h"
#include "ike-informational.h"
#include "ike-phase1-common.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

void
EngineState::Establish(IkeSaSlot& slot, Phase1Done done, Turn& turn)
{
    if (ConfigOf(slot.peer).isGroup)
    {
        JoinGroup(slot, done.sa.peer.identity);
    }
    Peer& peer = peers[slot.peer];
    const SlotId id = slot.id;
    const PeerId peerId = slot.peer;
    const char* from = StateName(slot.state);
    slot.state = std::move(done.sa);
    slot.forgetAt = turn.now + ConfigOf(peerId).personality->ledgerTime;
    if (peer.initiating == id)
    {
        peer.initiating.reset();
    }
    peer.established.push_back(id);
    slot.established = nextEvent++;
    PlanRenewal(slot, turn);
    Changed(slot, 0, from, StateName(slot.state), turn);
    turn.effects.list.push_back(IkeSaUp{InfoOf(slot)});
    if (slot.role == Role::Responder && slot.mode == Phase1Mode::Aggressive)
    {
        // AM2 is clear: what it says of lifetimes could have been changed.
        const IkeSa& sa = *slot.Established();
        if (const std::optional<RawPayload> shorter = MakeResponderLifetime(sa.keys, sa.choice))
        {
            SendProtected(slot, *shorter, turn);
        }
    }
    if (slot.FollowsPeer())
    {
        MoveChildren(peerId, slot.remote, turn.effects);
    }
    BeginKeepalive(slot, turn);
    slot.access.initialContact = done.initialContact;
    BeginAccess(slot, turn);
}

bool
EngineState::WantsInitialContact(const IkeSaSlot& slot) const
{
    const Peer& known = peers.at(slot.peer);
    const Personality& personality = known.config->personality;
    const bool isMute =
        slot.mode == Phase1Mode::Aggressive && !personality.sendInitialContactInAggressive;
    if (isMute || personality.initialContact != ContactAnnouncement::First)
    {
        return !isMute && personality.initialContact == ContactAnnouncement::Always;
    }
    const bool children = std::any_of(known.children.begin(),
                                      known.children.end(),
                                      [](const ChildState& c) { return !c.pairs.empty(); });
    return known.established.empty() && !children;
}

namespace
{

/// Returns what was agreed on in an unfinished phase 1 that we answer.
const Phase1Proposal&
AgreedProposal(const Phase1State& state)
{
    if (const auto* third = std::get_if<ExpectMm3>(&state))
    {
        return third->choice.proposal;
    }
    const auto* fifth = std::get_if<ExpectMm5>(&state);
    return fifth ? fifth->choice.proposal : std::get<ExpectAm3>(state).choice.proposal;
}

} // namespace

PeerId
EngineState::PeerOf(const IkeSaSlot& slot, OctetView idBody, AuthMethod method) const
{
    const PeerConfig& provisional = ConfigOf(slot.peer);
    if (provisional.remoteAddress || idBody.empty())
    {
        return slot.peer;
    }
    // What was derived from one key must not prove the name of a peer with another. Main mode by
    // other methods is open to all.
    const bool byKey = GetAuth(method).family == AuthFamily::PreSharedKey;
    const Phase1Proposal& agreed = AgreedProposal(slot.state);
    const auto accepts = [&](const PeerConfig& candidate)
    {
        const bool inMode =
            candidate.mode == slot.mode || (slot.mode == Phase1Mode::Main && !byKey);
        return inMode && candidate.Offers(agreed) &&
               (!byKey ||
                ConstantTimeEqual(candidate.preSharedKey.View(), provisional.preSharedKey.View()));
    };
    return FindDynamic(provisional.localAddress, idBody, accepts).value_or(slot.peer);
}

void
EngineState::RefuseProof(IkeSaSlot& slot,
                         const IkeKeys& keys,
                         const RawPayload& why,
                         Fault fault,
                         Turn& turn)
{
    Result<OutgoingMessage> message = MakeProtectedInformational(
        keys, DrawMessageId(slot, turn.random), {why}, turn.effects.work);
    if (message)
    {
        turn.effects.list.push_back(TransmitFrom(slot, std::move(*message), turn));
    }
    RemoveSlot(slot.id, fault, turn);
}

} // namespace ipsec
} // namespace ns3
