// SPDX-License-Identifier: GPL-2.0-only
#include "preset-pair.h"

namespace ns3
{
namespace ipsec
{

namespace
{

/// A world in the middle of its plan.
struct Walk
{
    PeerPair pair;
    std::set<Octets> met;
    std::vector<Fate> plan;
    size_t deliveries = 0;
};

void
Meet(Walk& walk, Fate fate)
{
    walk.plan.push_back(fate);
    if (fate == Fate::Lose)
    {
        walk.pair.Lose();
        return;
    }
    if (fate == Fate::Double)
    {
        walk.pair.Duplicate();
    }
    walk.pair.Deliver();
    walk.deliveries++;
}

void
GoOn(Walk walk, size_t messages, size_t most, const PlanEnd& atEnd)
{
    while (walk.deliveries < most && (walk.pair.InFlight() > 0 || walk.pair.AdvanceToDeadline()))
    {
        if (walk.pair.InFlight() == 0)
        {
            continue;
        }
        const bool isNew = walk.met.insert(walk.pair.Next().octets).second;
        if (!isNew || walk.met.size() > messages)
        {
            walk.pair.Deliver();
            walk.deliveries++;
            continue;
        }
        for (const Fate fate : {Fate::Deliver, Fate::Lose, Fate::Double})
        {
            Walk branch = walk;
            Meet(branch, fate);
            GoOn(std::move(branch), messages, most, atEnd);
        }
        return;
    }
    atEnd(walk.pair, walk.plan, walk.deliveries);
}

} // namespace

EngineConfig
WithPreset(EngineConfig config, const std::string& preset)
{
    const Personality personality = Personality::Preset(preset);
    config.peers.at(0).personality = personality;
    config.limits.halfOpen = personality.halfOpen;
    config.limits.halfOpenPerAddress = personality.halfOpenPerAddress;
    return config;
}

size_t
CopiesWithin(const RetransmissionSchedule& schedule, Duration time)
{
    Duration at{};
    size_t copies = 0;
    while (copies < schedule.tries)
    {
        at += schedule.WaitAfter(static_cast<uint32_t>(copies) + 1);
        if (at > time)
        {
            break;
        }
        copies++;
    }
    return copies;
}

void
RunAllPlans(const PeerPair& start, size_t messages, size_t most, const PlanEnd& atEnd)
{
    GoOn({start, {}, {}, 0}, messages, most, atEnd);
}

} // namespace ipsec
} // namespace ns3
