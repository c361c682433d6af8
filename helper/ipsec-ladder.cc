// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-ladder.h"

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Numbers the messages of each exchange; a repetition gets the number of its first copy, a
/// fragment that of its message.
class MessageNumbers
{
  public:
    std::string
    Label(const MessageRecord& message)
    {
        const MessageSummary& summary = message.summary;
        const std::string name = ExchangeName(summary.exchange);
        if (summary.exchange == ExchangeType::Informational)
        {
            return name;
        }
        const std::string exchange =
            name + ToHex(summary.initiatorCookie) + std::to_string(summary.messageId);
        const std::string content = exchange + message.from + std::to_string(summary.octets) + "/" +
                                    std::to_string(summary.fragment);
        const auto first = m_numbers.find(content);
        if ((summary.repeated || message.isNetworkCopy) && first != m_numbers.end())
        {
            return name + " " + std::to_string(first->second);
        }
        Progress& progress = m_progress[exchange];
        // Ends take turns; who is asked the same again may answer with other octets.
        const bool isSameTurn = progress.count > 0 && progress.last == message.from;
        const uint32_t number = isSameTurn ? progress.count : progress.count + 1;
        if (summary.EndsMessage())
        {
            progress = {number, message.from};
        }
        m_numbers[content] = number;
        return name + " " + std::to_string(number);
    }

  private:
    /// How many messages an exchange has, and who sent the last one.
    struct Progress
    {
        uint32_t count = 0;
        std::string last;
    };

    std::map<std::string, Progress> m_progress;
    std::map<std::string, uint32_t> m_numbers;
};

/// A wait for the processor that is worth a remark.
constexpr Duration NOTICEABLE_WAIT = std::chrono::milliseconds(1);

/// Columns that a label and its payloads may take together, in text as in SVG.
constexpr size_t STEP_COLUMNS = 64;

/// Writes payloads of one kind that follow each other as one, "VID x4".
std::string
FoldRepetitions(const std::string& payloads)
{
    std::istringstream words(payloads);
    std::string folded;
    std::string word;
    std::string last;
    size_t count = 0;
    const auto add = [&]
    {
        if (count > 0)
        {
            folded += (folded.empty() ? "" : " ") + last;
            folded += count > 1 ? " x" + std::to_string(count) : "";
        }
    };
    while (words >> word)
    {
        if (word != last)
        {
            add();
            count = 0;
        }
        last = word;
        count++;
    }
    add();
    return folded;
}

/// Writes the payloads with their details, which are cut if the line is too long.
std::string
PayloadColumns(const MessageSummary& summary, size_t columns)
{
    if (!summary.readable)
    {
        return "?";
    }
    std::string text = summary.PayloadsText();
    for (size_t longest = 48; text.size() > columns && longest >= 12; longest--)
    {
        text = summary.PayloadsText(longest);
    }
    return text.size() > columns ? FoldRepetitions(text) : text;
}

void
AddEvent(Ladder& ladder,
         bool isLeft,
         Instant at,
         uint64_t order,
         const std::string& label,
         LadderTone tone)
{
    LadderStep step;
    step.at = at;
    step.order = order;
    step.isLeft = isLeft;
    step.label = label;
    step.tone = tone;
    ladder.steps.push_back(step);
}

/// Tells where messages of an end come from as the other one sees it, if that is not where they
/// were sent from, and whenever it changes.
void
AddOrigin(Ladder& ladder,
          const MessageRecord& message,
          bool fromLeft,
          std::map<std::string, Endpoint>& origins)
{
    if (!message.seenFrom || !message.sentAt || message.isUnheard)
    {
        return;
    }
    const auto known = origins.find(message.from);
    const bool isNew = known == origins.end() ? !(*message.seenFrom == message.source)
                                              : !(known->second == *message.seenFrom);
    if (!isNew)
    {
        return;
    }
    origins[message.from] = *message.seenFrom;
    AddEvent(ladder,
             !fromLeft,
             *message.receivedAt,
             message.order,
             message.from + " " + message.source.ToString() +
                 (*message.seenFrom == message.source
                      ? " is not translated"
                      : " is " + message.seenFrom->ToString() + " here"),
             LadderTone::Plain);
}

