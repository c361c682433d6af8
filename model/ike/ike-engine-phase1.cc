// SPDX-License-Identifier: GPL-2.0-only
#include "ike-engine-state.h"
#include "ike-informational.h"
#include "ike-phase1-common.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Reads a clear message and notes where it came from.
Result<IncomingMessage>
ReadClear(const IsakmpHeader& header, const Datagram& datagram)
{
    Result<IncomingMessage> message = ReadClearMessage(header, datagram.octets);
    if (message)
    {
        message->local = datagram.local;
        message->remote = datagram.remote;
    }
    return message;
}

} // namespace

void
EngineState::StartPhase1(PeerId peer, Turn& turn)
{
    const PeerConfig& peerConfig = ConfigOf(peer);
    if (!peerConfig.remoteAddress)
    {
        FailWaiting(peer, Fault::UnknownPeer, 0, turn);
        return;
    }
    StepContext context{turn.now, peerConfig, turn.effects.work, turn.random};
    Step<ExpectMm2> step = StartMainMode(context);
    IkeSaSlot fresh;
    fresh.peer = peer;
    fresh.role = Role::Initiator;
    fresh.initiatorCookie = step.next.initiatorCookie;
    fresh.local = {peerConfig.localAddress, IKE_PORT};
    fresh.remote = {*peerConfig.remoteAddress, IKE_PORT};
    fresh.firstRemote = fresh.remote;
    fresh.begunAt = turn.now;
    fresh.state = std::move(step.next);
    IkeSaSlot& slot = AddSlot(std::move(fresh));
    peers[peer].initiating = slot.id;
    SendAndAwait(slot, slot.ledger, std::move(step.message), turn);
    Changed(slot, 0, "Idle", StateName(slot.state), turn);
    Reschedule(slot);
}

void
EngineState::HandleMainMode(const IsakmpHeader& header, const Datagram& datagram, Turn& turn)
{
    if (header.messageId != 0)
    {
        Drop(Fault::BadMessageId, datagram, turn);
        return;
    }
    if (header.responderCookie == Cookie{})
    {
        HandleFirstMessage(header, datagram, turn);
        return;
    }
    IkeSaSlot* slot = FindByCookies(header);
    if (!slot)
    {
        Drop(Fault::NoSuchExchange, datagram, turn);
        return;
    }
    HandlePhase1Message(*slot, header, datagram, turn);
}

void
EngineState::HandleFirstMessage(const IsakmpHeader& header, const Datagram& datagram, Turn& turn)
{
    if (header.IsEncrypted())
    {
        Drop(Fault::BadFlags, datagram, turn);
        return;
    }
    if (IsOwnCookie(header.initiatorCookie))
    {
        // Our own first message came back.
        Drop(Fault::BadCookie, datagram, turn);
        return;
    }
    const auto known = byFirstMessage.find({header.initiatorCookie, datagram.remote});
    if (known != byFirstMessage.end())
    {
        AnswerDuplicate(slots.at(known->second).ledger, datagram, turn);
        return;
    }
    const std::optional<PeerId> peer = FindPeer(datagram.local, datagram.remote);
    if (!peer)
    {
        Drop(Fault::UnknownPeer, datagram, turn);
        return;
    }
    const auto counted = halfOpenByAddress.find(datagram.remote.address);
    if (counted != halfOpenByAddress.end() && counted->second >= config->limits.halfOpenPerAddress)
    {
        Drop(Fault::HalfOpenLimit, datagram, turn, peer);
        return;
    }
    const Result<IncomingMessage> message = ReadClear(header, datagram);
    assert(message);
    StepContext context{turn.now, ConfigOf(*peer), turn.effects.work, turn.random};
    Result<Step<ExpectMm3>> step = HandleMm1(*message, context);
    if (!step)
    {
        Drop(step.GetFault(), datagram, turn, peer);
        NotifyClear(header, datagram, step.GetFault(), turn);
        return;
    }
    if (!halfOpen.empty() && halfOpen.size() >= config->limits.halfOpen)
    {
        RemoveSlot(*halfOpen.begin(), Fault::HalfOpenLimit, turn);
    }
    IkeSaSlot fresh;
    fresh.peer = *peer;
    fresh.role = Role::Responder;
    fresh.initiatorCookie = header.initiatorCookie;
    fresh.responderCookie = step->next.responderCookie;
    fresh.local = datagram.local;
    fresh.remote = datagram.remote;
    fresh.firstRemote = datagram.remote;
    fresh.begunAt = turn.now;
    fresh.state = std::move(step->next);
    fresh.giveUpAt = turn.now + context.config.personality.halfOpenTimeout;
    IkeSaSlot& slot = AddSlot(std::move(fresh));
    slot.ledger.Receive(datagram.octets);
    SendAsAnswer(slot, slot.ledger, std::move(step->message), turn);
    Changed(slot, 0, "Idle", StateName(slot.state), turn);
    Reschedule(slot);
}

