// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The nodes of a scenario and how they are joined.
 */
#ifndef IPSEC_SCENARIO_NETWORK_H
#define IPSEC_SCENARIO_NETWORK_H

#include "ipsec-cloud-helper.h"
#include "ipsec-scenario-engine.h"
#include "ipsec-scenario.h"

#include "ns3/ike-daemon.h"
#include "ns3/ipsec-data-plane.h"
#include "ns3/nat-box.h"
#include "ns3/node.h"

#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

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
};

/// One NAT as built.
struct ScenarioNat
{
    std::string name;
    Ptr<Node> node;
    Ptr<IpsecCloudNetDevice> outside;
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
    /// @throws std::runtime_error if the TAP device cannot be opened.
    explicit ScenarioNetwork(const Scenario& scenario);

    const std::vector<ScenarioGateway>& Gateways() const;
    const std::vector<ScenarioNat>& Nats() const;
    /// Returns the node of a host or gateway.
    Ptr<Node> NodeOf(const std::string& name) const;
    /// Captures every attachment but those of branches into @p folder, which must be there.
    void EnablePcap(const std::string& folder) const;

  private:
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
    void AssignStreams();

    /// A cloud, and the mask of those who are attached.
    struct Network
    {
        IpsecCloudHelper cloud;
        Ipv4Mask mask;
    };

    std::map<std::string, Ptr<Node>> m_nodes;
    /// By the name of their NAT; the internet has none.
    std::map<std::string, Network> m_networks;
    std::vector<ScenarioNat> m_nats;
    std::map<std::string, Ptr<IpsecCloudNetDevice>> m_outside;
    std::vector<ScenarioAttachment> m_attachments;
    std::vector<ScenarioGateway> m_gateways;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SCENARIO_NETWORK_H
