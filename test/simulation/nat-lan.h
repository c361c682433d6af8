// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec-tests
 * A NAT with hosts inside, a server outside and the internet between them.
 */
#ifndef NAT_LAN_H
#define NAT_LAN_H

#include "ns3/csma-helper.h"
#include "ns3/inet-socket-address.h"
#include "ns3/ipsec-cloud-helper.h"
#include "ns3/nat-helper.h"
#include "ns3/node-container.h"
#include "ns3/socket.h"

#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// A datagram that arrived.
struct NatArrival
{
    Ptr<Node> node;
    Endpoint from;
    Ptr<Packet> packet;
};

/// An ICMP error that reached a UDP socket.
struct NatError
{
    IpAddress from;
    uint8_t type = 0;
    uint8_t code = 0;
    uint32_t info = 0;
};

/**
 * Hosts 10.0.0.2, .3 ... on an Ethernet, box 10.0.0.1 and 192.0.2.1, cloud of 10 ms, server
 * 198.51.100.1. Checksums are on, so that a wrong one loses its packet. What crosses the cloud is
 * kept. When it goes, the simulation is destroyed.
 */
class NatLan
{
  public:
    static constexpr const char* OUTSIDE = "192.0.2.1";
    static constexpr const char* SERVER = "198.51.100.1";

    explicit NatLan(uint32_t hostCount = 1);
    ~NatLan();
    NatLan(const NatLan&) = delete;
    NatLan& operator=(const NatLan&) = delete;

    /// Makes a NAT of the box, with the attributes of helper.
    void Install();
    /// Lets a node echo what arrives on a UDP port.
    void Listen(Ptr<Node> node, uint16_t port);
    /// Makes a UDP socket whose arrivals and errors are kept.
    Ptr<Socket> Open(Ptr<Node> node, uint16_t port = 0);
    /// Sends from a socket at a time, with a payload of so many octets.
    void SendAt(Time at, Ptr<Socket> socket, const std::string& to, uint32_t octets = 100);
    /// Makes a node ping another; counts answers.
    void PingAt(Time at, Ptr<Node> node, const std::string& to, uint32_t octets = 56);
    void RunUntil(Time end);

    Ptr<Node> Host(uint32_t i) const;
    /// Adds a node to the cloud.
    Ptr<Node> AddOutside(const std::string& address);
    /// Returns those that reached a node.
    std::vector<NatArrival> ArrivalsAt(Ptr<Node> node) const;

    NodeContainer hosts;
    Ptr<Node> box;
    Ptr<Node> server;
    CsmaHelper ethernet;
    NetDeviceContainer lan;
    IpsecCloudHelper cloud;
    Ptr<IpsecCloudNetDevice> outside;
    NatHelper helper;
    Ptr<NatBox> nat;
    std::vector<NatArrival> arrivals;
    std::vector<NatError> errors;
    /// Whole packets that the box sent to the cloud or got from there.
    std::vector<Octets> wire;
    std::vector<NatMapping> created;
    std::vector<NatEnd> ended;
    uint32_t pingsAnswered = 0;

  private:
    void Keep(Ptr<Socket> socket);
    void Echo(Ptr<Socket> socket);
    void HandleError(Ipv4Address from, uint8_t ttl, uint8_t type, uint8_t code, uint32_t info);

    std::vector<Ptr<Socket>> m_sockets;
};

/// Gives a node a default route.
void SetDefaultRoute(Ptr<Node> node, const std::string& gateway, uint32_t interface = 1);

} // namespace ipsec
} // namespace ns3

#endif // NAT_LAN_H
