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
 * A state is named for the message it expects and holds what is known by then. A transition takes
 * the state by const reference, computes on values, and returns the next state with the message to
 * send, or a fault: then nothing happened.
 */
#ifndef IKE_MAIN_MODE_H
#define IKE_MAIN_MODE_H

#include "ike-exchange.h"
#include "ike-sa.h"

#include "ns3/crypto-dh.h"

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
    bool peerKnowsNatTraversal = false;
    DhKeyPair dh;
    Octets nonce;
};

/// What both sides hash over in messages 5 and 6.
struct Phase1Transcript
{
    Octets saBody;
    Octets gxi;
    Octets gxr;
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
    Identity localId;
};

/// The responder sent MM2.
struct ExpectMm3
{
    static constexpr const char* NAME = "ExpectMm3";
    Cookie initiatorCookie{};
    Cookie responderCookie{};
    Octets saBody;
    Phase1Choice choice;
    bool peerKnowsNatTraversal = false;
};

/// The responder sent MM4.
struct ExpectMm5
{
    static constexpr const char* NAME = "ExpectMm5";
    IkeKeys keys;
    CipherChain chain;
    Phase1Transcript transcript;
    Phase1Choice choice;
    NatFindings nat;
};

/// A state and the message that led to it.
template <typename State>
struct Step
{
    State next;
    OutgoingMessage message;
};

/// What main mode ends in.
struct MainModeDone
{
    IkeSa sa;
    /// The peer says that it knows of no other SA with us (RFC 2407 section 4.6.3.3).
    bool initialContact = false;
};

/// Responder's end of main mode: the SA and message 6.
struct MainModeAnswered
{
    MainModeDone done;
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
/// MM3 arrived: send MM4, derive the keys.
Result<Step<ExpectMm5>> HandleMm3(const ExpectMm3& state,
                                  const IncomingMessage& message,
                                  StepContext& context);
/// MM4 arrived: derive the keys, send MM5. @p initialContact says whether to announce it.
Result<Step<ExpectMm6>> HandleMm4(const ExpectMm4& state,
                                  const IncomingMessage& message,
                                  bool initialContact,
                                  StepContext& context);

/// MM5 arrived and is decrypted; @p chain is the copy that decrypted it. Verifies HASH_I, then the
/// identity (IdentityMismatch), and sends MM6.
Result<MainModeAnswered> HandleMm5(const ExpectMm5& state,
                                   const IncomingMessage& message,
                                   CipherChain chain,
                                   StepContext& context);
/// MM6 arrived and is decrypted. Verifies HASH_R, then the identity.
Result<MainModeDone> HandleMm6(const ExpectMm6& state,
                               const IncomingMessage& message,
                               const CipherChain& chain,
                               StepContext& context);

} // namespace ipsec
} // namespace ns3

#endif // IKE_MAIN_MODE_H
