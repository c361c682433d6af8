// SPDX-License-Identifier: GPL-2.0-only
#include "vpn-traffic.h"

#include "two-sites.h"

#include "ns3/inet-socket-address.h"
#include "ns3/ipsec-conversions.h"
#include "ns3/names.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/udp-socket-factory.h"

namespace ns3
{
namespace ipsec
{

namespace
{

/// Long enough for HoldsPayload() to find it; the first octet says who sent it.
constexpr size_t OCTETS = 100;

} // namespace

VpnTest::VpnTest()
{
    RngSeedManager::SetSeed(1);
    RngSeedManager::SetRun(1);
    helper.GetIpsecHelper().SetPreSharedKey("tiandihui2");
    helper.GetIpsecHelper().SetPhase2Proposals("nopfs-esp-aes128-sha");
}

VpnTest::~VpnTest()
{
    Simulator::Destroy();
    Names::Clear();
}

VpnTraffic::VpnTraffic(const VpnTopology& vpn)
    : m_vpn(vpn)
{
    for (uint32_t site = 0; site < vpn.sites.size(); ++site)
    {
        if (vpn.sites[site].hosts.GetN() > 0)
        {
            Listen(site);
        }
        vpn.sites[site].outside->TraceConnectWithoutContext("Sniffer",
                                                            MakeCallback(&VpnTraffic::Watch, this));
    }
    VpnTopologyHelper::AssignStreams(vpn, 100);
}

void
VpnTraffic::Listen(uint32_t site)
{
    const Ptr<Socket> socket =
        Socket::CreateSocket(m_vpn.sites[site].hosts.Get(0), UdpSocketFactory::GetTypeId());
    socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), TwoSites::PORT));
    socket->SetRecvCallback(Callback<void, Ptr<Socket>>(
        [this, site](Ptr<Socket> readable)
        {
            while (const Ptr<Packet> packet = readable->Recv())
            {
                uint8_t sender = 0;
                packet->CopyData(&sender, 1);
                ++received[{sender, site}];
                arrivals.push_back(Simulator::Now());
            }
        }));
    m_sockets.push_back(socket);
}

void
VpnTraffic::SendAt(Time at, uint32_t from, uint32_t to)
{
    Send(at, m_vpn.sites[from].hosts.Get(0), from, to);
}

void
VpnTraffic::SendFromGatewayAt(Time at, uint32_t from, uint32_t to)
{
    Send(at, m_vpn.sites[from].gateway, from, to);
}

void
VpnTraffic::SendEverySecond(Time start, Time end, uint32_t from, uint32_t to)
{
    for (Time at = start; at < end; at += Seconds(1))
    {
        SendAt(at, from, to);
    }
}

void
VpnTraffic::Send(Time at, Ptr<Node> node, uint32_t from, uint32_t to)
{
    Octets octets(OCTETS, TwoSites::PAYLOAD);
    octets[0] = static_cast<uint8_t>(from);
    const Ptr<Socket> socket = Socket::CreateSocket(node, UdpSocketFactory::GetTypeId());
    socket->Bind();
    m_sockets.push_back(socket);
    const InetSocketAddress remote(m_vpn.HostAddress(to), TwoSites::PORT);
    Simulator::Schedule(at - Simulator::Now(),
                        [socket, remote, octets]()
                        { socket->SendTo(ToPacket(octets), 0, remote); });
}

void
VpnTraffic::RunUntil(Time end)
{
    Simulator::Stop(end - Simulator::Now());
    Simulator::Run();
}

void
VpnTraffic::Watch(Ptr<const Packet> packet)
{
    leaked += HoldsPayload(ToOctets(*packet)) ? 1 : 0;
}

} // namespace ipsec
} // namespace ns3
