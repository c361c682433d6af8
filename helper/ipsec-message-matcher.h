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
    /// A node sent a message.
    void Sent(Instant now, const MessageRecord& message);
    /**
     * A node received a message. Copies of one message are equal, so this is taken for the newest
     * that may have arrived by now: sent at least @p leastTransit ago. (Waits between repetitions
     * are longer than queues.)
     */
    void Received(Instant now, const MessageRecord& message, Duration leastTransit);

    /// @name The same for messages that are counted only
    /// @{
    void CountSent(const MessageSummary& message, const std::string& from);
    void CountReceived(const MessageSummary& message, const std::string& from);
    /// @}

    /// Gives the messages away, in the order of their times.
    std::vector<MessageRecord> Take();
    /// Returns the numbers of the others.
    MessageCounts Counts() const;

  private:
    std::vector<MessageRecord> m_messages;
    /// Messages of one content that are on their way, oldest first.
    std::unordered_map<MessageContent, std::vector<size_t>, MessageContentHash> m_underway;
    MessageCounts m_counts;
    /// Copies that are on their way of messages that are counted only.
    std::unordered_map<SentContent, uint64_t, MessageContentHash> m_countedUnderway;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_MESSAGE_MATCHER_H
