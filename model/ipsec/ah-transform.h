// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * AH: seal and open one packet with the key of one SA.
 */
#ifndef AH_TRANSFORM_H
#define AH_TRANSFORM_H

#include "ipsec-cargo.h"

namespace ns3
{
namespace ipsec
{

/// Returns how many octets AH adds to any payload. No ICV in use needs padding behind IPv4, where
/// AH ends on a multiple of four octets (RFC 4302 section 3.3.3.2.1).
size_t AhOverhead(IntegrityId integrity);

/**
 * Seals (RFC 4302 section 3.3): AH with its ICV, then the payload as it is. The ICV covers the IP
 * header that goes in front too, so @p ipHeader must be what is sent, total length included; fields
 * that may change on the way count as zero. LengthMismatch if that header contradicts itself.
 */
Result<Octets> SealAh(const IpsecSa& sa,
                      uint64_t sequence,
                      uint8_t nextHeader,
                      OctetView payload,
                      OctetView ipHeader);

/**
 * Opens (RFC 4302 section 3.4): fields first (EspTooShort; LengthMismatch for a length other than
 * the SA's, or an IP header that contradicts itself), then the ICV (BadIcv).
 * @p ipHeader is the header in front with its options; @p sequenceHigh as for OpenEsp().
 */
Result<SaContent> OpenAh(const IpsecSa& sa,
                         OctetView ipHeader,
                         OctetView packet,
                         uint32_t sequenceHigh = 0);

} // namespace ipsec
} // namespace ns3

#endif // AH_TRANSFORM_H
