// SPDX-License-Identifier: GPL-2.0-only
#include "ike-engine-state.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

CipherChain
ChainOf(const TransactionState& state)
{
    return std::visit([](const auto& s) { return s.chain; }, state);
}

} // namespace

void
EngineState::HandleTransaction(const IsakmpHeader& header, const Datagram& datagram, Turn& turn)
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
    const PeerId peer = slot->peer;
    if (slot->IsAtOldPort(datagram.local))
    {
        Drop(Fault::OldPort, datagram, turn, peer);
        return;
    }
    const auto found = slot->transactions.find(header.messageId);
    const bool isKnown = found != slot->transactions.end();
    if (isKnown && found->second.ledger.IsDuplicate(datagram.octets))
    {
        AnswerDuplicate(*slot, found->second.ledger, datagram, turn);
        return;
    }
    const MessageIds& used = slot->Established()->usedMessageIds;
    if (!isKnown && used.Has(header.messageId))
    {
        Drop(Fault::Duplicate, datagram, turn, peer);
        return;
    }
    if (!isKnown &&
        (slot->transactions.size() >= MAX_TRANSACTIONS || used.size() >= MAX_MESSAGE_IDS))
    {
        Drop(Fault::TooManyExchanges, datagram, turn, peer);
        return;
    }
    const SlotId id = slot->id;
    const Result<Done> advanced = AdvanceTransaction(*slot, header, datagram, turn);
    if (!advanced)
    {
        Drop(advanced.GetFault(), datagram, turn, peer);
    }
    const auto still = slots.find(id);
    if (still != slots.end())
    {
        Reschedule(still->second);
    }
}

Result<Done>
EngineState::AdvanceTransaction(IkeSaSlot& slot,
                                const IsakmpHeader& header,
                                const Datagram& datagram,
                                Turn& turn)
{
    const PeerConfig& peerConfig = ConfigOf(slot.peer);
    if (peerConfig.xauth->role == XauthRole::Off &&
        peerConfig.modeConfig->role == ModeConfigRole::Off)
    {
        return Fault::ExchangeRefused;
    }
    const IkeKeys& keys = slot.Established()->keys;
    const auto found = slot.transactions.find(header.messageId);
    const bool isKnown = found != slot.transactions.end();
    CipherChain chain = isKnown ? ChainOf(found->second.state) : keys.ChainFor(header.messageId);
    const Result<IncomingMessage> message = Decrypt(header, datagram, chain, turn);
    if (!message)
    {
        return message.GetFault();
    }
    const Result<AttributesPayload> payload = ReadTransaction(keys, *message, turn.effects.work);
    if (!payload)
    {
        return payload.GetFault();
    }
    if (isKnown && !std::holds_alternative<TransactionAnswered>(found->second.state))
    {
        return TakeAnswer(slot, *payload, *message, turn);
    }
    return AnswerTransaction(slot, *payload, *message, std::move(chain), datagram, turn);
}

Result<Done>
EngineState::TakeAnswer(IkeSaSlot& slot,
                        const AttributesPayload& payload,
                        const IncomingMessage& message,
                        Turn& turn)
{
    const uint32_t messageId = message.header.messageId;
    const TransactionState state = slot.transactions.at(messageId).state;
    const bool wantsAck = std::holds_alternative<ExpectXauthAck>(state) ||
                          std::holds_alternative<ExpectConfigAck>(state);
    // The identifier is not compared: the message ID says whose answer it is, and there are peers
    // that do not repeat what they got.
    if (payload.message != (wantsAck ? ConfigMessage::Ack : ConfigMessage::Reply))
    {
        return Fault::UnexpectedPayload;
    }
    HearFrom(slot, message.remote, turn);
    slot.transactions.erase(messageId);
    Changed(slot, messageId, StateName(state), "Finished", turn);
    if (std::holds_alternative<ExpectXauthReply>(state))
    {
        TakeXauthReply(slot, payload, turn);
    }
    else if (const auto* result = std::get_if<ExpectXauthAck>(&state))
    {
        TakeXauthAck(slot, *result, turn);
    }
    else if (const auto* set = std::get_if<ExpectConfigAck>(&state))
    {
        Assign(slot, set->told, turn);
        BecomeReady(slot, turn);
    }
    else
    {
        TakeConfig(slot, payload, turn);
    }
    return Done{};
}

