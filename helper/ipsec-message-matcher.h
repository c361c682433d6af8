// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Pairs IKE messages that were sent with those that arrived.
 */
#ifndef IPSEC_MESSAGE_MATCHER_H
#define IPSEC_MESSAGE_MATCHER_H

#include "ipsec-run-record.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// What stays the same of a message between its two ends (a NAT may change the endpoints).
struct MessageContent
{
    explicit MessageContent(const MessageSummary& summary);

    bool operator==(const MessageContent& other) const;

    Cookie initiatorCookie;
    Cookie responderCookie;
    size_t octets;
    uint8_t fragment;
    /// Of fragments only their sender knows these.
    /// @{
    uint32_t messageId = 0;
    ExchangeType exchange = ExchangeType::MainMode;
    bool encrypted = false;
    /// @}
};

/// A message and who sent it.
struct SentContent
{
    bool operator==(const SentContent& other) const;

    std::string from;
    MessageContent content;
};

/// Hashes of both, for tables that nobody lists.
struct MessageContentHash
{
    size_t operator()(const MessageContent& content) const;
    size_t operator()(const SentContent& sent) const;
};

/// Pairs what was sent with what arrived while a run goes on.
class MessageMatcher
{
  public:
    /// A node sent a message, which arrives by MessageRecord::latestArrival if at all.
    void Sent(Instant now, const MessageRecord& message);
    /// A node's own link lost a message that it sends now (Sent() follows) or, if the link is slow,
    /// sent earlier.
    void Dropped(Instant now, const MessageContent& content, const std::string& from);
    /// Somebody else on the way lost a message.
    void Lost(Instant now, const MessageContent& content, const std::string& from);
    /**
     * A message came to a node's port. Copies of one message are equal, and links keep the order of
     * what they do not lose. So this is taken for the oldest copy that can arrive now: sent at
     * least @p leastTransit ago, and not later than its latestArrival. If no copy can, as after an
     * event that nobody foresaw, the newest is taken that was sent long enough ago.
     */
    void Received(Instant now, const MessageRecord& message, Duration leastTransit);
    /// The same for a message that came to a node where nobody listens.
    void Unheard(Instant now, const MessageRecord& message, Duration leastTransit);
    /// The processor of @p message's receiver got to a message that came at @p arrivedAt with
    /// MessageRecord::isWaiting, or has no room for the one that came now.
    /// @{
    void Handled(Instant now, Instant arrivedAt, const MessageRecord& message);
    void Refused(Instant now, const MessageRecord& message);
    /// @}

    /// @name The same for messages that are counted only
    /// @{
    void CountSent(Instant now,
                   const MessageSummary& message,
                   const std::string& from,
                   Instant latestArrival);
    void CountReceived(Instant now, const MessageSummary& message, const std::string& from);
    void CountUnheard(Instant now, const MessageContent& content, const std::string& from);
    void CountRefused();
    /// @}

    /// Gives the messages away, in the order of their times; to be called once, at the end.
    std::vector<MessageRecord> Take(Instant end);
    /// Returns the numbers of the others; after Take().
    MessageCounts Counts(Instant end) const;

  private:
    /// A message that its sender's link lost, until it is known whether it was sent now.
    struct Drop
    {
        Instant at{};
        SentContent sent;
    };

    /// A copy that is on its way, or got lost without a word.
    struct Copy
    {
        Instant latestArrival{};
        /// It was lost behind its sender's link, which may have made two of it.
        bool isLostOnTheWay = false;
    };

    /// Oldest first.
    using Copies = std::vector<Copy>;

    /// Tells whether a link lost what @p from sends now, and forgets that.
    bool TakeDrop(Instant now, const MessageContent& content, const std::string& from);
    /// Writes that a message came to a node, and returns its record.
    MessageRecord& Arrive(Instant now, const MessageRecord& message, Duration leastTransit);
    /// Takes a copy that came from those that are counted; false if there is none.
    bool TakeCounted(Instant now, const SentContent& sent);
    /// Takes what links lost before @p now for copies that were sent earlier.
    void SettleDrops(Instant now);
    /// The sender's link lost the oldest copy that can still be on its way, if there is one.
    void MarkDropped(Instant at, const SentContent& sent);
    /// The same, behind that link: a twin of it may still arrive.
    void MarkLost(Instant at, const SentContent& sent);
    /// Returns the oldest copy that can still be on its way at an instant, or null.
    MessageRecord* FindUnderway(Instant at, const SentContent& sent);
    Copy* FindCountedUnderway(Instant at, const SentContent& sent);
    /// Returns which of several copies came, or the end if none can.
    static Copies::iterator FindArrivedOf(Copies& copies, Instant now);
    /// Returns the copy that arrived, or null.
    MessageRecord* FindArrived(Instant now, const MessageRecord& message, Duration leastTransit);
    /// Returns the copy that came at an instant and waits, or null.
    MessageRecord* FindWaiting(Instant arrivedAt, const MessageRecord& message);

    std::vector<MessageRecord> m_messages;
    /// Messages of one content, oldest first.
    std::unordered_map<MessageContent, std::vector<size_t>, MessageContentHash> m_underway;
    MessageCounts m_counts;
    std::unordered_map<SentContent, Copies, MessageContentHash> m_countedUnderway;
    /// Of this instant only, unless nothing was told since.
    std::vector<Drop> m_drops;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_MESSAGE_MATCHER_H
