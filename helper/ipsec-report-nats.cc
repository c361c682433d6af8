// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-report-nats.h"

#include <map>

namespace ns3
{
namespace ipsec
{

namespace
{

void
WriteCounts(JsonWriter& json, const char* key, const std::map<std::string, uint64_t>& counts)
{
    json.Key(key).BeginObject();
    for (const auto& [reason, count] : counts)
    {
        json.Key(reason).Number(count);
    }
    json.EndObject();
}

/// Writes ", ended: 2 Reboot, 1 Timeout".
std::string
CountsText(const std::string& title, const std::map<std::string, uint64_t>& counts)
{
    std::string text;
    for (const auto& [reason, count] : counts)
    {
        text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + reason;
    }
    return text.empty() ? "" : "; " + title + " " + text;
}

/// Writes what became of packets on the way out of a NAT, if anything did.
std::string
LinkText(const NatRecord& nat)
{
    const std::string lost = std::to_string(nat.lostPackets);
    const std::string unsent = std::to_string(nat.unsentPackets);
    return (nat.lostPackets > 0
                ? "; " + lost + (nat.lostPackets == 1 ? " packet" : " packets") + " lost outside"
                : "") +
           (nat.unsentPackets > 0 ? "; " + unsent + " not sent" : "");
}

/// Writes what one NAT did, or several. Their peaks are not at the same time.
std::string
NatText(const NatRecord& nat, bool isOne)
{
    return std::to_string(nat.translatedPackets) + " packets translated; " +
           std::to_string(nat.created) + " mappings, " +
           (isOne ? std::to_string(nat.mostMappings) + " at once at most, " : "") +
           std::to_string(nat.mappings) + " left" + CountsText("ended", nat.ended) +
           CountsText("refused", nat.drops) + LinkText(nat);
}

/// Adds up the NATs that a [clients] made like one; without a name if it made none.
NatRecord
SumOfCopies(const RunRecord& record, const std::string& name)
{
    NatRecord sum;
    size_t count = 0;
    for (const NatRecord& nat : record.nats)
    {
        if (nat.copyOf != name)
        {
            continue;
        }
        count++;
        sum.mappings += nat.mappings;
        sum.created += nat.created;
        sum.translatedPackets += nat.translatedPackets;
        sum.lostPackets += nat.lostPackets;
        sum.unsentPackets += nat.unsentPackets;
        for (const auto& [reason, ended] : nat.ended)
        {
            sum.ended[reason] += ended;
        }
        for (const auto& [reason, drops] : nat.drops)
        {
            sum.drops[reason] += drops;
        }
    }
    sum.name = count == 0 ? "" : std::to_string(count) + " more NATs like " + name;
    return sum;
}

} // namespace

std::vector<std::string>
NatLines(const RunRecord& record)
{
    std::vector<std::string> lines;
    for (const NatRecord& nat : record.nats)
    {
        if (nat.copyOf.empty())
        {
            lines.push_back(nat.name + " " + nat.address.ToString() + ": " + NatText(nat, true));
            const NatRecord copies = SumOfCopies(record, nat.name);
            if (!copies.name.empty())
            {
                lines.push_back(copies.name + ", all together: " + NatText(copies, false));
            }
        }
    }
    return lines;
}

void
WriteNats(JsonWriter& json, const RunRecord& record)
{
    json.Key("nats").BeginObject();
    for (const NatRecord& nat : record.nats)
    {
        json.Key(nat.name).BeginObject();
        json.Key("address").String(nat.address.ToString());
        json.Key("lan").String(nat.lan.ToString());
        json.Key("behind");
        if (nat.behind.empty())
        {
            json.Null();
        }
        else
        {
            json.String(nat.behind);
        }
        json.Key("mappings").Number(uint64_t{nat.mappings});
        json.Key("mostMappings").Number(uint64_t{nat.mostMappings});
        json.Key("mappingsCreated").Number(nat.created);
        WriteCounts(json, "mappingsEnded", nat.ended);
        json.Key("translatedPackets").Number(nat.translatedPackets);
        WriteCounts(json, "drops", nat.drops);
        json.Key("lostPackets").Number(nat.lostPackets);
        json.Key("unsentPackets").Number(nat.unsentPackets);
        json.EndObject();
    }
    json.EndObject();
}

void
WriteNatEffects(JsonWriter& json, const NodeRecord& node)
{
    json.Key("behind").BeginArray();
    for (const std::string& nat : node.nats)
    {
        json.String(nat);
    }
    json.EndArray();
    json.Key("keepAlives").Number(node.keepAlives);
    json.Key("peerMoves").BeginArray();
    for (const MoveRecord& move : node.moves)
    {
        json.BeginObject();
        json.Key("at").Number(std::chrono::duration<double>(move.at.time_since_epoch()).count());
        json.Key("peer").String(move.peer);
        json.Key("remote").String(move.remote.ToString());
        json.EndObject();
    }
    json.EndArray();
}

} // namespace ipsec
} // namespace ns3
