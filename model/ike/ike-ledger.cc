// SPDX-License-Identifier: GPL-2.0-only
#include "ike-ledger.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Returns a wait with its random part; without any, nothing is drawn.
Duration
DrawWait(const RetransmissionSchedule& schedule, uint32_t sent, RandomSource& random)
{
    const Duration wait = schedule.WaitAfter(sent);
    if (schedule.jitter <= 0.0)
    {
        return wait;
    }
    const double part = 1.0 - schedule.jitter * random.DrawUnit();
    return Duration(static_cast<Duration::rep>(static_cast<double>(wait.count()) * part));
}

} // namespace

void
Ledger::SendAndAwait(Instant now,
                     const Transmit& message,
                     const RetransmissionSchedule& schedule,
                     RandomSource& random)
{
    Send(message, Rule::Await);
    m_deadline = now + DrawWait(schedule, m_copies, random);
}

void
Ledger::SendAsAnswer(const Transmit& message)
{
    Send(message, Rule::Answer);
}

void
Ledger::SendAndRepeat(Instant now,
                      const Transmit& message,
                      const RetransmissionSchedule& schedule,
                      RandomSource& random)
{
    Send(message, Rule::AnswerAndRepeat);
    if (schedule.tries > 0)
    {
        m_deadline = now + DrawWait(schedule, m_copies, random);
    }
}

void
Ledger::Send(const Transmit& message, Rule rule)
{
    m_sent.Make() = message;
    m_copies = 1;
    m_answered = 0;
    m_rule = rule;
    m_deadline.reset();
}

void
Ledger::Receive(OctetView datagram, uint32_t remembered)
{
    m_received.insert(m_received.begin(), datagram.Copy());
    m_received.resize(std::min<size_t>(m_received.size(), remembered));
    m_deadline.reset();
    if (m_rule == Rule::Await)
    {
        // Nothing but the timer repeats it.
        m_sent.Reset();
    }
}

bool
Ledger::IsDuplicate(OctetView datagram) const
{
    return !m_received.empty() && datagram == m_received.front();
}

bool
Ledger::Knows(OctetView datagram) const
{
    return std::any_of(m_received.begin(),
                       m_received.end(),
                       [&](const Octets& received) { return datagram == received; });
}

std::optional<Transmit>
Ledger::TakeAnswer(OctetView datagram, uint32_t most)
{
    const bool answers = m_sent.Find() != nullptr && m_rule != Rule::Await;
    if (!answers || !IsDuplicate(datagram) || (most != 0 && m_answered >= most))
    {
        return std::nullopt;
    }
    m_answered++;
    return Repetition();
}

Ledger::Due
Ledger::HandleTimer(Instant now, const RetransmissionSchedule& schedule, RandomSource& random)
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
    if (m_rule == Rule::AnswerAndRepeat && m_copies > schedule.tries)
    {
        m_deadline.reset();
        return Due::Repeat;
    }
    m_deadline = *m_deadline + DrawWait(schedule, m_copies, random);
    return Due::Repeat;
}

Transmit
Ledger::Repetition() const
{
    Transmit again = *m_sent.Find();
    again.summary.repeated = true;
    return again;
}

void
Ledger::Redirect(const Endpoint& remote)
{
    if (Transmit* sent = m_sent.Find())
    {
        sent->remote = remote;
    }
}

void
Ledger::Clear()
{
    *this = Ledger();
}

} // namespace ipsec
} // namespace ns3
