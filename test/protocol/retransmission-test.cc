// SPDX-License-Identifier: GPL-2.0-only
#include "peer-pair.h"

#include <gtest/gtest.h>
#include <map>
#include <set>

namespace ns3
{
namespace ipsec
{

namespace
{

using std::chrono::minutes;
using std::chrono::seconds;

/// Messages of main mode and quick mode in the order in which they are first sent: 0 to 8.
constexpr size_t MESSAGES = 9;

/// A message's octets name it: repetitions are byte-identical.
class MessageNumbers
{
  public:
    /// Returns the number of a datagram: how many different ones were seen before it.
    size_t
    NumberOf(const Octets& octets)
    {
        return m_numbers.emplace(octets, m_numbers.size()).first->second;
    }

  private:
    std::map<Octets, size_t> m_numbers;
};

/// Runs until nothing is left to do; loses the first copy of every message named by @p lost.
size_t
RunLosing(PeerPair& pair, const std::set<size_t>& lost)
{
    MessageNumbers numbers;
    std::set<size_t> still = lost;
    size_t steps = 0;
    for (; steps < 300; steps++)
    {
        if (pair.InFlight() == 0)
        {
            if (!pair.AdvanceToDeadline())
            {
                break;
            }
            continue;
        }
        if (still.erase(numbers.NumberOf(pair.Next().octets)) > 0)
        {
            pair.Lose();
            continue;
        }
        pair.Deliver();
    }
    return steps;
}

/// Returns how many datagrams were sent for each message, in order of first sending.
std::vector<size_t>
CopiesSent(const PeerPair& pair)
{
    MessageNumbers numbers;
    std::vector<size_t> copies;
    for (const Flight& flight : pair.Sent())
    {
        const size_t number = numbers.NumberOf(flight.octets);
        copies.resize(std::max(copies.size(), number + 1));
        copies[number]++;
    }
    return copies;
}

class Retransmission : public testing::TestWithParam<Side>
{
  protected:
    const Side m_initiator = GetParam();
    const Side m_responder = Other(m_initiator);
};

INSTANTIATE_TEST_SUITE_P(EitherSideStarts,
                         Retransmission,
                         testing::Values(Side::A, Side::B),
                         testing::PrintToStringParamName());

} // namespace

// F1
TEST_P(Retransmission, OneLossAnywhereIsRepairedBySomeByteIdenticalRepeat)
{
    for (size_t lost = 0; lost < MESSAGES; lost++)
    {
        PeerPair pair;
        pair.Acquire(m_initiator);
        RunLosing(pair, {lost});
        EXPECT_TRUE(pair.IsIkeUp()) << lost;
        EXPECT_TRUE(pair.AreTunnelsUp()) << lost;
        // Nine different datagrams however often each was sent: every repeat was byte-identical.
        EXPECT_EQ(CopiesSent(pair).size(), MESSAGES) << lost;
    }
}

// F1: who repeats. Main mode: the initiator by its timer, the responder only when asked.
TEST_P(Retransmission, OnlyTheSideWithTheTimerRepeatsByItself)
{
    const std::vector<std::vector<size_t>> expected = {
        {2, 1, 1, 1, 1, 1, 1, 1, 1}, // MM1 lost: its sender repeats it
        {2, 2, 1, 1, 1, 1, 1, 1, 1}, // MM2 lost: MM1 again, which is answered by MM2 again
        {1, 1, 2, 1, 1, 1, 1, 1, 1},
        {1, 1, 2, 2, 1, 1, 1, 1, 1},
        {1, 1, 1, 1, 2, 1, 1, 1, 1},
        {1, 1, 1, 1, 2, 2, 1, 1, 1},
        {1, 1, 1, 1, 1, 1, 2, 1, 1}, // QM1 lost
    };
    for (size_t lost = 0; lost < expected.size(); lost++)
    {
        PeerPair pair;
        pair.Acquire(m_initiator);
        RunLosing(pair, {lost});
        EXPECT_EQ(CopiesSent(pair), expected[lost]) << "message " << lost << " lost";
    }
}

// F1: quick mode. Both sides have a timer; QM3 is repeated for a repeated QM2 only.
TEST_P(Retransmission, LostQm3IsRepeatedForARepeatedQm2)
{
    PeerPair pair;
    pair.Acquire(m_initiator);
    RunLosing(pair, {8});
    EXPECT_TRUE(pair.AreTunnelsUp());
    EXPECT_EQ(CopiesSent(pair), (std::vector<size_t>{1, 1, 1, 1, 1, 1, 1, 2, 2}));
}

// F1: QM2 lost: both timers may run out, but there is one answer for each question.
TEST_P(Retransmission, LostQm2IsRepeatedAndNothingIsNegotiatedTwice)
{
    PeerPair pair;
    pair.Acquire(m_initiator);
    RunLosing(pair, {7});
    EXPECT_TRUE(pair.AreTunnelsUp());
    const std::vector<size_t> copies = CopiesSent(pair);
    ASSERT_EQ(copies.size(), MESSAGES);
    EXPECT_LE(copies[6], 2u);
    EXPECT_EQ(copies[7], 2u);
    EXPECT_EQ(copies[8], 1u);
}

// F2
TEST_P(Retransmission, EveryPairOfLossesIsRepaired)
{
    for (size_t first = 0; first < MESSAGES; first++)
    {
        for (size_t second = first + 1; second < MESSAGES; second++)
        {
            PeerPair pair;
            pair.Acquire(m_initiator);
            const size_t steps = RunLosing(pair, {first, second});
            EXPECT_TRUE(pair.AreTunnelsUp()) << first << " and " << second;
            EXPECT_TRUE(pair.IsIkeUp()) << first << " and " << second;
            EXPECT_EQ(CopiesSent(pair).size(), MESSAGES) << first << " and " << second;
            EXPECT_LT(steps, 40u) << first << " and " << second;
        }
    }
}

// F3
TEST_P(Retransmission, Qm3LostManyTimesLeavesOnePairWhenOneArrives)
{
    PeerPair pair;
    pair.Acquire(m_initiator);
    pair.DeliverAll(8);
    for (int copy = 1; copy <= 4; copy++)
    {
        // QM3 --> lost
        ASSERT_EQ(pair.InFlight(), 1u) << copy;
        EXPECT_EQ(PayloadKinds(pair.Next().summary).size(), 1u);
        EXPECT_EQ(pair.Next().octets, pair.Sent()[8].octets) << copy;
        pair.Lose();
        EXPECT_TRUE(pair.Sas(m_responder, SaDirection::Outbound).empty());

        // <-- QM2 again
        ASSERT_TRUE(pair.AdvanceToDeadline());
        ASSERT_EQ(pair.InFlight(), 1u) << copy;
        EXPECT_EQ(pair.Next().octets, pair.Sent()[7].octets) << copy;
        pair.Deliver();
    }

    // QM3 -->
    pair.Deliver();
    EXPECT_TRUE(pair.AreTunnelsUp());
}

// F3
TEST_P(Retransmission, ResponderWithoutQm3GivesItsHalfUp)
{
    PeerPair pair;
    pair.Acquire(m_initiator);
    pair.DeliverAll(8);
    for (int step = 0; step < 100; step++)
    {
        if (pair.InFlight() > 0 && pair.Next().from == m_initiator)
        {
            pair.Lose();
        }
        else if (pair.InFlight() > 0)
        {
            pair.Deliver();
        }
        else if (!pair.AdvanceToDeadline())
        {
            break;
        }
    }
    EXPECT_TRUE(pair.End(m_responder).sas.empty());
}

// F4
TEST_P(Retransmission, InitiatorWithoutMm6GivesUpAfterTheWholeSchedule)
{
    PeerPair pair;
    pair.Acquire(m_initiator);
    pair.DeliverAll(4);
    const Instant start = pair.Now();
    ASSERT_EQ(pair.InFlight(), 1u);
    size_t copies = 0;
    for (int step = 0; step < 100; step++)
    {
        if (pair.InFlight() > 0)
        {
            copies += pair.Next().from == m_initiator ? 1 : 0;
            pair.Lose();
        }
        else if (!pair.Seen<IkeSaDown>(m_initiator).empty() || !pair.AdvanceToDeadline())
        {
            break;
        }
    }
    const RetransmissionSchedule schedule;
    Duration span{};
    for (uint32_t sent = 1; sent <= schedule.tries + 1; sent++)
    {
        span += schedule.WaitAfter(sent);
    }
    EXPECT_EQ(copies, schedule.tries + 1);
    EXPECT_EQ(pair.Now() - start, span);
    ASSERT_EQ(pair.Seen<IkeSaDown>(m_initiator).size(), 1u);
    EXPECT_EQ(pair.Seen<IkeSaDown>(m_initiator)[0].reason, Fault::NegotiationTimeout);
    ASSERT_EQ(pair.Seen<AcquireFailed>(m_initiator).size(), 1u);
    EXPECT_EQ(pair.Seen<AcquireFailed>(m_initiator)[0].reason, Fault::NegotiationTimeout);
}

// F4, PO-03: nobody answers at all
TEST_P(Retransmission, NobodyAnswersAndNothingLeaks)
{
    PeerPair pair;
    pair.Acquire(m_initiator);
    while (pair.InFlight() > 0 || pair.AdvanceToDeadline())
    {
        pair.LoseAll();
    }
    const RetransmissionSchedule schedule;
    EXPECT_EQ(pair.Sent().size(), schedule.tries + 1);
    EXPECT_EQ(pair.Seen<IkeSaDown>(m_initiator).size(), 1u);
    EXPECT_EQ(pair.Seen<AcquireFailed>(m_initiator).size(), 1u);
    EXPECT_FALSE(pair.End(m_initiator).engine.NextDeadline().has_value());
}

// F4: half-open state of the responder
TEST_P(Retransmission, HalfOpenStateExpires)
{
    PeerPair pair;
    pair.Acquire(m_initiator);
    pair.Deliver();
    pair.LoseAll();
    EXPECT_EQ(pair.End(m_responder).engine.HalfOpen(), 1u);
    pair.Advance(SiteConfig(Side::A).peers[0].personality->halfOpenTimeout);
    pair.Timeout(m_responder);
    EXPECT_EQ(pair.End(m_responder).engine.HalfOpen(), 0u);
    EXPECT_EQ(pair.InFlight(), 0u);
}

// bad input 92: MM2 is resent only in answer to a repeated MM1, never on a timer
TEST_P(Retransmission, ResponderNeverSendsMainModeByItself)
{
    for (const size_t delivered : {1, 3})
    {
        PeerPair pair;
        pair.Acquire(m_initiator);
        pair.DeliverAll(delivered);
        pair.LoseAll();
        for (int second = 0; second < 200; second++)
        {
            pair.Advance(seconds(1));
            pair.Timeout(m_responder);
        }
        EXPECT_EQ(pair.InFlight(), 0u) << delivered;
    }
}

// F5
TEST_P(Retransmission, SilenceOfHalfAMinuteIsSurvived)
{
    PeerPair pair;
    pair.Acquire(m_initiator);
    pair.DeliverAll(3);
    while (pair.Now() < Instant(seconds(30)))
    {
        pair.LoseAll();
        ASSERT_TRUE(pair.AdvanceToDeadline());
    }
    pair.Settle();
    EXPECT_TRUE(pair.IsIkeUp());
    EXPECT_TRUE(pair.AreTunnelsUp());
}

// F5
TEST_P(Retransmission, TunnelComesUpAfterAnAttemptThatFailed)
{
    PeerPair pair;
    pair.Acquire(m_initiator);
    pair.DeliverAll(5);
    while (pair.Seen<AcquireFailed>(m_initiator).empty())
    {
        pair.LoseAll();
        ASSERT_TRUE(pair.AdvanceToDeadline());
    }
    pair.LoseAll();
    pair.Acquire(m_initiator);
    pair.Settle();
    EXPECT_TRUE(pair.AreTunnelsUp());
    EXPECT_EQ(pair.End(m_initiator).engine.IkeSas().size(), 1u);
    EXPECT_EQ(pair.End(m_responder).engine.IkeSas().size(), 1u);
}

TEST_P(Retransmission, TimeoutBeforeTheDeadlineChangesNothing)
{
    PeerPair plain;
    PeerPair nervous;
    plain.Acquire(m_initiator);
    nervous.Acquire(m_initiator);
    MessageNumbers numbers;
    std::set<size_t> lost;
    while (plain.InFlight() > 0 || plain.AdvanceToDeadline())
    {
        for (const Side side : {Side::A, Side::B})
        {
            const std::optional<Instant> deadline = nervous.End(side).engine.NextDeadline();
            if (!deadline || *deadline > nervous.Now())
            {
                EXPECT_TRUE(nervous.Timeout(side).list.empty());
                EXPECT_EQ(nervous.End(side).engine.NextDeadline(), deadline);
            }
        }
        if (nervous.InFlight() == 0)
        {
            ASSERT_TRUE(nervous.AdvanceToDeadline());
        }
        ASSERT_EQ(plain.InFlight(), nervous.InFlight());
        if (plain.InFlight() == 0)
        {
            continue;
        }
        ASSERT_EQ(plain.Next().octets, nervous.Next().octets);
        // The first copy of each message gets lost, so that every deadline is lived through.
        if (lost.insert(numbers.NumberOf(plain.Next().octets)).second)
        {
            plain.Lose();
            nervous.Lose();
            continue;
        }
        plain.Deliver();
        nervous.Deliver();
    }
    EXPECT_TRUE(plain.AreTunnelsUp());
    EXPECT_TRUE(nervous.AreTunnelsUp());
    EXPECT_EQ(plain.Sent().size(), nervous.Sent().size());
}

TEST_P(Retransmission, DeadlinesNeverLieInThePast)
{
    PeerPair pair;
    pair.Acquire(m_initiator);
    for (int step = 0; step < 60; step++)
    {
        for (const Side side : {Side::A, Side::B})
        {
            const std::optional<Instant> deadline = pair.End(side).engine.NextDeadline();
            EXPECT_TRUE(!deadline || *deadline > pair.Now()) << side << " at step " << step;
        }
        pair.LoseAll();
        if (!pair.AdvanceToDeadline())
        {
            break;
        }
    }
}

} // namespace ipsec
} // namespace ns3
