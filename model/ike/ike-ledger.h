// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Who repeats, and who answers duplicates.
 */
#ifndef IKE_LEDGER_H
#define IKE_LEDGER_H

#include "ike-effects.h"

#include "ns3/ike-personality.h"
#include "ns3/ipsec-random-source.h"
#include "ns3/ipsec-shared.h"

#include <optional>
#include <variant>
#include <vector>

namespace ns3
{
namespace ipsec
{

/**
 * Remembers the last messages received and the last one sent of one exchange.
 *
 * The side that sends an exchange's last message answers duplicates of what it answered before; the
 * other side has the timer and ignores duplicates. So an exchange is driven by one side only, and a
 * lost or doubled message never starts a storm. There are systems whose answers have a timer, too:
 * that adds a fixed number of copies, for nobody answers those.
 */
class Ledger
{
  public:
    /// Notes a message that waits for an answer: it is repeated by the timer, and the exchange is
    /// given up if none comes.
    void SendAndAwait(Instant now,
                      const Transmit& message,
                      const RetransmissionSchedule& schedule,
                      RandomSource& random);
    /// Notes a message that ends what this side has to say: it is repeated only for duplicates.
    void SendAsAnswer(const Transmit& message);
    /// Notes an answer that is repeated for duplicates and by the timer, which just ends.
    void SendAndRepeat(Instant now,
                       const Transmit& message,
                       const RetransmissionSchedule& schedule,
                       RandomSource& random);
    /// Notes the message to which the last one sent is (or will be) the answer, and forgets all but
    /// the @p remembered newest.
    void Receive(OctetView datagram, uint32_t remembered = 1);

    /// Tells whether a datagram is octet by octet the last one received.
    bool IsDuplicate(OctetView datagram) const;
    /// Tells whether a datagram is octet by octet one of those that are remembered.
    bool Knows(OctetView datagram) const;
    /// Returns the answer to a duplicate of the last message received. Nothing where only the timer
    /// repeats, or after @p most answers to the same message; 0 is no limit.
    std::optional<Transmit> TakeAnswer(OctetView datagram, uint32_t most);

    /// What the timer asks for.
    enum class Due : uint8_t
    {
        Nothing,
        Repeat, ///< send Repetition() again
        GiveUp, ///< nobody answered within all tries
    };

    /// Asks the timer; Repeat moves it on.
    Due HandleTimer(Instant now, const RetransmissionSchedule& schedule, RandomSource& random);
    /// Returns the message last sent, marked as repeated.
    Transmit Repetition() const;

    /// Returns when the timer is due, if it runs.
    std::optional<Instant>
    Deadline() const
    {
        return m_deadline;
    }

    /// The peer moved: what is sent again goes there.
    void Redirect(const Endpoint& remote);

    /// Forgets all messages; later duplicates are unknown messages.
    void Clear();

  private:
    /// When the message last sent is repeated.
    enum class Rule : uint8_t
    {
        Await,
        Answer,
        AnswerAndRepeat,
    };

    void Send(const Transmit& message, Rule rule);

    /// Newest first.
    std::vector<Octets> m_received;
    /// Nothing once nobody may ask for it again.
    Rare<Transmit> m_sent;
    uint32_t m_copies = 0;
    /// Copies of the last message received that were answered.
    uint32_t m_answered = 0;
    Rule m_rule = Rule::Await;
    std::optional<Instant> m_deadline;
};

} // namespace ipsec
} // namespace ns3

#endif // IKE_LEDGER_H
