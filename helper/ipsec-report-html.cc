// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-eavesdropper.h"
#include "ipsec-markup.h"
#include "ipsec-report-branches.h"
#include "ipsec-report-dial-ups.h"
#include "ipsec-report-displays.h"
#include "ipsec-report-files.h"
#include "ipsec-report-nats.h"
#include "ipsec-report-page.h"
#include "ipsec-report-protection.h"

#include <algorithm>
#include <cstdio>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Gateways whose displays are there; many of [branches] may be shown.
constexpr size_t MOST_NODES = 40;
/// Rows of a table of drops or events.
constexpr size_t MOST_LINES = 200;

std::string
Badge(bool pass)
{
    return pass ? "<span class=\"badge pass\">pass</span>"
                : "<span class=\"badge fail\">fail</span>";
}

std::string
Fact(const std::string& name, const std::string& value)
{
    return "<div><dt>" + name + "</dt><dd>" + EscapeMarkup(value) + "</dd></div>\n";
}

/// Says how many tunnels are up at the end, when all of them first were, and what came between.
std::string
TunnelsText(const RunRecord& record)
{
    const TunnelCount* all = record.FindTunnelCount(ALL_NODES);
    if (!all)
    {
        return "none";
    }
    std::string text = std::to_string(all->UpAt(record.end)) + " of " + std::to_string(all->total) +
                       " up at the end";
    if (all->total == 0)
    {
        return text;
    }
    const std::optional<Instant> whole = all->ReachedAt(1, Instant{});
    text += whole ? "; all up for the first time at " + SecondsText(*whole) + " s"
                  : "; never all at once";
    const size_t outages = all->outages.size();
    if (outages == 0)
    {
        return text + (whole ? ", and without an outage" : "");
    }
    return text + "; " + std::to_string(outages) + (outages == 1 ? " outage" : " outages") +
           ", the longest " + SecondsText(Instant(all->longestOutage)) + " s";
}

/// Says how many messages did not arrive, or not in time.
std::string
LostText(const RunRecord& record)
{
    const uint64_t underway = record.UnderwayMessageCount();
    const uint64_t unheard = record.UnheardMessageCount();
    const uint64_t refused = record.RefusedMessageCount();
    return std::to_string(record.LostMessageCount()) + " IKE messages" +
           (underway > 0 ? "; " + std::to_string(underway) + " on their way at the end" : "") +
           (unheard > 0 ? "; " + std::to_string(unheard) + " arrived where nobody listens" : "") +
           (refused > 0 ? "; " + std::to_string(refused) + " refused by a full processor" : "");
}

std::string
TrafficText(const RunRecord& record)
{
    uint64_t sent = 0;
    uint64_t received = 0;
    for (const TrafficRecord& traffic : record.traffic)
    {
        sent += traffic.sent;
        received += traffic.received;
    }
    return std::to_string(received) + " of " + std::to_string(sent) +
           " packets arrived or were answered";
}

std::string
Summary(const RunRecord& record)
{
    const auto passed =
        std::count_if(record.expectations.begin(),
                      record.expectations.end(),
                      [](const ExpectationOutcome& outcome) { return outcome.pass; });
    std::string out = "<dl class=\"facts\">\n";
    out += Fact("Expectations",
                std::to_string(passed) + " of " + std::to_string(record.expectations.size()) +
                    " came true");
    out += Fact("Tunnels", TunnelsText(record));
    out += Fact("IKE messages", MessageCountsText(record));
    out += Fact("Lost on the way", LostText(record));
    out += record.traffic.empty() ? "" : Fact("Traffic", TrafficText(record));
    return out + "</dl>\n";
}

std::string
Expectations(const RunRecord& record)
{
    HtmlTable table("What the scenario expects, and what was seen",
                    {{"expectation"}, {"verdict"}, {"seen"}});
    for (const ExpectationOutcome& outcome : record.expectations)
    {
        const std::string hint = outcome.hint.empty() ? "" : "; hint: " + outcome.hint;
        table.Add({{outcome.text}, {Badge(outcome.pass), false, true}, {outcome.seen + hint}});
    }
    return table.ToString();
}

