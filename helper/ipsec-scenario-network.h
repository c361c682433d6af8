// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The nodes of a scenario and how they are joined.
 */
#ifndef IPSEC_SCENARIO_NETWORK_H
#define IPSEC_SCENARIO_NETWORK_H

#include "dial-up-helper.h"
#include "ipsec-cloud-helper.h"
#include "ipsec-node-stack.h"
#include "ipsec-scenario-engine.h"
#include "ipsec-scenario.h"

#include "ns3/ike-daemon.h"
#include "ns3/ipsec-data-plane.h"
#include "ns3/nat-box.h"
#include "ns3/node.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// One way through a LAN.
constexpr char LAN_DELAY[] = "50us";

/// One device of a scenario that can be captured, such as "fw-a-internet".
struct ScenarioAttachment
{
    std::string name;
    Ptr<IpsecCloudNetDevice> device;
};

/// One gateway as built.
struct ScenarioGateway
{
    std::string name;
    GatewayPlan plan;
    Ptr<Node> node;
    Ptr<IpsecCloudNetDevice> outside;
    Ptr<IkeDaemon> daemon;
    Ptr<IpsecDataPlane> dataPlane;
    /// Null if cryptography takes no time.
    Ptr<CryptoCpu> cpu;
    /// Of a client that dials up, and of one that does so by himself; else null.
    Ptr<DialUpClient> client;
    Ptr<DialUpUser> user;
};

/// One NAT as built.
struct ScenarioNat
{
    std::string name;
    Ptr<Node> node;
    Ptr<IpsecCloudNetDevice> outside;
    Ptr<IpsecCloudNetDevice> inside;
    Ptr<NatBox> box;
};

/**
 * Builds a scenario in ns-3: one cloud for the internet, a small one for each LAN.
 *
 *     pc-a --- (LAN of fw-a) --- fw-a === (internet) === fw-b --- (LAN of fw-b) --- pc-b
 *     alice --- (LAN of home) --- home === (internet)
 */
class ScenarioNetwork
{
  public:
    /// @param ofBranches what nodes of [branches] have; their packets and random numbers are the
    /// same with both
    /// @throws std::runtime_error if the TAP device cannot be opened.
    explicit ScenarioNetwork(const Scenario& scenario, NodeStack ofBranches = NodeStack::Lean);

    const std::vector<ScenarioGateway>& Gateways() const;
    const std::vector<ScenarioNat>& Nats() const;
    /// Returns the node of a host or gateway.
    Ptr<Node> NodeOf(const std::string& name) const;
    /**
     * Moves a client that dials up into the network of a NAT, or into the internet.
     * @param address the one that it keeps there; nothing for DHCP
     */
    void MoveClient(const ScenarioGateway& client,
                    const std::string& network,
                    std::optional<IpAddress> address) const;
    /// Returns the network that such a client is in now: the name of its NAT, or nothing.
    std::string NetworkOf(const ScenarioGateway& client) const;
    /// Captures every attachment but those of branches into @p folder, which must be there.
    void EnablePcap(const std::string& folder) const;

  private:
    /// Makes a node without a stack.
    Ptr<Node> AddNode(const std::string& name);
    void BuildInternet(const Scenario& scenario);
    void BuildLan(const GatewaySettings& gateway, const std::vector<const HostSettings*>& hosts);
    void AddAttachment(const GatewaySettings& gateway,
                       const std::string& suffix,
                       Ptr<IpsecCloudNetDevice> device);
    void AttachOutside(const GatewaySettings& gateway);
    void BuildNat(const Scenario& scenario, const NatSettings& nat);
    /// Attaches hosts behind NATs.
    void AttachHosts(const Scenario& scenario);
    void AddForwards(const Scenario& scenario) const;
    /// Attaches a node to the network of a NAT, or to the internet.
    Ptr<IpsecCloudNetDevice> Attach(const std::string& network,
                                    const std::string& name,
                                    IpAddress address,
                                    const LinkSettings& link);
    void BuildOverlays(const Scenario& scenario);
    void InstallIpsec(const Scenario& scenario);
    static void SetUpIpsec(IpsecHelper& helper, const GatewaySettings& settings);
    void AssignStreams();

    /// @name Clients that dial up
    /// @{
    /// Makes their helper attach devices like this one.
    void SetUpDialUp(const LinkSettings& link);
    void ServeDhcp(Ptr<Node> router,
                   Ptr<IpsecCloudChannel> lan,
                   const DhcpSettings& range,
                   Duration lease);
    /// Builds the network of those who get addresses by DHCP and are behind no NAT.
    void BuildAccess(const InternetSettings& internet);
    /// Returns the cloud that a client is attached to in a network.
    Ptr<IpsecCloudChannel> ChannelOf(const std::string& network, bool isDhcp) const;
    Ptr<IpsecCloudNetDevice> JoinByDhcp(const GatewaySettings& client);
    /// @param startAt when its user first comes, unless he says so himself
    void InstallClient(ScenarioGateway& gateway, const GatewaySettings& settings, Duration startAt);
    /// @}

    /// A cloud, and the mask of those who are attached.
    struct Network
    {
        IpsecCloudHelper cloud;
        Ptr<IpsecCloudChannel> channel;
        Ipv4Mask mask;
    };

    std::map<std::string, Ptr<Node>> m_nodes;
    /// By the name of their NAT; the internet has none.
    std::map<std::string, Network> m_networks;
    /// Of the LANs of branches without hosts.
    IpsecCloudHelper m_emptyLans;
    DialUpHelper m_dialUp;
    /// Null if nobody needs it.
    Ptr<IpsecCloudChannel> m_access;
    std::vector<ScenarioNat> m_nats;
    /// While IPsec is not installed.
    std::map<std::string, Ptr<IpsecCloudNetDevice>> m_outside;
    std::vector<ScenarioAttachment> m_attachments;
    std::vector<ScenarioGateway> m_gateways;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SCENARIO_NETWORK_H
