// SPDX-License-Identifier: GPL-2.0-only
#include "preset-pair.h"

#include <gtest/gtest.h>
#include <ostream>

namespace ns3
{
namespace ipsec
{

namespace
{

using std::chrono::milliseconds;

/// What is known of one system, in seconds from the first copy.
struct Known
{
    const char* preset;
    /// When a message that nobody answers is sent, and when its exchange is given up.
    std::vector<double> sends;
    double givesUpAt;
};

std::ostream&
operator<<(std::ostream& out, const Known& known)
{
    return out << known.preset;
}

const Known KNOWN[] = {
    {"rfc", {0, 1, 3, 7, 15, 31}, 63},
    {"junos", {0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44}, 48},
    {"huawei", {0, 1, 3, 7, 15, 31}, 63},
    {"solaris", {0, 0.5, 1.5, 3.5, 7.5, 15.5}, 31.5},
    {"cisco-ios", {0, 10, 20, 30, 40, 50}, 60},
    {"racoon", {0, 10, 20, 30, 40, 50}, 60},
    {"strongswan", {0, 4, 11.2, 24.16, 47.488, 89.4784}, 165.06112},
    {"libreswan", {0, 0.5, 1, 2, 4, 8, 16}, 32},
    {"isakmpd", {0, 7, 16, 27}, 40},
    {"windows", {0, 1, 3, 7, 15, 31, 63}, 127},
};

double
SecondsSince(Instant start, const PeerPair& pair)
{
    return std::chrono::duration<double>(pair.Now() - start).count();
}

/// What one end sent while nobody heard it.
struct Heard
{
    std::vector<double> sends;
    double endedAt = 0;
};

/// Loses everything and notes when @p side sent messages of one exchange, until it has none of its
/// own running.
Heard
Listen(PeerPair pair, Side side, ExchangeType exchange)
{
    const Instant start = pair.Now();
    Heard heard;
    while (pair.InFlight() > 0 || pair.AdvanceToDeadline())
    {
        while (pair.InFlight() > 0)
        {
            if (pair.Next().from == side && pair.Next().summary.exchange == exchange)
            {
                heard.sends.push_back(SecondsSince(start, pair));
            }
            pair.Lose();
        }
        const bool ended = !pair.Seen<IkeSaDown>(side).empty();
        if (ended && heard.endedAt == 0)
        {
            heard.endedAt = SecondsSince(start, pair);
        }
    }
    return heard;
}

void
ExpectTimes(const std::vector<double>& times, const std::vector<double>& expected)
{
    ASSERT_EQ(times.size(), expected.size());
    for (size_t i = 0; i < times.size(); i++)
    {
        EXPECT_NEAR(times[i], expected[i], 1e-6) << "copy " << i + 1;
    }
}

EngineConfig
ConfigOf(Side side, Phase1Mode mode, const std::string& preset)
{
    EngineConfig config = WithPreset(SiteConfig(side), preset);
    config.peers[0].mode = mode;
    return config;
}

class PresetSends : public testing::TestWithParam<Known>
{
  protected:
    PeerPair
    Caller(Phase1Mode mode) const
    {
        PeerPair pair(ConfigOf(Side::A, mode, GetParam().preset), ConfigOf(Side::B, mode, "rfc"));
        pair.Acquire(Side::A);
        return pair;
    }

