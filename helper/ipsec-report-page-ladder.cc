// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-ladder.h"
#include "ipsec-markup.h"
#include "ipsec-payload-texts.h"
#include "ipsec-report-page.h"

namespace ns3
{
namespace ipsec
{

namespace
{

/// Writes a time at one of the lifelines; nothing where nothing happened.
std::string
Time(bool isRight, const std::optional<Instant>& at)
{
    return std::string("<span class=\"time") + (isRight ? " r" : "") + "\">" +
           (at ? SecondsText(*at) + " s" : "") + "</span>";
}

std::string
Remarks(const LadderStep& step)
{
    std::string remarks = step.encrypted ? "encrypted" : "in clear";
    remarks += step.port == NATT_PORT ? ", port 4500" : "";
    remarks += step.repeated ? ", sent again" : "";
    remarks += step.networkCopy ? ", copy by the network" : "";
    return remarks + FateText(step);
}

/// Writes one fact about a message.
std::string
Fact(const std::string& name, const std::string& value)
{
    return "<div><dt>" + name + "</dt><dd>" + EscapeMarkup(value) + "</dd></div>";
}

std::string
Payloads(const MessageSummary& summary)
{
    if (!summary.readable)
    {
        return "<p>Nobody who is shown here could decrypt it.</p>";
    }
    std::string items;
    for (const PayloadLabel& label : summary.payloads)
    {
        // The ends know what is encrypted, and so does the reader.
        MessageSummary one;
        one.payloads = {label};
        items +=
            "<li><code>" + EscapeMarkup(one.PayloadsText()) + "</code> " + PayloadText(label.type);
        for (const std::string& line : label.Lines())
        {
            items += "<br><span class=\"det\">" + EscapeMarkup(line) + "</span>";
        }
        items += "</li>\n";
    }
    return items.empty() ? "<p>No payload is known of this part of a message.</p>"
                         : "<ol>\n" + items + "</ol>";
}

/// Writes what a message unfolds to.
std::string
Body(const MessageRecord& message)
{
    const MessageSummary& summary = message.summary;
    std::string facts = Fact("From", message.from + " " + message.source.ToString()) +
                        Fact("To", message.to + " " + message.destination.ToString());
    if (message.seenFrom && !(*message.seenFrom == message.source))
    {
        facts += Fact("Arrives from", message.seenFrom->ToString());
    }
    facts += Fact("Size", std::to_string(summary.octets) + " octets") +
             Fact("Exchange", ExchangeName(summary.exchange)) +
             Fact("Message ID", SpiText(summary.messageId)) +
             Fact("Cookies", ToHex(summary.initiatorCookie) + ":" + ToHex(summary.responderCookie));
    if (message.handledAt && *message.handledAt != *message.receivedAt)
    {
        facts += Fact("Handled at", SecondsText(*message.handledAt) + " s");
    }
    if (summary.fragment != 0)
    {
        facts += Fact("Fragment", std::to_string(summary.fragment));
    }
    return "<div class=\"body\"><dl class=\"facts\">" + facts + "</dl>" + Payloads(summary) +
           "</div>";
}

std::string
Message(const Ladder& ladder, const LadderStep& step, const MessageRecord& message)
{
    const std::string& from = step.isLeft ? ladder.left : ladder.right;
    const std::string& to = step.isLeft ? ladder.right : ladder.left;
    const std::string classes = std::string("message ") + (step.isLeft ? "right" : "left") +
                                (step.encrypted ? " enc" : "") + (step.repeated ? " again" : "") +
                                (step.lost ? " lost" : "");
    return "<li class=\"" + classes + "\"><details><summary class=\"row\">" +
           Time(false, step.isLeft ? step.at : step.arrival) + "<span class=\"way " +
           ExchangeColour(step.exchange) + "\"><span class=\"hidden\">" + EscapeMarkup(from) +
           " to " + EscapeMarkup(to) + ": </span><b>" + EscapeMarkup(step.label) +
           "</b> <span class=\"pay\">" + EscapeMarkup(step.payloads) +
           "</span> <span class=\"rem\">" + Remarks(step) + "</span></span>" +
           Time(true, step.isLeft ? step.arrival : step.at) + "</summary>" + Body(message) +
           "</details></li>\n";
}

std::string
Event(const Ladder& ladder, const LadderStep& step)
{
    const char* tone = step.tone == LadderTone::Bad    ? " bad"
                       : step.tone == LadderTone::Good ? " good"
                                                       : "";
    const char* mark = step.tone == LadderTone::Bad    ? "&#x2715;"
                       : step.tone == LadderTone::Gone ? "&#x25cb;"
                                                       : "&#x25cf;";
    const std::string label = EscapeMarkup(step.label);
    const std::string end = "<span class=\"hidden\">" +
                            EscapeMarkup(step.isLeft ? ladder.left : ladder.right) + ": </span>";
    const std::optional<Instant> nothing;
    return std::string("<li class=\"event row") + (step.isLeft ? "" : " r") + tone + "\">" +
           Time(false, step.isLeft ? step.at : nothing) + "<span class=\"way\">" + end +
           (step.isLeft ? mark + (" " + label) : label + " " + mark) + "</span>" +
           Time(true, step.isLeft ? nothing : step.at) + "</li>\n";
}

/// Writes a remark between two rows.
std::string
Note(const std::string& text)
{
    return "<li class=\"note row\"><span class=\"time\"></span><span class=\"way\">" + text +
           "</span><span class=\"time r\"></span></li>\n";
}

std::string
End(const std::string& name, const std::string& address)
{
    const bool hasAddress = !address.empty() && address != name;
    return "<span>" + EscapeMarkup(name) +
           (hasAddress ? "<small>" + EscapeMarkup(address) + "</small>" : "") + "</span>";
}

std::string
LadderHtml(const Ladder& ladder, const RunRecord& record, size_t most)
{
    const LadderFold fold = FoldLadder(ladder, most);
    std::string rows;
    for (size_t i = 0; i < ladder.steps.size(); i++)
    {
        const LadderStep& step = ladder.steps[i];
        if (fold.Hides(i))
        {
            rows += Note(FoldText(ladder, fold));
            i = fold.end - 1;
            continue;
        }
        const std::string wait = WaitText(ladder, i);
        rows += wait.empty() ? "" : Note(wait);
        rows += step.isMessage ? Message(ladder, step, record.messages[step.message])
                               : Event(ladder, step);
    }
    rows += ladder.steps.empty() ? Note("no message") : "";
    return "<h3>" + EscapeMarkup(ladder.left) + " and " + EscapeMarkup(ladder.right) +
           "</h3>\n<div class=\"ends\"><div>" + End(ladder.left, ladder.leftAddress) +
           End(ladder.right, ladder.rightAddress) + "</div></div>\n<ol class=\"ladder\">\n" + rows +
           "</ol>\n";
}

} // namespace

std::string
LaddersHtml(const RunRecord& record)
{
    const std::vector<Ladder> ladders = MakeLadders(record);
    const std::vector<const Ladder*> shown = ShownLadders(ladders);
    std::string out;
    for (const Ladder* ladder : shown)
    {
        out += LadderHtml(*ladder, record, MostSteps(shown.size()));
    }
    const std::string omitted = OmittedLadders(ladders.size() - shown.size());
    out += omitted.empty() ? "" : "<p class=\"meta\">" + omitted + ".</p>\n";
    return out.empty() ? ""
                       : "<p class=\"meta\">Rows are in the order of sending, in seconds of "
                         "simulated time. A thick "
                         "arrow is encrypted, a dashed one is sent again, a red one that ends on "
                         "its way is lost. Each message unfolds to what its payloads say.</p>\n" +
                             out;
}

} // namespace ipsec
} // namespace ns3
