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
const char* const SHIPPED[] = {"certificates",       "dsa",
                               "gre-over-ipsec",     "hub-and-spokes",
                               "l2tp-over-ipsec",    "linked-lifetimes",
                               "main-vs-aggressive", "manual-vs-ike",
                               "mode-config",        "pfs",
                               "policies",           "protocols",
                               "route-based",        "rsa-encryption",
                               "set-basic",          "set-compatible",
                               "set-standard",       "site-to-site",
                               "site-to-site-junos", "xauth"};

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
