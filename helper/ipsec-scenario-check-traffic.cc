// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-iperf3-protocol.h"
#include "ipsec-scenario-check.h"
#include "ipsec-scenario-units.h"

#include <algorithm>
#include <tuple>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Port of the first traffic's receiver; the others follow.
constexpr uint16_t FIRST_STREAM_PORT = 5001;

/// Checks who sends to whom, and when.
class TrafficChecker : private ScenarioChecker
{
  public:
    using ScenarioChecker::ScenarioChecker;

    void
    Run()
    {
        uint16_t port = FIRST_STREAM_PORT;
        for (TrafficSettings& traffic : m_scenario.traffic)
        {
            CheckTraffic(traffic);
            CheckPort(traffic, port++);
        }
        for (BranchesSettings& branches : m_scenario.branches)
        {
            CheckBranches(branches);
        }
    }

  private:
    void CheckTraffic(TrafficSettings& traffic) const;
    void CheckPort(TrafficSettings& traffic, uint16_t usual);
    IpAddress Sender(const TrafficSettings& traffic) const;
    IpAddress SenderOutside(const TrafficSettings& traffic) const;
    void CheckBranches(BranchesSettings& branches) const;
    IpAddress Receiver(const TrafficSettings& traffic) const;

    /// Which traffic has a port of a receiver: UDP or not, address, port.
    std::map<std::tuple<bool, uint32_t, uint16_t>, std::string> m_ports;
};

void
TrafficChecker::CheckTraffic(TrafficSettings& traffic) const
{
    const std::string prefix = "traffic." + traffic.name;
    const IpAddress sender =
        traffic.kind == TrafficKind::Iperf3 ? SenderOutside(traffic) : Sender(traffic);
    traffic.toAddress = Receiver(traffic);
    if (traffic.toAddress == sender)
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

/// Completes the port, which ping has no use for and others must not share.
void
TrafficChecker::CheckPort(TrafficSettings& traffic, uint16_t usual)
{
    const std::string key = "traffic." + traffic.name + ".port";
    if (traffic.kind == TrafficKind::Ping)
    {
        if (traffic.port != 0)
        {
            Refuse(key, traffic.position, "is there, but ping has none; allowed: udp, tcp, iperf3");
        }
        return;
    }
    if (traffic.port == 0)
    {
        traffic.port = traffic.kind == TrafficKind::Iperf3 ? IPERF3_PORT : usual;
    }
    const bool isUdp = traffic.kind == TrafficKind::Udp;
    const auto [first, isNew] =
        m_ports.emplace(std::tuple(isUdp, traffic.toAddress.value, traffic.port), traffic.name);
    if (!isNew)
    {
        Refuse(key,
               traffic.position,
               std::to_string(traffic.port) + " is also that of traffic '" + first->second +
                   "' there; allowed: one of its own");
    }
}

IpAddress
TrafficChecker::Sender(const TrafficSettings& traffic) const
{
    const HostSettings* host = m_scenario.FindHost(traffic.from);
    const GatewaySettings* gateway = m_scenario.FindGateway(traffic.from);
    if (!host && !gateway)
    {
        Refuse("traffic." + traffic.name + ".from",
               traffic.position,
               "there is no host '" + traffic.from + "'; allowed: " + NamesOf(m_scenario.hosts) +
                   ", or a gateway or client");
    }
    return host ? host->address : gateway->address;
}

/// A real client comes by the TAP device, decides itself how much it sends, and is answered by a
/// node of the simulation.
IpAddress
TrafficChecker::SenderOutside(const TrafficSettings& traffic) const
{
    const std::string prefix = "traffic." + traffic.name + ".";
    if (traffic.from.find('.') == std::string::npos)
    {
        Refuse(prefix + "from",
               traffic.position,
               "'" + traffic.from +
                   "' is no address; allowed with iperf3: that of the client outside");
    }
    if (m_scenario.internet.tap.empty())
    {
        Refuse(prefix + "kind",
               traffic.position,
               "is iperf3, but no client is outside without a TAP device; write tap and "
               "tap-address in [internet]");
    }
    if (!m_scenario.FindHost(traffic.to) && !m_scenario.FindGateway(traffic.to))
    {
        Refuse(prefix + "to",
               traffic.position,
               "'" + Printable(traffic.to) + "' cannot answer iperf3; allowed: " +
                   NamesOf(m_scenario.hosts) + ", or a gateway or client");
    }
    for (const char* key : {"interval", "rate", "count"})
    {
        if (m_positions.count(prefix + key) > 0)
        {
            Refuse(prefix + key,
                   traffic.position,
                   "is there, but the client of iperf3 decides that; allowed: from, to, port, "
                   "size, start, stop");
        }
    }
    return IpAddress::Parse(traffic.from);
}

void
TrafficChecker::CheckBranches(BranchesSettings& branches) const
{
    const std::string prefix = "branches." + branches.name;
    const Duration end = m_scenario.simulation.stop;
    BranchTrafficSettings& traffic = branches.traffic;
    if (traffic.kind == BranchTrafficKind::None)
    {
        return;
    }
    if (traffic.stop == Duration::zero())
    {
        traffic.stop = end;
    }
    if (traffic.start >= std::min(traffic.stop, end))
    {
        Refuse(prefix + ".traffic-start",
               branches.position,
               "is not before the end of the traffic and of the run");
    }
    for (const TrafficSettings& other : m_scenario.traffic)
    {
        if (other.name == branches.name)
        {
            Refuse(prefix + ".traffic",
                   branches.position,
                   "goes by the name of [traffic " + other.name + "]; allowed: another name");
        }
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
        if (gateway->dialUp->isDhcp)
        {
            Refuse(key,
                   traffic.position,
                   "'" + traffic.to +
                       "' has no address for good; allowed: the one that it is assigned, or a "
                       "host");
        }
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
