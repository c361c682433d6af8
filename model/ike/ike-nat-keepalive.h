// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * When who is behind a NAT sends a keepalive (RFC 3948 section 4).
 */
#ifndef IKE_NAT_KEEPALIVE_H
#define IKE_NAT_KEEPALIVE_H

#include "ns3/ipsec-endpoint.h"
#include "ns3/ipsec-time.h"

#include <algorithm>
#include <optional>

namespace ns3
{
namespace ipsec
{

/// Tells when nothing was sent to one peer for so long that its NAT may forget the mapping.
class KeepaliveWatch
{
  public:
    /// A NAT is on our side of the way to the peer. Whatever ran before begins anew.
    void
    Begin(Instant now, Duration interval, const Endpoint& local, const Endpoint& remote)
    {
        m_interval = interval;
        m_local = local;
        m_remote = remote;
        m_spoke = now;
        m_dueAt = now + interval;
    }

    void
    End()
    {
        m_dueAt.reset();
    }

    /// Something was sent to the peer then, IKE or ESP.
    void
    Speak(Instant when)
    {
        m_spoke = std::max(m_spoke, when);
    }

    /// Tells whether a keepalive is due, and notes it as sent; else it is due later.
    bool
    HandleTimer(Instant now)
    {
        if (!m_dueAt || now < *m_dueAt)
        {
            return false;
        }
        const bool isDue = m_spoke + m_interval <= now;
        m_spoke = isDue ? now : m_spoke;
        m_dueAt = m_spoke + m_interval;
        return isDue;
    }

    /// Returns when HandleTimer() must be called next, if it runs.
    std::optional<Instant>
    Deadline() const
    {
        return m_dueAt;
    }

    const Endpoint&
    Local() const
    {
        return m_local;
    }

    const Endpoint&
    Remote() const
    {
        return m_remote;
    }

  private:
    Duration m_interval{};
    Endpoint m_local;
    Endpoint m_remote;
    Instant m_spoke{};
    std::optional<Instant> m_dueAt;
};

} // namespace ipsec
} // namespace ns3

#endif // IKE_NAT_KEEPALIVE_H
