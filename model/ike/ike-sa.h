// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * An IKE SA: keys that both ends have, and the proof that the peer is who it says.
 */
#ifndef IKE_SA_H
#define IKE_SA_H

#include "ike-cipher-chain.h"
#include "ike-effects.h"
#include "ike-key-derivation.h"
#include "ike-nat-detection.h"
#include "ike-phase1-negotiation.h"

#include "ns3/crypto-certificate.h"
#include "ns3/crypto-dh-secret.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Proof that a HASH or SIG of the peer was verified. Only its own functions make one, so that
/// nothing that needs it can be built without.
class PeerAuthenticated
{
  public:
    /// Compares the HASH that we computed with the one that the peer sent, in constant time;
    /// AuthenticationFailed.
    static Result<PeerAuthenticated>
    VerifyHash(OctetView expected, OctetView received)
    {
        if (!ConstantTimeEqual(expected, received))
        {
            return Fault::AuthenticationFailed;
        }
        return PeerAuthenticated();
    }

    /// Verifies the SIG that the peer sent over the HASH that we computed; AuthenticationFailed.
    static Result<PeerAuthenticated>
    VerifySig(const PublicKey& key, OctetView hash, OctetView signature)
    {
        const Result<Done> verified = VerifySignature(key, hash, signature);
        if (!verified)
        {
            return verified.GetFault();
        }
        return PeerAuthenticated();
    }

  private:
    PeerAuthenticated() = default;
};

/// What phase 1 derives once both public values are known; messages can be encrypted from here on.
struct IkeKeys
{
    Cookie initiatorCookie{};
    Cookie responderCookie{};
    HashId hash = HashId::Sha1;
    CipherId cipher = CipherId::Aes128;
    Skeyids skeyids;
    SecretBytes encryptionKey;
    /// Last ciphertext block of phase 1 so far: the seed of every other exchange's IV.
    Octets lastBlock;

    /// Makes the chain of an exchange under this SA.
    CipherChain ChainFor(uint32_t messageId) const;
};

/// Keys of phase 1 whose g^xy may still be in computation.
struct PendingKeys
{
    /// All but what follows from g^xy.
    IkeKeys known;
    DhSecret gxy;
    /// SKEYID; with signatures it follows from the nonces and g^xy.
    std::optional<SecretBytes> skeyid;
    Octets ni;
    Octets nr;
};

/// A peer that proved who it is.
struct ProvenPeer
{
    PeerAuthenticated authenticated;
    Identity identity;
    /// What it proved itself with, if it was a certificate.
    std::optional<Certificate> certificate;
};

/// A few message IDs, which take less memory than in a tree.
class MessageIds
{
  public:
    void
    Insert(uint32_t messageId)
    {
        const auto place = std::lower_bound(m_sorted.begin(), m_sorted.end(), messageId);
        if (place == m_sorted.end() || *place != messageId)
        {
            m_sorted.insert(place, messageId);
        }
    }

    bool
    Has(uint32_t messageId) const
    {
        return std::binary_search(m_sorted.begin(), m_sorted.end(), messageId);
    }

    size_t
    size() const
    {
        return m_sorted.size();
    }

  private:
    std::vector<uint32_t> m_sorted;
};

/// An established IKE SA.
struct IkeSa
{
    static constexpr const char* NAME = "Established";
    ProvenPeer peer;
    IkeKeys keys;
    Role role = Role::Initiator;
    Phase1Mode mode = Phase1Mode::Main;
    Phase1Choice choice;
    NatFindings nat;
    Identity localId;
    Instant establishedAt{};
    Instant expiresAt{};
    /// Message IDs of exchanges that were accepted; none may come again.
    MessageIds usedMessageIds;
};

/// Most exchanges under one IKE SA: a day of rekeying every minute with room to spare. Then it
/// takes no more, and a new one must be made.
constexpr size_t MAX_MESSAGE_IDS = 4096;

inline CipherChain
IkeKeys::ChainFor(uint32_t messageId) const
{
    return {cipher, encryptionKey, ExchangeIv(hash, cipher, lastBlock, messageId)};
}

} // namespace ipsec
} // namespace ns3

#endif // IKE_SA_H
