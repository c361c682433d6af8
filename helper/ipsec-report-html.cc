// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-eavesdropper.h"
#include "ipsec-ladder.h"
#include "ipsec-report-branches.h"
#include "ipsec-report-dial-ups.h"
#include "ipsec-report-displays.h"
#include "ipsec-report-files.h"
#include "ipsec-report-nats.h"
#include "ipsec-report-protection.h"

#include <algorithm>
#include <cstdio>

namespace ns3
{
namespace ipsec
{

namespace
{

const char STYLE[] =
    "body{font:15px/1.45 system-ui,sans-serif;color:#1c2733;max-width:1040px;margin:2rem auto;"
    "padding:0 1rem}h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .5rem}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3rem .6rem;"
    "border-bottom:1px solid #dde3ea;vertical-align:top}th{font-weight:600;color:#51606f}"
    "td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}"
    ".badge{display:inline-block;padding:.15rem .7rem;border-radius:1rem;color:#fff;"
    "font-weight:600}.pass{background:#1a7f4b}.fail{background:#b3261e}.meta{color:#51606f}"
    "pre{background:#f5f7f9;padding:.8rem;overflow-x:auto;font-size:13px}"
    "svg{max-width:100%;height:auto}code{font-size:.92em}";

std::string
Badge(bool pass)
{
    return pass ? "<span class=\"badge pass\">pass</span>"
                : "<span class=\"badge fail\">fail</span>";
}

/// One cell; numbers stand at the right.
struct Cell
{
    std::string text;
    bool isNumber = false;
    bool isMarkup = false;
};

std::string
Row(const std::vector<Cell>& cells, const char* tag = "td")
{
    std::string out = "<tr>";
    for (const Cell& cell : cells)
    {
        out += std::string("<") + tag + (cell.isNumber ? " class=\"n\">" : ">") +
               (cell.isMarkup ? cell.text : EscapeMarkup(cell.text)) + "</" + tag + ">";
    }
    return out + "</tr>\n";
}

std::string
Expectations(const RunRecord& record)
{
    std::string out = "<h2>Expectations</h2>\n<table>\n";
    for (const ExpectationOutcome& outcome : record.expectations)
    {
        const std::string hint = outcome.hint.empty() ? "" : "; hint: " + outcome.hint;
        out += Row({{Badge(outcome.pass), false, true}, {outcome.text}, {outcome.seen + hint}});
    }
    return out + "</table>\n";
}

std::string
Lines(const std::string& title, const std::vector<std::string>& lines)
{
    if (lines.empty())
    {
        return "";
    }
    std::string out = "<h2>" + title + "</h2>\n<ul>\n";
    for (const std::string& line : lines)
    {
        out += "<li>" + EscapeMarkup(line) + "</li>\n";
    }
    return out + "</ul>\n";
}

/// The same for lines whose blanks make columns.
std::string
Preformatted(const std::string& title, const std::vector<std::string>& lines)
{
    std::string out;
    for (const std::string& line : lines)
    {
        out += EscapeMarkup(line) + "\n";
    }
    return out.empty() ? "" : "<h2>" + title + "</h2>\n<pre>" + out + "</pre>\n";
}

std::string
Traffic(const RunRecord& record)
{
    if (record.traffic.empty())
    {
        return "";
    }
    std::string out = "<h2>Traffic</h2>\n<table>\n" + Row({{"name"},
                                                           {"kind"},
                                                           {"from"},
                                                           {"to"},
                                                           {"sent", true},
                                                           {"received", true},
                                                           {"mean round trip", true}},
                                                          "th");
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
        out += Row({{traffic.name},
                    {traffic.kind},
                    {traffic.from},
                    {traffic.to},
                    {std::to_string(traffic.sent), true},
                    {std::to_string(traffic.received), true},
                    {mean, true}});
    }
    return out + "</table>\n";
}

std::string
IpsecSas(const NodeRecord& node)
{
    std::string out = "<table>\n" + Row({{"tunnel"},
                                         {"direction"},
                                         {"SPI"},
                                         {"proposal"},
                                         {"local"},
                                         {"remote"},
                                         {"since", true},
                                         {"packets", true},
                                         {"octets", true}},
                                        "th");
    const size_t omitted = node.ipsecSas.size() - std::min(node.ipsecSas.size(), MOST_ROWS);
    for (size_t i = 0; i + omitted < node.ipsecSas.size(); i++)
    {
        const IpsecSaRecord& sa = node.ipsecSas[i];
        out += Row({{sa.tunnel},
                    {std::string(sa.sa.direction == SaDirection::Inbound ? "in" : "out") +
                     (sa.removedAt ? " (ended)" : "")},
                    {"<code>" + SpiText(sa.sa.spi) + "</code>", false, true},
                    {sa.sa.proposal},
                    {sa.sa.proxyId.local.ToString()},
                    {sa.sa.proxyId.remote.ToString()},
                    {SecondsText(sa.installedAt) + " s", true},
                    {std::to_string(sa.packets), true},
                    {std::to_string(sa.octets), true}});
    }
    return out + "</table>\n<p class=\"meta\">" + OmittedRows(omitted) + "</p>\n";
}

std::string
Pictures(const std::vector<std::string>& pictures)
{
    std::string out;
    for (const std::string& picture : pictures)
    {
        out += "<figure>" + picture + "</figure>\n";
    }
    return out.empty() ? "" : "<h2>Over time</h2>\n" + out;
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

std::string
Node(const NodeRecord& node)
{
    std::string out = "<h2>" + EscapeMarkup(node.name) + " <span class=\"meta\">" +
                      node.address.ToString() + ", LAN " + node.lan.ToString() + "</span></h2>\n";
    out +=
        "<pre>" + EscapeMarkup("<" + node.name + "> display ike sa\n" + DisplayIkeSa(node)) + "\n" +
        EscapeMarkup("<" + node.name + "> display ipsec sa brief\n" + DisplayIpsecSaBrief(node)) +
        "</pre>\n";
    return out + (node.ipsecSas.empty() ? "" : IpsecSas(node)) + Work(node);
}

} // namespace

std::string
EscapeMarkup(const std::string& text)
{
    std::string out;
    for (const char c : text)
    {
        switch (c)
        {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        default:
            out += c;
        }
    }
    return out;
}

std::string
ReportHtml(const RunRecord& record, const std::vector<std::string>& pictures)
{
    const std::string name = EscapeMarkup(record.scenario);
    std::string out = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                      "<meta name=\"viewport\" content=\"width=device-width\">\n<title>" +
                      name + "</title>\n<style>" + STYLE + "</style>\n</head>\n<body>\n<h1>" +
                      name + " " + Badge(record.Passed()) + "</h1>\n<p class=\"meta\">" +
                      SecondsText(record.end, 1) + " s simulated, seed " +
                      std::to_string(record.seed) + ", run " + std::to_string(record.run) +
                      (record.dhOncePerPair ? ", shared secrets computed once per pair" : "") +
                      "</p>\n";
    out += Expectations(record);
    out += Lines("Tunnels up", TunnelCountLines(record));
    out += Pictures(pictures);
    out += Lines("Branches", BranchesLines(record));
    out += "<h2>Messages</h2>\n" + LadderSvg(MakeLadders(record), record.scenario);
    out += Lines("What an eavesdropper learns", EavesdropperLines(record));
    out += Lines("Clients that dial up", DialUpLines(record));
    out += Lines("NATs", NatLines(record));
    out += Lines("Floods", FloodLines(record));
    out += Lines("What attackers read", AttackLines(record));
    out += Preformatted("Manual keys and IKE compared", KeyingLines(record));
    out += Traffic(record);
    out += Lines("Warnings", WarningLines(record));
    out += Lines("Failures", FailureLines(record));
    out += Lines("IKE SAs that ended, and why", EndLines(record));
    out += Lines("Refused or lost", DropLines(record));
    for (const NodeRecord& node : record.nodes)
    {
        out += Node(node);
    }
    return out + "</body>\n</html>\n";
}

} // namespace ipsec
} // namespace ns3
