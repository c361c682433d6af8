// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What the recorder of a gateway calls the peers and tunnels of its engine.
 */
#ifndef IPSEC_RECORDER_PEERS_H
#define IPSEC_RECORDER_PEERS_H

#include "ipsec-recorder-nodes.h"
#include "ipsec-scenario-network.h"

#include "ns3/ipsec-shared.h"

#include <map>
#include <string>
#include <utility>

namespace ns3
{
namespace ipsec
{

/// Names the peers and tunnels of one gateway.
class RecorderPeers
{
  public:
    RecorderPeers(const ScenarioGateway& gateway,
                  const Scenario& scenario,
                  const RecorderNodes& nodes);

    /// Returns the name of the node that is seen at an endpoint, or the address.
    std::string NameAt(const Endpoint& endpoint) const;
    /// Returns the name of the other end of an IKE SA, or of what will be one, seen at an endpoint.
    std::string OtherEnd(const Endpoint& endpoint, const Cookie& initiator) const;
    /// Returns the name of a peer.
    std::string PeerName(PeerId peer) const;
    /// Takes note who a client of a group is; of other peers the configuration has the name.
    void Meet(PeerId peer, const std::string& name);
    /// Returns the name of the tunnel that is a child.
    std::string TunnelName(ChildId child) const;

  private:
    /// Tells whether a peer has a configuration of its own; a client of a group has not.
    bool IsConfigured(PeerId peer) const;

    /// What the configuration of the engine does not tell.
    struct Others
    {
        /// Names of tunnels with manual keys.
        std::map<uint32_t, std::string> manualTunnels;
        /// Names of the clients of groups, as far as they were met.
        std::map<PeerId, std::string> clients;
        /// Names of tunnels by the other end and the child they are.
        std::map<std::pair<std::string, uint32_t>, std::string> clientTunnels;
    };

    /// Both of the network, which outlives this.
    const std::string& m_own;
    const EngineConfig& m_engine;
    const RecorderNodes& m_nodes;
    Rare<Others> m_others;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_RECORDER_PEERS_H
