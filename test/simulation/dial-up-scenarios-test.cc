// SPDX-License-Identifier: GPL-2.0-only
// Clients of scenarios that dial up: key by key, event by event, and what reports say of them.
#include "dial-up-scenarios.h"

#include "ns3/ipsec-ladder.h"
#include "ns3/ipsec-report-dial-ups.h"
#include "ns3/ipsec-report-json.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace
{

using namespace ns3::ipsec;

std::string
PlacesOf(const RunRecord& record, const std::string& client)
{
    std::string text;
    for (const PlaceRecord& place : record.FindNode(client)->places)
    {
        text += (text.empty() ? "" : "; ") + place.address.ToString();
        for (const std::string& nat : place.nats)
        {
            text += " " + nat;
        }
    }
    return text;
}

std::string
Event(const std::string& kind, const std::string& at, const std::string& more = "")
{
    return "[event " + kind + at + "]\nkind = " + kind + "\ntarget = alice\nat = " + at + "\n" +
           more;
}

// Where addresses come from

TEST(DialUpScenario, NatGivesAnAddressOfItsUpperHalf)
{
    const RunRecord record = RunText(Alice(AT_HOME) + PING);
    EXPECT_EQ(PlacesOf(record, "alice"), "192.168.1.128 home");
    EXPECT_EQ(Answered(record), 50u);
    EXPECT_EQ(record.FindNode("alice")->address.ToString(), "192.168.1.128");
    EXPECT_TRUE(record.FindNode("hub")->ipsecSas.at(0).sa.udpEncapsulated);
}

TEST(DialUpScenario, NatGivesWhatItsKeySays)
{
    const RunRecord record =
        RunText(Alice(AT_HOME) + PING, {"nat.home.dhcp=192.168.1.50 - 192.168.1.60"});
    EXPECT_EQ(PlacesOf(record, "alice"), "192.168.1.50 home");
    EXPECT_EQ(Answered(record), 50u);
}

TEST(DialUpScenario, AddressesComeThroughTwoNatsAndWithoutAny)
{
    const RunRecord inside = RunText(Alice("behind = cafe\naddress = dhcp\n") + PING);
    EXPECT_EQ(PlacesOf(inside, "alice"), "192.168.2.128 cafe provider");
    EXPECT_EQ(Answered(inside), 50u);
    const RunRecord open = RunText(Alice("address = dhcp\n") + PING);
    EXPECT_EQ(PlacesOf(open, "alice"), "198.18.0.2");
    EXPECT_EQ(Answered(open), 50u);
    EXPECT_FALSE(open.FindNode("hub")->ipsecSas.at(0).sa.udpEncapsulated);
}

TEST(DialUpScenario, LeaseIsRenewedAndTheTunnelStays)
{
    const RunRecord record = RunText(Alice(AT_HOME) + PING, {"nat.home.dhcp-lease=10s"});
    EXPECT_EQ(PlacesOf(record, "alice"), "192.168.1.128 home");
    EXPECT_EQ(record.FindDialUp("alice")->connections, 1u);
    EXPECT_EQ(Answered(record), 50u);
}

TEST(DialUpScenario, ClientWithAnAddressOfItsOwnDialsUpIfItSaysSo)
{
    const RunRecord record =
        RunText(Alice("behind = home\naddress = 192.168.1.7\ndial-up = true\n") + PING);
    EXPECT_EQ(PlacesOf(record, "alice"), "192.168.1.7 home");
    EXPECT_EQ(record.FindDialUp("alice")->connections, 1u);
    EXPECT_EQ(Answered(record), 50u);
}

// What the tunnel is for

TEST(DialUpScenario, WithoutModeConfigItsSideIsItsAddress)
{
    const RunRecord record = RunText(Alice(AT_HOME, "") + PING);
    EXPECT_EQ(Answered(record), 50u);
    const IpsecSa& sa = record.FindNode("hub")->ipsecSas.at(0).sa;
    EXPECT_EQ(sa.proxyId.remote.ToString(), "192.168.1.128/32");
    EXPECT_EQ(sa.mode, EncapsulationMode::Tunnel);
}

TEST(DialUpScenario, WithoutModeConfigItMayReachOtherNetworks)
{
    const RunRecord record = RunText(Alice(AT_HOME, "proxy-id = 0.0.0.0/0, 10.0.0.0/8\n") + PING);
    EXPECT_EQ(Answered(record), 50u);
    EXPECT_EQ(record.FindNode("alice")->ipsecSas.at(0).sa.proxyId.remote.ToString(), "10.0.0.0/8");
}

TEST(DialUpScenario, TransportModeIsForTheTwoEnds)
{
    for (const std::string& where : {AT_HOME, std::string("address = dhcp\n")})
    {
        const RunRecord record =
            RunText(Alice(where, "encapsulation = transport\nproxy-protocol = udp\n") +
                    "[traffic l2tp]\nkind = udp\nfrom = alice\nto = hub\nport = 1701\nsize = 100B\n"
                    "rate = 8kbps\nstart = 5s\ncount = 50\n" +
                    Event("roam", "20s", "to = cafe\n"));
        EXPECT_GE(Answered(record), 45u);
        for (const IpsecSaRecord& sa : record.FindNode("hub")->ipsecSas)
        {
            EXPECT_EQ(sa.sa.mode, EncapsulationMode::Transport);
        }
        EXPECT_EQ(record.FindDialUp("alice")->connections, 2u);
    }
}

// Events

TEST(DialUpScenario, ConnectsAndDisconnectsByEvents)
{
    const RunRecord record =
        RunText(Alice(AT_HOME, std::string(MODE_CONFIG) + "start = hand\n") +
                Event("connect", "10s") + Event("disconnect", "20s") + Event("connect", "30s"));
    const DialUpRecord& alice = *record.FindDialUp("alice");
    EXPECT_EQ(alice.arrivals, 2u);
    EXPECT_EQ(alice.connections, 2u);
    EXPECT_EQ(alice.losses, 0u);
    EXPECT_EQ(alice.connected, 1u);
    EXPECT_EQ(record.events.size(), 3u);
    EXPECT_NEAR(std::chrono::duration<double>(alice.connectedTime).count(), 40, 1);
    EXPECT_EQ(record.TunnelUpAt("alice")->time_since_epoch() / std::chrono::seconds(1), 10);
}

TEST(DialUpScenario, TunnelsStartAndStopByTheirName)
{
    const RunRecord record = RunText(Alice(AT_HOME, std::string(MODE_CONFIG) + "start = hand\n") +
                                     Event("start-tunnel", "10s") + Event("stop-tunnel", "20s"));
    EXPECT_EQ(record.FindDialUp("alice")->connections, 1u);
    EXPECT_EQ(record.FindDialUp("alice")->connected, 0u);
    EXPECT_EQ(record.events.at(0).target, "alice");
}

TEST(DialUpScenario, RoamsFromNatToNatAndIntoTheInternetAndBack)
{
    const RunRecord record = RunText(Alice(AT_HOME) + PING + Event("roam", "15s", "to = cafe\n") +
                                     Event("roam", "30s", "to = internet\nfor = 10s\n"));
    EXPECT_EQ(PlacesOf(record, "alice"),
              "192.168.1.128 home; 192.168.2.128 cafe provider; 198.18.0.2; 192.168.1.128 home");
    const DialUpRecord& alice = *record.FindDialUp("alice");
    EXPECT_EQ(alice.connections, 4u);
    EXPECT_EQ(alice.losses, 3u);
    EXPECT_EQ(alice.gaps.count, 3u);
    EXPECT_LT(alice.gaps.longest, std::chrono::seconds(2));
    EXPECT_GE(Answered(record), 44u);
    ASSERT_EQ(record.events.size(), 3u);
    EXPECT_EQ(record.events[0].detail, "from home to cafe");
    EXPECT_EQ(record.events[2].detail, "from internet to home");
    // The hub has one pair for her, the newest.
    const std::deque<IpsecSaRecord>& sas = record.FindNode("hub")->ipsecSas;
    EXPECT_EQ(std::count_if(
                  sas.begin(), sas.end(), [](const IpsecSaRecord& sa) { return !sa.removedAt; }),
              2);
    for (const IpsecSaRecord& sa : sas)
    {
        EXPECT_EQ(sa.peer, "alice");
        EXPECT_EQ(sa.tunnel, "alice");
    }
}

TEST(DialUpScenario, RoamsWithAddressesOfItsOwn)
{
    const RunRecord record =
        RunText(Alice("behind = home\naddress = 192.168.1.7\ndial-up = true\n") + PING +
                Event("roam", "20s", "to = internet\naddress = 192.0.2.9\nfor = 20s\n"));
    EXPECT_EQ(PlacesOf(record, "alice"), "192.168.1.7 home; 192.0.2.9; 192.168.1.7 home");
    EXPECT_GE(Answered(record), 48u);
}

TEST(DialUpScenario, HubFollowsWhenTheNatForgets)
{
    const RunRecord record = RunText(
        Alice(AT_HOME) + PING + "[event forget]\nkind = nat-rebind\ntarget = home\n" + "at = 20s\n",
        {"nat.home.ports=random"});
    EXPECT_EQ(Answered(record), 50u);
    EXPECT_EQ(record.FindDialUp("alice")->connections, 1u);
    EXPECT_EQ(record.FindNode("hub")->moves.size(), 1u);
}

// A busy processor tells late of the end of what was there before.
TEST(DialUpScenario, EndOfTheOldTunnelIsNoFailureOfTheNextAttempt)
{
    const RunRecord record =
        RunText(Alice(AT_HOME) + PING + Event("disconnect", "20s") +
                    "[event on]\nkind = connect\ntarget = alice\nat = 20s\n",
                {"client.alice.cpu=branch-router", "gateway.hub.cpu=branch-router"});
    const DialUpRecord& alice = *record.FindDialUp("alice");
    EXPECT_EQ(alice.failures, 0u);
    EXPECT_EQ(alice.attempts, 2u);
    EXPECT_EQ(alice.connections, 2u);
    EXPECT_LT(alice.waits.longest, std::chrono::seconds(1));
}

TEST(DialUpScenario, ClientWithoutALeaseSaysWhatItWaitsFor)
{
    const RunRecord record = RunText(
        Alice(AT_HOME) + "[client bob]\nid = bob@example.com\nbehind = home\naddress = dhcp\n"
                         "[client carol]\nid = carol@example.com\nbehind = home\naddress = "
                         "dhcp\n[tunnel bob]\nbetween = bob, hub\nmode = aggressive\n"
                         "pre-shared-key = x\nphase1-proposals = pre-g2-aes128-sha\n"
                         "[tunnel carol]\nbetween = carol, hub\nmode = aggressive\n"
                         "pre-shared-key = y\nphase1-proposals = pre-g2-aes128-sha\n",
        {"nat.home.dhcp=192.168.1.10 - 192.168.1.11"});
    uint64_t waiting = 0;
    for (const DialUpRecord& client : record.dialUps)
    {
        waiting += client.withoutAddress;
    }
    EXPECT_EQ(waiting, 1u);
}

TEST(DialUpScenario, CrashedClientComesBackWhenItsNodeDoes)
{
    const RunRecord record = RunText(Alice(AT_HOME) + PING + Event("crash", "20s", "for = 10s\n"));
    EXPECT_GE(record.FindDialUp("alice")->failuresByReason.at(Fault::NodeDown), 1u);
    EXPECT_EQ(record.FindDialUp("alice")->connected, 1u);
    EXPECT_GE(Answered(record), 38u);
    EXPECT_LE(Answered(record), 41u);
}

TEST(DialUpScenario, WhoGaveUpWaitedAllTheSame)
{
    const RunRecord record = RunText(Alice(AT_HOME + "attempt-limit = 2\nconnect-timeout = 5s\n"),
                                     {"internet.loss=100%"});
    const DialUpRecord& alice = *record.FindDialUp("alice");
    EXPECT_EQ(alice.connections, 0u);
    EXPECT_GE(alice.waits.longest, std::chrono::seconds(10));
}

// Users

TEST(DialUpScenario, UserComesStaysAndGoesAsItsTimesSay)
{
    const RunRecord record = RunText(Alice(AT_HOME + "arrival = 5s\nholding = 10s\naway = 8s\n"),
                                     {"simulation.stop=58s"});
    const DialUpRecord& alice = *record.FindDialUp("alice");
    EXPECT_EQ(alice.arrivals, 3u);
    EXPECT_EQ(alice.connections, 3u);
    EXPECT_EQ(alice.connected, 0u);
    EXPECT_EQ(alice.losses, 0u);
    EXPECT_EQ(alice.connectedTime, std::chrono::seconds(30));
}

TEST(DialUpScenario, UserWithoutAwayComesOnce)
{
    const RunRecord record = RunText(Alice(AT_HOME + "arrival = 5s\nholding = 10s\n"));
    EXPECT_EQ(record.FindDialUp("alice")->arrivals, 1u);
    EXPECT_EQ(record.FindDialUp("alice")->connected, 0u);
}

TEST(DialUpScenario, EventMayCallAUserWhoIsAway)
{
    const RunRecord record =
        RunText(Alice(AT_HOME + "arrival = 50s\nholding = 10s\n") + Event("connect", "5s"));
    EXPECT_EQ(record.FindDialUp("alice")->arrivals, 1u);
    EXPECT_NEAR(
        std::chrono::duration<double>(record.FindDialUp("alice")->connectedTime).count(), 10, 0.1);
}

// How it comes back

struct Habit
{
    const char* key;
    uint64_t attempts;
};

void
PrintTo(const Habit& habit, std::ostream* out)
{
    *out << habit.key;
}

class DialUpHabit : public testing::TestWithParam<Habit>
{
};

/// The hub is down from 10 s on, which dead peer detection finds out at 13 s.
TEST_P(DialUpHabit, DecidesHowOftenItCalls)
{
    const RunRecord record =
        RunText(Alice(AT_HOME + "connect-timeout = 2s\n" + GetParam().key + "\n",
                      std::string(MODE_CONFIG) +
                          "alice.dpd = periodic\nalice.dpd-delay = 2s\nalice.dpd-retry = 1s\n"
                          "alice.dpd-tries = 2\n") +
                "[event boom]\nkind = crash\ntarget = hub\nat = 10s\n");
    EXPECT_EQ(record.FindDialUp("alice")->attempts, GetParam().attempts);
    EXPECT_EQ(record.FindDialUp("alice")->losses, 1u);
}

INSTANTIATE_TEST_SUITE_P(Keys,
                         DialUpHabit,
                         testing::Values(Habit{"reconnect = false", 1},
                                         // 13 + 5, 2, 10, 2, 20 ...
                                         Habit{"reconnect = true", 4},
                                         Habit{"back-off = 1s", 6},
                                         Habit{"back-off-factor = 1", 8},
                                         Habit{"longest-back-off = 5s", 8},
                                         Habit{"attempt-limit = 2", 3}));

TEST(DialUpScenario, RefusalsAreTriedAsOftenAsAllowed)
{
    for (const uint64_t tries : {1u, 3u})
    {
        const RunRecord record =
            RunText(Alice(AT_HOME + "xauth-user = alice\nxauth-password = wrong\nback-off = 1s\n" +
                              "refusal-tries = " + std::to_string(tries) + "\n",
                          std::string(MODE_CONFIG) +
                              "xauth = true\nxauth-tries = 1\nhub.xauth-users = alice:right\n"));
        EXPECT_EQ(record.FindDialUp("alice")->failuresByReason.at(Fault::XauthFailed), tries);
        EXPECT_EQ(record.FindDialUp("alice")->attempts, tries);
    }
}

TEST(DialUpScenario, WithoutBlockingALostTunnelLeaks)
{
    for (const bool isBlocked : {true, false})
    {
        const RunRecord record = RunText(
            Alice(AT_HOME + "block-while-lost = " + (isBlocked ? "true" : "false") + "\n",
                  std::string(MODE_CONFIG) + "alice.dpd = periodic\nalice.dpd-delay = 2s\n"
                                             "alice.dpd-retry = 1s\nalice.dpd-tries = 2\n") +
            PING + "[event boom]\nkind = crash\ntarget = hub\nat = 10s\n");
        const auto& sessions = record.FindNode("alice")->sessions;
        const bool leaks =
            std::any_of(sessions.begin(),
                        sessions.end(),
                        [](const Session& session)
                        {
                            return session.flow.destination.ToString() == "10.2.0.2" &&
                                   session.flow.source.ToString().rfind("192.168.1.", 0) == 0;
                        });
        EXPECT_EQ(leaks, !isBlocked);
    }
}

// What reports say

TEST(DialUpReports, TellWhereAClientWasAndWhatItDid)
{
    const RunRecord record =
        RunText(Alice(AT_HOME) + Event("roam", "15s", "to = cafe\n") + "[output]\nseries = true\n");
    const std::string ladder = LadderText(MakeLadders(record).at(0));
    EXPECT_NE(ladder.find("alice is at 192.168.1.128 behind home"), std::string::npos) << ladder;
    EXPECT_NE(ladder.find("alice is at 192.168.2.128 behind cafe behind provider"),
              std::string::npos)
        << ladder;
    EXPECT_NE(ladder.find("EVENT roam alice: from home to cafe"), std::string::npos) << ladder;
    ASSERT_EQ(DialUpLines(record).size(), 1u);
    const std::string line = DialUpLines(record)[0];
    EXPECT_EQ(line.substr(0, line.find("; waits")),
              "alice: connected; arrivals 1, attempts 2, failed 0, connections 2, lost 1, changes "
              "of address 1");
    const std::string json = ReportJson(record);
    for (const char* part : {"\"clients\": {", "\"connections\": 2", "\"places\": ["})
    {
        EXPECT_NE(json.find(part), std::string::npos) << part;
    }
    // Every message is hers or the hub's, wherever she was.
    for (const MessageRecord& message : record.messages)
    {
        EXPECT_TRUE(message.from == "alice" || message.from == "hub") << message.from;
        EXPECT_TRUE(message.to == "alice" || message.to == "hub") << message.to;
    }
}

} // namespace
