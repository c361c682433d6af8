// SPDX-License-Identifier: GPL-2.0-only
// Runs every scenario that is shipped, and one of them with every authentication method.
#include "ns3/ipsec-scenario-reader.h"
#include "ns3/ipsec-scenario-runner.h"

#include <algorithm>
#include <filesystem>
#include <gtest/gtest.h>

namespace
{

using namespace ns3::ipsec;

std::string
PathOf(const std::string& name)
{
    return std::string(IPSEC_SCENARIOS) + "/" + name + ".ini";
}

RunRecord
RunShipped(const std::string& name, const std::vector<std::string>& overrides = {})
{
    return RunScenario(ReadScenario(PathOf(name), overrides));
}

/// Writes the expectations that did not come true, one a line.
std::string
Missed(const RunRecord& record)
{
    std::string missed;
    for (const ExpectationOutcome& outcome : record.expectations)
    {
        missed += outcome.pass ? "" : outcome.text + ": " + outcome.seen + "\n";
    }
    return missed;
}

/// All scenarios but the one that needs a TAP device and a real peer.
const char* const SHIPPED[] = {"branches",
                               "carrier-nat",
                               "certificates",
                               "commuters",
                               "crossing-rekeys",
                               "dialup",
                               "dpd-overload",
                               "dsa",
                               "failover-flood",
                               "gre-over-ipsec",
                               "handshake-flood",
                               "home-office",
                               "hub-and-spokes",
                               "hub-reboot",
                               "initial-contact-shared-nat",
                               "l2tp-over-ipsec",
                               "linked-lifetimes",
                               "lost-third-message",
                               "main-vs-aggressive",
                               "manual-vs-ike",
                               "mode-config",
                               "nat-reboot",
                               "one-sided-crash",
                               "pfs",
                               "policies",
                               "pool-churn",
                               "protocols",
                               "rekey-storm",
                               "route-based",
                               "rsa-encryption",
                               "set-basic",
                               "set-compatible",
                               "set-standard",
                               "site-to-site",
                               "site-to-site-junos",
                               "xauth"};

std::string
TestName(const std::string& scenario)
{
    std::string name = scenario;
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
}

class ShippedScenario : public testing::TestWithParam<const char*>
{
};

TEST_P(ShippedScenario, DoesWhatItExpects)
{
    const RunRecord record = RunShipped(GetParam());
    EXPECT_TRUE(record.Passed()) << Missed(record);
    EXPECT_FALSE(record.expectations.empty());
}

TEST_P(ShippedScenario, DoesSoWithOtherRandomNumbers)
{
    EXPECT_EQ(Missed(RunShipped(GetParam(), {"simulation.run=2"})), "");
}

INSTANTIATE_TEST_SUITE_P(All,
                         ShippedScenario,
                         testing::ValuesIn(SHIPPED),
                         [](const testing::TestParamInfo<const char*>& info)
                         { return TestName(info.param); });

TEST(ShippedScenarios, AreAllRunHereButTheOneWithARealPeer)
{
    std::vector<std::string> there;
    for (const auto& entry : std::filesystem::directory_iterator(IPSEC_SCENARIOS))
    {
        if (entry.path().stem() != "real-peer")
        {
            there.push_back(entry.path().stem().string());
        }
    }
    std::sort(there.begin(), there.end());
    EXPECT_EQ(there, std::vector<std::string>(std::begin(SHIPPED), std::end(SHIPPED)));
}

/// What a comment of a scenario says of a key: with it, this comes true instead.
struct Variant
{
    const char* scenario;
    std::vector<std::string> overrides;
};

class ScenarioVariant : public testing::TestWithParam<Variant>
{
};

TEST_P(ScenarioVariant, MakesTheDifferenceThatTheCommentSays)
{
    EXPECT_EQ(Missed(RunShipped(GetParam().scenario, GetParam().overrides)), "");
}

const Variant VARIANTS[] = {
    // Fuzz turns the needles into a lawn.
    {"rekey-storm",
     {"branches.shop.personality=fuzzy",
      "gateway.hub.personality=fuzzy",
      "expect.storm.that=quick-modes of hub at 97s <= 20",
      "expect.calm-between.that=peak of quick-modes of hub <= 100"}},
    {"hub-reboot",
     {"gateway.hub.cpu=hub-appliance",
      "expect.queue.that=peak of cpu-queue of hub <= 5",
      "expect.busy.that=peak of cpu of hub <= 20",
      "expect.late.that=longest outage of shop >= 15s"}},
    {"crossing-rekeys",
     {"branches.shop.personality=rfc",
      "gateway.hub.personality=rfc",
      "expect.crossed.that=messages quick <= 420",
      "expect.redundant.that=peak of ipsec-sa-pairs of hub <= 45"}},
    {"dpd-overload",
     {"cpu.small.queue=ike-first",
      "expect.torn-down.that=tunnels-up of hub at 80s = 60",
      "expect.wasted.that=longest outage of shop = 0s",
      "expect.again.that=messages main = 360"}},
    {"lost-third-message",
     {"event.third.share=0%",
      "expect.one-way.that=longest one-way of shop <= 100ms",
      "expect.many.that=peak of one-way of hub <= 2",
      "expect.repeated.that=retransmissions = 0"}},
    {"failover-flood",
     {"branches.cluster.personality=careful",
      "expect.dropped.that=drops TooManyExchanges = 0",
      "expect.refused-at-start.that=retransmissions = 0",
      "expect.broken.that=all tunnels of cluster up within 15s after failover",
      "expect.given-up.that=tunnels-up of hub at 100s = 120",
      "expect.outage.that=longest outage of cluster <= 15s"}},
    {"one-sided-crash",
     {"branches.shop.branch.dpd=always",
      "expect.black-hole.that=one-way of hub at 54s = 0",
      "expect.silence.that=longest outage of shop <= 15s",
      "expect.refused.that=drops NoSuchSa <= 200",
      "expect.back.that=all tunnels of shop up within 15s after crash",
      "expect.loss.that=lost packets of shop <= 10%"}},
    {"commuters",
     {"clients.commuter.longest-back-off=2min",
      "clients.commuter.back-off=1min",
      "expect.back.that=clients-connected of commuter at 240s <= 10",
      "expect.attempts.that=connect-failures commuter = 0",
      "expect.gap.that=longest gap of commuter >= 30s"}},
    {"dialup",
     {"tunnel.alice.mode=main",
      "client.alice.kind=dial-up",
      "tunnel.alice.auth=rsa",
      "expect.mode.that=ike-mode alice = main",
      "expect.named.that=eavesdropper alice learns nothing"}},
    {"home-office",
     {"personality.client.nat-keepalive=60s",
      "expect.call.that=call answered = 0",
      "expect.kept-alive.that=keepalives laptop >= 3",
      "expect.no-loss.that=nat home drops NoMapping >= 10"}},
    {"initial-contact-shared-nat",
     {"personality.careless.contact-scope=identity",
      "expect.innocents.that=tunnels-up of hub at 40s = 5",
      "expect.black-holes.that=one-way of hub at 40s = 0",
      "expect.ben.that=of-ben answered = 10",
      "expect.eva.that=of-eva answered = 10"}},
    {"nat-reboot",
     {"personality.keeps.nat-keepalive=60s",
      "expect.keepalive.that=longest silence of to-keepalive >= 58s"}},
    {"pool-churn",
     {"clients.early.hub.dpd=periodic",
      "clients.early.hub.dpd-delay=5s",
      "expect.refused.that=ike-sas hub ended with PoolExhausted = 0",
      "expect.nobody-new.that=tunnels-up of hub at 90s = 10",
      "expect.late.that=all tunnels of late up by 85s"}},
    {"handshake-flood",
     {"flood.zombies.kind=main",
      "branches.shop.mode=main",
      "expect.overload.that=mean of cpu of hub <= 10",
      "expect.success.that=tunnels-up of hub at 40s >= 18",
      "expect.amplifier.that=amplification of zombies <= 1"}},
};

INSTANTIATE_TEST_SUITE_P(All,
                         ScenarioVariant,
                         testing::ValuesIn(VARIANTS),
                         [](const testing::TestParamInfo<Variant>& info)
                         { return TestName(info.param.scenario); });

/// A method and a mode.
using Method = std::tuple<const char*, const char*>;

class AuthenticationSwitch : public testing::TestWithParam<Method>
{
  protected:
    /// Runs a scenario with nothing changed but method and mode, and returns its IKE SA.
    static IkeSaInfo
    Switched(const std::string& scenario, const std::string& tunnel)
    {
        const auto [method, mode] = GetParam();
        const RunRecord record = RunShipped(scenario,
                                            {"tunnel." + tunnel + ".auth=" + method,
                                             "tunnel." + tunnel + ".mode=" + mode,
                                             "expect.up.that=tunnel " + tunnel + " up",
                                             "expect.six.that=ping answered = 5"});
        EXPECT_EQ(Missed(record), "");
        EXPECT_FALSE(record.nodes[0].ikeSas.empty());
        return record.nodes[0].ikeSas.empty() ? IkeSaInfo{} : record.nodes[0].ikeSas[0].info;
    }
};

// Covers P1-04, P1-06, P1-07.
TEST_P(AuthenticationSwitch, NeedsTheKeyAuthAlone)
{
    const auto [method, mode] = GetParam();
    for (const auto& [scenario, tunnel] :
         {std::pair("certificates", "office"), std::pair("dsa", "office")})
    {
        const IkeSaInfo info = Switched(scenario, tunnel);
        EXPECT_EQ(info.proposal.ToString().rfind(std::string(method) + "-", 0), 0u)
            << info.proposal.ToString();
        EXPECT_EQ(info.mode == Phase1Mode::Aggressive, std::string(mode) == "aggressive");
    }
}

INSTANTIATE_TEST_SUITE_P(Methods,
                         AuthenticationSwitch,
                         testing::Combine(testing::Values("pre",
                                                          "rsa",
                                                          "dsa",
                                                          "ecdsa256",
                                                          "ecdsa384",
                                                          "ecdsa521",
                                                          "rsaenc",
                                                          "rsarev",
                                                          "hybrid"),
                                          testing::Values("main", "aggressive")),
                         [](const testing::TestParamInfo<Method>& info) {
                             return std::string(std::get<0>(info.param)) + "_" +
                                    std::get<1>(info.param);
                         });

} // namespace
