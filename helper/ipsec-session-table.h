// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The sessions of a gateway: who speaks to whom, as firewalls list it.
 */
#ifndef IPSEC_SESSION_TABLE_H
#define IPSEC_SESSION_TABLE_H

#include "ns3/ipsec-flow-key.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// One session, in the direction of its first packet.
struct Session
{
    /// Ports of ICMP are the identifier and 256 times the type, as firewalls write them.
    FlowKey flow;
    uint64_t packets = 0;
    /// Packets in the other direction.
    uint64_t answers = 0;

    /// Writes "icmp VPN: public --> public 10.1.0.2:1 --> 10.2.0.2:2048".
    std::string ToString() const;
};

/// Most sessions that are kept; later ones are only counted.
constexpr size_t MAX_SESSIONS = 1000;

/// Collects sessions from packets.
class SessionTable
{
  public:
    /// Notes a whole IPv4 packet; what is none and later fragments are left alone.
    void See(OctetView packet);

    /// The sessions in the order of their first packets.
    const std::vector<Session>&
    Sessions() const
    {
        return m_sessions;
    }

    /// Returns how many packets found no room.
    uint64_t
    Overflow() const
    {
        return m_overflow;
    }

  private:
    /// A protocol and both ends, the lesser one first: both directions of a session are alike.
    using Ends = std::tuple<uint8_t, Endpoint, Endpoint>;

    struct EndsHash
    {
        size_t operator()(const Ends& ends) const;
    };

    static Ends EndsOf(const FlowKey& flow);

    std::vector<Session> m_sessions;
    std::unordered_map<Ends, size_t, EndsHash> m_places;
    uint64_t m_overflow = 0;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SESSION_TABLE_H
