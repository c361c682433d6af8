// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-client-events.h"

#include "ns3/ipsec-conversions.h"
#include "ns3/simulator.h"

namespace ns3
{
namespace ipsec
{

ScenarioClientEvents::ScenarioClientEvents(const Scenario& scenario,
                                           const ScenarioNetwork& network,
                                           Note note)
    : m_scenario(scenario)
    , m_network(network)
    , m_note(std::move(note))
{
    for (const ScenarioGateway& gateway : network.Gateways())
    {
        if (!gateway.client)
        {
            continue;
        }
        m_actors[gateway.name] = {&gateway, scenario.FindGateway(gateway.name)};
        const TunnelSettings& tunnel = *scenario.TunnelsAt(gateway.name).front().tunnel;
        if (!gateway.user && tunnel.start == TunnelStart::Auto)
        {
            Simulator::ScheduleWithContext(gateway.node->GetId(),
                                           ToTime(tunnel.startAt),
                                           &DialUpClient::Connect,
                                           gateway.client);
        }
    }
}

bool
ScenarioClientEvents::AreTargetOf(const EventSettings& event) const
{
    return event.IsOfDialUp() || (event.IsOfTunnel() && !TargetsOf(event).empty());
}

std::vector<std::string>
ScenarioClientEvents::TargetsOf(const EventSettings& event) const
{
    const TunnelSettings* tunnel =
        event.IsOfTunnel() ? m_scenario.FindTunnel(event.target) : nullptr;
    std::vector<std::string> names;
    for (const auto& [name, actor] : m_actors)
    {
        const bool isEnd =
            tunnel && (tunnel->ends[0].gateway == name || tunnel->ends[1].gateway == name);
        if (isEnd || (!tunnel && event.MayHit(name, actor.settings->branches)))
        {
            names.push_back(name);
        }
    }
    return names;
}

void
ScenarioClientEvents::Happen(const EventSettings* event, std::string name)
{
    const Actor& actor = m_actors.at(name);
    std::string detail;
    switch (event->kind)
    {
    case EventKind::Roam:
        detail = Move(actor, event->Network(), event->address);
        break;
    case EventKind::Connect:
    case EventKind::StartTunnel:
        actor.gateway->client->Connect();
        break;
    default:
        actor.gateway->client->Disconnect();
        break;
    }
    m_note(*event, EventKindName(event->kind), event->IsOfTunnel() ? event->target : name, detail);
    if (event->lasting)
    {
        Simulator::Schedule(
            ToTime(*event->lasting), &ScenarioClientEvents::Undo, this, event, std::move(name));
    }
}

void
ScenarioClientEvents::Undo(const EventSettings* event, std::string name)
{
    const Actor& actor = m_actors.at(name);
    const GatewaySettings& own = *actor.settings;
    const std::string detail = Move(
        actor, own.behind, own.dialUp->isDhcp ? std::nullopt : std::make_optional(own.address));
    m_note(*event, EventKindName(event->kind), name, detail);
}

std::string
ScenarioClientEvents::Move(const Actor& actor,
                           const std::string& network,
                           std::optional<IpAddress> address) const
{
    const auto shown = [](const std::string& place)
    { return place.empty() ? std::string(TARGET_INTERNET) : place; };
    const std::string from = shown(m_network.NetworkOf(*actor.gateway));
    m_network.MoveClient(*actor.gateway, network, address);
    return "from " + from + " to " + shown(network) + (address ? " " + address->ToString() : "");
}

void
ScenarioClientEvents::Resume(const std::string& name)
{
    const auto actor = m_actors.find(name);
    if (actor == m_actors.end())
    {
        return;
    }
    const Ptr<DialUpClient> client = actor->second.gateway->client;
    if (client->GetState() != DialUpState::Off && client->GetState() != DialUpState::Refused)
    {
        client->Connect();
    }
}

} // namespace ipsec
} // namespace ns3