void
AddMessages(Ladder& ladder, const RunRecord& record)
{
    MessageNumbers numbers;
    std::map<std::string, Endpoint> origins;
    for (size_t i = 0; i < record.messages.size(); i++)
    {
        const MessageRecord& message = record.messages[i];
        const bool fromLeft = message.from == ladder.left && message.to == ladder.right;
        const bool fromRight = message.from == ladder.right && message.to == ladder.left;
        if (!fromLeft && !fromRight)
        {
            continue;
        }
        LadderStep step;
        step.at = message.At();
        step.order = message.order;
        step.arrival = message.receivedAt;
        step.isMessage = true;
        step.message = i;
        step.isLeft = fromLeft;
        step.label = numbers.Label(message);
        step.exchange = message.summary.exchange;
        step.payloads = PayloadColumns(message.summary, STEP_COLUMNS - step.label.size());
        step.encrypted = message.summary.encrypted;
        step.repeated = message.summary.repeated;
        step.networkCopy = message.isNetworkCopy;
        step.lost = message.IsLost();
        step.underway = message.isUnderway;
        step.unheard = message.isUnheard;
        step.refused = message.isRefused;
        step.waiting = message.isWaiting;
        if (message.handledAt && *message.handledAt - *message.receivedAt >= NOTICEABLE_WAIT)
        {
            step.handled = message.handledAt;
        }
        step.octets = message.summary.octets;
        step.port = message.source.port;
        ladder.steps.push_back(step);
        AddOrigin(ladder, message, fromLeft, origins);
    }
}

/// Where an IPsec SA ends among what happens at the same instant.
constexpr uint64_t AFTER_ALL_ELSE = UINT64_MAX;

void
AddSaEvents(Ladder& ladder, bool isLeft, const NodeRecord& node, const std::string& peer)
{
    for (const IkeSaRecord& sa : node.ikeSas)
    {
        if (sa.peer != peer)
        {
            continue;
        }
        AddEvent(ladder,
                 isLeft,
                 sa.info.establishedAt,
                 sa.order,
                 "IKE SA up: " + sa.info.proposal.ToString(),
                 LadderTone::Good);
        if (sa.endedAt)
        {
            AddEvent(ladder,
                     isLeft,
                     *sa.endedAt,
                     sa.endOrder,
                     std::string("IKE SA down: ") + FaultName(sa.reason),
                     LadderTone::Gone);
        }
    }
    for (const IpsecSaRecord& sa : node.ipsecSas)
    {
        if (sa.peer != peer)
        {
            continue;
        }
        const bool isInbound = sa.sa.direction == SaDirection::Inbound;
        const std::string name =
            std::string("IPsec SA ") + (isInbound ? "in " : "out ") + SpiText(sa.sa.spi);
        AddEvent(ladder, isLeft, sa.installedAt, sa.order, name, LadderTone::Good);
        if (sa.removedAt)
        {
            AddEvent(ladder,
                     isLeft,
                     *sa.removedAt,
                     AFTER_ALL_ELSE,
                     name + " down: " + FaultName(sa.reason),
                     LadderTone::Gone);
        }
    }
}

void
AddFaults(Ladder& ladder, bool isLeft, const NodeRecord& node, const std::string& peer)
{
    for (const FailureRecord& failure : node.failures)
    {
        if (failure.peer == peer)
        {
            AddEvent(ladder,
                     isLeft,
                     failure.at,
                     failure.order,
                     (failure.tunnel.empty() ? "phase 1" : "tunnel " + failure.tunnel) +
                         " failed: " + FaultName(failure.reason),
                     LadderTone::Bad);
        }
    }
    for (const DropRecord& drop : node.drops)
    {
        if (drop.remote == peer)
        {
            const bool isHarmless = IsHarmless(drop.fault);
            const char* what = isHarmless                                ? "ignored: "
                               : drop.fault == Fault::NegotiationTimeout ? "gave up: "
                                                                         : "refused: ";
            AddEvent(ladder,
                     isLeft,
                     drop.at,
                     drop.order,
                     std::string(what) + FaultName(drop.fault),
                     isHarmless ? LadderTone::Plain : LadderTone::Bad);
        }
    }
}

/// Adds what follows from NATs.
void
AddNatEvents(Ladder& ladder, bool isLeft, const NodeRecord& node, const std::string& peer)
{
    for (const MoveRecord& move : node.moves)
    {
        if (move.peer == peer)
        {
            AddEvent(ladder,
                     isLeft,
                     move.at,
                     move.order,
                     peer + " moved to " + move.remote.ToString(),
                     LadderTone::Plain);
        }
    }
    for (const KeepAliveRecord& keepAlives : node.peerKeepAlives)
    {
        if (keepAlives.peer == peer)
        {
            AddEvent(ladder,
                     isLeft,
                     keepAlives.at,
                     keepAlives.order,
                     "NAT keepalive, the first of " + std::to_string(keepAlives.count),
                     LadderTone::Plain);
        }
    }
}

