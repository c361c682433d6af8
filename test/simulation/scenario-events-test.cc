// SPDX-License-Identifier: GPL-2.0-only
// [event NAME]: what happens in a run, and what stands in its record.
#include "scenario-refusal.h"

#include "ns3/ipsec-ladder.h"
#include "ns3/ipsec-report-json.h"
#include "ns3/ipsec-scenario-reader.h"
#include "ns3/ipsec-scenario-runner.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

const char BASE[] = "[simulation]\nstop = 60s\n"
                    "[gateway a]\naddress = 1.1.1.1\nlan = 10.1.0.0/24\n"
                    "[gateway b]\naddress = 2.2.2.2\nlan = 10.2.0.0/24\n"
                    "[tunnel ab]\nbetween = a, b\npre-shared-key = k\nstart = auto\n"
                    "[traffic ping]\nfrom = pc-a\nto = pc-b\ncount = 50\ninterval = 1s\n";

RunRecord
RunWith(const std::string& events, const std::vector<std::string>& overrides = {})
{
    return RunScenario(ReadScenarioText(BASE + events, "x.ini", overrides));
}

uint64_t
Answered(const RunRecord& record)
{
    return record.traffic.at(0).received;
}

/// Writes what happened: "crash a@10.0 restart a@12.0".
std::string
Story(const RunRecord& record)
{
    std::string story;
    for (const EventRecord& event : record.events)
    {
        story += (story.empty() ? "" : " ") + event.kind + " " + event.target + "@" +
                 SecondsText(event.at, 1);
    }
    return story;
}

std::string
Refusal(const std::string& events)
{
    return ScenarioRefusal(BASE + events);
}

