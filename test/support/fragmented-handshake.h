// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Two engines whose messages go in fragments.
 */
#ifndef FRAGMENTED_HANDSHAKE_H
#define FRAGMENTED_HANDSHAKE_H

#include "peer-pair.h"

#include "ns3/isakmp-payloads.h"

#include <gtest/gtest.h>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// So small that every message from the first answer on goes in fragments.
constexpr uint32_t SMALL_PACKET = 128;

/// Makes the configuration of one end that announces fragmentation.
EngineConfig Fragmenting(Side side, uint32_t octets = SMALL_PACKET);
/// Returns the same without fragmentation.
EngineConfig Plain(Side side);
/// Makes a pair of Fragmenting() ends.
PeerPair FragmentingPair(uint64_t seed = 1);

/// Tells whether a datagram is a fragment.
bool IsFragment(const Flight& flight);
/// Returns how many fragments were sent.
size_t CountFragments(const PeerPair& pair);
/// Returns the different datagrams that were sent, in order of first sending.
std::vector<Octets> DifferentDatagrams(const PeerPair& pair);
/// Takes everything off the wire and returns it.
std::vector<Flight> TakeFlights(PeerPair& pair);
/// Delivers what was taken off the wire.
void DeliverFlight(PeerPair& pair, const Flight& flight);
/// Makes a fragment under the cookies of a flight.
Octets MakeFragment(const Flight& like, const FragmentPayload& fragment);

/// Starts from either side.
class FragmentedHandshake : public testing::TestWithParam<Side>
{
  protected:
    /// Brings a pair to where MM3 is on the wire, in several fragments.
    void BringMm3(PeerPair& pair) const;

    const Side m_initiator = GetParam();
    const Side m_responder = Other(m_initiator);
};

} // namespace ipsec
} // namespace ns3

#endif // FRAGMENTED_HANDSHAKE_H