    void
    ExpectKnown(const Heard& heard) const
    {
        ExpectTimes(heard.sends, GetParam().sends);
        EXPECT_NEAR(heard.endedAt, GetParam().givesUpAt, 1e-6);
    }
};

INSTANTIATE_TEST_SUITE_P(AllPresets, PresetSends, testing::ValuesIn(KNOWN));

} // namespace

TEST_P(PresetSends, FirstMessageOfMainMode)
{
    ExpectKnown(Listen(Caller(Phase1Mode::Main), Side::A, ExchangeType::MainMode));
}

TEST_P(PresetSends, ThirdAndFifthMessageOfMainMode)
{
    for (const size_t delivered : {2, 4})
    {
        PeerPair pair = Caller(Phase1Mode::Main);
        pair.DeliverAll(delivered);
        ExpectKnown(Listen(pair, Side::A, ExchangeType::MainMode));
    }
}

TEST_P(PresetSends, FirstMessageOfAggressiveMode)
{
    ExpectKnown(Listen(Caller(Phase1Mode::Aggressive), Side::A, ExchangeType::AggressiveMode));
}

TEST_P(PresetSends, FirstMessageOfQuickMode)
{
    PeerPair pair = Caller(Phase1Mode::Main);
    pair.DeliverAll(6);
    ExpectKnown(Listen(pair, Side::A, ExchangeType::QuickMode));
}

TEST(PresetTables, NameEveryPreset)
{
    std::vector<std::string> known;
    for (const Known& row : KNOWN)
    {
        known.emplace_back(row.preset);
    }
    EXPECT_EQ(known, Personality::PresetNames());
}

namespace
{

/// When a responder's timer sends its messages if the initiator falls silent behind them.
struct KnownReplies
{
    const char* preset;
    std::vector<double> mm2;
    std::vector<double> mm4;
    std::vector<double> am2;
    std::vector<double> qm2;
    double halfOpen;
};

std::ostream&
operator<<(std::ostream& out, const KnownReplies& known)
{
    return out << known.preset;
}

/// Half-open state goes before some timers end.
const KnownReplies REPLIES[] = {
    {"rfc", {0}, {0}, {0, 1, 3}, {0, 1, 3, 7, 15, 31}, 70},
    {"junos", {0}, {0}, {0, 4, 8}, {0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44}, 70},
    {"huawei", {0}, {0}, {0, 1, 3}, {0, 1, 3, 7, 15, 31}, 70},
    {"solaris", {0}, {0}, {0, 0.5, 1.5}, {0, 0.5, 1.5, 3.5, 7.5, 15.5}, 70},
    {"cisco-ios", {0}, {0}, {0, 10, 20}, {0, 10, 20, 30, 40, 50}, 70},
    {"racoon", {0, 10, 20}, {0, 10, 20}, {0, 10, 20}, {0, 10, 20, 30, 40, 50}, 30},
    {"strongswan", {0}, {0}, {0, 4, 11.2, 24.16}, {0, 4, 11.2, 24.16, 47.488, 89.4784}, 30},
    {"libreswan", {0}, {0, 0.5, 1, 2, 4, 8, 16}, {0}, {0, 0.5, 1, 2, 4, 8, 16}, 30},
    {"isakmpd", {0}, {0, 7, 16, 27}, {0}, {0, 7, 16, 27}, 120},
    {"windows", {0}, {0}, {0, 1, 3}, {0, 1, 3, 7, 15, 31, 63}, 70},
};

class PresetReplies : public testing::TestWithParam<KnownReplies>
{
  protected:
    /// A pair in which B, the preset, has just sent its message of this number.
    PeerPair
    Called(Phase1Mode mode, size_t message) const
    {
        PeerPair pair(ConfigOf(Side::A, mode, "rfc"), ConfigOf(Side::B, mode, GetParam().preset));
        pair.Acquire(Side::A);
        pair.DeliverAll(message - 1);
        return pair;
    }
};

INSTANTIATE_TEST_SUITE_P(AllPresets, PresetReplies, testing::ValuesIn(REPLIES));

/// Lets the initiator lie dead and notes what B sends.
std::vector<double>
RepliesOf(const PeerPair& start, ExchangeType exchange)
{
    PeerPair pair = start;
    const Instant begin = pair.Now();
    std::vector<double> sends;
    for (int step = 0; step < 100; step++)
    {
        for (; pair.InFlight() > 0; pair.Lose())
        {
            if (pair.Next().from == Side::B && pair.Next().summary.exchange == exchange)
            {
                sends.push_back(SecondsSince(begin, pair));
            }
        }
        const std::optional<Instant> deadline = pair.End(Side::B).engine.NextDeadline();
        if (!deadline || *deadline - begin > std::chrono::minutes(10))
        {
            break;
        }
        pair.Advance(*deadline - pair.Now());
        pair.Timeout(Side::B);
    }
    return sends;
}

} // namespace

TEST_P(PresetReplies, OfMainMode)
{
    ExpectTimes(RepliesOf(Called(Phase1Mode::Main, 2), ExchangeType::MainMode), GetParam().mm2);
    ExpectTimes(RepliesOf(Called(Phase1Mode::Main, 4), ExchangeType::MainMode), GetParam().mm4);
}

TEST_P(PresetReplies, OfAggressiveMode)
{
    ExpectTimes(RepliesOf(Called(Phase1Mode::Aggressive, 2), ExchangeType::AggressiveMode),
                GetParam().am2);
}

TEST_P(PresetReplies, OfQuickMode)
{
    ExpectTimes(RepliesOf(Called(Phase1Mode::Main, 8), ExchangeType::QuickMode), GetParam().qm2);
}

TEST_P(PresetReplies, EndWithTheHalfOpenState)
{
    for (const size_t message : {2, 4})
    {
        PeerPair pair = Called(Phase1Mode::Main, message);
        pair.LoseAll();
        const Duration life(static_cast<Duration::rep>(GetParam().halfOpen * 1e9));
        pair.Advance(life - milliseconds(1));
        pair.Timeout(Side::B);
        EXPECT_EQ(pair.End(Side::B).engine.HalfOpen(), 1u) << message;
        pair.Advance(milliseconds(1));
        pair.Timeout(Side::B);
        EXPECT_EQ(pair.End(Side::B).engine.HalfOpen(), 0u) << message;
    }
}

} // namespace ipsec
} // namespace ns3
