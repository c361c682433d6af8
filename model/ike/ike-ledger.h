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

#include <optional>
#include <variant>

namespace ns3
{
namespace ipsec
{

/**
 * Remembers the last message received and the last one sent of one exchange.
 *
 * The side that sends an exchange's last message has no timer for it and answers duplicates of what
 * it answered before; the other side has the timer and ignores duplicates. So an exchange is driven
 * by one side only, and a lost or doubled message never starts a storm.
 */
class Ledger
{
  public:
    /// Notes a message that waits for an answer: it is repeated by the timer.
    void SendAndAwait(Instant now, const Transmit& message, const RetransmissionSchedule& schedule);
    /// Notes a message that ends what this side has to say: it is repeated only for duplicates.
    void SendAsAnswer(const Transmit& message);
    /// Notes the message to which the last one sent is (or will be) the answer.
    void Receive(OctetView datagram);

    /// Tells whether a datagram is octet by octet the last one received.
    bool IsDuplicate(OctetView datagram) const;
    /// Returns the answer to a duplicate, or null where the timer is ours.
    const Transmit* AnswerToDuplicate() const;

    /// What the timer asks for.
    enum class Due : uint8_t
    {
        Nothing,
        Repeat, ///< send Repetition() again
        GiveUp, ///< nobody answered within all tries
    };

    /// Asks the timer; Repeat moves it on.
    Due HandleTimer(Instant now, const RetransmissionSchedule& schedule);
    /// Returns the message last sent, marked as repeated.
    Transmit Repetition() const;

    /// Returns when the timer is due, if it runs.
    std::optional<Instant>
    Deadline() const
    {
        return m_deadline;
    }

    /// Forgets all messages; later duplicates are unknown messages.
    void Clear();

  private:
    Octets m_received;
    std::optional<Transmit> m_sent;
    uint32_t m_copies = 0;
    bool m_answersDuplicates = false;
    std::optional<Instant> m_deadline;
};

} // namespace ipsec
} // namespace ns3

#endif // IKE_LEDGER_H
