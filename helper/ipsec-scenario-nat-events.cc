// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-nat-events.h"

#include "ipsec-scenario-link.h"
#include "nat-helper.h"

#include "ns3/ipsec-conversions.h"
#include "ns3/simulator.h"

namespace ns3
{
namespace ipsec
{

namespace
{

/// How long a NAT is down that reboots, unless the event says so: a home router's half a minute.
constexpr Duration USUAL_REBOOT = std::chrono::seconds(30);
/// What is noted when a NAT is up again.
const char UP_AGAIN[] = "nat-up";

std::string
MappingsText(size_t count)
{
    return std::to_string(count) + (count == 1 ? " mapping" : " mappings") + " lost";
}

} // namespace

ScenarioNatEvents::ScenarioNatEvents(const Scenario& scenario,
                                     const ScenarioNetwork& network,
                                     Note note)
    : m_note(std::move(note))
{
    for (const ScenarioNat& nat : network.Nats())
    {
        const NatSettings& settings = *scenario.FindNat(nat.name);
        m_actors[nat.name] = {&nat, &settings, settings.address};
    }
}

bool
ScenarioNatEvents::AreTargetOf(const EventSettings& event) const
{
    return event.IsOfNat() || m_actors.count(event.target) > 0;
}

std::vector<std::string>
ScenarioNatEvents::TargetsOf(const EventSettings& event) const
{
    std::vector<std::string> names;
    for (const auto& [name, actor] : m_actors)
    {
        if (name == event.target || event.target == TARGET_ALL || event.target == TARGET_RANDOM)
        {
            names.push_back(name);
        }
    }
    return names;
}

void
ScenarioNatEvents::Happen(const EventSettings* event, std::string name)
{
    Actor& actor = m_actors.at(name);
    m_note(*event, EventKindName(event->kind), name, Apply(*event, actor));
    const bool isReboot = event->kind == EventKind::NatReboot;
    if (event->lasting || isReboot)
    {
        Simulator::Schedule(ToTime(event->lasting.value_or(USUAL_REBOOT)),
                            &ScenarioNatEvents::Undo,
                            this,
                            event,
                            std::move(name));
    }
}

std::string
ScenarioNatEvents::Apply(const EventSettings& event, Actor& actor) const
{
    const Ptr<NatBox> box = actor.nat->box;
    const size_t mappings = box->MappingCount();
    switch (event.kind)
    {
    case EventKind::NatReboot:
        box->Reboot(ToTime(event.lasting.value_or(USUAL_REBOOT)));
        return MappingsText(mappings);
    case EventKind::NatRebind:
        box->Reboot();
        return MappingsText(mappings);
    case EventKind::NatAddress:
        return ChangeAddress(actor, *event.address);
    default:
        return ApplyToLink(actor.nat->outside, event);
    }
}

std::string
ScenarioNatEvents::ChangeAddress(Actor& actor, IpAddress to)
{
    const std::string from = actor.address.ToString();
    if (!(actor.address == to))
    {
        NatHelper::ChangeOutsideAddress(actor.nat->node, from, to.ToString());
        actor.address = to;
    }
    return "from " + from + " to " + to.ToString();
}

void
ScenarioNatEvents::Undo(const EventSettings* event, std::string name)
{
    Actor& actor = m_actors.at(name);
    if (event->kind == EventKind::NatReboot)
    {
        m_note(*event, UP_AGAIN, name, "");
        return;
    }
    if (event->kind == EventKind::NatAddress)
    {
        const std::string detail = ChangeAddress(actor, actor.settings->address);
        m_note(*event, EventKindName(event->kind), name, detail);
        return;
    }
    std::string detail;
    const std::string kind = RevertOnLink(actor.nat->outside, *event, actor.settings->link, detail);
    if (!kind.empty())
    {
        m_note(*event, kind, name, detail);
    }
}

} // namespace ipsec
} // namespace ns3
