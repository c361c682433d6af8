// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Transaction exchanges (draft-dukes-ike-mode-cfg-02 section 3): attributes between the phases.
 *
 *      HDR*, HASH, ATTR(REQUEST)  -->            HDR*, HASH, ATTR(SET)  -->
 *                  <--  HDR*, HASH, ATTR(REPLY)              <--  HDR*, HASH, ATTR(ACK)
 *
 * HASH is prf(SKEYID_a, M-ID | ATTR). All messages of one message ID share one IV chain.
 */
#ifndef IKE_TRANSACTION_H
#define IKE_TRANSACTION_H

#include "ike-exchange.h"
#include "ike-sa.h"

#include "ns3/isakmp-payloads.h"

namespace ns3
{
namespace ipsec
{

/// We answered. A peer may go on under the same message ID: some send the result of XAUTH so.
struct TransactionAnswered
{
    static constexpr const char* NAME = "Answered";
    CipherChain chain;
};

/// A message of ours that begins a transaction.
struct BegunTransaction
{
    uint32_t messageId = 0;
    /// The chain behind it.
    CipherChain chain;
    OutgoingMessage message;
};

/// Makes a message of a transaction and moves its chain on.
Result<OutgoingMessage> MakeTransaction(const IkeKeys& keys,
                                        uint32_t messageId,
                                        const AttributesPayload& attributes,
                                        CipherChain& chain,
                                        Work& work);

/// Verifies HASH of a decrypted message, which must be its first payload (BadHash), and reads the
/// one attribute payload behind it.
Result<AttributesPayload> ReadTransaction(const IkeKeys& keys,
                                          const IncomingMessage& message,
                                          Work& work);

/// Finds the first attribute of a type, or null.
const DataAttribute* FindAttribute(const AttributesPayload& payload, uint16_t type);

} // namespace ipsec
} // namespace ns3

#endif // IKE_TRANSACTION_H
