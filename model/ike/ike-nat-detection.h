// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * NAT traversal in phase 1: which document both ends know, and who is behind a NAT (RFC 3947).
 */
#ifndef IKE_NAT_DETECTION_H
#define IKE_NAT_DETECTION_H

#include "ns3/crypto-algorithms.h"
#include "ns3/ike-config.h"
#include "ns3/ipsec-endpoint.h"
#include "ns3/ipsec-random-source.h"
#include "ns3/isakmp-message.h"
#include "ns3/isakmp-vendor-ids.h"

namespace ns3
{
namespace ipsec
{

/// Documents of NAT traversal, from the oldest. The drafts number payloads and encapsulation modes
/// otherwise than the RFC; among themselves they differ in their vendor IDs only.
enum class NatTraversalVersion : uint8_t
{
    None,
    Draft02,
    Draft02Newline, ///< the same; its vendor ID has a line feed hashed in, a widespread mistake
    Draft03,
    Rfc3947,
};

/// Returns what a vendor ID stands for; None if for no document that we know.
NatTraversalVersion NatTraversalVersionOf(VendorId vendor);
/// Returns the vendor ID of a document.
VendorId VendorIdOf(NatTraversalVersion version);
/// Returns the documents that a configuration offers, the newest first.
std::vector<NatTraversalVersion> OfferedNatTraversal(const PeerConfig& config);
/// Returns the types of NAT-D and of NAT-OA payloads in a document.
PayloadType NatDType(NatTraversalVersion version);
PayloadType NatOaType(NatTraversalVersion version);

/// How ESP travels between two ends, as encapsulation modes of phase 2 say it.
enum class UdpEncapsulation : uint8_t
{
    None,
    Rfc3947,
    Draft,
};

/// Who is behind a NAT, as far as NAT-D payloads told.
struct NatFindings
{
    bool localBehindNat = false;
    bool remoteBehindNat = false;
    NatTraversalVersion version = NatTraversalVersion::None;

    /// Tells whether IKE floats to port 4500 and ESP travels in UDP.
    bool
    IsDetected() const
    {
        return localBehindNat || remoteBehindNat;
    }

    /// Tells whether we follow the peer to where its authenticated packets come from: only who is
    /// not behind a NAT does (RFC 3947 section 4).
    bool
    FollowsPeer() const
    {
        return remoteBehindNat && !localBehindNat;
    }

    /// Returns how ESP travels.
    UdpEncapsulation Encapsulation() const;
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
                                 NatTraversalVersion version,
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
                      NatTraversalVersion version,
                      const PayloadChain& chain);

} // namespace ipsec
} // namespace ns3

#endif // IKE_NAT_DETECTION_H
