// SPDX-License-Identifier: GPL-2.0-only
// What becomes of messages: when they arrive and when they are handled, and what is lost, refused,
// or on its way at the end.
#include "sample-run-record.h"

#include "ns3/ipsec-ladder.h"
#include "ns3/ipsec-message-matcher.h"
#include "ns3/ipsec-report-displays.h"
#include "ns3/ipsec-report-files.h"
#include "ns3/ipsec-report-json.h"
#include "ns3/ipsec-scenario-reader.h"
#include "ns3/ipsec-scenario-runner.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace
{

using namespace ns3::ipsec;
using std::chrono::milliseconds;

constexpr Duration TRANSIT = milliseconds(20);

// -------------------------------------------------------------------------------------------------
// Which copy it was that arrived
// -------------------------------------------------------------------------------------------------

/// A message that arrives @p transit after it was sent, if at all.
MessageRecord
Sent(MessageMatcher& matcher, int64_t at, Duration transit = TRANSIT)
{
    MessageRecord message = Message(true, ExchangeType::MainMode, 0, 100);
    message.latestArrival = At(at) + transit;
    matcher.Sent(At(at), message);
    return message;
}

TEST(MessageMatcher, TakesTheCopyWhoseTransitFits)
{
    MessageMatcher matcher;
    const MessageRecord message = Sent(matcher, 0);
    Sent(matcher, 1000);
    // The first was lost: it had its time.
    matcher.Received(At(1020), message, TRANSIT);
    const std::vector<MessageRecord> messages = matcher.Take(At(5000));
    EXPECT_TRUE(messages[0].IsLost());
    EXPECT_EQ(messages[1].receivedAt, At(1020));
}

TEST(MessageMatcher, TakesTheOldestOfCopiesThatMayArrive)
{
    MessageMatcher matcher;
    // A slow link: both are on their way at once, and keep their order.
    const MessageRecord message = Sent(matcher, 0, milliseconds(3000));
    Sent(matcher, 1000, milliseconds(3000));
    matcher.Received(At(2500), message, TRANSIT);
    matcher.Received(At(3500), message, TRANSIT);
    const std::vector<MessageRecord> messages = matcher.Take(At(5000));
    ASSERT_EQ(messages.size(), 2u);
    EXPECT_EQ(messages[0].receivedAt, At(2500));
    EXPECT_EQ(messages[1].receivedAt, At(3500));
}

TEST(MessageMatcher, PassesOverTheCopyThatItsLinkLost)
{
    MessageMatcher matcher;
    const MessageRecord message = Message(true, ExchangeType::MainMode, 0, 100);
    matcher.Dropped(At(0), MessageContent(message.summary), message.from);
    Sent(matcher, 0, milliseconds(3000));
    Sent(matcher, 1000, milliseconds(3000));
    matcher.Received(At(1500), message, TRANSIT);
    const std::vector<MessageRecord> messages = matcher.Take(At(1600));
    EXPECT_TRUE(messages[0].IsLost()) << "and not on its way";
    EXPECT_EQ(messages[1].receivedAt, At(1500));
}

TEST(MessageMatcher, ALinkLosesWhatWaitedForItToo)
{
    MessageMatcher matcher;
    const MessageRecord message = Sent(matcher, 0, milliseconds(3000));
    matcher.Dropped(At(700), MessageContent(message.summary), message.from);
    Sent(matcher, 1000, milliseconds(3000));
    const std::vector<MessageRecord> messages = matcher.Take(At(1500));
    EXPECT_TRUE(messages[0].IsLost());
    EXPECT_FALSE(messages[1].IsLost());
    EXPECT_TRUE(messages[1].isUnderway);
}

TEST(MessageMatcher, WhatCannotHaveArrivedIsOnItsWay)
{
    MessageMatcher matcher;
    Sent(matcher, 0);
    Sent(matcher, 1000);
    const std::vector<MessageRecord> messages = matcher.Take(At(1010));
    EXPECT_TRUE(messages[0].IsLost());
    EXPECT_FALSE(messages[1].IsLost());
    EXPECT_TRUE(messages[1].isUnderway);
}

// The queue of the processor is longer than the repeat timer.
TEST(MessageMatcher, EachCopyIsHandledInItsTurn)
{
    MessageMatcher matcher;
    MessageRecord message = Sent(matcher, 0);
    Sent(matcher, 1000);
    message.isWaiting = true;
    matcher.Received(At(20), message, TRANSIT);
    matcher.Received(At(1020), message, TRANSIT);
    matcher.Received(At(1021), message, TRANSIT);
    matcher.Received(At(1022), message, TRANSIT);
    matcher.Refused(At(1022), message);
    matcher.Handled(At(1500), At(20), message);
    matcher.Handled(At(1700), At(1021), message);
    const std::vector<MessageRecord> messages = matcher.Take(At(5000));
    ASSERT_EQ(messages.size(), 4u);
    EXPECT_TRUE(messages[3].isRefused);
    EXPECT_FALSE(messages[3].isWaiting);
    EXPECT_EQ(messages[0].receivedAt, At(20));
    EXPECT_EQ(messages[0].handledAt, At(1500));
    // Its node crashed before.
    EXPECT_EQ(messages[1].receivedAt, At(1020));
    EXPECT_EQ(messages[1].handledAt, std::nullopt);
    EXPECT_TRUE(messages[1].isWaiting);
    EXPECT_TRUE(messages[2].isNetworkCopy);
    EXPECT_EQ(messages[2].handledAt, At(1700));
}

TEST(MessageMatcher, CountsTheSameOfMessagesThatAreNotKept)
{
    const MessageSummary message = Message(true, ExchangeType::MainMode, 0, 100).summary;
    MessageMatcher matcher;
    matcher.CountSent(At(0), message, "fw-a", At(20));
    matcher.CountSent(At(1000), message, "fw-a", At(1020));
    MessageSummary other = message;
    other.octets++;
    matcher.CountSent(At(1000), other, "fw-a", At(1020));
    matcher.CountReceived(At(1020), other, "fw-a");
    matcher.CountRefused();
    EXPECT_EQ(matcher.Counts(At(1010)).lost, 1u);
    EXPECT_EQ(matcher.Counts(At(1010)).underway, 1u);
    EXPECT_EQ(matcher.Counts(At(1010)).refused, 1u);
    EXPECT_EQ(matcher.Counts(At(1030)).lost, 2u);
    EXPECT_EQ(matcher.Counts(At(1030)).underway, 0u);
}

// -------------------------------------------------------------------------------------------------
// Runs
// -------------------------------------------------------------------------------------------------

/// Branches that all call a hub whose processor needs 300 ms for each message, over 20 ms.
RunRecord
RunHub(const std::string& cpu, const std::vector<std::string>& overrides = {})
{
    return RunScenario(ReadScenarioText(
        "[simulation]\nstop = 40s\n[internet]\ndelay = 20ms\n"
        "[cpu slow]\nper-input = 300ms\n" +
            cpu +
            "[gateway hub]\naddress = 192.0.2.1\nlan = 10.0.0.0/24\ncpu = slow\n"
            "[branches shop]\ncount = 12\nhub = hub\naddresses = 198.18.0.0/24\n"
            "lans = 172.16.0.0/16\nphase1-proposals = pre-g2-aes128-sha\n"
            "phase2-proposals = nopfs-esp-aes128-sha\n[output]\nshow-branches = 12\n",
        "x.ini",
        overrides));
}

TEST(MessageArrival, IsAtThePortAndNotBehindTheQueue)
{
    const RunRecord record = RunHub("");
    size_t waited = 0;
    ASSERT_GT(record.messages.size(), 100u);
    for (const MessageRecord& message : record.messages)
    {
        ASSERT_TRUE(message.sentAt && message.receivedAt);
        EXPECT_EQ(*message.receivedAt - *message.sentAt, TRANSIT) << SecondsText(*message.sentAt);
        EXPECT_FALSE(message.isNetworkCopy);
        EXPECT_EQ(message.handledAt.has_value(), message.to == "hub" && !message.isWaiting);
        waited += message.handledAt && *message.handledAt > *message.receivedAt ? 1 : 0;
    }
    EXPECT_GT(waited, 50u);
    EXPECT_EQ(record.LostMessageCount(), 0u);
    const std::string text = ReportText(record);
    EXPECT_NE(text.find(", handled at "), std::string::npos);
    EXPECT_EQ(text.find("LOST"), std::string::npos);
}

// The repeat timer is one second; the last of twelve first messages waits for 3.3 s.
TEST(MessageArrival, BelongsToItsOwnCopyBehindAQueueLongerThanTheTimer)
{
    const RunRecord record = RunHub("");
    EXPECT_GT(record.RetransmissionCount(), 0u);
    // What was sent earlier is handled earlier, if it came from the same place.
    std::map<std::string, Instant> last;
    size_t handled = 0;
    for (const MessageRecord& message : record.messages)
    {
        if (message.handledAt)
        {
            EXPECT_GE(*message.handledAt, last[message.from]);
            last[message.from] = *message.handledAt;
            handled++;
        }
    }
    EXPECT_GT(handled, 20u);
}

TEST(MessageArrival, WhatAFullProcessorRefusesIsNotLost)
{
    for (const char* shown : {"output.show-branches=12", "output.show-branches=0"})
    {
        const RunRecord record = RunHub("queue-limit = 2\n", {shown});
        EXPECT_EQ(record.LostMessageCount(), 0u) << shown;
        EXPECT_GT(record.RefusedMessageCount(), 5u);
        EXPECT_EQ(record.RefusedMessageCount(), record.DropCount(Fault::CpuOverload)) << shown;
        const std::string json = ReportJson(record);
        EXPECT_NE(json.find("\"lost\": 0,"), std::string::npos) << shown;
        EXPECT_NE(json.find("\"refused\": " + std::to_string(record.DropCount(Fault::CpuOverload))),
                  std::string::npos);
        for (const MessageRecord& message : record.messages)
        {
            EXPECT_EQ(*message.receivedAt - *message.sentAt, TRANSIT);
        }
    }
    const RunRecord record = RunHub("queue-limit = 2\n");
    EXPECT_NE(ReportText(record).find("refused: CpuOverload"), std::string::npos);
    EXPECT_EQ(ReportText(record).find("LOST"), std::string::npos);
    EXPECT_NE(ReportHtml(record, {}).find(" refused by a full processor"), std::string::npos);
    EXPECT_NE(ReportHtml(record, {}).find(", refused: CpuOverload</span>"), std::string::npos);
}

TEST(MessageArrival, CrashOrEndLeaveUnhandledWhatWaits)
{
    const RunRecord record = RunHub("[event gone]\nkind = crash\ntarget = hub\nat = 1s\n", {});
    const auto waiting = std::count_if(record.messages.begin(),
                                       record.messages.end(),
                                       [](const MessageRecord& one) { return one.isWaiting; });
    EXPECT_GT(waiting, 5);
    EXPECT_NE(ReportText(record).find("never handled"), std::string::npos);
    EXPECT_NE(LadderSvg(MakeLadders(record), "x").find("never handled"), std::string::npos);
}

/// Two gateways, 20 ms apart, that begin after 1 s.
RunRecord
RunPair(const std::string& more, const std::vector<std::string>& overrides)
{
    return RunScenario(ReadScenarioText(
        "[internet]\ndelay = 20ms\n"
        "[gateway fw-a]\naddress = 1.1.1.1\nlan = 10.1.0.0/24\n"
        "[gateway fw-b]\naddress = 2.2.2.2\nlan = 10.2.0.0/24\n"
        "[tunnel ab]\nbetween = fw-a, fw-b\npre-shared-key = k\nstart = auto\nstart-at = 1s\n"
        "phase1-proposals = pre-g2-aes128-sha\nphase2-proposals = nopfs-esp-aes128-sha\n" +
            more,
        "x.ini",
        overrides));
}

TEST(MessageArrival, WhatIsOnItsWayAtTheEndIsNotLost)
{
    const RunRecord record = RunPair("", {"simulation.stop=1010ms"});
    ASSERT_EQ(record.messages.size(), 1u);
    EXPECT_EQ(record.LostMessageCount(), 0u);
    EXPECT_EQ(record.UnderwayMessageCount(), 1u);
    const std::string text = ReportText(record);
    EXPECT_NE(text.find("on its way at the end"), std::string::npos) << text;
    EXPECT_EQ(text.find("LOST"), std::string::npos) << text;
    const std::string svg = LadderSvg(MakeLadders(record), "x");
    EXPECT_NE(svg.find(">on its way</text>"), std::string::npos);
    const std::string page = ReportHtml(record, {});
    EXPECT_NE(page.find("0 IKE messages; 1 on their way at the end"), std::string::npos);
    EXPECT_NE(page.find(", on its way at the end</span>"), std::string::npos);
    const std::string json = ReportJson(record);
    EXPECT_NE(json.find("\"lost\": 0,"), std::string::npos);
    EXPECT_NE(json.find("\"underway\": 1,"), std::string::npos);
}

TEST(MessageArrival, WhatItsLinkLostIsLostUpToTheEnd)
{
    const RunRecord record = RunPair("", {"simulation.stop=1010ms", "internet.loss=100%"});
    ASSERT_EQ(record.messages.size(), 1u);
    EXPECT_EQ(record.LostMessageCount(), 1u);
    EXPECT_EQ(record.UnderwayMessageCount(), 0u);
}

TEST(MessageArrival, ASlowLinkAndJitterAreOnTheWayToo)
{
    // 300 octets take 0.3 s.
    const RunRecord slow = RunPair("", {"simulation.stop=1150ms", "internet.rate=8kbps"});
    EXPECT_EQ(slow.LostMessageCount(), 0u);
    EXPECT_EQ(slow.UnderwayMessageCount(), 1u);
    const RunRecord jitter = RunPair("", {"simulation.stop=1021ms", "internet.jitter=900ms"});
    EXPECT_EQ(jitter.LostMessageCount(), 0u);
    EXPECT_EQ(jitter.UnderwayMessageCount(), 1u);
}

// -------------------------------------------------------------------------------------------------
// What reports say of all tunnels together, and of keepalives
// -------------------------------------------------------------------------------------------------

/// Returns what the page says of the tunnels.
std::string
TunnelsFact(const RunRecord& record)
{
    const std::string page = ReportHtml(record, {});
    const std::string name = "<dt>Tunnels</dt><dd>";
    const size_t begin = page.find(name) + name.size();
    return page.substr(begin, page.find("</dd>", begin) - begin);
}

TEST(TunnelsOfAPage, SayWhatCameAfterAllWereUp)
{
    EXPECT_EQ(TunnelsFact(RunPair("", {"simulation.stop=60s"})),
              "1 of 1 up at the end; all up for the first time at 1.180 s, and without an outage");
    const std::string crash = "[event out]\nkind = crash\ntarget = fw-a\nat = 30s\nfor = 5s\n";
    EXPECT_EQ(TunnelsFact(RunPair(crash, {"simulation.stop=33s"})),
              "0 of 1 up at the end; all up for the first time at 1.180 s; 1 outage, the longest "
              "3.000 s");
    EXPECT_EQ(TunnelsFact(RunPair("", {"simulation.stop=1100ms"})),
              "0 of 1 up at the end; never all at once");
}

TEST(Ladder, KeepalivesAreCountedByPeer)
{
    RunRecord record = Sample();
    record.nodes[0].keepAlives = 12;
    record.nodes[0].peerKeepAlives = {{At(100), "fw-b", 5, 1}, {At(200), "fw-c", 7, 2}};
    const std::string text = LadderText(MakeLadders(record).at(0));
    EXPECT_NE(text.find("NAT keepalive, the first of 5"), std::string::npos) << text;
}

TEST(Ladder, KeepalivesOfARunAreCountedByPeer)
{
    const std::string peer = "\nbetween = home, ";
    const std::string how = "\nhome.id = home@example.com\npre-shared-key = k\nstart = auto\n"
                            "mode = aggressive\n"
                            "phase1-proposals = pre-g2-aes128-sha\n"
                            "phase2-proposals = nopfs-esp-aes128-sha\n";
    const RunRecord record = RunScenario(ReadScenarioText(
        "[simulation]\nstop = 100s\n[nat box]\naddress = 203.0.113.1\nlan = 192.168.1.0/24\n"
        "[gateway b]\naddress = 2.2.2.2\nlan = 10.2.0.0/24\n"
        "[gateway c]\naddress = 3.3.3.3\nlan = 10.3.0.0/24\n"
        "[gateway home]\nbehind = box\naddress = 192.168.1.2\nlan = 10.1.0.0/24\n"
        "[tunnel hb]" +
            peer + "b" + how + "[tunnel hc]" + peer + "c" + how + "start-at = 50s\n",
        "x.ini"));
    const NodeRecord& home = *record.FindNode("home");
    ASSERT_EQ(home.peerKeepAlives.size(), 2u);
    EXPECT_GT(home.peerKeepAlives[0].count, home.peerKeepAlives[1].count);
    EXPECT_GT(home.peerKeepAlives[1].count, 0u);
    EXPECT_EQ(home.peerKeepAlives[0].count + home.peerKeepAlives[1].count, home.keepAlives);
}

} // namespace
