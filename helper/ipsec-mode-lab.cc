// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-mode-lab.h"

#include "ipsec-lab-tunnel.h"
#include "ipsec-mode-lab-dh.h"

#include "ns3/esp-header.h"

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr size_t IPV4_HEADER_OCTETS = 20;
constexpr size_t UDP_HEADER_OCTETS = 8;
/// Fragments of IP packets begin at multiples of it (RFC 791 section 3.1).
constexpr size_t FRAGMENT_UNIT = 8;

const TunnelSettings&
FirstTunnel(const Scenario& scenario, Phase1Mode mode, const char* name)
{
    for (const TunnelSettings& tunnel : scenario.tunnels)
    {
        if (IsCapturedIke(scenario, tunnel) && tunnel.ends[0].rules->mode == mode)
        {
            return tunnel;
        }
    }
    throw std::invalid_argument(scenario.position.file + ": has no tunnel with mode = " + name +
                                " between two gateways; the lab compares the first tunnel of main "
                                "mode with the first of aggressive mode; " +
                                NOT_CAPTURED);
}

/// Refuses what else leads to a gateway of the tunnels that are compared.
void
RequireAlone(const Scenario& scenario, const TunnelSettings& compared)
{
    for (const TunnelEndSettings& end : compared.ends)
    {
        const std::string& gateway = end.gateway;
        const auto refuse = [&](const std::string& what)
        {
            throw std::invalid_argument(scenario.position.file + ": " + what +
                                        " leads to gateway " + gateway +
                                        ", too; the lab needs the gateways of tunnel " +
                                        compared.name + " for that tunnel alone");
        };
        for (const TunnelSettings& tunnel : scenario.tunnels)
        {
            if (tunnel.name != compared.name &&
                (tunnel.ends[0].gateway == gateway || tunnel.ends[1].gateway == gateway))
            {
                refuse("tunnel " + tunnel.name);
            }
        }
        for (const BranchesSettings& branches : scenario.branches)
        {
            if (branches.hub == gateway)
            {
                refuse(std::string(branches.areClients ? "clients " : "branches ") + branches.name);
            }
        }
        for (const FloodSettings& flood : scenario.floods)
        {
            if (flood.to == gateway)
            {
                refuse("flood " + flood.name);
            }
        }
    }
}

bool
IsPhase1(const MessageSummary& message)
{
    return message.messageId == 0 && (message.exchange == ExchangeType::MainMode ||
                                      message.exchange == ExchangeType::AggressiveMode);
}

using Messages = std::vector<const MessageRecord*>;

/// Returns the messages of phase 1 between the ends of a tunnel, copies by the network left out.
Messages
Phase1Messages(const RunRecord& record, const TunnelRecord& tunnel)
{
    Messages messages;
    for (const MessageRecord& message : record.messages)
    {
        const bool isBetween = (message.from == tunnel.first && message.to == tunnel.second) ||
                               (message.from == tunnel.second && message.to == tunnel.first);
        if (isBetween && IsPhase1(message.summary) && !message.isNetworkCopy)
        {
            messages.push_back(&message);
        }
    }
    return messages;
}

/// An IKE SA, and when it was there: at the later of both ends, if both have it.
struct FoundIkeSa
{
    Cookie initiator{};
    Cookie responder{};
    Instant at{};
};

/// Returns the IKE SAs of a node with the other end.
std::vector<FoundIkeSa>
IkeSasOf(const RunRecord& record, const std::string& name, const std::string& peer)
{
    std::vector<FoundIkeSa> found;
    const NodeRecord* node = record.FindNode(name);
    for (const IkeSaRecord& sa : node ? node->ikeSas : std::deque<IkeSaRecord>())
    {
        if (sa.peer == peer)
        {
            found.push_back(
                {sa.info.initiatorCookie, sa.info.responderCookie, sa.info.establishedAt});
        }
    }
    return found;
}

