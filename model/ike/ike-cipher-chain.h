// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The CBC chain that runs through the messages of one exchange.
 */
#ifndef IKE_CIPHER_CHAIN_H
#define IKE_CIPHER_CHAIN_H

#include "ns3/crypto-algorithms.h"
#include "ns3/ipsec-fault.h"
#include "ns3/ipsec-octets.h"

namespace ns3
{
namespace ipsec
{

/**
 * Encrypts and decrypts the messages of one exchange; the last ciphertext block of each is the IV
 * of the next (RFC 2409 appendix B). A value: whoever is not sure that a message is good works on a
 * copy and keeps it only if it was.
 */
class CipherChain
{
  public:
    CipherChain(CipherId cipher, SecretBytes key, Octets iv);

    /// Pads with zeros to whole blocks, encrypts, moves the IV.
    Result<Octets> Encrypt(OctetView plaintext);
    /// Decrypts, moves the IV. Undecryptable unless there is at least one block and only whole
    /// ones.
    Result<Octets> Decrypt(OctetView ciphertext);

    CipherId
    Cipher() const
    {
        return m_cipher;
    }

    OctetView
    Key() const
    {
        return m_key.View();
    }

    OctetView
    Iv() const
    {
        return m_iv;
    }

  private:
    CipherId m_cipher;
    SecretBytes m_key;
    Octets m_iv;
};

/// Computes the IV of phase 1: the first octets of hash(g^xi | g^xr).
Octets Phase1Iv(HashId hash, CipherId cipher, OctetView gxi, OctetView gxr);

/// Computes the IV of an exchange under an IKE SA: the first octets of hash(last phase 1 ciphertext
/// block | M-ID).
Octets ExchangeIv(HashId hash, CipherId cipher, OctetView lastPhase1Block, uint32_t messageId);

} // namespace ipsec
} // namespace ns3

#endif // IKE_CIPHER_CHAIN_H
