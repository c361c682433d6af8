// SPDX-License-Identifier: GPL-2.0-only
#include "scenario-refusal.h"

#include "ns3/ipsec-scenario-engine.h"
#include "ns3/ipsec-scenario-keys.h"
#include "ns3/ipsec-scenario-reader.h"

#include <algorithm>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

namespace
{

using namespace ns3::ipsec;

const char BASE[] = "[gateway a]\n"             // line 1
                    "address = 1.1.1.1\n"       // 2
                    "lan = 192.168.0.0/24\n"    // 3
                    "[gateway b]\n"             // 4
                    "address = 2.2.2.2\n"       // 5
                    "lan = 172.16.0.0/24\n"     // 6
                    "[tunnel ab]\n"             // 7
                    "between = a, b\n"          // 8
                    "pre-shared-key = secret\n" // 9
                    "[traffic ping]\n"          // 10
                    "from = pc-a\n"             // 11
                    "to = pc-b\n";              // 12

/// Returns the base with one text in the place of another.
std::string
Changed(const std::string& from, const std::string& to)
{
    std::string text = BASE;
    const size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

const std::string base = BASE;

// Covers P1-09.
TEST(ScenarioReader, FifthPhase1ProposalIsRefusedInItsLine)
{
    const std::string five = "pre-g1-des-md5, pre-g2-des-md5, pre-g2-3des-md5, pre-g2-aes128-sha, "
                             "pre-g5-aes128-sha";
    const std::string message =
        ScenarioRefusal(Changed("between = a, b", "between = a, b\nphase1-proposals = " + five));
    EXPECT_EQ(message.find("x.ini:9: tunnel.ab.phase1-proposals: "), 0u) << message;
    EXPECT_NE(message.find("at most 4 are allowed"), std::string::npos) << message;
}

// Covers QM-05.
TEST(ScenarioReader, FifthPhase2ProposalIsRefusedInItsLine)
{
    const std::string message = ScenarioRefusal(
        base,
        {"tunnel.ab.phase2-proposals=nopfs-esp-des-md5 nopfs-esp-des-sha nopfs-esp-3des-md5 "
         "nopfs-esp-3des-sha nopfs-esp-aes128-sha"});
    EXPECT_EQ(message.find("command line: tunnel.ab.phase2-proposals: "), 0u) << message;
    EXPECT_NE(message.find("at most 4 are allowed"), std::string::npos) << message;
}

TEST(ScenarioReader, ObjectionOfTheEngineNamesTheTunnelsLine)
{
    const std::string message =
        ScenarioRefusal(base, {"tunnel.ab.phase2-proposals=g2-esp-aes128-sha g5-esp-aes128-sha"});
    EXPECT_EQ(message.find("x.ini:7: tunnel.ab: "), 0u) << message;
}

TEST(ScenarioReader, ControlCharactersCannotMakeASecondLine)
{
    const std::string message = ScenarioRefusal(base + "[internet]\ndelay = 1\x1b[2Jms\x07\n");
    EXPECT_EQ(message.find_first_of("\n\x1b\x07"), std::string::npos) << message;
    EXPECT_NE(message, "");
}

TEST(ScenarioReader, MissingFileIsNamed)
{
    EXPECT_THROW(
        {
            try
            {
                ReadScenario("no-such-file.ini");
            }
            catch (const ScenarioError& e)
            {
                EXPECT_STREQ(e.what(),
                             "no-such-file.ini: cannot be read: No such file or directory");
                throw;
            }
        },
        ScenarioError);
}

TEST(ScenarioReader, CommandLineWinsOverTheFile)
{
    const Scenario scenario = ReadScenarioText(base, "x.ini", {"gateway.b.address=3.3.3.3"});
    EXPECT_EQ(scenario.FindGateway("b")->address.ToString(), "3.3.3.3");
}

TEST(ScenarioReader, CommentsStartWithSemicolonOrHashBehindABlank)
{
    const Scenario scenario =
        ReadScenarioText("; one\n# two\n" + Changed("secret", "se;cret ; three"), "x.ini");
    EXPECT_EQ(scenario.tunnels[0].ends[0].preSharedKey, "se;cret");
}

TEST(ScenarioReader, Utf8MarkOfAnEditorIsSkipped)
{
    EXPECT_EQ(ReadScenarioText("\xef\xbb\xbf" + base, "x.ini").gateways.size(), 2u);
}

TEST(ScenarioReader, LinesMayEndAsInWindows)
{
    std::string text = base;
    for (size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 2))
    {
        text.replace(at, 1, "\r\n");
    }
    EXPECT_EQ(ReadScenarioText(text, "x.ini").tunnels[0].ends[0].preSharedKey, "secret");
}

TEST(ScenarioReader, SectionsMayStandInAnyOrder)
{
    const size_t cut = base.find("[tunnel ab]");
    const Scenario scenario = ReadScenarioText(base.substr(cut) + base.substr(0, cut), "x.ini");
    EXPECT_EQ(scenario.gateways.size(), 2u);
}

TEST(ScenarioReader, EveryLanGetsAHost)
{
    const Scenario scenario = ReadScenarioText(base, "x.ini");
    EXPECT_EQ(scenario.FindHost("pc-a")->address.ToString(), "192.168.0.2");
    EXPECT_EQ(scenario.FindHost("pc-b")->address.ToString(), "172.16.0.2");
}

TEST(ScenarioReader, KeyOfOneEndLeavesTheOtherAlone)
{
    const Scenario scenario = ReadScenarioText(base, "x.ini", {"tunnel.ab.b.pre-shared-key=wrong"});
    EXPECT_EQ(scenario.tunnels[0].ends[0].preSharedKey, "secret");
    EXPECT_EQ(scenario.tunnels[0].ends[1].preSharedKey, "wrong");
}

TEST(ScenarioReader, SecretsMayBeHexadecimal)
{
    const Scenario scenario = ReadScenarioText(Changed("secret", "0x00ff"), "x.ini");
    EXPECT_EQ(scenario.tunnels[0].ends[0].preSharedKey, std::string("\x00\xff", 2));
}

// Covers QM-13.
TEST(ScenarioReader, ProxyIdDefaultsToTheLansMirrored)
{
    const Scenario scenario = ReadScenarioText(base, "x.ini");
    const GatewayPlan plan = PlanGateway(scenario, *scenario.FindGateway("b"));
    EXPECT_EQ(plan.engine->peers[0].children[0].proxyId.ToString(),
              EndProxyId(scenario, scenario.tunnels[0], 0).Mirror().ToString());
    EXPECT_EQ(plan.engine->peers[0].children[0].proxyId.local.ToString(), "172.16.0.0/24");
}

// Covers P1-15.
TEST(ScenarioReader, ModeDefaultsToMain)
{
    EXPECT_STREQ(FindScenarioSection("tunnel")->Find("mode")->fallback, "main");
}

// Covers LT-02.
TEST(ScenarioReader, LifetimesDefaultToADayAndAnHour)
{
    const Scenario scenario = ReadScenarioText(base, "x.ini");
    EXPECT_FALSE(scenario.tunnels[0].ends[1].rules->phase1Lifetime.has_value());
    EXPECT_FALSE(scenario.tunnels[0].ends[1].rules->phase2Lifetime.has_value());
}

// Covers QM-21.
TEST(ScenarioReader, TunnelsBetweenTheSameGatewaysShareOnePeer)
{
    const Scenario scenario =
        ReadScenarioText(base + "[tunnel two]\nbetween = b, a\npre-shared-key = secret\n"
                                "proxy-id = 172.16.0.0/25, 192.168.0.0/25\n",
                         "x.ini");
    const GatewayPlan plan = PlanGateway(scenario, *scenario.FindGateway("a"));
    ASSERT_EQ(plan.engine->peers.size(), 1u);
    EXPECT_EQ(plan.engine->peers[0].children.size(), 2u);
}

TEST(ScenarioReader, TunnelsThatShareAPeerMustAgreeInPhase1)
{
    EXPECT_EQ(ScenarioRefusal(base + "[tunnel two]\nbetween = b, a\npre-shared-key = other\n"
                                     "proxy-id = 172.16.0.0/25, 192.168.0.0/25\n"),
              "x.ini:13: tunnel.two: differs in phase 1 from tunnel 'ab', with which it shares its "
              "IKE SA at a; write the same mode, proposals, key, ids, lifetime, lifetimes, "
              "nat-traversal, "
              "dpd, keep-up, xauth and mode-config");
}

TEST(ScenarioReader, WithoutExpectationsTunnelsAndTrafficAreExpected)
{
    const Scenario scenario = ReadScenarioText(base, "x.ini");
    ASSERT_EQ(scenario.expectations.size(), 2u);
    EXPECT_EQ(scenario.expectations[0].text, "tunnel ab up");
    EXPECT_EQ(scenario.expectations[1].text, "ping answered >= 1");
}

TEST(ScenarioReader, HintStaysWithItsExpectationInAnyOrder)
{
    const Scenario scenario =
        ReadScenarioText(base + "[expect one]\nhint = do this, then that\nthat = tunnel ab up\n"
                                "[expect two]\nthat = tunnel ab up\nhint = wait\n",
                         "x.ini");
    ASSERT_EQ(scenario.expectations.size(), 2u);
    EXPECT_EQ(scenario.expectations[0].hint, "do this, then that");
    EXPECT_EQ(scenario.expectations[0].text, "tunnel ab up");
    EXPECT_EQ(scenario.expectations[1].hint, "wait");
}

TEST(ScenarioReader, RateBecomesAnInterval)
{
    const Scenario scenario =
        ReadScenarioText(base, "x.ini", {"traffic.ping.rate=8kbps", "traffic.ping.size=500B"});
    EXPECT_EQ(scenario.traffic[0].interval, std::chrono::milliseconds(500));
}

TEST(ScenarioReader, LifesizeCountsInKilobytes)
{
    for (const auto& [text, kilobytes] :
         {std::pair("0B", 0), std::pair("1kB", 1), std::pair("2000B", 2), std::pair("1.5MB", 1500)})
    {
        const Scenario scenario =
            ReadScenarioText(base, "x.ini", {std::string("tunnel.ab.phase2-lifesize=") + text});
        EXPECT_EQ(scenario.tunnels[0].ends[0].rules->phase2LifetimeKilobytes, kilobytes) << text;
    }
}

TEST(ScenarioReader, TransportBetweenTheGatewaysThemselvesIsRead)
{
    const Scenario scenario = ReadScenarioText(
        base,
        "x.ini",
        {"tunnel.ab.encapsulation=transport", "tunnel.ab.proxy-id=1.1.1.1/32, 2.2.2.2/32"});
    EXPECT_EQ(scenario.tunnels[0].ends[1].rules->encapsulation, EncapsulationMode::Transport);
}

/// A hub and its spokes.
std::string
Star(int spokes)
{
    std::string text = "[gateway hub]\naddress = 1.1.1.1\nlan = 192.168.0.0/24\n";
    for (int i = 0; i < spokes; i++)
    {
        const std::string number = std::to_string(i);
        const std::string place = std::to_string(i / 256) + "." + std::to_string(i % 256);
        text += "[gateway s" + number + "]\naddress = 100.64." + place + "\nlan = 10." + place +
                ".0/24\n[tunnel t" + number + "]\nbetween = hub, s" + number +
                "\npre-shared-key = secret\n[traffic p" + number + "]\nfrom = pc-s" + number +
                "\nto = pc-hub\n";
    }
    return text;
}

TEST(ScenarioReader, ManyGatewaysAreRead)
{
    const Scenario scenario = ReadScenarioText(Star(500), "x.ini");
    EXPECT_EQ(scenario.gateways.size(), 501U);
    EXPECT_EQ(scenario.tunnels.size(), 500U);
}

TEST(ScenarioReader, EveryShippedScenarioIsRead)
{
    for (const char* name : {"site-to-site", "site-to-site-junos", "real-peer"})
    {
        EXPECT_EQ(ReadScenario(std::string(IPSEC_SCENARIOS) + "/" + name + ".ini").name, name);
    }
}

std::string
Manual()
{
    std::ifstream file(std::string(IPSEC_SCENARIOS) + "/../../doc/scenario-language.md");
    std::stringstream manual;
    manual << file.rdbuf();
    return manual.str();
}

/// Returns the lines of the manual from the one that begins with @p first to the next empty one.
std::vector<std::string>
TableOfManual(const std::string& first)
{
    std::istringstream lines(Manual());
    std::vector<std::string> table;
    for (std::string line; std::getline(lines, line) && (table.empty() || !line.empty());)
    {
        if (!table.empty() || line.rfind(first, 0) == 0)
        {
            table.push_back(line);
        }
    }
    return table;
}

/// Returns the row of @p table whose first cell is @p name.
std::string
RowOf(const std::vector<std::string>& table, const std::string& name)
{
    const auto row = std::find_if(table.begin(),
                                  table.end(),
                                  [&name](const std::string& line)
                                  { return line.rfind("| " + name + " |", 0) == 0; });
    return row != table.end() ? *row : "";
}

/// Returns proposals as a user writes them.
template <typename Proposal>
std::string
Written(const std::vector<Proposal>& proposals)
{
    std::string text;
    for (const Proposal& proposal : proposals)
    {
        text += (text.empty() ? "" : " ") + proposal.ToString();
    }
    return text;
}

TEST(ScenarioLanguage, ManualListsEveryReasonAndNoOther)
{
    std::vector<std::string> expected = {"| reason | meaning |", "|---|---|"};
    for (size_t i = 0; i < FAULT_COUNT; i++)
    {
        const auto fault = static_cast<Fault>(i);
        expected.push_back(std::string("| `") + FaultName(fault) + "` | " + FaultText(fault) +
                           " |");
    }
    EXPECT_EQ(TableOfManual("| reason |"), expected);
}

TEST(ScenarioLanguage, ManualSaysWhatTheProposalSetsHold)
{
    const std::vector<std::string> table = TableOfManual("| set |");
    for (const std::string set : {"standard", "compatible", "basic"})
    {
        EXPECT_EQ(RowOf(table, "`" + set + "`"),
                  "| `" + set + "` | `" + Written(ParsePhase1Proposals(set)) + "` | `" +
                      Written(ParsePhase2Proposals(set)) + "` |");
    }
}

TEST(ScenarioLanguage, ManualNamesTheGroupsCiphersAndHashesOfProposals)
{
    const std::vector<std::string> table = TableOfManual("| part |");
    for (uint16_t number = 1; number < 64; number++)
    {
        const std::string name = "`g" + std::to_string(number) + "`";
        EXPECT_EQ(RowOf(table, "gN").find(name) != std::string::npos,
                  FindDhGroup(number) != nullptr)
            << name;
    }
    for (uint8_t i = 0; i <= static_cast<uint8_t>(CipherId::Aes256); i++)
    {
        const std::string name = GetCipher(static_cast<CipherId>(i)).name;
        EXPECT_NE(RowOf(table, "CIPHER").find("`" + name + "`"), std::string::npos) << name;
    }
    for (uint8_t i = 0; i <= static_cast<uint8_t>(HashId::Sha512); i++)
    {
        const std::string name = GetHash(static_cast<HashId>(i)).name;
        EXPECT_NE(RowOf(table, "HASH").find("`" + name + "`"), std::string::npos) << name;
    }
}

TEST(ScenarioLanguage, ManualListsEveryKeyWithItsDefault)
{
    const std::string manual = Manual();
    ASSERT_FALSE(manual.empty());
    for (const ScenarioSection& section : ScenarioSections())
    {
        const std::string title = std::string("\n## [") + section.kind;
        const size_t start = manual.find(title);
        ASSERT_NE(start, std::string::npos) << title;
        const std::string chapter = manual.substr(start, manual.find("\n## ", start + 1) - start);
        for (const ScenarioKey& key : section.keys)
        {
            if (key.from != nullptr)
            {
                // The chapter of that section has it.
                ASSERT_NE(FindScenarioSection(key.from), nullptr);
                EXPECT_NE(FindScenarioSection(key.from)->Find(key.name), nullptr) << key.name;
                continue;
            }
            const size_t row = chapter.find(std::string("\n| `") + key.name + "`");
            ASSERT_NE(row, std::string::npos) << section.kind << "." << key.name;
            const std::string line = chapter.substr(row + 1, chapter.find('\n', row + 1) - row - 1);
            EXPECT_NE(line.find(std::string(" | ") + key.fallback + " | " + key.help + " |"),
                      std::string::npos)
                << line;
        }
    }
}

} // namespace
