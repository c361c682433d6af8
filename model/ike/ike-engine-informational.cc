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

/// Tells whether a notification is about one of the SPIs that we offered.
bool
IsSpiOf(const NotifyPayload& notify, const IpsecSpis& spis)
{
    const uint32_t spi = notify.spi.size() == 4 ? OctetReader(notify.spi).U32() : 0;
    return spi != 0 && (spi == spis.ah || spi == spis.esp);
}

/// Tells whether a notification is about one of these SAs.
bool
NamesOneOf(const NotifyPayload& notify, const std::vector<IpsecSa>& sas)
{
    return std::any_of(sas.begin(),
                       sas.end(),
                       [&](const IpsecSa& sa)
                       { return notify.spi == OctetView(NetworkOrder(sa.spi)).Copy(); });
}

bool
IsDeleteOfIkeSa(const RawPayload& payload)
{
    const Result<DeletePayload> del = payload.type == PayloadType::Delete
                                          ? ParseDeletePayload(payload.body)
                                          : Fault::UnexpectedPayload;
    return del && del->protocol == ProtocolId::Isakmp;
}

} // namespace

void
EngineState::HandleInformational(const IsakmpHeader& header, const Datagram& datagram, Turn& turn)
{
    IkeSaSlot* slot = FindByCookies(header);
    if (!slot)
    {
        Drop(Fault::NoSuchExchange, datagram, turn);
        return;
    }
    if (slot->IsAtOldPort(datagram.local))
    {
        Drop(Fault::OldPort, datagram, turn, slot->peer);
        return;
    }
    if (!header.IsEncrypted())
    {
        NoteClearNotify(*slot, header, datagram, turn);
        return;
    }
    const IkeKeys* keys = slot->Keys();
    if (!keys || header.messageId == 0)
    {
        Drop(keys ? Fault::BadMessageId : Fault::NoSuchExchange, datagram, turn, slot->peer);
        return;
    }
    IkeSa* sa = slot->Established();
    if (sa && sa->usedMessageIds.Has(header.messageId))
    {
        Drop(Fault::Duplicate, datagram, turn, slot->peer);
        return;
    }
    if (slot->dpd.IsOwn(header.messageId))
    {
        // A message of ours came back.
        Drop(Fault::BadMessageId, datagram, turn, slot->peer);
        return;
    }
    const DpdOrder order = DpdOrderOf(ConfigOf(slot->peer));
    const Result<IncomingMessage> message =
        OpenInformational(*keys, header, datagram.octets, order, turn.effects.work);
    if (!message)
    {
        Drop(message.GetFault(), datagram, turn, slot->peer);
        return;
    }
    turn.effects.received = Summarise(header, datagram.octets.size(), &message->chain);
    DescribeReceived(
        *turn.effects.received, header, datagram.local, datagram.remote, message->clear);
    const bool isTurned = message->chain.payloads.front().type == PayloadType::Notify;
    const std::optional<NotifyPayload> dpd = FindDpd(message->chain);
    if (isTurned != (dpd && order == DpdOrder::NotifyFirst))
    {
        Drop(dpd ? Fault::DpdRefused : Fault::BadHash, datagram, turn, slot->peer);
        return;
    }
    if (dpd)
    {
        HandleDpd(*slot, *dpd, datagram.remote, turn);
        return;
    }
    if (sa)
    {
        // An SA that has used up its message IDs still hears of deletions, which may be repeated.
        // Nothing else of it counts then, for nobody would know a copy.
        if (sa->usedMessageIds.size() < MAX_MESSAGE_IDS)
        {
            sa->usedMessageIds.Insert(header.messageId);
            HearFrom(*slot, datagram.remote, turn);
        }
    }
    HandleProtectedPayloads(slot->id, message->chain, datagram, turn);
}

