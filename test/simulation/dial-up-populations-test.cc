// SPDX-License-Identifier: GPL-2.0-only
// Populations of scenarios: many users who come, stay, go and change networks.
#include "dial-up-scenarios.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace
{

using namespace ns3::ipsec;

/// Returns the instants at which clients of a population first want their tunnels.
std::vector<double>
Arrivals(const std::string& arrival, uint32_t run = 1)
{
    const Scenario scenario =
        ReadScenarioText(std::string(DIAL_UP_WORLD) +
                             "[clients user]\ncount = 200\nhub = hub\nbehind = home\n"
                             "addresses = dhcp\nphase1-proposals = pre-g2-aes128-sha\narrival = " +
                             arrival + "\n",
                         "x.ini",
                         {"simulation.run=" + std::to_string(run)});
    std::vector<double> times;
    for (const GatewaySettings& client : scenario.gateways)
    {
        if (client.isClient)
        {
            EXPECT_EQ(client.dialUp->arrival->law, TimeLaw::Fixed);
            times.push_back(std::chrono::duration<double>(client.dialUp->arrival->first).count());
        }
    }
    return times;
}

TEST(DialUpPopulations, ComeOneAfterTheOther)
{
    const std::vector<double> every = Arrivals("every 500ms");
    ASSERT_EQ(every.size(), 200u);
    EXPECT_DOUBLE_EQ(every[0], 0.5);
    EXPECT_DOUBLE_EQ(every[199], 100);
    const std::vector<double> poisson = Arrivals("poisson 500ms");
    EXPECT_TRUE(std::is_sorted(poisson.begin(), poisson.end()));
    // 200 gaps with this mean: a standard deviation is 7 s.
    EXPECT_NEAR(poisson[199], 100, 21);
    EXPECT_NE(poisson, Arrivals("poisson 500ms", 2));
    EXPECT_EQ(poisson, Arrivals("poisson 500ms"));
    // Sums of long gaps stay behind the end of any run, and are never before its beginning.
    const std::vector<double> never = Arrivals("every 3650d");
    EXPECT_TRUE(std::is_sorted(never.begin(), never.end()));
    EXPECT_GT(never.front(), 3e8);
    // Exponential gaps are shorter than a tenth of their mean in a tenth of all cases.
    size_t shortGaps = 0;
    for (size_t i = 1; i < poisson.size(); i++)
    {
        shortGaps += poisson[i] - poisson[i - 1] < 0.05 ? 1 : 0;
    }
    EXPECT_NEAR(static_cast<double>(shortGaps), 19, 13);
}

const char USERS[] = "[clients user]\ncount = 12\nhub = hub\nbehind = home\nnats = 3\n"
                     "addresses = dhcp\nhub.group = true\nsame-key = true\n"
                     "phase1-proposals = pre-g2-aes128-sha\nphase2-proposals = "
                     "nopfs-esp-aes128-sha\nmode-config = pull\npool = office\n"
                     "traffic = ping\ntraffic-start = 2s\n";

TEST(DialUpPopulations, ComeGoAndRoamAndSendOnlyWhileTheyAreThere)
{
    const RunRecord record =
        RunText(std::string(USERS) +
                "arrival = uniform 0s..10s\nholding = exponential 10s\naway = exponential 5s\n"
                "[event move]\nkind = roam\ntarget = user\nto = cafe\nat = random 25s..35s\n"
                "[output]\nseries = true\n[expect some]\nthat = connects user >= 24\n"
                "[expect peak]\nthat = peak of clients-connected of user >= 5\n"
                "[expect no-failure]\nthat = connect-failures user = 0\n"
                "[expect gap]\nthat = longest gap of user <= 2s\n"
                "[expect wait]\nthat = longest wait of user <= 2s\n"
                "[expect losses]\nthat = tunnel-losses user >= 3\n"
                "[expect answered]\nthat = lost packets of user <= 10%\n");
    EXPECT_TRUE(record.Passed());
    for (const ExpectationOutcome& outcome : record.expectations)
    {
        EXPECT_TRUE(outcome.pass) << outcome.text << ": " << outcome.seen;
    }
    const DialUpRecord& users = *record.FindDialUp("user");
    EXPECT_EQ(users.clients, 12u);
    EXPECT_EQ(users.connections, users.arrivals + users.losses);
    EXPECT_GE(record.series.Find("all", "clients-connected")->size(), 50u);
    EXPECT_EQ(record.series.Find("all", "clients-connected"),
              record.series.Find("user", "clients-connected"));
    EXPECT_LT(record.traffic.at(0).sent, 12u * 58u);
}

TEST(DialUpPopulations, BlackHoleCostsPacketsWhileTheHubIsDown)
{
    const RunRecord record = RunText(
        std::string(USERS) + "client.dpd = periodic\nclient.dpd-delay = 2s\nclient.dpd-retry = 1s\n"
                             "client.dpd-tries = 2\nback-off = 1s\nconnect-timeout = 4s\n"
                             "[event boom]\nkind = crash\ntarget = hub\nat = 20s\nfor = 15s\n");
    const DialUpRecord& users = *record.FindDialUp("user");
    EXPECT_EQ(users.losses, 12u);
    EXPECT_GE(users.failuresByReason.at(Fault::NegotiationTimeout), 12u);
    EXPECT_EQ(users.connected, 12u);
    EXPECT_GE(users.gaps.longest, std::chrono::seconds(10));
    EXPECT_NEAR(static_cast<double>(record.traffic.at(0).Lost()), 12 * 20, 12 * 6);
}

TEST(DialUpPopulations, MembersAreShownWhenAsked)
{
    const RunRecord record = RunText(std::string(USERS) + "[output]\nshow-branches = 1\n" +
                                     "[expect third]\nthat = connects user-3 = 1\n");
    ASSERT_EQ(record.dialUps.size(), 3u);
    EXPECT_EQ(record.dialUps[0].name, "user");
    EXPECT_EQ(record.dialUps[1].name, "user-1");
    EXPECT_EQ(record.dialUps[2].name, "user-3");
    EXPECT_EQ(record.dialUps[0].connections, 12u);
    EXPECT_EQ(record.dialUps[2].connections, 1u);
    EXPECT_TRUE(record.Passed());
}

TEST(DialUpPopulations, WaitForAnEventIfTheyAreStartedByHand)
{
    const RunRecord record =
        RunText(std::string(USERS) + "start = hand\n[output]\nseries = true\n"
                                     "[event on]\nkind = connect\ntarget = user\nat = 10s\n"
                                     "[expect none]\nthat = clients-connected of user at 9s = 0\n"
                                     "[expect all]\nthat = clients-connected of user at 15s = 12\n"
                                     "[expect once]\nthat = connects user = 12\n");
    EXPECT_TRUE(record.Passed());
}

TEST(DialUpPopulations, ChanceComesFromTheSeed)
{
    const std::string chance = std::string(USERS) +
                               "arrival = poisson 1s\nholding = exponential 10s\n"
                               "away = exponential 5s\nback-off-jitter = 50%\n";
    const auto story = [&](const std::vector<std::string>& options)
    {
        const DialUpRecord users = *RunText(chance, options).FindDialUp("user");
        return std::to_string(users.connectedTime.count()) + " " +
               std::to_string(users.waits.sum.count());
    };
    EXPECT_EQ(story({}), story({}));
    EXPECT_NE(story({}), story({"simulation.run=2"}));
}

} // namespace
