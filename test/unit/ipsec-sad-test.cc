// SPDX-License-Identifier: GPL-2.0-only
#include "protected-samples.h"

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

// Covers QM-18.
TEST(Sad, LeadsABundleWithEspWhicheverCameLast)
{
    const SampleBundle bundle;
    for (const auto& [first, second] :
         {std::pair(bundle.ah, bundle.esp), std::pair(bundle.esp, bundle.ah)})
    {
        Sad sad;
        sad.Add(first, START);
        EXPECT_EQ(sad.FindOutbound({}), nullptr);
        sad.Add(second, START);
        ASSERT_NE(sad.FindOutbound({}), nullptr);
        EXPECT_EQ(sad.FindOutbound({})->key, bundle.esp.Key());
        EXPECT_EQ(sad.FindOutbound({})->partner->key, bundle.ah.Key());
        EXPECT_TRUE(sad.IsNewest(*sad.Find(bundle.esp.Key())));
        EXPECT_FALSE(sad.IsNewest(*sad.Find(bundle.ah.Key())));
        sad.Remove(bundle.ah.Key());
        EXPECT_EQ(sad.FindOutbound({}), nullptr);
        EXPECT_EQ(sad.Find(bundle.esp.Key())->partner, nullptr);
    }
}

TEST(Sad, JoinsOnlySasThatNameEachOther)
{
    SampleBundle bundle;
    Sad sad;
    bundle.ah.bundledSpi = 0x7777;
    sad.Add(bundle.ah, START);
    EXPECT_EQ(sad.Add(bundle.esp, START).partner, nullptr);
    bundle.ah.bundledSpi = bundle.esp.spi;
    bundle.ah.child = {0, 1};
    EXPECT_EQ(sad.Add(bundle.ah, START).partner, nullptr);
    bundle.ah.child = {};
    EXPECT_EQ(sad.Add(FarEnd(bundle.ah), START).partner, nullptr);
    EXPECT_EQ(sad.Add(bundle.ah, START).partner, sad.Find(bundle.esp.Key()));
}

TEST(Sad, KeepsBundlesJoinedInCopiesAndAfterAReplacement)
{
    const SampleBundle bundle;
    Sad copy;
    {
        Sad sad;
        sad.Add(bundle.ah, START);
        sad.Add(bundle.esp, START);
        sad.Add(bundle.ah, START);
        copy = sad;
    }
    SaEntry* esp = copy.Find(bundle.esp.Key());
    EXPECT_EQ(esp->partner, copy.Find(bundle.ah.Key()));
    EXPECT_EQ(esp->partner->partner, esp);
}

TEST(Sad, FindsEachOfTenThousandSas)
{
    Sad sad;
    for (uint32_t i = 0; i < 10000; i++)
    {
        IpsecSa sa = i % 2 == 0 ? SampleSa(0x1000 + i) : SampleAh(0x1000 + i);
        sa.child = {i, 0};
        sad.Add(sa, START);
        sad.Add(FarEnd(sa), START);
    }
    EXPECT_EQ(sad.Entries().size(), 20000u);
    for (uint32_t i = 0; i < 10000; i++)
    {
        const ProtocolId protocol = i % 2 == 0 ? ProtocolId::Esp : ProtocolId::Ah;
        const ProtocolId other = i % 2 == 0 ? ProtocolId::Ah : ProtocolId::Esp;
        ASSERT_EQ(sad.FindInbound(protocol, 0x1000 + i)->sa.child, (ChildId{i, 0}));
        ASSERT_EQ(sad.FindInbound(other, 0x1000 + i), nullptr);
        ASSERT_EQ(sad.FindOutbound({i, 0})->sa.spi, 0x1000 + i);
    }
}

} // namespace
} // namespace ipsec
} // namespace ns3
