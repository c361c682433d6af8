// SPDX-License-Identifier: GPL-2.0-only
// The UDP ports of IkeDaemon, and which of them a datagram is for.
#include "ike-daemon.h"
#include "ipsec-conversions.h"

#include "ns3/abort.h"
#include "ns3/ipv4-end-point.h"
#include "ns3/ipv4-interface.h"
#include "ns3/node.h"
#include "ns3/udp-l4-protocol.h"

namespace ns3
{
namespace ipsec
{

std::optional<Endpoint>
IkeDaemon::PortOf(uint16_t number, Ipv4Address destination, const Ipv4Interface& interface) const
{
    const Endpoint usual{ToCore(destination), number};
    if (m_ports.count(usual) > 0)
    {
        return usual;
    }
    for (uint32_t i = 0; i < interface.GetNAddresses(); ++i)
    {
        const Endpoint other{ToCore(interface.GetAddress(i).GetLocal()), number};
        if (m_ports.count(other) > 0)
        {
            return other;
        }
    }
    return std::nullopt;
}

template <uint16_t PORT>
void
IkeDaemon::ReceiveAt(Ptr<Packet> packet,
                     Ipv4Header header,
                     uint16_t remotePort,
                     Ptr<Ipv4Interface> interface)
{
    const Ptr<Node> node = interface->GetDevice()->GetNode();
    const Endpoint usual{ToCore(header.GetDestination()), PORT};
    Ptr<IkeDaemon> receiver;
    Endpoint local;
    for (uint32_t i = 0; i < node->GetNApplications(); ++i)
    {
        const Ptr<IkeDaemon> daemon = DynamicCast<IkeDaemon>(node->GetApplication(i));
        if (!daemon)
        {
            continue;
        }
        if (daemon->m_ports.count(usual) > 0)
        {
            daemon->Receive(usual, remotePort, packet, header);
            return;
        }
        // Whoever has the destination itself comes first, even if others have addresses beside it.
        const std::optional<Endpoint> beside =
            receiver ? std::nullopt : daemon->PortOf(PORT, header.GetDestination(), *interface);
        if (beside)
        {
            receiver = daemon;
            local = *beside;
        }
    }
    if (receiver)
    {
        receiver->Receive(local, remotePort, packet, header);
    }
}

void
IkeDaemon::OpenPorts()
{
    for (const PeerConfig& peer : m_config->peers)
    {
        OpenPort(Endpoint{peer.localAddress, IKE_PORT});
        OpenPort(Endpoint{peer.localAddress, NATT_PORT});
    }
}

void
IkeDaemon::OpenPort(const Endpoint& local)
{
    if (m_ports.count(local) > 0 || local.address == UNKNOWN_ADDRESS)
    {
        return;
    }
    m_udp = GetNode()->GetObject<UdpL4Protocol>();
    Ipv4EndPoint* port = m_udp->Allocate(nullptr, ToNs3(local.address), local.port);
    NS_ABORT_MSG_IF(!port, "UDP " << local.ToString() << " is already in use on this node");
    using Handler = Callback<void, Ptr<Packet>, Ipv4Header, uint16_t, Ptr<Ipv4Interface>>;
    static const Handler ofIke = MakeCallback(&IkeDaemon::ReceiveAt<IKE_PORT>);
    static const Handler ofNatt = MakeCallback(&IkeDaemon::ReceiveAt<NATT_PORT>);
    port->SetRxCallback(local.port == NATT_PORT ? ofNatt : ofIke);
    m_ports[local] = port;
}

void
IkeDaemon::ClosePorts()
{
    for (const auto& [local, port] : m_ports)
    {
        m_udp->DeAllocate(port);
    }
    m_ports.clear();
}

} // namespace ipsec
} // namespace ns3
