// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * A whole NAT without a network: packets in, translated packets out.
 */
#ifndef NAT_TRANSLATOR_H
#define NAT_TRANSLATOR_H

#include "nat-fragments.h"
#include "nat-table.h"

#include <vector>

namespace ns3
{
namespace ipsec
{

/// A packet that was lost after it had waited.
struct NatLoss
{
    uint64_t ticket = 0;
    NatFault fault = NatFault::None;
};

/// What became of a packet, and of those that waited for it.
struct NatOutcome
{
    enum class Kind : uint8_t
    {
        Forward, ///< the packets go on, translated
        Own,     ///< the packets are for the box itself, if it wants them: nobody inside has them
        Hold,    ///< it waits for the first fragment of its datagram
        Drop,    ///< for this reason
    };

    Kind kind = Kind::Drop;
    NatFault fault = NatFault::None;
    /// What goes on, in order: mostly the packet itself.
    std::vector<NatPacket> packets;
    std::vector<NatLoss> lost;
    NatEvents events;
};

/**
 * A NAT as a value: it may be copied in mid-life, has no clock, and says when it wants to be called
 * again. Packets are told apart by where they come from; which way they leave is routing's
 * business.
 */
class NatTranslator
{
  public:
    /// @throws std::invalid_argument if CheckNatConfig() does.
    explicit NatTranslator(const NatConfig& config);

    /// Translates a packet that came from inside and goes outside, or to an outside address of
    /// ours: then it comes back in (a hairpin) or is for the box itself.
    NatOutcome FromInside(Instant now, NatPacket packet, RandomSource& random);
    /// Translates a packet that came from outside to an outside address of ours.
    NatOutcome FromOutside(Instant now, NatPacket packet);
    /// Notes a packet that the box itself sends outside.
    void NoteOwn(Instant now, const NatPacket& packet);

    /// Ends what is over; before NextDeadline() there is nothing.
    NatOutcome Expire(Instant now);
    std::optional<Instant> NextDeadline() const;
    /// Forgets everything but port forwardings and reservations.
    NatOutcome Reboot(Instant now);
    /// Does so and begins anew with another configuration.
    NatOutcome Reboot(Instant now, const NatConfig& config);

    /// Mappings, port forwardings and outside addresses.
    NatTable& Table();
    const NatTable& Table() const;

  private:
    enum class From
    {
        Inside,
        Outside,
    };

    NatOutcome Translate(Instant now, NatPacket packet, From from, RandomSource* random);
    NatOutcome TranslateLater(Instant now, NatPacket fragment);
    /// Deals with a whole packet or a first fragment, in place.
    NatOutcome Decide(Instant now, NatPacket& packet, From from, RandomSource* random);
    NatOutcome DecideOut(Instant now,
                         NatPacket& packet,
                         const NatFacts& facts,
                         RandomSource& random);
    NatOutcome DecideHairpin(Instant now,
                             NatPacket& packet,
                             const NatFacts& facts,
                             RandomSource& random);
    NatOutcome DecideIn(Instant now, NatPacket& packet, const NatFacts& facts);
    NatOutcome DecideErrorOut(NatPacket& packet, const NatFacts& facts);
    NatOutcome DecideErrorIn(NatPacket& packet, const NatFacts& facts);

    NatTable m_table;
    NatFragments m_fragments;
    uint16_t m_identification;
};

} // namespace ipsec
} // namespace ns3

#endif // NAT_TRANSLATOR_H
