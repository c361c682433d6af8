// SPDX-License-Identifier: GPL-2.0-only
#include "watched-pair.h"

#include <gtest/gtest.h>

// Which phase 1 carry INITIAL-CONTACT, by personality, and what that does to a renewal.

namespace ns3
{
namespace ipsec
{

namespace
{

using std::chrono::seconds;

constexpr Duration LIFETIME = seconds(1000);

struct Habit
{
    Phase1Mode mode;
    ContactAnnouncement announcement;
    bool isInAggressive;
    /// How many of the first phase 1 and its renewal are expected to carry it.
    size_t expected;
};

void
PrintTo(const Habit& habit, std::ostream* out)
{
    const char* const names[] = {"Never", "First", "Always"};
    *out << (habit.mode == Phase1Mode::Main ? "Main" : "Aggressive")
         << names[static_cast<size_t>(habit.announcement)]
         << (habit.isInAggressive ? "" : "ButNotInAggressive");
}

PeerPair
PairWith(const Habit& habit)
{
    return UpPair(
        [&](PeerConfig& peer)
        {
            peer.mode = habit.mode;
            peer.lifetime = LIFETIME;
            peer.personality.Edit().initialContact = habit.announcement;
            peer.personality.Edit().sendInitialContactInAggressive = habit.isInAggressive;
        },
        [&](PeerConfig& peer)
        {
            peer.mode = habit.mode;
            peer.lifetime = LIFETIME;
        });
}

class InitialContactHabits : public testing::TestWithParam<Habit>
{
};

INSTANTIATE_TEST_SUITE_P(
    AllOfThem,
    InitialContactHabits,
    testing::Values(Habit{Phase1Mode::Main, ContactAnnouncement::Never, true, 0},
                    Habit{Phase1Mode::Main, ContactAnnouncement::First, true, 1},
                    Habit{Phase1Mode::Main, ContactAnnouncement::First, false, 1},
                    Habit{Phase1Mode::Main, ContactAnnouncement::Always, false, 2},
                    Habit{Phase1Mode::Aggressive, ContactAnnouncement::Never, true, 0},
                    Habit{Phase1Mode::Aggressive, ContactAnnouncement::First, true, 1},
                    Habit{Phase1Mode::Aggressive, ContactAnnouncement::First, false, 0},
                    Habit{Phase1Mode::Aggressive, ContactAnnouncement::Always, true, 2},
                    Habit{Phase1Mode::Aggressive, ContactAnnouncement::Always, false, 0}),
    testing::PrintToStringParamName());

} // namespace

TEST_P(InitialContactHabits, AreFollowedAtFirstAndAtTheRenewal)
{
    PeerPair pair = PairWith(GetParam());
    const size_t phase1 = GetParam().mode == Phase1Mode::Main ? 6 : 3;
    RunFor(pair, LIFETIME);
    const ExchangeType exchange =
        GetParam().mode == Phase1Mode::Main ? ExchangeType::MainMode : ExchangeType::AggressiveMode;
    ASSERT_EQ(pair.CountSent(exchange), 2 * phase1) << "it was renewed once";
    EXPECT_EQ(CountNotifies(pair, Side::A, NotifyType::InitialContact), GetParam().expected);
    EXPECT_EQ(CountNotifies(pair, Side::B, NotifyType::InitialContact), 0u)
        << "only who begins announces";
}

// What libreswan's sources warn of: the peer ends the pairs that are in use.
TEST(InitialContact, AnnouncedAtARenewalItEndsThePeersPairs)
{
    PeerPair first = PairWith({Phase1Mode::Main, ContactAnnouncement::First, true, 1});
    RunFor(first, LIFETIME);
    EXPECT_EQ(first.Sas(Side::B, SaDirection::Outbound).size(), 1u);
    EXPECT_TRUE(first.AreTunnelsUp());

    PeerPair always = PairWith({Phase1Mode::Main, ContactAnnouncement::Always, true, 2});
    RunFor(always, LIFETIME);
    EXPECT_TRUE(always.Sas(Side::B, SaDirection::Outbound).empty());
    EXPECT_EQ(always.Sas(Side::A, SaDirection::Outbound).size(), 1u) << "A does not know";
    EXPECT_EQ(WhyDown(always, Side::B), Fault::InitialContact);
}

} // namespace ipsec
} // namespace ns3
