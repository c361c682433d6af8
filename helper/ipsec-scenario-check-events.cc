// SPDX-License-Identifier: GPL-2.0-only
// What must hold of [event NAME].
#include "ipsec-scenario-addresses.h"
#include "ipsec-scenario-check.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Keys that only some kinds of events have.
struct OwnKeyRow
{
    const char* key;
    std::vector<EventKind> kinds;
    /// Those of them that must have it.
    std::vector<EventKind> needing;
};

const std::vector<OwnKeyRow>&
OwnKeys()
{
    using Kind = EventKind;
    static const std::vector<OwnKeyRow> ROWS{{"for",
                                              {Kind::LinkDown,
                                               Kind::Link,
                                               Kind::Lose,
                                               Kind::Partition,
                                               Kind::Crash,
                                               Kind::Stop,
                                               Kind::AddressChange,
                                               Kind::NatReboot,
                                               Kind::NatAddress,
                                               Kind::Roam},
                                              {}},
                                             {"delay", {Kind::Link}, {}},
                                             {"jitter", {Kind::Link}, {}},
                                             {"loss", {Kind::Link}, {}},
                                             {"reorder", {Kind::Link}, {}},
                                             {"duplicate", {Kind::Link}, {}},
                                             {"corrupt", {Kind::Link}, {}},
                                             {"rate", {Kind::Link}, {}},
                                             {"message", {Kind::Lose}, {Kind::Lose}},
                                             {"count", {Kind::Lose}, {}},
                                             {"share", {Kind::Lose}, {}},
                                             {"part", {Kind::Partition}, {Kind::Partition}},
                                             {"address",
                                              {Kind::AddressChange, Kind::NatAddress, Kind::Roam},
                                              {Kind::AddressChange, Kind::NatAddress}},
                                             {"to", {Kind::Roam}, {Kind::Roam}},
                                             {"jump", {Kind::Clock}, {Kind::Clock}},
                                             {"peer", {Kind::RemoveKey}, {}}};
    return ROWS;
}

/// Checks events.
class EventChecker : private ScenarioChecker
{
  public:
    using ScenarioChecker::ScenarioChecker;

    void
    Run() const
    {
        for (const EventSettings& event : m_scenario.events)
        {
            CheckKeys(event);
            CheckTarget(event);
            CheckTimes(event);
            if (event.kind == EventKind::AddressChange)
            {
                CheckAddress(event);
            }
            if (event.kind == EventKind::NatAddress)
            {
                CheckNatAddress(event);
            }
            CheckPeer(event);
        }
    }

  private:
    static std::string
    KeyOf(const EventSettings& event, const char* key)
    {
        return "event." + event.name + "." + key;
    }

    bool
    IsWritten(const EventSettings& event, const char* key) const
    {
        return m_positions.count(KeyOf(event, key)) > 0;
    }

    void CheckKeys(const EventSettings& event) const;
    void CheckTarget(const EventSettings& event) const;
    void CheckTunnel(const EventSettings& event) const;
    void CheckTimes(const EventSettings& event) const;
    void CheckNat(const EventSettings& event) const;
    void CheckAddress(const EventSettings& event) const;
    void CheckNatAddress(const EventSettings& event) const;
    void CheckPeer(const EventSettings& event) const;
};

void
EventChecker::CheckKeys(const EventSettings& event) const
{
    const std::string kind = EventKindName(event.kind);
    for (const OwnKeyRow& row : OwnKeys())
    {
        const auto isAmong = [&](const std::vector<EventKind>& kinds)
        { return std::find(kinds.begin(), kinds.end(), event.kind) != kinds.end(); };
        const bool isOfKind = isAmong(row.kinds);
        if (isAmong(row.needing) && !IsWritten(event, row.key))
        {
            Refuse(KeyOf(event, row.key), event.position, "is missing; " + kind + " needs it");
        }
        if (!isOfKind && IsWritten(event, row.key))
        {
            std::vector<std::string> kinds;
            for (const EventKind one : row.kinds)
            {
                kinds.push_back(EventKindName(one));
            }
            Refuse(KeyOf(event, row.key),
                   event.position,
                   "says nothing of " + kind + "; allowed with: " + JoinList(kinds));
        }
    }
    if (event.kind == EventKind::Link && event.link.IsEmpty())
    {
        Refuse(KeyOf(event, "kind"),
               event.position,
               "is link, but nothing changes; write delay, jitter, loss, reorder, duplicate, "
               "corrupt or rate");
    }
}

void
EventChecker::CheckTarget(const EventSettings& event) const
{
    if (event.IsOfTunnel())
    {
        CheckTunnel(event);
        return;
    }
    if (event.IsOfDialUp())
    {
        return; // CheckRoaming()
    }
    if (event.IsOfNat())
    {
        CheckNat(event);
        return;
    }
    const bool isGroup = event.target == TARGET_ALL || event.target == TARGET_RANDOM;
    const bool isNamedOnly = event.kind == EventKind::AddressChange;
    const bool isInternet = event.target == TARGET_INTERNET && event.kind == EventKind::Link;
    if (isInternet || (isGroup && !isNamedOnly))
    {
        return;
    }
    const bool isNat = event.IsOfLink() && m_scenario.FindNat(event.target);
    const bool isBranches = m_scenario.FindBranches(event.target) && !isNamedOnly;
    if (!isNat && !isBranches && !m_scenario.FindGateway(event.target))
    {
        const std::string others = isNamedOnly                     ? ""
                                   : event.kind == EventKind::Link ? "all, random, internet, "
                                                                   : "all, random, ";
        Refuse(KeyOf(event, "target"),
               event.position,
               "there is no gateway '" + event.target + "'; allowed: " + others +
                   NamesOf(m_scenario.gateways));
    }
}

