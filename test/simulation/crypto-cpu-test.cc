// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/ipsec-crypto-cpu.h"
#include "ns3/simulator.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr int64_t MS = 1000000;

/// A processor whose group 2 costs 10 ms and group 1 costs 1 ms, and what its jobs did.
class Bench
{
  public:
    explicit Bench(uint32_t cores = 1, CpuQueue queue = CpuQueue::Fifo, uint32_t limit = 100)
        : cpu(CreateObject<CryptoCpu>())
    {
        CpuProfile profile;
        profile.isFree = false;
        profile.cores = cores;
        profile.queue = queue;
        profile.queueLimit = limit;
        profile.costs.Set({WorkKind::DhDerive, 2}, {Duration(10 * MS), 0});
        profile.costs.Set({WorkKind::DhDerive, 1}, {Duration(1 * MS), 0});
        cpu->SetProfile(profile);
    }

    ~Bench()
    {
        Simulator::Destroy();
    }

    Bench(const Bench&) = delete;
    Bench& operator=(const Bench&) = delete;

    /// Submits a job of one operation in a group; false if it was refused.
    bool
    Submit(const std::string& name,
           uint16_t group,
           CpuLane lane = CpuLane::Ike,
           CpuAdmission admission = CpuAdmission::MayDrop)
    {
        return cpu->Submit(lane, admission, Job(name, group));
    }

    CryptoCpu::Job
    Job(const std::string& name, uint16_t group)
    {
        return [this, name, group]()
        {
            begun.push_back(name);
            CpuOutcome outcome;
            outcome.work.Add(WorkKind::DhDerive, group);
            outcome.effects = [this, name]() {
                done.push_back(name + "@" +
                               std::to_string(Simulator::Now().GetMicroSeconds() / 1000));
            };
            return outcome;
        };
    }

    void
    Run()
    {
        Simulator::Run();
    }

    Ptr<CryptoCpu> cpu;
    std::vector<std::string> begun;
    /// "NAME@MILLISECONDS" of each effect.
    std::vector<std::string> done;
};

using Names = std::vector<std::string>;

} // namespace

TEST(CryptoCpu, EffectsHappenWhenTheCostIsOver)
{
    Bench bench;
    bench.Submit("a", 2);
    EXPECT_EQ(bench.begun, Names{"a"});
    EXPECT_TRUE(bench.done.empty());
    bench.Run();
    EXPECT_EQ(bench.done, Names{"a@10"});
}

TEST(CryptoCpu, OneCoreTakesOneJobAfterTheOther)
{
    Bench bench;
    bench.Submit("a", 2);
    bench.Submit("b", 1);
    EXPECT_EQ(bench.begun, Names{"a"});
    EXPECT_EQ(bench.cpu->QueueLength(), 1u);
    bench.Run();
    EXPECT_EQ(bench.done, (Names{"a@10", "b@11"}));
    EXPECT_EQ(bench.cpu->QueueLength(), 0u);
    EXPECT_EQ(bench.cpu->LongestQueue(), 1u);
}

TEST(CryptoCpu, TwoCoresKeepTheOrderOfOneLane)
{
    Bench bench(2);
    bench.Submit("long", 2);
    bench.Submit("short", 1);
    bench.Submit("later", 1);
    bench.Run();
    // The second core did both short ones meanwhile.
    EXPECT_EQ(bench.done, (Names{"long@10", "short@10", "later@10"}));
}

TEST(CryptoCpu, LanesOfPacketsDoNotWaitForEachOther)
{
    Bench bench(2);
    bench.Submit("out", 2, CpuLane::Outbound);
    bench.Submit("in", 1, CpuLane::Inbound);
    bench.Run();
    EXPECT_EQ(bench.done, (Names{"in@1", "out@10"}));
}

TEST(CryptoCpu, IkeWaitsForPacketsThatBeganBefore)
{
    Bench bench(2);
    bench.Submit("packet", 2, CpuLane::Outbound);
    bench.Submit("delete", 1, CpuLane::Ike);
    bench.Run();
    EXPECT_EQ(bench.done, (Names{"packet@10", "delete@10"}));
}

