// SPDX-License-Identifier: GPL-2.0-only
// What must hold of events of clients that dial up: connect, disconnect, roam.
#include "ipsec-scenario-check.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Checks these events.
class RoamingChecker : private ScenarioChecker
{
  public:
    using ScenarioChecker::ScenarioChecker;

    void
    Run() const
    {
        for (const EventSettings& event : m_scenario.events)
        {
            if (!event.IsOfDialUp())
            {
                continue;
            }
            CheckTarget(event);
            if (event.kind == EventKind::Roam)
            {
                CheckNetwork(event);
                CheckReach(event);
                CheckAddress(event);
            }
        }
    }

  private:
    static std::string
    KeyOf(const EventSettings& event, const char* key)
    {
        return "event." + event.name + "." + key;
    }

    std::vector<const GatewaySettings*> TargetsOf(const EventSettings& event) const;
    void CheckTarget(const EventSettings& event) const;
    void CheckNetwork(const EventSettings& event) const;
    void CheckReach(const EventSettings& event) const;
    void CheckAddress(const EventSettings& event) const;
};

std::vector<const GatewaySettings*>
RoamingChecker::TargetsOf(const EventSettings& event) const
{
    std::vector<const GatewaySettings*> clients;
    for (const GatewaySettings& client : m_scenario.gateways)
    {
        if (client.dialUp->isDialUp && event.MayHit(client.name, client.branches))
        {
            clients.push_back(&client);
        }
    }
    return clients;
}

void
RoamingChecker::CheckTarget(const EventSettings& event) const
{
    if (!TargetsOf(event).empty())
    {
        return;
    }
    const std::vector<std::string> names = m_scenario.DialUpNames();
    const GatewaySettings* other = m_scenario.FindGateway(event.target);
    const std::string what = other && other->isClient
                                 ? "'" + event.target + "' is a client that does not dial up"
                                 : "there is no client '" + event.target + "' that dials up";
    Refuse(KeyOf(event, "target"),
           event.position,
           what + "; allowed: " +
               (names.empty() ? "none, write dial-up = true or address = dhcp in a [client NAME]"
                              : "all, random, " + JoinList(names)));
}

void
RoamingChecker::CheckNetwork(const EventSettings& event) const
{
    if (event.to != TARGET_INTERNET && !m_scenario.FindNat(event.to))
    {
        const std::string nats = m_scenario.nats.empty() ? "" : ", " + NamesOf(m_scenario.nats);
        Refuse(KeyOf(event, "to"),
               event.position,
               "there is no nat '" + event.to + "'; allowed: internet" + nats);
    }
}

/// A client knows one address of its gateway, which must mean the same where it roams to.
void
RoamingChecker::CheckReach(const EventSettings& event) const
{
    for (const GatewaySettings* client : TargetsOf(event))
    {
        const TunnelEnd at = m_scenario.TunnelsAt(client->name).front();
        const GatewaySettings* gateway =
            m_scenario.FindGateway(at.tunnel->ends[1 - at.end].gateway);
        if (!gateway)
        {
            continue;
        }
        const Reach known = ReachOf(m_scenario, client->behind, gateway->behind, gateway->address);
        const Reach there = ReachOf(m_scenario, event.Network(), gateway->behind, gateway->address);
        const bool isUnknown = IsBehindNat(m_scenario, event.Network(), known.network);
        const bool isTurnedBack =
            known.address != there.address && known.nat != nullptr && !known.nat->config.hairpins;
        if (isUnknown || isTurnedBack)
        {
            Refuse(KeyOf(event, "to"),
                   event.position,
                   "'" + event.to + "' has '" + gateway->name + "' at " + there.address.ToString() +
                       ", but '" + client->name + "' knows it at " + known.address.ToString() +
                       (isUnknown ? ", which is a private address of another network"
                                  : ", and nat '" + known.nat->name + "' has hairpinning = false") +
                       "; allowed: networks from which that address leads to '" + gateway->name +
                       "'");
        }
    }
}

void
RoamingChecker::CheckAddress(const EventSettings& event) const
{
    const std::vector<const GatewaySettings*> clients = TargetsOf(event);
    const auto isDhcp = [](const GatewaySettings* client) { return client->dialUp->isDhcp; };
    const bool areAllDhcp = std::all_of(clients.begin(), clients.end(), isDhcp);
    if (!areAllDhcp && clients.size() > 1)
    {
        Refuse(KeyOf(event, "target"),
               event.position,
               "are several clients, each of which needs another address there; allowed: one, or "
               "clients with address = dhcp");
    }
    if (areAllDhcp && event.address)
    {
        Refuse(KeyOf(event, "address"),
               event.position,
               "is there, but '" + event.target +
                   "' gets its address by DHCP; allowed: no address");
    }
    if (!areAllDhcp && !event.address)
    {
        Refuse(KeyOf(event, "address"),
               event.position,
               "is missing; '" + event.target +
                   "' needs it where it roams to, or write address = dhcp in its section");
    }
    if (areAllDhcp && event.to == TARGET_INTERNET && !m_scenario.internet.access)
    {
        Refuse(KeyOf(event, "to"),
               event.position,
               "is internet, where nobody gives '" + event.target +
                   "' an address; write dhcp = PREFIX in [internet]");
    }
    if (!areAllDhcp)
    {
        CheckNewAddress(event, event.Network(), clients.front()->name);
    }
}

} // namespace

void
CheckRoaming(Scenario& scenario, const ScenarioPositions& positions)
{
    RoamingChecker(scenario, positions).Run();
}

} // namespace ipsec
} // namespace ns3
