// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-mode-lab.h"

#include "ipsec-scenario-runner.h"

#include <algorithm>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

/// IPv4 and UDP headers around a datagram.
constexpr size_t HEADER_OCTETS = 28;

const TunnelSettings&
FirstTunnel(const Scenario& scenario, Phase1Mode mode, const char* name)
{
    for (const TunnelSettings& tunnel : scenario.tunnels)
    {
        if (tunnel.keying == TunnelKeying::Ike && !tunnel.IsExternal() &&
            tunnel.ends[0].mode == mode)
        {
            return tunnel;
        }
    }
    throw std::invalid_argument(scenario.name + ": has no tunnel with mode = " + name +
                                " between two gateways; the lab compares the first tunnel of main "
                                "mode with the first of aggressive mode");
}

bool
IsPhase1(ExchangeType exchange)
{
    return exchange == ExchangeType::MainMode || exchange == ExchangeType::AggressiveMode;
}

/// Returns the messages of phase 1 between the ends of a tunnel, copies by the network left out.
std::vector<const MessageRecord*>
Phase1Messages(const RunRecord& record, const TunnelRecord& tunnel)
{
    std::vector<const MessageRecord*> messages;
    for (const MessageRecord& message : record.messages)
    {
        const bool isBetween = (message.from == tunnel.first && message.to == tunnel.second) ||
                               (message.from == tunnel.second && message.to == tunnel.first);
        if (isBetween && IsPhase1(message.summary.exchange) && !message.isNetworkCopy)
        {
            messages.push_back(&message);
        }
    }
    return messages;
}

/// Returns when a node first had an IKE SA with the other end.
std::optional<Instant>
IkeSaAt(const RunRecord& record, const std::string& name, const std::string& peer)
{
    const NodeRecord* node = record.FindNode(name);
    std::optional<Instant> at;
    for (const IkeSaRecord& sa : node ? node->ikeSas : std::vector<IkeSaRecord>())
    {
        if (sa.peer == peer && (!at || sa.info.establishedAt < *at))
        {
            at = sa.info.establishedAt;
        }
    }
    return at;
}

/// Counts what a node did before an instant; of no instant, in all of the run.
uint64_t
DhOperations(const Scenario& scenario, const std::string& name, std::optional<Instant> before)
{
    Scenario part = scenario;
    if (before)
    {
        part.simulation.stop = before->time_since_epoch() - Duration(1);
        if (part.simulation.stop <= Duration::zero())
        {
            return 0;
        }
    }
    const RunRecord record = RunScenario(part);
    uint64_t operations = 0;
    for (const auto& [key, amount] : record.FindNode(name)->work.Items())
    {
        const bool isDh = key.kind == WorkKind::DhKeygen || key.kind == WorkKind::DhDerive;
        operations += isDh ? amount : 0;
    }
    return operations;
}

} // namespace

LabTunnels
FindLabTunnels(const Scenario& scenario)
{
    const TunnelSettings& main = FirstTunnel(scenario, Phase1Mode::Main, "main");
    const TunnelSettings& aggressive = FirstTunnel(scenario, Phase1Mode::Aggressive, "aggressive");
    for (const TunnelEndSettings& one : main.ends)
    {
        for (const TunnelEndSettings& other : aggressive.ends)
        {
            if (one.gateway == other.gateway)
            {
                throw std::invalid_argument(scenario.name + ": tunnels " + main.name + " and " +
                                            aggressive.name + " share gateway " + one.gateway +
                                            "; the lab needs two pairs of gateways");
            }
        }
    }
    return {main.name, aggressive.name};
}

size_t
ModeFacts::EncryptedMessages() const
{
    return static_cast<size_t>(std::count_if(messages.begin(),
                                             messages.end(),
                                             [](const ModeMessage& message)
                                             { return message.encrypted; }));
}

double
ModeFacts::InRoundTrips(Duration time) const
{
    return std::chrono::duration<double>(time) / std::chrono::duration<double>(roundTrip);
}

std::optional<Instant>
FirstMessageAt(const RunRecord& record, const std::string& tunnel)
{
    const std::vector<const MessageRecord*> messages =
        Phase1Messages(record, *record.FindTunnel(tunnel));
    return messages.empty() ? std::nullopt : std::optional<Instant>(messages.front()->At());
}

std::optional<Duration>
EstablishedAfter(const RunRecord& record, const std::string& tunnel)
{
    const TunnelRecord& ends = *record.FindTunnel(tunnel);
    const std::optional<Instant> begin = FirstMessageAt(record, tunnel);
    const std::optional<Instant> first = IkeSaAt(record, ends.first, ends.second);
    const std::optional<Instant> second = IkeSaAt(record, ends.second, ends.first);
    return begin && first && second ? std::optional<Duration>(std::max(*first, *second) - *begin)
                                    : std::nullopt;
}

std::optional<Duration>
UpAfter(const RunRecord& record, const std::string& tunnel)
{
    const std::optional<Instant> begin = FirstMessageAt(record, tunnel);
    const std::optional<Instant> up = record.TunnelUpAt(tunnel);
    return begin && up ? std::optional<Duration>(*up - *begin) : std::nullopt;
}

ModeFacts
ObserveMode(const Scenario& scenario, const RunRecord& record, const std::string& tunnel)
{
    const TunnelRecord& ends = *record.FindTunnel(tunnel);
    const std::vector<const MessageRecord*> messages = Phase1Messages(record, ends);
    if (messages.empty())
    {
        throw std::invalid_argument(scenario.name + ": tunnel " + tunnel +
                                    " sent no message of phase 1; write start = auto");
    }
    ModeFacts facts;
    facts.tunnel = tunnel;
    facts.initiator = messages.front()->from;
    facts.responder = messages.front()->to;
    facts.mode = messages.front()->summary.exchange == ExchangeType::MainMode
                     ? Phase1Mode::Main
                     : Phase1Mode::Aggressive;
    std::optional<Instant> returned;
    for (const MessageRecord* message : messages)
    {
        const bool isFromInitiator = message->from == facts.initiator;
        if (message != messages.front() && isFromInitiator && !message->summary.repeated &&
            message->receivedAt && !returned)
        {
            returned = message->receivedAt;
        }
        if (message->summary.repeated)
        {
            continue;
        }
        facts.messages.push_back({facts.messages.size() + 1,
                                  isFromInitiator,
                                  message->summary.PayloadsText(),
                                  message->summary.encrypted,
                                  message->summary.octets});
        facts.octets += message->summary.octets;
        facts.packetOctets += message->summary.octets + HEADER_OCTETS;
    }
    if (messages.front()->receivedAt)
    {
        facts.roundTrip = 2 * (*messages.front()->receivedAt - messages.front()->At());
    }
    facts.established = EstablishedAfter(record, tunnel);
    facts.tunnelUp = UpAfter(record, tunnel);
    facts.dh.initiator =
        DhOperations(scenario, facts.initiator, IkeSaAt(record, facts.initiator, facts.responder));
    facts.dh.responder =
        DhOperations(scenario, facts.responder, IkeSaAt(record, facts.responder, facts.initiator));
    facts.dh.unproven = DhOperations(scenario, facts.responder, returned);
    facts.overheard = Overhear(record, ends);
    return facts;
}

} // namespace ipsec
} // namespace ns3
