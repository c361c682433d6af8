// SPDX-License-Identifier: GPL-2.0-only
#include "scenario-refusal.h"

#include "ns3/ipsec-personality-table.h"
#include "ns3/ipsec-scenario-engine.h"
#include "ns3/ipsec-scenario-keys.h"
#include "ns3/ipsec-scenario-reader.h"

#include <gtest/gtest.h>
#include <map>
#include <set>
#include <sstream>

namespace
{

using namespace ns3::ipsec;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

/// A scenario whose gateway a has the personality "own", with these lines in its section, and these
/// in the tunnel's.
std::string
WithOwn(const std::string& lines, const std::string& tunnelLines = "")
{
    return "[gateway a]\naddress = 1.1.1.1\nlan = 192.168.0.0/24\npersonality = own\n"
           "[gateway b]\naddress = 2.2.2.2\nlan = 172.16.0.0/24\n"
           "[tunnel ab]\nbetween = a, b\npre-shared-key = secret\n" +
           tunnelLines + "[personality own]\n" + lines;
}

Scenario
Read(const std::string& lines, const std::string& tunnelLines = "")
{
    return ReadScenarioText(WithOwn(lines, tunnelLines), "x.ini");
}

/// Returns what is said of a mistake in the section.
std::string
Refusal(const std::string& lines, const std::string& tunnelLines = "")
{
    return ScenarioRefusal(WithOwn(lines, tunnelLines));
}

Personality
Own(const std::string& lines)
{
    return Read(lines).FindGateway("a")->personality;
}

/// A value of each key that neither rfc nor isakmpd has.
const std::map<std::string, std::string> OTHER_VALUES = {
    {"retransmission-first", "3s"},
    {"retransmission-growth", "1.7"},
    {"retransmission-step", "250ms"},
    {"retransmission-cap", "30s"},
    {"retransmission-first-waits", "3"},
    {"retransmission-tries", "4"},
    {"jitter", "20%"},
    {"half-open-timeout", "45s"},
    {"duplicates-for", "90s"},
    {"duplicate-answers", "7"},
    {"remembered-messages", "3"},
    {"aggressive-reply-tries", "1"},
    {"main-replies", "all"},
    {"nonce-octets", "20"},
    {"initial-contact", "always"},
    {"initial-contact-aggressive", "false"},
    {"quick-modes", "2"},
    {"repeat-config-set", "true"},
    {"accept-unrequested-pfs", "true"},
    {"prefer-own-proposals", "true"},
    {"truncate-sha256", "true"},
    {"fragment-size", "552B"},
    {"lifetime-rule", "obey"},
    {"ike-lifetime", "2h"},
    {"ipsec-lifetime", "40min"},
    {"ipsec-lifesize", "100MB"},
    {"renewal-at", "66%"},
    {"renewal-margin", "9min"},
    {"renewal-fuzz", "150%"},
    {"responder-margin", "70%"},
    {"responder-fuzz", "true"},
    {"least-renewal-margin", "8s"},
    {"ike-renewer", "nobody"},
    {"ipsec-renewer", "initiator"},
    {"old-ike-sa-delay", "0s"},
    {"children-at-end", "drop"},
    {"retirement", "on-traffic"},
    {"retirement-delay", "15s"},
    {"grace-time", "25s"},
    {"redundant-pairs", "keep"},
    {"uniqueness", "keep"},
    {"contact-scope", "address"},
    {"invalid-spi", "new-ike-sa"},
    {"send-deletes", "false"},
    {"announce-dpd", "false"},
    {"dpd-delay", "20s"},
    {"dpd-retry", "3s"},
    {"dpd-tries", "2"},
    {"dpd-first-sequence", "255"},
    {"dpd-repeats-sequence", "true"},
    {"dpd-answers-any-sequence", "true"},
    {"dpd-unexpected-answers", "4"},
    {"dpd-probes-behind-nat", "true"},
    {"dpd-notify-first", "true"},
    {"first-pause", "2s"},
    {"longest-pause", "100s"},
    {"keying-tries", "3"},
    {"nat-traversal-documents", "both"},
    {"nat-keepalive", "7s"},
    {"half-open", "12"},
    {"half-open-per-address", "6"},
};

/// Returns the table's lines that are about fields, without those that follow from other fields.
std::vector<std::string>
FieldLines(const Personality& personality)
{
    std::istringstream in(PersonalityTable({personality}));
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);)
    {
        const bool isDerived = line.find("gives up after") != std::string::npos;
        if (line.rfind("  ", 0) == 0 && !isDerived)
        {
            lines.push_back(line);
        }
    }
    return lines;
}

