// SPDX-License-Identifier: GPL-2.0-only
// The tunnels of VpnTopologyHelper; sites and what joins them are in vpn-topology-helper-sites.cc.
#include "vpn-topology-helper.h"

#include "ns3/data-rate.h"
#include "ns3/ipsec-conversions.h"
#include "ns3/ipsec-tunnel-failover.h"
#include "ns3/random-variable-stream.h"

#include <optional>
#include <set>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr char DEFAULT_LANS[] = "10.0.0.0/8";
/// For tests of networks (RFC 2544): nobody has these.
constexpr char DEFAULT_OUTSIDE[] = "198.18.0.0/15";
/// How the ends of a hub pair look for each other unless told: three probes, 5 s apart, after 5 s.
constexpr std::chrono::seconds PROBE_INTERVAL(5);
constexpr uint32_t PROBES = 2;
/// Stand before and behind the rules of tunnels.
constexpr int32_t BYPASS_ORDER = -1;
constexpr int32_t DISCARD_ORDER = 1;

std::pair<uint32_t, uint32_t>
Ordered(uint32_t a, uint32_t b)
{
    return a < b ? std::pair(a, b) : std::pair(b, a);
}

/// Gives a helper its settings back, whatever happens.
class KeptSettings
{
  public:
    explicit KeptSettings(IpsecHelper& helper)
        : m_helper(helper)
        , m_settings(helper)
    {
    }

    ~KeptSettings()
    {
        m_helper = m_settings;
    }

    KeptSettings(const KeptSettings&) = delete;
    KeptSettings& operator=(const KeptSettings&) = delete;

  private:
    IpsecHelper& m_helper;
    IpsecHelper m_settings;
};

} // namespace

NodeContainer
VpnTopology::Gateways() const
{
    NodeContainer nodes;
    for (const VpnSite& site : sites)
    {
        nodes.Add(site.gateway);
    }
    return nodes;
}

NodeContainer
VpnTopology::Hosts() const
{
    NodeContainer nodes;
    for (const VpnSite& site : sites)
    {
        nodes.Add(site.hosts);
    }
    return nodes;
}

NetDeviceContainer
VpnTopology::OutsideDevices() const
{
    NetDeviceContainer devices;
    for (const VpnSite& site : sites)
    {
        devices.Add(site.outside);
    }
    return devices;
}

NetDeviceContainer
VpnTopology::InsideDevices() const
{
    NetDeviceContainer devices;
    for (const VpnSite& site : sites)
    {
        devices.Add(site.inside);
    }
    return devices;
}

NetDeviceContainer
VpnTopology::TunnelDevices() const
{
    NetDeviceContainer devices;
    for (const VpnSite& site : sites)
    {
        if (const Ptr<NetDevice> device = IpsecHelper::GetDevice(site.gateway))
        {
            devices.Add(device);
        }
    }
    return devices;
}

Ipv4Address
VpnTopology::HostAddress(uint32_t site, uint32_t host) const
{
    const Ptr<Ipv4> ipv4 = sites.at(site).hosts.Get(host)->GetObject<Ipv4>();
    // Interface 0 is the loopback.
    return ipv4->GetAddress(1, 0).GetLocal();
}

VpnTopologyHelper::VpnTopologyHelper()
    : m_lans(Prefix::Parse(DEFAULT_LANS))
    , m_outside(Prefix::Parse(DEFAULT_OUTSIDE))
{
    m_cloud.SetChannelAttribute("Delay", TimeValue(MilliSeconds(10)));
    m_lan.SetChannelAttribute("Delay", TimeValue(MicroSeconds(50)));
    m_link.SetChannelAttribute("Delay", TimeValue(MilliSeconds(5)));
    // ns-3's own is the rate of a modem.
    m_link.SetDeviceAttribute("DataRate", DataRateValue(DataRate("1Gbps")));
}

IpsecHelper&
VpnTopologyHelper::GetIpsecHelper()
{
    return m_ipsec;
}

IpsecCloudHelper&
VpnTopologyHelper::GetCloudHelper()
{
    return m_cloud;
}

IpsecCloudHelper&
VpnTopologyHelper::GetLanHelper()
{
    return m_lan;
}

PointToPointHelper&
VpnTopologyHelper::GetLinkHelper()
{
    return m_link;
}

void
VpnTopologyHelper::SetUnderlay(VpnUnderlay underlay)
{
    m_underlay = underlay;
}

void
VpnTopologyHelper::SetStack(NodeStack stack)
{
    m_stack = stack;
}

void
VpnTopologyHelper::SetSpokeTraffic(SpokeTraffic traffic)
{
    m_spokeTraffic = traffic;
}

