// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The bound of ESP: OpenSSL alone with kept contexts, doing the same cipher and MAC on as many
 * octets.
 */
#ifndef RAW_ESP_H
#define RAW_ESP_H

#include "ns3/crypto-algorithms.h"
#include "ns3/esp-header.h"
#include "ns3/esp-transform.h"
#include "ns3/ipsec-sa.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/provider.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

namespace ns3
{
namespace ipsec
{

/// One cipher context for each direction and one MAC context, keyed once, and one buffer.
class RawEsp
{
  public:
    RawEsp(const IpsecSa& sa, size_t payloadOctets)
        : m_row(GetCipher(sa.cipher))
        , m_icvOctets(m_row.icvOctets + GetIntegrity(sa.integrity).icvOctets)
        , m_payload(payloadOctets)
        , m_packet(payloadOctets + EspOverhead(sa.cipher, sa.integrity, payloadOctets))
        , m_text(m_packet.size() - ESP_HEADER_OCTETS - m_row.ivOctets - m_icvOctets)
    {
        // DES is a cipher of the legacy provider; naming one switches the default one off.
        OSSL_PROVIDER_load(nullptr, "default");
        OSSL_PROVIDER_load(nullptr, "legacy");
        m_cipher = EVP_CIPHER_fetch(nullptr, m_row.opensslName, nullptr);
        if (m_cipher == nullptr)
        {
            throw std::runtime_error(std::string("no cipher ") + m_row.opensslName);
        }
        m_encrypt = MakeCipherContext(sa, 1);
        m_decrypt = MakeCipherContext(sa, 0);
        if (sa.integrity != IntegrityId::None)
        {
            MakeMacContext(sa);
        }
        Seal();
    }

    ~RawEsp()
    {
        EVP_CIPHER_CTX_free(m_encrypt);
        EVP_CIPHER_CTX_free(m_decrypt);
        EVP_CIPHER_free(m_cipher);
        EVP_MAC_CTX_free(m_macContext);
        EVP_MAC_free(m_mac);
    }

    RawEsp(const RawEsp&) = delete;
    RawEsp& operator=(const RawEsp&) = delete;

    void
    Seal()
    {
        uint8_t* const iv = m_packet.data() + ESP_HEADER_OCTETS;
        uint8_t* const text = iv + m_row.ivOctets;
        uint8_t* const icv = text + m_text.size();
        std::copy(m_payload.begin(), m_payload.end(), text);
        Cipher(m_encrypt, text);
        if (m_row.mode == CipherMode::Gcm)
        {
            int written = 0;
            EVP_CipherFinal_ex(m_encrypt, icv, &written);
            EVP_CIPHER_CTX_ctrl(
                m_encrypt, EVP_CTRL_AEAD_GET_TAG, static_cast<int>(m_icvOctets), icv);
            return;
        }
        Mac();
        std::copy_n(m_icv.begin(), m_icvOctets, icv);
    }

    void
    Open()
    {
        const uint8_t* const text = m_packet.data() + ESP_HEADER_OCTETS + m_row.ivOctets;
        uint8_t* const icv = m_packet.data() + m_packet.size() - m_icvOctets;
        if (m_macContext != nullptr)
        {
            Mac();
        }
        std::copy_n(text, m_text.size(), m_text.begin());
        Cipher(m_decrypt, m_text.data());
        if (m_row.mode == CipherMode::Gcm)
        {
            int written = 0;
            EVP_CIPHER_CTX_ctrl(
                m_decrypt, EVP_CTRL_AEAD_SET_TAG, static_cast<int>(m_icvOctets), icv);
            if (EVP_CipherFinal_ex(m_decrypt, m_text.data(), &written) != 1)
            {
                throw std::runtime_error("the bound does not open what it sealed");
            }
        }
    }

  private:
    EVP_CIPHER_CTX*
    MakeCipherContext(const IpsecSa& sa, int encrypt)
    {
        EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
        EVP_CipherInit_ex2(
            context, m_cipher, sa.cipherKey.View().data(), m_nonce.data(), encrypt, nullptr);
        EVP_CIPHER_CTX_set_padding(context, 0);
        return context;
    }

    void
    MakeMacContext(const IpsecSa& sa)
    {
        m_mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
        m_macContext = EVP_MAC_CTX_new(m_mac);
        std::string digest = GetHash(GetIntegrity(sa.integrity).hash).opensslName;
        const OSSL_PARAM parameters[] = {
            OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
            OSSL_PARAM_construct_end()};
        const OctetView key = sa.integrityKey.View();
        EVP_MAC_init(m_macContext, key.data(), key.size(), parameters);
    }

    void
    Cipher(EVP_CIPHER_CTX* context, uint8_t* text)
    {
        int written = 0;
        EVP_CipherInit_ex2(context, nullptr, nullptr, m_nonce.data(), -1, nullptr);
        if (m_row.mode == CipherMode::Gcm)
        {
            EVP_CipherUpdate(context, nullptr, &written, m_packet.data(), ESP_HEADER_OCTETS);
        }
        EVP_CipherUpdate(context, text, &written, text, static_cast<int>(m_text.size()));
    }

    void
    Mac()
    {
        size_t written = 0;
        EVP_MAC_init(m_macContext, nullptr, 0, nullptr);
        EVP_MAC_update(m_macContext, m_packet.data(), m_packet.size() - m_icvOctets);
        EVP_MAC_final(m_macContext, m_icv.data(), &written, m_icv.size());
    }

    const CipherAlgorithm& m_row;
    size_t m_icvOctets;
    Octets m_payload;
    Octets m_packet;
    Octets m_text;
    /// As long as any cipher wants.
    std::array<uint8_t, EVP_MAX_IV_LENGTH> m_nonce{};
    std::array<uint8_t, EVP_MAX_MD_SIZE> m_icv{};
    EVP_CIPHER* m_cipher = nullptr;
    EVP_CIPHER_CTX* m_encrypt = nullptr;
    EVP_CIPHER_CTX* m_decrypt = nullptr;
    EVP_MAC* m_mac = nullptr;
    EVP_MAC_CTX* m_macContext = nullptr;
};

} // namespace ipsec
} // namespace ns3

#endif // RAW_ESP_H
