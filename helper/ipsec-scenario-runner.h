// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Runs a scenario in ns-3.
 */
#ifndef IPSEC_SCENARIO_RUNNER_H
#define IPSEC_SCENARIO_RUNNER_H

#include "ipsec-run-record.h"
#include "ipsec-scenario.h"

#include <functional>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

class ScenarioNetwork;

/// How a run is watched.
struct RunOptions
{
    /// Folder for captures, which must be there; empty for none.
    std::string pcapFolder;
    /// Called now and then with the simulated time and the number of IPsec SAs; may be empty.
    std::function<void(Instant now, size_t livingSas)> progress;
    /// Called once before time passes, to attach what no section describes; may be empty. If there
    /// is one, nodes of [branches] have whole stacks: with ARP, packet sockets and TCP.
    std::function<void(const ScenarioNetwork& network)> prepare;
    /// Called when the network is built, at each of the marks, and at the end; may be empty.
    std::function<void(Instant now)> atMark;
    std::vector<Instant> marks;
};

/**
 * Builds the network of a scenario, runs it to its end, and destroys it. No node may exist before.
 * @return what happened, with the outcome of the scenario's expectations.
 * @throws std::runtime_error if the machine lacks something, such as the TAP device.
 */
RunRecord RunScenario(const Scenario& scenario, const RunOptions& options = {});

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SCENARIO_RUNNER_H
