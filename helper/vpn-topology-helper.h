// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Builds whole VPNs: sites, what joins them, and tunnels in the shape of a star or a mesh.
 */
#ifndef VPN_TOPOLOGY_HELPER_H
#define VPN_TOPOLOGY_HELPER_H

#include "ipsec-cloud-helper.h"
#include "ipsec-helper.h"
#include "ipsec-node-stack.h"

#include "ns3/net-device-container.h"
#include "ns3/node-container.h"
#include "ns3/point-to-point-helper.h"

#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// What joins the sites.
enum class VpnUnderlay : uint8_t
{
    Cloud, ///< the simulated internet: one channel, however many sites
    Links, ///< point-to-point links to routers of a provider, in a tree
};

/// What the spokes of a star reach.
enum class SpokeTraffic : uint8_t
{
    HubOnly,    ///< the hub's LAN
    ThroughHub, ///< all LANs, through the hub
};

/// A site of a VPN.
struct VpnSite
{
    Ptr<Node> gateway;
    /// Those of a hub pair are all at site 0.
    NodeContainer hosts;
    /// Where tunnels end, such as "198.18.0.1".
    std::string address;
    /// Such as "10.0.0.0/24". The gateway has the first address in it; the hubs of a pair share a
    /// LAN and have the first two. Hosts have the next ones.
    std::string lan;
    Ptr<NetDevice> outside;
    /// The gateway's device on its LAN.
    Ptr<IpsecCloudNetDevice> inside;
    Ptr<IpsecCloudChannel> lanChannel;
};

/// A VPN that was built.
struct VpnTopology
{
    /// Hubs come first.
    std::vector<VpnSite> sites;
    /// Pairs of sites with a tunnel.
    std::vector<std::pair<uint32_t, uint32_t>> tunnels;
    /// The provider's, if there are links; the core is the last one.
    NodeContainer routers;
    /// One for each site that has tunnels, in their order.
    ApplicationContainer daemons;

    NodeContainer Gateways() const;
    NodeContainer Hosts() const;
    /// Return the devices of all gateways towards the underlay, the LANs and the tunnels.
    NetDeviceContainer OutsideDevices() const;
    NetDeviceContainer InsideDevices() const;
    NetDeviceContainer TunnelDevices() const;
    /// Returns the address of a host of a site.
    Ipv4Address HostAddress(uint32_t site, uint32_t host = 0) const;
};

/**
 * Builds VPNs:
 *
 *     VpnTopologyHelper helper;
 *     helper.GetIpsecHelper().SetPreSharedKey("secret");
 *     helper.SetSpokeTraffic(SpokeTraffic::ThroughHub);
 *     VpnTopology vpn = helper.CreateStar(50);
 *
 * Every site has a gateway, a LAN (a cloud of its own) and hosts. Nodes have static routing alone:
 * one default route each, no global routing, no queue discipline, and a hub has three devices
 * whatever its spokes, so that thousands of sites cost little more each than one. Tunnels are
 * negotiated with the first packet, unless GetIpsecHelper().SetStart() says otherwise. What a
 * gateway with tunnels has for a LAN that none of them leads to is dropped: nothing between LANs
 * crosses the underlay in clear. Rules of tunnels keep order 0.
 *
 * All Create functions throw std::invalid_argument with one sentence if there are too few sites, or
 * more than there are addresses for.
 */
class VpnTopologyHelper
{
  public:
    VpnTopologyHelper();

    /// @name What is built from now on
    /// @{
    /// Returns what installs IPsec: proposals, keys, personality, attributes.
    IpsecHelper& GetIpsecHelper();
    /// Returns what builds the cloud between the sites: its delay, their rate, loss and so on.
    IpsecCloudHelper& GetCloudHelper();
    /// Returns what builds the LANs.
    IpsecCloudHelper& GetLanHelper();
    /// Returns what builds the provider's links, default 1 Gbit/s and 5 ms.
    PointToPointHelper& GetLinkHelper();
    /// Sets what joins the sites, default the cloud.
    void SetUnderlay(VpnUnderlay underlay);
    /**
     * Sets what gateways and routers have of ns-3's internet stack, default all of it; hosts always
     * have. A lean stack spares a fifth of a site's memory and changes no packet, but gateways then
     * have neither TCP, ARP nor packet sockets: hosts run what needs them. With links,
     * GetLinkHelper().DisableFlowControl() spares a tenth more; then no queue discipline on them
     * holds anything back.
     */
    void SetStack(NodeStack stack);
    /// Sets what the spokes of stars and hub pairs reach, default the hub's LAN.
    void SetSpokeTraffic(SpokeTraffic traffic);
    /// Sets how many hosts each LAN has, default one; without any, the gateway stands for all.
    void SetHostsPerSite(uint32_t hosts);
    /// Sets the block that LANs are taken from and their prefix length, default "10.0.0.0/8", 24.
    void SetLans(const std::string& block, uint8_t length);
    /// Sets the block that gateways' outside addresses are taken from, default "198.18.0.0/15".
    void SetOutside(const std::string& block);
    /// Names nodes: "shop" makes shop-0, shop-1 and so on of gateways, shop-0-host-0 and so on of
    /// hosts. Without, nodes have no names.
    void SetNames(const std::string& prefix);
    /// @}

