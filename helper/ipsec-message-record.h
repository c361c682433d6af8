// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What became of the IKE messages of a run, one by one or only counted.
 */
#ifndef IPSEC_MESSAGE_RECORD_H
#define IPSEC_MESSAGE_RECORD_H

#include "ns3/ike-effects.h"
#include "ns3/ipsec-time.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace ns3
{
namespace ipsec
{

/// One IKE message on its way from one node to another.
struct MessageRecord
{
    std::string from;
    std::string to;
    Endpoint source;
    Endpoint destination;
    /// Where it came from as the receiver sees it, behind all NATs.
    std::optional<Endpoint> seenFrom;
    /// When it left; unknown if a peer outside the simulation sent it.
    std::optional<Instant> sentAt;
    /// When it arrived at the receiver, who may not listen; nothing if it was lost or is on its way
    /// (or went to a peer outside the simulation).
    std::optional<Instant> receivedAt;
    /// By when it arrives unless it is lost, as far as that is known.
    Instant latestArrival{};
    /// When the receiver's processor got to it; nothing if processors take no time.
    std::optional<Instant> handledAt;
    MessageSummary summary;
    /// The network made this copy, or changed it so that nobody here sent it like this.
    bool isNetworkCopy = false;
    /// The receiver is outside the simulation: nobody can say whether it arrived.
    bool toOutside = false;
    /// The sender is outside the simulation.
    bool fromOutside = false;
    /// A link or a NAT is known to have lost it.
    bool isDropped = false;
    /// It was lost behind its sender's link, which may have made two of it.
    bool isLostOnTheWay = false;
    /// The run ended before it could arrive.
    bool isUnderway = false;
    /// It arrived, and nobody listened: the receiver had crashed, or IKE was stopped there.
    bool isUnheard = false;
    /// It arrived, and the receiver's processor had no room for it (Fault::CpuOverload).
    bool isRefused = false;
    /// It arrived and waits for the receiver's processor: at the end of the run, or since it
    /// crashed, for ever.
    bool isWaiting = false;
    /// Position among everything that was recorded: it orders what happens at the same instant.
    uint64_t order = 0;

    /// Returns the time by which the record is ordered.
    Instant
    At() const
    {
        return sentAt ? *sentAt : *receivedAt;
    }

    bool
    IsLost() const
    {
        return !receivedAt && !isUnderway && (isDropped || !toOutside);
    }

    /// Returns when the receiver began to work on it.
    std::optional<Instant>
    TakenUpAt() const
    {
        const std::optional<Instant> none;
        return isUnheard ? none : handledAt ? handledAt : receivedAt;
    }
};

/// Messages that are counted, but not kept one by one.
struct MessageCounts
{
    /// Different messages of each exchange, repetitions not counted.
    std::map<ExchangeType, uint64_t> fresh;
    uint64_t repeated = 0;
    uint64_t lost = 0;
    uint64_t underway = 0;
    uint64_t unheard = 0;
    uint64_t refused = 0;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_MESSAGE_RECORD_H
