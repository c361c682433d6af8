// SPDX-License-Identifier: GPL-2.0-only
// Events of the whole internet, and messages that get lost; other events are in
// ipsec-scenario-events.cc.
#include "ipsec-scenario-events.h"
#include "ipsec-scenario-link.h"

#include "ns3/ipsec-cloud-channel.h"
#include "ns3/ipsec-conversions.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"

namespace ns3
{
namespace ipsec
{

namespace
{

/// Streams of messages that get lost, above those of events.
constexpr int64_t FIRST_LOSE_STREAM = FIRST_EVENT_STREAM + (int64_t{1} << 32);

} // namespace

void
ScenarioEvents::WatchMessages()
{
    for (const EventSettings& event : m_scenario.events)
    {
        if (event.kind == EventKind::Lose)
        {
            Ptr<UniformRandomVariable> draw = CreateObject<UniformRandomVariable>();
            draw->SetStream(FIRST_LOSE_STREAM + static_cast<int64_t>(m_loseDraws.size()));
            m_loseDraws[event.name] = draw;
        }
    }
    if (m_loseDraws.empty())
    {
        return;
    }
    for (Actor& actor : m_actors)
    {
        actor.loss = CreateObject<MessageLoss>();
        actor.loss->Watch(
            actor.gateway->outside,
            [this, name = actor.gateway->name](const EventSettings& event, const std::string& what)
            { Note(event, EventKindName(event.kind), name, what + " lost"); });
        actor.gateway->outside->SetAttribute("ReceiveErrorModel", PointerValue(actor.loss));
    }
}

void
ScenarioEvents::HappenToInternet(const EventSettings* event)
{
    LinkChange own = event->link;
    own.delay.reset();
    for (const Actor& actor : m_actors)
    {
        ChangeLink(actor.gateway->outside, own);
    }
    if (event->link.delay && !m_actors.empty())
    {
        m_actors.front().gateway->outside->GetCloud()->SetAttribute(
            "Delay", TimeValue(ToTime(*event->link.delay)));
    }
    Note(*event, EventKindName(event->kind), TARGET_INTERNET, LinkChangeText(event->link));
    if (event->lasting)
    {
        Simulator::Schedule(ToTime(*event->lasting), &ScenarioEvents::UndoForInternet, this, event);
    }
}

void
ScenarioEvents::UndoForInternet(const EventSettings* event)
{
    for (const Actor& actor : m_actors)
    {
        ChangeLink(actor.gateway->outside, Former(event->link, actor.settings->link));
    }
    if (event->link.delay && !m_actors.empty())
    {
        m_actors.front().gateway->outside->GetCloud()->SetAttribute(
            "Delay", TimeValue(ToTime(m_scenario.internet.link.delay)));
    }
    Note(*event, EventKindName(event->kind), TARGET_INTERNET, "as before");
}

std::string
ScenarioEvents::ApplyToMessages(const EventSettings& event, const Actor& actor)
{
    actor.loss->Begin(event, m_loseDraws.at(event.name));
    return event.lose.text + " from now on";
}

} // namespace ipsec
} // namespace ns3