void
EngineState::HandlePhase1Message(IkeSaSlot& slot,
                                 const IsakmpHeader& header,
                                 const Datagram& datagram,
                                 Turn& turn)
{
    if (slot.ledger.IsDuplicate(datagram.octets))
    {
        AnswerDuplicate(slot.ledger, datagram, turn);
        return;
    }
    const SlotId id = slot.id;
    const PeerId peer = slot.peer;
    const Result<Done> advanced = AdvancePhase1(slot, header, datagram, turn);
    if (!advanced)
    {
        Drop(advanced.GetFault(), datagram, turn, peer);
        if (!header.IsEncrypted())
        {
            NotifyClear(header, datagram, advanced.GetFault(), turn);
        }
    }
    const auto still = slots.find(id);
    if (still != slots.end())
    {
        Reschedule(still->second);
    }
}

Result<Done>
EngineState::AdvancePhase1(IkeSaSlot& slot,
                           const IsakmpHeader& header,
                           const Datagram& datagram,
                           Turn& turn)
{
    if (slot.Established())
    {
        return Fault::NoSuchExchange;
    }
    const bool encryptedStage = std::holds_alternative<ExpectMm5>(slot.state) ||
                                std::holds_alternative<ExpectMm6>(slot.state);
    if (encryptedStage != header.IsEncrypted())
    {
        return encryptedStage ? Fault::NotEncrypted : Fault::BadFlags;
    }
    if (std::holds_alternative<ExpectMm5>(slot.state))
    {
        return AnswerMm5(slot, header, datagram, turn);
    }
    if (std::holds_alternative<ExpectMm6>(slot.state))
    {
        return FinishMm6(slot, header, datagram, turn);
    }
    const Result<IncomingMessage> message = ReadClear(header, datagram);
    assert(message);
    StepContext context{turn.now, ConfigOf(slot.peer), turn.effects.work, turn.random};
    if (const auto* expectMm2 = std::get_if<ExpectMm2>(&slot.state))
    {
        Result<Step<ExpectMm4>> step = HandleMm2(*expectMm2, *message, context);
        if (!step)
        {
            return step.GetFault();
        }
        slot.responderCookie = header.responderCookie;
        slot.ledger.Receive(datagram.octets);
        EnterPhase1State(slot, std::move(step->next), turn);
        SendAndAwait(slot, slot.ledger, std::move(step->message), turn);
        return Done{};
    }
    if (const auto* expectMm4 = std::get_if<ExpectMm4>(&slot.state))
    {
        Result<Step<ExpectMm6>> step =
            HandleMm4(*expectMm4, *message, WantsInitialContact(slot.peer), context);
        if (!step)
        {
            return step.GetFault();
        }
        if (step->next.nat.IsDetected())
        {
            // RFC 3947 section 4: from MM5 on everything goes from 4500 to 4500.
            slot.local.port = NATT_PORT;
            slot.remote.port = NATT_PORT;
        }
        slot.ledger.Receive(datagram.octets);
        EnterPhase1State(slot, std::move(step->next), turn);
        SendAndAwait(slot, slot.ledger, std::move(step->message), turn);
        return Done{};
    }
    Result<Step<ExpectMm5>> step =
        HandleMm3(*std::get_if<ExpectMm3>(&slot.state), *message, context);
    if (!step)
    {
        return step.GetFault();
    }
    slot.remote = datagram.remote;
    slot.giveUpAt = turn.now + context.config.personality.halfOpenTimeout;
    slot.ledger.Receive(datagram.octets);
    EnterPhase1State(slot, std::move(step->next), turn);
    SendAsAnswer(slot, slot.ledger, std::move(step->message), turn);
    return Done{};
}

