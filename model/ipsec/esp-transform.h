// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * ESP: seal and open one packet with the keys of one SA.
 */
#ifndef ESP_TRANSFORM_H
#define ESP_TRANSFORM_H

#include "ipsec-cargo.h"

#include "ns3/ipsec-random-source.h"

namespace ns3
{
namespace ipsec
{

/**
 * Seals (RFC 4303 section 3.3): header, IV, payload, padding 1, 2, 3 ..., pad length, next header,
 * encrypted, then the ICV over everything before it. The IV of CBC is drawn; that of CTR and GCM is
 * the sequence number, so a number must never come twice under one key (RFC 4106 section 3.1). With
 * extended sequence numbers the packet carries the lower half and the ICV covers both.
 * CryptoFailure if OpenSSL refuses. The packet is made in @p memory.
 */
Result<Octets> SealEsp(const IpsecSa& sa,
                       uint64_t sequence,
                       uint8_t nextHeader,
                       OctetView payload,
                       RandomSource& random,
                       Octets memory = {});

/**
 * Opens (RFC 4303 section 3.4): sizes first (EspTooShort, EspNotAligned), then the ICV (BadIcv),
 * then decrypts and checks the padding (BadPadding). The sequence number is the caller's business;
 * @p sequenceHigh is the half that the packet does not carry, and counts only if the SA has
 * extended sequence numbers.
 */
Result<SaContent> OpenEsp(const IpsecSa& sa,
                          OctetView packet,
                          uint32_t sequenceHigh = 0,
                          Octets memory = {});

/// Returns how many octets ESP adds to a payload of @p payloadOctets, header to ICV.
size_t EspOverhead(CipherId cipher, IntegrityId integrity, size_t payloadOctets);

} // namespace ipsec
} // namespace ns3

#endif // ESP_TRANSFORM_H