std::string
Traffic(const RunRecord& record)
{
    HtmlTable table("Traffic, and what became of it",
                    {{"name"},
                     {"kind"},
                     {"from"},
                     {"to"},
                     {"sent", true},
                     {"received", true},
                     {"mean round trip", true}});
    for (const TrafficRecord& traffic : record.traffic)
    {
        char mean[32] = "";
        if (const std::optional<Duration> value = traffic.MeanRoundTrip())
        {
            std::snprintf(mean,
                          sizeof(mean),
                          "%.3f ms",
                          std::chrono::duration<double, std::milli>(*value).count());
        }
        table.Add({{traffic.name},
                   {traffic.kind},
                   {traffic.from},
                   {traffic.to},
                   {std::to_string(traffic.sent), true},
                   {std::to_string(traffic.received), true},
                   {mean, true}});
    }
    return table.ToString();
}

/// Lists what the scenario let happen.
std::string
Events(const RunRecord& record)
{
    HtmlTable table("What the scenario let happen",
                    {{"at"}, {"event"}, {"kind"}, {"target"}, {"detail"}});
    const size_t shown = std::min(record.events.size(), MOST_LINES);
    for (size_t i = 0; i < shown; i++)
    {
        const EventRecord& event = record.events[i];
        table.Add({{SecondsText(event.at) + " s"},
                   {event.name},
                   {event.kind},
                   {event.target},
                   {event.detail}});
    }
    table.SetNote(OmittedRows(record.events.size() - shown));
    return table.ToString();
}

/// Adds up what was refused or lost, reason by reason.
std::string
Drops(const RunRecord& record)
{
    HtmlTable table("Messages and packets that were refused or lost, by gateway and reason",
                    {{"gateway"}, {"reason"}, {"count", true}, {"which means"}});
    size_t rows = 0;
    const auto add = [&](const std::string& node,
                         const std::string& reason,
                         uint64_t count,
                         const std::string& text)
    {
        rows += count > 0 ? 1 : 0;
        if (count > 0 && rows <= MOST_LINES)
        {
            table.Add({{node}, {reason}, {std::to_string(count), true}, {text}});
        }
    };
    for (const NodeRecord& node : record.nodes)
    {
        for (const auto& [fault, count] : node.dropCounts)
        {
            add(node.name, FaultName(fault), count, FaultText(fault));
        }
        add(node.name,
            "in clear",
            node.clearPackets,
            "left for the internet although a rule wants them protected");
        add(node.name,
            LOST_ON_THE_WAY,
            node.lostPackets,
            "lost in the internet, or sent to an address that nobody has");
        add(node.name,
            LOST_UNSENT,
            node.unsentPackets,
            "not sent, the link's queue was full or it was down");
    }
    table.SetNote(OmittedRows(rows - std::min(rows, MOST_LINES)));
    return table.ToString();
}

std::string
Pictures(const std::vector<std::string>& pictures)
{
    std::string out;
    for (const std::string& picture : pictures)
    {
        out += "<figure class=\"plot wide\" role=\"region\" tabindex=\"0\" aria-label=\"plot " +
               std::to_string(&picture - pictures.data() + 1) + "\">" + picture + "</figure>\n";
    }
    return out;
}

std::string
Work(const NodeRecord& node)
{
    std::string out;
    for (const auto& [key, amount] : node.work.Items())
    {
        out += (out.empty() ? "" : ", ") + key.ToString() + " x " + std::to_string(amount);
    }
    return out.empty() ? "" : "<p class=\"meta\">Work: " + EscapeMarkup(out) + "</p>\n";
}

/// Shows the displays of each gateway at the end.
std::string
Gateways(const RunRecord& record)
{
    std::string out;
    const size_t shown = std::min(record.nodes.size(), MOST_NODES);
    for (size_t i = 0; i < shown; i++)
    {
        const NodeRecord& node = record.nodes[i];
        const std::string prompt = "<" + node.name + "> ";
        out += HtmlDetails(
            node.name + ", " + node.address.ToString() + ", LAN " + node.lan.ToString(),
            HtmlPreformatted("Displays of " + node.name,
                             prompt + "display ike sa\n" + DisplayIkeSa(node) + "\n" + prompt +
                                 "display ipsec sa brief\n" + DisplayIpsecSaBrief(node)) +
                Work(node),
            false);
    }
    return out + (shown == record.nodes.size()
                      ? ""
                      : "<p class=\"meta\">" + std::to_string(record.nodes.size() - shown) +
                            " more gateways are in results.json.</p>\n");
}