/// Returns the earliest of some IKE SAs.
std::optional<FoundIkeSa>
Earliest(const std::vector<FoundIkeSa>& sas)
{
    const auto first =
        std::min_element(sas.begin(),
                         sas.end(),
                         [](const FoundIkeSa& a, const FoundIkeSa& b) { return a.at < b.at; });
    return first == sas.end() ? std::nullopt : std::optional<FoundIkeSa>(*first);
}

/// Returns the IKE SA that both ends of a tunnel had before any other.
std::optional<FoundIkeSa>
FirstSharedIkeSa(const RunRecord& record, const TunnelRecord& ends)
{
    std::vector<FoundIkeSa> shared;
    const std::vector<FoundIkeSa> others = IkeSasOf(record, ends.second, ends.first);
    for (FoundIkeSa sa : IkeSasOf(record, ends.first, ends.second))
    {
        for (const FoundIkeSa& other : others)
        {
            if (sa.initiator == other.initiator && sa.responder == other.responder)
            {
                sa.at = std::max(sa.at, other.at);
                shared.push_back(sa);
            }
        }
    }
    return Earliest(shared);
}

/// Returns the exchange that the facts are about; its instant says nothing.
FoundIkeSa
FindExchange(const RunRecord& record, const TunnelRecord& ends, const Messages& messages)
{
    if (const std::optional<FoundIkeSa> shared = FirstSharedIkeSa(record, ends))
    {
        return *shared;
    }
    std::vector<FoundIkeSa> all = IkeSasOf(record, ends.first, ends.second);
    const std::vector<FoundIkeSa> others = IkeSasOf(record, ends.second, ends.first);
    all.insert(all.end(), others.begin(), others.end());
    if (const std::optional<FoundIkeSa> first = Earliest(all))
    {
        return *first;
    }
    FoundIkeSa begun{messages.front()->summary.initiatorCookie, {}, {}};
    for (const MessageRecord* message : messages)
    {
        if (message->summary.initiatorCookie == begun.initiator && begun.responder == Cookie{})
        {
            begun.responder = message->summary.responderCookie;
        }
    }
    return begun;
}

/// Returns the messages of one exchange.
Messages
MessagesOf(const Messages& all, const FoundIkeSa& exchange)
{
    Messages messages;
    for (const MessageRecord* message : all)
    {
        const Cookie& responder = message->summary.responderCookie;
        if (message->summary.initiatorCookie == exchange.initiator &&
            (responder == Cookie{} || responder == exchange.responder))
        {
            messages.push_back(message);
        }
    }
    return messages;
}

/// Returns how many other exchanges had begun before.
size_t
EarlierExchanges(const Messages& all, const FoundIkeSa& exchange)
{
    std::set<Cookie> earlier;
    for (const MessageRecord* message : all)
    {
        if (message->summary.initiatorCookie == exchange.initiator)
        {
            break;
        }
        earlier.insert(message->summary.initiatorCookie);
    }
    return earlier.size();
}

/// Returns what the first message to which an answer arrived and that answer were on their way.
std::optional<Duration>
RoundTripOf(const Messages& messages)
{
    for (const MessageRecord* message : messages)
    {
        for (const MessageRecord* answer : messages)
        {
            if (answer->from == message->to && message->sentAt && message->receivedAt &&
                answer->sentAt && answer->receivedAt && *answer->sentAt >= *message->receivedAt)
            {
                return (*message->receivedAt - *message->sentAt) +
                       (*answer->receivedAt - *answer->sentAt);
            }
        }
    }
    return std::nullopt;
}

/// Returns the octets of the IP packets that carry a message over its sender's link.
size_t
PacketOctets(const Scenario& scenario, const MessageRecord& message)
{
    const size_t marker = message.source.port == NATT_PORT ? NON_ESP_MARKER.size() : 0;
    const size_t datagram = UDP_HEADER_OCTETS + marker + message.summary.octets;
    const size_t mtu = scenario.FindGateway(message.from)->link.mtu;
    const size_t part = (mtu - IPV4_HEADER_OCTETS) / FRAGMENT_UNIT * FRAGMENT_UNIT;
    const bool isWhole = datagram + IPV4_HEADER_OCTETS <= mtu;
    return datagram + IPV4_HEADER_OCTETS * (isWhole ? 1 : (datagram + part - 1) / part);
}

