// SPDX-License-Identifier: GPL-2.0-only
// The sites of VpnTopologyHelper and what joins them; tunnels are in vpn-topology-helper.cc.
#include "vpn-topology-helper.h"

#include "ns3/ipsec-conversions.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/names.h"

#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

/// What routers without an IPv4 address of their own have (RFC 7600 section 4).
constexpr char ROUTER_ADDRESS[] = "192.0.0.8";
/// Least ports of a provider's router towards gateways; a tree is not worth it for fewer.
constexpr uint32_t LEAST_PORTS = 16;
/// Addresses of a network that no node has: its own and that for all.
constexpr uint64_t UNUSABLE = 2;

uint64_t
SizeOf(const Prefix& block)
{
    return uint64_t{1} << (32 - block.length);
}

IpAddress
AddressIn(const Prefix& block, uint32_t number)
{
    return IpAddress{block.address.value + number};
}

/// Adds an interface with an address of 32 bits; returns its number.
uint32_t
AddUnnumbered(Ptr<Node> node, Ptr<NetDevice> device, Ipv4Address address)
{
    const Ptr<Ipv4> ipv4 = node->GetObject<Ipv4>();
    const uint32_t interface = ipv4->AddInterface(device);
    ipv4->AddAddress(interface, Ipv4InterfaceAddress(address, Ipv4Mask::GetOnes()));
    ipv4->SetUp(interface);
    return interface;
}

Ptr<Ipv4StaticRouting>
RoutesOf(Ptr<Node> node)
{
    return Ipv4StaticRoutingHelper().GetStaticRouting(node->GetObject<Ipv4>());
}

void
AddDefaultRoute(Ptr<Node> node, uint32_t interface)
{
    RoutesOf(node)->AddNetworkRouteTo(Ipv4Address::GetAny(), Ipv4Mask::GetZero(), interface);
}

/// Returns how many gateways share a router: a power of two, as many as there are routers.
uint32_t
PortsFor(size_t sites)
{
    uint32_t ports = LEAST_PORTS;
    while (uint64_t{ports} * ports < sites)
    {
        ports *= 2;
    }
    return ports;
}

uint8_t
PrefixLengthOf(uint32_t addresses)
{
    uint8_t length = 32;
    for (uint32_t size = 1; size < addresses; size *= 2)
    {
        --length;
    }
    return length;
}

} // namespace

void
VpnTopologyHelper::CheckSize(uint64_t sites, uint64_t least, uint64_t hubs) const
{
    if (sites < least)
    {
        throw std::invalid_argument("A VPN of " + std::to_string(sites) + " sites is too small; " +
                                    std::to_string(least) + " is the least here.");
    }
    const uint64_t lans = uint64_t{1} << (m_lanLength - m_lans.length);
    if (sites - (hubs - 1) > lans)
    {
        throw std::invalid_argument("There are " + std::to_string(lans) + " LANs of /" +
                                    std::to_string(m_lanLength) + " in " + m_lans.ToString() +
                                    ", too few for " + std::to_string(sites) + " sites.");
    }
    const Prefix lan{{}, m_lanLength};
    if (m_hosts + hubs + UNUSABLE > SizeOf(lan))
    {
        throw std::invalid_argument("A LAN of /" + std::to_string(m_lanLength) +
                                    " has no room for " + std::to_string(m_hosts) + " hosts.");
    }
    if (sites + UNUSABLE > SizeOf(m_outside))
    {
        throw std::invalid_argument("There are too few outside addresses in " +
                                    m_outside.ToString() + " for " + std::to_string(sites) +
                                    " sites.");
    }
    if (m_outside.Contains(m_lans) || m_lans.Contains(m_outside))
    {
        throw std::invalid_argument("LANs in " + m_lans.ToString() + " and outside addresses in " +
                                    m_outside.ToString() + " are not apart.");
    }
}

VpnTopology
VpnTopologyHelper::BuildSites(uint32_t sites, uint32_t hubs)
{
    VpnTopology topology;
    for (uint32_t site = 0; site < sites; ++site)
    {
        const bool isAtHub = site < hubs;
        const VpnSite* shared = isAtHub && site > 0 ? topology.sites.data() : nullptr;
        const uint32_t lan = isAtHub ? 0 : site - (hubs - 1);
        topology.sites.push_back(BuildSite(site, lan, isAtHub ? site : 0, shared));
        if (!shared)
        {
            BuildHosts(topology.sites.back(), site, isAtHub ? hubs : 1);
        }
    }
    if (m_underlay == VpnUnderlay::Cloud)
    {
        JoinByCloud(topology);
    }
    else
    {
        JoinByLinks(topology);
    }
    return topology;
}

