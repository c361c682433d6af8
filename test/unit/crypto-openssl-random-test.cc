// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/crypto-dh.h"
#include "ns3/crypto-library.h"
#include "ns3/crypto-openssl-random.h"

#include <openssl/rand.h>

#include <gtest/gtest.h>
#include <thread>

namespace ns3
{
namespace ipsec
{
namespace
{

/// Asks OpenSSL for octets, as its own functions do; empty if it has none.
Octets
DrawOfOpenssl(size_t count)
{
    Octets octets(count);
    const bool drawn = RAND_bytes_ex(CryptoLibrary::Get().Context(), octets.data(), count, 0) == 1;
    return drawn ? octets : Octets();
}

Octets
SecretDrawOfOpenssl(size_t count)
{
    Octets octets(count);
    const bool drawn =
        RAND_priv_bytes_ex(CryptoLibrary::Get().Context(), octets.data(), count, 0) == 1;
    return drawn ? octets : Octets();
}

TEST(OpensslRandomScope, GivesOpensslTheOctetsOfItsSource)
{
    SeededRandomSource given(1);
    SeededRandomSource same(1);
    const OpensslRandomScope scope(given);
    EXPECT_EQ(DrawOfOpenssl(16), same.Draw(16));
    EXPECT_EQ(SecretDrawOfOpenssl(24), same.Draw(24));
    EXPECT_EQ(given.Draw(8), same.Draw(8));
}

TEST(OpensslRandomScope, GivesMoreThanOneRequestHolds)
{
    SeededRandomSource given(2);
    SeededRandomSource same(2);
    const OpensslRandomScope scope(given);
    EXPECT_EQ(DrawOfOpenssl(200000), same.Draw(200000));
}

TEST(OpensslRandomScope, WithoutOneOpensslHasNoRandomness)
{
    EXPECT_TRUE(DrawOfOpenssl(16).empty());
    EXPECT_TRUE(SecretDrawOfOpenssl(16).empty());
}

TEST(OpensslRandomScope, EndsWhereItsBlockEnds)
{
    SeededRandomSource given(3);
    {
        const OpensslRandomScope scope(given);
        EXPECT_FALSE(DrawOfOpenssl(16).empty());
    }
    EXPECT_TRUE(DrawOfOpenssl(16).empty());
}

TEST(OpensslRandomScope, InnerOneCountsUntilItEnds)
{
    SeededRandomSource outer(4);
    SeededRandomSource inner(5);
    SeededRandomSource sameAsOuter(4);
    SeededRandomSource sameAsInner(5);
    const OpensslRandomScope outerScope(outer);
    {
        const OpensslRandomScope innerScope(inner);
        EXPECT_EQ(DrawOfOpenssl(8), sameAsInner.Draw(8));
    }
    EXPECT_EQ(DrawOfOpenssl(8), sameAsOuter.Draw(8));
}

TEST(OpensslRandomScope, HoldsForItsThreadOnly)
{
    SeededRandomSource given(6);
    const OpensslRandomScope scope(given);
    Octets drawnElsewhere = {1};
    std::thread([&drawnElsewhere] { drawnElsewhere = DrawOfOpenssl(16); }).join();
    EXPECT_TRUE(drawnElsewhere.empty());
}

TEST(OpensslBlindingScope, LeavesTheSourceAroundItAlone)
{
    SeededRandomSource given(7);
    SeededRandomSource same(7);
    const OpensslRandomScope scope(given);
    {
        const OpensslBlindingScope blinding;
        EXPECT_FALSE(DrawOfOpenssl(16).empty());
    }
    EXPECT_EQ(given.Draw(8), same.Draw(8));
}

// The arithmetic of curves blinds itself with random octets, scope or no scope.
TEST(OpensslBlindingScope, LetsDiffieHellmanWorkWithoutAScope)
{
    for (const uint16_t number : {19, 20, 21})
    {
        SeededRandomSource random(8);
        const DhGroup& group = *FindDhGroup(number);
        const DhKeyPair a = GenerateDhKeyPair(group, random);
        const DhKeyPair b = GenerateDhKeyPair(group, random);
        const Result<SecretBytes> secret = ComputeSharedSecret(a, b.publicValue);
        ASSERT_TRUE(secret.Ok()) << number;
        EXPECT_EQ(secret->View(), ComputeSharedSecret(b, a.publicValue)->View()) << number;
    }
}

} // namespace
} // namespace ipsec
} // namespace ns3
