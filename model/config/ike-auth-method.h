// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Authentication methods of phase 1: one row of a table each.
 */
#ifndef IKE_AUTH_METHOD_H
#define IKE_AUTH_METHOD_H

#include "ns3/crypto-algorithms.h"
#include "ns3/crypto-keys.h"

#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// How the peers prove who they are in phase 1.
enum class AuthMethod : uint8_t
{
    PreSharedKey,
    RsaSignature,
    DsaSignature,
    RsaEncryption,
    RsaRevisedEncryption,
    EcdsaP256, ///< RFC 4754
    EcdsaP384,
    EcdsaP521,
    HybridRsa, ///< the gateway signs, the client proves itself by XAUTH
};

/// What a method puts into the messages (RFC 2409 sections 5.1 to 5.4).
enum class AuthFamily : uint8_t
{
    PreSharedKey,
    Signature,
    Encryption,        ///< section 5.2
    RevisedEncryption, ///< section 5.3
};

/// Whether XAUTH follows, and which end of phase 1 answers it: part of the method on the wire
/// (draft-ietf-ipsec-isakmp-xauth-06 section 7, draft-zegman-ike-hybrid-auth-01 section 3.2.1).
enum class XauthUse : uint8_t
{
    None,
    Initiator,
    Responder,
};

/// One method.
struct AuthAlgorithm
{
    AuthMethod method;
    const char* name; ///< in proposals: "pre", "rsa" ...
    AuthFamily family;
    std::optional<KeyKind> key; ///< what signs or decrypts; nothing for pre-shared keys
    /// Hash of the prf that HASH_I and HASH_R are made with where it is not the negotiated one:
    /// what DSA (RFC 2409 section 5.1) and ECDSA (RFC 4754) sign has the length that goes with
    /// them.
    std::optional<HashId> proofHash;
    uint16_t id;             ///< value of IkeAttribute::Authentication; 0 if only with XAUTH
    uint16_t xauthInitiator; ///< the same where XAUTH asks the initiator; 0 if there is none
    uint16_t xauthResponder; ///< the same where XAUTH asks the responder; 0 if there is none

    /// Returns the number on the wire, 0 if there is none.
    uint16_t WireId(XauthUse xauth) const;
};

/// Returns the row of a method.
const AuthAlgorithm& GetAuth(AuthMethod method);
/// Find a row by its number on the wire or by its name in proposals, or null.
const AuthAlgorithm* FindAuthByWireId(uint64_t id, XauthUse xauth);
const AuthAlgorithm* FindAuthByName(const std::string& name);
/// Tells whether ID travels with the nonce, readable by the owner of a private key only.
bool HidesIdentity(AuthMethod method);
/// Returns the names of all methods, in the order of the table.
std::vector<std::string> AuthNames();

} // namespace ipsec
} // namespace ns3

#endif // IKE_AUTH_METHOD_H
