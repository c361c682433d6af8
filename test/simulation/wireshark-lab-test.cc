// SPDX-License-Identifier: GPL-2.0-only
// Runs the lab about Wireshark, with tshark if it is there, and without.
#include "lab-program-test.h"

#include <cstdlib>

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
