// SPDX-License-Identifier: GPL-2.0-only

// The smallest NAT: two computers at home, one address, and a server on the internet.
//
//   +-------+ 10.0.0.2
//   | alice |------+         10.0.0.1     192.0.2.1          198.51.100.1
//   +-------+      | Ethernet  +-----+   internet      +--------+
//                  |-----------| box |=================| server |
//   +-------+      |           +-----+  20 ms, cloud   +--------+
//   |  bob  |------+
//   +-------+ 10.0.0.3
//
// Both ask the server from the same port, and the server sees two ports of one address. Each gets
// its own answer. Later, when the mappings are over, the server cannot
// reach them.
//
// Expected output:
//
//   1.005s mapping udp 10.0.0.2:5000 = 192.0.2.1:5000
//   1.025s server is asked by 192.0.2.1:5000
//   1.053s alice is answered
//   2.008s mapping udp 10.0.0.3:5000 = 192.0.2.1:5002
//   2.028s server is asked by 192.0.2.1:5002
//   2.054s bob is answered
//   31.045s mapping udp 10.0.0.2:5000 = 192.0.2.1:5000 ends: Timeout
//   32.048s mapping udp 10.0.0.3:5000 = 192.0.2.1:5002 ends: Timeout
//   60.020s box drops a packet: NoMapping
//
// (The first milliseconds of each are ARP's on the Ethernet.)
//
// The program ends with 0 only if it saw all of this. With --capture=PREFIX it writes what crosses
// the internet into PREFIX-box.pcap, checksums included.

#include "ns3/core-module.h"
#include "ns3/csma-module.h"
#include "ns3/internet-module.h"
#include "ns3/ipsec-cloud-helper.h"
#include "ns3/nat-helper.h"
#include "ns3/network-module.h"

#include <iomanip>
#include <iostream>
#include <sstream>
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
PacketIsDropped(Ptr<const Packet>, NatFault fault)
{
    Say(std::string("box drops a packet: ") + NatFaultName(fault));
}

/// The server answers everybody.
void
ServerIsAsked(Ptr<Socket> socket)
{
    Address from;
    while (const Ptr<Packet> question = socket->RecvFrom(from))
    {
        const InetSocketAddress sender = InetSocketAddress::ConvertFrom(from);
        std::ostringstream text;
        text << "server is asked by " << sender.GetIpv4() << ":" << sender.GetPort();
        Say(text.str());
        socket->SendTo(question, 0, from);
    }
}

void
ComputerIsAnswered(Ptr<Socket> socket)
{
    while (socket->Recv())
    {
        Say(Names::FindName(socket->GetNode()) + " is answered");
    }
}

Ptr<Socket>
OpenSocket(Ptr<Node> node, uint16_t port)
{
    Ptr<Socket> socket = Socket::CreateSocket(node, UdpSocketFactory::GetTypeId());
    socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), port));
    return socket;
}

void
SendTo(Ptr<Socket> socket, InetSocketAddress to)
{
    socket->SendTo(Create<Packet>(100), 0, to);
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

    // Nodes, and the Ethernet at home.
    NodeContainer box(1);
    NodeContainer computers(2);
    NodeContainer server(1);
    Names::Add("alice", computers.Get(0));
    Names::Add("bob", computers.Get(1));
    InternetStackHelper stack;
    stack.Install(NodeContainer(box, computers, server));
    CsmaHelper ethernet;
    Ipv4AddressHelper addresses("10.0.0.0", "255.255.255.0");
    addresses.Assign(ethernet.Install(NodeContainer(box, computers)));
    Ipv4StaticRoutingHelper routing;
    for (uint32_t i = 0; i < computers.GetN(); ++i)
    {
        routing.GetStaticRouting(computers.Get(i)->GetObject<Ipv4>())
            ->SetDefaultRoute("10.0.0.1", 1);
    }

    // The internet.
    IpsecCloudHelper internet;
    internet.SetChannelAttribute("Delay", TimeValue(MilliSeconds(20)));
    Ptr<NetDevice> outside = internet.Attach(box.Get(0), "192.0.2.1", "255.255.255.0");
    internet.Attach(server.Get(0), "198.51.100.1", "255.255.255.0");
    if (!capture.empty())
    {
        internet.EnablePcap(capture + "-box.pcap", outside, true, true);
    }

    // The NAT.
    NatHelper nat;
    nat.SetAttribute("UdpTimeout", TimeValue(Seconds(30)));
    Ptr<NatBox> natBox = nat.Install(box.Get(0), outside);
    natBox->TraceConnectWithoutContext("MappingCreated", MakeCallback(&MappingBegins));
    natBox->TraceConnectWithoutContext("MappingExpired", MakeCallback(&MappingEnds));
    natBox->TraceConnectWithoutContext("Drop", MakeCallback(&PacketIsDropped));

    // Two questions, and a packet that comes too late.
    Ptr<Socket> listening = OpenSocket(server.Get(0), ASKED_PORT);
    listening->SetRecvCallback(MakeCallback(&ServerIsAsked));
    for (uint32_t i = 0; i < computers.GetN(); ++i)
    {
        Ptr<Socket> socket = OpenSocket(computers.Get(i), ASKING_PORT);
        socket->SetRecvCallback(MakeCallback(&ComputerIsAnswered));
        Simulator::Schedule(
            Seconds(1.0 + i), &SendTo, socket, InetSocketAddress("198.51.100.1", ASKED_PORT));
    }
    Simulator::Schedule(
        Seconds(60.0), &SendTo, listening, InetSocketAddress("192.0.2.1", ASKING_PORT));

    Simulator::Stop(Seconds(70.0));
    Simulator::Run();
    const bool isSeen = g_steps == 9 && natBox->TranslatedPackets() == 4;
    Simulator::Destroy();
    return isSeen ? 0 : 1;
}
