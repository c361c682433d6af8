// SPDX-License-Identifier: GPL-2.0-only
#include "ike-engine-state.h"
#include "ike-informational.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

QuickModeGround
EngineState::GroundOf(const IkeSaSlot& slot)
{
    const IkeSa& sa = *slot.Established();
    return {sa.keys, slot.peer, sa.nat, slot.local, slot.remote};
}

void
EngineState::StartQuickMode(IkeSaSlot& slot, uint32_t child, Turn& turn)
{
    ChildState& state = peers[slot.peer].children[child];
    const uint32_t messageId = DrawMessageId(slot, turn.random);
    const IpsecSpis spis = DrawSpis(ConfigOf(slot.peer).children[child], turn.random);
    StepContext context{turn.now, ConfigOf(slot.peer), turn.effects.work, turn.random};
    Result<QuickModeStarted> started =
        ipsec::StartQuickMode(GroundOf(slot), child, messageId, spis, context);
    state.waiting = false;
    if (!started)
    {
        FreeSpis(spis);
        turn.effects.list.push_back(AcquireFailed{{slot.peer, child}, started.GetFault(), 0});
        return;
    }
    state.negotiating = true;
    slot.Established()->usedMessageIds.Insert(messageId);
    QuickModeSlot& quick =
        slot.quickModes
            .emplace(messageId, QuickModeSlot{std::move(started->next), {}, nextEvent++, {}})
            .first->second;
    SendAndAwait(slot, quick.ledger, std::move(started->message), turn);
    Changed(slot, messageId, "Idle", StateName(quick.state), turn);
    Reschedule(slot);
}

void
EngineState::HandleQuickMode(const IsakmpHeader& header, const Datagram& datagram, Turn& turn)
{
    if (!header.IsEncrypted() || header.messageId == 0)
    {
        Drop(header.IsEncrypted() ? Fault::BadMessageId : Fault::NotEncrypted, datagram, turn);
        return;
    }
    IkeSaSlot* slot = FindByCookies(header);
    if (!slot || !slot->Established())
    {
        Drop(Fault::NoSuchExchange, datagram, turn);
        return;
    }
    if (slot->IsAtOldPort(datagram.local))
    {
        Drop(Fault::OldPort, datagram, turn, slot->peer);
        return;
    }
    if (!slot->IsReady())
    {
        // CVE-2014-2338: nothing is built on an IKE SA whose user is not known yet.
        const bool isXauth = slot->access.stage == AccessStage::Xauth;
        Drop(isXauth ? Fault::XauthRequired : Fault::ExchangeRefused, datagram, turn, slot->peer);
        return;
    }
    const auto found = slot->quickModes.find(header.messageId);
    if (found == slot->quickModes.end())
    {
        HandleRequest(*slot, header, datagram, turn);
        return;
    }
    QuickModeSlot& quick = found->second;
    const bool finished = std::holds_alternative<QuickModeFinished>(quick.state);
    if (finished || quick.ledger.IsDuplicate(datagram.octets))
    {
        AnswerDuplicate(*slot, quick.ledger, datagram, turn);
        return;
    }
    const PeerId peer = slot->peer;
    const Result<Done> advanced = std::holds_alternative<ExpectQm2>(quick.state)
                                      ? TakeQm2(*slot, quick, header, datagram, turn)
                                      : TakeQm3(*slot, quick, header, datagram, turn);
    if (!advanced)
    {
        Drop(advanced.GetFault(), datagram, turn, peer);
    }
    Reschedule(*slot);
}

