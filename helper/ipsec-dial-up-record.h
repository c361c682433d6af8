// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What clients that dial up did in a run, as plain values.
 */
#ifndef IPSEC_DIAL_UP_RECORD_H
#define IPSEC_DIAL_UP_RECORD_H

#include "ns3/ipsec-endpoint.h"
#include "ns3/ipsec-fault.h"
#include "ns3/ipsec-time.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Where a client was from an instant on.
struct PlaceRecord
{
    Instant at{};
    IpAddress address;
    /// Names of the NATs that it was behind, the innermost first.
    std::vector<std::string> nats;
    uint64_t order = 0;
};

/// Times of one kind added up.
struct WaitSums
{
    /// Those that came to their ends, and their sum.
    uint64_t count = 0;
    Duration sum{};
    /// Those that did not, too.
    Duration longest{};

    void Add(Duration wait);
    /// Takes note of one that lasts.
    void AddUnfinished(Duration wait);
    /// Returns the mean of those that came to their ends, zero if there is none.
    Duration Mean() const;
};

/// What a client that dials up did, or all of one [clients NAME].
struct DialUpRecord
{
    std::string name;
    uint64_t clients = 1;
    /// How many have their tunnel at the end of the run, and had it at once at most.
    uint64_t connected = 0;
    uint64_t mostConnected = 0;
    /// How often somebody wanted the tunnel.
    uint64_t arrivals = 0;
    uint64_t attempts = 0;
    uint64_t connections = 0;
    /// Attempts that failed, and why.
    uint64_t failures = 0;
    std::map<Fault, uint64_t> failuresByReason;
    /// Attempts that a new address, or the user, cut off.
    uint64_t abandoned = 0;
    /// How many want the tunnel at the end of the run, and have no address to call from.
    uint64_t withoutAddress = 0;
    /// Tunnels that went although somebody wanted them.
    uint64_t losses = 0;
    /// How often one of them was at another place, whether somebody wanted the tunnel or not.
    uint64_t addressChanges = 0;
    /// From an arrival to the tunnel.
    WaitSums waits;
    /// From a loss to the next tunnel.
    WaitSums gaps;
    /// All times with a tunnel added up.
    Duration connectedTime{};
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_DIAL_UP_RECORD_H
