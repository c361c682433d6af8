// SPDX-License-Identifier: GPL-2.0-only
// Runs the program itself, as a user does: exit statuses, results, captures.
#include "folder-test.h"

#include <array>
#include <boost/property_tree/json_parser.hpp>
#include <boost/property_tree/ptree.hpp>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>
#include <sys/wait.h>

namespace
{

namespace fs = std::filesystem;
using namespace ns3::ipsec;
using Json = boost::property_tree::ptree;

/// What a run of the program left behind.
struct LabRun : ProgramRun
{
    Json
    Results() const
    {
        std::istringstream in(out);
        Json json;
        boost::property_tree::read_json(in, json);
        return json;
    }
};

class IpsecLab : public FolderTest
{
  protected:
    fs::path
    Folder() const
    {
        return m_folder;
    }

    /// Runs the program with arguments of the shell.
    LabRun
    Lab(const std::string& arguments) const
    {
        return {RunProgram(IPSEC_LAB_PROGRAM, arguments)};
    }

    /// Runs a shipped scenario.
    LabRun
    Scenario(const std::string& name, const std::string& options) const
    {
        return Lab(std::string(IPSEC_SCENARIOS) + "/" + name + ".ini " + options);
    }
};

// Covers MM-01, QM-02, P1-26, QM-18, PO-01.
TEST_F(IpsecLab, SiteToSiteNeedsSixMainModeAndThreeQuickModeMessages)
{
    const LabRun run = Scenario("site-to-site", "--json -");
    ASSERT_EQ(run.status, 0) << run.err;
    const Json json = run.Results();
    EXPECT_EQ(json.get<int>("schema"), 1);
    EXPECT_EQ(json.get<std::string>("verdict"), "pass");
    EXPECT_EQ(json.get<int>("messages.main"), 6);
    EXPECT_EQ(json.get<int>("messages.quick"), 3);
    EXPECT_EQ(json.get<int>("messages.aggressive"), 0);
    EXPECT_EQ(json.get<int>("messages.informational"), 0);
    EXPECT_EQ(json.get<int>("messages.retransmitted"), 0);
    EXPECT_EQ(json.get<int>("traffic.ping.received"), 5);
    for (const char* node : {"nodes.fw-a", "nodes.fw-b"})
    {
        EXPECT_EQ(json.get_child(node).get_child("ikeSas").size(), 1u);
        EXPECT_EQ(json.get_child(node).get_child("ipsecSas").size(), 2u);
        EXPECT_EQ(json.get_child(node).get_child("drops").size(), 0u);
        EXPECT_EQ(json.get_child(node).get_child("failures").size(), 0u);
    }
    const Json& sa = json.get_child("nodes.fw-a.ikeSas").front().second;
    EXPECT_EQ(sa.get<std::string>("proposal"), "pre-g1-des-md5");
    EXPECT_EQ(sa.get<std::string>("role"), "initiator");
    const Json& out = json.get_child("nodes.fw-a.ipsecSas").back().second;
    EXPECT_EQ(out.get<std::string>("direction"), "out");
    EXPECT_EQ(out.get<std::string>("local"), "192.168.0.0/24");
    EXPECT_EQ(out.get<std::string>("remote"), "172.16.0.0/24");
    EXPECT_EQ(out.get<int>("packets"), 5);
    EXPECT_EQ(out.get<int>("octets"), 420);
}

// Covers P1-10, QM-06, QM-10.
TEST_F(IpsecLab, JunosStandardSetsAgreeOnTheFirstOfEachListWithPfs)
{
    const LabRun run = Scenario("site-to-site-junos", "--json -");
    ASSERT_EQ(run.status, 0) << run.err;
    const Json json = run.Results();
    const Json& ike = json.get_child("nodes.left.ikeSas").front().second;
    EXPECT_EQ(ike.get<std::string>("proposal"), "pre-g2-aes128-sha");
    const Json& ipsec = json.get_child("nodes.left.ipsecSas").front().second;
    EXPECT_EQ(ipsec.get<std::string>("proposal"), "g2-esp-3des-sha");
    // One exchange for phase 1 and one for PFS.
    EXPECT_EQ(json.get<int>("nodes.left.work.DhDerive/g2"), 2);
}

TEST_F(IpsecLab, SameSeedWritesTheSameCapturesAnotherRunOtherCookies)
{
    const std::string folder = Folder().string();
    ASSERT_EQ(Scenario("site-to-site", "--quiet --output " + folder + "/1").status, 0);
    ASSERT_EQ(Scenario("site-to-site", "--quiet --output " + folder + "/2").status, 0);
    ASSERT_EQ(Scenario("site-to-site", "--quiet --run 2 --output " + folder + "/3").status, 0);
    size_t captures = 0;
    for (const auto& entry : fs::directory_iterator(Folder() / "1" / "pcap"))
    {
        const fs::path name = entry.path().filename();
        const std::string first = Contents(entry.path());
        EXPECT_GT(first.size(), 24u) << name << " has no packet";
        EXPECT_EQ(first, Contents(Folder() / "2" / "pcap" / name)) << name;
        captures++;
    }
    EXPECT_EQ(captures, 6u);
    const auto cookies = [&](const char* run)
    {
        std::ifstream file(Folder() / run / "results.json");
        Json json;
        boost::property_tree::read_json(file, json);
        return json.get_child("nodes.fw-a.ikeSas").front().second.get<std::string>("cookies");
    };
    EXPECT_EQ(cookies("1"), cookies("2"));
    EXPECT_NE(cookies("1"), cookies("3"));
}

TEST_F(IpsecLab, OutputFolderHoldsEverything)
{
    ASSERT_EQ(Scenario("site-to-site", "--quiet --output " + Folder().string() + "/o").status, 0);
    for (const char* name : {"results.json",
                             "report.txt",
                             "report.html",
                             "ladder.svg",
                             "pcap/fw-a-internet.pcap",
                             "pcap/fw-b-lan.pcap",
                             "pcap/pc-a.pcap",
                             "wireshark/ikev1_decryption_table",
                             "wireshark/esp_sa"})
    {
        EXPECT_GT(fs::file_size(Folder() / "o" / name), 0u) << name;
    }
    EXPECT_EQ(LineCount(Contents(Folder() / "o/wireshark/esp_sa")), 2u);
    EXPECT_EQ(LineCount(Contents(Folder() / "o/wireshark/ikev1_decryption_table")), 1u);
}

// README.md shows it, and says how it was made.
TEST_F(IpsecLab, PictureOfTheReadmeIsTheLadderOfToday)
{
    ASSERT_EQ(Scenario("site-to-site", "--quiet --output " + Folder().string() + "/o").status, 0);
    const fs::path root = fs::path(IPSEC_SCENARIOS).parent_path().parent_path();
    const std::string picture = Contents(root / "doc/images/site-to-site-ladder.svg");
    EXPECT_TRUE(picture == Contents(Folder() / "o/ladder.svg"))
        << "copy ladder.svg of site-to-site to doc/images/site-to-site-ladder.svg";
    const std::string readme = Contents(root / "README.md");
    EXPECT_NE(readme.find("(doc/images/site-to-site-ladder.svg)"), std::string::npos);
}

/// A mistake of configuration that only the negotiation can find.
struct Failure
{
    const char* name;
    const char* option;
    /// Who counts the reason, and which.
    const char* drop;
    /// What the initiator's failure says.
    const char* reason;
    int notify;
};

void
PrintTo(const Failure& failure, std::ostream* out)
{
    *out << failure.name;
}

class IpsecLabFailure : public IpsecLab, public testing::WithParamInterface<Failure>
{
};

TEST_P(IpsecLabFailure, ExitsWithOneAndCountsTheReason)
{
    const std::string option = std::string("'") + GetParam().option + "'";
    const LabRun run = Scenario("site-to-site", "--json - " + option);
    EXPECT_EQ(run.status, 1) << run.err;
    const Json json = run.Results();
    EXPECT_EQ(json.get<std::string>("verdict"), "fail");
    EXPECT_GT(json.get<int>(std::string("nodes.") + GetParam().drop), 0);
    const Json& failure = json.get_child("nodes.fw-a.failures").back().second;
    EXPECT_EQ(failure.get<std::string>("reason"), GetParam().reason);
    EXPECT_EQ(failure.get<int>("notify"), GetParam().notify);
    EXPECT_EQ(json.get<int>("traffic.ping.received"), 0);
}

TEST_P(IpsecLabFailure, PrintsTheReason)
{
    const std::string option = std::string("'") + GetParam().option + "'";
    const LabRun run = Scenario("site-to-site", option);
    EXPECT_EQ(run.status, 1);
    const size_t line = run.out.find("tunnel ab with fw-b failed");
    ASSERT_NE(line, std::string::npos) << run.out;
    const std::string failure = run.out.substr(line, run.out.find('\n', line) - line);
    EXPECT_NE(failure.find(std::string(": ") + GetParam().reason), std::string::npos) << failure;
    const std::string drop = GetParam().drop;
    EXPECT_NE(run.out.find(drop.substr(drop.find_last_of('.') + 1)), std::string::npos) << run.out;
}

// Covers P1-08, P1-29, QM-13, QM-14, PO-03.
INSTANTIATE_TEST_SUITE_P(
    Mistakes,
    IpsecLabFailure,
    testing::Values(Failure{"WrongKey",
                            "--tunnel.ab.fw-b.pre-shared-key=wrong",
                            "fw-b.drops.Undecryptable",
                            "NegotiationTimeout",
                            0},
                    Failure{"DisjointPhase1Proposals",
                            "--tunnel.ab.fw-b.phase1-proposals=pre-g2-aes128-sha",
                            "fw-b.drops.NoProposalChosen",
                            "NegotiationTimeout",
                            14},
                    Failure{"DisjointPhase2Proposals",
                            "--tunnel.ab.fw-b.phase2-proposals=g2-esp-aes128-sha",
                            "fw-b.drops.NoProposalChosen",
                            "ErrorNotify",
                            14},
                    Failure{"ProxyIdsDoNotMirror",
                            "--tunnel.ab.fw-b.proxy-id=172.16.0.0/24, 192.168.0.0/25",
                            "fw-b.drops.ProxyIdMismatch",
                            "ErrorNotify",
                            18},
                    Failure{"NoRoute",
                            "--gateway.fw-a.default-route=false",
                            "fw-a.drops.NoRoute",
                            "NegotiationTimeout",
                            0}),
    [](const testing::TestParamInfo<Failure>& info) { return info.param.name; });

TEST_F(IpsecLab, ExpectedFailureIsASuccess)
{
    EXPECT_EQ(Scenario("site-to-site",
                       "--quiet --tunnel.ab.fw-b.pre-shared-key=x '--expect.tunnel-up.that=tunnel "
                       "ab fails with Undecryptable' '--expect.all-answered.that=ping answered = "
                       "0'")
                  .status,
              0);
}

/// Bad input of a user: always one line and exit status 2.
class IpsecLabBadInput : public IpsecLab,
                         public testing::WithParamInterface<std::pair<const char*, const char*>>
{
};

TEST_P(IpsecLabBadInput, GivesOneLineAndExitStatusTwo)
{
    const LabRun run = Scenario("site-to-site", GetParam().first);
    EXPECT_EQ(run.status, 2);
    EXPECT_EQ(LineCount(run.err), 1u) << run.err;
    EXPECT_EQ(run.out, "");
    EXPECT_NE(run.err.find(GetParam().second), std::string::npos) << run.err;
}

INSTANTIATE_TEST_SUITE_P(
    Options,
    IpsecLabBadInput,
    testing::Values(std::make_pair("--colour=red", "command line: "),
                    std::make_pair("--tunnel.ab.mode=fast", "allowed: main"),
                    std::make_pair("--simulation.stop=soon", "is not a time"),
                    std::make_pair("--seed 0", "from 1 to 4294967295"),
                    std::make_pair("--seed", "command line: "),
                    std::make_pair("other.ini", "is a second scenario"),
                    std::make_pair("--internet.loss 5%", "write --internet.loss=VALUE"),
                    std::make_pair("--output /dev/null/x", "cannot be made"),
                    std::make_pair("--json /nowhere/x.json", "cannot be written")));

TEST_F(IpsecLab, PingToABroadcastAddressIsBadInput)
{
    EXPECT_EQ(Scenario("site-to-site", "--traffic.ping.to=224.0.0.5").status, 2);
}

TEST_F(IpsecLab, StandardOutputThatIsFullIsNoSuccess)
{
    for (const char* options : {"", "--json -", "--help"})
    {
        const LabRun run = Scenario("site-to-site", std::string(options) + " >/dev/full");
        EXPECT_EQ(run.status, 2) << options;
        EXPECT_EQ(run.err, "ipsec-lab: standard output cannot be written\n") << options;
    }
}

TEST_F(IpsecLab, PingsInFragmentsAreAnswered)
{
    for (const char* size : {"1372B", "1373B", "1472B", "1473B", "3000B", "65495B"})
    {
        const LabRun run =
            Scenario("site-to-site",
                     std::string("--json - --tunnel.ab.start=auto --traffic.ping.size=") + size);
        ASSERT_EQ(run.status, 0) << size << run.err;
        EXPECT_EQ(run.Results().get<int>("traffic.ping.received"), 5) << size;
    }
}

/// Counts the fragments in a capture of raw IP packets.
size_t
FragmentCount(const std::string& capture)
{
    constexpr size_t FILE_HEADER = 24;
    constexpr size_t RECORD_HEADER = 16;
    const auto octet = [&](size_t at) { return static_cast<uint8_t>(capture.at(at)); };
    size_t fragments = 0;
    for (size_t at = FILE_HEADER; at < capture.size();)
    {
        uint32_t length = 0;
        std::memcpy(&length, capture.data() + at + 8, sizeof(length));
        const size_t flags = at + RECORD_HEADER + 6;
        fragments += (octet(flags) & 0x3f) != 0 || octet(flags + 1) != 0 ? 1 : 0;
        at += RECORD_HEADER + length;
    }
    return fragments;
}

TEST_F(IpsecLab, TunnelLeavesRoomForEspInTheMtuOfItsGateway)
{
    for (const char* mtu : {"576B", "1280B", "1500B", "9000B"})
    {
        ASSERT_EQ(Scenario("site-to-site",
                           std::string("--quiet --traffic.ping.size=3000B --internet.mtu=") + mtu +
                               " --tunnel.ab.nat-traversal=force --output " + Folder().string())
                      .status,
                  0)
            << mtu;
        EXPECT_EQ(FragmentCount(Contents(Folder() / "pcap/fw-a-internet.pcap")), 0u) << mtu;
        EXPECT_GT(FragmentCount(Contents(Folder() / "pcap/pc-a.pcap")), 0u) << mtu;
    }
}

TEST_F(IpsecLab, ReportsOfAnEarlierRunDoNotStayBesideNewOnes)
{
    const std::string output = "--quiet --output " + (Folder() / "o").string();
    ASSERT_EQ(Scenario("site-to-site", output).status, 0);
    std::ofstream(Folder() / "o/notes.txt") << "mine";
    ASSERT_EQ(Scenario("site-to-site-junos",
                       output + " --output.svg=false --output.html=false --output.wireshark=false")
                  .status,
              0);
    for (const char* gone : {"ladder.svg",
                             "report.html",
                             "wireshark/esp_sa",
                             "wireshark/preferences",
                             "wireshark/ikev1_decryption_table"})
    {
        EXPECT_FALSE(fs::exists(Folder() / "o" / gone)) << gone;
    }
    EXPECT_EQ(Contents(Folder() / "o/notes.txt"), "mine");
}

TEST_F(IpsecLab, MissingScenarioIsBadInput)
{
    const LabRun run = Lab("no-such-file.ini");
    EXPECT_EQ(run.status, 2);
    EXPECT_EQ(run.err, "ipsec-lab: no-such-file.ini: cannot be read: No such file or directory\n");
}

TEST_F(IpsecLab, NoArgumentsIsBadInput)
{
    const LabRun run = Lab("");
    EXPECT_EQ(run.status, 2);
    EXPECT_EQ(LineCount(run.err), 1u);
}

TEST_F(IpsecLab, HelpListsOptionsAndKeys)
{
    const LabRun run = Lab("--help");
    EXPECT_EQ(run.status, 0);
    EXPECT_NE(run.out.find("--output"), std::string::npos);
    EXPECT_NE(run.out.find("[tunnel NAME]"), std::string::npos);
    EXPECT_NE(run.out.find("pre-shared-key*"), std::string::npos);
}

TEST_F(IpsecLab, PersonalitiesStandSideBySideWithThoseOfTheScenario)
{
    const LabRun presets = Lab("--personalities");
    EXPECT_EQ(presets.status, 0);
    EXPECT_EQ(presets.err, "");
    EXPECT_NE(presets.out.find("\nPersonality  "), std::string::npos) << presets.out;
    EXPECT_NE(presets.out.find("libreswan"), std::string::npos);
    EXPECT_EQ(presets.out.find("hasty"), std::string::npos);
    const fs::path file = Folder() / "hasty.ini";
    std::ofstream(file) << Contents(fs::path(IPSEC_SCENARIOS) / "site-to-site.ini")
                        << "\n[personality hasty]\nretransmission-first = 0.25s\n";
    const LabRun own = Lab(file.string() + " --personalities");
    EXPECT_EQ(own.status, 0) << own.err;
    EXPECT_EQ(own.out.rfind(presets.out, 0), 0u);
    EXPECT_NE(own.out.find("\nPersonality" + std::string(39, ' ') + "hasty\n"), std::string::npos);
    EXPECT_NE(own.out.find("  first wait (s)" + std::string(34, ' ') + "0.25\n"),
              std::string::npos);
}

TEST_F(IpsecLab, QuietPrintsNothing)
{
    const LabRun run = Scenario("site-to-site", "--quiet");
    EXPECT_EQ(run.status, 0);
    EXPECT_EQ(run.out + run.err, "");
}

// Covers P1-28, QM-20, MM-02, MM-03.
TEST_F(IpsecLab, LadderShowsPayloadsAndWhatIsEncrypted)
{
    const LabRun run = Scenario("site-to-site", "");
    EXPECT_NE(run.out.find("--- main 1: SA VID"), std::string::npos) << run.out;
    EXPECT_NE(run.out.find("--- main 3: KE NONCE"), std::string::npos) << run.out;
    EXPECT_NE(run.out.find("=== main 6: ID HASH ="), std::string::npos) << run.out;
    EXPECT_NE(run.out.find("IKE SA up: pre-g1-des-md5"), std::string::npos) << run.out;
    EXPECT_NE(run.out.find("IPsec SA in "), std::string::npos) << run.out;
}

TEST_F(IpsecLab, LostMessagesAndRepetitionsAreMarked)
{
    const LabRun run = Scenario("site-to-site", "--internet.loss=40%");
    EXPECT_NE(run.out.find("LOST"), std::string::npos) << run.out;
    EXPECT_NE(run.out.find("sent again"), std::string::npos) << run.out;
}

} // namespace