void
EngineState::HandleRequest(IkeSaSlot& slot,
                           const IsakmpHeader& header,
                           const Datagram& datagram,
                           Turn& turn)
{
    IkeSa& sa = *slot.Established();
    if (sa.usedMessageIds.Has(header.messageId))
    {
        Drop(Fault::Duplicate, datagram, turn, slot.peer);
        return;
    }
    const auto running = std::count_if(
        slot.quickModes.begin(),
        slot.quickModes.end(),
        [](const auto& entry) { return std::holds_alternative<ExpectQm3>(entry.second.state); });
    if (running >= ConfigOf(slot.peer).personality->maxQuickModes ||
        sa.usedMessageIds.size() >= MAX_MESSAGE_IDS)
    {
        Drop(Fault::TooManyExchanges, datagram, turn, slot.peer);
        return;
    }
    CipherChain chain = sa.keys.ChainFor(header.messageId);
    const Result<IncomingMessage> message = Decrypt(header, datagram, chain, turn);
    if (!message)
    {
        Drop(message.GetFault(), datagram, turn, slot.peer);
        return;
    }
    turn.effects.work.Add(WorkKind::Prf, static_cast<uint16_t>(sa.keys.hash));
    const Result<QuickModeRequest> request = ReadQm1(GroundOf(slot), *message);
    if (!request)
    {
        Drop(request.GetFault(), datagram, turn, slot.peer);
        // The header is not covered: an Informational with another exchange type has a HASH(1) that
        // verifies too, and must not be answered. Only quick mode has an SA payload.
        if (request.GetFault() != Fault::BadHash && message->chain.Find(PayloadType::Sa))
        {
            RefuseRequest(slot, request.GetFault(), {}, header, datagram, turn);
        }
        return;
    }
    HearFrom(slot, datagram.remote, turn);
    const Result<Done> answered = AnswerRequest(slot, *request, *message, chain, datagram, turn);
    if (!answered)
    {
        Drop(answered.GetFault(), datagram, turn, slot.peer);
        RefuseRequest(
            slot, answered.GetFault(), {request->protocol, request->spi}, header, datagram, turn);
    }
    Reschedule(slot);
}

Result<Done>
EngineState::AnswerRequest(IkeSaSlot& slot,
                           const QuickModeRequest& request,
                           const IncomingMessage& message,
                           const CipherChain& chain,
                           const Datagram& datagram,
                           Turn& turn)
{
    const Result<RequestedChild> requested = ChildFor(slot, request.proxyId);
    if (!requested)
    {
        return requested.GetFault();
    }
    const uint32_t child = requested->child;
    const std::shared_ptr<const PeerConfig> peerConfig = ConfigFor(slot, *requested);
    const IpsecSpis spis = DrawSpis(peerConfig->children[child], turn.random);
    StepContext context{turn.now, *peerConfig, turn.effects.work, turn.random};
    Result<QuickModeAnswered> answered =
        HandleQm1(GroundOf(slot), request, message, chain, child, spis, context);
    if (!answered)
    {
        FreeSpis(spis);
        return answered.GetFault();
    }
    if (requested->isClaim)
    {
        Claim(slot, *requested, turn);
    }
    const uint32_t messageId = message.header.messageId;
    FreeUnusedSpis(spis, answered->next.sas.inbound);
    slot.Established()->usedMessageIds.Insert(messageId);
    QuickModeSlot& quick =
        slot.quickModes
            .emplace(messageId, QuickModeSlot{std::move(answered->next), {}, nextEvent++, {}})
            .first->second;
    quick.ledger.Receive(datagram.octets);
    InstallInbound(std::get<ExpectQm3>(quick.state).sas.inbound, slot.id, quick.begun, turn);
    SendAndAwait(slot, quick.ledger, std::move(answered->message), turn);
    Changed(slot, messageId, "Idle", StateName(quick.state), turn);
    return Done{};
}

void
EngineState::RefuseRequest(IkeSaSlot& slot,
                           Fault fault,
                           const RefusedProposal& refused,
                           const IsakmpHeader& header,
                           const Datagram& datagram,
                           Turn& turn)
{
    const std::optional<NotifyType> type = ProtectedNotifyFor(fault);
    slot.Established()->usedMessageIds.Insert(header.messageId);
    if (!type)
    {
        return;
    }
    const std::optional<Transmit> sent =
        SendProtected(slot, MakeIpsecNotify(*type, refused.protocol, refused.spi), turn);
    if (!sent)
    {
        return;
    }
    QuickModeSlot finished{QuickModeFinished{}, {}, 0, {}};
    finished.forgetAt = turn.now + ConfigOf(slot.peer).personality->ledgerTime;
    finished.ledger.Receive(datagram.octets);
    finished.ledger.SendAsAnswer(*sent);
    slot.quickModes.emplace(header.messageId, std::move(finished));
    Reschedule(slot);
}

