// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-report-displays.h"

#include "ipsec-eavesdropper.h"
#include "ipsec-ladder.h"
#include "ipsec-report-branches.h"
#include "ipsec-report-dial-ups.h"
#include "ipsec-report-nats.h"
#include "ipsec-report-protection.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>
#include <tuple>

namespace ns3
{
namespace ipsec
{

namespace
{

/// One row of "display ike sa".
struct IkeSaRow
{
    Instant since;
    std::string peer;
    Role role;
    const char* phase;
};

std::string
Cell(const std::string& text, size_t width)
{
    std::string cell = text;
    cell.resize(std::max(width, text.size() + 1), ' ');
    return cell;
}

/// Tells whether an SA is the AH around ESP: no tunnel of its own.
bool
IsOuterHalf(const IpsecSa& sa)
{
    return sa.protocol == ProtocolId::Ah && sa.bundledSpi != 0;
}

/// Returns the rows in the order of establishment.
std::vector<IkeSaRow>
IkeSaRows(const NodeRecord& node)
{
    std::vector<IkeSaRow> rows;
    for (const IkeSaRecord& sa : node.ikeSas)
    {
        if (!sa.endedAt)
        {
            rows.push_back(
                {sa.info.establishedAt, sa.info.remote.address.ToString(), sa.info.role, "v1:1"});
        }
    }
    for (const IpsecSaRecord& sa : node.ipsecSas)
    {
        if (!sa.removedAt && sa.sa.direction == SaDirection::Inbound && !IsOuterHalf(sa.sa))
        {
            rows.push_back({sa.installedAt, sa.sa.remote.address.ToString(), sa.role, "v1:2"});
        }
    }
    std::stable_sort(rows.begin(),
                     rows.end(),
                     [](const IkeSaRow& a, const IkeSaRow& b) { return a.since < b.since; });
    return rows;
}

const char RULE[] = "--------------------------------------------------------------------------\n";

std::string
Milliseconds(Duration duration)
{
    char text[32];
    std::snprintf(
        text, sizeof(text), "%.3f", std::chrono::duration<double, std::milli>(duration).count());
    return text;
}

std::string
TrafficLine(const TrafficRecord& traffic)
{
    const bool isPing = traffic.kind == "ping";
    std::string line = "  " + traffic.name + " (" + traffic.kind + ") " + traffic.from + " -> " +
                       traffic.to + ": " + std::to_string(traffic.sent) + " sent, " +
                       std::to_string(traffic.received) + (isPing ? " answered" : " received");
    if (const std::optional<Duration> mean = traffic.MeanRoundTrip())
    {
        line += ", round trip min/mean/max " + Milliseconds(*traffic.MinimumRoundTrip()) + "/" +
                Milliseconds(*mean) + "/" + Milliseconds(*traffic.MaximumRoundTrip()) + " ms";
    }
    if (!isPing)
    {
        line += ", " + std::to_string(traffic.receivedOctets) + " octets";
    }
    return line + "\n";
}

std::string
Section(const std::string& title, const std::vector<std::string>& lines)
{
    std::string out;
    for (const std::string& line : lines)
    {
        out += "  " + line + "\n";
    }
    return out.empty() ? "" : title + "\n" + out + "\n";
}

std::string
Packets(uint64_t count)
{
    return std::to_string(count) + (count == 1 ? " packet" : " packets");
}

/// Returns what is shown if a drop or failure came with a notification.
std::string
NotifyText(uint16_t notify)
{
    return notify == 0 ? "" : " (the peer sent " + NotifyName(notify) + ")";
}

/// Failures of one kind: with one peer, of one tunnel, for one reason.
struct FailureGroup
{
    const FailureRecord* first = nullptr;
    Instant last;
    size_t count = 0;
};

/// Returns the kinds in the order in which each came up first.
std::vector<FailureGroup>
GroupFailures(const NodeRecord& node)
{
    std::vector<FailureGroup> groups;
    std::map<std::tuple<std::string, std::string, Fault, uint16_t>, size_t> known;
    for (const FailureRecord& failure : node.failures)
    {
        const auto [kind, isNew] = known.emplace(
            std::make_tuple(failure.peer, failure.tunnel, failure.reason, failure.notify),
            groups.size());
        if (isNew)
        {
            groups.push_back({&failure, failure.at, 0});
        }
        FailureGroup& group = groups[kind->second];
        group.last = failure.at;
        group.count++;
    }
    return groups;
}

/// Returns why IKE SAs of a node ended and how many did: "126 PoolExhausted, 3 Replaced".
std::string
EndsText(const NodeRecord& node)
{
    std::map<std::string, size_t> ends;
    for (const IkeSaRecord& sa : node.ikeSas)
    {
        if (sa.endedAt)
        {
            ends[FaultName(sa.reason)]++;
        }
    }
    std::string text;
    for (const auto& [reason, count] : ends)
    {
        text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + reason;
    }
    return text;
}

} // namespace

std::string
DisplayIkeSa(const NodeRecord& node)
{
    const std::vector<IkeSaRow> rows = IkeSaRows(node);
    std::string out = "current ike sa number: " + std::to_string(rows.size()) + "\n" + RULE +
                      "conn-id    peer                 flag          phase   vpn\n" + RULE;
    const size_t last = rows.size() - std::min(rows.size(), MOST_ROWS);
    for (size_t i = rows.size(); i > last; i--)
    {
        const IkeSaRow& row = rows[i - 1];
        out += Cell(std::to_string(i), 11) + Cell(row.peer, 21) +
               Cell(row.role == Role::Initiator ? "RD|ST" : "RD", 14) + Cell(row.phase, 8) +
               "public\n";
    }
    return out + OmittedRows(last);
}

std::string
DisplayIpsecSaBrief(const NodeRecord& node)
{
    size_t count = 0;
    size_t tunnels = 0;
    size_t omitted = 0;
    std::string rows;
    for (const IpsecSaRecord& record : node.ipsecSas)
    {
        if (record.removedAt)
        {
            continue;
        }
        const bool isInbound = record.sa.direction == SaDirection::Inbound;
        const IpAddress source = (isInbound ? record.sa.remote : record.sa.local).address;
        const IpAddress destination = (isInbound ? record.sa.local : record.sa.remote).address;
        count++;
        tunnels += isInbound && !IsOuterHalf(record.sa) ? 1 : 0;
        if (count > MOST_ROWS)
        {
            omitted++;
            continue;
        }
        rows += Cell(source.ToString(), 16) + Cell(destination.ToString(), 16) +
                Cell(std::to_string(record.sa.spi), 12) +
                Cell(record.sa.protocol == ProtocolId::Ah ? "AH" : "ESP", 10) +
                AlgorithmText(record.sa) + "\n";
    }
    return "current IPSec sa number: " + std::to_string(count) +
           "\ncurrent IPSec tunnel number: " + std::to_string(tunnels) + "\n" + RULE +
           "Src Address     Dst Address     SPI         Protocol  Algorithm\n" + RULE + rows +
           OmittedRows(omitted);
}

/// Says what a run spared this machine that two machines would have had to do.
std::string
OncePerPairText(const RunRecord& record)
{
    uint64_t secrets = 0;
    for (const auto& [key, amount] : record.savedWork.Items())
    {
        secrets += amount;
    }
    return "dh-once-per-pair: " + std::to_string(secrets) +
           " shared secrets were taken from the other end and not computed again; the time that "
           "this run took is not what two machines need";
}

std::vector<std::string>
WarningLines(const RunRecord& record)
{
    std::vector<std::string> lines;
    if (record.dhOncePerPair)
    {
        lines.push_back(OncePerPairText(record));
    }
    std::set<std::string> seen;
    for (const TunnelRecord& tunnel : record.tunnels)
    {
        for (const std::string& warning : tunnel.warnings)
        {
            if (seen.insert(warning).second)
            {
                lines.push_back(warning);
            }
        }
    }
    return lines;
}

std::vector<std::string>
FailureLines(const RunRecord& record)
{
    std::vector<std::string> lines;
    for (const NodeRecord& node : record.nodes)
    {
        for (const FailureGroup& group : GroupFailures(node))
        {
            const FailureRecord& first = *group.first;
            const bool isOne = group.count == 1;
            lines.push_back(SecondsText(first.at) +
                            (isOne ? "" : " to " + SecondsText(group.last)) + " s " + node.name +
                            ": " + (first.tunnel.empty() ? "phase 1" : "tunnel " + first.tunnel) +
                            " with " + first.peer + " failed" +
                            (isOne ? "" : " " + std::to_string(group.count) + " times") + ": " +
                            FaultName(first.reason) + ", " + FaultText(first.reason) +
                            NotifyText(first.notify));
        }
    }
    if (lines.size() > MOST_ROWS)
    {
        const size_t more = lines.size() - MOST_ROWS;
        lines.resize(MOST_ROWS);
        lines.push_back("... " + std::to_string(more) + " more failures are in results.json");
    }
    return lines;
}

std::vector<std::string>
EndLines(const RunRecord& record)
{
    std::vector<std::string> lines;
    for (const NodeRecord& node : record.nodes)
    {
        const std::string ends = EndsText(node);
        if (!ends.empty())
        {
            lines.push_back(node.name + ": " + ends);
        }
    }
    return lines;
}

std::vector<std::string>
DropLines(const RunRecord& record)
{
    std::vector<std::string> lines;
    for (const NodeRecord& node : record.nodes)
    {
        for (const auto& [fault, count] : node.dropCounts)
        {
            lines.push_back(node.name + ": " + std::to_string(count) + " " + FaultName(fault) +
                            ", " + FaultText(fault));
        }
        if (node.clearPackets > 0)
        {
            lines.push_back(node.name + ": " + Packets(node.clearPackets) +
                            " left in clear although a rule wants them protected");
        }
        if (node.lostPackets > 0)
        {
            lines.push_back(node.name + ": " + Packets(node.lostPackets) +
                            " lost in the internet or sent to an address that nobody has");
        }
        if (node.unsentPackets > 0)
        {
            lines.push_back(node.name + ": " + Packets(node.unsentPackets) +
                            " not sent, the link's queue was full or it was down");
        }
    }
    return lines;
}

std::string
MessageCountsText(const RunRecord& record)
{
    const uint64_t aggressive = record.MessageCount(ExchangeType::AggressiveMode);
    const uint64_t transaction = record.MessageCount(ExchangeType::Transaction);
    return "main " + std::to_string(record.MessageCount(ExchangeType::MainMode)) +
           (aggressive > 0 ? ", aggressive " + std::to_string(aggressive) : "") +
           (transaction > 0 ? ", transaction " + std::to_string(transaction) : "") + ", quick " +
           std::to_string(record.MessageCount(ExchangeType::QuickMode)) + ", informational " +
           std::to_string(record.MessageCount(ExchangeType::Informational)) + ", sent again " +
           std::to_string(record.RetransmissionCount());
}

std::string
VerdictText(const RunRecord& record)
{
    std::string out;
    size_t passed = 0;
    for (const ExpectationOutcome& outcome : record.expectations)
    {
        passed += outcome.pass ? 1 : 0;
        out += std::string(outcome.pass ? "  pass  " : "  FAIL  ") + outcome.text + ": " +
               outcome.seen + "\n";
        out += outcome.hint.empty() ? "" : "        hint: " + outcome.hint + "\n";
    }
    std::string counts;
    for (const std::string& line : TunnelCountLines(record))
    {
        counts += "  " + line + "\n";
    }
    return (counts.empty() ? "" : "Tunnels up\n" + counts + "\n") + "Expectations\n" + out + "\n" +
           (record.Passed() ? "PASS" : "FAIL") + "  " + record.scenario + ": " +
           std::to_string(passed) + " of " + std::to_string(record.expectations.size()) +
           " expectations; " + SecondsText(record.end, 1) + " s simulated" +
           (record.dhOncePerPair ? ", shared secrets once per pair" : "") +
           "; messages: " + MessageCountsText(record) + "\n";
}

std::string
ReportText(const RunRecord& record)
{
    std::string out;
    for (const Ladder& ladder : MakeLadders(record))
    {
        out += LadderText(ladder) + "\n";
    }
    out += Section("Branches", BranchesLines(record));
    out += Section("What an eavesdropper learns", EavesdropperLines(record));
    for (const NodeRecord& node : record.nodes)
    {
        out += "<" + node.name + "> display ike sa\n" + DisplayIkeSa(node) + "\n";
        out += "<" + node.name + "> display ipsec sa brief\n" + DisplayIpsecSaBrief(node) + "\n";
        out += "<" + node.name + "> display ipsec sa\n" + DisplayIpsecSa(node, record.end) + "\n";
        out += "<" + node.name + "> display firewall session table\n" + DisplaySessionTable(node) +
               "\n";
    }
    out += Section("Clients that dial up", DialUpLines(record));
    out += Section("NATs", NatLines(record));
    out += Section("Floods", FloodLines(record));
    out += Section("What attackers read", AttackLines(record));
    out += Section("Manual keys and IKE compared", KeyingLines(record));
    if (!record.traffic.empty())
    {
        out += "Traffic\n";
        for (const TrafficRecord& traffic : record.traffic)
        {
            out += TrafficLine(traffic);
        }
        out += "\n";
    }
    out += Section("Warnings", WarningLines(record));
    out += Section("Failures", FailureLines(record));
    out += Section("IKE SAs that ended, and why", EndLines(record));
    out += Section("Refused or lost", DropLines(record));
    return out + VerdictText(record);
}

} // namespace ipsec
} // namespace ns3
