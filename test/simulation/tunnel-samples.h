// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec-tests
 * A tunnel by hand between two sites, and packets whose IP header a test chooses.
 */
#ifndef TUNNEL_SAMPLES_H
#define TUNNEL_SAMPLES_H

#include "two-sites.h"

#include <vector>

namespace ns3
{
namespace ipsec
{

/// Returns a tunnel between the two LANs seen from A: ESP with AES-128 and SHA-1, which takes 1438
/// octets through a path of 1500.
ManualTunnel TunnelByHand();
/// Returns the same with AH alone, or around ESP.
ManualTunnel AhByHand();
ManualTunnel BundleByHand();
/// Returns a tunnel in transport mode between the two gateways for one protocol.
ManualTunnel TransportByHand(uint8_t protocol);

/// What a test chooses of a packet from pcA to pcB; behind the header are ports and PAYLOAD.
struct InnerPacket
{
    uint32_t octets = 100;
    bool dontFragment = false;
    uint8_t typeOfService = 0;
};

/// Sends a packet as an application with a header of its own does.
void SendAt(Time at, const TwoSites& sites, const InnerPacket& packet);

/// Returns how many packets a data plane lost for a reason.
uint64_t DropsOf(const IpsecDataPlane& plane, Fault fault);

/// Keeps all ICMP messages that a node gets, with their IP headers.
class IcmpWatcher
{
  public:
    explicit IcmpWatcher(Ptr<Node> node);

    /// Returns the next-hop MTUs of those that say fragmentation needed.
    std::vector<uint16_t> FragmentationNeeded() const;

    std::vector<Ptr<Packet>> received;

  private:
    void HandleRead(Ptr<Socket> socket);

    Ptr<Socket> m_socket;
};

/// Read the header of a packet of the wire.
uint8_t ProtocolOf(const Octets& packet);
bool IsFragment(const Octets& packet);
bool HasDontFragment(const Octets& packet);

} // namespace ipsec
} // namespace ns3

#endif // TUNNEL_SAMPLES_H
