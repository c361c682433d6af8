// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Main mode (RFC 2409 section 5): six messages, one function for each that is received.
 *
 *      Initiator                          Responder
 *     -----------                        -----------
 *      MM1  HDR, SA                -->
 *                                  <--    MM2  HDR, SA
 *      MM3  HDR, KE, Ni, NAT-D*    -->
 *                                  <--    MM4  HDR, KE, Nr, NAT-D*
 *      MM5  HDR*, IDii, HASH_I     -->
 *                                  <--    MM6  HDR*, IDir, HASH_R
 *
 * With signatures [CERT], SIG stand in place of HASH (ike-authentication.h); with public key
 * encryption ID moves into messages 3 and 4 (ike-key-exchange.h).
 *
 * A state is named for the message it expects and holds what is known by then. A transition takes
 * the state by const reference, computes on values, and returns the next state with the message to
 * send, or a fault: then nothing happened.
 */
#ifndef IKE_MAIN_MODE_H
#define IKE_MAIN_MODE_H

#include "ike-authentication.h"
#include "ike-exchange.h"
#include "ike-key-exchange.h"

namespace ns3
{
namespace ipsec
{

/// The initiator sent MM1.
struct ExpectMm2
{
    static constexpr const char* NAME = "ExpectMm2";
    Cookie initiatorCookie{};
    Octets saBody;
};

/// The initiator sent MM3.
struct ExpectMm4
{
    static constexpr const char* NAME = "ExpectMm4";
    Cookie initiatorCookie{};
    Cookie responderCookie{};
    Octets saBody;
    Phase1Choice choice;
    PeerAnnouncements announced;
    DhKeyPair dh;
    Octets nonce;
};

/// The initiator sent MM5.
struct ExpectMm6
{
    static constexpr const char* NAME = "ExpectMm6";
    IkeKeys keys;
    CipherChain chain;
    Phase1Transcript transcript;
    Phase1Choice choice;
    NatFindings nat;
    /// From MM4, under public key encryption.
    Octets peerIdBody;
};

/// The responder sent MM2.
struct ExpectMm3
{
    static constexpr const char* NAME = "ExpectMm3";
    Cookie initiatorCookie{};
    Cookie responderCookie{};
    Octets saBody;
    Phase1Choice choice;
    PeerAnnouncements announced;
};

/// The responder sent MM4.
struct ExpectMm5
{
    static constexpr const char* NAME = "ExpectMm5";
    /// Nothing in MM4 depends on g^xy: it may be in computation until MM5 is here.
    PendingKeys keys;
    Phase1Transcript transcript;
    Phase1Choice choice;
    NatFindings nat;
    PeerAnnouncements announced;
    /// From MM3, under public key encryption, and the certificate that MM4 was hidden with.
    Octets peerIdBody;
    std::optional<Certificate> peerCertificate;
};

/// A state and the message that led to it.
template <typename State>
struct Step
{
    State next;
    OutgoingMessage message;
};

/// What phase 1 ends in.
struct Phase1Done
{
    IkeSa sa;
    /// The peer says that it knows of no other SA with us (RFC 2407 section 4.6.3.3).
    bool initialContact = false;
};

/// The end of phase 1 for the side that sends its last message: the SA and that message.
struct Phase1Answered
{
    Phase1Done done;
    OutgoingMessage message;
};

/// Sends MM1.
Step<ExpectMm2> StartMainMode(StepContext& context);

/// MM1 arrived: choose a proposal, send MM2.
Result<Step<ExpectMm3>> HandleMm1(const IncomingMessage& message, StepContext& context);
/// MM2 arrived: check the choice, send MM3.
Result<Step<ExpectMm4>> HandleMm2(const ExpectMm2& state,
                                  const IncomingMessage& message,
                                  StepContext& context);
/// MM3 arrived: reads what the peer contributes. Under public key encryption its ID tells which of
/// the dynamic peers it is, before HandleMm3() needs to know.
Result<KeyExchange> ReadMm3(const ExpectMm3& state,
                            const IncomingMessage& message,
                            StepContext& context);
/// MM3 was read: send MM4, begin to derive the keys.
Result<Step<ExpectMm5>> HandleMm3(const ExpectMm3& state,
                                  const KeyExchange& peer,
                                  const IncomingMessage& message,
                                  StepContext& context);
/// MM4 arrived: derive the keys, send MM5. @p initialContact says whether to announce it.
Result<Step<ExpectMm6>> HandleMm4(const ExpectMm4& state,
                                  const IncomingMessage& message,
                                  bool initialContact,
                                  StepContext& context);

/// Returns the body of the ID in MM5 or before; empty if there is none.
OctetView PeerIdBody(const ExpectMm5& state, const IncomingMessage& message);
/// MM5 arrived and is decrypted; @p keys are those of the state, and @p chain is what decrypted it.
/// Checks the initiator's proof, and sends MM6.
Result<Phase1Answered> HandleMm5(const ExpectMm5& state,
                                 const IkeKeys& keys,
                                 const IncomingMessage& message,
                                 CipherChain chain,
                                 StepContext& context);
/// MM6 arrived and is decrypted. Checks the responder's proof.
Result<Phase1Done> HandleMm6(const ExpectMm6& state,
                             const IncomingMessage& message,
                             const CipherChain& chain,
                             StepContext& context);

} // namespace ipsec
} // namespace ns3

#endif // IKE_MAIN_MODE_H
