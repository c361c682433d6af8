// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Aggressive mode (RFC 2409 section 5): three messages, one function for each that is received.
 *
 *      Initiator                                     Responder
 *     -----------                                   -----------
 *      AM1  HDR, SA, KE, Ni, IDii             -->
 *                                             <--    AM2  HDR, SA, KE, Nr, IDir, NAT-D*, HASH_R
 *      AM3  HDR*, NAT-D*, HASH_I              -->
 *
 * With signatures [CERT], SIG stand in place of HASH (ike-authentication.h); with public key
 * encryption KE, nonce and ID are hidden (ike-key-exchange.h). The group cannot be negotiated. AM3
 * is sent encrypted and accepted in clear, too (RFC 2409 section 5).
 *
 * States and transitions are made like those of main mode (ike-main-mode.h).
 */
#ifndef IKE_AGGRESSIVE_MODE_H
#define IKE_AGGRESSIVE_MODE_H

#include "ike-main-mode.h"

#include "ns3/isakmp-sa-payload.h"

namespace ns3
{
namespace ipsec
{

/// The initiator sent AM1.
struct ExpectAm2
{
    static constexpr const char* NAME = "ExpectAm2";
    Cookie initiatorCookie{};
    Octets saBody;
    DhKeyPair dh;
    Octets nonce;
};

/// The responder sent AM2.
struct ExpectAm3
{
    static constexpr const char* NAME = "ExpectAm3";
    IkeKeys keys;
    CipherChain chain;
    Phase1Transcript transcript;
    Phase1Choice choice;
    PeerAnnouncements announced;
    Octets peerIdBody;
    /// Under public key encryption: what AM2 was hidden with.
    std::optional<Certificate> peerCertificate;
};

/// AM1 as the responder reads it.
struct AggressiveRequest
{
    Cookie initiatorCookie{};
    Octets saBody;
    SaPayload answer;
    Phase1Choice choice;
    KeyExchange peer;
    PeerAnnouncements announced;
};

/// Sends AM1. CryptoFailure or a fault of the peer's certificate if it cannot be hidden.
Result<Step<ExpectAm2>> StartAggressiveMode(StepContext& context);

/// Returns the body of ID in AM1 as it stands there; empty if there is none.
OctetView ClearIdBody(const PayloadChain& chain);
/// AM1 arrived: choose a proposal, read what the peer contributes. Under public key encryption only
/// this tells its ID, which tells which of the dynamic peers it is.
Result<AggressiveRequest> ReadAm1(const IncomingMessage& message, StepContext& context);
/// AM1 was read: derive the keys, send AM2. IdentityMismatch or BadIdentity if a clear ID is not
/// the peer's.
Result<Step<ExpectAm3>> HandleAm1(const AggressiveRequest& request,
                                  const IncomingMessage& message,
                                  StepContext& context);
/// AM2 arrived: check the choice and the responder's proof, send AM3. @p initialContact says
/// whether to announce it.
Result<Phase1Answered> HandleAm2(const ExpectAm2& state,
                                 const IncomingMessage& message,
                                 bool initialContact,
                                 StepContext& context);
/// AM3 arrived; @p chain is the copy that decrypted it, or the state's own for a clear message.
/// Checks the initiator's proof.
Result<Phase1Done> HandleAm3(const ExpectAm3& state,
                             const IncomingMessage& message,
                             const CipherChain& chain,
                             StepContext& context);

} // namespace ipsec
} // namespace ns3

#endif // IKE_AGGRESSIVE_MODE_H
