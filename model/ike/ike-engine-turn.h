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

/// Which child a request is for, and what follows if it is answered.
struct RequestedChild
{
    uint32_t child = 0;
    /// Whether the remote side is the peer's own host, which it names.
    bool isClaim = false;
    /// With the host that it names.
    ProxyId proxyId = {};
    /// Children of the same client, whose place this one takes.
    std::vector<ChildId> leaving = {};
};

} // namespace ipsec
} // namespace ns3

#endif // IKE_ENGINE_TURN_H
