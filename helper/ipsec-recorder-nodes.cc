// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-recorder-nodes.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

RecorderNodes::RecorderNodes(const Scenario& scenario)
{
    std::map<std::string, size_t> kinds;
    for (const BranchesSettings& settings : scenario.branches)
    {
        kinds[settings.name] = branches.size();
        BranchesRecord record;
        record.name = settings.name;
        record.hub = settings.hub;
        record.count = settings.count;
        branches.push_back(record);
    }
    for (const EventSettings& event : scenario.events)
    {
        if (event.address)
        {
            names[*event.address] = event.target;
        }
    }
    for (const GatewaySettings& gateway : scenario.gateways)
    {
        names[gateway.address] = gateway.name;
        delays[gateway.address] = gateway.link.delay;
        if (!scenario.IsShown(gateway.name))
        {
            hidden[gateway.address] = kinds.at(gateway.branches);
        }
        else if (!gateway.branches.empty())
        {
            branches[kinds.at(gateway.branches)].shown++;
        }
    }
}

std::string
RecorderNodes::NameOf(IpAddress address) const
{
    const auto found = names.find(address);
    return found == names.end() ? address.ToString() : found->second;
}

void
AddHidden(BranchesRecord& branches, const NodeRecord& node)
{
    branches.ikeSas += static_cast<uint64_t>(std::count_if(
        node.ikeSas.begin(), node.ikeSas.end(), [](const IkeSaRecord& sa) { return !sa.endedAt; }));
    branches.ipsecSas +=
        static_cast<uint64_t>(std::count_if(node.ipsecSas.begin(),
                                            node.ipsecSas.end(),
                                            [](const IpsecSaRecord& sa) { return !sa.removedAt; }));
    branches.failures += node.failures.size();
    for (const auto& [fault, count] : node.dropCounts)
    {
        branches.dropCounts[fault] += count;
    }
    branches.work.Add(node.work);
    branches.clearPackets += node.clearPackets;
    branches.lostPackets += node.lostPackets;
    branches.unsentPackets += node.unsentPackets;
}

} // namespace ipsec
} // namespace ns3
