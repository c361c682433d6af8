// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-addresses.h"
#include "ipsec-scenario-check.h"

#include "ns3/ike-config-check.h"

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

/// A LAN holds its gateway and one host at least.
constexpr uint8_t LONGEST_LAN = 30;

/// LANs of gateways, found without asking each of them.
class LanTable
{
  public:
    void
    Add(const GatewaySettings& gateway)
    {
        m_lans[gateway.lan.length].emplace(gateway.lan.address, &gateway);
    }

    /// Returns a gateway whose LAN holds all of a network, or null.
    const GatewaySettings*
    FindAround(const Prefix& network) const
    {
        for (const auto& [length, lans] : m_lans)
        {
            if (length > network.length)
            {
                break;
            }
            const Prefix wide{network.address, length};
            const auto found = lans.find({network.address.value & wide.Mask().value});
            if (found != lans.end())
            {
                return found->second;
            }
        }
        return nullptr;
    }

    /// Returns a gateway whose LAN has addresses in common with a network, or null.
    const GatewaySettings*
    FindOverlap(const Prefix& network) const
    {
        if (const GatewaySettings* around = FindAround(network))
        {
            return around;
        }
        for (const auto& [length, lans] : m_lans)
        {
            const auto inside = lans.lower_bound(network.address);
            if (length > network.length && inside != lans.end() && network.Contains(inside->first))
            {
                return inside->second;
            }
        }
        return nullptr;
    }

  private:
    /// By the length of the prefix and its address.
    std::map<uint8_t, std::map<IpAddress, const GatewaySettings*>> m_lans;
};

/// Checks personalities, gateways and hosts.
class NodeChecker : private ScenarioChecker
{
  public:
    using ScenarioChecker::ScenarioChecker;

    void Run();

  private:
    void CheckPersonalities() const;
    void CheckTap();
    void CheckGateways();
    void CheckGatewayAddress(const GatewaySettings& gateway);
    void CheckOutsideAddress(const std::string& key,
                             const ScenarioPosition& position,
                             IpAddress address,
                             const std::string& owner);
    void CheckLan(const GatewaySettings& gateway, const LanTable& earlier) const;
    void CheckHosts();
    void CheckHostAddress(const HostSettings& host);
    void AddHosts();
    IpAddress FreeAddress(const GatewaySettings& gateway, const HostSettings& host) const;
    static std::string KeyOf(const GatewaySettings& gateway, const std::string& key);

    LanTable m_lans;
    /// Who has which address in the internet, such as "gateway 'hub'".
    std::map<IpAddress, std::string> m_ownersByAddress;
    std::map<IpAddress, std::string> m_hostsByAddress;
    /// Names of gateways that have a host in their LAN.
    std::set<std::string> m_haveHosts;
};

void
NodeChecker::Run()
{
    CheckPersonalities();
    CompleteNats(m_scenario, m_positions);
    CheckTap();
    CheckGateways();
    CheckHosts();
    AddHosts();
}

void
NodeChecker::CheckPersonalities() const
{
    for (const PersonalitySettings& settings : m_scenario.personalities)
    {
        const std::string key = "personality." + settings.name;
        const std::vector<std::string> presets = Personality::PresetNames();
        if (std::find(presets.begin(), presets.end(), settings.name) != presets.end())
        {
            Refuse(key, settings.position, "is the name of a preset; allowed: any other");
        }
        try
        {
            CheckPersonality("its values", settings.personality);
        }
        catch (const std::invalid_argument& e)
        {
            Refuse(key, settings.position, e.what());
        }
    }
}

