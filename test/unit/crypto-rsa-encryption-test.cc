// SPDX-License-Identifier: GPL-2.0-only
#include "asymmetric-samples.h"

#include "ns3/crypto-keys.h"

#include <gtest/gtest.h>
#include <vector>

namespace ns3
{
namespace ipsec
{
namespace
{

constexpr size_t MODULUS_OCTETS = 128;

const PrivateKey&
Key()
{
    return SampleKeyPair(KeyKind::Rsa);
}

/// Encrypts a block that is padded by hand.
Octets
EncryptBlock(OctetView block)
{
    return RawRsaPublic(Key().ToPem(), block);
}

/// A right block with the text at its end.
Octets
RightBlock(OctetView text)
{
    return Concat({Octets{0, 2}, Octets(MODULUS_OCTETS - 3 - text.size(), 0x77), Octets{0}, text});
}

/// Decrypts and tells whether what came is the fallback of that many octets.
bool
FallsBack(OctetView ciphertext, size_t fallbackOctets = 20)
{
    SeededRandomSource random(1);
    SeededRandomSource same(1);
    const SecretBytes text = DecryptRsa(Key(), ciphertext, fallbackOctets, random);
    const Octets fallback = same.Draw(fallbackOctets);
    EXPECT_EQ(random.Draw(8), same.Draw(8)) << "something else was drawn";
    return text.View() == OctetView(fallback);
}

TEST(EncryptRsa, IsUndoneByDecryptRsa)
{
    SeededRandomSource random(2);
    for (const size_t octets : {0, 1, 8, 20, 116, 117})
    {
        const Octets text = random.Draw(octets);
        const Result<Octets> ciphertext = EncryptRsa(Key().Public(), text, random);
        ASSERT_TRUE(ciphertext.Ok());
        EXPECT_EQ(ciphertext->size(), MODULUS_OCTETS);
        EXPECT_EQ(DecryptRsa(Key(), *ciphertext, 20, random).View(), OctetView(text));
    }
}

// RFC 8017 section 7.2.1, seen by the raw operation of OpenSSL.
TEST(EncryptRsa, PadsWithOctetsOfTheSourceThatAreNotZero)
{
    const Octets text = {1, 2, 3, 4};
    Octets script = {0, 5, 0, 0, 6, 7};
    script.resize(200, 9);
    ScriptedRandomSource random(script);
    const Octets ciphertext = *EncryptRsa(Key().Public(), text, random);
    const Octets expected = Concat({Octets{0, 2, 5, 6, 7}, Octets(118, 9), Octets{0, 1, 2, 3, 4}});
    EXPECT_EQ(ToHex(RawRsaPrivate(Key().ToPem(), ciphertext)), ToHex(expected));
    EXPECT_EQ(random.Drawn(), 124U);
}

TEST(EncryptRsa, OfATextThatDoesNotFitIsRefused)
{
    SeededRandomSource random(3);
    EXPECT_TRUE(EncryptRsa(Key().Public(), Octets(117), random).Ok());
    EXPECT_EQ(EncryptRsa(Key().Public(), Octets(118), random).GetFault(), Fault::CryptoFailure);
    EXPECT_EQ(EncryptRsa(Key().Public(), Octets(1000), random).GetFault(), Fault::CryptoFailure);
}

TEST(EncryptRsa, NeedsAnRsaKey)
{
    SeededRandomSource random(4);
    const PrivateKey& key = SampleKeyPair(KeyKind::EcdsaP256);
    EXPECT_EQ(EncryptRsa(key.Public(), Octets(8), random).GetFault(), Fault::CryptoFailure);
    EXPECT_EQ(DecryptRsa(key, Octets(64), 20, random).size(), 20U);
}

TEST(EncryptRsa, EndsEvenIfTheSourceGivesOnlyZeros)
{
    ScriptedRandomSource zeros(Octets{});
    const Octets ciphertext = *EncryptRsa(Key().Public(), Octets{8}, zeros);
    const Octets expected = Concat({Octets{0, 2}, Octets(124, 1), Octets{0, 8}});
    EXPECT_EQ(ToHex(RawRsaPrivate(Key().ToPem(), ciphertext)), ToHex(expected));
}

TEST(DecryptRsa, AcceptsWhateverIsPaddedRight)
{
    SeededRandomSource random(5);
    for (const size_t octets : {0, 1, 40, 117})
    {
        const Octets text(octets, 0);
        const SecretBytes back = DecryptRsa(Key(), EncryptBlock(RightBlock(text)), 20, random);
        EXPECT_EQ(back.View(), OctetView(text)) << octets;
    }
}

// CVE-2018-0131: each wrong ciphertext gives the same as any other.
TEST(DecryptRsa, OfAnythingWrongIsTheFallback)
{
    const Octets text(20, 3);
    const Octets right = RightBlock(text);
    ASSERT_FALSE(FallsBack(EncryptBlock(right)));
    const auto changed = [&right](size_t at, uint8_t value)
    {
        Octets block = right;
        block[at] = value;
        return block;
    };
    EXPECT_TRUE(FallsBack(EncryptBlock(changed(1, 1)))) << "type 1";
    EXPECT_TRUE(FallsBack(EncryptBlock(changed(1, 0)))) << "type 0";
    EXPECT_TRUE(FallsBack(EncryptBlock(changed(0, 1)))) << "first octet";
    for (size_t i = 2; i < 10; i++)
    {
        EXPECT_TRUE(FallsBack(EncryptBlock(changed(i, 0)))) << "padding of " << i - 2;
    }
    EXPECT_FALSE(FallsBack(EncryptBlock(changed(10, 0)))) << "padding of 8 is enough";
    EXPECT_TRUE(FallsBack(EncryptBlock(Concat({Octets{0, 2}, Octets(126, 1)})))) << "no end";
    EXPECT_TRUE(FallsBack(Octets(MODULUS_OCTETS))) << "zero";
    EXPECT_TRUE(FallsBack(Octets(MODULUS_OCTETS, 0xff))) << "above the modulus";
    EXPECT_TRUE(FallsBack(Octets())) << "nothing";
    EXPECT_TRUE(FallsBack(Octets(MODULUS_OCTETS - 1, 1))) << "short";
    EXPECT_TRUE(FallsBack(Octets(MODULUS_OCTETS + 1, 1))) << "long";
    EXPECT_TRUE(FallsBack(Octets(MODULUS_OCTETS, 1), 0)) << "no fallback";
    EXPECT_TRUE(FallsBack(Octets(MODULUS_OCTETS, 1), 300)) << "fallback longer than the block";
}

TEST(DecryptRsa, AlwaysDrawsTheSame)
{
    const Octets right = EncryptBlock(RightBlock(Octets(20, 3)));
    for (const Octets& ciphertext : {right, Octets(MODULUS_OCTETS), Octets()})
    {
        SeededRandomSource random(6);
        SeededRandomSource same(6);
        DecryptRsa(Key(), ciphertext, 20, random);
        same.Draw(20);
        EXPECT_EQ(random.Draw(8), same.Draw(8));
    }
}

} // namespace
} // namespace ipsec
} // namespace ns3
