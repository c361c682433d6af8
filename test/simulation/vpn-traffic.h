// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec-tests
 * Traffic between the sites of a VPN that VpnTopologyHelper built.
 */
#ifndef VPN_TRAFFIC_H
#define VPN_TRAFFIC_H

#include "ns3/socket.h"
#include "ns3/vpn-topology-helper.h"

#include <gtest/gtest.h>
#include <map>
#include <utility>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Ends the simulation with each test.
class VpnTest : public testing::Test
{
  protected:
    VpnTest();
    ~VpnTest() override;

    VpnTopologyHelper helper;
};

/// Lets the first hosts of sites send to each other, and watches what the gateways send.
class VpnTraffic
{
  public:
    explicit VpnTraffic(const VpnTopology& vpn);

    /// Lets the host of one site send to that of another one.
    void SendAt(Time at, uint32_t from, uint32_t to);
    /// Lets the gateway of a site do so.
    void SendFromGatewayAt(Time at, uint32_t from, uint32_t to);
    /// Lets a host send once a second.
    void SendEverySecond(Time start, Time end, uint32_t from, uint32_t to);
    static void RunUntil(Time end);

    /// How many packets arrived, by the sites of sender and receiver.
    std::map<std::pair<uint32_t, uint32_t>, size_t> received;
    /// When packets arrived.
    std::vector<Time> arrivals;
    /// Packets with the payload in clear on the outside devices.
    size_t leaked = 0;

  private:
    void Listen(uint32_t site);
    void Send(Time at, Ptr<Node> node, uint32_t from, uint32_t to);
    void Watch(Ptr<const Packet> packet);

    const VpnTopology& m_vpn;
    std::vector<Ptr<Socket>> m_sockets;
};

} // namespace ipsec
} // namespace ns3

#endif // VPN_TRAFFIC_H
