// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-run-record.h"

#include <algorithm>
#include <cstdio>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Adds up the answers of a traffic.
RoundTripSums
RoundTrips(const TrafficRecord& traffic)
{
    RoundTripSums sums = traffic.roundTrips;
    for (const ProbeRecord& probe : traffic.probes)
    {
        if (probe.roundTrip)
        {
            sums.Add(*probe.roundTrip);
        }
    }
    return sums;
}

/// Returns when a node first had SAs of a tunnel in both directions, if ever.
std::optional<Instant>
PairUpAt(const NodeRecord& node, const std::string& tunnel)
{
    std::optional<Instant> inbound;
    std::optional<Instant> outbound;
    for (const IpsecSaRecord& sa : node.ipsecSas)
    {
        std::optional<Instant>& first =
            sa.sa.direction == SaDirection::Inbound ? inbound : outbound;
        if (sa.tunnel == tunnel && !first)
        {
            first = sa.installedAt;
        }
    }
    if (!inbound || !outbound)
    {
        return std::nullopt;
    }
    return std::max(*inbound, *outbound);
}

template <typename IsMeant>
uint64_t
CountMessages(const std::vector<MessageRecord>& messages, IsMeant isMeant)
{
    return static_cast<uint64_t>(std::count_if(messages.begin(), messages.end(), isMeant));
}

} // namespace

void
RoundTripSums::Add(Duration roundTrip)
{
    least = count == 0 ? roundTrip : std::min(least, roundTrip);
    most = std::max(most, roundTrip);
    sum += roundTrip;
    count++;
}

std::optional<Duration>
TrafficRecord::MinimumRoundTrip() const
{
    const RoundTripSums sums = RoundTrips(*this);
    return sums.count == 0 ? std::nullopt : std::optional<Duration>(sums.least);
}

std::optional<Duration>
TrafficRecord::MeanRoundTrip() const
{
    const RoundTripSums sums = RoundTrips(*this);
    return sums.count == 0 ? std::nullopt
                           : std::optional<Duration>(sums.sum / static_cast<int64_t>(sums.count));
}

std::optional<Duration>
TrafficRecord::MaximumRoundTrip() const
{
    const RoundTripSums sums = RoundTrips(*this);
    return sums.count == 0 ? std::nullopt : std::optional<Duration>(sums.most);
}

bool
IsHarmless(Fault fault)
{
    return fault == Fault::Duplicate || fault == Fault::NatKeepalive;
}

const AddressRecord*
NodeRecord::FindAddress(const IkeSaRecord& sa) const
{
    const AddressRecord* newest = nullptr;
    for (const AddressRecord& record : addresses)
    {
        const bool inTime =
            record.at >= sa.info.establishedAt && (!sa.endedAt || record.at <= *sa.endedAt);
        if (record.peer == sa.peer && inTime)
        {
            newest = &record;
        }
    }
    return newest;
}

const NodeRecord*
RunRecord::FindNode(const std::string& name) const
{
    const auto found = std::find_if(
        nodes.begin(), nodes.end(), [&](const NodeRecord& node) { return node.name == name; });
    return found == nodes.end() ? nullptr : &*found;
}

const TunnelRecord*
RunRecord::FindTunnel(const std::string& name) const
{
    const auto found = std::find_if(
        tunnels.begin(), tunnels.end(), [&](const TunnelRecord& one) { return one.name == name; });
    return found == tunnels.end() ? nullptr : &*found;
}

uint64_t
RunRecord::MessageCount(ExchangeType exchange) const
{
    const auto hidden = hiddenMessages.fresh.find(exchange);
    const uint64_t more = hidden == hiddenMessages.fresh.end() ? 0 : hidden->second;
    return more + static_cast<uint64_t>(std::count_if(messages.begin(),
                                                      messages.end(),
                                                      [&](const MessageRecord& message)
                                                      {
                                                          return message.summary.exchange ==
                                                                     exchange &&
                                                                 message.summary.EndsMessage() &&
                                                                 !message.summary.repeated &&
                                                                 !message.isNetworkCopy;
                                                      }));
}

const AttackRecord*
RunRecord::FindAttack(const std::string& name) const
{
    const auto found =
        std::find_if(attacks.begin(),
                     attacks.end(),
                     [&](const AttackRecord& attack) { return attack.name == name; });
    return found == attacks.end() ? nullptr : &*found;
}

uint64_t
AttackRecord::Captured(const std::string& tunnel) const
{
    uint64_t packets = 0;
    for (const AttackedSaRecord& record : sas)
    {
        packets += record.tunnel == tunnel ? record.sa.packets : 0;
    }
    return packets;
}

