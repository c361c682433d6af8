// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Brings a NAT the packets that cross the outside interface of its node.
 */
#ifndef NAT_ROUTING_H
#define NAT_ROUTING_H

#include "ipsec-compat.h"
#include "nat-box.h"

#include "ns3/ipv4-list-routing.h"

namespace ns3
{
namespace ipsec
{

/**
 * Wraps the routing protocol of a node, because ns-3 asks nobody else about packets to addresses of
 * the node. Packets from inside are translated behind the wrapped protocol's choice of a route,
 * those from outside before it.
 *
 * It is a list of what the wrapped protocol is (or lists), so that helpers such as
 * Ipv4StaticRoutingHelper find their protocol behind it.
 */
class NatRouting : public Ipv4ListRouting
{
  public:
    static TypeId GetTypeId();
    NatRouting();
    ~NatRouting() override;

    /// Puts itself in front of the routing protocol of @p ipv4.
    void Wrap(Ptr<Ipv4> ipv4, Ptr<NatBox> box);
    /// Returns the wrapped protocol.
    Ptr<Ipv4RoutingProtocol> GetInner() const;

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
    /// What the stack offers to do with a packet that came in.
    struct Ways
    {
        Ptr<const NetDevice> device;
        UnicastForwardCallback forward;
        MulticastForwardCallback forwardGroup;
        LocalDeliverCallback deliver;
        ErrorCallback report;
    };

    bool RouteFromInside(const NatPiece& piece, const Ways& ways);
    bool RouteFromOutside(const NatPiece& piece, const Ways& ways);
    bool RouteInner(const NatPiece& piece, const Ways& ways, UnicastForwardCallback forward);
    /// Routes what became of a packet to an outside address.
    void RoutePassage(const NatBox::Passage& passage, const Ways& ways);
    /// Translates a packet that the wrapped protocol sends outside.
    void ForwardFromInside(Ptr<Ipv4Route> route, Ptr<const Packet> p, const Ipv4Header& header);
    /// Forwards a translated packet, of which m_before is what it was.
    void ForwardTranslated(Ptr<Ipv4Route> route, Ptr<const Packet> p, const Ipv4Header& header);
    /// Forwards a packet from outside that nobody translated, if it stays outside.
    void ForwardPast(Ptr<Ipv4Route> route, Ptr<const Packet> p, const Ipv4Header& header);
    /// Lets the stack answer a packet that cannot go on, as its sender knows it; true if it did.
    bool IsRefused(Ptr<Ipv4Route> route, const NatPiece& before);
    NatBox::Side SideOf(Ptr<const Ipv4Route> route) const;

    Ptr<Ipv4> m_ipv4;
    Ptr<Ipv4RoutingProtocol> m_inner;
    Ptr<NatBox> m_box;
    /// Of the packet that is being routed.
    UnicastForwardCallback m_forward;
    NatPiece m_before;
};

} // namespace ipsec
} // namespace ns3

#endif // NAT_ROUTING_H
