// SPDX-License-Identifier: GPL-2.0-only
#include "vector-file.h"

#include "ns3/crypto-cipher.h"
#include "ns3/ipsec-random-source.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <string>

namespace ns3
{
namespace ipsec
{
namespace
{

const CipherId REAL_CIPHERS[] = {CipherId::Des,
                                 CipherId::TripleDes,
                                 CipherId::Aes128,
                                 CipherId::Aes192,
                                 CipherId::Aes256};

/// Key, IV and data that fit a cipher.
struct Sample
{
    explicit Sample(CipherId id)
        : cipher(GetCipher(id))
    {
        SeededRandomSource random(7);
        key = random.Draw(cipher.keyOctets);
        iv = random.Draw(cipher.ivOctets);
        data = random.Draw(4 * cipher.blockOctets);
    }

    bool
    Encrypt()
    {
        return CbcEncrypt(cipher.id, key, iv, data.data(), data.size());
    }

    bool
    Decrypt()
    {
        return CbcDecrypt(cipher.id, key, iv, data.data(), data.size());
    }

    const CipherAlgorithm& cipher;
    Octets key;
    Octets iv;
    Octets data;
};

TEST(Cbc, GivesTheKnownAnswersBothWays)
{
    ForEachVector("cipher-cbc.txt",
                  [](VectorBlock& block)
                  {
                      const CipherAlgorithm* cipher = FindCipherByName(block.Text("Cipher"));
                      ASSERT_NE(cipher, nullptr);
                      const Octets key = block.Hex("Key");
                      const Octets iv = block.Hex("Iv");
                      const Octets plaintext = block.Hex("Plaintext");
                      const Octets ciphertext = block.Hex("Ciphertext");
                      Octets data = plaintext;
                      ASSERT_TRUE(CbcEncrypt(cipher->id, key, iv, data.data(), data.size()));
                      EXPECT_EQ(ToHex(data), ToHex(ciphertext));
                      ASSERT_TRUE(CbcDecrypt(cipher->id, key, iv, data.data(), data.size()));
                      EXPECT_EQ(ToHex(data), ToHex(plaintext));
                  });
}

TEST(Cbc, ChainsFromTheLastBlockOfTheCallBefore)
{
    for (const CipherId id : REAL_CIPHERS)
    {
        Sample whole(id);
        Sample halves(id);
        const size_t half = halves.data.size() / 2;
        ASSERT_TRUE(whole.Encrypt());
        uint8_t* second = halves.data.data() + half;
        ASSERT_TRUE(CbcEncrypt(id, halves.key, halves.iv, halves.data.data(), half));
        const OctetView newIv(second - whole.cipher.ivOctets, whole.cipher.ivOctets);
        ASSERT_TRUE(CbcEncrypt(id, halves.key, newIv, second, half));
        EXPECT_EQ(halves.data, whole.data) << whole.cipher.name;
    }
}

TEST(Cbc, RekeyingLeavesNothingOfTheKeyBefore)
{
    for (const CipherId id : REAL_CIPHERS)
    {
        Sample first(id);
        ASSERT_TRUE(first.Encrypt());
        Sample other(id);
        other.key.assign(other.key.size(), 0x5a);
        ASSERT_TRUE(other.Decrypt());
        ASSERT_TRUE(other.Encrypt());
        Sample again(id);
        ASSERT_TRUE(again.Encrypt());
        EXPECT_EQ(again.data, first.data) << first.cipher.name;
    }
}

TEST(Cbc, TheSameKeyTwiceInARowStartsAnewFromItsIv)
{
    for (const CipherId id : REAL_CIPHERS)
    {
        Sample first(id);
        Sample second(id);
        const Octets clear = first.data;
        ASSERT_TRUE(first.Encrypt());
        ASSERT_TRUE(second.Encrypt());
        EXPECT_EQ(second.data, first.data) << first.cipher.name;
        ASSERT_TRUE(first.Decrypt());
        ASSERT_TRUE(second.Decrypt());
        EXPECT_EQ(first.data, clear) << first.cipher.name;
        EXPECT_EQ(second.data, clear) << first.cipher.name;
    }
}

TEST(Cbc, DataThatIsNotWholeBlocksIsRefusedAndUntouched)
{
    for (const CipherId id : REAL_CIPHERS)
    {
        for (const size_t size : {size_t{1}, GetCipher(id).blockOctets + 1})
        {
            Sample sample(id);
            sample.data.resize(size);
            const Octets before = sample.data;
            EXPECT_FALSE(sample.Encrypt());
            EXPECT_EQ(sample.data, before) << sample.cipher.name;
            EXPECT_FALSE(sample.Decrypt());
            EXPECT_EQ(sample.data, before) << sample.cipher.name;
        }
    }
}

TEST(Cbc, KeyOfTheWrongLengthIsRefused)
{
    for (const CipherId id : REAL_CIPHERS)
    {
        Sample sample(id);
        sample.key.pop_back();
        EXPECT_FALSE(sample.Encrypt()) << sample.cipher.name;
        sample.key.resize(sample.cipher.keyOctets + 1);
        EXPECT_FALSE(sample.Decrypt()) << sample.cipher.name;
    }
}

TEST(Cbc, IvOfTheWrongLengthIsRefused)
{
    for (const CipherId id : REAL_CIPHERS)
    {
        Sample sample(id);
        sample.iv.pop_back();
        EXPECT_FALSE(sample.Encrypt()) << sample.cipher.name;
        sample.iv.resize(sample.cipher.ivOctets + 1);
        EXPECT_FALSE(sample.Decrypt()) << sample.cipher.name;
    }
}

TEST(Cbc, NothingToEncryptIsNoFault)
{
    Sample sample(CipherId::Aes128);
    sample.data.clear();
    EXPECT_TRUE(sample.Encrypt());
    EXPECT_TRUE(sample.Decrypt());
}

TEST(NullCipher, LeavesOctetsOfAnyNumberAlone)
{
    Octets data = {1, 2, 3, 4, 5};
    EXPECT_TRUE(CbcEncrypt(CipherId::Null, {}, {}, data.data(), data.size()));
    EXPECT_TRUE(CbcDecrypt(CipherId::Null, {}, {}, data.data(), data.size()));
    EXPECT_EQ(data, Octets({1, 2, 3, 4, 5}));
}

TEST(NullCipher, TakesNoKey)
{
    const Octets key(8, 1);
    Octets data(8, 2);
    EXPECT_FALSE(CbcEncrypt(CipherId::Null, key, {}, data.data(), data.size()));
}

TEST(WeakKey, KeysOfTheListUndoEachOther)
{
    ForEachVector("des-weak-keys.txt",
                  [](VectorBlock& block)
                  {
                      const Octets zeroIv(8, 0);
                      Octets data = {1, 2, 3, 4, 5, 6, 7, 8};
                      const Octets before = data;
                      ASSERT_TRUE(CbcEncrypt(
                          CipherId::Des, block.Hex("Key"), zeroIv, data.data(), data.size()));
                      EXPECT_NE(data, before);
                      ASSERT_TRUE(CbcEncrypt(
                          CipherId::Des, block.Hex("Partner"), zeroIv, data.data(), data.size()));
                      EXPECT_EQ(data, before);
                  });
}

TEST(WeakKey, EachOfTheListIsFoundWhateverItsParity)
{
    ForEachVector("des-weak-keys.txt",
                  [](VectorBlock& block)
                  {
                      Octets key = block.Hex("Key");
                      block.Hex("Partner");
                      EXPECT_TRUE(IsWeakKey(CipherId::Des, key));
                      key[3] ^= 1;
                      EXPECT_TRUE(IsWeakKey(CipherId::Des, key));
                      key[3] ^= 2;
                      EXPECT_FALSE(IsWeakKey(CipherId::Des, key));
                  });
}

TEST(WeakKey, AnyThirdOfATripleDesKeyCounts)
{
    const Octets good = FromHex("0123456789abcdef 23456789abcdef01 456789abcdef0123");
    EXPECT_FALSE(IsWeakKey(CipherId::TripleDes, good));
    for (size_t third = 0; third < 3; third++)
    {
        Octets key = good;
        std::fill_n(key.begin() + 8 * third, 8, 0xfe);
        EXPECT_TRUE(IsWeakKey(CipherId::TripleDes, key)) << third;
    }
}

// RFC 2451 section 2.3.
TEST(WeakKey, TripleDesThatIsOnlyDesIsFound)
{
    const std::string a = "0123456789abcdef";
    const std::string b = "23456789abcdef01";
    EXPECT_TRUE(IsWeakKey(CipherId::TripleDes, FromHex(a + a + b)));
    EXPECT_TRUE(IsWeakKey(CipherId::TripleDes, FromHex(b + a + a)));
    EXPECT_FALSE(IsWeakKey(CipherId::TripleDes, FromHex(a + b + a)));
}

TEST(WeakKey, OtherCiphersHaveNone)
{
    EXPECT_FALSE(IsWeakKey(CipherId::Aes128, Octets(16, 1)));
    EXPECT_FALSE(IsWeakKey(CipherId::Null, {}));
}

} // namespace
} // namespace ipsec
} // namespace ns3
