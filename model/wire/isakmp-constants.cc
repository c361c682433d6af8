// SPDX-License-Identifier: GPL-2.0-only
#include "isakmp-constants.h"

namespace ns3
{
namespace ipsec
{

namespace
{

/// Error types end here; status types follow (RFC 2408 section 3.14.1).
constexpr uint16_t FIRST_STATUS_NOTIFY = 16384;

/// A number and its name, for look-ups in short tables.
template <typename T>
struct NamedRow
{
    T value;
    const char* name;
};

constexpr NamedRow<PayloadType> PAYLOADS[] = {
    {PayloadType::None, "NONE"},
    {PayloadType::Sa, "SA"},
    {PayloadType::Proposal, "P"},
    {PayloadType::Transform, "T"},
    {PayloadType::Ke, "KE"},
    {PayloadType::Id, "ID"},
    {PayloadType::Cert, "CERT"},
    {PayloadType::CertRequest, "CR"},
    {PayloadType::Hash, "HASH"},
    {PayloadType::Sig, "SIG"},
    {PayloadType::Nonce, "NONCE"},
    {PayloadType::Notify, "N"},
    {PayloadType::Delete, "D"},
    {PayloadType::VendorId, "VID"},
    {PayloadType::Attributes, "ATTR"},
    {PayloadType::NatD, "NAT-D"},
    {PayloadType::NatOa, "NAT-OA"},
    {PayloadType::NatDDraft, "NAT-D"},
    {PayloadType::NatOaDraft, "NAT-OA"},
    {PayloadType::Fragment, "FRAG"},
};

constexpr NamedRow<ExchangeType> EXCHANGES[] = {
    {ExchangeType::MainMode, "main"},
    {ExchangeType::AggressiveMode, "aggressive"},
    {ExchangeType::Informational, "informational"},
    {ExchangeType::Transaction, "transaction"},
    {ExchangeType::QuickMode, "quick"},
    {ExchangeType::NewGroupMode, "new group"},
};

constexpr NamedRow<NotifyType> NOTIFIES[] = {
    {NotifyType::InvalidPayloadType, "INVALID-PAYLOAD-TYPE"},
    {NotifyType::DoiNotSupported, "DOI-NOT-SUPPORTED"},
    {NotifyType::SituationNotSupported, "SITUATION-NOT-SUPPORTED"},
    {NotifyType::InvalidCookie, "INVALID-COOKIE"},
    {NotifyType::InvalidMajorVersion, "INVALID-MAJOR-VERSION"},
    {NotifyType::InvalidMinorVersion, "INVALID-MINOR-VERSION"},
    {NotifyType::InvalidExchangeType, "INVALID-EXCHANGE-TYPE"},
    {NotifyType::InvalidFlags, "INVALID-FLAGS"},
    {NotifyType::InvalidMessageId, "INVALID-MESSAGE-ID"},
    {NotifyType::InvalidProtocolId, "INVALID-PROTOCOL-ID"},
    {NotifyType::InvalidSpi, "INVALID-SPI"},
    {NotifyType::InvalidTransformId, "INVALID-TRANSFORM-ID"},
    {NotifyType::AttributesNotSupported, "ATTRIBUTES-NOT-SUPPORTED"},
    {NotifyType::NoProposalChosen, "NO-PROPOSAL-CHOSEN"},
    {NotifyType::BadProposalSyntax, "BAD-PROPOSAL-SYNTAX"},
    {NotifyType::PayloadMalformed, "PAYLOAD-MALFORMED"},
    {NotifyType::InvalidKeyInformation, "INVALID-KEY-INFORMATION"},
    {NotifyType::InvalidIdInformation, "INVALID-ID-INFORMATION"},
    {NotifyType::InvalidCertEncoding, "INVALID-CERT-ENCODING"},
    {NotifyType::InvalidCertificate, "INVALID-CERTIFICATE"},
    {NotifyType::CertTypeUnsupported, "CERT-TYPE-UNSUPPORTED"},
    {NotifyType::InvalidCertAuthority, "INVALID-CERT-AUTHORITY"},
    {NotifyType::InvalidHashInformation, "INVALID-HASH-INFORMATION"},
    {NotifyType::AuthenticationFailed, "AUTHENTICATION-FAILED"},
    {NotifyType::InvalidSignature, "INVALID-SIGNATURE"},
    {NotifyType::AddressNotification, "ADDRESS-NOTIFICATION"},
    {NotifyType::NotifySaLifetime, "NOTIFY-SA-LIFETIME"},
    {NotifyType::CertificateUnavailable, "CERTIFICATE-UNAVAILABLE"},
    {NotifyType::UnsupportedExchangeType, "UNSUPPORTED-EXCHANGE-TYPE"},
    {NotifyType::UnequalPayloadLengths, "UNEQUAL-PAYLOAD-LENGTHS"},
    {NotifyType::Connected, "CONNECTED"},
    {NotifyType::ResponderLifetime, "RESPONDER-LIFETIME"},
    {NotifyType::ReplayStatus, "REPLAY-STATUS"},
    {NotifyType::InitialContact, "INITIAL-CONTACT"},
    {NotifyType::RUThere, "R-U-THERE"},
    {NotifyType::RUThereAck, "R-U-THERE-ACK"},
};

/// Returns the name of @p value in @p rows, or null.
template <typename T, size_t N>
const char*
FindName(const NamedRow<T> (&rows)[N], T value)
{
    for (const NamedRow<T>& row : rows)
    {
        if (row.value == value)
        {
            return row.name;
        }
    }
    return nullptr;
}

} // namespace

bool
IsErrorNotify(uint16_t type)
{
    return type != 0 && type < FIRST_STATUS_NOTIFY;
}

std::string
PayloadName(PayloadType type)
{
    const char* name = FindName(PAYLOADS, type);
    return name ? name : "?" + std::to_string(static_cast<unsigned>(type));
}

std::string
ExchangeName(ExchangeType type)
{
    const char* name = FindName(EXCHANGES, type);
    return name ? name : "?" + std::to_string(static_cast<unsigned>(type));
}

std::string
NotifyName(uint16_t type)
{
    const char* name = FindName(NOTIFIES, static_cast<NotifyType>(type));
    return name ? name : std::to_string(type);
}

} // namespace ipsec
} // namespace ns3
