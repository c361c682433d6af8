// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What one input of an engine works with.
 */
#ifndef IKE_ENGINE_TURN_H
#define IKE_ENGINE_TURN_H

#include "ike-effects.h"

#include "ns3/ipsec-random-source.h"
#include "ns3/isakmp-payloads.h"

#include <set>

namespace ns3
{
namespace ipsec
{

/// What one input works with.
struct Turn
{
    Instant now;
    RandomSource& random;
    Effects effects;
    /// Peers that lost an IKE SA or a pair.
    std::set<PeerId> left = {};
};

/// Which of the peer's proposals a notification is about; no SPI if none was read.
struct RefusedProposal
{
    ProtocolId protocol = ProtocolId::Esp;
    Octets spi = {};
};

} // namespace ipsec
} // namespace ns3

#endif // IKE_ENGINE_TURN_H
