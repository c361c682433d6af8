// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Ends that behave as a preset does, and all plans of what the wire does with their messages.
 */
#ifndef PRESET_PAIR_H
#define PRESET_PAIR_H

#include "message-mutations.h"
#include "peer-pair.h"

#include <functional>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Returns a configuration whose only peer and whose limits are a preset's.
EngineConfig WithPreset(EngineConfig config, const std::string& preset);

/// Returns how many copies a timer sends within @p time after the first one.
size_t CopiesWithin(const RetransmissionSchedule& schedule, Duration time);

/// Called when a plan has run to its end, with the number of datagrams delivered.
using PlanEnd = std::function<void(const PeerPair&, const std::vector<Fate>&, size_t)>;

/**
 * Runs all plans for the next @p messages different messages, as RunPlan() does, but what plans
 * have in common only once. No plan goes on after @p most deliveries.
 */
void RunAllPlans(const PeerPair& start, size_t messages, size_t most, const PlanEnd& atEnd);

} // namespace ipsec
} // namespace ns3

#endif // PRESET_PAIR_H
