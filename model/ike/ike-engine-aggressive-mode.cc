// SPDX-License-Identifier: GPL-2.0-only
#include "ike-engine-state.h"
#include "ike-informational.h"
#include "ike-phase1-common.h"

namespace ns3
{
namespace ipsec
{

void
EngineState::HandleAm1(const IncomingMessage& message,
                       PeerId peer,
                       const Datagram& datagram,
                       Turn& turn)
{
    const PeerConfig& asked = ConfigOf(peer);
    if (asked.mode != Phase1Mode::Aggressive)
    {
        Drop(Fault::ExchangeRefused, datagram, turn, peer);
        if (asked.aggressiveRefusal == AggressiveRefusal::Notify)
        {
            NotifyClear(message.header, datagram, NotifyType::InvalidExchangeType, turn);
        }
        return;
    }
    StepContext reading = ContextFor(peer, turn);
    const Result<AggressiveRequest> request = ReadAm1(message, reading);
    if (!request)
    {
        Drop(request.GetFault(), datagram, turn, peer);
        NotifyClear(message.header, datagram, request.GetFault(), turn);
        return;
    }
    if (!asked.remoteAddress && HidesIdentity(request->choice.proposal.auth))
    {
        // Only now the identity can be read; a wrong one must not show before the proof fails.
        const auto accepts = [&request](const PeerConfig& candidate) {
            return candidate.mode == Phase1Mode::Aggressive &&
                   candidate.Offers(request->choice.proposal);
        };
        peer = FindDynamic(asked.localAddress, request->peer.idBody, accepts).value_or(peer);
    }
    StepContext context = ContextFor(peer, turn);
    Result<Step<ExpectAm3>> step = ipsec::HandleAm1(*request, message, context);
    if (!step)
    {
        Drop(step.GetFault(), datagram, turn, peer);
        NotifyClear(message.header, datagram, step.GetFault(), turn);
        return;
    }
    BeginAnswer(peer, message, datagram, std::move(*step), turn);
}

Result<Done>
EngineState::TakeAm2(IkeSaSlot& slot,
                     const IncomingMessage& message,
                     const Datagram& datagram,
                     Turn& turn)
{
    StepContext context = ContextFor(slot.peer, turn);
    Result<Phase1Answered> answered =
        HandleAm2(std::get<ExpectAm2>(slot.state), message, WantsInitialContact(slot), context);
    if (!answered)
    {
        const Fault fault = answered.GetFault();
        if (IsPeersOwnFault(fault))
        {
            // Whoever it is holds the key: waiting for another answer would not help.
            RemoveSlot(slot.id, fault, turn);
        }
        return fault;
    }
    if (answered->done.sa.nat.IsDetected())
    {
        // RFC 3947 section 4: from AM3 on everything goes from 4500 to 4500.
        slot.local.port = NATT_PORT;
        slot.remote.port = NATT_PORT;
    }
    slot.responderCookie = message.header.responderCookie;
    NoteFragmentation(slot, message);
    NoteDpd(slot, message);
    NoteReceived(slot, datagram);
    SendAsAnswer(slot, slot.ledger, std::move(answered->message), turn);
    Establish(slot, std::move(answered->done), turn);
    return Done{};
}

Result<Done>
EngineState::TakeAm3(IkeSaSlot& slot,
                     const IsakmpHeader& header,
                     const Datagram& datagram,
                     Turn& turn)
{
    const auto& state = std::get<ExpectAm3>(slot.state);
    CipherChain chain = state.chain;
    const Result<IncomingMessage> message =
        header.IsEncrypted() ? Decrypt(header, datagram, chain, turn) : ReadClear(header, datagram);
    if (!message)
    {
        return message.GetFault();
    }
    const PeerId peer = PeerOf(slot, state.peerIdBody, state.choice.proposal.auth);
    StepContext context = ContextFor(peer, turn);
    Result<Phase1Done> done = HandleAm3(state, *message, chain, context);
    if (done && done->sa.nat.IsDetected() && datagram.local.port != NATT_PORT)
    {
        return Fault::ExchangeRefused;
    }
    if (done)
    {
        if (const auto fault = FaultInPeer(peer, done->sa.peer.identity, datagram.remote))
        {
            done = *fault;
        }
    }
    if (done)
    {
        LeaveHalfOpen(slot);
        MoveToPeer(slot, peer);
        slot.local = datagram.local;
        slot.remote = datagram.remote;
        slot.giveUpAt.reset();
        // Nothing answers AM3: copies of it are duplicates.
        slot.ledger.Clear();
        NoteReceived(slot, datagram);
        Establish(slot, std::move(*done), turn);
        return Done{};
    }
    const Fault fault = done.GetFault();
    if (!header.IsEncrypted() || (!IsPeersOwnFault(fault) && !IsCertificateFault(fault)))
    {
        return fault;
    }
    // The proof was right, but not whose it is. The initiator believes that the SA stands.
    IkeKeys keys = state.keys;
    keys.lastBlock = chain.Iv().Copy();
    slot.local = datagram.local;
    slot.remote = datagram.remote;
    RefuseProof(
        slot, keys, MakeIsakmpDelete(slot.initiatorCookie, slot.responderCookie), fault, turn);
    return Done{}; // counted with the exchange that it ended
}

} // namespace ipsec
} // namespace ns3
