// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-markup.h"
#include "ipsec-report-branches.h"
#include "ipsec-report-page.h"

#include "ns3/ipsec-fault.h"

#include <algorithm>
#include <tuple>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Gateways whose tables are there, and of those the ones that are open at once.
constexpr size_t MOST_NODES = 40;
constexpr size_t OPEN_NODES = 4;

/// One row, with what it is sorted by.
struct SaRow
{
    Instant since;
    uint64_t order = 0;
    std::vector<HtmlCell> cells;
};

std::string
Counted(size_t count, const char* noun)
{
    return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string
Ended(const std::optional<Instant>& at, Fault reason)
{
    return at ? SecondsText(*at) + " s: " + FaultName(reason) + ", " + FaultText(reason) : "lives";
}

HtmlCell
Name(const std::string& kind, const std::string& id)
{
    return {EscapeMarkup(kind) + " <code>" + EscapeMarkup(id) + "</code>", false, true};
}

SaRow
IkeRow(const IkeSaRecord& sa)
{
    return {sa.info.establishedAt,
            sa.order,
            {Name("IKE", ToHex(sa.info.initiatorCookie)),
             {sa.peer},
             {sa.info.proposal.ToString()},
             {sa.info.role == Role::Initiator ? "this end started it" : "the peer started it"},
             {SecondsText(sa.info.establishedAt) + " s", true},
             {Ended(sa.endedAt, sa.reason)},
             {"", true},
             {"", true}}};
}

SaRow
IpsecRow(const IpsecSaRecord& sa)
{
    const bool isInbound = sa.sa.direction == SaDirection::Inbound;
    const std::string local = sa.sa.proxyId.local.ToString();
    const std::string remote = sa.sa.proxyId.remote.ToString();
    const std::string tunnel = sa.tunnel.empty() || sa.tunnel == sa.peer ? "" : ", " + sa.tunnel;
    return {sa.installedAt,
            sa.order,
            {Name(isInbound ? "IPsec in" : "IPsec out", SpiText(sa.sa.spi)),
             {sa.peer + tunnel},
             {sa.sa.proposal},
             {isInbound ? remote + " to " + local : local + " to " + remote},
             {SecondsText(sa.installedAt) + " s", true},
             {Ended(sa.removedAt, sa.reason)},
             {std::to_string(sa.packets), true},
             {std::to_string(sa.octets), true}}};
}

std::vector<SaRow>
RowsOf(const NodeRecord& node)
{
    std::vector<SaRow> rows;
    for (const IkeSaRecord& sa : node.ikeSas)
    {
        rows.push_back(IkeRow(sa));
    }
    for (const IpsecSaRecord& sa : node.ipsecSas)
    {
        rows.push_back(IpsecRow(sa));
    }
    std::stable_sort(rows.begin(),
                     rows.end(),
                     [](const SaRow& a, const SaRow& b)
                     { return std::tie(a.since, a.order) < std::tie(b.since, b.order); });
    return rows;
}

/// Lists what came up, in the order of time; of many the first and the last ones.
std::string
SaTable(const NodeRecord& node)
{
    const std::vector<SaRow> rows = RowsOf(node);
    HtmlTable table("SAs of " + node.name + " (" + node.address.ToString() + ")",
                    {{"SA"},
                     {"peer, tunnel"},
                     {"proposal"},
                     {"traffic"},
                     {"up at", true},
                     {"ended"},
                     {"packets", true},
                     {"octets", true}});
    const size_t omitted = rows.size() - std::min(rows.size(), MOST_ROWS);
    const size_t tail = omitted == 0 ? 0 : MOST_ROWS / 4;
    for (size_t i = 0; i < rows.size(); i++)
    {
        if (omitted == 0 || i < MOST_ROWS - tail || i >= rows.size() - tail)
        {
            table.Add(rows[i].cells);
        }
    }
    if (omitted > 0)
    {
        table.SetNote(std::to_string(omitted) + " rows in the middle are folded, up at " +
                      SecondsText(rows[MOST_ROWS - tail].since) + " s to " +
                      SecondsText(rows[rows.size() - tail - 1].since) +
                      " s; results.json has all of them");
    }
    return table.ToString();
}

} // namespace

std::string
SasHtml(const RunRecord& record)
{
    std::string out;
    size_t shown = 0;
    size_t folded = 0;
    for (const NodeRecord& node : record.nodes)
    {
        if (node.ikeSas.empty() && node.ipsecSas.empty())
        {
            continue;
        }
        if (shown == MOST_NODES)
        {
            folded++;
            continue;
        }
        const std::string summary = node.name + ": " + Counted(node.ikeSas.size(), "IKE SA") +
                                    ", " + Counted(node.ipsecSas.size(), "IPsec SA");
        out += HtmlDetails(summary, SaTable(node), shown < OPEN_NODES);
        shown++;
    }
    if (folded > 0)
    {
        out += "<p class=\"meta\">" + std::to_string(folded) +
               " more gateways are folded; results.json has all of them.</p>\n";
    }
    return out.empty() ? ""
                       : "<figure class=\"wide\" role=\"region\" tabindex=\"0\" "
                         "aria-label=\"SAs over time\">\n" +
                             SaTimelineSvg(record) + "</figure>\n" + out;
}

} // namespace ipsec
} // namespace ns3
