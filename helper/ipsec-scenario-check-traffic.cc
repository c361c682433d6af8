// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-check.h"
#include "ipsec-scenario-units.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Checks who sends to whom, and when.
class TrafficChecker : private ScenarioChecker
{
  public:
    using ScenarioChecker::ScenarioChecker;

    void
    Run()
    {
        for (TrafficSettings& traffic : m_scenario.traffic)
        {
            CheckTraffic(traffic);
        }
    }

  private:
    void CheckTraffic(TrafficSettings& traffic) const;
    IpAddress Receiver(const TrafficSettings& traffic) const;
};

void
TrafficChecker::CheckTraffic(TrafficSettings& traffic) const
{
    const std::string prefix = "traffic." + traffic.name;
    const HostSettings* from = m_scenario.FindHost(traffic.from);
    const GatewaySettings* gateway = m_scenario.FindGateway(traffic.from);
    if (!from && !gateway)
    {
        Refuse(prefix + ".from",
               traffic.position,
               "there is no host '" + traffic.from + "'; allowed: " + NamesOf(m_scenario.hosts) +
                   ", or a gateway or client");
    }
    traffic.toAddress = Receiver(traffic);
    if (traffic.toAddress == (from ? from->address : gateway->address))
    {
        Refuse(prefix + ".to", traffic.position, "is the sender; allowed: another host");
    }
    if (traffic.rate > 0)
    {
        traffic.interval =
            Duration(static_cast<int64_t>(traffic.size * 8e9 / static_cast<double>(traffic.rate)));
    }
    const Duration end = m_scenario.simulation.stop;
    if (traffic.stop == Duration::zero())
    {
        traffic.stop = end;
    }
    if (traffic.start >= std::min(traffic.stop, end))
    {
        Refuse(prefix + ".start",
               traffic.position,
               "is not before the end of the traffic and of the run");
    }
}

IpAddress
TrafficChecker::Receiver(const TrafficSettings& traffic) const
{
    const std::string key = "traffic." + traffic.name + ".to";
    if (const HostSettings* host = m_scenario.FindHost(traffic.to))
    {
        return host->address;
    }
    if (const GatewaySettings* gateway = m_scenario.FindGateway(traffic.to))
    {
        return gateway->address;
    }
    IpAddress address;
    try
    {
        address = IpAddress::Parse(traffic.to);
    }
    catch (const std::invalid_argument&)
    {
        Refuse(key,
               traffic.position,
               "there is no host '" + Printable(traffic.to) + "'; allowed: an address, or one of " +
                   NamesOf(m_scenario.hosts));
    }
    // A raw socket of ns-3 does not survive a multicast address that there is no route for.
    if (!IsUnicast(address))
    {
        Refuse(key,
               traffic.position,
               "'" + address.ToString() +
                   "' is no address of a host; allowed: a host, or a unicast address");
    }
    return address;
}

} // namespace

void
CompleteTraffic(Scenario& scenario, const ScenarioPositions& positions)
{
    TrafficChecker(scenario, positions).Run();
}

} // namespace ipsec
} // namespace ns3
