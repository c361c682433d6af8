// SPDX-License-Identifier: GPL-2.0-only
#include "ike-dpd.h"

#include "ike-phase1-common.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Tells whether a number follows another one; numbers that pass the end begin anew.
bool
IsAfter(uint32_t sequence, uint32_t other)
{
    return static_cast<int32_t>(sequence - other) > 0;
}

} // namespace

bool
AnnouncesDpd(const PeerConfig& config)
{
    return config.personality->announceDpd || config.dpd.mode != DpdMode::Off;
}

DpdOrder
DpdOrderOf(const PeerConfig& config)
{
    return config.personality->dpdNotifyFirst ? DpdOrder::NotifyFirst : DpdOrder::HashFirst;
}

// Numbers

void
DpdLink::AddOwn(uint32_t messageId)
{
    ownMessageIds.push_back(messageId);
    if (ownMessageIds.size() > MAX_DPD_MESSAGES)
    {
        ownMessageIds.erase(ownMessageIds.begin());
    }
}

bool
DpdLink::IsOwn(uint32_t messageId) const
{
    return std::find(ownMessageIds.begin(), ownMessageIds.end(), messageId) != ownMessageIds.end();
}

bool
DpdLink::IsOwnNumber(uint32_t sequence) const
{
    return first && !IsAfter(*first, sequence) && !IsAfter(sequence, *sent);
}

uint32_t
DpdLink::NextSequence(const Personality& personality, RandomSource& random)
{
    if (!sent)
    {
        sent = random.DrawU32() & personality.dpdFirstSequenceMask;
        first = sent;
    }
    else if (!awaited || !personality.dpdRepeatsSequence)
    {
        ++*sent;
    }
    awaited = awaited.value_or(*sent);
    return *sent;
}

bool
DpdLink::TakeAnswer(uint32_t sequence)
{
    if (!awaited || IsAfter(*awaited, sequence) || IsAfter(sequence, *sent))
    {
        return false;
    }
    awaited = sequence == *sent ? std::nullopt : std::make_optional(sequence + 1);
    return true;
}

bool
DpdLink::TakeProbe(uint32_t sequence)
{
    if (heard && !IsAfter(sequence, *heard))
    {
        return false;
    }
    heard = sequence;
    unexpectedAnswers = 0;
    return true;
}

bool
DpdLink::TakeUnexpectedProbe(const Personality& personality)
{
    const uint32_t most = personality.dpdUnexpectedAnswers;
    if (!personality.dpdAnswersAnySequence || (most > 0 && unexpectedAnswers >= most))
    {
        return false;
    }
    unexpectedAnswers++;
    return true;
}

// Time

void
DpdWatch::Begin(Instant now, const DpdConfig& config)
{
    m_heard = now;
    m_spoke = now;
    m_asked = now;
    m_unanswered = 0;
    m_dueAt = now + config.delay;
}

void
DpdWatch::End()
{
    m_dueAt.reset();
}

void
DpdWatch::Hear(Instant when, const DpdConfig& config)
{
    if (!m_dueAt)
    {
        return;
    }
    m_heard = when;
    m_unanswered = 0;
    m_dueAt = (config.mode == DpdMode::Always ? m_asked : m_heard) + config.delay;
}

void
DpdWatch::HearTraffic(Instant lastUsed, const DpdConfig& config)
{
    if (lastUsed > m_heard)
    {
        Hear(lastUsed, config);
    }
}

void
DpdWatch::SpeakTraffic(Instant lastUsed)
{
    m_spoke = std::max(m_spoke, lastUsed);
}

DpdWatch::Due
DpdWatch::HandleTimer(Instant now, const DpdConfig& config)
{
    if (!m_dueAt || now < *m_dueAt)
    {
        return Due::Nothing;
    }
    if (m_unanswered >= config.tries)
    {
        m_dueAt.reset();
        return Due::Dead;
    }
    if (m_unanswered == 0 && config.mode == DpdMode::OnDemand && m_spoke <= m_heard)
    {
        m_dueAt = now + config.delay;
        return Due::Nothing;
    }
    m_unanswered++;
    m_asked = now;
    m_dueAt = now + config.retry;
    return Due::Probe;
}

std::optional<Instant>
DpdWatch::Deadline() const
{
    return m_dueAt;
}

// Messages

bool
IsDpdNotify(uint16_t type)
{
    return type == static_cast<uint16_t>(NotifyType::RUThere) ||
           type == static_cast<uint16_t>(NotifyType::RUThereAck);
}

std::optional<NotifyPayload>
FindDpd(const PayloadChain& chain)
{
    const RawPayload* payload = chain.Find(PayloadType::Notify);
    const size_t others = chain.Count(PayloadType::Notify) + chain.Count(PayloadType::Delete);
    if (!payload || others != 1)
    {
        return std::nullopt;
    }
    const Result<NotifyPayload> notify = ParseNotifyPayload(payload->body);
    return notify && IsDpdNotify(notify->type) ? std::make_optional(*notify) : std::nullopt;
}

Result<uint32_t>
ReadDpdSequence(const NotifyPayload& notify, const Cookie& initiator, const Cookie& responder)
{
    if (notify.protocol != ProtocolId::Isakmp || notify.spi != Concat({initiator, responder}))
    {
        return Fault::DpdRefused;
    }
    if (notify.data.size() != 4)
    {
        return Fault::MalformedPayload;
    }
    return OctetReader(notify.data).U32();
}

Result<OutgoingMessage>
MakeDpdMessage(const IkeKeys& keys,
               uint32_t messageId,
               NotifyType type,
               uint32_t sequence,
               DpdOrder order,
               Work& work)
{
    const RawPayload notify =
        MakeIsakmpNotify(type, keys.initiatorCookie, keys.responderCookie, NetworkOrder(sequence));
    return order == DpdOrder::HashFirst
               ? MakeProtectedInformational(keys, messageId, {notify}, work)
               : MakeNotifyFirst(keys, messageId, notify, work);
}

} // namespace ipsec
} // namespace ns3