size_t
DifferentLines(const Personality& a, const Personality& b)
{
    const std::vector<std::string> left = FieldLines(a);
    const std::vector<std::string> right = FieldLines(b);
    EXPECT_EQ(left.size(), right.size());
    size_t different = 0;
    for (size_t i = 0; i < left.size(); i++)
    {
        different += left[i] != right[i] ? 1 : 0;
    }
    return different;
}

} // namespace

TEST(PersonalitySection, EachKeySetsOneFieldThatTheTableShows)
{
    const Personality rfc = Own("");
    std::set<size_t> rows;
    for (const std::string& name : FindScenarioSection("personality")->KeyNames())
    {
        if (name == "base")
        {
            continue;
        }
        ASSERT_EQ(OTHER_VALUES.count(name), 1u) << name;
        const Personality own = Own(name + " = " + OTHER_VALUES.at(name) + "\n");
        // A margin of its own shows in the place of the part of the lifetime, too.
        EXPECT_EQ(DifferentLines(rfc, own), name == "renewal-margin" ? 2u : 1u) << name;
        for (size_t i = 0; i < FieldLines(rfc).size(); i++)
        {
            const bool differs = FieldLines(rfc)[i] != FieldLines(own)[i];
            EXPECT_TRUE(!differs || name == "renewal-margin" || rows.insert(i).second) << name;
        }
    }
    // All rows but the one that renewal-margin has to itself were some key's.
    EXPECT_EQ(rows.size() + 1, FieldLines(rfc).size());
}

TEST(PersonalitySection, WithoutKeysIsItsBaseUnderItsOwnName)
{
    for (const Personality& preset : AllPresets())
    {
        const Personality own = Own("base = " + preset.name + "\n");
        EXPECT_EQ(own.name, "own");
        EXPECT_EQ(DifferentLines(own, preset), 0u) << preset.name;
    }
}

TEST(PersonalitySection, KeysTakeThePlaceOfTheBases)
{
    const Personality own = Own("base = strongswan\nretransmission-first = 1.5s\n"
                                "retransmission-growth = 2\njitter = 20%\nrenewal-fuzz = 150%\n");
    EXPECT_EQ(own.retransmission.first, milliseconds(1500));
    EXPECT_EQ(own.retransmission.growth, 2.0);
    EXPECT_EQ(own.retransmission.jitter, 0.2);
    EXPECT_EQ(own.renewalFuzz, 1.5);
    EXPECT_EQ(own.retransmission.tries, 5u);
    EXPECT_EQ(own.maxQuickModes, 3u);
}

TEST(PersonalitySection, GivesItsLimitsToTheEngine)
{
    const Scenario scenario = Read("base = strongswan\nhalf-open = 12\n");
    const GatewayPlan plan = PlanGateway(scenario, *scenario.FindGateway("a"));
    EXPECT_EQ(plan.engine->limits.halfOpen, 12u);
    EXPECT_EQ(plan.engine->limits.halfOpenPerAddress, 5u);
}

TEST(PersonalitySection, GivesItsLifetimesToTunnelsThatNameNone)
{
    const Scenario scenario = Read("base = huawei\nike-lifetime = 2h\n");
    const PeerConfig peer = PlanGateway(scenario, *scenario.FindGateway("a")).engine->peers.at(0);
    EXPECT_EQ(peer.lifetime, hours(2));
    EXPECT_EQ(peer.children.at(0).lifetime, hours(1));
    EXPECT_EQ(peer.children.at(0).lifetimeKilobytes, 1843200u);
    const PeerConfig other = PlanGateway(scenario, *scenario.FindGateway("b")).engine->peers.at(0);
    EXPECT_EQ(other.lifetime, hours(24));
    EXPECT_EQ(other.children.at(0).lifetimeKilobytes, 0u);
}

