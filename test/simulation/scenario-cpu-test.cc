// SPDX-License-Identifier: GPL-2.0-only
// Gateways whose cryptography takes time.
#include "scenario-refusal.h"
#include "two-sites.h"

#include "ns3/ipsec-conversions.h"
#include "ns3/ipsec-cpu-calibration.h"
#include "ns3/ipsec-report-json.h"
#include "ns3/ipsec-scenario-cpu.h"
#include "ns3/ipsec-scenario-reader.h"
#include "ns3/ipsec-scenario-runner.h"
#include "ns3/simulator.h"

#include <cstdio>
#include <fstream>
#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

const char BASE[] = "[simulation]\nstop = 30s\n"
                    "[gateway a]\naddress = 1.1.1.1\nlan = 10.1.0.0/24\n"
                    "[gateway b]\naddress = 2.2.2.2\nlan = 10.2.0.0/24\n"
                    "[tunnel ab]\nbetween = a, b\npre-shared-key = k\nstart = auto\n"
                    "phase1-proposals = pre-g2-aes128-sha\nphase2-proposals = "
                    "nopfs-esp-aes128-sha\n"
                    "[traffic ping]\nfrom = pc-a\nto = pc-b\ncount = 5\n";

RunRecord
RunWith(const std::string& more, const std::vector<std::string>& overrides = {})
{
    return RunScenario(ReadScenarioText(BASE + more, "x.ini", overrides));
}

Instant
UpAt(const RunRecord& record, const char* gateway)
{
    return record.FindNode(gateway)->ikeSas.at(0).info.establishedAt;
}

std::string
Refusal(const std::string& more, const std::vector<std::string>& overrides = {})
{
    return ScenarioRefusal(BASE + more, overrides);
}

/// The results without what differs from run to run, and without the processor.
std::string
Comparable(RunRecord record)
{
    record.wallSeconds = 0;
    return ReportJson(record);
}

} // namespace

TEST(ScenarioCpu, FreeChangesNothing)
{
    EXPECT_EQ(Comparable(RunWith("")),
              Comparable(RunWith("[cpu none]\nprofile = free\n", {"gateway.b.cpu=none"})));
}

// The hub has one key pair and one shared secret to compute before it knows the initiator.
TEST(ScenarioCpu, ASlowHubDelaysMainModeByTheSumOfItsCosts)
{
    const std::string slow = "[cpu slow]\nper-input = 3ms\ndh-keygen = g2 100ms\n"
                             "dh-derive = g2 200ms\n";
    const RunRecord fast = RunWith("");
    const RunRecord record = RunWith(slow, {"gateway.b.cpu=slow"});
    // MM1 and MM3 cost before their answers leave, MM5 before the hub is done: it is judged when
    // the core is free, and known as established then.
    const Duration delay = UpAt(record, "a") - UpAt(fast, "a");
    EXPECT_EQ(delay, std::chrono::milliseconds(3 * 3 + 100 + 200));
    const CpuRecord& cpu = *record.FindNode("b")->cpu;
    EXPECT_EQ(cpu.done.Amount({WorkKind::DhKeygen, 2}), 1u);
    EXPECT_FALSE(record.FindNode("a")->cpu.has_value());
}

TEST(ScenarioCpu, PacketsTakeTimeBothWays)
{
    const std::string slow = "[cpu slow]\nper-packet = 5ms\n";
    const RunRecord fast = RunWith("");
    const RunRecord record = RunWith(slow, {"gateway.a.cpu=slow"});
    EXPECT_EQ(*record.traffic[0].MinimumRoundTrip() - *fast.traffic[0].MinimumRoundTrip(),
              std::chrono::milliseconds(10));
    EXPECT_EQ(record.traffic[0].received, 5u);
}

// F37. A message that waits past its sender's retransmission is there twice: the second copy is a
// duplicate like any other, and the hub does the work once.
TEST(ScenarioCpu, WhatWaitsPastARetransmissionIsADuplicate)
{
    const std::string slow = "[cpu slow]\nper-input = 1ms\ndh-keygen = g2 15s\n";
    const RunRecord record = RunWith(slow, {"gateway.b.cpu=slow"});
    EXPECT_GT(record.RetransmissionCount(), 0u);
    const CpuRecord& cpu = *record.FindNode("b")->cpu;
    EXPECT_EQ(cpu.done.Amount({WorkKind::DhKeygen, 2}), 1u);
    EXPECT_EQ(record.FindNode("b")->ikeSas.size(), 1u);
    EXPECT_GT(cpu.longestQueue, 0u);
}

TEST(ScenarioCpu, AFullQueueLosesMessagesAndSaysSo)
{
    const std::string slow = "[cpu slow]\nper-packet = 900ms\nqueue-limit = 1\n";
    const RunRecord record = RunWith(
        slow, {"gateway.b.cpu=slow", "traffic.ping.interval=100ms", "traffic.ping.count=20"});
    const NodeRecord& hub = *record.FindNode("b");
    EXPECT_GT(hub.cpu->drops, 5u);
    EXPECT_EQ(hub.dropCounts.at(Fault::CpuOverload), hub.cpu->drops);
    EXPECT_GT(record.traffic[0].received, 0u);
}

TEST(ScenarioCpu, ProfilesAreDeterministicAndWork)
{
    for (const char* profile : {"branch-router", "hub-appliance"})
    {
        const std::vector<std::string> both{std::string("gateway.a.cpu=") + profile,
                                            std::string("gateway.b.cpu=") + profile};
        const RunRecord record = RunWith("", both);
        EXPECT_EQ(Comparable(record), Comparable(RunWith("", both))) << profile;
        EXPECT_TRUE(record.Passed()) << profile;
        EXPECT_GT(record.FindNode("b")->cpu->busy, Duration::zero()) << profile;
    }
}

