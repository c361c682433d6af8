// SPDX-License-Identifier: GPL-2.0-only
#include "ike-ledger.h"

namespace ns3
{
namespace ipsec
{

void
Ledger::SendAndAwait(Instant now, const Transmit& message, const RetransmissionSchedule& schedule)
{
    m_sent = message;
    m_copies = 1;
    m_answersDuplicates = false;
    m_deadline = now + schedule.WaitAfter(m_copies);
}

void
Ledger::SendAsAnswer(const Transmit& message)
{
    m_sent = message;
    m_copies = 1;
    m_answersDuplicates = true;
    m_deadline.reset();
}

void
Ledger::Receive(OctetView datagram)
{
    m_received = datagram.Copy();
    m_deadline.reset();
}

bool
Ledger::IsDuplicate(OctetView datagram) const
{
    return !m_received.empty() && datagram == m_received;
}

const Transmit*
Ledger::AnswerToDuplicate() const
{
    return m_answersDuplicates ? &*m_sent : nullptr;
}

Ledger::Due
Ledger::HandleTimer(Instant now, const RetransmissionSchedule& schedule)
{
    if (!m_deadline || now < *m_deadline)
    {
        return Due::Nothing;
    }
    if (m_copies > schedule.tries)
    {
        m_deadline.reset();
        return Due::GiveUp;
    }
    m_copies++;
    m_deadline = *m_deadline + schedule.WaitAfter(m_copies);
    return Due::Repeat;
}

Transmit
Ledger::Repetition() const
{
    Transmit again = *m_sent;
    again.summary.repeated = true;
    return again;
}

void
Ledger::Clear()
{
    *this = Ledger();
}

} // namespace ipsec
} // namespace ns3
