// SPDX-License-Identifier: GPL-2.0-only
// What must hold of events of clients that dial up: connect, disconnect, roam.
#include "ipsec-scenario-addresses.h"
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
    void CheckNewAddress(const EventSettings& event, const std::string& client) const;
};

std::vector<const GatewaySettings*>
RoamingChecker::TargetsOf(const EventSettings& event) const
{
    std::vector<const GatewaySettings*> clients;
    for (const GatewaySettings& client : m_scenario.gateways)
    {
        if (client.dialUp.isDialUp && event.MayHit(client.name, client.branches))
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

/// A client knows one address of its gateway; behind the gateway's own NAT that is another one.
void
RoamingChecker::CheckReach(const EventSettings& event) const
{
    for (const GatewaySettings* client : TargetsOf(event))
    {
        const TunnelEnd at = m_scenario.TunnelsAt(client->name).front();
        const size_t far = 1 - at.end;
        const GatewaySettings* gateway = m_scenario.FindGateway(at.tunnel->ends[far].gateway);
        if (!gateway)
        {
            continue;
        }
        const IpAddress here = SeenAddress(m_scenario, *at.tunnel, far);
        const IpAddress there =
            ReachedAt(m_scenario, event.Network(), gateway->behind, gateway->address);
        if (here != there)
        {
            Refuse(KeyOf(event, "to"),
                   event.position,
                   "'" + event.to + "' has '" + gateway->name + "' at " + there.ToString() +
                       ", but '" + client->name + "' knows it at " + here.ToString() +
                       "; allowed: networks that are both behind the NAT of '" + gateway->name +
                       "', or neither");
        }
    }
}

void
RoamingChecker::CheckAddress(const EventSettings& event) const
{
    const std::vector<const GatewaySettings*> clients = TargetsOf(event);
    const auto isDhcp = [](const GatewaySettings* client) { return client->dialUp.isDhcp; };
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
        CheckNewAddress(event, clients.front()->name);
    }
}

void
RoamingChecker::CheckNewAddress(const EventSettings& event, const std::string& client) const
{
    const std::string key = KeyOf(event, "address");
    const std::string shown = "'" + event.address->ToString() + "' ";
    if (!IsUnicast(*event.address))
    {
        Refuse(key, event.position, shown + "is no address of a host; allowed: unicast");
    }
    const NatSettings* nat = m_scenario.FindNat(event.Network());
    const bool isOfHost = nat && nat->lan.Contains(*event.address) &&
                          nat->lan.address < *event.address &&
                          *event.address < nat->LastLanAddress();
    const bool isGiven = nat && nat->dhcp && nat->dhcp->Contains(*event.address);
    if (nat && (!isOfHost || isGiven))
    {
        Refuse(key,
               event.position,
               shown +
                   (isGiven ? "is one that nat '" + nat->name + "' gives to others by DHCP"
                            : "is no host address of " + nat->lan.ToString() + " of nat '" +
                                  nat->name + "'") +
                   "; allowed: one of " + nat->lan.ToString() + " that nobody else has");
    }
    const std::string owner = OtherOwner(m_scenario, event.Network(), *event.address, client);
    if (!owner.empty())
    {
        Refuse(key,
               event.position,
               shown + "is in use at '" + owner + "'; allowed: an address of its own");
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
