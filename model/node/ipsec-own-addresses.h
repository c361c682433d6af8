// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The addresses of a gateway: which are its own, where tunnels end, and what is inside.
 */
#ifndef IPSEC_OWN_ADDRESSES_H
#define IPSEC_OWN_ADDRESSES_H

#include "ns3/ipsec-endpoint.h"
#include "ns3/ipv4.h"

#include <set>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Answers what policies ask of the addresses of a node. It is asked several times for each packet,
/// so it keeps a list until it is told that an address changed.
class IpsecOwnAddresses
{
  public:
    /// Sets whose addresses these are.
    void SetIpv4(Ptr<Ipv4> ipv4);
    /// Sets the tunnel device, which is neither inside nor outside.
    void SetTunnelDevice(Ptr<NetDevice> device);
    /// Adds an address that tunnels end at; its interface is an outer one.
    void AddTunnelEnd(Ipv4Address address);
    void RemoveTunnelEnd(Ipv4Address address);
    /// An interface got or lost an address.
    void NotifyChange();
    /// Lets go of the node.
    void Clear();

    bool IsTunnelEnd(IpAddress address) const;
    /// Tells whether an interface has the address of a tunnel end.
    bool IsOuter(uint32_t interface) const;
    /// Tells whether an interface has this address.
    bool IsLocal(Ipv4Address address) const;
    /// Tells whether an address is in a network that an inner interface is attached to.
    bool IsAttachedInside(Ipv4Address address) const;

  private:
    struct Row
    {
        IpAddress local;
        uint32_t mask = 0;
        bool isInside = false;
    };

    /// Returns all addresses there are.
    const std::vector<Row>& Rows() const;

    Ptr<Ipv4> m_ipv4;
    Ptr<NetDevice> m_device;
    std::set<IpAddress> m_tunnelEnds;
    mutable std::vector<Row> m_rows;
    mutable bool m_isKnown = false;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_OWN_ADDRESSES_H
