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
TakeEarlier(std::optional<Instant>& earliest, std::optional<Instant> candidate)
{
    if (candidate && (!earliest || *candidate < *earliest))
    {
        earliest = candidate;
    }
}

const char*
StateName(const Phase1State& state)
{
    return std::visit([](const auto& s) { return s.NAME; }, state);
}

const char*
StateName(const QuickModeState& state)
{
    return std::visit([](const auto& s) { return s.NAME; }, state);
}

const char*
StateName(const TransactionState& state)
{
    return std::visit([](const auto& s) { return s.NAME; }, state);
}

bool
ChildState::HasPair() const
{
    return std::any_of(
        pairs.begin(), pairs.end(), [](const InstalledPair& pair) { return !pair.isWithdrawn; });
}

const IkeKeys*
IkeSaSlot::Keys() const
{
    if (const auto* waiting = std::get_if<ExpectMm6>(&state))
    {
        return &waiting->keys;
    }
    const IkeSa* sa = Established();
    return sa ? &sa->keys : nullptr;
}

std::optional<Instant>
IkeSaSlot::Deadline() const
{
    std::optional<Instant> earliest = ledger.Deadline();
    TakeEarlier(earliest, giveUpAt);
    TakeEarlier(earliest, forgetAt);
    TakeEarlier(earliest, renewAt);
    TakeEarlier(earliest, retireAt);
    TakeEarlier(earliest, access.endsAt);
    if (const IkeSa* sa = Established())
    {
        TakeEarlier(earliest, sa->expiresAt);
    }
    for (const auto& [messageId, quick] : quickModes)
    {
        TakeEarlier(earliest, quick.ledger.Deadline());
        TakeEarlier(earliest, quick.forgetAt);
    }
    for (const auto& [messageId, transaction] : transactions)
    {
        TakeEarlier(earliest, transaction.ledger.Deadline());
        TakeEarlier(earliest, transaction.forgetAt);
    }
    return earliest;
}

EngineState::EngineState(SharedEngineConfig configuration)
{
    configuration->Validate();
    StartSmall(byOwnCookie);
    StartSmall(usedSpis);
    config = std::move(configuration);
    for (PeerId id = 0; id < config->peers.size(); id++)
    {
        const PeerConfig& peer = config->peers[id];
        Peer& added = peers[id];
        added.config = std::shared_ptr<const PeerConfig>(config, &peer);
        added.children.resize(peer.children.size());
        if (peer.remoteAddress)
        {
            peerByAddresses[{peer.localAddress, *peer.remoteAddress}] = id;
        }
        else
        {
            dynamicPeers.push_back(id);
        }
    }
    nextClient = static_cast<PeerId>(config->peers.size());
    for (const AddressPool& pool : config->pools)
    {
        leases.emplace(pool.name, AddressLeases(pool));
    }
}

IkeSaSlot&
EngineState::AddSlot(IkeSaSlot slot)
{
    slot.id = nextSlot++;
    slot.begun = nextEvent++;
    byOwnCookie[CookieNumber(slot.OwnCookie())] = slot.id;
    if (slot.role == Role::Responder)
    {
        byFirstMessage[{slot.initiatorCookie, slot.firstRemote}] = slot.id;
        halfOpen.insert(slot.id);
        halfOpenByAddress[slot.firstRemote.address]++;
    }
    peers[slot.peer].slots.insert(slot.id);
    const SlotId id = slot.id;
    return slots.emplace(id, std::move(slot)).first->second;
}

void
EngineState::MoveToPeer(IkeSaSlot& slot, PeerId peer)
{
    peers[slot.peer].slots.erase(slot.id);
    peers[peer].slots.insert(slot.id);
    slot.peer = peer;
}

void
EngineState::LeaveHalfOpen(const IkeSaSlot& slot)
{
    if (halfOpen.erase(slot.id) == 0)
    {
        return;
    }
    const auto counted = halfOpenByAddress.find(slot.firstRemote.address);
    if (--counted->second == 0)
    {
        halfOpenByAddress.erase(counted);
    }
}

