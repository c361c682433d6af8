// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The reasons for which something from the network is refused or lost, and results that may hold
 * one.
 */
#ifndef IPSEC_FAULT_H
#define IPSEC_FAULT_H

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <variant>

namespace ns3
{
namespace ipsec
{

/// Why a message or packet was refused, or a negotiation failed. FaultName() gives the text.
enum class Fault : uint8_t
{
    // Framing (RFC 2408 section 5.1)
    TooShort,             ///< fewer octets than a header or a fixed part needs
    LengthMismatch,       ///< the length field and the octets received differ
    BadVersion,           ///< major version is not 1
    BadCookie,            ///< zero, equal, reflected or unexpected cookies
    UnknownExchangeType,  ///< an exchange type that nobody speaks here
    BadMessageId,         ///< zero where an ID is needed, an ID in phase 1, or one used before
    BadFlags,             ///< encryption flag missing or unexpected, reserved flags set
    MalformedPayload,     ///< payload chain or payload body does not parse
    ReservedNotZero,      ///< a RESERVED field is not zero
    UnknownPayload,       ///< a payload type below 128 that is not known
    UnexpectedPayload,    ///< a payload that has no place in this message
    MissingPayload,       ///< a payload that this message needs is not there
    DuplicatePayload,     ///< a payload is there twice
    TooManyPayloads,      ///< more payloads than the limit
    BadProposalSyntax,    ///< SA payload whose counts or lengths contradict each other
    UnsupportedDoi,       ///< DOI is not IPsec
    UnsupportedSituation, ///< situation is not SIT_IDENTITY_ONLY
    // Phase 1 and 2
    NoSuchExchange,       ///< no SA or exchange has these cookies or this message ID
    UnknownPeer,          ///< no peer is configured for this address
    NoKey,                ///< the key for this peer was taken out of the configuration
    ExchangeRefused,      ///< the exchange type or mode is not allowed for this peer
    Duplicate,            ///< a message seen before that asks for no answer
    NoProposalChosen,     ///< no offered proposal is acceptable
    ChangedProposal,      ///< the answer is not one of the offered proposals
    BadKeyExchange,       ///< KE of the wrong length, or a public value outside the group
    BadNonce,             ///< nonce shorter than 8 or longer than 256 octets
    ReflectedValue,       ///< peer sent our own KE or nonce back
    BadIdentity,          ///< ID body malformed, or protocol and port not allowed
    IdentityMismatch,     ///< the peer's identity is not the configured one
    Undecryptable,        ///< decrypted to garbage: wrong key, usually a wrong pre-shared key
    AuthenticationFailed, ///< HASH_I, HASH_R or SIG is wrong
    BadCertificate, ///< a certificate, or a chain of them, that is malformed or contradicts itself
    MissingCertificate,     ///< the peer sent no certificate, and none is known
    CertificateMismatch,    ///< the certificate does not name the peer's identity
    CertificateExpired,     ///< a certificate of the chain has ended
    CertificateNotYetValid, ///< a certificate of the chain has not begun
    CertificateRevoked,     ///< a certificate of the chain is on a revocation list
    RevocationUnknown,      ///< a current revocation list is required, and there is none
    UnknownAuthority,       ///< no chain leads to an authority that is trusted
    UntrustedSelfSigned,    ///< a self-signed certificate that is not pinned
    WeakCertificate,        ///< signed by MD5 or SHA-1, or a key that is too short
    BadHash,                ///< HASH(1), HASH(2), HASH(3) or a notification's HASH is wrong
    ProxyIdMismatch,        ///< quick mode's client identities are not configured here
    BadSpi,                 ///< an SPI of the wrong size or below 256
    AhThroughNat, ///< AH covers addresses, and a NAT changes them: nothing else was offered
    NotEncrypted, ///< a clear message where only encrypted ones count
    UnauthenticatedNotify, ///< a clear notification: noted, no effect
    ErrorNotify,           ///< the peer refused with an authenticated notification
    HalfOpenLimit,         ///< too many unfinished phase 1 exchanges
    XauthFailed,           ///< XAUTH: wrong user, password or answer, too often
    XauthRequired,         ///< the peer went on without the XAUTH that is asked of it
    ConfigFailed,          ///< Mode Config got no usable answer
    PoolExhausted,         ///< the address pool has no free address
    FragmentRefused,    ///< an IKE fragment that was not agreed on, or that does not fit the others
    FragmentLimit,      ///< too many, or too much, of IKE fragments that wait for others
    FragmentTimeout,    ///< the other fragments of a message did not come in time
    TooManyExchanges,   ///< too many exchanges at once, or message IDs used up, on one IKE SA
    RateLimited,        ///< an answer was not sent because one was sent just before
    NegotiationTimeout, ///< the peer did not answer within all retransmissions
    NoRoute,            ///< the peer's address cannot be reached
    Terminated,         ///< ended by the user or by the peer's Delete
    Replaced,           ///< a newer SA took its place
    InitialContact,     ///< the peer announced INITIAL-CONTACT: it knows of no older SA
    Expired,            ///< its lifetime ended
    PeerDead,           ///< the peer did not answer dead peer detection
    DpdRefused,         ///< dead peer detection with a sequence number that has no place
    NotUnique,          ///< another IKE SA of the same identity lives, and may not be replaced
    PeerLimit,          ///< too many clients of groups at once
    Redundant,          ///< a crossing negotiation made another one for the same traffic
    SpiUnknownToPeer,   ///< the peer said that it does not know the SPI
    NatKeepalive,       ///< a NAT keepalive octet: consumed
    OldPort,            ///< came to port 500 after the IKE SA moved to 4500
    SelectorConflict,   ///< another peer behind a NAT has a tunnel for the same traffic
    // Data plane
    NoPolicy,           ///< no policy names this packet
    PolicyDiscard,      ///< a policy says discard
    ClearTextForbidden, ///< a clear packet that a policy wants protected
    StagedOverflow,     ///< staged packets: the oldest made room for a newer one
    StagedAbandoned,    ///< staged packets dropped because the negotiation failed
    NoSuchSa,           ///< no inbound SA has this SPI
    EspTooShort,        ///< ESP packet shorter than its fixed parts
    EspNotAligned,      ///< ciphertext is not a multiple of the block
    BadIcv,             ///< integrity check value is wrong
    Replayed,           ///< sequence number seen before, zero, or left of the window
    SequenceExhausted,  ///< the sender's sequence number would wrap
    BadPadding,         ///< ESP pad length or pad octets are wrong
    DummyPacket,        ///< ESP next header 59: discarded silently (RFC 4303 section 2.6)
    InnerMalformed,     ///< what was inside is not a whole packet of the expected kind
    SelectorMismatch,   ///< inner packet does not belong to the SA it came in on
    BundleMismatch,     ///< AH or ESP of a bundle came without the other
    SaExpired,          ///< packet came after the SA's hard lifetime
    PacketTooBig,       ///< larger than the path takes, and DF forbids to cut it
    EcnMismatch,        ///< congestion was marked on a packet whose inner header cannot show it
    CpuOverload,        ///< the queue of the node's processor was full
    NodeDown,           ///< the node crashed: what it knew is lost, and what comes now, too
    CryptoFailure,      ///< OpenSSL refused an operation
};

/// Number of faults, for tables indexed by them.
constexpr size_t FAULT_COUNT = static_cast<size_t>(Fault::CryptoFailure) + 1;

/// Returns the name of a fault as results and traces show it, such as "NoProposalChosen".
const char* FaultName(Fault fault);

/// Returns one clause that explains a fault to a reader, such as "no offered proposal is
/// acceptable".
const char* FaultText(Fault fault);

/// Stands for success where there is no value to give.
struct Done
{
};

/// Holds a value or the fault that prevented it.
template <typename T>
class [[nodiscard]] Result
{
  public:
    /* implicit */ Result(T value)
        : m_content(std::move(value))
    {
    }

    /* implicit */ Result(Fault fault)
        : m_content(fault)
    {
    }

    bool
    Ok() const
    {
        return std::holds_alternative<T>(m_content);
    }

    explicit operator bool() const
    {
        return Ok();
    }

    /// Returns the value; only after Ok().
    const T&
    Value() const&
    {
        assert(Ok());
        return *std::get_if<T>(&m_content);
    }

    T&
    Value() &
    {
        assert(Ok());
        return *std::get_if<T>(&m_content);
    }

    T&&
    Value() &&
    {
        assert(Ok());
        return std::move(*std::get_if<T>(&m_content));
    }

    const T&
    operator*() const&
    {
        return Value();
    }

    T&
    operator*() &
    {
        return Value();
    }

    const T*
    operator->() const
    {
        return &Value();
    }

    T*
    operator->()
    {
        return &Value();
    }

    /// Returns the fault; only if not Ok().
    Fault
    GetFault() const
    {
        assert(!Ok());
        return *std::get_if<Fault>(&m_content);
    }

  private:
    std::variant<T, Fault> m_content;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_FAULT_H
