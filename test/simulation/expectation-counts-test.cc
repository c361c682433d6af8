// SPDX-License-Identifier: GPL-2.0-only
// Expectations about warnings, work, what a NAT made, and an attacker who got nothing to read.
#include "thrown-sentence.h"

#include "ns3/ipsec-expectation.h"
#include "ns3/ipsec-scenario-reader.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{
namespace
{

ExpectationOutcome
Evaluate(const std::string& sentence, const RunRecord& record)
{
    return EvaluateExpectations({ParseExpectation(sentence)}, record).at(0);
}

TEST(CountExpectations, WarningsOfATunnelAreCountedAndTheFirstIsShown)
{
    RunRecord record;
    record.tunnels.push_back({"ab", "a", "b", false, false, {"a: group 1", "b: group 1"}});
    record.tunnels.push_back({"cd", "c", "d", false, false, {}});
    EXPECT_TRUE(Evaluate("warnings cd = 0", record).pass);
    const ExpectationOutcome outcome = Evaluate("warnings ab = 0", record);
    EXPECT_FALSE(outcome.pass);
    EXPECT_EQ(outcome.seen, "it is 2: a: group 1");
}

TEST(CountExpectations, WorkIsOfAllSizesAndOfOneGateway)
{
    RunRecord record;
    record.nodes.resize(2);
    record.nodes[0].name = "a";
    record.nodes[1].name = "b";
    record.nodes[0].work.Add(WorkKind::RsaSign, 1024, 2);
    record.nodes[0].work.Add(WorkKind::RsaSign, 2048, 3);
    record.nodes[0].work.Add(WorkKind::RsaVerify, 1024, 7);
    EXPECT_TRUE(Evaluate("work a RsaSign = 5", record).pass);
    EXPECT_TRUE(Evaluate("work a DsaSign = 0", record).pass);
    EXPECT_FALSE(Evaluate("work b RsaSign >= 1", record).pass);
}

TEST(CountExpectations, MappingsMadeAreNotThoseAtOnce)
{
    RunRecord record;
    record.nats.resize(1);
    record.nats[0].name = "home";
    record.nats[0].mostMappings = 2;
    record.nats[0].created = 6;
    EXPECT_TRUE(Evaluate("nat home mappings <= 2", record).pass);
    EXPECT_FALSE(Evaluate("nat home made <= 2", record).pass);
    EXPECT_TRUE(Evaluate("nat home made = 6", record).pass);
}

TEST(CountExpectations, AnAttackerWithoutPacketsProvesNothing)
{
    RunRecord record;
    record.attacks.resize(1);
    record.attacks[0].name = "eve";
    for (const char* sentence : {"attacker eve reads ab", "attacker eve reads nothing of ab"})
    {
        const ExpectationOutcome outcome = Evaluate(sentence, record);
        EXPECT_FALSE(outcome.pass) << sentence;
        EXPECT_EQ(outcome.seen.rfind("no packet of tunnel ab was captured", 0), 0u) << outcome.seen;
    }
}

TEST(CountExpectations, MistakesAreRefusedByName)
{
    EXPECT_NE(ThrownSentence([] { ParseExpectation("work a RsaSing >= 1"); }).find("RsaSign"),
              std::string::npos);
    EXPECT_NE(ThrownSentence([] { ParseExpectation("nat home created = 1"); }).find("made"),
              std::string::npos);
    const std::string file = std::string(IPSEC_SCENARIOS) + "/site-to-site.ini";
    EXPECT_NE(
        ThrownSentence([&] { ReadScenario(file, {"expect.tunnel-up.that=warnings nobody = 0"}); })
            .find("speaks of tunnel 'nobody'"),
        std::string::npos);
    EXPECT_NE(ThrownSentence(
                  [&] { ReadScenario(file, {"expect.tunnel-up.that=work nobody RsaSign = 0"}); })
                  .find("speaks of gateway 'nobody'"),
              std::string::npos);
    EXPECT_NE(
        ThrownSentence([&] { ReadScenario(file, {"expect.tunnel-up.that=nat nobody made = 0"}); })
            .find("speaks of nat 'nobody'"),
        std::string::npos);
}

} // namespace
} // namespace ipsec
} // namespace ns3
