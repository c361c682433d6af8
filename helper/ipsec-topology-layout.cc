// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-topology-layout.h"

#include <algorithm>
#include <cmath>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr double PI = 3.14159265358979323846;
/// Between neighbours on a circle, and between a gateway and a host behind it.
constexpr double SPACING = 12;
constexpr double LEAST_RADIUS = 40;
/// A gateway with at least so many tunnels, and half as many as any other has, is a hub.
constexpr size_t HUB_TUNNELS = 3;

/// Places in the plane by name, which are added one by one.
using Places = std::map<std::string, PlanePosition>;

PlanePosition
AtAngle(double radius, double angle)
{
    return {radius * std::cos(angle), radius * std::sin(angle)};
}

/// Returns the gateways whose tunnels make a star, in the order of the scenario.
std::vector<std::string>
HubsOf(const Scenario& scenario)
{
    std::map<std::string, size_t> tunnels;
    size_t most = 0;
    for (const GatewaySettings& gateway : scenario.gateways)
    {
        tunnels[gateway.name] = scenario.TunnelsAt(gateway.name).size();
        most = std::max(most, tunnels[gateway.name]);
    }
    std::vector<std::string> hubs;
    for (const GatewaySettings& gateway : scenario.gateways)
    {
        const size_t count = tunnels[gateway.name];
        if (count >= HUB_TUNNELS && 2 * count >= most)
        {
            hubs.push_back(gateway.name);
        }
    }
    // In a mesh everybody is one: then nobody is.
    return hubs.size() * 2 > scenario.gateways.size() ? std::vector<std::string>{} : hubs;
}

/// Somebody on the outer circle: a gateway, a client, or a host that is behind a NAT.
struct Leaf
{
    std::string name;
    /// The innermost first.
    std::vector<std::string> nats;
};

std::vector<std::string>
NatNames(const Scenario& scenario, const std::string& network)
{
    std::vector<std::string> names;
    for (const NatSettings* nat : NatsAbove(scenario, network))
    {
        names.push_back(nat->name);
    }
    return names;
}

/// Returns who is on the outer circle; those behind one NAT are neighbours.
std::vector<Leaf>
LeavesOf(const Scenario& scenario, const std::vector<std::string>& hubs)
{
    std::vector<Leaf> leaves;
    for (const GatewaySettings& gateway : scenario.gateways)
    {
        if (std::find(hubs.begin(), hubs.end(), gateway.name) == hubs.end())
        {
            leaves.push_back({gateway.name, NatNames(scenario, gateway.behind)});
        }
    }
    for (const HostSettings& host : scenario.hosts)
    {
        if (scenario.FindNat(host.behind))
        {
            leaves.push_back({host.name, NatNames(scenario, host.behind)});
        }
    }
    const auto isBefore = [](const Leaf& a, const Leaf& b)
    {
        // Whoever is behind no NAT keeps his place; the outermost NAT counts first.
        return std::lexicographical_compare(
            a.nats.rbegin(), a.nats.rend(), b.nats.rbegin(), b.nats.rend());
    };
    std::stable_sort(leaves.begin(), leaves.end(), isBefore);
    return leaves;
}

/// Places those on the outer circle, and each NAT between the middle and those behind it.
void
PlaceLeaves(Places& places, const std::vector<Leaf>& leaves, double radius)
{
    // Directions to a NAT added up, and how many layers are outside it.
    std::map<std::string, PlanePosition> directions;
    std::map<std::string, std::pair<size_t, size_t>> layers;
    for (size_t i = 0; i < leaves.size(); i++)
    {
        // The first one is at the left, as in a ladder.
        const double angle = PI + 2 * PI * static_cast<double>(i) / leaves.size();
        places[leaves[i].name] = AtAngle(radius, angle);
        const PlanePosition direction = AtAngle(1, angle);
        for (size_t k = 0; k < leaves[i].nats.size(); k++)
        {
            PlanePosition& sum = directions[leaves[i].nats[k]];
            sum.x += direction.x;
            sum.y += direction.y;
            layers[leaves[i].nats[k]] = {leaves[i].nats.size() - k, leaves[i].nats.size() + 1};
        }
    }
    for (const auto& [nat, direction] : directions)
    {
        const auto [layer, count] = layers[nat];
        const double part = 0.35 + 0.65 * static_cast<double>(layer) / count;
        places[nat] = AtAngle(part * radius, std::atan2(direction.y, direction.x));
    }
}

/// Places hosts behind their gateways: outwards, or around a hub.
void
PlaceHosts(Places& places, const Scenario& scenario)
{
    std::map<std::string, size_t> behind;
    for (const HostSettings& host : scenario.hosts)
    {
        const auto gateway = places.find(host.behind);
        if (places.count(host.name) > 0 || gateway == places.end())
        {
            continue;
        }
        const PlanePosition at = gateway->second;
        const double outwards = at.x == 0 && at.y == 0 ? PI / 2 : std::atan2(at.y, at.x);
        const size_t number = behind[host.behind]++;
        // 0, 1, -1, 2, -2 steps of a sixth of a half turn.
        const double side = (number % 2 == 0 ? -1.0 : 1.0) * static_cast<double>((number + 1) / 2);
        const PlanePosition step = AtAngle(SPACING, outwards + side * PI / 6);
        places[host.name] = {at.x + step.x, at.y + step.y};
    }
}

} // namespace

Places
LayOut(const Scenario& scenario)
{
    Places places;
    const std::vector<std::string> hubs = HubsOf(scenario);
    const double hubRadius = hubs.size() < 2 ? 0 : hubs.size() * SPACING / PI;
    for (size_t i = 0; i < hubs.size(); i++)
    {
        places[hubs[i]] = AtAngle(hubRadius, PI + 2 * PI * static_cast<double>(i) / hubs.size());
    }
    const std::vector<Leaf> leaves = LeavesOf(scenario, hubs);
    const double radius =
        std::max({LEAST_RADIUS, leaves.size() * SPACING / (2 * PI), hubRadius + 2 * SPACING});
    PlaceLeaves(places, leaves, radius);
    // NATs that nobody is behind (yet) are still there.
    size_t spare = 0;
    for (const NatSettings& nat : scenario.nats)
    {
        if (places.count(nat.name) == 0)
        {
            places[nat.name] = {3 * SPACING * static_cast<double>(spare++), radius + 2 * SPACING};
        }
    }
    PlaceHosts(places, scenario);
    PlanePosition least;
    for (const auto& [name, place] : places)
    {
        least = {std::min(least.x, place.x), std::min(least.y, place.y)};
    }
    for (auto& [name, place] : places)
    {
        place = {place.x - least.x, place.y - least.y};
    }
    return places;
}

} // namespace ipsec
} // namespace ns3