void
VpnTopologyHelper::SetHostsPerSite(uint32_t hosts)
{
    m_hosts = hosts;
}

void
VpnTopologyHelper::SetLans(const std::string& block, uint8_t length)
{
    const Prefix parsed = Prefix::Parse(block);
    if (length < parsed.length || length > 30)
    {
        throw std::invalid_argument("LANs of /" + std::to_string(length) + " in " + block +
                                    " are not from /" + std::to_string(parsed.length) + " to /30.");
    }
    m_lans = parsed;
    m_lanLength = length;
}

void
VpnTopologyHelper::SetOutside(const std::string& block)
{
    m_outside = Prefix::Parse(block);
}

void
VpnTopologyHelper::SetNames(const std::string& prefix)
{
    m_names = prefix;
}

// Shapes

VpnTopology
VpnTopologyHelper::CreateStar(uint32_t spokes)
{
    CheckSize(uint64_t{spokes} + 1, 2, 1);
    VpnTopology topology = BuildSites(spokes + 1, 1);
    ConnectSpokes(topology, 0, 1);
    Install(topology);
    return topology;
}

VpnTopology
VpnTopologyHelper::CreateHubPair(uint32_t spokes)
{
    CheckSize(uint64_t{spokes} + 2, 3, 2);
    VpnTopology topology = BuildSites(spokes + 2, 2);
    std::optional<KeptSettings> settings(m_ipsec);
    m_ipsec.SetStart(SiteStart::AtOnce);
    if (!m_ipsec.GetDpd())
    {
        DpdConfig dpd;
        dpd.mode = DpdMode::Periodic;
        dpd.delay = PROBE_INTERVAL;
        dpd.retry = PROBE_INTERVAL;
        dpd.tries = PROBES;
        m_ipsec.SetDpd(dpd);
    }
    const auto first = ConnectSpokes(topology, 0, 2);
    const auto second = ConnectSpokes(topology, 1, 2);
    Install(topology);
    settings.reset();

    for (uint32_t spoke = 2; spoke < topology.sites.size(); ++spoke)
    {
        const Ptr<Node> node = topology.sites[spoke].gateway;
        const Ptr<TunnelFailover> failover = CreateObject<TunnelFailover>();
        failover->Watch(IpsecHelper::GetDaemon(node), IpsecHelper::GetDataPlane(node));
        failover->AddGroup({first[spoke - 2].first, second[spoke - 2].first});
        node->AggregateObject(failover);
    }
    const Ptr<ReverseRoutes> routes = CreateObject<ReverseRoutes>();
    routes->SetLan(topology.sites[0].lanChannel);
    for (uint32_t hub = 0; hub < 2; ++hub)
    {
        const VpnSite& site = topology.sites[hub];
        routes->AddGateway(IpsecHelper::GetDaemon(site.gateway),
                           IpsecHelper::GetDataPlane(site.gateway),
                           site.inside);
    }
    topology.sites[0].gateway->AggregateObject(routes);
    return topology;
}

VpnTopology
VpnTopologyHelper::CreateFullMesh(uint32_t sites)
{
    // Before there are pairs, which may be more than memory holds.
    CheckSize(sites, 2, 1);
    std::vector<std::pair<uint32_t, uint32_t>> pairs;
    for (uint32_t a = 0; a < sites; ++a)
    {
        for (uint32_t b = a + 1; b < sites; ++b)
        {
            pairs.emplace_back(a, b);
        }
    }
    return CreatePartialMesh(sites, pairs);
}

VpnTopology
VpnTopologyHelper::CreatePartialMesh(uint32_t sites,
                                     const std::vector<std::pair<uint32_t, uint32_t>>& pairs)
{
    CheckSize(sites, 2, 1);
    std::set<std::pair<uint32_t, uint32_t>> known;
    for (const auto& [a, b] : pairs)
    {
        const bool isThere = a < sites && b < sites && a != b;
        if (!isThere || !known.insert(Ordered(a, b)).second)
        {
            throw std::invalid_argument(
                "The tunnel between sites " + std::to_string(a) + " and " + std::to_string(b) +
                (isThere ? " is named twice."
                         : " does not join two of the sites, which are 0 to " +
                               std::to_string(sites - 1) + "."));
        }
    }
    VpnTopology topology = BuildSites(sites, 1);
    for (const auto& [a, b] : pairs)
    {
        Connect(topology, a, topology.sites[a].lan, b, topology.sites[b].lan);
    }
    Install(topology);
    return topology;
}

