// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-addresses.h"

namespace ns3
{
namespace ipsec
{

namespace
{

/// Somebody's name, or nothing.
using Owner = std::string;

/// A place in a network.
struct Place
{
    const Scenario& scenario;
    const std::string& network;
    const EventSettings& event;
    IpAddress address;
    const std::string& self;

    template <typename Node>
    bool
    IsOf(const Node& node) const
    {
        return node.name != self && node.behind == network && node.address == address;
    }
};

Owner
NodeAt(const Place& place)
{
    for (const GatewaySettings& gateway : place.scenario.gateways)
    {
        const bool isInLan = !gateway.isClient && gateway.lan.Contains(place.address);
        if (place.IsOf(gateway) ||
            (isInLan && (place.network.empty() || gateway.behind == place.network)))
        {
            return gateway.name;
        }
    }
    for (const HostSettings& host : place.scenario.hosts)
    {
        if (place.IsOf(host))
        {
            return host.name;
        }
    }
    for (const NatSettings& nat : place.scenario.nats)
    {
        const bool isItsLan = nat.name == place.network && nat.LanAddress() == place.address;
        if (place.IsOf(nat) || isItsLan)
        {
            return nat.name;
        }
    }
    return {};
}

/// Returns the network in which an event gives somebody an address.
std::string
NetworkOf(const Scenario& scenario, const EventSettings& event)
{
    if (event.kind == EventKind::Roam)
    {
        return event.Network();
    }
    if (event.kind == EventKind::NatAddress)
    {
        const NatSettings* nat = scenario.FindNat(event.target);
        return nat ? nat->behind : "";
    }
    const GatewaySettings* gateway = scenario.FindGateway(event.target);
    return gateway ? gateway->behind : "";
}

/// Returns whom an event gives an address; a group that it may hit stands for the one client in it.
std::string
NameOf(const Scenario& scenario, const EventSettings& event)
{
    for (const GatewaySettings& client : scenario.gateways)
    {
        const bool isHit = event.MayHit(client.name, client.branches);
        if (event.kind == EventKind::Roam && client.dialUp->isDialUp && isHit)
        {
            return client.name;
        }
    }
    return event.target;
}

/// Tells whether what two events do is there at the same time; repetitions are taken as one.
bool
Meet(const EventSettings& a, const EventSettings& b)
{
    const auto isOver = [](const EventSettings& first, const EventSettings& second)
    { return first.lasting && first.Latest() + *first.lasting <= second.at; };
    return !isOver(a, b) && !isOver(b, a);
}

Owner
NewcomerAt(const Place& place)
{
    for (const EventSettings& event : place.scenario.events)
    {
        const bool isHere =
            event.address == place.address && NetworkOf(place.scenario, event) == place.network;
        if (isHere && Meet(event, place.event))
        {
            const std::string name = NameOf(place.scenario, event);
            if (name != place.self)
            {
                return name;
            }
        }
    }
    return {};
}

/// Returns who gives an address to those who ask in the network of a NAT.
Owner
ServerOf(const Place& place)
{
    const NatSettings* nat = place.scenario.FindNat(place.network);
    return nat && nat->dhcp && nat->dhcp->Contains(place.address) ? "nat." + nat->name + ".dhcp"
                                                                  : "";
}

/// Returns who of the internet alone has an address.
Owner
InternetAt(const Place& place)
{
    if (!place.network.empty())
    {
        return {};
    }
    const InternetSettings& internet = place.scenario.internet;
    if (IsRouterOfInternet(place.address))
    {
        return "internet";
    }
    if (!internet.tap.empty() && TapNetwork(internet).Contains(place.address))
    {
        return "internet.tap-address";
    }
    return internet.access && internet.access->Contains(place.address) ? "internet.dhcp" : "";
}

} // namespace

Prefix
TapNetwork(const InternetSettings& internet)
{
    Prefix network{internet.tapAddress, internet.tapLength};
    network.address.value &= network.Mask().value;
    return network;
}

std::string
OtherOwner(const Scenario& scenario,
           const std::string& network,
           const EventSettings& event,
           const std::string& self)
{
    const Place place{scenario, network, event, *event.address, self};
    for (const auto find : {NodeAt, NewcomerAt, ServerOf, InternetAt})
    {
        const Owner owner = find(place);
        if (!owner.empty())
        {
            return owner;
        }
    }
    return {};
}

} // namespace ipsec
} // namespace ns3
