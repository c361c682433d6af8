// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * ESP, and IKE that keeps port 500, through a NAT: without ports, told apart by other means.
 */
#ifndef NAT_PASS_THROUGH_H
#define NAT_PASS_THROUGH_H

#include "nat-config.h"
#include "nat-mapping.h"

#include <map>
#include <optional>
#include <set>

namespace ns3
{
namespace ipsec
{

/// What a table says of a packet.
struct NatAnswer
{
    enum class Kind : uint8_t
    {
        Translate, ///< with this endpoint
        Own,       ///< the box itself speaks there
        Refuse,    ///< for this reason
    };

    Kind kind = Kind::Refuse;
    Endpoint to{{}, 0};
    NatFault fault = NatFault::None;
    NatEvents events;

    /// Makes an answer that refuses.
    static NatAnswer Refusal(NatFault fault);
};

/**
 * The sessions of an "IPsec-aware" NAT. They share the outside address, so an inside host is found
 * by the remote and, if the configuration says so, by what a packet carries: the SPI of ESP, which
 * has to be guessed once for the way in, or the initiator cookie of IKE (what RFC 3715 section 2.1
 * e) and RFC 3947 section 4 warn of).
 */
class NatPassThrough
{
  public:
    explicit NatPassThrough(const NatConfig& config);

    /// Tells whether the packet is none of the table's mappings' business.
    bool Handles(const NatFlow& flow) const;
    /// Lets a packet out that Handles(), from an inside host whose outside address is @p outside;
    /// a session begins only if the host may have another one.
    NatAnswer Outbound(Instant now, const NatFacts& facts, IpAddress outside, bool mayBegin);
    /// Lets a packet in that Handles(). No session begins from outside.
    NatAnswer Inbound(Instant now, const NatFacts& facts);
    /// Finds the outside address of a session by the flow of its packets out, or nothing.
    std::optional<Endpoint> FindOutside(const NatFlow& flow, IpAddress outside) const;
    /// Finds the inside host of a session by the flow of a packet of its that was let out, or
    /// nothing.
    std::optional<Endpoint> FindInside(const NatFlow& flow, uint32_t spi, uint64_t cookie) const;

    /// Ends what is over; before NextDeadline() there is nothing.
    NatEvents Expire(Instant now);
    std::optional<Instant> NextDeadline() const;
    /// Ends all sessions of an outside address, or of all.
    NatEvents End(std::optional<IpAddress> outside, NatEnd reason);

    size_t size() const;
    std::vector<NatMapping> Mappings() const;

  private:
    struct Session
    {
        NatMapping mapping;
        Instant expires;
        Instant scheduled;
        /// SPI of ESP on its way in, once it is learnt.
        std::optional<uint32_t> spiIn;
    };

    /// All that goes between one outside address and one remote.
    using Pair = std::tuple<NatProtocol, IpAddress, IpAddress>;

    struct Sessions
    {
        /// By the outbound SPI, the initiator cookie, or 0 where there is but one.
        std::map<uint64_t, Session> all;
        /// Which of them an SPI comes in on.
        std::map<uint32_t, uint64_t> learnt;
        /// Sessions for each inside host.
        std::map<IpAddress, uint32_t> hosts;
        /// The newest one that waits for its first answer.
        std::optional<uint64_t> waiting;
    };

    enum class Direction
    {
        In,
        Out,
    };

    uint64_t Mark(const NatFacts& facts) const;
    NatAnswer Create(Instant now,
                     const Pair& pair,
                     uint64_t mark,
                     const Endpoint& inside,
                     uint16_t port);
    /// Finds the session that a packet from outside belongs to, or null.
    Session* FindIn(Sessions& sessions, const NatFacts& facts) const;
    /// Finds the session of an inbound SPI, or takes the SPI for what one waits for; or null.
    static Session* Learn(Sessions& sessions, uint32_t spi);
    void Touch(Instant now, const Pair& pair, Session& session, Direction direction) const;
    NatEvent Remove(const Pair& pair, uint64_t mark, NatEnd reason);

    NatConfig m_config;
    std::map<Pair, Sessions> m_pairs;
    std::set<std::tuple<Instant, Pair, uint64_t>> m_timers;
    size_t m_size = 0;
};

} // namespace ipsec
} // namespace ns3

#endif // NAT_PASS_THROUGH_H
