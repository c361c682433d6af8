// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/ike-dpd.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

using std::chrono::seconds;
using Due = DpdWatch::Due;

constexpr Instant START{};

/// A probe 10 s after the last sign of life, then every 2 s, three in all.
DpdConfig
Watching(DpdMode mode)
{
    return {mode, seconds(10), seconds(2), 3, DpdAction::Hold};
}

} // namespace

TEST(DpdLink, FirstNumberIsMaskedAndEveryNextOneHigher)
{
    SeededRandomSource random(1);
    Personality personality;
    personality.dpdFirstSequenceMask = 0x7fff;
    DpdLink link;
    const uint32_t first = link.NextSequence(personality, random);
    EXPECT_LE(first, 0x7fffu);
    EXPECT_EQ(link.NextSequence(personality, random), first + 1);
    EXPECT_EQ(link.NextSequence(personality, random), first + 2);
}

TEST(DpdLink, NumberIsRepeatedOnlyWhileItIsUnanswered)
{
    SeededRandomSource random(1);
    Personality personality;
    personality.dpdRepeatsSequence = true;
    DpdLink link;
    const uint32_t first = link.NextSequence(personality, random);
    EXPECT_EQ(link.NextSequence(personality, random), first);
    ASSERT_TRUE(link.TakeAnswer(first));
    EXPECT_EQ(link.NextSequence(personality, random), first + 1);
}

TEST(DpdLink, AnswersAreTakenOnceInOrderAndOnlyIfAsked)
{
    SeededRandomSource random(1);
    DpdLink link;
    EXPECT_FALSE(link.TakeAnswer(0));
    const uint32_t first = link.NextSequence({}, random);
    link.NextSequence({}, random);
    link.NextSequence({}, random);
    EXPECT_FALSE(link.TakeAnswer(first - 1));
    EXPECT_FALSE(link.TakeAnswer(first + 3));
    EXPECT_TRUE(link.TakeAnswer(first + 1));
    EXPECT_FALSE(link.TakeAnswer(first)) << "older than one that was answered";
    EXPECT_FALSE(link.TakeAnswer(first + 1)) << "answered already";
    EXPECT_TRUE(link.TakeAnswer(first + 2));
    EXPECT_FALSE(link.TakeAnswer(first + 2)) << "nothing is due";
}

TEST(DpdLink, ProbesAreTakenWithHigherNumbersOnly)
{
    DpdLink link;
    EXPECT_TRUE(link.TakeProbe(0xfffffffe));
    EXPECT_FALSE(link.TakeProbe(0xfffffffe));
    EXPECT_FALSE(link.TakeProbe(0xfffffff0));
    EXPECT_TRUE(link.TakeProbe(0xffffffff));
    EXPECT_TRUE(link.TakeProbe(0)) << "behind the last number comes the first";
    EXPECT_FALSE(link.TakeProbe(0xffffffff)) << "the counter was set back";
}

TEST(DpdLink, OwnMessageIdsAreKnownAndBounded)
{
    DpdLink link;
    for (const uint32_t messageId : {7u, 3u, 5u})
    {
        link.AddOwn(messageId);
    }
    EXPECT_TRUE(link.IsOwn(3) && link.IsOwn(5) && link.IsOwn(7));
    EXPECT_FALSE(link.IsOwn(4));
    for (size_t more = 0; more < MAX_DPD_MESSAGES; more++)
    {
        link.AddOwn(8);
    }
    EXPECT_TRUE(link.IsOwn(8));
    EXPECT_FALSE(link.IsOwn(3)) << "too old to be remembered";
}

TEST(DpdWatch, DoesNothingUntilItBegins)
{
    DpdWatch watch;
    EXPECT_FALSE(watch.Deadline());
    watch.Hear(START, Watching(DpdMode::Periodic));
    EXPECT_FALSE(watch.Deadline());
    EXPECT_EQ(watch.HandleTimer(START + seconds(99), Watching(DpdMode::Periodic)), Due::Nothing);
}