VpnSite
VpnTopologyHelper::BuildSite(uint32_t site, uint32_t lan, uint32_t position, const VpnSite* shared)
{
    VpnSite built;
    built.gateway = MakeNode(std::to_string(site), m_stack);
    built.address = AddressIn(m_outside, site + 1).ToString();
    const uint32_t step = static_cast<uint32_t>(SizeOf(Prefix{{}, m_lanLength}));
    built.lan = Prefix{AddressIn(m_lans, lan * step), m_lanLength}.ToString();
    built.lanChannel = shared ? shared->lanChannel : m_lan.CreateChannel();
    const Prefix network = Prefix::Parse(built.lan);
    built.inside =
        m_lan.AttachRouter(built.gateway, ToNs3(AddressIn(network, position + 1)), MaskOf(network));
    return built;
}

void
VpnTopologyHelper::BuildHosts(VpnSite& site, uint32_t number, uint32_t first)
{
    const Prefix network = Prefix::Parse(site.lan);
    for (uint32_t host = 0; host < m_hosts; ++host)
    {
        const std::string name = std::to_string(number) + "-host-" + std::to_string(host);
        const Ptr<Node> node = MakeNode(name, NodeStack::Whole);
        m_lan.Attach(node, ToNs3(AddressIn(network, first + host + 1)), MaskOf(network));
        site.hosts.Add(node);
    }
}

Ptr<Node>
VpnTopologyHelper::MakeNode(const std::string& name, NodeStack stack) const
{
    const Ptr<Node> node = CreateObject<Node>();
    if (!m_names.empty())
    {
        Names::Add(m_names + "-" + name, node);
    }
    if (stack == NodeStack::Lean)
    {
        InstallLeanStack(node);
    }
    else
    {
        InstallStack(node);
    }
    return node;
}

void
VpnTopologyHelper::JoinByCloud(VpnTopology& topology)
{
    m_cloud.CreateChannel();
    for (VpnSite& site : topology.sites)
    {
        site.outside = m_cloud.Attach(
            site.gateway, ToNs3(IpAddress::Parse(site.address)), Ipv4Mask::GetOnes());
    }
}

void
VpnTopologyHelper::JoinByLinks(VpnTopology& topology)
{
    const uint32_t ports = PortsFor(topology.sites.size());
    const uint8_t length = PrefixLengthOf(ports);
    const Ipv4Address unnumbered(ROUTER_ADDRESS);
    for (uint32_t i = 0; i < topology.sites.size(); ++i)
    {
        VpnSite& site = topology.sites[i];
        const IpAddress address = IpAddress::Parse(site.address);
        // The block of addresses that the router serves; gateway i has number i + 1 of all.
        if ((i + 1) / ports >= topology.routers.GetN())
        {
            const std::string name = "router-" + std::to_string(topology.routers.GetN());
            topology.routers.Add(MakeNode(name, m_stack));
        }
        const Ptr<Node> router = topology.routers.Get(topology.routers.GetN() - 1);
        const NetDeviceContainer link = m_link.Install(site.gateway, router);
        site.outside = link.Get(0);
        AddDefaultRoute(site.gateway, AddUnnumbered(site.gateway, link.Get(0), ToNs3(address)));
        RoutesOf(router)->AddHostRouteTo(ToNs3(address),
                                         AddUnnumbered(router, link.Get(1), unnumbered));
    }
    const uint32_t access = topology.routers.GetN();
    if (access == 1)
    {
        return;
    }
    const Ptr<Node> core = MakeNode("core", m_stack);
    for (uint32_t i = 0; i < access; ++i)
    {
        const Ptr<Node> router = topology.routers.Get(i);
        const NetDeviceContainer link = m_link.Install(router, core);
        AddDefaultRoute(router, AddUnnumbered(router, link.Get(0), unnumbered));
        const Prefix served{AddressIn(m_outside, i * ports), length};
        RoutesOf(core)->AddNetworkRouteTo(
            ToNs3(served.address), MaskOf(served), AddUnnumbered(core, link.Get(1), unnumbered));
    }
    topology.routers.Add(core);
}

} // namespace ipsec
} // namespace ns3
