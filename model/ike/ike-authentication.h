// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * How the ends of phase 1 prove who they are: HASH or SIG, and the certificates that go with it.
 *
 *     pre-shared key, and the client of hybrid authentication:  ID, HASH
 *     signature:                                                ID, [CERT...], SIG
 *     public key encryption:                                    HASH (ID went with the nonce)
 */
#ifndef IKE_AUTHENTICATION_H
#define IKE_AUTHENTICATION_H

#include "ike-key-exchange.h"
#include "ike-phase1-common.h"
#include "ike-sa.h"

namespace ns3
{
namespace ipsec
{

/// Most CERTREQ payloads in one message.
constexpr uint8_t MAX_CERTIFICATE_REQUESTS = 16;

/// What both ends hash over to prove themselves.
struct Phase1Transcript
{
    Octets saBody;
    Octets gxi;
    Octets gxr;
};

/// The IKE SA in the making that a proof is about.
struct ProofGround
{
    const IkeKeys& keys;
    const Phase1Choice& choice;
    const Phase1Transcript& transcript;
};

/// Returns the other end's part in XAUTH.
XauthRole PeersXauthRole(XauthRole own);
/// Tells whether an end proves itself by HASH rather than SIG.
bool ProvesByHash(AuthMethod method, XauthRole role);

/**
 * Makes our proof, which stands last: certificates, if the peer asked for them, then HASH or SIG.
 * CryptoFailure if our key cannot sign.
 */
Result<std::vector<RawPayload>> MakeProof(Role own,
                                          const ProofGround& ground,
                                          OctetView idBody,
                                          const PeerAnnouncements& peer,
                                          StepContext& context);

/**
 * Checks the peer's proof in a message whose payloads were counted. In this order: HASH or SIG
 * (AuthenticationFailed); with a signature the certificate, which was sent or is known
 * (MissingCertificate, and all faults of CheckCertificate()), and whether it names the identity
 * (CertificateMismatch); the identity itself (BadIdentity, IdentityMismatch).
 * @param known the certificate of a peer whose nonce we could only read with ours, if any.
 */
Result<ProvenPeer> CheckProof(Role peer,
                              const ProofGround& ground,
                              const PayloadChain& chain,
                              OctetView idBody,
                              const std::optional<Certificate>& known,
                              StepContext& context);

/// Tells whether a fault of a proof is the peer's own doing, so that no other copy of the message
/// can be better: the proof was right, but not what it proves.
bool IsPeersOwnFault(Fault fault);
/// Tells whether a fault is about certificates, which no proof covers.
bool IsCertificateFault(Fault fault);

/// Makes the CERTREQ payloads that ask for certificates of the authorities that we trust; none
/// where the method needs no certificate of the peer.
std::vector<RawPayload> MakeCertificateRequests(AuthMethod method, const PeerConfig& config);

/**
 * Finds the certificate whose key hides what we send to the peer (RFC 2409 sections 5.2 and 5.3):
 * one that is known beforehand, if it is good today, or one that it sent, if we trust it and it
 * names the identity. MissingCertificate if there is none; the faults of CheckCertificate() for one
 * that is known.
 */
Result<Certificate> RecipientCertificate(const std::optional<Certificate>& sent,
                                         OctetView idBody,
                                         const StepContext& context);
/// Returns the peer's certificate as an initiator under public key encryption knew it; nothing
/// under other methods.
std::optional<Certificate> KnownCertificate(AuthMethod method, const StepContext& context);
/// Hides an initiator's contribution, with its ID, from all but the peer.
Result<std::vector<RawPayload>> HideFromOthers(const HidingContext& hiding,
                                               KeyExchange own,
                                               StepContext& context);
/// Finds the certificate that hides a responder's answer; under other methods there is none. A
/// certificate that could not be read is no fault yet.
Result<Done> FindRecipient(AuthMethod method,
                           const KeyExchange& peer,
                           std::optional<Certificate>& recipient,
                           const StepContext& context);
/// Makes a responder's contribution, hidden with its ID where the method wants it. Without a
/// recipient a certificate of our own stands in: then nobody can read what we send, and the peer's
/// HASH will show it.
Result<std::vector<RawPayload>> WriteAnswer(const HidingContext& hiding,
                                            KeyExchange own,
                                            const std::optional<Certificate>& recipient,
                                            StepContext& context);

} // namespace ipsec
} // namespace ns3

#endif // IKE_AUTHENTICATION_H
