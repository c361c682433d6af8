// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Quick mode (RFC 2409 section 5.5): three messages, all encrypted.
 *
 *      Initiator                                        Responder
 *     -----------                                      -----------
 *      QM1  HDR*, HASH(1), SA, Ni [, KE] [, IDci, IDcr] -->
 *                <--  QM2  HDR*, HASH(2), SA, Nr [, KE] [, IDci, IDcr]
 *      QM3  HDR*, HASH(3)                               -->
 */
#ifndef IKE_QUICK_MODE_H
#define IKE_QUICK_MODE_H

#include "ike-exchange.h"
#include "ike-phase2-negotiation.h"
#include "ike-sa.h"

#include "ns3/crypto-dh.h"

namespace ns3
{
namespace ipsec
{

/// The IKE SA that quick mode runs under, as far as it matters here.
struct QuickModeGround
{
    const IkeKeys& keys;
    PeerId peer = 0;
    /// Whether there is a NAT, so that ESP travels in UDP.
    NatFindings nat;
    /// Where the IKE SA's messages go; ESP goes between the same addresses.
    Endpoint local;
    Endpoint remote;
};

/// All SAs of a tunnel: one of each protocol for each direction, AH before ESP.
struct SaPair
{
    std::vector<IpsecSa> inbound;
    std::vector<IpsecSa> outbound;
};

/// The initiator sent QM1.
struct ExpectQm2
{
    static constexpr const char* NAME = "ExpectQm2";
    uint32_t child = 0;
    uint32_t messageId = 0;
    IpsecSpis ownSpis;
    CipherChain chain;
    Octets nonce;
    /// Only with PFS.
    std::optional<DhKeyPair> dh;
};

/// The responder sent QM2; its inbound SAs are in use already.
struct ExpectQm3
{
    static constexpr const char* NAME = "ExpectQm3";
    uint32_t child = 0;
    uint32_t messageId = 0;
    CipherChain chain;
    Octets ni;
    Octets nr;
    SaPair sas;
};

/// The initiator sent QM3: done, but duplicates of QM2 still want their answer.
struct QuickModeFinished
{
    static constexpr const char* NAME = "Finished";
};

/// QM1 is sent.
struct QuickModeStarted
{
    ExpectQm2 next;
    OutgoingMessage message;
};

/// QM2 is sent.
struct QuickModeAnswered
{
    ExpectQm3 next;
    OutgoingMessage message;
};

/// QM3 is sent.
struct QuickModeCompleted
{
    SaPair sas;
    OutgoingMessage message;
};

/// What QM1 asks for, after HASH(1) was verified.
struct QuickModeRequest
{
    SaPayload offer;
    ProxyId proxyId;
    Octets ni;
    std::optional<Octets> gxi;
    /// Protocol and SPI of the first proposal, for notifications about it.
    ProtocolId protocol = ProtocolId::Esp;
    Octets spi;
};

/// Tells which protocols the proposals of a child may need SPIs of.
bool NeedsSpi(const ChildConfig& child, ProtocolId protocol);

/// Sends QM1 for a child: AhThroughNat if nothing of it passes the NAT.
Result<QuickModeStarted> StartQuickMode(const QuickModeGround& ground,
                                        uint32_t child,
                                        uint32_t messageId,
                                        const IpsecSpis& ownSpis,
                                        StepContext& context);

/// Verifies HASH(1) of a decrypted QM1 and reads it.
Result<QuickModeRequest> ReadQm1(const QuickModeGround& ground, const IncomingMessage& message);

/// Answers a request for a child with QM2; @p chain is the copy that decrypted QM1.
Result<QuickModeAnswered> HandleQm1(const QuickModeGround& ground,
                                    const QuickModeRequest& request,
                                    const IncomingMessage& message,
                                    CipherChain chain,
                                    uint32_t child,
                                    const IpsecSpis& ownSpis,
                                    StepContext& context);

/// QM2 arrived and is decrypted: verify HASH(2), check the answer, send QM3.
Result<QuickModeCompleted> HandleQm2(const QuickModeGround& ground,
                                     const ExpectQm2& state,
                                     const IncomingMessage& message,
                                     CipherChain chain,
                                     StepContext& context);

/// QM3 arrived and is decrypted: verify HASH(3).
Result<Done> HandleQm3(const QuickModeGround& ground,
                       const ExpectQm3& state,
                       const IncomingMessage& message,
                       StepContext& context);

} // namespace ipsec
} // namespace ns3

#endif // IKE_QUICK_MODE_H