TEST(PersonalitySection, LeavesLifetimesOfTheTunnelAlone)
{
    const Scenario scenario =
        Read("base = huawei\n",
             "phase1-lifetime = 3h\nphase2-lifetime = 10min\nphase2-lifesize = 0kB\n");
    const PeerConfig peer = PlanGateway(scenario, *scenario.FindGateway("a")).engine->peers.at(0);
    EXPECT_EQ(peer.lifetime, hours(3));
    EXPECT_EQ(peer.children.at(0).lifetime, minutes(10));
    EXPECT_EQ(peer.children.at(0).lifetimeKilobytes, 0u);
}

namespace
{

DpdConfig
DpdOf(const std::string& lines, const std::string& tunnelLines)
{
    const Scenario scenario = Read(lines, tunnelLines);
    return PlanGateway(scenario, *scenario.FindGateway("a")).engine->peers.at(0).dpd;
}

} // namespace

TEST(DeadPeerKeys, WithoutAnyThePersonalityDecides)
{
    EXPECT_EQ(DpdOf("", "").mode, DpdMode::Off);
    const DpdConfig dpd = DpdOf("base = junos\n", "");
    EXPECT_EQ(dpd.mode, DpdMode::OnDemand);
    EXPECT_EQ(dpd.delay, seconds(10));
    EXPECT_EQ(dpd.retry, seconds(10));
    EXPECT_EQ(dpd.tries, 5u);
    EXPECT_EQ(dpd.action, DpdAction::Hold);
}

TEST(DeadPeerKeys, OfATunnelTakeThePlaceOfThePersonalitys)
{
    const DpdConfig dpd = DpdOf("base = junos\n",
                                "dpd = always\ndpd-delay = 30s\ndpd-retry = 4s\ndpd-tries = 3\n"
                                "dpd-action = restart\n");
    EXPECT_EQ(dpd.mode, DpdMode::Always);
    EXPECT_EQ(dpd.delay, seconds(30));
    EXPECT_EQ(dpd.retry, seconds(4));
    EXPECT_EQ(dpd.tries, 3u);
    EXPECT_EQ(dpd.action, DpdAction::Restart);
    EXPECT_EQ(DpdOf("base = junos\n", "dpd = off\n").mode, DpdMode::Off);
    EXPECT_EQ(DpdOf("", "dpd-delay = 30s\n").mode, DpdMode::OnDemand);
    EXPECT_EQ(DpdOf("", "dpd = periodic\n").delay, seconds(10));
}

TEST(DeadPeerKeys, KeepUpMayDifferBetweenTheEnds)
{
    const Scenario scenario = Read("", "keep-up = true\nb.keep-up = false\n");
    EXPECT_TRUE(PlanGateway(scenario, *scenario.FindGateway("a")).engine->peers.at(0).keepUp);
    EXPECT_FALSE(PlanGateway(scenario, *scenario.FindGateway("b")).engine->peers.at(0).keepUp);
}

