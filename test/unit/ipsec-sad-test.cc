// SPDX-License-Identifier: GPL-2.0-only
#include "data-plane-samples.h"

#include "ns3/ipsec-sad.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{
namespace
{

const Instant START{std::chrono::seconds(100)};

Instant
After(int seconds)
{
    return START + std::chrono::seconds(seconds);
}

IpsecSa
SaWithLifetime(uint32_t spi, int soft, int hard)
{
    IpsecSa sa = SampleSa(spi);
    sa.lifetime.soft = std::chrono::seconds(soft);
    sa.lifetime.hard = std::chrono::seconds(hard);
    return sa;
}

TEST(Sad, FindsInboundSasByProtocolAndSpi)
{
    Sad sad;
    SaEntry& entry = sad.Add(FarEnd(SampleSa(0x300)), START);
    EXPECT_EQ(sad.FindInbound(ProtocolId::Esp, 0x300), &entry);
    EXPECT_EQ(sad.FindInbound(ProtocolId::Ah, 0x300), nullptr);
    EXPECT_EQ(sad.FindInbound(ProtocolId::Esp, 0x301), nullptr);
}

TEST(Sad, DoesNotTakeAnOutboundSaForAnInboundOne)
{
    Sad sad;
    sad.Add(SampleSa(0x300), START);
    EXPECT_EQ(sad.FindInbound(ProtocolId::Esp, 0x300), nullptr);
}

TEST(Sad, KeepsOutboundSasOfTwoPeersThatChoseTheSameSpi)
{
    Sad sad;
    IpsecSa other = SampleSa(0x300);
    other.remote.address = IpAddress::Parse("203.0.113.9");
    other.child = {1, 0};
    sad.Add(SampleSa(0x300), START);
    sad.Add(other, START);
    EXPECT_EQ(sad.Entries().size(), 2u);
    EXPECT_EQ(sad.FindOutbound({1, 0})->sa.remote, other.remote);
    EXPECT_EQ(sad.FindOutbound({0, 0})->sa.remote, GatewayB());
}

TEST(Sad, SendsThroughTheNewestSaOfAChild)
{
    Sad sad;
    // The numbers of the SPIs must not matter.
    for (const uint32_t spi : {0x500, 0x300, 0x400})
    {
        const SaEntry& entry = sad.Add(SampleSa(spi), START);
        EXPECT_EQ(sad.FindOutbound({0, 0}), &entry);
        EXPECT_TRUE(sad.IsNewest(entry));
    }
    EXPECT_FALSE(sad.IsNewest(*sad.Find(SampleSa(0x300).Key())));
    EXPECT_EQ(sad.FindOutbound({0, 1}), nullptr);
}

TEST(Sad, FallsBackToTheSaBeforeIfTheNewestIsRemoved)
{
    Sad sad;
    sad.Add(SampleSa(0x500), START);
    sad.Add(SampleSa(0x300), START);
    EXPECT_TRUE(sad.Remove(SampleSa(0x300).Key()));
    EXPECT_EQ(sad.FindOutbound({0, 0})->sa.spi, 0x500u);
    EXPECT_TRUE(sad.Remove(SampleSa(0x500).Key()));
    EXPECT_EQ(sad.FindOutbound({0, 0}), nullptr);
    EXPECT_FALSE(sad.Remove(SampleSa(0x500).Key()));
}

TEST(Sad, ForgetsARemovedInboundSa)
{
    Sad sad;
    const IpsecSa sa = FarEnd(SaWithLifetime(0x300, 1, 2));
    sad.Add(sa, START);
    EXPECT_TRUE(sad.Remove(sa.Key()));
    EXPECT_EQ(sad.FindInbound(ProtocolId::Esp, 0x300), nullptr);
    EXPECT_EQ(sad.NextDeadline(), std::nullopt);
    EXPECT_TRUE(sad.Entries().empty());
}

TEST(Sad, StartsAFreshEntryWhenAnSaIsReplaced)
{
    Sad sad;
    sad.Add(SaWithLifetime(0x300, 0, 50), START).sequence = 9;
    sad.Add(SampleSa(0x400), START);
    const SaEntry& replaced = sad.Add(SampleSa(0x300), START);
    EXPECT_EQ(replaced.sequence, 0u);
    EXPECT_EQ(sad.Entries().size(), 2u);
    EXPECT_EQ(sad.FindOutbound({0, 0}), &replaced);
    EXPECT_EQ(sad.NextDeadline(), std::nullopt);
}

TEST(Sad, ListsTheSasOfAChildInboundFirstAndOldFirst)
{
    Sad sad;
    IpsecSa other = SampleSa(0x999);
    other.child = {0, 1};
    for (const IpsecSa& sa : {SampleSa(0x500), FarEnd(SampleSa(0x600)), SampleSa(0x400), other})
    {
        sad.Add(sa, START);
    }
    const std::vector<SaKey> keys = sad.OfChild({0, 0});
    ASSERT_EQ(keys.size(), 3u);
    EXPECT_EQ(keys[0].spi, 0x600u);
    EXPECT_EQ(keys[1].spi, 0x500u);
    EXPECT_EQ(keys[2].spi, 0x400u);
}

TEST(Sad, CountsLifetimesFromTheInstallation)
{
    Sad sad;
    const SaEntry& entry = sad.Add(SaWithLifetime(0x300, 80, 100), START);
    EXPECT_EQ(entry.sa.installedAt, START);
    EXPECT_EQ(sad.NextDeadline(), After(80));
}

TEST(Sad, HasTheHardEndAfterTheSoftOneWasReported)
{
    Sad sad;
    SaEntry& entry = sad.Add(SaWithLifetime(0x300, 80, 100), START);
    sad.MarkSoftReported(entry);
    EXPECT_EQ(sad.NextDeadline(), After(100));
}

TEST(Sad, WithoutLifetimesHasNoDeadline)
{
    Sad sad;
    sad.MarkSoftReported(sad.Add(SampleSa(), START));
    EXPECT_EQ(sad.NextDeadline(), std::nullopt);
    EXPECT_TRUE(sad.Due(After(1000000)).empty());
}

TEST(Sad, TellsWhatIsDueEarliestFirst)
{
    Sad sad;
    sad.Add(SaWithLifetime(0x301, 0, 30), START);
    sad.Add(SaWithLifetime(0x302, 20, 90), START);
    sad.Add(SaWithLifetime(0x303, 40, 50), START);
    EXPECT_TRUE(sad.Due(After(19)).empty());
    const std::vector<SaKey> due = sad.Due(After(30));
    ASSERT_EQ(due.size(), 2u);
    EXPECT_EQ(due[0].spi, 0x302u);
    EXPECT_EQ(due[1].spi, 0x301u);
}

TEST(Sad, CopiesAreIndependent)
{
    Sad sad;
    sad.Add(FarEnd(SampleSa(0x600)), START);
    sad.Add(SampleSa(0x500), START);
    sad.Add(SampleSa(0x400), START);
    Sad copy = sad;
    copy.FindInbound(ProtocolId::Esp, 0x600)->packets = 7;
    copy.FindOutbound({0, 0})->sequence = 8;

    EXPECT_EQ(copy.Find(FarEnd(SampleSa(0x600)).Key())->packets, 7u);
    EXPECT_EQ(copy.Find(SampleSa(0x400).Key())->sequence, 8u);
    EXPECT_EQ(sad.FindInbound(ProtocolId::Esp, 0x600)->packets, 0u);
    EXPECT_EQ(sad.FindOutbound({0, 0})->sequence, 0u);
    sad = Sad();
    EXPECT_EQ(copy.FindOutbound({0, 0})->sa.spi, 0x400u);
}

// Covers AR-01.
TEST(Sad, GivesAWindowToInboundSasOnly)
{
    Sad sad;
    EXPECT_EQ(sad.Add(SampleSa(0x500), START).replay.size(), 0u);
    EXPECT_EQ(sad.Add(FarEnd(SampleSa(0x500)), START).replay.size(), 64u);
}

} // namespace
} // namespace ipsec
} // namespace ns3
