// SPDX-License-Identifier: GPL-2.0-only

// The smallest NAT: two computers at home, one address, and a server on the internet.
//
//   +-------+ 10.0.0.2
//   | alice |------+    10.0.0.1     192.0.2.1          198.51.100.1
//   +-------+      | LAN  +-----+   internet      +--------+
//                  |------| box |=================| server |
//   +-------+      |      +-----+  20 ms, cloud   +--------+
//   |  bob  |------+
//   +-------+ 10.0.0.3
//
// Both ask the server from the same port, and the server sees two ports of one address. Each gets
// its own answer. Later the mappings are over.
//
// Expected output:
//
//   1.000s mapping udp 10.0.0.2:5000 = 192.0.2.1:5000
//   1.020s server is asked by 192.0.2.1:5000
//   1.040s alice is answered
//   2.000s mapping udp 10.0.0.3:5000 = 192.0.2.1:5002
//   2.020s server is asked by 192.0.2.1:5002
//   2.040s bob is answered
//   31.040s mapping udp 10.0.0.2:5000 = 192.0.2.1:5000 ends: Timeout
//   32.040s mapping udp 10.0.0.3:5000 = 192.0.2.1:5002 ends: Timeout
//
// The program ends with 0 only if it saw all of this. --capture=PREFIX writes PREFIX-box.pcap.

#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/ipsec-cloud-helper.h"
#include "ns3/ipsec-conversions.h"
#include "ns3/nat-helper.h"
#include "ns3/network-module.h"

#include <iomanip>
#include <iostream>
#include <string>

using namespace ns3;
using namespace ns3::ipsec;

namespace
{
constexpr uint16_t ASKED_PORT = 7;
constexpr uint16_t ASKING_PORT = 5000;

int g_steps = 0;

void
Say(const std::string& what)
{
    ++g_steps;
    std::cout << std::fixed << std::setprecision(3) << Simulator::Now().GetSeconds() << "s " << what
              << std::endl;
}

void
MappingBegins(const NatMapping& mapping)
{
    Say("mapping " + mapping.ToString());
}

void
MappingEnds(const NatMapping& mapping, NatEnd reason)
{
    Say("mapping " + mapping.ToString() + " ends: " + NatEndName(reason));
}

void
ServerIsAsked(Ptr<Socket> socket)
{
    Address from;
    while (const Ptr<Packet> question = socket->RecvFrom(from))
    {
        Say("server is asked by " + ToCore(InetSocketAddress::ConvertFrom(from)).ToString());
        socket->SendTo(question, 0, from);
    }
}

void
ComputerIsAnswered(Ptr<Socket> socket)
{
    socket->Recv();
    Say(Names::FindName(socket->GetNode()) + " is answered");
}

Ptr<Socket>
OpenSocket(Ptr<Node> node, uint16_t port)
{
    Ptr<Socket> socket = Socket::CreateSocket(node, UdpSocketFactory::GetTypeId());
    socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), port));
    return socket;
}

void
Ask(Ptr<Socket> socket)
{
    socket->SendTo(Create<Packet>(100), 0, InetSocketAddress("198.51.100.1", ASKED_PORT));
}

} // namespace

int
main(int argc, char* argv[])
{
    std::string capture;
    CommandLine cmd(__FILE__);
    cmd.AddValue("capture", "Prefix of a capture of what crosses the internet", capture);
    cmd.Parse(argc, argv);
    GlobalValue::Bind("ChecksumEnabled", BooleanValue(true));

    // Nodes, the LAN, and the internet.
    NodeContainer nodes(4);
    InternetStackHelper().Install(nodes);
    const Ptr<Node> box = nodes.Get(0), server = nodes.Get(3);
    Names::Add("alice", nodes.Get(1));
    Names::Add("bob", nodes.Get(2));
    IpsecCloudHelper lan;
    lan.AttachRouter(box, "10.0.0.1", "255.255.255.0");
    lan.Attach(nodes.Get(1), "10.0.0.2", "255.255.255.0");
    lan.Attach(nodes.Get(2), "10.0.0.3", "255.255.255.0");
    IpsecCloudHelper internet;
    internet.SetChannelAttribute("Delay", TimeValue(MilliSeconds(20)));
    Ptr<NetDevice> outside = internet.Attach(box, "192.0.2.1", "255.255.255.0");
    internet.Attach(server, "198.51.100.1", "255.255.255.0");
    if (!capture.empty())
    {
        internet.EnablePcap(capture + "-box.pcap", outside, true, true);
    }

    NatHelper nat;
    nat.SetAttribute("UdpTimeout", TimeValue(Seconds(30)));
    Ptr<NatBox> natBox = nat.Install(box, outside);
    natBox->TraceConnectWithoutContext("MappingCreated", MakeCallback(&MappingBegins));
    natBox->TraceConnectWithoutContext("MappingExpired", MakeCallback(&MappingEnds));

    OpenSocket(server, ASKED_PORT)->SetRecvCallback(MakeCallback(&ServerIsAsked));
    for (uint32_t i = 1; i <= 2; ++i)
    {
        Ptr<Socket> socket = OpenSocket(nodes.Get(i), ASKING_PORT);
        socket->SetRecvCallback(MakeCallback(&ComputerIsAnswered));
        Simulator::Schedule(Seconds(i), &Ask, socket);
    }
    Simulator::Stop(Seconds(60));
    Simulator::Run();
    Simulator::Destroy();
    return g_steps == 8 ? 0 : 1;
}
