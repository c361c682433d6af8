// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-node-stack.h"

#include "ns3/arp-l3-protocol.h"
#include "ns3/icmpv4-l4-protocol.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipsec-compat.h"
#include "ns3/ipsec-raw-ip-device.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv4-routing-table-entry.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/loopback-net-device.h"
#include "ns3/point-to-point-net-device.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/tcp-l4-protocol.h"
#include "ns3/traffic-control-layer.h"
#include "ns3/udp-l4-protocol.h"

namespace ns3
{
namespace ipsec
{

namespace
{

/// Streams that ARP takes of a whole stack.
constexpr int64_t ARP_STREAMS = 1;

/// Empties the list of handlers of a layer.
void ForgetHandlers(TrafficControlLayer& layer);

/**
 * Reaches that list: IPv4 enters each of its interfaces there twice, and ns-3 knows no way to take
 * them out again. An explicit instantiation may name what is private ([temp.spec]), and fails to
 * compile if a later ns-3 calls it otherwise.
 */
template <auto HANDLERS>
struct HandlersOf
{
    friend void
    ForgetHandlers(TrafficControlLayer& layer)
    {
        layer.*HANDLERS = {};
    }
};

template struct HandlersOf<&TrafficControlLayer::m_handlers>;

/**
 * What ns-3 puts between the devices of a node and its protocols, for one that has IPv4 alone: it
 * needs no list of handlers. It has no type of its own: for everybody else it is what ns-3 has
 * there.
 */
class LeanTrafficControlLayer : public TrafficControlLayer
{
  public:
    void
    Receive(Ptr<NetDevice> device,
            Ptr<const Packet> packet,
            uint16_t protocol,
            const Address& from,
            const Address& to,
            NetDevice::PacketType type) override
    {
        device->GetNode()->GetObject<Ipv4L3Protocol>()->Receive(
            device, packet, protocol, from, to, type);
    }
};

/// The loopback device of a node with a lean stack, of ns-3's type. It lends its way to the node:
/// all devices hand packets to the same function of it.
class LeanLoopbackDevice : public LoopbackNetDevice
{
  public:
    void
    SetReceiveCallback(NetDevice::ReceiveCallback callback) override
    {
        m_receive = callback;
        LoopbackNetDevice::SetReceiveCallback(callback);
    }

    const NetDevice::ReceiveCallback&
    GetReceiveCallback() const
    {
        return m_receive;
    }

  protected:
    void
    DoDispose() override
    {
        m_receive = NetDevice::ReceiveCallback();
        LoopbackNetDevice::DoDispose();
    }

  private:
    NetDevice::ReceiveCallback m_receive;
};

/// Takes a packet for the stack of whatever node a device is of.
void
ReceiveAtNode(Ptr<NetDevice> device,
              Ptr<const Packet> packet,
              uint16_t protocol,
              const Address& from,
              const Address& to,
              NetDevice::PacketType type)
{
    device->GetNode()->GetObject<TrafficControlLayer>()->Receive(
        device, packet, protocol, from, to, type);
}

/// IPv4 whose interfaces share what they have alike. It, too, is of ns-3's type.
class LeanIpv4 : public Ipv4L3Protocol
{
  public:
    uint32_t
    AddInterface(Ptr<NetDevice> device) override
    {
        const uint32_t interface = Ipv4L3Protocol::AddInterface(device);
        const Ptr<Node> node = device->GetNode();
        const Ptr<TrafficControlLayer> layer = node->GetObject<TrafficControlLayer>();
        const Node::ProtocolHandler own = MakeCallback(&TrafficControlLayer::Receive, layer);
        // That of IPv4 and that of ARP.
        node->UnregisterProtocolHandler(own);
        node->UnregisterProtocolHandler(own);
        static const Node::ProtocolHandler ofAll = MakeCallback(&ReceiveAtNode);
        node->RegisterProtocolHandler(ofAll, ETHERTYPE_IPV4, device);
        ForgetHandlers(*layer);
        if (DynamicCast<IpsecRawIpDevice>(device) || DynamicCast<PointToPointNetDevice>(device))
        {
            device->SetReceiveCallback(
                DynamicCast<LeanLoopbackDevice>(GetNetDevice(0))->GetReceiveCallback());
        }
        return interface;
    }
};

} // namespace

void
InstallStack(Ptr<Node> node)
{
    InternetStackHelper stack;
    stack.SetIpv6StackInstall(false);
    // Static routes are all that there are: what else ns-3 would add takes a kilobyte in each node.
    stack.SetRoutingHelper(Ipv4StaticRoutingHelper());
    stack.Install(node);
}

void
InstallLeanStack(Ptr<Node> node)
{
    // In the place of the stream that ns-3 would give to ARP, so that none of the others moves.
    RngSeedManager::GetNextStreamIndex();
    // IPv4 takes the loopback device that there is.
    node->AddDevice(CreateObject<LeanLoopbackDevice>());
    const Ptr<Ipv4L3Protocol> ipv4 = CreateObject<LeanIpv4>();
    node->AggregateObject(ipv4);
    const Ptr<Icmpv4L4Protocol> icmp = CreateObject<Icmpv4L4Protocol>();
    node->AggregateObject(icmp);
    ipv4->SetRoutingProtocol(Ipv4StaticRoutingHelper().Create(node));
    node->AggregateObject(CreateObject<LeanTrafficControlLayer>());
    const Ptr<UdpL4Protocol> udp = CreateObject<UdpL4Protocol>();
    node->AggregateObject(udp);
    // Both send through IPv4.
    udp->SetDownTarget(icmp->GetDownTarget());
}

void
InstallTcp(Ptr<Node> node)
{
    node->AggregateObject(CreateObject<TcpL4Protocol>());
}

int64_t
AssignStackStreams(Ptr<Node> node, int64_t stream)
{
    const int64_t used = InternetStackHelper().AssignStreams(NodeContainer(node), stream);
    return used + (node->GetObject<ArpL3Protocol>() ? 0 : ARP_STREAMS);
}

void
RemoveDefaultRoute(Ptr<Node> node, Ptr<NetDevice> device)
{
    Ptr<Ipv4> ipv4 = node->GetObject<Ipv4>();
    const auto interface = static_cast<uint32_t>(ipv4->GetInterfaceForDevice(device));
    Ptr<Ipv4StaticRouting> routing = Ipv4StaticRoutingHelper().GetStaticRouting(ipv4);
    for (uint32_t i = routing->GetNRoutes(); i > 0; i--)
    {
        Ipv4RoutingTableEntry route = routing->GetRoute(i - 1);
        if (route.IsDefault() && route.GetInterface() == interface)
        {
            routing->RemoveRoute(i - 1);
        }
    }
}

} // namespace ipsec
} // namespace ns3
