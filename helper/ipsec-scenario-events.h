// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Lets the events of a scenario happen in its run.
 */
#ifndef IPSEC_SCENARIO_EVENTS_H
#define IPSEC_SCENARIO_EVENTS_H

#include "ipsec-message-loss.h"
#include "ipsec-run-record.h"
#include "ipsec-scenario-client-events.h"
#include "ipsec-scenario-nat-events.h"
#include "ipsec-scenario-network.h"

#include "ns3/random-variable-stream.h"

#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// First random stream of events: above those of nodes, however many there are.
constexpr int64_t FIRST_EVENT_STREAM = int64_t{1} << 40;

/**
 * Schedules what a scenario lets happen, and keeps what did. Every event draws from a random stream
 * of its own, so that one more moves none of the others. The cost is linear in gateways, tunnels
 * and events.
 */
class ScenarioEvents
{
  public:
    ScenarioEvents(const Scenario& scenario, const ScenarioNetwork& network);

    /// Returns what happened so far, in the order of time.
    const std::vector<EventRecord>& Records() const;

  private:
    /// A gateway with what it is called to do.
    struct Actor
    {
        const ScenarioGateway* gateway = nullptr;
        const GatewaySettings* settings = nullptr;
        /// Tunnels that it starts by itself.
        std::vector<const TunnelSettings*> autoTunnels;
        /// Its address at the moment.
        IpAddress address;
        /// Null unless the scenario loses particular messages.
        Ptr<MessageLoss> loss;
    };

    /// Whether an event happens, or is undone.
    enum class Turn
    {
        Happens,
        IsUndone,
    };

    /// Watches all links if particular messages are to be lost.
    void WatchMessages();
    /// Returns the position of a gateway in m_actors.
    size_t ActorOf(const std::string& gateway) const;
    void ScheduleStart(Actor& actor, const TunnelSettings& tunnel, Duration at);
    void Schedule(const EventSettings& event, int64_t stream);
    void ScheduleOnce(const EventSettings& event, Duration offset);
    /// Schedules an event for those of others who have their own ways: NATs, clients that dial up.
    template <typename Others>
    void ScheduleFor(Others& others, const EventSettings& event, Duration offset);
    void ScheduleAt(const EventSettings& event, size_t actor, Time at);
    Duration DrawInstant(const EventSettings& event, Duration offset);
    /// Lets an event happen to one gateway, and be undone later if it says so.
    void Happen(const EventSettings* event, size_t actor);
    void Undo(const EventSettings* event, size_t actor);
    void HappenToInternet(const EventSettings* event);
    void UndoForInternet(const EventSettings* event);
    /// Carries an event out; false if it changed nothing.
    bool Apply(const EventSettings& event, Actor& actor, std::string& detail);
    bool ApplyToTunnel(const EventSettings& event, Actor& actor);
    bool ApplyToLife(const EventSettings& event, Actor& actor);
    /// Carry an event out and return what else there is to say of it.
    std::string ApplyToMessages(const EventSettings& event, const Actor& actor);
    std::string ApplyToClock(const EventSettings& event, const Actor& actor);
    /// Carries out what follows when the time of an event is over; the kind that it amounts to, or
    /// nothing.
    std::string Revert(const EventSettings& event, Actor& actor, std::string& detail);
    bool Restart(Actor& actor);
    bool ChangeAddress(Actor& actor, IpAddress to);
    /// Returns what others tell of what happened.
    ScenarioNatEvents::Note NoteOf();
    void Note(const EventSettings& event,
              const std::string& kind,
              const std::string& target,
              const std::string& detail);

    const Scenario& m_scenario;
    ScenarioNatEvents m_nats;
    ScenarioClientEvents m_clients;
    std::vector<Actor> m_actors;
    /// Null while nothing is drawn.
    Ptr<UniformRandomVariable> m_uniform;
    /// Which messages get lost, for each event that says so.
    std::map<std::string, Ptr<UniformRandomVariable>> m_loseDraws;
    std::vector<EventRecord> m_records;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SCENARIO_EVENTS_H
