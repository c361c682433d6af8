// SPDX-License-Identifier: GPL-2.0-only
#include "ike-engine-state.h"
#include "ike-informational.h"
#include "ike-payload-details.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

void
EngineState::SendAndAwait(const IkeSaSlot& slot,
                          Ledger& ledger,
                          OutgoingMessage message,
                          Turn& turn)
{
    Transmit transmit = TransmitFrom(slot, std::move(message), turn);
    const Personality& personality = ConfigOf(slot.peer).personality;
    const bool ofPhase1 = &ledger == &slot.ledger;
    ledger.SendAndAwait(
        turn.now, transmit, ofPhase1 ? ScheduleOf(slot) : personality.retransmission, turn.random);
    turn.effects.list.push_back(std::move(transmit));
}

void
EngineState::SendAsAnswer(const IkeSaSlot& slot,
                          Ledger& ledger,
                          OutgoingMessage message,
                          Turn& turn)
{
    Transmit transmit = TransmitFrom(slot, std::move(message), turn);
    ledger.SendAsAnswer(transmit);
    turn.effects.list.push_back(std::move(transmit));
}

void
EngineState::SendReply(IkeSaSlot& slot, OutgoingMessage message, Turn& turn)
{
    const Personality& personality = ConfigOf(slot.peer).personality;
    const bool isAggressive = slot.mode == Phase1Mode::Aggressive;
    if (isAggressive && personality.aggressiveReplyTries > 0)
    {
        SendAndAwait(slot, slot.ledger, std::move(message), turn);
        return;
    }
    const bool isFirst = std::holds_alternative<ExpectMm3>(slot.state);
    const MainReplies needed = isFirst ? MainReplies::All : MainReplies::NotFirst;
    if (isAggressive || personality.mainReplies < needed)
    {
        SendAsAnswer(slot, slot.ledger, std::move(message), turn);
        return;
    }
    Transmit transmit = TransmitFrom(slot, std::move(message), turn);
    slot.ledger.SendAndRepeat(turn.now, transmit, ScheduleOf(slot), turn.random);
    turn.effects.list.push_back(std::move(transmit));
}

void
EngineState::NoteReceived(IkeSaSlot& slot, const Datagram& datagram) const
{
    slot.ledger.Receive(datagram.octets, ConfigOf(slot.peer).personality->rememberedMessages);
}

void
EngineState::AnswerDuplicate(const IkeSaSlot& slot,
                             Ledger& ledger,
                             const Datagram& datagram,
                             Turn& turn)
{
    if (turn.effects.received)
    {
        turn.effects.received->repeated = true;
    }
    if (slot.FollowsPeer() && ledger.IsDuplicate(datagram.octets))
    {
        // Its NAT may have another mapping by now. No more than this exchange goes there: whoever
        // recorded a message can send a copy of it.
        ledger.Redirect(datagram.remote);
    }
    const uint32_t most = ConfigOf(slot.peer).personality->maxDuplicateAnswers;
    if (std::optional<Transmit> answer = ledger.TakeAnswer(datagram.octets, most))
    {
        NoteSent(slot, turn);
        turn.effects.list.push_back(std::move(*answer));
        return;
    }
    Drop(Fault::Duplicate, datagram, turn);
}

RetransmissionSchedule
EngineState::ScheduleOf(const IkeSaSlot& slot) const
{
    const Personality& personality = ConfigOf(slot.peer).personality;
    RetransmissionSchedule schedule = personality.retransmission;
    if (std::holds_alternative<ExpectAm3>(slot.state))
    {
        schedule.tries = std::min(schedule.tries, personality.aggressiveReplyTries);
    }
    return schedule;
}

void
EngineState::NotifyClear(const IsakmpHeader& header,
                         const Datagram& datagram,
                         Fault fault,
                         Turn& turn)
{
    if (const std::optional<NotifyType> type = NotifyFor(fault))
    {
        NotifyClear(header, datagram, *type, turn);
    }
}

void
EngineState::NotifyClear(const IsakmpHeader& header,
                         const Datagram& datagram,
                         NotifyType type,
                         Turn& turn)
{
    if (!MayReact(datagram.remote, turn))
    {
        return;
    }
    uint32_t messageId = 0;
    while (messageId == 0)
    {
        messageId = turn.random.DrawU32();
    }
    OutgoingMessage message =
        MakeClearNotify(header.initiatorCookie, header.responderCookie, messageId, type);
    const std::optional<PeerId> peer = FindStatic(datagram.local, datagram.remote);
    if (peer && IsAmong(described.to, *peer))
    {
        DescribePayloads(message.summary, message.clear);
    }
    turn.effects.list.push_back(Transmit{
        datagram.local, datagram.remote, std::move(message.datagram), std::move(message.summary)});
}

bool
EngineState::MayReact(const Endpoint& remote, Turn& turn)
{
    const EngineLimits& limits = config->limits;
    const auto last = lastNotify.find(remote.address);
    const bool soon = last != lastNotify.end() && turn.now < last->second + limits.notifyInterval;
    const bool isNew = last == lastNotify.end();
    if (isNew && lastNotify.size() >= limits.notifySources)
    {
        for (auto it = lastNotify.begin(); it != lastNotify.end();)
        {
            it = it->second + limits.notifyInterval <= turn.now ? lastNotify.erase(it)
                                                                : std::next(it);
        }
    }
    const bool isFull = isNew && lastNotify.size() >= limits.notifySources;
    if (soon || isFull)
    {
        turn.effects.list.push_back(Dropped{Fault::RateLimited, remote, std::nullopt, 0});
        return false;
    }
    lastNotify[remote.address] = turn.now;
    return true;
}

} // namespace ipsec
} // namespace ns3
