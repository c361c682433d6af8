// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-message-matcher.h"

#include <algorithm>
#include <functional>
#include <tuple>

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

/// Mixes a number into a hash, so that numbers that follow each other end far apart.
uint64_t
Mixed(uint64_t hash, uint64_t number)
{
    constexpr uint64_t ODD = 0x9e3779b97f4a7c15;
    constexpr unsigned HALF = 32;
    const uint64_t product = (hash ^ number) * ODD;
    return product ^ (product >> HALF);
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
    uint64_t hash = 0;
    for (const Cookie& cookie : {content.initiatorCookie, content.responderCookie})
    {
        for (const uint8_t octet : cookie)
        {
            hash = (hash << 8) + (hash >> 56) + octet;
        }
    }
    return Mixed(Mixed(hash, content.messageId), content.octets);
}

size_t
MessageContentHash::operator()(const SentContent& sent) const
{
    return Mixed((*this)(sent.content), std::hash<std::string>()(sent.from));
}

void
MessageMatcher::Sent(Instant now, const MessageRecord& message)
{
    MessageRecord record = message;
    record.sentAt = now;
    m_underway[MessageContent(record.summary)].push_back(m_messages.size());
    m_messages.push_back(std::move(record));
}

void
MessageMatcher::Received(Instant now, const MessageRecord& message, Duration leastTransit)
{
    const auto found = m_underway.find(MessageContent(message.summary));
    if (found != m_underway.end())
    {
        const std::vector<size_t>& copies = found->second;
        const auto newest = std::find_if(copies.rbegin(),
                                         copies.rend(),
                                         [&](size_t index)
                                         {
                                             const MessageRecord& copy = m_messages[index];
                                             return copy.to == message.to &&
                                                    copy.from == message.from && !copy.receivedAt &&
                                                    *copy.sentAt + leastTransit <= now;
                                         });
        if (newest != copies.rend())
        {
            m_messages[*newest].receivedAt = now;
            m_messages[*newest].seenFrom = message.seenFrom;
            return;
        }
    }
    MessageRecord record = message;
    record.receivedAt = now;
    record.isNetworkCopy = !record.fromOutside;
    m_messages.push_back(std::move(record));
}

void
MessageMatcher::CountSent(const MessageSummary& message, const std::string& from)
{
    if (message.EndsMessage() && message.repeated)
    {
        m_counts.repeated++;
    }
    else if (message.EndsMessage())
    {
        m_counts.fresh[message.exchange]++;
    }
    m_countedUnderway[{from, MessageContent(message)}]++;
}

void
MessageMatcher::CountReceived(const MessageSummary& message, const std::string& from)
{
    const auto found = m_countedUnderway.find({from, MessageContent(message)});
    if (found != m_countedUnderway.end() && --found->second == 0)
    {
        m_countedUnderway.erase(found);
    }
}

MessageCounts
MessageMatcher::Counts() const
{
    MessageCounts counts = m_counts;
    for (const auto& [content, copies] : m_countedUnderway)
    {
        counts.lost += copies;
    }
    return counts;
}

std::vector<MessageRecord>
MessageMatcher::Take()
{
    m_underway.clear();
    std::stable_sort(m_messages.begin(),
                     m_messages.end(),
                     [](const MessageRecord& a, const MessageRecord& b)
                     { return a.At() < b.At(); });
    return std::move(m_messages);
}

} // namespace ipsec
} // namespace ns3