void
EngineState::RemoveSlot(SlotId id, Fault reason, Turn& turn)
{
    const auto found = slots.find(id);
    const IkeSaSlot slot = std::move(found->second);
    slots.erase(found);
    byOwnCookie.erase(CookieNumber(slot.OwnCookie()));
    byFirstMessage.erase({slot.initiatorCookie, slot.firstRemote});
    LeaveHalfOpen(slot);
    if (Reassembly* fragments = reassembly.Find())
    {
        fragments->Forget(id, slot.firstRemote.address);
    }
    if (slot.scheduled)
    {
        deadlines.erase({*slot.scheduled, id});
    }
    turn.left.insert(slot.peer);
    Peer& peer = peers[slot.peer];
    peer.slots.erase(id);
    peer.established.erase(std::remove(peer.established.begin(), peer.established.end(), id),
                           peer.established.end());
    if (peer.initiating == id)
    {
        peer.initiating.reset();
    }

    const bool established = slot.Established() != nullptr;
    if (established || slot.role == Role::Initiator)
    {
        turn.effects.list.push_back(
            IkeSaDown{slot.peer,
                      slot.initiatorCookie,
                      slot.responderCookie,
                      established,
                      reason,
                      slot.notify,
                      slot.Keys() ? slot.Keys()->encryptionKey : SecretBytes()});
    }
    else
    {
        turn.effects.list.push_back(Dropped{reason, slot.remote, slot.peer, slot.notify});
    }
    for (const auto& [messageId, quick] : slot.quickModes)
    {
        LeaveQuickMode(slot.peer, quick, reason, turn);
    }
    if (established)
    {
        LeaveChildren(slot, reason, turn);
        PromoteRedundant(slot.peer, turn);
    }
    if (slot.role == Role::Initiator && !slot.IsReady())
    {
        RetryRenewal(slot.peer, turn);
    }
    if (NewestReady(slot.peer))
    {
        StartWaiting(slot.peer, turn);
    }
    else if (!peer.initiating && peer.established.empty())
    {
        FailWaiting(slot.peer, reason, slot.notify, turn);
    }
}

void
EngineState::LeaveQuickMode(PeerId peer, const QuickModeSlot& quick, Fault reason, Turn& turn)
{
    if (const auto* own = std::get_if<ExpectQm2>(&quick.state))
    {
        // Another IKE SA may carry it (crossing main modes); without one it fails with the rest.
        FreeSpis(own->ownSpis);
        peers[peer].children[own->child].negotiating = false;
        peers[peer].children[own->child].waiting = true;
    }
    else if (const auto* answered = std::get_if<ExpectQm3>(&quick.state))
    {
        if (IkeSaSlot* other = NewestReady(peer))
        {
            SendProtected(*other, MakeIpsecDeletes(KeysOf(answered->sas.inbound)), turn);
        }
        RemovePair({peer, answered->child}, answered->sas.inbound.front().Key(), reason, turn);
    }
}

void
EngineState::RunTimers(IkeSaSlot& slot, Turn& turn)
{
    const SlotId id = slot.id;
    if (slot.giveUpAt && *slot.giveUpAt <= turn.now)
    {
        RemoveSlot(id, Fault::NegotiationTimeout, turn);
        return;
    }
    switch (slot.ledger.HandleTimer(turn.now, ScheduleOf(slot), turn.random))
    {
    case Ledger::Due::Repeat:
        NoteSent(slot, turn);
        turn.effects.list.push_back(slot.ledger.Repetition());
        break;
    case Ledger::Due::GiveUp:
        RemoveSlot(id, Fault::NegotiationTimeout, turn);
        return;
    case Ledger::Due::Nothing:
        break;
    }
    if (slot.forgetAt && *slot.forgetAt <= turn.now)
    {
        slot.ledger.Clear();
        slot.forgetAt.reset();
    }
    if (slot.renewAt && *slot.renewAt <= turn.now)
    {
        RenewIkeSa(slot, turn);
    }
    if (slot.retireAt && *slot.retireAt <= turn.now)
    {
        RetireIkeSa(slot, turn);
        return;
    }
    if (const IkeSa* sa = slot.Established(); sa && sa->expiresAt <= turn.now)
    {
        if (ConfigOf(slot.peer).childLifetimePolicy == ChildLifetimePolicy::Linked)
        {
            BeginAnew(id, turn);
            return;
        }
        SendDeleteOf(slot, turn);
        RemoveSlot(id, Fault::Expired, turn);
        return;
    }
    if (slot.access.endsAt && *slot.access.endsAt <= turn.now)
    {
        RefuseAccess(slot, AccessTimeout(slot), turn);
        return;
    }
    if (RunTransactionTimers(slot, turn) && RunQuickModeTimers(slot, turn))
    {
        Reschedule(slot);
    }
}

