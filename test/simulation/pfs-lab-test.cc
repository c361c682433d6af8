// SPDX-License-Identifier: GPL-2.0-only
// What leaked secrets open of captures, and the lab that shows it.
#include "lab-program-test.h"
#include "thrown-sentence.h"

#include "ns3/ipsec-pfs-lab.h"
#include "ns3/ipsec-scenario-reader.h"
#include "ns3/ipsec-scenario-runner.h"

namespace ns3
{
namespace ipsec
{
namespace
{

/// The lab's scenario, captured.
class PfsRun : public FolderTest
{
  protected:
    void
    Run(const std::vector<std::string>& changes = {})
    {
        const std::string file = std::string(IPSEC_SCENARIOS) + "/../labs/pfs.ini";
        RunOptions options;
        options.pcapFolder = m_folder.string();
        m_record = RunScenario(ReadScenario(file, changes), options);
        m_plain = Observe("plain");
        m_secret = Observe("secret");
    }

    PfsFacts
    Observe(const std::string& tunnel) const
    {
        const std::string first = m_record.FindTunnel(tunnel)->first;
        return ObservePfs(
            m_record, tunnel, ReadIpCapture((m_folder / (first + "-internet.pcap")).string()));
    }

    RunRecord m_record;
    PfsFacts m_plain;
    PfsFacts m_secret;
};

TEST_F(PfsRun, BothSecretsOpenAllWithoutPfsAndNothingWithIt)
{
    Run();
    ASSERT_EQ(m_plain.ikeSas.size(), 2u);
    ASSERT_EQ(m_secret.ikeSas.size(), 2u);
    const Loot plain = Exploit(m_plain.capture, m_plain.Secrets(Leak::Both));
    // 90 pings and their answers.
    EXPECT_EQ(plain.captured, 180u);
    EXPECT_EQ(plain.opened, 180u);
    const Loot secret = Exploit(m_secret.capture, m_secret.Secrets(Leak::Both));
    EXPECT_EQ(secret.captured, 180u);
    EXPECT_EQ(secret.opened, 0u);
    EXPECT_EQ(secret.sas, 2 * m_secret.pairs.size());
}

TEST_F(PfsRun, HalfOfTheSecretsOpensNothing)
{
    Run();
    for (const PfsFacts* facts : {&m_plain, &m_secret})
    {
        const Loot d = Exploit(facts->capture, facts->Secrets(Leak::SkeyidD));
        EXPECT_EQ(d.sas, 0u);
        EXPECT_EQ(d.opened, 0u);
        const Loot e = Exploit(facts->capture, facts->Secrets(Leak::SkeyidE));
        EXPECT_EQ(e.sas, 2 * facts->pairs.size());
        EXPECT_EQ(e.opened, 0u);
    }
}

TEST_F(PfsRun, SecretsOfAnotherTunnelOpenNothing)
{
    Run();
    const Loot loot = Exploit(m_plain.capture, m_secret.Secrets(Leak::Both));
    EXPECT_EQ(loot.sas, 0u);
    EXPECT_EQ(loot.opened, 0u);
    EXPECT_EQ(loot.captured, 180u);
}

TEST_F(PfsRun, EachIkeSaOpensItsOwnPairsAndNoOther)
{
    Run();
    std::array<uint64_t, 2> ofPairs{};
    for (const PfsPair& pair : m_plain.pairs)
    {
        EXPECT_FALSE(pair.hasPfs);
        EXPECT_EQ(pair.opened, pair.packets);
        ofPairs.at(pair.ikeSa) += pair.packets;
    }
    EXPECT_EQ(ofPairs[0] + ofPairs[1], 180u);
    for (const size_t i : {size_t{0}, size_t{1}})
    {
        EXPECT_EQ(Exploit(m_plain.capture, m_plain.Secrets(Leak::Both, i)).opened, ofPairs[i]);
        EXPECT_GT(ofPairs[i], 0u);
    }
    // Pairs outlive the IKE SA that they were made under.
    const auto before = Before(m_plain.capture, m_plain.ikeSas[1].upAt);
    EXPECT_LT(Exploit(before, m_plain.Secrets(Leak::Both, 0)).opened, ofPairs[0]);
}

TEST_F(PfsRun, KeysOfAPairOpenThatPairAlone)
{
    Run();
    for (const PfsFacts* facts : {&m_plain, &m_secret})
    {
        uint64_t sum = 0;
        for (const PfsPair& pair : facts->pairs)
        {
            EXPECT_EQ(pair.openedByKeys, pair.packets);
            sum += pair.packets;
        }
        EXPECT_EQ(sum, 180u);
    }
}

TEST_F(PfsRun, PfsCostsOperationsAndOctetsButNoMessage)
{
    Run();
    const PfsCost& plain = m_plain.cost;
    const PfsCost& secret = m_secret.cost;
    ASSERT_EQ(plain.quickModes, secret.quickModes);
    EXPECT_EQ(plain.quickMessages, 3 * plain.quickModes);
    EXPECT_EQ(secret.quickMessages, plain.quickMessages);
    EXPECT_EQ(secret.phase1Messages, plain.phase1Messages);
    // A key pair and a shared secret at each end; two main modes of the same.
    EXPECT_EQ(plain.dh, 2u * 4);
    EXPECT_EQ(secret.dh, plain.dh + 4 * secret.quickModes);
    // Two public values of 2048 bits with their headers, and not a block more than that in each.
    EXPECT_EQ(secret.keOctets, 2u * (256 + 4) * secret.quickModes);
    EXPECT_EQ(plain.keOctets, 0u);
    const size_t more = (secret.quickOctets - plain.quickOctets) / secret.quickModes;
    EXPECT_GE(more, 2u * (256 + 4));
    EXPECT_LE(more, 2u * (256 + 4 + 16));
    EXPECT_GT(*secret.quickTime, *plain.quickTime);
    EXPECT_GT(*secret.busy, *plain.busy);
}

TEST_F(PfsRun, ShorterIkeSasGiveLessAway)
{
    Run();
    const double standard = MeasureExposure(m_plain, {}).Share();
    Run({"tunnel.plain.phase1-lifetime=20s"});
    const PfsSweepPoint shorter = MeasureExposure(m_plain, std::chrono::seconds(20));
    EXPECT_LT(shorter.Share(), standard / 2);
    EXPECT_GT(shorter.ikeSas, 4u);
    EXPECT_EQ(MeasureExposure(m_secret, {}).worst, 0u);
}

TEST(PfsTunnels, NeedTwoPairsOfGateways)
{
    const std::string file = std::string(IPSEC_SCENARIOS) + "/../labs/pfs.ini";
    EXPECT_EQ(FindPfsTunnels(ReadScenario(file)).secret, "secret");
    EXPECT_NE(ThrownSentence(
                  [&] {
                      FindPfsTunnels(ReadScenario(
                          file, {"tunnel.secret.phase2-proposals=nopfs-esp-aes128-sha"}));
                  })
                  .find("has no tunnel whose phase2-proposals are all with PFS"),
              std::string::npos);
    EXPECT_NE(
        ThrownSentence(
            [&]
            { FindPfsTunnels(ReadScenario(file, {"tunnel.secret.between=plain-a, secret-b"})); })
            .find("share gateway plain-a"),
        std::string::npos);
}

class PfsLabProgram : public LabProgramTest
{
  protected:
    PfsLabProgram()
        : LabProgramTest("pfs")
    {
    }
};

TEST_F(PfsLabProgram, ShowsWhatLeaksOpenAndWritesWhatItShows)
{
    const ProgramRun run = Lab("--lifetimes 20s");
    ASSERT_EQ(run.status, 0) << run.err;
    for (const char* text :
         {"=== quick 1: HASH SA NONCE ID ID",
          "=== quick 1: HASH SA NONCE KE ID ID",
          "plain   SKEYID_d                                               0  0 of 180\n",
          "plain   both, of all IKE SAs                                  14  180 "
          "of 180\n",
          "secret  both, of all IKE SAs                                  14  0 of "
          "180\n",
          "DH operations of both ends, phase 1 included       8            36\n",
          "as secret, with PFS"})
    {
        EXPECT_TRUE(run.Says(text)) << text << "\n" << run.out;
    }
    ExpectFiles({"pairs.csv",
                 "pcap/plain-a-internet.pcap",
                 "plots/opened-over-time.svg",
                 "plots/opened-over-lifetime.svg",
                 "results.json",
                 "wireshark/esp_sa"});
    // No more than all packets open.
    EXPECT_NE(Contents(m_folder / "out/plots/opened-over-lifetime.svg.plt").find("[0:100]"),
              std::string::npos);
}

TEST_F(PfsLabProgram, QuietPrintsNothing)
{
    ASSERT_EQ(Lab("--quiet --lifetimes 20s").status, 0);
    const ProgramRun run = Lab("--quiet --lifetimes none");
    EXPECT_EQ(run.status, 0) << run.err;
    EXPECT_EQ(run.out + run.err, "");
    ExpectFiles({"pairs.csv", "plots/opened-over-time.svg"});
    // Nor is there a picture of an earlier run.
    EXPECT_FALSE(std::filesystem::exists(m_folder / "out/plots/opened-over-lifetime.svg"));
}

TEST_F(PfsLabProgram, HandoutAgreesWithTheProgram)
{
    ExpectHandoutToAgree(12);
}

TEST_F(PfsLabProgram, TasksFailWithHintsUntilTheyAreSolved)
{
    ExpectTasksToBeSolvable(
        {{1,
          "--tunnel.wan.phase2-proposals=g14-esp-aes128-sha256",
          "hint: without PFS all keys follow"},
         {2,
          "--tunnel.wan.centre.phase2-proposals=g14-esp-aes128-sha256",
          "hint: look what the ladder says"},
         {3, "--tunnel.wan.phase2-proposals=g19-esp-aes128-sha256", "hint: each end makes"}});
}

TEST_F(PfsLabProgram, TasksAreMetInTheWayThatTheyTeach)
{
    ExpectTaskToRefuse(2,
                       "--tunnel.wan.branch.phase2-proposals=nopfs-esp-aes128-sha256",
                       "as long as there is no tunnel eve captures nothing");
    const auto withGroup = [](int group)
    { return "--tunnel.wan.phase2-proposals=g" + std::to_string(group) + "-esp-aes128-sha256"; };
    EXPECT_EQ(Task(3, withGroup(20)).status, 0);
    ExpectTaskToRefuse(3, withGroup(1), "see Warnings in the report");
    ExpectTaskToRefuse(3, withGroup(2), "see Warnings in the report");
    ExpectTaskToRefuse(3, withGroup(5), "each end makes a key pair");
    ExpectTaskToRefuse(
        3, "--tunnel.wan.phase2-proposals=nopfs-esp-aes128-sha256", "without PFS quick mode is");
    // Nothing but the tunnel may become faster, though it would do.
    const ProgramRun faster = Task(3, "--gateway.branch.cpu=free --gateway.centre.cpu=free");
    EXPECT_EQ(faster.status, 1);
    EXPECT_TRUE(faster.Says("hint: the routers are as they are")) << faster.out;
    EXPECT_TRUE(faster.Says("5 of 7 expectations")) << faster.out;
    ExpectTaskToRefuse(3, "--gateway.branch.cpu=hub-appliance", "the routers are as they are");
    ExpectTaskToRefuse(3, "--gateway.centre.cpu=hub-appliance", "the centre, too");
    const ProgramRun nearer = Task(3, withGroup(5) + " --internet.delay=10ms");
    EXPECT_EQ(nearer.status, 1);
    EXPECT_TRUE(nearer.Says("hint: the path is as it is")) << nearer.out;
    EXPECT_TRUE(nearer.Says("6 of 7 expectations")) << nearer.out;
    // As long as nothing is captured, nothing is proven, and it says so.
    EXPECT_TRUE(Task(2).Says("no packet of tunnel wan was captured"));
}

TEST_F(PfsLabProgram, FindingsAreThereAsJson)
{
    ExpectFindings(
        "--lifetimes 20s",
        {{"leaks", 8}, {"pairs", 14}, {"beforeAndAfter", 4}, {"costs", 9}, {"lifetimes", 2}});
}

TEST_F(PfsLabProgram, TeachersQuoteWhatItShows)
{
    ExpectHandoutToQuote(Lab(""));
}

TEST_F(PfsLabProgram, BadInputIsOneLine)
{
    ExpectRefusal("--luck", "command line: unrecognised option '--luck'; see --help");
    ExpectRefusal("--lifetimes 20", "command line: --lifetimes: '20' ");
    ExpectRefusal("examples/scenarios/site-to-site.ini", "with PFS (gN-esp-...)");
    // AH hides nothing that could be opened.
    ExpectRefusal("--tunnel.plain.phase2-proposals=nopfs-ah-sha256", "without PFS (nopfs-esp-...)");
    ExpectRefusal("--tunnel.plain.plain-b.pre-shared-key=other",
                  "tunnel plain never had an IKE SA");
}

} // namespace
} // namespace ipsec
} // namespace ns3