bool
EngineState::WantsInitialContact(PeerId peer) const
{
    const Peer& known = peers.at(peer);
    const bool children = std::any_of(known.children.begin(),
                                      known.children.end(),
                                      [](const ChildState& c) { return !c.pairs.empty(); });
    return ConfigOf(peer).personality.sendInitialContact && known.established.empty() && !children;
}

Result<Done>
EngineState::AnswerMm5(IkeSaSlot& slot,
                       const IsakmpHeader& header,
                       const Datagram& datagram,
                       Turn& turn)
{
    const auto& state = *std::get_if<ExpectMm5>(&slot.state);
    CipherChain chain = state.chain;
    const Result<IncomingMessage> message = Decrypt(header, datagram, chain, turn);
    if (!message)
    {
        return message.GetFault();
    }
    if (state.nat.IsDetected() && datagram.local.port != NATT_PORT)
    {
        return Fault::ExchangeRefused;
    }
    // Dynamic peers share their pre-shared key in main mode (MM-06); now the identity tells which
    // of them this is.
    std::vector<PeerId> candidates = {slot.peer};
    if (!ConfigOf(slot.peer).remoteAddress)
    {
        candidates.clear();
        for (const PeerId dynamic : dynamicPeers)
        {
            // Those of another local address may have another key.
            if (ConfigOf(dynamic).localAddress == datagram.local.address)
            {
                candidates.push_back(dynamic);
            }
        }
    }
    Fault fault = Fault::IdentityMismatch;
    for (const PeerId candidate : candidates)
    {
        StepContext context{turn.now, ConfigOf(candidate), turn.effects.work, turn.random};
        Result<MainModeAnswered> answered = HandleMm5(state, *message, chain, context);
        if (answered)
        {
            LeaveHalfOpen(slot);
            MoveToPeer(slot, candidate);
            slot.local = datagram.local;
            slot.remote = datagram.remote;
            slot.giveUpAt.reset();
            slot.ledger.Receive(datagram.octets);
            SendAsAnswer(slot, slot.ledger, std::move(answered->message), turn);
            Establish(slot, std::move(answered->done), turn);
            return Done{};
        }
        fault = answered.GetFault();
        if (fault != Fault::IdentityMismatch)
        {
            break;
        }
    }
    if (fault == Fault::IdentityMismatch)
    {
        // HASH_I was right: the peer holds the key but not the name. It may know.
        IkeKeys keys = state.keys;
        keys.lastBlock = chain.Iv().Copy();
        slot.local = datagram.local;
        slot.remote = datagram.remote;
        RefuseIdentity(
            slot,
            keys,
            MakeIsakmpNotify(
                NotifyType::AuthenticationFailed, slot.initiatorCookie, slot.responderCookie, {}),
            turn);
        return Done{}; // counted with the exchange that it ended
    }
    return fault;
}