bool
EngineState::RunQuickModeTimers(IkeSaSlot& slot, Turn& turn)
{
    const SlotId id = slot.id;
    const RetransmissionSchedule schedule = ConfigOf(slot.peer).personality->retransmission;
    std::vector<uint32_t> messageIds;
    for (const auto& [messageId, quick] : slot.quickModes)
    {
        messageIds.push_back(messageId);
    }
    for (const uint32_t messageId : messageIds)
    {
        QuickModeSlot& quick = slot.quickModes.at(messageId);
        if (quick.forgetAt && *quick.forgetAt <= turn.now)
        {
            slot.quickModes.erase(messageId);
            continue;
        }
        const Ledger::Due due = quick.ledger.HandleTimer(turn.now, schedule, turn.random);
        if (due == Ledger::Due::Repeat)
        {
            NoteSent(slot, turn);
            turn.effects.list.push_back(quick.ledger.Repetition());
        }
        else if (due == Ledger::Due::GiveUp)
        {
            const bool own = std::holds_alternative<ExpectQm2>(quick.state);
            FailQuickMode(slot, messageId, Fault::NegotiationTimeout, 0, turn);
            if (own)
            {
                // A peer that answers nothing within all tries has lost this IKE SA. If it has not,
                // it shall not go on with what is gone here.
                SendDeleteOf(slot, turn);
                RemoveSlot(id, Fault::NegotiationTimeout, turn);
                return false;
            }
        }
    }
    return true;
}

void
EngineState::Reschedule(IkeSaSlot& slot)
{
    const std::optional<Instant> deadline = slot.Deadline();
    if (deadline == slot.scheduled)
    {
        return;
    }
    if (slot.scheduled)
    {
        deadlines.erase({*slot.scheduled, slot.id});
    }
    slot.scheduled = deadline;
    if (deadline)
    {
        deadlines.insert({*deadline, slot.id});
    }
}

uint32_t
EngineState::DrawMessageId(const IkeSaSlot& slot, RandomSource& random)
{
    const IkeSa* sa = slot.Established();
    while (true)
    {
        const uint32_t messageId = random.DrawU32();
        const bool used = sa && sa->usedMessageIds.Has(messageId);
        if (messageId != 0 && !used && slot.quickModes.count(messageId) == 0)
        {
            return messageId;
        }
    }
}

void
EngineState::Drop(Fault fault, const Datagram& datagram, Turn& turn, std::optional<PeerId> peer)
{
    turn.effects.list.push_back(Dropped{fault, datagram.remote, peer, 0});
}

Transmit
EngineState::TransmitFrom(const IkeSaSlot& slot, OutgoingMessage message, Turn& turn)
{
    NoteSent(slot, turn);
    if (IsAmong(described.to, slot.peer))
    {
        DescribePayloads(message.summary, message.clear);
    }
    return {slot.local,
            slot.remote,
            std::move(message.datagram),
            std::move(message.summary),
            slot.fragmentation};
}

void
EngineState::Changed(const IkeSaSlot& slot,
                     uint32_t messageId,
                     const char* from,
                     const char* to,
                     Turn& turn)
{
    turn.effects.list.push_back(StateChanged{slot.peer, slot.initiatorCookie, messageId, from, to});
}

} // namespace ipsec
} // namespace ns3