// Covers DP-01: delay + tries * retry, in every mode.
TEST(DpdWatch, SilentPeerIsDeadAfterTheDelayAndAllTries)
{
    for (const DpdMode mode : {DpdMode::OnDemand, DpdMode::Periodic, DpdMode::Always})
    {
        const DpdConfig config = Watching(mode);
        DpdWatch watch;
        watch.Begin(START, config);
        watch.SpeakTraffic(START + seconds(1));
        for (const int when : {10, 12, 14})
        {
            ASSERT_EQ(watch.Deadline(), START + seconds(when));
            EXPECT_EQ(watch.HandleTimer(START + seconds(when) - Duration(1), config), Due::Nothing);
            EXPECT_EQ(watch.HandleTimer(START + seconds(when), config), Due::Probe);
        }
        ASSERT_EQ(watch.Deadline(), START + seconds(16));
        EXPECT_EQ(watch.HandleTimer(START + seconds(16), config), Due::Dead);
        EXPECT_FALSE(watch.Deadline());
    }
}

TEST(DpdWatch, SignOfLifePutsProbesOff)
{
    const DpdConfig config = Watching(DpdMode::Periodic);
    DpdWatch watch;
    watch.Begin(START, config);
    watch.Hear(START + seconds(4), config);
    EXPECT_EQ(watch.Deadline(), START + seconds(14));
    watch.HearTraffic(START + seconds(6), config);
    EXPECT_EQ(watch.Deadline(), START + seconds(16));
    watch.HearTraffic(START + seconds(5), config);
    EXPECT_EQ(watch.Deadline(), START + seconds(16)) << "that was known";
}

TEST(DpdWatch, SignOfLifeBetweenProbesSavesThePeer)
{
    const DpdConfig config = Watching(DpdMode::Periodic);
    DpdWatch watch;
    watch.Begin(START, config);
    watch.HandleTimer(START + seconds(10), config);
    watch.HandleTimer(START + seconds(12), config);
    watch.HearTraffic(START + seconds(13), config);
    EXPECT_EQ(watch.Deadline(), START + seconds(23));
    for (const int when : {23, 25, 27})
    {
        EXPECT_EQ(watch.HandleTimer(START + seconds(when), config), Due::Probe);
    }
    EXPECT_EQ(watch.HandleTimer(START + seconds(29), config), Due::Dead);
}

TEST(DpdWatch, TrafficThatWasKnownBeforeTheProbeIsNoAnswer)
{
    const DpdConfig config = Watching(DpdMode::Periodic);
    DpdWatch watch;
    watch.Begin(START, config);
    watch.HearTraffic(START + seconds(1), config);
    watch.HandleTimer(START + seconds(11), config);
    watch.HearTraffic(START + seconds(1), config);
    EXPECT_EQ(watch.Deadline(), START + seconds(13));
}

TEST(DpdWatch, OnDemandAsksOnlyAPeerThatOwesAnAnswer)
{
    const DpdConfig config = Watching(DpdMode::OnDemand);
    DpdWatch watch;
    watch.Begin(START, config);
    EXPECT_EQ(watch.HandleTimer(START + seconds(10), config), Due::Nothing);
    EXPECT_EQ(watch.Deadline(), START + seconds(20));
    watch.SpeakTraffic(START + seconds(15));
    EXPECT_EQ(watch.HandleTimer(START + seconds(20), config), Due::Probe);
    EXPECT_EQ(watch.Deadline(), START + seconds(22));
}

TEST(DpdWatch, AlwaysKeepsItsStepWhateverComes)
{
    const DpdConfig config = Watching(DpdMode::Always);
    DpdWatch watch;
    watch.Begin(START, config);
    watch.Hear(START + seconds(9), config);
    EXPECT_EQ(watch.HandleTimer(START + seconds(10), config), Due::Probe);
    watch.Hear(START + seconds(11), config);
    EXPECT_EQ(watch.Deadline(), START + seconds(20));
}

} // namespace ipsec
} // namespace ns3