std::string
Keying(const RunRecord& record)
{
    std::string lines;
    for (const std::string& line : KeyingLines(record))
    {
        lines += line + "\n";
    }
    return HtmlPreformatted("Manual keys and IKE compared", lines);
}

/// One section of the page; what has no content is left out.
struct Part
{
    const char* id;
    const char* title;
    std::string content;
};

/// Tells whether many gateways or clients of one kind were there.
bool
IsLarge(const RunRecord& record)
{
    return !record.branches.empty() ||
           std::any_of(record.dialUps.begin(),
                       record.dialUps.end(),
                       [](const DialUpRecord& kind) { return kind.clients > 1; });
}

std::vector<Part>
Parts(const RunRecord& record,
      const std::vector<std::string>& pictures,
      const ScenarioSource& source)
{
    const Part messages{"messages", "Messages", LaddersHtml(record)};
    const Part sas{"sas", "SAs over time", SasHtml(record)};
    const Part plots{"plots", "Over time", Pictures(pictures)};
    // Of many gateways the ladders of a few tell less than the numbers of all.
    const bool isLarge = IsLarge(record);
    return {{"summary", "Summary", Summary(record) + Expectations(record)},
            {"tunnels-up", "Tunnels up", HtmlList(TunnelCountLines(record))},
            isLarge ? plots : messages,
            isLarge ? messages : sas,
            isLarge ? sas : plots,
            {"events", "Events", Events(record)},
            {"traffic", "Traffic", Traffic(record)},
            {"branches", "Branches", HtmlList(BranchesLines(record))},
            {"eavesdropper", "What an eavesdropper learns", HtmlList(EavesdropperLines(record))},
            {"dial-ups", "Clients that dial up", HtmlList(DialUpLines(record))},
            {"nats", "NATs", HtmlList(NatLines(record))},
            {"floods", "Floods", HtmlList(FloodLines(record))},
            {"attackers", "What attackers read", HtmlList(AttackLines(record))},
            {"keying", "Manual keys and IKE compared", Keying(record)},
            {"warnings", "Warnings", HtmlList(WarningLines(record))},
            {"failures", "Failures", HtmlList(FailureLines(record))},
            {"ends", "IKE SAs that ended, and why", HtmlList(EndLines(record))},
            {"drops", "Refused or lost", Drops(record)},
            {"gateways", "Gateways at the end", Gateways(record)},
            {"scenario", "Scenario", ScenarioHtml(source)},
            {"again", "Run it again", ReproductionHtml(record, source)}};
}

std::string
Head(const std::string& name)
{
    return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
           "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
           "<meta name=\"color-scheme\" content=\"light dark\">\n"
           // No picture of its own, so that a browser asks nobody for one.
           "<link rel=\"icon\" href=\"data:,\">\n<title>" +
           name + "</title>\n<style>" + PageStyle() + "</style>\n</head>\n<body>\n";
}

} // namespace

std::string
ReportHtml(const RunRecord& record,
           const std::vector<std::string>& pictures,
           const ScenarioSource& source)
{
    const std::string name = EscapeMarkup(record.scenario);
    std::string links;
    std::string sections;
    for (const Part& part : Parts(record, pictures, source))
    {
        const std::string id = part.id;
        links += part.content.empty()
                     ? ""
                     : "<li><a href=\"#" + id + "\">" + EscapeMarkup(part.title) + "</a></li>\n";
        sections += HtmlSection(id, part.title, part.content);
    }
    return Head(name) + "<header>\n<h1>" + name + " " + Badge(record.Passed()) +
           "</h1>\n<p class=\"meta\">A run of IKEv1 and IPsec in ns-3: " +
           SecondsText(record.end, 1) + " s simulated, seed " + std::to_string(record.seed) +
           ", run " + std::to_string(record.run) +
           (record.dhOncePerPair ? ", shared secrets computed once per pair" : "") +
           "</p>\n<nav aria-label=\"Contents\"><ul>\n" + links +
           "</ul></nav>\n</header>\n<main>\n" + sections + "</main>\n</body>\n</html>\n";
}

} // namespace ipsec
} // namespace ns3
