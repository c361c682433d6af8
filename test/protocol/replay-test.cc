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

/// Returns the datagrams of a whole run without losses.
std::vector<Flight>
RecordedRun(uint64_t seed)
{
    PeerPair pair("pre-g1-des-md5", "nopfs-esp-des-md5", seed);
    pair.Acquire(Side::A);
    pair.Settle();
    return pair.Sent();
}

class Replay : public testing::TestWithParam<Side>
{
  protected:
    const Side m_initiator = GetParam();
    const Side m_responder = Other(m_initiator);
};

INSTANTIATE_TEST_SUITE_P(EitherSideStarts,
                         Replay,
                         testing::Values(Side::A, Side::B),
                         testing::PrintToStringParamName());

} // namespace

// F8
TEST_P(Replay, EveryMessageThreeOrTenTimesGivesOneSaAndNoExtraWork)
{
    for (const int copies : {3, 10})
    {
        PeerPair pair;
        pair.Acquire(m_initiator);
        MessageNumbers numbers;
        std::set<size_t> multiplied;
        size_t deliveries = 0;
        while (pair.InFlight() > 0 && deliveries < 1000)
        {
            if (multiplied.insert(numbers.NumberOf(pair.Next().octets)).second)
            {
                for (int copy = 1; copy < copies; copy++)
                {
                    pair.Duplicate();
                }
            }
            pair.Deliver();
            deliveries++;
        }
        EXPECT_TRUE(pair.IsIkeUp());
        EXPECT_TRUE(pair.AreTunnelsUp());
        EXPECT_LT(deliveries, 1000u);
        for (const Side side : {Side::A, Side::B})
        {
            uint64_t exchanges = 0;
            for (const auto& [key, amount] : pair.End(side).work.Items())
            {
                exchanges +=
                    key.kind == WorkKind::DhKeygen || key.kind == WorkKind::DhDerive ? amount : 0;
            }
            EXPECT_EQ(exchanges, 2u) << side;
        }
    }
}

// F8: each duplicate is answered at most once, so that duplicates do not breed
TEST_P(Replay, DuplicateGetsAtMostOneAnswer)
{
    PeerPair pair;
    pair.Acquire(m_initiator);
    while (pair.InFlight() > 0)
    {
        const Octets copy = pair.Next().octets;
        const Side to = Other(pair.Next().from);
        pair.Deliver();
        PeerPair fork = pair;
        const size_t before = fork.InFlight();
        for (size_t repeat = 1; repeat <= 3; repeat++)
        {
            fork.Inject(to, copy);
            EXPECT_LE(fork.InFlight(), before + repeat);
        }
    }
    EXPECT_TRUE(pair.AreTunnelsUp());
}

// F9
TEST_P(Replay, ReplayOfAnyMessageAtAnyLaterTimeChangesNothing)
{
    PeerPair pair;
    pair.Acquire(m_initiator);
    while (pair.InFlight() > 0)
    {
        pair.Deliver();
        for (const Flight& old : pair.Sent())
        {
            if (pair.InFlight() > 0 && old.octets == pair.Next().octets)
            {
                continue; // not yet delivered, so no replay
            }
            PeerPair fork = pair;
            const size_t known = CopiesSent(fork).size();
            fork.Inject(Other(old.from), old.octets);
            EXPECT_EQ(CopiesSent(fork).size(), known) << "a replay caused a new message";
            fork.Settle();
            EXPECT_TRUE(fork.IsIkeUp());
            EXPECT_TRUE(fork.AreTunnelsUp());
        }
    }
}

// F9: long after, when ledgers may have been emptied
TEST_P(Replay, ReplayLongAfterTheEndCreatesNoSa)
{
    PeerPair pair;
    pair.Acquire(m_initiator);
    pair.Settle();
    pair.Advance(minutes(30));
    for (const Side side : {Side::A, Side::B})
    {
        pair.Timeout(side);
    }
    const std::vector<Flight> sent = pair.Sent();
    for (const Flight& old : sent)
    {
        PeerPair fork = pair;
        fork.Inject(Other(old.from), old.octets);
        fork.Settle();
        EXPECT_EQ(fork.End(Side::A).sas.size(), 2u);
        EXPECT_EQ(fork.End(Side::B).sas.size(), 2u);
        EXPECT_TRUE(fork.IsIkeUp());
    }
}

// F10
TEST_P(Replay, RecordedHandshakeOfAnotherRunEstablishesNothing)
{
    const std::vector<Flight> recorded = RecordedRun(77);
    PeerPair pair;
    for (const Flight& old : recorded)
    {
        if (old.from == Side::A)
        {
            pair.Inject(Side::B, old.octets);
        }
    }
    EXPECT_TRUE(pair.End(Side::B).engine.IkeSas().empty());
    EXPECT_TRUE(pair.End(Side::B).sas.empty());
    EXPECT_EQ(pair.End(Side::B).engine.HalfOpen(), 1u);
    pair.LoseAll();
    pair.Advance(minutes(5));
    pair.Timeout(Side::B);
    EXPECT_EQ(pair.End(Side::B).engine.HalfOpen(), 0u);
    pair.Acquire(m_initiator);
    pair.Settle();
    EXPECT_TRUE(pair.AreTunnelsUp());
}

// F13
TEST_P(Replay, LateOriginalsBehindTheirRepeatsAreHarmless)
{
    PeerPair pair;
    pair.Acquire(m_initiator);
    for (int round = 0; round < 30 && !pair.AreTunnelsUp(); round++)
    {
        // Everything on the wire waits until its sender has repeated it.
        if (!pair.AdvanceToDeadline(minutes(2)))
        {
            break;
        }
        pair.DeliverAll(pair.InFlight());
    }
    pair.Settle();
    EXPECT_TRUE(pair.IsIkeUp());
    EXPECT_TRUE(pair.AreTunnelsUp());
}

} // namespace ipsec
} // namespace ns3
