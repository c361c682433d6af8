// SPDX-License-Identifier: GPL-2.0-only
#include "esp-transform.h"

#include "ns3/crypto-cipher.h"
#include "ns3/crypto-hash.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace ns3
{
namespace ipsec
{

namespace
{

/// The next header field ends on a multiple of this, also without a cipher (RFC 4303 section 2.4).
constexpr size_t ESP_ALIGNMENT = 4;
/// As long as the longest HMAC.
constexpr size_t LONGEST_ICV = 64;

/// Returns what the length of the text to encrypt must be a multiple of.
size_t
Alignment(const CipherAlgorithm& cipher)
{
    return std::max(cipher.blockOctets, ESP_ALIGNMENT);
}

size_t
PadOctets(const CipherAlgorithm& cipher, size_t payloadOctets)
{
    const size_t alignment = Alignment(cipher);
    const size_t over = (payloadOctets + ESP_TRAILER_OCTETS) % alignment;
    return over == 0 ? 0 : alignment - over;
}

/// Writes @p value in network order and returns where the next field goes.
uint8_t*
PutU32(uint8_t* out, uint32_t value)
{
    *out++ = value >> 24;
    *out++ = value >> 16 & 0xff;
    *out++ = value >> 8 & 0xff;
    *out++ = value & 0xff;
    return out;
}

/// Writes payload, padding, pad length and next header: what the cipher covers.
void
PutText(uint8_t* out, OctetView payload, size_t pad, uint8_t nextHeader)
{
    out = std::copy(payload.begin(), payload.end(), out);
    for (size_t i = 1; i <= pad; i++)
    {
        *out++ = static_cast<uint8_t>(i);
    }
    *out++ = static_cast<uint8_t>(pad);
    *out = nextHeader;
}

void
ComputeIcv(const IpsecSa& sa, OctetView covered, uint8_t* out, size_t icvOctets)
{
    if (icvOctets > 0)
    {
        HmacTruncated(
            GetIntegrity(sa.integrity).hash, sa.integrityKey.View(), {covered}, out, icvOctets);
    }
}

/// Takes the trailer off decrypted text; false if pad length or padding are wrong.
bool
TakeTrailer(Octets& text, uint8_t& nextHeader)
{
    assert(text.size() >= ESP_TRAILER_OCTETS);
    nextHeader = text.back();
    const size_t pad = text[text.size() - ESP_TRAILER_OCTETS];
    if (pad > text.size() - ESP_TRAILER_OCTETS)
    {
        return false;
    }
    const size_t payloadOctets = text.size() - ESP_TRAILER_OCTETS - pad;
    for (size_t i = 0; i < pad; i++)
    {
        if (text[payloadOctets + i] != i + 1)
        {
            return false;
        }
    }
    text.resize(payloadOctets);
    return true;
}

} // namespace

size_t
EspOverhead(CipherId cipherId, IntegrityId integrity, size_t payloadOctets)
{
    const CipherAlgorithm& cipher = GetCipher(cipherId);
    return ESP_HEADER_OCTETS + cipher.ivOctets + PadOctets(cipher, payloadOctets) +
           ESP_TRAILER_OCTETS + GetIntegrity(integrity).icvOctets;
}

Result<Octets>
SealEsp(const IpsecSa& sa,
        uint32_t sequence,
        uint8_t nextHeader,
        OctetView payload,
        RandomSource& random)
{
    const CipherAlgorithm& cipher = GetCipher(sa.cipher);
    const size_t pad = PadOctets(cipher, payload.size());
    const size_t textOctets = payload.size() + pad + ESP_TRAILER_OCTETS;
    const size_t icvOctets = GetIntegrity(sa.integrity).icvOctets;

    Octets packet(ESP_HEADER_OCTETS + cipher.ivOctets + textOctets + icvOctets);
    uint8_t* const iv = PutU32(PutU32(packet.data(), sa.spi), sequence);
    uint8_t* const text = iv + cipher.ivOctets;
    uint8_t* const icv = text + textOctets;

    random.Fill(iv, cipher.ivOctets);
    PutText(text, payload, pad, nextHeader);
    if (!CbcEncrypt(sa.cipher, sa.cipherKey.View(), {iv, cipher.ivOctets}, text, textOctets))
    {
        return Fault::CryptoFailure;
    }
    ComputeIcv(sa, OctetView(packet).First(packet.size() - icvOctets), icv, icvOctets);
    return {std::move(packet)};
}

Result<EspContent>
OpenEsp(const IpsecSa& sa, OctetView packet)
{
    const CipherAlgorithm& cipher = GetCipher(sa.cipher);
    const size_t icvOctets = GetIntegrity(sa.integrity).icvOctets;
    const size_t clearOctets = ESP_HEADER_OCTETS + cipher.ivOctets;
    if (packet.size() < clearOctets + ESP_TRAILER_OCTETS + icvOctets)
    {
        return Fault::EspTooShort;
    }
    const size_t textOctets = packet.size() - clearOctets - icvOctets;
    if (textOctets % Alignment(cipher) != 0)
    {
        return Fault::EspNotAligned;
    }

    std::array<uint8_t, LONGEST_ICV> icv;
    assert(icvOctets <= icv.size());
    ComputeIcv(sa, packet.First(clearOctets + textOctets), icv.data(), icvOctets);
    if (!ConstantTimeEqual({icv.data(), icvOctets}, packet.Last(icvOctets)))
    {
        return Fault::BadIcv;
    }

    EspContent content;
    content.payload = packet.From(clearOctets).First(textOctets).Copy();
    if (!CbcDecrypt(sa.cipher,
                    sa.cipherKey.View(),
                    packet.From(ESP_HEADER_OCTETS).First(cipher.ivOctets),
                    content.payload.data(),
                    textOctets))
    {
        return Fault::CryptoFailure;
    }
    if (!TakeTrailer(content.payload, content.nextHeader))
    {
        return Fault::BadPadding;
    }
    return {std::move(content)};
}

} // namespace ipsec
} // namespace ns3
