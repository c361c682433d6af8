// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The security association database.
 */
#ifndef IPSEC_SAD_H
#define IPSEC_SAD_H

#include "ipsec-replay-window.h"

#include "ns3/ipsec-sa.h"
#include "ns3/ipsec-shared.h"

#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// An SA in use: what was negotiated, and its counters.
struct SaEntry
{
    IpsecSa sa;
    /// The name under which it was added; it stays when the peer moves to another address.
    SaKey key;
    /// The other SA of a bundle while both are there; kept by the database.
    SaEntry* partner = nullptr;
    /// Sequence number of the last packet sent.
    uint64_t sequence = 0;
    ReplayWindow replay{0};
    /// Packets and inner octets carried.
    uint64_t packets = 0;
    uint64_t octets = 0;
    /// Packets refused on this SA, for displays.
    uint64_t replayed = 0;
    uint64_t failed = 0;
    std::optional<Instant> lastUsed;
    /// Whether the soft limit was already reported.
    bool softReported = false;
};

/// Tells whether an SA stands for its traffic: alone, or as ESP of a bundle, whose AH only follows.
bool LeadsItsTraffic(const IpsecSa& sa);

/// Holds the SAs of a node: inbound ones by SPI, outbound ones by child, the newest last. A copy is
/// independent of its original.
class Sad
{
  public:
    Sad();
    Sad(const Sad& other);
    Sad(Sad&& other) = default;
    Sad& operator=(Sad other);
    ~Sad() = default;

    /// Adds an SA, installed at @p now, as the newest of its child and direction; replaces the one
    /// of the same name.
    SaEntry& Add(const IpsecSa& sa, Instant now);
    /// Takes an SA out; false if it was not there.
    bool Remove(const SaKey& key);

    /// Find an SA by its name, or null.
    SaEntry* Find(const SaKey& key);
    const SaEntry* Find(const SaKey& key) const;
    /// Finds the inbound SA of an SPI in O(1), or null.
    SaEntry* FindInbound(ProtocolId protocol, uint32_t spi);
    /// Find the newest outbound SA of a child that leads its traffic and is not half a bundle, or
    /// null; the time does not depend on the number of children.
    SaEntry* FindOutbound(ChildId child);
    const SaEntry* FindOutbound(ChildId child) const;
    /// Tells whether no SA of the same child and direction that leads its traffic was added after
    /// this one.
    bool IsNewest(const SaEntry& entry) const;
    /// Returns the names of all SAs of a child, inbound ones first, each direction from old to new.
    std::vector<SaKey> OfChild(ChildId child) const;

    /// All SAs in the order of their names (never of hashes).
    const std::map<SaKey, SaEntry>&
    Entries() const
    {
        return m_entries;
    }

    /// Returns the earliest soft (not yet reported) or hard end, if any.
    std::optional<Instant> NextDeadline() const;
    /// Returns the names of SAs with a deadline at or before @p now, earliest first.
    std::vector<SaKey> Due(Instant now) const;
    /// Notes that the soft end of an SA was reported, so that its hard end is next.
    void MarkSoftReported(SaEntry& entry);

  private:
    /// Where SAs follow each other: a child and a direction.
    struct Lane
    {
        ChildId child;
        SaDirection direction = SaDirection::Inbound;

        bool
        operator==(const Lane& other) const
        {
            return child == other.child && direction == other.direction;
        }
    };

    struct LaneHash
    {
        size_t operator()(const Lane& lane) const;
    };

    /// Puts an entry at the end of its lane and, if it is inbound, under its SPI; joins a bundle.
    void Index(SaEntry& entry);
    /// Joins an entry with the other one of its bundle, if that is there.
    void Pair(SaEntry& entry);
    /// Returns the next deadline of one SA.
    static std::optional<Instant> DeadlineOf(const SaEntry& entry);
    void Schedule(const SaEntry& entry);
    void Unschedule(const SaEntry& entry);

    std::map<SaKey, SaEntry> m_entries;
    // Both point into m_entries, whose nodes stay where they are, and are only ever looked up.
    std::unordered_map<uint64_t, SaEntry*> m_inbound;
    std::unordered_map<Lane, std::vector<SaEntry*>, LaneHash> m_lanes;
    std::set<std::pair<Instant, SaKey>> m_deadlines;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SAD_H
