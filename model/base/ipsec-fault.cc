// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-fault.h"

#include <array>

namespace ns3
{
namespace ipsec
{

namespace
{

struct FaultRow
{
    Fault fault;
    const char* name;
    const char* text;
};

/// One row per fault, in the order of the enumeration (a test checks it).
constexpr std::array<FaultRow, FAULT_COUNT> FAULTS = {{
    {Fault::TooShort, "TooShort", "fewer octets than a header or a fixed part needs"},
    {Fault::LengthMismatch, "LengthMismatch", "the length field and the octets received differ"},
    {Fault::BadVersion, "BadVersion", "major version is not 1"},
    {Fault::BadCookie, "BadCookie", "zero, equal, reflected or unexpected cookies"},
    {Fault::UnknownExchangeType, "UnknownExchangeType", "an exchange type that nobody speaks here"},
    {Fault::BadMessageId,
     "BadMessageId",
     "zero where an ID is needed, an ID in phase 1, or one used before"},
    {Fault::BadFlags, "BadFlags", "encryption flag missing or unexpected, reserved flags set"},
    {Fault::MalformedPayload, "MalformedPayload", "payload chain or payload body does not parse"},
    {Fault::ReservedNotZero, "ReservedNotZero", "a RESERVED field is not zero"},
    {Fault::UnknownPayload, "UnknownPayload", "a payload type below 128 that is not known"},
    {Fault::UnexpectedPayload, "UnexpectedPayload", "a payload that has no place in this message"},
    {Fault::MissingPayload, "MissingPayload", "a payload that this message needs is not there"},
    {Fault::DuplicatePayload, "DuplicatePayload", "a payload is there twice"},
    {Fault::TooManyPayloads, "TooManyPayloads", "more payloads than the limit"},
    {Fault::BadProposalSyntax,
     "BadProposalSyntax",
     "SA payload whose counts or lengths contradict each other"},
    {Fault::UnsupportedDoi, "UnsupportedDoi", "DOI is not IPsec"},
    {Fault::UnsupportedSituation, "UnsupportedSituation", "situation is not SIT_IDENTITY_ONLY"},
    {Fault::NoSuchExchange,
     "NoSuchExchange",
     "no SA or exchange has these cookies or this message ID"},
    {Fault::UnknownPeer, "UnknownPeer", "no peer is configured for this address"},
    {Fault::NoKey, "NoKey", "the key for this peer was taken out of the configuration"},
    {Fault::ExchangeRefused,
     "ExchangeRefused",
     "the exchange type or mode is not allowed for this peer"},
    {Fault::Duplicate, "Duplicate", "a message seen before that asks for no answer"},
    {Fault::NoProposalChosen, "NoProposalChosen", "no offered proposal is acceptable"},
    {Fault::ChangedProposal, "ChangedProposal", "the answer is not one of the offered proposals"},
    {Fault::BadKeyExchange,
     "BadKeyExchange",
     "KE of the wrong length, or a public value outside the group"},
    {Fault::BadNonce, "BadNonce", "nonce shorter than 8 or longer than 256 octets"},
    {Fault::ReflectedValue, "ReflectedValue", "peer sent our own KE or nonce back"},
    {Fault::BadIdentity, "BadIdentity", "ID body malformed, or protocol and port not allowed"},
    {Fault::IdentityMismatch, "IdentityMismatch", "the peer's identity is not the configured one"},
    {Fault::Undecryptable,
     "Undecryptable",
     "decrypted to garbage: wrong key, usually a wrong pre-shared key"},
    {Fault::AuthenticationFailed, "AuthenticationFailed", "HASH_I, HASH_R or SIG is wrong"},
    {Fault::BadCertificate,
     "BadCertificate",
     "a certificate, or a chain of them, is malformed or contradicts itself"},
    {Fault::MissingCertificate,
     "MissingCertificate",
     "the peer sent no certificate, and none is known"},
    {Fault::CertificateMismatch,
     "CertificateMismatch",
     "the certificate does not name the peer's identity"},
    {Fault::CertificateExpired, "CertificateExpired", "a certificate of the chain has ended"},
    {Fault::CertificateNotYetValid,
     "CertificateNotYetValid",
     "a certificate of the chain has not begun"},
    {Fault::CertificateRevoked,
     "CertificateRevoked",
     "a certificate of the chain is on a revocation list"},
    {Fault::RevocationUnknown,
     "RevocationUnknown",
     "a current revocation list is required, and there is none"},
    {Fault::UnknownAuthority, "UnknownAuthority", "no chain leads to an authority that is trusted"},
    {Fault::UntrustedSelfSigned,
     "UntrustedSelfSigned",
     "a self-signed certificate that is not pinned"},
    {Fault::WeakCertificate,
     "WeakCertificate",
     "a certificate signed by MD5 or SHA-1, or a key that is too short"},
    {Fault::BadHash, "BadHash", "HASH(1), HASH(2), HASH(3) or a notification's HASH is wrong"},
    {Fault::ProxyIdMismatch,
     "ProxyIdMismatch",
     "quick mode's client identities are not configured here"},
    {Fault::BadSpi, "BadSpi", "an SPI of the wrong size or below 256"},
    {Fault::AhThroughNat,
     "AhThroughNat",
     "AH covers addresses, and a NAT changes them: nothing else was offered"},
    {Fault::NotEncrypted, "NotEncrypted", "a clear message where only encrypted ones count"},
    {Fault::UnauthenticatedNotify,
     "UnauthenticatedNotify",
     "a clear notification: noted, no effect"},
    {Fault::ErrorNotify, "ErrorNotify", "the peer refused with an authenticated notification"},
    {Fault::HalfOpenLimit, "HalfOpenLimit", "too many unfinished phase 1 exchanges"},
    {Fault::XauthFailed, "XauthFailed", "wrong user, password or answer in XAUTH, too often"},
    {Fault::XauthRequired,
     "XauthRequired",
     "the peer went on without the XAUTH that is asked of it"},
    {Fault::ConfigFailed, "ConfigFailed", "Mode Config got no usable answer"},
    {Fault::PoolExhausted, "PoolExhausted", "the address pool has no free address"},
    {Fault::FragmentRefused,
     "FragmentRefused",
     "an IKE fragment that was not agreed on, or does not fit the others"},
    {Fault::FragmentLimit, "FragmentLimit", "too many IKE fragments wait for others"},
    {Fault::FragmentTimeout,
     "FragmentTimeout",
     "the other fragments of a message did not come in time"},
    {Fault::TooManyExchanges,
     "TooManyExchanges",
     "too many exchanges at once, or message IDs used up, on one IKE SA"},
    {Fault::RateLimited, "RateLimited", "an answer was not sent because one was sent just before"},
    {Fault::NegotiationTimeout,
     "NegotiationTimeout",
     "the peer did not answer within all retransmissions"},
    {Fault::NoRoute, "NoRoute", "the peer's address cannot be reached"},
    {Fault::Terminated, "Terminated", "ended by the user or by the peer's Delete"},
    {Fault::Replaced, "Replaced", "a newer SA took its place"},
    {Fault::InitialContact,
     "InitialContact",
     "the peer announced INITIAL-CONTACT: it knows of no older SA"},
    {Fault::Expired, "Expired", "its lifetime ended"},
    {Fault::PeerDead, "PeerDead", "the peer did not answer dead peer detection"},
    {Fault::DpdRefused,
     "DpdRefused",
     "dead peer detection with a sequence number that has no place"},
    {Fault::NotUnique,
     "NotUnique",
     "another IKE SA of the same identity lives, and may not be replaced"},
    {Fault::PeerLimit, "PeerLimit", "too many clients of groups at once"},
    {Fault::Redundant, "Redundant", "a crossing negotiation made another one for the same traffic"},
    {Fault::SpiUnknownToPeer, "SpiUnknownToPeer", "the peer said that it does not know the SPI"},
    {Fault::NatKeepalive, "NatKeepalive", "a NAT keepalive octet: consumed"},
    {Fault::OldPort, "OldPort", "came to port 500 after the IKE SA moved to 4500"},
    {Fault::SelectorConflict,
     "SelectorConflict",
     "another peer behind a NAT has a tunnel for the same traffic"},
    {Fault::NoPolicy, "NoPolicy", "no policy names this packet"},
    {Fault::PolicyDiscard, "PolicyDiscard", "a policy says discard"},
    {Fault::ClearTextForbidden,
     "ClearTextForbidden",
     "a clear packet that a policy wants protected"},
    {Fault::StagedOverflow,
     "StagedOverflow",
     "staged packets: the oldest made room for a newer one"},
    {Fault::StagedAbandoned,
     "StagedAbandoned",
     "staged packets dropped because the negotiation failed"},
    {Fault::NoSuchSa, "NoSuchSa", "no inbound SA has this SPI"},
    {Fault::EspTooShort, "EspTooShort", "ESP packet shorter than its fixed parts"},
    {Fault::EspNotAligned, "EspNotAligned", "ciphertext is not a multiple of the block"},
    {Fault::BadIcv, "BadIcv", "integrity check value is wrong"},
    {Fault::Replayed, "Replayed", "sequence number seen before, zero, or left of the window"},
    {Fault::SequenceExhausted, "SequenceExhausted", "the sender's sequence number would wrap"},
    {Fault::BadPadding, "BadPadding", "ESP pad length or pad octets are wrong"},
    {Fault::DummyPacket,
     "DummyPacket",
     "ESP next header 59: discarded silently (RFC 4303 section 2.6)"},
    {Fault::InnerMalformed,
     "InnerMalformed",
     "what was inside is not a whole packet of the expected kind"},
    {Fault::SelectorMismatch,
     "SelectorMismatch",
     "inner packet does not belong to the SA it came in on"},
    {Fault::BundleMismatch, "BundleMismatch", "AH or ESP of a bundle came without the other"},
    {Fault::SaExpired, "SaExpired", "packet came after the SA's hard lifetime"},
    {Fault::PacketTooBig, "PacketTooBig", "larger than the path takes, and DF forbids to cut it"},
    {Fault::EcnMismatch,
     "EcnMismatch",
     "congestion was marked on a packet whose inner header cannot show it"},
    {Fault::CpuOverload, "CpuOverload", "the queue of the node's processor was full"},
    {Fault::NodeDown,
     "NodeDown",
     "the node crashed: what it knew is lost, and what comes now, too"},
    {Fault::CryptoFailure, "CryptoFailure", "OpenSSL refused an operation"},
}};

const FaultRow&
Row(Fault fault)
{
    const FaultRow& row = FAULTS[static_cast<size_t>(fault)];
    assert(row.fault == fault);
    return row;
}

} // namespace

const char*
FaultName(Fault fault)
{
    return Row(fault).name;
}

const char*
FaultText(Fault fault)
{
    return Row(fault).text;
}

} // namespace ipsec
} // namespace ns3
