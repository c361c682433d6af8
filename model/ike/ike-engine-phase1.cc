// SPDX-License-Identifier: GPL-2.0-only
#include "ike-engine-state.h"
#include "ike-informational.h"
#include "ike-phase1-common.h"

namespace ns3
{
namespace ipsec
{

namespace
{

Phase1Mode
ModeOf(ExchangeType exchange)
{
    return exchange == ExchangeType::AggressiveMode ? Phase1Mode::Aggressive : Phase1Mode::Main;
}

/// Tells whether main mode can find this peer's key before it knows who is calling (RFC 2409
/// section 5.4).
bool
IsForMainMode(const PeerConfig& peer)
{
    return peer.mode == Phase1Mode::Main ||
           GetAuth(peer.proposals.front().auth).family != AuthFamily::PreSharedKey;
}

} // namespace

StepContext
EngineState::ContextFor(PeerId peer, Turn& turn) const
{
    const auto elapsed =
        std::chrono::duration_cast<std::chrono::seconds>(turn.now.time_since_epoch());
    return {turn.now,
            ConfigOf(peer),
            turn.effects.work,
            turn.random,
            config->calendarStart + elapsed.count()};
}

void
EngineState::StartPhase1(PeerId peer, Turn& turn)
{
    const PeerConfig& peerConfig = ConfigOf(peer);
    if (!peerConfig.remoteAddress)
    {
        FailWaiting(peer, Fault::UnknownPeer, 0, turn);
        return;
    }
    if (!HasUsableKey(peerConfig))
    {
        FailWaiting(peer, Fault::NoKey, 0, turn);
        return;
    }
    StepContext context = ContextFor(peer, turn);
    IkeSaSlot fresh;
    fresh.peer = peer;
    fresh.role = Role::Initiator;
    fresh.mode = peerConfig.mode;
    fresh.local = {peerConfig.localAddress, IKE_PORT};
    fresh.remote = {*peerConfig.remoteAddress, IKE_PORT};
    fresh.firstRemote = fresh.remote;
    fresh.begunAt = turn.now;
    OutgoingMessage message;
    if (peerConfig.mode == Phase1Mode::Aggressive)
    {
        Result<Step<ExpectAm2>> step = StartAggressiveMode(context);
        if (!step)
        {
            FailWaiting(peer, step.GetFault(), 0, turn);
            return;
        }
        fresh.initiatorCookie = step->next.initiatorCookie;
        fresh.state = std::move(step->next);
        message = std::move(step->message);
    }
    else
    {
        Step<ExpectMm2> step = StartMainMode(context);
        fresh.initiatorCookie = step.next.initiatorCookie;
        fresh.state = std::move(step.next);
        message = std::move(step.message);
    }
    IkeSaSlot& slot = AddSlot(std::move(fresh));
    peers[peer].initiating = slot.id;
    SendAndAwait(slot, slot.ledger, std::move(message), turn);
    Changed(slot, 0, "Idle", StateName(slot.state), turn);
    Reschedule(slot);
}

void
EngineState::HandlePhase1(const IsakmpHeader& header, const Datagram& datagram, Turn& turn)
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
    if (!slot || slot->mode != ModeOf(header.exchange))
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
        IkeSaSlot& slot = slots.at(known->second);
        AnswerDuplicate(slot, slot.ledger, datagram, turn);
        return;
    }
    const Result<IncomingMessage> message = ReadClear(header, datagram);
    assert(message);
    const Result<PeerId> peer = ChoosePeer(*message);
    if (!peer)
    {
        Drop(peer.GetFault(), datagram, turn);
        return;
    }
    if (!MakeRoom(datagram, *peer, turn))
    {
        return;
    }
    if (header.exchange == ExchangeType::AggressiveMode)
    {
        HandleAm1(*message, *peer, datagram, turn);
        return;
    }
    StepContext context = ContextFor(*peer, turn);
    Result<Step<ExpectMm3>> step = HandleMm1(*message, context);
    if (!step)
    {
        Drop(step.GetFault(), datagram, turn, *peer);
        NotifyClear(header, datagram, step.GetFault(), turn);
        return;
    }
    BeginAnswer(*peer, *message, datagram, std::move(*step), turn);
}