/// Writes what is to be told of each message, once.
void
AddMessages(const Scenario& scenario, const Messages& messages, ModeFacts& facts)
{
    // Octets of the fragments of each end's message so far.
    std::map<bool, size_t> fragments;
    for (const MessageRecord* message : messages)
    {
        if (message->summary.repeated)
        {
            continue;
        }
        const bool isFromInitiator = message->from == facts.initiator;
        facts.octets += message->summary.octets;
        facts.packetOctets += PacketOctets(scenario, *message);
        fragments[isFromInitiator] += message->summary.octets;
        if (message->summary.EndsMessage())
        {
            facts.messages.push_back({facts.messages.size() + 1,
                                      isFromInitiator,
                                      message->summary.PayloadsText(),
                                      message->summary.encrypted,
                                      fragments[isFromInitiator]});
            fragments[isFromInitiator] = 0;
        }
    }
}

/// Returns when an end had the IKE SA of an exchange, if it got one.
std::optional<Instant>
IkeSaAt(const RunRecord& record,
        const std::string& name,
        const std::string& peer,
        const FoundIkeSa& exchange)
{
    for (const FoundIkeSa& sa : IkeSasOf(record, name, peer))
    {
        if (sa.initiator == exchange.initiator && sa.responder == exchange.responder)
        {
            return sa.at;
        }
    }
    return std::nullopt;
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
                throw std::invalid_argument(scenario.position.file + ": tunnels " + main.name +
                                            " and " + aggressive.name + " share gateway " +
                                            one.gateway + "; the lab needs two pairs of gateways");
            }
        }
    }
    RequireAlone(scenario, main);
    RequireAlone(scenario, aggressive);
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

std::optional<double>
ModeFacts::InRoundTrips(Duration time) const
{
    if (!roundTrip || *roundTrip == Duration::zero())
    {
        return std::nullopt;
    }
    return std::chrono::duration<double>(time) / std::chrono::duration<double>(*roundTrip);
}

std::optional<Instant>
FirstMessageAt(const RunRecord& record, const std::string& tunnel)
{
    const Messages messages = Phase1Messages(record, *record.FindTunnel(tunnel));
    return messages.empty() ? std::nullopt : std::optional<Instant>(messages.front()->At());
}

std::optional<Duration>
EstablishedAfter(const RunRecord& record, const std::string& tunnel)
{
    const std::optional<Instant> begin = FirstMessageAt(record, tunnel);
    const std::optional<FoundIkeSa> shared = FirstSharedIkeSa(record, *record.FindTunnel(tunnel));
    return begin && shared ? std::optional<Duration>(shared->at - *begin) : std::nullopt;
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
    const Messages all = Phase1Messages(record, ends);
    if (all.empty())
    {
        throw std::invalid_argument(scenario.position.file + ": tunnel " + tunnel +
                                    " sent no message of phase 1; write start = auto");
    }
    const FoundIkeSa exchange = FindExchange(record, ends, all);
    const Messages messages = MessagesOf(all, exchange);
    ModeFacts facts;
    facts.tunnel = tunnel;
    facts.initiator = messages.front()->from;
    facts.responder = messages.front()->to;
    facts.mode = messages.front()->summary.exchange == ExchangeType::MainMode
                     ? Phase1Mode::Main
                     : Phase1Mode::Aggressive;
    facts.earlierExchanges = EarlierExchanges(all, exchange);
    AddMessages(scenario, messages, facts);
    facts.roundTrip = RoundTripOf(messages);
    facts.established = EstablishedAfter(record, tunnel);
    facts.tunnelUp = UpAfter(record, tunnel);
    facts.dh = CountDh(scenario,
                       {facts.initiator,
                        facts.responder,
                        exchange.initiator,
                        IkeSaAt(record, facts.initiator, facts.responder, exchange),
                        IkeSaAt(record, facts.responder, facts.initiator, exchange)});
    facts.overheard = Overhear(record, ends);
    return facts;
}

} // namespace ipsec
} // namespace ns3
