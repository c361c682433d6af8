// SPDX-License-Identifier: GPL-2.0-only
// What must hold of [nat NAME], and of whatever is behind one.
#include "ipsec-scenario-check.h"

#include <algorithm>
#include <map>
#include <set>

namespace ns3
{
namespace ipsec
{

namespace
{

/// A LAN holds its NAT and one host at least.
constexpr uint8_t LONGEST_LAN = 30;

/// Somebody with an address in the LAN of a NAT.
struct Place
{
    /// Of its section, such as "client.alice".
    std::string key;
    std::string name;
    ScenarioPosition position;
    const NatSettings* nat = nullptr;
    IpAddress* address = nullptr;
};

/// Checks NATs, and gives those behind them their addresses.
class NatChecker : private ScenarioChecker
{
  public:
    using ScenarioChecker::ScenarioChecker;

    void
    Run()
    {
        for (const NatSettings& nat : m_scenario.nats)
        {
            CheckName(nat);
            CheckLoop(nat);
        }
        for (const NatSettings& nat : m_scenario.nats)
        {
            CheckLan(nat);
        }
        CompleteDhcp(m_scenario, m_positions);
        CheckBehind();
        PlaceAll();
        for (const NatSettings& nat : m_scenario.nats)
        {
            CheckForwards(nat);
        }
    }

  private:
    void CheckName(const NatSettings& nat) const;
    void CheckLoop(const NatSettings& nat) const;
    void CheckLan(const NatSettings& nat) const;
    void CheckBehind();
    void PlainLink(LinkSettings& link, const std::string& prefix) const;
    std::vector<Place> Places();
    void PlaceAll();
    void CheckPlace(const Place& place);
    void FindPlace(const Place& place);
    void CheckForwards(const NatSettings& nat) const;
    /// Tells whether somebody of that name is in the LAN of a NAT.
    bool IsIn(const NatSettings& nat, const std::string& name) const;

    const NatSettings&
    FindBehind(const std::string& key,
               const ScenarioPosition& position,
               const std::string& nat) const
    {
        const NatSettings* found = m_scenario.FindNat(nat);
        if (!found)
        {
            Refuse(key + ".behind",
                   position,
                   "there is no nat '" + nat + "'; allowed: " + NamesOf(m_scenario.nats));
        }
        return *found;
    }