Result<Done>
EngineState::AnswerTransaction(IkeSaSlot& slot,
                               const AttributesPayload& payload,
                               const IncomingMessage& message,
                               CipherChain chain,
                               const Datagram& datagram,
                               Turn& turn)
{
    const uint32_t messageId = message.header.messageId;
    const Result<AttributesPayload> answer = MakeAnswer(slot, payload);
    if (!answer)
    {
        return answer.GetFault();
    }
    Result<OutgoingMessage> out =
        MakeTransaction(slot.Established()->keys, messageId, *answer, chain, turn.effects.work);
    if (!out)
    {
        return out.GetFault();
    }
    HearFrom(slot, message.remote, turn);
    slot.Established()->usedMessageIds.Insert(messageId);
    TransactionSlot answered{TransactionAnswered{std::move(chain)}, {}, {}};
    answered.forgetAt = turn.now + ConfigOf(slot.peer).personality->ledgerTime;
    answered.ledger.Receive(datagram.octets);
    SendAsAnswer(slot, answered.ledger, std::move(*out), turn);
    slot.transactions.insert_or_assign(messageId, std::move(answered));
    FollowAnswer(slot, payload, turn);
    return Done{};
}

Result<BegunTransaction>
EngineState::BeginTransaction(const IkeSaSlot& slot, AttributesPayload payload, Turn& turn)
{
    const IkeKeys& keys = slot.Established()->keys;
    const uint32_t messageId = DrawMessageId(slot, turn.random);
    payload.identifier = static_cast<uint16_t>(messageId);
    CipherChain chain = keys.ChainFor(messageId);
    Result<OutgoingMessage> message =
        MakeTransaction(keys, messageId, payload, chain, turn.effects.work);
    if (!message)
    {
        return message.GetFault();
    }
    return BegunTransaction{messageId, std::move(chain), std::move(*message)};
}

void
EngineState::AwaitTransaction(IkeSaSlot& slot,
                              BegunTransaction begun,
                              TransactionState state,
                              Turn& turn)
{
    slot.Established()->usedMessageIds.Insert(begun.messageId);
    TransactionSlot& transaction =
        slot.transactions
            .insert_or_assign(begun.messageId, TransactionSlot{std::move(state), {}, {}})
            .first->second;
    SendAndAwait(slot, transaction.ledger, std::move(begun.message), turn);
    Changed(slot, begun.messageId, "Idle", StateName(transaction.state), turn);
}

bool
EngineState::RunTransactionTimers(IkeSaSlot& slot, Turn& turn)
{
    const RetransmissionSchedule schedule = ConfigOf(slot.peer).personality->retransmission;
    for (auto it = slot.transactions.begin(); it != slot.transactions.end();)
    {
        TransactionSlot& transaction = it->second;
        if (transaction.forgetAt && *transaction.forgetAt <= turn.now)
        {
            it = slot.transactions.erase(it);
            continue;
        }
        const Ledger::Due due = transaction.ledger.HandleTimer(turn.now, schedule, turn.random);
        if (due == Ledger::Due::Repeat)
        {
            NoteSent(slot, turn);
            turn.effects.list.push_back(transaction.ledger.Repetition());
        }
        else if (due == Ledger::Due::GiveUp)
        {
            RefuseAccess(slot, AccessTimeout(slot), turn);
            return false;
        }
        ++it;
    }
    return true;
}

} // namespace ipsec
} // namespace ns3