bool
Holds(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

TEST(ScenarioEvents, ALinkGoesDownAndComesBack)
{
    const RunRecord record =
        RunWith("[event cut]\nat = 10.5s\nkind = link-down\ntarget = a\nfor = 5s\n");
    EXPECT_EQ(Story(record), "link-down a@10.5 link-up a@15.5");
    EXPECT_EQ(Answered(record), 45u);
}

TEST(ScenarioEvents, LinkUpIsAnEventOfItsOwn)
{
    const RunRecord record = RunWith("[event cut]\nat = 10.5s\nkind = link-down\ntarget = b\n"
                                     "[event mend]\nat = 20.5s\nkind = link-up\ntarget = b\n");
    EXPECT_EQ(Story(record), "link-down b@10.5 link-up b@20.5");
    EXPECT_EQ(Answered(record), 40u);
}

TEST(ScenarioEvents, EventsRepeat)
{
    const RunRecord record = RunWith("[event cut]\nat = 5.5s\nkind = link-down\ntarget = a\n"
                                     "for = 1s\nrepeat = 4\nevery = 10s\n");
    EXPECT_EQ(record.events.size(), 8u);
    EXPECT_EQ(Answered(record), 46u);
}

// F34: the link of one or the other end fails ten times a second for half a minute.
TEST(ScenarioEvents, AFlappingLinkLeavesOneTunnelBehind)
{
    const RunRecord record = RunWith("[event flap]\nat = random 100ms..150ms\nkind = link-down\n"
                                     "target = random\nfor = 50ms\nrepeat = 300\n"
                                     "every = 100ms\n");
    EXPECT_EQ(record.events.size(), 600u);
    for (const NodeRecord& node : record.nodes)
    {
        size_t living = 0;
        for (const IpsecSaRecord& sa : node.ipsecSas)
        {
            living += sa.removedAt ? 0 : 1;
        }
        EXPECT_EQ(living, 2u) << node.name;
        EXPECT_EQ(node.ikeSas.size(), 1u) << node.name;
    }
    EXPECT_GT(Answered(record), 25u);
}

TEST(ScenarioEvents, ALinkChangesAndIsAsBefore)
{
    const RunRecord record = RunWith(
        "[event bad]\nat = 10.5s\nkind = link\ntarget = internet\nloss = 100%\nfor = 10s\n");
    EXPECT_EQ(Answered(record), 40u);
    EXPECT_EQ(record.events.at(0).detail, "loss 100%");
    const RunRecord slow =
        RunWith("[event slow]\nat = 10.5s\nkind = link\ntarget = a\ndelay = 500ms\nfor = 10s\n");
    // Added both ways.
    EXPECT_GT(*slow.traffic.at(0).MaximumRoundTrip(), std::chrono::seconds(1));
    EXPECT_LT(*slow.traffic.at(0).MinimumRoundTrip(), std::chrono::milliseconds(100));
    EXPECT_EQ(Answered(slow), 50u);
}

TEST(ScenarioEvents, PartsOfTheInternetDoNotReachEachOther)
{
    const RunRecord record =
        RunWith("[event split]\nat = 10.5s\nkind = partition\ntarget = a\npart = 1\nfor = 10s\n");
    EXPECT_EQ(Answered(record), 40u);
}

// F27
TEST(ScenarioEvents, AGatewayCrashesAndItsAutomaticTunnelsStartAgain)
{
    const RunRecord record =
        RunWith("[event boom]\nat = 10.5s\nkind = crash\ntarget = a\nfor = 5s\n");
    EXPECT_EQ(Story(record), "crash a@10.5 restart a@15.5");
    const NodeRecord& node = *record.FindNode("a");
    EXPECT_EQ(node.ikeSas.size(), 2u);
    EXPECT_EQ(node.ikeSas[0].reason, Fault::NodeDown);
    EXPECT_EQ(node.ipsecSas.size(), 4u);
    EXPECT_EQ(Answered(record), 45u);
}

TEST(ScenarioEvents, RestartOfAWorkingGatewayCrashesItFirst)
{
    const RunRecord record = RunWith("[event again]\nat = 10.5s\nkind = restart\ntarget = a\n");
    EXPECT_EQ(Story(record), "restart a@10.5");
    EXPECT_EQ(record.FindNode("a")->ikeSas.size(), 2u);
    EXPECT_EQ(Answered(record), 50u);
}

TEST(ScenarioEvents, AGatewayEndsInOrderAndStarts)
{
    const RunRecord record = RunWith("[event off]\nat = 10.5s\nkind = stop\ntarget = a\n"
                                     "[event on]\nat = 20.5s\nkind = start\ntarget = a\n");
    EXPECT_EQ(Story(record), "stop a@10.5 start a@20.5");
    EXPECT_EQ(Answered(record), 40u);
    // The peer heard of it.
    EXPECT_EQ(record.FindNode("b")->ikeSas.at(0).endedAt.has_value(), true);
}

TEST(ScenarioEvents, AnAddressChangesAndChangesBack)
{
    const RunRecord record = RunWith("[event move]\nat = 10.5s\nkind = address-change\n"
                                     "target = a\naddress = 1.1.1.99\nfor = 10s\n");
    EXPECT_EQ(Story(record), "address-change a@10.5 address-change a@20.5");
    EXPECT_EQ(record.events.at(0).detail, "from 1.1.1.1 to 1.1.1.99");
    EXPECT_GT(record.FindNode("b")->dropCounts.at(Fault::UnknownPeer), 0u);
    EXPECT_GT(Answered(record), 30u);
}

// What a slow processor still works on when the address changes belongs to the old one.
TEST(ScenarioEvents, AnAddressThatChangesOvertakesNoSas)
{
    const RunRecord record = RunWith("[cpu slow]\ndh-derive = g2 3s\n"
                                     "[event move]\nat = 2500ms\nkind = address-change\n"
                                     "target = a\naddress = 1.1.1.99\n",
                                     {"gateway.a.cpu=slow",
                                      "tunnel.ab.mode=aggressive",
                                      "tunnel.ab.phase1-proposals=pre-g2-aes128-sha",
                                      "tunnel.ab.b.peer-address=any",
                                      "tunnel.ab.a.id=a.example.com"});
    const NodeRecord& node = *record.FindNode("a");
    ASSERT_EQ(node.ikeSas.size(), 1u);
    EXPECT_EQ(node.ikeSas[0].info.local.address, IpAddress::Parse("1.1.1.99"));
    ASSERT_EQ(node.ipsecSas.size(), 2u);
    for (const IpsecSaRecord& sa : node.ipsecSas)
    {
        EXPECT_EQ(sa.sa.local.address, IpAddress::Parse("1.1.1.99"));
    }
    EXPECT_GT(Answered(record), 40u);
}

// A renewal of which nobody heard anything is tried again while the old SAs carry the traffic.
TEST(ScenarioEvents, ALinkThatIsCutOverARenewalCostsNothingAfterwards)
{
    // Renewed at 700 s; the other end would do so at 970 s.
    const RunRecord record = RunWith("[personality early]\nrenewal-margin = 300s\n"
                                     "responder-margin = 10%\n"
                                     "[event cut]\nat = 690500ms\nkind = link-down\ntarget = a\n"
                                     "for = 90s\n",
                                     {"gateway.a.personality=early",
                                      "gateway.b.personality=early",
                                      "tunnel.ab.phase2-lifetime=1000s",
                                      "simulation.stop=1110s",
                                      "traffic.ping.count=1100"});
    std::vector<Duration> installed;
    for (const IpsecSaRecord& sa : record.FindNode("a")->ipsecSas)
    {
        if (sa.sa.direction == SaDirection::Inbound)
        {
            installed.push_back(sa.installedAt.time_since_epoch());
        }
    }
    ASSERT_EQ(installed.size(), 2u);
    EXPECT_GT(installed[1], std::chrono::seconds(780));
    EXPECT_LT(installed[1], std::chrono::seconds(800));
    EXPECT_EQ(Answered(record), 1100u - 90u);
}

// F39
TEST(ScenarioEvents, AKeyIsRemovedWhileTheTunnelIsUp)
{
    const RunRecord record =
        RunWith("[event gone]\nat = 10.5s\nkind = remove-key\ntarget = a\npeer = b\n"
                "[event end]\nat = 20.5s\nkind = stop-tunnel\ntarget = ab\n");
    // Until it ends.
    EXPECT_EQ(Answered(record), 20u);
    const std::vector<FailureRecord>& failures = record.FindNode("a")->failures;
    ASSERT_FALSE(failures.empty());
    EXPECT_EQ(failures.front().reason, Fault::NoKey);
}

// F31: lifetimes do not follow the calendar, certificates do.
TEST(ScenarioEvents, AClockThatJumpsSpoilsCertificatesOnly)
{
    const std::string rsa =
        "[event end]\nat = 30.5s\nkind = stop-tunnel\ntarget = ab\n"
        "[event jump]\nat = 10.5s\nkind = clock\ntarget = a\njump = 2038-01-19T03:14:08Z\n";
    const std::vector<std::string> certificates{"tunnel.ab.phase1-proposals=rsa-g2-aes128-sha"};
    const RunRecord record = RunWith(rsa, certificates);
    EXPECT_EQ(Answered(record), 30u);
    EXPECT_EQ(record.FindNode("a")->ikeSas.size(), 1u);
    const auto& drops = record.FindNode("a")->dropCounts;
    EXPECT_GT(drops.count(Fault::CertificateExpired), 0u);
    const RunRecord hour = RunWith("[event end]\nat = 30.5s\nkind = stop-tunnel\ntarget = ab\n"
                                   "[event jump]\nat = 10.5s\nkind = clock\ntarget = all\n"
                                   "jump = -1h\n",
                                   certificates);
    EXPECT_GE(Answered(hour), 49u);
}

TEST(ScenarioEvents, ChanceComesFromTheSeed)
{
    const std::string random = "[event cut]\nat = random 5s..40s\nkind = link-down\n"
                               "target = random\nfor = 1s\nrepeat = 5\nevery = 2s\n";
    const std::string story = Story(RunWith(random));
    EXPECT_EQ(story, Story(RunWith(random)));
    EXPECT_NE(story, Story(RunWith(random, {"simulation.seed=2"})));
    EXPECT_NE(story, Story(RunWith(random, {"simulation.run=2"})));
    EXPECT_TRUE(Holds(story, "link-down a@")) << story;
    EXPECT_TRUE(Holds(story, "link-down b@")) << story;
}

TEST(ScenarioEvents, OneMoreLeavesTheOthersAlone)
{
    const std::string one = "[event cut]\nat = random 5s..40s\nkind = link-down\ntarget = a\n";
    const std::string two = "[event zap]\nat = random 5s..40s\nkind = link-down\ntarget = b\n";
    EXPECT_TRUE(Holds(Story(RunWith(one + two)), Story(RunWith(one))));
}

TEST(ScenarioEvents, HappenToAllAtTheirOwnInstants)
{
    const RunRecord record =
        RunWith("[event cut]\nat = random 5s..40s\nkind = link-down\ntarget = all\nfor = 1s\n");
    ASSERT_EQ(record.events.size(), 4u);
    EXPECT_NE(record.events[0].at, record.events[2].at);
}

TEST(ScenarioEvents, StandInResultsAndLadder)
{
    const RunRecord record =
        RunWith("[event boom]\nat = 10.5s\nkind = crash\ntarget = b\nfor = 5s\n");
    const std::string json = ReportJson(record);
    EXPECT_TRUE(Holds(json, "\"kind\": \"crash\"")) << json.substr(json.size() - 600);
    EXPECT_TRUE(Holds(json, "\"target\": \"b\""));
    const std::string ladder = LadderText(MakeLadders(record).at(0));
    EXPECT_TRUE(Holds(ladder, "EVENT crash b *")) << ladder;
    EXPECT_TRUE(Holds(ladder, "EVENT restart b *")) << ladder;
}

TEST(ScenarioEventMistakes, GiveOneLineWithKeyReasonAndWhatIsAllowed)
{
    struct Row
    {
        const char* event;
        const char* message;
    };

    const Row rows[] = {
        {"at = 1s\nkind = explode\ntarget = a\n",
         "event.e.kind: 'explode' is not known; allowed: start-tunnel, stop-tunnel, link-down, "
         "link-up, link, partition, crash, restart, stop, start, address-change, clock, lose, "
         "remove-key, nat-reboot, nat-rebind, nat-address, connect, disconnect, roam"},
        {"at = 1s\nkind = crash\ntarget = c\n",
         "event.e.target: there is no gateway 'c'; allowed: all, random, a, b"},
        {"at = 1s\nkind = crash\ntarget = internet\n",
         "event.e.target: there is no gateway 'internet'; allowed: all, random, a, b"},
        {"at = 1s\nkind = link\ntarget = a\n",
         "event.e.kind: is link, but nothing changes; write delay, jitter, loss, reorder, "
         "duplicate, corrupt or rate"},
        {"at = 1s\nkind = crash\ntarget = a\nloss = 1%\n",
         "event.e.loss: says nothing of crash; allowed with: link"},
        {"at = 1s\nkind = clock\ntarget = a\n", "event.e.jump: is missing; clock needs it"},
        {"at = 1s\nkind = address-change\ntarget = all\naddress = 9.9.9.9\n",
         "event.e.target: there is no gateway 'all'; allowed: a, b"},
        {"at = 1s\nkind = address-change\ntarget = a\naddress = 2.2.2.2\n",
         "event.e.address: '2.2.2.2' is in use at 'b'; allowed: an address of its own"},
        {"at = random 9s\nkind = crash\ntarget = a\n",
         "event.e.at: 'random 9s' is no range; allowed: random TIME..TIME, such as random "
         "10s..50s"},
        {"at = random 9s..3s\nkind = crash\ntarget = a\n",
         "event.e.at: 'random 9s..3s' ends before it begins; allowed: the earlier time first"},
        {"at = random 9s..90s\nkind = crash\ntarget = a\n",
         "event.e.at: is not before the end of the run"},
        {"at = 9s\nkind = crash\ntarget = a\nrepeat = 3\n",
         "event.e.repeat: says how often, but not how far apart; write every = TIME"},
        {"at = 9s\nkind = crash\ntarget = a\nrepeat = 3\nevery = 40s\n",
         "event.e.repeat: the last repetition is not before the end of the run"},
        {"at = 9s\nkind = remove-key\ntarget = a\npeer = z\n",
         "event.e.peer: there is no gateway 'z'; allowed: a, b"},
    };
    for (const Row& row : rows)
    {
        const std::string line = Refusal(std::string("[event e]\n") + row.event);
        EXPECT_EQ(line.substr(std::min(line.size(), line.find(": ") + 2)), row.message);
        EXPECT_EQ(line.rfind("x.ini:", 0), 0u) << line;
    }
}

} // namespace ipsec
} // namespace ns3