TEST(PersonalityMistakes, GiveOneLineWithPlaceKeyReasonAndWhatIsAllowed)
{
    const std::map<std::string, std::string> mistakes = {
        {"base = charon",
         "x.ini:12: personality.own.base: 'charon' is not a personality; allowed are: rfc, junos, "
         "huawei, solaris, cisco-ios, racoon, strongswan, libreswan, isakmpd, windows"},
        {"retransmission-first = 4",
         "x.ini:12: personality.own.retransmission-first: '4' is not a time; allowed: a number "
         "with "
         "ns, us, ms, s, min, h or d, such as 20ms"},
        {"retransmission-first = 0s",
         "x.ini:12: personality.own.retransmission-first: '0s' is out of range; allowed: more than "
         "0s, at most 24h"},
        {"retransmission-growth = 0.9",
         "x.ini:12: personality.own.retransmission-growth: '0.9' is not a number from 1 to 10, "
         "such "
         "as 1.8"},
        {"retransmission-growth = fast",
         "x.ini:12: personality.own.retransmission-growth: 'fast' is not a number from 1 to 10, "
         "such as 1.8"},
        {"retransmission-tries = 101",
         "x.ini:12: personality.own.retransmission-tries: '101' is not a number from 0 to 100"},
        {"jitter = 95%",
         "x.ini:12: personality.own.jitter: '95%' is out of range; allowed: 0% to 90%"},
        {"renewal-at = 0%",
         "x.ini:12: personality.own.renewal-at: '0%' is at once; allowed: more than 0%, at most "
         "100%"},
        {"uniqueness = yes",
         "x.ini:12: personality.own.uniqueness: 'yes' is not known; allowed: no, keep, replace, "
         "never"},
        {"fragment-size = 100B",
         "x.ini:12: personality.own.fragment-size: '100B' is out of range; allowed: 128B to "
         "65535B"},
        {"dpd-first-sequence = 2147483648",
         "x.ini:12: personality.own.dpd-first-sequence: '2147483648' is not a number from 0 to "
         "2147483647"},
        {"longest-pause = 1s",
         "x.ini:11: personality.own: its values: the longest pause before a negotiation is "
         "repeated "
         "is shorter than the first"},
    };
    for (const auto& [line, message] : mistakes)
    {
        EXPECT_EQ(Refusal(line + "\n"), message);
    }
    EXPECT_EQ(
        Refusal("", "dpd = on\n"),
        "x.ini:11: tunnel.ab.dpd: 'on' is not known; allowed: off, on-demand, periodic, always");
    EXPECT_EQ(Refusal("", "dpd-tries = 0\n"),
              "x.ini:11: tunnel.ab.dpd-tries: '0' is not a number from 1 to 100");
    EXPECT_EQ(Refusal("", "dpd-delay = 25h\n"),
              "x.ini:8: tunnel.ab: peer 'b': the delay of dead peer detection must be longer than "
              "nothing and at most a day");
}

TEST(PersonalityMistakes, NamesAreThoseOfPresetsAndSections)
{
    std::string text = WithOwn("");
    text.replace(text.find("personality = own"), 17, "personality = ow");
    EXPECT_EQ(ScenarioRefusal(text),
              "x.ini:4: gateway.a.personality: 'ow' is not a personality; allowed are: rfc, "
              "junos, huawei, solaris, cisco-ios, racoon, strongswan, libreswan, isakmpd, "
              "windows, own");
    EXPECT_EQ(Refusal("[personality junos]\n"),
              "x.ini:12: personality.junos: is the name of a preset; allowed: any other");
}

TEST(PersonalityTable, HasARowPerFieldAndFiveColumnsWithin120Characters)
{
    std::istringstream in(PersonalityTable(AllPresets()));
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);)
    {
        EXPECT_LE(line.size(), 120u) << line;
        lines.push_back(line);
    }
    const auto has = [&lines](const std::string& wanted)
    { return std::find(lines.begin(), lines.end(), wanted) != lines.end(); };
    const std::string pad(50 - 11, ' ');
    EXPECT_TRUE(has("Personality" + pad +
                    "rfc           junos         huawei        solaris       cisco-ios"));
    EXPECT_TRUE(has("Personality" + pad +
                    "racoon        strongswan    libreswan     isakmpd       windows"));
    EXPECT_TRUE(has("  first wait (s)" + std::string(34, ' ') +
                    "10            4             0.5           7             1"));
    EXPECT_TRUE(has("  gives up after (s)" + std::string(30, ' ') +
                    "60            165.061       32            40            127"));
    EXPECT_TRUE(has("  half-open exchanges" + std::string(29, ' ') +
                    "25000         no limit      50000         25000         25000"));
}
