// SPDX-License-Identifier: GPL-2.0-only
// Where messages get lost, and those that arrive where nobody listens: how reports hear of both,
// and that all that was sent is accounted for.
#include "sample-run-record.h"

#include "ns3/ipsec-ladder.h"
#include "ns3/ipsec-message-matcher.h"
#include "ns3/ipsec-packet-message.h"
#include "ns3/ipsec-report-displays.h"
#include "ns3/ipsec-report-files.h"
#include "ns3/ipsec-report-json.h"
#include "ns3/ipsec-scenario-reader.h"
#include "ns3/ipsec-scenario-runner.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace
{

using namespace ns3::ipsec;
using std::chrono::milliseconds;

constexpr Duration TRANSIT = milliseconds(20);

// -------------------------------------------------------------------------------------------------
// Which copy it was that somebody lost, or that nobody heard
// -------------------------------------------------------------------------------------------------

const MessageRecord MESSAGE = Message(true, ExchangeType::MainMode, 0, 100);
const MessageContent CONTENT(MESSAGE.summary);

/// A message that arrives @p transit after it was sent, if at all.
void
Send(MessageMatcher& matcher, int64_t at, Duration transit)
{
    MessageRecord message = MESSAGE;
    message.latestArrival = At(at) + transit;
    matcher.Sent(At(at), message);
}

TEST(MessageLosses, WhatGetsLostLaterIsTheOldestThatIsStillOnItsWay)
{
    MessageMatcher matcher;
    Send(matcher, 0, TRANSIT);
    Send(matcher, 1000, milliseconds(3000));
    Send(matcher, 2000, milliseconds(3000));
    matcher.Lost(At(2500), CONTENT, MESSAGE.from);
    const std::vector<MessageRecord> messages = matcher.Take(At(2600));
    EXPECT_FALSE(messages[0].isDropped) << "it got lost without a word, long ago";
    EXPECT_TRUE(messages[0].IsLost());
    EXPECT_TRUE(messages[1].isDropped);
    EXPECT_TRUE(messages[2].isUnderway);
}

TEST(MessageLosses, ATwinOfAnotherCopyDoesNotBringBackWhatTheSendersLinkLost)
{
    MessageMatcher matcher;
    matcher.Dropped(At(0), CONTENT, MESSAGE.from);
    Send(matcher, 0, TRANSIT);
    Send(matcher, 0, TRANSIT);
    matcher.Received(At(20), MESSAGE, TRANSIT);
    matcher.Received(At(20), MESSAGE, TRANSIT);
    const std::vector<MessageRecord> messages = matcher.Take(At(100));
    ASSERT_EQ(messages.size(), 3U);
    EXPECT_TRUE(messages[0].IsLost());
    EXPECT_FALSE(messages[1].IsLost());
    EXPECT_TRUE(messages[2].isNetworkCopy);
}

TEST(MessageLosses, TwinsOfMessagesThatAreCountedArriveToo)
{
    MessageMatcher heard;
    heard.CountSent(At(0), MESSAGE.summary, MESSAGE.from, At(100));
    heard.Lost(At(50), CONTENT, MESSAGE.from);
    heard.CountReceived(At(60), MESSAGE.summary, MESSAGE.from);
    heard.Take(At(5000));
    EXPECT_EQ(heard.Counts(At(5000)).lost, 0U);

    MessageMatcher unheard;
    unheard.CountSent(At(0), MESSAGE.summary, MESSAGE.from, At(100));
    unheard.Lost(At(50), CONTENT, MESSAGE.from);
    unheard.CountUnheard(At(60), CONTENT, MESSAGE.from);
    unheard.Take(At(5000));
    EXPECT_EQ(unheard.Counts(At(5000)).lost, 0U);
    EXPECT_EQ(unheard.Counts(At(5000)).unheard, 1U);

    MessageMatcher dropped;
    dropped.CountSent(At(0), MESSAGE.summary, MESSAGE.from, At(3000));
    dropped.CountSent(At(500), MESSAGE.summary, MESSAGE.from, At(3500));
    dropped.Dropped(At(600), CONTENT, MESSAGE.from);
    dropped.CountReceived(At(700), MESSAGE.summary, MESSAGE.from);
    dropped.CountReceived(At(700), MESSAGE.summary, MESSAGE.from);
    dropped.Take(At(5000));
    EXPECT_EQ(dropped.Counts(At(5000)).lost, 1U);
}

TEST(MessageLosses, WhatALinkLosesBehindItsQueueIsKnownBeforeTheNextArrival)
{
    MessageMatcher matcher;
    Send(matcher, 0, milliseconds(3000));
    Send(matcher, 1000, milliseconds(3000));
    matcher.Dropped(At(1500), CONTENT, MESSAGE.from);
    matcher.Received(At(2500), MESSAGE, TRANSIT);
    const std::vector<MessageRecord> messages = matcher.Take(At(5000));
    ASSERT_EQ(messages.size(), 2u);
    EXPECT_TRUE(messages[0].IsLost());
    EXPECT_EQ(messages[1].receivedAt, At(2500));
}

TEST(MessageLosses, OneOfTwoThatALinkMadeOfOneIsNoLoss)
{
    MessageMatcher matcher;
    Send(matcher, 0, milliseconds(100));
    matcher.Lost(At(50), CONTENT, MESSAGE.from);
    matcher.Received(At(60), MESSAGE, TRANSIT);
    const std::vector<MessageRecord> messages = matcher.Take(At(5000));
    ASSERT_EQ(messages.size(), 1u);
    EXPECT_FALSE(messages[0].IsLost());
    EXPECT_EQ(messages[0].receivedAt, At(60));
}

TEST(MessageLosses, AreCountedForMessagesThatAreNotKept)
{
    MessageMatcher matcher;
    const auto send = [&](int64_t at, Duration transit)
    { matcher.CountSent(At(at), MESSAGE.summary, MESSAGE.from, At(at) + transit); };
    matcher.Dropped(At(0), CONTENT, MESSAGE.from);
    send(0, milliseconds(3000));
    send(1000, milliseconds(3000));
    send(2000, milliseconds(3000));
    send(2100, milliseconds(3000));
    send(2200, milliseconds(3000));
    // The second one waited for the link.
    matcher.Dropped(At(2300), CONTENT, MESSAGE.from);
    matcher.Lost(At(2400), CONTENT, MESSAGE.from);
    matcher.CountUnheard(At(2500), CONTENT, MESSAGE.from);
    matcher.CountUnheard(At(2500), CONTENT, "somebody else");
    matcher.Take(At(2600));
    const MessageCounts counts = matcher.Counts(At(2600));
    EXPECT_EQ(counts.lost, 3u);
    EXPECT_EQ(counts.unheard, 1u);
    EXPECT_EQ(counts.underway, 1u);
    EXPECT_EQ(counts.fresh.at(ExchangeType::MainMode) + counts.repeated, 5u);
}

TEST(MessageLosses, ALinkThatLosesLaterLosesWhatIsNotKeptToo)
{
    MessageMatcher matcher;
    matcher.CountSent(At(0), MESSAGE.summary, MESSAGE.from, At(3000));
    matcher.Dropped(At(1000), CONTENT, MESSAGE.from);
    matcher.Take(At(1500));
    EXPECT_EQ(matcher.Counts(At(1500)).lost, 1u);
    EXPECT_EQ(matcher.Counts(At(1500)).underway, 0u);
}

// -------------------------------------------------------------------------------------------------
// What is lost up to the end of a run, wherever that was
// -------------------------------------------------------------------------------------------------

/// A gateway behind a NAT calls another one after 1 s; 20 ms through the internet, up to 100 ms
/// more.
RunRecord
RunBehindNat(const std::string& nat, const std::string& more)
{
    return RunScenario(ReadScenarioText("[internet]\ndelay = 20ms\njitter = 100ms\n"
                                        "[nat box]\naddress = 203.0.113.1\nlan = 192.168.1.0/24\n" +
                                            nat +
                                            "[gateway home]\nbehind = box\naddress = 192.168.1.2\n"
                                            "lan = 10.1.0.0/24\n"
                                            "[gateway hub]\naddress = 2.2.2.2\nlan = 10.2.0.0/24\n"
                                            "[tunnel up]\nbetween = home, hub\n"
                                            "home.id = home@example.com\nmode = aggressive\n"
                                            "pre-shared-key = k\nstart = auto\nstart-at = 1s\n"
                                            "phase1-proposals = pre-g2-aes128-sha\n"
                                            "phase2-proposals = nopfs-esp-aes128-sha\n" +
                                            more,
                                        "x.ini"));
}

TEST(MessageLosses, OfTheLinkOfANatAreKnownAtOnce)
{
    const RunRecord record = RunBehindNat("loss = 100%\n", "[simulation]\nstop = 1050ms\n");
    ASSERT_EQ(record.messages.size(), 1u);
    EXPECT_EQ(record.LostMessageCount(), 1u);
    EXPECT_EQ(record.UnderwayMessageCount(), 0u);
}

TEST(MessageLosses, OfANatItselfAreKnownAtOnce)
{
    // The answer comes back when nobody knows where it belongs.
    const std::string forget = "[event forget]\nkind = nat-reboot\ntarget = box\nat = 1130ms\n";
    const RunRecord record = RunBehindNat("", forget + "[simulation]\nstop = 1235ms\n");
    ASSERT_GE(record.messages.size(), 2u);
    EXPECT_EQ(record.messages[1].from, "hub");
    EXPECT_GT(record.messages[1].latestArrival, record.end);
    EXPECT_TRUE(record.messages[1].IsLost());
    EXPECT_EQ(record.UnderwayMessageCount(), 0u);
}

TEST(MessageLosses, OfTheLinkOfTheReceiverAreKnownAtOnce)
{
    const RunRecord record =
        RunBehindNat("",
                     "[event cut]\nkind = link-down\ntarget = hub\nat = 1010ms\n"
                     "[simulation]\nstop = 1119ms\n");
    ASSERT_EQ(record.messages.size(), 1u);
    EXPECT_GT(record.messages[0].latestArrival, record.end);
    EXPECT_EQ(record.LostMessageCount(), 1u);
    EXPECT_EQ(record.UnderwayMessageCount(), 0u);
}

/// Four branches that call a hub at 1 s, over 20 ms.
RunRecord
RunBranches(const std::string& more, const std::vector<std::string>& overrides)
{
    return RunScenario(
        ReadScenarioText("[internet]\ndelay = 20ms\n"
                         "[gateway hub]\naddress = 192.0.2.1\nlan = 10.0.0.0/24\n"
                         "[branches shop]\ncount = 4\nhub = hub\naddresses = 198.18.0.0/24\n"
                         "lans = 172.16.0.0/16\nstart-at = 1s\nstart-spread = 0s\n"
                         "phase1-proposals = pre-g2-aes128-sha\n"
                         "phase2-proposals = nopfs-esp-aes128-sha\n" +
                             more,
                         "x.ini",
                         overrides));
}

const char* const SHOWN[]{"output.show-branches=4", "output.show-branches=0"};

TEST(MessageLosses, OfBranchesAreKnownAtOnceWhetherTheyAreShownOrNot)
{
    for (const char* shown : SHOWN)
    {
        const RunRecord own =
            RunBranches("", {shown, "simulation.stop=1010ms", "internet.loss=100%"});
        EXPECT_EQ(own.LostMessageCount(), 4u) << shown;
        EXPECT_EQ(own.UnderwayMessageCount(), 0u) << shown;
        // The answers of the hub come when the links of the branches are down, and nobody can be
        // sure when the last of them would have come.
        const RunRecord others =
            RunBranches("[event cut]\nkind = link-down\ntarget = shop\nat = 1030ms\n"
                        "[event slow]\nkind = link\ntarget = hub\ndelay = 1s\nat = 1045ms\n",
                        {shown, "simulation.stop=1050ms"});
        EXPECT_EQ(others.LostMessageCount(), 4u) << shown;
        EXPECT_EQ(others.UnderwayMessageCount(), 0u) << shown;
    }
}

TEST(MessageLosses, OfLinksThatMakeTwinsAreTheSameWhetherBranchesAreShownOrNot)
{
    std::vector<uint64_t> lost;
    for (const char* shown : SHOWN)
    {
        const RunRecord record = RunBranches(
            "[event third]\nkind = lose\nmessage = quick 3\ntarget = hub\nat = 0s\nshare = 50%\n",
            {shown, "internet.duplicate=100%", "simulation.stop=30s"});
        lost.push_back(record.LostMessageCount());
    }
    EXPECT_EQ(lost.front(), lost.back());
}

// -------------------------------------------------------------------------------------------------
// What arrives where nobody listens
// -------------------------------------------------------------------------------------------------

/// Returns how many messages were sent, and how many there are of which it is known what became.
std::pair<uint64_t, uint64_t>
Sums(const RunRecord& record)
{
    uint64_t sent = record.RetransmissionCount();
    for (const ExchangeType exchange : {ExchangeType::MainMode,
                                        ExchangeType::AggressiveMode,
                                        ExchangeType::QuickMode,
                                        ExchangeType::Informational})
    {
        sent += record.MessageCount(exchange);
    }
    uint64_t heard = 0;
    for (const MessageRecord& message : record.messages)
    {
        heard += message.receivedAt && !message.isUnheard ? 1 : 0;
    }
    return {sent,
            heard + record.LostMessageCount() + record.UnderwayMessageCount() +
                record.UnheardMessageCount()};
}

const std::string CRASH = "branch.dpd = always\nbranch.dpd-delay = 5s\nbranch.dpd-retry = 1s\n"
                          "branch.dpd-tries = 3\nbranch.dpd-action = restart\n"
                          "[event out]\nkind = crash\ntarget = hub\nat = 10s\nfor = 20s\n";

TEST(UnheardMessages, ComeToAHubThatCrashed)
{
    const RunRecord shown = RunBranches(CRASH, {SHOWN[0], "simulation.stop=60s"});
    const RunRecord hidden = RunBranches(CRASH, {SHOWN[1], "simulation.stop=60s"});
    EXPECT_GT(shown.UnheardMessageCount(), 12u);
    EXPECT_EQ(shown.UnheardMessageCount(), hidden.UnheardMessageCount());
    for (const RunRecord* record : {&shown, &hidden})
    {
        EXPECT_EQ(record->LostMessageCount(), 0u);
        const std::string json = ReportJson(*record);
        EXPECT_NE(json.find("\"lost\": 0,"), std::string::npos);
        EXPECT_NE(json.find("\"unheard\": " + std::to_string(shown.UnheardMessageCount()) + ","),
                  std::string::npos);
        EXPECT_NE(ReportHtml(*record, {})
                      .find("0 IKE messages; " + std::to_string(shown.UnheardMessageCount()) +
                            " arrived where nobody listens"),
                  std::string::npos);
    }
    const auto [sent, known] = Sums(shown);
    EXPECT_EQ(sent, known);
    for (const MessageRecord& message : shown.messages)
    {
        EXPECT_EQ(*message.receivedAt - *message.sentAt, TRANSIT);
        EXPECT_EQ(message.isUnheard,
                  message.to == "hub" && *message.receivedAt >= At(10000) &&
                      *message.receivedAt < At(30000));
    }
}

TEST(UnheardMessages, AreMarkedInTextPictureAndPage)
{
    const RunRecord record = RunBranches(CRASH, {SHOWN[0], "simulation.stop=25s"});
    const std::string text = ReportText(record);
    EXPECT_EQ(text.find("LOST"), std::string::npos);
    EXPECT_NE(text.find("X|  encrypted, nobody listens"), std::string::npos) << text;
    const std::string svg = LadderSvg(MakeLadders(record), "x");
    EXPECT_NE(svg.find(", nobody listens</text>"), std::string::npos);
    EXPECT_NE(svg.find(" s, nobody listens\n"), std::string::npos) << "in the words of it";
    const std::string lost = ">lost</text>";
    EXPECT_EQ(svg.find(lost), svg.rfind(lost)) << "only the legend has it";
    EXPECT_NE(ReportHtml(record, {}).find(", nobody listens</span>"), std::string::npos);
}

TEST(UnheardMessages, ComeToBranchesThatCrashedAndWhereIkeIsStopped)
{
    for (const char* kind : {"crash", "stop"})
    {
        const std::string event = std::string("[event out]\nkind = ") + kind +
                                  "\ntarget = shop\nat = 1030ms\nfor = 30s\n";
        const RunRecord shown = RunBranches(event, {SHOWN[0], "simulation.stop=60s"});
        const RunRecord hidden = RunBranches(event, {SHOWN[1], "simulation.stop=60s"});
        // The answers to their first messages, at least.
        EXPECT_GE(shown.UnheardMessageCount(), 4u) << kind;
        EXPECT_EQ(shown.UnheardMessageCount(), hidden.UnheardMessageCount()) << kind;
        EXPECT_EQ(shown.LostMessageCount(), 0u) << kind;
        EXPECT_EQ(hidden.LostMessageCount(), 0u) << kind;
        const auto [sent, known] = Sums(shown);
        EXPECT_EQ(sent, known) << kind;
    }
}

} // namespace
