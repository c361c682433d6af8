// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Lets the events of clients that dial up happen in a run.
 */
#ifndef IPSEC_SCENARIO_CLIENT_EVENTS_H
#define IPSEC_SCENARIO_CLIENT_EVENTS_H

#include "ipsec-scenario-network.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Lets clients that dial up connect when their scenario says so, and carries out events whose
/// target they are.
class ScenarioClientEvents
{
  public:
    /// Is told what happened: the event, its kind, the client, and what else there is to say.
    using Note = std::function<void(const EventSettings& event,
                                    const std::string& kind,
                                    const std::string& target,
                                    const std::string& detail)>;

    ScenarioClientEvents(const Scenario& scenario, const ScenarioNetwork& network, Note note);

    /// Tells whether an event happens to clients that dial up, or to their tunnels.
    bool AreTargetOf(const EventSettings& event) const;
    /// Returns the clients that it happens to, or may happen to if one is drawn.
    std::vector<std::string> TargetsOf(const EventSettings& event) const;
    /// Lets an event happen to one client, and be undone later if it says so.
    void Happen(const EventSettings* event, std::string name);
    /// Lets a client whose node is up again try at once, if its user wants the tunnel.
    void Resume(const std::string& name);

  private:
    struct Actor
    {
        const ScenarioGateway* gateway = nullptr;
        const GatewaySettings* settings = nullptr;
    };

    void Undo(const EventSettings* event, std::string name);
    /// Moves a client and returns what there is to say of it.
    std::string Move(const Actor& actor,
                     const std::string& network,
                     std::optional<IpAddress> address) const;

    const Scenario& m_scenario;
    const ScenarioNetwork& m_network;
    std::map<std::string, Actor> m_actors;
    Note m_note;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SCENARIO_CLIENT_EVENTS_H
