// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/ike-ledger.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

using std::chrono::milliseconds;
using std::chrono::seconds;

const RetransmissionSchedule FIXED{seconds(10), 1.0, 2, seconds(10)};

Transmit
Message()
{
    Transmit message;
    message.datagram = FromHex("0102");
    return message;
}

/// Lets a ledger run until it has no timer any more; returns when it repeated.
std::vector<Duration>
Repeats(Ledger& ledger, const RetransmissionSchedule& schedule, RandomSource& random)
{
    std::vector<Duration> at;
    while (ledger.Deadline())
    {
        const Instant now = *ledger.Deadline();
        if (ledger.HandleTimer(now, schedule, random) == Ledger::Due::Repeat)
        {
            at.push_back(now.time_since_epoch());
        }
    }
    return at;
}

} // namespace

TEST(Ledger, LinearScheduleStepsUp)
{
    const RetransmissionSchedule schedule{seconds(7), 1.0, 3, Duration::max(), seconds(2)};
    SeededRandomSource random(1);
    Ledger ledger;
    ledger.SendAndAwait(Instant{}, Message(), schedule, random);
    EXPECT_EQ(Repeats(ledger, schedule, random),
              (std::vector<Duration>{seconds(7), seconds(16), seconds(27)}));
}

TEST(Ledger, WithoutJitterNothingIsDrawn)
{
    SeededRandomSource random(1);
    SeededRandomSource untouched(1);
    Ledger ledger;
    ledger.SendAndAwait(Instant{}, Message(), FIXED, random);
    Repeats(ledger, FIXED, random);
    EXPECT_EQ(random.DrawU32(), untouched.DrawU32());
}

TEST(Ledger, JitterShortensEveryWaitByAPartOfItself)
{
    RetransmissionSchedule schedule = FIXED;
    schedule.jitter = 0.2;
    schedule.tries = 100;
    SeededRandomSource random(1);
    Ledger ledger;
    ledger.SendAndAwait(Instant{}, Message(), schedule, random);
    Duration last{};
    Duration shortest = seconds(10);
    Duration longest{};
    for (const Duration at : Repeats(ledger, schedule, random))
    {
        shortest = std::min(shortest, at - last);
        longest = std::max(longest, at - last);
        last = at;
    }
    EXPECT_GE(shortest, seconds(8));
    EXPECT_LT(shortest, milliseconds(8200));
    EXPECT_LE(longest, seconds(10));
    EXPECT_GT(longest, milliseconds(9800));
}

TEST(Ledger, TimerOfAnAnswerJustEnds)
{
    SeededRandomSource random(1);
    Ledger ledger;
    ledger.Receive(FromHex("aa"));
    ledger.SendAndRepeat(Instant{}, Message(), FIXED, random);
    EXPECT_EQ(Repeats(ledger, FIXED, random), (std::vector<Duration>{seconds(10), seconds(20)}));
    EXPECT_TRUE(ledger.TakeAnswer(FromHex("aa"), 0).has_value());
}

TEST(Ledger, WhoeverAwaitsDoesNotAnswer)
{
    SeededRandomSource random(1);
    Ledger ledger;
    ledger.Receive(FromHex("aa"));
    ledger.SendAndAwait(Instant{}, Message(), FIXED, random);
    EXPECT_TRUE(ledger.IsDuplicate(FromHex("aa")));
    EXPECT_FALSE(ledger.TakeAnswer(FromHex("aa"), 0).has_value());
}

TEST(Ledger, AnswersAreTheSameOctetsAndMarked)
{
    Ledger ledger;
    ledger.Receive(FromHex("aa"));
    ledger.SendAsAnswer(Message());
    EXPECT_FALSE(ledger.TakeAnswer(FromHex("ab"), 0).has_value());
    const std::optional<Transmit> answer = ledger.TakeAnswer(FromHex("aa"), 0);
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->datagram, Message().datagram);
    EXPECT_TRUE(answer->summary.repeated);
}

TEST(Ledger, LimitCountsTheAnswersToOneMessage)
{
    Ledger ledger;
    for (const char* received : {"aa", "bb"})
    {
        ledger.Receive(FromHex(received));
        ledger.SendAsAnswer(Message());
        EXPECT_TRUE(ledger.TakeAnswer(FromHex(received), 2).has_value());
        EXPECT_TRUE(ledger.TakeAnswer(FromHex(received), 2).has_value());
        EXPECT_FALSE(ledger.TakeAnswer(FromHex(received), 2).has_value());
        EXPECT_TRUE(ledger.IsDuplicate(FromHex(received)));
    }
}

TEST(Ledger, OlderMessagesAreKnownButNotAnswered)
{
    Ledger ledger;
    for (const char* received : {"aa", "bb", "cc"})
    {
        ledger.Receive(FromHex(received), 2);
        ledger.SendAsAnswer(Message());
    }
    EXPECT_FALSE(ledger.Knows(FromHex("aa")));
    EXPECT_TRUE(ledger.Knows(FromHex("bb")));
    EXPECT_FALSE(ledger.IsDuplicate(FromHex("bb")));
    EXPECT_FALSE(ledger.TakeAnswer(FromHex("bb"), 0).has_value());
    EXPECT_TRUE(ledger.TakeAnswer(FromHex("cc"), 0).has_value());
}

} // namespace ipsec
} // namespace ns3
