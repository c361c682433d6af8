// SPDX-License-Identifier: GPL-2.0-only
#include "crypto-cipher.h"

#include "crypto-library.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <limits>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr size_t DES_KEY_OCTETS = 8;

/// Keys whose 16 round keys are one or two only: the 4 weak and 12 semi-weak keys of FIPS 74.
constexpr uint8_t WEAK_DES_KEYS[][DES_KEY_OCTETS] = {
    {0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01},
    {0xfe, 0xfe, 0xfe, 0xfe, 0xfe, 0xfe, 0xfe, 0xfe},
    {0x1f, 0x1f, 0x1f, 0x1f, 0x0e, 0x0e, 0x0e, 0x0e},
    {0xe0, 0xe0, 0xe0, 0xe0, 0xf1, 0xf1, 0xf1, 0xf1},
    {0x01, 0xfe, 0x01, 0xfe, 0x01, 0xfe, 0x01, 0xfe},
    {0x1f, 0xe0, 0x1f, 0xe0, 0x0e, 0xf1, 0x0e, 0xf1},
    {0x01, 0xe0, 0x01, 0xe0, 0x01, 0xf1, 0x01, 0xf1},
    {0x1f, 0xfe, 0x1f, 0xfe, 0x0e, 0xfe, 0x0e, 0xfe},
    {0x01, 0x1f, 0x01, 0x1f, 0x01, 0x0e, 0x01, 0x0e},
    {0xe0, 0xfe, 0xe0, 0xfe, 0xf1, 0xfe, 0xf1, 0xfe},
    {0xfe, 0x01, 0xfe, 0x01, 0xfe, 0x01, 0xfe, 0x01},
    {0xe0, 0x1f, 0xe0, 0x1f, 0xf1, 0x0e, 0xf1, 0x0e},
    {0xe0, 0x01, 0xe0, 0x01, 0xf1, 0x01, 0xf1, 0x01},
    {0xfe, 0x1f, 0xfe, 0x1f, 0xfe, 0x0e, 0xfe, 0x0e},
    {0x1f, 0x01, 0x1f, 0x01, 0x0e, 0x01, 0x0e, 0x01},
    {0xfe, 0xe0, 0xfe, 0xe0, 0xfe, 0xf1, 0xfe, 0xf1},
};

/// Encrypts or decrypts the next octets in place; in none of the modes do some stay behind.
bool
Update(EVP_CIPHER_CTX* context, uint8_t* data, size_t size)
{
    int written = 0;
    return size == 0 ||
           (EVP_CipherUpdate(context, data, &written, data, static_cast<int>(size)) == 1 &&
            static_cast<size_t>(written) == size);
}

bool
Cbc(CipherDirection direction, CipherId id, OctetView key, OctetView iv, uint8_t* data, size_t size)
{
    const CipherAlgorithm& cipher = GetCipher(id);
    if (key.size() != cipher.keyOctets || iv.size() != cipher.ivOctets ||
        size % cipher.blockOctets != 0 || size > std::numeric_limits<int>::max())
    {
        return false;
    }
    if (cipher.opensslName == nullptr || size == 0)
    {
        return true;
    }
    EVP_CIPHER_CTX* context = CryptoLibrary::Get().KeyedCipher(id, direction, key, iv);
    return context != nullptr && Update(context, data, size);
}

/// Salt, IV and the counter of RFC 3686 section 4, which starts at one.
constexpr size_t COUNTER_BLOCK_OCTETS = 16;
/// The ICV of GCM in ESP, the longest that RFC 4106 section 6 has.
constexpr size_t GCM_ICV_OCTETS = 16;

/// Returns the salt behind the key, then the IV, then a counter of one. CTR takes all of it, GCM
/// the first twelve octets, to which it adds the counter itself.
std::array<uint8_t, COUNTER_BLOCK_OCTETS>
CounterBlock(const CipherAlgorithm& cipher, const PacketCipher& packet)
{
    std::array<uint8_t, COUNTER_BLOCK_OCTETS> block{};
    assert(cipher.saltOctets + cipher.ivOctets + sizeof(uint32_t) == block.size());
    const OctetView salt = packet.key.Last(cipher.saltOctets);
    uint8_t* const iv = std::copy(salt.begin(), salt.end(), block.data());
    std::copy(packet.iv.begin(), packet.iv.end(), iv);
    block.back() = 1;
    return block;
}

/// Starts a packet in CTR or GCM; null if the lengths do not fit or OpenSSL refuses.
EVP_CIPHER_CTX*
StartCounterMode(CipherDirection direction, const PacketCipher& packet, size_t size)
{
    const CipherAlgorithm& cipher = GetCipher(packet.cipher);
    if (packet.key.size() != cipher.keyOctets + cipher.saltOctets ||
        packet.iv.size() != cipher.ivOctets || size > std::numeric_limits<int>::max())
    {
        return nullptr;
    }
    return CryptoLibrary::Get().KeyedCipher(
        packet.cipher, direction, packet.key.First(cipher.keyOctets), CounterBlock(cipher, packet));
}

