// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Numbers of ISAKMP, IKE and the IPsec DOI.
 */
#ifndef ISAKMP_CONSTANTS_H
#define ISAKMP_CONSTANTS_H

#include "ns3/ipsec-octets.h"

#include <string>

namespace ns3
{
namespace ipsec
{

/// Payload types (RFC 2408 section 3.1, RFC 3947 section 8).
enum class PayloadType : uint8_t
{
    None = 0,
    Sa = 1,
    Proposal = 2,
    Transform = 3,
    Ke = 4,
    Id = 5,
    Cert = 6,
    CertRequest = 7,
    Hash = 8,
    Sig = 9,
    Nonce = 10,
    Notify = 11,
    Delete = 12,
    VendorId = 13,
    Attributes = 14,
    NatD = 20,
    NatOa = 21,
    NatDDraft = 130,
    NatOaDraft = 131,
    Fragment = 132,
};

/// Exchange types (RFC 2408 section 3.1, RFC 2409 appendix A).
enum class ExchangeType : uint8_t
{
    MainMode = 2,
    AggressiveMode = 4,
    Informational = 5,
    Transaction = 6,
    QuickMode = 32,
    NewGroupMode = 33,
};

/// Flags of the ISAKMP header (RFC 2408 section 3.1).
constexpr uint8_t FLAG_ENCRYPTION = 1;
constexpr uint8_t FLAG_COMMIT = 2;
constexpr uint8_t FLAG_AUTH_ONLY = 4;

/// Protocol identifiers (RFC 2407 section 4.4.1).
enum class ProtocolId : uint8_t
{
    Isakmp = 1,
    Ah = 2,
    Esp = 3,
    IpComp = 4,
};

constexpr uint32_t DOI_ISAKMP = 0;
constexpr uint32_t DOI_IPSEC = 1;
constexpr uint32_t SIT_IDENTITY_ONLY = 1;
/// The only transform ID of phase 1 (RFC 2407 section 4.4.2).
constexpr uint8_t KEY_IKE = 1;

/// Attribute classes of phase 1 (RFC 2409 appendix A).
enum class IkeAttribute : uint16_t
{
    Encryption = 1,
    Hash = 2,
    Authentication = 3,
    Group = 4,
    GroupType = 5,
    LifeType = 11,
    LifeDuration = 12,
    Prf = 13,
    KeyLength = 14,
};

/// Attribute classes of phase 2 (RFC 2407 section 4.5).
enum class IpsecAttribute : uint16_t
{
    LifeType = 1,
    LifeDuration = 2,
    Group = 3,
    EncapsulationMode = 4,
    Authentication = 5,
    KeyLength = 6,
    KeyRounds = 7,
    ExtendedSequence = 11,
};

/// Life types, the same numbers in both phases.
constexpr uint16_t LIFE_SECONDS = 1;
constexpr uint16_t LIFE_KILOBYTES = 2;

/// Authentication methods (RFC 2409 appendix A, RFC 4754, the XAUTH and hybrid drafts).
enum class AuthMethodId : uint16_t
{
    PreSharedKey = 1,
    DsaSignature = 2,
    RsaSignature = 3,
    RsaEncryption = 4,
    RsaRevisedEncryption = 5,
    Ecdsa256 = 9,
    Ecdsa384 = 10,
    Ecdsa521 = 11,
    XauthInitPreShared = 65001,
    XauthRespPreShared = 65002,
    XauthInitDsa = 65003,
    XauthRespDsa = 65004,
    XauthInitRsa = 65005,
    XauthRespRsa = 65006,
    XauthInitRsaEncryption = 65007,
    XauthRespRsaEncryption = 65008,
    XauthInitRsaRevisedEncryption = 65009,
    XauthRespRsaRevisedEncryption = 65010,
    HybridInitRsa = 64221,
    HybridRespRsa = 64222,
};

/// Encapsulation modes (RFC 2407 section 4.5, RFC 3947 section 5.1, and its drafts).
constexpr uint16_t ENCAPSULATION_TUNNEL = 1;
constexpr uint16_t ENCAPSULATION_TRANSPORT = 2;
constexpr uint16_t ENCAPSULATION_UDP_TUNNEL = 3;
constexpr uint16_t ENCAPSULATION_UDP_TRANSPORT = 4;
constexpr uint16_t ENCAPSULATION_UDP_TUNNEL_DRAFT = 61443;
constexpr uint16_t ENCAPSULATION_UDP_TRANSPORT_DRAFT = 61444;

/// Identification types (RFC 2407 section 4.6.2.1).
enum class IdType : uint8_t
{
    Ipv4Addr = 1,
    Fqdn = 2,
    UserFqdn = 3,
    Ipv4AddrSubnet = 4,
    Ipv6Addr = 5,
    Ipv6AddrSubnet = 6,
    Ipv4AddrRange = 7,
    Ipv6AddrRange = 8,
    DerAsn1Dn = 9,
    DerAsn1Gn = 10,
    KeyId = 11,
};

/// Notify message types (RFC 2408 section 3.14.1, RFC 2407 section 4.6.3, RFC 3706).
enum class NotifyType : uint16_t
{
    InvalidPayloadType = 1,
    DoiNotSupported = 2,
    SituationNotSupported = 3,
    InvalidCookie = 4,
    InvalidMajorVersion = 5,
    InvalidMinorVersion = 6,
    InvalidExchangeType = 7,
    InvalidFlags = 8,
    InvalidMessageId = 9,
    InvalidProtocolId = 10,
    InvalidSpi = 11,
    InvalidTransformId = 12,
    AttributesNotSupported = 13,
    NoProposalChosen = 14,
    BadProposalSyntax = 15,
    PayloadMalformed = 16,
    InvalidKeyInformation = 17,
    InvalidIdInformation = 18,
    InvalidCertEncoding = 19,
    InvalidCertificate = 20,
    CertTypeUnsupported = 21,
    InvalidCertAuthority = 22,
    InvalidHashInformation = 23,
    AuthenticationFailed = 24,
    InvalidSignature = 25,
    AddressNotification = 26,
    NotifySaLifetime = 27,
    CertificateUnavailable = 28,
    UnsupportedExchangeType = 29,
    UnequalPayloadLengths = 30,
    Connected = 16384,
    ResponderLifetime = 24576,
    ReplayStatus = 24577,
    InitialContact = 24578,
    RUThere = 36136,
    RUThereAck = 36137,
};

/// Attribute classes of Mode Config (draft-dukes-ike-mode-cfg-02 section 3.3, Cisco Unity).
enum class ConfigAttribute : uint16_t
{
    Address = 1,
    Netmask = 2,
    Dns = 3,
    Subnet = 13,
    UnitySplitInclude = 28676,
};

/// Attribute classes of XAUTH (draft-ietf-ipsec-isakmp-xauth-06 section 4.2).
enum class XauthAttribute : uint16_t
{
    Type = 16520,
    UserName = 16521,
    UserPassword = 16522,
    Passcode = 16523,
    Message = 16524,
    Status = 16527,
};

/// Tells whether a notify type reports an error (RFC 2408 section 3.14.1: types from 1 to 16383,
/// the private ones included).
bool IsErrorNotify(uint16_t type);

/// Returns the short name of a payload for ladders and traces, such as "SA", "KE", "N", "NAT-D";
/// "?133" for an unknown type.
std::string PayloadName(PayloadType type);
/// Returns the name of an exchange, such as "main", "aggressive", "quick", "informational",
/// "transaction".
std::string ExchangeName(ExchangeType type);
/// Returns the RFC's name of a notify type, such as "NO-PROPOSAL-CHOSEN", or its number.
std::string NotifyName(uint16_t type);

} // namespace ipsec
} // namespace ns3

#endif // ISAKMP_CONSTANTS_H