Result<Done>
EngineState::TakeQm2(IkeSaSlot& slot,
                     QuickModeSlot& quick,
                     const IsakmpHeader& header,
                     const Datagram& datagram,
                     Turn& turn)
{
    const uint32_t messageId = header.messageId;
    StepContext context{turn.now, ConfigOf(slot.peer), turn.effects.work, turn.random};
    const auto& expectQm2 = std::get<ExpectQm2>(quick.state);
    CipherChain chain = expectQm2.chain;
    const Result<IncomingMessage> message = Decrypt(header, datagram, chain, turn);
    if (!message)
    {
        return message.GetFault();
    }
    Result<QuickModeCompleted> completed =
        HandleQm2(GroundOf(slot), expectQm2, *message, chain, context);
    if (!completed)
    {
        const Fault fault = completed.GetFault();
        if (fault != Fault::BadHash)
        {
            // The peer itself sent what cannot be accepted; a repetition would not differ.
            if (const std::optional<NotifyType> type = ProtectedNotifyFor(fault))
            {
                const IpsecSpis& spis = expectQm2.ownSpis;
                const ProtocolId protocol = spis.esp != 0 ? ProtocolId::Esp : ProtocolId::Ah;
                const auto spi = NetworkOrder(spis.Of(protocol));
                SendProtected(slot, MakeIpsecNotify(*type, protocol, spi), turn);
            }
            FailQuickMode(slot, messageId, fault, 0, turn);
            StartWaiting(slot.peer, turn);
        }
        return fault;
    }
    HearFrom(slot, datagram.remote, turn);
    const uint32_t child = expectQm2.child;
    const char* from = StateName(quick.state);
    peers[slot.peer].children[child].negotiating = false;
    FreeUnusedSpis(expectQm2.ownSpis, completed->sas.inbound);
    quick.state = QuickModeFinished{};
    quick.forgetAt = turn.now + context.config.personality->ledgerTime;
    quick.ledger.Receive(datagram.octets);
    InstallInbound(slot.AtPeer(completed->sas.inbound), slot.id, quick.begun, turn);
    SendAsAnswer(slot, quick.ledger, std::move(completed->message), turn);
    InstallOutbound(slot.AtPeer(completed->sas.outbound), turn);
    ReplaceOlderPairs({slot.peer, child}, quick.begun, turn);
    Changed(slot, messageId, from, StateName(quick.state), turn);
    StartWaiting(slot.peer, turn);
    return Done{};
}

Result<Done>
EngineState::TakeQm3(IkeSaSlot& slot,
                     QuickModeSlot& quick,
                     const IsakmpHeader& header,
                     const Datagram& datagram,
                     Turn& turn)
{
    const uint32_t messageId = header.messageId;
    StepContext context{turn.now, ConfigOf(slot.peer), turn.effects.work, turn.random};
    const auto& expectQm3 = std::get<ExpectQm3>(quick.state);
    CipherChain chain = expectQm3.chain;
    const Result<IncomingMessage> message = Decrypt(header, datagram, chain, turn);
    if (!message)
    {
        return message.GetFault();
    }
    const Result<Done> verified = HandleQm3(GroundOf(slot), expectQm3, *message, context);
    if (!verified)
    {
        return verified.GetFault();
    }
    HearFrom(slot, datagram.remote, turn);
    if (!FindPair({slot.peer, expectQm3.child}, expectQm3.sas.inbound.front().Key()))
    {
        // The inbound half ended while we waited.
        slot.quickModes.erase(messageId);
        return Fault::NoSuchExchange;
    }
    InstallOutbound(slot.AtPeer(expectQm3.sas.outbound), turn);
    Changed(slot, messageId, StateName(quick.state), "Finished", turn);
    slot.quickModes.erase(messageId);
    return Done{};
}

void
EngineState::FailQuickMode(IkeSaSlot& slot,
                           uint32_t messageId,
                           Fault reason,
                           uint16_t notify,
                           Turn& turn)
{
    const auto found = slot.quickModes.find(messageId);
    const QuickModeState state = std::move(found->second.state);
    slot.quickModes.erase(found);
    Changed(slot, messageId, StateName(state), "Failed", turn);
    if (const auto* own = std::get_if<ExpectQm2>(&state))
    {
        FreeSpis(own->ownSpis);
        peers[slot.peer].children[own->child].negotiating = false;
        turn.effects.list.push_back(AcquireFailed{{slot.peer, own->child}, reason, notify});
    }
    else if (const auto* answered = std::get_if<ExpectQm3>(&state))
    {
        // The initiator may use its pair since QM2; it must not send where nobody listens.
        SendProtected(slot, MakeIpsecDeletes(KeysOf(answered->sas.inbound)), turn);
        RemovePair({slot.peer, answered->child}, answered->sas.inbound.front().Key(), reason, turn);
    }
}

} // namespace ipsec
} // namespace ns3
