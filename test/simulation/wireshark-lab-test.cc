// SPDX-License-Identifier: GPL-2.0-only
// Runs the lab about Wireshark, with tshark if it is there, and without.
#include "lab-program-test.h"

#include <cstdlib>
#include <iterator>
#include <sstream>
#include <vector>

namespace ns3
{
namespace ipsec
{
namespace
{

class WiresharkLabProgram : public LabProgramTest
{
  protected:
    WiresharkLabProgram()
        : LabProgramTest("wireshark")
    {
    }
};

TEST_F(WiresharkLabProgram, ShowsHowToOpenTheCapture)
{
    const ProgramRun run = Lab("");
    ASSERT_EQ(run.status, 0) << run.err;
    const std::string out = (m_folder / "out").string();
    EXPECT_TRUE(run.Says("WIRESHARK_CONFIG_DIR=" + out + "/wireshark wireshark " + out +
                         "/pcap/fw-a-internet.pcap\n"))
        << run.out;
    EXPECT_TRUE(run.Says("isakmp.exchangetype == 32                           3")) << run.out;
    ExpectFiles({"pcap/fw-a-internet.pcap", "wireshark/esp_sa", "results.json"});
}

TEST_F(WiresharkLabProgram, TsharkAgreesWithTheLadder)
{
    if (std::system("tshark --version > /dev/null 2>&1") != 0)
    {
        GTEST_SKIP() << "tshark is not installed";
    }
    const ProgramRun run = Lab("");
    ASSERT_EQ(run.status, 0) << run.err;
    for (const char* text :
         {"main 5         ID HASH N             (encrypted)           ID HASH N             "
          "agree\n",
          "ID_FQDN: fw-a.example.org",
          "isakmp                                             14            14\n",
          "icmp                       needed                  10            10\n"})
    {
        EXPECT_TRUE(run.Says(text)) << text << "\n" << run.out;
    }
    EXPECT_FALSE(run.Says("DIFFER")) << run.out;
    ExpectFiles({"tshark/with-keys.txt", "tshark/without-keys.txt", "tshark/first-encrypted.txt"});
}

TEST_F(WiresharkLabProgram, GoesOnWithoutTshark)
{
    // A path on which nothing is but env, which looks for tshark.
    const std::string lab = std::string(IPSEC_EXAMPLES) + "/lab-wireshark";
    const ProgramRun run = Run(
        "mkdir -p " + (m_folder / "bin").string() + " && ln -s $(command -v env) " +
            (m_folder / "bin/env").string() + " && PATH=" + (m_folder / "bin").string() + " " + lab,
        "--output " + (m_folder / "out").string());
    EXPECT_EQ(run.status, 0) << run.err;
    EXPECT_NE(run.err.find("The program tshark is not installed"), std::string::npos) << run.err;
    EXPECT_TRUE(run.Says("7. Exercises")) << run.out;
    EXPECT_FALSE(run.Says("tshark finds")) << run.out;
}

TEST_F(WiresharkLabProgram, HandoutAgreesWithTheProgram)
{
    ExpectHandoutToAgree(10);
}

TEST_F(WiresharkLabProgram, AnswersMayHaveWiresharksNotation)
{
    const ProgramRun run =
        Lab("--answers " + Write("answers.ini",
                                 "[answers]\n7 = f9:df:51:cd:6a:2f:43:d5\n"
                                 "8 = 1F7F1C12\n9 = Identification (5)\n10 = FW-A.example.org.\n"));
    EXPECT_TRUE(run.Says("\n4 of 10 exercises are right\n")) << run.out;
    const ProgramRun tree =
        Lab("--answers " + Write("tree.ini", "[answers]\n10 = ID_FQDN: fw-a.example.org\n"));
    EXPECT_TRUE(tree.Says("\n1 of 10 exercises are right\n")) << tree.out;
}

TEST_F(WiresharkLabProgram, NamesTheTunnelsThatItCannotCapture)
{
    ExpectRefusal("examples/scenarios/carrier-nat.ini",
                  "examples/scenarios/carrier-nat.ini: has no tunnel between two gateways; the lab "
                  "captures the first one at its first end; those of [branches] and [clients] have "
                  "no captures");
}

TEST_F(WiresharkLabProgram, OnlyPingsAreCountedAsIcmp)
{
    const ProgramRun run = Lab("--solutions --traffic.ping.kind=udp");
    ASSERT_EQ(run.status, 0) << run.err;
    EXPECT_TRUE(run.Says("\n4 = 5\n5 = 0\n6 = 0\n")) << run.out;
}

TEST_F(WiresharkLabProgram, AggressiveModeSaysNoNameInItsFirstEncryptedMessage)
{
    const ProgramRun run = Lab("--solutions --tunnel.ab.mode=aggressive");
    ASSERT_EQ(run.status, 0) << run.err;
    EXPECT_TRUE(run.Says("\n9 = NAT-D\n10 = none\n")) << run.out;
}

TEST_F(WiresharkLabProgram, TsharkAgreesWithWhateverTravels)
{
    if (std::system("tshark --version > /dev/null 2>&1") != 0)
    {
        GTEST_SKIP() << "tshark is not installed";
    }
    // Fragments of IKE and of IP, AH, names in clear, and messages that come twice or not at all.
    for (const char* options : {"examples/labs/certificates.ini",
                                "--tunnel.ab.mode=aggressive",
                                "--tunnel.ab.auth=rsa --internet.mtu=600B",
                                "--traffic.ping.size=3000B",
                                "--tunnel.ab.phase2-proposals=nopfs-ah-sha+esp-aes128-sha",
                                "--tunnel.ab.phase2-proposals=g14-esp-aes256gcm",
                                "--internet.loss=20% --run 4",
                                "--internet.duplicate=20%"})
    {
        const ProgramRun run = Lab(options);
        ASSERT_EQ(run.status, 0) << options << "\n" << run.err;
        EXPECT_FALSE(run.Says("DIFFER")) << options << "\n" << run.out;
        // Of a filter the last two columns are the run's count and tshark's.
        std::istringstream lines(run.out.substr(run.out.find("\n6. Filters")));
        std::string line;
        size_t filters = 0;
        while (std::getline(lines, line) && line != "7. Exercises")
        {
            std::istringstream cells(line);
            std::vector<std::string> words{std::istream_iterator<std::string>(cells), {}};
            const bool isFilter = words.size() > 2 &&
                                  words.back().find_first_not_of("0123456789") == std::string::npos;
            filters += isFilter ? 1 : 0;
            if (isFilter)
            {
                EXPECT_EQ(words.rbegin()[0], words.rbegin()[1]) << options << "\n" << line;
            }
        }
        EXPECT_EQ(filters, 9u) << options;
    }
}

TEST_F(WiresharkLabProgram, FindingsAreThereAsJson)
{
    const bool hasTshark = std::system("tshark --version > /dev/null 2>&1") == 0;
    std::vector<FoundTable> tables{{"keys", 3}};
    if (hasTshark)
    {
        tables.push_back({"sideBySide", 14});
    }
    tables.push_back({"filters", 9});
    ExpectFindings("", tables);
}

TEST_F(WiresharkLabProgram, AnswersFollowTheSeed)
{
    const ProgramRun first = Lab("--solutions");
    const ProgramRun second = Lab("--solutions --seed 2");
    EXPECT_NE(first.out, second.out);
    const ProgramRun wrong = Lab("--seed 2 --answers " + Write("answers.ini", HandoutAnswers()));
    EXPECT_EQ(wrong.status, 1);
    EXPECT_TRUE(wrong.Says("\n8 of 10 exercises are right\n")) << wrong.out;
}

} // namespace
} // namespace ipsec
} // namespace ns3
