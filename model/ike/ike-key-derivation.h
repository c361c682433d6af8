// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Keys and hashes of RFC 2409.
 */
#ifndef IKE_KEY_DERIVATION_H
#define IKE_KEY_DERIVATION_H

#include "ns3/crypto-algorithms.h"
#include "ns3/ipsec-fault.h"
#include "ns3/isakmp-message.h"

namespace ns3
{
namespace ipsec
{

/// The secrets of one IKE SA (RFC 2409 section 5).
struct Skeyids
{
    SecretBytes skeyid;
    SecretBytes skeyidD; ///< derives the keys of IPsec SAs
    SecretBytes skeyidA; ///< authenticates messages
    SecretBytes skeyidE; ///< encrypts messages
};

/// Compute SKEYID by authentication method (RFC 2409 section 5).
SecretBytes PreSharedKeySkeyid(HashId hash, OctetView preSharedKey, OctetView ni, OctetView nr);
SecretBytes SignatureSkeyid(HashId hash, OctetView ni, OctetView nr, OctetView gxy);
SecretBytes EncryptionSkeyid(HashId hash,
                             OctetView ni,
                             OctetView nr,
                             const Cookie& initiator,
                             const Cookie& responder);

/// Derives SKEYID_d, SKEYID_a and SKEYID_e from SKEYID.
Skeyids DeriveSkeyids(HashId hash,
                      SecretBytes skeyid,
                      OctetView gxy,
                      const Cookie& initiator,
                      const Cookie& responder);

/**
 * Derives the key of an ISAKMP cipher from SKEYID_e (RFC 2409 appendix B): its first octets, or the
 * expansion Ka where SKEYID_e is too short. CryptoFailure for a weak DES key.
 */
Result<SecretBytes> IsakmpCipherKey(HashId hash, CipherId cipher, OctetView skeyidE);

/// Expands SKEYID_e to @p octets as appendix B does; truncates it if it is long enough.
SecretBytes ExpandSkeyidE(HashId hash, OctetView skeyidE, size_t octets);

/// What HASH_I and HASH_R cover, in terms of the phase 1 initiator and responder.
struct Phase1HashInput
{
    OctetView gxi;
    OctetView gxr;
    Cookie initiator{};
    Cookie responder{};
    /// Body of the initiator's whole SA payload.
    OctetView saiBody;
};

/// Computes HASH_I over @p idiiBody, the body of the initiator's ID payload.
Octets HashI(HashId hash, OctetView skeyid, const Phase1HashInput& input, OctetView idiiBody);
/// Computes HASH_R over @p idirBody, the body of the responder's ID payload.
Octets HashR(HashId hash, OctetView skeyid, const Phase1HashInput& input, OctetView idirBody);

/// Computes HASH(1) of quick mode and of informational exchanges; @p rest is every octet behind the
/// HASH payload, without padding (RFC 2409 sections 5.5 and 5.7).
Octets Hash1(HashId hash, OctetView skeyidA, uint32_t messageId, OctetView rest);
Octets Hash2(HashId hash, OctetView skeyidA, uint32_t messageId, OctetView ni, OctetView rest);
Octets Hash3(HashId hash, OctetView skeyidA, uint32_t messageId, OctetView ni, OctetView nr);

/**
 * Computes KEYMAT of one SA (RFC 2409 section 5.5).
 * @param gxy shared secret of quick mode's own Diffie-Hellman; empty without PFS.
 * @param spi chosen by the receiver of that SA.
 */
SecretBytes Keymat(HashId hash,
                   OctetView skeyidD,
                   OctetView gxy,
                   ProtocolId protocol,
                   uint32_t spi,
                   OctetView ni,
                   OctetView nr,
                   size_t octets);

} // namespace ipsec
} // namespace ns3

#endif // IKE_KEY_DERIVATION_H
