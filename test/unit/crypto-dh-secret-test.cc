// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/crypto-dh-jobs.h"
#include "ns3/crypto-dh-secret.h"
#include "ns3/crypto-dh-workers.h"

#include <atomic>
#include <chrono>
#include <gtest/gtest.h>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace ns3
{
namespace ipsec
{
namespace
{

const uint16_t QUICK_GROUPS[] = {1, 2, 14, 19};
constexpr unsigned WORKERS[] = {0, 1, 2};

DhKeyPair
PairOf(uint16_t group, uint64_t seed)
{
    SeededRandomSource random(seed);
    return GenerateDhKeyPair(*FindDhGroup(group), random);
}

TEST(DhSecret, IsTheSameWithAnyNumberOfWorkers)
{
    for (const unsigned workers : WORKERS)
    {
        for (const DhSharing sharing : {DhSharing::ByEachEnd, DhSharing::OncePerPair})
        {
            const DhWorkers scope(workers, sharing);
            for (const uint16_t group : QUICK_GROUPS)
            {
                DhKeyPair first = PairOf(group, 1);
                const DhKeyPair second = PairOf(group, 2);
                AnnounceKeyPair(first);
                const Result<DhSecret> answered = BeginSharedSecret(second, first.publicValue);
                const Result<DhSecret> begun = BeginSharedSecret(first, second.publicValue);
                ASSERT_TRUE(answered.Ok() && begun.Ok());
                const auto expected = ComputeSharedSecret(first, second.publicValue);
                EXPECT_EQ(begun->Value().View(), expected->View()) << workers << ", " << group;
                EXPECT_EQ(answered->Value().View(), expected->View()) << workers << ", " << group;
            }
        }
    }
}

TEST(DhSecret, CopiesOutliveEachOther)
{
    for (const unsigned workers : WORKERS)
    {
        const DhWorkers scope(workers);
        std::optional<DhSecret> copy;
        const DhKeyPair own = PairOf(2, 1);
        const DhKeyPair peer = PairOf(2, 2);
        {
            const Result<DhSecret> secret = BeginSharedSecret(own, peer.publicValue);
            copy = *secret;
        }
        const DhSecret another = *copy;
        EXPECT_EQ(copy->Value().View(), ComputeSharedSecret(own, peer.publicValue)->View());
        EXPECT_EQ(&copy->Value(), &another.Value());
    }
}

TEST(DhSecret, FaultsComeAtOnce)
{
    const DhWorkers scope(1);
    for (const uint16_t group : QUICK_GROUPS)
    {
        const DhKeyPair own = PairOf(group, 1);
        const size_t octets = own.publicValue.size();
        EXPECT_EQ(BeginSharedSecret(own, own.publicValue).GetFault(), Fault::ReflectedValue);
        EXPECT_EQ(BeginSharedSecret(own, Octets(octets)).GetFault(), Fault::BadKeyExchange);
        EXPECT_EQ(BeginSharedSecret(own, Octets(octets, 0xff)).GetFault(), Fault::BadKeyExchange);
        EXPECT_EQ(BeginSharedSecret(own, Octets(octets - 1, 7)).GetFault(), Fault::BadKeyExchange);
    }
}

TEST(DhSecret, OncePerPairIsTheFirstReadersValue)
{
    for (const unsigned workers : WORKERS)
    {
        const DhWorkers scope(workers, DhSharing::OncePerPair);
        DhKeyPair first = PairOf(2, 1);
        const DhKeyPair second = PairOf(2, 2);
        AnnounceKeyPair(first);
        const Result<DhSecret> answered = BeginSharedSecret(second, first.publicValue);
        const Result<DhSecret> begun = BeginSharedSecret(first, second.publicValue);
        EXPECT_EQ(&answered->Value(), &begun->Value());
    }
}

TEST(DhSecret, EachEndHasItsOwnOtherwise)
{
    for (const unsigned workers : WORKERS)
    {
        const DhWorkers scope(workers);
        DhKeyPair first = PairOf(2, 1);
        const DhKeyPair second = PairOf(2, 2);
        AnnounceKeyPair(first);
        const Result<DhSecret> answered = BeginSharedSecret(second, first.publicValue);
        const Result<DhSecret> begun = BeginSharedSecret(first, second.publicValue);
        EXPECT_NE(&answered->Value(), &begun->Value());
    }
}

// The first end's computation is there before its owner asks: asked twice, it is the same one.
TEST(DhSecret, TheFirstEndsComputationBeginsWithTheAnswer)
{
    const DhWorkers scope(1);
    DhKeyPair first = PairOf(2, 1);
    const DhKeyPair second = PairOf(2, 2);
    const DhKeyPair stranger = PairOf(2, 3);
    AnnounceKeyPair(first);
    const DhKeyPair copyOfFirst = first;
    const Result<DhSecret> answered = BeginSharedSecret(second, first.publicValue);
    EXPECT_EQ(&BeginSharedSecret(first, second.publicValue)->Value(),
              &BeginSharedSecret(copyOfFirst, second.publicValue)->Value());
    const Result<DhSecret> other = BeginSharedSecret(first, stranger.publicValue);
    EXPECT_EQ(other->Value().View(), ComputeSharedSecret(first, stranger.publicValue)->View());
}

TEST(DhSecret, AnAnswerThatNeverArrivesIsForgottenWithItsKeyPair)
{
    const DhWorkers scope(1);
    const DhKeyPair second = PairOf(2, 2);
    ASSERT_EQ(AnnouncedKeyPairs(), 0u);
    for (int round = 0; round < 2; round++)
    {
        DhKeyPair first = PairOf(2, 1);
        AnnounceKeyPair(first);
        // Copies are the same key pair: it is there until the last of them goes.
        auto copy = std::make_unique<DhKeyPair>(first);
        const Result<DhSecret> answered = BeginSharedSecret(second, first.publicValue);
        EXPECT_EQ(answered->Value().View(), ComputeSharedSecret(first, second.publicValue)->View());
        first = DhKeyPair();
        EXPECT_EQ(AnnouncedKeyPairs(), 1u);
        copy.reset();
        EXPECT_EQ(AnnouncedKeyPairs(), 0u);
    }
}

// Engines that were copied draw the same value: the one that goes must not take the other's along.
TEST(DhSecret, AValueThatWasDrawnTwiceIsForgottenWithTheFirstOfThem)
{
    const DhWorkers scope(1);
    auto first = std::make_unique<DhKeyPair>(PairOf(2, 1));
    AnnounceKeyPair(*first);
    auto again = std::make_unique<DhKeyPair>(PairOf(2, 1));
    AnnounceKeyPair(*again);
    EXPECT_EQ(AnnouncedKeyPairs(), 1u);
    again.reset();
    EXPECT_EQ(AnnouncedKeyPairs(), 1u);
    first.reset();
    EXPECT_EQ(AnnouncedKeyPairs(), 0u);
}

TEST(DhSecret, NoMoreKeyPairsAreAnnouncedThanTheLimit)
{
    const DhWorkers scope(0, DhSharing::OncePerPair);
    std::vector<DhKeyPair> pairs(MAX_ANNOUNCED);
    for (size_t i = 0; i < pairs.size(); i++)
    {
        pairs[i].group = 2;
        pairs[i].publicValue = AsOctets(std::to_string(i)).Copy();
        AnnounceKeyPair(pairs[i]);
    }
    EXPECT_EQ(AnnouncedKeyPairs(), MAX_ANNOUNCED);
    DhKeyPair last = PairOf(2, 1);
    const DhKeyPair peer = PairOf(2, 2);
    const auto areShared = [&]()
    {
        const Result<DhSecret> answered = BeginSharedSecret(peer, last.publicValue);
        return &answered->Value() == &BeginSharedSecret(last, peer.publicValue)->Value();
    };
    AnnounceKeyPair(last);
    EXPECT_EQ(AnnouncedKeyPairs(), MAX_ANNOUNCED);
    EXPECT_FALSE(areShared());
    pairs.clear();
    EXPECT_EQ(AnnouncedKeyPairs(), 0u);
    AnnounceKeyPair(last);
    EXPECT_TRUE(areShared());
}

TEST(DhSecret, NoMoreAnswersToAKeyPairAreKeptThanTheLimit)
{
    const DhWorkers scope(0, DhSharing::OncePerPair);
    DhKeyPair first = PairOf(2, 1);
    AnnounceKeyPair(first);
    for (size_t answers = 1; answers <= MAX_ANSWERS + 1; answers++)
    {
        const DhKeyPair peer = PairOf(2, 1 + answers);
        const Result<DhSecret> answered = BeginSharedSecret(peer, first.publicValue);
        const Result<DhSecret> begun = BeginSharedSecret(first, peer.publicValue);
        EXPECT_EQ(&answered->Value() == &begun->Value(), answers <= MAX_ANSWERS) << answers;
    }
}

// Nobody reads them: who else should have computed them?
TEST(DhSecret, ThreadsComputeTheSecretsOfBothEndsAhead)
{
    const DhWorkers scope(1);
    DhJobs& jobs = DhJobs::Get();
    const uint64_t before = jobs.ComputedByThreads();
    DhKeyPair first = PairOf(2, 1);
    const DhKeyPair second = PairOf(2, 2);
    AnnounceKeyPair(first);
    const Result<DhSecret> answered = BeginSharedSecret(second, first.publicValue);
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (jobs.ComputedByThreads() < before + 2 && std::chrono::steady_clock::now() < deadline)
    {
        std::this_thread::yield();
    }
    EXPECT_EQ(jobs.ComputedByThreads(), before + 2);
}

TEST(DhSecret, NothingIsAnnouncedWithoutWorkers)
{
    DhKeyPair pair = PairOf(2, 1);
    AnnounceKeyPair(pair);
    EXPECT_EQ(pair.announcement, nullptr);
}

TEST(DhSecret, IsReadByManyThreadsAtOnce)
{
    const DhWorkers scope(2);
    std::vector<DhSecret> secrets;
    std::vector<std::string> expected;
    const DhKeyPair own = PairOf(1, 1);
    for (uint64_t seed = 2; seed < 34; seed++)
    {
        DhKeyPair peer = PairOf(1, seed);
        AnnounceKeyPair(peer);
        secrets.push_back(*BeginSharedSecret(own, peer.publicValue));
        expected.push_back(ToHex(ComputeSharedSecret(own, peer.publicValue)->View()));
    }
    std::atomic<size_t> right = 0;
    std::vector<std::thread> readers;
    for (int i = 0; i < 3; i++)
    {
        readers.emplace_back(
            [&]()
            {
                for (size_t j = 0; j < secrets.size(); j++)
                {
                    right += ToHex(DhSecret(secrets[j]).Value().View()) == expected[j] ? 1 : 0;
                }
            });
    }
    for (std::thread& reader : readers)
    {
        reader.join();
    }
    EXPECT_EQ(right, 3 * secrets.size());
}

} // namespace
} // namespace ipsec
} // namespace ns3
