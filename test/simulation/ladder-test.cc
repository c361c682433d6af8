// SPDX-License-Identifier: GPL-2.0-only
// What ladders show of messages and of what became of them, as text and as SVG.
#include "sample-run-record.h"

#include "ns3/ipsec-ladder.h"

#include <gtest/gtest.h>

namespace
{

using namespace ns3::ipsec;

TEST(Ladder, FragmentsHaveTheNumberOfTheirMessage)
{
    RunRecord record = Sample();
    record.nodes.clear();
    record.messages = {Message(false, ExchangeType::QuickMode, 5, 90),
                       Fragment(1, 100),
                       Fragment(2, 100),
                       Fragment(1, 100),
                       Fragment(2, 100),
                       Message(false, ExchangeType::QuickMode, 5, 60)};
    record.messages[3].summary.repeated = true;
    record.messages[4].summary.repeated = true;
    std::vector<std::string> lines;
    for (MessageRecord& message : record.messages)
    {
        message.sentAt = At(static_cast<int64_t>(lines.size()));
        message.order = lines.size();
        lines.emplace_back();
    }
    lines.clear();
    for (const LadderStep& step : MakeLadders(record).at(0).steps)
    {
        lines.push_back(step.label + ": " + step.payloads);
    }
    EXPECT_EQ(lines,
              (std::vector<std::string>{"quick 1: SA",
                                        "quick 2: FRAG 1/2 SA",
                                        "quick 2: FRAG 2/2 SA",
                                        "quick 2: FRAG 1/2 SA",
                                        "quick 2: FRAG 2/2 SA",
                                        "quick 3: SA"}));
}

TEST(Ladder, FoldsPayloadsOfOneKindThatHaveNoRoom)
{
    RunRecord record = Sample();
    record.nodes.clear();
    MessageRecord message = Message(true, ExchangeType::AggressiveMode, 0, 500);
    const auto add = [&](PayloadType type, size_t count)
    { message.summary.payloads.insert(message.summary.payloads.end(), count, PayloadLabel{type}); };
    message.summary.payloads.clear();
    add(PayloadType::Sa, 1);
    add(PayloadType::Ke, 1);
    message.sentAt = At(0);
    record.messages = {message};
    add(PayloadType::VendorId, 14);
    add(PayloadType::NatD, 2);
    add(PayloadType::Hash, 1);
    record.messages.push_back(message);
    record.messages[1].order = 1;
    const std::vector<LadderStep> steps = MakeLadders(record).at(0).steps;
    EXPECT_EQ(steps.at(0).payloads, "SA KE");
    EXPECT_EQ(steps.at(1).payloads, "SA KE VID x14 NAT-D x2 HASH");
}

/// Returns a ladder of main mode whose second message was lost and sent again.
Ladder
LossyLadder(bool isLossy = true)
{
    RunRecord record = Sample();
    record.nodes.clear();
    const auto add = [&](bool fromLeft, size_t octets, int64_t at, bool repeated, bool arrives)
    {
        MessageRecord message = Message(fromLeft, ExchangeType::MainMode, 0, octets);
        message.sentAt = At(at);
        message.order = record.messages.size();
        message.summary.repeated = repeated;
        if (arrives)
        {
            message.receivedAt = At(at + 20);
        }
        record.messages.push_back(message);
    };
    add(true, 100, 0, false, true);
    add(false, 80, 20, false, !isLossy);
    add(true, 100, 1000, true, true);
    add(false, 80, 1020, true, true);
    add(true, 180, 1040, false, true);
    return MakeLadders(record).at(0);
}

TEST(Ladder, RepetitionsKeepTheNumberOfTheirFirstCopy)
{
    std::vector<std::string> labels;
    for (const LadderStep& step : LossyLadder().steps)
    {
        labels.push_back(step.label);
    }
    EXPECT_EQ(labels, (std::vector<std::string>{"main 1", "main 2", "main 1", "main 2", "main 3"}));
}

// A responder that makes up a new answer to a repeated first message, with a new cookie and nonce.
TEST(Ladder, AnAnswerInTheSamePlaceHasTheSameNumber)
{
    RunRecord record = Sample();
    record.nodes.clear();
    const auto add = [&](bool fromLeft, size_t octets, bool repeated)
    {
        MessageRecord message = Message(fromLeft, ExchangeType::AggressiveMode, 0, octets);
        message.sentAt = At(static_cast<int64_t>(record.messages.size()));
        message.order = record.messages.size();
        message.summary.repeated = repeated;
        record.messages.push_back(message);
    };
    add(true, 300, false);
    add(false, 280, false);
    add(true, 300, true);
    add(false, 284, false);
    add(true, 100, false);
    std::vector<std::string> labels;
    for (const LadderStep& step : MakeLadders(record).at(0).steps)
    {
        labels.push_back(step.label);
    }
    EXPECT_EQ(labels,
              (std::vector<std::string>{
                  "aggressive 1", "aggressive 2", "aggressive 1", "aggressive 2", "aggressive 3"}));
}

TEST(Ladder, TextShowsDirectionLossAndRepetition)
{
    const std::string line(63, '-');
    EXPECT_EQ(LadderText(LossyLadder()),
              "   time/s  fw-a" + std::string(70, ' ') + "fw-b\n" + "    0.000  |--- main 1: SA " +
                  line.substr(3) + ">|\n" + "    0.020  |     X--- main 2: SA " + line.substr(8) +
                  "|  LOST\n" + "    1.000  |--- main 1: SA " + line.substr(3) +
                  ">|  sent again\n" + "    1.020  |<--- main 2: SA " + line.substr(3) +
                  "|  sent again\n" + "    1.040  |--- main 3: SA " + line.substr(3) + ">|\n");
}

TEST(Ladder, WhoWaitedInVainRefusedNothing)
{
    RunRecord record = Sample();
    for (const Fault fault : {Fault::Undecryptable, Fault::NegotiationTimeout, Fault::Duplicate})
    {
        DropRecord drop;
        drop.at = At(300);
        drop.remote = "fw-b";
        drop.fault = fault;
        record.nodes[0].drops.push_back(drop);
    }
    const std::string text = LadderText(MakeLadders(record)[0]);
    EXPECT_NE(text.find("refused: Undecryptable"), std::string::npos) << text;
    EXPECT_NE(text.find("gave up: NegotiationTimeout"), std::string::npos) << text;
    EXPECT_NE(text.find("ignored: Duplicate"), std::string::npos) << text;
}

TEST(Ladder, SvgMarksTheLossAndNamesEveryMessage)
{
    const std::string svg = LadderSvg({LossyLadder()}, "a < b");
    EXPECT_EQ(svg.find("<svg xmlns"), 0u);
    EXPECT_NE(svg.find("<title>a &lt; b: IKE messages</title>"), std::string::npos);
    const auto count = [](const std::string& image, const std::string& what)
    {
        size_t found = 0;
        for (size_t at = image.find(what); at != std::string::npos; at = image.find(what, at + 1))
        {
            found++;
        }
        return found;
    };
    // The legend has one.
    EXPECT_EQ(count(svg, ">lost</text>"), 2u);
    EXPECT_EQ(count(LadderSvg({LossyLadder(false)}, "a"), ">lost</text>"), 1u);
    EXPECT_EQ(count(svg, ">main 1</text>"), 2u);
    EXPECT_EQ(count(svg, ">main 2</text>"), 2u);
    EXPECT_EQ(count(svg, ">main 3</text>"), 1u);
}

} // namespace
