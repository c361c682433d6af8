// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-message-matcher.h"

#include <algorithm>
#include <boost/functional/hash.hpp>
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
    boost::hash_combine(hash, OctetReader(content.responderCookie).U64());
    boost::hash_combine(hash, content.messageId);
    boost::hash_combine(hash, content.octets);
    return hash;
}

size_t
MessageContentHash::operator()(const SentContent& sent) const
{
    size_t hash = (*this)(sent.content);
    boost::hash_combine(hash, sent.from);
    return hash;
}

void
MessageMatcher::Sent(Instant now, const MessageRecord& message)
{
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
    m_drops.push_back({now, {from, content}});
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
    for (const size_t index : found->second)
    {
        MessageRecord& copy = m_messages[index];
        const bool mayBe = copy.to == message.to && copy.from == message.from && !copy.receivedAt &&
                           !copy.isDropped && *copy.sentAt + leastTransit <= now;
        if (mayBe && now <= copy.latestArrival)
        {
            return &copy;
        }
        newest = mayBe ? &copy : newest;
    }
    return newest;
}

void
MessageMatcher::Received(Instant now, const MessageRecord& message, Duration leastTransit)
{
    if (MessageRecord* copy = FindArrived(now, message, leastTransit))
    {
        copy->receivedAt = now;
        copy->seenFrom = message.seenFrom;
        copy->isWaiting = message.isWaiting;
        return;
    }
    MessageRecord record = message;
    record.receivedAt = now;
    record.isNetworkCopy = !record.fromOutside;
    if (record.isWaiting)
    {
        m_underway[MessageContent(record.summary)].push_back(m_messages.size());
    }
    m_messages.push_back(std::move(record));
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
    const MessageContent content(message);
    if (TakeDrop(now, content, from))
    {
        m_counts.lost++;
        return;
    }
    Underway& underway = m_countedUnderway[{from, content}];
    underway.copies++;
    underway.latestArrival = latestArrival;
}

void
MessageMatcher::CountReceived(const MessageSummary& message, const std::string& from)
{
    const auto found = m_countedUnderway.find({from, MessageContent(message)});
    if (found != m_countedUnderway.end() && --found->second.copies == 0)
    {
        m_countedUnderway.erase(found);
    }
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
    for (const auto& [content, underway] : m_countedUnderway)
    {
        // Repetitions are further apart than the ends of a way: all but the newest had their time.
        const uint64_t late = underway.latestArrival >= end ? 1 : 0;
        counts.underway += late;
        counts.lost += underway.copies - late;
    }
    return counts;
}

void
MessageMatcher::AssignDrops()
{
    for (const Drop& drop : std::exchange(m_drops, {}))
    {
        const auto found = m_underway.find(drop.sent.content);
        if (found == m_underway.end())
        {
            continue;
        }
        const auto lost = std::find_if(found->second.begin(),
                                       found->second.end(),
                                       [&](size_t index)
                                       {
                                           const MessageRecord& copy = m_messages[index];
                                           return copy.from == drop.sent.from && copy.sentAt &&
                                                  *copy.sentAt <= drop.at && !copy.receivedAt &&
                                                  !copy.isDropped;
                                       });
        if (lost != found->second.end())
        {
            m_messages[*lost].isDropped = true;
        }
    }
}

std::vector<MessageRecord>
MessageMatcher::Take(Instant end)
{
    AssignDrops();
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
