// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-check.h"

#include <algorithm>
#include <set>

namespace ns3
{
namespace ipsec
{

namespace
{

/// A LAN holds its gateway and one host at least.
constexpr uint8_t LONGEST_LAN = 30;

/// Checks gateways and hosts.
class NodeChecker : private ScenarioChecker
{
  public:
    using ScenarioChecker::ScenarioChecker;

    void Run();

  private:
    void CheckTap();
    void CheckGateways() const;
    void CheckGatewayAddress(const GatewaySettings& gateway) const;
    void CheckHosts();
    void CheckHostAddress(const HostSettings& host) const;
    void AddHosts();
    IpAddress FreeAddress(const GatewaySettings& gateway, const HostSettings& host) const;
};

void
NodeChecker::Run()
{
    CheckTap();
    CheckGateways();
    CheckHosts();
    AddHosts();
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
    Prefix network{internet.tapAddress, internet.tapLength};
    network.address.value &= network.Mask().value;
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
        if (network.Contains(gateway.address) || Overlap(network, gateway.lan))
        {
            Refuse("internet.tap-address",
                   m_scenario.position,
                   "its network " + network.ToString() + " overlaps gateway '" + gateway.name +
                       "'; allowed: a network apart from all gateways and LANs");
        }
    }
}

void
NodeChecker::CheckGateways() const
{
    for (const GatewaySettings& gateway : m_scenario.gateways)
    {
        CheckGatewayAddress(gateway);
        if (gateway.isClient)
        {
            continue;
        }
        const std::string key = "gateway." + gateway.name + ".lan";
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
        for (const GatewaySettings& other : m_scenario.gateways)
        {
            if (&other == &gateway)
            {
                break;
            }
            if (!other.isClient && Overlap(gateway.lan, other.lan))
            {
                Refuse(key,
                       gateway.position,
                       "'" + gateway.lan.ToString() + "' overlaps " + other.lan.ToString() +
                           " of gateway '" + other.name + "'; allowed: LANs apart");
            }
        }
    }
}

void
NodeChecker::CheckGatewayAddress(const GatewaySettings& gateway) const
{
    const std::string key = (gateway.isClient ? "client." : "gateway.") + gateway.name + ".address";
    if (!IsUnicast(gateway.address))
    {
        Refuse(key,
               gateway.position,
               "'" + gateway.address.ToString() + "' is no address of a host; allowed: unicast");
    }
    for (const GatewaySettings& other : m_scenario.gateways)
    {
        if (!other.isClient && other.lan.Contains(gateway.address))
        {
            Refuse(key,
                   gateway.position,
                   "'" + gateway.address.ToString() + "' lies in the LAN of gateway '" +
                       other.name + "'; allowed: an address outside all LANs");
        }
        if (&other != &gateway && other.address == gateway.address)
        {
            Refuse(key,
                   gateway.position,
                   "'" + gateway.address.ToString() + "' is also that of gateway '" + other.name +
                       "'; allowed: an address of its own");
        }
    }
}

void
NodeChecker::CheckHosts()
{
    for (HostSettings& host : m_scenario.hosts)
    {
        const std::string prefix = "host." + host.name;
        const GatewaySettings* gateway = m_scenario.FindGateway(host.behind);
        if (!gateway || gateway->isClient)
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
        if (host.address.IsAny())
        {
            host.address = FreeAddress(*gateway, host);
        }
        CheckHostAddress(host);
    }
}

void
NodeChecker::CheckHostAddress(const HostSettings& host) const
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
    for (const HostSettings& other : m_scenario.hosts)
    {
        if (&other != &host && other.address == host.address)
        {
            Refuse(key,
                   host.position,
                   shown + "is also that of host '" + other.name + "'; allowed: one of its own");
        }
    }
}

void
NodeChecker::AddHosts()
{
    for (const GatewaySettings& gateway : m_scenario.gateways)
    {
        if (gateway.isClient)
        {
            continue;
        }
        const bool hasHost =
            std::any_of(m_scenario.hosts.begin(),
                        m_scenario.hosts.end(),
                        [&](const HostSettings& host) { return host.behind == gateway.name; });
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
            m_scenario.hosts.push_back(host);
        }
    }
}

IpAddress
NodeChecker::FreeAddress(const GatewaySettings& gateway, const HostSettings& host) const
{
    std::set<IpAddress> taken;
    for (const HostSettings& other : m_scenario.hosts)
    {
        taken.insert(other.address);
    }
    const uint32_t last = gateway.LastLanAddress().value;
    for (uint32_t value = gateway.lan.address.value + 2; value < last; value++)
    {
        if (taken.count({value}) == 0)
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
