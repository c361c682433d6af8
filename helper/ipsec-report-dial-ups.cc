// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-report-dial-ups.h"

namespace ns3
{
namespace ipsec
{

namespace
{

double
InSeconds(Duration duration)
{
    return std::chrono::duration<double>(duration).count();
}

std::string
SecondsOf(Duration duration)
{
    return SecondsText(Instant(duration)) + " s";
}

/// Writes "failed 2 (1 NegotiationTimeout, 1 XauthFailed)".
std::string
FailuresText(const DialUpRecord& record)
{
    std::string text = "failed " + std::to_string(record.failures);
    std::string reasons;
    for (const auto& [reason, count] : record.failuresByReason)
    {
        reasons += (reasons.empty() ? "" : ", ") + std::to_string(count) + " " + FaultName(reason);
    }
    return text + (reasons.empty() ? "" : " (" + reasons + ")");
}

std::string
WaitsText(const char* name, const WaitSums& sums)
{
    if (sums.count == 0 && sums.longest == Duration::zero())
    {
        return "";
    }
    if (sums.count == 0)
    {
        return std::string("; ") + name + " none ended, " + SecondsOf(sums.longest) + " so far";
    }
    return std::string("; ") + name + " " + SecondsOf(sums.Mean()) + " on average, " +
           SecondsOf(sums.longest) + " at most";
}

std::string
WithoutAddressText(const DialUpRecord& record)
{
    if (record.withoutAddress == 0)
    {
        return "";
    }
    return record.clients == 1
               ? "; waits for an address by DHCP"
               : "; " + std::to_string(record.withoutAddress) + " wait for an address by DHCP";
}

void
WriteWaits(JsonWriter& json, const char* name, const WaitSums& sums)
{
    json.Key(name).BeginObject();
    json.Key("count").Number(sums.count);
    json.Key("mean");
    if (sums.count == 0)
    {
        json.Null();
    }
    else
    {
        json.Number(InSeconds(sums.Mean()));
    }
    json.Key("longest").Number(InSeconds(sums.longest));
    json.EndObject();
}

} // namespace

std::vector<std::string>
DialUpLines(const RunRecord& record)
{
    std::vector<std::string> lines;
    for (const DialUpRecord& one : record.dialUps)
    {
        const std::string who =
            one.clients == 1 ? one.name + ": " + (one.connected > 0 ? "connected" : "not connected")
                             : one.name + ": " + std::to_string(one.connected) + " of " +
                                   std::to_string(one.clients) + " connected, " +
                                   std::to_string(one.mostConnected) + " at once at most";
        lines.push_back(who + "; arrivals " + std::to_string(one.arrivals) + ", attempts " +
                        std::to_string(one.attempts) + ", " + FailuresText(one) +
                        (one.abandoned > 0 ? ", cut off " + std::to_string(one.abandoned) : "") +
                        ", connections " + std::to_string(one.connections) + ", lost " +
                        std::to_string(one.losses) + ", changes of address " +
                        std::to_string(one.addressChanges) + WaitsText("waits", one.waits) +
                        WaitsText("gaps", one.gaps) + WithoutAddressText(one));
    }
    return lines;
}

void
WriteDialUps(JsonWriter& json, const RunRecord& record)
{
    json.Key("clients").BeginObject();
    for (const DialUpRecord& one : record.dialUps)
    {
        json.Key(one.name).BeginObject();
        json.Key("count").Number(one.clients);
        json.Key("connected").Number(one.connected);
        json.Key("mostConnected").Number(one.mostConnected);
        json.Key("arrivals").Number(one.arrivals);
        json.Key("attempts").Number(one.attempts);
        json.Key("connections").Number(one.connections);
        json.Key("failures").Number(one.failures);
        json.Key("failuresByReason").BeginObject();
        for (const auto& [reason, count] : one.failuresByReason)
        {
            json.Key(FaultName(reason)).Number(count);
        }
        json.EndObject();
        json.Key("abandoned").Number(one.abandoned);
        json.Key("withoutAddress").Number(one.withoutAddress);
        json.Key("losses").Number(one.losses);
        json.Key("addressChanges").Number(one.addressChanges);
        json.Key("connectedSeconds").Number(InSeconds(one.connectedTime));
        WriteWaits(json, "waits", one.waits);
        WriteWaits(json, "gaps", one.gaps);
        json.EndObject();
    }
    json.EndObject();
}

void
WritePlaces(JsonWriter& json, const NodeRecord& node)
{
    json.Key("places").BeginArray();
    for (const PlaceRecord& place : node.places)
    {
        json.BeginObject();
        json.Key("at").Number(std::chrono::duration<double>(place.at.time_since_epoch()).count());
        json.Key("address").String(place.address.ToString());
        json.Key("behind").BeginArray();
        for (const std::string& nat : place.nats)
        {
            json.String(nat);
        }
        json.EndArray();
        json.EndObject();
    }
    json.EndArray();
}

} // namespace ipsec
} // namespace ns3
