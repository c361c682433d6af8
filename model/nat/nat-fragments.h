// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Fragments through a NAT: only the first one has ports, and any of them may come first.
 */
#ifndef NAT_FRAGMENTS_H
#define NAT_FRAGMENTS_H

#include "nat-config.h"
#include "nat-mapping.h"

#include <map>
#include <optional>
#include <set>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// What was decided for the first fragment of a datagram, and goes for all of them.
struct NatDecision
{
    enum class Kind : uint8_t
    {
        Translate, ///< to these addresses and this identification
        Own,       ///< for the box itself, as it is
        Drop,      ///< for this reason
    };

    Kind kind = Kind::Drop;
    IpAddress source;
    IpAddress destination;
    uint16_t identification = 0;
    NatFault fault = NatFault::None;
};

/**
 * Remembers decisions, and holds fragments that came before the first one of theirs (RFC 4787
 * section 11). Both are bounded in number and time.
 */
class NatFragments
{
  public:
    explicit NatFragments(const NatConfig& config);

    /// Returns the decision for a later fragment, or nothing: it has to wait.
    std::optional<NatDecision> Find(const NatPacket& fragment);
    /// Returns what was decided for an earlier copy of a first fragment, or nothing.
    std::optional<NatDecision> Decision(const NatPacket& first) const;
    /// Takes a later fragment until its first one comes; a fault if there is no room.
    NatFault Hold(Instant now, NatPacket fragment);
    /// Notes the decision for a first fragment, and returns those that waited for it, in order.
    std::vector<NatPacket> Decide(Instant now, const NatPacket& first, const NatDecision& decision);
    /// Forgets what is too old; returns what waited in vain.
    std::vector<NatPacket> Expire(Instant now);
    std::optional<Instant> NextDeadline() const;
    /// Forgets everything; returns what waited.
    std::vector<NatPacket> Clear();

  private:
    /// What the fragments of a datagram have in common (RFC 791 section 3.2).
    struct Key
    {
        IpAddress source;
        IpAddress destination;
        uint8_t protocol = 0;
        uint16_t identification = 0;

        bool operator<(const Key& other) const;
    };

    struct Datagram
    {
        Instant ends;
        std::optional<NatDecision> decision;
        std::vector<NatPacket> held;
        /// What passed, from where to where, so that a copy counts once: ranges that do not touch.
        std::map<uint32_t, uint32_t> passed;
        /// Octets there are; 0 as long as that is not known.
        uint32_t total = 0;
    };

    static Key KeyOf(const NatPacket& fragment);
    /// Adds a range to those that passed.
    static void Cover(std::map<uint32_t, uint32_t>& passed, uint32_t begin, uint32_t end);
    /// Finds a datagram or makes room for a new one, if need be of one that was refused; null if
    /// there is none.
    Datagram* Obtain(Instant now, const Key& key);
    /// Counts a fragment, and forgets the datagram if it was the last one.
    void Pass(const Key& key, const NatPacket& fragment);
    void Forget(const Key& key);

    NatConfig m_config;
    std::map<Key, Datagram> m_datagrams;
    std::set<std::pair<Instant, Key>> m_timers;
    /// Those of m_timers whose datagrams were refused: they make room for others, oldest first.
    std::set<std::pair<Instant, Key>> m_refused;
    size_t m_held = 0;
};

} // namespace ipsec
} // namespace ns3

#endif // NAT_FRAGMENTS_H
