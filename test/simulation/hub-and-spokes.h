// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec-tests
 * A topology of many sites, and somebody who watches all wires between them.
 */
#ifndef HUB_AND_SPOKES_H
#define HUB_AND_SPOKES_H

#include "two-sites.h"

#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/**
 * Sites around a cloud 10 ms wide, of which site 0 is the hub. Site i has a gateway with
 * 192.0.2.i+1 outside and 10.i.0.1 inside, and a PC with 10.i.0.2 that counts what arrives on UDP
 * port 9. When it goes, the simulation is destroyed.
 */
class HubAndSpokes
{
  public:
    explicit HubAndSpokes(size_t sites);
    ~HubAndSpokes();
    HubAndSpokes(const HubAndSpokes&) = delete;
    HubAndSpokes& operator=(const HubAndSpokes&) = delete;

    static std::string Outside(size_t site);
    static std::string Lan(size_t site);
    static std::string Pc(size_t site);

    /// Connects every spoke to the hub by policies: its LAN with 10.0.0.0/8.
    void ConnectByPolicies();
    /// Connects every spoke to the hub by routes: 10.0.0.0/8 at spokes, the LANs at the hub. Every
    /// tunnel may carry everything.
    void ConnectByRoutes();
    /// Installs what was connected.
    void Install();
    /// Lets the PC of one site send to that of another one.
    void SendAt(Time at, size_t from, size_t to, uint32_t octets = 100);
    /// Lets it send every @p interval.
    void SendEvery(Time interval,
                   Time start,
                   Time stop,
                   size_t from,
                   size_t to,
                   uint32_t octets = 100);
    void RunUntil(Time end);

    Ptr<IpsecDataPlane> Plane(size_t site) const;
    Ptr<IkeDaemon> Daemon(size_t site) const;

    std::vector<Ptr<Node>> gateways;
    std::vector<Ptr<Node>> pcs;
    std::vector<Ptr<IpsecCloudNetDevice>> wires;
    IpsecCloudHelper cloud;
    IpsecHelper helper;
    /// Packets that were sent and received by PCs.
    size_t sent = 0;
    std::vector<size_t> received;
    /// Packets seen outside, by IP protocol, and those among them that show the payload.
    std::map<uint8_t, size_t> seen;
    size_t leaked = 0;

  private:
    void AddSite(size_t site);
    void Watch(Ptr<const Packet> packet);

    std::vector<Ptr<Socket>> m_sockets;
};

} // namespace ipsec
} // namespace ns3

#endif // HUB_AND_SPOKES_H
