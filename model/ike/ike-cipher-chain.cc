// SPDX-License-Identifier: GPL-2.0-only
#include "ike-cipher-chain.h"

#include "ns3/crypto-cipher.h"
#include "ns3/crypto-hash.h"

namespace ns3
{
namespace ipsec
{

CipherChain::CipherChain(CipherId cipher, SecretBytes key, Octets iv)
    : m_cipher(cipher)
    , m_key(std::move(key))
    , m_iv(std::move(iv))
{
}

Result<Octets>
CipherChain::Encrypt(OctetView plaintext)
{
    const size_t block = GetCipher(m_cipher).blockOctets;
    Octets text = plaintext.Copy();
    text.resize((text.size() + block - 1) / block * block, 0);
    if (text.empty() || !CbcEncrypt(m_cipher, m_key.View(), m_iv, text.data(), text.size()))
    {
        return Fault::CryptoFailure;
    }
    m_iv = OctetView(text).Last(block).Copy();
    return text;
}

Result<Octets>
CipherChain::Decrypt(OctetView ciphertext)
{
    const size_t block = GetCipher(m_cipher).blockOctets;
    if (ciphertext.empty() || ciphertext.size() % block != 0)
    {
        return Fault::Undecryptable;
    }
    Octets text = ciphertext.Copy();
    if (!CbcDecrypt(m_cipher, m_key.View(), m_iv, text.data(), text.size()))
    {
        return Fault::CryptoFailure;
    }
    m_iv = ciphertext.Last(block).Copy();
    return text;
}

Octets
Phase1Iv(HashId hash, CipherId cipher, OctetView gxi, OctetView gxr)
{
    Octets iv = Digest(hash, {gxi, gxr});
    iv.resize(GetCipher(cipher).blockOctets);
    return iv;
}

Octets
ExchangeIv(HashId hash, CipherId cipher, OctetView lastPhase1Block, uint32_t messageId)
{
    Octets iv = Digest(hash, {lastPhase1Block, NetworkOrder(messageId)});
    iv.resize(GetCipher(cipher).blockOctets);
    return iv;
}

} // namespace ipsec
} // namespace ns3
