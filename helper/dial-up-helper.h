// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Makes VPN clients of nodes, on networks that give them their addresses.
 */
#ifndef DIAL_UP_HELPER_H
#define DIAL_UP_HELPER_H

#include "ipsec-cloud-helper.h"
#include "ipsec-helper.h"

#include "ns3/application-container.h"
#include "ns3/dhcp-client.h"
#include "ns3/dhcp-server.h"
#include "ns3/ike-dial-up-client.h"
#include "ns3/ike-dial-up-user.h"
#include "ns3/node-container.h"
#include "ns3/object-factory.h"

#include <functional>
#include <string>

namespace ns3
{
namespace ipsec
{

/// What a DHCP server of a LAN hands out.
struct DhcpRange
{
    /// First and last address, such as "192.168.1.100"; there must be at least two.
    std::string first;
    std::string last;
    /// What clients use as their default gateway; empty means the server.
    std::string gateway;
};

/**
 * Builds LANs with DHCP, puts users' nodes on them, moves them to others, and installs their
 * clients:
 *
 *     DialUpHelper dialUp;
 *     Ptr<IpsecCloudChannel> home = dialUp.CreateLan();
 *     dialUp.AttachRouter(router, home, "192.168.1.1", "255.255.255.0");
 *     dialUp.ServeDhcp(router, home, {"192.168.1.100", "192.168.1.199", ""});
 *     dialUp.Join(laptop, home);
 *     Ptr<DialUpClient> client = dialUp.Install(laptop, gateway);
 *     Simulator::Schedule(Minutes(1), [=] { DialUpHelper::Move(laptop, office); });
 *
 * Nodes need an IPv4 stack first. A node has one device of this kind, and one client.
 */
class DialUpHelper
{
  public:
    DialUpHelper();

    /// Sets an attribute of clients installed from now on.
    void SetClientAttribute(const std::string& name, const AttributeValue& value);
    /// Sets an attribute of users (arrivals, holding times) installed from now on.
    void SetUserAttribute(const std::string& name, const AttributeValue& value);
    /// Sets an attribute of ns-3's DHCP clients installed from now on, such as "Collect".
    void SetDhcpClientAttribute(const std::string& name, const AttributeValue& value);
    /// Sets an attribute of ns-3's DHCP servers installed from now on, such as "LeaseTime".
    void SetDhcpServerAttribute(const std::string& name, const AttributeValue& value);
    /// Sets an attribute of LANs created from now on, such as "Delay".
    void SetLanAttribute(const std::string& name, const AttributeValue& value);
    /// Sets an attribute of devices that join LANs from now on.
    void SetDeviceAttribute(const std::string& name, const AttributeValue& value);
    /// Returns what installs IPsec on the clients' nodes: devices, daemons, processors.
    IpsecHelper& GetIpsecHelper();

    /// @name Networks
    /// @throws std::invalid_argument with one sentence.
    /// @{
    /// Creates a LAN: a cloud that carries broadcasts.
    Ptr<IpsecCloudChannel> CreateLan();
    /// Attaches a router to a LAN without a default route to it: what is for elsewhere, the LAN
    /// sends there.
    Ptr<IpsecCloudNetDevice> AttachRouter(Ptr<Node> router,
                                          Ptr<IpsecCloudChannel> lan,
                                          const std::string& address,
                                          const std::string& mask);
    /// Lets a node that is attached to a LAN serve addresses there.
    Ptr<DhcpServer> ServeDhcp(Ptr<Node> server, Ptr<IpsecCloudChannel> lan, const DhcpRange& range);
    /// Attaches a node to a network that gives it an address by DHCP.
    Ptr<IpsecCloudNetDevice> Join(Ptr<Node> node, Ptr<IpsecCloudChannel> lan);
    /// Does so with an address that it keeps, and a default route.
    Ptr<IpsecCloudNetDevice> Join(Ptr<Node> node,
                                  Ptr<IpsecCloudChannel> network,
                                  const std::string& address,
                                  const std::string& mask);
    /**
     * Takes a node that joined off its network and puts it on another, where it asks for an
     * address. What is in flight is lost, and nobody is told.
     */
    static void Move(Ptr<Node> node, Ptr<IpsecCloudChannel> lan);
    /// Does so with an address that it keeps there; its default route goes on to lead there.
    static void Move(Ptr<Node> node,
                     Ptr<IpsecCloudChannel> network,
                     const std::string& address,
                     const std::string& mask);
    /// @}

    /// @name Clients
    /// @throws std::invalid_argument with one sentence.
    /// @{
    /**
     * Installs IPsec and a client on a node that joined a network.
     * @param gateway how the gateway is called; its local address is UNKNOWN_ADDRESS, and its
     *     tunnels are kept up by the client rather than by the daemon. Each of them is for an
     *     assigned address (ChildConfig::localIsAssigned) or for the one that the client has
     *     (ChildConfig::localIsOwn), which transport mode needs
     */
    Ptr<DialUpClient> Install(Ptr<Node> node, const PeerConfig& gateway);
    /// Does so with an engine whose only peer is the gateway.
    Ptr<DialUpClient> Install(Ptr<Node> node, const EngineConfig& config);
    /**
     * Does so on many nodes.
     * @param personalise makes the n-th client's configuration of the common one: identity, user,
     *     password, keys
     */
    ApplicationContainer Install(const NodeContainer& nodes,
                                 const PeerConfig& gateway,
                                 const std::function<void(uint32_t, PeerConfig&)>& personalise);
    /// Gives clients a user each, who comes and goes: a population. Clients no longer connect by
    /// themselves.
    ApplicationContainer InstallUsers(const NodeContainer& nodes);
    /// @}

    /// Return what is installed on a node, or null.
    static Ptr<DialUpClient> GetClient(Ptr<Node> node);
    static Ptr<DialUpUser> GetUser(Ptr<Node> node);
    static Ptr<DhcpClient> GetDhcpClient(Ptr<Node> node);
    /// Returns the device by which a node joined, or null.
    static Ptr<IpsecCloudNetDevice> GetDevice(Ptr<Node> node);

    /// Gives random streams to clients, users, DHCP, devices, daemons and data planes of nodes;
    /// returns how many were used.
    static int64_t AssignStreams(const NodeContainer& nodes, int64_t stream);

  private:
    Ptr<IpsecCloudNetDevice> AddDevice(Ptr<Node> node, Ptr<IpsecCloudChannel> network);

    ObjectFactory m_clientFactory;
    ObjectFactory m_userFactory;
    ObjectFactory m_dhcpClientFactory;
    ObjectFactory m_dhcpServerFactory;
    ObjectFactory m_lanFactory;
    ObjectFactory m_deviceFactory;
    IpsecHelper m_ipsec;
};

} // namespace ipsec
} // namespace ns3

#endif // DIAL_UP_HELPER_H
