// SPDX-License-Identifier: GPL-2.0-only
// What report.html and the pictures of a run hold, and that they stay short. How the page looks is
// test/browser's affair.
#include "folder-test.h"

#include "ns3/ipsec-ladder.h"
#include "ns3/ipsec-markup.h"
#include "ns3/ipsec-report-files.h"
#include "ns3/ipsec-report-page.h"
#include "ns3/ipsec-series-plots.h"

#include <gtest/gtest.h>

namespace
{

using namespace ns3::ipsec;
using std::chrono::milliseconds;

Instant
At(int64_t ms)
{
    return Instant(milliseconds(ms));
}

MessageRecord
Message(int64_t ms, bool fromLeft, bool arrives = true)
{
    MessageRecord message;
    message.from = fromLeft ? "a" : "b";
    message.to = fromLeft ? "b" : "a";
    message.source = {IpAddress::Parse("1.1.1.1"), IKE_PORT};
    message.destination = {IpAddress::Parse("2.2.2.2"), IKE_PORT};
    message.summary.exchange = ExchangeType::Informational;
    message.summary.octets = 100;
    message.summary.payloads = {{PayloadType::Nonce, 0, {}},
                                {PayloadType::Id, 0, "<who & \"why\">"}};
    message.sentAt = At(ms);
    message.order = static_cast<uint64_t>(ms);
    if (arrives)
    {
        message.receivedAt = At(ms + 10);
    }
    return message;
}

IpsecSaRecord
Sa(SaDirection direction, int64_t from, std::optional<int64_t> to)
{
    IpsecSaRecord sa;
    sa.peer = "b";
    sa.tunnel = "ab";
    sa.sa.direction = direction;
    sa.sa.spi = static_cast<uint32_t>(0x1000 + from);
    sa.installedAt = At(from);
    if (to)
    {
        sa.removedAt = At(*to);
        sa.reason = Fault::Replaced;
    }
    return sa;
}

/// Two gateways, @p messages messages, one of which in ten is lost.
RunRecord
Sample(size_t messages)
{
    RunRecord record;
    record.scenario = "sample";
    record.end = At(60000);
    TunnelRecord tunnel;
    tunnel.name = "ab";
    tunnel.first = "a";
    tunnel.second = "b";
    record.tunnels.push_back(tunnel);
    for (const char* name : {"a", "b"})
    {
        NodeRecord node;
        node.name = name;
        record.nodes.push_back(node);
    }
    for (size_t i = 0; i < messages; i++)
    {
        record.messages.push_back(Message(static_cast<int64_t>(i), i % 2 == 0, i % 10 != 9));
    }
    return record;
}

size_t
Count(const std::string& text, const std::string& part)
{
    size_t count = 0;
    for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    {
        count++;
    }
    return count;
}

bool
Has(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

TEST(EscapeMarkup, LeavesOutWhatXmlMayNotHold)
{
    EXPECT_EQ(EscapeMarkup("<a b=\"c\"> & \xc3\xa4"), "&lt;a b=&quot;c&quot;&gt; &amp; \xc3\xa4");
    EXPECT_EQ(EscapeMarkup(std::string("\x01\xff\xc3", 3)), "&#xfffd;&#xfffd;&#xfffd;");
    EXPECT_EQ(EscapeMarkup(std::string("a\0b\n", 4)), "a&#xfffd;b\n");
}

TEST(EscapeMarkup, ReplacesWhatIsNoCharacter)
{
    const std::string unknown = "&#xfffd;";
    const std::string three = unknown + unknown + unknown;
    // Longer than need be.
    EXPECT_EQ(EscapeMarkup("\xc1\xbf"), unknown + unknown);
    EXPECT_EQ(EscapeMarkup("\xe0\x80\x80"), three);
    EXPECT_EQ(EscapeMarkup("\xe0\x9f\xbf"), three);
    EXPECT_EQ(EscapeMarkup("\xf0\x8f\xbf\xbf"), three + unknown);
    // Halves of UTF-16, and what lies behind the last character.
    EXPECT_EQ(EscapeMarkup("\xed\xa0\x80"), three);
    EXPECT_EQ(EscapeMarkup("\xf4\x90\x80\x80"), three + unknown);
    // No XML.
    EXPECT_EQ(EscapeMarkup("\xef\xbf\xbe\xef\xbf\xbf"), three + three);
    EXPECT_EQ(EscapeMarkup("\xe2\x82"), unknown + unknown);
    for (const char* good : {"\xc2\x80",
                             "\xe0\xa0\x80",
                             "\xed\x9f\xbf",
                             "\xee\x80\x80",
                             "\xef\xbf\xbd",
                             "\xf0\x90\x80\x80",
                             "\xf4\x8f\xbf\xbf"})
    {
        EXPECT_EQ(EscapeMarkup(good), good);
    }
}

TEST(ReportHtml, EscapesAllThatPeersAndAuthorsWrite)
{
    RunRecord record = Sample(2);
    const std::string evil = "<script>\"&'";
    record.scenario = evil;
    record.nodes[0].name = evil;
    record.tunnels[0].warnings = {evil};
    record.events.push_back({At(1), evil, evil, evil, evil});
    record.expectations.push_back({evil, false, evil, evil});
    TrafficRecord traffic;
    traffic.name = traffic.from = traffic.to = traffic.kind = evil;
    record.traffic.push_back(traffic);
    record.nodes[0].dropCounts[Fault::Replayed] = 1;
    record.nodes[0].ipsecSas.push_back(Sa(SaDirection::Inbound, 5, {}));
    record.nodes[0].ipsecSas[0].peer = record.nodes[0].ipsecSas[0].tunnel = evil;
    const std::string page = ReportHtml(record, {}, {evil, evil, {evil}});
    EXPECT_FALSE(Has(page, "<script"));
    EXPECT_GE(Count(page, "&lt;script&gt;&quot;&amp;'"), 15u);
    EXPECT_TRUE(Has(page, "ID(&lt;who &amp; &quot;why&quot;&gt;)"));
}

TEST(ReportHtml, MessagesUnfoldToTheirPayloads)
{
    const std::string page = ReportHtml(Sample(1));
    EXPECT_TRUE(Has(page, "<li class=\"message right\"><details><summary"));
    EXPECT_TRUE(Has(page, "<li><code>NONCE</code> Nonce: fresh random octets"));
}

TEST(ReportHtml, TellsWhenSasCameAndWent)
{
    RunRecord record = Sample(0);
    record.nodes[0].ipsecSas = {Sa(SaDirection::Inbound, 1000, 5000)};
    const std::string page = ReportHtml(record);
    EXPECT_TRUE(Has(page, "<code>0x000013e8</code></th><td>b, ab</td>"));
    EXPECT_TRUE(Has(page, "5.000 s: Replaced, a newer SA took its place"));
}

TEST(ReportHtml, SaysHowToRunItAgain)
{
    RunRecord record = Sample(0);
    record.seed = 7;
    record.run = 9;
    const ScenarioSource source{"my file.ini", "", {"simulation.run=9", "tunnel.ab.id=it's"}};
    EXPECT_TRUE(Has(ReproductionHtml(record, source),
                    "ipsec-lab 'my file.ini' '--tunnel.ab.id=it'\\''s' --seed 7 --run 9 "
                    "--output output"));
    EXPECT_EQ(ReproductionHtml(record, {}), "");
    // The page has seed and run in its head, wherever they came from.
    EXPECT_FALSE(Has(ScenarioHtml({"f.ini", "x", {"simulation.run=9"}}), "replaced"));
    EXPECT_TRUE(Has(ScenarioHtml({"f.ini", "x", {"simulation.run=9", "a.b=1"}}),
                    "replaced some of it:</p>\n<ul>\n<li>--a.b=1</li>\n</ul>"));
}

TEST(ReportHtml, PromisesTheSamePageOnlyWhereItComesAgain)
{
    RunRecord record = Sample(0);
    EXPECT_TRUE(Has(ReproductionHtml(record, {"f.ini", "", {}}), "and this page again:"));
    const std::string piped = ReproductionHtml(record, {"/dev/stdin", "", {}});
    EXPECT_TRUE(Has(piped, "store it as scenario.ini first:"));
    EXPECT_TRUE(Has(piped, "build/examples/ipsec-lab scenario.ini --seed"));
    EXPECT_FALSE(Has(piped, "this page again"));
    record.tunnels[0].isExternal = true;
    const std::string external = ReproductionHtml(record, {"f.ini", "", {}});
    EXPECT_TRUE(Has(external, "not the same octets:"));
    EXPECT_FALSE(Has(external, "this page again"));
}

TEST(ReportHtml, NumbersOfManyComeBeforeTheLaddersOfAFew)
{
    RunRecord record = Sample(3);
    const auto at = [&](const char* id)
    { return ReportHtml(record, {"<svg></svg>"}).find(std::string("<h2 id=\"") + id); };
    EXPECT_LT(at("messages"), at("plots"));
    record.branches.resize(1);
    EXPECT_LT(at("plots"), at("messages"));
    record.branches.clear();
    record.dialUps.resize(1);
    EXPECT_LT(at("messages"), at("plots"));
    record.dialUps[0].clients = 2;
    EXPECT_LT(at("plots"), at("messages"));
}

/// Makes a record of many pairs; only the last one has a failure.
RunRecord
ManyPairs(size_t pairs)
{
    RunRecord record = Sample(0);
    record.tunnels.resize(pairs, record.tunnels[0]);
    for (size_t i = 0; i < pairs; i++)
    {
        record.tunnels[i].second = "b" + std::to_string(i);
        NodeRecord node;
        node.name = record.tunnels[i].second;
        record.nodes.push_back(node);
    }
    FailureRecord failure;
    failure.at = At(5000);
    failure.peer = "a";
    record.nodes.back().failures.push_back(failure);
    return record;
}

TEST(ReportHtml, PairsWithFailuresAreAmongThoseThatAreShown)
{
    const RunRecord record = ManyPairs(30);
    const std::string page = ReportHtml(record);
    EXPECT_LT(page.find("<h3>a and b29</h3>"), page.find("<h3>a and b0</h3>"));
    EXPECT_FALSE(Has(page, "<h3>a and b23</h3>"));
    EXPECT_TRUE(
        Has(page, "6 more ladders are folded (pairs with failures come first); report.txt has"));
    const std::string svg = LadderSvg(MakeLadders(record), "many");
    EXPECT_LT(svg.find(">b29</text>"), svg.find(">b0</text>"));
    // Nobody looks for anything among a few.
    const std::string few = ReportHtml(ManyPairs(24));
    EXPECT_LT(few.find("<h3>a and b0</h3>"), few.find("<h3>a and b23</h3>"));
}

TEST(ReportHtml, SaysWhenNothingHappenedForLong)
{
    RunRecord record = Sample(2);
    record.messages[1] = Message(4500, false);
    EXPECT_TRUE(Has(ReportHtml(record), "<span class=\"way\">4.5 s later</span>"));
    record.messages[1] = Message(900, false);
    EXPECT_FALSE(Has(ReportHtml(record), "later</span>"));
}

TEST(ReportHtml, NamesAllAddressesOfWhoMoved)
{
    RunRecord record = Sample(1);
    PlaceRecord place;
    for (const char* address : {"10.0.0.1", "10.0.0.2", "10.0.0.1"})
    {
        place.address = IpAddress::Parse(address);
        record.nodes[0].places.push_back(place);
    }
    EXPECT_TRUE(Has(ReportHtml(record), "<small>10.0.0.1, then 10.0.0.2</small>"));
    place.address = IpAddress::Parse("10.0.0.3");
    record.nodes[0].places.push_back(place);
    EXPECT_TRUE(Has(ReportHtml(record), "<small>10.0.0.1, then 2 others</small>"));
}

TEST(ReportHtml, StaysShortHoweverLongTheRunWas)
{
    RunRecord record = Sample(20000);
    record.nodes.resize(3000, record.nodes[1]);
    record.nodes[1].ipsecSas.assign(5000, Sa(SaDirection::Outbound, 1, 2));
    record.nodes[2].ikeSas.resize(1);
    record.events.resize(5000);
    const std::string page = ReportHtml(record, {}, {"f.ini", std::string(1 << 20, '\n'), {}});
    EXPECT_LT(page.size(), 700000u);
    RunRecord many = ManyPairs(300);
    for (size_t i = 0; i < 30000; i++)
    {
        many.messages.push_back(Message(static_cast<int64_t>(i), true));
        many.messages.back().to = "b" + std::to_string(i % 300);
    }
    EXPECT_LT(ReportHtml(many).size(), 1500000u);
    EXPECT_LT(LadderSvg(MakeLadders(many), "many").size(), 1500000u);
    EXPECT_TRUE(
        Has(page, "19800 rows from 0.150 s to 19.949 s folded: 19800 messages (1980 lost)"));
    EXPECT_TRUE(Has(page, "4950 rows in the middle are folded"));
    EXPECT_TRUE(Has(page, "2960 more gateways are in results.json"));
    EXPECT_TRUE(Has(page, "4800 more rows are in results.json"));
    EXPECT_TRUE(Has(page, "more octets of it are not shown"));
}

TEST(ReportHtml, KnowsNoWallClock)
{
    RunRecord record = Sample(3);
    const std::string page = ReportHtml(record);
    record.wallSeconds = 3;
    EXPECT_EQ(ReportHtml(record), page);
}

TEST(LadderFold, KeepsBeginAndEnd)
{
    const Ladder ladder = MakeLadders(Sample(100)).at(0);
    const LadderFold fold = FoldLadder(ladder, 40);
    EXPECT_EQ(fold.begin, 30u);
    EXPECT_EQ(fold.end, 90u);
    EXPECT_EQ(FoldText(ladder, fold),
              "60 rows from 0.030 s to 0.089 s folded: 60 messages (6 lost), 0 events; "
              "captures (pcap) have every message");
    EXPECT_EQ(FoldText(ladder, FoldLadder(ladder, 100)), "");
}

TEST(LadderSvg, FoldsLongLaddersAndSaysSo)
{
    const std::string svg = LadderSvg(MakeLadders(Sample(1000)), "long");
    EXPECT_TRUE(Has(svg, "800 rows from 0.150 s to 0.949 s folded: 800 messages (80 lost)"));
    EXPECT_EQ(Count(svg, ">informational</text>"), 200u);
    const std::string many = LadderSvg(std::vector<Ladder>(100, Ladder{}), "many");
    EXPECT_TRUE(Has(many, "76 more ladders are folded"));
}

TEST(LadderSvg, LongNamesStayInTheirBoxes)
{
    RunRecord record = Sample(1);
    const std::string name(32, 'w');
    record.tunnels[0].first = record.nodes[0].name = record.messages[0].from = name;
    const std::string svg = LadderSvg(MakeLadders(record), std::string(200, 'w'));
    EXPECT_TRUE(Has(svg, " textLength=\"224\" lengthAdjust=\"spacingAndGlyphs\""));
    EXPECT_FALSE(Has(svg, ">" + name + "</text>"));
    EXPECT_TRUE(Has(svg, ">" + std::string(22, 'w') + "...</text>")) << svg.substr(0, 9000);
    EXPECT_FALSE(Has(svg, "fill=\"currentColor\">" + std::string(80, 'w')));
    // Characters of several octets are not cut in two.
    std::string umlauts;
    for (size_t i = 0; i < 40; i++)
    {
        umlauts += "\xc3\xa4";
    }
    record.tunnels[0].first = record.nodes[0].name = umlauts;
    const std::string cut = LadderSvg(MakeLadders(record), "cut");
    EXPECT_TRUE(Has(cut, "\xa4...</text>"));
    EXPECT_FALSE(Has(cut, "&#xfffd;"));
}

TEST(LadderSvg, EscapesAllThatPeersAndAuthorsWrite)
{
    RunRecord record = Sample(1);
    const std::string evil = "<b>\"&'";
    record.tunnels[0].first = record.nodes[0].name = record.messages[0].from = evil;
    record.events.push_back({At(1), evil, evil, "internet", evil});
    record.messages[0].summary.payloads = {{PayloadType::Id, 0, evil}};
    const std::string svg = LadderSvg(MakeLadders(record), evil);
    EXPECT_FALSE(Has(svg, "<b>"));
    const std::string good = "&lt;b&gt;&quot;&amp;'";
    EXPECT_TRUE(Has(svg, "<title>" + good + ": IKE messages</title>"));
    EXPECT_TRUE(Has(svg, ">" + good + "</text>"));
    EXPECT_TRUE(Has(svg, ">ID(" + good + ")</text>"));
    EXPECT_TRUE(Has(svg, ">EVENT " + good + " internet: " + good + "</text>"));
    EXPECT_TRUE(Has(svg, good + " to b: informational, ID(" + good + ")"));
}

TEST(LadderSvg, TellsItsRowsInWords)
{
    RunRecord record = Sample(2);
    record.messages[1] = Message(4500, false, false);
    record.messages[1].summary.encrypted = true;
    record.nodes[0].ipsecSas = {Sa(SaDirection::Inbound, 1000, {})};
    const std::string svg = LadderSvg(MakeLadders(record), "words");
    EXPECT_TRUE(Has(svg,
                    "<desc>a and b:\n"
                    "0.000 s: a to b: informational, NONCE ID(&lt;who &amp; &quot;why&quot;&gt;), "
                    "in clear, 100 octets, arrives at 0.010 s\n"
                    "1.000 s: a: IPsec SA in 0x000013e8\n"
                    "4.500 s: b to a: informational, NONCE ID, encrypted, 100 octets, lost\n"
                    "</desc>"))
        << svg.substr(0, 3000);
}

TEST(LadderSvg, MarksWhatCameUpAndWhatEnded)
{
    RunRecord record = Sample(0);
    record.nodes[0].ipsecSas = {Sa(SaDirection::Inbound, 1000, 5000)};
    const std::string svg = LadderSvg(MakeLadders(record), "marks");
    EXPECT_TRUE(Has(svg, ">IPsec SA in 0x000013e8</text>"));
    EXPECT_TRUE(Has(svg, ">IPsec SA in 0x000013e8 down: Replaced</text>"));
    // One in the legend, one in the ladder.
    EXPECT_EQ(Count(svg, "stroke-width=\"2\""), 2u);
}

TEST(SaTimeline, OverlappingSasHaveLanesOfTheirOwn)
{
    RunRecord record = Sample(0);
    record.nodes[0].ipsecSas = {Sa(SaDirection::Inbound, 0, 1000),
                                Sa(SaDirection::Inbound, 1000, {})};
    const std::string apart = SaTimelineSvg(record);
    record.nodes[0].ipsecSas[0].removedAt = At(2000);
    const std::string overlapping = SaTimelineSvg(record);
    EXPECT_EQ(Count(apart, "y=\"64\" width"), 2u) << apart;
    EXPECT_EQ(Count(overlapping, "y=\"64\" width"), 1u);
    EXPECT_EQ(Count(overlapping, "y=\"84\" width"), 1u);
    EXPECT_EQ(Count(overlapping, ">a - b: in</text>"), 1u);
}

class Pictures : public FolderTest
{
};

TEST_F(Pictures, ThousandsOfSamplesKeepTheirPeak)
{
    Series series;
    for (int64_t i = 0; i < 20000; i++)
    {
        series.Begin(At(i));
        series.Set("all", "dh", i == 12345 ? 99 : 1);
    }
    PlotSeries(m_folder.string(), series);
    const std::string numbers = Contents(m_folder / "dh.dat");
    EXPECT_TRUE(Has(numbers, "12.345 99\n"));
    EXPECT_LT(LineCount(numbers), 2100u);
}

TEST(MakeCharts, ShowsTheLargestAndSaysHowManyItLeavesOut)
{
    Series series;
    for (int64_t time = 0; time < 3; time++)
    {
        series.Begin(At(time));
        series.Set("all", "dh", 300);
        for (int i = 100; i < 299; i++)
        {
            series.Set("gw-" + std::to_string(i), "dh", 1);
        }
        series.Set("zz-hub", "dh", time == 1 ? 200 : 0);
        for (int i = 0; i < 10; i++)
        {
            series.Set("all", "lost-" + std::to_string(i), i + 1);
        }
    }
    const std::vector<Chart> charts = MakeCharts(series);
    ASSERT_EQ(charts.size(), 2u);
    std::vector<std::string> titles;
    for (const ChartLine& line : charts[0].lines)
    {
        titles.push_back(line.title);
    }
    EXPECT_EQ(titles,
              (std::vector<std::string>{
                  "all", "gw-100", "gw-101", "gw-102", "gw-103", "gw-104", "gw-105", "zz-hub"}));
    EXPECT_EQ(charts[0].FullTitle(), charts[0].title + " (193 more are in series.csv)");
    EXPECT_EQ(charts[1].lines.size(), 8u);
    EXPECT_EQ(charts[1].lines[0].title, "2");
    EXPECT_EQ(charts[1].FullTitle(), charts[1].title + " (2 more are in series.csv)");
}

TEST_F(Pictures, ChartsAreSvgAndPng)
{
    Series series;
    series.Begin(At(1000));
    series.Set("all", "dh", 3);
    const Plots plots = PlotSeries(m_folder.string(), series);
    if (!plots.note.empty())
    {
        GTEST_SKIP() << plots.note;
    }
    EXPECT_EQ(Contents(m_folder / "dh.png").substr(1, 3), "PNG");
    ASSERT_EQ(plots.pictures.size(), 1u);
    EXPECT_EQ(plots.pictures[0].find("<svg role=\"img\" aria-label=\"Diffie-Hellman operations\""),
              0u);
    EXPECT_FALSE(Has(plots.pictures[0], " id="));
}

} // namespace
