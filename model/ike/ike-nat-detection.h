// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * NAT detection (RFC 3947 section 3.2).
 */
#ifndef IKE_NAT_DETECTION_H
#define IKE_NAT_DETECTION_H

#include "ns3/crypto-algorithms.h"
#include "ns3/ike-config.h"
#include "ns3/ipsec-endpoint.h"
#include "ns3/ipsec-random-source.h"
#include "ns3/isakmp-message.h"

namespace ns3
{
namespace ipsec
{

/// Who is behind a NAT, as far as NAT-D payloads told.
struct NatFindings
{
    bool localBehindNat = false;
    bool remoteBehindNat = false;

    /// Tells whether IKE floats to port 4500 and ESP travels in UDP.
    bool
    IsDetected() const
    {
        return localBehindNat || remoteBehindNat;
    }
};

/// Computes HASH(CKY-I | CKY-R | IP | Port).
Octets NatDHash(HashId hash,
                const Cookie& initiator,
                const Cookie& responder,
                const Endpoint& endpoint);

/**
 * Makes our NAT-D payloads: first the peer's endpoint as we see it, then ours. NatTraversal::Force
 * puts random octets in place of ours, so that the peer finds a NAT.
 */
std::vector<RawPayload> MakeNatD(HashId hash,
                                 const Cookie& initiator,
                                 const Cookie& responder,
                                 const Endpoint& local,
                                 const Endpoint& remote,
                                 NatTraversal mode,
                                 RandomSource& random);

/**
 * Reads the peer's NAT-D payloads. With fewer than two nothing is detected (bad input 76). Under
 * NatTraversal::Force we count as behind a NAT ourselves.
 */
NatFindings DetectNat(HashId hash,
                      const Cookie& initiator,
                      const Cookie& responder,
                      const Endpoint& local,
                      const Endpoint& remote,
                      NatTraversal mode,
                      const PayloadChain& chain);

} // namespace ipsec
} // namespace ns3

#endif // IKE_NAT_DETECTION_H
