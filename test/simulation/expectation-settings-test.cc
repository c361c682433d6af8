// SPDX-License-Identifier: GPL-2.0-only
// Expectations about what a scenario says: tasks for students keep with them what is to stay.
#include "scenario-refusal.h"

#include "ns3/ipsec-expectation.h"
#include "ns3/ipsec-scenario-reader.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{
namespace
{

/// A scenario whose only expectation is still missing.
const std::string BASE = "[gateway a]\naddress = 1.1.1.1\nlan = 10.1.0.0/24\n"
                         "cpu = branch-router\n"
                         "[gateway b]\naddress = 2.2.2.2\nlan = 10.2.0.0/24\n"
                         "[tunnel ab]\nbetween = a, b\npre-shared-key = k\n"
                         "phase1-proposals = pre-g14-aes128-sha256,  pre-g5-3des-sha\n"
                         "b.request-certificate = false\n"
                         "[event crash]\nkind = crash\ntarget = a\nat = 5s\n"
                         "[expect same]\nhint = it is as it is\nthat = ";

ExpectationOutcome
Evaluate(const std::string& sentence, const std::vector<std::string>& overrides = {})
{
    const Scenario scenario = ReadScenarioText(BASE + sentence + "\n", "x.ini", overrides);
    return EvaluateExpectations(scenario.expectations, RunRecord()).at(0);
}

TEST(SettingExpectations, ReadTheFileTheCommandLineAndTheDefaults)
{
    EXPECT_TRUE(Evaluate("setting gateway.a.cpu = branch-router").pass);
    EXPECT_TRUE(Evaluate("setting event.crash.at = 5s").pass);
    EXPECT_TRUE(Evaluate("setting internet.delay = 20ms").pass);
    EXPECT_TRUE(Evaluate("setting gateway.a.pin = not set").pass);
    const ExpectationOutcome changed =
        Evaluate("setting gateway.a.cpu = branch-router", {"gateway.a.cpu=free"});
    EXPECT_FALSE(changed.pass);
    EXPECT_EQ(changed.seen, "it is free");
    EXPECT_EQ(changed.hint, "it is as it is");
    EXPECT_FALSE(Evaluate("setting internet.delay = 20ms", {"internet.delay=1ms"}).pass);
    EXPECT_FALSE(Evaluate("setting gateway.a.pin = not set", {"gateway.a.pin=b"}).pass);
}

TEST(SettingExpectations, AnEndHasWhatBothHaveUnlessItHasItsOwn)
{
    EXPECT_TRUE(Evaluate("setting tunnel.ab.a.request-certificate = true").pass);
    EXPECT_TRUE(Evaluate("setting tunnel.ab.b.request-certificate = false").pass);
    const std::vector<std::string> both{"tunnel.ab.request-certificate=false"};
    EXPECT_TRUE(Evaluate("setting tunnel.ab.a.request-certificate = false", both).pass);
    const std::vector<std::string> own{"tunnel.ab.b.request-certificate=true"};
    EXPECT_FALSE(Evaluate("setting tunnel.ab.b.request-certificate = false", own).pass);
}

TEST(SettingExpectations, CompareWordByWord)
{
    EXPECT_TRUE(Evaluate("setting tunnel.ab.phase1-proposals = pre-g14-aes128-sha256, "
                         "pre-g5-3des-sha")
                    .pass);
    EXPECT_FALSE(Evaluate("setting tunnel.ab.phase1-proposals = pre-g14-aes128-sha256").pass);
}

TEST(SettingExpectations, ATrafficMayHaveTheirName)
{
    const Expectation one = ParseExpectation("setting answered = 5");
    EXPECT_EQ(one.kind, ExpectationKind::Answered);
    EXPECT_EQ(one.subject, "setting");
}

TEST(SettingExpectations, UnknownKeysAreRefused)
{
    EXPECT_EQ(ScenarioRefusal(BASE + "setting event.crash.att = 5s\n")
                  .rfind("x.ini:19: expect.same.that: 'setting event.crash.att = 5s' speaks of key "
                         "'event.crash.att', which is not there; allowed: event.crash.address, ",
                         0),
              0u)
        << ScenarioRefusal(BASE + "setting event.crash.att = 5s\n");
    EXPECT_NE(ScenarioRefusal(BASE + "setting gateway.c.cpu = free\n")
                  .find("allowed: a key of a section that is there, such as"),
              std::string::npos);
    EXPECT_NE(
        ScenarioRefusal(BASE + "setting internet.delay is 20ms\n").find("is not an expectation"),
        std::string::npos);
}

} // namespace
} // namespace ipsec
} // namespace ns3