void
EngineState::HandleProtectedPayloads(SlotId id,
                                     const PayloadChain& chain,
                                     const Datagram& datagram,
                                     Turn& turn)
{
    // A Delete of the IKE SA may stand before those of its IPsec SAs, and counts after them.
    std::vector<RawPayload> payloads = chain.payloads;
    std::stable_partition(payloads.begin(),
                          payloads.end(),
                          [](const RawPayload& payload) { return !IsDeleteOfIkeSa(payload); });
    for (const RawPayload& payload : payloads)
    {
        // Any payload may end the IKE SA under which it came; nothing behind it counts then.
        const auto found = slots.find(id);
        if (found == slots.end())
        {
            return;
        }
        IkeSaSlot& slot = found->second;
        if (payload.type == PayloadType::Notify)
        {
            const Result<NotifyPayload> notify = ParseNotifyPayload(payload.body);
            if (!notify)
            {
                Drop(notify.GetFault(), datagram, turn, slot.peer);
                continue;
            }
            HandleNotify(slot, *notify, datagram, turn);
        }
        else if (payload.type == PayloadType::Delete)
        {
            const Result<DeletePayload> del = ParseDeletePayload(payload.body);
            if (!del)
            {
                Drop(del.GetFault(), datagram, turn, slot.peer);
                continue;
            }
            HandleDelete(slot, *del, turn);
        }
    }
    const auto found = slots.find(id);
    if (found != slots.end())
    {
        Reschedule(found->second);
    }
}

void
EngineState::NoteClearNotify(IkeSaSlot& slot,
                             const IsakmpHeader& header,
                             const Datagram& datagram,
                             Turn& turn)
{
    // Anybody could have sent it: it explains a later time-out, and changes nothing (A6).
    const Result<IncomingMessage> message = ReadClearMessage(header, datagram.octets);
    const RawPayload* payload = message ? message->chain.Find(PayloadType::Notify) : nullptr;
    uint16_t type = 0;
    if (payload)
    {
        const Result<NotifyPayload> notify = ParseNotifyPayload(payload->body);
        type = notify ? notify->type : 0;
    }
    if (!slot.Established() && IsErrorNotify(type))
    {
        slot.notify = type;
    }
    turn.effects.list.push_back(
        Dropped{Fault::UnauthenticatedNotify, datagram.remote, slot.peer, type});
}

void
EngineState::HandleNotify(IkeSaSlot& slot,
                          const NotifyPayload& notify,
                          const Datagram& datagram,
                          Turn& turn)
{
    IkeSa* sa = slot.Established();
    if (IsDpdNotify(notify.type))
    {
        HandleDpd(slot, notify, datagram.remote, turn);
        return;
    }
    if (!sa)
    {
        if (IsErrorNotify(notify.type))
        {
            slot.notify = notify.type;
            RemoveSlot(slot.id, Fault::ErrorNotify, turn);
        }
        return;
    }
    if (notify.type == static_cast<uint16_t>(NotifyType::ResponderLifetime) &&
        notify.protocol == ProtocolId::Isakmp)
    {
        PayloadChain chain;
        chain.payloads = {{PayloadType::Notify, WriteNotifyPayload(notify)}};
        const std::optional<Duration> lifetime =
            FindResponderLifetime(chain,
                                  static_cast<uint16_t>(IkeAttribute::LifeType),
                                  static_cast<uint16_t>(IkeAttribute::LifeDuration));
        sa->expiresAt = std::min(
            sa->expiresAt, sa->establishedAt + ShorterLifetime(sa->choice.lifetime, lifetime));
        PlanRenewal(slot, turn);
        return;
    }
    if (!IsErrorNotify(notify.type))
    {
        return;
    }
    turn.effects.list.push_back(
        Dropped{Fault::ErrorNotify, datagram.remote, slot.peer, notify.type});
    if (const std::optional<uint32_t> messageId = FindRefused(slot, notify))
    {
        FailQuickMode(slot, *messageId, Fault::ErrorNotify, notify.type, turn);
        StartWaiting(slot.peer, turn);
        return;
    }
    HandleInvalidSpi(slot, notify, turn);
}

std::optional<uint32_t>
EngineState::FindRefused(const IkeSaSlot& slot, const NotifyPayload& notify)
{
    std::vector<uint32_t> own;
    for (const auto& [messageId, quick] : slot.quickModes)
    {
        if (const auto* sent = std::get_if<ExpectQm2>(&quick.state))
        {
            if (IsSpiOf(notify, sent->ownSpis))
            {
                return messageId;
            }
            own.push_back(messageId);
        }
        else if (const auto* answered = std::get_if<ExpectQm3>(&quick.state))
        {
            if (NamesOneOf(notify, answered->sas.outbound))
            {
                return messageId;
            }
        }
    }
    // Many peers name no SPI, or four zero octets (strongSwan); then it can only be meant for the
    // one exchange that runs. INVALID-SPI may name one as data: that of an SA in use.
    const bool isAboutSa =
        notify.type == static_cast<uint16_t>(NotifyType::InvalidSpi) && notify.data.size() == 4;
    const bool namesNone =
        !isAboutSa && (notify.spi.size() != 4 || OctetReader(notify.spi).U32() == 0);
    return namesNone && own.size() == 1 ? std::make_optional(own[0]) : std::nullopt;
}

