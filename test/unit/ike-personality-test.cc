// SPDX-License-Identifier: GPL-2.0-only
#include "thrown-sentence.h"

#include "ns3/ike-personality.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(RetransmissionSchedule, WaitsGrowExponentially)
{
    const RetransmissionSchedule schedule;
    EXPECT_EQ(schedule.WaitAfter(1), seconds(1));
    EXPECT_EQ(schedule.WaitAfter(2), seconds(2));
    EXPECT_EQ(schedule.WaitAfter(3), seconds(4));
    EXPECT_EQ(schedule.WaitAfter(6), seconds(32));
}

TEST(RetransmissionSchedule, GrowthNeedNotBeWhole)
{
    const RetransmissionSchedule schedule{seconds(4), 1.8, 5, seconds(64)};
    EXPECT_EQ(schedule.WaitAfter(2), milliseconds(7200));
    EXPECT_EQ(schedule.WaitAfter(3), milliseconds(12960));
}

TEST(RetransmissionSchedule, GrowthOfOneNeverChangesTheWait)
{
    const RetransmissionSchedule schedule{seconds(10), 1.0, 5, seconds(64)};
    EXPECT_EQ(schedule.WaitAfter(1), seconds(10));
    EXPECT_EQ(schedule.WaitAfter(1000), seconds(10));
}

TEST(RetransmissionSchedule, StepMakesItLinear)
{
    const RetransmissionSchedule schedule{seconds(7), 1.0, 3, seconds(64), seconds(2)};
    EXPECT_EQ(schedule.WaitAfter(1), seconds(7));
    EXPECT_EQ(schedule.WaitAfter(4), seconds(13));
    EXPECT_EQ(schedule.Total(), seconds(40));
}

TEST(RetransmissionSchedule, FirstWaitMayComeTwice)
{
    const RetransmissionSchedule schedule{milliseconds(500), 2.0, 6, seconds(64), {}, 2};
    EXPECT_EQ(schedule.WaitAfter(1), milliseconds(500));
    EXPECT_EQ(schedule.WaitAfter(2), milliseconds(500));
    EXPECT_EQ(schedule.WaitAfter(3), seconds(1));
    EXPECT_EQ(schedule.Total(), seconds(32));
}

TEST(RetransmissionSchedule, CapBoundsEveryWait)
{
    const RetransmissionSchedule schedule{seconds(10), 2.0, 5, seconds(30)};
    EXPECT_EQ(schedule.WaitAfter(2), seconds(20));
    EXPECT_EQ(schedule.WaitAfter(3), seconds(30));
    EXPECT_EQ(schedule.WaitAfter(4000000000u), seconds(30));
    EXPECT_EQ((RetransmissionSchedule{seconds(40), 2.0, 5, seconds(30)}.WaitAfter(1)), seconds(30));
}

TEST(RetransmissionSchedule, LongestCapDoesNotOverflow)
{
    const RetransmissionSchedule schedule{seconds(1), 2.0, 5, Duration::max()};
    EXPECT_EQ(schedule.WaitAfter(200), Duration::max());
}

TEST(PersonalityPreset, RfcIsTheDefault)
{
    const Personality rfc = Personality::Preset("rfc");
    const Personality byDefault;
    EXPECT_EQ(rfc.name, "rfc");
    EXPECT_EQ(byDefault.name, "rfc");
    EXPECT_EQ(rfc.nonceOctets, byDefault.nonceOctets);
    EXPECT_EQ(rfc.retransmission.tries, byDefault.retransmission.tries);
    EXPECT_EQ(rfc.halfOpenTimeout, byDefault.halfOpenTimeout);
}

TEST(PersonalityPreset, UnknownNameIsRefusedWithTheNamesThereAre)
{
    EXPECT_EQ(ThrownSentence([] { Personality::Preset("RFC"); }),
              "'RFC' is not a personality; allowed are: rfc, junos, huawei, solaris, cisco-ios, "
              "racoon, strongswan, libreswan, isakmpd, windows");
}

} // namespace ipsec
} // namespace ns3