VpnTopology
VpnTopologyHelper::CreateNeighbourMesh(uint32_t sites, uint32_t neighbours)
{
    CheckSize(sites, 2, 1);
    std::set<std::pair<uint32_t, uint32_t>> pairs;
    for (uint32_t site = 0; site < sites; ++site)
    {
        for (uint32_t step = 1; step <= neighbours && step < sites; ++step)
        {
            pairs.insert(Ordered(site, (site + step) % sites));
        }
    }
    return CreatePartialMesh(sites, {pairs.begin(), pairs.end()});
}

VpnTopology
VpnTopologyHelper::CreateRandomMesh(uint32_t sites, double probability, int64_t stream)
{
    if (!(probability >= 0 && probability <= 1))
    {
        throw std::invalid_argument("The probability of a tunnel is from 0 to 1.");
    }
    CheckSize(sites, 2, 1);
    const Ptr<UniformRandomVariable> random = CreateObject<UniformRandomVariable>();
    random->SetStream(stream);
    std::vector<std::pair<uint32_t, uint32_t>> pairs;
    for (uint32_t a = 0; a < sites; ++a)
    {
        for (uint32_t b = a + 1; b < sites; ++b)
        {
            if (random->GetValue(0, 1) < probability)
            {
                pairs.emplace_back(a, b);
            }
        }
    }
    return CreatePartialMesh(sites, pairs);
}

// Tunnels

std::pair<ChildId, ChildId>
VpnTopologyHelper::Connect(VpnTopology& topology,
                           uint32_t a,
                           const std::string& lanA,
                           uint32_t b,
                           const std::string& lanB)
{
    topology.tunnels.emplace_back(a, b);
    const VpnSite& siteA = topology.sites[a];
    const VpnSite& siteB = topology.sites[b];
    return m_ipsec.ConnectSites(
        siteA.gateway, siteA.address, lanA, siteB.gateway, siteB.address, lanB);
}

std::vector<std::pair<ChildId, ChildId>>
VpnTopologyHelper::ConnectSpokes(VpnTopology& topology, uint32_t hub, uint32_t firstSpoke)
{
    const bool isThroughHub = m_spokeTraffic == SpokeTraffic::ThroughHub;
    const std::string behindHub = isThroughHub ? m_lans.ToString() : topology.sites[hub].lan;
    std::vector<std::pair<ChildId, ChildId>> tunnels;
    for (uint32_t spoke = firstSpoke; spoke < topology.sites.size(); ++spoke)
    {
        // Spokes call.
        tunnels.push_back(Connect(topology, spoke, topology.sites[spoke].lan, hub, behindHub));
    }
    return tunnels;
}

void
VpnTopologyHelper::Install(VpnTopology& topology)
{
    // Sites come in the order in which they were connected; those without tunnels have no IPsec.
    m_ipsec.InstallSites();
    for (const VpnSite& site : topology.sites)
    {
        if (const Ptr<IkeDaemon> daemon = IpsecHelper::GetDaemon(site.gateway))
        {
            topology.daemons.Add(daemon);
            AddLanRules(site);
        }
    }
}

void
VpnTopologyHelper::AddLanRules(const VpnSite& site) const
{
    Policy own;
    own.selector.local = Prefix::Parse(site.lan);
    own.selector.remote = own.selector.local;
    own.action = PolicyAction::Bypass;
    own.order = BYPASS_ORDER;
    IpsecHelper::AddPolicy(site.gateway, own);
    Policy others = own;
    others.selector.remote = m_lans;
    others.action = PolicyAction::Discard;
    others.order = DISCARD_ORDER;
    IpsecHelper::AddPolicy(site.gateway, others);
}

int64_t
VpnTopologyHelper::AssignStreams(const VpnTopology& topology, int64_t stream)
{
    NodeContainer nodes(topology.Gateways(), topology.Hosts());
    nodes.Add(topology.routers);
    int64_t next = stream;
    for (auto it = nodes.Begin(); it != nodes.End(); ++it)
    {
        next += AssignStackStreams(*it, next);
    }
    next += IpsecHelper::AssignStreams(topology.Gateways(), next);
    next += IpsecCloudHelper::AssignStreams(topology.OutsideDevices(), next);
    next += IpsecCloudHelper::AssignStreams(topology.InsideDevices(), next);
    NetDeviceContainer ofHosts;
    const NodeContainer hosts = topology.Hosts();
    for (uint32_t i = 0; i < hosts.GetN(); ++i)
    {
        // Device 0 is the loopback.
        ofHosts.Add(hosts.Get(i)->GetDevice(1));
    }
    next += IpsecCloudHelper::AssignStreams(ofHosts, next);
    return next - stream;
}

} // namespace ipsec
} // namespace ns3
