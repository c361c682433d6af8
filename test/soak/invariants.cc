// SPDX-License-Identifier: GPL-2.0-only
#include "invariants.h"

#include <algorithm>
#include <map>
#include <set>

namespace ns3
{
namespace ipsec
{

namespace
{

/// SAs of one tunnel and direction that a node may have at once: a renewal under way, its
/// predecessor, one that crossed, each twice for AH and ESP, and as many again in bad times.
constexpr size_t MOST_LEFT = 12;
constexpr size_t MOST_EVER = 24;
/// IKE SAs between two nodes at the end.
constexpr size_t MOST_IKE_SAS = 4;
/// IKE messages for each second and tunnel, and some to begin with.
constexpr double MESSAGES_PER_SECOND = 3;
constexpr size_t FIRST_MESSAGES = 100;

/// Longer than any packet is on its way.
constexpr Duration ON_THE_WAY = std::chrono::seconds(1);

using Sentences = std::vector<std::string>;

void
CheckExpectations(const RunRecord& record, Sentences& violations)
{
    for (const ExpectationOutcome& outcome : record.expectations)
    {
        if (!outcome.pass)
        {
            violations.push_back("not true: " + outcome.text + " (" + outcome.seen + ")");
        }
    }
}

void
CheckWire(const RunRecord& record, Sentences& violations)
{
    for (const NodeRecord& node : record.nodes)
    {
        if (node.clearPackets > 0)
        {
            violations.push_back(node.name + " sent " + std::to_string(node.clearPackets) +
                                 " packets in clear");
        }
        if (node.repeatedSequences > 0)
        {
            violations.push_back(node.name + " used " + std::to_string(node.repeatedSequences) +
                                 " sequence numbers twice");
        }
    }
}

Octets
KeyOf(const IpsecSa& sa)
{
    return Concat({sa.cipherKey.View(), sa.integrityKey.View()});
}

void
CheckKeys(const RunRecord& record, Sentences& violations)
{
    std::map<Octets, std::string> senders;
    std::map<std::pair<uint32_t, uint32_t>, Octets> receivers;
    for (const NodeRecord& node : record.nodes)
    {
        for (const IpsecSaRecord& entry : node.ipsecSas)
        {
            if (entry.sa.direction == SaDirection::Inbound)
            {
                receivers[{node.address.value, entry.sa.spi}] = KeyOf(entry.sa);
                continue;
            }
            const std::string name = node.name + " " + SpiText(entry.sa.spi);
            const auto [known, isNew] = senders.insert({KeyOf(entry.sa), name});
            if (!isNew)
            {
                violations.push_back(known->second + " and " + name + " have the same key");
            }
        }
    }
    for (const NodeRecord& node : record.nodes)
    {
        for (const IpsecSaRecord& entry : node.ipsecSas)
        {
            const auto other = receivers.find({entry.sa.remote.address.value, entry.sa.spi});
            if (entry.sa.direction == SaDirection::Outbound && other != receivers.end() &&
                other->second != KeyOf(entry.sa))
            {
                violations.push_back(node.name + " " + SpiText(entry.sa.spi) +
                                     ": both ends have different keys");
            }
        }
    }
}

/// Checks that the SA that each end sends on is received on.
void
CheckMatching(const RunRecord& record, Sentences& violations)
{
    std::set<std::tuple<uint32_t, ProtocolId, uint32_t>> receiving;
    for (const NodeRecord& node : record.nodes)
    {
        for (const IpsecSaRecord& entry : node.ipsecSas)
        {
            // The word of one that went just now may be on its way when the run ends.
            const bool isThere = !entry.removedAt || record.end - *entry.removedAt < ON_THE_WAY;
            if (isThere && entry.sa.direction == SaDirection::Inbound)
            {
                receiving.insert({node.address.value, entry.sa.protocol, entry.sa.spi});
            }
        }
    }
    for (const NodeRecord& node : record.nodes)
    {
        std::map<std::string, const IpsecSaRecord*> newest;
        for (const IpsecSaRecord& entry : node.ipsecSas)
        {
            if (!entry.removedAt && entry.sa.direction == SaDirection::Outbound)
            {
                newest[entry.tunnel] = &entry;
            }
        }
        for (const auto& [tunnel, entry] : newest)
        {
            const IpsecSa& sa = entry->sa;
            if (receiving.count({sa.remote.address.value, sa.protocol, sa.spi}) == 0)
            {
                violations.push_back(node.name + " sends " + tunnel + " on " + SpiText(sa.spi) +
                                     ", where nobody listens");
            }
        }
    }
}

/// Returns how many SAs of each tunnel and direction a node had at most, and has at the end.
struct SaCounts
{
    size_t most = 0;
    size_t left = 0;
};

SaCounts
CountSas(const NodeRecord& node, const std::string& tunnel, SaDirection direction)
{
    std::vector<std::pair<Instant, int>> changes;
    SaCounts counts;
    for (const IpsecSaRecord& entry : node.ipsecSas)
    {
        if (entry.tunnel != tunnel || entry.sa.direction != direction)
        {
            continue;
        }
        changes.emplace_back(entry.installedAt, 1);
        if (entry.removedAt)
        {
            changes.emplace_back(*entry.removedAt, -1);
        }
        counts.left += entry.removedAt ? 0 : 1;
    }
    // At one instant, what comes first: it may go again at once.
    std::sort(changes.begin(),
              changes.end(),
              [](const auto& a, const auto& b)
              { return a.first < b.first || (a.first == b.first && a.second > b.second); });
    size_t living = 0;
    for (const auto& [at, change] : changes)
    {
        living += static_cast<size_t>(change);
        counts.most = std::max(counts.most, living);
    }
    return counts;
}

void
CheckLeaks(const RunRecord& record, Sentences& violations)
{
    for (const NodeRecord& node : record.nodes)
    {
        for (const TunnelRecord& tunnel : record.tunnels)
        {
            for (const SaDirection direction : {SaDirection::Inbound, SaDirection::Outbound})
            {
                const SaCounts counts = CountSas(node, tunnel.name, direction);
                if (counts.left > MOST_LEFT || counts.most > MOST_EVER)
                {
                    violations.push_back(node.name + " has " + std::to_string(counts.left) +
                                         " SAs of " + tunnel.name + " left and had " +
                                         std::to_string(counts.most));
                }
            }
        }
        std::map<std::string, size_t> ikeSas;
        for (const IkeSaRecord& entry : node.ikeSas)
        {
            ikeSas[entry.peer] += entry.endedAt ? 0 : 1;
        }
        for (const auto& [peer, left] : ikeSas)
        {
            if (left > MOST_IKE_SAS)
            {
                violations.push_back(node.name + " has " + std::to_string(left) + " IKE SAs with " +
                                     peer + " left");
            }
        }
    }
}

void
CheckStorm(const RunRecord& record, Sentences& violations)
{
    const double seconds = std::chrono::duration<double>(record.end.time_since_epoch()).count();
    const auto most = static_cast<size_t>(static_cast<double>(record.tunnels.size()) * seconds *
                                          MESSAGES_PER_SECOND) +
                      FIRST_MESSAGES;
    if (record.messages.size() > most)
    {
        violations.push_back(std::to_string(record.messages.size()) + " IKE messages; at most " +
                             std::to_string(most) + " are no storm");
    }
}

} // namespace

std::vector<std::string>
Violations(const RunRecord& record)
{
    Sentences violations;
    CheckExpectations(record, violations);
    CheckWire(record, violations);
    CheckKeys(record, violations);
    CheckMatching(record, violations);
    CheckLeaks(record, violations);
    CheckStorm(record, violations);
    return violations;
}

} // namespace ipsec
} // namespace ns3
