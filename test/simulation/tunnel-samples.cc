// SPDX-License-Identifier: GPL-2.0-only
#include "tunnel-samples.h"

#include "ns3/esp-header.h"
#include "ns3/ipsec-conversions.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv4-route.h"
#include "ns3/simulator.h"
#include "ns3/udp-header.h"
#include "ns3/uinteger.h"

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr size_t FLAGS_OFFSET = 6;
constexpr size_t PROTOCOL_OFFSET = 9;
constexpr uint8_t DONT_FRAGMENT = 0x40;
constexpr uint8_t MORE_FRAGMENTS = 0x20;

ManualTunnel
Blank()
{
    ManualTunnel tunnel;
    tunnel.name = "a-b";
    tunnel.localAddress = IpAddress::Parse(TwoSites::ADDRESS_A);
    tunnel.remoteAddress = IpAddress::Parse(TwoSites::ADDRESS_B);
    tunnel.proxyId.local = Prefix::Parse(TwoSites::LAN_A);
    tunnel.proxyId.remote = Prefix::Parse(TwoSites::LAN_B);
    return tunnel;
}

ManualKeys
Keys(uint32_t spi)
{
    const auto seed = static_cast<uint8_t>(spi);
    return {spi, SecretBytes(Octets(16, seed)), SecretBytes(Octets(20, seed))};
}

void
AddAh(ManualTunnel& tunnel)
{
    tunnel.ah = IntegrityId::HmacSha1_96;
    tunnel.ahOut = Keys(0x3001);
    tunnel.ahIn = Keys(0x3002);
}

void
Send(Ptr<Node> node, const InnerPacket& packet)
{
    const Ptr<Packet> payload = ToPacket(Octets(packet.octets - 28, TwoSites::PAYLOAD));
    UdpHeader udp;
    udp.SetSourcePort(4000);
    udp.SetDestinationPort(TwoSites::PORT);
    if (Node::ChecksumEnabled())
    {
        udp.EnableChecksums();
        udp.InitializeChecksum(TwoSites::PC_A, TwoSites::PC_B, IP_PROTOCOL_UDP);
    }
    payload->AddHeader(udp);
    Ipv4Header header;
    header.SetSource(TwoSites::PC_A);
    header.SetDestination(TwoSites::PC_B);
    header.SetProtocol(IP_PROTOCOL_UDP);
    header.SetTtl(64);
    header.SetTos(packet.typeOfService);
    header.SetPayloadSize(static_cast<uint16_t>(payload->GetSize()));
    if (packet.dontFragment)
    {
        header.SetDontFragment();
    }
    const Ptr<Ipv4L3Protocol> ipv4 = node->GetObject<Ipv4L3Protocol>();
    Socket::SocketErrno error = Socket::ERROR_NOTERROR;
    const Ptr<Ipv4Route> route =
        ipv4->GetRoutingProtocol()->RouteOutput(payload, header, nullptr, error);
    ipv4->SendWithHeader(payload, header, route);
}

} // namespace

ManualTunnel
TunnelByHand()
{
    ManualTunnel tunnel = Blank();
    tunnel.esp = EspAlgorithms{CipherId::Aes128, IntegrityId::HmacSha1_96};
    tunnel.espOut = Keys(0x2001);
    tunnel.espIn = Keys(0x2002);
    return tunnel;
}

ManualTunnel
AhByHand()
{
    ManualTunnel tunnel = Blank();
    AddAh(tunnel);
    return tunnel;
}

ManualTunnel
BundleByHand()
{
    ManualTunnel tunnel = TunnelByHand();
    AddAh(tunnel);
    return tunnel;
}

ManualTunnel
TransportByHand(uint8_t protocol)
{
    ManualTunnel tunnel = TunnelByHand();
    tunnel.mode = EncapsulationMode::Transport;
    tunnel.proxyId.local = Prefix::Host(tunnel.localAddress);
    tunnel.proxyId.remote = Prefix::Host(tunnel.remoteAddress);
    tunnel.proxyId.protocol = protocol;
    return tunnel;
}

void
SendAt(Time at, const TwoSites& sites, const InnerPacket& packet)
{
    const Ptr<Node> node = sites.pcA;
    Simulator::Schedule(at, [node, packet]() { Send(node, packet); });
}

uint64_t
DropsOf(const IpsecDataPlane& plane, Fault fault)
{
    const auto found = plane.Drops().find(fault);
    return found == plane.Drops().end() ? 0 : found->second;
}

IcmpWatcher::IcmpWatcher(Ptr<Node> node)
    : m_socket(Socket::CreateSocket(node, TypeId::LookupByName("ns3::Ipv4RawSocketFactory")))
{
    m_socket->SetAttribute("Protocol", UintegerValue(IP_PROTOCOL_ICMP));
    m_socket->SetRecvCallback(MakeCallback(&IcmpWatcher::HandleRead, this));
}

void
IcmpWatcher::HandleRead(Ptr<Socket> socket)
{
    received.push_back(socket->Recv());
}

std::vector<uint16_t>
IcmpWatcher::FragmentationNeeded() const
{
    std::vector<uint16_t> mtus;
    for (const Ptr<Packet>& packet : received)
    {
        const Octets octets = ToOctets(*packet);
        if (const auto message = ReadFragmentationNeeded(OctetView(octets).From(20)))
        {
            mtus.push_back(message->mtu);
        }
    }
    return mtus;
}

uint8_t
ProtocolOf(const Octets& packet)
{
    return packet.at(PROTOCOL_OFFSET);
}

bool
IsFragment(const Octets& packet)
{
    return (packet.at(FLAGS_OFFSET) & 0x1f) != 0 || packet.at(FLAGS_OFFSET + 1) != 0 ||
           (packet.at(FLAGS_OFFSET) & MORE_FRAGMENTS) != 0;
}

bool
HasDontFragment(const Octets& packet)
{
    return (packet.at(FLAGS_OFFSET) & DONT_FRAGMENT) != 0;
}

} // namespace ipsec
} // namespace ns3
