// SPDX-License-Identifier: GPL-2.0-only
#include "hub-and-spokes.h"

#include "tunnel-samples.h"

#include "ns3/internet-stack-helper.h"
#include "ns3/ipsec-conversions.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/names.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/udp-socket-factory.h"

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr int64_t FIRST_STREAM = 100;

void
AddAddress(Ptr<Node> node, Ptr<NetDevice> device, const std::string& address)
{
    const Ptr<Ipv4> ipv4 = node->GetObject<Ipv4>();
    const uint32_t interface = ipv4->AddInterface(device);
    ipv4->AddAddress(interface,
                     Ipv4InterfaceAddress(Ipv4Address(address.c_str()), "255.255.255.0"));
    ipv4->SetUp(interface);
}

} // namespace

std::string
HubAndSpokes::Outside(size_t site)
{
    return "192.0.2." + std::to_string(site + 1);
}

std::string
HubAndSpokes::Lan(size_t site)
{
    return "10." + std::to_string(site) + ".0.0/24";
}

std::string
HubAndSpokes::Pc(size_t site)
{
    return "10." + std::to_string(site) + ".0.2";
}

HubAndSpokes::HubAndSpokes(size_t sites)
    : received(sites)
{
    RngSeedManager::SetSeed(1);
    RngSeedManager::SetRun(1);
    cloud.SetChannelAttribute("Delay", TimeValue(MilliSeconds(10)));
    helper.SetPreSharedKey("tiandihui2");
    helper.SetPhase2Proposals("nopfs-esp-aes128-sha");
    for (size_t site = 0; site < sites; ++site)
    {
        AddSite(site);
    }
}

HubAndSpokes::~HubAndSpokes()
{
    m_sockets.clear();
    Simulator::Destroy();
    Names::Clear();
}

void
HubAndSpokes::AddSite(size_t site)
{
    const Ptr<Node> gateway = CreateObject<Node>();
    const Ptr<Node> pc = CreateObject<Node>();
    Names::Add("gateway-" + std::to_string(site), gateway);
    InternetStackHelper stack;
    stack.SetIpv6StackInstall(false);
    stack.Install(NodeContainer(gateway, pc));
    PointToPointHelper cable;
    cable.SetDeviceAttribute("DataRate", StringValue("100Mbps"));
    const NetDeviceContainer link = cable.Install(gateway, pc);
    const std::string network = "10." + std::to_string(site) + ".0.";
    AddAddress(gateway, link.Get(0), network + "1");
    AddAddress(pc, link.Get(1), network + "2");
    Ipv4StaticRoutingHelper()
        .GetStaticRouting(pc->GetObject<Ipv4>())
        ->SetDefaultRoute(Ipv4Address((network + "1").c_str()), 1);
    const Ptr<IpsecCloudNetDevice> wire =
        cloud.Attach(gateway, Ipv4Address(Outside(site).c_str()), Ipv4Mask::GetOnes());
    wire->TraceConnectWithoutContext("Sniffer", MakeCallback(&HubAndSpokes::Watch, this));

    const Ptr<Socket> socket = Socket::CreateSocket(pc, UdpSocketFactory::GetTypeId());
    socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), TwoSites::PORT));
    socket->SetRecvCallback(Callback<void, Ptr<Socket>>(
        [this, site](Ptr<Socket> readable)
        {
            while (readable->Recv())
            {
                ++received[site];
            }
        }));
    m_sockets.push_back(socket);
    gateways.push_back(gateway);
    pcs.push_back(pc);
    wires.push_back(wire);
}

void
HubAndSpokes::Watch(Ptr<const Packet> packet)
{
    const Octets octets = ToOctets(*packet);
    ++seen[ProtocolOf(octets)];
    leaked += HoldsPayload(octets) ? 1 : 0;
}

void
HubAndSpokes::ConnectByPolicies()
{
    for (size_t spoke = 1; spoke < gateways.size(); ++spoke)
    {
        helper.ConnectSites(
            gateways[0], Outside(0), "10.0.0.0/8", gateways[spoke], Outside(spoke), Lan(spoke));
    }
}

void
HubAndSpokes::ConnectByRoutes()
{
    std::vector<std::pair<ChildId, ChildId>> tunnels;
    for (size_t spoke = 1; spoke < gateways.size(); ++spoke)
    {
        tunnels.push_back(
            helper.ConnectByRoutes(gateways[0], Outside(0), gateways[spoke], Outside(spoke)));
    }
    Install();
    for (size_t spoke = 1; spoke < gateways.size(); ++spoke)
    {
        IpsecHelper::AddTunnelRoute(gateways[0], Lan(spoke), tunnels[spoke - 1].first);
        IpsecHelper::AddTunnelRoute(gateways[spoke], "10.0.0.0/8", tunnels[spoke - 1].second);
    }
}

void
HubAndSpokes::Install()
{
    helper.InstallSites();
    NodeContainer nodes;
    for (const Ptr<Node>& gateway : gateways)
    {
        nodes.Add(gateway);
    }
    IpsecHelper::AssignStreams(nodes, FIRST_STREAM);
}

void
HubAndSpokes::SendAt(Time at, size_t from, size_t to, uint32_t octets)
{
    SendEvery(Seconds(1), at, at + NanoSeconds(1), from, to, octets);
}

void
HubAndSpokes::SendEvery(Time interval,
                        Time start,
                        Time stop,
                        size_t from,
                        size_t to,
                        uint32_t octets)
{
    const Ptr<Socket> socket = Socket::CreateSocket(pcs[from], UdpSocketFactory::GetTypeId());
    socket->Bind();
    m_sockets.push_back(socket);
    const InetSocketAddress remote(Ipv4Address(Pc(to).c_str()), TwoSites::PORT);
    for (Time at = start; at < stop; at += interval)
    {
        Simulator::Schedule(at - Simulator::Now(),
                            [this, socket, remote, octets]()
                            {
                                ++sent;
                                socket->SendTo(
                                    ToPacket(Octets(octets, TwoSites::PAYLOAD)), 0, remote);
                            });
    }
}

void
HubAndSpokes::RunUntil(Time end)
{
    Simulator::Stop(end - Simulator::Now());
    Simulator::Run();
}

Ptr<IpsecDataPlane>
HubAndSpokes::Plane(size_t site) const
{
    return IpsecHelper::GetDataPlane(gateways[site]);
}

Ptr<IkeDaemon>
HubAndSpokes::Daemon(size_t site) const
{
    return IpsecHelper::GetDaemon(gateways[site]);
}

} // namespace ipsec
} // namespace ns3
