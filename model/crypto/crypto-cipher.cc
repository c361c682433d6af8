// SPDX-License-Identifier: GPL-2.0-only
#include "crypto-cipher.h"

#include "crypto-library.h"

#include <algorithm>
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

enum class Direction : int
{
    Decrypt = 0, // the values are those of EVP_CipherInit_ex2
    Encrypt = 1,
};

bool
Cbc(Direction direction, CipherId id, OctetView key, OctetView iv, uint8_t* data, size_t size)
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
    EVP_CIPHER_CTX* context = CryptoLibrary::Get().CipherContext(id);
    if (EVP_CipherInit_ex2(
            context, nullptr, key.data(), iv.data(), static_cast<int>(direction), nullptr) != 1)
    {
        return false;
    }
    int written = 0;
    return EVP_CipherUpdate(context, data, &written, data, static_cast<int>(size)) == 1 &&
           static_cast<size_t>(written) == size;
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
    return Cbc(Direction::Encrypt, cipher, key, iv, data, size);
}

bool
CbcDecrypt(CipherId cipher, OctetView key, OctetView iv, uint8_t* data, size_t size)
{
    return Cbc(Direction::Decrypt, cipher, key, iv, data, size);
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