void
EngineState::HandleDelete(IkeSaSlot& slot, const DeletePayload& del, Turn& turn)
{
    const PeerId peer = slot.peer;
    const SlotId self = slot.id;
    if (del.protocol == ProtocolId::Isakmp)
    {
        for (const Octets& spi : del.spis)
        {
            const std::vector<SlotId> established =
                slot.IsReady() ? peers[peer].established : std::vector<SlotId>{self};
            for (const SlotId id : established)
            {
                const IkeSaSlot& named = slots.at(id);
                if (spi == Concat({named.initiatorCookie, named.responderCookie}))
                {
                    // The peer may be of another mind about what it made.
                    const std::vector<SaKey> going = GoingWith(named);
                    RemoveSlot(id, Fault::Terminated, turn);
                    SendIpsecDeletes(peer, going, turn);
                    break;
                }
            }
            if (slots.count(self) == 0)
            {
                return;
            }
        }
        return;
    }
    if (!slot.Established())
    {
        return;
    }
    if (slot.access.stage == AccessStage::Xauth)
    {
        turn.effects.list.push_back(Dropped{Fault::XauthRequired, slot.remote, peer, 0});
        return;
    }
    for (const Octets& spi : del.spis)
    {
        RemovePairSentOn(peer, del.protocol, OctetReader(spi).U32(), Fault::Terminated, turn);
    }
}

void
EngineState::RemovePairSentOn(PeerId peer,
                              ProtocolId protocol,
                              uint32_t spi,
                              Fault reason,
                              Turn& turn)
{
    // The SPIs of a Delete are those on which its sender received: ours to send on.
    for (uint32_t child = 0; child < peers[peer].children.size(); child++)
    {
        for (const InstalledPair& pair : peers[peer].children[child].pairs)
        {
            for (const SaKey& key : pair.outbound)
            {
                if (key.protocol == protocol && key.spi == spi)
                {
                    RemovePair({peer, child}, SaKey(key), reason, turn);
                    return;
                }
            }
        }
    }
}

std::vector<SaKey>
EngineState::GoingWith(const IkeSaSlot& slot) const
{
    std::vector<SaKey> inbound;
    if (!GoesWithIkeSa(slot))
    {
        return inbound;
    }
    for (const ChildState& child : peers.at(slot.peer).children)
    {
        for (const InstalledPair& pair : child.pairs)
        {
            if (pair.ikeSa == slot.id && !pair.isWithdrawn && !pair.outbound.empty())
            {
                inbound.insert(inbound.end(), pair.inbound.begin(), pair.inbound.end());
            }
        }
    }
    return inbound;
}

void
EngineState::SendDeleteOf(IkeSaSlot& slot, Turn& turn)
{
    // Half pairs go with it; their initiators may use them already.
    std::vector<SaKey> inbound;
    for (const auto& [messageId, quick] : slot.quickModes)
    {
        if (const auto* answered = std::get_if<ExpectQm3>(&quick.state))
        {
            for (const IpsecSa& sa : answered->sas.inbound)
            {
                inbound.push_back(sa.Key());
            }
        }
    }
    const std::vector<SaKey> going = GoingWith(slot);
    inbound.insert(inbound.end(), going.begin(), going.end());
    SendProtected(
        slot, MakeDeletesOfAll(slot.initiatorCookie, slot.responderCookie, inbound), turn);
}

std::optional<Transmit>
EngineState::SendProtected(IkeSaSlot& slot, const RawPayload& payload, Turn& turn)
{
    return SendProtected(slot, std::vector<RawPayload>{payload}, turn);
}

std::optional<Transmit>
EngineState::SendProtected(IkeSaSlot& slot, const std::vector<RawPayload>& payloads, Turn& turn)
{
    const uint32_t messageId = DrawMessageId(slot, turn.random);
    slot.Established()->usedMessageIds.Insert(messageId);
    Result<OutgoingMessage> message = MakeProtectedInformational(
        slot.Established()->keys, messageId, payloads, turn.effects.work);
    if (!message)
    {
        return std::nullopt;
    }
    Transmit transmit = TransmitFrom(slot, std::move(*message), turn);
    turn.effects.list.push_back(transmit);
    return transmit;
}

} // namespace ipsec
} // namespace ns3