bool
Ctr(CipherDirection direction, const PacketCipher& packet, uint8_t* text, size_t size)
{
    EVP_CIPHER_CTX* context = StartCounterMode(direction, packet, size);
    return context != nullptr && Update(context, text, size);
}

/// Starts a packet in GCM and feeds what the ICV covers besides the text.
EVP_CIPHER_CTX*
StartGcm(CipherDirection direction, const PacketCipher& packet, size_t size)
{
    EVP_CIPHER_CTX* context = StartCounterMode(direction, packet, size);
    if (context == nullptr || packet.additional.empty())
    {
        return context;
    }
    int written = 0;
    const int count = static_cast<int>(packet.additional.size());
    return EVP_CipherUpdate(context, nullptr, &written, packet.additional.data(), count) == 1
               ? context
               : nullptr;
}

bool
GcmEncrypt(const PacketCipher& packet, uint8_t* text, size_t size, uint8_t* icv)
{
    EVP_CIPHER_CTX* context = StartGcm(CipherDirection::Encrypt, packet, size);
    int written = 0;
    return context != nullptr && Update(context, text, size) &&
           EVP_CipherFinal_ex(context, text + size, &written) == 1 && written == 0 &&
           EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, GCM_ICV_OCTETS, icv) == 1;
}

Result<Done>
GcmDecrypt(const PacketCipher& packet, uint8_t* text, size_t size, OctetView icv)
{
    EVP_CIPHER_CTX* context = StartGcm(CipherDirection::Decrypt, packet, size);
    std::array<uint8_t, GCM_ICV_OCTETS> expected;
    if (context == nullptr || icv.size() != expected.size() || !Update(context, text, size))
    {
        return Fault::CryptoFailure;
    }
    std::copy(icv.begin(), icv.end(), expected.begin());
    if (EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, GCM_ICV_OCTETS, expected.data()) != 1)
    {
        return Fault::CryptoFailure;
    }
    int written = 0;
    return EVP_CipherFinal_ex(context, text + size, &written) == 1 ? Result<Done>(Done{})
                                                                   : Fault::BadIcv;
}

/// Returns success, or CryptoFailure.
Result<Done>
DoneIf(bool success)
{
    return success ? Result<Done>(Done{}) : Fault::CryptoFailure;
}

/// Compares two DES keys without the lowest bit of each octet, which is parity.
bool
SameDesKey(const uint8_t* a, const uint8_t* b)
{
    return std::equal(
        a, a + DES_KEY_OCTETS, b, [](uint8_t x, uint8_t y) { return (x & 0xfe) == (y & 0xfe); });
}

bool
IsWeakDesKey(const uint8_t* key)
{
    return std::any_of(std::begin(WEAK_DES_KEYS),
                       std::end(WEAK_DES_KEYS),
                       [=](const uint8_t* weak) { return SameDesKey(key, weak); });
}

} // namespace

bool
CbcEncrypt(CipherId cipher, OctetView key, OctetView iv, uint8_t* data, size_t size)
{
    return Cbc(CipherDirection::Encrypt, cipher, key, iv, data, size);
}

bool
CbcDecrypt(CipherId cipher, OctetView key, OctetView iv, uint8_t* data, size_t size)
{
    return Cbc(CipherDirection::Decrypt, cipher, key, iv, data, size);
}

bool
EncryptPacket(const PacketCipher& packet, uint8_t* text, size_t size, uint8_t* icv)
{
    switch (GetCipher(packet.cipher).mode)
    {
    case CipherMode::None:
    case CipherMode::Cbc:
        return Cbc(CipherDirection::Encrypt, packet.cipher, packet.key, packet.iv, text, size);
    case CipherMode::Ctr:
        return Ctr(CipherDirection::Encrypt, packet, text, size);
    case CipherMode::Gcm:
        return GcmEncrypt(packet, text, size, icv);
    }
    return false;
}

Result<Done>
DecryptPacket(const PacketCipher& packet, uint8_t* text, size_t size, OctetView icv)
{
    switch (GetCipher(packet.cipher).mode)
    {
    case CipherMode::None:
    case CipherMode::Cbc:
        return DoneIf(
            Cbc(CipherDirection::Decrypt, packet.cipher, packet.key, packet.iv, text, size));
    case CipherMode::Ctr:
        return DoneIf(Ctr(CipherDirection::Decrypt, packet, text, size));
    case CipherMode::Gcm:
        return GcmDecrypt(packet, text, size, icv);
    }
    return Fault::CryptoFailure;
}

bool
IsWeakKey(CipherId cipher, OctetView key)
{
    if (cipher != CipherId::Des && cipher != CipherId::TripleDes)
    {
        return false;
    }
    for (size_t i = 0; i + DES_KEY_OCTETS <= key.size(); i += DES_KEY_OCTETS)
    {
        // RFC 2451 section 2.3: with two equal neighbours 3DES is no more than DES.
        const bool repeated = i > 0 && SameDesKey(key.data() + i - DES_KEY_OCTETS, key.data() + i);
        if (repeated || IsWeakDesKey(key.data() + i))
        {
            return true;
        }
    }
    return false;
}

} // namespace ipsec
} // namespace ns3
