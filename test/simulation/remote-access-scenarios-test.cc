// SPDX-License-Identifier: GPL-2.0-only
// Users in scenarios: groups, what they are known by, what becomes of wrong ones.
#include "ns3/ipsec-scenario-reader.h"
#include "ns3/ipsec-scenario-runner.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace
{

using namespace ns3::ipsec;

/// Two users who come under one configuration of their gateway.
const char GROUP[] = "[simulation]\n"
                     "stop = 20s\n"
                     "[gateway hub]\n"
                     "address = 198.51.100.1\n"
                     "lan = 10.2.0.0/24\n"
                     "[host server]\n"
                     "behind = hub\n"
                     "[client alice]\n"
                     "address = 203.0.113.5\n"
                     "id = alice@example.com\n"
                     "xauth-user = alice\n"
                     "xauth-password = a\n"
                     "[client bob]\n"
                     "address = 203.0.113.6\n"
                     "id = bob@example.com\n"
                     "xauth-user = bob\n"
                     "xauth-password = b\n"
                     "[pool office]\n"
                     "addresses = 10.2.1.1 - 10.2.1.9\n"
                     "[tunnel alice]\n"
                     "between = alice, hub\n"
                     "mode = aggressive\n"
                     "pre-shared-key = k\n"
                     "phase1-proposals = pre-g14-aes128-sha256\n"
                     "xauth = true\n"
                     "mode-config = pull\n"
                     "pool = office\n"
                     "hub.group = true\n"
                     "start = auto\n"
                     "[tunnel bob]\n"
                     "between = bob, hub\n"
                     "mode = aggressive\n"
                     "pre-shared-key = k\n"
                     "phase1-proposals = pre-g14-aes128-sha256\n"
                     "xauth = true\n"
                     "mode-config = pull\n"
                     "pool = office\n"
                     "hub.group = true\n"
                     "start = auto\n"
                     "[traffic ping]\n"
                     "from = alice\n"
                     "to = server\n"
                     "start = 2s\n"
                     "[traffic ping2]\n"
                     "from = bob\n"
                     "to = server\n"
                     "start = 2s\n";

RunRecord
RunGroup(const std::vector<std::string>& options = {})
{
    return RunScenario(ReadScenarioText(GROUP, "group.ini", options));
}

/// Tells whether a reason was counted at the gateway.
bool
HasDrop(const RunRecord& record, Fault fault)
{
    return record.FindNode("hub")->dropCounts.count(fault) > 0;
}

TEST(GroupScenario, UsersShareOneConfigurationAndKeepTheirNames)
{
    const RunRecord record = RunGroup();
    EXPECT_TRUE(record.Passed());
    std::vector<std::string> peers;
    for (const IkeSaRecord& sa : record.FindNode("hub")->ikeSas)
    {
        peers.push_back(sa.peer);
    }
    std::sort(peers.begin(), peers.end());
    EXPECT_EQ(peers, (std::vector<std::string>{"alice", "bob"}));
    for (const IpsecSaRecord& sa : record.FindNode("hub")->ipsecSas)
    {
        EXPECT_EQ(sa.tunnel, sa.peer);
    }
}

// Covers XA-01.
TEST(GroupScenario, WrongPasswordKeepsOneUserOutOnly)
{
    const RunRecord record = RunGroup({"tunnel.alice.hub.xauth-users=alice:another"});
    EXPECT_FALSE(record.TunnelUpAt("alice"));
    EXPECT_TRUE(record.TunnelUpAt("bob"));
    EXPECT_TRUE(HasDrop(record, Fault::XauthFailed));
}

TEST(GroupScenario, PoolOfOneAddressLetsOneUserIn)
{
    const RunRecord record = RunGroup({"pool.office.addresses=10.2.1.1 - 10.2.1.1"});
    EXPECT_NE(record.TunnelUpAt("alice").has_value(), record.TunnelUpAt("bob").has_value());
}

// Covers AM-05, AM-07.
TEST(GroupScenario, UsersMayGoByMailNameOrAddress)
{
    for (const char* id : {"alice@example.com", "alice.example.com", "203.0.113.5"})
    {
        const RunRecord record = RunGroup({std::string("client.alice.id=") + id,
                                           "tunnel.alice.hub.group=false",
                                           "client.alice.address=203.0.113.77"});
        EXPECT_TRUE(record.TunnelUpAt("alice")) << id;
    }
}

// Covers AM-06.
TEST(DynamicSiteScenario, GoesByANameAndIsRefusedByItsAddress)
{
    const std::string text = "[gateway hub]\naddress = 198.51.100.1\nlan = 10.2.0.0/24\n"
                             "[gateway shop]\naddress = 203.0.113.9\nlan = 10.9.0.0/24\n"
                             "[tunnel vpn]\nbetween = shop, hub\npre-shared-key = x\n"
                             "mode = aggressive\nhub.peer-address = any\n"
                             "hub.peer-id = shop.example.com\nstart = auto\n";
    const RunRecord named =
        RunScenario(ReadScenarioText(text + "shop.id = shop.example.com\n", "x.ini"));
    EXPECT_TRUE(named.TunnelUpAt("vpn"));
    const RunRecord unnamed = RunScenario(ReadScenarioText(text, "x.ini"));
    EXPECT_FALSE(unnamed.TunnelUpAt("vpn"));
}

/// Tells whether some warning of a run holds a text.
bool
WarnsOf(const RunRecord& record, const std::string& text)
{
    for (const TunnelRecord& tunnel : record.tunnels)
    {
        for (const std::string& warning : tunnel.warnings)
        {
            if (warning.find(text) != std::string::npos)
            {
                return true;
            }
        }
    }
    return false;
}

// Covers MM-04.
TEST(ScenarioWarnings, AggressiveModeWithAPreSharedKeyIsWarnedOf)
{
    const std::string file = std::string(IPSEC_SCENARIOS) + "/set-standard.ini";
    const char text[] = "aggressive mode with a pre-shared key";
    const std::vector<std::string> aggressive{"tunnel.office.mode=aggressive"};
    EXPECT_TRUE(WarnsOf(RunScenario(ReadScenario(file, aggressive)), text));
    EXPECT_FALSE(WarnsOf(RunScenario(ReadScenario(file)), text));
}

// Covers MM-06.
TEST(ScenarioWarnings, KeyThatDynamicPeersOfMainModeShareIsWarnedOf)
{
    std::string text = "[gateway hub]\naddress = 198.51.100.1\nlan = 10.2.0.0/24\n";
    for (const char* number : {"3", "4"})
    {
        const std::string site = std::string("shop") + number;
        text += "[gateway " + site + "]\naddress = 203.0.113." + number + "\nlan = 10." + number +
                ".0.0/24\n[tunnel " + site + "]\nbetween = " + site +
                ", hub\npre-shared-key = x\nhub.peer-address = any\n" + site + ".id = " + site +
                ".example.com\nstart = auto\n";
    }
    const RunRecord record = RunScenario(ReadScenarioText(text, "x.ini"));
    EXPECT_TRUE(record.Passed());
    EXPECT_TRUE(WarnsOf(record, "have dynamic addresses and share one pre-shared key"));
}

// Covers P1-17.
TEST(ScenarioWarnings, ProposalsOfTheGatewayAreLookedAtToo)
{
    const std::string text = "[gateway a]\naddress = 198.51.100.1\nlan = 10.2.0.0/24\n"
                             "ike-proposals = basic\n"
                             "[gateway b]\naddress = 203.0.113.9\nlan = 10.9.0.0/24\n"
                             "ike-proposals = basic\n"
                             "[tunnel ab]\nbetween = a, b\npre-shared-key = x\nstart = auto\n";
    const RunRecord record = RunScenario(ReadScenarioText(text, "x.ini"));
    EXPECT_TRUE(record.Passed());
    EXPECT_TRUE(WarnsOf(record, "phase 1 proposal pre-g1-des-sha is weak"));
    EXPECT_TRUE(WarnsOf(record, "phase 1 proposal pre-g1-des-md5 is weak"));
}

} // namespace
