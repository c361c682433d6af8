// SPDX-License-Identifier: GPL-2.0-only
#include "vector-file.h"

#include "ns3/crypto-hash.h"
#include "ns3/ipsec-random-source.h"

#include <algorithm>
#include <functional>
#include <gtest/gtest.h>
#include <stdexcept>
#include <thread>
#include <vector>

namespace ns3
{
namespace ipsec
{
namespace
{

const HashAlgorithm&
HashOf(VectorBlock& block)
{
    const HashAlgorithm* hash = FindHashByName(block.Text("Hash"));
    if (hash == nullptr)
    {
        throw std::runtime_error(block.Where() + ": unknown hash");
    }
    return *hash;
}

/// Checks whole MACs, or as many octets of them as the vector gives.
void
CheckMac(VectorBlock& block)
{
    const HashAlgorithm& hash = HashOf(block);
    const Octets key = block.Hex("Key");
    const Octets message = block.Hex("Message");
    const Octets expected = block.Hex("Mac");
    Octets mac(expected.size());
    HmacTruncated(hash.id, key, {message}, mac.data(), mac.size());
    EXPECT_EQ(ToHex(mac), ToHex(expected));
    EXPECT_EQ(ToHex(OctetView(Hmac(hash.id, key, {message})).First(expected.size())),
              ToHex(expected));
}

TEST(Digest, GivesTheKnownAnswers)
{
    ForEachVector("hash.txt",
                  [](VectorBlock& block)
                  {
                      const Octets message = block.Hex("Message");
                      EXPECT_EQ(ToHex(Digest(HashOf(block).id, {message})),
                                ToHex(block.Hex("Digest")));
                  });
}

TEST(Digest, IsAsLongAsTheTableSays)
{
    for (const char* name : {"md5", "sha", "sha256", "sha384", "sha512"})
    {
        const HashAlgorithm& hash = *FindHashByName(name);
        EXPECT_EQ(Digest(hash.id, {}).size(), hash.digestOctets) << name;
        EXPECT_EQ(Hmac(hash.id, {}, {}).size(), hash.digestOctets) << name;
    }
}

TEST(Digest, DoesNotDependOnHowTheMessageIsCut)
{
    const Octets message = SeededRandomSource(1).Draw(200);
    const OctetView view(message);
    const Octets whole = Digest(HashId::Sha1, {view});
    EXPECT_EQ(Digest(HashId::Sha1, {view.First(63), OctetView(), view.From(63)}), whole);
}

TEST(Hmac, GivesTheKnownAnswersOfMd5AndSha1)
{
    ForEachVector("hmac-rfc2202.txt", CheckMac);
}

TEST(Hmac, GivesTheKnownAnswersOfSha2)
{
    ForEachVector("hmac-rfc4231.txt", CheckMac);
}

TEST(Hmac, GivesTheKnownAnswersOfSha2WithKeysAndIcvsOfEspAndAh)
{
    ForEachVector("hmac-rfc4868.txt",
                  [](VectorBlock& block)
                  {
                      const IntegrityAlgorithm* integrity =
                          FindIntegrityByName(block.Text("Integrity"));
                      ASSERT_NE(integrity, nullptr);
                      const Octets key = block.Hex("Key");
                      const Octets message = block.Hex("Message");
                      EXPECT_EQ(key.size(), integrity->keyOctets);
                      Octets icv(integrity->icvOctets);
                      HmacTruncated(integrity->hash, key, {message}, icv.data(), icv.size());
                      EXPECT_EQ(ToHex(icv), ToHex(block.Hex("Icv")));
                  });
}

TEST(Hmac, DoesNotDependOnHowTheMessageIsCut)
{
    const Octets key = SeededRandomSource(2).Draw(20);
    const Octets message = SeededRandomSource(3).Draw(200);
    const OctetView view(message);
    EXPECT_EQ(Hmac(HashId::Md5, key, {view.First(1), OctetView(), view.From(1)}),
              Hmac(HashId::Md5, key, {view}));
}

TEST(Hmac, EmptyKeyIsNotTheKeyOfTheLastCall)
{
    const Octets key = {1, 2, 3};
    // HMAC fills a short key with zeros, so one zero is the same key as none.
    const Octets zero(1, 0);
    const Octets expected = Hmac(HashId::Sha256, zero, {key});
    Hmac(HashId::Sha256, key, {key});
    EXPECT_EQ(Hmac(HashId::Sha256, {}, {key}), expected);
}

TEST(Hmac, KeysThatComeAgainOrTakeTurnsGiveTheSame)
{
    const Octets message = {1, 2, 3};
    // The last is longer than any key of packets, and differs from the one before at its end only.
    const Octets keys[] = {Octets(20, 1), Octets(20, 2), Octets(64, 3), Octets(100, 3)};
    std::vector<Octets> first;
    for (const Octets& key : keys)
    {
        first.push_back(Hmac(HashId::Sha1, key, {message}));
        EXPECT_EQ(Hmac(HashId::Sha1, key, {message}), first.back());
    }
    for (size_t i = 0; i < first.size(); i++)
    {
        EXPECT_EQ(Hmac(HashId::Sha1, keys[i], {message}), first[i]);
        EXPECT_EQ(std::count(first.begin(), first.end(), first[i]), 1);
    }
}

TEST(Hmac, WritesNoMoreThanTheIcv)
{
    Octets out(20, 0xee);
    HmacTruncated(HashId::Sha1, {}, {}, out.data(), 12);
    EXPECT_EQ(OctetView(out).Last(8), OctetView(Octets(8, 0xee)));
}

TEST(Hmac, ThreadsDoNotDisturbEachOther)
{
    const Octets message(3000, 7);
    const auto work = [&](uint8_t seed, Octets& last)
    {
        const Octets key(20, seed);
        for (int i = 0; i < 300; i++)
        {
            last = Hmac(HashId::Sha1, key, {message});
        }
    };
    std::vector<Octets> found(4);
    std::vector<std::thread> threads;
    for (uint8_t i = 0; i < 4; i++)
    {
        threads.emplace_back(work, i, std::ref(found[i]));
    }
    for (uint8_t i = 0; i < 4; i++)
    {
        threads[i].join();
        EXPECT_EQ(found[i], Hmac(HashId::Sha1, Octets(20, i), {message})) << int{i};
    }
}

} // namespace
} // namespace ipsec
} // namespace ns3
