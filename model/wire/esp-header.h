// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Headers of ESP and AH.
 */
#ifndef ESP_HEADER_H
#define ESP_HEADER_H

#include "ns3/ipsec-fault.h"
#include "ns3/ipsec-octets.h"

namespace ns3
{
namespace ipsec
{

/// IP protocol numbers used here.
constexpr uint8_t IP_PROTOCOL_ICMP = 1;
constexpr uint8_t IP_PROTOCOL_IPIP = 4;
constexpr uint8_t IP_PROTOCOL_TCP = 6;
constexpr uint8_t IP_PROTOCOL_UDP = 17;
constexpr uint8_t IP_PROTOCOL_GRE = 47;
constexpr uint8_t IP_PROTOCOL_ESP = 50;
constexpr uint8_t IP_PROTOCOL_AH = 51;
constexpr uint8_t IP_PROTOCOL_NONE = 59;

/// In front of ISAKMP on port 4500, where ESP has its SPI (RFC 3948 section 2.2).
constexpr std::array<uint8_t, 4> NON_ESP_MARKER{};

/// The one octet of a NAT keepalive (RFC 3948 section 2.3).
constexpr uint8_t NAT_KEEPALIVE = 0xff;

constexpr size_t ESP_HEADER_OCTETS = 8;
/// Pad length and next header at the end of the plaintext.
constexpr size_t ESP_TRAILER_OCTETS = 2;
/// SPIs below 256 are reserved (RFC 4303 section 2.1).
constexpr uint32_t LOWEST_SPI = 256;

/// What ESP starts with (RFC 4303 section 2).
struct EspHeader
{
    uint32_t spi = 0;
    uint32_t sequence = 0;
};

/// Reads the first eight octets; EspTooShort if there are fewer.
Result<EspHeader> ParseEspHeader(OctetView packet);
void WriteEspHeader(OctetWriter& writer, const EspHeader& header);

/**
 * What AH starts with (RFC 4302 section 2); the ICV follows.
 *
 *                      1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * | Next Header   |  Payload Len  |          RESERVED             |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                 Security Parameters Index (SPI)               |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                    Sequence Number Field                      |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 */
struct AhHeader
{
    uint8_t nextHeader = 0;
    /// Length of AH in 32-bit words, minus 2.
    uint8_t payloadLength = 0;
    uint32_t spi = 0;
    uint32_t sequence = 0;
};

/// Reads AH's fixed part; EspTooShort.
Result<AhHeader> ParseAhHeader(OctetView packet);
void WriteAhHeader(OctetWriter& writer, const AhHeader& header);

} // namespace ipsec
} // namespace ns3

#endif // ESP_HEADER_H
