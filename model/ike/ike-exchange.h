// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What all exchanges share: a decoded message, a message to send, the rules of their payloads.
 */
#ifndef IKE_EXCHANGE_H
#define IKE_EXCHANGE_H

#include "ike-cipher-chain.h"
#include "ike-effects.h"

#include "ns3/ike-config.h"
#include "ns3/ipsec-random-source.h"
#include "ns3/isakmp-message.h"

namespace ns3
{
namespace ipsec
{

/// What every step of an exchange may use.
struct StepContext
{
    Instant now;
    const PeerConfig& config;
    Work& work;
    RandomSource& random;
    /// Now as the calendar has it: certificates are judged by it.
    CalendarSeconds calendar = 0;
};

/// A received message whose payload chain is readable.
struct IncomingMessage
{
    IsakmpHeader header;
    PayloadChain chain;
    /// The octets of the chain in clear, for the hashes that cover raw octets.
    Octets clear;
    Endpoint local;
    Endpoint remote;

    /// Returns the octets of the chain from payload @p index on, generic headers included.
    OctetView RawFrom(size_t index) const;
};

/// A message ready to be sent, and how ladders show it.
struct OutgoingMessage
{
    Octets datagram;
    MessageSummary summary;
    /// Its payloads in clear.
    Octets clear;
};

/// How often a payload may stand in a message.
struct PayloadRule
{
    PayloadType type;
    uint8_t least;
    uint8_t most;
};

/**
 * Checks a message against its rules: MissingPayload, DuplicatePayload, UnexpectedPayload. Vendor
 * IDs and private payload types (128 and above, but not fragments) may stand anywhere behind the
 * first payload, which must be the first rule's.
 */
template <size_t N>
Result<Done> CheckPayloads(const PayloadChain& chain, const std::array<PayloadRule, N>& rules);
Result<Done> CheckPayloads(const PayloadChain& chain, const PayloadRule* rules, size_t count);

/// The same for messages whose first payload may differ.
template <size_t N>
Result<Done> CountPayloads(const PayloadChain& chain, const std::array<PayloadRule, N>& rules);
Result<Done> CountPayloads(const PayloadChain& chain, const PayloadRule* rules, size_t count);

/// Describes a message for ladders; only the header if the chain is not known.
MessageSummary Summarise(const IsakmpHeader& header, size_t octets, const PayloadChain* chain);

/// Makes a clear message.
OutgoingMessage MakeClearMessage(IsakmpHeader header, const std::vector<RawPayload>& payloads);

/// Makes an encrypted message and moves the chain on. @p work counts the cipher's octets.
Result<OutgoingMessage> MakeEncryptedMessage(IsakmpHeader header,
                                             const std::vector<RawPayload>& payloads,
                                             CipherChain& cipher,
                                             Work& work);

/// Decrypts what follows the header of @p datagram and moves the chain on; the payload chain must
/// leave nothing but padding (less than a block and a full block more, as strongSwan pads).
Result<IncomingMessage> DecryptMessage(const IsakmpHeader& header,
                                       OctetView datagram,
                                       CipherChain& cipher,
                                       Work& work);

/// Reads a clear message; nothing may follow the payload chain.
Result<IncomingMessage> ReadClearMessage(const IsakmpHeader& header, OctetView datagram);

/// Compares the first payload, which must be HASH, with what it should be: BadHash. It comes before
/// every other check of a protected message, so that a fault found later is the peer's own.
Result<Done> VerifyHash(OctetView expected, const PayloadChain& chain);

/// Checks that a nonce has 8 to 256 octets (RFC 2409 section 5) and is not our own.
Result<Done> CheckNonce(OctetView nonce, OctetView own);

template <size_t N>
Result<Done>
CheckPayloads(const PayloadChain& chain, const std::array<PayloadRule, N>& rules)
{
    return CheckPayloads(chain, rules.data(), N);
}

template <size_t N>
Result<Done>
CountPayloads(const PayloadChain& chain, const std::array<PayloadRule, N>& rules)
{
    return CountPayloads(chain, rules.data(), N);
}

} // namespace ipsec
} // namespace ns3

#endif // IKE_EXCHANGE_H
