// SPDX-License-Identifier: GPL-2.0-only

// The smallest VPN: two sites, the internet between them, and one question that crosses it.
//
//     10.1.0.2          10.1.0.1   192.0.2.1    198.51.100.1   10.2.0.1          10.2.0.2
//   +----------+        +-----------+    internet    +-----------+        +----------+
//   | computer |--------| gateway-a |================| gateway-b |--------|  server  |
//   +----------+  link  +-----------+  20 ms, cloud  +-----------+  link  +----------+
//
// The computer asks the server something. Its packet has no way into the other site but the
// tunnel, so gateway-a negotiates: six messages of main mode, three of quick mode. The packet
// waits meanwhile, then crosses the internet inside ESP, and so does the answer.
//
// Expected output:
//
//   1.000s computer asks 100 octets
//   1.120s gateway-a trusts gateway-b (pre-g2-aes128-sha)
//   1.160s gateway-a has an inbound SA (g2-esp-aes128-sha)
//   1.160s gateway-a has an outbound SA (g2-esp-aes128-sha)
//   1.200s computer is answered 100 octets
//   gateway-a sealed 1 packet and opened 1
//
// The program ends with 0 only if it saw all of this.

#include "ns3/applications-module.h"
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/ipsec-cloud-helper.h"
#include "ns3/ipsec-helper.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-module.h"

#include <iomanip>
#include <iostream>
#include <string>

using namespace ns3;
using namespace ns3::ipsec;

namespace
{

int g_steps = 0;

void
Say(const std::string& what)
{
    ++g_steps;
    std::cout << std::fixed << std::setprecision(3) << Simulator::Now().GetSeconds() << "s " << what
              << std::endl;
}

void
Asked(Ptr<const Packet> packet)
{
    Say("computer asks " + std::to_string(packet->GetSize()) + " octets");
}

void
Answered(Ptr<const Packet> packet)
{
    Say("computer is answered " + std::to_string(packet->GetSize()) + " octets");
}

void
IkeSaIsUp(const IkeSaInfo& sa)
{
    Say("gateway-a trusts " + sa.peerName + " (" + sa.proposal.ToString() + ")");
}

void
SaIsInstalled(const IpsecSa& sa)
{
    const bool isInbound = sa.direction == SaDirection::Inbound;
    Say("gateway-a has an " + std::string(isInbound ? "inbound" : "outbound") + " SA (" +
        sa.proposal.Text() + ")");
}

} // namespace

int
main(int argc, char* argv[])
{
    CommandLine cmd(__FILE__);
    cmd.Parse(argc, argv);

    // Nodes and what lies behind the gateways.
    NodeContainer computer(1);
    NodeContainer gateways(2);
    NodeContainer server(1);
    Names::Add("gateway-a", gateways.Get(0));
    Names::Add("gateway-b", gateways.Get(1));
    InternetStackHelper stack;
    stack.Install(NodeContainer(computer, gateways, server));

    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("100Mbps"));
    Ipv4AddressHelper addresses("10.1.0.0", "255.255.255.0");
    addresses.Assign(link.Install(gateways.Get(0), computer.Get(0)));
    addresses.SetBase("10.2.0.0", "255.255.255.0");
    Ipv4InterfaceContainer siteB = addresses.Assign(link.Install(gateways.Get(1), server.Get(0)));

    Ipv4StaticRoutingHelper routing;
    routing.GetStaticRouting(computer.Get(0)->GetObject<Ipv4>())->SetDefaultRoute("10.1.0.1", 1);
    routing.GetStaticRouting(server.Get(0)->GetObject<Ipv4>())->SetDefaultRoute("10.2.0.1", 1);

    // The internet.
    IpsecCloudHelper internet;
    internet.SetChannelAttribute("Delay", TimeValue(MilliSeconds(20)));
    internet.Attach(gateways.Get(0), "192.0.2.1", "255.255.255.0");
    internet.Attach(gateways.Get(1), "198.51.100.1", "255.255.255.0");

    // The VPN.
    IpsecHelper vpn;
    vpn.SetPhase1Proposals("pre-g2-aes128-sha");
    vpn.SetPhase2Proposals("g2-esp-aes128-sha");
    vpn.SetPreSharedKey("correct horse battery staple");
    vpn.ConnectSites(gateways.Get(0),
                     "192.0.2.1",
                     "10.1.0.0/24",
                     gateways.Get(1),
                     "198.51.100.1",
                     "10.2.0.0/24");
    vpn.InstallSites();

    // One question.
    UdpEchoServerHelper echoServer(9);
    echoServer.Install(server);
    UdpEchoClientHelper echoClient(siteB.GetAddress(1), 9);
    echoClient.SetAttribute("MaxPackets", UintegerValue(1));
    ApplicationContainer client = echoClient.Install(computer);
    client.Start(Seconds(1.0));

    client.Get(0)->TraceConnectWithoutContext("Tx", MakeCallback(&Asked));
    client.Get(0)->TraceConnectWithoutContext("Rx", MakeCallback(&Answered));
    Ptr<IkeDaemon> daemon = IpsecHelper::GetDaemon(gateways.Get(0));
    daemon->TraceConnectWithoutContext("IkeSaUp", MakeCallback(&IkeSaIsUp));
    daemon->TraceConnectWithoutContext("SaInstalled", MakeCallback(&SaIsInstalled));

    Simulator::Stop(Seconds(10.0));
    Simulator::Run();
    Ptr<IpsecDataPlane> plane = IpsecHelper::GetDataPlane(gateways.Get(0));
    std::cout << "gateway-a sealed " << plane->ProtectedPackets() << " packet and opened "
              << plane->UnprotectedPackets() << std::endl;
    const bool isSeen =
        g_steps == 5 && plane->ProtectedPackets() == 1 && plane->UnprotectedPackets() == 1;
    Simulator::Destroy();
    return isSeen ? 0 : 1;
}