void
NodeChecker::CheckTap()
{
    InternetSettings& internet = m_scenario.internet;
    if (internet.tap.empty() != internet.tapAddress.IsAny())
    {
        Refuse(internet.tap.empty() ? "internet.tap-address" : "internet.tap",
               m_scenario.position,
               "stands alone; write both tap = NAME and tap-address = ADDRESS/LENGTH");
    }
    if (internet.tap.empty())
    {
        return;
    }
    if (!IsUnicast(internet.tapAddress))
    {
        Refuse("internet.tap-address",
               m_scenario.position,
               "'" + internet.tapAddress.ToString() +
                   "' is no address of a host; allowed: unicast");
    }
    m_scenario.simulation.realTime = true;
    const Prefix network = TapNetwork(internet);
    const uint32_t last = network.address.value | ~network.Mask().value;
    if (internet.tapAddress == network.address || internet.tapAddress.value == last)
    {
        Refuse("internet.tap-address",
               m_scenario.position,
               "'" + internet.tapAddress.ToString() + "' is no host address of " +
                   network.ToString() +
                   "; allowed: " + IpAddress{network.address.value + 1}.ToString() + " to " +
                   IpAddress{last - 1}.ToString());
    }
    for (const GatewaySettings& gateway : m_scenario.gateways)
    {
        const bool isInside = gateway.behind.empty() && network.Contains(gateway.address);
        if (isInside || (!gateway.isClient && Overlap(network, gateway.lan)))
        {
            Refuse("internet.tap-address",
                   m_scenario.position,
                   "its network " + network.ToString() + " overlaps gateway '" + gateway.name +
                       "'; allowed: a network apart from all gateways and LANs");
        }
    }
}

std::string
NodeChecker::KeyOf(const GatewaySettings& gateway, const std::string& key)
{
    return (gateway.isClient ? "client." : "gateway.") + gateway.name + "." + key;
}

void
NodeChecker::CheckGateways()
{
    for (const GatewaySettings& gateway : m_scenario.gateways)
    {
        if (!gateway.isClient)
        {
            m_lans.Add(gateway);
        }
    }
    LanTable earlier;
    for (const NatSettings& nat : m_scenario.nats)
    {
        if (nat.behind.empty())
        {
            CheckOutsideAddress("nat." + nat.name + ".address",
                                nat.position,
                                nat.address,
                                "nat '" + nat.name + "'");
        }
    }
    for (const GatewaySettings& gateway : m_scenario.gateways)
    {
        CheckGatewayAddress(gateway);
        if (!gateway.isClient)
        {
            CheckLan(gateway, earlier);
            earlier.Add(gateway);
        }
    }
}

void
NodeChecker::CheckLan(const GatewaySettings& gateway, const LanTable& earlier) const
{
    const std::string key = KeyOf(gateway, "lan");
    if (!IsUnicast(gateway.lan.address) || !IsUnicast(gateway.LastLanAddress()))
    {
        Refuse(key,
               gateway.position,
               "'" + gateway.lan.ToString() + "' is no network of hosts; allowed: unicast");
    }
    if (gateway.lan.length > LONGEST_LAN)
    {
        Refuse(key,
               gateway.position,
               "'" + gateway.lan.ToString() + "' has no room for hosts; allowed: up to /30");
    }
    if (const GatewaySettings* other = earlier.FindOverlap(gateway.lan))
    {
        Refuse(key,
               gateway.position,
               "'" + gateway.lan.ToString() + "' overlaps " + other->lan.ToString() +
                   " of gateway '" + other->name + "'; allowed: LANs apart");
    }
}

void
NodeChecker::CheckGatewayAddress(const GatewaySettings& gateway)
{
    if (gateway.dialUp->isDhcp)
    {
        return;
    }
    const std::string key = KeyOf(gateway, "address");
    if (gateway.address.IsAny() && m_positions.count(key) == 0)
    {
        Refuse(key, gateway.position, "is missing; write address = ADDRESS");
    }
    if (gateway.behind.empty())
    {
        CheckOutsideAddress(
            key, gateway.position, gateway.address, "gateway '" + gateway.name + "'");
    }
}

void
NodeChecker::CheckOutsideAddress(const std::string& key,
                                 const ScenarioPosition& position,
                                 IpAddress address,
                                 const std::string& owner)
{
    const std::string shown = "'" + address.ToString() + "' ";
    if (!IsUnicast(address))
    {
        Refuse(key, position, shown + "is no address of a host; allowed: unicast");
    }
    if (IsRouterOfInternet(address))
    {
        Refuse(key,
               position,
               shown + "is that of a router of the internet; allowed: any but 192.0.0.8 and "
                       "192.0.0.9");
    }
    if (const GatewaySettings* other = m_lans.FindAround(Prefix::Host(address)))
    {
        Refuse(key,
               position,
               shown + "lies in the LAN of gateway '" + other->name +
                   "'; allowed: an address outside all LANs");
    }
    const auto [first, isNew] = m_ownersByAddress.emplace(address, owner);
    if (!isNew)
    {
        Refuse(key,
               position,
               shown + "is also that of " + first->second + "; allowed: an address of its own");
    }
}

