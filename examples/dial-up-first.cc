// SPDX-License-Identifier: GPL-2.0-only

// The smallest remote access: a laptop on somebody's Wi-Fi, and its office.
//
//   +--------+   Wi-Fi, DHCP   +--------+   internet   +-----+ 10.2.0.1  10.2.0.2 +--------+
//   | laptop |-----------------| router |==============| hub |--------------------| server |
//   +--------+ 192.168.1.100   +--------+ 20 ms, cloud +-----+        LAN         +--------+
//                          203.0.113.1            198.51.100.1
//
// The laptop gets an address from the router and calls the office: aggressive mode under its name
// and Mode Config, which gives it an address of the office's. From that one it asks the server.
// Then its user says good-bye.
//
// Expected output:
//
//   0.000s laptop is WaitsForAddress
//   5.000s laptop is Connecting
//   5.120s laptop is Connected
//   5.120s laptop has 10.9.0.1 in the office
//   7.020s server is asked by 10.9.0.1
//   9.000s laptop is Off
//
// The program ends with 0 only if it saw all of this.

#include "ns3/applications-module.h"
#include "ns3/core-module.h"
#include "ns3/dial-up-helper.h"
#include "ns3/internet-module.h"
#include "ns3/ipsec-cloud-helper.h"
#include "ns3/ipsec-conversions.h"

#include <iomanip>
#include <iostream>
#include <string>

using namespace ns3;
using namespace ns3::ipsec;

namespace
{

constexpr uint16_t PORT = 7;
constexpr char HUB[] = "198.51.100.1";

int g_steps = 0;

void
Say(const std::string& what)
{
    ++g_steps;
    std::cout << std::fixed << std::setprecision(3) << Simulator::Now().GetSeconds() << "s " << what
              << std::endl;
}

void
StateChanges(DialUpState, DialUpState to)
{
    Say(std::string("laptop is ") + DialUpStateName(to));
}

void
TunnelIsUp(Ptr<DialUpClient> client, Time)
{
    Say("laptop has " + ToCore(*client->GetAssignedAddress()).ToString() + " in the office");
}

void
ServerIsAsked(Ptr<const Packet>, const Address& from, const Address&)
{
    Say("server is asked by " + ToCore(InetSocketAddress::ConvertFrom(from).GetIpv4()).ToString());
}

/// What both ends of the tunnel have in common.
PeerConfig
CommonPeer(const std::string& name)
{
    ChildConfig child;
    child.name = "lan";
    child.proposals = ParsePhase2Proposals("g2-esp-aes128-sha");
    PeerConfig peer;
    peer.name = name;
    peer.mode = Phase1Mode::Aggressive;
    peer.proposals = ParsePhase1Proposals("pre-g2-aes128-sha");
    peer.preSharedKey = SecretBytes(AsOctets("the department's"));
    peer.children.push_back(child);
    return peer;
}

} // namespace

int
main(int argc, char* argv[])
{
    CommandLine(__FILE__).Parse(argc, argv);
    NodeContainer nodes(4);
    InternetStackHelper().Install(nodes);
    Ptr<Node> laptop = nodes.Get(0), router = nodes.Get(1), hub = nodes.Get(2);
    Ptr<Node> server = nodes.Get(3);

    // The internet, the office's LAN, and the Wi-Fi. There is no NAT: the internet knows the way.
    IpsecCloudHelper internet;
    internet.SetChannelAttribute("Delay", TimeValue(MilliSeconds(20)));
    const auto outside = internet.Attach(router, "203.0.113.1", "255.255.255.0");
    internet.GetChannel()->AddNetwork("192.168.1.0", "255.255.255.0", outside);
    internet.Attach(hub, HUB, "255.255.255.0");
    IpsecCloudHelper office;
    office.AttachRouter(hub, "10.2.0.1", "255.255.255.0");
    office.Attach(server, "10.2.0.2", "255.255.255.0");
    DialUpHelper dialUp;
    const Ptr<IpsecCloudChannel> wifi = dialUp.CreateLan();
    dialUp.AttachRouter(router, wifi, "192.168.1.1", "255.255.255.0");
    dialUp.ServeDhcp(router, wifi, {"192.168.1.100", "192.168.1.199", ""});
    dialUp.Join(laptop, wifi);

    // Whoever has the key is let in; the office gives them addresses of its own.
    EngineConfig gateway;
    gateway.peers.push_back(CommonPeer("users"));
    PeerConfig& users = gateway.peers.front();
    users.kind = PeerKind::DialUp;
    users.isGroup = true;
    users.localAddress = IpAddress::Parse(HUB);
    users.modeConfig.Edit().role = ModeConfigRole::PullServer;
    users.modeConfig.Edit().pool = "pool";
    users.children[0].remoteIsAssigned = true;
    gateway.pools.push_back(
        {"pool", IpAddress::Parse("10.9.0.1"), IpAddress::Parse("10.9.0.250"), 32, {}});
    IpsecHelper().Install(hub, gateway);

    PeerConfig caller = CommonPeer("office");
    caller.remoteAddress = IpAddress::Parse(HUB);
    caller.localId = Identity::Parse("alice@example.com");
    caller.modeConfig.Edit().role = ModeConfigRole::PullClient;
    caller.children[0].localIsAssigned = true;
    const Ptr<DialUpClient> client = dialUp.Install(laptop, caller);
    client->TraceConnectWithoutContext("State", MakeCallback(&StateChanges));
    client->TraceConnectWithoutContext("Connected", MakeBoundCallback(&TunnelIsUp, client));

    // One question, and good-bye.
    ApplicationContainer echo = UdpEchoServerHelper(PORT).Install(server);
    echo.Get(0)->TraceConnectWithoutContext("RxWithAddresses", MakeCallback(&ServerIsAsked));
    UdpEchoClientHelper asker(Ipv4Address("10.2.0.2"), PORT);
    asker.SetAttribute("MaxPackets", UintegerValue(1));
    asker.Install(laptop).Start(Seconds(7));
    Simulator::Schedule(Seconds(9), &DialUpClient::Disconnect, client);
    Simulator::Stop(Seconds(20));
    Simulator::Run();
    Simulator::Destroy();
    return g_steps == 6 ? 0 : 1;
}
