// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec-tests
 * The topology of tests with dial-up clients.
 */
#ifndef DIAL_UP_WORLD_H
#define DIAL_UP_WORLD_H

#include "ns3/dial-up-helper.h"
#include "ns3/socket.h"

#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace ipsec
{

/**
 * Users on two LANs with DHCP and routers, an internet 10 ms wide, a gateway, and a server behind:
 *
 *   laptops --- home 192.168.1.0/24 --- router 203.0.113.1 ==== cloud ==== 198.51.100.1 hub
 *           --- cafe 192.168.2.0/24 --- router 203.0.113.2 ====   |            10.2.0.1 --- server
 *                                                       web 203.0.113.80                 10.2.0.2
 *
 * Server, web server and the printer of home, 192.168.1.9, echo what comes to UDP port 9. There is
 * no NAT. The pool of the hub is 10.9.0.0/24. When it goes, the simulation is destroyed.
 */
class DialUpWorld
{
  public:
    static constexpr const char* HUB = "198.51.100.1";
    static const Ipv4Address SERVER;
    static const Ipv4Address WEB;
    static const Ipv4Address PRINTER;
    static constexpr uint16_t PORT = 9;
    static constexpr uint8_t PAYLOAD = 0x5a;

    explicit DialUpWorld(uint64_t run = 1);
    ~DialUpWorld();
    DialUpWorld(const DialUpWorld&) = delete;
    DialUpWorld& operator=(const DialUpWorld&) = delete;

    /// Makes a node without a network.
    static Ptr<Node> MakeNode(const std::string& name);
    /// Makes a node at home that asks for an address.
    Ptr<Node> MakeLaptop(const std::string& name);
    /// How the hub lets users in, and how they call it: aggressive mode with a pre-shared key,
    /// XAUTH of alice, Mode Config; everything behind the hub is theirs.
    static PeerConfig GroupOfHub();
    static PeerConfig HubForClient(const std::string& id);
    /// Installs the hub with its pool, and gives streams to all that there are.
    void InstallHub(const PeerConfig& group);
    /// Makes a laptop with a client, installs the hub with GroupOfHub(), if there is none yet.
    Ptr<DialUpClient> InstallAlice();
    /// Gives streams to all nodes.
    void AssignStreams();

    /// Lets a node send to UDP port 9 at a time; the socket chooses its source when it sends.
    void SendAt(Time at, Ptr<Node> from, Ipv4Address to);
    /// Lets a node echo what comes to UDP port 9 of one of its addresses.
    void Listen(Ptr<Node> node, Ipv4Address address);
    /// Runs until @p end.
    static void RunUntil(Time end);

    /// What arrived where (at), from where, and how often the answer came back.
    struct Echo
    {
        Ipv4Address at;
        Ipv4Address from;
    };

    NodeContainer laptops;
    Ptr<Node> hub;
    Ptr<Node> server;
    Ptr<Node> web;
    Ptr<Node> printer;
    Ptr<Node> homeRouter;
    Ptr<Node> cafeRouter;
    Ptr<IpsecCloudChannel> home;
    Ptr<IpsecCloudChannel> cafe;
    IpsecCloudHelper cloud;
    DialUpHelper dialUp;
    IpsecHelper hubHelper;
    std::vector<Echo> echoes;
    /// When answers came back.
    std::vector<Time> answers;
    /// Packets with the payload in clear that crossed the internet from or to home's router.
    uint32_t clearPackets = 0;

  private:
    Ptr<Node> MakeRouter(const std::string& name,
                         Ptr<IpsecCloudChannel> lan,
                         const std::string& lanPrefix,
                         const std::string& address);
    void ConnectServer();
    void HandleQuestion(Ipv4Address at, Ptr<Socket> socket);
    void HandleAnswer(Ptr<Socket> socket);
    void WatchWire(Ptr<const Packet> packet);

    std::vector<Ptr<Socket>> m_sockets;
};

/// Notes what a client does and when.
struct DialUpDiary
{
    explicit DialUpDiary(Ptr<DialUpClient> client);

    /// Writes the states entered, such as "WaitsForAddress Connecting Connected".
    std::string States() const;
    /// Returns when a state was entered, in seconds.
    std::vector<double> Times(DialUpState state) const;

    std::vector<std::pair<Time, DialUpState>> entered;
    std::vector<Time> connectedAfter;
    std::vector<Fault> disconnected;
    std::vector<Fault> failed;

  private:
    void NoteState(DialUpState from, DialUpState to);
    void NoteConnected(Time after);
    void NoteDisconnected(Fault reason);
    void NoteFailed(Fault reason);
};

} // namespace ipsec
} // namespace ns3

#endif // DIAL_UP_WORLD_H
