// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-message-matcher.h"

#include "ns3/ipsec-hash.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <tuple>
#include <utility>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Returns all of a content, to be compared.
auto
Tied(const MessageContent& content)
{
    return std::tie(content.initiatorCookie,
                    content.responderCookie,
                    content.octets,
                    content.fragment,
                    content.messageId,
                    content.exchange,
                    content.encrypted);
}

} // namespace

MessageContent::MessageContent(const MessageSummary& summary)
    : initiatorCookie(summary.initiatorCookie)
    , responderCookie(summary.responderCookie)
    , octets(summary.octets)
    , fragment(summary.fragment)
{
    if (fragment == 0)
    {
        messageId = summary.messageId;
        exchange = summary.exchange;
        encrypted = summary.encrypted;
    }
}

bool
MessageContent::operator==(const MessageContent& other) const
{
    return Tied(*this) == Tied(other);
}

bool
SentContent::operator==(const SentContent& other) const
{
    return content == other.content && from == other.from;
}

size_t
MessageContentHash::operator()(const MessageContent& content) const
{
    // Who answers chose the second cookie, which is zero in the first message.
    size_t hash = OctetReader(content.initiatorCookie).U64();
    hash = MixHash(hash, OctetReader(content.responderCookie).U64());
    hash = MixHash(hash, content.messageId);
    hash = MixHash(hash, content.octets);
    return hash;
}

size_t
MessageContentHash::operator()(const SentContent& sent) const
{
    size_t hash = (*this)(sent.content);
    hash = MixHash(hash, std::hash<std::string>()(sent.from));
    return hash;
}

void
MessageMatcher::Sent(Instant now, const MessageRecord& message)
{
    SettleDrops(now);
    MessageRecord record = message;
    record.sentAt = now;
    const MessageContent content(record.summary);
    record.isDropped = TakeDrop(now, content, record.from);
    m_underway[content].push_back(m_messages.size());
    m_messages.push_back(std::move(record));
}

void
MessageMatcher::Dropped(Instant now, const MessageContent& content, const std::string& from)
{
    SettleDrops(now);
    m_drops.push_back({now, {from, content}});
}

void
MessageMatcher::Lost(Instant now, const MessageContent& content, const std::string& from)
{
    SettleDrops(now);
    MarkLost(now, {from, content});
}

bool
MessageMatcher::TakeDrop(Instant now, const MessageContent& content, const std::string& from)
{
    const SentContent sent{from, content};
    for (auto drop = m_drops.rbegin(); drop != m_drops.rend() && drop->at == now; ++drop)
    {
        if (drop->sent == sent)
        {
            m_drops.erase(std::next(drop).base());
            return true;
        }
    }
    return false;
}

MessageRecord*
MessageMatcher::FindArrived(Instant now, const MessageRecord& message, Duration leastTransit)
{
    const auto found = m_underway.find(MessageContent(message.summary));
    if (found == m_underway.end())
    {
        return nullptr;
    }
    MessageRecord* newest = nullptr;
    MessageRecord* doubled = nullptr;
    for (const size_t index : found->second)
    {
        MessageRecord& copy = m_messages[index];
        if (copy.to != message.to || copy.from != message.from || copy.receivedAt ||
            now < *copy.sentAt + leastTransit)
        {
            continue;
        }
        const bool isInTime = now <= copy.latestArrival;
        if (isInTime && !copy.isDropped)
        {
            return &copy;
        }
        newest = copy.isDropped ? newest : &copy;
        doubled = isInTime && copy.isLostOnTheWay && !doubled ? &copy : doubled;
    }
    // A link made two of one, and only one of them was lost.
    return newest || !doubled ? newest : doubled;
}

void
MessageMatcher::Received(Instant now, const MessageRecord& message, Duration leastTransit)
{
    Arrive(now, message, leastTransit);
}

void
MessageMatcher::Unheard(Instant now, const MessageRecord& message, Duration leastTransit)
{
    Arrive(now, message, leastTransit).isUnheard = true;
}

MessageRecord&
MessageMatcher::Arrive(Instant now, const MessageRecord& message, Duration leastTransit)
{
    SettleDrops(now);
    if (MessageRecord* copy = FindArrived(now, message, leastTransit))
    {
        copy->receivedAt = now;
        copy->seenFrom = message.seenFrom;
        copy->isWaiting = message.isWaiting;
        copy->isDropped = false;
        copy->isLostOnTheWay = false;
        return *copy;
    }
    MessageRecord record = message;
    record.receivedAt = now;
    record.isNetworkCopy = !record.fromOutside;
    if (record.isWaiting)
    {
        m_underway[MessageContent(record.summary)].push_back(m_messages.size());
    }
    return m_messages.emplace_back(std::move(record));
}

MessageRecord*
MessageMatcher::FindWaiting(Instant arrivedAt, const MessageRecord& message)
{
    const auto found = m_underway.find(MessageContent(message.summary));
    if (found == m_underway.end())
    {
        return nullptr;
    }
    for (const size_t index : found->second)
    {
        MessageRecord& copy = m_messages[index];
        if (copy.isWaiting && copy.receivedAt == arrivedAt && copy.to == message.to &&
            copy.from == message.from)
        {
            return &copy;
        }
    }
    return nullptr;
}

void
MessageMatcher::Handled(Instant now, Instant arrivedAt, const MessageRecord& message)
{
    if (MessageRecord* copy = FindWaiting(arrivedAt, message))
    {
        copy->isWaiting = false;
        copy->handledAt = now;
        // Of what nobody here sent, only who received it knows what was in it.
        copy->summary = copy->sentAt ? copy->summary : message.summary;
    }
}

