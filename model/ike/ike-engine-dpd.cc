// SPDX-License-Identifier: GPL-2.0-only
#include "ike-engine-state.h"
#include "ike-phase1-common.h"

namespace ns3
{
namespace ipsec
{

void
EngineState::NoteDpd(IkeSaSlot& slot, const IncomingMessage& message) const
{
    slot.dpd.agreed = slot.dpd.agreed || (AnnouncesDpd(ConfigOf(slot.peer)) &&
                                          Announces(message.chain, VendorId::DeadPeerDetection));
}

void
EngineState::BeginDpd(const IkeSaSlot& slot, Turn& turn)
{
    Peer& peer = peers.at(slot.peer);
    // It called, or answered: packets may ask for SAs again.
    peer.restarts.isCleared = false;
    const DpdConfig& dpd = peer.config->dpd;
    if (dpd.mode == DpdMode::Off || !slot.dpd.agreed)
    {
        peer.dpd.End();
    }
    else
    {
        peer.dpd.Begin(turn.now, dpd);
    }
    ReschedulePeer(slot.peer);
}

void
EngineState::HearFrom(IkeSaSlot& slot, const Endpoint& remote, Turn& turn)
{
    FollowPeer(slot, remote, turn.effects);
    Peer& peer = peers.at(slot.peer);
    peer.dpd.Hear(turn.now, peer.config->dpd);
    ReschedulePeer(slot.peer);
}

// Messages

void
EngineState::HandleDpd(IkeSaSlot& slot,
                       const NotifyPayload& notify,
                       const Endpoint& remote,
                       Turn& turn)
{
    const auto refuse = [&](Fault fault) {
        turn.effects.list.push_back(Dropped{fault, remote, slot.peer, notify.type});
    };
    if (!slot.Established() || !slot.dpd.agreed)
    {
        refuse(Fault::DpdRefused);
        return;
    }
    const Result<uint32_t> sequence =
        ReadDpdSequence(notify, slot.initiatorCookie, slot.responderCookie);
    if (!sequence)
    {
        refuse(sequence.GetFault());
        return;
    }
    const bool isProbe = notify.type == static_cast<uint16_t>(NotifyType::RUThere);
    // It is answered, for the peer may have come to the same number, but proves nothing.
    const bool mayBeOurs = isProbe && slot.dpd.IsOwnNumber(*sequence);
    const bool isFresh =
        !mayBeOurs && (isProbe ? slot.dpd.TakeProbe(*sequence) : slot.dpd.TakeAnswer(*sequence));
    if (isFresh)
    {
        // A copy of an old message tells neither that the peer is alive nor where it is (A11).
        HearFrom(slot, remote, turn);
    }
    else if (!mayBeOurs &&
             (!isProbe || !slot.dpd.TakeUnexpectedProbe(ConfigOf(slot.peer).personality)))
    {
        refuse(Fault::DpdRefused);
        return;
    }
    if (isProbe)
    {
        SendDpd(slot, NotifyType::RUThereAck, *sequence, turn);
    }
}

void
EngineState::SendDpd(IkeSaSlot& slot, NotifyType type, uint32_t sequence, Turn& turn)
{
    const uint32_t messageId = DrawMessageId(slot, turn.random);
    slot.dpd.AddOwn(messageId);
    Result<OutgoingMessage> message = MakeDpdMessage(slot.Established()->keys,
                                                     messageId,
                                                     type,
                                                     sequence,
                                                     DpdOrderOf(ConfigOf(slot.peer)),
                                                     turn.effects.work);
    if (message)
    {
        turn.effects.list.push_back(TransmitFrom(slot, std::move(*message), turn));
    }
}

// Traffic

namespace
{

bool
IsDue(std::optional<Instant> deadline, Instant now)
{
    return deadline && *deadline <= now;
}

} // namespace

std::vector<SaKey>
EngineState::AwaitsTraffic(Instant now) const
{
    std::vector<SaKey> keys;
    for (auto it = peerDeadlines.begin(); it != peerDeadlines.end() && it->first <= now; ++it)
    {
        const Peer& peer = peers.at(it->second);
        const bool asksWhoSpoke = IsDue(peer.dpd.Deadline(), now);
        const bool asksWhetherWeDid = asksWhoSpoke || IsDue(peer.keepalive.Deadline(), now);
        for (const ChildState& child : peer.children)
        {
            for (const InstalledPair& pair : child.pairs)
            {
                if (asksWhoSpoke)
                {
                    keys.insert(keys.end(), pair.inbound.begin(), pair.inbound.end());
                }
                if (asksWhetherWeDid)
                {
                    keys.insert(keys.end(), pair.outbound.begin(), pair.outbound.end());
                }
            }
        }
    }
    for (auto it = pairDeadlines.begin(); it != pairDeadlines.end() && it->first <= now; ++it)
    {
        AddSuccessors(it->second, keys);
    }
    return keys;
}

void
EngineState::HandleTraffic(const SaKey& key, Instant lastUsed)
{
    const auto owner = saOwners.find(key);
    if (owner == saOwners.end())
    {
        return;
    }
    Peer& peer = peers.at(owner->second.peer);
    if (key.direction == SaDirection::Outbound)
    {
        peer.dpd.SpeakTraffic(lastUsed);
        peer.keepalive.Speak(lastUsed);
        return;
    }
    InstalledPair& pair = *FindPair(peer.children[owner->second.child], key);
    pair.isHeard = pair.isHeard || lastUsed >= pair.installedAt;
    const bool isBehindNat = !peer.established.empty() &&
                             slots.at(peer.established.back()).Established()->nat.IsDetected();
    if (!isBehindNat || !peer.config->personality->dpdProbesBehindNat)
    {
        peer.dpd.HearTraffic(lastUsed, peer.config->dpd);
    }
    ReschedulePeer(owner->second.peer);
}

// Time

void
EngineState::RunPeerTimers(PeerId id, Turn& turn)
{
    Peer& peer = peers.at(id);
    if (peer.restarts.at && *peer.restarts.at <= turn.now)
    {
        Restart(id, turn);
    }
    RunKeepalive(id, turn);
    switch (peer.dpd.HandleTimer(turn.now, peer.config->dpd))
    {
    case DpdWatch::Due::Probe:
        if (IkeSaSlot* slot = NewestReady(id); slot && slot->dpd.agreed)
        {
            const Personality& personality = peer.config->personality;
            const uint32_t sequence = slot->dpd.NextSequence(personality, turn.random);
            SendDpd(*slot, NotifyType::RUThere, sequence, turn);
        }
        else
        {
            // Its IKE SA ended; the next one begins anew.
            peer.dpd.End();
        }
        break;
    case DpdWatch::Due::Dead:
        DeclareDead(id, turn);
        break;
    case DpdWatch::Due::Nothing:
        break;
    }
    ReschedulePeer(id);
}

void
EngineState::ReschedulePeer(PeerId id)
{
    Peer& peer = peers.at(id);
    std::optional<Instant> deadline = peer.dpd.Deadline();
    TakeEarlier(deadline, peer.restarts.at);
    TakeEarlier(deadline, peer.keepalive.Deadline());
    if (deadline == peer.scheduled)
    {
        return;
    }
    if (peer.scheduled)
    {
        peerDeadlines.erase({*peer.scheduled, id});
    }
    peer.scheduled = deadline;
    if (deadline)
    {
        peerDeadlines.insert({*deadline, id});
    }
}

void
EngineState::DeclareDead(PeerId id, Turn& turn)
{
    Peer& peer = peers.at(id);
    const DpdAction action = peer.config->dpd.action;
    peer.restarts.isCleared = action == DpdAction::Clear;
    for (ChildState& child : peer.children)
    {
        child.wanted = child.wanted || (action == DpdAction::Restart && !child.IsIdle() &&
                                        peer.config->remoteAddress);
    }
    RemovePairsBefore(id, Instant::max(), Fault::PeerDead, turn);
    // No other IKE SA may take over what one of them leaves, or be told of it. What has only begun
    // may be the peer that comes back.
    std::vector<SlotId> ending;
    ending.swap(peer.established);
    for (const SlotId slot : ending)
    {
        RemoveSlot(slot, Fault::PeerDead, turn);
    }
    if (action == DpdAction::Restart)
    {
        Restart(id, turn);
    }
}

} // namespace ipsec
} // namespace ns3
