// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What both ends of phase 1 do alike.
 */
#ifndef IKE_PHASE1_COMMON_H
#define IKE_PHASE1_COMMON_H

#include "ike-exchange.h"
#include "ike-sa.h"

#include "ns3/crypto-dh-secret.h"
#include "ns3/isakmp-payloads.h"
#include "ns3/isakmp-vendor-ids.h"

namespace ns3
{
namespace ipsec
{

/// Makes the header of a phase 1 message.
IsakmpHeader Phase1Header(ExchangeType exchange, const Cookie& initiator, const Cookie& responder);

/// Draws a cookie: never zero, never @p other.
Cookie DrawCookie(RandomSource& random, const Cookie& other);

/// Tells whether the peer announced this.
bool Announces(const PayloadChain& chain, VendorId what);

/// What the peer announced by vendor IDs, and asked for by CERTREQ, in its clear messages so far.
struct PeerAnnouncements
{
    /// The newest document of NAT traversal that it knows and we offer.
    NatTraversalVersion natTraversal = NatTraversalVersion::None;
    bool unity = false;
    bool fragmentation = false;
    bool dpd = false;
    bool asksCertificate = false;
    /// DER Names of the authorities that it asked for; none means any.
    std::vector<Octets> authorities;

    /// Adds what a message says.
    void Read(const PayloadChain& chain, const PeerConfig& config);
};

/// Returns the vendor IDs that an initiator sends with its proposals: all that we know and want.
std::vector<RawPayload> OwnVendorIds(const PeerConfig& config);
/// Returns those with which a responder answers: what the peer announced, too (P1-21).
std::vector<RawPayload> AnsweredVendorIds(const PeerConfig& config, const PeerAnnouncements& peer);

/// Returns which end of this phase 1 XAUTH asks, if any.
XauthUse XauthUseOf(const PeerConfig& config, Role own);

/// Returns what a responder takes.
Phase1Terms Phase1TermsOf(const PeerConfig& config);

/// Appends payloads.
void Append(std::vector<RawPayload>& payloads, std::vector<RawPayload> more);

/// Draws our half of the exchange and counts the work.
DhKeyPair DrawKeyPair(uint16_t group, StepContext& context);
/// The same for the end that sends its half first: the other one may be in this process.
DhKeyPair DrawFirstKeyPair(uint16_t group, StepContext& context);
/// Begins to compute g^xy and counts the work.
Result<DhSecret> SharedSecret(const DhKeyPair& own, OctetView peer, StepContext& context);

/// What the keys of phase 1 are made of beside g^xy.
struct Phase1KeyInput
{
    Cookie initiatorCookie{};
    Cookie responderCookie{};
    OctetView gxi;
    OctetView gxr;
    OctetView ni;
    OctetView nr;
};

/// Checks the peer's public value and begins to compute g^xy, from which all keys follow by the
/// authentication method that was agreed on. Their last block is the first IV of phase 1 until a
/// message is encrypted. All work is counted here.
Result<PendingKeys> BeginKeys(const Phase1Proposal& proposal,
                              const DhKeyPair& own,
                              OctetView peerValue,
                              const Phase1KeyInput& input,
                              StepContext& context);
/// The same for who needs the keys at once.
Result<IkeKeys> AgreeOnKeys(const Phase1Proposal& proposal,
                            const DhKeyPair& own,
                            OctetView peerValue,
                            const Phase1KeyInput& input,
                            StepContext& context);

/// Derives the keys; waits for g^xy, if need be. CryptoFailure if they are weak.
Result<IkeKeys> AwaitKeys(const PendingKeys& pending);

/// Returns the identity that we show, and the body of its ID payload.
Identity OwnIdentity(const PeerConfig& config);
Octets OwnIdBody(const PeerConfig& config);

/**
 * Reads a phase 1 ID payload: protocol and port must be 0/0, UDP/500 or UDP/0 (RFC 2407 section
 * 4.6.2, RFC 3947 section 4), else BadIdentity.
 */
Result<Identity> ReadPhase1Identity(OctetView body);

/// Checks an identity against the configured one, or against the peer's address where none is
/// configured: IdentityMismatch. A site with a dynamic address must be known by a name: BadIdentity
/// (AM-06, PO-06).
Result<Done> CheckIdentity(const Identity& identity, const PeerConfig& config);

/// Returns the chain of encrypted phase 1 messages.
CipherChain Phase1Chain(const IkeKeys& keys);

/// Detects a NAT, if both ends want to know.
NatFindings FindNat(const IkeKeys& keys,
                    const PeerAnnouncements& peer,
                    const IncomingMessage& message,
                    const PeerConfig& config);
/// Makes our NAT-D payloads for the way back of @p message; none if the peer does not know them.
std::vector<RawPayload> NatDFor(HashId hash,
                                const Cookie& initiator,
                                const Cookie& responder,
                                const PeerAnnouncements& peer,
                                const IncomingMessage& message,
                                StepContext& context);

/// Makes the IKE SA that phase 1 ends in.
IkeSa MakeIkeSa(ProvenPeer peer,
                IkeKeys keys,
                Role role,
                Phase1Mode mode,
                const Phase1Choice& choice,
                const NatFindings& nat,
                const StepContext& context);

/// Makes a notification about an IKE SA itself: its SPI is the pair of cookies.
RawPayload MakeIsakmpNotify(NotifyType type,
                            const Cookie& initiator,
                            const Cookie& responder,
                            OctetView data);

/// Makes RESPONDER-LIFETIME data (RFC 2407 section 4.6.3.1).
Octets LifetimeData(uint16_t typeClass, uint16_t durationClass, Duration lifetime);

/**
 * Checks the notifications that ride in MM5 and MM6. HASH_I and HASH_R do not cover them (RFC 2409
 * section 5), so each must be exactly what it can be: about this SA, and complete. Otherwise a
 * message whose last block was changed on the way would be taken for good, and its ciphertext
 * would break the IV chain (MalformedPayload).
 */
Result<Done> CheckSaNotifies(const PayloadChain& chain, const IkeKeys& keys);

/// Makes the RESPONDER-LIFETIME that tells the initiator of a lifetime shorter than it offered;
/// nothing if it is not.
std::optional<RawPayload> MakeResponderLifetime(const IkeKeys& keys, const Phase1Choice& choice);

/// Finds the first notification of a type in a message.
std::optional<NotifyPayload> FindNotify(const PayloadChain& chain, NotifyType type);
/// Reads the seconds of RESPONDER-LIFETIME, if the message carries it and it says any.
std::optional<Duration> FindResponderLifetime(const PayloadChain& chain,
                                              uint16_t typeClass,
                                              uint16_t durationClass);

} // namespace ipsec
} // namespace ns3

#endif // IKE_PHASE1_COMMON_H