void
EventChecker::CheckTunnel(const EventSettings& event) const
{
    const TunnelSettings* tunnel = m_scenario.FindTunnel(event.target);
    if (!tunnel)
    {
        Refuse(KeyOf(event, "target"),
               event.position,
               "there is no tunnel '" + event.target +
                   "'; allowed: " + NamesOf(m_scenario.tunnels));
    }
    if (tunnel->keying == TunnelKeying::Manual)
    {
        Refuse(KeyOf(event, "target"),
               event.position,
               "tunnel '" + event.target + "' has manual keys: nothing starts or ends it");
    }
}

void
EventChecker::CheckTimes(const EventSettings& event) const
{
    if (event.repeat > 1 && event.every <= Duration::zero())
    {
        Refuse(KeyOf(event, "repeat"),
               event.position,
               "says how often, but not how far apart; write every = TIME");
    }
    if (event.repeat == 1 && IsWritten(event, "every"))
    {
        Refuse(KeyOf(event, "every"),
               event.position,
               "says how far apart, but not how often; write repeat = NUMBER");
    }
    if (event.until.value_or(event.at) >= m_scenario.simulation.stop)
    {
        Refuse(KeyOf(event, "at"), event.position, "is not before the end of the run");
    }
    if (event.Latest() >= m_scenario.simulation.stop)
    {
        Refuse(KeyOf(event, "repeat"),
               event.position,
               "the last repetition is not before the end of the run");
    }
}

void
EventChecker::CheckNat(const EventSettings& event) const
{
    const bool isGroup = (event.target == TARGET_ALL || event.target == TARGET_RANDOM) &&
                         event.kind != EventKind::NatAddress && !m_scenario.nats.empty();
    if (!isGroup && !m_scenario.FindNat(event.target))
    {
        Refuse(KeyOf(event, "target"),
               event.position,
               "there is no nat '" + event.target + "'; allowed: " +
                   (event.kind == EventKind::NatAddress || m_scenario.nats.empty()
                        ? ""
                        : "all, random, ") +
                   NamesOf(m_scenario.nats));
    }
}

void
EventChecker::CheckAddress(const EventSettings& event) const
{
    const GatewaySettings& target = *m_scenario.FindGateway(event.target);
    if (target.isClient)
    {
        Refuse(KeyOf(event, "target"),
               event.position,
               "'" + event.target +
                   "' is a client, whose address is its network; allowed: a "
                   "gateway");
    }
    CheckNewAddress(event, target.behind, target.name);
}

void
EventChecker::CheckNatAddress(const EventSettings& event) const
{
    const NatSettings& target = *m_scenario.FindNat(event.target);
    if (target.lan.Contains(*event.address))
    {
        Refuse(KeyOf(event, "address"),
               event.position,
               "'" + event.address->ToString() + "' lies in its own lan " + target.lan.ToString() +
                   "; allowed: an address outside");
    }
    CheckNewAddress(event, target.behind, target.name);
}

void
EventChecker::CheckPeer(const EventSettings& event) const
{
    if (!event.peer.empty() && !m_scenario.FindGateway(event.peer))
    {
        Refuse(KeyOf(event, "peer"),
               event.position,
               "there is no gateway '" + event.peer +
                   "'; allowed: " + NamesOf(m_scenario.gateways));
    }
}

} // namespace

void
ScenarioChecker::CheckNewAddress(const EventSettings& event,
                                 const std::string& network,
                                 const std::string& self) const
{
    const std::string key = "event." + event.name + ".address";
    const std::string shown = "'" + event.address->ToString() + "' ";
    if (!IsUnicast(*event.address))
    {
        Refuse(key, event.position, shown + "is no address of a host; allowed: unicast");
    }
    const NatSettings* nat = m_scenario.FindNat(network);
    const bool isOfHost = nat && nat->lan.Contains(*event.address) &&
                          nat->lan.address < *event.address &&
                          *event.address < nat->LastLanAddress();
    if (nat && !isOfHost)
    {
        Refuse(key,
               event.position,
               shown + "is no host address of " + nat->lan.ToString() + " of nat '" + nat->name +
                   "'; allowed: one of " + nat->lan.ToString() + " that nobody else has");
    }
    const std::string owner = OtherOwner(m_scenario, network, event, self);
    if (!owner.empty())
    {
        Refuse(key,
               event.position,
               shown + "is in use at '" + owner + "'; allowed: an address of its own");
    }
}

void
CheckEvents(Scenario& scenario, const ScenarioPositions& positions)
{
    EventChecker(scenario, positions).Run();
    CheckRoaming(scenario, positions);
}

} // namespace ipsec
} // namespace ns3
