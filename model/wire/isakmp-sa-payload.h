// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The SA payload with its proposals and transforms.
 */
#ifndef ISAKMP_SA_PAYLOAD_H
#define ISAKMP_SA_PAYLOAD_H

#include "isakmp-attributes.h"
#include "isakmp-constants.h"

namespace ns3
{
namespace ipsec
{

/// Most transforms read from one SA payload, over all its proposals: the transform number has 8
/// bits, and nobody deployed offers more than 144.
constexpr size_t MAX_TRANSFORMS = 256;

/**
 * One transform (RFC 2408 section 3.6).
 *
 *                      1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ! Next Payload  !   RESERVED    !         Payload Length        !
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * !  Transform #  !  Transform-Id !           RESERVED2           !
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ~                        SA Attributes                          ~
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 */
struct TransformPayload
{
    uint8_t number = 1;
    uint8_t id = 0;
    std::vector<DataAttribute> attributes;

    /**
     * Returns the number of the attribute of this class, or nothing if it is absent or no number.
     * An attribute given twice with different values makes @p conflict true.
     */
    std::optional<uint64_t> Number(uint16_t type, bool& conflict) const;
};

/**
 * One proposal (RFC 2408 section 3.5). Proposals with the same number belong together ("and").
 *
 *                      1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ! Next Payload  !   RESERVED    !         Payload Length        !
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * !  Proposal #   !  Protocol-Id  !    SPI Size   !# of Transforms!
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * !                        SPI (variable)                         !
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 */
struct ProposalPayload
{
    uint8_t number = 1;
    ProtocolId protocol = ProtocolId::Isakmp;
    Octets spi;
    std::vector<TransformPayload> transforms;
};

/// The SA payload (RFC 2408 section 3.4, RFC 2407 section 4.6.1): DOI, situation, proposals.
struct SaPayload
{
    uint32_t doi = DOI_IPSEC;
    uint32_t situation = SIT_IDENTITY_ONLY;
    std::vector<ProposalPayload> proposals;
};

/**
 * Reads the body of an SA payload. UnsupportedDoi, UnsupportedSituation, ReservedNotZero;
 * BadProposalSyntax when counts, next-payload fields (0 or 2 for proposals, 0 or 3 for transforms)
 * or lengths contradict each other, when there is no proposal or a proposal without transform, and
 * above MAX_TRANSFORMS; BadSpi when an SPI is not of 4 octets for ESP and AH, or above 16 for
 * ISAKMP.
 */
Result<SaPayload> ParseSaPayload(OctetView body);

/// Writes the body of an SA payload.
Octets WriteSaPayload(const SaPayload& sa);

} // namespace ipsec
} // namespace ns3

#endif // ISAKMP_SA_PAYLOAD_H