TEST(CryptoCpu, PacketsDoNotWaitForIke)
{
    Bench bench(2);
    bench.Submit("ike", 2, CpuLane::Ike);
    bench.Submit("packet", 1, CpuLane::Outbound);
    bench.Run();
    EXPECT_EQ(bench.done, (Names{"packet@1", "ike@10"}));
}

TEST(CryptoCpu, FifoTakesWhatCameFirst)
{
    Bench bench;
    bench.Submit("busy", 1);
    bench.Submit("packet", 1, CpuLane::Inbound);
    bench.Submit("ike", 1, CpuLane::Ike);
    bench.Run();
    EXPECT_EQ(bench.begun, (Names{"busy", "packet", "ike"}));
}

TEST(CryptoCpu, IkeFirstTakesIkeBeforePackets)
{
    Bench bench(1, CpuQueue::IkeFirst);
    bench.Submit("busy", 1);
    bench.Submit("packet", 1, CpuLane::Inbound);
    bench.Submit("ike", 1, CpuLane::Ike);
    bench.Run();
    EXPECT_EQ(bench.begun, (Names{"busy", "ike", "packet"}));
}

TEST(CryptoCpu, EspFirstTakesPacketsBeforeIke)
{
    Bench bench(1, CpuQueue::EspFirst);
    bench.Submit("busy", 1);
    bench.Submit("ike", 1, CpuLane::Ike);
    bench.Submit("out", 1, CpuLane::Outbound);
    bench.Submit("in", 1, CpuLane::Inbound);
    bench.Run();
    EXPECT_EQ(bench.begun, (Names{"busy", "out", "in", "ike"}));
}

TEST(CryptoCpu, TheLimitRefusesJobsButNeverTimers)
{
    Bench bench(1, CpuQueue::Fifo, 1);
    EXPECT_TRUE(bench.Submit("busy", 1));
    EXPECT_TRUE(bench.Submit("waits", 1));
    EXPECT_FALSE(bench.Submit("refused", 1));
    EXPECT_TRUE(bench.Submit("timer", 1, CpuLane::Ike, CpuAdmission::Always));
    EXPECT_EQ(bench.cpu->Drops(CpuLane::Ike), 1u);
    bench.Run();
    EXPECT_EQ(bench.begun, (Names{"busy", "waits", "timer"}));
}

TEST(CryptoCpu, AQueueOfNothingStillUsesAFreeCore)
{
    Bench bench(1, CpuQueue::Fifo, 0);
    EXPECT_TRUE(bench.Submit("busy", 1));
    EXPECT_FALSE(bench.Submit("refused", 1));
}

TEST(CryptoCpu, WhatIsSubmittedFirstComesBeforeItsLane)
{
    Bench bench;
    bench.Submit("busy", 1);
    bench.Submit("packet", 1, CpuLane::Outbound);
    bench.cpu->SubmitFirst(CpuLane::Outbound, bench.Job("staged", 1));
    bench.Run();
    EXPECT_EQ(bench.begun, (Names{"busy", "staged", "packet"}));
}

TEST(CryptoCpu, ResetForgetsWhatRunsAndWhatWaits)
{
    Bench bench;
    bench.Submit("a", 2);
    bench.Submit("b", 1);
    Simulator::Schedule(MilliSeconds(4), &CryptoCpu::Reset, bench.cpu);
    bench.Run();
    EXPECT_TRUE(bench.done.empty());
    EXPECT_EQ(bench.cpu->BusyTime(), MilliSeconds(4));
    // The end that was cancelled, at 10 ms, still moved the clock.
    bench.Submit("c", 1);
    bench.Run();
    EXPECT_EQ(bench.done, Names{"c@11"});
}

TEST(CryptoCpu, EffectsMayResetIt)
{
    Bench bench;
    bench.cpu->Submit(CpuLane::Ike,
                      CpuAdmission::Always,
                      [&]() {
                          return CpuOutcome{{}, [&]() { bench.cpu->Reset(); }};
                      });
    bench.Submit("lost", 1);
    bench.Run();
    EXPECT_TRUE(bench.done.empty());
}