void
NodeChecker::CheckHosts()
{
    for (const HostSettings& host : m_scenario.hosts)
    {
        if (!host.address.IsAny() && !m_scenario.FindNat(host.behind))
        {
            m_hostsByAddress.emplace(host.address, host.name);
        }
    }
    for (HostSettings& host : m_scenario.hosts)
    {
        const std::string prefix = "host." + host.name;
        const GatewaySettings* gateway = m_scenario.FindGateway(host.behind);
        const bool isBehindNat = m_scenario.FindNat(host.behind) != nullptr;
        if (!isBehindNat && (!gateway || gateway->isClient))
        {
            Refuse(prefix + ".behind",
                   host.position,
                   "there is no gateway '" + host.behind +
                       "'; allowed: " + NamesOf(m_scenario.gateways));
        }
        if (m_scenario.FindGateway(host.name))
        {
            Refuse(prefix, host.position, "has the name of a gateway; allowed: a name of its own");
        }
        if (isBehindNat)
        {
            continue;
        }
        if (host.address.IsAny())
        {
            host.address = FreeAddress(*gateway, host);
        }
        CheckHostAddress(host);
        m_haveHosts.insert(host.behind);
    }
}

void
NodeChecker::CheckHostAddress(const HostSettings& host)
{
    const GatewaySettings& gateway = *m_scenario.FindGateway(host.behind);
    const uint32_t last = gateway.LastLanAddress().value;
    const std::string key = "host." + host.name + ".address";
    const std::string shown = "'" + host.address.ToString() + "' ";
    if (!gateway.lan.Contains(host.address) || host.address == gateway.lan.address ||
        host.address.value == last || host.address == gateway.LanAddress())
    {
        Refuse(key,
               host.position,
               shown + "is no host address of LAN " + gateway.lan.ToString() +
                   "; allowed: " + IpAddress{gateway.lan.address.value + 2}.ToString() + " to " +
                   IpAddress{last - 1}.ToString());
    }
    const auto [first, isNew] = m_hostsByAddress.emplace(host.address, host.name);
    if (!isNew && first->second != host.name)
    {
        Refuse(key,
               host.position,
               shown + "is also that of host '" + first->second + "'; allowed: one of its own");
    }
}

void
NodeChecker::AddHosts()
{
    for (const GatewaySettings& gateway : m_scenario.gateways)
    {
        // What branches send comes from themselves.
        if (gateway.isClient || !gateway.branches.empty())
        {
            continue;
        }
        const bool hasHost = m_haveHosts.count(gateway.name) > 0;
        if (!hasHost)
        {
            HostSettings host;
            host.name = "pc-" + gateway.name;
            host.position = gateway.position;
            host.behind = gateway.name;
            if (m_scenario.FindHost(host.name) || m_scenario.FindGateway(host.name))
            {
                Refuse("gateway." + gateway.name,
                       gateway.position,
                       "needs a host, but the name '" + host.name +
                           "' is taken; write a [host NAME] with behind = " + gateway.name);
            }
            host.address = FreeAddress(gateway, host);
            m_hostsByAddress.emplace(host.address, host.name);
            m_scenario.hosts.push_back(host);
        }
    }
}

IpAddress
NodeChecker::FreeAddress(const GatewaySettings& gateway, const HostSettings& host) const
{
    const uint32_t last = gateway.LastLanAddress().value;
    for (uint32_t value = gateway.lan.address.value + 2; value < last; value++)
    {
        if (m_hostsByAddress.count({value}) == 0)
        {
            return {value};
        }
    }
    Refuse("host." + host.name,
           host.position,
           "there is no free address left in " + gateway.lan.ToString());
}

} // namespace

void
CompleteNodes(Scenario& scenario, const ScenarioPositions& positions)
{
    NodeChecker(scenario, positions).Run();
}

} // namespace ipsec
} // namespace ns3
