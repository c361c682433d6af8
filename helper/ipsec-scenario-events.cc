// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-events.h"

#include "ipsec-helper.h"
#include "ipsec-scenario-link.h"

#include "ns3/ipsec-cloud-channel.h"
#include "ns3/ipsec-conversions.h"
#include "ns3/simulator.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Returns a packet that a tunnel protects, seen from one gateway.
FlowKey
SampleFlow(const ProxyId& proxyId)
{
    FlowKey flow;
    flow.source = proxyId.local.address;
    flow.destination = proxyId.remote.address;
    flow.protocol = proxyId.protocol;
    return flow;
}

/// Starts a tunnel. Applications start at instant 0, in events of their own: this comes behind
/// them.
void
StartTunnel(Ptr<IkeDaemon> daemon, ChildId child, FlowKey flow)
{
    Simulator::ScheduleNow(&IkeDaemon::Acquire, daemon, child, flow);
}

/// Returns a configuration without the keys for peers of a name, or for all.
EngineConfig
WithoutKeys(EngineConfig config, const std::string& peerName)
{
    for (PeerConfig& peer : config.peers)
    {
        if (!peerName.empty() && peer.name != peerName)
        {
            continue;
        }
        peer.preSharedKey = SecretBytes();
        peer.peerCertificates.clear();
        if (peer.keys)
        {
            auto store = std::make_shared<KeyStore>(*peer.keys);
            store->trust = Trust{};
            peer.keys = store;
        }
    }
    return config;
}

} // namespace

ScenarioEvents::ScenarioEvents(const Scenario& scenario, const ScenarioNetwork& network)
    : m_scenario(scenario)
    , m_nats(scenario, network, NoteOf())
    , m_clients(scenario, network, NoteOf())
{
    m_actors.reserve(network.Gateways().size());
    for (size_t i = 0; i < network.Gateways().size(); i++)
    {
        const ScenarioGateway& gateway = network.Gateways()[i];
        const GatewaySettings& settings = scenario.gateways[i];
        m_actors.push_back({&gateway, &settings, {}, settings.address, nullptr});
    }
    WatchMessages();
    for (const TunnelSettings& tunnel : scenario.tunnels)
    {
        if (IsDialUpEnd(scenario, tunnel, 0) || IsDialUpEnd(scenario, tunnel, 1))
        {
            continue;
        }
        if (tunnel.start == TunnelStart::Auto && !tunnel.ends[0].gateway.empty())
        {
            Actor& actor = m_actors[ActorOf(tunnel.ends[0].gateway)];
            actor.autoTunnels.push_back(&tunnel);
            ScheduleStart(actor, tunnel, tunnel.startAt);
        }
    }
    int64_t stream = FIRST_EVENT_STREAM;
    for (const EventSettings& event : scenario.events)
    {
        Schedule(event, stream++);
    }
}

ScenarioNatEvents::Note
ScenarioEvents::NoteOf()
{
    return [this](const EventSettings& event,
                  const std::string& kind,
                  const std::string& target,
                  const std::string& detail) { Note(event, kind, target, detail); };
}

const std::vector<EventRecord>&
ScenarioEvents::Records() const
{
    return m_records;
}

// When and to whom

size_t
ScenarioEvents::ActorOf(const std::string& gateway) const
{
    return static_cast<size_t>(m_scenario.FindGateway(gateway) - m_scenario.gateways.data());
}

void
ScenarioEvents::ScheduleStart(Actor& actor, const TunnelSettings& tunnel, Duration at)
{
    const ScenarioGateway& gateway = *actor.gateway;
    Simulator::ScheduleWithContext(gateway.node->GetId(),
                                   ToTime(at),
                                   &StartTunnel,
                                   gateway.daemon,
                                   gateway.plan.children.at(tunnel.name),
                                   SampleFlow(EndProxyId(m_scenario, tunnel, 0)));
}

void
ScenarioEvents::Schedule(const EventSettings& event, int64_t stream)
{
    // What is drawn is drawn now: it depends on nothing that happens in the run. Scenarios without
    // chance have no variable, which would move the streams that ns-3 gives to others.
    if (event.until || event.target == TARGET_RANDOM)
    {
        m_uniform = m_uniform ? m_uniform : CreateObject<UniformRandomVariable>();
        m_uniform->SetStream(stream);
    }
    for (uint64_t i = 0; i < event.repeat; i++)
    {
        ScheduleOnce(event, event.every * static_cast<Duration::rep>(i));
    }
}