/// Tells where a client is, and whenever it is elsewhere.
void
AddPlaces(Ladder& ladder, bool isLeft, const NodeRecord& node)
{
    for (const PlaceRecord& place : node.places)
    {
        std::string label = node.name + " is at " + place.address.ToString();
        for (const std::string& nat : place.nats)
        {
            label += " behind " + nat;
        }
        AddEvent(ladder, isLeft, place.at, place.order, label, LadderTone::Plain);
    }
}

/// Writes the address of a node, or all that it had.
std::string
AddressText(const NodeRecord& node)
{
    std::vector<std::string> addresses;
    for (const PlaceRecord& place : node.places)
    {
        const std::string address = place.address.ToString();
        if (std::find(addresses.begin(), addresses.end(), address) == addresses.end())
        {
            addresses.push_back(address);
        }
    }
    if (addresses.size() < 2)
    {
        return node.address.ToString();
    }
    return addresses.front() + ", then " +
           (addresses.size() == 2 ? addresses.back()
                                  : std::to_string(addresses.size() - 1) + " others");
}

/// Tells whether a node is behind a NAT, or was.
bool
WasBehind(const NodeRecord& node, const std::string& nat)
{
    const auto isAmong = [&](const std::vector<std::string>& nats)
    { return std::find(nats.begin(), nats.end(), nat) != nats.end(); };
    return isAmong(node.nats) ||
           std::any_of(node.places.begin(),
                       node.places.end(),
                       [&](const PlaceRecord& place) { return isAmong(place.nats); });
}

/// Returns the end that is behind a NAT, or the name itself.
std::string
EndBehind(const Ladder& ladder, const RunRecord& record, const std::string& nat)
{
    for (const std::string& end : {ladder.left, ladder.right})
    {
        const NodeRecord* node = record.FindNode(end);
        if (node && WasBehind(*node, nat))
        {
            return end;
        }
    }
    return nat;
}

/// Adds what the scenario let happen to one of the two gateways, to their tunnel, or to everybody.
void
AddScenarioEvents(Ladder& ladder, const RunRecord& record)
{
    for (const EventRecord& event : record.events)
    {
        const TunnelRecord* tunnel = record.FindTunnel(event.target);
        const std::string at =
            tunnel != nullptr ? tunnel->first : EndBehind(ladder, record, event.target);
        const bool isOwn = tunnel == nullptr || std::minmax(tunnel->first, tunnel->second) ==
                                                    std::minmax(ladder.left, ladder.right);
        if (!isOwn || (at != ladder.left && at != ladder.right && at != "internet"))
        {
            continue;
        }
        AddEvent(ladder,
                 at != ladder.right,
                 event.at,
                 0,
                 "EVENT " + event.kind + " " + event.target +
                     (event.detail.empty() ? "" : ": " + event.detail),
                 LadderTone::Plain);
    }
}

} // namespace

std::string
FateText(const LadderStep& step)
{
    std::string fate = step.lost ? ", lost" : "";
    fate += step.underway ? ", on its way at the end" : "";
    fate += step.unheard ? ", nobody listens" : "";
    fate += step.refused ? std::string(", refused: ") + FaultName(Fault::CpuOverload) : "";
    fate += step.waiting ? ", never handled" : "";
    fate += step.handled ? ", handled at " + SecondsText(*step.handled) + " s" : "";
    return fate;
}

std::vector<Ladder>
MakeLadders(const RunRecord& record)
{
    std::vector<Ladder> ladders;
    std::set<std::pair<std::string, std::string>> pairs;
    for (const TunnelRecord& tunnel : record.tunnels)
    {
        if (!pairs.insert(std::minmax(tunnel.first, tunnel.second)).second)
        {
            continue;
        }
        Ladder ladder;
        ladder.left = tunnel.first;
        ladder.right = tunnel.second;
        AddMessages(ladder, record);
        AddScenarioEvents(ladder, record);
        for (const bool isLeft : {true, false})
        {
            const std::string& own = isLeft ? ladder.left : ladder.right;
            const std::string& peer = isLeft ? ladder.right : ladder.left;
            if (const NodeRecord* node = record.FindNode(own))
            {
                (isLeft ? ladder.leftAddress : ladder.rightAddress) = AddressText(*node);
                AddSaEvents(ladder, isLeft, *node, peer);
                AddFaults(ladder, isLeft, *node, peer);
                AddNatEvents(ladder, isLeft, *node, peer);
                AddPlaces(ladder, isLeft, *node);
            }
        }
        std::stable_sort(ladder.steps.begin(),
                         ladder.steps.end(),
                         [](const LadderStep& a, const LadderStep& b)
                         { return a.at < b.at || (a.at == b.at && a.order < b.order); });
        ladders.push_back(std::move(ladder));
    }
    return ladders;
}

} // namespace ipsec
} // namespace ns3
