// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-stack.h"

#include "ns3/arp-l3-protocol.h"
#include "ns3/icmpv4-l4-protocol.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipsec-compat.h"
#include "ns3/ipsec-raw-ip-device.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv4-routing-table-entry.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/loopback-net-device.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/tcp-l4-protocol.h"
#include "ns3/traffic-control-layer.h"
#include "ns3/udp-l4-protocol.h"

#include <vector>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Streams of each stack that nobody uses: global routing had one, and no other stream moves.
constexpr int64_t ROUTING_STREAMS = 1;
/// Those of ARP.
constexpr int64_t ARP_STREAMS = 1;

/**
 * What ns-3 puts between the devices of a node and its protocols, for one that has IPv4 alone: it
 * needs no list of handlers, in which each interface has two of a quarter of a kilobyte. It has no
 * type of its own: for everybody else it is what ns-3 has there.
 */
class Ipv4TrafficControlLayer : public TrafficControlLayer
{
  public:
    /// Forgets the handlers of the interfaces that there are.
    void
    ForgetHandlers(Ptr<Node> node)
    {
        TrafficControlLayer::DoDispose();
        SetNode(node);
    }

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
InstallBranchStack(Ptr<Node> node, bool hasTcp)
{
    // In the place of the stream that ns-3 would give to ARP, so that none of the others moves.
    RngSeedManager::GetNextStreamIndex();
    const Ptr<Ipv4L3Protocol> ipv4 = CreateObject<Ipv4L3Protocol>();
    node->AggregateObject(ipv4);
    const Ptr<Icmpv4L4Protocol> icmp = CreateObject<Icmpv4L4Protocol>();
    node->AggregateObject(icmp);
    ipv4->SetRoutingProtocol(Ipv4StaticRoutingHelper().Create(node));
    node->AggregateObject(CreateObject<Ipv4TrafficControlLayer>());
    const Ptr<UdpL4Protocol> udp = CreateObject<UdpL4Protocol>();
    node->AggregateObject(udp);
    // Both send through IPv4.
    udp->SetDownTarget(icmp->GetDownTarget());
    if (hasTcp)
    {
        node->AggregateObject(CreateObject<TcpL4Protocol>());
    }
}

int64_t
AssignStackStreams(Ptr<Node> node, int64_t stream)
{
    const int64_t first = stream + ROUTING_STREAMS;
    const int64_t used = InternetStackHelper().AssignStreams(NodeContainer(node), first);
    return ROUTING_STREAMS + used + (node->GetObject<ArpL3Protocol>() ? 0 : ARP_STREAMS);
}

void
ShareCallbacks(Ptr<Node> node)
{
    std::vector<Ptr<IpsecRawIpDevice>> devices;
    Ptr<LoopbackNetDevice> loopback;
    for (uint32_t i = 0; i < node->GetNDevices(); ++i)
    {
        const Ptr<NetDevice> device = node->GetDevice(i);
        if (const Ptr<IpsecRawIpDevice> raw = DynamicCast<IpsecRawIpDevice>(device))
        {
            devices.push_back(raw);
        }
        else if (!(loopback = DynamicCast<LoopbackNetDevice>(device)))
        {
            return;
        }
    }
    const Node::ProtocolHandler handler =
        MakeCallback(&TrafficControlLayer::Receive, node->GetObject<TrafficControlLayer>());
    for (size_t i = 0; i < 2 * devices.size(); i++)
    {
        node->UnregisterProtocolHandler(handler);
    }
    if (const auto layer =
            DynamicCast<Ipv4TrafficControlLayer>(node->GetObject<TrafficControlLayer>()))
    {
        layer->ForgetHandlers(node);
    }
    static const Node::ProtocolHandler ofAll = MakeCallback(&ReceiveAtNode);
    for (const Ptr<IpsecRawIpDevice>& device : devices)
    {
        node->RegisterProtocolHandler(ofAll, ETHERTYPE_IPV4, device);
        // All of them hand packets to the same function of the node.
        device->SetReceiveCallback(devices.front()->GetReceiveCallback());
    }
    if (loopback && !devices.empty())
    {
        loopback->SetReceiveCallback(devices.front()->GetReceiveCallback());
    }
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
