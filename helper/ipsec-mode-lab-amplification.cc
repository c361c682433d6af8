// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-mode-lab-amplification.h"

#include "ipsec-personality-table.h"
#include "ipsec-scenario-runner.h"

#include <algorithm>
#include <cstdio>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Longer than any responder repeats its answer.
constexpr Duration STOP = std::chrono::minutes(15);
/// Documentation addresses (RFC 5737) that nobody has.
constexpr const char* VICTIMS = "203.0.113.0/24";
constexpr const char* FLOOD = "spoofed";

/// Returns the scenario with one spoofed first message to the responder of a tunnel, which takes
/// calls from any address. Nobody else says anything.
Scenario
SpoofedScenario(const Scenario& scenario, const std::string& name)
{
    Scenario spoofed = scenario;
    spoofed.traffic.clear();
    spoofed.events.clear();
    spoofed.attackers.clear();
    spoofed.expectations.clear();
    spoofed.output.series = false;
    spoofed.simulation.stop = STOP;
    for (TunnelSettings& tunnel : spoofed.tunnels)
    {
        tunnel.start = TunnelStart::Hand;
        if (tunnel.name == name)
        {
            tunnel.ends[1].rules.Edit().anyPeerAddress = true;
        }
    }
    const TunnelSettings& tunnel = *spoofed.FindTunnel(name);
    FloodSettings flood;
    flood.name = FLOOD;
    flood.to = tunnel.ends[1].gateway;
    flood.mode = tunnel.ends[0].rules->mode;
    flood.rate = 1;
    flood.sources = Prefix::Parse(VICTIMS);
    flood.proposals = EndProposals(scenario, tunnel, 0);
    flood.proposals.resize(1);
    flood.id = tunnel.ends[0].id;
    flood.stop = std::chrono::milliseconds(1);
    spoofed.floods = {flood};
    return spoofed;
}

Personality&
ResponderOf(Scenario& scenario, const std::string& tunnel)
{
    const std::string& name = scenario.FindTunnel(tunnel)->ends[1].gateway;
    return std::find_if(scenario.gateways.begin(),
                        scenario.gateways.end(),
                        [&](const GatewaySettings& gateway) { return gateway.name == name; })
        ->personality.Edit();
}

AmplificationRow
Measure(const Scenario& scenario, AmplificationRow row)
{
    const RunRecord record = RunScenario(scenario);
    const FloodRecord& flood = *record.FindFlood(FLOOD);
    row.mode = flood.kind == "main" ? Phase1Mode::Main : Phase1Mode::Aggressive;
    row.sentOctets = flood.sentOctets;
    row.answers = flood.answers;
    row.answerOctets = flood.answerOctets;
    return row;
}

} // namespace

double
AmplificationRow::Factor() const
{
    return sentOctets == 0 ? 0
                           : static_cast<double>(answerOctets) / static_cast<double>(sentOctets);
}

std::vector<AmplificationRow>
AmplificationByRepetitions(const Scenario& scenario, const LabTunnels& tunnels, uint32_t most)
{
    std::vector<AmplificationRow> rows;
    for (const std::string& tunnel : {tunnels.main, tunnels.aggressive})
    {
        Scenario spoofed = SpoofedScenario(scenario, tunnel);
        for (uint32_t repetitions = 0; repetitions <= most; repetitions++)
        {
            Personality& responder = ResponderOf(spoofed, tunnel);
            responder.aggressiveReplyTries = repetitions;
            responder.mainReplies = repetitions == 0 ? MainReplies::None : MainReplies::All;
            responder.retransmission.tries = repetitions;
            responder.halfOpenTimeout = STOP;
            rows.push_back(
                Measure(spoofed, {Phase1Mode::Main, responder.name, repetitions, 0, 0, 0}));
        }
    }
    return rows;
}

std::vector<AmplificationRow>
AmplificationByPersonality(const Scenario& scenario, const LabTunnels& tunnels)
{
    std::vector<AmplificationRow> rows;
    for (const Personality& preset : AllPresets())
    {
        for (const std::string& tunnel : {tunnels.main, tunnels.aggressive})
        {
            Scenario spoofed = SpoofedScenario(scenario, tunnel);
            ResponderOf(spoofed, tunnel) = preset;
            rows.push_back(
                Measure(spoofed, {Phase1Mode::Main, preset.name, std::nullopt, 0, 0, 0}));
        }
    }
    return rows;
}

std::string
AmplificationCsv(const std::vector<AmplificationRow>& rows)
{
    std::string out =
        "mode,personality,repetitions,sent_octets,answers,answer_octets,amplification\n";
    for (const AmplificationRow& row : rows)
    {
        char factor[32];
        std::snprintf(factor, sizeof(factor), "%.4g", row.Factor());
        out += std::string(row.mode == Phase1Mode::Main ? "main" : "aggressive") + "," +
               row.personality + "," +
               (row.repetitions ? std::to_string(*row.repetitions) : std::string()) + "," +
               std::to_string(row.sentOctets) + "," + std::to_string(row.answers) + "," +
               std::to_string(row.answerOctets) + "," + factor + "\n";
    }
    return out;
}

} // namespace ipsec
} // namespace ns3