uint64_t
AttackRecord::Read(const std::string& tunnel) const
{
    uint64_t packets = 0;
    for (const AttackedSaRecord& record : sas)
    {
        packets += record.tunnel == tunnel ? record.sa.read : 0;
    }
    return packets;
}

std::optional<Duration>
IpsecSaRecord::RemainingDuration(Instant now) const
{
    if (removedAt || sa.lifetime.hard <= Duration::zero())
    {
        return std::nullopt;
    }
    return std::max(installedAt + sa.lifetime.hard - now, Duration::zero());
}

uint64_t
RunRecord::RetransmissionCount() const
{
    return hiddenMessages.repeated +
           static_cast<uint64_t>(std::count_if(messages.begin(),
                                               messages.end(),
                                               [](const MessageRecord& message) {
                                                   return message.summary.repeated &&
                                                          message.summary.EndsMessage() &&
                                                          !message.isNetworkCopy;
                                               }));
}

uint64_t
RunRecord::LostMessageCount() const
{
    return hiddenMessages.lost +
           CountMessages(messages, [](const MessageRecord& message) { return message.IsLost(); });
}

uint64_t
RunRecord::UnderwayMessageCount() const
{
    return hiddenMessages.underway +
           CountMessages(messages, [](const MessageRecord& message) { return message.isUnderway; });
}

uint64_t
RunRecord::UnheardMessageCount() const
{
    return hiddenMessages.unheard +
           CountMessages(messages,
                         [](const MessageRecord& message)
                         { return message.isUnheard && message.sentAt.has_value(); });
}

uint64_t
RunRecord::RefusedMessageCount() const
{
    return hiddenMessages.refused +
           CountMessages(messages, [](const MessageRecord& message) { return message.isRefused; });
}

uint64_t
RunRecord::DropCount(std::optional<Fault> fault) const
{
    uint64_t total = 0;
    const auto add = [&](const std::map<Fault, uint64_t>& counts)
    {
        for (const auto& [reason, count] : counts)
        {
            total += !fault || reason == *fault ? count : 0;
        }
    };
    for (const NodeRecord& node : nodes)
    {
        add(node.dropCounts);
    }
    for (const BranchesRecord& hidden : branches)
    {
        add(hidden.dropCounts);
    }
    return total;
}

double
FloodRecord::Amplification() const
{
    return sentOctets == 0 ? 0
                           : static_cast<double>(answerOctets) / static_cast<double>(sentOctets);
}

const NatRecord*
RunRecord::FindNat(const std::string& name) const
{
    const auto found = std::find_if(
        nats.begin(), nats.end(), [&](const NatRecord& one) { return one.name == name; });
    return found == nats.end() ? nullptr : &*found;
}

const FloodRecord*
RunRecord::FindFlood(const std::string& name) const
{
    const auto found = std::find_if(
        floods.begin(), floods.end(), [&](const FloodRecord& one) { return one.name == name; });
    return found == floods.end() ? nullptr : &*found;
}

const DialUpRecord*
RunRecord::FindDialUp(const std::string& name) const
{
    const auto found = std::find_if(
        dialUps.begin(), dialUps.end(), [&](const DialUpRecord& one) { return one.name == name; });
    return found == dialUps.end() ? nullptr : &*found;
}

const TunnelCount*
RunRecord::FindTunnelCount(const std::string& group) const
{
    const auto found = std::find_if(tunnelCounts.begin(),
                                    tunnelCounts.end(),
                                    [&](const TunnelCount& count) { return count.group == group; });
    return found == tunnelCounts.end() ? nullptr : &*found;
}

std::optional<Instant>
RunRecord::TunnelUpAt(const std::string& tunnel) const
{
    const TunnelRecord* found = FindTunnel(tunnel);
    const NodeRecord* first = found ? FindNode(found->first) : nullptr;
    std::optional<Instant> up = first ? PairUpAt(*first, tunnel) : std::nullopt;
    if (!up || found->isExternal)
    {
        return up;
    }
    const NodeRecord* second = FindNode(found->second);
    const std::optional<Instant> other = second ? PairUpAt(*second, tunnel) : std::nullopt;
    return other ? std::optional<Instant>(std::max(*up, *other)) : std::nullopt;
}

bool
RunRecord::Passed() const
{
    return std::all_of(expectations.begin(),
                       expectations.end(),
                       [](const ExpectationOutcome& outcome) { return outcome.pass; });
}

std::string
SpiText(uint32_t spi)
{
    char text[16];
    std::snprintf(text, sizeof(text), "0x%08x", static_cast<unsigned>(spi));
    return text;
}

std::string
SecondsText(Instant at, int digits)
{
    char text[48];
    const double seconds = std::chrono::duration<double>(at.time_since_epoch()).count();
    std::snprintf(text, sizeof(text), "%.*f", digits, seconds);
    return text;
}

} // namespace ipsec
} // namespace ns3
