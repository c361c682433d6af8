// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec-tests
 * The topology of most simulation tests.
 */
#ifndef TWO_SITES_H
#define TWO_SITES_H

#include "ns3/ipsec-cloud-helper.h"
#include "ns3/ipsec-helper.h"
#include "ns3/socket.h"

#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/**
 * Two sites and the internet between them, 10 ms wide:
 *
 *   pcA 10.1.0.2 --- 10.1.0.1 gatewayA 192.0.2.1 === cloud === 198.51.100.1 gatewayB 10.2.0.1 ---
 *   10.2.0.2 pcB
 *
 * Every PC listens on UDP port 9 and echoes what arrives, if asked to. What crosses the wire of
 * gatewayA is kept. When it goes, the simulation is destroyed.
 */
class TwoSites
{
  public:
    static constexpr const char* ADDRESS_A = "192.0.2.1";
    static constexpr const char* ADDRESS_B = "198.51.100.1";
    static constexpr const char* LAN_A = "10.1.0.0/24";
    static constexpr const char* LAN_B = "10.2.0.0/24";
    static constexpr uint16_t PORT = 9;

    /// Builds the topology of @p run, without IPsec.
    explicit TwoSites(uint64_t run = 1);
    ~TwoSites();
    TwoSites(const TwoSites&) = delete;
    TwoSites& operator=(const TwoSites&) = delete;

    /// Installs IPsec with the settings of helper for the two LANs, or for what is named.
    void Connect(const std::string& lanA = LAN_A, const std::string& lanB = LAN_B);
    /// Gives both gateways the same SAs by hand, ESP with AES-128 and SHA-1.
    void InstallSasByHand(bool udpEncapsulated, const ProxyId& seenFromA);
    /// Does so for the two LANs.
    void InstallSasByHand(bool udpEncapsulated = false);
    /// Lets @p from send @p packet to UDP port PORT of @p to at time @p at.
    void SendAt(Time at, Ptr<Node> from, Ipv4Address to, Ptr<Packet> packet);
    /// Does so with a packet of @p octets octets that all say PAYLOAD.
    void SendAt(Time at, Ptr<Node> from, Ipv4Address to, uint32_t octets = 100);
    /// Lets the PCs answer.
    void EchoFromNowOn();
    /// Runs until @p end.
    void RunUntil(Time end);

    Ptr<IpsecDataPlane> PlaneA() const;
    Ptr<IpsecDataPlane> PlaneB() const;
    Ptr<IkeDaemon> DaemonA() const;
    Ptr<IkeDaemon> DaemonB() const;

    static constexpr uint8_t PAYLOAD = 0x5a;
    static const Ipv4Address PC_A;
    static const Ipv4Address PC_B;

    Ptr<Node> pcA;
    Ptr<Node> gatewayA;
    Ptr<Node> gatewayB;
    Ptr<Node> pcB;
    IpsecCloudHelper cloud;
    Ptr<IpsecCloudNetDevice> wireA;
    Ptr<IpsecCloudNetDevice> wireB;
    IpsecHelper helper;
    /// What arrived on UDP port 9, and where.
    std::vector<Ptr<Packet>> receivedA;
    std::vector<Ptr<Packet>> receivedB;
    /// Packets sent and received by gatewayA on the cloud.
    std::vector<Octets> wire;

  private:
    void ConnectLan(Ptr<Node> pc, Ptr<Node> gateway, const std::string& network);
    void Listen(Ptr<Node> pc, std::vector<Ptr<Packet>>& received);
    void HandleRead(std::vector<Ptr<Packet>>* received, Ptr<Socket> socket);
    void KeepWire(Ptr<const Packet> packet);

    bool m_echo = false;
    std::vector<Ptr<Socket>> m_sockets;
};

/// Tells whether @p octets hold a run of the payload of TwoSites::SendAt().
bool HoldsPayload(OctetView octets);

} // namespace ipsec
} // namespace ns3

#endif // TWO_SITES_H
