// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-report-branches.h"

#include "ipsec-expectation-series.h"

#include <array>
#include <set>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Shares of all tunnels that reports tell the time of.
constexpr std::array<double, 3> SHARES{0.5, 0.95, 1.0};
const std::array<const char*, 3> SHARE_KEYS{"seconds50", "seconds95", "seconds100"};

/// Writes "50% after 4.1 s, 95% after 9.2 s, 100% after 9.9 s".
std::string
SharesText(const TunnelCount& count, Instant from)
{
    std::string text;
    for (const double share : SHARES)
    {
        text += (text.empty() ? "" : ", ") + TunnelsUpText(count, from, share);
    }
    return text;
}

void
WriteShares(JsonWriter& json, const TunnelCount& count, Instant from)
{
    for (size_t i = 0; i < SHARES.size(); i++)
    {
        json.Key(SHARE_KEYS[i]);
        if (const std::optional<Instant> reached = count.ReachedAt(SHARES[i], from))
        {
            json.Number(std::chrono::duration<double>(*reached - from).count());
        }
        else
        {
            json.Null();
        }
    }
}

void
WriteSums(JsonWriter& json, const BranchesRecord& branches)
{
    json.Key("others").BeginObject();
    json.Key("count").Number(branches.count - branches.shown);
    json.Key("ikeSas").Number(branches.ikeSas);
    json.Key("ipsecSas").Number(branches.ipsecSas);
    json.Key("failures").Number(branches.failures);
    json.Key("drops").BeginObject();
    for (const auto& [fault, count] : branches.dropCounts)
    {
        json.Key(FaultName(fault)).Number(count);
    }
    json.EndObject();
    json.Key("clearPackets").Number(branches.clearPackets);
    json.Key("lostPackets").Number(branches.lostPackets);
    json.Key("unsentPackets").Number(branches.unsentPackets);
    json.Key("work").BeginObject();
    for (const auto& [key, amount] : branches.work.Items())
    {
        json.Key(key.ToString()).Number(amount);
    }
    json.EndObject();
    json.EndObject();
}

double
InSeconds(Duration duration)
{
    return std::chrono::duration<double>(duration).count();
}

/// Returns the events of a run, of repeated ones the first.
std::vector<EventRecord>
FirstEvents(const RunRecord& record)
{
    std::vector<EventRecord> first;
    std::set<std::string> seen;
    for (const EventRecord& event : record.events)
    {
        if (seen.insert(event.name).second)
        {
            first.push_back(event);
        }
    }
    return first;
}

} // namespace

std::string
OmittedRows(size_t omitted)
{
    return omitted == 0 ? ""
                        : "... " + std::to_string(omitted) + " more rows are in results.json\n";
}

std::vector<std::string>
BranchesLines(const RunRecord& record)
{
    std::vector<std::string> lines;
    for (const BranchesRecord& branches : record.branches)
    {
        if (branches.shown == branches.count)
        {
            continue;
        }
        std::string line = branches.name + ": " + std::to_string(branches.shown) + " of " +
                           std::to_string(branches.count) + " branches of " + branches.hub +
                           " are shown one by one; the others have " +
                           std::to_string(branches.ikeSas) + " IKE SAs and " +
                           std::to_string(branches.ipsecSas) + " IPsec SAs, " +
                           std::to_string(branches.failures) + " failures";
        for (const auto& [fault, count] : branches.dropCounts)
        {
            line += ", " + std::to_string(count) + " " + FaultName(fault);
        }
        lines.push_back(line);
    }
    return lines;
}

std::vector<std::string>
TunnelCountLines(const RunRecord& record)
{
    std::vector<std::string> lines;
    for (const TunnelCount& count : record.tunnelCounts)
    {
        // Of few tunnels, each has an expectation of its own.
        if (record.branches.empty() || count.total < 2)
        {
            continue;
        }
        lines.push_back(count.group + ": " + std::to_string(count.UpAt(record.end)) + " of " +
                        std::to_string(count.total) + " at the end; " +
                        SharesText(count, Instant{}) + "; longest outage " +
                        SecondsText(Instant(count.longestOutage)) + " s, longest one-way " +
                        SecondsText(Instant(count.longestOneWay)) + " s");
        for (const EventRecord& event : FirstEvents(record))
        {
            if (count.UpAt(event.at) < count.total)
            {
                lines.push_back(count.group + " from " + event.name +
                                " on: " + SharesText(count, event.at));
            }
        }
    }
    return lines;
}

void
WriteTunnelCounts(JsonWriter& json, const RunRecord& record)
{
    json.Key("tunnelsUp").BeginObject();
    for (const TunnelCount& count : record.tunnelCounts)
    {
        json.Key(count.group).BeginObject();
        json.Key("count").Number(uint64_t{count.total});
        json.Key("up").Number(uint64_t{count.UpAt(record.end)});
        WriteShares(json, count, Instant{});
        json.Key("longestOutage").Number(InSeconds(count.longestOutage));
        json.Key("longestOneWay").Number(InSeconds(count.longestOneWay));
        json.Key("afterEvents").BeginObject();
        for (const EventRecord& event : FirstEvents(record))
        {
            json.Key(event.name).BeginObject();
            json.Key("at").Number(
                std::chrono::duration<double>(event.at.time_since_epoch()).count());
            json.Key("up").Number(uint64_t{count.UpAt(event.at)});
            WriteShares(json, count, event.at);
            json.EndObject();
        }
        json.EndObject();
        json.EndObject();
    }
    json.EndObject();
}

void
WriteBranches(JsonWriter& json, const RunRecord& record)
{
    json.Key("branches").BeginObject();
    for (const BranchesRecord& branches : record.branches)
    {
        json.Key(branches.name).BeginObject();
        json.Key("hub").String(branches.hub);
        json.Key("count").Number(branches.count);
        json.Key("shown").Number(branches.shown);
        WriteSums(json, branches);
        json.EndObject();
    }
    json.EndObject();
}

} // namespace ipsec
} // namespace ns3
