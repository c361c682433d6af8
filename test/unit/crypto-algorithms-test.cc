// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/crypto-algorithms.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <iterator>
#include <set>
#include <string>

namespace ns3
{
namespace ipsec
{
namespace
{

const HashId HASHES[] = {HashId::Md5, HashId::Sha1, HashId::Sha256, HashId::Sha384, HashId::Sha512};
const CipherId CIPHERS[] = {CipherId::Null,
                            CipherId::Des,
                            CipherId::TripleDes,
                            CipherId::Aes128,
                            CipherId::Aes192,
                            CipherId::Aes256};
const IntegrityId INTEGRITIES[] = {IntegrityId::HmacMd5_96,
                                   IntegrityId::HmacSha1_96,
                                   IntegrityId::HmacSha256_128,
                                   IntegrityId::HmacSha384_192,
                                   IntegrityId::HmacSha512_256};

TEST(Algorithms, HashesHaveTheNumbersOfIke)
{
    // RFC 2409 appendix A, and the IANA registry of IKE attributes for SHA-2.
    const uint16_t numbers[] = {1, 2, 4, 5, 6};
    for (size_t i = 0; i < std::size(HASHES); i++)
    {
        EXPECT_EQ(GetHash(HASHES[i]).ikeId, numbers[i]);
        EXPECT_EQ(FindHashByIkeId(numbers[i]), &GetHash(HASHES[i]));
    }
}

TEST(Algorithms, UnknownHashNumbersFindNothing)
{
    for (const uint64_t number : {uint64_t{0}, uint64_t{3}, uint64_t{7}, uint64_t{1} << 32 | 1})
    {
        EXPECT_EQ(FindHashByIkeId(number), nullptr) << number;
    }
}

TEST(Algorithms, CiphersAreFoundByTheirNumbersInIke)
{
    EXPECT_EQ(FindCipherByIkeId(1, 0), &GetCipher(CipherId::Des));
    EXPECT_EQ(FindCipherByIkeId(5, 0), &GetCipher(CipherId::TripleDes));
    EXPECT_EQ(FindCipherByIkeId(7, 128), &GetCipher(CipherId::Aes128));
    EXPECT_EQ(FindCipherByIkeId(7, 192), &GetCipher(CipherId::Aes192));
    EXPECT_EQ(FindCipherByIkeId(7, 256), &GetCipher(CipherId::Aes256));
}

TEST(Algorithms, CiphersAreFoundByTheirTransformsInEsp)
{
    EXPECT_EQ(FindCipherByEspId(2, 0), &GetCipher(CipherId::Des));
    EXPECT_EQ(FindCipherByEspId(3, 0), &GetCipher(CipherId::TripleDes));
    EXPECT_EQ(FindCipherByEspId(11, 0), &GetCipher(CipherId::Null));
    EXPECT_EQ(FindCipherByEspId(12, 128), &GetCipher(CipherId::Aes128));
    EXPECT_EQ(FindCipherByEspId(12, 192), &GetCipher(CipherId::Aes192));
    EXPECT_EQ(FindCipherByEspId(12, 256), &GetCipher(CipherId::Aes256));
}

// RFC 3602 section 5.3: the attribute must be there for AES; RFC 2407 section 4.5: and must not be
// for ciphers with one key length.
TEST(Algorithms, KeyLengthMustFitTheCipher)
{
    for (const uint64_t bits : {0, 16, 64, 127, 129, 512})
    {
        EXPECT_EQ(FindCipherByIkeId(7, bits), nullptr) << bits;
        EXPECT_EQ(FindCipherByEspId(12, bits), nullptr) << bits;
    }
    EXPECT_EQ(FindCipherByIkeId(5, 192), nullptr);
    EXPECT_EQ(FindCipherByEspId(3, 192), nullptr);
    EXPECT_EQ(FindCipherByEspId(11, 128), nullptr);
}

TEST(Algorithms, NullIsNoCipherOfIke)
{
    EXPECT_EQ(FindCipherByIkeId(0, 0), nullptr);
    EXPECT_EQ(FindCipherByIkeId(11, 0), nullptr);
}

TEST(Algorithms, IntegrityIsFoundByAttributeAndByAhTransform)
{
    // RFC 2407 sections 4.5 and 4.4.3, RFC 4868 section 4.
    const uint16_t attributes[] = {1, 2, 5, 6, 7};
    const uint8_t transforms[] = {2, 3, 5, 6, 7};
    for (size_t i = 0; i < std::size(INTEGRITIES); i++)
    {
        EXPECT_EQ(FindIntegrityByAttribute(attributes[i]), &GetIntegrity(INTEGRITIES[i]));
        EXPECT_EQ(FindIntegrityByAhId(transforms[i]), &GetIntegrity(INTEGRITIES[i]));
    }
}

TEST(Algorithms, NoIntegrityHasNoNumber)
{
    EXPECT_EQ(FindIntegrityByAttribute(0), nullptr);
    EXPECT_EQ(FindIntegrityByAhId(0), nullptr);
    EXPECT_EQ(FindIntegrityByAhId(1), nullptr);
    EXPECT_EQ(FindIntegrityByAttribute(3), nullptr);
}

TEST(Algorithms, IntegrityKeysAreAsLongAsTheDigest)
{
    const size_t icvs[] = {12, 12, 16, 24, 32};
    for (size_t i = 0; i < std::size(INTEGRITIES); i++)
    {
        const IntegrityAlgorithm& row = GetIntegrity(INTEGRITIES[i]);
        EXPECT_EQ(row.keyOctets, GetHash(row.hash).digestOctets) << row.name;
        EXPECT_EQ(row.icvOctets, icvs[i]) << row.name;
    }
    EXPECT_EQ(GetIntegrity(IntegrityId::None).icvOctets, 0U);
    EXPECT_EQ(GetIntegrity(IntegrityId::None).keyOctets, 0U);
}

TEST(Algorithms, NullCipherNeedsNothing)
{
    const CipherAlgorithm& row = GetCipher(CipherId::Null);
    EXPECT_EQ(row.blockOctets, 1U);
    EXPECT_EQ(row.ivOctets, 0U);
    EXPECT_EQ(row.keyOctets, 0U);
}

TEST(Algorithms, NamesFindTheirOwnRows)
{
    for (const HashId id : HASHES)
    {
        EXPECT_EQ(FindHashByName(GetHash(id).name), &GetHash(id));
    }
    for (const CipherId id : CIPHERS)
    {
        EXPECT_EQ(FindCipherByName(GetCipher(id).name), &GetCipher(id));
    }
    for (const IntegrityId id : INTEGRITIES)
    {
        EXPECT_EQ(FindIntegrityByName(GetIntegrity(id).name), &GetIntegrity(id));
    }
    EXPECT_EQ(FindHashByName("SHA"), nullptr);
    EXPECT_EQ(FindCipherByName(""), nullptr);
    EXPECT_EQ(FindIntegrityByName("crc32"), nullptr);
}

TEST(Algorithms, DisplayNamesTellCiphersApart)
{
    std::set<std::string> names;
    for (const CipherId id : CIPHERS)
    {
        names.insert(GetCipher(id).displayName);
    }
    EXPECT_EQ(names,
              std::set<std::string>({"NULL", "DES", "3DES", "AES-128", "AES-192", "AES-256"}));
}

// RFC 3686 section 5.2, RFC 4106 section 8.
TEST(Algorithms, CounterModesAreFoundByTransformAndKeyLength)
{
    EXPECT_EQ(FindCipherByEspId(13, 128), &GetCipher(CipherId::Aes128Ctr));
    EXPECT_EQ(FindCipherByEspId(13, 192), &GetCipher(CipherId::Aes192Ctr));
    EXPECT_EQ(FindCipherByEspId(13, 256), &GetCipher(CipherId::Aes256Ctr));
    EXPECT_EQ(FindCipherByEspId(20, 128), &GetCipher(CipherId::Aes128Gcm));
    EXPECT_EQ(FindCipherByEspId(20, 256), &GetCipher(CipherId::Aes256Gcm));
    for (const uint64_t id : {13, 20})
    {
        EXPECT_EQ(FindCipherByEspId(id, 0), nullptr) << id;
        EXPECT_EQ(FindCipherByIkeId(id, 128), nullptr) << id;
    }
}

TEST(Algorithms, AnHmacOfItsOwnOrGcmAuthenticates)
{
    EXPECT_TRUE(IsAuthenticated(CipherId::Aes128Gcm, IntegrityId::None));
    EXPECT_TRUE(IsAuthenticated(CipherId::Null, IntegrityId::HmacMd5_96));
    EXPECT_FALSE(IsAuthenticated(CipherId::Aes128Ctr, IntegrityId::None));
    EXPECT_FALSE(IsAuthenticated(CipherId::Aes128, IntegrityId::None));
    EXPECT_EQ(EspIcvOctets(CipherId::Aes256Gcm, IntegrityId::None), 16u);
    EXPECT_EQ(EspIcvOctets(CipherId::Aes256Ctr, IntegrityId::HmacSha512_256), 32u);
}

TEST(Algorithms, TheShortIcvOfSha256IsFoundByNothing)
{
    const IntegrityAlgorithm* quirk = &GetIntegrity(IntegrityId::HmacSha256_96);
    EXPECT_EQ(quirk->icvOctets, 12u);
    EXPECT_EQ(FindIntegrityByName(quirk->name), nullptr);
    for (uint64_t number = 0; number < 0x10000; number++)
    {
        ASSERT_NE(FindIntegrityByAttribute(number), quirk);
        ASSERT_NE(FindIntegrityByAhId(number), quirk);
    }
}

TEST(DhGroups, AreThoseOfTheTable)
{
    const uint16_t numbers[] = {1, 2, 5, 14, 15, 16, 17, 18, 19, 20, 21};
    for (uint64_t number = 0; number < 70000; number++)
    {
        const DhGroup* group = FindDhGroup(number);
        const bool expected =
            std::find(std::begin(numbers), std::end(numbers), number) != std::end(numbers);
        ASSERT_EQ(group != nullptr, expected) << number;
        EXPECT_TRUE(group == nullptr || group->number == number);
    }
}

TEST(DhGroups, BodiesAreAsLongAsTheirPrimes)
{
    for (const uint16_t number : {1, 2, 5, 14, 15, 16, 17, 18, 19, 20, 21})
    {
        const DhGroup& group = *FindDhGroup(number);
        const size_t octets = (group.bits + 7) / 8;
        EXPECT_EQ(group.secretOctets, octets) << number;
        EXPECT_EQ(group.keOctets, group.elliptic ? 2 * octets : octets) << number;
    }
}

} // namespace
} // namespace ipsec
} // namespace ns3
