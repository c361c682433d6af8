// SPDX-License-Identifier: GPL-2.0-only
// What one packet of ESP takes: CTR and GCM with salt, IV and ICV, and CBC the same way.
#include "vector-file.h"

#include "ns3/crypto-cipher.h"
#include "ns3/ipsec-random-source.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{
namespace
{

const CipherId COUNTER_CIPHERS[] = {CipherId::Aes128Ctr,
                                    CipherId::Aes192Ctr,
                                    CipherId::Aes256Ctr,
                                    CipherId::Aes128Gcm,
                                    CipherId::Aes256Gcm};

/// Key, IV and text that fit a cipher.
struct Sample
{
    explicit Sample(CipherId cipher, uint64_t seed = 7)
        : id(cipher)
    {
        const CipherAlgorithm& row = GetCipher(cipher);
        SeededRandomSource random(seed);
        key = random.Draw(row.keyOctets + row.saltOctets);
        iv = random.Draw(row.ivOctets);
        additional = random.Draw(8);
        text = random.Draw(48);
        icv.resize(row.icvOctets);
    }

    PacketCipher
    Input() const
    {
        return {id, key, iv, additional};
    }

    bool
    Encrypt()
    {
        return EncryptPacket(Input(), text.data(), text.size(), icv.data());
    }

    /// Returns the name of the fault, or "Done".
    std::string
    Decrypt()
    {
        const Result<Done> done = DecryptPacket(Input(), text.data(), text.size(), icv);
        return done ? "Done" : FaultName(done.GetFault());
    }

    CipherId id;
    Octets key;
    Octets iv;
    Octets additional;
    Octets text;
    Octets icv;
};

/// Encrypts and decrypts a known answer.
void
ExpectKnownAnswer(VectorBlock& block)
{
    block.Skip("Name");
    const CipherAlgorithm* cipher = FindCipherByName(block.Text("Cipher"));
    ASSERT_NE(cipher, nullptr);
    Sample sample(cipher->id);
    sample.key = block.Hex("Key");
    sample.iv = block.Hex("Iv");
    sample.text = block.Hex("Plaintext");
    sample.additional = cipher->icvOctets > 0 ? block.Hex("Additional") : Octets{};
    const Octets icv = cipher->icvOctets > 0 ? block.Hex("Icv") : Octets{};
    ASSERT_TRUE(sample.Encrypt());
    EXPECT_EQ(ToHex(sample.text), ToHex(block.Hex("Ciphertext")));
    EXPECT_EQ(ToHex(sample.icv), ToHex(icv));
    EXPECT_EQ(sample.Decrypt(), "Done");
    EXPECT_EQ(ToHex(sample.text), ToHex(block.Hex("Plaintext")));
}

TEST(PacketCipher, GivesTheAnswersOfRfc3686)
{
    ForEachVector("cipher-ctr-rfc3686.txt", ExpectKnownAnswer);
}

TEST(PacketCipher, GivesTheKnownAnswersOfGcm)
{
    ForEachVector("cipher-gcm.txt", ExpectKnownAnswer);
}

TEST(PacketCipher, RekeyingLeavesNothingOfThePacketBefore)
{
    for (const CipherId id : COUNTER_CIPHERS)
    {
        Sample first(id);
        ASSERT_TRUE(first.Encrypt());
        Sample other(id, 8);
        ASSERT_TRUE(other.Encrypt());
        ASSERT_EQ(other.Decrypt(), "Done");
        Sample again(id);
        ASSERT_TRUE(again.Encrypt());
        EXPECT_EQ(again.text, first.text) << GetCipher(id).name;
        EXPECT_EQ(again.icv, first.icv) << GetCipher(id).name;
    }
}

TEST(PacketCipher, ARefusalLeavesNothingForTheNextPacket)
{
    Sample good(CipherId::Aes128Gcm);
    ASSERT_TRUE(good.Encrypt());
    Sample bad = good;
    bad.icv[0] ^= 1;
    EXPECT_EQ(bad.Decrypt(), "BadIcv");
    EXPECT_EQ(good.Decrypt(), "Done");
    EXPECT_EQ(good.text, Sample(CipherId::Aes128Gcm).text);
}

TEST(PacketCipher, EveryPartOfAGcmPacketIsCovered)
{
    Sample sealed(CipherId::Aes256Gcm);
    ASSERT_TRUE(sealed.Encrypt());
    for (Octets Sample::*part :
         {&Sample::key, &Sample::iv, &Sample::additional, &Sample::text, &Sample::icv})
    {
        for (size_t i = 0; i < (sealed.*part).size(); i++)
        {
            Sample changed = sealed;
            (changed.*part)[i] ^= 0x10;
            ASSERT_EQ(changed.Decrypt(), "BadIcv") << i;
        }
    }
}

TEST(PacketCipher, KeyWithoutItsSaltIsRefused)
{
    for (const CipherId id : COUNTER_CIPHERS)
    {
        Sample sample(id);
        sample.key.resize(GetCipher(id).keyOctets);
        EXPECT_FALSE(sample.Encrypt()) << GetCipher(id).name;
        EXPECT_EQ(sample.Decrypt(), "CryptoFailure") << GetCipher(id).name;
    }
}

TEST(PacketCipher, IvAndIcvOfTheWrongLengthAreRefused)
{
    for (const CipherId id : COUNTER_CIPHERS)
    {
        Sample sample(id);
        sample.iv.push_back(0);
        EXPECT_FALSE(sample.Encrypt()) << GetCipher(id).name;
        EXPECT_EQ(sample.Decrypt(), "CryptoFailure") << GetCipher(id).name;
    }
    Sample gcm(CipherId::Aes128Gcm);
    ASSERT_TRUE(gcm.Encrypt());
    gcm.icv.resize(12);
    EXPECT_EQ(gcm.Decrypt(), "CryptoFailure");
}

TEST(PacketCipher, CbcIsTheSameAsWithoutAPacket)
{
    Sample packet(CipherId::Aes192);
    Octets text = packet.text;
    ASSERT_TRUE(CbcEncrypt(packet.id, packet.key, packet.iv, text.data(), text.size()));
    ASSERT_TRUE(packet.Encrypt());
    EXPECT_EQ(packet.text, text);
    EXPECT_EQ(packet.Decrypt(), "Done");
    EXPECT_EQ(packet.text, Sample(CipherId::Aes192).text);
}

} // namespace
} // namespace ipsec
} // namespace ns3
