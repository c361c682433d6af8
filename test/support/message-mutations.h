// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Systematic damage to messages, and plans of what the wire does with them.
 */
#ifndef MESSAGE_MUTATIONS_H
#define MESSAGE_MUTATIONS_H

#include "peer-pair.h"

#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Names the part of a clear message in which an octet lies: a field of the header, or "VID" and
/// the like for a payload with the next-payload field that announces it.
std::string RegionName(OctetView message, size_t offset);

/// Returns the first @p octets of a message with a header whose length field agrees, if there is
/// room for one.
Octets ConsistentPrefix(OctetView message, size_t octets);

/// Delivers every truncation of the next message, as it is and with a length field that agrees;
/// expects each to be refused.
void ExpectTruncationsRefused(PeerPair& pair);

/// Delivers every other value of every octet of the next message from @p first on; expects each to
/// be refused, and the good copy afterwards to end in @p isUp.
void ExpectOctetChangesRefused(const PeerPair& pair, size_t first, bool (*isUp)(const PeerPair&));

/**
 * Flips @p bits bits of every octet of the next message, which is clear, each in a fork of its own
 * that then runs to its end, and returns the names of the regions in which a change is not noticed
 * at all. Flips that are refused are all delivered to one pair, which must still complete.
 */
std::set<std::string> UnnoticedRegions(PeerPair pair, int bits = 8);

/// What the wire does with the first copy of a message.
enum class Fate : uint8_t
{
    Deliver,
    Lose,
    Double,
};

/// Returns all plans for @p messages messages: 3^n.
std::vector<std::vector<Fate>> AllPlans(size_t messages);

/// Runs until nothing is left to do; the first copy of the n-th different message from now on meets
/// its fate, later ones are delivered. Returns the number of deliveries.
size_t RunPlan(PeerPair& pair, const std::vector<Fate>& plan);

/// Writes a plan such as "D-L-2".
std::string PlanText(const std::vector<Fate>& plan);

} // namespace ipsec
} // namespace ns3

#endif // MESSAGE_MUTATIONS_H