TEST(CryptoCpu, CountsBusyTimeWhileItRuns)
{
    Bench bench(2);
    bench.Submit("a", 2);
    bench.Submit("b", 1);
    Time busy;
    double utilisation = 0;
    Simulator::Schedule(MilliSeconds(5),
                        [&]()
                        {
                            busy = bench.cpu->BusyTime();
                            utilisation = bench.cpu->Utilisation(Time(0), Time(0));
                        });
    bench.Run();
    EXPECT_EQ(busy, MilliSeconds(6));
    // Six of ten milliseconds of two cores.
    EXPECT_DOUBLE_EQ(utilisation, 0.6);
    EXPECT_EQ(bench.cpu->BusyTime(), MilliSeconds(11));
    EXPECT_EQ(bench.cpu->Jobs(CpuLane::Ike), 2u);
    EXPECT_EQ(bench.cpu->Done().Amount({WorkKind::DhDerive, 2}), 1u);
}

TEST(CryptoCpu, TellsTheUtilisationOfPeriodsWithWork)
{
    Bench bench;
    bench.cpu->SetAttribute("UtilisationPeriod", TimeValue(MilliSeconds(20)));
    std::vector<double> parts;
    bench.cpu->TraceConnectWithoutContext(
        "Utilisation",
        Callback<void, Time, Time, double>([&](Time, Time, double part)
                                           { parts.push_back(part); }));
    bench.Submit("a", 2);
    Simulator::Schedule(MilliSeconds(100), [&]() { bench.Submit("b", 1); });
    bench.Run();
    ASSERT_EQ(parts.size(), 2u);
    EXPECT_DOUBLE_EQ(parts[0], 0.5);
    EXPECT_DOUBLE_EQ(parts[1], 0.05);
}

TEST(CpuCosts, OfOctetsAreATimeAndARate)
{
    CpuCosts costs;
    const WorkKey aes{WorkKind::CipherOctets, static_cast<uint16_t>(CipherId::Aes128)};
    costs.Set(aes, {Duration(3000), 8000000});
    Work work;
    work.Add(aes.kind, aes.parameter, 1000);
    // 3 us, and 1000 octets at one octet in a microsecond.
    EXPECT_EQ(costs.CostOf(work), std::chrono::microseconds(1003));
}

TEST(CpuCosts, ScaleWithTheLengthOfKeys)
{
    CpuCosts costs;
    costs.Set({WorkKind::RsaSign, 1024}, {Duration(1000), 0});
    costs.Set({WorkKind::RsaVerify, 1024}, {Duration(1000), 0});
    EXPECT_EQ(costs.Find({WorkKind::RsaSign, 2048}).time, Duration(8000));
    EXPECT_EQ(costs.Find({WorkKind::RsaSign, 512}).time, Duration(125));
    EXPECT_EQ(costs.Find({WorkKind::RsaVerify, 2048}).time, Duration(4000));
    EXPECT_EQ(costs.Find({WorkKind::DsaSign, 1024}).time, Duration(0));
}

TEST(CpuProfiles, HaveARowForEveryOperation)
{
    for (const std::string& name : CpuProfileNames())
    {
        const CpuProfile profile = FindCpuProfile(name);
        EXPECT_EQ(profile.isFree, name == "free");
        for (const WorkKey key : AllOperations())
        {
            EXPECT_EQ(profile.costs.Rows().count(key), profile.isFree ? 0u : 1u)
                << name << " " << key.ToString();
        }
    }
    for (const uint16_t group : {1, 2, 5, 14, 15, 16, 17, 18, 19, 20, 21})
    {
        EXPECT_GT(FindCpuProfile("branch-router").costs.Find({WorkKind::DhDerive, group}).time,
                  FindCpuProfile("hub-appliance").costs.Find({WorkKind::DhDerive, group}).time);
    }
}

TEST(CpuProfiles, RefuseUnknownNamesInOneSentence)
{
    try
    {
        FindCpuProfile("cray");
        FAIL();
    }
    catch (const std::invalid_argument& e)
    {
        EXPECT_STREQ(e.what(),
                     "'cray' is no profile of a processor; allowed: free, branch-router, "
                     "hub-appliance");
    }
}

} // namespace ipsec
} // namespace ns3
