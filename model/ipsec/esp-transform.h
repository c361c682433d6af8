// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * ESP: seal and open one packet with the keys of one SA.
 */
#ifndef ESP_TRANSFORM_H
#define ESP_TRANSFORM_H

#include "ns3/esp-header.h"
#include "ns3/ipsec-random-source.h"
#include "ns3/ipsec-sa.h"

namespace ns3
{
namespace ipsec
{

/// What was inside an ESP packet.
struct EspContent
{
    uint8_t nextHeader = 0;
    Octets payload;
};

/**
 * Seals (RFC 4303 section 3.3): header, IV, payload, padding 1, 2, 3 ..., pad length, next header,
 * encrypted, then the ICV over everything before it. CryptoFailure if OpenSSL refuses.
 */
Result<Octets> SealEsp(const IpsecSa& sa,
                       uint32_t sequence,
                       uint8_t nextHeader,
                       OctetView payload,
                       RandomSource& random);

/**
 * Opens (RFC 4303 section 3.4): sizes first (EspTooShort, EspNotAligned), then the ICV (BadIcv),
 * then decrypts and checks the padding (BadPadding). The sequence number is the caller's business.
 */
Result<EspContent> OpenEsp(const IpsecSa& sa, OctetView packet);

/// Returns how many octets ESP adds to a payload of @p payloadOctets, header to ICV.
size_t EspOverhead(CipherId cipher, IntegrityId integrity, size_t payloadOctets);

} // namespace ipsec
} // namespace ns3

#endif // ESP_TRANSFORM_H
