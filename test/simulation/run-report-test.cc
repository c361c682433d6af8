// SPDX-License-Identifier: GPL-2.0-only
#include "sample-run-record.h"

#include "ns3/ipsec-expectation.h"
#include "ns3/ipsec-json-writer.h"
#include "ns3/ipsec-message-matcher.h"
#include "ns3/ipsec-report-displays.h"
#include "ns3/ipsec-report-files.h"
#include "ns3/ipsec-report-json.h"
#include "ns3/ipsec-report-nats.h"
#include "ns3/ipsec-report-wireshark.h"

#include <gtest/gtest.h>

namespace
{

using namespace ns3::ipsec;
using std::chrono::milliseconds;

TEST(DisplayIkeSa, ListsPhase2AndPhase1WithFlags)
{
    EXPECT_EQ(DisplayIkeSa(Sample().nodes[0]),
              std::string("current ike sa number: 2\n") + RULE +
                  "conn-id    peer                 flag          phase   vpn\n" + RULE +
                  "2          2.2.2.2              RD|ST         v1:2    public\n"
                  "1          2.2.2.2              RD|ST         v1:1    public\n");
}

TEST(DisplayIkeSa, ResponderIsReadyButNotStayAlive)
{
    NodeRecord node = Sample().nodes[0];
    node.ikeSas[0].info.role = Role::Responder;
    EXPECT_NE(DisplayIkeSa(node).find("1          2.2.2.2              RD            v1:1"),
              std::string::npos);
}

TEST(DisplayIkeSa, EndedSasAreNotListed)
{
    NodeRecord node = Sample().nodes[0];
    node.ikeSas[0].endedAt = At(300);
    EXPECT_EQ(DisplayIkeSa(node).find("current ike sa number: 1\n"), 0u);
    EXPECT_EQ(DisplayIkeSa(node).find("v1:1"), std::string::npos);
}

TEST(DisplayIpsecSaBrief, ListsEachDirectionWithAlgorithms)
{
    EXPECT_EQ(DisplayIpsecSaBrief(Sample().nodes[0]),
              std::string("current IPSec sa number: 2\n"
                          "current IPSec tunnel number: 1\n") +
                  RULE + "Src Address     Dst Address     SPI         Protocol  Algorithm\n" +
                  RULE +
                  "2.2.2.2         1.1.1.1         3000        ESP       E:DES; A:HMAC-MD5-96;\n"
                  "1.1.1.1         2.2.2.2         4000        ESP       E:DES; A:HMAC-MD5-96;\n");
}

TEST(WiresharkTables, HoldKeysInWiresharksOwnForm)
{
    EXPECT_EQ(WiresharkIkeTable(Sample()), "a102030405060708,fedcba9876543210\n");
    EXPECT_EQ(WiresharkEspTable(Sample()),
              "\"IPv4\",\"1.1.1.1\",\"2.2.2.2\",\"0x00000fa0\",\"DES-CBC [RFC2405]\","
              "\"0x0123456789abcdef\",\"HMAC-MD5-96 [RFC2403]\","
              "\"0x00112233445566778899aabbccddeeff\"\n"
              "\"IPv4\",\"2.2.2.2\",\"1.1.1.1\",\"0x00000bb8\",\"DES-CBC [RFC2405]\","
              "\"0x0123456789abcdef\",\"HMAC-MD5-96 [RFC2403]\","
              "\"0x00112233445566778899aabbccddeeff\"\n");
}

TEST(WiresharkTables, SaKnownToBothEndsStandsOnce)
{
    RunRecord record = Sample();
    IpsecSaRecord mirrored = Sa(SaDirection::Inbound, 4000);
    std::swap(mirrored.sa.local, mirrored.sa.remote);
    record.nodes[1].ipsecSas.push_back(mirrored);
    EXPECT_EQ(WiresharkEspTable(record), WiresharkEspTable(Sample()));
}

TEST(MessageMatcher, PairsWhatWasSentWithWhatArrived)
{
    MessageMatcher matcher;
    matcher.Sent(At(0), Message(true, ExchangeType::MainMode, 0, 100));
    matcher.Received(At(20), Message(true, ExchangeType::MainMode, 0, 100), milliseconds(20));
    const std::vector<MessageRecord> messages = matcher.Take(At(10000));
    ASSERT_EQ(messages.size(), 1u);
    EXPECT_EQ(*messages[0].receivedAt, At(20));
    EXPECT_FALSE(messages[0].IsLost());
}

TEST(MessageMatcher, WhatNeverArrivesIsLost)
{
    MessageMatcher matcher;
    matcher.Sent(At(0), Message(true, ExchangeType::MainMode, 0, 100));
    EXPECT_TRUE(matcher.Take(At(10000))[0].IsLost());
}

TEST(MessageMatcher, ArrivalBelongsToTheNewestCopyThatHadTheTime)
{
    const MessageRecord message = Message(true, ExchangeType::MainMode, 0, 100);
    MessageMatcher matcher;
    for (const int64_t at : {0, 1000, 3000})
    {
        matcher.Sent(At(at), message);
    }
    matcher.Received(At(3010), message, milliseconds(20));
    const std::vector<MessageRecord> messages = matcher.Take(At(10000));
    EXPECT_TRUE(messages[0].IsLost());
    EXPECT_EQ(messages[1].receivedAt, At(3010));
    EXPECT_TRUE(messages[2].IsLost());
}

TEST(MessageMatcher, SecondCopyIsTheNetworks)
{
    MessageMatcher matcher;
    matcher.Sent(At(0), Message(true, ExchangeType::MainMode, 0, 100));
    matcher.Received(At(20), Message(true, ExchangeType::MainMode, 0, 100), milliseconds(20));
    matcher.Received(At(21), Message(true, ExchangeType::MainMode, 0, 100), milliseconds(20));
    const std::vector<MessageRecord> messages = matcher.Take(At(10000));
    ASSERT_EQ(messages.size(), 2u);
    EXPECT_TRUE(messages[1].isNetworkCopy);
}

TEST(RunRecord, RepetitionsAndCopiesAreNotMessages)
{
    RunRecord record;
    record.messages.push_back(Message(true, ExchangeType::MainMode, 0, 100));
    record.messages.push_back(record.messages[0]);
    record.messages[1].summary.repeated = true;
    record.messages.push_back(record.messages[0]);
    record.messages[2].isNetworkCopy = true;
    EXPECT_EQ(record.MessageCount(ExchangeType::MainMode), 1u);
    EXPECT_EQ(record.RetransmissionCount(), 1u);
}

TEST(MessageMatcher, FragmentsMeetWhatTheReceiverKnowsOfThem)
{
    MessageMatcher matcher;
    matcher.Sent(At(0), Fragment(1, 100));
    matcher.Sent(At(0), Fragment(2, 100));
    for (const uint8_t number : {uint8_t{2}, uint8_t{1}})
    {
        // The header of a fragment does not tell which exchange its message is of.
        MessageRecord received = Fragment(number, 100);
        received.summary.exchange = ExchangeType::MainMode;
        received.summary.messageId = 0;
        received.summary.fragments = 0;
        matcher.Received(At(20 + number), received, milliseconds(20));
    }
    const std::vector<MessageRecord> messages = matcher.Take(At(10000));
    ASSERT_EQ(messages.size(), 2u);
    EXPECT_EQ(messages[0].receivedAt, At(21));
    EXPECT_EQ(messages[1].receivedAt, At(22));
}

TEST(RunRecord, AMessageInFragmentsIsOneMessage)
{
    RunRecord record;
    record.messages = {Fragment(1, 100), Fragment(2, 50), Fragment(1, 100), Fragment(2, 50)};
    record.messages[2].summary.repeated = true;
    record.messages[3].summary.repeated = true;
    EXPECT_EQ(record.MessageCount(ExchangeType::QuickMode), 1u);
    EXPECT_EQ(record.RetransmissionCount(), 1u);
}

TEST(RunRecord, TunnelIsUpWhenBothEndsHaveBothDirections)
{
    RunRecord record = Sample();
    EXPECT_FALSE(record.TunnelUpAt("ab"));
    record.nodes[1].ipsecSas = {Sa(SaDirection::Inbound, 1), Sa(SaDirection::Outbound, 2)};
    record.nodes[1].ipsecSas[1].installedAt = At(250);
    EXPECT_EQ(record.TunnelUpAt("ab"), At(250));
}

TEST(FailureLines, TellOnceWhatFailedManyTimes)
{
    RunRecord record = Sample();
    for (const int64_t at : {100, 200, 300})
    {
        FailureRecord failure;
        failure.at = At(at);
        failure.peer = "fw-b";
        failure.tunnel = at == 200 ? "" : "ab";
        failure.reason = Fault::NegotiationTimeout;
        record.nodes[0].failures.push_back(failure);
    }
    const std::vector<std::string> lines = FailureLines(record);
    const std::string why = std::string(FaultName(Fault::NegotiationTimeout)) + ", " +
                            FaultText(Fault::NegotiationTimeout);
    EXPECT_EQ(lines,
              (std::vector<std::string>{
                  "0.100 to 0.300 s fw-a: tunnel ab with fw-b failed 2 times: " + why,
                  "0.200 s fw-a: phase 1 with fw-b failed: " + why}));
}

TEST(EndLines, CountIkeSasByReason)
{
    RunRecord record = Sample();
    IkeSaRecord ended = record.nodes[0].ikeSas.at(0);
    ended.endedAt = At(300);
    ended.reason = Fault::PoolExhausted;
    record.nodes[0].ikeSas.insert(record.nodes[0].ikeSas.end(), 2, ended);
    ended.reason = Fault::PeerDead;
    record.nodes[0].ikeSas.push_back(ended);
    EXPECT_EQ(EndLines(record), std::vector<std::string>{"fw-a: 1 PeerDead, 2 PoolExhausted"});
}

TEST(NatLines, AddUpNatsThatAreMadeLikeOne)
{
    RunRecord record;
    for (const char* name : {"home", "home-2", "home-3"})
    {
        NatRecord nat;
        nat.name = name;
        nat.address = IpAddress::Parse("203.0.113.1");
        nat.copyOf = std::string(name) == "home" ? "" : "home";
        nat.translatedPackets = 10;
        nat.created = 3;
        nat.mappings = 1;
        nat.mostMappings = 2;
        nat.lostPackets = 4;
        nat.ended["Timeout"] = 2;
        record.nats.push_back(nat);
    }
    EXPECT_EQ(NatLines(record),
              (std::vector<std::string>{
                  "home 203.0.113.1: 10 packets translated; 3 mappings, 2 at once at most, 1 left; "
                  "ended 2 Timeout; 4 packets lost outside",
                  "2 more NATs like home, all together: 20 packets translated; 6 mappings, 2 left; "
                  "ended 4 Timeout; 8 packets lost outside"}));
}

TEST(DropLines, CountPacketsInWords)
{
    RunRecord record = Sample();
    record.nodes[0].lostPackets = 1;
    record.nodes[1].unsentPackets = 2;
    const std::vector<std::string> expected = {
        "fw-a: 1 packet lost in the internet or sent to an address that nobody has",
        "fw-b: 2 packets not sent, the link's queue was full or it was down"};
    EXPECT_EQ(DropLines(record), expected);
}

TEST(ReportHtml, EscapesWhatComesFromTheScenario)
{
    RunRecord record = Sample();
    record.scenario = "<script>";
    EXPECT_EQ(ReportHtml(record).find("<script>"), std::string::npos);
}

TEST(JsonWriter, EscapesAndKeepsNumbersNumbers)
{
    JsonWriter json;
    json.BeginObject();
    json.Key("text").String("a\"b\\c\n\xff");
    json.Key("utf-8").String("M\xc3\xbcnchen");
    json.Key("whole").Number(uint64_t{18446744073709551615u});
    json.Key("part").Number(0.125);
    json.Key("none").Number(1.0 / 0.0);
    json.Key("list").BeginArray().Bool(true).Null().EndArray();
    json.Key("empty").BeginObject().EndObject();
    json.EndObject();
    EXPECT_EQ(json.Take(),
              "{\n  \"text\": \"a\\\"b\\\\c\\u000a\\u00ff\",\n"
              "  \"utf-8\": \"M\xc3\xbcnchen\",\n"
              "  \"whole\": 18446744073709551615,\n  \"part\": 0.125,\n  \"none\": null,\n"
              "  \"list\": [\n    true,\n    null\n  ],\n  \"empty\": {}\n}\n");
}

/// Tells whether a sentence is true of a record.
bool
Holds(const std::string& sentence, const RunRecord& record)
{
    return EvaluateExpectations({ParseExpectation(sentence)}, record).at(0).pass;
}

TEST(Expectations, CompareCounts)
{
    RunRecord record = Sample();
    record.messages.push_back(Message(true, ExchangeType::QuickMode, 7, 100));
    EXPECT_TRUE(Holds("messages quick = 1", record));
    EXPECT_FALSE(Holds("messages quick > 1", record));
    EXPECT_TRUE(Holds("messages main <= 0", record));
    EXPECT_TRUE(Holds("ike-sas fw-a = 1", record));
    EXPECT_TRUE(Holds("ipsec-sas fw-a >= 2", record));
    EXPECT_FALSE(Holds("retransmissions > 0", record));
}

TEST(Expectations, AnswersMayBeAShare)
{
    RunRecord record;
    TrafficRecord ping;
    ping.name = "ping";
    ping.sent = 4;
    ping.received = 3;
    record.traffic.push_back(ping);
    EXPECT_TRUE(Holds("ping answered >= 75%", record));
    EXPECT_FALSE(Holds("ping answered >= 76%", record));
    EXPECT_TRUE(Holds("ping answered = 3", record));
}

TEST(Expectations, TunnelMustBeUpInTime)
{
    RunRecord record = Sample();
    record.nodes[1].ipsecSas = {Sa(SaDirection::Inbound, 1), Sa(SaDirection::Outbound, 2)};
    EXPECT_TRUE(Holds("tunnel ab up by 200ms", record));
    EXPECT_FALSE(Holds("tunnel ab up by 199ms", record));
    EXPECT_FALSE(Holds("tunnel ab fails", record));
}

TEST(Expectations, FailureNeedsItsReasonAtOneEnd)
{
    RunRecord record = Sample();
    record.nodes[0].ipsecSas.clear();
    record.nodes[0].failures.push_back({At(1), "fw-b", "ab", Fault::ErrorNotify, 14});
    record.nodes[1].dropCounts[Fault::NoProposalChosen] = 1;
    EXPECT_TRUE(Holds("tunnel ab fails", record));
    EXPECT_TRUE(Holds("tunnel ab fails with ErrorNotify", record));
    EXPECT_TRUE(Holds("tunnel ab fails with NoProposalChosen", record));
    EXPECT_FALSE(Holds("tunnel ab fails with ProxyIdMismatch", record));
    EXPECT_TRUE(Holds("drops NoProposalChosen = 1", record));
}

TEST(Expectations, NonsenseIsRefusedWithTheGrammar)
{
    for (const char* text : {"", "all is well", "tunnel ab", "tunnel ab up by", "ping answered 5"})
    {
        EXPECT_THROW(ParseExpectation(text), std::invalid_argument) << text;
    }
}

} // namespace
