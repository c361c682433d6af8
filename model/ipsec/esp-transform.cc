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

/// The half of the sequence number that a packet does not carry, or nothing, ready to be covered.
class HighSequence
{
  public:
    HighSequence(const IpsecSa& sa, uint32_t high)
        : m_octets(NetworkOrder(high))
        , m_size(sa.extendedSequence ? m_octets.size() : 0)
    {
    }

    OctetView
    View() const
    {
        return {m_octets.data(), m_size};
    }

  private:
    std::array<uint8_t, 4> m_octets;
    size_t m_size;
};

/// SPI and sequence number, all 64 bits of it if it is extended (RFC 4106 section 5).
class AdditionalOctets
{
  public:
    AdditionalOctets(OctetView espHeader, const HighSequence& high)
    {
        // The upper half goes between SPI and lower half.
        uint8_t* out = std::copy_n(espHeader.data(), SPI_OCTETS, m_octets.data());
        out = std::copy(high.View().begin(), high.View().end(), out);
        out = std::copy_n(espHeader.data() + SPI_OCTETS, ESP_HEADER_OCTETS - SPI_OCTETS, out);
        m_size = static_cast<size_t>(out - m_octets.data());
    }

    OctetView
    View() const
    {
        return {m_octets.data(), m_size};
    }

  private:
    static constexpr size_t SPI_OCTETS = 4;
    std::array<uint8_t, ESP_HEADER_OCTETS + 4> m_octets;
    size_t m_size;
};

/// Tells whether the ICV is an HMAC: a cipher that makes its own takes none besides.
bool
HasHmac(const IpsecSa& sa)
{
    return GetCipher(sa.cipher).icvOctets == 0 && sa.integrity != IntegrityId::None;
}

/// Computes the HMAC over a packet without its ICV; the upper half of the number goes behind it
/// (RFC 4303 section 2.2.1).
void
ComputeHmac(const IpsecSa& sa, OctetView covered, const HighSequence& high, uint8_t* out)
{
    const IntegrityAlgorithm& integrity = GetIntegrity(sa.integrity);
    HmacTruncated(
        integrity.hash, sa.integrityKey.View(), {covered, high.View()}, out, integrity.icvOctets);
}

bool
HmacMatches(const IpsecSa& sa, OctetView covered, const HighSequence& high, OctetView icv)
{
    std::array<uint8_t, LONGEST_ICV> expected;
    assert(icv.size() == GetIntegrity(sa.integrity).icvOctets && icv.size() <= expected.size());
    ComputeHmac(sa, covered, high, expected.data());
    return ConstantTimeEqual({expected.data(), icv.size()}, icv);
}

/// Writes the IV of a packet: numbers where it must not repeat, drawn where nobody may guess it.
void
PutIv(uint8_t* iv, const CipherAlgorithm& cipher, uint64_t sequence, RandomSource& random)
{
    if (cipher.mode == CipherMode::Ctr || cipher.mode == CipherMode::Gcm)
    {
        assert(cipher.ivOctets == sizeof(sequence));
        PutU32(PutU32(iv, static_cast<uint32_t>(sequence >> 32)), static_cast<uint32_t>(sequence));
        return;
    }
    random.Fill(iv, cipher.ivOctets);
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
           ESP_TRAILER_OCTETS + EspIcvOctets(cipherId, integrity);
}

Result<Octets>
SealEsp(const IpsecSa& sa,
        uint64_t sequence,
        uint8_t nextHeader,
        OctetView payload,
        RandomSource& random,
        Octets memory)
{
    const CipherAlgorithm& cipher = GetCipher(sa.cipher);
    const size_t pad = PadOctets(cipher, payload.size());
    const size_t textOctets = payload.size() + pad + ESP_TRAILER_OCTETS;
    const size_t icvOctets = EspIcvOctets(sa.cipher, sa.integrity);

    Octets packet = std::move(memory);
    packet.resize(ESP_HEADER_OCTETS + cipher.ivOctets + textOctets + icvOctets);
    uint8_t* const iv = PutU32(PutU32(packet.data(), sa.spi), static_cast<uint32_t>(sequence));
    uint8_t* const text = iv + cipher.ivOctets;
    uint8_t* const icv = text + textOctets;

    PutIv(iv, cipher, sequence, random);
    PutText(text, payload, pad, nextHeader);
    const HighSequence high(sa, static_cast<uint32_t>(sequence >> 32));
    const AdditionalOctets additional(packet, high);
    const PacketCipher clear{
        sa.cipher, sa.cipherKey.View(), {iv, cipher.ivOctets}, additional.View()};
    if (!EncryptPacket(clear, text, textOctets, icv))
    {
        return Fault::CryptoFailure;
    }
    if (HasHmac(sa))
    {
        ComputeHmac(sa, OctetView(packet).First(packet.size() - icvOctets), high, icv);
    }
    return {std::move(packet)};
}

Result<SaContent>
OpenEsp(const IpsecSa& sa, OctetView packet, uint32_t sequenceHigh, Octets memory)
{
    const CipherAlgorithm& cipher = GetCipher(sa.cipher);
    const size_t icvOctets = EspIcvOctets(sa.cipher, sa.integrity);
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

    const HighSequence high(sa, sequenceHigh);
    const OctetView icv = packet.Last(icvOctets);
    if (HasHmac(sa) && !HmacMatches(sa, packet.First(clearOctets + textOctets), high, icv))
    {
        return Fault::BadIcv;
    }

    SaContent content;
    const OctetView text = packet.From(clearOctets).First(textOctets);
    content.payload = std::move(memory);
    content.payload.assign(text.begin(), text.end());
    const AdditionalOctets additional(packet, high);
    const PacketCipher sealed{sa.cipher,
                              sa.cipherKey.View(),
                              packet.From(ESP_HEADER_OCTETS).First(cipher.ivOctets),
                              additional.View()};
    const Result<Done> decrypted = DecryptPacket(sealed, content.payload.data(), textOctets, icv);
    if (!decrypted)
    {
        return decrypted.GetFault();
    }
    if (!TakeTrailer(content.payload, content.nextHeader))
    {
        return Fault::BadPadding;
    }
    return {std::move(content)};
}

} // namespace ipsec
} // namespace ns3
