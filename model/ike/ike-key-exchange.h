// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What each end contributes to the keys of phase 1: in clear, or hidden by RSA encryption.
 *
 * In the methods by public key encryption nonce and identity travel encrypted, and whoever can read
 * them holds the private key. With the original method (RFC 2409 section 5.2):
 *
 *     HDR, KE, [HASH(1)], <IDii_b>PubKey_r, <Ni_b>PubKey_r  -->
 *                              <--  HDR, KE, <IDir_b>PubKey_i, <Nr_b>PubKey_i
 *
 * and with the revised one (section 5.3), which needs one operation with the private key only:
 *
 *     HDR, [HASH(1)], <Ni_b>Pubkey_r, <KE_b>Ke_i, <IDii_b>Ke_i, [<Cert-I_b>Ke_i]  -->
 *                              <--  HDR, <Nr_b>PubKey_i, <KE_b>Ke_r, <IDir_b>Ke_r
 *
 * HASH(1) says which certificate of the responder was used. Aggressive mode has the same payloads
 * behind SA.
 */
#ifndef IKE_KEY_EXCHANGE_H
#define IKE_KEY_EXCHANGE_H

#include "ike-exchange.h"

#include "ns3/crypto-certificate.h"

namespace ns3
{
namespace ipsec
{

/// What one end contributes.
struct KeyExchange
{
    /// Body of KE.
    Octets publicValue;
    Octets nonce;
    /// Body of ID, if this message carries it.
    Octets idBody;
    /// Revised method: what the peer sent as its certificate, not yet checked.
    std::optional<Certificate> certificate;
};

/// What an exchange is hidden with.
struct HidingContext
{
    Phase1Proposal proposal;
    /// In aggressive mode HASH(1) comes before KE.
    Phase1Mode mode = Phase1Mode::Main;
    /// Who contributes, and that end's cookie.
    Role sender = Role::Initiator;
    Cookie cookie{};
};

/// Makes KE and NONCE, and ID where the message carries it.
std::vector<RawPayload> WriteKeyExchange(const KeyExchange& own);

/**
 * Makes the payloads of a method by public key encryption.
 * @param recipient whose public key hides them.
 * @param certificate ours, sent by the revised method's initiator; null for none.
 * @return CryptoFailure if something is longer than the key can encrypt.
 */
Result<std::vector<RawPayload>> HideKeyExchange(const HidingContext& hiding,
                                                const KeyExchange& own,
                                                const Certificate& recipient,
                                                const Certificate* certificate,
                                                StepContext& context);

/// Reads KE and NONCE, and ID if it is there; the payloads must have been counted.
KeyExchange ReadKeyExchange(const PayloadChain& chain);

/**
 * Reads the payloads of a method by public key encryption; they must have been counted. Whatever
 * does not decrypt is replaced by random values, so that a wrong message takes the same way as a
 * right one until its HASH fails (CVE-2018-0131, bad input 105).
 * @return BadCertificate if HASH(1) names none of our certificates.
 */
Result<KeyExchange> RevealKeyExchange(const HidingContext& hiding,
                                      const PayloadChain& chain,
                                      const OwnKey& own,
                                      StepContext& context);

} // namespace ipsec
} // namespace ns3

#endif // IKE_KEY_EXCHANGE_H