void
MessageMatcher::Refused(Instant now, const MessageRecord& message)
{
    if (MessageRecord* copy = FindWaiting(now, message))
    {
        copy->isWaiting = false;
        copy->isRefused = true;
    }
}

void
MessageMatcher::CountSent(Instant now,
                          const MessageSummary& message,
                          const std::string& from,
                          Instant latestArrival)
{
    if (message.EndsMessage() && message.repeated)
    {
        m_counts.repeated++;
    }
    else if (message.EndsMessage())
    {
        m_counts.fresh[message.exchange]++;
    }
    SettleDrops(now);
    const MessageContent content(message);
    if (TakeDrop(now, content, from))
    {
        m_counts.lost++;
        return;
    }
    m_countedUnderway[{from, content}].push_back({latestArrival});
}

MessageMatcher::Copies::iterator
MessageMatcher::FindArrivedOf(Copies& copies, Instant now)
{
    const auto isInTime = [now](const Copy& copy) { return now <= copy.latestArrival; };
    const auto isOnItsWay = [](const Copy& copy) { return !copy.isLostOnTheWay; };
    const auto inTime =
        std::find_if(copies.begin(),
                     copies.end(),
                     [&](const Copy& copy) { return isOnItsWay(copy) && isInTime(copy); });
    if (inTime != copies.end())
    {
        return inTime;
    }
    const auto newest = std::find_if(copies.rbegin(), copies.rend(), isOnItsWay);
    // Without any: a link made two of one, and only one of them was lost.
    return newest != copies.rend() ? std::prev(newest.base())
                                   : std::find_if(copies.begin(), copies.end(), isInTime);
}

bool
MessageMatcher::TakeCounted(Instant now, const SentContent& sent)
{
    const auto found = m_countedUnderway.find(sent);
    if (found == m_countedUnderway.end())
    {
        return false;
    }
    const auto arrived = FindArrivedOf(found->second, now);
    if (arrived == found->second.end())
    {
        return false;
    }
    found->second.erase(arrived);
    if (found->second.empty())
    {
        m_countedUnderway.erase(found);
    }
    return true;
}

void
MessageMatcher::CountReceived(Instant now, const MessageSummary& message, const std::string& from)
{
    SettleDrops(now);
    TakeCounted(now, {from, MessageContent(message)});
}

void
MessageMatcher::CountUnheard(Instant now, const MessageContent& content, const std::string& from)
{
    SettleDrops(now);
    m_counts.unheard += TakeCounted(now, {from, content}) ? 1 : 0;
}

void
MessageMatcher::CountRefused()
{
    m_counts.refused++;
}

MessageCounts
MessageMatcher::Counts(Instant end) const
{
    MessageCounts counts = m_counts;
    for (const auto& [content, copies] : m_countedUnderway)
    {
        for (const Copy& copy : copies)
        {
            const bool isUnderway = !copy.isLostOnTheWay && copy.latestArrival >= end;
            (isUnderway ? counts.underway : counts.lost)++;
        }
    }
    return counts;
}

void
MessageMatcher::SettleDrops(Instant now)
{
    size_t settled = 0;
    for (; settled < m_drops.size() && m_drops[settled].at < now; settled++)
    {
        MarkDropped(m_drops[settled].at, m_drops[settled].sent);
    }
    m_drops.erase(m_drops.begin(), m_drops.begin() + static_cast<std::ptrdiff_t>(settled));
}

MessageRecord*
MessageMatcher::FindUnderway(Instant at, const SentContent& sent)
{
    const auto kept = m_underway.find(sent.content);
    if (kept == m_underway.end())
    {
        return nullptr;
    }
    for (const size_t index : kept->second)
    {
        MessageRecord& copy = m_messages[index];
        if (copy.from == sent.from && copy.sentAt && !copy.receivedAt && !copy.isDropped &&
            at <= copy.latestArrival)
        {
            return &copy;
        }
    }
    return nullptr;
}

MessageMatcher::Copy*
MessageMatcher::FindCountedUnderway(Instant at, const SentContent& sent)
{
    const auto counted = m_countedUnderway.find(sent);
    if (counted == m_countedUnderway.end())
    {
        return nullptr;
    }
    for (Copy& copy : counted->second)
    {
        if (!copy.isLostOnTheWay && at <= copy.latestArrival)
        {
            return &copy;
        }
    }
    return nullptr;
}

void
MessageMatcher::MarkDropped(Instant at, const SentContent& sent)
{
    if (MessageRecord* kept = FindUnderway(at, sent))
    {
        kept->isDropped = true;
    }
    else if (FindCountedUnderway(at, sent) && TakeCounted(at, sent))
    {
        m_counts.lost++;
    }
}

void
MessageMatcher::MarkLost(Instant at, const SentContent& sent)
{
    if (MessageRecord* kept = FindUnderway(at, sent))
    {
        kept->isDropped = true;
        kept->isLostOnTheWay = true;
    }
    else if (Copy* counted = FindCountedUnderway(at, sent))
    {
        counted->isLostOnTheWay = true;
    }
}

std::vector<MessageRecord>
MessageMatcher::Take(Instant end)
{
    SettleDrops(Instant::max());
    m_underway.clear();
    for (MessageRecord& message : m_messages)
    {
        message.isUnderway = !message.receivedAt && !message.toOutside && !message.isDropped &&
                             message.latestArrival >= end;
    }
    std::stable_sort(m_messages.begin(),
                     m_messages.end(),
                     [](const MessageRecord& a, const MessageRecord& b)
                     { return a.At() < b.At(); });
    return std::move(m_messages);
}

} // namespace ipsec
} // namespace ns3