    /// Who has which address in the LAN of which NAT.
    std::map<std::string, std::map<IpAddress, std::string>> m_taken;
    /// Where the search for a free one goes on.
    std::map<std::string, uint32_t> m_next;
};

void
NatChecker::CheckName(const NatSettings& nat) const
{
    if (m_scenario.FindGateway(nat.name) || m_scenario.FindHost(nat.name))
    {
        Refuse("nat." + nat.name,
               nat.position,
               "has the name of a gateway, client or host; allowed: a name of its own");
    }
}

void
NatChecker::CheckLoop(const NatSettings& nat) const
{
    const std::string key = "nat." + nat.name;
    const NatSettings* above = &nat;
    for (size_t i = 0; !above->behind.empty(); i++)
    {
        above = &FindBehind(key, nat.position, above->behind);
        if (i == m_scenario.nats.size())
        {
            Refuse(key + ".behind",
                   nat.position,
                   "leads back to itself; allowed: NATs of which the last is in the internet");
        }
    }
}

void
NatChecker::CheckLan(const NatSettings& nat) const
{
    const std::string key = "nat." + nat.name + ".lan";
    const std::string shown = "'" + nat.lan.ToString() + "' ";
    if (!IsUnicast(nat.lan.address) || !IsUnicast(nat.LastLanAddress()))
    {
        Refuse(key, nat.position, shown + "is no network of hosts; allowed: unicast");
    }
    if (nat.lan.length > LONGEST_LAN)
    {
        Refuse(key, nat.position, shown + "has no room for hosts; allowed: up to /30");
    }
    if (nat.lan.Contains(nat.address))
    {
        Refuse(key,
               nat.position,
               shown + "holds its address " + nat.address.ToString() +
                   ", which is outside; allowed: a network apart from it");
    }
    const NatSettings* above = m_scenario.FindNat(nat.behind);
    if (above && Overlap(nat.lan, above->lan))
    {
        Refuse(key,
               nat.position,
               shown + "overlaps " + above->lan.ToString() + " of nat '" + above->name +
                   "', which it is behind; allowed: networks apart");
    }
}

/// A link into a LAN does not lose what the internet loses, unless it says so itself.
void
NatChecker::PlainLink(LinkSettings& link, const std::string& prefix) const
{
    const LinkSettings plain;
    const auto reset = [&](const char* key, auto& value, auto none)
    {
        if (m_positions.count(prefix + "." + key) == 0)
        {
            value = none;
        }
    };
    reset("jitter", link.jitter, plain.jitter);
    reset("loss", link.loss, plain.loss);
    reset("reorder", link.reorder, plain.reorder);
    reset("duplicate", link.duplicate, plain.duplicate);
    reset("corrupt", link.corrupt, plain.corrupt);
    reset("rate", link.rate, plain.rate);
}

void
NatChecker::CheckBehind()
{
    for (GatewaySettings& gateway : m_scenario.gateways)
    {
        if (gateway.behind.empty())
        {
            continue;
        }
        const std::string key = (gateway.isClient ? "client." : "gateway.") + gateway.name;
        const NatSettings& nat = FindBehind(key, gateway.position, gateway.behind);
        PlainLink(gateway.link, key);
        if (!gateway.isClient && Overlap(gateway.lan, nat.lan))
        {
            Refuse(key + ".lan",
                   gateway.position,
                   "'" + gateway.lan.ToString() + "' overlaps " + nat.lan.ToString() + " of nat '" +
                       nat.name + "', which it is behind; allowed: networks apart");
        }
    }
    for (NatSettings& nat : m_scenario.nats)
    {
        if (!nat.behind.empty())
        {
            PlainLink(nat.link, "nat." + nat.name);
        }
    }
}

std::vector<Place>
NatChecker::Places()
{
    std::vector<Place> places;
    const auto add = [&](const char* kind, auto& who, bool isDhcp = false)
    {
        if (isDhcp)
        {
            return;
        }
        if (const NatSettings* nat = m_scenario.FindNat(who.behind))
        {
            places.push_back(
                {std::string(kind) + who.name, who.name, who.position, nat, &who.address});
        }
    };
    for (NatSettings& nat : m_scenario.nats)
    {
        add("nat.", nat);
    }
    for (GatewaySettings& gateway : m_scenario.gateways)
    {
        add(gateway.isClient ? "client." : "gateway.", gateway, gateway.dialUp->isDhcp);
    }
    for (HostSettings& host : m_scenario.hosts)
    {
        add("host.", host);
    }
    return places;
}

void
NatChecker::PlaceAll()
{
    const std::vector<Place> places = Places();
    for (const Place& place : places)
    {
        if (!place.address->IsAny())
        {
            CheckPlace(place);
        }
    }
    for (const Place& place : places)
    {
        if (place.address->IsAny())
        {
            FindPlace(place);
        }
    }
    for (GatewaySettings& gateway : m_scenario.gateways)
    {
        if (gateway.isClient && !gateway.behind.empty())
        {
            gateway.lan = Prefix::Host(gateway.address);
        }
    }
}

void
NatChecker::CheckPlace(const Place& place)
{
    const NatSettings& nat = *place.nat;
    const IpAddress address = *place.address;
    const uint32_t last = nat.LastLanAddress().value;
    const std::string shown = "'" + address.ToString() + "' ";
    if (!nat.lan.Contains(address) || address == nat.lan.address || address.value == last ||
        address == nat.LanAddress())
    {
        Refuse(place.key + ".address",
               place.position,
               shown + "is no host address of " + nat.lan.ToString() + " of nat '" + nat.name +
                   "'; allowed: " + IpAddress{nat.lan.address.value + 2}.ToString() + " to " +
                   IpAddress{last - 1}.ToString());
    }
    if (nat.dhcp && nat.dhcp->Contains(address))
    {
        Refuse(place.key + ".address",
               place.position,
               shown + "is one that nat '" + nat.name + "' gives to others (dhcp " +
                   nat.dhcp->first.ToString() + " - " + nat.dhcp->last.ToString() +
                   "); allowed: another one of " + nat.lan.ToString());
    }
    const auto [first, isNew] = m_taken[nat.name].emplace(address, place.name);
    if (!isNew)
    {
        Refuse(place.key + ".address",
               place.position,
               shown + "is also that of '" + first->second + "' behind nat '" + nat.name +
                   "'; allowed: one of its own");
    }
}

void
NatChecker::FindPlace(const Place& place)
{
    const uint32_t last = place.nat->LastLanAddress().value;
    std::map<IpAddress, std::string>& taken = m_taken[place.nat->name];
    // Those before were not free for others either.
    uint32_t& next = m_next[place.nat->name];
    for (next = std::max(next, place.nat->lan.address.value + 2); next < last; next++)
    {
        const bool isGiven = place.nat->dhcp && place.nat->dhcp->Contains({next});
        if (!isGiven && taken.emplace(IpAddress{next}, place.name).second)
        {
            *place.address = {next};
            return;
        }
    }
    Refuse(place.key,
           place.position,
           "there is no free address left in " + place.nat->lan.ToString() + " of nat '" +
               place.nat->name + "'");
}

bool
NatChecker::IsIn(const NatSettings& nat, const std::string& name) const
{
    const GatewaySettings* gateway = m_scenario.FindGateway(name);
    const HostSettings* host = m_scenario.FindHost(name);
    const NatSettings* inner = m_scenario.FindNat(name);
    return (gateway && gateway->behind == nat.name) || (host && host->behind == nat.name) ||
           (inner && inner->behind == nat.name);
}

void
NatChecker::CheckForwards(const NatSettings& nat) const
{
    const std::string key = "nat." + nat.name + ".forward";
    std::set<std::pair<NatProtocol, uint16_t>> ports;
    for (const NatForwardSettings& forward : nat.forwards)
    {
        const std::string shown =
            std::string(NatProtocolName(forward.protocol)) + ":" + std::to_string(forward.port);
        if (!IsIn(nat, forward.to))
        {
            Refuse(key,
                   nat.position,
                   "leads " + shown + " to '" + forward.to + "', which is not in its network " +
                       nat.lan.ToString() + "; allowed: who says behind = " + nat.name);
        }
        if (!ports.emplace(forward.protocol, forward.port).second)
        {
            Refuse(key, nat.position, "leads " + shown + " twice; allowed: each port once");
        }
    }
}

} // namespace

void
CompleteNats(Scenario& scenario, const ScenarioPositions& positions)
{
    NatChecker(scenario, positions).Run();
}

} // namespace ipsec
} // namespace ns3
