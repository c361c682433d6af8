// SPDX-License-Identifier: GPL-2.0-only
#include "preset-pair.h"
#include "remote-access.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <ostream>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Stops a storm that the bounds did not foresee.
constexpr size_t STORM = 200;

/// Request and answer, each lost, delivered or doubled: two requests, an answer to each, and one of
/// these doubled.
constexpr size_t MOST_OF_ROUND = 5;

struct Presets
{
    std::string initiator;
    std::string responder;
};

std::vector<Presets>
AllPairs()
{
    std::vector<Presets> pairs;
    for (const std::string& initiator : Personality::PresetNames())
    {
        for (const std::string& responder : Personality::PresetNames())
        {
            pairs.push_back({initiator, responder});
        }
    }
    return pairs;
}

std::string
NameOf(const testing::TestParamInfo<Presets>& info)
{
    std::string name = info.param.initiator + "Calls" + info.param.responder;
    name.erase(std::remove(name.begin(), name.end(), '-'), name.end());
    return name;
}

std::ostream&
operator<<(std::ostream& out, const Presets& presets)
{
    return out << presets.initiator << " calls " << presets.responder;
}

/// A calls B, each as one preset.
class PresetPairs : public testing::TestWithParam<Presets>
{
  protected:
    PeerPair
    MakePair(EngineConfig a, EngineConfig b) const
    {
        return PeerPair(WithPreset(std::move(a), GetParam().initiator),
                        WithPreset(std::move(b), GetParam().responder));
    }

    /// The same without a tunnel.
    PeerPair
    MakePhase1(Phase1Mode mode) const
    {
        EngineConfig configs[] = {SiteConfig(Side::A), SiteConfig(Side::B)};
        for (EngineConfig& config : configs)
        {
            config.peers[0].children.clear();
            config.peers[0].mode = mode;
        }
        PeerPair pair = MakePair(configs[0], configs[1]);
        pair.Initiate(Side::A);
        return pair;
    }

    const Personality m_initiator = Personality::Preset(GetParam().initiator);
    const Personality m_responder = Personality::Preset(GetParam().responder);

    /// First messages of quick mode that the initiator sends in vain, since it is through with a
    /// transaction, and the responder waits for the answer that was lost until it asks again.
    size_t
    TooEarly() const
    {
        return CopiesWithin(m_initiator.retransmission, m_responder.retransmission.WaitAfter(2));
    }

    /// Copies of its message that the initiator sends in vain until the responder's timer repeats
    /// the lost answer.
    size_t
    InVain() const
    {
        return CopiesWithin(m_initiator.retransmission, m_responder.retransmission.WaitAfter(1));
    }
};

INSTANTIATE_TEST_SUITE_P(AllPresets, PresetPairs, testing::ValuesIn(AllPairs()), NameOf);

/// Returns how many copies of a message arrive if @p sent are sent and the first meets its fate.
size_t
Arriving(size_t sent, Fate fate)
{
    switch (fate)
    {
    case Fate::Deliver:
        return sent;
    case Fate::Lose:
        return sent - 1;
    case Fate::Double:
        return sent + 1;
    }
    return 0;
}

/// Tells whether AM3 arrives if nobody but the initiator has a timer: once AM2 came, only a second
/// copy of it makes AM3 go again.
bool
Am3Arrives(const std::vector<Fate>& plan)
{
    const size_t requests = std::max<size_t>(Arriving(1, plan[0]), 1);
    const size_t answers = std::max<size_t>(Arriving(requests, plan[1]), 1);
    return Arriving(answers, plan[2]) > 0;
}

/// Runs transactions behind phase 1, with Mode Config's SET repeated.
PeerPair
AtTransactions(BothConfigs configs, const Presets& presets)
{
    configs.a = WithPreset(configs.a, presets.initiator);
    configs.b = WithPreset(configs.b, presets.responder);
    for (const Side side : {Side::A, Side::B})
    {
        configs.Of(side).personality.Edit().repeatConfigSet = true;
    }
    return AfterPhase1(configs);
}

} // namespace

