// SPDX-License-Identifier: GPL-2.0-only
#include "ike-engine-state.h"
#include "ike-informational.h"
#include "ike-phase1-common.h"

namespace ns3
{
namespace ipsec
{

Result<Done>
EngineState::TakeMm2(IkeSaSlot& slot,
                     const IncomingMessage& message,
                     const Datagram& datagram,
                     Turn& turn)
{
    StepContext context = ContextFor(slot.peer, turn);
    Result<Step<ExpectMm4>> step = HandleMm2(std::get<ExpectMm2>(slot.state), message, context);
    if (!step)
    {
        return step.GetFault();
    }
    slot.responderCookie = message.header.responderCookie;
    NoteFragmentation(slot, message);
    NoteDpd(slot, message);
    NoteReceived(slot, datagram);
    EnterPhase1State(slot, std::move(step->next), turn);
    SendAndAwait(slot, slot.ledger, std::move(step->message), turn);
    return Done{};
}

Result<Done>
EngineState::TakeMm3(IkeSaSlot& slot,
                     const IncomingMessage& message,
                     const Datagram& datagram,
                     Turn& turn)
{
    const auto& state = std::get<ExpectMm3>(slot.state);
    StepContext reading = ContextFor(slot.peer, turn);
    const Result<KeyExchange> contribution = ReadMm3(state, message, reading);
    if (!contribution)
    {
        return contribution.GetFault();
    }
    const PeerId peer = PeerOf(slot, contribution->idBody, state.choice.proposal.auth);
    StepContext context = ContextFor(peer, turn);
    Result<Step<ExpectMm5>> step = HandleMm3(state, *contribution, message, context);
    if (!step)
    {
        return step.GetFault();
    }
    MoveToPeer(slot, peer);
    slot.remote = datagram.remote;
    slot.giveUpAt = turn.now + context.config.personality->halfOpenTimeout;
    NoteReceived(slot, datagram);
    EnterPhase1State(slot, std::move(step->next), turn);
    SendReply(slot, std::move(step->message), turn);
    return Done{};
}

Result<Done>
EngineState::TakeMm4(IkeSaSlot& slot,
                     const IncomingMessage& message,
                     const Datagram& datagram,
                     Turn& turn)
{
    StepContext context = ContextFor(slot.peer, turn);
    Result<Step<ExpectMm6>> step =
        HandleMm4(std::get<ExpectMm4>(slot.state), message, WantsInitialContact(slot), context);
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
    NoteReceived(slot, datagram);
    EnterPhase1State(slot, std::move(step->next), turn);
    SendAndAwait(slot, slot.ledger, std::move(step->message), turn);
    return Done{};
}

Result<Done>
EngineState::TakeMm5(IkeSaSlot& slot,
                     const IsakmpHeader& header,
                     const Datagram& datagram,
                     Turn& turn)
{
    const auto& state = std::get<ExpectMm5>(slot.state);
    Result<IkeKeys> keys = AwaitKeys(state.keys);
    if (!keys)
    {
        return keys.GetFault();
    }
    CipherChain chain = Phase1Chain(*keys);
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
    const PeerId peer = PeerOf(slot, PeerIdBody(state, *message), state.choice.proposal.auth);
    StepContext context = ContextFor(peer, turn);
    Result<Phase1Answered> answered = HandleMm5(state, *keys, *message, chain, context);
    if (answered)
    {
        if (const auto fault = FaultInPeer(peer, answered->done.sa.peer.identity, datagram.remote))
        {
            answered = *fault;
        }
    }
    if (answered)
    {
        LeaveHalfOpen(slot);
        MoveToPeer(slot, peer);
        slot.local = datagram.local;
        slot.remote = datagram.remote;
        slot.giveUpAt.reset();
        NoteReceived(slot, datagram);
        SendAsAnswer(slot, slot.ledger, std::move(answered->message), turn);
        Establish(slot, std::move(answered->done), turn);
        return Done{};
    }
    const Fault fault = answered.GetFault();
    if (!IsPeersOwnFault(fault) && !IsCertificateFault(fault))
    {
        return fault;
    }
    // The proof was right, but not whose it is. The peer may know.
    keys->lastBlock = chain.Iv().Copy();
    slot.local = datagram.local;
    slot.remote = datagram.remote;
    RefuseProof(
        slot,
        *keys,
        MakeIsakmpNotify(
            NotifyType::AuthenticationFailed, slot.initiatorCookie, slot.responderCookie, {}),
        fault,
        turn);
    return Done{}; // counted with the exchange that it ended
}

Result<Done>
EngineState::TakeMm6(IkeSaSlot& slot,
                     const IsakmpHeader& header,
                     const Datagram& datagram,
                     Turn& turn)
{
    const auto& state = std::get<ExpectMm6>(slot.state);
    CipherChain chain = state.chain;
    const Result<IncomingMessage> message = Decrypt(header, datagram, chain, turn);
    if (!message)
    {
        return message.GetFault();
    }
    StepContext context = ContextFor(slot.peer, turn);
    Result<Phase1Done> done = HandleMm6(state, *message, chain, context);
    if (done)
    {
        NoteReceived(slot, datagram);
        Establish(slot, std::move(*done), turn);
        return Done{};
    }
    const Fault fault = done.GetFault();
    if (IsPeersOwnFault(fault) || IsCertificateFault(fault))
    {
        // The responder believes that the SA stands: withdraw it (P1-23).
        IkeKeys keys = state.keys;
        keys.lastBlock = chain.Iv().Copy();
        RefuseProof(
            slot, keys, MakeIsakmpDelete(slot.initiatorCookie, slot.responderCookie), fault, turn);
    }
    return fault;
}

} // namespace ipsec
} // namespace ns3