Duration
ScenarioEvents::DrawInstant(const EventSettings& event, Duration offset)
{
    if (!event.until)
    {
        return event.at + offset;
    }
    const double part = m_uniform->GetValue(0, 1);
    const auto range = static_cast<double>((*event.until - event.at).count());
    return event.at + offset + Duration(static_cast<Duration::rep>(part * range));
}

template <typename Others>
void
ScenarioEvents::ScheduleFor(Others& others, const EventSettings& event, Duration offset)
{
    std::vector<std::string> targets = others.TargetsOf(event);
    if (event.target == TARGET_RANDOM)
    {
        targets = {targets[m_uniform->GetInteger(0, static_cast<uint32_t>(targets.size() - 1))]};
    }
    for (const std::string& target : targets)
    {
        const Time at = ToTime(DrawInstant(event, offset));
        Simulator::Schedule(at, &Others::Happen, &others, &event, target);
    }
}

void
ScenarioEvents::ScheduleOnce(const EventSettings& event, Duration offset)
{
    if (m_nats.AreTargetOf(event))
    {
        ScheduleFor(m_nats, event, offset);
        return;
    }
    if (m_clients.AreTargetOf(event))
    {
        ScheduleFor(m_clients, event, offset);
        return;
    }
    if (event.target == TARGET_INTERNET)
    {
        Simulator::Schedule(
            ToTime(DrawInstant(event, offset)), &ScenarioEvents::HappenToInternet, this, &event);
        return;
    }
    const bool isAll = event.target == TARGET_ALL;
    if (!event.IsOfTunnel() && (isAll || m_scenario.FindBranches(event.target)))
    {
        for (size_t i = 0; i < m_actors.size(); i++)
        {
            if (isAll || m_actors[i].settings->branches == event.target)
            {
                ScheduleAt(event, i, ToTime(DrawInstant(event, offset)));
            }
        }
        return;
    }
    size_t actor = 0;
    if (event.IsOfTunnel())
    {
        actor = ActorOf(m_scenario.FindTunnel(event.target)->ends[0].gateway);
    }
    else if (event.target == TARGET_RANDOM)
    {
        actor = m_uniform->GetInteger(0, static_cast<uint32_t>(m_actors.size() - 1));
    }
    else
    {
        actor = ActorOf(event.target);
    }
    ScheduleAt(event, actor, ToTime(DrawInstant(event, offset)));
}

void
ScenarioEvents::ScheduleAt(const EventSettings& event, size_t actor, Time at)
{
    Simulator::ScheduleWithContext(
        m_actors[actor].gateway->node->GetId(), at, &ScenarioEvents::Happen, this, &event, actor);
}

// What happens

void
ScenarioEvents::Happen(const EventSettings* event, size_t actor)
{
    Actor& who = m_actors[actor];
    std::string detail;
    if (!Apply(*event, who, detail))
    {
        return;
    }
    const std::string target = event->IsOfTunnel() ? event->target : who.gateway->name;
    Note(*event, EventKindName(event->kind), target, detail);
    if (event->lasting)
    {
        Simulator::Schedule(ToTime(*event->lasting), &ScenarioEvents::Undo, this, event, actor);
    }
}

void
ScenarioEvents::Undo(const EventSettings* event, size_t actor)
{
    std::string detail;
    const std::string kind = Revert(*event, m_actors[actor], detail);
    if (!kind.empty())
    {
        Note(*event, kind, m_actors[actor].gateway->name, detail);
    }
}

bool
ScenarioEvents::Apply(const EventSettings& event, Actor& actor, std::string& detail)
{
    switch (event.kind)
    {
    case EventKind::StartTunnel:
    case EventKind::StopTunnel:
        return ApplyToTunnel(event, actor);
    case EventKind::LinkDown:
    case EventKind::LinkUp:
    case EventKind::Link:
    case EventKind::Partition:
        detail = ApplyToLink(actor.gateway->outside, event);
        return true;
    case EventKind::Crash:
    case EventKind::Restart:
    case EventKind::Stop:
    case EventKind::Start:
        return ApplyToLife(event, actor);
    case EventKind::AddressChange:
        detail = "from " + actor.address.ToString() + " to " + event.address->ToString();
        return ChangeAddress(actor, *event.address);
    case EventKind::Clock:
        detail = ApplyToClock(event, actor);
        return true;
    case EventKind::Lose:
        detail = ApplyToMessages(event, actor);
        return true;
    case EventKind::RemoveKey:
        actor.gateway->daemon->ChangeConfig(
            WithoutKeys(actor.gateway->daemon->Config(), event.peer));
        detail = event.peer.empty() ? "all" : "for " + event.peer;
        return true;
    default:
        // What NATs and clients that dial up do is done there.
        return false;
    }
}

