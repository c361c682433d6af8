// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Policies in front of a node's routing, so that a VPN needs no routes.
 */
#ifndef IPSEC_POLICY_ROUTING_H
#define IPSEC_POLICY_ROUTING_H

#include "ipsec-compat.h"
#include "ipsec-own-addresses.h"

#include "ns3/ipsec-processor.h"
#include "ns3/ipv4-list-routing.h"
#include "ns3/traced-callback.h"

#include <type_traits>

namespace ns3
{
namespace ipsec
{

class IpsecDataPlane;
class IpsecNetDevice;

/**
 * Wraps the routing protocol of a node. A packet that a policy wants protected is routed to the
 * tunnel device, one that a policy discards is dropped, everything else is left to the wrapped
 * protocol. A packet that arrives in clear although a policy wants it protected is dropped.
 *
 * It is a list of what the wrapped protocol is (or lists), so that helpers such as
 * Ipv4StaticRoutingHelper find their protocol behind it.
 */
class IpsecPolicyRouting : public Ipv4ListRouting
{
  public:
    static TypeId GetTypeId();
    IpsecPolicyRouting();
    ~IpsecPolicyRouting() override;

    /// Puts itself in front of the routing protocol of @p ipv4.
    void Wrap(Ptr<Ipv4> ipv4);
    /// Returns the wrapped protocol.
    Ptr<Ipv4RoutingProtocol> GetInner() const;
    void SetDataPlane(Ptr<IpsecDataPlane> dataPlane);
    void SetDevice(Ptr<IpsecNetDevice> device);
    /// Adds an address of ours that tunnels end at: ESP, AH and IKE to and from it pass, and its
    /// interface is an outer one.
    void AddTunnelEnd(Ipv4Address address);
    /// Takes one out that is no longer ours.
    void RemoveTunnelEnd(Ipv4Address address);

    /// Signature of the trace sources AddressAdded and AddressRemoved.
    typedef void (*AddressTracedCallback)(uint32_t interface, Ipv4InterfaceAddress address);

    void AddRoutingProtocol(Ptr<Ipv4RoutingProtocol> routingProtocol, int16_t priority) override;
    uint32_t GetNRoutingProtocols() const override;
    Ptr<Ipv4RoutingProtocol> GetRoutingProtocol(uint32_t index, int16_t& priority) const override;
    Ptr<Ipv4Route> RouteOutput(Ptr<Packet> p,
                               const Ipv4Header& header,
                               Ptr<NetDevice> oif,
                               Socket::SocketErrno& sockerr) override;
    bool RouteInput(Ptr<const Packet> p,
                    const Ipv4Header& header,
                    Ptr<const NetDevice> idev,
                    RouteInputTypes::UnicastForward ucb,
                    RouteInputTypes::MulticastForward mcb,
                    RouteInputTypes::LocalDeliver lcb,
                    RouteInputTypes::ErrorReport ecb) override;
    void NotifyInterfaceUp(uint32_t interface) override;
    void NotifyInterfaceDown(uint32_t interface) override;
    void NotifyAddAddress(uint32_t interface, Ipv4InterfaceAddress address) override;
    void NotifyRemoveAddress(uint32_t interface, Ipv4InterfaceAddress address) override;
    void SetIpv4(Ptr<Ipv4> ipv4) override;
    void PrintRoutingTable(Ptr<OutputStreamWrapper> stream,
                           Time::Unit unit = Time::S) const override;

  protected:
    void DoInitialize() override;
    void DoDispose() override;

  private:
    /// What becomes of a packet that came in.
    enum class Arrival
    {
        Route,   ///< the wrapped protocol decides
        Deliver, ///< it is for this node
        Protect, ///< through the tunnel device
        Lost,    ///< dropped and traced
    };

    Arrival Judge(Ptr<const Packet> p, const Ipv4Header& header, Ptr<const NetDevice> idev) const;
    Arrival Drop(Ptr<const Packet> p, const Ipv4Header& header, Fault fault) const;
    /// Returns the fault of a packet that arrived in clear, if a policy forbids that.
    std::optional<Fault> FaultInClear(const FlowKey& flow,
                                      const Ipv4Header& header,
                                      Ptr<const NetDevice> idev) const;
    /// Lets the data plane know if a router says that a packet of ours was too big; true if so.
    bool IsAboutOurPacket(Ptr<const Packet> p, const Ipv4Header& header) const;
    /// Routes what arrived, with the stack's callbacks.
    bool RouteJudged(Ptr<const Packet> p,
                     const Ipv4Header& header,
                     Ptr<const NetDevice> idev,
                     const std::decay_t<RouteInputTypes::UnicastForward>& ucb,
                     const std::decay_t<RouteInputTypes::MulticastForward>& mcb,
                     const std::decay_t<RouteInputTypes::LocalDeliver>& lcb,
                     const std::decay_t<RouteInputTypes::ErrorReport>& ecb);
    /// Forwards a packet that must not be cut, unless the stack would cut it for the tunnel device.
    void ForwardUncut(Ptr<Ipv4Route> route, Ptr<const Packet> p, const Ipv4Header& header);
    /// Tells whether the stack would cut a packet for the tunnel device that must not be cut.
    bool IsTooBig(Ptr<const Packet> p, const Ipv4Header& header) const;
    /// Finds the way of a packet of our own, policies before routes.
    Ptr<Ipv4Route> ChooseRoute(Ptr<Packet> p,
                               const Ipv4Header& header,
                               Ptr<NetDevice> oif,
                               Socket::SocketErrno& sockerr);
    /// Tells whether a packet is IKE, ESP or AH of a tunnel that ends at @p end, where it has
    /// @p port.
    bool IsTunnelTraffic(IpAddress end, uint8_t protocol, uint16_t port) const;
    /// Tells whether a packet comes from a network of ours that policies protect.
    bool ComesFromInside(const FlowKey& flow,
                         const Policy& policy,
                         Ptr<const NetDevice> idev) const;
    /// Returns an address of ours with which a policy would protect the packet, if there is one.
    std::optional<Ipv4Address> ProtectedSource(const Ipv4Header& header, Ptr<const Packet> p) const;
    /// Tells what policies want for a packet of our own, whose ports may still be unknown.
    std::optional<PolicyAction> ClassifyOwn(const FlowKey& flow) const;
    Ptr<Ipv4Route> TunnelRoute(Ipv4Address source, Ipv4Address destination) const;

    TracedCallback<uint32_t, Ipv4InterfaceAddress> m_addressAddedTrace;
    TracedCallback<uint32_t, Ipv4InterfaceAddress> m_addressRemovedTrace;
    Ptr<Ipv4> m_ipv4;
    Ptr<Ipv4RoutingProtocol> m_inner;
    Ptr<IpsecDataPlane> m_dataPlane;
    Ptr<IpsecNetDevice> m_device;
    /// Policies apply to outer interfaces, so that one for everything leaves the own network alone.
    IpsecOwnAddresses m_own;
    /// The stack's way to forward, while it routes a packet that must not be cut.
    std::decay_t<RouteInputTypes::UnicastForward> m_forward;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_POLICY_ROUTING_H