TEST(ScenarioCpu, ManyCoresKeepPacketsInOrder)
{
    const std::string uneven = "[cpu many]\ncores = 8\ncipher = aes128 0ns 100kbps\n";
    const RunRecord record =
        RunWith(uneven + "[traffic big]\nfrom = pc-a\nto = pc-b\nkind = udp\nsize = 1000B\n"
                         "count = 50\ninterval = 3ms\n[traffic small]\nfrom = pc-a\nto = pc-b\n"
                         "kind = udp\nsize = 20B\ncount = 50\ninterval = 3ms\n",
                {"gateway.a.cpu=many", "gateway.b.cpu=many"});
    EXPECT_EQ(record.FindNode("b")->dropCounts.count(Fault::Replayed), 0u);
    EXPECT_EQ(record.traffic[1].received, 50u);
    EXPECT_EQ(record.traffic[2].received, 50u);
}

TEST(ScenarioCpu, ACrashForgetsPendingJobs)
{
    const std::string slow = "[cpu slow]\ndh-keygen = g2 5s\n"
                             "[event boom]\nat = 1s\nkind = crash\ntarget = b\nfor = 1s\n";
    const RunRecord record = RunWith(slow, {"gateway.b.cpu=slow"});
    // The answer that was being computed when it happened never left.
    ASSERT_FALSE(record.messages.empty());
    const Cookie first = record.messages.front().summary.initiatorCookie;
    size_t answers = 0;
    for (const MessageRecord& message : record.messages)
    {
        if (message.from == "b" && message.summary.initiatorCookie == first &&
            message.summary.exchange == ExchangeType::MainMode)
        {
            answers++;
            EXPECT_LT(message.At(), Instant(std::chrono::seconds(1)));
        }
    }
    EXPECT_EQ(answers, 1u);
}

TEST(ScenarioCpu, AnOrderlyStopStillSendsItsDeletes)
{
    const RunRecord record = RunWith("[event off]\nat = 10s\nkind = stop\ntarget = b\n",
                                     {"gateway.b.cpu=branch-router"});
    ASSERT_EQ(record.FindNode("a")->ikeSas.size(), 1u);
    EXPECT_TRUE(record.FindNode("a")->ikeSas[0].endedAt.has_value());
}

TEST(ScenarioCpuMistakes, GiveOneLine)
{
    EXPECT_EQ(Refusal("", {"gateway.a.cpu=cray"}),
              "command line: gateway.a.cpu: there is no processor 'cray'; allowed: free, "
              "branch-router, hub-appliance, this-machine");
    EXPECT_EQ(Refusal("", {"gateway.a.cpu=this-machine"}),
              "command line: gateway.a.cpu: needs what ipsec-lab --calibrate FILE measures on this "
              "machine; write machine-costs = FILE in [simulation]");
    EXPECT_EQ(Refusal("[cpu free]\ncores = 2\n"),
              "x.ini:19: cpu.free: is the name of a profile; allowed: a name of its own");
    EXPECT_EQ(Refusal("[cpu x]\ndh-keygen = g3 5ms\n"),
              "x.ini:20: cpu.x.dh-keygen: 'g3' is not known; allowed: g1, g2, g5, g14, g15, g16, "
              "g17, g18, g19, g20, g21");
    EXPECT_EQ(Refusal("[cpu x]\ncipher = aes128 5ms\n"),
              "x.ini:20: cpu.x.cipher: 'aes128 5ms' is no cost; allowed: NAME TIME RATE, such as "
              "aes128 3us 60Mbps");
}

TEST(CpuSection, ReadsBackWhatItWrites)
{
    const CpuProfile written = FindCpuProfile("branch-router");
    const Scenario scenario =
        ReadScenarioText(BASE + CpuSectionText("mine", written), "x.ini", {"gateway.a.cpu=mine"});
    const CpuProfile& read = scenario.FindGateway("a")->cpuProfile;
    EXPECT_EQ(CpuSectionText("mine", read), CpuSectionText("mine", written));
    EXPECT_FALSE(read.isFree);
    EXPECT_EQ(read.costs.Rows().size(), written.costs.Rows().size());
}

// Every operation is really done: none is free but the cipher that does nothing.
TEST(Calibration, MeasuresEveryOperationAndIsReadAsThisMachine)
{
    const CpuProfile measured = MeasureThisMachine(std::chrono::microseconds(300));
    for (const WorkKey key : AllOperations())
    {
        const OperationCost cost = measured.costs.Find(key);
        const bool isNothing = key.ToString() == "CipherOctets/null";
        EXPECT_EQ(cost.time + Duration(cost.rate > 0 ? 1 : 0) > Duration::zero(), !isNothing)
            << key.ToString();
    }
    const std::string path = ::testing::TempDir() + "ipsec-this-machine.ini";
    std::ofstream(path) << CpuSectionText(THIS_MACHINE, measured);
    const Scenario scenario = ReadScenarioText(
        BASE, "x.ini", {"gateway.a.cpu=this-machine", "simulation.machine-costs=" + path});
    EXPECT_EQ(CpuSectionText(THIS_MACHINE, scenario.FindGateway("a")->cpuProfile),
              CpuSectionText(THIS_MACHINE, measured));
    std::remove(path.c_str());
}

} // namespace ipsec
} // namespace ns3