Result<Done>
EngineState::FinishMm6(IkeSaSlot& slot,
                       const IsakmpHeader& header,
                       const Datagram& datagram,
                       Turn& turn)
{
    const auto& state = *std::get_if<ExpectMm6>(&slot.state);
    CipherChain chain = state.chain;
    const Result<IncomingMessage> message = Decrypt(header, datagram, chain, turn);
    if (!message)
    {
        return message.GetFault();
    }
    StepContext context{turn.now, ConfigOf(slot.peer), turn.effects.work, turn.random};
    Result<MainModeDone> done = HandleMm6(state, *message, chain, context);
    if (!done)
    {
        if (done.GetFault() == Fault::IdentityMismatch)
        {
            // The responder believes that the SA stands: withdraw it (P1-23).
            IkeKeys keys = state.keys;
            keys.lastBlock = chain.Iv().Copy();
            RefuseIdentity(
                slot, keys, MakeIsakmpDelete(slot.initiatorCookie, slot.responderCookie), turn);
        }
        return done.GetFault();
    }
    slot.ledger.Receive(datagram.octets);
    Establish(slot, std::move(*done), turn);
    return Done{};
}

void
EngineState::RefuseIdentity(IkeSaSlot& slot, const IkeKeys& keys, const RawPayload& why, Turn& turn)
{
    Result<OutgoingMessage> message = MakeProtectedInformational(
        keys, DrawMessageId(slot, turn.random), {why}, turn.effects.work);
    if (message)
    {
        turn.effects.list.push_back(TransmitFrom(slot, std::move(*message)));
    }
    RemoveSlot(slot.id, Fault::IdentityMismatch, turn);
}

void
EngineState::Establish(IkeSaSlot& slot, MainModeDone done, Turn& turn)
{
    if (ConfigOf(slot.peer).isGroup)
    {
        JoinGroup(slot, done.sa.remoteId);
    }
    Peer& peer = peers[slot.peer];
    const SlotId id = slot.id;
    const PeerId peerId = slot.peer;
    const char* from = StateName(slot.state);
    slot.state = std::move(done.sa);
    slot.forgetAt = turn.now + ConfigOf(peerId).personality.ledgerTime;
    if (peer.initiating == id)
    {
        peer.initiating.reset();
    }
    peer.established.push_back(id);
    Changed(slot, 0, from, StateName(slot.state), turn);
    turn.effects.list.push_back(IkeSaUp{InfoOf(slot)});
    slot.access.initialContact = done.initialContact;
    BeginAccess(slot, turn);
}

void
EngineState::EnterPhase1State(IkeSaSlot& slot, Phase1State next, Turn& turn)
{
    const char* from = StateName(slot.state);
    slot.state = std::move(next);
    Changed(slot, 0, from, StateName(slot.state), turn);
}

void
EngineState::SendAndAwait(const IkeSaSlot& slot,
                          Ledger& ledger,
                          OutgoingMessage message,
                          Turn& turn)
{
    const Transmit transmit = TransmitFrom(slot, std::move(message));
    ledger.SendAndAwait(turn.now, transmit, ConfigOf(slot.peer).personality.retransmission);
    turn.effects.list.push_back(transmit);
}

void
EngineState::SendAsAnswer(const IkeSaSlot& slot,
                          Ledger& ledger,
                          OutgoingMessage message,
                          Turn& turn)
{
    const Transmit transmit = TransmitFrom(slot, std::move(message));
    ledger.SendAsAnswer(transmit);
    turn.effects.list.push_back(transmit);
}

void
EngineState::AnswerDuplicate(const Ledger& ledger, const Datagram& datagram, Turn& turn)
{
    if (turn.effects.received)
    {
        turn.effects.received->repeated = true;
    }
    if (ledger.IsDuplicate(datagram.octets) && ledger.AnswerToDuplicate())
    {
        turn.effects.list.push_back(ledger.Repetition());
        return;
    }
    Drop(Fault::Duplicate, datagram, turn);
}

} // namespace ipsec
} // namespace ns3
