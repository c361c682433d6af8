// SPDX-License-Identifier: GPL-2.0-only
#include "crypto-algorithms.h"

#include <cassert>

namespace ns3
{
namespace ipsec
{

namespace
{

// The rows stand in the order of the enumerations: an ID is also the index of its row.

constexpr HashAlgorithm HASHES[] = {
    {HashId::Md5, "md5", "MD5", 1, 16, 64},
    {HashId::Sha1, "sha", "SHA1", 2, 20, 64},
    {HashId::Sha256, "sha256", "SHA2-256", 4, 32, 64},
    {HashId::Sha384, "sha384", "SHA2-384", 5, 48, 128},
    {HashId::Sha512, "sha512", "SHA2-512", 6, 64, 128},
};

// clang-format off
constexpr CipherAlgorithm CIPHERS[] = {
    {CipherId::Null, "null", "NULL", "NULL", nullptr,
     0, 11, 0, false, 1, 0, CipherMode::None, 0, 0},
    {CipherId::Des, "des", "DES", "DES-CBC [RFC2405]", "DES-CBC",
     1, 2, 8, false, 8, 8, CipherMode::Cbc, 0, 0},
    {CipherId::TripleDes, "3des", "3DES", "TripleDES-CBC [RFC2451]", "DES-EDE3-CBC",
     5, 3, 24, false, 8, 8, CipherMode::Cbc, 0, 0},
    {CipherId::Aes128, "aes128", "AES-128", "AES-CBC [RFC3602]", "AES-128-CBC",
     7, 12, 16, true, 16, 16, CipherMode::Cbc, 0, 0},
    {CipherId::Aes192, "aes192", "AES-192", "AES-CBC [RFC3602]", "AES-192-CBC",
     7, 12, 24, true, 16, 16, CipherMode::Cbc, 0, 0},
    {CipherId::Aes256, "aes256", "AES-256", "AES-CBC [RFC3602]", "AES-256-CBC",
     7, 12, 32, true, 16, 16, CipherMode::Cbc, 0, 0},
    {CipherId::Aes128Ctr, "aes128ctr", "AES-CTR-128", "AES-CTR [RFC3686]", "AES-128-CTR",
     0, 13, 16, true, 1, 8, CipherMode::Ctr, 4, 0},
    {CipherId::Aes192Ctr, "aes192ctr", "AES-CTR-192", "AES-CTR [RFC3686]", "AES-192-CTR",
     0, 13, 24, true, 1, 8, CipherMode::Ctr, 4, 0},
    {CipherId::Aes256Ctr, "aes256ctr", "AES-CTR-256", "AES-CTR [RFC3686]", "AES-256-CTR",
     0, 13, 32, true, 1, 8, CipherMode::Ctr, 4, 0},
    {CipherId::Aes128Gcm, "aes128gcm", "AES-GCM-128", "AES-GCM with 16 octet ICV [RFC4106]",
     "AES-128-GCM",
     0, 20, 16, true, 1, 8, CipherMode::Gcm, 4, 16},
    {CipherId::Aes256Gcm, "aes256gcm", "AES-GCM-256", "AES-GCM with 16 octet ICV [RFC4106]",
     "AES-256-GCM",
     0, 20, 32, true, 1, 8, CipherMode::Gcm, 4, 16},
};
// clang-format on

constexpr IntegrityAlgorithm INTEGRITIES[] = {
    {IntegrityId::None, "none", "none", "NULL", HashId::Md5, 0, 0, 0, 0},
    {IntegrityId::HmacMd5_96,
     "md5",
     "HMAC-MD5-96",
     "HMAC-MD5-96 [RFC2403]",
     HashId::Md5,
     1,
     2,
     16,
     12},
    {IntegrityId::HmacSha1_96,
     "sha",
     "HMAC-SHA1-96",
     "HMAC-SHA-1-96 [RFC2404]",
     HashId::Sha1,
     2,
     3,
     20,
     12},
    {IntegrityId::HmacSha256_128,
     "sha256",
     "HMAC-SHA256-128",
     "HMAC-SHA-256-128 [RFC4868]",
     HashId::Sha256,
     5,
     5,
     32,
     16},
    {IntegrityId::HmacSha384_192,
     "sha384",
     "HMAC-SHA384-192",
     "HMAC-SHA-384-192 [RFC4868]",
     HashId::Sha384,
     6,
     6,
     48,
     24},
    {IntegrityId::HmacSha512_256,
     "sha512",
     "HMAC-SHA512-256",
     "HMAC-SHA-512-256 [RFC4868]",
     HashId::Sha512,
     7,
     7,
     64,
     32},
    {IntegrityId::HmacSha256_96,
     "sha256-96",
     "HMAC-SHA256-96",
     "HMAC-SHA-256-96 [draft-ietf-ipsec-ciph-sha-256-00]",
     HashId::Sha256,
     0,
     0,
     32,
     12},
};

// Private values of twice a group's strength: RFC 3526 section 8 estimates it for groups 5 to 18,
// groups 1 and 2 have at most 80 bits. Longer values cost time and add nothing. An elliptic group
// needs values up to its order.
constexpr DhGroup DH_GROUPS[] = {
    {1, false, 768, 96, 96, 160},
    {2, false, 1024, 128, 128, 160},
    {5, false, 1536, 192, 192, 200},
    {14, false, 2048, 256, 256, 225},
    {15, false, 3072, 384, 384, 275},
    {16, false, 4096, 512, 512, 325},
    {17, false, 6144, 768, 768, 375},
    {18, false, 8192, 1024, 1024, 400},
    {19, true, 256, 64, 32, 256},
    {20, true, 384, 96, 48, 384},
    {21, true, 521, 132, 66, 521},
};

/// Returns the first row that @p matches accepts, or null.
template <typename Row, size_t N, typename Predicate>
const Row*
FindRow(const Row (&rows)[N], Predicate matches)
{
    for (const Row& row : rows)
    {
        if (matches(row))
        {
            return &row;
        }
    }
    return nullptr;
}

/// Returns the row whose place is its ID.
template <typename Row, size_t N, typename Id>
const Row&
RowOf(const Row (&rows)[N], Id id)
{
    const auto index = static_cast<size_t>(id);
    assert(index < N && rows[index].id == id);
    return rows[index];
}

/// Tells whether a key length attribute of @p keyBits (0: absent) selects this cipher.
bool
KeyLengthMatches(const CipherAlgorithm& cipher, uint64_t keyBits)
{
    return cipher.keyLengthOnWire ? keyBits == 8 * cipher.keyOctets : keyBits == 0;
}

} // namespace

const HashAlgorithm&
GetHash(HashId id)
{
    return RowOf(HASHES, id);
}

const CipherAlgorithm&
GetCipher(CipherId id)
{
    return RowOf(CIPHERS, id);
}

const IntegrityAlgorithm&
GetIntegrity(IntegrityId id)
{
    return RowOf(INTEGRITIES, id);
}

size_t
EspIcvOctets(CipherId cipher, IntegrityId integrity)
{
    const size_t own = GetCipher(cipher).icvOctets;
    return own > 0 ? own : GetIntegrity(integrity).icvOctets;
}

bool
IsAuthenticated(CipherId cipher, IntegrityId integrity)
{
    return EspIcvOctets(cipher, integrity) > 0;
}

const HashAlgorithm*
FindHashByIkeId(uint64_t ikeId)
{
    return FindRow(HASHES, [=](const HashAlgorithm& row) { return row.ikeId == ikeId; });
}

const CipherAlgorithm*
FindCipherByIkeId(uint64_t ikeId, uint64_t keyBits)
{
    // Zero marks a cipher that has no number in IKE, so it must not find one.
    return FindRow(CIPHERS,
                   [=](const CipherAlgorithm& row)
                   { return ikeId != 0 && row.ikeId == ikeId && KeyLengthMatches(row, keyBits); });
}

const CipherAlgorithm*
FindCipherByEspId(uint64_t espId, uint64_t keyBits)
{
    return FindRow(CIPHERS,
                   [=](const CipherAlgorithm& row)
                   { return row.espId == espId && KeyLengthMatches(row, keyBits); });
}

const IntegrityAlgorithm*
FindIntegrityByAttribute(uint64_t attributeId)
{
    return FindRow(INTEGRITIES,
                   [=](const IntegrityAlgorithm& row)
                   { return attributeId != 0 && row.attributeId == attributeId; });
}

const IntegrityAlgorithm*
FindIntegrityByAhId(uint64_t ahId)
{
    return FindRow(INTEGRITIES,
                   [=](const IntegrityAlgorithm& row) { return ahId != 0 && row.ahId == ahId; });
}

const DhGroup*
FindDhGroup(uint64_t number)
{
    return FindRow(DH_GROUPS, [=](const DhGroup& row) { return row.number == number; });
}

const HashAlgorithm*
FindHashByName(const std::string& name)
{
    return FindRow(HASHES, [&](const HashAlgorithm& row) { return name == row.name; });
}

const CipherAlgorithm*
FindCipherByName(const std::string& name)
{
    return FindRow(CIPHERS, [&](const CipherAlgorithm& row) { return name == row.name; });
}

const IntegrityAlgorithm*
FindIntegrityByName(const std::string& name)
{
    // What has an ICV but no number of its own is a quirk of a peer, not something to propose.
    return FindRow(INTEGRITIES,
                   [&](const IntegrityAlgorithm& row)
                   { return name == row.name && (row.attributeId != 0 || row.icvOctets == 0); });
}

} // namespace ipsec
} // namespace ns3
