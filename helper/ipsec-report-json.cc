// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-report-json.h"

#include "ipsec-eavesdropper.h"
#include "ipsec-json-writer.h"
#include "ipsec-report-branches.h"
#include "ipsec-report-dial-ups.h"
#include "ipsec-report-displays.h"
#include "ipsec-report-nats.h"

namespace ns3
{
namespace ipsec
{

namespace
{

double
Seconds(Instant at)
{
    return std::chrono::duration<double>(at.time_since_epoch()).count();
}

double
Milliseconds(Duration duration)
{
    return std::chrono::duration<double, std::milli>(duration).count();
}

void
WriteExpectations(JsonWriter& json, const RunRecord& record)
{
    json.Key("expectations").BeginArray();
    for (const ExpectationOutcome& outcome : record.expectations)
    {
        json.BeginObject();
        json.Key("text").String(outcome.text);
        json.Key("pass").Bool(outcome.pass);
        json.Key("seen").String(outcome.seen);
        if (!outcome.hint.empty())
        {
            json.Key("hint").String(outcome.hint);
        }
        json.EndObject();
    }
    json.EndArray();
}

void
WriteMessages(JsonWriter& json, const RunRecord& record)
{
    json.Key("messages").BeginObject();
    for (const ExchangeType exchange : {ExchangeType::MainMode,
                                        ExchangeType::AggressiveMode,
                                        ExchangeType::QuickMode,
                                        ExchangeType::Informational,
                                        ExchangeType::Transaction})
    {
        json.Key(ExchangeName(exchange)).Number(record.MessageCount(exchange));
    }
    json.Key("retransmitted").Number(record.RetransmissionCount());
    json.Key("lost").Number(record.LostMessageCount());
    json.Key("underway").Number(record.UnderwayMessageCount());
    json.Key("unheard").Number(record.UnheardMessageCount());
    json.Key("refused").Number(record.RefusedMessageCount());
    json.EndObject();
}

/// Writes a text, or null for none.
void
WriteTextOrNull(JsonWriter& json, const char* key, const std::string& text)
{
    json.Key(key);
    if (text.empty())
    {
        json.Null();
    }
    else
    {
        json.String(text);
    }
}

/// Writes what each end has in a list.
void
WriteOverheardLists(JsonWriter& json,
                    const char* key,
                    const Overheard& overheard,
                    std::vector<std::string> OverheardEnd::*list)
{
    json.Key(key).BeginObject();
    for (const OverheardEnd& end : overheard.ends)
    {
        json.Key(end.node).BeginArray();
        for (const std::string& text : end.*list)
        {
            json.String(text);
        }
        json.EndArray();
    }
    json.EndObject();
}

void
WriteOverheard(JsonWriter& json, const Overheard& overheard)
{
    json.Key("eavesdropper").BeginObject();
    json.Key("learnsIdentities").Bool(overheard.HasIdentities());
    json.Key("canTryPasswords").Bool(overheard.ends[0].provesKey || overheard.ends[1].provesKey);
    WriteOverheardLists(json, "identities", overheard, &OverheardEnd::identities);
    WriteOverheardLists(json, "certificates", overheard, &OverheardEnd::certificates);
    WriteOverheardLists(json, "authorities", overheard, &OverheardEnd::authorities);
    json.EndObject();
}

/// Writes the IKE SAs that are there, or those that ended.
void
WriteIkeSas(JsonWriter& json, const NodeRecord& node, bool ended)
{
    json.BeginArray();
    for (const IkeSaRecord& sa : node.ikeSas)
    {
        if (sa.endedAt.has_value() != ended)
        {
            continue;
        }
        json.BeginObject();
        json.Key("peer").String(sa.peer);
        json.Key("role").String(sa.info.role == Role::Initiator ? "initiator" : "responder");
        json.Key("state").String(ended ? "ended" : "established");
        json.Key("mode").String(sa.info.mode == Phase1Mode::Main ? "main" : "aggressive");
        json.Key("cookies").String(ToHex(sa.info.initiatorCookie) + ":" +
                                   ToHex(sa.info.responderCookie));
        json.Key("proposal").String(sa.info.proposal.ToString());
        json.Key("natt").Bool(sa.info.natTraversal);
        json.Key("local").String(sa.info.local.ToString());
        json.Key("remote").String(sa.info.remote.ToString());
        json.Key("localId").String(sa.info.localId.ToString());
        json.Key("remoteId").String(sa.info.remoteId.ToString());
        WriteTextOrNull(json, "certificate", sa.info.certificateSubject);
        WriteTextOrNull(json, "xauthUser", sa.xauthUser);
        const AddressRecord* assigned = node.FindAddress(sa);
        WriteTextOrNull(json, "assignedAddress", assigned ? assigned->address.ToString() : "");
        json.Key("establishedAt").Number(Seconds(sa.info.establishedAt));
        json.Key("expiresAt").Number(Seconds(sa.info.expiresAt));
        if (ended)
        {
            json.Key("endedAt").Number(Seconds(*sa.endedAt));
            json.Key("reason").String(FaultName(sa.reason));
        }
        json.EndObject();
    }
    json.EndArray();
}

/// Writes the IPsec SAs that are there, or those that ended.
void
WriteIpsecSas(JsonWriter& json, const NodeRecord& node, bool ended)
{
    json.BeginArray();
    for (const IpsecSaRecord& sa : node.ipsecSas)
    {
        if (sa.removedAt.has_value() != ended)
        {
            continue;
        }
        const bool isInbound = sa.sa.direction == SaDirection::Inbound;
        json.BeginObject();
        json.Key("peer").String(sa.peer);
        json.Key("tunnel").String(sa.tunnel);
        json.Key("direction").String(isInbound ? "in" : "out");
        json.Key("protocol").String(sa.sa.protocol == ProtocolId::Ah ? "ah" : "esp");
        json.Key("spi").String(SpiText(sa.sa.spi));
        json.Key("proposal").String(sa.sa.proposal);
        json.Key("mode").String(sa.sa.mode == EncapsulationMode::Tunnel ? "tunnel" : "transport");
        json.Key("udpEncapsulated").Bool(sa.sa.udpEncapsulated);
        json.Key("local").String(sa.sa.proxyId.local.ToString());
        json.Key("remote").String(sa.sa.proxyId.remote.ToString());
        json.Key("installedAt").Number(Seconds(sa.installedAt));
        json.Key("packets").Number(sa.packets);
        json.Key("octets").Number(sa.octets);
        json.Key("sequence").Number(sa.sequence);
        json.Key("extendedSequence").Bool(sa.sa.extendedSequence);
        json.Key("replayWindow").Number(uint64_t{sa.sa.replayWindow});
        json.Key("replayed").Number(sa.replayed);
        json.Key("failed").Number(sa.failed);
        if (ended)
        {
            json.Key("removedAt").Number(Seconds(*sa.removedAt));
            json.Key("reason").String(FaultName(sa.reason));
        }
        json.EndObject();
    }
    json.EndArray();
}

void
WriteFailures(JsonWriter& json, const NodeRecord& node)
{
    json.Key("failures").BeginArray();
    for (const FailureRecord& failure : node.failures)
    {
        json.BeginObject();
        json.Key("at").Number(Seconds(failure.at));
        json.Key("peer").String(failure.peer);
        json.Key("phase").Number(uint64_t{failure.tunnel.empty() ? 1u : 2u});
        WriteTextOrNull(json, "tunnel", failure.tunnel);
        json.Key("reason").String(FaultName(failure.reason));
        json.Key("notify").Number(uint64_t{failure.notify});
        json.EndObject();
    }
    json.EndArray();
}

void
WriteWork(JsonWriter& json, const char* name, const Work& work)
{
    json.Key(name).BeginObject();
    for (const auto& [key, amount] : work.Items())
    {
        json.Key(key.ToString()).Number(amount);
    }
    json.EndObject();
}

/// Writes what the processor did, or null if everything is free.
void
WriteCpu(JsonWriter& json, const NodeRecord& node, Instant end)
{
    json.Key("cpu");
    if (!node.cpu)
    {
        json.Null();
        return;
    }
    const CpuRecord& cpu = *node.cpu;
    const double busy = std::chrono::duration<double>(cpu.busy).count();
    json.BeginObject();
    json.Key("cores").Number(uint64_t{cpu.cores});
    json.Key("ikeJobs").Number(cpu.ikeJobs);
    json.Key("outboundJobs").Number(cpu.outboundJobs);
    json.Key("inboundJobs").Number(cpu.inboundJobs);
    json.Key("drops").Number(cpu.drops);
    json.Key("busySeconds").Number(busy);
    json.Key("utilisation").Number(busy / Seconds(end) / cpu.cores);
    json.Key("longestQueue").Number(uint64_t{cpu.longestQueue});
    WriteWork(json, "operations", cpu.done);
    json.EndObject();
}

void
WriteEvents(JsonWriter& json, const RunRecord& record)
{
    json.Key("events").BeginArray();
    for (const EventRecord& event : record.events)
    {
        json.BeginObject();
        json.Key("at").Number(Seconds(event.at));
        json.Key("name").String(event.name);
        json.Key("kind").String(event.kind);
        json.Key("target").String(event.target);
        WriteTextOrNull(json, "detail", event.detail);
        json.EndObject();
    }
    json.EndArray();
}

void
WriteNode(JsonWriter& json, const NodeRecord& node, Instant simulated)
{
    json.Key(node.name).BeginObject();
    json.Key("address").String(node.address.ToString());
    json.Key("lan").String(node.lan.ToString());
    WriteNatEffects(json, node);
    WritePlaces(json, node);
    json.Key("ikeSas");
    WriteIkeSas(json, node, false);
    json.Key("ipsecSas");
    WriteIpsecSas(json, node, false);
    json.Key("endedIkeSas");
    WriteIkeSas(json, node, true);
    json.Key("endedIpsecSas");
    WriteIpsecSas(json, node, true);
    WriteFailures(json, node);
    json.Key("drops").BeginObject();
    for (const auto& [fault, count] : node.dropCounts)
    {
        json.Key(FaultName(fault)).Number(count);
    }
    json.EndObject();
    json.Key("clearPackets").Number(node.clearPackets);
    json.Key("sessions").BeginArray();
    for (const Session& session : node.sessions)
    {
        json.BeginObject();
        json.Key("flow").String(session.flow.ToString());
        json.Key("packets").Number(session.packets);
        json.Key("answers").Number(session.answers);
        json.EndObject();
    }
    json.EndArray();
    json.Key("lostPackets").Number(node.lostPackets);
    json.Key("unsentPackets").Number(node.unsentPackets);
    WriteWork(json, "work", node.work);
    WriteCpu(json, node, simulated);
    json.EndObject();
}

void
WriteRoundTrip(JsonWriter& json, const char* key, const std::optional<Duration>& value)
{
    json.Key(key);
    if (value)
    {
        json.Number(Milliseconds(*value));
    }
    else
    {
        json.Null();
    }
}

void
WriteTraffic(JsonWriter& json, const TrafficRecord& traffic)
{
    json.Key(traffic.name).BeginObject();
    json.Key("kind").String(traffic.kind);
    json.Key("from").String(traffic.from);
    json.Key("to").String(traffic.to);
    json.Key("sent").Number(traffic.sent);
    json.Key("received").Number(traffic.received);
    json.Key("sentOctets").Number(traffic.sentOctets);
    json.Key("receivedOctets").Number(traffic.receivedOctets);
    json.Key("longestSilence");
    if (traffic.longestSilence)
    {
        json.Number(std::chrono::duration<double>(*traffic.longestSilence).count());
    }
    else
    {
        json.Null();
    }
    if (traffic.kind == "ping")
    {
        WriteRoundTrip(json, "rttMinMs", traffic.MinimumRoundTrip());
        WriteRoundTrip(json, "rttMeanMs", traffic.MeanRoundTrip());
        WriteRoundTrip(json, "rttMaxMs", traffic.MaximumRoundTrip());
    }
    json.EndObject();
}

void
WriteTunnels(JsonWriter& json, const RunRecord& record)
{
    json.Key("tunnels").BeginObject();
    for (const TunnelRecord& tunnel : record.tunnels)
    {
        json.Key(tunnel.name).BeginObject();
        json.Key("between").BeginArray();
        json.String(tunnel.first).String(tunnel.second).EndArray();
        json.Key("keying").String(tunnel.isManual ? "manual" : "ike");
        json.Key("upAt");
        if (const std::optional<Instant> up = record.TunnelUpAt(tunnel.name))
        {
            json.Number(Seconds(*up));
        }
        else
        {
            json.Null();
        }
        WriteOverheard(json, Overhear(record, tunnel));
        json.EndObject();
    }
    json.EndObject();
}

void
WriteFloods(JsonWriter& json, const RunRecord& record)
{
    json.Key("floods").BeginObject();
    for (const FloodRecord& flood : record.floods)
    {
        json.Key(flood.name).BeginObject();
        json.Key("to").String(flood.to);
        json.Key("kind").String(flood.kind);
        json.Key("sent").Number(flood.sent);
        json.Key("sentOctets").Number(flood.sentOctets);
        json.Key("answers").Number(flood.answers);
        json.Key("answerOctets").Number(flood.answerOctets);
        json.Key("amplification").Number(flood.Amplification());
        json.EndObject();
    }
    json.EndObject();
}

void
WriteAttacks(JsonWriter& json, const RunRecord& record)
{
    json.Key("attackers").BeginObject();
    for (const AttackRecord& attack : record.attacks)
    {
        json.Key(attack.name).BeginObject();
        json.Key("watches").String(attack.watches);
        json.Key("stealsFrom").String(attack.stealsFrom);
        json.Key("capturedPackets").Number(attack.capturedPackets);
        json.Key("sas").BeginArray();
        for (const AttackedSaRecord& one : attack.sas)
        {
            json.BeginObject();
            json.Key("tunnel").String(one.tunnel);
            json.Key("spi").String(SpiText(one.sa.spi));
            json.Key("pfs").Bool(one.sa.hasPfs);
            json.Key("packets").Number(one.sa.packets);
            json.Key("read").Number(one.sa.read);
            json.EndObject();
        }
        json.EndArray();
        json.EndObject();
    }
    json.EndObject();
}

} // namespace

std::string
ReportJson(const RunRecord& record)
{
    JsonWriter json;
    json.BeginObject();
    json.Key("schema").Number(RESULTS_SCHEMA);
    json.Key("scenario").String(record.scenario);
    json.Key("seed").Number(uint64_t{record.seed});
    json.Key("run").Number(record.run);
    json.Key("simulatedSeconds").Number(Seconds(record.end));
    json.Key("wallSeconds").Number(record.wallSeconds);
    json.Key("dhOncePerPair").Bool(record.dhOncePerPair);
    WriteWork(json, "savedWork", record.savedWork);
    json.Key("verdict").String(record.Passed() ? "pass" : "fail");
    WriteExpectations(json, record);
    json.Key("warnings").BeginArray();
    for (const std::string& warning : WarningLines(record))
    {
        json.String(warning);
    }
    json.EndArray();
    WriteMessages(json, record);
    WriteTunnels(json, record);
    WriteTunnelCounts(json, record);
    WriteBranches(json, record);
    json.Key("nodes").BeginObject();
    for (const NodeRecord& node : record.nodes)
    {
        WriteNode(json, node, record.end);
    }
    json.EndObject();
    WriteDialUps(json, record);
    WriteNats(json, record);
    json.Key("traffic").BeginObject();
    for (const TrafficRecord& traffic : record.traffic)
    {
        WriteTraffic(json, traffic);
    }
    json.EndObject();
    WriteEvents(json, record);
    WriteFloods(json, record);
    WriteAttacks(json, record);
    json.EndObject();
    return json.Take();
}

} // namespace ipsec
} // namespace ns3
