// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What the recorders of gateways know of each other, and which branches are only added up.
 */
#ifndef IPSEC_RECORDER_NODES_H
#define IPSEC_RECORDER_NODES_H

#include "ipsec-run-record.h"
#include "ipsec-scenario.h"

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// All gateways of a scenario, by their addresses.
struct RecorderNodes
{
    explicit RecorderNodes(const Scenario& scenario);

    /// Returns the name of the node with an address, or the address itself.
    std::string NameOf(IpAddress address) const;

    std::map<IpAddress, std::string> names;
    /// What their own links add to the delay of the internet.
    std::map<IpAddress, Duration> delays;
    /// Branches that are not shown, with the position of their record in branches.
    std::map<IpAddress, size_t> hidden;
    /// One for each [branches].
    std::vector<BranchesRecord> branches;
};

/// Adds a branch that is not shown to the sums.
void AddHidden(BranchesRecord& branches, const NodeRecord& node);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_RECORDER_NODES_H