bool
ScenarioEvents::ApplyToLife(const EventSettings& event, Actor& actor)
{
    const Ptr<IkeDaemon> daemon = actor.gateway->daemon;
    const bool isDown = daemon->IsDown();
    const bool isRunning = daemon->IsRunning();
    switch (event.kind)
    {
    case EventKind::Stop:
        daemon->Stop();
        return isRunning;
    case EventKind::Start:
        return !isDown && Restart(actor);
    default:
        break;
    }
    if (!isDown)
    {
        daemon->Crash();
    }
    return event.kind == EventKind::Restart ? Restart(actor) : !isDown;
}

std::string
ScenarioEvents::ApplyToClock(const EventSettings& event, const Actor& actor)
{
    using std::chrono::duration_cast;
    using std::chrono::seconds;
    EngineConfig config = actor.gateway->daemon->Config();
    const CalendarSeconds elapsed = duration_cast<seconds>(InstantNow().time_since_epoch()).count();
    config.calendarStart = event.date
                               ? *event.date - elapsed
                               : config.calendarStart + duration_cast<seconds>(*event.jump).count();
    actor.gateway->daemon->ChangeConfig(config);
    return "by " + std::to_string(config.calendarStart - m_scenario.simulation.startDate) +
           " s in all";
}

bool
ScenarioEvents::ApplyToTunnel(const EventSettings& event, Actor& actor)
{
    const TunnelSettings& tunnel = *m_scenario.FindTunnel(event.target);
    const ScenarioGateway& gateway = *actor.gateway;
    const ChildId child = gateway.plan.children.at(tunnel.name);
    if (event.kind == EventKind::StartTunnel)
    {
        StartTunnel(gateway.daemon, child, SampleFlow(EndProxyId(m_scenario, tunnel, 0)));
    }
    else
    {
        Simulator::ScheduleNow(&IkeDaemon::Terminate, gateway.daemon, child.peer);
    }
    return true;
}

std::string
ScenarioEvents::Revert(const EventSettings& event, Actor& actor, std::string& detail)
{
    const ScenarioGateway& gateway = *actor.gateway;
    switch (event.kind)
    {
    case EventKind::Lose:
        actor.loss->End(event);
        detail = event.lose.text + " no longer";
        return EventKindName(EventKind::Lose);
    case EventKind::Crash:
        return gateway.daemon->IsDown() && Restart(actor) ? EventKindName(EventKind::Restart) : "";
    case EventKind::Stop:
        return !gateway.daemon->IsDown() && Restart(actor) ? EventKindName(EventKind::Start) : "";
    case EventKind::AddressChange:
        detail = "from " + actor.address.ToString() + " to " + actor.settings->address.ToString();
        return ChangeAddress(actor, actor.settings->address)
                   ? EventKindName(EventKind::AddressChange)
                   : "";
    default:
        return RevertOnLink(gateway.outside, event, actor.settings->link, detail);
    }
}

bool
ScenarioEvents::Restart(Actor& actor)
{
    const ScenarioGateway& gateway = *actor.gateway;
    if (gateway.daemon->IsRunning())
    {
        return false;
    }
    const bool wasDown = gateway.daemon->IsDown();
    gateway.daemon->Restart();
    if (wasDown)
    {
        // Manual keys stand in the configuration. Their sequence numbers begin anew.
        for (const IpsecSa& sa : gateway.plan.manualSas)
        {
            gateway.dataPlane->InstallSa(sa);
        }
    }
    for (const TunnelSettings* tunnel : actor.autoTunnels)
    {
        ScheduleStart(actor, *tunnel, Duration::zero());
    }
    m_clients.Resume(gateway.name);
    return true;
}

bool
ScenarioEvents::ChangeAddress(Actor& actor, IpAddress to)
{
    if (actor.address == to)
    {
        return false;
    }
    IpsecHelper::ChangeAddress(actor.gateway->node, actor.address.ToString(), to.ToString());
    actor.address = to;
    for (const TunnelSettings* tunnel : actor.autoTunnels)
    {
        ScheduleStart(actor, *tunnel, Duration::zero());
    }
    return true;
}

void
ScenarioEvents::Note(const EventSettings& event,
                     const std::string& kind,
                     const std::string& target,
                     const std::string& detail)
{
    m_records.push_back({InstantNow(), event.name, kind, target, detail});
}

} // namespace ipsec
} // namespace ns3
