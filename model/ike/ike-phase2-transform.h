// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * One transform of ESP or AH: how it is written, and what is understood of a peer's.
 */
#ifndef IKE_PHASE2_TRANSFORM_H
#define IKE_PHASE2_TRANSFORM_H

#include "ike-nat-detection.h"

#include "ns3/ike-config.h"
#include "ns3/isakmp-sa-payload.h"

#include <optional>

namespace ns3
{
namespace ipsec
{

/// What a transform of phase 2 says.
struct Phase2Transform
{
    /// NULL for AH.
    CipherId cipher = CipherId::Null;
    IntegrityId integrity = IntegrityId::None;
    std::optional<uint16_t> group;
    /// Value of IpsecAttribute::EncapsulationMode; 0 if it was absent.
    uint64_t encapsulation = 0;
    bool extendedSequence = false;
    std::optional<Duration> lifetime;
    /// Zero if there is no such limit.
    uint64_t lifetimeKilobytes = 0;
};

/// Kinds of sequence numbers that a transform may ask for (RFC 4304).
enum class SequenceNumbers : uint8_t
{
    Normal,
    Extended,
};

/// Returns the encapsulation mode attribute of a child: with a NAT the values of RFC 3947 section
/// 5.1, or of its drafts.
uint16_t EncapsulationAttribute(EncapsulationMode mode, UdpEncapsulation udp);

/// Tells whether an attribute's value stands for this mode; behind a NAT those of the RFC and of
/// its drafts both do, for some peers mix them.
bool IsEncapsulation(uint64_t value, EncapsulationMode mode, UdpEncapsulation udp);

/// Writes the transform of one protocol of a proposal.
TransformPayload MakePhase2Transform(uint8_t number,
                                     ProtocolId protocol,
                                     const Phase2Proposal& proposal,
                                     const ChildConfig& child,
                                     UdpEncapsulation udp,
                                     SequenceNumbers sequence);

/// Reads a transform of ESP or AH; nothing if any part of it is unknown, missing, or contradicts
/// another.
std::optional<Phase2Transform> ReadPhase2Transform(ProtocolId protocol,
                                                   const TransformPayload& transform);

/// Reads kilobytes out of attributes (RFC 2407 section 4.5), zero if they say none; a malformed
/// pair makes @p valid false.
uint64_t ReadKilobytes(const std::vector<DataAttribute>& attributes, bool& valid);

} // namespace ipsec
} // namespace ns3

#endif // IKE_PHASE2_TRANSFORM_H
