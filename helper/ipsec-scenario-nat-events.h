// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Lets the events of NATs happen in a run.
 */
#ifndef IPSEC_SCENARIO_NAT_EVENTS_H
#define IPSEC_SCENARIO_NAT_EVENTS_H

#include "ipsec-scenario-network.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Carries out events whose target is a NAT.
class ScenarioNatEvents
{
  public:
    /// Is told what happened: the event, its kind, the NAT, and what else there is to say.
    using Note = std::function<void(const EventSettings& event,
                                    const std::string& kind,
                                    const std::string& target,
                                    const std::string& detail)>;

    ScenarioNatEvents(const Scenario& scenario, const ScenarioNetwork& network, Note note);

    /// Tells whether an event happens to NATs.
    bool AreTargetOf(const EventSettings& event) const;
    /// Returns the NATs that it happens to if it names them, or all.
    std::vector<std::string> TargetsOf(const EventSettings& event) const;
    /// Lets an event happen to one NAT, and be undone later if it says so.
    void Happen(const EventSettings* event, std::string name);

  private:
    struct Actor
    {
        const ScenarioNat* nat = nullptr;
        const NatSettings* settings = nullptr;
        /// Its outside address at the moment.
        IpAddress address;
    };

    void Undo(const EventSettings* event, std::string name);
    /// Carries an event out and returns what there is to say of it.
    std::string Apply(const EventSettings& event, Actor& actor) const;
    static std::string ChangeAddress(Actor& actor, IpAddress to);

    std::map<std::string, Actor> m_actors;
    Note m_note;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SCENARIO_NAT_EVENTS_H
