// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Bodies of all payloads but SA (isakmp-sa-payload.h). KE, HASH, SIG, NONCE, VID and NAT-D have no
 * structure: their body is their value.
 */
#ifndef ISAKMP_PAYLOADS_H
#define ISAKMP_PAYLOADS_H

#include "isakmp-attributes.h"
#include "isakmp-constants.h"

#include "ns3/ipsec-endpoint.h"

namespace ns3
{
namespace ipsec
{

/**
 * Identification (RFC 2408 section 3.8, RFC 2407 section 4.6.2).
 *
 *                      1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * !   ID Type     !  Protocol ID  !             Port              !
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ~                     Identification Data                       ~
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 */
struct IdPayload
{
    IdType type = IdType::Ipv4Addr;
    uint8_t protocol = 0;
    uint16_t port = 0;
    Octets data;
};

/**
 * Reads an ID body. BadIdentity for an unknown type, data of a length that the type does not allow
 * (4, 8, 16, 17 to 32 octets for addresses; names not empty and without a zero octet), a subnet
 * whose mask is not contiguous, a range that runs backwards.
 */
Result<IdPayload> ParseIdPayload(OctetView body);
Octets WriteIdPayload(const IdPayload& id);

/// Certificate or certificate request (RFC 2408 sections 3.9 and 3.10): encoding, then data.
struct CertPayload
{
    uint8_t encoding = 0;
    Octets data;
};

/// X.509 certificate for signatures (RFC 2408 section 3.9).
constexpr uint8_t CERT_X509_SIGNATURE = 4;

Result<CertPayload> ParseCertPayload(OctetView body);
Octets WriteCertPayload(const CertPayload& cert);

/**
 * Notification (RFC 2408 section 3.14).
 *
 *                      1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * !              Domain of Interpretation  (DOI)                  !
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * !  Protocol-ID  !   SPI Size    !      Notify Message Type      !
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ~                Security Parameter Index (SPI)                 ~
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ~                       Notification Data                       ~
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 */
struct NotifyPayload
{
    uint32_t doi = DOI_IPSEC;
    ProtocolId protocol = ProtocolId::Isakmp;
    uint16_t type = 0;
    Octets spi;
    Octets data;
};

/// Reads a notification; MalformedPayload if the SPI runs past the end. DOI 0 and 1 are accepted,
/// else UnsupportedDoi.
Result<NotifyPayload> ParseNotifyPayload(OctetView body);
Octets WriteNotifyPayload(const NotifyPayload& notify);

/// Delete (RFC 2408 section 3.15): SPIs that the sender no longer receives on.
struct DeletePayload
{
    uint32_t doi = DOI_IPSEC;
    ProtocolId protocol = ProtocolId::Isakmp;
    /// All of the same size: 4 for ESP and AH, 16 (both cookies) for ISAKMP.
    std::vector<Octets> spis;
};

/// Reads a deletion; MalformedPayload unless SPI count times SPI size fills the body exactly,
/// BadSpi for a size that the protocol does not have.
Result<DeletePayload> ParseDeletePayload(OctetView body);
Octets WriteDeletePayload(const DeletePayload& del);

/// Message types of the attribute payload (draft-dukes-ike-mode-cfg-02 section 3.2).
enum class ConfigMessage : uint8_t
{
    Request = 1,
    Reply = 2,
    Set = 3,
    Ack = 4,
};

/// Returns the draft's name of a message type, such as "REQUEST".
const char* ConfigMessageName(ConfigMessage message);

/// Attribute payload of Mode Config and XAUTH (draft-dukes-ike-mode-cfg-02 section 3.2).
struct AttributesPayload
{
    ConfigMessage message = ConfigMessage::Request;
    uint16_t identifier = 0;
    std::vector<DataAttribute> attributes;
};

/// Reads an attribute payload; up to three zero octets behind the last attribute are padding, as
/// libreswan sends them.
Result<AttributesPayload> ParseAttributesPayload(OctetView body);
Octets WriteAttributesPayload(const AttributesPayload& payload);

/// NAT-OA (RFC 3947 section 5.2): an original address; IPv4 only here.
struct NatOaPayload
{
    IpAddress address;
};

/// Reads NAT-OA; MalformedPayload unless it holds one IPv4 or IPv6 address, IPv6 gives 0.0.0.0.
Result<NatOaPayload> ParseNatOaPayload(OctetView body);
Octets WriteNatOaPayload(const NatOaPayload& original);

/**
 * Part of a message that was too large for one datagram (MS-IKEE section 2.2.3.1; the generic
 * header is left out).
 *
 *                      1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * !          Fragment ID          !    Number     !     Flags     !
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ~                             Data                              ~
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 */
struct FragmentPayload
{
    /// The same in all fragments of one message.
    uint16_t id = 0;
    /// The first is number 1.
    uint8_t number = 0;
    bool isLast = false;
    Octets data;
};

/// Octets of a fragment's body in front of its data.
constexpr size_t FRAGMENT_PREFIX_OCTETS = 4;

/// Reads a fragment's body; MalformedPayload if it holds no data. Flags without a meaning are
/// ignored.
Result<FragmentPayload> ParseFragmentPayload(OctetView body);
Octets WriteFragmentPayload(const FragmentPayload& fragment);

} // namespace ipsec
} // namespace ns3

#endif // ISAKMP_PAYLOADS_H