// Only the initiator has timers, or the responder adds what its own sends while it waits: a lost
// answer and a lost request after it are each repaired within the initiator's first wait.
TEST_P(PresetPairs, MainModeEndsEstablishedWithoutAStorm)
{
    const size_t extra =
        CopiesWithin(m_responder.retransmission, 2 * m_initiator.retransmission.WaitAfter(1));
    const auto timers = static_cast<size_t>(m_responder.mainReplies);
    const size_t most = 3 * MOST_OF_ROUND + timers * extra;
    const PeerPair start = MakePhase1(Phase1Mode::Main);
    size_t plans = 0;
    RunAllPlans(start,
                6,
                STORM,
                [&](const PeerPair& pair, const std::vector<Fate>& plan, size_t deliveries)
                {
                    plans++;
                    EXPECT_TRUE(pair.IsIkeUp()) << PlanText(plan);
                    EXPECT_EQ(pair.End(Side::B).engine.HalfOpen(), 0u) << PlanText(plan);
                    EXPECT_LE(deliveries, most) << PlanText(plan);
                });
    EXPECT_EQ(plans, 729u);
}

TEST_P(PresetPairs, AggressiveModeEndsEstablishedWithoutAStorm)
{
    // AM1 twice, AM2 twice, AM3 for each and one of these doubled. Where copies of AM1 are
    // answered, one more of AM2, and of AM3 for it.
    const bool hasTimer = m_responder.aggressiveReplyTries > 0;
    const size_t most = hasTimer ? 7 + InVain() : 9;
    size_t plans = 0;
    RunAllPlans(MakePhase1(Phase1Mode::Aggressive),
                3,
                STORM,
                [&](const PeerPair& pair, const std::vector<Fate>& plan, size_t deliveries)
                {
                    plans++;
                    EXPECT_EQ(pair.IsIkeUp(), hasTimer || Am3Arrives(plan)) << PlanText(plan);
                    EXPECT_EQ(pair.End(Side::B).engine.HalfOpen(), 0u) << PlanText(plan);
                    EXPECT_LE(deliveries, most) << PlanText(plan);
                });
    EXPECT_EQ(plans, 27u);
}

TEST_P(PresetPairs, QuickModeEndsEstablishedWithoutAStorm)
{
    PeerPair start = MakePair(SiteConfig(Side::A), SiteConfig(Side::B));
    start.Acquire(Side::A);
    start.DeliverAll(6);
    ASSERT_EQ(start.InFlight(), 1u);
    size_t plans = 0;
    RunAllPlans(start,
                3,
                STORM,
                [&](const PeerPair& pair, const std::vector<Fate>& plan, size_t deliveries)
                {
                    plans++;
                    EXPECT_TRUE(pair.IsIkeUp() && pair.AreTunnelsUp()) << PlanText(plan);
                    EXPECT_LE(deliveries, 7 + InVain()) << PlanText(plan);
                });
    EXPECT_EQ(plans, 27u);
}

// XAUTH in two rounds, then quick mode undisturbed; either end may be the one that asks, and only
// if it is the responder the initiator can be ahead of it.
TEST_P(PresetPairs, XauthEndsEstablishedWithoutAStorm)
{
    for (const Side client : {Side::A, Side::B})
    {
        const size_t most = 2 * MOST_OF_ROUND + 3 + (client == Side::A ? TooEarly() : 0);
        size_t plans = 0;
        RunAllPlans(AtTransactions(XauthConfigs(client), GetParam()),
                    4,
                    STORM,
                    [&](const PeerPair& pair, const std::vector<Fate>& plan, size_t deliveries)
                    {
                        plans++;
                        EXPECT_TRUE(pair.IsIkeUp() && pair.AreTunnelsUp()) << PlanText(plan);
                        EXPECT_LE(deliveries, most) << PlanText(plan);
                    });
        EXPECT_EQ(plans, 81u);
    }
}

TEST_P(PresetPairs, ModeConfigEndsEstablishedWithoutAStorm)
{
    for (const ConfigWay way : {ConfigWay::Pull, ConfigWay::Push})
    {
        const size_t most = MOST_OF_ROUND + 3 + (way == ConfigWay::Push ? TooEarly() : 0);
        size_t plans = 0;
        RunAllPlans(AtTransactions(ModeConfigs(Side::A, way), GetParam()),
                    2,
                    STORM,
                    [&](const PeerPair& pair, const std::vector<Fate>& plan, size_t deliveries)
                    {
                        plans++;
                        EXPECT_TRUE(pair.IsIkeUp() && pair.AreTunnelsUp()) << PlanText(plan);
                        EXPECT_LE(deliveries, most) << PlanText(plan);
                    });
        EXPECT_EQ(plans, 9u);
    }
}

} // namespace ipsec
} // namespace ns3