Result<PeerId>
EngineState::ChoosePeer(const IncomingMessage& message) const
{
    if (const std::optional<PeerId> known = FindStatic(message.local, message.remote))
    {
        return *known;
    }
    const bool aggressive = message.header.exchange == ExchangeType::AggressiveMode;
    if (aggressive)
    {
        const std::optional<PeerId> named =
            FindDynamic(message.local.address,
                        ClearIdBody(message.chain),
                        [](const PeerConfig& c) { return c.mode == Phase1Mode::Aggressive; });
        if (named)
        {
            return *named;
        }
    }
    // Any that could be meant: by a hidden identity, or by one that comes later. Main mode goes by
    // the list of the peers that want it, if there are any (P1-20).
    std::optional<PeerId> second;
    std::optional<PeerId> refusing;
    for (const PeerId peer : dynamicPeers)
    {
        const PeerConfig& peerConfig = ConfigOf(peer);
        if (peerConfig.localAddress != message.local.address)
        {
            continue;
        }
        const bool fits = aggressive ? peerConfig.mode == Phase1Mode::Aggressive &&
                                           HidesIdentity(peerConfig.proposals.front().auth)
                                     : IsForMainMode(peerConfig);
        if (fits && ModeOf(message.header.exchange) == peerConfig.mode)
        {
            return peer;
        }
        second = second || !fits ? second : std::optional<PeerId>(peer);
        const bool refuses = aggressive && peerConfig.mode == Phase1Mode::Main;
        refusing = refusing ? refusing : refuses ? std::optional<PeerId>(peer) : std::nullopt;
    }
    if (second || refusing)
    {
        return second ? *second : *refusing;
    }
    return Fault::UnknownPeer;
}

bool
EngineState::MakeRoom(const Datagram& datagram, PeerId peer, Turn& turn)
{
    const auto counted = halfOpenByAddress.find(datagram.remote.address);
    const uint32_t most = config->limits.halfOpenPerAddress;
    if (most != 0 && counted != halfOpenByAddress.end() && counted->second >= most)
    {
        Drop(Fault::HalfOpenLimit, datagram, turn, peer);
        return false;
    }
    return true;
}

template <typename State>
void
EngineState::BeginAnswer(PeerId peer,
                         const IncomingMessage& message,
                         const Datagram& datagram,
                         Step<State> step,
                         Turn& turn)
{
    const uint32_t most = config->limits.halfOpen;
    if (most != 0 && halfOpen.size() >= most)
    {
        RemoveSlot(*halfOpen.begin(), Fault::HalfOpenLimit, turn);
    }
    IkeSaSlot fresh;
    fresh.peer = peer;
    fresh.role = Role::Responder;
    fresh.mode = ModeOf(message.header.exchange);
    fresh.initiatorCookie = message.header.initiatorCookie;
    fresh.responderCookie = step.message.summary.responderCookie;
    fresh.local = datagram.local;
    fresh.remote = datagram.remote;
    fresh.firstRemote = datagram.remote;
    fresh.begunAt = turn.now;
    fresh.state = std::move(step.next);
    fresh.giveUpAt = turn.now + ConfigOf(peer).personality->halfOpenTimeout;
    NoteFragmentation(fresh, message);
    NoteDpd(fresh, message);
    IkeSaSlot& slot = AddSlot(std::move(fresh));
    NoteReceived(slot, datagram);
    SendReply(slot, std::move(step.message), turn);
    Changed(slot, 0, "Idle", StateName(slot.state), turn);
    Reschedule(slot);
}

template void EngineState::BeginAnswer(PeerId,
                                       const IncomingMessage&,
                                       const Datagram&,
                                       Step<ExpectAm3>,
                                       Turn&);

void
EngineState::HandlePhase1Message(IkeSaSlot& slot,
                                 const IsakmpHeader& header,
                                 const Datagram& datagram,
                                 Turn& turn)
{
    if (slot.ledger.Knows(datagram.octets))
    {
        AnswerDuplicate(slot, slot.ledger, datagram, turn);
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
    if (std::holds_alternative<ExpectAm3>(slot.state))
    {
        return TakeAm3(slot, header, datagram, turn); // encrypted or not
    }
    const bool encryptedStage = std::holds_alternative<ExpectMm5>(slot.state) ||
                                std::holds_alternative<ExpectMm6>(slot.state);
    if (encryptedStage != header.IsEncrypted())
    {
        return encryptedStage ? Fault::NotEncrypted : Fault::BadFlags;
    }
    if (encryptedStage)
    {
        return std::holds_alternative<ExpectMm5>(slot.state)
                   ? TakeMm5(slot, header, datagram, turn)
                   : TakeMm6(slot, header, datagram, turn);
    }
    const Result<IncomingMessage> message = ReadClear(header, datagram);
    assert(message);
    if (std::holds_alternative<ExpectMm2>(slot.state))
    {
        return TakeMm2(slot, *message, datagram, turn);
    }
    if (std::holds_alternative<ExpectMm4>(slot.state))
    {
        return TakeMm4(slot, *message, datagram, turn);
    }
    return std::holds_alternative<ExpectAm2>(slot.state) ? TakeAm2(slot, *message, datagram, turn)
                                                         : TakeMm3(slot, *message, datagram, turn);
}

void
EngineState::EnterPhase1State(IkeSaSlot& slot, Phase1State next, Turn& turn)
{
    const char* from = StateName(slot.state);
    slot.state = std::move(next);
    Changed(slot, 0, from, StateName(slot.state), turn);
}

} // namespace ipsec
} // namespace ns3