    /// Builds a hub and spokes; site 0 is the hub.
    VpnTopology CreateStar(uint32_t spokes);
    /**
     * Builds two hubs on one LAN and spokes that have a tunnel to each of them; sites 0 and 1 are
     * the hubs. Spokes keep both tunnels up and use that to site 0 while it is (TunnelFailover);
     * the LAN answers through the hub that has the tunnel up (ReverseRoutes). Unless SetDpd() of
     * the IpsecHelper says otherwise, a dead peer is noticed after 10 to 20 s. With
     * SpokeTraffic::ThroughHub a hub passes on only to spokes that it has a tunnel to.
     */
    VpnTopology CreateHubPair(uint32_t spokes);
    /// Builds sites with a tunnel between each two.
    VpnTopology CreateFullMesh(uint32_t sites);
    /// Builds sites with tunnels between these pairs.
    VpnTopology CreatePartialMesh(uint32_t sites,
                                  const std::vector<std::pair<uint32_t, uint32_t>>& pairs);
    /// Builds sites in a ring with tunnels from each to its next @p neighbours in both directions.
    VpnTopology CreateNeighbourMesh(uint32_t sites, uint32_t neighbours);
    /// Builds sites with a tunnel between each two with a probability, drawn from this stream.
    VpnTopology CreateRandomMesh(uint32_t sites, double probability, int64_t stream);

    /// Gives random streams to all gateways, hosts, routers and devices; returns how many were
    /// used.
    static int64_t AssignStreams(const VpnTopology& topology, int64_t stream);

  private:
    /// Throws unless so many sites can be built.
    void CheckSize(uint64_t sites, uint64_t least, uint64_t hubs) const;
    /// Builds sites without tunnels, of which the first @p hubs share a LAN.
    VpnTopology BuildSites(uint32_t sites, uint32_t hubs);
    /// Adds a gateway, and its LAN unless @p shared is one that it joins.
    VpnSite BuildSite(uint32_t site, uint32_t lan, uint32_t position, const VpnSite* shared);
    void BuildHosts(VpnSite& site, uint32_t number, uint32_t first);
    void JoinByCloud(VpnTopology& topology);
    void JoinByLinks(VpnTopology& topology);
    Ptr<Node> MakeNode(const std::string& name, NodeStack stack) const;
    /// Notes a tunnel between two sites; what each protects on its side.
    std::pair<ChildId, ChildId> Connect(VpnTopology& topology,
                                        uint32_t a,
                                        const std::string& lanA,
                                        uint32_t b,
                                        const std::string& lanB);
    /// Connects spokes to one hub.
    std::vector<std::pair<ChildId, ChildId>> ConnectSpokes(VpnTopology& topology,
                                                           uint32_t hub,
                                                           uint32_t firstSpoke);
    /// Installs what was connected.
    void Install(VpnTopology& topology);
    /// Lets what a gateway has for its own LAN pass in clear, and drops what it has for LANs that
    /// no tunnel leads to.
    void AddLanRules(const VpnSite& site) const;

    IpsecHelper m_ipsec;
    IpsecCloudHelper m_cloud;
    IpsecCloudHelper m_lan;
    PointToPointHelper m_link;
    VpnUnderlay m_underlay = VpnUnderlay::Cloud;
    NodeStack m_stack = NodeStack::Whole;
    SpokeTraffic m_spokeTraffic = SpokeTraffic::HubOnly;
    uint32_t m_hosts = 1;
    Prefix m_lans;
    uint8_t m_lanLength = 24;
    Prefix m_outside;
    std::string m_names;
};

} // namespace ipsec
} // namespace ns3

#endif // VPN_TOPOLOGY_HELPER_H
