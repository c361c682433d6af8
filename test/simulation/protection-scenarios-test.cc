// SPDX-License-Identifier: GPL-2.0-only
// What scenarios say of policies, routes, manual keys, attackers and counters comes true.
#include "ns3/ipsec-report-displays.h"
#include "ns3/ipsec-report-protection.h"
#include "ns3/ipsec-scenario-reader.h"
#include "ns3/ipsec-scenario-runner.h"

#include <gtest/gtest.h>

namespace
{

using namespace ns3::ipsec;

RunRecord
RunShipped(const std::string& name, const std::vector<std::string>& overrides = {})
{
    return RunScenario(ReadScenario(std::string(IPSEC_SCENARIOS) + "/" + name + ".ini", overrides));
}

const TrafficRecord&
TrafficOf(const RunRecord& record, const std::string& name)
{
    for (const TrafficRecord& traffic : record.traffic)
    {
        if (traffic.name == name)
        {
            return traffic;
        }
    }
    static const TrafficRecord NONE;
    return NONE;
}

bool
Holds(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

// Covers QM-12.
TEST(Attacker, ReadsEveryPacketWithoutPfsAndNoneWithIt)
{
    const RunRecord record = RunShipped("pfs");
    const AttackRecord* eve = record.FindAttack("eve");
    const AttackRecord* mallory = record.FindAttack("mallory");
    ASSERT_TRUE(eve && mallory);
    EXPECT_EQ(eve->Read("plain"), 10u);
    EXPECT_EQ(eve->Captured("plain"), 10u);
    EXPECT_EQ(mallory->Read("secret"), 0u);
    EXPECT_EQ(mallory->Captured("secret"), 10u);
}

// Covers QM-12.
TEST(Attacker, DependsOnPfsAlone)
{
    const RunRecord record = RunShipped("pfs",
                                        {"tunnel.plain.phase2-proposals=g2-esp-aes128-sha",
                                         "tunnel.secret.phase2-proposals=nopfs-esp-aes128-sha"});
    EXPECT_EQ(record.FindAttack("eve")->Read("plain"), 0u);
    EXPECT_EQ(record.FindAttack("mallory")->Read("secret"), 10u);
}

TEST(Attacker, WithTheKeysOfAnotherGatewayReadsNothing)
{
    const RunRecord record = RunShipped("pfs", {"attacker.eve.steals-from=fw-c"});
    EXPECT_EQ(record.FindAttack("eve")->Read("plain"), 0u);
    EXPECT_GT(record.FindAttack("eve")->capturedPackets, 0u);
}

TEST(Attacker, ReadsBundlesUdpEncapsulatedPacketsAndGcm)
{
    for (const char* option : {"tunnel.plain.phase2-proposals=nopfs-ah-sha+esp-aes128-sha",
                               "tunnel.plain.nat-traversal=force",
                               "tunnel.plain.phase2-proposals=nopfs-esp-aes128gcm",
                               "tunnel.plain.mode=aggressive"})
    {
        const RunRecord record = RunShipped("pfs", {option});
        EXPECT_EQ(record.FindAttack("eve")->Read("plain"), 10u) << option;
    }
}

// Covers MK-01.
TEST(ManualKeys, NeedNoMessageOfIke)
{
    const RunRecord record = RunShipped("manual-vs-ike");
    for (const MessageRecord& message : record.messages)
    {
        EXPECT_TRUE(message.from != "fw-a" && message.from != "fw-b") << message.from;
    }
    EXPECT_EQ(TrafficOf(record, "ping-by-hand").received, 100u);
}

// Covers LT-07.
TEST(ManualKeys, StayForTenDays)
{
    const RunRecord record = RunShipped("manual-vs-ike",
                                        {"simulation.stop=10d",
                                         "traffic.ping-by-hand.interval=1h",
                                         "traffic.ping-by-hand.count=235",
                                         "traffic.ping-by-ike.count=1",
                                         "tunnel.by-ike.phase1-proposals=pre-g2-aes128-sha",
                                         "tunnel.by-ike.phase2-proposals=nopfs-esp-aes128-sha",
                                         "tunnel.by-ike.phase2-lifetime=1d"});
    EXPECT_EQ(TrafficOf(record, "ping-by-hand").received, 235u);
    const NodeRecord* node = record.FindNode("fw-a");
    ASSERT_EQ(node->ipsecSas.size(), 2u);
    EXPECT_FALSE(node->ipsecSas[0].removedAt.has_value());
    EXPECT_FALSE(node->ipsecSas[0].RemainingDuration(record.end).has_value());
}

// Covers MK-03.
TEST(ManualKeys, AreComparedWithIkeInATable)
{
    const std::vector<std::string> lines = KeyingLines(RunShipped("manual-vs-ike"));
    std::string table;
    for (const std::string& line : lines)
    {
        table += line + "\n";
    }
    EXPECT_TRUE(Holds(table, "messages of IKE             0 ")) << table;
    EXPECT_TRUE(Holds(table, "lifetime of an SA           without end           1800 s")) << table;
}

TEST(ManualKeys, AreNotComparedWithNothing)
{
    EXPECT_TRUE(KeyingLines(RunShipped("site-to-site")).empty());
}

// Covers PO-04.
TEST(Hub, LetsSpokesReachEachOtherByPoliciesOrRoutes)
{
    for (const char* name : {"hub-and-spokes", "route-based"})
    {
        const RunRecord record = RunShipped(name);
        EXPECT_EQ(TrafficOf(record, "to-spoke").received, 5u) << name;
        EXPECT_EQ(record.FindNode("hub")->clearPackets, 0u) << name;
    }
}

// Covers PO-07.
TEST(TransportMode, CarriesGreAndL2tp)
{
    for (const char* name : {"gre-over-ipsec", "l2tp-over-ipsec"})
    {
        const RunRecord record = RunShipped(name);
        EXPECT_EQ(TrafficOf(record, "ping").received, 5u) << name;
        for (const IpsecSaRecord& sa : record.FindNode("fw-a")->ipsecSas)
        {
            EXPECT_EQ(sa.sa.mode, EncapsulationMode::Transport) << name;
            EXPECT_GT(sa.packets, 0u) << name;
        }
    }
}

TEST(Rules, OfAGatewayComeInTheirOrder)
{
    // Behind the tunnel's rule the one that drops is never asked.
    const RunRecord record = RunShipped("policies", {"policy.no-printer-at-a.order=200"});
    EXPECT_GT(TrafficOf(record, "to-printer").received, 0u);
    EXPECT_EQ(record.FindNode("fw-a")->dropCounts.count(Fault::PolicyDiscard), 0u);
}

TEST(Rules, ThatProtectAtOneEndOnlyLoseWhatComesInClear)
{
    const RunRecord record = RunShipped("policies", {"policy.clear-at-b.order=200"});
    EXPECT_EQ(TrafficOf(record, "clear").received, 0u);
    EXPECT_EQ(record.FindNode("fw-b")->dropCounts.at(Fault::ClearTextForbidden), 5u);
}

// Covers PO-01.
TEST(Staging, OfNothingDropsWhatComesBeforeTheSa)
{
    const RunRecord record = RunShipped("site-to-site", {"gateway.fw-a.staged-packets=0"});
    EXPECT_EQ(TrafficOf(record, "ping").received, 4u);
    EXPECT_EQ(record.FindNode("fw-a")->dropCounts.at(Fault::StagedOverflow), 1u);
}

const char BY_HAND[] = "[event go]\n"
                       "at = 3s\n"
                       "kind = start-tunnel\n"
                       "target = ab\n"
                       "[event end]\n"
                       "at = 20s\n"
                       "kind = stop-tunnel\n"
                       "target = ab\n";

TEST(Events, StartAndEndATunnelByHand)
{
    const std::string base = "[simulation]\nstop = 40s\n"
                             "[gateway a]\naddress = 1.1.1.1\nlan = 10.1.0.0/24\n"
                             "[gateway b]\naddress = 2.2.2.2\nlan = 10.2.0.0/24\n"
                             "[tunnel ab]\nbetween = a, b\npre-shared-key = k\nstart = hand\n";
    const RunRecord record = RunScenario(ReadScenarioText(base + BY_HAND, "x.ini", {}));
    ASSERT_TRUE(record.TunnelUpAt("ab").has_value());
    EXPECT_GT(*record.TunnelUpAt("ab"), Instant(std::chrono::seconds(3)));
    for (const NodeRecord& node : record.nodes)
    {
        for (const IpsecSaRecord& sa : node.ipsecSas)
        {
            ASSERT_TRUE(sa.removedAt.has_value()) << node.name;
            EXPECT_GE(*sa.removedAt, Instant(std::chrono::seconds(20))) << node.name;
        }
    }
}

TEST(DisplayIpsecSa, ShowsFlowSpiAndCounters)
{
    const RunRecord record = RunShipped("site-to-site");
    const std::string text = DisplayIpsecSa(*record.FindNode("fw-b"), record.end);
    EXPECT_TRUE(Holds(text, "flow source: 172.16.0.0/255.255.255.0 0/0")) << text;
    EXPECT_TRUE(Holds(text, "max received sequence number: 5")) << text;
    EXPECT_TRUE(Holds(text, "max sent sequence number: 5")) << text;
    EXPECT_TRUE(Holds(text, "anti-replay window: 64 packets, replayed: 0, errors: 0")) << text;
    EXPECT_TRUE(Holds(text, "remaining duration (kilobytes / seconds): no limit / 3511")) << text;
}

TEST(DisplayIpsecSa, CountsWhatWasReplayed)
{
    const RunRecord record = RunShipped("site-to-site", {"internet.duplicate=100%"});
    const std::string text = DisplayIpsecSa(*record.FindNode("fw-b"), record.end);
    EXPECT_TRUE(Holds(text, "replayed: 5, errors: 0")) << text;
}

TEST(SessionTable, ListsWhoSpokeWithWhom)
{
    const RunRecord record = RunShipped("site-to-site");
    EXPECT_EQ(DisplaySessionTable(*record.FindNode("fw-a")),
              "current total sessions: 3\n"
              "  icmp VPN: public --> public 192.168.0.2:1 --> 172.16.0.2:2048\n"
              "  udp VPN: public --> public 1.1.1.1:500 --> 2.2.2.2:500\n"
              "  esp VPN: public --> public 1.1.1.1:0 --> 2.2.2.2:0\n");
}

/// Two gateways; keys of the tunnel and what follows are the caller's.
RunRecord
RunPair(const std::string& tunnel)
{
    const std::string base = "[simulation]\nstop = 30s\n"
                             "[gateway a]\naddress = 1.1.1.1\nlan = 10.1.0.0/24\n"
                             "[gateway b]\naddress = 2.2.2.2\nlan = 10.2.0.0/24\n"
                             "[tunnel ab]\nbetween = a, b\n";
    return RunScenario(ReadScenarioText(base + tunnel, "x.ini", {}));
}

const char EVERYTHING[] = "vpn = route\n"
                          "[route out]\nat = a\nto = 0.0.0.0/0\nvia = ab\n"
                          "[route back]\nat = b\nto = 0.0.0.0/0\nvia = ab\n"
                          "[traffic ping]\nfrom = pc-a\nto = pc-b\n";

TEST(RouteForEverything, LeadsNotWhatMakesTheTunnelIntoTheTunnel)
{
    const std::string byHand = "keying = manual\nphase2-proposals = nopfs-ah-md5\n"
                               "a.spi = 256\n"
                               "a.authentication-key = 0x00112233445566778899aabbccddeeff\n"
                               "b.spi = 257\n"
                               "b.authentication-key = 0xffeeddccbbaa99887766554433221100\n";
    for (const std::string& keys : {byHand,
                                    std::string("pre-shared-key = k\n"),
                                    std::string("pre-shared-key = k\nnat-traversal = force\n")})
    {
        const RunRecord record = RunPair(keys + EVERYTHING);
        EXPECT_EQ(TrafficOf(record, "ping").received, 5u) << keys;
        EXPECT_EQ(record.FindNode("a")->clearPackets, 0u) << keys;
    }
}

TEST(Ports, OfATunnelCoverFragmentsThatShowNone)
{
    const RunRecord record = RunPair("pre-shared-key = k\n"
                                     "proxy-protocol = udp\nproxy-ports = any, 5001\n"
                                     "[traffic large]\nkind = udp\nfrom = pc-a\nto = pc-b\n"
                                     "size = 3000B\ncount = 5\n");
    EXPECT_EQ(TrafficOf(record, "large").received, 5u);
    EXPECT_EQ(record.FindNode("a")->dropCounts.count(Fault::SelectorMismatch), 0u);
}

TEST(LinkedLifetimes, LoseNoPacketThatWaitsWhenBothEndsExpireTogether)
{
    const RunRecord record = RunPair("pre-shared-key = k\nphase2-lifetime = 10s\n"
                                     "lifetimes = linked\n"
                                     "[traffic ping]\nfrom = pc-a\nto = pc-b\n"
                                     "interval = 100ms\ncount = 280\n");
    EXPECT_EQ(record.FindNode("a")->dropCounts.count(Fault::StagedAbandoned), 0u);
    EXPECT_EQ(TrafficOf(record, "ping").received, 280u);
}

// Covers QM-03 QM-18.
TEST(Protocols, MakeTwoSasForOneProtocolAndFourForABundle)
{
    const RunRecord record = RunShipped("protocols");
    EXPECT_EQ(record.FindNode("fw-a1")->ipsecSas.size(), 2u);
    EXPECT_EQ(record.FindNode("fw-a2")->ipsecSas.size(), 2u);
    EXPECT_EQ(record.FindNode("fw-a3")->ipsecSas.size(), 4u);
    EXPECT_EQ(record.FindNode("fw-a2")->ipsecSas[0].sa.protocol, ProtocolId::Ah);
}

} // namespace
